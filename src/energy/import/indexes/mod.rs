//! Price indexes, in the layouts that people have them in: series of the EIA, the World Bank's Pink Sheet, and a layout
//! of our own for any other. The header says which layout a file is in.
//!
//! Owns what the layouts share: periods, absent values, and that an index has one unit, one frequency and one value a
//! period. Never converts a value: it stays the decimal of the file.

mod eia;
mod gather;
mod own;
mod pink_sheet;
mod rows;

use std::path::PathBuf;

use crate::energy::import::write::{Records, refuse_empty, write_indexes};
use crate::energy::price::index::{Observation, Series};
use crate::import::{Error, Input, Progress, Report};
use crate::register::DatasetKind;
use crate::value::text::truncated;
use gather::Gather;

pub const FORMAT: Records = Records {
    name: "indexes",
    about: "Price indexes: EIA monthly and daily, World Bank Pink Sheet, or CSV of our own.",
    kind: DatasetKind::PriceIndexes,
    dataset: "price-indexes",
    title: "Price indexes",
    publisher: "as its files say",
    license: "as its sources say",
    scope: "each index in the files, from its first to its last day",
    write: |job, progress| {
        let indexes = read(&job.options.files, progress, job.report)?;
        refuse_empty(&indexes, job.report)?;
        write_indexes(job, &indexes)
    },
};

/// What a file is, told by a column that no other layout has.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Layout {
    Own,
    PinkSheet,
    /// With the name of the column of the period.
    Eia(&'static str),
}

const LAYOUTS: [(&str, Layout); 4] = [
    ("index", Layout::Own),
    ("series", Layout::PinkSheet),
    ("Date", Layout::Eia("Date")),
    ("Month", Layout::Eia("Month")),
];

/// Reads files of any of the layouts into series, by identifier and day. Two files may go on with one index; they may
/// not have the same period.
pub fn read(
    files: &[PathBuf],
    progress: &Progress,
    report: &mut Report,
) -> Result<Vec<(Series, Vec<Observation>)>, Error> {
    if files.is_empty() {
        return Err(Error::Refused("no file was named".into()));
    }
    let mut gather = Gather::default();
    for path in files {
        let mut input = Input::open(path, progress)?;
        match layout(&mut input)? {
            Layout::Own => own::read(&mut input, &mut gather, report)?,
            Layout::PinkSheet => pink_sheet::read(&mut input, &mut gather, report)?,
            Layout::Eia(column) => eia::read(&mut input, column, &mut gather, report)?,
        }
        report.files.push(input.finish()?);
    }
    Ok(gather.finish())
}

fn layout(input: &mut Input) -> Result<Layout, Error> {
    let file = input.name();
    let head = input.peek()?;
    let end = head.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(head.len());
    let first_line = String::from_utf8_lossy(&head[..end]).into_owned();
    // Also a header with another delimiter, which the table then refuses by its name.
    let names: Vec<&str> = first_line.split([',', ';', '\t', '|']).map(|name| name.trim().trim_matches('"')).collect();
    let found = LAYOUTS.iter().find(|(column, _)| names.contains(column)).map(|(_, layout)| *layout);
    found.ok_or_else(|| Error::Format {
        file,
        problem: "line 1 is the header of no layout of price indexes that is known".into(),
        remedy: format!(
            "expected {}, or {} (Pink Sheet), or Date, Price (EIA); found {}",
            own::COLUMNS.join(", "),
            pink_sheet::COLUMNS.join(", "),
            truncated(&first_line, 200)
        ),
    })
}

#[cfg(test)]
mod tests;
