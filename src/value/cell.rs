//! A number of a fact, known or not: eight bytes, in memory as in the store.
//!
//! Knows no unit: what is counted is said by the column.

/// One cell; unknown is not zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Cell(i64);

impl Cell {
    /// The one number that no column may hold.
    pub const UNKNOWN: Self = Self(i64::MIN);

    pub fn new(value: Option<i64>) -> Self {
        value.map_or(Self::UNKNOWN, Self)
    }

    pub fn get(self) -> Option<i64> {
        (self != Self::UNKNOWN).then_some(self.0)
    }

    /// The number in a column that is never unknown.
    pub fn known(self) -> i64 {
        self.0
    }
}

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Self(value)
    }
}
