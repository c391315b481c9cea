//! SQLite: readers on blocking threads, and the one writer.

use crate::value::Cell;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, TransactionState, params_from_iter};
use tokio::sync::{Semaphore, mpsc};

use super::integers::SCAN_BATCH;
use super::table::{Table, Value};
use super::{Deadline, Error, IntegerRows, Options, Scan};

/// Virtual machine steps between two looks at the deadline: well under a millisecond.
const STEPS_BETWEEN_CHECKS: i32 = 10_000;

#[derive(Clone)]
pub(super) struct Readers {
    path: PathBuf,
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub fn new(path: PathBuf, readers: u32) -> Self {
        Self { path, idle: Arc::default(), permits: Arc::new(Semaphore::new(readers.max(1) as usize)) }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub async fn integers(&self, sql: String, columns: usize, deadline: &Deadline) -> Result<IntegerRows, Error> {
        let permit = tokio::time::timeout(deadline.remaining(), Arc::clone(&self.permits).acquire_owned())
            .await
            .map_err(|_| Error::DeadlineExceeded)?
            .map_err(|_| Error::Unavailable("the store is closed".into()))?;
        let readers = self.clone();
        // Should the caller go away, the statement stops at its next check.
        let (statement_deadline, _cancel) = deadline.for_statement();
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let connection = readers.take()?;
            let rows = read_in_snapshot(&connection, &sql, columns, statement_deadline);
            // A connection that was interrupted is as good as new once its handler is gone.
            connection.progress_handler(0, None::<fn() -> bool>).map_err(sqlite_error)?;
            // With a transaction that could not be rolled back it would fail for whoever gets it next.
            if connection.is_autocommit() {
                readers.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            }
            rows
        });
        task.await.map_err(|error| Error::Other(error.to_string()))?
    }

    pub fn scan(&self, queries: Vec<String>, columns: usize) -> Result<Scan, Error> {
        let connection = open_reader(&self.path)?;
        let (sender, batches) = mpsc::channel(4);
        std::thread::spawn(move || {
            let read = || -> Result<(), Error> {
                let mut batch = IntegerRows::new(columns);
                for sql in &queries {
                    let mut statement = connection.prepare(sql).map_err(sqlite_error)?;
                    let mut rows = statement.query([]).map_err(sqlite_error)?;
                    while let Some(row) = rows.next().map_err(sqlite_error)? {
                        push_row(&mut batch, row, columns)?;
                        if batch.len() >= SCAN_BATCH {
                            let full = std::mem::replace(&mut batch, IntegerRows::new(columns));
                            if sender.blocking_send(Ok(full)).is_err() {
                                return Ok(());
                            }
                        }
                    }
                }
                // The caller may have gone: there is nobody to tell.
                let _ = sender.blocking_send(Ok(batch));
                Ok(())
            };
            if let Err(error) = read() {
                let _ = sender.blocking_send(Err(error));
            }
        });
        Ok(Scan { batches })
    }

    fn take(&self) -> Result<Connection, Error> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| open_reader(&self.path), Ok)
    }
}

fn open_reader(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(sqlite_error)?;
    connection.busy_timeout(Duration::from_secs(10)).map_err(sqlite_error)?;
    connection.execute_batch("PRAGMA cache_size = -16384; PRAGMA query_only = 1").map_err(sqlite_error)?;
    Ok(connection)
}

fn read_in_snapshot(
    connection: &Connection,
    sql: &str,
    columns: usize,
    deadline: Deadline,
) -> Result<IntegerRows, Error> {
    if deadline.is_over() {
        return Err(Error::DeadlineExceeded);
    }
    connection.progress_handler(STEPS_BETWEEN_CHECKS, Some(move || deadline.is_over())).map_err(sqlite_error)?;
    let snapshot = connection.unchecked_transaction().map_err(sqlite_error)?;
    let newest: Option<i64> = snapshot
        .prepare_cached("SELECT max(id) FROM releases")
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
        .map_err(sqlite_error)?;
    let mut result = IntegerRows::new(columns);
    result.newest_release = newest.unwrap_or(0);
    {
        let mut statement = snapshot.prepare_cached(sql).map_err(sqlite_error)?;
        let mut rows = statement.query([]).map_err(sqlite_error)?;
        while let Some(row) = rows.next().map_err(sqlite_error)? {
            push_row(&mut result, row, columns)?;
        }
    }
    snapshot.commit().map_err(sqlite_error)?;
    Ok(result)
}

