//! Controlled goods, as imported.

use std::sync::LazyLock;

use jiff::civil::Date;
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, JoinType, Order, Query, SelectStatement};

use super::entity::controlled_good::{self, Column as Good};
use crate::register::Moment;
use crate::register::entity::dataset;
use crate::register::moment::{date_of, day_number};
use crate::register::store::visible;
use crate::sanctions::goods::ControlledGood;
use crate::sanctions::goods::listed::{Filter, ListedGood};
use crate::store::{Deadline, Error, Store, Table, Value, Writer};

static GOODS: LazyLock<Table> = LazyLock::new(Table::of::<controlled_good::Entity>);

#[derive(FromQueryResult)]
struct GoodRow {
    dataset: i32,
    entry: i32,
    since_release: i32,
    authority: String,
    regime: String,
    classification: String,
    code: String,
    tier: String,
    destinations: String,
    start_day: Option<i32>,
    end_day: Option<i32>,
    title: String,
    source: String,
    list: String,
}

impl From<GoodRow> for ListedGood {
    fn from(row: GoodRow) -> Self {
        let day = |number: Option<i32>| number.and_then(|number| date_of(i64::from(number)));
        let good = ControlledGood {
            authority: row.authority,
            regime: row.regime,
            edition: row.classification,
            code: row.code,
            tier: row.tier,
            destinations: row.destinations.split(';').filter(|code| !code.is_empty()).map(str::to_owned).collect(),
            from: day(row.start_day),
            until: day(row.end_day),
            title: row.title,
            source: row.source,
        };
        Self {
            dataset: i64::from(row.dataset),
            entry: i64::from(row.entry),
            list: row.list,
            since_release: i64::from(row.since_release),
            good,
        }
    }
}

/// Begins a question about goods `g` of the lists `d`.
fn select() -> SelectStatement {
    let columns = [
        Good::Dataset,
        Good::Entry,
        Good::SinceRelease,
        Good::Authority,
        Good::Regime,
        Good::Classification,
        Good::Code,
        Good::Tier,
        Good::Destinations,
        Good::StartDay,
        Good::EndDay,
        Good::Title,
        Good::Source,
    ];
    let is_of_list = Expr::col(("d", dataset::Column::Id)).equals(("g", Good::Dataset));
    Query::select()
        .columns(columns.map(|column| ("g", column)))
        .expr_as(Expr::col(("d", dataset::Column::Name)), "list")
        .from_as(controlled_good::Entity, "g")
        .join_as(JoinType::InnerJoin, dataset::Entity, "d", is_of_list)
        .take()
}

fn good(column: Good) -> Expr {
    Expr::col(("g", column))
}

/// Goods after a position, by dataset and entry.
pub async fn list(
    store: &Store,
    filter: &Filter,
    moment: &Moment,
    after: Option<(i64, i64)>,
    limit: usize,
    deadline: &Deadline,
) -> Result<Vec<ListedGood>, Error> {
    let mut select = select();
    select.cond_where(visible("g", moment));
    if !filter.regimes.is_empty() {
        select.and_where(good(Good::Regime).is_in(&filter.regimes));
    }
    if !filter.authorities.is_empty() {
        select.and_where(good(Good::Authority).is_in(&filter.authorities));
    }
    if let Some(destination) = &filter.destination {
        let is_among = good(Good::Destinations).like(format!("%{destination}%"));
        select.and_where(good(Good::Destinations).eq("").or(is_among));
    }
    if let Some(day) = filter.in_force {
        select.and_where(good(Good::StartDay).is_null().or(good(Good::StartDay).lte(day)));
        select.and_where(good(Good::EndDay).is_null().or(good(Good::EndDay).gte(day)));
    }
    if let Some((dataset, entry)) = after {
        let is_later_entry = good(Good::Dataset).eq(dataset).and(good(Good::Entry).gt(entry));
        select.cond_where(Condition::any().add(good(Good::Dataset).gt(dataset)).add(is_later_entry));
    }
    select.order_by(("g", Good::Dataset), Order::Asc).order_by(("g", Good::Entry), Order::Asc).limit(limit as u64);
    Ok(store.find::<GoodRow>(select, deadline).await?.into_iter().map(ListedGood::from).collect())
}

/// The newest good of a list, regime, classification and code.
pub async fn get(
    store: &Store,
    [list, regime, classification, code]: [&str; 4],
    moment: &Moment,
    deadline: &Deadline,
) -> Result<Option<ListedGood>, Error> {
    let select = select()
        .cond_where(visible("g", moment))
        .and_where(Expr::col(("d", dataset::Column::Name)).eq(list))
        .and_where(good(Good::Regime).eq(regime))
        .and_where(good(Good::Classification).eq(classification))
        .and_where(good(Good::Code).eq(code))
        .order_by(("g", Good::StartDay), Order::Desc)
        .order_by(("g", Good::Entry), Order::Desc)
        .limit(1)
        .take();
    Ok(store.find::<GoodRow>(select, deadline).await?.pop().map(ListedGood::from))
}

/// Current goods of a dataset, for comparison. Blocks.
pub fn current(store: &Store, dataset: i64) -> Result<Vec<ListedGood>, Error> {
    let select =
        select().and_where(good(Good::UntilRelease).is_null()).and_where(good(Good::Dataset).eq(dataset)).take();
    Ok(store.find_blocking::<GoodRow>(select)?.into_iter().map(ListedGood::from).collect())
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
        Value::NullInteger,
        Value::NullInteger,
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
