use super::listing::Listing;
use crate::import::{Error, Progress};
use std::path::PathBuf;
pub fn read(_: &[PathBuf], _: &Progress, _: &mut Listing<'_>) -> Result<(), Error> {
    Ok(())
}
