//! Concordances between HS editions: `from,to,from_code,to_code`, six-digit codes, all pairs of editions in one file.
//!
//! Pairs go from the newer edition to the older, as UNSD's conversion tables do; either direction can be asked. A row
//! without any code says nothing and is left out.
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
    let names = ["from", "to", "from_code", "to_code"];
    let file = input.name();
    let mut table = TableReader::open(input, b',', &names)?;
    let mut places = [0; 4];
    for (place, name) in places.iter_mut().zip(names) {
        *place = table.column(name)?;
    }
    let mut record = ByteRecord::new();
    while let Some(line) = table.read(&mut record)? {
        report.rows_read += 1;
        let text = |index: usize| record.get(places[index]).unwrap_or_default();
        if text(2).is_empty() && text(3).is_empty() {
            report.skip("row names two editions and no code");
            continue;
        }
        let code = |edition: usize, code: usize| {
            let edition = std::str::from_utf8(text(edition)).ok().and_then(Classification::parse)?;
            CommodityCode::parse(edition, text(code)).filter(|code| edition.is_hs() && code.level() == 6)
        };
        match (code(0, 2), code(1, 3)) {
            (Some(from), Some(to)) if from.classification() != to.classification() => {
                pairs.insert((from.number(), to.number()));
            }
            (from, _) => {
                let index = if from.is_none() { 2 } else { 3 };
                report.reject(Reject {
                    file: file.clone(),
                    line,
                    field: names[index].into(),
                    value: String::from_utf8_lossy(text(index)).into_owned(),
                    reason: "is not a six-digit code of another HS edition (H0 to H6)".into(),
                });
            }
        }
    }
    Ok(())
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
