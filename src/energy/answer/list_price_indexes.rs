//! Price indexes by words of their identifiers and titles.

use super::{Energy, Record};
use crate::energy::library::{Name, Version};
use crate::energy::price::index::Series;
use crate::register::{Clocks, DatasetKind, Emptiness, Source};
use crate::rpc::{Error, Page};
use crate::store::Deadline;
use crate::value::words::words;

pub struct Question {
    /// Words that an index must have; empty for all.
    pub query: Vec<String>,
    pub clocks: Clocks,
    pub page: Page<Name>,
}

pub struct Answer {
    pub indexes: Vec<Record<Series>>,
    pub next_page_token: String,
    pub sources: Vec<Source>,
    pub emptiness: Option<Emptiness>,
}

pub async fn answer(energy: &Energy, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let Question { query, clocks, page } = question;
    let opened = energy.open_page(clocks, &page, deadline).await?;
    let visible = opened.library.indexes.visible(opened.moment, page.after());
    let mut versions: Vec<&Version<Series>> =
        visible.filter(|version| has_words(&version.value, &query)).take(page.limit()).collect();
    let next_page_token = page.cut(opened.moment.release, &mut versions, |last| last.name());
    let is_empty = versions.is_empty() && page.is_first();
    Ok(Answer {
        indexes: versions.into_iter().map(|version| opened.record(version, version.value.clone())).collect(),
        next_page_token,
        sources: opened.sources_of(DatasetKind::PriceIndexes, &[]),
        emptiness: is_empty.then(|| opened.why_none(DatasetKind::PriceIndexes, "price indexes")),
    })
}

fn has_words(series: &Series, asked: &[String]) -> bool {
    if asked.is_empty() {
        return true;
    }
    let own = words(&format!("{} {}", series.id, series.title));
    asked.iter().all(|word| own.contains(word))
}
