//! Who owns whom, as imported.

use std::sync::LazyLock;

use jiff::civil::Date;

use crate::register::Moment;
use crate::register::moment::{date_of, day_number};
use crate::sanctions::ownership::{Holding, HoldingKind};
use crate::store::{Column, Deadline, Error, Query, Row, Store, TEXT, Table, Value, Writer};

static HOLDINGS: LazyLock<Table> = LazyLock::new(|| {
    let columns = [
        Column("dataset", 4),
        Column("entry", 4),
        Column("since_release", 4),
        Column("since_day", 4),
        Column("owner", TEXT),
        Column("owner_name", TEXT),
        Column("owned", TEXT),
        Column("owned_name", TEXT),
        Column("control", 2),
        Column("share", 4),
        Column("start_day", 4),
        Column("end_day", 4),
        Column("source", TEXT),
    ];
    Table::new("sanction_holdings", columns)
});

const SELECT: &str = "SELECT CAST(h.dataset AS BIGINT), CAST(h.entry AS BIGINT), h.owner, h.owner_name, h.owned,
    h.owned_name, CAST(h.control AS BIGINT), CAST(h.share AS BIGINT), CAST(h.start_day AS BIGINT),
    CAST(h.end_day AS BIGINT), h.source FROM sanction_holdings h WHERE ";

/// A holding and where its dataset has it.
#[derive(Clone, Debug)]
pub struct Entry {
    pub dataset: i64,
    pub entry: i64,
    pub holding: Holding,
}

fn stored(row: &Row) -> Result<Entry, Error> {
    let is_control = row.number(6)? == 1;
    let holding = Holding {
        owner_id: row.text(2)?,
        owner_name: row.text(3)?,
        owned_id: row.text(4)?,
        owned_name: row.text(5)?,
        kind: if is_control { HoldingKind::Controls } else { HoldingKind::Owns },
        share: row.optional_number(7)?.and_then(|share| u32::try_from(share).ok()),
        from: row.optional_number(8)?.and_then(date_of),
        until: row.optional_number(9)?.and_then(date_of),
        source: row.text(10)?,
    };
    Ok(Entry { dataset: row.number(0)?, entry: row.number(1)?, holding })
}

/// Holdings in any of these, or by any of these, as they were known.
pub async fn of(
    store: &Store,
    ids: &[String],
    in_them: bool,
    moment: &Moment,
    limit: usize,
    deadline: &Deadline,
) -> Result<Vec<Entry>, Error> {
    let mut query = Query::new(store, SELECT);
    moment.visible("h", &mut query);
    query.sql(if in_them { " AND h.owned IN " } else { " AND h.owner IN " }).bind_list(ids.iter().cloned());
    query.sql(" ORDER BY h.dataset, h.entry LIMIT ").bind(limit as i64);
    store.rows(query, deadline).await?.iter().map(stored).collect()
}

/// Current holdings of a dataset, for comparison. Blocks.
pub fn current(store: &Store, dataset: i64) -> Result<Vec<Entry>, Error> {
    let mut query = Query::new(store, SELECT);
    query.sql("h.until_release IS NULL AND h.dataset = ").bind(dataset);
    store.blocking_rows(query)?.iter().map(stored).collect()
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
