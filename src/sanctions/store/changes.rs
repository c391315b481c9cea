//! Reading the feed of changes.

use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, JoinType, Order, Query, SelectStatement};
use sea_orm::{ColumnTrait as _, EntityTrait as _, FromQueryResult, QuerySelect as _, QueryTrait as _};
use serde::Deserialize;

use super::entity::change::{self, Column as Changed};
use super::entity::key::Column as Key;
use super::entity::record::{self, Column as Record};
use super::entity::subject;
use super::keys;
use crate::register::Moment;
use crate::register::entity::dataset;
use crate::sanctions::feed::change::{Change, ChangeKind, Entry, Filter};
use crate::sanctions::subject::keys::{KeyKind, measure_key};
use crate::sanctions::subject::model::{Measure, Programme};
use crate::sanctions::subject::search::Wanted;
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
    authority: String,
    record: String,
}

/// What is needed of a record.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Listing {
    programmes: Vec<Programme>,
    measures: Vec<Measure>,
}

impl Listing {
    fn entry(self, authority: String) -> Entry {
        let mut entry = Entry::default();
        let imposing = self.measures.iter().map(|measure| measure.authority.clone());
        for name in std::iter::once(authority).chain(imposing) {
            if !name.is_empty() && !entry.authorities.contains(&name) {
                entry.authorities.push(name);
            }
        }
        entry.programmes = self.programmes.into_iter().map(|programme| programme.code).collect();
        for measure in self.measures {
            if !entry.measures.contains(&measure.kind) {
                entry.measures.push(measure.kind);
            }
        }
        entry
    }
}

impl TryFrom<ChangeRow> for Change {
    type Error = Error;

    fn try_from(row: ChangeRow) -> Result<Self, Error> {
        let fields = serde_json::from_str(&row.fields)
            .map_err(|error| Error::Other(format!("a stored change cannot be read: {error}")))?;
        let listing: Listing = serde_json::from_str(&row.record)
            .map_err(|error| Error::Other(format!("a record of a subject cannot be read: {error}")))?;
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
            entry: listing.entry(row.authority),
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
    // The version that the release brought, or the one that it ended.
    let record = |column: Record| Expr::col(("r", column));
    let is_brought = Condition::all()
        .add(changed(Changed::Kind).ne(ChangeKind::Removed as i64))
        .add(record(Record::SinceRelease).equals(("c", Changed::Release)));
    let is_ended = Condition::all()
        .add(changed(Changed::Kind).eq(ChangeKind::Removed as i64))
        .add(record(Record::UntilRelease).equals(("c", Changed::Release)));
    let is_of_change = Condition::all()
        .add(record(Record::Subject).equals(("c", Changed::Subject)))
        .add(Condition::any().add(is_brought).add(is_ended));
    Query::select()
        .columns(columns.map(|column| ("c", column)))
        .columns([("r", Record::Authority), ("r", Record::Record)])
        .expr_as(Expr::col(("d", dataset::Column::Name)), "list")
        .column(("s", subject::Column::Uid))
        .from_as(change::Entity, "c")
        .join_as(JoinType::InnerJoin, subject::Entity, "s", is_to_subject)
        .join_as(JoinType::InnerJoin, dataset::Entity, "d", is_of_list)
        .join_as(JoinType::InnerJoin, record::Entity, "r", is_of_change)
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
    if !filter.subject_kinds.is_empty() {
        select.and_where(changed(Changed::SubjectKind).is_in(filter.subject_kinds.iter().map(|kind| *kind as i64)));
    }
    if !filter.programmes.is_empty() {
        select.and_where(had_or_has(&Wanted::one_of(KeyKind::Programme, &filter.programmes)));
    }
    if !filter.measures.is_empty() {
        let measures: Vec<String> = filter.measures.iter().map(|kind| measure_key(*kind)).collect();
        select.and_where(had_or_has(&Wanted::one_of(KeyKind::Measure, &measures)));
    }
    if !filter.authorities.is_empty() {
        let imposes = had_or_has(&Wanted::one_of(KeyKind::Authority, &filter.authorities));
        select.and_where(Expr::col(("r", Record::Authority)).is_in(&filter.authorities).or(imposes));
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

/// The subject of the change `c` has a key after it, or had it before.
fn had_or_has(wanted: &Wanted) -> Expr {
    let release = || Expr::col(("c", Changed::Release));
    let until = || Expr::col(("q", Key::UntilRelease));
    let keys = keys::subjects(wanted)
        .and_where(Expr::col(("q", Key::Subject)).equals(("c", Changed::Subject)))
        .and_where(Expr::col(("q", Key::SinceRelease)).lte(release()))
        .and_where(until().is_null().or(until().gte(release())))
        .take();
    Expr::exists(keys)
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
