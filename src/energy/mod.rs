//! Energy contracts: what is contracted, what flows, what it costs, what is owed.
//!
//! The arithmetic is plain functions over plain types; only `store/`, `answer/`, `convert/`, `import/write.rs` and
//! `service.rs` know a store or a message. No value passes through binary floating point, but for numbers in cells of a
//! workbook, which are such numbers already (`import/gem/xlsx.rs`). A term that a contract does not show is absent, and what
//! needs it is refused by its name; no term is ever assumed.

pub mod answer;
pub mod contract;
pub mod convert;
pub mod delivery;
pub mod import;
pub mod library;
pub mod outlook;
pub mod price;
pub mod quantity;
pub mod refusal;
pub mod route;
pub mod schedule;
pub mod service;
pub mod settlement;
pub mod store;
