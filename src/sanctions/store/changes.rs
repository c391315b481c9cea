//! Reading the feed of changes.

use sea_orm::sea_query::{Expr, ExprTrait as _, JoinType, Order, Query, SelectStatement};
use sea_orm::{ColumnTrait as _, EntityTrait as _, FromQueryResult, QuerySelect as _, QueryTrait as _};

use super::entity::change::{self, Column as Changed};
use super::entity::subject;
use crate::register::Moment;
use crate::register::entity::dataset;
use crate::sanctions::feed::change::{Change, ChangeKind, Filter};
use crate::store::{Deadline, Error, Store};

#[derive(FromQueryResult)]
struct ChangeRow {
    id: i64,
    release: i32,
    day: i32,
    kind: i16,
    initial: i16,
    subject_kind: i16,
    name: String,
    fields: String,
    list: String,
    uid: String,
}

impl TryFrom<ChangeRow> for Change {
    type Error = Error;

    fn try_from(row: ChangeRow) -> Result<Self, Error> {
        let fields = serde_json::from_str(&row.fields)
            .map_err(|error| Error::Other(format!("a stored change cannot be read: {error}")))?;
        let kind = match row.kind {
            1 => ChangeKind::Added,
            2 => ChangeKind::Changed,
            _ => ChangeKind::Removed,
        };
        Ok(Self {
            id: row.id,
            list: row.list,
            uid: row.uid,
            name: row.name,
            subject_kind: i64::from(row.subject_kind),
            kind,
            release: i64::from(row.release),
            day: i64::from(row.day),
            initial: row.initial == 1,
            fields,
        })
    }
}

/// Begins a question about changes `c` to subjects `s` of the lists `d` that may be seen at a moment.
fn select(moment: &Moment) -> SelectStatement {
    let columns = [
        Changed::Id,
        Changed::Release,
        Changed::Day,
        Changed::Kind,
        Changed::Initial,
        Changed::SubjectKind,
        Changed::Name,
        Changed::Fields,
    ];
    let is_to_subject = Expr::col(("s", subject::Column::Subject)).equals(("c", Changed::Subject));
    let is_of_list = Expr::col(("d", dataset::Column::Id)).equals(("s", subject::Column::Dataset));
    Query::select()
        .columns(columns.map(|column| ("c", column)))
        .expr_as(Expr::col(("d", dataset::Column::Name)), "list")
        .column(("s", subject::Column::Uid))
        .from_as(change::Entity, "c")
        .join_as(JoinType::InnerJoin, subject::Entity, "s", is_to_subject)
        .join_as(JoinType::InnerJoin, dataset::Entity, "d", is_of_list)
        .and_where(changed(Changed::Release).lte(moment.release))
        .and_where(changed(Changed::Day).lte(moment.day))
        .take()
}

fn changed(column: Changed) -> Expr {
    Expr::col(("c", column))
}

async fn find(store: &Store, select: SelectStatement, deadline: &Deadline) -> Result<Vec<Change>, Error> {
    store.find::<ChangeRow>(select, deadline).await?.into_iter().map(Change::try_from).collect()
}

/// Changes after a sequence number, oldest first.
pub async fn after(
    store: &Store,
    id: i64,
    filter: &Filter,
    moment: &Moment,
    limit: usize,
    deadline: &Deadline,
) -> Result<Vec<Change>, Error> {
    let mut select = select(moment);
    select.and_where(changed(Changed::Id).gt(id));
    if !filter.lists.is_empty() {
        select.and_where(Expr::col(("d", dataset::Column::Name)).is_in(&filter.lists));
    }
    if !filter.kinds.is_empty() {
        select.and_where(changed(Changed::Kind).is_in(filter.kinds.iter().map(|kind| *kind as i64)));
    }
    if filter.skip_initial {
        select.and_where(changed(Changed::Initial).eq(0));
    }
    if let Some(day) = filter.since_day {
        select.and_where(changed(Changed::Day).gte(day));
    }
    select.order_by(("c", Changed::Id), Order::Asc).limit(limit as u64);
    find(store, select, deadline).await
}

/// Sequence number of the newest change; 0 when there is none.
pub async fn newest(store: &Store, deadline: &Deadline) -> Result<i64, Error> {
    #[derive(FromQueryResult)]
    struct Newest {
        id: Option<i64>,
    }
    let select = change::Entity::find().select_only().column_as(Changed::Id.max(), "id").into_query();
    Ok(store.find::<Newest>(select, deadline).await?.pop().and_then(|newest| newest.id).unwrap_or(0))
}

/// What happened to one subject, newest first.
pub async fn of_subject(
    store: &Store,
    list: &str,
    uid: &str,
    moment: &Moment,
    before: Option<i64>,
    limit: usize,
    deadline: &Deadline,
) -> Result<Vec<Change>, Error> {
    let mut select = select(moment);
    select.and_where(Expr::col(("d", dataset::Column::Name)).eq(list));
    select.and_where(Expr::col(("s", subject::Column::Uid)).eq(uid));
    if let Some(before) = before {
        select.and_where(changed(Changed::Id).lt(before));
    }
    select.order_by(("c", Changed::Id), Order::Desc).limit(limit as u64);
    find(store, select, deadline).await
}
