//! Releases of a dataset, newest first.

use std::sync::Arc;

use jiff::civil::Date;

use super::{Reference, existing};
use crate::register::{Catalog, Release};
use crate::rpc::{Error, Page};
use crate::store::Deadline;

pub struct Question {
    /// Of the dataset.
    pub id: String,
    pub as_of: Option<Date>,
    /// Goes on before a release.
    pub page: Page<i64>,
}

pub struct Answer {
    pub releases: Vec<Release>,
    pub catalog: Arc<Catalog>,
    pub next_page_token: String,
}

pub async fn answer(reference: &Reference, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let Question { id, as_of, page } = question;
    let catalog = reference.catalog(deadline).await?;
    let dataset = existing(&catalog, &id)?;
    // Newest first: what comes while the list is read lies before its beginning.
    let mut releases: Vec<Release> = catalog
        .releases
        .iter()
        .rev()
        .filter(|release| release.dataset == dataset.id)
        .filter(|release| as_of.is_none_or(|day| release.publication_date <= day))
        .filter(|release| page.after().is_none_or(|before| release.id < *before))
        .take(page.limit())
        .cloned()
        .collect();
    let next_page_token = page.cut(0, &mut releases, |last| last.id);
    Ok(Answer { releases, catalog, next_page_token })
}
