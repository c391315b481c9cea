//! Reading subjects: by name, by filter, and their links.

use crate::register::Moment;
use crate::register::moment::day_number;
use crate::sanctions::subject::identifier;
use crate::sanctions::subject::keys::{self, KeyKind};
use crate::sanctions::subject::listed::{Filter, Link, Listed, SubjectName};
use crate::sanctions::subject::search::Wanted;
use crate::store::{Deadline, Error, Query, Row, Store};

use super::Condition;
use super::wanted::{self, KEY_OF_VERSION};

pub(super) fn select(store: &Store, moment: &Moment, condition: Condition) -> Query {
    let mut query = Query::new(
        store,
        "SELECT d.name, r.authority, CAST(r.subject AS BIGINT), CAST(r.since_release AS BIGINT),
            CAST(r.spell_day AS BIGINT), r.record, CAST((SELECT MAX(id) FROM releases) AS BIGINT), ",
    );
    match moment.in_force {
        None => {
            query.sql("CAST(NULL AS BIGINT)");
        }
        Some(_) => {
            query.sql("CAST((SELECT MIN(c.day) FROM sanction_changes c WHERE c.subject = r.subject AND c.kind = 3");
            query.sql(" AND c.release > r.since_release AND c.release <= ").bind(moment.release);
            query.sql(" AND c.day <= ").bind(moment.day).sql(") AS BIGINT)");
        }
    }
    query.sql(" FROM sanction_records r JOIN sanction_subjects s ON s.subject = r.subject JOIN datasets d ON d.id = s.dataset");
    query.sql(" WHERE ");
    condition(moment, &mut query);
    query
}

pub(super) fn stored(row: &Row) -> Result<Listed, Error> {
    let record = row.text(5)?;
    let subject = serde_json::from_str(&record)
        .map_err(|error| Error::Other(format!("a record of a subject cannot be read: {error}")))?;
    Ok(Listed {
        list: row.text(0)?,
        authority: row.text(1)?,
        number: row.number(2)?,
        since_release: row.number(3)?,
        spell_day: row.number(4)?,
        subject,
        newest_release: row.number(6)?,
        removal_day: row.optional_number(7)?,
        rank: 0,
    })
}

/// Subjects by name, in no particular order.
pub async fn by_name(
    store: &Store,
    names: &[SubjectName],
    moment: &Moment,
    condition: Condition,
    deadline: &Deadline,
) -> Result<Vec<Listed>, Error> {
    let mut query = select(store, moment, condition);
    // Numbers first: the planner then begins with the few subjects.
    query
        .sql(" AND r.subject IN (SELECT x.subject FROM sanction_subjects x JOIN datasets y ON y.id = x.dataset WHERE ");
    for (place, name) in names.iter().enumerate() {
        query.sql(if place == 0 { "(" } else { " OR (" });
        query.sql("y.name = ").bind(name.list.as_str()).sql(" AND x.uid = ").bind(name.uid.as_str()).sql(")");
    }
    query.sql(")");
    store.rows(query, deadline).await?.iter().map(stored).collect()
}

/// Keys that a filter wants, but for an identifier.
pub(super) fn wanted_by(filter: &Filter) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    if !filter.programmes.is_empty() {
        wanted.push(Wanted::one_of(KeyKind::Programme, &filter.programmes));
    }
    if !filter.countries.is_empty() {
        wanted.push(Wanted::one_of(KeyKind::Country, &filter.countries));
    }
    if !filter.measures.is_empty() {
        let measures: Vec<String> = filter.measures.iter().map(|kind| keys::measure_key(*kind)).collect();
        wanted.push(Wanted::one_of(KeyKind::Measure, &measures));
    }
    wanted
}

pub(super) fn add_filter(query: &mut Query, filter: &Filter, moment: &Moment) {
    if !filter.lists.is_empty() {
        query.sql(" AND d.name IN ").bind_list(filter.lists.iter().cloned());
    }
    if !filter.authorities.is_empty() {
        let named = || filter.authorities.iter().cloned();
        query.sql(" AND (r.authority IN ").bind_list(named());
        query.sql(" OR EXISTS (SELECT 1 FROM sanction_keys k WHERE k.subject = r.subject AND k.kind = ");
        query.bind(KeyKind::Authority as i64).sql(" AND k.key IN ").bind_list(named());
        query.sql(" AND ").sql(KEY_OF_VERSION).sql("))");
    }
    if !filter.kinds.is_empty() {
        query.sql(" AND r.kind IN ").bind_list(filter.kinds.iter().map(|kind| *kind as i64));
    }
    for wanted in wanted_by(filter) {
        query.sql(" AND ");
        wanted::of_version(&wanted, query);
    }
    if !filter.identifier.is_empty() {
        // So few have it that the planner may begin with them.
        let wanted = Wanted::one_of(KeyKind::Identifier, &[identifier::normalized_query(&filter.identifier)]);
        query.sql(" AND r.subject IN (");
        wanted::subjects(&wanted, query);
        query.sql(") AND ");
        wanted::of_version(&wanted, query);
    }
    if let Some(day) = filter.listed_since {
        query.sql(" AND r.listed_day >= ").bind(day);
    }
    if let Some(day) = filter.changed_since {
        query.sql(" AND r.since_day >= ").bind(day);
    }
    if !filter.include_delisted {
        let today = day_number(moment.day_in_force());
        query.sql(" AND (r.delisted_day IS NULL OR r.delisted_day > ").bind(today).sql(")");
    }
}

