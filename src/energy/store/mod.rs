//! What the energy tables hold: records with their past, observations of indexes, deliveries.

pub mod deliveries;
pub mod entity;
pub mod library;
pub mod observations;
pub mod observed;
pub mod records;

/// Which release of which dataset is being written.
#[derive(Clone, Copy, Debug)]
pub struct Edition {
    pub dataset: i64,
    pub release: i64,
    /// Publication day, YYYYMMDD.
    pub day: i64,
}
