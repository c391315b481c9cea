//! The register of a store, kept in memory and loaded anew when a release has come.

use std::sync::{Arc, PoisonError, RwLock};

use super::Catalog;
use super::store::load;
use crate::store::{Deadline, Error, Store};
use crate::value::Clock;

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
