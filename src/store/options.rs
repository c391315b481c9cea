//! How to reach a store.

use std::time::Duration;

/// Which database is behind the store.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// How to reach the store.
#[derive(Clone, Debug)]
pub struct Options {
    /// `sqlite://path` or `postgres://...`.
    pub url: String,
    /// Connections that read.
    pub readers: u32,
    /// How long a writer waits for another to finish.
    pub busy_timeout: Duration,
    /// Page cache of the writer on SQLite.
    pub cache_mib: u32,
}

impl Options {
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), readers: 4, busy_timeout: Duration::from_secs(60), cache_mib: 64 }
    }
}
