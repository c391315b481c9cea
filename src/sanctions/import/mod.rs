//! Sanction lists into the store: one file a source format.
//!
//! Each importer reads files into [`listing::Listing`], subjects in memory; `run` compares them with what is stored and
//! writes the differences as one release.

mod by_name;
mod census;
pub mod ch;
pub mod columns;
pub mod eu;
pub mod field;
mod format;
pub mod ftm;
pub mod joined;
pub mod listing;
mod malformed;
#[cfg(test)]
mod mangled;
pub mod ofac;
pub mod own;
pub mod run;
pub mod uk;
pub mod un;
pub mod unbroken;
pub mod us;

use crate::import::Format;
pub use format::ListFormat;

/// All formats of this subject.
pub const FORMATS: &[&dyn Format] = &[
    &ofac::SDN,
    &ofac::CONSOLIDATED,
    &un::FORMAT,
    &eu::FORMAT,
    &uk::FORMAT,
    &uk::split::FORMAT,
    &uk::ofsi::FORMAT,
    &ch::FORMAT,
    &us::csl::FORMAT,
    &us::bis_dpl::FORMAT,
    &ftm::FORMAT,
    &own::tables::HOLDINGS,
    &own::tables::CONTROLLED_GOODS,
];
