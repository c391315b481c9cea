//! Where an answer comes from, and why it is empty.

use crate::emptiness::{Emptiness, EmptyReason};
use crate::proto::entrepot::r#type::v1::{self as types, Provenance};
use crate::reference::dataset::DatasetKind;
use crate::reference::{Catalog, Dataset};
use crate::rpc::Error;
use crate::rpc::convert::{emptiness, of_datasets};
use crate::store::Moment;

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

pub fn provenance(catalog: &Catalog, lists: &[&Dataset], moment: &Moment) -> Option<Provenance> {
    let mut notes = Vec::new();
    if moment.in_force.is_some() {
        notes.push(
            "in force: by the release of that day, and by listing dates after it in later releases; what came and went between \
             two releases is not known"
                .to_owned(),
        );
    }
    Some(Provenance { notes, ..of_datasets(catalog, lists, moment) })
}

/// Why a list of subjects is empty.
pub fn why_empty(catalog: &Catalog, lists: &[&Dataset], moment: &Moment) -> types::Emptiness {
    let (reason, detail) = if lists.is_empty() {
        (EmptyReason::NoData, "no sanction list is in the store; `entrepot import ofac-sdn` would bring one".to_owned())
    } else if of_datasets(catalog, lists, moment).sources.is_empty() {
        let first = catalog.releases.iter().filter(|release| lists.iter().any(|list| list.id == release.dataset));
        let first = first.map(|release| release.publication_date).min();
        let since = first.map_or_else(String::new, |day| format!("; the first is of {day}"));
        (EmptyReason::NotReleased, format!("no release of these lists was out on that day{since}"))
    } else {
        (EmptyReason::FilteredOut, "the lists have subjects, but none that fit".to_owned())
    };
    emptiness(&Emptiness::new(reason, detail))
}
