//! Contracts and their facts.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::energy::contract::{Confidence, Contract, Fact, FactState, Field, Standing};
use crate::energy::library::{Listed, Version};
use crate::proto::entrepot::energy::v1 as pb;
use crate::register::Catalog;
use crate::rpc::wire::day;
use crate::value::Span;

pub fn name(version: &Version<Listed>) -> String {
    format!("contracts/{}.{}", version.book, version.id)
}

/// `day`: the day of the states. `in_force`: only facts that hold on that day.
pub fn contract(version: &Version<Listed>, day: Date, in_force: bool, catalog: &Catalog) -> pb::Contract {
    let contract = &version.value.contract;
    let facts = contract.facts.iter().filter(|fact| !in_force || fact.holds_on(day));
    pb::Contract {
        name: name(version),
        book: format!("datasets/{}", version.book),
        display_name: contract.title(),
        facts: facts.map(fact).collect(),
        stage: state(contract, Field::Stage, day),
        legal_status: state(contract, Field::LegalStatus, day),
        physical_state: state(contract, Field::PhysicalState, day),
        release: catalog.release_name(version.since.0),
    }
}

fn state(contract: &Contract, field: Field, day: Date) -> Option<pb::State> {
    let Standing { known, doubt } = contract.standing(field, day);
    known.or(doubt)?;
    Some(pb::State {
        value: known.map(|fact| fact.value.clone()).unwrap_or_default(),
        since: known.and_then(|fact| fact.from).map(|from| from.to_string()).unwrap_or_default(),
        source: known.or(doubt).map(|fact| fact.source.clone()).unwrap_or_default(),
        confidence: confidence(known.map_or(Confidence::Unknown, |fact| fact.confidence)).into(),
        doubt: doubt.map(doubt_in_words).unwrap_or_default(),
    })
}

fn doubt_in_words(fact: &Fact) -> String {
    let state = match fact.state {
        FactState::Redacted => "redacted",
        FactState::NotFound => "not found",
        _ => "not reviewed",
    };
    let since = fact.from.map_or_else(String::new, |from| format!(" from {from}"));
    let note = if fact.note.is_empty() { String::new() } else { format!(": {}", fact.note) };
    format!("{state}{since}{note}")
}

pub fn fact(fact: &Fact) -> pb::Fact {
    let span = |span: Option<Span>| span.map(|span| span.to_string()).unwrap_or_default();
    pb::Fact {
        field: fact.field.name().to_owned(),
        value: fact.value.clone(),
        unit: fact.unit.clone(),
        country: fact.country.clone(),
        from: span(fact.from),
        until: span(fact.until),
        first_year: fact.first_year.map(i32::from),
        last_year: fact.last_year.map(i32::from),
        source: fact.source.clone(),
        confidence: confidence(fact.confidence).into(),
        state: fact_state(fact.state).into(),
        note: fact.note.clone(),
    }
}

pub fn confidence(confidence: Confidence) -> pb::Confidence {
    match confidence {
        Confidence::Unknown => pb::Confidence::Unspecified,
        Confidence::High => pb::Confidence::High,
        Confidence::Medium => pb::Confidence::Medium,
        Confidence::Low => pb::Confidence::Low,
    }
}

fn fact_state(state: FactState) -> pb::FactState {
    match state {
        FactState::Extracted => pb::FactState::Extracted,
        FactState::Redacted => pb::FactState::Redacted,
        FactState::NotFound => pb::FactState::NotFound,
        FactState::NotReviewed => pb::FactState::NotReviewed,
        FactState::NotApplicable => pb::FactState::NotApplicable,
    }
}

/// A version beside the one before it. `next`: the version after it, from which its withdrawal shows.
pub fn revision(
    version: &Version<Listed>,
    before: Option<&Version<Listed>>,
    next: Option<&Version<Listed>>,
    catalog: &Catalog,
) -> pb::ContractRevision {
    let old = before.map_or(&[][..], |before| before.value.contract.facts.as_slice());
    let was_replaced = version.until.is_some_and(|until| next.is_some_and(|next| next.since == until));
    pb::ContractRevision {
        release: catalog.release_name(version.since.0),
        publication_date: Some(day(version.since.1)),
        end_date: version.until.map(|(_, until)| day(until)),
        changes: changes(old, &version.value.contract.facts),
        end_release: version.until.map(|(release, _)| catalog.release_name(release)).unwrap_or_default(),
        withdrawn: version.until.is_some() && !was_replaced,
    }
}

/// Facts that went and came. One that went and one that came of the same field, steps and beginning are one change.
fn changes(old: &[Fact], new: &[Fact]) -> Vec<pb::FactChange> {
    let mut gone: HashMap<&Fact, ()> = old.iter().map(|fact| (fact, ())).collect();
    let mut came = Vec::new();
    for fact in new {
        if gone.remove(fact).is_none() {
            came.push(fact);
        }
    }
    let mut gone: Vec<&Fact> = old.iter().filter(|fact| gone.contains_key(fact)).collect();
    let mut found = Vec::new();
    for fact_now in came {
        let same = |fact: &&Fact| {
            (fact.field, fact.first_year, fact.from, &fact.source)
                == (fact_now.field, fact_now.first_year, fact_now.from, &fact_now.source)
        };
        let from = gone.iter().position(same).map(|place| gone.remove(place));
        found.push(pb::FactChange { from: from.map(fact), to: Some(fact(fact_now)) });
    }
    found.extend(gone.into_iter().map(|gone| pb::FactChange { from: Some(fact(gone)), to: None }));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_changes_is_one_change() {
        let of = |field: Field, value: &str| Fact {
            field,
            value: value.into(),
            unit: String::new(),
            country: String::new(),
            from: None,
            until: None,
            first_year: None,
            last_year: None,
            source: "a source".into(),
            confidence: Confidence::High,
            state: FactState::Extracted,
            note: String::new(),
        };
        let old = [of(Field::Seller, "A"), of(Field::Acq, "38"), of(Field::Note, "gone")];
        let new = [of(Field::Acq, "44"), of(Field::Seller, "A"), of(Field::Buyer, "B")];
        let found: Vec<(Option<String>, Option<String>)> = changes(&old, &new)
            .into_iter()
            .map(|change| (change.from.map(|fact| fact.value), change.to.map(|fact| fact.value)))
            .collect();
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(found, [(text("38"), text("44")), (None, text("B")), (text("gone"), None)]);
    }
}
