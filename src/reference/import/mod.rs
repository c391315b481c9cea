//! Classifications and concordances into the store: one file a source format.
//!
//! Both lists are small enough to be held in memory and compared there.

pub mod classification;
pub mod concordance;

use crate::import::Format;

pub const FORMATS: &[&dyn Format] = &[&classification::FORMAT, &concordance::FORMAT];
