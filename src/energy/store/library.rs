//! Loads the library of records and keeps the one of the newest release.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use serde::de::DeserializeOwned;

use super::entity::record;
use super::records;
use crate::energy::library::{Library, Listed, ListedRoute, Version};
use crate::register::{Catalog, Dataset, DatasetKind};
use crate::store::{Deadline, Error, Store};

/// The library in memory, replaced when a newer release of an energy dataset is seen.
#[derive(Clone)]
pub struct LibraryCache(Arc<Inner>);

struct Inner {
    store: Store,
    newest: RwLock<Arc<Library>>,
    /// One load at a time: others wait for it and take what it brought.
    loading: tokio::sync::Mutex<()>,
}

/// For one load, whatever the deadline of the request that began it.
const LOADING_TIME: Duration = Duration::from_secs(120);

impl LibraryCache {
    pub fn new(store: Store) -> Self {
        Self(Arc::new(Inner { store, newest: RwLock::default(), loading: tokio::sync::Mutex::default() }))
    }

    fn cached(&self) -> Arc<Library> {
        Arc::clone(&self.0.newest.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The library as of the newest release that the catalogue knows.
    pub async fn at(&self, catalog: &Arc<Catalog>, deadline: &Deadline) -> Result<Arc<Library>, Error> {
        let newest = newest_release(catalog);
        // Equal, not at least: numbers go back when the operator takes the schema down or restores a backup.
        let cached = self.cached();
        if cached.newest_release == newest {
            return Ok(cached);
        }
        // On a task of its own: a caller without patience must not have the next one begin anew.
        let (cache, catalog) = (self.clone(), Arc::clone(catalog));
        let loading = tokio::spawn(async move { cache.load(&catalog, newest).await });
        match tokio::time::timeout(deadline.remaining(), loading).await {
            Ok(Ok(loaded)) => loaded,
            Ok(Err(error)) => Err(Error::Other(format!("loading contracts, routes and indexes: {error}"))),
            Err(_) => Err(Error::DeadlineExceeded),
        }
    }

    async fn load(&self, catalog: &Catalog, newest: i64) -> Result<Arc<Library>, Error> {
        let _turn = self.0.loading.lock().await;
        let cached = self.cached();
        if cached.newest_release == newest {
            return Ok(cached);
        }
        let fresh = Arc::new(load(&self.0.store, catalog, newest, &Deadline::after(LOADING_TIME)).await?);
        *self.0.newest.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&fresh);
        Ok(fresh)
    }
}

fn newest_release(catalog: &Catalog) -> i64 {
    let is_energy = |dataset: i64| {
        let kind = catalog.dataset_by_id(dataset).map(|dataset| dataset.spec.kind);
        matches!(kind, Some(DatasetKind::ContractBook | DatasetKind::Routes | DatasetKind::PriceIndexes))
    };
    let newest = catalog.releases.iter().rev().find(|release| is_energy(release.dataset));
    newest.map_or(0, |release| release.id)
}

async fn load(store: &Store, catalog: &Catalog, newest: i64, deadline: &Deadline) -> Result<Library, Error> {
    let (mut contracts, mut routes, mut indexes) = (Vec::new(), Vec::new(), Vec::new());
    for record in records::all(store, deadline).await? {
        // Of a release that came after the catalogue was read.
        let Some(dataset) = catalog.dataset_by_id(i64::from(record.dataset)) else { continue };
        match dataset.spec.kind {
            DatasetKind::ContractBook => contracts.push(version(dataset, record, Listed::new)?),
            DatasetKind::Routes => routes.push(version(dataset, record, ListedRoute::new)?),
            DatasetKind::PriceIndexes => indexes.push(version(dataset, record, |series| series)?),
            _ => {}
        }
    }
    Ok(Library::new(newest, contracts, routes, indexes))
}

fn version<R: DeserializeOwned, T>(
    dataset: &Dataset,
    row: record::Model,
    read: fn(R) -> T,
) -> Result<Version<T>, Error> {
    let book = dataset.spec.name.clone();
    let record: R = serde_json::from_str(&row.record)
        .map_err(|error| Error::Other(format!("the record {} of {book} cannot be read: {error}", row.id)))?;
    let until = row.until_release.zip(row.until_day);
    Ok(Version {
        dataset: dataset.id,
        book,
        id: row.id,
        number: i64::from(row.number),
        since: (i64::from(row.since_release), i64::from(row.since_day)),
        until: until.map(|(release, day)| (i64::from(release), i64::from(day))),
        value: read(record),
    })
}