fn push_row(batch: &mut IntegerRows, row: &rusqlite::Row<'_>, columns: usize) -> Result<(), Error> {
    for column in 0..columns {
        let cell = match row.get_ref(column).map_err(sqlite_error)? {
            ValueRef::Null => Cell::UNKNOWN,
            ValueRef::Integer(value) => Cell::from(value),
            other => {
                return Err(Error::Other(format!("column {column} holds {:?}, not an integer", other.data_type())));
            }
        };
        batch.push(cell);
    }
    Ok(())
}

fn sqlite_error(error: rusqlite::Error) -> Error {
    Error::from_sqlite(error, Duration::from_secs(10))
}

/// The writing end: one connection with one transaction.
pub struct Writer {
    connection: Connection,
    busy_timeout: Duration,
}

pub(super) fn writer(path: &Path, options: &Options) -> Result<Writer, Error> {
    let busy_timeout = options.busy_timeout;
    let open = || -> rusqlite::Result<Connection> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(busy_timeout)?;
        connection.execute_batch(&format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -{}; PRAGMA temp_store = FILE;",
            options.cache_mib * 1024
        ))?;
        // Immediate: a transaction that turned from reading to writing could fail at once however long it may wait.
        connection.execute_batch("BEGIN IMMEDIATE")?;
        Ok(connection)
    };
    let connection = open().map_err(|error| Error::from_sqlite(error, busy_timeout))?;
    Ok(Writer { connection, busy_timeout })
}

impl Writer {
    pub fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, Error> {
        let run = || -> rusqlite::Result<usize> {
            self.connection.prepare_cached(sql)?.execute(params_from_iter(values.iter().map(parameter)))
        };
        run().map(|changed| changed as u64).map_err(|error| Error::from_sqlite(error, self.busy_timeout))
    }

    pub fn integers(&mut self, sql: &str, columns: usize) -> Result<IntegerRows, Error> {
        let mut result = IntegerRows::new(columns);
        let mut statement = self.connection.prepare(sql).map_err(sqlite_error)?;
        let mut rows = statement.query([]).map_err(sqlite_error)?;
        while let Some(row) = rows.next().map_err(sqlite_error)? {
            push_row(&mut result, row, columns)?;
        }
        Ok(result)
    }

    pub fn insert(&mut self, table: &Table, cells: &[Cell]) -> Result<(), Error> {
        let run = || -> rusqlite::Result<()> {
            let mut statement = self.connection.prepare_cached(table.insert_sql())?;
            for row in cells.chunks_exact(table.columns().len()) {
                for (index, cell) in row.iter().enumerate() {
                    statement.raw_bind_parameter(index + 1, cell.get())?;
                }
                statement.raw_execute()?;
            }
            Ok(())
        };
        run().map_err(|error| Error::from_sqlite(error, self.busy_timeout))
    }

    pub fn insert_values(&mut self, table: &Table, values: &[Value<'_>]) -> Result<(), Error> {
        let run = || -> rusqlite::Result<()> {
            let mut statement = self.connection.prepare_cached(table.insert_sql())?;
            for row in values.chunks_exact(table.columns().len()) {
                statement.execute(params_from_iter(row.iter().map(parameter)))?;
            }
            Ok(())
        };
        run().map_err(|error| Error::from_sqlite(error, self.busy_timeout))
    }

    pub fn commit(self) -> Result<(), Error> {
        let busy_timeout = self.busy_timeout;
        let run = || -> rusqlite::Result<()> {
            self.connection.execute_batch("COMMIT")?;
            debug_assert_eq!(self.connection.transaction_state(None::<&str>)?, TransactionState::None);
            // Tells the planner how the tables have grown, and gives the log's space back. Neither is needed for the
            // import to stand, so a reader in the way does no harm.
            let _ = self.connection.execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)");
            Ok(())
        };
        run().map_err(|error| Error::from_sqlite(error, busy_timeout))
    }
}

fn parameter<'a>(value: &Value<'a>) -> ToSqlOutput<'a> {
    ToSqlOutput::Borrowed(match *value {
        Value::Integer(number) => ValueRef::Integer(number),
        Value::Text(text) => ValueRef::Text(text.as_bytes()),
        Value::Boolean(flag) => ValueRef::Integer(i64::from(flag)),
        Value::NullText | Value::NullInteger => ValueRef::Null,
    })
}
