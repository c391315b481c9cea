//! Controlled goods, as imported.

use std::sync::LazyLock;

use jiff::civil::Date;

use crate::register::Moment;
use crate::register::moment::{date_of, day_number};
use crate::sanctions::goods::ControlledGood;
use crate::sanctions::goods::listed::{Filter, ListedGood};
use crate::store::{Column, Deadline, Error, Query, Row, Store, TEXT, Table, Value, Writer};

static GOODS: LazyLock<Table> = LazyLock::new(|| {
    let columns = [
        Column("dataset", 4),
        Column("entry", 4),
        Column("since_release", 4),
        Column("since_day", 4),
        Column("authority", TEXT),
        Column("regime", TEXT),
        Column("classification", TEXT),
        Column("code", TEXT),
        Column("tier", TEXT),
        Column("destinations", TEXT),
        Column("start_day", 4),
        Column("end_day", 4),
        Column("title", TEXT),
        Column("source", TEXT),
    ];
    Table::new("controlled_goods", columns)
});

const SELECT: &str = "SELECT CAST(g.dataset AS BIGINT), CAST(g.entry AS BIGINT), g.authority, g.regime,
    g.classification, g.code, g.tier, g.destinations, CAST(g.start_day AS BIGINT), CAST(g.end_day AS BIGINT), g.title,
    g.source, d.name, CAST(g.since_release AS BIGINT)
    FROM controlled_goods g JOIN datasets d ON d.id = g.dataset WHERE ";

fn stored(row: &Row) -> Result<ListedGood, Error> {
    let destinations = row.text(7)?;
    let good = ControlledGood {
        authority: row.text(2)?,
        regime: row.text(3)?,
        edition: row.text(4)?,
        code: row.text(5)?,
        tier: row.text(6)?,
        destinations: destinations.split(';').filter(|code| !code.is_empty()).map(str::to_owned).collect(),
        from: row.optional_number(8)?.and_then(date_of),
        until: row.optional_number(9)?.and_then(date_of),
        title: row.text(10)?,
        source: row.text(11)?,
    };
    Ok(ListedGood {
        dataset: row.number(0)?,
        entry: row.number(1)?,
        list: row.text(12)?,
        since_release: row.number(13)?,
        good,
    })
}

/// Goods behind a position, by dataset and entry.
pub async fn list(
    store: &Store,
    filter: &Filter,
    moment: &Moment,
    after: Option<(i64, i64)>,
    limit: usize,
    deadline: &Deadline,
) -> Result<Vec<ListedGood>, Error> {
    let mut query = Query::new(store, SELECT);
    moment.visible("g", &mut query);
    if !filter.regimes.is_empty() {
        query.sql(" AND g.regime IN ").bind_list(filter.regimes.iter().cloned());
    }
    if !filter.authorities.is_empty() {
        query.sql(" AND g.authority IN ").bind_list(filter.authorities.iter().cloned());
    }
    if let Some(destination) = &filter.destination {
        query.sql(" AND (g.destinations = '' OR g.destinations LIKE ").bind(format!("%{destination}%")).sql(")");
    }
    if let Some(day) = filter.in_force {
        query.sql(" AND (g.start_day IS NULL OR g.start_day <= ").bind(day);
        query.sql(") AND (g.end_day IS NULL OR g.end_day >= ").bind(day).sql(")");
    }
    if let Some((dataset, entry)) = after {
        query.sql(" AND (g.dataset > ").bind(dataset).sql(" OR (g.dataset = ").bind(dataset);
        query.sql(" AND g.entry > ").bind(entry).sql("))");
    }
    query.sql(" ORDER BY g.dataset, g.entry LIMIT ").bind(limit as i64);
    store.rows(query, deadline).await?.iter().map(stored).collect()
}

/// The newest good of a list, regime, classification and code.
pub async fn get(
    store: &Store,
    [list, regime, classification, code]: [&str; 4],
    moment: &Moment,
    deadline: &Deadline,
) -> Result<Option<ListedGood>, Error> {
    let mut query = Query::new(store, SELECT);
    moment.visible("g", &mut query);
    query.sql(" AND d.name = ").bind(list).sql(" AND g.regime = ").bind(regime);
    query.sql(" AND g.classification = ").bind(classification).sql(" AND g.code = ").bind(code);
    query.sql(" ORDER BY g.start_day DESC, g.entry DESC LIMIT 1");
    store.rows(query, deadline).await?.first().map(stored).transpose()
}

/// Current goods of a dataset, for comparison. Blocks.
pub fn current(store: &Store, dataset: i64) -> Result<Vec<ListedGood>, Error> {
    let mut query = Query::new(store, SELECT);
    query.sql("g.until_release IS NULL AND g.dataset = ").bind(dataset);
    store.blocking_rows(query)?.iter().map(stored).collect()
}

pub fn insert(
    writer: &mut Writer,
    dataset: i64,
    entry: i64,
    release: i64,
    published: Date,
    good: &ControlledGood,
) -> Result<(), Error> {
    let destinations = good.destinations.join(";");
    let values = [
        Value::Integer(dataset),
        Value::Integer(entry),
        Value::Integer(release),
        Value::Integer(day_number(published)),
        Value::Text(&good.authority),
        Value::Text(&good.regime),
        Value::Text(&good.edition),
        Value::Text(&good.code),
        Value::Text(&good.tier),
        Value::Text(&destinations),
        Value::optional_integer(good.from.map(day_number)),
        Value::optional_integer(good.until.map(day_number)),
        Value::Text(&good.title),
        Value::Text(&good.source),
    ];
    writer.insert_values(&GOODS, &values)
}
