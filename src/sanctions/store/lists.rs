//! Reading what is known of whole lists: programmes, and when somebody last looked.

use std::collections::HashMap;

use crate::register::Moment;
use crate::sanctions::ownership::designation::BIS_PARTS_WITHOUT_AFFILIATES;
use crate::sanctions::subject::keys::{KeyKind, measure_key};
use crate::sanctions::subject::model::MeasureKind;
use crate::store::{Deadline, Error, Query, Store};

/// A programme of a list and how many are under it.
#[derive(Clone, Debug)]
pub struct Programme {
    pub list: String,
    pub programme: String,
    pub subjects: i64,
}

/// Programmes behind a position, by list and name.
pub async fn programmes(
    store: &Store,
    lists: &[String],
    moment: &Moment,
    after: Option<(String, String)>,
    limit: usize,
    deadline: &Deadline,
) -> Result<Vec<Programme>, Error> {
    let mut query = Query::new(
        store,
        "SELECT d.name, k.key, CAST(COUNT(*) AS BIGINT)
            FROM sanction_keys k JOIN sanction_subjects s ON s.subject = k.subject JOIN datasets d ON d.id = s.dataset
            WHERE k.kind = ",
    );
    query.bind(KeyKind::Programme as i64).sql(" AND ");
    moment.visible("k", &mut query);
    if !lists.is_empty() {
        query.sql(" AND d.name IN ").bind_list(lists.iter().cloned());
    }
    if let Some((list, programme)) = after {
        query.sql(" AND (d.name > ").bind(list.clone()).sql(" OR (d.name = ").bind(list);
        query.sql(" AND k.key > ").bind(programme).sql("))");
    }
    query.sql(" GROUP BY d.name, k.key ORDER BY d.name, k.key LIMIT ").bind(limit as i64);
    let rows = store.rows(query, deadline).await?;
    rows.iter()
        .map(|row| Ok(Programme { list: row.text(0)?, programme: row.text(1)?, subjects: row.number(2)? }))
        .collect()
}

/// Who designates by a list, and when a file of it was last imported or found to be the same.
#[derive(Clone, Debug)]
pub struct Check {
    pub authority: String,
    pub checked_at_ms: i64,
}

/// By number of the dataset.
pub async fn checks(store: &Store, deadline: &Deadline) -> Result<HashMap<i64, Check>, Error> {
    let sql = "SELECT CAST(dataset AS BIGINT), authority, CAST(checked_at_ms AS BIGINT) FROM sanction_lists";
    let rows = store.rows(Query::new(store, sql), deadline).await?;
    rows.iter()
        .map(|row| Ok((row.number(0)?, Check { authority: row.text(1)?, checked_at_ms: row.number(2)? })))
        .collect()
}

/// Whether the store has a dataset of that name. Blocks.
pub fn is_registered(store: &Store, name: &str) -> Result<bool, Error> {
    let mut query = Query::new(store, "SELECT name FROM datasets WHERE name = ");
    query.bind(name);
    Ok(!store.blocking_rows(query)?.is_empty())
}

/// That a list has designations by an authority which its ownership rule counts.
#[derive(Clone, Debug)]
pub struct Designating {
    pub dataset: i64,
    pub authority: String,
    /// Publication day of the first release that has one, YYYYMMDD.
    pub since_day: i64,
}

/// All that any release ever had. Looks at every listing: callers keep the answer until the next release.
pub async fn designating(store: &Store, deadline: &Deadline) -> Result<Vec<Designating>, Error> {
    let measure = |query: &mut Query, kind: MeasureKind| {
        query.sql(
            " FROM sanction_keys k JOIN sanction_subjects s ON s.subject = k.subject JOIN sanction_records r
                ON r.subject = k.subject AND r.since_release = k.since_release WHERE k.kind = ",
        );
        query.bind(KeyKind::Measure as i64).sql(" AND k.key = ").bind(measure_key(kind));
    };
    let columns = "CAST(s.dataset AS BIGINT), r.authority, CAST(MIN(k.since_day) AS BIGINT)";
    let mut query = Query::new(store, &format!("SELECT {columns}"));
    measure(&mut query, MeasureKind::AssetFreeze);
    query.sql(" GROUP BY s.dataset, r.authority UNION ALL SELECT ").sql(columns);
    measure(&mut query, MeasureKind::ExportRestriction);
    query.sql(" AND r.authority = 'BIS'");
    for part in BIS_PARTS_WITHOUT_AFFILIATES {
        query.sql(" AND r.record NOT LIKE ").bind(format!("%\"source_list\":\"{part}\"%"));
    }
    // Entries with measures of several authorities.
    query.sql(" GROUP BY s.dataset, r.authority UNION ALL");
    query.sql(" SELECT CAST(s.dataset AS BIGINT), k.key, CAST(MIN(k.since_day) AS BIGINT) FROM sanction_keys k");
    query.sql(" JOIN sanction_subjects s ON s.subject = k.subject WHERE k.kind = ").bind(KeyKind::Authority as i64);
    query.sql(" GROUP BY s.dataset, k.key");
    let rows = store.rows(query, deadline).await?;
    rows.iter()
        .map(|row| Ok(Designating { dataset: row.number(0)?, authority: row.text(1)?, since_day: row.number(2)? }))
        .collect()
}
