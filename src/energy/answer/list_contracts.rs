//! Contracts by a filter.

use super::contract::Shown;
use super::{Energy, Record};
use crate::energy::library::{ContractFilter, Listed, Name, Version};
use crate::register::{Clocks, DatasetKind, Emptiness, Source};
use crate::rpc::{Error, Page};
use crate::store::Deadline;

pub struct Question {
    pub filter: ContractFilter,
    pub clocks: Clocks,
    pub page: Page<Name>,
}

pub struct Answer {
    pub contracts: Vec<Record<Shown>>,
    pub next_page_token: String,
    pub sources: Vec<Source>,
    pub emptiness: Option<Emptiness>,
}

pub async fn answer(energy: &Energy, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let Question { filter, clocks, page } = question;
    let opened = energy.open_page(clocks, &page, deadline).await?;
    opened.check_datasets(&filter.books, DatasetKind::ContractBook, "filter.books")?;
    let day = opened.moment.day_in_force();
    let candidates = opened.library.candidates(&filter, opened.moment, page.after());
    let mut versions: Vec<&Version<Listed>> =
        candidates.filter(|version| filter.matches(version, day)).take(page.limit()).collect();
    let next_page_token = page.cut(opened.moment.release, &mut versions, |last| last.name());
    let is_empty = versions.is_empty() && page.is_first();
    Ok(Answer {
        contracts: versions.into_iter().map(|version| opened.shown(version)).collect(),
        next_page_token,
        sources: opened.sources_of(DatasetKind::ContractBook, &filter.books),
        emptiness: is_empty.then(|| opened.why_none(DatasetKind::ContractBook, "contracts")),
    })
}
