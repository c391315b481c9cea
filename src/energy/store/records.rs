//! Versions of contracts, routes and price indexes, each as JSON.

use std::collections::HashMap;
use std::sync::LazyLock;

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _,
};

use super::Edition;
use super::entity::record::{Column, Entity, Model};
use crate::store::{Deadline, Error, Store, Table, Value, Writer};

static RECORDS: LazyLock<Table> = LazyLock::new(Table::of::<Entity>);

/// Identifiers that one statement ends.
const IDS_A_STATEMENT: usize = 500;

/// All versions of all records, in the order of dataset, identifier and release.
pub async fn all(store: &Store, deadline: &Deadline) -> Result<Vec<Model>, Error> {
    let records = Entity::find()
        .order_by_asc(Column::Dataset)
        .order_by_asc(Column::Id)
        .order_by_asc(Column::SinceRelease)
        .into_query();
    store.find(records, deadline).await
}

/// The current records of a dataset by identifier, and the numbers of all that it ever had.
#[derive(Debug, Default)]
pub struct Current {
    pub records: HashMap<String, String>,
    pub numbers: HashMap<String, i64>,
}

#[derive(FromQueryResult)]
struct Numbered {
    id: String,
    number: i32,
}

#[derive(FromQueryResult)]
struct Recorded {
    id: String,
    record: String,
}

/// Blocks.
pub fn current(store: &Store, dataset: i64) -> Result<Current, Error> {
    let of_dataset = || Entity::find().select_only().column(Column::Id).filter(Column::Dataset.eq(dataset));
    let numbers: Vec<Numbered> = store.find_blocking(of_dataset().column(Column::Number).distinct().into_query())?;
    let records = of_dataset().column(Column::Record).filter(Column::UntilRelease.is_null());
    let records: Vec<Recorded> = store.find_blocking(records.into_query())?;
    Ok(Current {
        records: records.into_iter().map(|row| (row.id, row.record)).collect(),
        numbers: numbers.into_iter().map(|row| (row.id, i64::from(row.number))).collect(),
    })
}

pub fn insert(writer: &mut Writer, edition: Edition, id: &str, number: i64, record: &str) -> Result<(), Error> {
    let values = [
        Value::Integer(edition.dataset),
        Value::Text(id),
        Value::Integer(number),
        Value::Integer(edition.release),
        Value::Integer(edition.day),
        Value::NullInteger,
        Value::NullInteger,
        Value::Text(record),
    ];
    writer.insert_values(&RECORDS, &values)
}

pub fn end(writer: &mut Writer, edition: Edition, ids: &[&str]) -> Result<(), Error> {
    for batch in ids.chunks(IDS_A_STATEMENT) {
        let ended = Entity::update_many()
            .col_expr(Column::UntilRelease, Expr::value(edition.release))
            .col_expr(Column::UntilDay, Expr::value(edition.day))
            .filter(Column::Dataset.eq(edition.dataset))
            .filter(Column::UntilRelease.is_null())
            .filter(Column::Id.is_in(batch.iter().copied()));
        writer.execute(ended.as_query())?;
    }
    Ok(())
}
