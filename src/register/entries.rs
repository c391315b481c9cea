//! Tables of entries that are compared as wholes: an entry that differs in anything is another.
//!
//! Such a table has the columns `dataset`, `entry` and those of a version; what an entry is stands with its subject.

use std::collections::HashMap;
use std::hash::Hash;

use jiff::civil::Date;
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};

use crate::import::{Error, Options, Report};
use crate::register::moment::day_number;
use crate::register::{DatasetSpec, protocol, shrink};
use crate::store::{Store, Writer};

/// Entries that one statement ends.
const ENTRIES_A_STATEMENT: usize = 500;

/// A table of entries, by its name.
#[derive(Clone, Copy, Debug)]
pub struct EntryTable(pub &'static str);

type Inserter<'a, T> = &'a dyn Fn(&mut Writer, i64, i64, i64, &T) -> Result<(), crate::store::Error>;
type Current<'a, T> = &'a dyn Fn(i64) -> Result<Vec<(T, i64)>, crate::store::Error>;

/// Ends the entries that are gone and enters the new ones. `current` gives those that the release replaces, by the number
/// of the dataset.
#[allow(clippy::too_many_arguments)] // What differs between the two tables.
pub fn write<T: Eq + Hash>(
    store: &Store,
    spec: &DatasetSpec,
    options: &Options,
    report: &mut Report,
    read: Vec<T>,
    table: EntryTable,
    current: Current<'_, T>,
    insert: Inserter<'_, T>,
) -> Result<(), Error> {
    report.dataset.clone_from(&spec.name);
    let published: Date = options.publication_date();
    protocol::write(store, store.writer_of_a_list()?, spec, options, report, |writer, base, report| {
        let mut gone: HashMap<T, Vec<i64>> = HashMap::new();
        for (entry, number) in current(base.dataset)? {
            gone.entry(entry).or_default().push(number);
        }
        let name = &report.dataset;
        if read.is_empty() && !shrink::is_allowed(name, options) {
            let remedy = shrink::remedy(name);
            return Err(Error::Refused(format!("{name}: the files hold no row; what is there stays; {remedy}")));
        }
        let mut new = Vec::new();
        for entry in read {
            match gone.get_mut(&entry).and_then(Vec::pop) {
                Some(_) => report.rows_unchanged += 1,
                None => new.push(entry),
            }
        }
        let ended: Vec<i64> = gone.into_values().flatten().collect();
        report.rows_new = new.len() as u64;
        // A rejected row may be a new version of one that seems to be gone.
        if report.rows_rejected > 0 {
            report.rows_held_back = ended.len() as u64;
        } else {
            report.rows_withdrawn = ended.len() as u64;
            end_entries(writer, table, base.dataset, &ended, base.release, published)?;
        }
        let first = next_entry(store, table, base.dataset)?;
        for (number, entry) in (first..).zip(&new) {
            insert(writer, base.dataset, number, base.release, entry)?;
        }
        Ok(())
    })
}

/// Ends entries of a dataset.
fn end_entries(
    writer: &mut Writer,
    EntryTable(table): EntryTable,
    dataset: i64,
    entries: &[i64],
    release: i64,
    published: Date,
) -> Result<(), crate::store::Error> {
    for batch in entries.chunks(ENTRIES_A_STATEMENT) {
        let ended = Query::update()
            .table(table)
            .value("until_release", release)
            .value("until_day", day_number(published))
            .and_where(Expr::col("dataset").eq(dataset))
            .and_where(Expr::col("entry").is_in(batch.iter().copied()))
            .and_where(Expr::col("until_release").is_null())
            .take();
        writer.execute(&ended)?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Last {
    entry: Option<i32>,
}

/// The first entry number of a dataset that was never used. Before entries are written, what the store holds is all.
fn next_entry(store: &Store, EntryTable(table): EntryTable, dataset: i64) -> Result<i64, crate::store::Error> {
    let last = Query::select()
        .expr_as(Expr::col("entry").max(), "entry")
        .from(table)
        .and_where(Expr::col("dataset").eq(dataset))
        .take();
    let last: Option<Last> = store.find_blocking(last)?.pop();
    Ok(last.and_then(|last| last.entry).map_or(1, |entry| i64::from(entry) + 1))
}
