//! What the person who imports decides.

use std::path::PathBuf;

use jiff::civil::Date;

use super::{Encoding, Error};
use crate::value::Clock;

/// What the person who imports decides.
#[derive(Clone, Debug)]
pub struct Options {
    pub files: Vec<PathBuf>,
    /// Dataset to import into; each format has its own when absent.
    pub dataset: Option<String>,
    /// Day on which the publisher put the release out; today when absent.
    pub published: Option<Date>,
    /// `published` counts although the files say another day of themselves.
    pub published_anyway: bool,
    pub license: Option<String>,
    /// The files are the whole dataset: rows that they do not have are withdrawn wherever they are.
    pub whole: bool,
    /// The files are a part of what the publisher lists; with names, only of these parts of a sanction list. Absent: as the
    /// format has it.
    pub partial: Option<Vec<String>>,
    pub dry_run: bool,
    /// Rejected rows that are tolerated.
    pub max_rejects: u64,
    /// Rows held in memory before a sorted run is spilled.
    pub sort_rows: usize,
    /// Folder for spilled runs; the system's when absent.
    pub temp_dir: Option<PathBuf>,
    /// A sanction list may lose this share of its subjects in one release, in percent.
    pub shrink_percent: u32,
    /// Sanction lists that may lose any number.
    pub allow_shrink: Vec<String>,
    /// How often the price indexes of the files are published, where the files do not say it: `weekly`.
    pub frequency: Option<String>,
    /// Encoding of the files, where the format leaves it open.
    pub encoding: Encoding,
    pub clock: Clock,
}

impl Options {
    pub fn new(files: Vec<PathBuf>) -> Self {
        Self {
            files,
            dataset: None,
            published: None,
            published_anyway: false,
            license: None,
            whole: false,
            partial: None,
            dry_run: false,
            max_rejects: 0,
            sort_rows: 500_000,
            temp_dir: None,
            shrink_percent: 10,
            allow_shrink: Vec::new(),
            frequency: None,
            encoding: Encoding::Utf8,
            clock: Clock::SYSTEM,
        }
    }

    /// A day that has not come would keep every release until then out. One day's grace is for other time zones.
    pub fn check_publication_date(&self) -> Result<(), Error> {
        let tomorrow = self.clock.today().tomorrow().unwrap_or(Date::MAX);
        match self.published.filter(|published| *published > tomorrow) {
            None => Ok(()),
            Some(published) => Err(Error::Refused(format!("--published {published} lies in the future"))),
        }
    }

    pub fn publication_date(&self) -> Date {
        self.published.unwrap_or_else(|| self.clock.today())
    }
}
