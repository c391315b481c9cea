//! Which datasets and releases the store has, as one value and kept current.

use std::sync::{Arc, PoisonError, RwLock};

use jiff::civil::Date;

use super::store::load;
use super::{Dataset, Moment, Release};
use crate::store::{Deadline, Error, Store};
use crate::value::Clock;

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

/// The register of a store, kept in memory and loaded anew when a release has come. Shared by the services.
pub struct Register {
    store: Store,
    clock: Clock,
    newest: RwLock<Arc<Catalog>>,
}

impl Register {
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock, newest: RwLock::default() }
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// What is in memory, which may be behind the store.
    pub fn cached(&self) -> Arc<Catalog> {
        Arc::clone(&self.newest.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The catalog as of the store's newest release.
    pub async fn current(&self, deadline: &Deadline) -> Result<Arc<Catalog>, Error> {
        let newest = self.store.newest_release(deadline).await?;
        self.at_least(newest).await
    }

    /// The catalog whose newest release this is.
    pub async fn at_least(&self, release: i64) -> Result<Arc<Catalog>, Error> {
        let cached = self.cached();
        // Equal, not at least: numbers go back when the operator takes the schema down or restores a backup.
        if cached.newest_release == release {
            return Ok(cached);
        }
        let fresh = Arc::new(load(&self.store).await?);
        *self.newest.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&fresh);
        Ok(fresh)
    }
}
