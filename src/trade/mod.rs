//! Merchandise trade: flows, their sums, the comparison of both sides.
//!
//! Never knows contracts or listings.

pub mod answer;
pub mod balanced;
pub mod caveat;
pub mod completeness;
pub mod convert;
pub mod coverage;
pub mod cube;
pub mod duplicate;
pub mod edition;
pub mod flow;
pub mod generate;
pub mod import;
pub mod indicators;
pub mod joined;
pub mod key;
pub mod level;
pub mod mirror;
pub mod model;
pub mod overlap;
pub mod query;
pub mod refusal;
pub mod reporting;
pub mod select;
pub mod service;
pub mod store;
pub mod summary;
pub mod sums;
pub mod undetailed;
pub mod variant;
