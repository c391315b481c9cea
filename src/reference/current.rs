//! The known codes of a store in memory, loaded anew when a release has come.

use std::sync::{Arc, PoisonError, RwLock};

use super::Codes;
use super::store::load_codes;
use crate::store::{Error, Store};

/// The known codes of a store, kept current. Shared by the services.
pub struct KnownCodes {
    store: Store,
    newest: RwLock<Arc<Codes>>,
}

impl KnownCodes {
    pub fn new(store: Store) -> Self {
        Self { store, newest: RwLock::default() }
    }

    /// The codes as they are now.
    pub async fn load(store: &Store, release: i64) -> Result<Codes, Error> {
        Ok(Codes::new(release, load_codes(store).await?))
    }

    /// The codes as of the newest release, whose number a read has just seen.
    pub async fn at(&self, release: i64) -> Result<Arc<Codes>, Error> {
        let cached = Arc::clone(&self.newest.read().unwrap_or_else(PoisonError::into_inner));
        if cached.release() == release {
            return Ok(cached);
        }
        let fresh = Arc::new(Self::load(&self.store, release).await?);
        *self.newest.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&fresh);
        Ok(fresh)
    }
}
