//! The contract book as JSON, one contract a line: `{"id": "...", "facts": [{"field": "seller", "value": "...", ...}]}`, with
//! the fields of a fact named as the columns of the CSV. Decimals are text, as all values of facts.

use std::path::Path;

use super::gathered::{Gathered, identifier};
use crate::energy::contract::{Contract, Fact};
use crate::import::Refusal;
use crate::import::{Error, Input, Progress, Reject, Report};
use crate::reference::country;
use crate::value::text::truncated;

/// Longer lines are not contracts.
const LINE_MAX: usize = 4 << 20;

pub(super) fn read(
    path: &Path,
    progress: &Progress,
    report: &mut Report,
    gathered: &mut Gathered,
) -> Result<(), Error> {
    let mut input = Input::open(path, progress)?;
    let file = input.name();
    let mut text = String::new();
    let mut line = 0;
    loop {
        text.clear();
        line += 1;
        let damaged = |source| Error::Read { file: file.clone(), line, source };
        if input.reader().read_line(&mut text).map_err(damaged)? == 0 {
            break;
        }
        if text.trim().is_empty() {
            continue;
        }
        if text.len() > LINE_MAX {
            let problem = format!("is longer than {} MiB", LINE_MAX >> 20);
            return Err(Error::Line { file, line, problem });
        }
        let contract: Contract = serde_json::from_str(&text).map_err(|error| Error::Line {
            file: file.clone(),
            line,
            problem: format!(
                "is not a valid contract: {error}; expected {{\"id\": \"A-1\", \"facts\": [...]}} on one line"
            ),
        })?;
        let Contract { id, facts } = contract;
        report.rows_read += facts.len() as u64;
        let mut reject = |Refusal { field, value, reason }: Refusal| {
            report.reject(Reject {
                file: file.clone(),
                line,
                field: field.to_owned(),
                value: truncated(&value, 80),
                reason,
            });
        };
        if let Err(refusal) = identifier(&id) {
            reject(refusal);
            continue;
        }
        for fact in facts {
            if let Err(refusal) = gathered.take(&id, with_country(fact), &file, line) {
                reject(refusal);
            }
        }
    }
    report.files.push(input.finish()?);
    Ok(())
}

/// What the other layout sees to while it reads its columns.
fn with_country(mut fact: Fact) -> Result<Fact, Refusal> {
    let alpha3 = country::code(&fact.country);
    if !fact.country.is_empty() && alpha3.is_empty() {
        return Err(Refusal::new("country", &fact.country, "is not a valid country; expected one such as CHN"));
    }
    if fact.source.trim().is_empty() {
        return Err(Refusal::new("source", "", "is empty and must be given"));
    }
    fact.country = alpha3.to_owned();
    Ok(fact)
}
