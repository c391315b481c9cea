//! Classifications and concordances into the store: one file a source format.
//!
//! Both lists are small enough to be held in memory and compared there.

pub mod classification;
pub mod concordance;
pub mod entries;

use sha2::{Digest as _, Sha256};

use super::dataset::DatasetSpec;
use super::store::{ReleaseBase, begin_release, register_release};
use crate::import::file::hexadecimal;
use crate::import::{Error, Options, Report};
use crate::store::{Store, Writer};

/// Writes one release: `apply` gets the writer and the release's numbers and returns after writing the changes.
pub fn release(
    store: &Store,
    spec: &DatasetSpec,
    options: &Options,
    report: &mut Report,
    apply: impl FnOnce(&mut Writer, ReleaseBase, &mut Report) -> Result<(), Error>,
) -> Result<(), Error> {
    options.check_publication_date()?;
    if report.rows_rejected > options.max_rejects {
        return Err(Error::Rejects {
            rejected: report.rows_rejected,
            tolerated: options.max_rejects,
            examples: report.rejects.clone(),
        });
    }
    let mut hasher = Sha256::new();
    for file in &report.files {
        hasher.update(&file.sha256);
    }
    let content_hash = hexadecimal(&hasher.finalize());
    let published = options.publication_date();

    let mut writer = store.writer_of_a_list()?;
    let base = begin_release(&mut writer, spec, published, &content_hash)?;
    if base.is_other {
        return Err(Error::Refused(format!(
            "{} is a dataset of another kind or publisher; choose another --dataset",
            spec.name
        )));
    }
    if base.same_content {
        report.already_imported = true;
        return Ok(());
    }
    if base.out_of_order {
        return Err(Error::Refused(format!(
            "{}: a release published after {published} is in the store already; releases are imported in the order of \
             their publication (--published)",
            spec.name
        )));
    }
    apply(&mut writer, base, report)?;
    if options.dry_run {
        return Ok(());
    }
    register_release(&mut writer, base.release, base.dataset, published, &content_hash, report)?;
    writer.commit()?;
    report.release = Some(base.release);
    Ok(())
}

/// Where a dataset's name is a part of the names of what it holds, before the first point.
pub fn check_dataset_name(name: &str) -> Result<(), Error> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || name.len() > 60 || !name.bytes().all(fits) {
        return Err(Error::Refused(format!(
            "--dataset {name}: such a dataset is named by lower-case letters, digits and `-`, such as us-ofac-sdn"
        )));
    }
    Ok(())
}
