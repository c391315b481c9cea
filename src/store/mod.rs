//! Connections, transactions, bulk reading and writing, and the differences between SQLite and PostgreSQL.
//!
//! Knows no subject: what the tables mean is the business of each subject's `store.rs`. Two ways in:
//! - `orm()`: sea-orm, for entities and everything small.
//! - integers: facts are nothing but integers, so long scans and bulk writes move them as such (`IntegerRows`,
//!   [`Writer`]), on SQLite through its synchronous interface and on PostgreSQL through sqlx and binary COPY.

pub mod deadline;
mod error;
mod handle;
mod integers;
mod newest;
mod options;
mod postgres;
mod query;
pub mod schema;
mod sqlite;
mod table;
mod write;

pub use deadline::Deadline;
pub use error::Error;
pub use handle::{Store, sqlite_path};
pub use integers::{IntegerRows, Scan};
pub use options::{Backend, Options};
pub use table::{Column, TEXT, Table, Value};
pub use write::Writer;
