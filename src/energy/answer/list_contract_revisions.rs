//! The versions of a contract, newest first, and what each changed.

use super::{Energy, Opened};
use crate::energy::contract::revision::{Change, changes};
use crate::energy::library::{Listed, Name, Version};
use crate::register::{Clocks, Source};
use crate::rpc::{Error, Page};
use crate::store::Deadline;

pub struct Question {
    pub contract: Name,
    pub clocks: Clocks,
    /// Goes on after the release that brought a version.
    pub page: Page<i64>,
}

pub struct Answer {
    pub revisions: Vec<Revision>,
    pub next_page_token: String,
    pub sources: Vec<Source>,
}

/// A version beside the one before it.
pub struct Revision {
    /// Resource name of the release that brought it, and its publication day (YYYYMMDD).
    pub release: String,
    pub since_day: i64,
    /// The release that ended it, if that had come.
    pub end: Option<End>,
    /// The contract was taken out of its book.
    pub withdrawn: bool,
    pub changes: Vec<Change>,
}

/// What ended a version.
pub struct End {
    pub release: String,
    pub day: i64,
}

pub async fn answer(energy: &Energy, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let Question { contract, clocks, page } = question;
    let opened = energy.open_page(clocks, &page, deadline).await?;
    let versions = opened.library.contracts.versions_of(&contract);
    // Those that had come by the moment; whether one was ended by then shows only if its end had come too.
    let known = versions.iter().enumerate().filter(|(_, version)| opened.moment.sees(version.since, None));
    let mut shown: Vec<(usize, &Version<Listed>)> = known
        .rev()
        .filter(|(_, version)| page.after().is_none_or(|after| version.since.0 < *after))
        .take(page.limit())
        .collect();
    if shown.is_empty() && page.is_first() {
        // Names the day of the first version, if one came later.
        return Err(opened.contract(&contract).err().unwrap_or(Error::NotFound(contract.resource("contracts"))));
    }
    let next_page_token = page.cut(opened.moment.release, &mut shown, |(_, last)| last.since.0);
    let revisions = shown.into_iter().map(|(index, _)| revision(&opened, versions, index)).collect();
    let dataset = versions.first().map(|version| version.dataset);
    let sources = opened.sources(|used| Some(used.id) == dataset);
    Ok(Answer { revisions, next_page_token, sources })
}

fn revision(opened: &Opened, versions: &[Version<Listed>], index: usize) -> Revision {
    let version = &versions[index];
    let before = index.checked_sub(1).and_then(|index| versions.get(index));
    let old = before.map_or(&[][..], |before| before.value.contract.facts.as_slice());
    let until = version.until.filter(|until| opened.moment.sees(*until, None));
    let was_replaced = until.is_some() && versions.get(index + 1).map(|next| next.since) == until;
    Revision {
        release: opened.catalog.release_name(version.since.0),
        since_day: version.since.1,
        end: until.map(|(release, day)| End { release: opened.catalog.release_name(release), day }),
        withdrawn: until.is_some() && !was_replaced,
        changes: changes(old, &version.value.contract.facts),
    }
}
