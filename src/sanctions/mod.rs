//! Sanction records: subjects as each list has them, their history, and what follows from them.
//!
//! Subjects of several lists are linked and never merged. Knows nothing of trade and energy.

pub mod commodity;
pub mod convert;
pub mod coverage;
pub mod designation;
pub mod difference;
pub mod freshness;
pub mod goods;
pub mod identifier;
pub mod identities;
pub mod import;
pub mod keys;
pub mod model;
pub mod names;
pub mod owners;
pub mod ownership;
pub mod provenance;
pub mod service;
pub mod store;
pub mod watch;

pub use crate::reference::country;
