//! Energy contracts: what is contracted, what flows, what it costs, what is owed.
//!
//! The arithmetic of the subject, as plain functions over plain types. Nothing here reads a store or a request, and no
//! value passes through binary floating point. A term that a contract does not show is absent, and what needs it is
//! refused by its name; no term is ever assumed.

pub mod contract;
pub mod contract_terms;
pub mod decimal;
pub mod import;
pub mod month;
pub mod price;
pub mod quantity;
pub mod ratio;
pub mod schedule;
pub mod settlement;
pub mod term;
