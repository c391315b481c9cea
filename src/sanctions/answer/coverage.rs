//! Whether the store can tell whom an authority had designated on a day: which of its lists are there, and their releases.

use std::sync::Arc;

use tokio::sync::Mutex;

use crate::register::moment::{date_of, day_number};
use crate::register::{Catalog, Dataset, Emptiness, EmptyReason, ListPart, Moment, Release};
use crate::store::{Deadline, Error, Store};

use crate::sanctions::store::lists::{Designating, designating};

/// Who designates by which lists, kept with the release of the store for which it holds.
#[derive(Default)]
pub struct Kept(Mutex<Option<(i64, Arc<Vec<Designating>>)>>);

impl Kept {
    pub async fn get(
        &self,
        store: &Store,
        catalog: &Catalog,
        deadline: &Deadline,
    ) -> Result<Arc<Vec<Designating>>, Error> {
        let mut kept = self.0.lock().await;
        if let Some((release, known)) = &*kept
            && *release == catalog.newest_release
        {
            return Ok(Arc::clone(known));
        }
        let known = Arc::new(designating(store, deadline).await?);
        *kept = Some((catalog.newest_release, Arc::clone(&known)));
        Ok(known)
    }
}

/// What is known of one authority's designations.
#[derive(Debug, Default)]
pub struct Coverage {
    /// Numbers of the datasets that hold them.
    pub lists: Vec<i64>,
    /// Why nobody can be said not to be designated; absent when a list covers the day.
    pub gap: Option<String>,
    /// By which releases the answer is given.
    pub notes: Vec<String>,
}

/// The releases of a list that a question is answered from: the newest by the day, and for a day in force that is none of
/// a release the next one, which may say that somebody was listed by then.
pub fn releases<'a>(catalog: &'a Catalog, list: &Dataset, moment: &Moment) -> [Option<&'a Release>; 2] {
    let visible = |release: &&Release| {
        let is_out = day_number(release.publication_date) <= moment.day;
        release.dataset == list.id && release.id <= moment.release && is_out
    };
    let Some(day) = moment.in_force else {
        return [catalog.releases.iter().rfind(visible), None];
    };
    let is_after = |release: &&Release| visible(release) && day_number(release.publication_date) > day;
    let by_then = |release: &&Release| visible(release) && day_number(release.publication_date) <= day;
    let by_then = catalog.releases.iter().rfind(by_then);
    let is_of_the_day = by_then.is_some_and(|release| day_number(release.publication_date) == day);
    [by_then, catalog.releases.iter().find(is_after).filter(|_| !is_of_the_day)]
}

/// What the lists in the store know of an authority. BIS also counts designations of OFAC, and needs its list as well.
pub fn of(authority: &str, designating: &[Designating], catalog: &Catalog, moment: &Moment) -> Coverage {
    let mut coverage = Coverage::default();
    let needed: &[&str] = if authority == "BIS" { &["BIS", "OFAC"] } else { &[authority] };
    for authority in needed {
        coverage.add(authority, designating, catalog, moment);
    }
    coverage
}

impl Coverage {
    fn add(&mut self, authority: &str, designating: &[Designating], catalog: &Catalog, moment: &Moment) {
        let mut first: Option<i64> = None;
        let mut covers = false;
        let mut partial: Vec<String> = Vec::new();
        let begun = |known: &&Designating| known.authority == authority && known.since_day <= moment.day;
        for known in designating.iter().filter(begun) {
            let Some(list) = catalog.dataset_by_id(known.dataset) else { continue };
            if self.lists.contains(&list.id) {
                covers = true;
                continue;
            }
            first = Some(first.map_or(known.since_day, |first| first.min(known.since_day)));
            let [by_then, after] = releases(catalog, list, moment);
            let Some(by_then) = by_then.filter(|by_then| day_number(by_then.publication_date) >= known.since_day)
            else {
                continue;
            };
            let name = &list.spec.name;
            if let Some(missing) = what_is_missing(by_then, authority) {
                partial.push(format!("datasets/{name}, release of {}, {missing}", by_then.publication_date));
                continue;
            }
            covers = true;
            self.lists.push(list.id);
            let mut note = format!(
                "designations by {authority} are those of datasets/{name}, release of {}",
                by_then.publication_date
            );
            if let Some(after) = after {
                note.push_str(&format!(
                    "; what came and went until the next, of {}, is known only by listing dates",
                    after.publication_date
                ));
            }
            self.notes.push(note);
        }
        if covers {
            return;
        }
        let gap = match first.and_then(date_of) {
            _ if !partial.is_empty() => {
                let partial = partial.join("; ");
                format!(
                    "no whole list of {authority} is in the store, so that one who is not in it may be listed: {partial}"
                )
            }
            None => format!("no list of designations by {authority} is in the store"),
            Some(first) => format!("the first release in the store with designations by {authority} is of {first}"),
        };
        self.gap = Some(self.gap.take().map_or(gap.clone(), |other| format!("{other}; {gap}")));
    }
}

/// Parts that an authority's designations stand in, where a file has the lists of several.
const PARTS: [(&str, &[&str]); 2] = [("OFAC", &["SDN"]), ("BIS", &["Entity List", "Military End User"])];

/// Why a release cannot tell who is not designated by the authority: it has not all of its list. A file with the lists of
/// several has those that it has; each other list is one whole.
fn what_is_missing(release: &Release, authority: &str) -> Option<String> {
    let parts = &release.parts;
    let has_parts = parts.iter().any(|part| !part.name.is_empty());
    let needed = PARTS.iter().find(|(whose, _)| has_parts && *whose == authority).map(|(_, needed)| *needed);
    if let Some(needed) = needed {
        let missing: Vec<&str> =
            needed.iter().copied().filter(|name| parts.iter().all(|part| part.name != *name)).collect();
        if !missing.is_empty() {
            return Some(format!("lacks {}", missing.join(", ")));
        }
    }
    let is_needed = |part: &&ListPart| needed.is_none_or(|needed| needed.contains(&part.name.as_str()));
    let partial: Vec<&str> =
        parts.iter().filter(is_needed).filter(|part| !part.whole).map(|part| part.name.as_str()).collect();
    match partial[..] {
        [] => None,
        [""] => Some("is a part of its list".to_owned()),
        _ => Some(format!("has a part only of {}", partial.join(", "))),
    }
}

/// The lists whose releases at the moment are parts of what their authorities list, in words.
pub fn partial_lists(catalog: &Catalog, lists: &[&Dataset], moment: &Moment) -> Vec<String> {
    let partial = |list: &&&Dataset| {
        let release = releases(catalog, list, moment)[0];
        release.is_some_and(|release| release.parts.iter().any(|part: &ListPart| !part.whole))
    };
    lists.iter().filter(partial).map(|list| list.resource()).collect()
}

/// That an empty answer is not proof, where one of the lists is a part only.
pub fn not_in_part(emptiness: Emptiness, partial: &[String]) -> Emptiness {
    if partial.is_empty() || emptiness.reason != EmptyReason::FilteredOut {
        return emptiness;
    }
    let detail = format!(
        "{}; who is not on them may be listed all the same: a part of its list only is {}",
        emptiness.detail,
        partial.join(", ")
    );
    Emptiness::new(EmptyReason::NotInThisList, detail)
}
