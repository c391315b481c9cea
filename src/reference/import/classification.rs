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
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::import::{Error, Input, Options, Progress, Reject, Report, TableReader};
use crate::reference::{Classification, CommodityCode, entity};
use crate::register::{DatasetKind, DatasetSpec, Valuation, release};
use crate::store::{Store, Value, Writer};

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

/// Name of the dataset that holds a classification.
pub fn dataset_of(classification: Classification) -> String {
    format!("classification-{}", classification.name().to_ascii_lowercase())
}

fn spec(classification: Classification, publisher: &str, license: &str) -> DatasetSpec {
    DatasetSpec {
        name: dataset_of(classification),
        title: classification.title().into(),
        publisher: publisher.into(),
        license: license.into(),
        kind: DatasetKind::Classification,
        scope: SCOPE.into(),
        valuation: Valuation::Unknown,
        precedence: 100,
    }
}

/// Imports one list a file, each as a release of its classification's dataset.
pub fn import(store: &Store, options: &Options, progress: &mut Progress) -> Result<Vec<Report>, Error> {
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
    let has_list = runtime_block_on(
        crate::register::entity::dataset::Entity::find()
            .filter(crate::register::entity::dataset::Column::Name.eq(dataset_of(classification)))
            .one(store.orm()),
    )?
    .is_some();
    if has_list {
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
        let field = |place: usize| String::from_utf8_lossy(record.get(place).unwrap_or_default()).trim().to_owned();
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
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(Entry { title, parent, leaf, unit });
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
    release::write(store, store.writer_of_a_list()?, spec, options, report, |writer, base, report| {
        let stored = stored_list(store, classification)?;
        for (code, entry) in &list {
            match stored.get(code) {
                Some(same) if same == entry => report.rows_unchanged += 1,
                Some(_) => {
                    report.rows_revised += 1;
                    close(writer, *code, base.release)?;
                    open(writer, *code, entry, base.release)?;
                }
                None => {
                    report.rows_new += 1;
                    open(writer, *code, entry, base.release)?;
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
            close(writer, *code, base.release)?;
        }
        Ok(())
    })
}

fn stored_list(store: &Store, classification: Classification) -> Result<List, Error> {
    use entity::commodity::Column;
    let rows = runtime_block_on(
        entity::commodity::Entity::find()
            .filter(Column::Classification.eq(classification.number()))
            .filter(Column::UntilRelease.is_null())
            .all(store.orm()),
    )?;
    let entries = rows.into_iter().filter_map(|row| {
        let parent = row.parent.and_then(CommodityCode::from_number);
        let entry = Entry { title: row.title, parent, leaf: row.leaf, unit: row.unit };
        Some((CommodityCode::from_number(row.commodity)?, entry))
    });
    Ok(entries.collect())
}

/// Importers run where blocking is allowed, beside the runtime that drives the connections.
fn runtime_block_on<T>(query: impl Future<Output = Result<T, sea_orm::DbErr>>) -> Result<T, Error> {
    let result = tokio::runtime::Handle::current().block_on(query);
    result.map_err(|error| Error::Store(crate::store::Error::from_orm(error)))
}

fn close(writer: &mut Writer, code: CommodityCode, release: i64) -> Result<(), Error> {
    writer.execute_sql(
        "UPDATE commodities SET until_release = ? WHERE commodity = ? AND until_release IS NULL",
        &[Value::Integer(release), Value::Integer(i64::from(code.number()))],
    )?;
    Ok(())
}

fn open(writer: &mut Writer, code: CommodityCode, entry: &Entry, release: i64) -> Result<(), Error> {
    let text = code.to_string();
    writer.execute_sql(
        "INSERT INTO commodities
            (commodity, since_release, classification, code, title, level, parent, leaf, unit)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        &[
            Value::Integer(i64::from(code.number())),
            Value::Integer(release),
            Value::Integer(i64::from(code.classification().number())),
            Value::Text(&text),
            Value::Text(&entry.title),
            Value::Integer(i64::from(code.level())),
            Value::optional_integer(entry.parent.map(|parent| i64::from(parent.number()))),
            Value::Boolean(entry.leaf),
            Value::optional_text(entry.unit.as_deref()),
        ],
    )?;
    Ok(())
}
