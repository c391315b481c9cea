//! Where a format puts its rows.

use super::scope::Scope;
use super::sort::{Origin, Sorter, Sourced};
use crate::import::{Error, Progress, Refusal, Reject, Report};
use crate::reference::{Classification, Codes, CommodityCode};
use crate::trade::model::FlowRow;

/// Where a format puts its rows.
pub struct Sink<'a> {
    known: KnownCodes,
    sorter: Sorter,
    pub scope: Scope,
    pub report: Report,
    progress: &'a mut Progress,
    max_rejects: u64,
    file: (u16, String),
}

/// How many rows pass between two looks at the progress.
pub const ROWS_BETWEEN_REPORTS: u64 = 65_536;

impl<'a> Sink<'a> {
    pub fn new(
        codes: &Codes,
        sorter: Sorter,
        scope: Scope,
        report: Report,
        progress: &'a mut Progress,
        max_rejects: u64,
    ) -> Self {
        let known = KnownCodes::new(codes);
        Self { known, sorter, scope, report, progress, max_rejects, file: (0, String::new()) }
    }

    pub fn progress(&self) -> &Progress {
        self.progress
    }

    pub fn begin_file(&mut self, index: usize, name: String) {
        self.file = (index as u16, name);
    }

    /// Counts a row of the file, whatever becomes of it.
    pub fn read(&mut self) {
        self.report.rows_read += 1;
        if self.report.rows_read.is_multiple_of(ROWS_BETWEEN_REPORTS) {
            self.progress.rows(self.report.rows_read, None);
        }
    }

    pub fn accept(&mut self, row: FlowRow, line: u64) -> Result<(), Error> {
        self.scope.cover(row.key);
        let origin = Origin { file: self.file.0, line: u32::try_from(line).unwrap_or(u32::MAX) };
        self.sorter.push(Sourced { row, origin })
    }

    /// Takes a code as known that the loaded lists may not have.
    pub fn allow(&mut self, code: CommodityCode) {
        self.known.add(code);
    }

    /// Whether the code's classification is loaded and does not have it.
    pub fn refuses(&self, code: CommodityCode) -> bool {
        self.known.is_loaded(code.classification()) && !self.known.has(code)
    }

    pub fn skip(&mut self, reason: &'static str) {
        self.report.skip(reason);
    }

    /// Counts a refused row; errs when there are more than are tolerated by far, so that a wrong file ends soon.
    pub fn reject(&mut self, line: u64, refusal: Refusal) -> Result<(), Error> {
        let Refusal { field, value, reason } = refusal;
        let value = crate::value::text::truncated(&value, 60);
        self.report.reject(Reject { file: self.file.1.clone(), line, field: field.to_owned(), value, reason });
        if self.report.rows_rejected > self.max_rejects.saturating_add(1000) {
            return self.check_rejects();
        }
        Ok(())
    }

    /// Errs when more rows were refused than are tolerated.
    pub fn check_rejects(&self) -> Result<(), Error> {
        check_rejects(&self.report, self.max_rejects)
    }

    pub fn finish(self) -> (Sorter, Scope, Report) {
        (self.sorter, self.scope, self.report)
    }

    /// Reads a commodity code that must be in the loaded list of its classification.
    pub fn commodity(&self, classification: Classification, code: &[u8]) -> Result<CommodityCode, Refusal> {
        let refuse = |reason: String| Refusal::new("commodity", code, reason);
        let Some(parsed) = CommodityCode::parse(classification, code) else {
            return Err(refuse("is not a commodity code (up to six digits)".into()));
        };
        if self.known.has(parsed) {
            return Ok(parsed);
        }
        let name = classification.name();
        if self.known.is_loaded(classification) {
            return Err(refuse(format!("is not a code of {name}")));
        }
        Err(refuse(format!(
            "cannot be checked: {name} is not loaded; run `entrepot import classification` on its list"
        )))
    }
}

pub fn check_rejects(report: &Report, max_rejects: u64) -> Result<(), Error> {
    if report.rows_rejected <= max_rejects {
        return Ok(());
    }
    Err(Error::Rejects {
        rejected: report.rows_rejected,
        tolerated: max_rejects,
        examples: report.rejects.iter().take(20).cloned().collect(),
    })
}

/// One bit a code, so that checking a row costs a memory access.
pub struct KnownCodes {
    bits: Vec<u64>,
    loaded: u64,
}

impl KnownCodes {
    fn new(codes: &Codes) -> Self {
        let last = codes.numbers().last().copied().unwrap_or(0).max(0) as usize;
        let mut bits = vec![0_u64; last / 64 + 1];
        let mut loaded = 0;
        for number in codes.numbers() {
            let number = *number as usize;
            bits[number / 64] |= 1 << (number % 64);
        }
        for classification in Classification::all() {
            if codes.is_loaded(classification) {
                loaded |= 1 << classification.number();
            }
        }
        Self { bits, loaded }
    }

    fn has(&self, code: CommodityCode) -> bool {
        let number = code.number() as usize;
        let is_total = code.level() == 0;
        is_total || self.bits.get(number / 64).is_some_and(|word| word & (1 << (number % 64)) != 0)
    }

    fn add(&mut self, code: CommodityCode) {
        let number = code.number() as usize;
        if self.bits.len() <= number / 64 {
            self.bits.resize(number / 64 + 1, 0);
        }
        self.bits[number / 64] |= 1 << (number % 64);
    }

    fn is_loaded(&self, classification: Classification) -> bool {
        self.loaded & (1 << classification.number()) != 0
    }
}
