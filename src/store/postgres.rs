//! PostgreSQL: readers over sqlx's pool, and the one writer as a task that owns its connection.

use crate::value::Cell;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::TryStreamExt as _;
use sea_orm::sqlx::{
    self, AssertSqlSafe, Connection as _, Executor as _, PgConnection, PgPool, Row as _, Transaction, ValueRef as _,
    postgres::{PgConnectOptions, PgRow},
};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use super::integers::SCAN_BATCH;
use super::table::{Table, Value};
use super::{Deadline, Error, IntegerRows, Options, Scan};

/// Taken by every writer for as long as its transaction lasts.
const WRITER_LOCK: i64 = 0x454e_5452_4550_4f54;
const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// A buffer of COPY data goes out at this size.
const COPY_BUFFER: usize = 1 << 20;

/// Opens one connection and closes it. A pool tries again until its time is over and then says only that; one
/// connection says why, at once.
pub(super) async fn reach(url: &str, timeout: Duration) -> Result<(), Error> {
    let options: PgConnectOptions = url.parse().map_err(|error: sqlx::Error| Error::Address(error.to_string()))?;
    let place = format!("PostgreSQL at {}:{}", options.get_host(), options.get_port());
    let connecting = tokio::time::timeout(timeout, PgConnection::connect_with(&options)).await;
    let connection = match connecting {
        Ok(Ok(connection)) => connection,
        Ok(Err(error)) => return Err(Error::Unavailable(format!("{place}: {error}"))),
        Err(_) => return Err(Error::Unavailable(format!("{place}: no answer within {} s", timeout.as_secs()))),
    };
    connection.close().await.map_err(|error| Error::from_sqlx(&error).at(place))
}

pub(super) struct Readers {
    pool: PgPool,
    runtime: Handle,
}

impl Readers {
    pub fn new(pool: PgPool) -> Self {
        Self { pool, runtime: Handle::current() }
    }

    pub async fn integers(&self, sql: &str, columns: usize, deadline: &Deadline) -> Result<IntegerRows, Error> {
        let work = async {
            let mut snapshot = self.pool.begin_with(SNAPSHOT).await?;
            let milliseconds = deadline.remaining().as_millis().clamp(1, i32::MAX as u128);
            let settings = format!("SET LOCAL statement_timeout = {milliseconds}; SET LOCAL jit = off");
            snapshot.execute(sqlx::raw_sql(AssertSqlSafe(settings))).await?;
            let newest: Option<i32> =
                sqlx::query_scalar("SELECT max(id) FROM releases").fetch_one(&mut *snapshot).await?;
            let mut result = IntegerRows::new(columns);
            result.newest_release = newest.map_or(0, i64::from);
            read_rows(&mut snapshot, sql, &mut result, columns).await?;
            snapshot.commit().await?;
            Ok(result)
        };
        match tokio::time::timeout(deadline.remaining(), work).await {
            Ok(result) => result.map_err(|error: sqlx::Error| Error::from_sqlx(&error)),
            Err(_) => Err(Error::DeadlineExceeded),
        }
    }

    pub fn scan(&self, queries: Vec<String>, columns: usize) -> Result<Scan, Error> {
        let pool = self.pool.clone();
        let (sender, batches) = mpsc::channel(4);
        self.runtime.spawn(async move {
            if let Err(error) = scan_into(&pool, queries, columns, &sender).await {
                // The caller may have gone: there is nobody to tell.
                let _ = sender.send(Err(Error::from_sqlx(&error))).await;
            }
        });
        Ok(Scan { batches })
    }
}

async fn read_rows(
    snapshot: &mut Transaction<'_, sqlx::Postgres>,
    sql: &str,
    result: &mut IntegerRows,
    columns: usize,
) -> Result<(), sqlx::Error> {
    // Not kept prepared: the numbers in the text differ from one request to the next.
    let query = sqlx::query(AssertSqlSafe(sql.to_owned())).persistent(false);
    let mut rows = query.fetch(&mut **snapshot);
    while let Some(row) = rows.try_next().await? {
        push_row(result, &row, columns)?;
    }
    Ok(())
}

async fn scan_into(
    pool: &PgPool,
    queries: Vec<String>,
    columns: usize,
    sender: &mpsc::Sender<Result<IntegerRows, Error>>,
) -> Result<(), sqlx::Error> {
    let mut snapshot = pool.begin_with(SNAPSHOT).await?;
    let mut batch = IntegerRows::new(columns);
    for sql in queries {
        let mut rows = sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch(&mut *snapshot);
        while let Some(row) = rows.try_next().await? {
            push_row(&mut batch, &row, columns)?;
            if batch.len() >= SCAN_BATCH {
                let full = std::mem::replace(&mut batch, IntegerRows::new(columns));
                if sender.send(Ok(full)).await.is_err() {
                    return Ok(());
                }
            }
        }
    }
    let _ = sender.send(Ok(batch)).await;
    snapshot.commit().await
}

