//! Contract books, routes, price indexes and deliveries into the store, each as one release of its dataset.

use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

use jiff::civil::Date;
use rust_decimal::Decimal;
use sea_orm::EntityName as _;
use serde::Serialize;

use super::{book, deliveries, entsog, indexes, routes};
use crate::energy::delivery::Delivery;
use crate::energy::price::index::{Observation, Series};
use crate::energy::store::entity::delivery;
use crate::energy::store::records::{self, Current};
use crate::energy::store::{Edition, deliveries as stored_deliveries, observations};
use crate::import::{Error, Options, Progress, Report};
use crate::register::entries::{self, EntryTable};
use crate::register::moment::day_number;
use crate::register::release::{self, check_dataset_name};
use crate::register::{DatasetKind, DatasetSpec, Valuation};
use crate::store::{Store, Writer};

/// A kind of file and the dataset that it goes into when none is named.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    Contracts,
    Routes,
    Indexes,
    Deliveries,
    EntsogFlows,
}

struct Description {
    kind: DatasetKind,
    dataset: &'static str,
    title: &'static str,
    publisher: &'static str,
    license: &'static str,
    scope: &'static str,
}

impl Format {
    fn description(self) -> Description {
        match self {
            Self::Contracts => Description {
                kind: DatasetKind::ContractBook,
                dataset: "contracts",
                title: "Energy contracts",
                publisher: "the operator",
                license: "as its sources say",
                scope: "the whole book",
            },
            Self::Routes => Description {
                kind: DatasetKind::Routes,
                dataset: "routes",
                title: "Energy routes and projects",
                publisher: "as its rows say",
                license: "as its source says; Global Energy Monitor: CC BY 4.0",
                scope: "the whole dataset",
            },
            Self::Indexes => Description {
                kind: DatasetKind::PriceIndexes,
                dataset: "price-indexes",
                title: "Price indexes",
                publisher: "as its files say",
                license: "as its sources say",
                scope: "each index in the files, from its first to its last day",
            },
            Self::Deliveries => Description {
                kind: DatasetKind::Deliveries,
                dataset: "deliveries",
                title: "Deliveries of energy",
                publisher: "the operator",
                license: "as its sources say",
                scope: "the whole dataset",
            },
            Self::EntsogFlows => Description {
                kind: DatasetKind::Deliveries,
                dataset: "entsog-flows",
                title: "Physical flows by point and day",
                publisher: "ENTSOG",
                license: "as ENTSOG says",
                scope: "each point and direction in the files, from its first to its last day",
            },
        }
    }

    fn spec(self, options: &Options) -> Result<DatasetSpec, Error> {
        let Description { kind, dataset, title, publisher, license, scope } = self.description();
        let name = options.dataset.as_deref().unwrap_or(dataset);
        check_dataset_name(name)?;
        Ok(DatasetSpec {
            name: name.to_owned(),
            title: title.to_owned(),
            publisher: publisher.to_owned(),
            license: options.license.as_deref().unwrap_or(license).to_owned(),
            kind,
            scope: scope.to_owned(),
            valuation: Valuation::Unknown,
            precedence: 100,
        })
    }
}

/// Imports files of one format. Blocks.
pub fn import(store: &Store, format: Format, options: &Options, progress: &mut Progress) -> Result<Report, Error> {
    let started = Instant::now();
    let spec = format.spec(options)?;
    let mut report = Report {
        dataset: spec.name.clone(),
        publication_date: options.publication_date().to_string(),
        dry_run: options.dry_run,
        scope: if options.whole { "the whole dataset".to_owned() } else { spec.scope.clone() },
        ..Report::default()
    };
    let files = &options.files;
    match format {
        Format::Contracts => {
            let book = book::read(files, progress, &mut report)?;
            some(&book, &report)?;
            let book = book.into_iter().map(|contract| (contract.id.clone(), contract));
            write_records(store, &spec, options, &mut report, &in_order(book))?;
        }
        Format::Routes => {
            let routes = routes::read(files, progress, &mut report)?;
            some(&routes, &report)?;
            let routes = routes.into_iter().map(|route| (route.id.clone(), route));
            write_records(store, &spec, options, &mut report, &in_order(routes))?;
        }
        Format::Indexes => {
            let indexes = indexes::read(files, progress, &mut report)?;
            some(&indexes, &report)?;
            write_indexes(store, &spec, options, &mut report, &indexes)?;
        }
        Format::Deliveries => {
            let read = deliveries::read(files, progress, &mut report)?;
            some(&read, &report)?;
            write_deliveries(store, &spec, options, &mut report, read, true)?;
        }
        Format::EntsogFlows => {
            let read = entsog::read(files, progress, &mut report)?;
            some(&read, &report)?;
            write_deliveries(store, &spec, options, &mut report, read, options.whole)?;
        }
    }
    report.seconds = started.elapsed().as_secs_f64();
    Ok(report)
}

