//! The contract book, in a layout of our own that people keep their contracts in: CSV, one fact a row,
//! `contract,field,value,unit,country,from,until,first_year,last_year,source,confidence,state,note`.
//!
//! `contract` is an identifier of letters, digits and `-`. `field` is one of `contract::Field`. `value` is empty unless the
//! state is `extracted`. Dates are EDTF (`2014-05-21`, `2019-12`, `2030`, `2014~`). `unit` says its basis (`bcm/y@20C`,
//! `Mt/y LNG`, `million MMBtu/y GCV`); a basis that nobody knows is left out, and sums over it are refused later.
//! `first_year` and `last_year` are the contract years of a step of the quantity. `state` is `extracted` (the default),
//! `redacted`, `not_found`, `not_reviewed` or `not_applicable`; `confidence` is `high`, `medium` or `low`.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::PathBuf;

use crate::energy::contract::{Confidence, Contract, Fact, FactState, Field};
use crate::energy::contract_terms::percentage;
use crate::energy::price::Formula;
use crate::energy::{decimal, quantity};
use crate::import::own_table::{self, Refusal, Row};
use crate::import::{Error, Progress, Reject, Report};
use crate::reference::country;
use crate::span::Span;

const COLUMNS: [&str; 13] = [
    "contract",
    "field",
    "value",
    "unit",
    "country",
    "from",
    "until",
    "first_year",
    "last_year",
    "source",
    "confidence",
    "state",
    "note",
];

const STAGES: [&str; 12] = [
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
const LEGAL: [&str; 10] = [
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
const PHYSICAL: [&str; 5] = ["none", "building", "flowing", "reduced", "stopped"];

/// A row of the book with its contract.
struct Entry {
    contract: String,
    fact: Fact,
    file: String,
    line: u64,
}

/// Reads a book. A contract of which any row is rejected is left out as a whole.
pub fn read(files: &[PathBuf], progress: &Progress, report: &mut Report) -> Result<Vec<Contract>, Error> {
    let mut bad: BTreeSet<String> = BTreeSet::new();
    let mut seen: HashSet<(String, Fact)> = HashSet::new();
    let entries = own_table::read(files, progress, report, &COLUMNS, |row, _| {
        let entry = entry(row);
        let twice = entry.as_ref().ok().filter(|entry| !seen.insert((entry.contract.clone(), entry.fact.clone())));
        let entry = match twice {
            Some(_) => Err(Refusal::new("contract", row.text("contract"), "is a row that stands there twice")),
            None => entry,
        };
        if entry.is_err() {
            bad.insert(row.text("contract").to_owned());
        }
        entry
    })?;
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
    Ok(book)
}

fn entry(row: &Row<'_>) -> Result<Entry, Refusal> {
    let contract = row.required("contract")?;
    if !contract.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err(Refusal::new("contract", &contract, "is no identifier; letters, digits and `-` would be right"));
    }
    let name = row.required("field")?;
    let field = Field::parse(&name).ok_or_else(|| {
        Refusal::new("field", &name, "is no field of the book format; seller, acq, start, ... would be")
    })?;
    let state: FactState = word(row, "state", "extracted, redacted, not_found, not_reviewed or not_applicable")?;
    let confidence: Confidence = word(row, "confidence", "high, medium or low")?;
    let span = |column: &'static str| -> Result<Option<Span>, Refusal> {
        let text = row.text(column);
        if text.is_empty() {
            Ok(None)
        } else {
            text.parse().map(Some).map_err(|problem| Refusal::new(column, text, problem))
        }
    };
    let year = |column: &'static str| -> Result<Option<i16>, Refusal> {
        let text = row.text(column);
        let year = text.parse().ok().filter(|year| (1900..=2200).contains(year));
        match (text, year) {
            ("", _) => Ok(None),
            (_, Some(year)) => Ok(Some(year)),
            _ => Err(Refusal::new(column, text, "is no year; 2027 would be right")),
        }
    };
    let code = row.text("country");
    let alpha3 = country::code(code);
    if !code.is_empty() && alpha3.is_empty() {
        return Err(Refusal::new("country", code, "is no country; CHN would be right"));
    }
    let fact = Fact {
        field,
        value: row.text("value").to_owned(),
        unit: row.text("unit").to_owned(),
        country: alpha3.to_owned(),
        from: span("from")?,
        until: span("until")?,
        first_year: year("first_year")?,
        last_year: year("last_year")?,
        source: row.required("source")?,
        confidence,
        state,
        note: row.text("note").to_owned(),
    };
    check(&fact)?;
    Ok(Entry { contract, fact, file: row.file.to_owned(), line: row.line })
}

