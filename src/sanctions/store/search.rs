//! Subjects by words of their names, whole names and identifiers first.

use super::subjects::{Filter, Stored, add_filter, select, stored, wanted_by};
use super::wanted::{self, Wanted};
use crate::register::Moment;
use crate::sanctions::subject::identifier;
use crate::sanctions::subject::keys::{self, KeyKind};
use crate::store::{Deadline, Error, Query, Store};
use crate::value::words;

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Search {
    words: Vec<Wanted>,
    full_name: Wanted,
    identifier: Wanted,
}

impl Search {
    /// `None` when there is nothing to look for, or one letter or digit, which too many names have.
    pub fn parse(text: &str) -> Option<Self> {
        if text.chars().count() < 2 && !text.chars().all(words::is_word) {
            return None;
        }
        let mut words = Vec::new();
        for part in text.split_whitespace() {
            let mut parts = words::words(part);
            // One letter begins too many words, and a character that is a word begins none.
            let begun = part.strip_suffix('*').filter(|begun| !begun.ends_with(words::is_word));
            let is_beginning = begun.is_some() && parts.last().is_some_and(|last| last.len() > 1);
            let beginning = if is_beginning { parts.pop() } else { None };
            words.extend(parts.into_iter().map(|word| Wanted::one_of(KeyKind::Word, &[word])));
            words.extend(beginning.map(|word| Wanted::beginning(KeyKind::Word, word)));
        }
        words.truncate(20);
        let full_name = Wanted::one_of(KeyKind::FullName, &[keys::full_name(&words::words(text))]);
        let identifier = Wanted::one_of(KeyKind::Identifier, &[identifier::normalized_query(text)]);
        (!words.is_empty()).then_some(Self { words, full_name, identifier })
    }

    fn is_whole(&self, query: &mut Query) {
        query.sql("(");
        self.full_name.of_version(query);
        query.sql(" OR ");
        self.identifier.of_version(query);
        query.sql(")");
    }
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
) -> Result<Vec<Stored>, Error> {
    let (rank, mut number) = after.unwrap_or((0, 0));
    let mut found = Vec::new();
    if rank == 0 {
        let mut query = select(store, moment, super::answers);
        query.sql(" AND r.subject IN (");
        search.full_name.subjects(&mut query);
        query.sql(" UNION ");
        search.identifier.subjects(&mut query);
        query.sql(") AND ");
        search.is_whole(&mut query);
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
                word.of_version(&mut query);
            }
            query.sql(" AND NOT ");
            search.is_whole(&mut query);
            add_filter(&mut query, filter, moment);
            query
        };
        let wanted = [search.words.as_slice(), &wanted_by(filter)].concat();
        let by_words = wanted::page(store, &wanted, number, limit - found.len(), deadline, records).await?;
        found.extend(by_words.into_iter().map(|stored| Stored { rank: 1, ..stored }));
    }
    Ok(found)
}
