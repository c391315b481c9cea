//! Sanction records: subjects as each list has them, their history, and what follows from them.
//!
//! Subjects of several lists are linked and never merged. Knows nothing of trade and energy.

pub mod answer;
pub mod convert;
pub mod feed;
pub mod goods;
pub mod import;
pub mod ownership;
pub mod refusal;
pub mod service;
pub mod store;
pub mod subject;

pub use crate::reference::country;
