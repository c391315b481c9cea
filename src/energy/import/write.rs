//! The way that every file of energy goes: compare with what is stored, and write the differences as one release.

use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

use jiff::civil::Date;
use rust_decimal::Decimal;
use sea_orm::EntityName as _;
use serde::Serialize;

use crate::energy::delivery::Delivery;
use crate::energy::price::index::{Observation, Series};
use crate::energy::store::entity::delivery;
use crate::energy::store::records::{self, Current};
use crate::energy::store::{Edition, deliveries as stored_deliveries, observations};
use crate::import::{Error, Format, Options, Progress, Report};
use crate::register::entries::{self, EntryTable};
use crate::register::moment::day_number;
use crate::register::protocol::{self, dataset_name};
use crate::register::shrink::{self, Loss};
use crate::register::{DatasetKind, DatasetSpec, Valuation};
use crate::store::{Store, Writer};

/// A kind of file, and the dataset that it goes into when none is named.
pub struct Records {
    pub name: &'static str,
    pub about: &'static str,
    pub kind: DatasetKind,
    pub dataset: &'static str,
    pub title: &'static str,
    pub publisher: &'static str,
    pub license: &'static str,
    pub scope: &'static str,
    /// Reads the files and writes what they hold as one release.
    pub write: fn(&mut Job<'_>, &mut Progress) -> Result<(), Error>,
}

/// One import under way.
pub struct Job<'a> {
    pub store: &'a Store,
    pub spec: &'a DatasetSpec,
    pub options: &'a Options,
    pub report: &'a mut Report,
}

impl Records {
    fn spec(&self, options: &Options) -> Result<DatasetSpec, Error> {
        Ok(DatasetSpec {
            name: dataset_name(options.dataset.as_deref().unwrap_or(self.dataset))?,
            title: self.title.to_owned(),
            publisher: self.publisher.to_owned(),
            license: options.license.as_deref().unwrap_or(self.license).to_owned(),
            kind: self.kind,
            scope: self.scope.to_owned(),
            valuation: Valuation::Unknown,
            precedence: 100,
        })
    }
}

impl Format for Records {
    fn name(&self) -> &'static str {
        self.name
    }

    fn about(&self) -> &'static str {
        self.about
    }

    fn takes_frequency(&self) -> bool {
        self.kind == DatasetKind::PriceIndexes
    }

    fn import(&self, store: &Store, options: &Options, progress: &mut Progress) -> Result<Vec<Report>, Error> {
        let started = Instant::now();
        let spec = self.spec(options)?;
        let mut report = Report {
            dataset: spec.name.clone(),
            publication_date: options.publication_date().to_string(),
            dry_run: options.dry_run,
            scope: if options.whole { "the whole dataset".to_owned() } else { spec.scope.clone() },
            ..Report::default()
        };
        (self.write)(&mut Job { store, spec: &spec, options, report: &mut report }, progress)?;
        report.seconds = started.elapsed().as_secs_f64();
        Ok(vec![report])
    }
}

/// Files without a record are a mistake of whoever made or named them.
pub fn refuse_empty<T>(read: &[T], report: &Report) -> Result<(), Error> {
    if read.is_empty() && report.rows_rejected == 0 {
        return Err(Error::Refused(format!("{}: the files hold no record; nothing was changed", report.dataset)));
    }
    Ok(())
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
pub fn write_records<T: Serialize>(job: &mut Job<'_>, read: &BTreeMap<String, T>) -> Result<(), Error> {
    let Job { store, spec, options, report } = job;
    protocol::write(store, store.writer_of_a_list()?, spec, options, report, |writer, base, report| {
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
    let loss = Loss {
        verb: "remove",
        lost: gone,
        before,
        what: "records",
        few: FEW.min(before.saturating_sub(1)),
        or_else: "; if these files are of another kind, give them a --dataset of their own",
    };
    shrink::check(name, &loss, options)
}

type Read = (Series, Vec<Observation>);

pub fn write_indexes(job: &mut Job<'_>, read: &[Read]) -> Result<(), Error> {
    let Job { store, spec, options, report } = job;
    protocol::write(store, store.writer_of_a_list()?, spec, options, report, |writer, base, report| {
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
            let is_replaced = replaces(spec, series, old, stored.len(), options)?;
            write_observations(writer, edition, number, of_series, &stored, options.whole || is_replaced, report)?;
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

/// Whether an index takes the place of a stored one that is published at another frequency. Values of days and of weeks
/// do not mix, so the stored ones go; that must be said.
fn replaces(
    spec: &DatasetSpec,
    series: &Series,
    old: Option<&String>,
    stored: usize,
    options: &Options,
) -> Result<bool, Error> {
    let known = old.and_then(|old| serde_json::from_str::<Series>(old).ok()).map(|old| old.frequency);
    let Some(known) = known.filter(|known| *known != series.frequency) else { return Ok(false) };
    let name = &spec.name;
    if stored == 0 || options.allow_shrink.iter().any(|allowed| allowed == name) {
        return Ok(true);
    }
    let (id, known, new) = (&series.id, known.text(), series.frequency.text());
    Err(Error::Refused(format!(
        "{name}: {id} is {known} in the store, and {new} in these files; import it into a --dataset of its own, or replace \
         all {stored} {known} values with --allow-shrink {name}"
    )))
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

pub fn write_deliveries(job: &mut Job<'_>, read: Vec<Delivery>, whole: bool) -> Result<(), Error> {
    let mut scope: HashMap<String, (Date, Date)> = HashMap::new();
    for Delivery { subject, from, to, .. } in &read {
        let range = scope.entry(subject.clone()).or_insert((*from, *to));
        *range = (range.0.min(*from), range.1.max(*to));
    }
    let in_scope = |delivery: &Delivery| {
        let range = scope.get(&delivery.subject);
        whole || range.is_some_and(|(first, last)| delivery.from >= *first && delivery.to <= *last)
    };
    let store = job.store;
    let current = |dataset| {
        let stored = stored_deliveries::current(store, dataset)?;
        let stored = stored.into_iter().filter(|stored| in_scope(&stored.delivery));
        Ok(stored.map(|stored| (stored.delivery, stored.entry)).collect())
    };
    let Job { store, spec, options, report } = job;
    let published = options.publication_date();
    let insert = |writer: &mut Writer, dataset, entry, release, delivery: &Delivery| {
        stored_deliveries::insert(writer, dataset, entry, release, published, delivery)
    };
    let table = EntryTable(delivery::Entity.table_name());
    entries::write(store, spec, options, report, read, table, &current, &insert)
}
