//! Trade statistics into the store: one file a source format, and the way they all go.
//!
//! A format reads its files once and hands rows to a [`Sink`]. The rest is the same for all: sort (`sort`), compare with
//! what the store has (`diff`), write what changed (`write`), all in one release.

pub mod baci;
pub mod comtrade;
pub mod diff;
pub mod imts;
pub mod run;
pub mod scope;
pub mod sort;
pub mod tidy;
pub mod write;

use std::path::PathBuf;

use crate::import::{Error, Format, Input, Options, Progress, Reject, Report};
use crate::reference::{Area, Classification, Codes, CommodityCode, codes};
use crate::register::DatasetSpec;
use crate::store::Store;
use crate::value::number::{self, Excess, Problem};
use crate::value::{Cell, Period};
use scope::Scope;
use sort::{Origin, Sorter, Sourced};

use super::model::{Flow, FlowRow};

/// Where rows come from: how the files of one format are read.
pub trait Source: Send + Sync {
    /// What the dataset is, before the person who imports changes name or licence.
    fn dataset(&self) -> DatasetSpec;

    /// How the scope of a release follows from its rows.
    fn scope_rule(&self) -> scope::Rule {
        scope::Rule::Report
    }

    /// Puts the files in the order in which they must be read.
    fn arrange(&self, _files: &mut Vec<PathBuf>) {}

    /// Reads one file.
    fn read(&self, input: &mut Input, sink: &mut Sink<'_>) -> Result<(), Error>;
}

/// A format of trade flows.
pub struct Flows {
    pub name: &'static str,
    pub about: &'static str,
    /// The way to read these files, which may depend on their names.
    pub source: fn(&[PathBuf]) -> Box<dyn Source>,
}

pub const FORMATS: &[&dyn Format] = &[&comtrade::FORMAT, &baci::FORMAT, &imts::FORMAT];

impl Format for Flows {
    fn name(&self) -> &'static str {
        self.name
    }

    fn about(&self) -> &'static str {
        self.about
    }

    fn import(&self, store: &Store, options: &Options, progress: &mut Progress) -> Result<Vec<Report>, Error> {
        let source = (self.source)(&options.files);
        run::import(store, source.as_ref(), options, progress).map(|report| vec![report])
    }
}

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
const ROWS_BETWEEN_REPORTS: u64 = 65_536;

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

pub(super) fn check_rejects(report: &Report, max_rejects: u64) -> Result<(), Error> {
    if report.rows_rejected <= max_rejects {
        return Ok(());
    }
    Err(Error::Rejects {
        rejected: report.rows_rejected,
        tolerated: max_rejects,
        examples: report.rejects.iter().take(20).cloned().collect(),
    })
}

/// Why a row was refused.
#[derive(Debug)]
pub struct Refusal {
    pub field: &'static str,
    pub value: String,
    pub reason: String,
}

impl Refusal {
    pub fn new(field: &'static str, value: &[u8], reason: impl Into<String>) -> Self {
        Self { field, value: String::from_utf8_lossy(value).into_owned(), reason: reason.into() }
    }
}

/// One bit a code, so that checking a row costs a memory access.
struct KnownCodes {
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

/// Reads an amount at a scale; empty is unknown.
pub fn amount(field: &'static str, text: &[u8], scale: i32) -> Result<Cell, Refusal> {
    let parsed = number::parse(text, scale, Excess::Refuse);
    match parsed {
        Ok(number) => Ok(Cell::new(number.map(|scaled| scaled.value))),
        Err(problem) => Err(refused_amount(field, text, scale, problem)),
    }
}

fn refused_amount(field: &'static str, text: &[u8], scale: i32, problem: Problem) -> Refusal {
    let reason = match problem {
        Problem::TooPrecise => format!("{problem} ({scale})"),
        Problem::Negative => format!("{problem}; amounts are zero or more"),
        _ => problem.to_string(),
    };
    Refusal::new(field, text, reason)
}

/// Reads one of Comtrade's area numbers.
pub fn area(field: &'static str, text: &[u8]) -> Result<Area, Refusal> {
    let number = integer(field, text)?;
    u16::try_from(number)
        .ok()
        .and_then(Area::from_comtrade)
        .ok_or_else(|| Refusal::new(field, text, "is not a known area number of UN Comtrade"))
}

/// Reads `2021`, `202103`.
pub fn period(field: &'static str, text: &[u8]) -> Result<Period, Refusal> {
    std::str::from_utf8(text)
        .ok()
        .and_then(Period::parse)
        .ok_or_else(|| Refusal::new(field, text, "is not a period; a year (2021) or a month (202103) would be right"))
}

pub fn flow(field: &'static str, text: &[u8]) -> Result<Flow, Refusal> {
    std::str::from_utf8(text)
        .ok()
        .and_then(Flow::parse)
        .ok_or_else(|| Refusal::new(field, text, "is not a flow code (M, X, RM, RX, DX, FM, MIP, MOP, XIP, XOP)"))
}

/// Reads a unit of quantity; 0 when there is none (-1 of today's list, 1 of the older one, or empty).
pub fn unit(field: &'static str, text: &[u8]) -> Result<u8, Refusal> {
    if matches!(text, b"" | b"-1" | b"1" | b"0") {
        return Ok(0);
    }
    let number = integer(field, text)?;
    u8::try_from(number)
        .ok()
        .filter(|number| codes::is_unit(*number))
        .ok_or_else(|| Refusal::new(field, text, "is not a unit of quantity"))
}

/// Reads `true`, `false`, `1`, `0`; empty is unknown.
pub fn boolean(field: &'static str, text: &[u8]) -> Result<Option<bool>, Refusal> {
    match text {
        b"" => Ok(None),
        b"true" | b"True" | b"TRUE" | b"1" => Ok(Some(true)),
        b"false" | b"False" | b"FALSE" | b"0" => Ok(Some(false)),
        _ => Err(Refusal::new(field, text, "is neither true nor false")),
    }
}

/// Reads a whole number that may end in `.0`.
pub fn integer(field: &'static str, text: &[u8]) -> Result<i64, Refusal> {
    match number::parse(text, 0, Excess::Refuse) {
        Ok(Some(number)) => Ok(number.value),
        _ => Err(Refusal::new(field, text, "is not a whole number")),
    }
}

/// A quantity and its unit, together or not at all: a quantity without unit means nothing, and Comtrade fills the field
/// with zero where there is none.
pub fn quantity(unit: u8, amount: Cell) -> (u8, Cell) {
    if unit == 0 || amount == Cell::UNKNOWN { (0, Cell::UNKNOWN) } else { (unit, amount) }
}
