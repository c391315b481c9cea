//! What happened to one subject, newest first.

use std::sync::Arc;

use crate::register::{Catalog, Clocks};
use crate::rpc::{Error, Page};
use crate::store::Deadline;

use super::Sanctions;
use super::provenance::{Provenance, lists_of, provenance};
use crate::sanctions::feed::change::Change;
use crate::sanctions::store::changes;
use crate::sanctions::subject::listed::SubjectName;

pub struct Question {
    pub parent: SubjectName,
    pub clocks: Clocks,
    /// Goes on before a change's number.
    pub page: Page<i64>,
}

pub struct Answer {
    pub revisions: Vec<Change>,
    pub next_page_token: String,
    pub provenance: Provenance,
    pub catalog: Arc<Catalog>,
}

pub async fn answer(sanctions: &Sanctions, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let Question { parent: SubjectName { list, uid }, clocks, page } = question;
    let catalog = sanctions.register.current(deadline).await?;
    let moment = sanctions.pinned(clocks, page.release(catalog.newest_release));
    let before = page.after().copied();
    let mut revisions =
        changes::of_subject(sanctions.store(), &list, &uid, &moment, before, page.limit(), deadline).await?;
    if page.is_first() && revisions.is_empty() {
        return Err(Error::NotFound(format!("subjects/{list}.{uid}")));
    }
    let next_page_token = page.cut(moment.release, &mut revisions, |last| last.id);
    let provenance = provenance(&catalog, &lists_of(&catalog, &[list])?, &moment);
    Ok(Answer { revisions, next_page_token, provenance, catalog })
}
