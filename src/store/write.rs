//! The one writer: a transaction on either backend, with bulk inserts of integers.

use crate::value::Cell;
use sea_orm::{DbBackend, StatementBuilder};

use super::table::{Table, Value};
use super::{Error, IntegerRows, postgres, sqlite};

/// The one writer of the store, with its transaction. Dropped without `commit`, it leaves the store as it was.
pub enum Writer {
    Sqlite(sqlite::Writer),
    Postgres(postgres::Writer),
}

impl Writer {
    /// Runs a statement of sea-query or sea-orm and tells how many rows it changed.
    pub fn execute(&mut self, statement: &impl StatementBuilder) -> Result<u64, Error> {
        let backend = if self.is_postgres() { DbBackend::Postgres } else { DbBackend::Sqlite };
        let statement = statement.build(&backend);
        let values = statement.values.map(|values| values.0).unwrap_or_default();
        let values = values.iter().map(Value::borrow).collect::<Result<Vec<_>, _>>()?;
        match self {
            Self::Sqlite(writer) => writer.execute(&statement.sql, &values),
            Self::Postgres(writer) => writer.execute_numbered(statement.sql, &values),
        }
    }

    /// Runs SQL text and tells how many rows it changed. Parameters are `?` on both backends.
    pub fn execute_sql(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, Error> {
        match self {
            Self::Sqlite(writer) => writer.execute(sql, values),
            Self::Postgres(writer) => writer.execute(sql, values),
        }
    }

    /// Tells PostgreSQL's planner how a table has grown; SQLite's writer does so itself at its commit.
    pub fn analyze(&mut self, table: &str) -> Result<(), Error> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(writer) => writer.execute(&format!("ANALYZE {table}"), &[]).map(drop),
        }
    }

    /// Reads all rows of a query of integers, inside the transaction.
    pub fn integers(&mut self, sql: &str, columns: usize) -> Result<IntegerRows, Error> {
        match self {
            Self::Sqlite(writer) => writer.integers(sql, columns),
            Self::Postgres(writer) => writer.integers(sql, columns),
        }
    }

    /// Inserts rows, whose cells follow one another. Calls for the same table in a row share one COPY.
    pub fn insert(&mut self, table: &Table, cells: &[Cell]) -> Result<(), Error> {
        match self {
            Self::Sqlite(writer) => writer.insert(table, cells),
            Self::Postgres(writer) => writer.insert(table, cells),
        }
    }

    /// Inserts rows that hold texts, whose values follow one another. Calls for the same table in a row share one COPY.
    pub fn insert_values(&mut self, table: &Table, values: &[Value<'_>]) -> Result<(), Error> {
        match self {
            Self::Sqlite(writer) => writer.insert_values(table, values),
            Self::Postgres(writer) => writer.insert_values(table, values),
        }
    }

    /// Makes everything visible at once.
    pub fn commit(self) -> Result<(), Error> {
        match self {
            Self::Sqlite(writer) => writer.commit(),
            Self::Postgres(writer) => writer.commit(),
        }
    }

    /// Whether the store is PostgreSQL, for the few statements that differ.
    pub fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }
}
