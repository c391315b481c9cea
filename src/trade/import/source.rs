//! Where rows come from: one implementation a format.

use std::path::PathBuf;

use super::scope;
use super::sink::Sink;
use crate::import::{Error, Input};
use crate::register::DatasetSpec;

/// Where rows come from: how the files of one format are read.
pub trait Source: Send + Sync {
    /// What the dataset is, before the person who imports changes name or licence.
    fn dataset(&self) -> DatasetSpec;

    /// How the scope of a release follows from its rows.
    fn scope_rule(&self) -> scope::Rule {
        scope::Rule::Report
    }

    /// Puts the files in the order in which they must be read.
    fn arrange(&self, _files: &mut Vec<PathBuf>) {}

    /// Reads one file.
    fn read(&self, input: &mut Input, sink: &mut Sink<'_>) -> Result<(), Error>;
}
