//! The register of datasets and codes, kept in memory and loaded anew when a release has come.

use std::sync::{Arc, PoisonError, RwLock};

use super::Catalog;
use super::store::load_catalog;
use crate::store::{Deadline, Error, Store};

/// Shared by the services.
pub struct CatalogCache {
    store: Store,
    newest: RwLock<Arc<Catalog>>,
}

impl CatalogCache {
    pub fn new(store: Store) -> Self {
        Self { store, newest: RwLock::default() }
    }

    /// What is in memory, which may be behind the store.
    pub fn cached(&self) -> Arc<Catalog> {
        Arc::clone(&self.newest.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The catalogue as of the store's newest release.
    pub async fn current(&self, deadline: &Deadline) -> Result<Arc<Catalog>, Error> {
        let newest = self.store.newest_release(deadline).await?;
        self.at_least(newest).await
    }

    /// The catalogue whose newest release this is.
    pub async fn at_least(&self, release: i64) -> Result<Arc<Catalog>, Error> {
        let cached = self.cached();
        // Equal, not at least: numbers go back when the operator takes the schema down or restores a backup.
        if cached.newest_release == release {
            return Ok(cached);
        }
        let fresh = Arc::new(load_catalog(&self.store).await?);
        *self.newest.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&fresh);
        Ok(fresh)
    }
}