/// Files without a record are a mistake of whoever made or named them.
fn some<T>(read: &[T], report: &Report) -> Result<(), Error> {
    if read.is_empty() && report.rows_rejected == 0 {
        return Err(Error::Refused(format!("{}: the files hold no record; nothing was changed", report.dataset)));
    }
    Ok(())
}

fn in_order<T>(records: impl Iterator<Item = (String, T)>) -> BTreeMap<String, T> {
    records.collect()
}

fn json(record: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(record).map_err(|error| Error::Refused(format!("a record cannot be written: {error}")))
}

/// Numbers of identifiers, and new ones behind the last.
struct Numbers {
    given: HashMap<String, i64>,
    last: i64,
}

impl Numbers {
    fn after(given: HashMap<String, i64>) -> Self {
        let last = given.values().copied().max().unwrap_or(0);
        Self { given, last }
    }

    fn of(&mut self, id: &str) -> i64 {
        if let Some(number) = self.given.get(id) {
            return *number;
        }
        self.last += 1;
        self.given.insert(id.to_owned(), self.last);
        self.last
    }
}

/// Compares records with the current ones by identifier and writes what differs.
fn write_records<T: Serialize>(
    store: &Store,
    spec: &DatasetSpec,
    options: &Options,
    report: &mut Report,
    read: &BTreeMap<String, T>,
) -> Result<(), Error> {
    release::write(store, store.writer_of_a_list()?, spec, options, report, |writer, base, report| {
        let edition =
            Edition { dataset: base.dataset, release: base.release, day: day_number(options.publication_date()) };
        let Current { records: current, numbers } = records::current(store, base.dataset)?;
        let mut numbers = Numbers::after(numbers);
        let mut begun = Vec::new();
        let mut ended: Vec<&str> = Vec::new();
        for (id, record) in read {
            let text = json(record)?;
            match current.get(id) {
                Some(old) if *old == text => report.rows_unchanged += 1,
                Some(_) => {
                    report.rows_revised += 1;
                    ended.push(id);
                    begun.push((id, text));
                }
                None => {
                    report.rows_new += 1;
                    begun.push((id, text));
                }
            }
        }
        let gone: Vec<&str> = current.keys().map(String::as_str).filter(|id| !read.contains_key(*id)).collect();
        // A rejected row may be a new version of one that seems to be gone.
        if report.rows_rejected > 0 {
            report.rows_held_back = gone.len() as u64;
        } else {
            guard(&spec.name, gone.len(), current.len(), options)?;
            report.rows_withdrawn = gone.len() as u64;
            ended.extend(gone);
        }
        records::end(writer, edition, &ended)?;
        for (id, text) in &begun {
            records::insert(writer, edition, id, numbers.of(id), text)?;
        }
        Ok(())
    })
}

/// A dataset that all but vanishes is a fault of a file more often than a change of the world.
fn guard(name: &str, gone: usize, before: usize, options: &Options) -> Result<(), Error> {
    /// So few may go from a small book without a word.
    const FEW: usize = 3;
    let limit = options.shrink_percent as usize;
    let is_allowed = options.allow_shrink.iter().any(|allowed| allowed == name);
    if is_allowed || gone <= FEW.min(before.saturating_sub(1)) || gone * 100 <= before * limit {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "{name}: the release would remove {gone} of {before} records, more than {limit} % (import.shrink_percent); the \
         last good one stays; if this is right, import it with --allow-shrink {name}; if these files are of another kind, \
         give them a --dataset of their own"
    )))
}

type Read = (Series, Vec<Observation>);

