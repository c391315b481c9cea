//! Subjects by words of their names, whole names and identifiers first.

use crate::register::{Clocks, Emptiness};
use crate::rpc::{Error, Page};
use crate::store::Deadline;

use super::list_subjects::Answer;
use super::provenance::{lists_of, provenance, why_empty};
use super::{Sanctions, near};
use crate::sanctions::store::search;
use crate::sanctions::subject::listed::{Filter, Listed};
use crate::sanctions::subject::search::Search;

/// What a search that finds nothing did not look for.
const FINDS_WORDS: &str = "all words of the query were looked for as they are written, in one subject's names, and no similar \
                           ones: fewer words, or the beginning of one with `*`, may find it";

pub struct Question {
    pub search: Search,
    pub filter: Filter,
    pub clocks: Clocks,
    /// Goes on after a rank and a subject's number.
    pub page: Page<(i64, i64)>,
}

pub struct Found {
    pub page: Answer,
    /// Where there is none: subjects that may be meant.
    pub near: Vec<Listed>,
}

pub async fn answer(sanctions: &Sanctions, question: Question, deadline: &Deadline) -> Result<Found, Error> {
    let Question { search, filter, clocks, page } = question;
    let catalog = sanctions.register.current(deadline).await?;
    let moment = sanctions.pinned(clocks, page.release(catalog.newest_release));
    let lists = lists_of(&catalog, &filter.lists)?;
    let after = page.after().copied();
    let mut subjects =
        search::page(sanctions.store(), &search, &filter, &moment, after, page.limit(), deadline).await?;
    let is_empty = page.is_first() && subjects.is_empty();
    let near =
        if is_empty { near::near(sanctions.store(), &search, &filter, &moment, deadline).await? } else { Vec::new() };
    let page = Answer {
        next_page_token: page.cut(moment.release, &mut subjects, |last| (last.rank, last.number)),
        provenance: provenance(&catalog, &lists, &moment),
        emptiness: is_empty.then(|| {
            let emptiness = why_empty(&catalog, &lists, &moment);
            Emptiness { detail: format!("{}; {FINDS_WORDS}", emptiness.detail), ..emptiness }
        }),
        subjects,
        catalog,
    };
    Ok(Found { page, near })
}
