//! A subject as one list has it: its model, identifiers, names, the keys it is found by, and what changes between versions.
//!
//! Plain types and functions: knows neither store nor message.

pub mod difference;
pub mod gender;
pub mod identifier;
pub mod in_force;
pub mod keys;
pub mod likeness;
pub mod listed;
pub mod model;
pub mod names;
pub mod programme;
pub mod search;
