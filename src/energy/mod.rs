//! Energy contracts: what is contracted, what flows, what it costs, what is owed.
//!
//! `contract`, `quantity`, `schedule`, `settlement`, `price`, `route`, `delivery`, `outlook` and `library` are plain
//! functions over plain types and know neither a store nor a message. `import` reads files and writes releases, `store` holds
//! them. A request goes from `service` through `convert`, which alone names messages, to `answer`, one file a question, which
//! reads the store and asks the plain functions; `refusal` says as which status their errors come back.
//!
//! No value passes through binary floating point, but for numbers in cells of a workbook, which are such numbers already
//! (`import/gem/xlsx.rs`). A term that a contract does not show is absent, and what needs it is refused by its name; no term
//! is ever assumed.

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
pub mod term;
