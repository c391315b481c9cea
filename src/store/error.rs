//! What can go wrong in the store, told apart as far as callers act on it.

use std::time::Duration;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("store address: {0}")]
    Address(String),
    #[error("the deadline passed before the store had answered")]
    DeadlineExceeded,
    #[error("the request was cancelled")]
    Cancelled,
    #[error("a sum does not fit 64 bits")]
    Overflow,
    #[error("another import is writing and did not finish within {} s", .0.as_secs())]
    Busy(Duration),
    #[error("the disk is full")]
    DiskFull,
    #[error("the schema is older than this program ({0} steps missing); run `entrepot migrate up`")]
    SchemaOlder(usize),
    #[error(
        "the schema is newer than this program (it has step `{0}`); install the newer program, or run its `entrepot migrate down`"
    )]
    SchemaNewer(String),
    #[error("the store does not answer: {0}")]
    Unavailable(String),
    #[error("store: {0}")]
    Other(String),
}

impl Error {
    pub(crate) fn from_orm(error: sea_orm::DbErr) -> Self {
        use sea_orm::{DbErr, RuntimeErr};
        match error {
            DbErr::ConnectionAcquire(inner) => Self::Unavailable(inner.to_string()),
            DbErr::Conn(inner) => Self::Unavailable(inner.to_string()),
            DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner)) => {
                Self::from_sqlx(&inner)
            }
            other => Self::Other(other.to_string()),
        }
    }

    /// Says where, if that is what does not answer. Never a whole address, which may hold a password.
    pub(crate) fn at(self, place: impl std::fmt::Display) -> Self {
        match self {
            Self::Unavailable(reason) => Self::Unavailable(format!("{place}: {reason}")),
            Self::Other(reason) => Self::Other(format!("{place}: {reason}")),
            other => other,
        }
    }

    pub(crate) fn from_sqlx(error: &sea_orm::sqlx::Error) -> Self {
        use sea_orm::sqlx;
        match error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                Self::Unavailable(error.to_string())
            }
            sqlx::Error::Database(database) => match database.code().as_deref() {
                // PostgreSQL: query_canceled by statement_timeout.
                Some("57014") => Self::DeadlineExceeded,
                Some("53100") => Self::DiskFull,
                Some("22003") => Self::Overflow,
                // admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections
                Some("57P01" | "57P02" | "57P03" | "53300") => Self::Unavailable(error.to_string()),
                _ => Self::Other(error.to_string()),
            },
            _ => Self::Other(error.to_string()),
        }
    }

    pub(crate) fn from_sqlite(error: rusqlite::Error, busy_timeout: Duration) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy(busy_timeout),
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::OperationInterrupted) => Self::DeadlineExceeded,
            Some(ErrorCode::CannotOpen | ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                Self::Unavailable(error.to_string())
            }
            _ if error.to_string().contains("integer overflow") => Self::Overflow,
            _ => Self::Other(error.to_string()),
        }
    }
}
