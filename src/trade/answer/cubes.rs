//! The cubes that are kept, by dataset.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::trade::cube::Cube;
use crate::trade::select::Selection;

/// A dataset as of one of its releases.
pub struct Kept {
    pub release: i64,
    /// Why there is none.
    pub cube: Result<Arc<Cube>, String>,
}

/// The cubes, by dataset.
pub struct Cubes {
    pub bytes_max: usize,
    kept: RwLock<BTreeMap<i64, Kept>>,
}

impl Cubes {
    /// `bytes_max` is what all cubes together may take; 0 for none.
    pub fn new(bytes_max: usize) -> Self {
        Self { bytes_max, kept: RwLock::default() }
    }

    /// The cube that answers for a selection, if there is one.
    pub fn of(&self, selection: &Selection) -> Option<Arc<Cube>> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.get(&selection.dataset.id).filter(|kept| kept.release == selection.release)?;
        kept.cube.as_ref().ok().cloned()
    }

    /// The release as of which a dataset was looked at.
    pub fn release_of(&self, dataset: i64) -> Option<i64> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).get(&dataset).map(|kept| kept.release)
    }

    /// Bytes of the cubes of all datasets but one.
    pub fn bytes_but(&self, dataset: i64) -> usize {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let others = kept.iter().filter(|(other, _)| **other != dataset);
        others.filter_map(|(_, kept)| kept.cube.as_ref().ok()).map(|cube| cube.bytes()).sum()
    }

    pub fn keep(&self, dataset: i64, kept: Kept) {
        self.kept.write().unwrap_or_else(PoisonError::into_inner).insert(dataset, kept);
    }

    pub fn forget(&self, dataset: i64) {
        self.kept.write().unwrap_or_else(PoisonError::into_inner).remove(&dataset);
    }
}
