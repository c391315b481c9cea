//! Subjects by words of their names, whole names and identifiers first.

use super::subjects::{add_filter, select, stored, wanted_by};
use super::wanted;
use crate::register::Moment;
use crate::sanctions::subject::listed::{Filter, Listed};
use crate::sanctions::subject::search::Search;
use crate::store::{Deadline, Error, Query, Store};

fn is_whole(search: &Search, query: &mut Query) {
    query.sql("(");
    wanted::of_version(&search.full_name, query);
    query.sql(" OR ");
    wanted::of_version(&search.identifier, query);
    query.sql(")");
}

/// One page of a search behind a rank and a number. Of rank 0 are those with the whole name or the identifier, of rank 1
/// those with all words.
pub async fn page(
    store: &Store,
    search: &Search,
    filter: &Filter,
    moment: &Moment,
    after: Option<(i64, i64)>,
    limit: usize,
    deadline: &Deadline,
) -> Result<Vec<Listed>, Error> {
    let (rank, mut number) = after.unwrap_or((0, 0));
    let mut found = Vec::new();
    if rank == 0 {
        let mut query = select(store, moment, super::answers);
        query.sql(" AND r.subject IN (");
        wanted::subjects(&search.full_name, &mut query);
        query.sql(" UNION ");
        wanted::subjects(&search.identifier, &mut query);
        query.sql(") AND ");
        is_whole(search, &mut query);
        add_filter(&mut query, filter, moment);
        query.sql(" AND r.subject > ").bind(number).sql(" ORDER BY r.subject LIMIT ").bind(limit as i64);
        for row in store.rows(query, deadline).await? {
            found.push(stored(&row)?);
        }
        number = 0;
    }
    if found.len() < limit {
        let records = || {
            let mut query = select(store, moment, super::answers);
            for word in &search.words {
                query.sql(" AND ");
                wanted::of_version(word, &mut query);
            }
            query.sql(" AND NOT ");
            is_whole(search, &mut query);
            add_filter(&mut query, filter, moment);
            query
        };
        let wanted = [search.words.as_slice(), &wanted_by(filter)].concat();
        let by_words = wanted::page(store, &wanted, number, limit - found.len(), deadline, records).await?;
        found.extend(by_words.into_iter().map(|stored| Listed { rank: 1, ..stored }));
    }
    Ok(found)
}
