//! The one place that knows every part: configuration, store, subjects, server.

mod sample;

pub use sample::Sample;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret as _;

use crate::config::Config;
use crate::import::{Encoding, Error as ImportError, Format, Options, Progress, Report};
use crate::reference::import::classification;
use crate::reference::{self, KnownCodes};
use crate::register::Register;
use crate::rpc::server::{self, Bound, Services};
use crate::sanctions::import::own::tables;
use crate::store::{self, Backend, Store, schema};
use crate::trade::answer::Trade;
use crate::value::Clock;
use crate::{energy, sanctions, trade};

/// Opens the store that the configuration names.
pub async fn open_store(config: &Config) -> Result<Store, store::Error> {
    Store::open(store_options(config)).await
}

fn store_options(config: &Config) -> store::Options {
    store::Options {
        url: config.store.url.expose_secret().to_owned(),
        readers: config.store.readers,
        busy_timeout: Duration::from_millis(config.store.busy_timeout_ms),
        cache_mib: config.store.cache_mib,
    }
}

/// The schema that the store has now.
pub struct Schema {
    pub backend: Backend,
    pub steps: Vec<schema::Step>,
    /// Steps of the store that this program does not know.
    pub unknown: Vec<String>,
    /// The SQLite file, where it has not been made yet.
    pub missing_file: Option<PathBuf>,
}

impl Schema {
    /// Errs unless it is exactly the one that this program knows.
    pub fn fits(&self) -> Result<(), store::Error> {
        schema::fits(&self.steps, &self.unknown)
    }

    /// What `serve` would say of it: the embedded store migrates itself, if its file can be made.
    pub fn check(&self) -> Result<(), store::Error> {
        if let Some(file) = &self.missing_file {
            let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
            if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
                let reason = format!("{}: the folder {} does not exist", file.display(), folder.display());
                return Err(store::Error::Unavailable(reason));
            }
        }
        match (self.backend, self.fits()) {
            (Backend::Sqlite, Err(store::Error::SchemaOlder(_))) => Ok(()),
            (_, outcome) => outcome,
        }
    }
}

/// Looks at the store that the configuration names, and changes nothing.
pub async fn schema_as_it_is(config: &Config) -> Result<Schema, store::Error> {
    let options = store_options(config);
    let url = options.url.clone();
    let Some(store) = Store::open_as_it_is(options).await? else {
        let missing_file = store::sqlite_path(&url)?;
        let steps = schema::unmade();
        return Ok(Schema { backend: Backend::Sqlite, steps, unknown: Vec::new(), missing_file });
    };
    let (steps, unknown) = schema::status(&store).await.map_err(|error| match store::sqlite_path(&url) {
        Ok(Some(path)) => error.at(path.display()),
        _ => error,
    })?;
    Ok(Schema { backend: store.backend(), steps, unknown, missing_file: None })
}

/// Brings the schema up and enters the bundled reference data. Returns the steps applied.
pub async fn migrate(store: &Store) -> Result<Vec<String>, store::Error> {
    let applied = schema::up(store).await?;
    reference::store::seed(store).await?;
    let blocking_store = store.clone();
    let bundled = tokio::task::spawn_blocking(move || {
        classification::import_bundled(&blocking_store)?;
        tables::import_bundled(&blocking_store)
    });
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
            // Also when the schema is there: the program may have been killed before it entered the bundled lists.
            Err(store::Error::SchemaOlder(_)) | Ok(()) => migrate(store).await.map(|_| ()),
            other => other,
        },
    }
}

/// Every format that files can be imported in.
pub fn formats() -> impl Iterator<Item = &'static dyn Format> {
    let subjects =
        [trade::import::FORMATS, reference::import::FORMATS, sanctions::import::FORMATS, energy::import::FORMATS];
    subjects.into_iter().flatten().copied()
}

/// A format by its name.
pub fn format(name: &str) -> Option<&'static dyn Format> {
    formats().find(|format| format.name() == name)
}

/// Runs an import on a thread where it may block.
pub async fn import(
    store: &Store,
    format: &'static dyn Format,
    options: Options,
    mut progress: Progress,
) -> Result<Vec<Report>, ImportError> {
    if options.encoding != Encoding::Utf8 && !format.takes_encodings() {
        let problem = format!("{} takes no --encoding: its files are UTF-8, or tell it themselves", format.name());
        return Err(ImportError::Refused(problem));
    }
    let store = store.clone();
    let task = tokio::task::spawn_blocking(move || format.import(&store, &options, &mut progress));
    task.await.unwrap_or_else(|error| Err(ImportError::Refused(format!("the import panicked: {error}"))))
}

/// Why the server could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error(transparent)]
    Server(#[from] server::Error),
}

/// A server that is ready to serve.
pub struct Server {
    bound: Bound,
    store: Store,
    services: Services,
}

/// Binds, opens the store and checks its schema.
pub async fn start(config: &Config, sample: Option<&Sample>) -> Result<Server, StartError> {
    // The port first: a second server on it must not touch the store.
    let bound = Bound::bind(config.server.listen).await?;
    let store = open_store(config).await?;
    prepare_schema(&store).await?;
    if let Some(sample) = sample {
        for release in Sample::releases()? {
            let (format, options) = sample.write(&release)?;
            import(&store, format, options, Progress::silent()).await?;
        }
    }
    let services = services(&store, config);
    Ok(Server { bound, store, services })
}

/// The subjects' services over one store.
fn services(store: &Store, config: &Config) -> Services {
    let request_bytes_max = config.server.request_bytes_max;
    let stale_after_days = config.sanctions.stale_after_days;
    let catalogs = Arc::new(Register::new(store.clone(), Clock::SYSTEM));
    let codes = Arc::new(KnownCodes::new(store.clone()));
    let cube_bytes_max = config.trade.cube_memory_mib as usize * 1024 * 1024;
    let trade = Arc::new(Trade::new(Arc::clone(&catalogs), Arc::clone(&codes), cube_bytes_max));
    trade.keep_cubes();
    Services::default()
        .with(reference::service::server(Arc::clone(&catalogs), Arc::clone(&codes), request_bytes_max))
        .with(energy::service::server(store.clone(), Arc::clone(&catalogs), request_bytes_max))
        .with(sanctions::service::server(catalogs, codes, stale_after_days, request_bytes_max))
        .with(trade::service::indicator_server(Arc::clone(&trade), request_bytes_max))
        .with(trade::service::server(trade, request_bytes_max))
}

impl Server {
    pub fn address(&self) -> SocketAddr {
        self.bound.address
    }

    /// Serves until `stop` is ready, then drains.
    pub async fn serve(
        self,
        config: &Config,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), server::Error> {
        self.bound.serve(config, self.store, self.services, stop).await
    }
}
