//! Values of price indexes by day, with their past.

use std::sync::LazyLock;

use jiff::civil::Date;
use rust_decimal::Decimal;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, EntityName as _, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _, Select,
};

use super::Edition;
use super::entity::observation::{Column, Entity};
use crate::energy::price::index::Observation;
use crate::register::Moment;
use crate::register::moment::{date_of, day_number};
use crate::register::store::visible;
use crate::store::{Deadline, Error, Store, Table, Value, Writer};
use crate::value::decimal;

static OBSERVATIONS: LazyLock<Table> = LazyLock::new(Table::of::<Entity>);

/// Days that one statement ends.
const DAYS_A_STATEMENT: usize = 500;

#[derive(FromQueryResult)]
struct Row {
    day: i32,
    value: String,
}

impl Row {
    fn observation(self) -> Result<Observation, Error> {
        let broken = |what: String| Error::Other(format!("an observation is broken: {what}"));
        Ok(Observation {
            day: date_of(i64::from(self.day)).ok_or_else(|| broken(format!("day {}", self.day)))?,
            value: decimal::read(&self.value).map_err(broken)?,
        })
    }
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

/// Days and values of an index in the order of the days.
fn of_index(dataset: i64, number: i64) -> Select<Entity> {
    Entity::find()
        .select_only()
        .columns([Column::Day, Column::Value])
        .filter(Column::Dataset.eq(dataset))
        .filter(Column::Number.eq(number))
        .order_by_asc(Column::Day)
}

/// Observations of an index in the order of their days, as they were known, at most `limit`.
pub async fn list(
    store: &Store,
    dataset: i64,
    number: i64,
    days: Days,
    moment: &Moment,
    limit: usize,
    deadline: &Deadline,
) -> Result<Vec<Observation>, Error> {
    let select = of_index(dataset, number)
        .filter(Column::Day.gte(days.from.map_or(0, day_number)))
        .filter(Column::Day.lte(days.until.map_or(i64::from(i32::MAX), day_number)))
        .filter(visible(Entity.table_name(), moment))
        .limit(limit as u64);
    let rows: Vec<Row> = store.find(select.into_query(), deadline).await?;
    rows.into_iter().map(Row::observation).collect()
}

/// Current observations of an index, for comparison. Blocks.
pub fn current(store: &Store, dataset: i64, number: i64) -> Result<Vec<Observation>, Error> {
    let select = of_index(dataset, number).filter(Column::UntilRelease.is_null());
    let rows: Vec<Row> = store.find_blocking(select.into_query())?;
    rows.into_iter().map(Row::observation).collect()
}

pub fn insert(writer: &mut Writer, edition: Edition, number: i64, day: Date, value: Decimal) -> Result<(), Error> {
    let text = value.to_string();
    let values = [
        Value::Integer(edition.dataset),
        Value::Integer(number),
        Value::Integer(day_number(day)),
        Value::Integer(edition.release),
        Value::Integer(edition.day),
        Value::NullInteger,
        Value::NullInteger,
        Value::Text(&text),
    ];
    writer.insert_values(&OBSERVATIONS, &values)
}

pub fn end(writer: &mut Writer, edition: Edition, number: i64, days: &[Date]) -> Result<(), Error> {
    for batch in days.chunks(DAYS_A_STATEMENT) {
        let ended = Entity::update_many()
            .col_expr(Column::UntilRelease, Expr::value(edition.release))
            .col_expr(Column::UntilDay, Expr::value(edition.day))
            .filter(Column::Dataset.eq(edition.dataset))
            .filter(Column::Number.eq(number))
            .filter(Column::Day.is_in(batch.iter().copied().map(day_number)))
            .filter(Column::UntilRelease.is_null());
        writer.execute(ended.as_query())?;
    }
    Ok(())
}
