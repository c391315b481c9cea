//! The tables of sanction records: all reading and writing of them.
//!
//! Questions name their tables by one letter throughout: records `r` of subjects `s` on lists `d`, found by keys `k`.

pub mod changes;
mod entity;
mod filter;
pub mod goods;
pub mod holdings;
mod keys;
pub mod lists;
mod records;
pub mod search;
pub mod subjects;
mod versions;
pub mod write;

pub use versions::{Answering, answers, may_answer};
