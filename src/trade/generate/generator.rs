//! What the rows of one set of parameters are made from, and their way out.

use std::io::{self, Write};

use super::parameters::{Layout, Parameters};
use super::popularity::{Popularity, Release};

/// Rows are handed on in pieces of about this size.
pub const PIECE: usize = 1 << 16;

/// Makes the rows of one set of parameters.
pub struct Generator {
    pub(super) parameters: Parameters,
    pub(super) salt: u64,
    pub(super) exporter_ranks: Vec<u64>,
    pub(super) importer_ranks: Vec<u64>,
    pub(super) popularity: Popularity,
    /// Price of each code's kilogram in US dollars, as a logarithm of base 2 in 65536ths.
    pub(super) prices: Vec<i64>,
    pub(super) release: Option<Release>,
    /// Each product's part of a Comtrade line; empty for BACI.
    pub(super) product_parts: Vec<String>,
}

/// One report: a year of BACI, or a year of one side of Comtrade.
#[derive(Clone, Copy)]
pub struct Sheet {
    /// What is peculiar to the year.
    pub(super) year_salt: u64,
    /// What is peculiar to the year and side.
    pub(super) salt: u64,
    pub(super) rows: u64,
}

/// Lines on their way out, in pieces that are worth a call.
pub struct Lines<'a> {
    pub(super) buffer: Vec<u8>,
    pub(super) out: &'a mut dyn Write,
    pub(super) rows: u64,
}

impl Lines<'_> {
    pub fn begin(&mut self) -> io::Result<&mut Vec<u8>> {
        if self.buffer.len() >= PIECE {
            self.hand_on()?;
        }
        self.rows += 1;
        Ok(&mut self.buffer)
    }

    pub fn hand_on(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}

pub fn sheets_a_year(layout: Layout) -> u64 {
    match layout {
        Layout::Baci => 1,
        Layout::Comtrade => 2,
    }
}
