//! Subjects by words of their names, whole names and identifiers first.

use sea_orm::sea_query::{Expr, ExprTrait as _, UnionType};

use super::entity::record::Column as Record;
use super::filter::{leaves, wanted_by};
use super::versions::answers;
use super::{keys, records};
use crate::register::Moment;
use crate::sanctions::subject::listed::{Filter, Listed};
use crate::sanctions::subject::search::Search;
use crate::store::{Deadline, Error, Store};

/// The version of the record `r` has the whole name or the identifier.
fn is_whole(search: &Search) -> Expr {
    keys::version_has(&search.full_name).or(keys::version_has(&search.identifier))
}

/// One page of a search after a rank and a number. Of rank 0 are those with the whole name or the identifier, of rank 1
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
        let holders =
            keys::subjects(&search.full_name).union(UnionType::Distinct, keys::subjects(&search.identifier)).take();
        let mut select = records::select(moment, answers);
        select.and_where(Expr::col(("r", Record::Subject)).in_subquery(holders));
        select.and_where(is_whole(search)).cond_where(leaves(filter, moment));
        records::first_after(&mut select, number, limit);
        found = records::find(store, select, deadline).await?;
        number = 0;
    }
    if found.len() < limit {
        let mut select = records::select(moment, answers);
        for word in &search.words {
            select.and_where(keys::version_has(word));
        }
        select.and_where(is_whole(search).not()).cond_where(leaves(filter, moment));
        let wanted = [search.words.as_slice(), &wanted_by(filter)].concat();
        let by_words = records::page(store, &wanted, number, limit - found.len(), deadline, &select).await?;
        found.extend(by_words.into_iter().map(|listed| Listed { rank: 1, ..listed }));
    }
    Ok(found)
}
