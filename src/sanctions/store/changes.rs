//! Reading the feed of changes.

use crate::register::Moment;
use crate::sanctions::feed::change::{Change, ChangeKind, Filter};
use crate::store::{Deadline, Error, Query, Row, Store};

const SELECT: &str = "SELECT CAST(c.id AS BIGINT), d.name, s.uid, c.name, CAST(c.subject_kind AS BIGINT),
    CAST(c.kind AS BIGINT), CAST(c.release AS BIGINT), CAST(c.day AS BIGINT), CAST(c.initial AS BIGINT), c.fields
    FROM sanction_changes c JOIN sanction_subjects s ON s.subject = c.subject JOIN datasets d ON d.id = s.dataset WHERE ";

fn change(row: &Row) -> Result<Change, Error> {
    let fields = serde_json::from_str(&row.text(9)?)
        .map_err(|error| Error::Other(format!("a stored change cannot be read: {error}")))?;
    let kind = match row.number(5)? {
        1 => ChangeKind::Added,
        2 => ChangeKind::Changed,
        _ => ChangeKind::Removed,
    };
    Ok(Change {
        id: row.number(0)?,
        list: row.text(1)?,
        uid: row.text(2)?,
        name: row.text(3)?,
        subject_kind: row.number(4)?,
        kind,
        release: row.number(6)?,
        day: row.number(7)?,
        initial: row.number(8)? == 1,
        fields,
    })
}

/// Changes behind a sequence number, oldest first.
pub async fn after(
    store: &Store,
    id: i64,
    filter: &Filter,
    moment: &Moment,
    limit: usize,
    deadline: &Deadline,
) -> Result<Vec<Change>, Error> {
    let mut query = Query::new(store, SELECT);
    query.sql("c.id > ").bind(id).sql(" AND c.release <= ").bind(moment.release);
    query.sql(" AND c.day <= ").bind(moment.day);
    if !filter.lists.is_empty() {
        query.sql(" AND d.name IN ").bind_list(filter.lists.iter().cloned());
    }
    if !filter.kinds.is_empty() {
        query.sql(" AND c.kind IN ").bind_list(filter.kinds.iter().map(|kind| *kind as i64));
    }
    if filter.skip_initial {
        query.sql(" AND c.initial = 0");
    }
    if let Some(day) = filter.since_day {
        query.sql(" AND c.day >= ").bind(day);
    }
    query.sql(" ORDER BY c.id LIMIT ").bind(limit as i64);
    store.rows(query, deadline).await?.iter().map(change).collect()
}

/// Sequence number of the newest change; 0 when there is none.
pub async fn newest(store: &Store, deadline: &Deadline) -> Result<i64, Error> {
    let query = Query::new(store, "SELECT CAST(COALESCE(MAX(id), 0) AS BIGINT) FROM sanction_changes");
    store.rows(query, deadline).await?.first().map_or(Ok(0), |row| row.number(0))
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
    let mut query = Query::new(store, SELECT);
    query.sql("d.name = ").bind(list).sql(" AND s.uid = ").bind(uid);
    query.sql(" AND c.release <= ").bind(moment.release).sql(" AND c.day <= ").bind(moment.day);
    if let Some(before) = before {
        query.sql(" AND c.id < ").bind(before);
    }
    query.sql(" ORDER BY c.id DESC LIMIT ").bind(limit as i64);
    store.rows(query, deadline).await?.iter().map(change).collect()
}
