//! Keys that subjects must have, and pages of the subjects that have them.
//!
//! A common word or programme has thousands of subjects, and a page has twenty. So candidates come first, as numbers from
//! the keys alone and in their order, only as many as will do; then the records of these few are looked at.

use super::subjects::{Stored, stored};
use crate::sanctions::subject::keys::KeyKind;
use crate::store::{Deadline, Error, Query, Store};

/// Keys are versioned as records are: those that stood when the version began are its own.
pub(super) const KEY_OF_VERSION: &str =
    "k.since_release <= r.since_release AND (k.until_release IS NULL OR k.until_release > r.since_release)";

/// Most candidates of one statement: a filter may leave few of them.
const CANDIDATES_MAX: usize = 8192;

/// Keys of one kind of which a subject must have one.
#[derive(Clone, Debug)]
pub struct Wanted {
    kind: KeyKind,
    keys: Keys,
}

#[derive(Clone, Debug)]
enum Keys {
    OneOf(Vec<String>),
    Beginning(String),
}

impl Wanted {
    pub fn one_of<T: AsRef<str>>(kind: KeyKind, keys: &[T]) -> Self {
        Self { kind, keys: Keys::OneOf(keys.iter().map(|key| key.as_ref().to_owned()).collect()) }
    }

    /// Keys of ASCII letters and digits.
    pub fn beginning(kind: KeyKind, text: String) -> Self {
        Self { kind, keys: Keys::Beginning(text) }
    }

    fn condition(&self, alias: &str, query: &mut Query) {
        query.sql(&format!("{alias}.kind = ")).bind(self.kind as i64).sql(&format!(" AND {alias}.key "));
        match &self.keys {
            Keys::OneOf(keys) => query.sql("IN ").bind_list(keys.iter().cloned()),
            // All of ASCII's letters and digits sort before the tilde.
            Keys::Beginning(text) => {
                query.sql(">= ").bind(text.as_str()).sql(&format!(" AND {alias}.key < ")).bind(format!("{text}~"))
            }
        };
    }

    /// Subjects that ever had one, as a set for `IN`.
    pub(super) fn subjects(&self, query: &mut Query) {
        query.sql("SELECT q.subject FROM sanction_keys q WHERE ");
        self.condition("q", query);
    }

    /// The version of the record `r` has one.
    pub(super) fn of_version(&self, query: &mut Query) {
        query.sql("EXISTS (SELECT 1 FROM sanction_keys k WHERE k.subject = r.subject AND ");
        self.condition("k", query);
        query.sql(" AND ").sql(KEY_OF_VERSION).sql(")");
    }
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
        wanted.condition("q", &mut query);
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
) -> Result<Vec<Stored>, Error> {
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