fn write_indexes(
    store: &Store,
    spec: &DatasetSpec,
    options: &Options,
    report: &mut Report,
    read: &[Read],
) -> Result<(), Error> {
    release::write(store, store.writer_of_a_list()?, spec, options, report, |writer, base, report| {
        let edition =
            Edition { dataset: base.dataset, release: base.release, day: day_number(options.publication_date()) };
        let Current { records: current, numbers } = records::current(store, base.dataset)?;
        let mut numbers = Numbers::after(numbers);
        for (series, of_series) in read {
            let text = json(series)?;
            let number = numbers.of(&series.id);
            let old = current.get(&series.id);
            if old.is_none_or(|old| *old != text) {
                records::end(writer, edition, &[&series.id])?;
                records::insert(writer, edition, &series.id, number, &text)?;
            }
            let stored = match old {
                Some(_) => observations::current(store, base.dataset, number)?,
                None => Vec::new(),
            };
            write_observations(writer, edition, number, of_series, &stored, options.whole, report)?;
        }
        if options.whole {
            let gone = current.keys().filter(|id| !read.iter().any(|(series, _)| series.id == **id));
            let gone: Vec<&str> = gone.map(String::as_str).collect();
            guard(&spec.name, gone.len(), current.len(), options)?;
            records::end(writer, edition, &gone)?;
            for id in gone {
                let number = numbers.of(id);
                let days: Vec<Date> =
                    observations::current(store, base.dataset, number)?.iter().map(|stored| stored.day).collect();
                report.rows_withdrawn += days.len() as u64;
                observations::end(writer, edition, number, &days)?;
            }
        }
        Ok(())
    })
}

/// Writes what differs of one index. Days that lie outside the range of the files stay, unless the files are the whole.
fn write_observations(
    writer: &mut Writer,
    edition: Edition,
    number: i64,
    read: &[Observation],
    stored: &[Observation],
    whole: bool,
    report: &mut Report,
) -> Result<(), Error> {
    let incoming: BTreeMap<Date, Decimal> =
        read.iter().map(|observation| (observation.day, observation.value)).collect();
    let range = incoming.keys().next().zip(incoming.keys().next_back());
    let mut known: BTreeMap<Date, Decimal> = BTreeMap::new();
    let mut ended = Vec::new();
    for Observation { day, value } in stored {
        known.insert(*day, *value);
        let within = whole || range.is_some_and(|(first, last)| (first..=last).contains(&day));
        match incoming.get(day) {
            Some(new) if new == value => report.rows_unchanged += 1,
            Some(_) => {
                report.rows_revised += 1;
                ended.push(*day);
            }
            None if within && report.rows_rejected > 0 => report.rows_held_back += 1,
            None if within => {
                report.rows_withdrawn += 1;
                ended.push(*day);
            }
            None => {}
        }
    }
    observations::end(writer, edition, number, &ended)?;
    for (day, value) in &incoming {
        let old = known.get(day);
        if old.is_none() {
            report.rows_new += 1;
        }
        if old != Some(value) {
            observations::insert(writer, edition, number, *day, *value)?;
        }
    }
    Ok(())
}

fn write_deliveries(
    store: &Store,
    spec: &DatasetSpec,
    options: &Options,
    report: &mut Report,
    read: Vec<Delivery>,
    whole: bool,
) -> Result<(), Error> {
    let mut scope: HashMap<String, (Date, Date)> = HashMap::new();
    for Delivery { subject, from, to, .. } in &read {
        let range = scope.entry(subject.clone()).or_insert((*from, *to));
        *range = (range.0.min(*from), range.1.max(*to));
    }
    let in_scope = |delivery: &Delivery| {
        let range = scope.get(&delivery.subject);
        whole || range.is_some_and(|(first, last)| delivery.from >= *first && delivery.to <= *last)
    };
    let current = |dataset| {
        let stored = stored_deliveries::current(store, dataset)?;
        let stored = stored.into_iter().filter(|stored| in_scope(&stored.delivery));
        Ok(stored.map(|stored| (stored.delivery, stored.entry)).collect())
    };
    let published = options.publication_date();
    let insert = |writer: &mut Writer, dataset, entry, release, delivery: &Delivery| {
        stored_deliveries::insert(writer, dataset, entry, release, published, delivery)
    };
    let table = EntryTable(delivery::Entity.table_name());
    entries::write(store, spec, options, report, read, table, &current, &insert)
}
