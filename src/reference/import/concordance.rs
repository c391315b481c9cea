//! Concordances between HS editions, in two layouts: `from,to,from_code,to_code`, six-digit codes, all pairs of editions in
//! one file; and UNSD's correlation tables, `code.after,code.before,Relationship,adjustment` with the years of both editions
//! in `adjustment` ("2017 to 2012"), neighbouring editions only, codes without their leading zeros.
//!
//! Pairs go from the newer edition to the older; either direction can be asked. A correlation table has every pair, a
//! conversion table one target a code, so that splits are missing there: take the first where both are at hand. The relation
//! that a table gives is not kept: it is computed from all pairs, in both directions, when asked. A row without any code says
//! nothing and is left out, and so is SITC, whose editions stand in the same tables.
//!
//! Scope: each pair of editions in the files.

use std::time::Instant;

use csv::ByteRecord;

use crate::import::format::Plain;
use crate::import::{Error, Input, Options, Progress, Reject, Report, TableReader};
use crate::reference::conversion::DATASET;
use crate::reference::store::write::{Pairs, begin_pairs, current_pairs, end_pair};
use crate::reference::{Classification, CommodityCode};
use crate::register::{DatasetKind, DatasetSpec, Valuation, protocol};
use crate::store::{Store, Writer};

const SCOPE: &str = "each pair of editions that the files have";

pub const FORMAT: Plain = Plain { name: "concordance", about: "Concordances between HS editions.", import };

fn import(store: &Store, options: &Options, progress: &mut Progress) -> Result<Vec<Report>, Error> {
    let started = Instant::now();
    let mut report = Report {
        dataset: DATASET.into(),
        publication_date: options.publication_date().to_string(),
        dry_run: options.dry_run,
        scope: SCOPE.into(),
        ..Report::default()
    };
    let mut pairs = Pairs::new();
    for path in &options.files {
        let mut input = Input::open(path, progress)?;
        read(&mut input, &mut pairs, &mut report)?;
        report.files.push(input.finish()?);
    }
    let spec = DatasetSpec {
        name: DATASET.into(),
        title: "Concordances between editions of the Harmonized System".into(),
        publisher: "United Nations Statistics Division".into(),
        license: options.license.clone().unwrap_or_else(|| "UNSD conversion tables".into()),
        kind: DatasetKind::Concordance,
        scope: SCOPE.into(),
        valuation: Valuation::Unknown,
        precedence: 100,
    };
    protocol::write(store, store.writer_of_a_list()?, &spec, options, &mut report, |writer, base, report| {
        write(store, writer, &pairs, base.release, report)
    })?;
    report.seconds = started.elapsed().as_secs_f64();
    Ok(vec![report])
}

fn read(input: &mut Input, pairs: &mut Pairs, report: &mut Report) -> Result<(), Error> {
    let head = input.peek()?;
    let first_line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let is_correlation = String::from_utf8_lossy(first_line).contains(CORRELATION[0]);
    let names = if is_correlation { &CORRELATION[..] } else { &CONVERSION[..] };
    let file = input.name();
    let mut table = TableReader::open(input, b',', names)?;
    let mut places = Vec::new();
    for name in names {
        places.push(table.column(name)?);
    }
    let mut record = ByteRecord::new();
    while let Some(line) = table.read(&mut record)? {
        report.rows_read += 1;
        let text = |index: usize| places.get(index).and_then(|place| record.get(*place)).unwrap_or_default();
        let read =
            if is_correlation { correlated(text(0), text(1), text(2)) } else { converted([0, 1, 2, 3].map(text)) };
        match read {
            Row::Pair(from, to) => drop(pairs.insert((from.number(), to.number()))),
            Row::LeftOut(reason) => report.skip(reason),
            Row::Wrong(index, reason) => report.reject(Reject {
                file: file.clone(),
                line,
                field: names[index].into(),
                value: String::from_utf8_lossy(text(index)).into_owned(),
                reason: reason.into(),
            }),
        }
    }
    Ok(())
}

const CONVERSION: [&str; 4] = ["from", "to", "from_code", "to_code"];
const CORRELATION: [&str; 3] = ["code.after", "code.before", "adjustment"];

/// What a row says.
enum Row {
    Pair(CommodityCode, CommodityCode),
    LeftOut(&'static str),
    /// The column, and why its value is none.
    Wrong(usize, &'static str),
}

fn converted([from, to, from_code, to_code]: [&[u8]; 4]) -> Row {
    if from_code.is_empty() && to_code.is_empty() {
        return Row::LeftOut("row names two editions and no code");
    }
    let edition = |text: &[u8]| std::str::from_utf8(text).ok().and_then(Classification::parse);
    match (six_digits(edition(from), from_code), six_digits(edition(to), to_code)) {
        (Some(from), Some(to)) if from.classification() != to.classification() => Row::Pair(from, to),
        (from, _) => Row::Wrong(if from.is_none() { 2 } else { 3 }, NO_CODE),
    }
}

const NO_CODE: &str = "is not a six-digit code of another HS edition (H0 to H6)";

fn six_digits(edition: Option<Classification>, code: &[u8]) -> Option<CommodityCode> {
    let edition = edition.filter(|edition| edition.is_hs())?;
    CommodityCode::parse(edition, code).filter(|code| code.level() == 6)
}

/// A row of a correlation table. Its years are those of the HS editions and of SITC's revisions (1962, 1976, 1988).
fn correlated(after: &[u8], before: &[u8], adjustment: &[u8]) -> Row {
    let years = std::str::from_utf8(adjustment).ok().and_then(|text| text.split_once(" to "));
    let Some((newer, older)) = years else {
        return Row::Wrong(2, "does not name two editions by their years, such as 2017 to 2012");
    };
    if ["1962", "1976", "1988"].contains(&older) {
        return Row::LeftOut("correlation with SITC, of which no concordance is kept");
    }
    let edition = |year: &str| Classification::parse(&format!("HS{year}"));
    let (Some(newer), Some(older)) = (edition(newer), edition(older)) else {
        return Row::Wrong(2, "does not name two HS editions by their years, such as 2017 to 2012");
    };
    match (six_digits(Some(newer), &padded(after)), six_digits(Some(older), &padded(before))) {
        (Some(after), Some(before)) if newer != older => Row::Pair(after, before),
        (after, _) => Row::Wrong(if after.is_none() { 0 } else { 1 }, "is not a six-digit code"),
    }
}

/// A code that was written as a number gets its leading zero back: five digits are six.
fn padded(code: &[u8]) -> Vec<u8> {
    if code.len() == 5 { [b"0", code].concat() } else { code.to_vec() }
}

fn write(store: &Store, writer: &mut Writer, pairs: &Pairs, release: i64, report: &mut Report) -> Result<(), Error> {
    let stored = current_pairs(store, pairs)?;
    begin_pairs(writer, pairs.difference(&stored), release)?;
    let withdrawn: Vec<(i32, i32)> = stored.difference(pairs).copied().collect();
    // A rejected row may be a new version of a stored one.
    if report.rows_rejected > 0 {
        report.rows_held_back = withdrawn.len() as u64;
    } else {
        report.rows_withdrawn = withdrawn.len() as u64;
        for pair in withdrawn {
            end_pair(writer, pair, release)?;
        }
    }
    report.rows_new = pairs.difference(&stored).count() as u64;
    report.rows_unchanged = pairs.intersection(&stored).count() as u64;
    Ok(())
}
