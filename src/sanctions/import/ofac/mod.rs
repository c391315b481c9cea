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

use super::format::first_is_markup;
use crate::import::{Error, Progress};
use crate::sanctions::import::ListFormat;
use crate::sanctions::import::listing::Listing;
pub use list::OfacList;

pub const SDN: ListFormat = ListFormat {
    name: "ofac-sdn",
    about: "OFAC's SDN list: the CSV set (sdn, alt, add, sdn_comments), SDN.XML or SDN_ADVANCED.XML.",
    dataset: Some("us-ofac-sdn"),
    title: "Specially Designated Nationals and Blocked Persons List",
    authority: "OFAC",
    publisher: "US Treasury, Office of Foreign Assets Control",
    license: "public domain",
    read: |files, progress, listing| read(OfacList::Sdn, files, progress, listing),
};

pub const CONSOLIDATED: ListFormat = ListFormat {
    name: "ofac-cons",
    about: "OFAC's consolidated non-SDN list: the CSV set (cons_*), CONSOLIDATED.XML or CONS_ADVANCED.XML.",
    dataset: Some("us-ofac-cons"),
    title: "Consolidated non-SDN Sanctions List",
    authority: "OFAC",
    publisher: "US Treasury, Office of Foreign Assets Control",
    license: "public domain",
    read: |files, progress, listing| read(OfacList::Consolidated, files, progress, listing),
};

pub fn read(list: OfacList, files: &[PathBuf], progress: &Progress, listing: &mut Listing<'_>) -> Result<(), Error> {
    if first_is_markup(files)? {
        return xml::read(list, files, progress, listing);
    }
    csv::read(list, files, progress, listing)
}
