//! A format of trade flows, as the registry knows it.

use std::path::PathBuf;

use super::run;
use super::source::Source;
use crate::import::{Error, Format, Options, Progress, Report};
use crate::store::Store;

/// A format of trade flows.
pub struct Flows {
    pub name: &'static str,
    pub about: &'static str,
    /// The way to read these files, which may depend on their names.
    pub source: fn(&[PathBuf]) -> Box<dyn Source>,
}

impl Format for Flows {
    fn name(&self) -> &'static str {
        self.name
    }

    fn about(&self) -> &'static str {
        self.about
    }

    fn takes_encodings(&self) -> bool {
        true
    }

    fn import(&self, store: &Store, options: &Options, progress: &mut Progress) -> Result<Vec<Report>, Error> {
        let source = (self.source)(&options.files);
        run::import(store, source.as_ref(), options, progress).map(|report| vec![report])
    }
}
