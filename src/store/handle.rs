//! An open store: connections that read, and the way to the one writer.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};

use super::newest::Waiting;
use super::{Backend, Deadline, Error, IntegerRows, Options, Scan, Writer, postgres, sqlite};

/// Page cache on SQLite for a release of a list.
pub const LIST_CACHE_MIB: u32 = 16;

/// Longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// An open store. Cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

pub struct Inner {
    options: Options,
    orm: DatabaseConnection,
    facts: Facts,
    waiting: Waiting,
}

pub enum Facts {
    Sqlite(sqlite::Readers),
    Postgres(postgres::Readers),
}

impl Store {
    /// Opens the store without touching its schema. A SQLite file that is not there is made.
    pub async fn open(options: Options) -> Result<Self, Error> {
        let mut connect = connect_options(&options);
        let Some(path) = sqlite_path(&options.url)? else {
            return Self::open_postgres(options, connect).await;
        };
        let busy_timeout = options.busy_timeout;
        connect.map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .create_if_missing(true)
                .busy_timeout(busy_timeout)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Normal)
        });
        Self::open_sqlite(options, connect, path).await
    }

    /// Opens the store to look at it: makes no file and changes none. `None` where there is no SQLite file.
    pub async fn open_as_it_is(options: Options) -> Result<Option<Self>, Error> {
        let mut connect = connect_options(&options);
        let Some(path) = sqlite_path(&options.url)? else {
            return Self::open_postgres(options, connect).await.map(Some);
        };
        if !path.try_exists().map_err(|error| Error::Unavailable(format!("{}: {error}", path.display())))? {
            return Ok(None);
        }
        // Even a reader makes the files of the write-ahead log anew, unless it knows that nobody writes.
        let is_at_rest = !path.with_file_name(format!("{}-wal", file_name(&path))).exists();
        connect
            .map_sqlx_sqlite_opts(move |sqlite| sqlite.create_if_missing(false).read_only(true).immutable(is_at_rest));
        Self::open_sqlite(options, connect, path).await.map(Some)
    }

    async fn open_sqlite(options: Options, connect: ConnectOptions, path: PathBuf) -> Result<Self, Error> {
        let orm = Database::connect(connect).await.map_err(|error| Error::from_orm(error).at(path.display()))?;
        let facts = Facts::Sqlite(sqlite::Readers::new(path, options.readers));
        Ok(Self(Arc::new(Inner { options, orm, facts, waiting: Waiting::default() })))
    }

    async fn open_postgres(options: Options, connect: ConnectOptions) -> Result<Self, Error> {
        postgres::reach(&options.url, CONNECT_TIMEOUT).await?;
        let orm = Database::connect(connect).await.map_err(Error::from_orm)?;
        let facts = Facts::Postgres(postgres::Readers::new(orm.get_postgres_connection_pool().clone()));
        Ok(Self(Arc::new(Inner { options, orm, facts, waiting: Waiting::default() })))
    }

    pub fn backend(&self) -> Backend {
        match self.0.facts {
            Facts::Sqlite(_) => Backend::Sqlite,
            Facts::Postgres(_) => Backend::Postgres,
        }
    }

    /// sea-orm's connection, for entities.
    pub fn orm(&self) -> &DatabaseConnection {
        &self.0.orm
    }

    /// Whether the store answers at all.
    pub async fn probe(&self) -> Result<(), Error> {
        self.0.orm.ping().await.map_err(Error::from_orm)
    }

    /// Number of the newest release, which changes with every import; 0 when there is none.
    pub async fn newest_release(&self, deadline: &Deadline) -> Result<i64, Error> {
        let (store, until) = (self.clone(), deadline.clone());
        let ask = move || {
            let (store, until) = (store.clone(), until.clone());
            async move { store.newest_release_alone(&until).await }
        };
        self.0.waiting.newest(ask, deadline).await
    }

    async fn newest_release_alone(&self, deadline: &Deadline) -> Result<i64, Error> {
        Ok(self.integers("SELECT 1 WHERE 1 = 0", 1, deadline).await?.newest_release)
    }

    /// Runs a query whose every column is an integer and reads all of it, together with the newest release in the same
    /// snapshot.
    pub async fn integers(&self, sql: &str, columns: usize, deadline: &Deadline) -> Result<IntegerRows, Error> {
        match &self.0.facts {
            Facts::Sqlite(readers) => readers.integers(sql.to_owned(), columns, deadline).await,
            Facts::Postgres(readers) => readers.integers(sql, columns, deadline).await,
        }
    }

    /// Runs queries one after another on a connection of its own and hands out their rows in batches, for a caller that
    /// is not asynchronous. Ends when the caller drops the scan.
    pub fn scan(&self, queries: Vec<String>, columns: usize) -> Result<Scan, Error> {
        match &self.0.facts {
            Facts::Sqlite(readers) => readers.scan(queries, columns),
            Facts::Postgres(readers) => readers.scan(queries, columns),
        }
    }

    /// How many scans may run beside one another without holding the readers up.
    pub fn scans_at_once(&self) -> usize {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        (self.0.options.readers as usize / 2).clamp(1, cores)
    }

    /// Becomes the one writer and opens a transaction. Blocks, and must be called where blocking is allowed. `Busy` when
    /// another writer does not finish within the busy timeout.
    pub fn writer(&self) -> Result<Writer, Error> {
        self.writer_with(&self.0.options)
    }

    /// The same for a release that its importer holds in memory whole: its rows are few, and a large page cache beside
    /// them would only add to the memory.
    pub fn writer_of_a_list(&self) -> Result<Writer, Error> {
        let cache_mib = self.0.options.cache_mib.min(LIST_CACHE_MIB);
        self.writer_with(&Options { cache_mib, ..self.0.options.clone() })
    }

    fn writer_with(&self, options: &Options) -> Result<Writer, Error> {
        match &self.0.facts {
            Facts::Sqlite(readers) => sqlite::writer(readers.path(), options).map(Writer::Sqlite),
            Facts::Postgres(readers) => postgres::writer(readers, options).map(Writer::Postgres),
        }
    }
}

fn connect_options(options: &Options) -> ConnectOptions {
    let mut connect = ConnectOptions::new(options.url.clone());
    // Statements must not reach logs or traces.
    connect.sqlx_logging(false).record_stmt_in_spans(false);
    connect.max_connections(options.readers.max(1)).acquire_timeout(CONNECT_TIMEOUT);
    connect
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The file behind a SQLite address; `None` for another database.
pub fn sqlite_path(url: &str) -> Result<Option<PathBuf>, Error> {
    let Some(rest) = url.strip_prefix("sqlite:") else {
        return Ok(None);
    };
    let path = rest.strip_prefix("//").unwrap_or(rest);
    let path = path.split('?').next().unwrap_or(path);
    if path.contains('%') {
        return Err(Error::Address(format!("`{url}`: a `%` in the path is read in two ways; use another name")));
    }
    if path.is_empty() || path == ":memory:" {
        return Err(Error::Address(format!("`{url}` names no file; use sqlite://path/to/file.db")));
    }
    Ok(Some(PathBuf::from(path)))
}
