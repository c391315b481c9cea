//! Sanction lists into the store: one file a source format.
//!
//! Each importer reads files into [`listing::Listing`], subjects in memory; `run` compares them with what is stored and
//! writes the differences as one release.

pub mod ch;
pub mod eu;
pub mod field;
pub mod ftm;
pub mod joined;
pub mod listing;
pub mod ofac;
pub mod own;
pub mod run;
pub mod uk;
pub mod un;
pub mod unbroken;
pub mod us;

use std::path::{Path, PathBuf};

use crate::import::{Error, Input, Progress};

use listing::Listing;
use ofac::OfacList;

/// A list that the program can import.
pub struct Format {
    /// As the command line has it.
    pub name: &'static str,
    /// Dataset unless the operator names another; `None` where the format says nothing of whose list it is.
    pub dataset: Option<&'static str>,
    pub title: &'static str,
    /// Who designates.
    pub authority: &'static str,
    pub publisher: &'static str,
    pub license: &'static str,
    pub read: fn(&[PathBuf], &Progress, &mut Listing<'_>) -> Result<(), Error>,
}

/// All formats of lists of subjects.
pub const FORMATS: &[Format] = &[
    Format {
        name: "ofac-sdn",
        dataset: Some("us-ofac-sdn"),
        title: "Specially Designated Nationals and Blocked Persons List",
        authority: "OFAC",
        publisher: "US Treasury, Office of Foreign Assets Control",
        license: "public domain",
        read: |files, progress, listing| ofac::read(OfacList::Sdn, files, progress, listing),
    },
    Format {
        name: "ofac-cons",
        dataset: Some("us-ofac-cons"),
        title: "Consolidated non-SDN Sanctions List",
        authority: "OFAC",
        publisher: "US Treasury, Office of Foreign Assets Control",
        license: "public domain",
        read: |files, progress, listing| ofac::read(OfacList::Consolidated, files, progress, listing),
    },
    Format {
        name: "un",
        dataset: Some("un-sc"),
        title: "United Nations Security Council Consolidated List",
        authority: "UN",
        publisher: "United Nations Security Council",
        license: "United Nations material, free with attribution",
        read: un::read,
    },
    Format {
        name: "eu",
        dataset: Some("eu-fsf"),
        title: "Consolidated list of persons, groups and entities subject to EU financial sanctions",
        authority: "EU",
        publisher: "European Commission, FISMA",
        license: "European Commission reuse policy, free with attribution",
        read: eu::read,
    },
    Format {
        name: "uk",
        dataset: Some("uk-sl"),
        title: "UK Sanctions List",
        authority: "UK",
        publisher: "UK Foreign, Commonwealth and Development Office",
        license: "Open Government Licence v3.0",
        read: uk::read,
    },
    Format {
        name: "uk-split",
        dataset: Some("uk-sl-split"),
        title: "UK Sanctions List, split into tables by a redistributor",
        authority: "UK",
        publisher: "UK Foreign, Commonwealth and Development Office, split by others",
        license: "Open Government Licence v3.0",
        read: uk::split::read,
    },
    Format {
        name: "ofsi",
        dataset: Some("uk-ofsi"),
        title: "Consolidated List of Financial Sanctions Targets (until 28 January 2026)",
        authority: "UK",
        publisher: "HM Treasury, Office of Financial Sanctions Implementation",
        license: "Open Government Licence v3.0",
        read: uk::ofsi::read,
    },
    Format {
        name: "seco",
        dataset: Some("ch-seco"),
        title: "Consolidated list of sanctioned persons, entities and objects",
        authority: "CH",
        publisher: "Swiss State Secretariat for Economic Affairs",
        license: "free with attribution",
        read: ch::read,
    },
    Format {
        name: "csl",
        dataset: Some("us-csl"),
        title: "Consolidated Screening List",
        authority: "US",
        publisher: "US Department of Commerce, International Trade Administration",
        license: "public domain",
        read: us::csl::read,
    },
    Format {
        name: "bis-dpl",
        dataset: Some("us-bis-dpl"),
        title: "Denied Persons List",
        authority: "BIS",
        publisher: "US Department of Commerce, Bureau of Industry and Security",
        license: "public domain",
        read: us::bis_dpl::read,
    },
    Format {
        name: "ftm",
        dataset: None,
        title: "Entities of FollowTheMoney",
        authority: "",
        publisher: "as the operator says (--dataset, --license)",
        license: "as the operator says (--license)",
        read: ftm::read,
    },
];

/// Whether XML was given, and no table.
fn first_is_markup(files: &[PathBuf]) -> Result<bool, Error> {
    let first: &Path = files.first().ok_or_else(|| Error::Refused("no file was named".into()))?;
    Input::open_text(first, &Progress::silent())?.begins_with_markup()
}
