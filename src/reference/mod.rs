//! Countries, classifications and concordances, units.
//!
//! Owns the codes that every subject uses, and tells what the register holds. Never knows what a flow, a contract
//! or a listing is.

pub mod answer;
pub mod area;
pub mod codes;
pub mod commodity;
pub mod conversion;
pub mod convert;
pub mod country;
mod current;
pub mod group;
pub mod import;
mod known;
pub mod refusal;
pub mod service;
pub mod store;

pub use area::{Area, AreaKind};
pub use commodity::{Classification, CommodityCode};
pub use current::KnownCodes;
pub use group::Group;
pub use known::Codes;

/// Reads a bundled table. The file is part of the program, so a mistake in it is a mistake in the program, which the
/// first test to touch it finds.
pub(crate) fn bundled_rows<Row: serde::de::DeserializeOwned>(text: &str) -> Vec<Row> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .unwrap_or_else(|error| panic!("a bundled table is malformed: {error}"))
}