/// Integers arrive big-endian in 2, 4 or 8 bytes; the width tells which.
fn push_row(batch: &mut IntegerRows, row: &PgRow, columns: usize) -> Result<(), sqlx::Error> {
    for column in 0..columns {
        let value = row.try_get_raw(column)?;
        if value.is_null() {
            batch.push(Cell::UNKNOWN);
            continue;
        }
        let bytes = value.as_bytes().map_err(sqlx::Error::Decode)?;
        let number = match *bytes {
            [a, b] => i64::from(i16::from_be_bytes([a, b])),
            [a, b, c, d] => i64::from(i32::from_be_bytes([a, b, c, d])),
            [a, b, c, d, e, f, g, h] => i64::from_be_bytes([a, b, c, d, e, f, g, h]),
            _ => {
                let message = format!("column {column} has {} bytes, which is not an integer", bytes.len());
                return Err(sqlx::Error::Decode(message.into()));
            }
        };
        batch.push(Cell::from(number));
    }
    Ok(())
}

/// What the writing task is asked to do.
enum Command {
    Execute(String, Vec<Owned>, oneshot::Sender<Result<u64, Error>>),
    Integers(String, usize, oneshot::Sender<Result<IntegerRows, Error>>),
    /// Rows in COPY's binary form, without header and trailer.
    Copy {
        statement: String,
        rows: Vec<u8>,
    },
    Commit(oneshot::Sender<Result<(), Error>>),
}

enum Owned {
    Integer(i64),
    Text(String),
    Boolean(bool),
    NullText,
    NullInteger,
}

/// The writing end. Its task owns the connection, because a COPY borrows it for as long as it lasts.
pub struct Writer {
    commands: mpsc::Sender<Command>,
    pending: Option<Pending>,
    failure: Arc<Mutex<Option<Error>>>,
}

/// Rows on their way into one table. Columns that no row has used yet are left out of the COPY, which for rows that are
/// mostly defaults saves half the server's work; a row that uses one more begins a new COPY.
struct Pending {
    table: &'static str,
    used: u32,
    statement: String,
    rows: Vec<u8>,
}

pub(super) fn writer(readers: &Readers, options: &Options) -> Result<Writer, Error> {
    let (commands, inbox) = mpsc::channel(2);
    let (ready, opened) = oneshot::channel();
    let failure: Arc<Mutex<Option<Error>>> = Arc::default();
    let task_failure = Arc::clone(&failure);
    let (url, busy_timeout) = (options.url.clone(), options.busy_timeout);
    readers.runtime.spawn(async move {
        match open_transaction(&url, busy_timeout).await {
            Err(error) => drop(ready.send(Err(error))),
            Ok(mut connection) => {
                let _ = ready.send(Ok(()));
                if let Err(error) = serve(&mut connection, inbox).await {
                    *task_failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                }
                // Whatever was not committed is rolled back by the server when the connection closes.
                let _ = connection.close().await;
            }
        }
    });
    let opened = opened.blocking_recv().map_err(|_| Error::Unavailable("the writer did not start".into()))?;
    opened.map(|()| Writer { commands, pending: None, failure })
}

async fn open_transaction(url: &str, busy_timeout: Duration) -> Result<PgConnection, Error> {
    let open = async {
        let mut connection = PgConnection::connect(url).await?;
        let begin = format!(
            "BEGIN; SET LOCAL lock_timeout = {}; SELECT pg_advisory_xact_lock({WRITER_LOCK});
             SET LOCAL lock_timeout = 0; SET LOCAL work_mem = '64MB'",
            busy_timeout.as_millis().max(1)
        );
        connection.execute(sqlx::raw_sql(AssertSqlSafe(begin))).await?;
        Ok(connection)
    };
    open.await.map_err(|error: sqlx::Error| {
        let lock_not_available =
            error.as_database_error().is_some_and(|database| database.code().as_deref() == Some("55P03"));
        if lock_not_available { Error::Busy(busy_timeout) } else { Error::from_sqlx(&error) }
    })
}

