//! The lists of controlled goods, and why none of them answers.

use crate::register::{Catalog, Dataset, DatasetKind, Emptiness, EmptyReason, Moment};

use super::provenance::Provenance;

/// The datasets of controlled goods.
pub fn lists(catalog: &Catalog) -> Vec<&Dataset> {
    catalog.datasets.iter().filter(|dataset| dataset.spec.kind == DatasetKind::ControlledGoods).collect()
}

/// Their releases at a moment.
pub fn provenance(catalog: &Catalog, lists: &[&Dataset], moment: &Moment) -> Provenance {
    Provenance { sources: catalog.sources(lists, moment), ..Provenance::default() }
}

pub fn why_empty(catalog: &Catalog, moment: &Moment) -> Emptiness {
    let lists = lists(catalog);
    let (reason, detail) = if lists.is_empty() {
        (EmptyReason::NoData, "no list of controlled goods is in the store; `entrepot import controlled-goods`")
    } else if catalog.sources(&lists, moment).is_empty() {
        (EmptyReason::NotReleased, "no list of controlled goods was out on that day")
    } else {
        (EmptyReason::FilteredOut, "there are controlled goods, but none that fit")
    };
    Emptiness::new(reason, detail)
}
