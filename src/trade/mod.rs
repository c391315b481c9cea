//! Merchandise trade: flows, their sums, the comparison of both sides.
//!
//! Never knows contracts or listings.

pub mod import;
pub mod model;
pub mod store;
