//! The EU's financial sanctions file, CSV or XML 1.1: the same entities in either. The beginning of the file tells which.

pub mod csv;
mod entity;
mod facts;
mod part;
mod parts;
#[cfg(test)]
mod tests;
pub mod xml;

use std::path::PathBuf;

use super::format::first_is_markup;
use crate::import::{Error, Progress};
use crate::sanctions::import::ListFormat;
use crate::sanctions::import::listing::Listing;

pub const FORMAT: ListFormat = ListFormat {
    name: "eu",
    about: "EU financial sanctions file, CSV 1.1 or XML 1.1.",
    dataset: Some("eu-fsf"),
    title: "Consolidated list of persons, groups and entities subject to EU financial sanctions",
    authority: "EU",
    publisher: "European Commission, FISMA",
    license: "European Commission reuse policy, free with attribution",
    read,
};

pub fn read(files: &[PathBuf], progress: &Progress, listing: &mut Listing<'_>) -> Result<(), Error> {
    if first_is_markup(files)? { xml::read(files, progress, listing) } else { csv::read(files, progress, listing) }
}
