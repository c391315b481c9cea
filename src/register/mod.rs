//! The register: datasets, the releases by which everything enters, and the moment at which a question is answered.
//!
//! Owns the one release protocol and both clocks. Never knows what a flow, a contract or a listing is.

pub mod catalog;
mod current;
pub mod dataset;
pub mod emptiness;
pub mod entity;
pub mod entries;
pub mod moment;
pub mod protocol;
pub mod provenance;
pub mod release;
pub mod shrink;
pub mod store;

pub use catalog::Catalog;
pub use current::Register;
pub use dataset::{Dataset, DatasetKind, DatasetSpec, Valuation};
pub use emptiness::{Emptiness, EmptyReason};
pub use moment::{Clocks, Moment};
pub use provenance::Source;
pub use release::{ListPart, Release};
