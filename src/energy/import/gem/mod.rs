//! Files of Global Energy Monitor (globalenergymonitor.org, CC BY 4.0): what its tables of pipelines, terminals of
//! liquefied gas and fields are called and how they are written.
//!
//! One file a layout, which makes a route of a row, and one for each thing that all layouts write alike. Nothing here
//! opens a file; `super::routes` puts the parts together. Nothing is added that a row does not say: GEM's own
//! conversions are taken where GEM gives them and never repeated.

pub mod capacity;
pub mod columns;
pub mod country;
pub mod detect;
pub mod fields;
pub mod gas_map;
pub mod layout;
pub mod map;
pub mod names;
pub mod oil_map;
pub mod owners;
pub mod pipelines;
pub mod row;
pub mod status;
pub mod terminals;
