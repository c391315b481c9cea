//! What the energy tables hold: records with their past, observations of indexes, deliveries.

pub mod deliveries;
pub mod library;
pub mod observations;
pub mod observed;
pub mod records;