async fn serve(connection: &mut PgConnection, mut inbox: mpsc::Receiver<Command>) -> Result<(), Error> {
    let mut next = inbox.recv().await;
    while let Some(command) = next {
        next = match command {
            Command::Copy { statement, rows } => copy(connection, &mut inbox, statement, rows).await?,
            Command::Execute(sql, values, reply) => {
                let _ = reply.send(execute(connection, sql, values).await);
                inbox.recv().await
            }
            Command::Integers(sql, columns, reply) => {
                let _ = reply.send(integers(connection, sql, columns).await);
                inbox.recv().await
            }
            Command::Commit(reply) => {
                let committed = connection.execute(sqlx::raw_sql("COMMIT")).await;
                let _ = reply.send(committed.map(|_| ()).map_err(|error| Error::from_sqlx(&error)));
                return Ok(());
            }
        };
    }
    Ok(())
}

/// Copies rows for as long as they are for the same table, and returns the command that ended it.
async fn copy(
    connection: &mut PgConnection,
    inbox: &mut mpsc::Receiver<Command>,
    statement: String,
    first: Vec<u8>,
) -> Result<Option<Command>, Error> {
    let work = async {
        let mut copy = connection.copy_in_raw(&statement).await?;
        copy.send(&b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0"[..]).await?;
        copy.send(first).await?;
        let next = loop {
            match inbox.recv().await {
                Some(Command::Copy { statement: same, rows }) if same == statement => {
                    copy.send(rows).await?;
                }
                other => break other,
            }
        };
        copy.send(&(-1_i16).to_be_bytes()[..]).await?;
        copy.finish().await?;
        Ok(next)
    };
    work.await.map_err(|error: sqlx::Error| Error::from_sqlx(&error))
}

async fn execute(connection: &mut PgConnection, sql: String, values: Vec<Owned>) -> Result<u64, Error> {
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for value in values {
        query = match value {
            Owned::Integer(number) => query.bind(number),
            Owned::Text(text) => query.bind(text),
            Owned::Boolean(flag) => query.bind(flag),
            Owned::NullText => query.bind(None::<String>),
            Owned::NullInteger => query.bind(None::<i64>),
        };
    }
    let result = query.execute(connection).await.map_err(|error| Error::from_sqlx(&error))?;
    Ok(result.rows_affected())
}

async fn integers(connection: &mut PgConnection, sql: String, columns: usize) -> Result<IntegerRows, Error> {
    let mut result = IntegerRows::new(columns);
    let mut rows = sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch(connection);
    while let Some(row) = rows.try_next().await.map_err(|error| Error::from_sqlx(&error))? {
        push_row(&mut result, &row, columns).map_err(|error| Error::from_sqlx(&error))?;
    }
    Ok(result)
}

impl Writer {
    pub fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, Error> {
        self.execute_numbered(numbered_parameters(sql), values)
    }

    /// The same with parameters `$1`, `$2`, ...
    pub fn execute_numbered(&mut self, sql: String, values: &[Value<'_>]) -> Result<u64, Error> {
        let values = values
            .iter()
            .map(|value| match value {
                Value::Integer(number) => Owned::Integer(*number),
                Value::Text(text) => Owned::Text((*text).to_owned()),
                Value::Boolean(flag) => Owned::Boolean(*flag),
                Value::NullText => Owned::NullText,
                Value::NullInteger => Owned::NullInteger,
            })
            .collect();
        self.ask(|reply| Command::Execute(sql, values, reply))
    }

    pub fn integers(&mut self, sql: &str, columns: usize) -> Result<IntegerRows, Error> {
        self.ask(|reply| Command::Integers(sql.to_owned(), columns, reply))
    }

    pub fn insert(&mut self, table: &Table, cells: &[Cell]) -> Result<(), Error> {
        let columns = table.columns();
        let mut used = 0_u32;
        for row in cells.chunks_exact(columns.len()) {
            for (index, cell) in row.iter().enumerate() {
                used |= u32::from(cell.get().is_some()) << index;
            }
        }
        let same_table = self.pending.as_ref().filter(|pending| pending.table == table.name());
        let needed = used | same_table.map_or(0, |pending| pending.used);
        let rows = &mut self.pending_for(table, needed)?.rows;
        let width = (needed.count_ones() as i16).to_be_bytes();
        for row in cells.chunks_exact(columns.len()) {
            rows.extend_from_slice(&width);
            for (index, (column, cell)) in columns.iter().zip(row).enumerate() {
                if needed >> index & 1 == 1 {
                    push_field(rows, table, column.1, cell.get())?;
                }
            }
        }
        self.send_when_full()
    }

    pub fn insert_values(&mut self, table: &Table, values: &[Value<'_>]) -> Result<(), Error> {
        let columns = table.columns();
        let all = u32::MAX >> (32 - columns.len());
        let rows = &mut self.pending_for(table, all)?.rows;
        let width = (columns.len() as i16).to_be_bytes();
        for row in values.chunks_exact(columns.len()) {
            rows.extend_from_slice(&width);
            for (column, value) in columns.iter().zip(row) {
                match value {
                    Value::Integer(number) => push_field(rows, table, column.1, Some(*number))?,
                    Value::Boolean(flag) => push_field(rows, table, column.1, Some(i64::from(*flag)))?,
                    Value::NullText | Value::NullInteger => push_field(rows, table, column.1, None)?,
                    Value::Text(text) => push_text(rows, text)?,
                }
            }
        }
        self.send_when_full()
    }

    /// Rows of this table with these columns that have not gone out; sends those of any other first.
    fn pending_for(&mut self, table: &Table, used: u32) -> Result<&mut Pending, Error> {
        if self.pending.as_ref().is_some_and(|pending| pending.table != table.name() || pending.used != used) {
            self.send_pending()?;
            self.pending = None;
        }
        Ok(self.pending.get_or_insert_with(|| {
            let columns = table.columns().iter().enumerate();
            let names: Vec<&str> = columns.filter(|(index, _)| used >> index & 1 == 1).map(|(_, c)| c.0).collect();
            let statement = format!("COPY {} ({}) FROM STDIN (FORMAT binary)", table.name(), names.join(", "));
            Pending { table: table.name(), used, statement, rows: Vec::with_capacity(COPY_BUFFER + 65_536) }
        }))
    }

    fn send_when_full(&mut self) -> Result<(), Error> {
        if self.pending.as_ref().is_some_and(|pending| pending.rows.len() >= COPY_BUFFER) {
            self.send_pending()?;
        }
        Ok(())
    }

    pub fn commit(mut self) -> Result<(), Error> {
        self.ask(Command::Commit)
    }

    /// Sends what is gathered; the COPY goes on with the next rows of the same kind.
    fn send_pending(&mut self) -> Result<(), Error> {
        let Some(pending) = self.pending.as_mut().filter(|pending| !pending.rows.is_empty()) else {
            return Ok(());
        };
        let statement = pending.statement.clone();
        let rows = std::mem::replace(&mut pending.rows, Vec::with_capacity(COPY_BUFFER + 65_536));
        self.send(Command::Copy { statement, rows })
    }

    fn send(&self, command: Command) -> Result<(), Error> {
        self.commands.blocking_send(command).map_err(|_| self.take_failure())
    }

    fn ask<T>(&mut self, command: impl FnOnce(oneshot::Sender<Result<T, Error>>) -> Command) -> Result<T, Error> {
        self.send_pending()?;
        self.pending = None;
        let (reply, answer) = oneshot::channel();
        self.send(command(reply))?;
        answer.blocking_recv().map_err(|_| self.take_failure())?
    }

    /// Why the task ended.
    fn take_failure(&self) -> Error {
        // The task stores its failure just after it closes the channel.
        for _ in 0..100 {
            let failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(error) = failure {
                return error;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Error::Unavailable("the writer ended".into())
    }
}

fn push_text(buffer: &mut Vec<u8>, text: &str) -> Result<(), Error> {
    if text.contains('\0') {
        return Err(Error::Other("a text holds the character NUL, which PostgreSQL cannot store".into()));
    }
    buffer.extend_from_slice(&(text.len() as i32).to_be_bytes());
    buffer.extend_from_slice(text.as_bytes());
    Ok(())
}

fn push_field(buffer: &mut Vec<u8>, table: &Table, width: usize, number: Option<i64>) -> Result<(), Error> {
    let Some(number) = number else {
        buffer.extend_from_slice(&(-1_i32).to_be_bytes());
        return Ok(());
    };
    buffer.extend_from_slice(&(width as i32).to_be_bytes());
    match width {
        2 => buffer.extend_from_slice(&narrow::<i16>(table, number)?.to_be_bytes()),
        4 => buffer.extend_from_slice(&narrow::<i32>(table, number)?.to_be_bytes()),
        _ => buffer.extend_from_slice(&number.to_be_bytes()),
    }
    Ok(())
}

fn narrow<Narrow: TryFrom<i64>>(table: &Table, number: i64) -> Result<Narrow, Error> {
    Narrow::try_from(number)
        .map_err(|_| Error::Other(format!("{number} is too large for a column of {}", table.name())))
}

/// `?` to `$1`, `$2`, ...; our statements hold no question marks but parameters.
fn numbered_parameters(sql: &str) -> String {
    let mut numbered = String::with_capacity(sql.len() + 16);
    for (index, part) in sql.split('?').enumerate() {
        if index > 0 {
            numbered.push_str(&format!("${index}"));
        }
        numbered.push_str(part);
    }
    numbered
}
