//! Deliveries, with their past.

use std::sync::LazyLock;

use jiff::civil::Date;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, EntityName as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _,
};
use serde::{Deserialize, Serialize};

use super::entity::delivery::{Column, Entity, Model};
use crate::energy::contract::Confidence;
use crate::energy::delivery::Delivery;
use crate::register::Moment;
use crate::register::moment::{date_of, day_number};
use crate::register::store::visible;
use crate::store::{Deadline, Error, Store, Table, Value, Writer};
use crate::value::decimal;

static DELIVERIES: LazyLock<Table> = LazyLock::new(Table::of::<Entity>);

/// A delivery as it is stored.
#[derive(Clone, Debug)]
pub struct Stored {
    pub dataset: i64,
    pub entry: i64,
    pub release: i64,
    pub delivery: Delivery,
}

fn stored(row: Model) -> Result<Stored, Error> {
    let broken = |what: String| Error::Other(format!("a delivery is broken: {what}"));
    let day = |number: i32| date_of(i64::from(number)).ok_or_else(|| broken(format!("day {number}")));
    Ok(Stored {
        dataset: i64::from(row.dataset),
        entry: i64::from(row.entry),
        release: i64::from(row.since_release),
        delivery: Delivery {
            from: day(row.start_day)?,
            to: day(row.end_day)?,
            value: decimal::read(&row.value).map_err(broken)?,
            confidence: confidence(row.confidence),
            subject: row.subject,
            unit: row.unit,
            source: row.source,
            rule: row.netting_rule,
            note: row.note,
        },
    })
}

fn confidence(number: i16) -> Confidence {
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

/// The delivery after which a list goes on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct After {
    pub subject: String,
    pub start_day: i64,
    pub dataset: i64,
    pub entry: i64,
}

/// The order of the list.
const ORDER: [Column; 4] = [Column::Subject, Column::StartDay, Column::Dataset, Column::Entry];

/// Deliveries in the order of subject, first day, dataset and entry.
pub async fn list(
    store: &Store,
    filter: &Filter,
    moment: &Moment,
    after: Option<&After>,
    limit: usize,
    deadline: &Deadline,
) -> Result<Vec<Stored>, Error> {
    let mut select = Entity::find().filter(visible(Entity.table_name(), moment)).limit(limit as u64);
    if let Some(subject) = &filter.subject {
        select = select.filter(Column::Subject.eq(subject));
    }
    if let Some(from) = filter.from {
        select = select.filter(Column::EndDay.gte(day_number(from)));
    }
    if let Some(until) = filter.until {
        select = select.filter(Column::StartDay.lte(day_number(until)));
    }
    if let Some(After { subject, start_day, dataset, entry }) = after {
        let last = [Expr::value(subject), Expr::value(*start_day), Expr::value(*dataset), Expr::value(*entry)];
        select = select.filter(Expr::tuple(ORDER.map(|column| column.into_expr())).gt(Expr::tuple(last)));
    }
    for column in ORDER {
        select = select.order_by_asc(column);
    }
    store.find(select.into_query(), deadline).await?.into_iter().map(stored).collect()
}

/// Current deliveries of a dataset by entry, for comparison. Blocks.
pub fn current(store: &Store, dataset: i64) -> Result<Vec<Stored>, Error> {
    let select = Entity::find().filter(Column::UntilRelease.is_null()).filter(Column::Dataset.eq(dataset));
    store.find_blocking(select.into_query())?.into_iter().map(stored).collect()
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
        Value::NullInteger,
        Value::NullInteger,
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
