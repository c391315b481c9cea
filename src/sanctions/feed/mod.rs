//! The feed of changes: what a change is, and where a reader goes on.

pub mod change;
pub mod cursor;
