//! Reading what is known of whole lists: programmes, and when somebody last looked.

use std::collections::HashMap;

use sea_orm::sea_query::{
    Asterisk, Condition, Expr, ExprTrait as _, JoinType, Order, Query, SelectStatement, UnionType,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryTrait as _};

use super::entity::key::{self, Column as Key};
use super::entity::record::{self, Column as Record};
use super::entity::{list, subject};
use crate::register::Moment;
use crate::register::entity::dataset;
use crate::register::store::visible;
use crate::sanctions::ownership::designation::BIS_PARTS_WITHOUT_AFFILIATES;
use crate::sanctions::subject::keys::{KeyKind, measure_key};
use crate::sanctions::subject::model::MeasureKind;
use crate::store::{Deadline, Error, Store};

/// A programme of a list and how many are under it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Programme {
    pub list: String,
    pub programme: String,
    pub subjects: i64,
}

/// Begins a question about keys `k` of subjects `s`.
fn keys(kind: KeyKind) -> SelectStatement {
    let is_of_subject = Expr::col(("s", subject::Column::Subject)).equals(("k", Key::Subject));
    Query::select()
        .from_as(key::Entity, "k")
        .join_as(JoinType::InnerJoin, subject::Entity, "s", is_of_subject)
        .and_where(Expr::col(("k", Key::Kind)).eq(kind as i64))
        .take()
}

/// Programmes after a position, by list and name.
pub async fn programmes(
    store: &Store,
    lists: &[String],
    moment: &Moment,
    after: Option<(String, String)>,
    limit: usize,
    deadline: &Deadline,
) -> Result<Vec<Programme>, Error> {
    let list = || Expr::col(("d", dataset::Column::Name));
    let programme = || Expr::col(("k", Key::Key));
    let is_of_list = Expr::col(("d", dataset::Column::Id)).equals(("s", subject::Column::Dataset));
    let mut select = keys(KeyKind::Programme);
    select
        .join_as(JoinType::InnerJoin, dataset::Entity, "d", is_of_list)
        .expr_as(list(), "list")
        .expr_as(programme(), "programme")
        .expr_as(Expr::col(Asterisk).count(), "subjects")
        .cond_where(visible("k", moment));
    if !lists.is_empty() {
        select.and_where(list().is_in(lists));
    }
    if let Some((after_list, after_programme)) = after {
        let is_of_list = list().eq(after_list.clone()).and(programme().gt(after_programme));
        select.cond_where(Condition::any().add(list().gt(after_list)).add(is_of_list));
    }
    select
        .add_group_by([list(), programme()])
        .order_by_expr(list(), Order::Asc)
        .order_by_expr(programme(), Order::Asc)
        .limit(limit as u64);
    store.find(select, deadline).await
}

/// Who designates by a list, and when a file of it was last imported or found to be the same.
#[derive(Clone, Debug)]
pub struct Check {
    pub authority: String,
    pub checked_at_ms: i64,
}

/// By number of the dataset.
pub async fn checks(store: &Store, deadline: &Deadline) -> Result<HashMap<i64, Check>, Error> {
    let lists: Vec<list::Model> = store.find(list::Entity::find().into_query(), deadline).await?;
    let check = |list: list::Model| Check { authority: list.authority, checked_at_ms: list.checked_at_ms };
    Ok(lists.into_iter().map(|list| (i64::from(list.dataset), check(list))).collect())
}

/// Number of the dataset of that name, if the store has it. Blocks.
pub fn dataset_number(store: &Store, name: &str) -> Result<Option<i64>, Error> {
    let select = dataset::Entity::find().filter(dataset::Column::Name.eq(name)).into_query();
    Ok(store.find_blocking::<dataset::Model>(select)?.pop().map(|dataset| i64::from(dataset.id)))
}

/// That a list has designations by an authority which its ownership rule counts.
#[derive(Clone, Debug)]
pub struct Designating {
    pub dataset: i64,
    pub authority: String,
    /// Publication day of the first release that has one, YYYYMMDD.
    pub since_day: i64,
}

#[derive(FromQueryResult)]
struct DesignatingRow {
    dataset: i32,
    authority: String,
    since_day: i32,
}

/// All that any release ever had. Looks at every listing: callers keep the answer until the next release.
pub async fn designating(store: &Store, deadline: &Deadline) -> Result<Vec<Designating>, Error> {
    let first_by = |select: &mut SelectStatement, authority: Expr| {
        select
            .column(("s", subject::Column::Dataset))
            .expr_as(authority.clone(), "authority")
            .expr_as(Expr::col(("k", Key::SinceDay)).min(), "since_day")
            .add_group_by([Expr::col(("s", subject::Column::Dataset)), authority]);
    };
    let measure = |kind: MeasureKind| {
        let is_same_version = Expr::col(("r", Record::Subject))
            .equals(("k", Key::Subject))
            .and(Expr::col(("r", Record::SinceRelease)).equals(("k", Key::SinceRelease)));
        let mut select = keys(KeyKind::Measure);
        select
            .join_as(JoinType::InnerJoin, record::Entity, "r", is_same_version)
            .and_where(Expr::col(("k", Key::Key)).eq(measure_key(kind)));
        first_by(&mut select, Expr::col(("r", Record::Authority)));
        select
    };
    let mut restricted = measure(MeasureKind::ExportRestriction);
    restricted.and_where(Expr::col(("r", Record::Authority)).eq("BIS"));
    for part in BIS_PARTS_WITHOUT_AFFILIATES {
        let is_of_part = format!("%\"source_list\":\"{part}\"%");
        restricted.and_where(Expr::col(("r", Record::Record)).not_like(is_of_part));
    }
    // Entries with measures of several authorities.
    let mut shared = keys(KeyKind::Authority);
    first_by(&mut shared, Expr::col(("k", Key::Key)));
    let mut select = measure(MeasureKind::AssetFreeze);
    select.union(UnionType::All, restricted).union(UnionType::All, shared);
    let designating = |row: DesignatingRow| Designating {
        dataset: i64::from(row.dataset),
        authority: row.authority,
        since_day: i64::from(row.since_day),
    };
    Ok(store.find(select, deadline).await?.into_iter().map(designating).collect())
}
