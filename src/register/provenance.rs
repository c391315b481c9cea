//! Where an answer comes from: the releases of the datasets that were read.

use jiff::civil::Date;

use super::{Catalog, Dataset, Moment};

/// A release that an answer was read from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// Resource name of the dataset.
    pub dataset: String,
    /// Resource name of the release.
    pub release: String,
    pub title: String,
    pub publisher: String,
    pub license: String,
    pub publication_date: Option<Date>,
}

impl Catalog {
    /// The release of a dataset as a source of an answer.
    pub fn source(&self, dataset: i64, release: i64) -> Source {
        let spec = self.dataset_by_id(dataset).map(|dataset| dataset.spec.clone());
        let publication_date = self.release(release).map(|release| release.publication_date);
        let (dataset, title, publisher, license) = spec
            .map(|spec| (format!("datasets/{}", spec.name), spec.title, spec.publisher, spec.license))
            .unwrap_or_default();
        Source { dataset, release: self.release_name(release), title, publisher, license, publication_date }
    }

    /// The releases of these datasets that are visible at a moment.
    pub fn sources(&self, datasets: &[&Dataset], moment: &Moment) -> Vec<Source> {
        let visible = |dataset: &&&Dataset| Some((dataset.id, self.visible_release(dataset, moment)?.id));
        datasets.iter().filter_map(|dataset| visible(&dataset)).map(|(id, release)| self.source(id, release)).collect()
    }
}
