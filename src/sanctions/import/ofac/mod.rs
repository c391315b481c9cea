//! OFAC's two lists: the CSV set, the classic, the advanced and the enhanced XML. The beginning of the first file tells which.

pub mod advanced;
pub mod csv;
pub mod dates;
pub mod enhanced;
pub mod facts;
pub mod labels;
pub mod list;
pub mod remarks;
pub mod table;
pub mod xml;

use std::path::PathBuf;

use super::format::first_is_markup;
use crate::import::{Error, Progress};
use crate::sanctions::import::listing::Listing;
use crate::sanctions::import::{ListFormat, by_name};
pub use list::OfacList;

pub const SDN: ListFormat = ListFormat {
    name: "ofac-sdn",
    about: "OFAC's SDN list: the CSV set (sdn, alt, add, sdn_comments), SDN.XML, SDN_ADVANCED.XML or SDN_ENHANCED.XML.",
    dataset: Some("us-ofac-sdn"),
    title: "Specially Designated Nationals and Blocked Persons List",
    authority: "OFAC",
    publisher: "US Treasury, Office of Foreign Assets Control",
    license: "public domain",
    read: |files, progress, listing| read(OfacList::Sdn, files, progress, listing),
};

pub const CONSOLIDATED: ListFormat = ListFormat {
    name: "ofac-cons",
    about: "OFAC's consolidated non-SDN list: the CSV set (cons_*), CONSOLIDATED.XML, CONS_ADVANCED.XML or CONS_ENHANCED.XML.",
    dataset: Some("us-ofac-cons"),
    title: "Consolidated non-SDN Sanctions List",
    authority: "OFAC",
    publisher: "US Treasury, Office of Foreign Assets Control",
    license: "public domain",
    read: |files, progress, listing| read(OfacList::Consolidated, files, progress, listing),
};

pub fn read(list: OfacList, files: &[PathBuf], progress: &Progress, listing: &mut Listing<'_>) -> Result<(), Error> {
    if first_is_markup(files)? {
        xml::read(list, files, progress, listing)?;
    } else {
        csv::read(list, files, progress, listing)?;
    }
    by_name::resolve(listing);
    Ok(())
}
