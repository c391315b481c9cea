//! Contract books, deliveries, price indexes and routes: one file a source format. [`write`] brings them into the store.

pub mod book;
pub mod deliveries;
pub mod entsog;
pub mod gem;
pub mod indexes;
pub mod routes;
pub mod write;
