//! Keys that subjects must have, and pages of the subjects that have them.
//!
//! A common word or programme has thousands of subjects, and a page has twenty. So candidates come first, as numbers from
//! the keys alone and in their order, only as many as will do; then the records of these few are looked at.

use super::subjects::stored;
use crate::sanctions::subject::listed::Listed;
use crate::sanctions::subject::search::{Keys, Wanted};
use crate::store::{Deadline, Error, Query, Store};

/// Keys are versioned as records are: those that stood when the version began are its own.
pub(super) const KEY_OF_VERSION: &str =
    "k.since_release <= r.since_release AND (k.until_release IS NULL OR k.until_release > r.since_release)";

/// Most candidates of one statement: a filter may leave few of them.
const CANDIDATES_MAX: usize = 8192;

fn condition(wanted: &Wanted, alias: &str, query: &mut Query) {
    query.sql(&format!("{alias}.kind = ")).bind(wanted.kind as i64).sql(&format!(" AND {alias}.key "));
    match &wanted.keys {
        Keys::OneOf(keys) => query.sql("IN ").bind_list(keys.iter().cloned()),
        // All of ASCII's letters and digits sort before the tilde.
        Keys::Beginning(text) => {
            query.sql(">= ").bind(text.as_str()).sql(&format!(" AND {alias}.key < ")).bind(format!("{text}~"))
        }
    };
}

/// Subjects that ever had one, as a set for `IN`.
pub(super) fn subjects(wanted: &Wanted, query: &mut Query) {
    query.sql("SELECT q.subject FROM sanction_keys q WHERE ");
    condition(wanted, "q", query);
}

/// The version of the record `r` has one.
pub(super) fn of_version(wanted: &Wanted, query: &mut Query) {
    query.sql("EXISTS (SELECT 1 FROM sanction_keys k WHERE k.subject = r.subject AND ");
    condition(wanted, "k", query);
    query.sql(" AND ").sql(KEY_OF_VERSION).sql(")");
}

/// Subjects behind a number that have or had what is wanted of each, by number.
async fn candidates(
    store: &Store,
    wanted: &[Wanted],
    after: i64,
    most: usize,
    deadline: &Deadline,
) -> Result<Vec<i64>, Error> {
    let mut query = Query::new(store, "SELECT CAST(t.subject AS BIGINT) FROM (");
    for (place, wanted) in wanted.iter().enumerate() {
        // One set alone comes in the order of its index, and is read no further than asked.
        query.sql(if place == 0 { "SELECT DISTINCT q.subject" } else { " INTERSECT SELECT q.subject" });
        query.sql(" FROM sanction_keys q WHERE ");
        condition(wanted, "q", &mut query);
        query.sql(" AND q.subject > ").bind(after);
    }
    query.sql(" ORDER BY 1 LIMIT ").bind(most as i64).sql(") t ORDER BY 1");
    store.rows(query, deadline).await?.iter().map(|row| row.number(0)).collect()
}

/// One page of the subjects behind a number that have what is wanted. `records` begins a query of the records `r` to
/// choose from; which subjects, in which order and how many is added here.
pub(super) async fn page(
    store: &Store,
    wanted: &[Wanted],
    after: i64,
    limit: usize,
    deadline: &Deadline,
    records: impl Fn() -> Query,
) -> Result<Vec<Listed>, Error> {
    let (mut found, mut after, mut most) = (Vec::new(), after, limit * 2);
    loop {
        let candidates = candidates(store, wanted, after, most, deadline).await?;
        let Some(last) = candidates.last().copied() else {
            return Ok(found);
        };
        let mut query = records();
        // Always as many parameters, so that the statement stays prepared.
        let filled = candidates.iter().copied().chain(std::iter::repeat(last)).take(most);
        query.sql(" AND r.subject IN ").bind_list(filled);
        query.sql(" ORDER BY r.subject LIMIT ").bind((limit - found.len()) as i64);
        for row in store.rows(query, deadline).await? {
            found.push(stored(&row)?);
        }
        if found.len() >= limit || candidates.len() < most {
            return Ok(found);
        }
        (after, most) = (last, (most * 4).min(CANDIDATES_MAX));
    }
}
