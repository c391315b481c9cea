//! Subjects by words of their names, whole names and identifiers first.

use std::collections::HashSet;

use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Expr, ExprTrait as _, UnionType};

use super::entity::record::Column as Record;
use super::filter::{leaves, wanted_by};
use super::versions::answers;
use super::{keys, records};
use crate::register::Moment;
use crate::sanctions::subject::keys::KeyKind;
use crate::sanctions::subject::listed::{Filter, Listed};
use crate::sanctions::subject::search::{Search, Wanted};
use crate::store::{Deadline, Error, Store};

/// More subjects than this are many.
const HOLDERS_MAX: usize = 500;
/// Words with the same two letters that are looked at.
const WORDS_MAX: u64 = 20_000;

/// The version of the record `r` has the whole name or the identifier.
fn is_whole(search: &Search) -> Expr {
    keys::version_has(&search.full_name).or(keys::version_has(&search.identifier))
}

/// The first subjects that have all of these words.
pub async fn with_words(
    store: &Store,
    words: &[Wanted],
    filter: &Filter,
    moment: &Moment,
    limit: usize,
    deadline: &Deadline,
) -> Result<Vec<Listed>, Error> {
    let mut select = records::select(moment, answers);
    for word in words {
        select.and_where(keys::version_has(word));
    }
    select.cond_where(leaves(filter, moment));
    let wanted = [words, &wanted_by(filter)].concat();
    records::page(store, &wanted, 0, limit, deadline, &select).await
}

/// How many subjects ever had one of these, counted to a limit.
pub async fn holders(store: &Store, wanted: &Wanted, deadline: &Deadline) -> Result<usize, Error> {
    let found = keys::candidates(store, std::slice::from_ref(wanted), 0, HOLDERS_MAX, deadline).await?;
    Ok(found.len())
}

/// Words of names that begin with the same two letters, whoever has or had them; as many as are looked at.
pub async fn words_beginning_as(store: &Store, word: &str, deadline: &Deadline) -> Result<HashSet<String>, Error> {
    #[derive(FromQueryResult)]
    struct Row {
        key: String,
    }
    let begin: String = word.chars().take(2).collect();
    let begins = Wanted::beginning(KeyKind::Word, begin);
    let select = keys::of(&begins).distinct().limit(WORDS_MAX).take();
    Ok(store.find::<Row>(select, deadline).await?.into_iter().map(|row| row.key).collect())
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
