//! The one way into the store: a release is begun, compared, guarded, written and entered, or nothing happens.
//!
//! Every importer goes through [`write()`]. What is compared, and how the differences are written, is the importer's own.

use sha2::{Digest as _, Sha256};

use super::DatasetSpec;
use super::release::Base;
use super::store::{enter, enter_dataset, look};
use crate::import::file::hexadecimal;
use crate::import::{Error, Options, Report};
use crate::store::{Store, Writer};

/// Names what a release says: its files in whatever order they came, and how much of the dataset they are taken for.
pub fn content_hash(report: &Report, whole: bool) -> String {
    let mut files: Vec<&str> = report.files.iter().map(|file| file.sha256.as_str()).collect();
    files.sort_unstable();
    let mut hasher = Sha256::new();
    for file in files {
        hasher.update(file);
    }
    hasher.update(&report.scope);
    hasher.update([u8::from(whole)]);
    hexadecimal(&hasher.finalize())
}

/// Where the release would stand, if it may be written: `None` when the store has the same already, which the report
/// then says.
pub fn plan(store: &Store, spec: &DatasetSpec, options: &Options, report: &mut Report) -> Result<Option<Base>, Error> {
    options.check_publication_date()?;
    if report.rows_rejected > options.max_rejects {
        return Err(Error::Rejects {
            rejected: report.rows_rejected,
            tolerated: options.max_rejects,
            examples: report.rejects.clone(),
        });
    }
    let published = options.publication_date();
    let base = look(store, spec, published, &content_hash(report, options.whole))?;
    if base.is_other {
        return Err(Error::Refused(format!(
            "{} is a dataset of another kind or publisher; choose another --dataset",
            spec.name
        )));
    }
    if base.same_content {
        report.already_imported = true;
        return Ok(None);
    }
    if base.out_of_order {
        return Err(Error::Refused(format!(
            "{}: a release published after {published} is in the store already; releases are imported in the order of \
             their publication (--published)",
            spec.name
        )));
    }
    Ok(Some(base))
}

/// Writes one release: `apply` gets the writer and the release's numbers and returns after writing the changes. Dropped
/// before the end, the writer leaves the store as it was.
pub fn write(
    store: &Store,
    mut writer: Writer,
    spec: &DatasetSpec,
    options: &Options,
    report: &mut Report,
    apply: impl FnOnce(&mut Writer, Base, &mut Report) -> Result<(), Error>,
) -> Result<(), Error> {
    let Some(base) = plan(store, spec, options, report)? else {
        return Ok(());
    };
    enter_dataset(&mut writer, spec, base)?;
    apply(&mut writer, base, report)?;
    if options.dry_run {
        return Ok(());
    }
    let hash = content_hash(report, options.whole);
    enter(&mut writer, base, options.publication_date(), &hash, options.clock.now_ms(), report)?;
    writer.commit()?;
    report.release = Some(base.release);
    Ok(())
}

/// The name of a dataset as the operator writes it, `datasets/` before it or not. It is a part of resource names, and
/// often of the names of what the dataset holds, before the first point.
pub fn dataset_name(name: &str) -> Result<String, Error> {
    let name = name.strip_prefix("datasets/").unwrap_or(name);
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || name.len() > 63 || !name.bytes().all(fits) {
        return Err(Error::Refused(format!(
            "--dataset {name}: a dataset is named by at most 63 lower-case letters, digits and `-`, such as us-ofac-sdn"
        )));
    }
    Ok(name.to_owned())
}
