//! The contract book, in layouts of our own that people keep their contracts in: `csv`, one fact a row, and `json`, one
//! contract a line. A contract of which any fact is rejected is left out as a whole.

mod csv;
mod gathered;
mod json;
mod whole;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use self::gathered::{Entry, Gathered};
use self::whole::Contradiction;
use crate::energy::contract::Contract;
use crate::energy::import::write::{Records, refuse_empty, write_records};
use crate::import::{Error, Progress, Reject, Report};
use crate::register::DatasetKind;
use crate::value::text::truncated;

pub const FORMAT: Records = Records {
    name: "contracts",
    about: "A contract book, CSV of our own with one fact a row, or JSON with one contract a line.",
    kind: DatasetKind::ContractBook,
    dataset: "contracts",
    title: "Energy contracts",
    publisher: "the operator",
    license: "as its sources say",
    scope: "the whole book",
    write: |job, progress| {
        let book = read(&job.options.files, progress, job.report)?;
        refuse_empty(&book, job.report)?;
        write_records(job, &book.into_iter().map(|contract| (contract.id.clone(), contract)).collect())
    },
};

/// Reads a book: files that end in `.json` or `.jsonl`, also with `.gz`, as JSON, others as CSV.
pub fn read(files: &[PathBuf], progress: &Progress, report: &mut Report) -> Result<Vec<Contract>, Error> {
    let (json_files, csv_files): (Vec<PathBuf>, Vec<PathBuf>) = files.iter().cloned().partition(|path| is_json(path));
    let mut gathered = Gathered::default();
    if !csv_files.is_empty() || json_files.is_empty() {
        csv::read(&csv_files, progress, report, &mut gathered)?;
    }
    for path in &json_files {
        json::read(path, progress, report, &mut gathered)?;
    }
    Ok(assemble(gathered, report))
}

fn is_json(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    name.ends_with(".json") || name.ends_with(".jsonl")
}

fn assemble(gathered: Gathered, report: &mut Report) -> Vec<Contract> {
    let Gathered { entries, bad, .. } = gathered;
    let mut contracts: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for entry in entries {
        contracts.entry(entry.contract.clone()).or_default().push(entry);
    }
    contracts.retain(|id, _| {
        let is_bad = bad.contains(id);
        if is_bad {
            report.skip("contracts of which a row was rejected");
        }
        !is_bad
    });
    for Contradiction { contract, index, column, reason } in whole::contradictions(&contracts, report) {
        let Some(entry) = contracts.get(&contract).and_then(|entries| entries.get(index)) else { continue };
        let Entry { fact, file, line, .. } = entry;
        let (file, line, value) = (file.clone(), *line, truncated(&fact.value, 80));
        report.reject(Reject { file, line, field: column.to_owned(), value, reason });
        contracts.remove(&contract);
    }
    let of_contract = |(id, entries): (String, Vec<Entry>)| {
        let facts = entries.into_iter().map(|entry| entry.fact).collect();
        Contract { id, facts }
    };
    contracts.into_iter().map(of_contract).collect()
}

#[cfg(test)]
mod tests;
