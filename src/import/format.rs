//! Source formats: what `entrepot import NAME` reads. Each subject lists its own; `app` lists them all.

use super::{Error, Options, Progress, Report};
use crate::store::Store;

/// A source format.
pub trait Format: Sync {
    /// As on the command line.
    fn name(&self) -> &'static str;

    /// What it reads, in a line of help.
    fn about(&self) -> &'static str;

    /// Whether `--frequency` means something to it.
    fn takes_frequency(&self) -> bool {
        false
    }

    /// Whether the person who imports may say how the files are encoded.
    fn takes_encodings(&self) -> bool {
        false
    }

    /// Brings the files in, as one release of their dataset or as one of each of several. Blocks.
    fn import(&self, store: &Store, options: &Options, progress: &mut Progress) -> Result<Vec<Report>, Error>;
}

/// A format that is a function.
pub struct Plain {
    pub name: &'static str,
    pub about: &'static str,
    pub import: fn(&Store, &Options, &mut Progress) -> Result<Vec<Report>, Error>,
}

impl Format for Plain {
    fn name(&self) -> &'static str {
        self.name
    }

    fn about(&self) -> &'static str {
        self.about
    }

    fn import(&self, store: &Store, options: &Options, progress: &mut Progress) -> Result<Vec<Report>, Error> {
        (self.import)(store, options, progress)
    }
}
