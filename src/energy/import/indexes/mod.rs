//! Price indexes, in the layouts that people have them in: series of the EIA (files that are passed on, its pages, its
//! API), the World Bank's Pink Sheet (long table and workbook), FRED, and a layout of our own for any other. The
//! beginning of a file says which layout it is in.
//!
//! Owns what the layouts share: periods, absent values, and that an index has one unit, one frequency and one value a
//! period. Never converts a value: it stays the decimal of the file.

mod cmo;
mod eia;
mod eia_api;
mod eia_page;
mod fred;
mod gather;
mod own;
mod pink_sheet;
mod rows;

use std::path::PathBuf;

use crate::energy::import::unread;
use crate::energy::import::write::{Records, refuse_empty, write_indexes};
use crate::energy::price::Frequency;
use crate::energy::price::index::{Observation, Series};
use crate::import::xlsx::{self, FirstBytes};
use crate::import::{Error, Input, Progress, Report};
use crate::register::DatasetKind;
use crate::value::text::truncated;
use gather::Gather;

pub const FORMAT: Records = Records {
    name: "indexes",
    about: "Price indexes: EIA (files, pages, API), World Bank Pink Sheet (CSV, xlsx), FRED, or CSV of our own.",
    kind: DatasetKind::PriceIndexes,
    dataset: "price-indexes",
    title: "Price indexes",
    publisher: "as its files say",
    license: "as its sources say",
    scope: "each index in the files, from its first to its last day",
    write: |job, progress| {
        let asked = asked(job.options.frequency.as_deref())?;
        if let Some(asked) = asked {
            // The same files under another frequency are another release.
            job.report.scope = format!("{}; all {}", job.report.scope, asked.text());
        }
        let indexes = read(&job.options.files, asked, progress, job.report)?;
        refuse_empty(&indexes, job.report)?;
        write_indexes(job, &indexes)
    },
};

/// Reads `--frequency`.
fn asked(text: Option<&str>) -> Result<Option<Frequency>, Error> {
    let read = |text: &str| {
        Frequency::read(text).ok_or_else(|| {
            let problem = "is none; expected daily, weekly, monthly, quarterly or yearly";
            Error::Refused(format!("--frequency {text}: {problem}"))
        })
    };
    text.map(read).transpose()
}

/// What a file is.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Layout {
    Own,
    PinkSheet,
    /// With the name of the column of the period.
    Eia(&'static str),
    /// With the lines before its header, and how often it says that its series is published.
    EiaPage(usize, Option<Frequency>),
    EiaApi,
    Fred,
}

/// Layouts that are told by a column that no other has.
const BY_COLUMN: [(&str, Layout); 8] = [
    ("index", Layout::Own),
    ("series", Layout::PinkSheet),
    ("Date", Layout::Eia("Date")),
    ("Day", Layout::Eia("Day")),
    ("Week", Layout::Eia("Week")),
    ("Month", Layout::Eia("Month")),
    ("Quarter", Layout::Eia("Quarter")),
    ("Year", Layout::Eia("Year")),
];

/// Reads files of any of the layouts into series, by identifier and day. Two files may go on with one index; they may
/// not have the same period. `asked`: how often all of the indexes are published, by whoever imports them.
pub fn read(
    files: &[PathBuf],
    asked: Option<Frequency>,
    progress: &Progress,
    report: &mut Report,
) -> Result<Vec<(Series, Vec<Observation>)>, Error> {
    if files.is_empty() {
        return Err(Error::Refused("no file was named".into()));
    }
    let mut gather = Gather::new(asked);
    for path in files {
        if xlsx::first_bytes(path)? == FirstBytes::Archive {
            cmo::read(path, &mut gather, report)?;
            continue;
        }
        let mut input = Input::open(path, progress)?;
        match layout(&mut input)? {
            Layout::Own => own::read(&mut input, &mut gather, report)?,
            Layout::PinkSheet => pink_sheet::read(&mut input, &mut gather, report)?,
            Layout::Eia(column) => eia::read(&mut input, column, &mut gather, report)?,
            Layout::EiaPage(preamble, said) => eia_page::read(&mut input, (preamble, said), &mut gather, report)?,
            Layout::EiaApi => eia_api::read(&mut input, &mut gather, report)?,
            Layout::Fred => fred::read(&mut input, &mut gather, report)?,
        }
        report.files.push(input.finish()?);
    }
    gather.finish()
}

fn layout(input: &mut Input) -> Result<Layout, Error> {
    unread::refuse(input)?;
    let file = input.name();
    let head = String::from_utf8_lossy(input.peek()?).into_owned();
    if head.trim_start().starts_with('{') {
        return Ok(Layout::EiaApi);
    }
    if let Some((preamble, said)) = eia_page::header_of(&head) {
        return Ok(Layout::EiaPage(preamble, said));
    }
    let first_line = head.lines().next().unwrap_or_default();
    // Also a header with another delimiter, which the table then refuses by its name.
    let names: Vec<&str> = first_line.split([',', ';', '\t', '|']).map(|name| name.trim().trim_matches('"')).collect();
    if fred::is_header(&names) {
        return Ok(Layout::Fred);
    }
    let found = BY_COLUMN.iter().find(|(column, _)| names.contains(column)).map(|(_, layout)| *layout);
    found.ok_or_else(|| Error::Format {
        file,
        problem: "line 1 is the header of no layout of price indexes that is known".into(),
        remedy: format!(
            "expected {}, or {} (Pink Sheet), or Date, Price (EIA), or observation_date and identifiers (FRED), or a page \
             of eia.gov; found {}",
            own::COLUMNS.join(", "),
            pink_sheet::COLUMNS.join(", "),
            truncated(first_line, 200)
        ),
    })
}

#[cfg(test)]
mod tests;
