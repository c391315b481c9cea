//! Monthly values of price indexes, kept in memory once they were asked for.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::civil::Date;

use super::observations::{self, Days};
use crate::energy::library::Version;
use crate::energy::price::index::{Observed, Series};
use crate::register::Moment;
use crate::store::{Deadline, Error, Store};

/// Indexes kept; a daily one of fifty years has some hundred months and the means of each.
const INDEXES_MAX: usize = 2_000;
/// Observations of one index: daily for more than two hundred years.
const OBSERVATIONS_MAX: usize = 100_000;

/// An index at a moment. A release never changes, so neither does what is kept under it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Key {
    dataset: i64,
    number: i64,
    release: i64,
    day: i64,
}

/// The values that were asked for.
#[derive(Default)]
pub struct ObservedCache {
    kept: RwLock<HashMap<Key, Arc<Observed>>>,
}

impl ObservedCache {
    /// The values of an index. `newest`: the newest release of any index, which stands for all that came after it.
    /// `published`: the day of the newest release of the index's dataset that is visible at the moment.
    pub async fn get(
        &self,
        store: &Store,
        version: &Version<Series>,
        newest: i64,
        published: Option<Date>,
        moment: &Moment,
        deadline: &Deadline,
    ) -> Result<Arc<Observed>, Error> {
        let Version { dataset, number, .. } = *version;
        let key = Key { dataset, number, release: newest, day: moment.day };
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(kept) = kept {
            return Ok(kept);
        }
        let limit = OBSERVATIONS_MAX + 1;
        let read = observations::list(store, dataset, number, Days::ALL, moment, limit, deadline).await?;
        if read.len() > OBSERVATIONS_MAX {
            return Err(Error::Other(format!("{} has more than {OBSERVATIONS_MAX} observations", version.id)));
        }
        let observed = Observed::new([(version.value.clone(), read)], published)
            .map_err(|error| Error::Other(error.to_string()))?;
        let observed = Arc::new(observed);
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        // Values of releases that were replaced go with all others: they are few, and read again in a moment.
        if kept.len() >= INDEXES_MAX {
            kept.clear();
        }
        kept.insert(key, Arc::clone(&observed));
        Ok(observed)
    }
}
