//! Keys that subjects must have, as conditions, and the subjects that have them.
//!
//! A common word or programme has thousands of subjects, and a page has twenty. So candidates come first, as numbers from
//! the keys alone and in their order, only as many as will do; then the records of these few are looked at.

use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, Order, Query, SelectStatement, UnionType};

use super::entity::key::{self, Column as Key};
use super::entity::record::Column as Record;
use crate::sanctions::subject::search::{Keys, Wanted};
use crate::store::{Deadline, Error, Store};

/// Keys `k` are versioned as records `r` are: those that stood when the version began are its own.
pub fn is_of_version() -> Condition {
    let began = || Expr::col(("r", Record::SinceRelease));
    let until = || Expr::col(("k", Key::UntilRelease));
    Condition::all()
        .add(Expr::col(("k", Key::SinceRelease)).lte(began()))
        .add(until().is_null().or(until().gt(began())))
}

/// Keys of the table `alias` are among those wanted.
fn is_wanted(wanted: &Wanted, alias: &'static str) -> Condition {
    let key = || Expr::col((alias, Key::Key));
    let condition = Condition::all().add(Expr::col((alias, Key::Kind)).eq(wanted.kind as i64));
    match &wanted.keys {
        Keys::OneOf(keys) => condition.add(key().is_in(keys)),
        // All of ASCII's letters and digits sort before the tilde.
        Keys::Beginning(text) => condition.add(key().gte(text.as_str())).add(key().lt(format!("{text}~"))),
    }
}

/// Subjects that ever had one.
pub fn subjects(wanted: &Wanted) -> SelectStatement {
    Query::select().column(("q", Key::Subject)).from_as(key::Entity, "q").cond_where(is_wanted(wanted, "q")).take()
}

/// Their texts, whoever has or had them.
pub fn of(wanted: &Wanted) -> SelectStatement {
    Query::select().column(("q", Key::Key)).from_as(key::Entity, "q").cond_where(is_wanted(wanted, "q")).take()
}

/// The version of the record `r` has one.
pub fn version_has(wanted: &Wanted) -> Expr {
    let keys = Query::select()
        .column(("k", Key::Subject))
        .from_as(key::Entity, "k")
        .and_where(Expr::col(("k", Key::Subject)).equals(("r", Record::Subject)))
        .cond_where(is_wanted(wanted, "k"))
        .cond_where(is_of_version())
        .take();
    Expr::exists(keys)
}

/// Subjects after a number that have or had what is wanted of each, by number.
pub async fn candidates(
    store: &Store,
    wanted: &[Wanted],
    after: i64,
    most: usize,
    deadline: &Deadline,
) -> Result<Vec<i64>, Error> {
    #[derive(FromQueryResult)]
    struct Candidate {
        subject: i32,
    }
    let sets = wanted.iter().map(|wanted| {
        let mut set = subjects(wanted);
        set.and_where(Expr::col(("q", Key::Subject)).gt(after));
        set
    });
    let Some(mut select) = sets.reduce(|mut first, next| first.union(UnionType::Intersect, next).take()) else {
        return Ok(Vec::new());
    };
    // One set alone comes in the order of its index, and is read no further than asked.
    select.distinct().order_by(Key::Subject, Order::Asc).limit(most as u64);
    let found: Vec<Candidate> = store.find(select, deadline).await?;
    Ok(found.into_iter().map(|candidate| i64::from(candidate.subject)).collect())
}
