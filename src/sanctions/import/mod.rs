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

use crate::import::{Error, Format, Input, Options, Progress, Report};
use crate::store::Store;

use listing::Listing;

/// A format of lists of subjects.
pub struct ListFormat {
    pub name: &'static str,
    pub about: &'static str,
    /// Dataset unless the operator names another; `None` where the format says nothing of whose list it is.
    pub dataset: Option<&'static str>,
    pub title: &'static str,
    /// Who designates.
    pub authority: &'static str,
    pub publisher: &'static str,
    pub license: &'static str,
    pub read: fn(&[PathBuf], &Progress, &mut Listing<'_>) -> Result<(), Error>,
}

impl Format for ListFormat {
    fn name(&self) -> &'static str {
        self.name
    }

    fn about(&self) -> &'static str {
        self.about
    }

    fn import(&self, store: &Store, options: &Options, progress: &mut Progress) -> Result<Vec<Report>, Error> {
        run::import(store, self, options, progress).map(|report| vec![report])
    }
}

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

/// Whether XML was given, and no table.
fn first_is_markup(files: &[PathBuf]) -> Result<bool, Error> {
    let first: &Path = files.first().ok_or_else(|| Error::Refused("no file was named".into()))?;
    Input::open_text(first, &Progress::silent())?.begins_with_markup()
}
