//! The contract book, in layouts of our own that people keep their contracts in: `csv`, one fact a row, and `json`, one
//! contract a line. What a fact and a contract are checked for stands here; a contract of which any fact is rejected is
//! left out as a whole.

mod csv;
mod json;
mod whole;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use self::whole::Contradiction;
use crate::energy::contract::terms::percentage;
use crate::energy::contract::{Contract, Fact, FactState, Field};
use crate::energy::import::write::{Records, refuse_empty, write_records};
use crate::energy::price::Formula;
use crate::energy::quantity;
use crate::import::own_table::Refusal;
use crate::import::{Error, Progress, Reject, Report};
use crate::register::DatasetKind;
use crate::value::text::truncated;
use crate::value::{Span, decimal};

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

pub const STAGES: &[&str] = &[
    "memorandum",
    "letter_of_intent",
    "heads_of_agreement",
    "sale_and_purchase_agreement",
    "gas_supply_agreement",
    "tolling_agreement",
    "transit_agreement",
    "term_supply",
    "prepayment",
    "power_purchase_agreement",
    "intergovernmental_agreement",
    "amendment",
];
pub const LEGAL: &[&str] = &[
    "proposed",
    "signed",
    "conditions_pending",
    "in_force",
    "suspended",
    "force_majeure",
    "expired",
    "terminated",
    "superseded",
    "announced",
];
pub const PHYSICAL: &[&str] = &["none", "building", "flowing", "reduced", "stopped"];

/// A fact of the book with its contract and its place in a file.
struct Entry {
    contract: String,
    fact: Fact,
    file: String,
    line: u64,
}

/// What a reader of one layout gathers.
#[derive(Default)]
struct Gathered {
    entries: Vec<Entry>,
    seen: HashSet<(String, Fact)>,
    /// Contracts of which a fact was rejected.
    bad: BTreeSet<String>,
    /// Where each contract stands first.
    files: BTreeMap<String, String>,
}

impl Gathered {
    /// Takes a fact, or says why not.
    fn take(&mut self, contract: &str, fact: Result<Fact, Refusal>, file: &str, line: u64) -> Result<(), Refusal> {
        let first = self.files.entry(contract.to_owned()).or_insert_with(|| file.to_owned());
        let taken = fact.and_then(|fact| {
            if first != file {
                let reason = format!("stands in {first} too; all rows of a contract belong in one file");
                return Err(Refusal::new("contract", contract, reason));
            }
            check(&fact)?;
            if !self.seen.insert((contract.to_owned(), fact.clone())) {
                return Err(Refusal::new("contract", contract, "is a row that stands there twice"));
            }
            Ok(fact)
        });
        match taken {
            Ok(fact) => {
                self.entries.push(Entry { contract: contract.to_owned(), fact, file: file.to_owned(), line });
                Ok(())
            }
            Err(refusal) => {
                self.bad.insert(contract.to_owned());
                Err(refusal)
            }
        }
    }
}

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

fn identifier(text: &str) -> Result<(), Refusal> {
    if !text.is_empty() && text.len() <= 100 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Ok(());
    }
    Err(Refusal::new("contract", text, "is no identifier; at most 100 letters, digits and `-` would be right"))
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
    for Contradiction { contract, place, column, reason } in whole::contradictions(&contracts, report) {
        let Some(entry) = contracts.get(&contract).and_then(|entries| entries.get(place)) else { continue };
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

/// What a row can be checked for by itself.
pub fn check(fact: &Fact) -> Result<(), Refusal> {
    let wrong = |column: &'static str, value: &str, reason: String| Err(Refusal::new(column, value, reason));
    let value = fact.value.as_str();
    if (fact.state == FactState::Extracted) == value.is_empty() {
        let reason = "an extracted fact has a value, and any other has none (a note may hold it)";
        return wrong("value", value, reason.into());
    }
    if let (Some(from), Some(until)) = (fact.from, fact.until)
        && until.last < from.first
    {
        return wrong("until", &until.to_string(), format!("lies before the beginning, {from}"));
    }
    if let (Some(first), Some(last)) = (fact.first_year, fact.last_year)
        && last < first
    {
        return wrong("last_year", &last.to_string(), format!("lies before the first year, {first}"));
    }
    if value.is_empty() {
        return Ok(());
    }
    let among = |words: &[&str]| -> Result<(), Refusal> {
        if words.contains(&value) {
            return Ok(());
        }
        wrong("value", value, format!("is not known; {} would be right", words.join(", ")))
    };
    match fact.field {
        Field::Signed | Field::Start | Field::End => {
            value.parse::<Span>().map(|_| ()).map_err(|problem| Refusal::new("value", value, problem))
        }
        Field::Acq | Field::Dcq | Field::TotalQuantity => amount(fact),
        Field::TakeOrPayShare => percentage(value).map(|_| ()).map_err(|problem| Refusal::new("value", value, problem)),
        Field::DownwardTolerance | Field::UpwardOption | Field::Swing | Field::CarryForwardCap => {
            if value.ends_with('%') {
                return percentage(value).map(|_| ()).map_err(|problem| Refusal::new("value", value, problem));
            }
            if ["unlimited", "none"].contains(&value) { Ok(()) } else { amount(fact) }
        }
        Field::SeasonalProfile => {
            seasonal_profile(value).map(|_| ()).map_err(|problem| Refusal::new("value", value, problem))
        }
        Field::YearBegins => match value.parse::<u8>() {
            Ok(1..=12) => Ok(()),
            _ => wrong("value", value, "is no month; 1 to 12 would be right".into()),
        },
        Field::ShortYear => among(&["pro_rata", "as_stated"]),
        Field::MakeUpOrder => among(&["after_acq", "after_take_or_pay", "first", "none"]),
        Field::Stage => among(STAGES),
        Field::LegalStatus => among(LEGAL),
        Field::PhysicalState => among(PHYSICAL),
        Field::PriceFormula => {
            let formula: Formula = serde_json::from_str(value)
                .map_err(|error| Refusal::new("value", value, format!("is no price formula: {error}")))?;
            formula.check().map_err(|error| Refusal::new("value", value, error.to_string()))
        }
        _ => Ok(()),
    }
}

/// Twelve percentages from January on, divided by blanks, which come to 100: `9 9 8.5 ...`.
pub fn seasonal_profile(text: &str) -> Result<Vec<rust_decimal::Decimal>, String> {
    let shares: Vec<_> = text.split_whitespace().map(decimal::read).collect::<Result<_, _>>()?;
    let total = decimal::sum(shares.iter().copied()).map_err(|error| error.to_string())?;
    if shares.len() != 12
        || total != rust_decimal::Decimal::ONE_HUNDRED
        || shares.iter().any(|share| share.is_sign_negative())
    {
        return Err(format!("{} shares that come to {total} %; twelve that come to 100 would be right", shares.len()));
    }
    Ok(shares)
}

/// A quantity that is not negative, with a unit.
fn amount(fact: &Fact) -> Result<(), Refusal> {
    let number = decimal::read(&fact.value).map_err(|problem| Refusal::new("value", &fact.value, problem))?;
    if number.is_sign_negative() {
        return Err(Refusal::new("value", &fact.value, "is negative"));
    }
    quantity::text::unit(&fact.unit).map(|_| ()).map_err(|error| Refusal::new("unit", &fact.unit, error.reason))
}

#[cfg(test)]
mod tests;
