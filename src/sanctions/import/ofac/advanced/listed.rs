//! A party until its entries are read, and what they say of it.

use crate::sanctions::import::ofac::list::{OfacList, label};
use crate::sanctions::subject::identifier::checked;
use crate::sanctions::subject::model::{IdentifierKind, Subject};
use crate::value::Span;

/// A party whose entries are still to come.
pub struct Party {
    /// Absent when an entry or relationship of it was refused.
    pub subject: Option<Subject>,
    pub line: u64,
    pub listed: Listed,
}

/// What the entries say of a party beyond its programmes and measures.
#[derive(Default)]
pub struct Listed {
    pub on_sdn: bool,
    pub on_other: bool,
    /// Earliest day on a list of the file's own kind, and on one of the other kind.
    pub own: Option<Span>,
    pub foreign: Option<Span>,
}

impl Listed {
    pub fn is_on(&self, list: OfacList) -> bool {
        match list {
            OfacList::Sdn => self.on_sdn,
            OfacList::Consolidated => self.on_other,
        }
    }

    /// The entry number, once for each kind of list that the party is on; the file's own first.
    pub fn number(&self, list: OfacList, subject: &mut Subject) {
        let other = match list {
            OfacList::Sdn => OfacList::Consolidated,
            OfacList::Consolidated => OfacList::Sdn,
        };
        for list in [other, list].into_iter().filter(|list| self.is_on(*list)) {
            let mut uid = checked(IdentifierKind::OfacUid, &subject.uid);
            uid.label = label(list).to_owned();
            subject.identifiers.insert(0, uid);
        }
    }
}
