//! Values of price indexes by day, with their past.

use std::sync::LazyLock;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::records::Place;
use crate::energy::price::index::Observation;
use crate::register::Moment;
use crate::register::moment::{date_of, day_number};
use crate::store::{Column, Deadline, Error, Query, Row, Store, TEXT, Table, Value, Writer};
use crate::value::decimal;

static OBSERVATIONS: LazyLock<Table> = LazyLock::new(|| {
    let columns = [
        Column("dataset", 4),
        Column("number", 4),
        Column("day", 4),
        Column("since_release", 4),
        Column("since_day", 4),
        Column("value", TEXT),
    ];
    Table::new("energy_observations", columns)
});

/// Days that one statement ends.
const DAYS_A_STATEMENT: usize = 500;

fn observation(row: &Row) -> Result<Observation, Error> {
    let broken = |what: String| Error::Other(format!("an observation is broken: {what}"));
    let day = row.number(0)?;
    let text = row.text(1)?;
    Ok(Observation {
        day: date_of(day).ok_or_else(|| broken(format!("day {day}")))?,
        value: decimal::read(&text).map_err(broken)?,
    })
}

/// A range of days, both ends included.
#[derive(Clone, Copy, Debug)]
pub struct Days {
    pub from: Option<Date>,
    pub until: Option<Date>,
}

impl Days {
    pub const ALL: Self = Self { from: None, until: None };
}

/// Observations of an index in the order of their days, as they were known, at most `limit`.
pub async fn of(
    store: &Store,
    dataset: i64,
    number: i64,
    days: Days,
    moment: &Moment,
    limit: usize,
    deadline: &Deadline,
) -> Result<Vec<Observation>, Error> {
    let mut query =
        Query::new(store, "SELECT CAST(o.day AS BIGINT), o.value FROM energy_observations o WHERE o.dataset = ");
    query.bind(dataset).sql(" AND o.number = ").bind(number).sql(" AND o.day >= ");
    query
        .bind(days.from.map_or(0, day_number))
        .sql(" AND o.day <= ")
        .bind(days.until.map_or(i64::from(i32::MAX), day_number));
    query.sql(" AND ");
    moment.visible("o", &mut query);
    query.sql(" ORDER BY o.day LIMIT ").bind(limit as i64);
    store.rows(query, deadline).await?.iter().map(observation).collect()
}

/// Current observations of an index, for comparison. Blocks.
pub fn current(store: &Store, dataset: i64, number: i64) -> Result<Vec<Observation>, Error> {
    let mut query = Query::new(store, "SELECT CAST(day AS BIGINT), value FROM energy_observations WHERE dataset = ");
    query.bind(dataset).sql(" AND number = ").bind(number).sql(" AND until_release IS NULL ORDER BY day");
    store.blocking_rows(query)?.iter().map(observation).collect()
}

pub fn insert(writer: &mut Writer, place: Place, number: i64, day: Date, value: Decimal) -> Result<(), Error> {
    let text = value.to_string();
    let values = [
        Value::Integer(place.dataset),
        Value::Integer(number),
        Value::Integer(day_number(day)),
        Value::Integer(place.release),
        Value::Integer(place.day),
        Value::Text(&text),
    ];
    writer.insert_values(&OBSERVATIONS, &values)
}

pub fn end(writer: &mut Writer, place: Place, number: i64, days: &[Date]) -> Result<(), Error> {
    let Place { dataset, release, day } = place;
    for some in days.chunks(DAYS_A_STATEMENT) {
        let numbers = some.iter().map(|day| day_number(*day).to_string()).collect::<Vec<_>>().join(", ");
        let sql = format!(
            "UPDATE energy_observations SET until_release = {release}, until_day = {day}
                WHERE dataset = {dataset} AND number = {number} AND day IN ({numbers}) AND until_release IS NULL"
        );
        writer.execute_sql(&sql, &[])?;
    }
    Ok(())
}
