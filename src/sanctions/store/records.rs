//! Questions about the records of subjects, and a page of them.

use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Expr, ExprTrait as _, JoinType, Order, Query, SelectStatement};

use super::entity::change::{self, Column as Changed};
use super::entity::record::{self, Column as Record};
use super::entity::subject;
use super::keys::candidates;
use super::versions::{Answering, one_of};
use crate::register::Moment;
use crate::register::entity::{dataset, release};
use crate::sanctions::feed::change::ChangeKind;
use crate::sanctions::subject::listed::Listed;
use crate::sanctions::subject::search::Wanted;
use crate::store::{Deadline, Error, Store};

/// Most candidates of one statement: a filter may leave few of them.
const CANDIDATES_MAX: usize = 8192;

#[derive(FromQueryResult)]
struct RecordRow {
    subject: i32,
    since_release: i32,
    spell_day: i32,
    authority: String,
    record: String,
    list: String,
    newest_release: i32,
    /// Asked for with a day in force.
    removal_day: Option<i32>,
}

impl TryFrom<RecordRow> for Listed {
    type Error = Error;

    fn try_from(row: RecordRow) -> Result<Self, Error> {
        let subject = serde_json::from_str(&row.record)
            .map_err(|error| Error::Other(format!("a record of a subject cannot be read: {error}")))?;
        Ok(Self {
            number: i64::from(row.subject),
            list: row.list,
            authority: row.authority,
            since_release: i64::from(row.since_release),
            spell_day: i64::from(row.spell_day),
            removal_day: row.removal_day.map(i64::from),
            subject,
            newest_release: i64::from(row.newest_release),
            rank: 0,
        })
    }
}

/// Begins a question about the records that answer at a moment.
pub fn select(moment: &Moment, answering: Answering) -> SelectStatement {
    let columns = [Record::Subject, Record::SinceRelease, Record::SpellDay, Record::Authority, Record::Record];
    let newest_release = Query::select().expr(Expr::col(release::Column::Id).max()).from(release::Entity).take();
    let is_of_subject = Expr::col(("s", subject::Column::Subject)).equals(("r", Record::Subject));
    let is_of_list = Expr::col(("d", dataset::Column::Id)).equals(("s", subject::Column::Dataset));
    let mut select = Query::select()
        .columns(columns.map(|column| ("r", column)))
        .expr_as(Expr::col(("d", dataset::Column::Name)), "list")
        .expr_as(one_of(newest_release), "newest_release")
        .from_as(record::Entity, "r")
        .join_as(JoinType::InnerJoin, subject::Entity, "s", is_of_subject)
        .join_as(JoinType::InnerJoin, dataset::Entity, "d", is_of_list)
        .cond_where(answering(moment))
        .take();
    if moment.in_force.is_some() {
        select.expr_as(one_of(first_removal(moment)), "removal_day");
    }
    select
}

/// Publication day of the first release that no longer has the subject.
fn first_removal(moment: &Moment) -> SelectStatement {
    let change = |column: Changed| Expr::col(("c", column));
    Query::select()
        .expr(change(Changed::Day).min())
        .from_as(change::Entity, "c")
        .and_where(change(Changed::Subject).equals(("r", Record::Subject)))
        .and_where(change(Changed::Kind).eq(ChangeKind::Removed as i64))
        .and_where(change(Changed::Release).gt(Expr::col(("r", Record::SinceRelease))))
        .and_where(change(Changed::Release).lte(moment.release))
        .and_where(change(Changed::Day).lte(moment.day))
        .take()
}

/// The answer to a question that [`select`] began.
pub async fn find(store: &Store, select: SelectStatement, deadline: &Deadline) -> Result<Vec<Listed>, Error> {
    store.find::<RecordRow>(select, deadline).await?.into_iter().map(Listed::try_from).collect()
}

/// The first subjects after a number.
pub fn first_after(select: &mut SelectStatement, after: i64, limit: usize) {
    select.and_where(Expr::col(("r", Record::Subject)).gt(after));
    select.order_by(("r", Record::Subject), Order::Asc).limit(limit as u64);
}

/// One page of the subjects after a number that have what is wanted, of the records that a question asks for.
pub async fn page(
    store: &Store,
    wanted: &[Wanted],
    after: i64,
    limit: usize,
    deadline: &Deadline,
    records: &SelectStatement,
) -> Result<Vec<Listed>, Error> {
    let (mut found, mut after, mut most) = (Vec::new(), after, limit * 2);
    loop {
        let candidates = candidates(store, wanted, after, most, deadline).await?;
        let Some(last) = candidates.last().copied() else {
            return Ok(found);
        };
        // Always as many parameters, so that the statement stays prepared.
        let filled = candidates.iter().copied().chain(std::iter::repeat(last)).take(most);
        let mut select = records.clone();
        select.and_where(Expr::col(("r", Record::Subject)).is_in(filled));
        select.order_by(("r", Record::Subject), Order::Asc).limit((limit - found.len()) as u64);
        found.extend(find(store, select, deadline).await?);
        if found.len() >= limit || candidates.len() < most {
            return Ok(found);
        }
        (after, most) = (last, (most * 4).min(CANDIDATES_MAX));
    }
}