/// One page of a list, in the order of the subjects' numbers.
pub async fn list(
    store: &Store,
    filter: &Filter,
    moment: &Moment,
    after: Option<i64>,
    limit: usize,
    deadline: &Deadline,
) -> Result<Vec<Listed>, Error> {
    let records = || {
        let mut query = select(store, moment, super::answers);
        add_filter(&mut query, filter, moment);
        query
    };
    let (wanted, after) = (wanted_by(filter), after.unwrap_or(0));
    if !wanted.is_empty() && filter.identifier.is_empty() {
        return wanted::page(store, &wanted, after, limit, deadline, records).await;
    }
    let mut query = records();
    query.sql(" AND r.subject > ").bind(after);
    query.sql(" ORDER BY r.subject LIMIT ").bind(limit as i64);
    store.rows(query, deadline).await?.iter().map(stored).collect()
}

/// Most links of one answer's subjects.
const LINKS_MAX: i64 = 5000;

/// Subjects of other lists that share a strong identifier with these.
pub async fn links(
    store: &Store,
    of: &[Listed],
    moment: &Moment,
    condition: Condition,
    deadline: &Deadline,
) -> Result<Vec<Link>, Error> {
    if of.is_empty() {
        return Ok(Vec::new());
    }
    let link = KeyKind::Link as i64;
    let mut query = Query::new(
        store,
        "SELECT DISTINCT CAST(k1.subject AS BIGINT), k.key, d.name, s.uid, r.name, r.authority
            FROM sanction_keys k1 JOIN sanction_subjects s1 ON s1.subject = k1.subject
            JOIN sanction_keys k ON k.key = k1.key
            JOIN sanction_subjects s ON s.subject = k.subject AND s.dataset <> s1.dataset
            JOIN datasets d ON d.id = s.dataset
            JOIN sanction_records r ON r.subject = k.subject AND ",
    );
    query.sql(KEY_OF_VERSION).sql(" WHERE k.kind = ").bind(link).sql(" AND k1.kind = ").bind(link).sql(" AND (");
    for (place, stored) in of.iter().enumerate() {
        query.sql(if place == 0 { "(" } else { " OR (" });
        query.sql("k1.subject = ").bind(stored.number);
        query.sql(" AND k1.since_release <= ").bind(stored.since_release);
        query.sql(" AND (k1.until_release IS NULL OR k1.until_release > ").bind(stored.since_release).sql("))");
    }
    query.sql(") AND ");
    condition(moment, &mut query);
    query.sql(" ORDER BY 1, 3, 4, 2 LIMIT ").bind(LINKS_MAX);
    let rows = store.rows(query, deadline).await?;
    rows.iter()
        .map(|row| {
            Ok(Link {
                subject: row.number(0)?,
                key: row.text(1)?,
                list: row.text(2)?,
                uid: row.text(3)?,
                name: row.text(4)?,
                authority: row.text(5)?,
            })
        })
        .collect()
}

/// Subjects of the same list that say that they own or control one of these.
pub async fn owners_of(
    store: &Store,
    owned: &[SubjectName],
    moment: &Moment,
    condition: Condition,
    deadline: &Deadline,
) -> Result<Vec<Listed>, Error> {
    let mut found = Vec::new();
    for some in owned.chunks(200) {
        let mut query = select(store, moment, condition);
        query.sql(" AND (");
        for (place, name) in some.iter().enumerate() {
            query.sql(if place == 0 { "(" } else { " OR (" });
            query.sql("d.name = ").bind(name.list.as_str());
            query.sql(" AND r.subject IN (SELECT q.subject FROM sanction_keys q WHERE q.kind = ");
            query.bind(KeyKind::Owns as i64).sql(" AND q.key = ").bind(name.uid.as_str()).sql("))");
        }
        query.sql(")");
        let rows = store.rows(query, deadline).await?;
        found.extend(rows.iter().map(stored).collect::<Result<Vec<_>, _>>()?);
    }
    Ok(found)
}
