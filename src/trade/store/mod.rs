//! Queries of the flow tables: their columns, how rows become facts, what reports there are.

pub mod columns;
pub mod coverage;
pub mod facts;
pub mod sums;
