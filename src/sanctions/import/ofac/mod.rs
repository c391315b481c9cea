//! OFAC's two lists: the CSV set, the classic and the advanced XML. The beginning of the first file tells which.

pub mod advanced;
pub mod csv;
pub mod dates;
pub mod facts;
pub mod labels;
pub mod list;
pub mod remarks;
pub mod table;
pub mod xml;

use std::path::PathBuf;

use super::first_is_markup;
use crate::import::{Error, Progress};
use crate::sanctions::import::listing::Listing;
pub use list::OfacList;

pub fn read(list: OfacList, files: &[PathBuf], progress: &Progress, listing: &mut Listing<'_>) -> Result<(), Error> {
    if first_is_markup(files)? {
        return xml::read(list, files, progress, listing);
    }
    csv::read(list, files, progress, listing)
}
