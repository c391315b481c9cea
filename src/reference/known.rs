//! Which commodity codes the store knows, kept in memory and loaded anew when a release has come.

use std::sync::{Arc, PoisonError, RwLock};

use super::store::load_codes;
use super::{Classification, CommodityCode};
use crate::store::{Error, Store};

/// All current commodity codes as of one newest release.
#[derive(Debug, Default)]
pub struct Codes {
    release: i64,
    /// Their numbers, sorted.
    numbers: Vec<i32>,
}

impl Codes {
    pub async fn load(store: &Store, release: i64) -> Result<Self, Error> {
        Ok(Self { release, numbers: load_codes(store).await? })
    }

    /// Numbers of all codes, in order.
    pub fn numbers(&self) -> &[i32] {
        &self.numbers
    }

    pub fn knows(&self, code: CommodityCode) -> bool {
        self.numbers.binary_search(&code.number()).is_ok()
    }

    /// Whether a code or one below it is known.
    pub fn knows_within(&self, code: CommodityCode) -> bool {
        let (first, last) = code.range();
        let index = self.numbers.partition_point(|known| *known < first);
        self.numbers.get(index).is_some_and(|known| *known <= last)
    }

    /// Whether a full list of the classification is in the store, and not only some bundled headings.
    pub fn is_loaded(&self, classification: Classification) -> bool {
        self.codes_at_level(classification, 6) > 1000 || self.codes_at_level(classification, 3) > 50
    }

    /// How many codes of this many characters a classification has in the store.
    pub fn codes_at_level(&self, classification: Classification, level: u32) -> usize {
        let (first, last) = CommodityCode::total(classification).range();
        let start = self.numbers.partition_point(|code| *code < first);
        let end = self.numbers.partition_point(|code| *code <= last);
        self.numbers[start..end]
            .iter()
            .filter_map(|number| CommodityCode::from_number(*number))
            .filter(|code| code.level() == level)
            .count()
    }
}

/// The known codes of a store, kept current. Shared by the services.
pub struct KnownCodes {
    store: Store,
    newest: RwLock<Arc<Codes>>,
}

impl KnownCodes {
    pub fn new(store: Store) -> Self {
        Self { store, newest: RwLock::default() }
    }

    /// The codes as of the newest release, whose number a read has just seen.
    pub async fn at(&self, release: i64) -> Result<Arc<Codes>, Error> {
        let cached = Arc::clone(&self.newest.read().unwrap_or_else(PoisonError::into_inner));
        if cached.release == release {
            return Ok(cached);
        }
        let fresh = Arc::new(Codes::load(&self.store, release).await?);
        *self.newest.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&fresh);
        Ok(fresh)
    }
}
