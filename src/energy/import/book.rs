//! The contract book, in layouts of our own that people keep their contracts in: [`csv`], one fact a row, and [`json`], one
//! contract a line. What a fact and a contract are checked for stands here; a contract of which any fact is rejected is
//! left out as a whole.

mod csv;
mod json;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use crate::energy::contract::{Contract, Fact, FactState, Field};
use crate::energy::contract_terms::percentage;
use crate::energy::price::Formula;
use crate::energy::{decimal, quantity};
use crate::import::own_table::Refusal;
use crate::import::{Error, Progress, Reject, Report};
use crate::span::Span;

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
}

impl Gathered {
    /// Takes a fact, or says why not.
    fn take(&mut self, contract: &str, fact: Result<Fact, Refusal>, file: &str, line: u64) -> Result<(), Refusal> {
        let taken = fact.and_then(|fact| {
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
    let mut book = Vec::new();
    for (id, entries) in contracts {
        if bad.contains(&id) {
            report.skip("contracts of which a row was rejected");
            continue;
        }
        match whole(&id, &entries) {
            Ok(()) => book.push(Contract { id, facts: entries.into_iter().map(|entry| entry.fact).collect() }),
            Err((place, field, reason)) => {
                let (file, line) = (entries[place].file.clone(), entries[place].line);
                let value = entries[place].fact.value.clone();
                report.reject(Reject { file, line, field: field.to_owned(), value, reason });
            }
        }
    }
    for contract in &book {
        let amended = contract.facts.iter().filter(|fact| fact.field == Field::Amends && fact.is_known());
        for fact in amended {
            if !book.iter().any(|other| other.id == fact.value) {
                report.skip("amendments of a contract that is not in the book");
            }
        }
    }
    book
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
        Field::DownwardTolerance | Field::UpwardOption | Field::CarryForwardCap => {
            if value.ends_with('%') {
                return percentage(value).map(|_| ()).map_err(|problem| Refusal::new("value", value, problem));
            }
            if ["unlimited", "none"].contains(&value) { Ok(()) } else { amount(fact) }
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

/// A quantity that is not negative, with a unit.
fn amount(fact: &Fact) -> Result<(), Refusal> {
    let number = decimal::read(&fact.value).map_err(|problem| Refusal::new("value", &fact.value, problem))?;
    if number.is_sign_negative() {
        return Err(Refusal::new("value", &fact.value, "is negative"));
    }
    quantity::text::unit(&fact.unit).map(|_| ()).map_err(|error| Refusal::new("unit", &fact.unit, error.reason))
}

/// Place of the row, column and reason.
type Contradiction = (usize, &'static str, String);

/// What only all rows of a contract together show.
fn whole(id: &str, entries: &[Entry]) -> Result<(), Contradiction> {
    let facts = || entries.iter().map(|entry| &entry.fact).enumerate().filter(|(_, fact)| fact.is_known());
    let contract = Contract { id: id.to_owned(), facts: entries.iter().map(|entry| entry.fact.clone()).collect() };
    if let (Some(start), Some(end)) = contract.term()
        && end < start
    {
        let place = facts().find(|(_, fact)| fact.field == Field::End).map_or(0, |(place, _)| place);
        return Err((place, "value", format!("the term ends before it starts, on {start}")));
    }
    // Steps of one source: those of several may contradict one another, and stand side by side.
    let steps: Vec<(usize, &Fact)> =
        facts().filter(|(_, fact)| fact.field == Field::Acq && fact.first_year.is_some()).collect();
    for (place, step) in &steps {
        let overlapping = steps.iter().any(|(other_place, other)| {
            let ends = |last: Option<i16>| last.unwrap_or(i16::MAX);
            other_place < place
                && other.source == step.source
                && (other.from, other.until) == (step.from, step.until)
                && step.first_year <= Some(ends(other.last_year))
                && other.first_year <= Some(ends(step.last_year))
        });
        if overlapping {
            return Err((*place, "first_year", "overlaps another step of the same source".into()));
        }
    }
    let mut years: Vec<(i16, Option<i16>)> =
        steps.iter().filter_map(|(_, step)| Some((step.first_year?, step.last_year))).collect();
    years.sort_unstable();
    for pair in years.windows(2) {
        let ((_, last), (next, _)) = (pair[0], pair[1]);
        if last.is_some_and(|last| next > last + 1) {
            let place = steps.iter().find(|(_, step)| step.first_year == Some(next)).map_or(0, |(place, _)| *place);
            return Err((place, "first_year", "leaves years between the steps of the build-up uncovered".into()));
        }
    }
    let amends_itself = facts().find(|(_, fact)| fact.field == Field::Amends && fact.value == id);
    if let Some((place, _)) = amends_itself {
        return Err((place, "value", "the contract amends itself".into()));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
