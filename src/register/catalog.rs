//! Which datasets and releases the store has, as one value.

use jiff::civil::Date;

use super::{Dataset, Moment, Release};

/// Datasets and releases as of one newest release.
#[derive(Debug, Default)]
pub struct Catalog {
    pub newest_release: i64,
    /// In the order of precedence.
    pub datasets: Vec<Dataset>,
    /// In the order of their numbers.
    pub releases: Vec<Release>,
}

impl Catalog {
    pub fn dataset(&self, name: &str) -> Option<&Dataset> {
        let name = name.strip_prefix("datasets/").unwrap_or(name);
        self.datasets.iter().find(|dataset| dataset.spec.name == name)
    }

    pub fn dataset_by_id(&self, id: i64) -> Option<&Dataset> {
        self.datasets.iter().find(|dataset| dataset.id == id)
    }

    /// The newest release of a dataset that was out at the end of `as_of`.
    pub fn release_at(&self, dataset: i64, as_of: Option<Date>) -> Option<&Release> {
        self.releases
            .iter()
            .rev()
            .filter(|release| release.dataset == dataset)
            .find(|release| as_of.is_none_or(|day| release.publication_date <= day))
    }

    pub fn release(&self, id: i64) -> Option<&Release> {
        self.releases.iter().find(|release| release.id == id)
    }

    /// The newest release of a dataset that may be seen at a moment.
    pub fn visible_release(&self, dataset: &Dataset, moment: &Moment) -> Option<&Release> {
        let as_of = moment.as_of();
        let mut releases = self.releases.iter().rev().filter(|release| release.dataset == dataset.id);
        releases.find(|release| release.id <= moment.release && as_of.is_none_or(|day| release.publication_date <= day))
    }

    pub fn release_name(&self, id: i64) -> String {
        let dataset = self.release(id).and_then(|release| self.dataset_by_id(release.dataset));
        dataset.map_or_else(String::new, |dataset| format!("{}/releases/{id}", dataset.resource()))
    }
}
