//! What a format of lists says of itself.

use std::path::{Path, PathBuf};

use super::listing::Listing;
use crate::import::{Error, Input, Progress};

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

/// Whether XML was given, and no table.
pub fn first_is_markup(files: &[PathBuf]) -> Result<bool, Error> {
    let first: &Path = files.first().ok_or_else(|| Error::Refused("no file was named".into()))?;
    Input::open_text(first, &Progress::silent())?.begins_with_markup()
}