fn word<T: serde::de::DeserializeOwned + Default>(
    row: &Row<'_>,
    column: &'static str,
    right: &str,
) -> Result<T, Refusal> {
    let text = row.text(column);
    if text.is_empty() {
        return Ok(T::default());
    }
    let value = serde_json::Value::String(text.to_owned());
    serde_json::from_value(value)
        .map_err(|_| Refusal::new(column, text, format!("is not known; {right} would be right")))
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
        Field::Stage => among(&STAGES),
        Field::LegalStatus => among(&LEGAL),
        Field::PhysicalState => among(&PHYSICAL),
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
mod tests {
    use super::*;
    use crate::import::own_table::tests::read_text;

    const HEADER: &str =
        "contract,field,value,unit,country,from,until,first_year,last_year,source,confidence,state,note\n";

    fn import(rows: &str) -> (Vec<Contract>, Report, Vec<String>) {
        read_text(&format!("{HEADER}{rows}"), read).unwrap()
    }

    #[test]
    fn a_book_comes_together() {
        let (book, report, rejects) = import(
            "POS1,seller,Gazprom,,Russia,,,,,press,high,,\n\
             POS1,buyer,CNPC,,CN,,,,,press,high,,\n\
             POS1,acq,5,bcm/y@20C,,,,2020,2020,press,medium,,\n\
             POS1,acq,38,bcm/y@20C,,,,2021,,press,high,,\n\
             POS1,take_or_pay_share,,,,,,,,press,,not_found,the clause is known and not its share\n\
             OMV,legal_status,in_force,,,2006,,,,press,high,,\n\
             OMV,legal_status,terminated,,,2024-12-11,,,,press,high,,\n",
        );
        assert_eq!((rejects.len(), book.len(), report.rows_read), (0, 2, 7));
        assert_eq!(book[1].title(), "Gazprom to CNPC");
        assert_eq!(book[1].facts[1].country, "CHN");
        assert_eq!(book[1].facts[4].state, FactState::NotFound);
    }

    #[test]
    fn each_bad_row_is_named() {
        for (row, expected) in [
            ("A,acq,-1,bcm/y@20C,,,,,,s,,,", "2 value"),
            ("A,acq,1,furlong,,,,,,s,,,", "2 unit"),
            ("A,acq,1,,,,,,,s,,,", "2 unit"),
            ("A,acq,,bcm/y,,,,,,s,,,", "2 value"),
            ("A,colour,red,,,,,,,s,,,", "2 field"),
            ("A,take_or_pay_share,101 %,,,,,,,s,,,", "2 value"),
            ("A,take_or_pay_share,85,,,,,,,s,,,", "2 value"),
            ("A,legal_status,perhaps,,,,,,,s,,,", "2 value"),
            ("A,start,2020-02-31,,,,,,,s,,,", "2 value"),
            ("A,title,T,,,2025,2020,,,s,,,", "2 until"),
            ("A,title,T,,,,,,,,,,", "2 source"),
            ("A,title,T,,Atlantis,,,,,s,,,", "2 country"),
            ("A,title,T,,,,,,,s,sure,,", "2 confidence"),
            ("A,price_formula,\"{\"\"number\"\":1.5}\",,,,,,,s,,,", "2 value"),
            ("A B,title,T,,,,,,,s,,,", "2 contract"),
            ("A,amends,A,,,,,,,s,,,", "2 value"),
            ("A,title,T,,,,,,,s,,,\nA,title,T,,,,,,,s,,,", "3 contract"),
            ("A,start,2030,,,,,,,s,,,\nA,end,2020,,,,,,,s,,,", "3 value"),
            ("A,acq,1,bcm/y@20C,,,,2020,2022,s,,,\nA,acq,2,bcm/y@20C,,,,2022,,s,,,", "3 first_year"),
            ("A,acq,1,bcm/y@20C,,,,2020,2021,s,,,\nA,acq,2,bcm/y@20C,,,,2023,,s,,,", "3 first_year"),
        ] {
            let (book, _, rejects) = import(&format!("{row}\n"));
            assert_eq!((book.len(), rejects), (0, vec![expected.to_owned()]), "{row}");
        }
    }
}
