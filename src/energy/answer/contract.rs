//! A contract as answers show it: its facts, and its states on a day.

use jiff::civil::Date;

use super::{Opened, Record};
use crate::energy::contract::{Confidence, Contract, Fact, FactState, Field, Standing};
use crate::energy::library::{Listed, Version};
use crate::value::Span;

/// What is shown of a contract.
#[derive(Debug)]
pub struct Shown {
    pub title: String,
    pub facts: Vec<Fact>,
    pub stage: Option<State>,
    pub legal_status: Option<State>,
    pub physical_state: Option<State>,
}

/// How a contract stands on a day.
#[derive(Debug)]
pub struct State {
    /// Empty when none is known.
    pub value: String,
    pub since: Option<Span>,
    pub source: String,
    pub confidence: Confidence,
    /// Why it may have changed, in words; empty when nothing says so.
    pub doubt: String,
}

impl Opened {
    /// A contract with the states of the moment; with a day in force, only the facts that hold on it.
    pub fn shown(&self, version: &Version<Listed>) -> Record<Shown> {
        let contract = &version.value.contract;
        let day = self.moment.day_in_force();
        let facts = contract.facts.iter().filter(|fact| self.moment.in_force.is_none() || fact.holds_on(day));
        let shown = Shown {
            title: contract.title(),
            facts: facts.cloned().collect(),
            stage: state(contract, Field::Stage, day),
            legal_status: state(contract, Field::LegalStatus, day),
            physical_state: state(contract, Field::PhysicalState, day),
        };
        self.record(version, shown)
    }
}

fn state(contract: &Contract, field: Field, day: Date) -> Option<State> {
    let Standing { known, doubt } = contract.standing(field, day);
    let source = known.or(doubt)?.source.clone();
    Some(State {
        value: known.map(|fact| fact.value.clone()).unwrap_or_default(),
        since: known.and_then(|fact| fact.from),
        source,
        confidence: known.map_or(Confidence::Unknown, |fact| fact.confidence),
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
