//! Commodity lists as UN Comtrade publishes them: `id,text,parent,isLeaf,aggrlevel,standardUnitAbbr,last_modified`.
//!
//! `text` repeats the code before the title. The classification is told by the row `TOTAL` ("Total - All H6
//! Commodities") or by the file name (`..._h6.csv`). Each classification is a dataset of its own.
//!
//! Scope: the whole classification; codes that a list no longer has are withdrawn.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use csv::ByteRecord;

use crate::import::format::Plain;
use crate::import::{Error, Input, Options, Progress, Reject, Report, TableReader};
use crate::reference::store::entity::commodity;
use crate::reference::store::write::{begin_code, current_codes, end_code};
use crate::reference::{Classification, CommodityCode};
use crate::register::store::is_known;
use crate::register::{DatasetKind, DatasetSpec, Valuation, protocol};
use crate::store::Store;

/// Chapters and headings in our own words, for a store into which nobody has imported a list.
const BUNDLED: &str = include_str!("../data/hs_headings.csv");
const SCOPE: &str = "the whole classification";

#[derive(Clone, PartialEq, Eq, Debug)]
struct Entry {
    title: String,
    parent: Option<CommodityCode>,
    leaf: bool,
    unit: Option<String>,
}

type List = BTreeMap<CommodityCode, Entry>;

fn spec(classification: Classification, publisher: &str, license: &str) -> DatasetSpec {
    DatasetSpec {
        name: classification.dataset(),
        title: classification.title().into(),
        publisher: publisher.into(),
        license: license.into(),
        kind: DatasetKind::Classification,
        scope: SCOPE.into(),
        valuation: Valuation::Unknown,
        precedence: 100,
    }
}

pub const FORMAT: Plain =
    Plain { name: "classification", about: "Commodity lists of UN Comtrade: HS editions, SITC, BEC.", import };

/// Imports one list a file, each as a release of its classification's dataset.
fn import(store: &Store, options: &Options, progress: &mut Progress) -> Result<Vec<Report>, Error> {
    options.files.iter().map(|path| import_file(store, path, options, progress)).collect()
}

fn import_file(store: &Store, path: &Path, options: &Options, progress: &mut Progress) -> Result<Report, Error> {
    let started = Instant::now();
    let mut report = new_report(options);
    let mut input = Input::open(path, progress)?;
    let (classification, list) = read_list(&mut input, &mut report)?;
    report.files.push(input.finish()?);
    let license = options.license.as_deref().unwrap_or("UN Comtrade code list: internal use");
    let spec = spec(classification, "United Nations Statistics Division", license);
    write_list(store, &spec, classification, list, options, &mut report)?;
    report.seconds = started.elapsed().as_secs_f64();
    Ok(report)
}

/// Enters the bundled chapters and headings of HS 2022 into a store that has no list of it. Blocks.
pub fn import_bundled(store: &Store) -> Result<(), Error> {
    let classification = Classification::HS2022;
    if is_known(store, &classification.dataset())? {
        return Ok(());
    }
    let mut options = Options::new(Vec::new());
    // HS 2022 entered into force on this day.
    options.published = Some(jiff::civil::date(2022, 1, 1));
    let mut report = new_report(&options);
    let mut list = List::new();
    for row in csv::Reader::from_reader(BUNDLED.as_bytes()).records().flatten() {
        let (code, title) = (row.get(1).unwrap_or_default(), row.get(2).unwrap_or_default());
        report.rows_read += 1;
        if let Some(code) = CommodityCode::parse(classification, code.as_bytes()) {
            let parent = parent_by_prefix(code);
            list.insert(code, Entry { title: title.to_owned(), parent, leaf: code.level() == 6, unit: None });
        }
    }
    let spec = spec(classification, "World Customs Organization (codes); titles in Entrepôt's words", "facts");
    write_list(store, &spec, classification, list, &options, &mut report)
}

fn new_report(options: &Options) -> Report {
    Report {
        publication_date: options.publication_date().to_string(),
        dry_run: options.dry_run,
        scope: SCOPE.into(),
        ..Report::default()
    }
}

fn parent_by_prefix(code: CommodityCode) -> Option<CommodityCode> {
    match code.level() {
        0 => None,
        1 | 2 => Some(CommodityCode::total(code.classification())),
        level if code.classification().is_hs() => Some(code.ancestor(level - 2)),
        level => Some(code.ancestor(level - 1)),
    }
}

