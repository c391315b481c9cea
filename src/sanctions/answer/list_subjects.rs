//! Subjects by filter, in the order of their numbers.

use std::sync::Arc;

use crate::register::{Catalog, Clocks, Emptiness};
use crate::rpc::{Error, Page};
use crate::store::Deadline;

use super::Sanctions;
use super::provenance::{Provenance, lists_of, provenance, why_empty};
use crate::sanctions::store::subjects;
use crate::sanctions::subject::listed::{Filter, Listed};

pub struct Question {
    pub filter: Filter,
    pub clocks: Clocks,
    /// Goes on after a subject's number.
    pub page: Page<i64>,
}

/// A page of subjects, without their links.
pub struct Answer {
    pub subjects: Vec<Listed>,
    pub next_page_token: String,
    pub provenance: Provenance,
    pub emptiness: Option<Emptiness>,
    pub catalog: Arc<Catalog>,
}

pub async fn answer(sanctions: &Sanctions, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let Question { filter, clocks, page } = question;
    let catalog = sanctions.register.current(deadline).await?;
    let moment = sanctions.pinned(clocks, page.release(catalog.newest_release));
    let lists = lists_of(&catalog, &filter.lists)?;
    let after = page.after().copied();
    let mut subjects = subjects::list(sanctions.store(), &filter, &moment, after, page.limit(), deadline).await?;
    let is_empty = page.is_first() && subjects.is_empty();
    Ok(Answer {
        next_page_token: page.cut(moment.release, &mut subjects, |last| last.number),
        provenance: provenance(&catalog, &lists, &moment),
        emptiness: is_empty.then(|| why_empty(&catalog, &lists, &moment)),
        subjects,
        catalog,
    })
}
