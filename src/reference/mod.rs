//! Countries, classifications and concordances, units, datasets and releases.
//!
//! Owns the codes that every subject uses and the register of what has been loaded. Never knows what a flow, a contract
//! or a listing is.

pub mod area;
pub mod catalog;
pub mod codes;
pub mod commodity;
pub mod conversion;
pub mod convert;
pub mod country;
pub mod dataset;
pub mod entity;
pub mod import;
pub mod period;
pub mod service;
pub mod store;

pub use area::{Area, AreaKind};
pub use catalog::CatalogCache;
pub use commodity::{Classification, CommodityCode};
pub use dataset::{Catalog, Dataset, DatasetKind, Release, Valuation};
pub use period::{Frequency, Period};

/// Reads a bundled table. The file is part of the program, so a mistake in it is a mistake in the program, which the
/// first test to touch it finds.
pub(crate) fn bundled_rows<Row: serde::de::DeserializeOwned>(text: &str) -> Vec<Row> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .unwrap_or_else(|error| panic!("a bundled table is malformed: {error}"))
}
