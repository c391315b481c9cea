//! Statements with texts: SQL put together piece by piece with its parameters, for both backends.

use sea_orm::{ConnectionTrait as _, DbBackend, QueryResult, Statement, TryGetable, Value};

use super::{Backend, Deadline, Error, Store};

/// A statement that is being written. Values only ever enter as parameters.
pub struct Query {
    backend: Backend,
    sql: String,
    values: Vec<Value>,
}

impl Query {
    pub fn new(store: &Store, sql: &str) -> Self {
        Self { backend: store.backend(), sql: sql.to_owned(), values: Vec::new() }
    }

    /// Adds SQL of our own.
    pub fn sql(&mut self, sql: &str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    /// Adds a parameter.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        match self.backend {
            Backend::Sqlite => self.sql.push('?'),
            Backend::Postgres => self.sql.push_str(&format!("${}", self.values.len())),
        }
        self
    }

    /// Adds `(?, ?, ...)`; for an empty list a condition that nothing fulfils.
    pub fn bind_list<T: Into<Value>>(&mut self, values: impl IntoIterator<Item = T>) -> &mut Self {
        self.sql.push('(');
        let mut empty = true;
        for value in values {
            if !empty {
                self.sql.push_str(", ");
            }
            empty = false;
            self.bind(value);
        }
        self.sql.push_str(if empty { "NULL)" } else { ")" });
        self
    }
}

/// One row of an answer.
pub struct Row(QueryResult);

impl Row {
    fn get<T: TryGetable>(&self, place: usize) -> Result<T, Error> {
        self.0.try_get_by_index(place).map_err(Error::from_orm)
    }

    /// A number, which the statement must have cast to BIGINT.
    pub fn number(&self, place: usize) -> Result<i64, Error> {
        self.get(place)
    }

    pub fn optional_number(&self, place: usize) -> Result<Option<i64>, Error> {
        self.get(place)
    }

    pub fn text(&self, place: usize) -> Result<String, Error> {
        self.get(place)
    }
}

impl Store {
    /// Runs a statement and reads all its rows, as long as the deadline allows.
    pub async fn rows(&self, query: Query, deadline: &Deadline) -> Result<Vec<Row>, Error> {
        let backend = match query.backend {
            Backend::Sqlite => DbBackend::Sqlite,
            Backend::Postgres => DbBackend::Postgres,
        };
        let statement = Statement::from_sql_and_values(backend, query.sql, query.values);
        let work = self.orm().query_all_raw(statement);
        match tokio::time::timeout(deadline.remaining(), work).await {
            Ok(rows) => Ok(rows.map_err(Error::from_orm)?.into_iter().map(Row).collect()),
            Err(_) => Err(Error::DeadlineExceeded),
        }
    }

    /// Reads for an importer, which is the one writer: nothing moves meanwhile. Blocks.
    pub fn blocking_rows(&self, query: Query) -> Result<Vec<Row>, Error> {
        // Importers run where blocking is allowed, beside the runtime that drives the connections.
        let deadline = Deadline::after(std::time::Duration::from_secs(600));
        tokio::runtime::Handle::current().block_on(self.rows(query, &deadline))
    }
}
