//! Holdings and controlled goods into the store: small tables of entries that are compared as wholes.

use std::io::Write as _;
use std::time::Instant;

use crate::import::format::Plain;
use crate::import::{Error, Options, Progress, Report};
use crate::register::entries::{EntryTable, write};
use crate::register::{DatasetKind, DatasetSpec, Valuation};
use crate::sanctions::goods::ControlledGood;
use crate::sanctions::ownership::Holding;
use crate::sanctions::store::lists::dataset_number;
use crate::sanctions::store::{goods, holdings as stored_holdings};
use crate::store::{Store, Writer};

use super::{goods_csv, ownership_csv};

const HOLDINGS_TABLE: EntryTable = EntryTable("sanction_holdings");
const GOODS_TABLE: EntryTable = EntryTable("controlled_goods");

pub const HOLDINGS: Plain = Plain {
    name: "holdings",
    about: "Who owns whom, CSV of our own: owner_id, owned_id, share_percent and more.",
    import: |store, options, progress| holdings(store, options, progress).map(|report| vec![report]),
};

pub const CONTROLLED_GOODS: Plain = Plain {
    name: "controlled-goods",
    about: "Controlled goods, CSV of our own: authority, regime, classification, code and more.",
    import: |store, options, progress| controlled_goods(store, options, progress).map(|report| vec![report]),
};

/// The dataset of the bundled list.
pub const BUNDLED_GOODS: &str = "common-high-priority-list";
const BUNDLED: &str = include_str!("../../data/common_high_priority.csv");

/// Imports who owns whom. Blocks.
fn holdings(store: &Store, options: &Options, progress: &mut Progress) -> Result<Report, Error> {
    let started = Instant::now();
    let mut report = new_report(options);
    let read = ownership_csv::read(&options.files, progress, &mut report)?;
    let name = options.dataset.as_deref().unwrap_or("holdings");
    let license = options.license.as_deref().unwrap_or("as its sources say");
    let spec = spec(name, "Holdings between persons and entities", "the operator", license, DatasetKind::Holdings);
    let published = options.publication_date();
    let insert = |writer: &mut Writer, dataset, entry, release, holding: &Holding| {
        stored_holdings::insert(writer, dataset, entry, release, published, holding)
    };
    let current = |dataset| {
        let stored = stored_holdings::current(store, dataset)?;
        Ok(stored.into_iter().map(|stored| (stored.holding, stored.entry)).collect())
    };
    write(store, &spec, options, &mut report, read, HOLDINGS_TABLE, &current, &insert)?;
    report.seconds = started.elapsed().as_secs_f64();
    Ok(report)
}

/// Imports a list of controlled goods. Blocks.
fn controlled_goods(store: &Store, options: &Options, progress: &mut Progress) -> Result<Report, Error> {
    let started = Instant::now();
    let mut report = new_report(options);
    let read = goods_csv::read(&options.files, progress, &mut report)?;
    let name = options.dataset.as_deref().unwrap_or("controlled-goods");
    let license = options.license.as_deref().unwrap_or("as its sources say");
    let spec = spec(name, "Controlled goods", "the operator", license, DatasetKind::ControlledGoods);
    write_goods(store, &spec, options, &mut report, read)?;
    report.seconds = started.elapsed().as_secs_f64();
    Ok(report)
}

/// Enters the bundled list into a store that does not have it. Blocks.
pub fn import_bundled(store: &Store) -> Result<(), Error> {
    if dataset_number(store, BUNDLED_GOODS)?.is_some() {
        return Ok(());
    }
    let spill = |error| Error::Spill(error);
    let mut file = tempfile::Builder::new().prefix("common-high-priority-").suffix(".csv").tempfile().map_err(spill)?;
    file.write_all(BUNDLED.as_bytes()).map_err(spill)?;
    let mut options = Options::new(vec![file.path().to_owned()]);
    options.published = Some(jiff::civil::date(2024, 2, 23));
    let mut report = new_report(&options);
    let read = goods_csv::read(&options.files, &Progress::silent(), &mut report)?;
    let title = "Common high-priority list, in words of our own";
    let spec = spec(BUNDLED_GOODS, title, "BIS with the EU, the UK and Japan", "facts", DatasetKind::ControlledGoods);
    write_goods(store, &spec, &options, &mut report, read)
}

fn write_goods(
    store: &Store,
    spec: &DatasetSpec,
    options: &Options,
    report: &mut Report,
    read: Vec<ControlledGood>,
) -> Result<(), Error> {
    let published = options.publication_date();
    let insert = |writer: &mut Writer, dataset, entry, release, good: &ControlledGood| {
        goods::insert(writer, dataset, entry, release, published, good)
    };
    let current = |dataset| {
        let stored = goods::current(store, dataset)?;
        Ok(stored.into_iter().map(|stored| (stored.good, stored.entry)).collect())
    };
    write(store, spec, options, report, read, GOODS_TABLE, &current, &insert)
}

fn new_report(options: &Options) -> Report {
    Report {
        publication_date: options.publication_date().to_string(),
        dry_run: options.dry_run,
        scope: "the whole dataset".into(),
        ..Report::default()
    }
}

fn spec(name: &str, title: &str, publisher: &str, license: &str, kind: DatasetKind) -> DatasetSpec {
    DatasetSpec {
        name: name.to_owned(),
        title: title.to_owned(),
        publisher: publisher.to_owned(),
        license: license.to_owned(),
        kind,
        scope: "each row with its source".into(),
        valuation: Valuation::Unknown,
        precedence: 100,
    }
}
