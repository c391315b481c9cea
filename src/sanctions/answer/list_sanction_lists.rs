//! The lists by name: who designates by them, and how fresh they are.

use jiff::civil::Date;

use crate::register::{Catalog, Clocks, Dataset, Emptiness, Moment};
use crate::rpc::{Error, Page};
use crate::store::Deadline;
use crate::value::Clock;

use super::Sanctions;
use super::provenance::{Provenance, lists_of, provenance, why_empty};
use crate::sanctions::store::lists::{Check, checks};

const DAY_MS: i64 = 86_400_000;

pub struct Question {
    pub clocks: Clocks,
    /// Goes on after a list's name.
    pub page: Page<String>,
}

pub struct Answer {
    pub authorities: Vec<SanctionList>,
    pub next_page_token: String,
    pub emptiness: Option<Emptiness>,
    pub provenance: Provenance,
}

/// A list, its newest release at the moment, and how fresh it is.
pub struct SanctionList {
    pub list: Dataset,
    /// Who designates by it; empty when it was never checked.
    pub authority: String,
    /// Resource name of the release.
    pub release: String,
    pub published_on: Option<Date>,
    pub age_days: i32,
    /// Milliseconds since 1970.
    pub checked_at_ms: Option<i64>,
    pub is_stale: bool,
    pub subjects: i64,
    pub first_published_on: Option<Date>,
}

pub async fn answer(sanctions: &Sanctions, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let Question { clocks, page } = question;
    let moment = sanctions.moment(clocks);
    let catalog = sanctions.register.current(deadline).await?;
    let checks = checks(sanctions.store(), deadline).await?;
    let all = lists_of(&catalog, &[])?;
    let is_asked = |list: &&Dataset| page.after().is_none_or(|after| list.spec.name > *after);
    let is_out = |list: &&Dataset| catalog.visible_release(list, &moment).is_some();
    let mut lists: Vec<&Dataset> = all.iter().copied().filter(is_asked).filter(is_out).collect();
    lists.sort_by(|left, right| left.spec.name.cmp(&right.spec.name));
    let is_empty = page.is_first() && lists.is_empty();
    // Not pinned: which lists there are, and how fresh, is told as it is now.
    let next_page_token = page.cut(0, &mut lists, |last| last.spec.name.clone());
    let (days, clock) = (sanctions.stale_after_days, sanctions.register.clock());
    let authority = |list: &Dataset| authority(&catalog, list, checks.get(&list.id), &moment, days, clock);
    let provenance = provenance(&catalog, &lists, &moment);
    Ok(Answer {
        provenance,
        authorities: lists.into_iter().map(authority).collect(),
        next_page_token,
        emptiness: is_empty.then(|| why_empty(&catalog, &all, &moment)),
    })
}

fn authority(
    catalog: &Catalog,
    list: &Dataset,
    check: Option<&Check>,
    moment: &Moment,
    stale_after_days: u32,
    clock: Clock,
) -> SanctionList {
    let release = catalog.visible_release(list, moment);
    let first = catalog.releases.iter().find(|release| release.dataset == list.id);
    let as_of = moment.as_of();
    let age = release.map(|release| (as_of.unwrap_or(moment.today) - release.publication_date).get_days());
    let checked_at_ms = check.map(|check| check.checked_at_ms);
    let stale_ms = i64::from(stale_after_days) * DAY_MS;
    SanctionList {
        list: list.clone(),
        authority: check.map_or_else(String::new, |check| check.authority.clone()),
        release: release.map_or_else(String::new, |release| catalog.release_name(release.id)),
        published_on: release.map(|release| release.publication_date),
        age_days: age.unwrap_or(0),
        checked_at_ms,
        is_stale: as_of.is_none() && checked_at_ms.is_some_and(|checked| clock.now_ms() - checked > stale_ms),
        subjects: release.map_or(0, |release| release.rows_new + release.rows_revised + release.rows_unchanged),
        first_published_on: first.map(|release| release.publication_date),
    }
}
