//! Contract books and deliveries into the store: one file a source format.

pub mod book;
pub mod deliveries;
