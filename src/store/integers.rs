//! Rows of integers: what facts are made of.

use tokio::sync::mpsc::Receiver;

use super::Error;
use crate::value::Cell;

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

    /// Rows that were made elsewhere than in the store.
    pub fn of(columns: usize, cells: Vec<Cell>) -> Self {
        Self { newest_release: 0, columns, cells }
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

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &[Cell]> + ExactSizeIterator + Clone {
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
