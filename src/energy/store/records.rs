//! Versions of contracts, routes and price indexes, each as JSON.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::store::{Column, Deadline, Error, Query, Store, TEXT, Table, Value, Writer};

static RECORDS: LazyLock<Table> = LazyLock::new(|| {
    let columns = [
        Column("dataset", 4),
        Column("id", TEXT),
        Column("number", 4),
        Column("since_release", 4),
        Column("since_day", 4),
        Column("record", TEXT),
    ];
    Table::new("energy_records", columns)
});

/// Identifiers that one statement ends.
const IDS_A_STATEMENT: usize = 500;

/// A version as it is stored. Release and day that brought it, and those that ended it.
#[derive(Clone, Debug)]
pub struct Stored {
    pub dataset: i64,
    pub id: String,
    pub number: i64,
    pub since: (i64, i64),
    pub until: Option<(i64, i64)>,
    pub record: String,
}

/// All versions of all records, in the order of dataset, identifier and release.
pub async fn all(store: &Store, deadline: &Deadline) -> Result<Vec<Stored>, Error> {
    let query = Query::new(
        store,
        "SELECT CAST(dataset AS BIGINT), id, CAST(number AS BIGINT), CAST(since_release AS BIGINT),
            CAST(since_day AS BIGINT), CAST(until_release AS BIGINT), CAST(until_day AS BIGINT), record
            FROM energy_records ORDER BY dataset, id, since_release",
    );
    let rows = store.rows(query, deadline).await?;
    rows.iter()
        .map(|row| {
            Ok(Stored {
                dataset: row.number(0)?,
                id: row.text(1)?,
                number: row.number(2)?,
                since: (row.number(3)?, row.number(4)?),
                until: row.optional_number(5)?.zip(row.optional_number(6)?),
                record: row.text(7)?,
            })
        })
        .collect()
}

/// The current records of a dataset by identifier, and the numbers of all that it ever had. Blocks.
#[derive(Debug, Default)]
pub struct Current {
    pub records: HashMap<String, String>,
    pub numbers: HashMap<String, i64>,
}

pub fn current(store: &Store, dataset: i64) -> Result<Current, Error> {
    let mut current = Current::default();
    let mut numbers =
        Query::new(store, "SELECT DISTINCT id, CAST(number AS BIGINT) FROM energy_records WHERE dataset = ");
    numbers.bind(dataset);
    for row in store.blocking_rows(numbers)? {
        current.numbers.insert(row.text(0)?, row.number(1)?);
    }
    let mut records =
        Query::new(store, "SELECT id, record FROM energy_records WHERE until_release IS NULL AND dataset = ");
    records.bind(dataset);
    for row in store.blocking_rows(records)? {
        current.records.insert(row.text(0)?, row.text(1)?);
    }
    Ok(current)
}

/// Which release of which dataset is being written.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub dataset: i64,
    pub release: i64,
    /// Publication day, YYYYMMDD.
    pub day: i64,
}

pub fn insert(writer: &mut Writer, place: Place, id: &str, number: i64, record: &str) -> Result<(), Error> {
    let values = [
        Value::Integer(place.dataset),
        Value::Text(id),
        Value::Integer(number),
        Value::Integer(place.release),
        Value::Integer(place.day),
        Value::Text(record),
    ];
    writer.insert_values(&RECORDS, &values)
}

pub fn end(writer: &mut Writer, place: Place, ids: &[&str]) -> Result<(), Error> {
    for some in ids.chunks(IDS_A_STATEMENT) {
        let marks = vec!["?"; some.len()].join(", ");
        let Place { dataset, release, day } = place;
        let sql = format!(
            "UPDATE energy_records SET until_release = {release}, until_day = {day}
                WHERE dataset = {dataset} AND until_release IS NULL AND id IN ({marks})"
        );
        let values: Vec<Value<'_>> = some.iter().map(|id| Value::Text(id)).collect();
        writer.execute_sql(&sql, &values)?;
    }
    Ok(())
}
