//! Where an answer comes from, and why it is empty.

use crate::register::moment::{NO_DAY, date_of};
use crate::register::{Catalog, Dataset, DatasetKind, Emptiness, EmptyReason, Moment, Source};
use crate::rpc::Error;

use super::coverage::{not_in_part, partial_lists, releases};
use crate::sanctions::feed::change::{Change, ChangeKind};
use crate::sanctions::subject::listed::SubjectName;

/// The releases that an answer was read from, and what to know of them.
#[derive(Debug, Default)]
pub struct Provenance {
    pub sources: Vec<Source>,
    pub notes: Vec<String>,
}

/// The lists that a question is about, by name; an unknown one is refused.
pub fn lists_of<'a>(catalog: &'a Catalog, names: &[String]) -> Result<Vec<&'a Dataset>, Error> {
    let is_list = |dataset: &&Dataset| dataset.spec.kind == DatasetKind::SanctionList;
    if names.is_empty() {
        return Ok(catalog.datasets.iter().filter(is_list).collect());
    }
    let found = |name: &String| {
        let dataset = catalog.dataset(name).filter(is_list);
        dataset.ok_or_else(|| Error::NotFound(format!("datasets/{name}")))
    };
    names.iter().map(found).collect()
}

/// The releases that a question about lists is answered from.
pub fn provenance(catalog: &Catalog, lists: &[&Dataset], moment: &Moment) -> Provenance {
    let mut provenance = Provenance::default();
    let mut later = Vec::new();
    for list in lists {
        let [by_then, after] = releases(catalog, list, moment);
        if let (None, Some(after)) = (by_then, after) {
            later.push(format!("{} ({})", list.resource(), after.publication_date));
        }
        let used = by_then.into_iter().chain(after);
        provenance.sources.extend(used.map(|release| catalog.source(list.id, release.id)));
    }
    if moment.in_force.is_some() {
        provenance.notes.push(
            "in force: by the release of that day, and by listing dates after it in later releases; what came and went between \
             two releases is not known"
                .to_owned(),
        );
    }
    let partial = partial_lists(catalog, lists, moment);
    if !partial.is_empty() {
        let lists = partial.join(", ");
        provenance.notes.push(format!("a part of its list only, so that one who is not in it may be listed: {lists}"));
    }
    if !later.is_empty() {
        let lists = later.join(", ");
        provenance.notes.push(format!("no release by that day, known only by listing dates: {lists}"));
    }
    provenance
}

/// Why a list of subjects is empty.
pub fn why_empty(catalog: &Catalog, lists: &[&Dataset], moment: &Moment) -> Emptiness {
    let (reason, detail) = if lists.is_empty() {
        (EmptyReason::NoData, "no sanction list is in the store; `entrepot import ofac-sdn` would bring one".to_owned())
    } else if lists.iter().all(|list| releases(catalog, list, moment)[0].is_none()) {
        let first = catalog.releases.iter().filter(|release| lists.iter().any(|list| list.id == release.dataset));
        let first = first.map(|release| release.publication_date).min();
        let since = first.map_or_else(String::new, |day| format!("; the first is of {day}"));
        (EmptyReason::NotReleased, format!("no release of these lists was out on that day{since}"))
    } else {
        (EmptyReason::FilteredOut, "the lists have subjects, but none that fit".to_owned())
    };
    not_in_part(Emptiness::new(reason, detail), &partial_lists(catalog, lists, moment))
}

/// Why a subject cannot be answered with. `newest` is the newest change of it that may be seen.
pub fn why_absent(catalog: &Catalog, name: &SubjectName, newest: Option<&Change>, moment: &Moment) -> Error {
    let resource = format!("subjects/{}.{}", name.list, name.uid);
    let Some(list) = catalog.dataset(&name.list) else {
        return Error::NotFound(resource);
    };
    const PAST: &str = "ListSubjectRevisions tells when it came and went";
    let day = moment.in_force.or(Some(moment.day).filter(|day| *day != NO_DAY)).and_then(date_of);
    let why = match (releases(catalog, list, moment), day, newest) {
        (_, _, None) if !partial_lists(catalog, &[list], moment).is_empty() => {
            format!("is not in {}, which is a part of its list only: it may be listed all the same", list.resource())
        }
        ([None, after], Some(day), _) => {
            let first = after.or_else(|| catalog.releases.iter().find(|release| release.dataset == list.id));
            let since =
                first.map_or_else(String::new, |release| format!("; the first is of {}", release.publication_date));
            format!("is not known for {day}: {} has no release by then{since}", list.resource())
        }
        (_, _, None) => return Error::NotFound(resource),
        (_, _, Some(change)) if moment.in_force.is_none() && change.kind == ChangeKind::Removed => {
            let removed = date_of(change.day).map_or_else(String::new, |day| format!(" of {day}"));
            format!("was removed from {} by the release{removed}; {PAST}", list.resource())
        }
        (_, Some(day), Some(_)) => format!("was not on {} on {day}, as far as is known; {PAST}", list.resource()),
        (_, None, Some(_)) => return Error::NotFound(resource),
    };
    Error::Absent { name: resource, why }
}
