//! The current facts of a dataset as columns in memory, and sums over them.
//!
//! A cache and never the truth: the same question through SQL gives the same sums. It holds the rows that are totals over
//! modes, procedures and second partners; questions about those go to the store. Pure: knows no store.

mod accumulate;
mod arrange;
mod build;
mod columns;
mod facts;
mod groups;
mod parallel;
mod rows;
mod sums;
mod world;

pub use build::{Builder, Unfit};
pub use columns::{BYTES_A_ROW, Cube};
pub use facts::Fact;
pub use sums::{Found, sums};
