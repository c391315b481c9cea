//! What only a whole contract, or the whole book, shows: terms that end before they start, steps that leave years open,
//! amendments that overlap, formulas that lead back to themselves.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::gathered::Entry;
use crate::energy::contract::{Contract, Fact, Field};
use crate::energy::price::{self, Formula};
use crate::energy::schedule::years::name_of_year;
use crate::import::Report;

/// Place of the row, column and reason.
type Found = (usize, &'static str, String);

/// A row that contradicts others.
pub struct Contradiction {
    pub contract: String,
    /// Place among the entries of the contract.
    pub index: usize,
    pub column: &'static str,
    pub reason: String,
}

/// One contradiction a contract at the most.
pub fn contradictions(contracts: &BTreeMap<String, Vec<Entry>>, report: &mut Report) -> Vec<Contradiction> {
    let mut found = Vec::new();
    for (id, entries) in contracts {
        let checks = of_contract(id, entries)
            .and_then(|()| amendments(id, entries, contracts, report))
            .and_then(|()| formulas(id, entries, contracts));
        if let Err((index, column, reason)) = checks {
            found.push(Contradiction { contract: id.clone(), index, column, reason });
        }
    }
    found
}

fn known(entries: &[Entry], field: Field) -> impl Iterator<Item = (usize, &Fact)> {
    let facts = entries.iter().map(|entry| &entry.fact).enumerate();
    facts.filter(move |(_, fact)| fact.field == field && fact.is_known())
}

/// What only all rows of a contract together show.
fn of_contract(id: &str, entries: &[Entry]) -> Result<(), Found> {
    let facts = || entries.iter().map(|entry| &entry.fact).enumerate().filter(|(_, fact)| fact.is_known());
    let contract = Contract { id: id.to_owned(), facts: entries.iter().map(|entry| entry.fact.clone()).collect() };
    if let (Some(start), Some(end)) = contract.term()
        && end < start
    {
        let index = facts().find(|(_, fact)| fact.field == Field::End).map_or(0, |(index, _)| index);
        return Err((index, "value", format!("the term ends before it starts, on {start}")));
    }
    // Steps of one source: those of several may contradict one another, and stand side by side.
    let steps: Vec<(usize, &Fact)> =
        facts().filter(|(_, fact)| fact.field == Field::Acq && fact.first_year.is_some()).collect();
    for (index, step) in &steps {
        let overlapping = steps.iter().any(|(other_index, other)| {
            let ends = |last: Option<i16>| last.unwrap_or(i16::MAX);
            other_index < index
                && other.source == step.source
                && (other.from, other.until) == (step.from, step.until)
                && step.first_year <= Some(ends(other.last_year))
                && other.first_year <= Some(ends(step.last_year))
        });
        if overlapping {
            return Err((*index, "first_year", "overlaps another step of the same source".into()));
        }
    }
    let mut years: Vec<(i16, Option<i16>)> =
        steps.iter().filter_map(|(_, step)| Some((step.first_year?, step.last_year))).collect();
    years.sort_unstable();
    for pair in years.windows(2) {
        let ((_, last), (next, _)) = (pair[0], pair[1]);
        if last.is_some_and(|last| next > last + 1) {
            let index = steps.iter().find(|(_, step)| step.first_year == Some(next)).map_or(0, |(index, _)| *index);
            return Err((index, "first_year", "leaves years between the steps of the build-up uncovered".into()));
        }
    }
    steps_cover_the_term(&contract, &steps)?;
    let amends_itself = facts().find(|(_, fact)| fact.field == Field::Amends && fact.value == id);
    if let Some((index, _)) = amends_itself {
        return Err((index, "value", "the contract amends itself".into()));
    }
    Ok(())
}

/// Steps must reach from the first contract year to the last, unless a quantity beside them names no years.
fn steps_cover_the_term(contract: &Contract, steps: &[(usize, &Fact)]) -> Result<(), Found> {
    let acq = || contract.facts.iter().filter(|fact| fact.field == Field::Acq && fact.is_known());
    if acq().any(|fact| fact.first_year.is_none()) {
        return Ok(());
    }
    let (start, end) = contract.term();
    let months = contract.facts.iter().filter(|fact| fact.field == Field::YearBegins && fact.is_known());
    let months: Vec<u8> = months.filter_map(|fact| fact.value.parse().ok()).collect();
    // A contract year is named after the calendar year in which it begins. Where the month is not known, the first and the
    // last may begin a year before the start and the end.
    let name = |day: Date, otherwise: i16| match months[..] {
        [month] => name_of_year(day, month),
        _ => otherwise,
    };
    let first = start.map(|start| name(start, start.year()));
    let last = end.map(|end| name(end, end.year() - 1));
    let begins = steps.iter().filter_map(|(_, step)| step.first_year).min();
    let ends = steps.iter().map(|(_, step)| step.last_year.unwrap_or(i16::MAX)).max();
    let before = begins.zip(first).filter(|(begins, first)| begins > first).map(|(_, first)| first);
    let behind = ends.zip(last).filter(|(ends, last)| ends < last).map(|(ends, _)| ends + 1);
    let Some(year) = before.or(behind) else { return Ok(()) };
    let index = steps.last().map_or(0, |(index, _)| *index);
    Err((index, "last_year", format!("the steps do not cover the term: contract year {year} has none")))
}

/// Two amendments of one contract, each with a quantity, for the same time: which of them holds nobody can say.
fn amendments(
    id: &str,
    entries: &[Entry],
    contracts: &BTreeMap<String, Vec<Entry>>,
    report: &mut Report,
) -> Result<(), Found> {
    for (index, amends) in known(entries, Field::Amends) {
        if !contracts.contains_key(&amends.value) {
            report.skip("amendments of a contract that is not in the book");
            continue;
        }
        let Some(own) = amended_time(entries) else { continue };
        let others = contracts.range(..id.to_owned()).filter(|(other, entries)| {
            let amends_too = known(entries, Field::Amends).any(|(_, fact)| fact.value == amends.value);
            let is_superseded = known(self::entries(contracts, id), Field::Supersedes)
                .any(|(_, fact)| fact.value == **other)
                || known(entries, Field::Supersedes).any(|(_, fact)| fact.value == id);
            amends_too && !is_superseded
        });
        for (other, entries) in others {
            let Some(theirs) = amended_time(entries) else { continue };
            if own.0 <= theirs.1 && theirs.0 <= own.1 {
                let reason =
                    format!("overlaps the amendment {other} of the same contract; one may supersede the other");
                return Err((index, "value", reason));
            }
        }
    }
    Ok(())
}

fn entries<'a>(contracts: &'a BTreeMap<String, Vec<Entry>>, id: &str) -> &'a [Entry] {
    contracts.get(id).map_or(&[], Vec::as_slice)
}

/// The time of an amendment that has a quantity.
fn amended_time(entries: &[Entry]) -> Option<(Date, Date)> {
    known(entries, Field::Acq).next()?;
    let facts = entries.iter().map(|entry| entry.fact.clone()).collect();
    let (start, end) = Contract { id: String::new(), facts }.term();
    Some((start.unwrap_or(Date::MIN), end.unwrap_or(Date::MAX)))
}

/// Formulas that name others: those must be there, and must not lead back.
fn formulas(id: &str, entries: &[Entry], contracts: &BTreeMap<String, Vec<Entry>>) -> Result<(), Found> {
    let formula_of = |id: &str| {
        let (_, fact) = known(self::entries(contracts, id), Field::PriceFormula).next()?;
        serde_json::from_str::<Formula>(&fact.value).ok()
    };
    for (index, fact) in known(entries, Field::PriceFormula) {
        // The row was checked by itself.
        let Ok(formula) = serde_json::from_str::<Formula>(&fact.value) else { continue };
        price::check_names(id, &formula, &formula_of).map_err(|error| (index, "value", error.to_string()))?;
    }
    Ok(())
}
