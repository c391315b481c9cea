//! The one place that knows every part: configuration, store, subjects, server.

use std::time::Duration;

use secrecy::ExposeSecret as _;

use crate::config::Config;
use crate::import::{Error as ImportError, Options, Progress, Report};
use crate::reference::import::{classification, concordance};
use crate::store::{self, Backend, Store, schema};
use crate::trade::import::run as flows;
use crate::{reference, trade};

/// Opens the store that the configuration names.
pub async fn open_store(config: &Config) -> Result<Store, store::Error> {
    let options = store::Options {
        url: config.store.url.expose_secret().to_owned(),
        readers: config.store.readers,
        busy_timeout: Duration::from_millis(config.store.busy_timeout_ms),
        cache_mib: config.store.cache_mib,
    };
    Store::open(options).await
}

/// Brings the schema up and enters the bundled reference data. Returns the steps applied.
pub async fn migrate(store: &Store) -> Result<Vec<String>, store::Error> {
    let applied = schema::up(store).await?;
    reference::store::seed(store).await?;
    let blocking_store = store.clone();
    let bundled = tokio::task::spawn_blocking(move || classification::import_bundled(&blocking_store));
    match bundled.await {
        Ok(Ok(())) => Ok(applied),
        Ok(Err(ImportError::Store(error))) => Err(error),
        Ok(Err(error)) => Err(store::Error::Other(error.to_string())),
        Err(error) => Err(store::Error::Other(error.to_string())),
    }
}

/// The embedded store migrates itself; PostgreSQL must have been migrated.
pub async fn prepare_schema(store: &Store) -> Result<(), store::Error> {
    match store.backend() {
        Backend::Postgres => schema::check(store).await,
        Backend::Sqlite => match schema::check(store).await {
            Err(store::Error::SchemaOlder(_)) => migrate(store).await.map(|_| ()),
            other => other,
        },
    }
}

/// What is imported.
#[derive(Clone, Copy, Debug)]
pub enum ImportFormat {
    /// Trade flows, by the name of their format.
    Flows(&'static str),
    Classification,
    Concordance,
}

/// Runs an import on a thread where it may block.
pub async fn import(
    store: &Store,
    format: ImportFormat,
    options: Options,
    mut progress: Progress,
) -> Result<Vec<Report>, ImportError> {
    let catalog = reference::store::load_catalog(store).await?;
    let store = store.clone();
    let task = tokio::task::spawn_blocking(move || match format {
        ImportFormat::Classification => classification::import(&store, &options, &mut progress),
        ImportFormat::Concordance => concordance::import(&store, &options, &mut progress),
        ImportFormat::Flows(name) => {
            let format = trade::import::format(name, &options.files)
                .ok_or_else(|| ImportError::Refused(format!("`{name}` is no format of trade flows")))?;
            flows::import(&store, &catalog, format.as_ref(), &options, &mut progress).map(|report| vec![report])
        }
    });
    task.await.unwrap_or_else(|error| Err(ImportError::Refused(format!("the import panicked: {error}"))))
}
