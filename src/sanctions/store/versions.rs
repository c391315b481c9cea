//! Which version of a subject's record answers at a moment.

use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, Func, JoinType, Query, SelectStatement};

use super::entity::record::{self, Column as Record};
use super::entity::subject;
use crate::register::Moment;
use crate::register::entity::release;
use crate::register::store::visible;

/// Which record `r` of a subject a question is answered with.
pub type Answering = fn(&Moment) -> Condition;

fn version(column: Record) -> Expr {
    Expr::col(("r", column))
}

/// The condition that a record is the one to answer with: visible, or, for a day in force, the version of that day, or the
/// first one of a later release which says that it was listed by then.
pub fn answers(moment: &Moment) -> Condition {
    let Some(day) = moment.in_force else {
        return visible("r", moment);
    };
    // A release of between its listing and that day which does not have it says that it was not on the list.
    let last_release = releases(moment).expr(publication_day().max()).and_where(publication_day().lte(day)).take();
    let is_not_denied = version(Record::ListedDay).gt(Func::coalesce([one_of(last_release), Expr::val(0)]));
    // The earliest such version, and none where the subject was on the list that day anyhow.
    let earlier = Query::select()
        .column(("e", Record::Subject))
        .from_as(record::Entity, "e")
        .and_where(Expr::col(("e", Record::Subject)).equals(("r", Record::Subject)))
        .and_where(Expr::col(("e", Record::Begins)).eq(1))
        .and_where(Expr::col(("e", Record::SinceRelease)).lt(version(Record::SinceRelease)))
        .and_where(Expr::col(("e", Record::SinceDay)).gt(day))
        .and_where(Expr::col(("e", Record::ListedDay)).lte(day))
        .take();
    let listed_later = Condition::all()
        .add(version(Record::Begins).eq(1))
        .add(version(Record::SinceDay).gt(day))
        .add(version(Record::ListedDay).lte(day))
        .add(version(Record::SinceRelease).lte(moment.release))
        .add(version(Record::SinceDay).lte(moment.day))
        .add(is_not_denied)
        .add(Expr::not_exists(earlier))
        .add(Expr::not_exists(versions_by(day, moment)));
    Condition::any().add(visible("r", &by(day, moment))).add(listed_later)
}

/// As [`answers`], and for a day in force between two releases also the first version of a subject that the later one has
/// new and without a listing date: whether it was on the list that day is not known.
pub fn may_answer(moment: &Moment) -> Condition {
    let Some(day) = moment.in_force else {
        return answers(moment);
    };
    let next_release = releases(moment).expr(publication_day().min()).and_where(publication_day().gte(day)).take();
    let is_new_without_date = Condition::all()
        .add(version(Record::Begins).eq(1))
        .add(version(Record::ListedDay).is_null())
        .add(version(Record::SinceRelease).lte(moment.release))
        .add(version(Record::SinceDay).lte(moment.day))
        .add(version(Record::SinceDay).gt(day))
        .add(version(Record::SinceDay).eq(one_of(next_release)))
        .add(Expr::not_exists(versions_by(day, moment)));
    Condition::any().add(answers(moment)).add(is_new_without_date)
}

/// The moment, as known by a day.
fn by(day: i64, moment: &Moment) -> Moment {
    Moment { day: Ord::min(day, moment.day), ..*moment }
}

/// Versions of the same subject that were on the list by a day.
fn versions_by(day: i64, moment: &Moment) -> SelectStatement {
    Query::select()
        .column(("v", Record::Subject))
        .from_as(record::Entity, "v")
        .and_where(Expr::col(("v", Record::Subject)).equals(("r", Record::Subject)))
        .cond_where(visible("v", &by(day, moment)))
        .take()
}

/// Begins a question about the releases `p` of the subject's list that may be seen.
fn releases(moment: &Moment) -> SelectStatement {
    let is_of_list = Expr::col(("o", subject::Column::Dataset)).equals(("p", release::Column::Dataset));
    Query::select()
        .from_as(release::Entity, "p")
        .join_as(JoinType::InnerJoin, subject::Entity, "o", is_of_list)
        .and_where(Expr::col(("o", subject::Column::Subject)).equals(("r", Record::Subject)))
        .and_where(Expr::col(("p", release::Column::Id)).lte(moment.release))
        .take()
}

/// The publication date of a release `p` as the number YYYYMMDD.
fn publication_day() -> Expr {
    let date = Expr::col(("p", release::Column::PublicationDate));
    Expr::from(Func::cust("REPLACE").arg(date).arg("-").arg("")).cast_as("integer")
}

/// The one value of a question.
pub(super) fn one_of(select: SelectStatement) -> Expr {
    Expr::SubQuery(None, Box::new(select.into()))
}
