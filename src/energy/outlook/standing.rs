//! How firm a contract is by its states, and whether it has an early end.

use jiff::civil::Date;

use super::Layer;
use crate::energy::contract::{Contract, Fact, Field, Standing as State};

/// A contract that counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    pub layer: Layer,
    /// What is doubtful about it.
    pub notes: Vec<String>,
    pub ended: Option<Ended>,
}

/// Terminated, expired or superseded before the end of its term.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ended {
    /// First day on which it counts no more.
    pub from: Date,
    pub reason: String,
    /// It goes on in another contract.
    pub is_superseded: bool,
}

/// The layer by the states of a day; a contract that has ended, or will, counts until then by its states before. The reason
/// when it has ended and nobody says since when.
pub fn standing(contract: &Contract, day: Date) -> Result<Standing, String> {
    let ended = ending(contract, day)?;
    let before = ended.as_ref().and_then(|ended| ended.from.yesterday().ok());
    let day = before.map_or(day, |before| before.min(day));
    let (layer, notes) = layer(contract, day);
    Ok(Standing { layer, notes, ended })
}

fn is_over(fact: &Fact) -> bool {
    matches!(fact.value.as_str(), "terminated" | "expired" | "superseded")
}

/// The end that the newest legal status says, if it says one.
fn ending(contract: &Contract, day: Date) -> Result<Option<Ended>, String> {
    let statuses = contract.facts.iter().filter(|fact| fact.field == Field::LegalStatus && fact.is_known());
    let newest = statuses.max_by_key(|fact| fact.from.map(|from| from.first));
    let newest_is_over = newest.filter(|fact| is_over(fact));
    let current = contract.state(Field::LegalStatus, day).filter(|fact| is_over(fact));
    let Some(fact) = newest_is_over.or(current) else { return Ok(None) };
    let Some(from) = fact.from.filter(|_| newest_is_over.is_some()) else { return Err(in_words(fact)) };
    Ok(Some(Ended { from: from.first, reason: in_words(fact), is_superseded: fact.value == "superseded" }))
}

fn in_words(fact: &Fact) -> String {
    let since = fact.from.map_or_else(String::new, |from| format!(" since {from}"));
    format!("{}{since}", fact.value)
}

fn layer(contract: &Contract, day: Date) -> (Layer, Vec<String>) {
    let value = |state: State<'_>| state.known.map(|fact| fact.value.clone()).unwrap_or_default();
    let legal_state = contract.standing(Field::LegalStatus, day);
    let (stage, legal) = (value(contract.standing(Field::Stage, day)), value(legal_state));
    let physical = value(contract.standing(Field::PhysicalState, day));
    let mut notes: Vec<String> = Vec::new();
    if let Some(doubt) = legal_state.doubt {
        notes.push(format!("the legal status may have changed: {}", doubt.note));
    }
    let is_preliminary = ["memorandum", "letter_of_intent", "heads_of_agreement"].contains(&stage.as_str());
    let layer = match legal.as_str() {
        "proposed" | "announced" => Layer::Proposed,
        _ if is_preliminary => Layer::Proposed,
        "in_force" if ["none", "building", "stopped"].contains(&physical.as_str()) => Layer::SignedNotFlowing,
        "in_force" => Layer::InForce,
        "signed" | "conditions_pending" | "suspended" | "force_majeure" => Layer::SignedNotFlowing,
        _ => Layer::StatusUnknown,
    };
    if layer == Layer::InForce && physical.is_empty() {
        notes.push("whether it flows is not on record".into());
    }
    (layer, notes)
}
