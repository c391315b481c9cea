//! Deliveries, with their past.

use std::sync::LazyLock;

use jiff::civil::Date;

use crate::energy::contract::Confidence;
use crate::energy::delivery::Delivery;
use crate::register::Moment;
use crate::register::moment::{date_of, day_number};
use crate::store::{Column, Deadline, Error, Query, Row, Store, TEXT, Table, Value, Writer};
use crate::value::decimal;

static DELIVERIES: LazyLock<Table> = LazyLock::new(|| {
    let columns = [
        Column("dataset", 4),
        Column("entry", 4),
        Column("since_release", 4),
        Column("since_day", 4),
        Column("subject", TEXT),
        Column("start_day", 4),
        Column("end_day", 4),
        Column("value", TEXT),
        Column("unit", TEXT),
        Column("source", TEXT),
        Column("confidence", 2),
        Column("netting_rule", TEXT),
        Column("note", TEXT),
    ];
    Table::new("energy_deliveries", columns)
});

const SELECT: &str =
    "SELECT CAST(d.dataset AS BIGINT), CAST(d.entry AS BIGINT), d.subject, CAST(d.start_day AS BIGINT),
    CAST(d.end_day AS BIGINT), d.value, d.unit, d.source, CAST(d.confidence AS BIGINT), d.netting_rule, d.note,
    CAST(d.since_release AS BIGINT) FROM energy_deliveries d WHERE ";

/// A delivery as it is stored.
#[derive(Clone, Debug)]
pub struct Stored {
    pub dataset: i64,
    pub entry: i64,
    pub release: i64,
    pub delivery: Delivery,
}

fn stored(row: &Row) -> Result<Stored, Error> {
    let broken = |what: String| Error::Other(format!("a delivery is broken: {what}"));
    let day = |place| -> Result<Date, Error> {
        let number = row.number(place)?;
        date_of(number).ok_or_else(|| broken(format!("day {number}")))
    };
    Ok(Stored {
        dataset: row.number(0)?,
        entry: row.number(1)?,
        release: row.number(11)?,
        delivery: Delivery {
            subject: row.text(2)?,
            from: day(3)?,
            to: day(4)?,
            value: decimal::read(&row.text(5)?).map_err(broken)?,
            unit: row.text(6)?,
            source: row.text(7)?,
            confidence: confidence(row.number(8)?),
            rule: row.text(9)?,
            note: row.text(10)?,
        },
    })
}

fn confidence(number: i64) -> Confidence {
    match number {
        1 => Confidence::High,
        2 => Confidence::Medium,
        3 => Confidence::Low,
        _ => Confidence::Unknown,
    }
}

/// Which deliveries.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub subject: Option<String>,
    /// Ending on this day or later.
    pub from: Option<Date>,
    /// Beginning on this day or earlier.
    pub until: Option<Date>,
}

/// Where a list goes on: behind this delivery.
#[derive(Clone, Debug)]
pub struct After {
    pub subject: String,
    pub start_day: i64,
    pub dataset: i64,
    pub entry: i64,
}

/// Deliveries in the order of subject, first day, dataset and entry.
pub async fn list(
    store: &Store,
    filter: &Filter,
    moment: &Moment,
    after: Option<&After>,
    limit: usize,
    deadline: &Deadline,
) -> Result<Vec<Stored>, Error> {
    let mut query = Query::new(store, SELECT);
    moment.visible("d", &mut query);
    if let Some(subject) = &filter.subject {
        query.sql(" AND d.subject = ").bind(subject.clone());
    }
    if let Some(from) = filter.from {
        query.sql(" AND d.end_day >= ").bind(day_number(from));
    }
    if let Some(until) = filter.until {
        query.sql(" AND d.start_day <= ").bind(day_number(until));
    }
    if let Some(After { subject, start_day, dataset, entry }) = after {
        query.sql(" AND (d.subject, d.start_day, d.dataset, d.entry) > (").bind(subject.clone());
        query.sql(", ").bind(*start_day).sql(", ").bind(*dataset).sql(", ").bind(*entry).sql(")");
    }
    query.sql(" ORDER BY d.subject, d.start_day, d.dataset, d.entry LIMIT ").bind(limit as i64);
    store.rows(query, deadline).await?.iter().map(stored).collect()
}

/// Current deliveries of a dataset by entry, for comparison. Blocks.
pub fn current(store: &Store, dataset: i64) -> Result<Vec<Stored>, Error> {
    let mut query = Query::new(store, SELECT);
    query.sql("d.until_release IS NULL AND d.dataset = ").bind(dataset);
    store.blocking_rows(query)?.iter().map(stored).collect()
}

pub fn insert(
    writer: &mut Writer,
    dataset: i64,
    entry: i64,
    release: i64,
    published: Date,
    delivery: &Delivery,
) -> Result<(), Error> {
    let text = delivery.value.to_string();
    let confidence = match delivery.confidence {
        Confidence::Unknown => 0,
        Confidence::High => 1,
        Confidence::Medium => 2,
        Confidence::Low => 3,
    };
    let values = [
        Value::Integer(dataset),
        Value::Integer(entry),
        Value::Integer(release),
        Value::Integer(day_number(published)),
        Value::Text(&delivery.subject),
        Value::Integer(day_number(delivery.from)),
        Value::Integer(day_number(delivery.to)),
        Value::Text(&text),
        Value::Text(&delivery.unit),
        Value::Text(&delivery.source),
        Value::Integer(confidence),
        Value::Text(&delivery.rule),
        Value::Text(&delivery.note),
    ];
    writer.insert_values(&DELIVERIES, &values)
}
