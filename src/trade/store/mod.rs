//! Queries of the flow tables: their columns, how rows become facts, what reports there are.

pub mod columns;
mod conditions;
pub mod coverage;
pub mod cube;
pub mod entity;
pub mod page;
pub mod summary;
pub mod sums;
