//! Codes of a classification, by level, parent and words.

use jiff::civil::Date;

use super::{Reference, release_at, sources};
use crate::reference::store::{self, CommodityQuery, entity::commodity};
use crate::reference::{Classification, CommodityCode};
use crate::register::{Emptiness, EmptyReason, Source};
use crate::rpc::{Error, Page};
use crate::store::Deadline;

pub struct Question {
    pub classification: Classification,
    pub level: Option<u32>,
    pub parent: Option<CommodityCode>,
    pub search: String,
    pub as_of: Option<Date>,
    /// Goes on after the number of a code.
    pub page: Page<i32>,
}

#[derive(Default)]
pub struct Answer {
    pub commodities: Vec<commodity::Model>,
    pub next_page_token: String,
    pub emptiness: Option<Emptiness>,
    pub sources: Vec<Source>,
}

pub async fn answer(reference: &Reference, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let Question { classification, level, parent, search, as_of, page } = question;
    let catalog = reference.catalog(deadline).await?;
    let pinned = page.token.as_ref().map(|token| token.release);
    let Some(release) = pinned.or_else(|| release_at(&catalog, &classification.dataset(), as_of)) else {
        let reason = if as_of.is_some() { EmptyReason::NotReleased } else { EmptyReason::NoData };
        let detail = format!("no list of {} is loaded; `entrepot import classification`", classification.name());
        return Ok(Answer { emptiness: Some(Emptiness::new(reason, detail)), ..Answer::default() });
    };
    let after = page.after().copied();
    let query = CommodityQuery { classification, release, level, parent, search, after, limit: page.limit() as u64 };
    let mut commodities = store::list_commodities(reference.store(), &query, deadline).await?;
    let next_page_token = page.cut(release, &mut commodities, |last| last.commodity);
    let emptiness = (commodities.is_empty() && page.is_first()).then(|| {
        let detail = format!("{} has codes, but none that fit", classification.name());
        Emptiness::new(EmptyReason::FilteredOut, detail)
    });
    let sources = sources(&catalog, classification, release);
    Ok(Answer { commodities, next_page_token, emptiness, sources })
}
