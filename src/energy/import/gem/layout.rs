//! Layouts of tables: which columns each has, under which names.

use super::row::{Notices, Refusal, Row};
use crate::energy::route::Route;

/// A column and its names. Case of letters, blanks and signs do not matter.
pub struct Column {
    /// As the files that we hold call it, and as our code does.
    pub name: &'static str,
    /// As other releases call it; the first that a header has is taken.
    pub also: &'static [&'static str],
    /// Without it the table would be read wrongly or not at all.
    pub needed: bool,
}

pub const fn needed(name: &'static str, also: &'static [&'static str]) -> Column {
    Column { name, also, needed: true }
}

pub const fn optional(name: &'static str, also: &'static [&'static str]) -> Column {
    Column { name, also, needed: false }
}

/// Where identifiers of rows come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Identifiers {
    /// The table has them.
    Given,
    /// The table has none: they are made of the names, and rows of the same names are counted.
    Made,
}

/// A kind of table. `route` makes a route of a row, or nothing where the row is of something else on purpose.
pub struct Layout {
    /// `gas pipelines`, in errors.
    pub title: &'static str,
    pub columns: &'static [Column],
    pub identifiers: Identifiers,
    /// Column of the identifier, or of the name that it is made of.
    pub id_column: &'static str,
    pub route: fn(&Row<'_>, &mut Notices) -> Result<Option<Route>, Refusal>,
}
