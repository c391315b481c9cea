//! Rows of integers: what facts are made of.

use tokio::sync::mpsc::Receiver;

use super::Error;

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

/// Rows of equal width.
#[derive(Debug, Default)]
pub struct IntegerRows {
    /// Newest release in the snapshot in which the rows were read.
    pub newest_release: i64,
    columns: usize,
    cells: Vec<Cell>,
}

impl IntegerRows {
    pub(super) fn new(columns: usize) -> Self {
        Self { newest_release: 0, columns, cells: Vec::new() }
    }

    pub(super) fn push(&mut self, cell: Cell) {
        self.cells.push(cell);
    }

    pub fn len(&self) -> usize {
        self.cells.len() / self.columns.max(1)
    }

    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &[Cell]> + ExactSizeIterator {
        self.cells.chunks_exact(self.columns.max(1))
    }

    pub fn last(&self) -> Option<&[Cell]> {
        self.iter().next_back()
    }
}

/// Rows in batches, from a thread or task that reads ahead.
pub struct Scan {
    pub(super) batches: Receiver<Result<IntegerRows, Error>>,
}

/// Rows that a scan hands over at once.
pub(super) const SCAN_BATCH: usize = 4096;

impl Iterator for Scan {
    type Item = Result<IntegerRows, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.batches.blocking_recv()
    }
}