fn read_list(input: &mut Input, report: &mut Report) -> Result<(Classification, List), Error> {
    let file = input.name();
    let mut table = TableReader::open(input, b',', &["id", "text", "parent"])?;
    let (id, text, parent) = (table.column("id")?, table.column("text")?, table.column("parent")?);
    let leaf = table.optional_column("isLeaf");
    let unit = table.optional_column("standardUnitAbbr");

    let mut rows = Vec::new();
    let mut total_title = String::new();
    let mut record = ByteRecord::new();
    while let Some(line) = table.read(&mut record)? {
        report.rows_read += 1;
        let field = |index: usize| String::from_utf8_lossy(record.get(index).unwrap_or_default()).trim().to_owned();
        let (code, title) = (field(id), field(text));
        if code == "TOTAL" {
            total_title.clone_from(&title);
        }
        let title = title.strip_prefix(&code).map_or(title.as_str(), |rest| rest.trim_start_matches([' ', '-', ':']));
        let unit = unit.map(field).filter(|unit| !unit.is_empty() && !unit.eq_ignore_ascii_case("n/a"));
        rows.push((line, code, title.to_owned(), field(parent), leaf.map(field).as_deref() == Some("1"), unit));
    }

    let Some(classification) = told_by(&total_title, &file) else {
        return Err(Error::Format {
            file,
            problem: "neither the row TOTAL nor the file name tells the classification".into(),
            remedy: "keep UN Comtrade's name, such as ..._H6.csv (H0 to H6, S1 to S4, B4, B5)".into(),
        });
    };
    let mut list = List::new();
    for (line, code, title, parent, leaf, unit) in rows {
        let mut reject = |value: &str, reason: &str| {
            let (file, field, value, reason) = (file.clone(), "id".to_owned(), value.to_owned(), reason.to_owned());
            report.reject(Reject { file, line, field, value, reason });
        };
        let Some(parsed) = CommodityCode::parse(classification, code.as_bytes()) else {
            reject(&code, "is not a commodity code (up to six digits)");
            continue;
        };
        let parent = CommodityCode::parse(classification, parent.as_bytes()).or_else(|| parent_by_prefix(parsed));
        match list.entry(parsed) {
            std::collections::btree_map::Entry::Occupied(_) => reject(&code, "stands in the list twice"),
            std::collections::btree_map::Entry::Vacant(vacant) => {
                vacant.insert(Entry { title, parent, leaf, unit });
            }
        }
    }
    Ok((classification, list))
}

fn told_by(total_title: &str, file: &str) -> Option<Classification> {
    let in_title = total_title.split_whitespace().find_map(Classification::parse);
    in_title.or_else(|| {
        let stem = Path::new(file).file_name()?.to_str()?.split('.').next()?;
        stem.split('_').rev().find_map(Classification::parse)
    })
}

fn write_list(
    store: &Store,
    spec: &DatasetSpec,
    classification: Classification,
    list: List,
    options: &Options,
    report: &mut Report,
) -> Result<(), Error> {
    report.dataset.clone_from(&spec.name);
    protocol::write(store, store.writer_of_a_list()?, spec, options, report, |writer, base, report| {
        let stored = stored_list(store, classification)?;
        for (code, entry) in &list {
            match stored.get(code) {
                Some(same) if same == entry => report.rows_unchanged += 1,
                Some(_) => {
                    report.rows_revised += 1;
                    end_code(writer, *code, base.release)?;
                    begin_code(writer, row_of(*code, entry, base.release))?;
                }
                None => {
                    report.rows_new += 1;
                    begin_code(writer, row_of(*code, entry, base.release))?;
                }
            }
        }
        for code in stored.keys().filter(|code| !list.contains_key(code)) {
            // A rejected row may be a new version of a stored one.
            if report.rows_rejected > 0 {
                report.rows_held_back += 1;
                continue;
            }
            report.rows_withdrawn += 1;
            end_code(writer, *code, base.release)?;
        }
        Ok(())
    })
}

fn stored_list(store: &Store, classification: Classification) -> Result<List, Error> {
    let entries = current_codes(store, classification)?.into_iter().filter_map(|row| {
        let parent = row.parent.and_then(CommodityCode::from_number);
        let entry = Entry { title: row.title, parent, leaf: row.leaf, unit: row.unit };
        Some((CommodityCode::from_number(row.commodity)?, entry))
    });
    Ok(entries.collect())
}

fn row_of(code: CommodityCode, entry: &Entry, release: i64) -> commodity::Model {
    commodity::Model {
        commodity: code.number(),
        since_release: release as i32,
        until_release: None,
        classification: code.classification().number(),
        code: code.to_string(),
        title: entry.title.clone(),
        level: code.level() as i32,
        parent: entry.parent.map(CommodityCode::number),
        leaf: entry.leaf,
        unit: entry.unit.clone(),
    }
}
