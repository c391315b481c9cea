//! Who owns whom, as imported.

use std::sync::LazyLock;

use jiff::civil::Date;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
};

use super::entity::holding;
use crate::register::Moment;
use crate::register::moment::{date_of, day_number};
use crate::register::store::visible;
use crate::sanctions::ownership::{Holding, HoldingKind};
use crate::store::{Deadline, Error, Store, Table, Value, Writer};

static HOLDINGS: LazyLock<Table> = LazyLock::new(Table::of::<holding::Entity>);

/// A holding and where its dataset has it.
#[derive(Clone, Debug)]
pub struct Entry {
    pub dataset: i64,
    pub entry: i64,
    pub holding: Holding,
}

impl From<holding::Model> for Entry {
    fn from(row: holding::Model) -> Self {
        let day = |number: Option<i32>| number.and_then(|number| date_of(i64::from(number)));
        let holding = Holding {
            owner_id: row.owner,
            owner_name: row.owner_name,
            owned_id: row.owned,
            owned_name: row.owned_name,
            kind: if row.control == 1 { HoldingKind::Controls } else { HoldingKind::Owns },
            share: row.share.and_then(|share| u32::try_from(share).ok()),
            from: day(row.start_day),
            until: day(row.end_day),
            source: row.source,
        };
        Self { dataset: i64::from(row.dataset), entry: i64::from(row.entry), holding }
    }
}

/// Holdings in any of these, as they were known.
pub async fn in_any(
    store: &Store,
    owned: &[String],
    moment: &Moment,
    limit: usize,
    deadline: &Deadline,
) -> Result<Vec<Entry>, Error> {
    let select = holding::Entity::find()
        .filter(visible("sanction_holdings", moment))
        .filter(holding::Column::Owned.is_in(owned))
        .order_by_asc(holding::Column::Dataset)
        .order_by_asc(holding::Column::Entry)
        .limit(limit as u64)
        .into_query();
    Ok(store.find::<holding::Model>(select, deadline).await?.into_iter().map(Entry::from).collect())
}

/// A holding that one of these has in anything, as it was known, by which its name is known.
pub async fn of_owner(
    store: &Store,
    owners: &[String],
    moment: &Moment,
    deadline: &Deadline,
) -> Result<Option<Entry>, Error> {
    let select = holding::Entity::find()
        .filter(visible("sanction_holdings", moment))
        .filter(holding::Column::Owner.is_in(owners))
        .order_by_asc(holding::Column::OwnerName)
        .order_by_asc(holding::Column::Dataset)
        .order_by_asc(holding::Column::Entry)
        .limit(1)
        .into_query();
    Ok(store.find::<holding::Model>(select, deadline).await?.pop().map(Entry::from))
}

/// Current holdings of a dataset, for comparison. Blocks.
pub fn current(store: &Store, dataset: i64) -> Result<Vec<Entry>, Error> {
    let select = holding::Entity::find()
        .filter(holding::Column::UntilRelease.is_null())
        .filter(holding::Column::Dataset.eq(dataset))
        .into_query();
    Ok(store.find_blocking::<holding::Model>(select)?.into_iter().map(Entry::from).collect())
}

pub fn insert(
    writer: &mut Writer,
    dataset: i64,
    entry: i64,
    release: i64,
    published: Date,
    holding: &Holding,
) -> Result<(), Error> {
    let values = [
        Value::Integer(dataset),
        Value::Integer(entry),
        Value::Integer(release),
        Value::Integer(day_number(published)),
        Value::NullInteger,
        Value::NullInteger,
        Value::Text(&holding.owner_id),
        Value::Text(&holding.owner_name),
        Value::Text(&holding.owned_id),
        Value::Text(&holding.owned_name),
        Value::Boolean(holding.kind == HoldingKind::Controls),
        Value::optional_integer(holding.share.map(i64::from)),
        Value::optional_integer(holding.from.map(day_number)),
        Value::optional_integer(holding.until.map(day_number)),
        Value::Text(&holding.source),
    ];
    writer.insert_values(&HOLDINGS, &values)
}
