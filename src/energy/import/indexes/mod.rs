//! Price indexes, in the layouts that people have them in: series of the EIA, the World Bank's Pink Sheet, and a layout
//! of our own for any other. The header says which layout a file is in.
//!
//! Owns what the layouts share: periods, absent values, and that an index has one unit, one frequency and one value a
//! period. Never converts a value: it stays the decimal of the file.

mod eia;
mod gather;
mod own;
mod pink_sheet;

use std::path::PathBuf;

use csv::ByteRecord;
use jiff::civil::Date;

use crate::energy::import::write::{Records, refuse_empty, write_indexes};
use crate::energy::price::index::{Observation, Series};
use crate::import::own_table::Refusal;
use crate::import::{Error, Input, Progress, Reject, Report, TableReader};
use crate::register::DatasetKind;
use crate::value::Month;
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

/// How sources write that they have no value.
const ABSENT: [&str; 4] = ["", "..", "…", "NA"];
/// Counted under this name.
const VALUES_ABSENT: &str = "values that are absent";

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

/// The month or the day of an observation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Period {
    Month(Month),
    Day(Date),
}

/// Years in which there may be prices: crude oil has been quoted since 1860.
const YEARS: std::ops::RangeInclusive<i16> = 1850..=2200;

/// Reads `2022-02` or `2022-02-25`.
fn period(column: &'static str, text: &str) -> Result<Period, Refusal> {
    let month = text.parse::<Month>().ok().filter(|month| YEARS.contains(&month.year())).map(Period::Month);
    let is_day = text.len() == "2022-02-25".len();
    let day = || text.parse::<Date>().ok().filter(|day| is_day && YEARS.contains(&day.year())).map(Period::Day);
    month
        .or_else(day)
        .ok_or_else(|| Refusal::new(column, text, "is no month or day; 2022-02 or 2022-02-25 would be right"))
}

fn is_absent(text: &str) -> bool {
    ABSENT.contains(&text)
}

/// A field without the white space around it. The table has refused what is not UTF-8.
fn field(record: &ByteRecord, place: usize) -> &str {
    std::str::from_utf8(record.get(place).unwrap_or_default()).unwrap_or_default().trim()
}

/// Reads a table with the columns, and takes each row that `take` does not refuse.
fn rows<const N: usize>(
    input: &mut Input,
    columns: [&'static str; N],
    report: &mut Report,
    mut take: impl FnMut([&str; N], u64, &mut Report) -> Result<(), Refusal>,
) -> Result<(), Error> {
    let file = input.name();
    let mut table = TableReader::open(input, b',', &columns)?;
    let mut places = [0; N];
    for (place, name) in places.iter_mut().zip(columns) {
        *place = table.column(name)?;
    }
    let mut record = ByteRecord::new();
    while let Some(line) = table.read(&mut record)? {
        report.rows_read += 1;
        let taken = take(places.map(|place| field(&record, place)), line, report);
        if let Err(refusal) = taken {
            report.reject(reject(&file, line, refusal));
        }
    }
    Ok(())
}

fn reject(file: &str, line: u64, refusal: Refusal) -> Reject {
    let Refusal { field, value, reason } = refusal;
    Reject { file: file.to_owned(), line, field: field.to_owned(), value: truncated(&value, 80), reason }
}

#[cfg(test)]
mod tests;
