//! Contract books, deliveries, price indexes and routes: one file a source format. [`mod@write`] brings them into the store.

pub mod book;
pub mod deliveries;
pub mod entsog;
pub mod gem;
pub mod indexes;
pub mod jodi;
pub mod routes;
mod unread;
pub mod write;

use crate::import::Format;

/// All formats of this subject.
pub const FORMATS: &[&dyn Format] =
    &[&book::FORMAT, &deliveries::FORMAT, &indexes::FORMAT, &routes::FORMAT, &entsog::FORMAT, &jodi::FORMAT];
