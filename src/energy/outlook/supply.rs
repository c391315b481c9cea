//! What a contract adds: its layer by its states, its quantity by calendar year.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{Amount, Error, Layer, ROUNDING, Supply};
use crate::energy::contract::terms::{self, Terms};
use crate::energy::contract::{Contract, Field, Standing};
use crate::energy::library::Listed;
use crate::energy::quantity::{FactorSet, Refusal, Unit};
use crate::energy::schedule::Step;
use crate::energy::schedule::years::{days_between, first_day, last_day};
use crate::value::{Ratio, decimal};

/// How supplies are reckoned.
pub struct Frame<'a> {
    /// The day of the states.
    pub day: Date,
    /// First and last calendar year.
    pub years: (i16, i16),
    /// A rate a year.
    pub unit: Unit,
    pub set: Option<&'a FactorSet>,
}

/// A contract's supplies, or why it is in no layer.
pub enum Found {
    Supplies(Vec<Supply>),
    LeftOut(String),
}

/// What a contract adds. `amended`: the contract that it amends, whose quantity it replaces.
pub fn of_contract(name: &str, listed: &Listed, amended: Option<&Listed>, frame: &Frame<'_>) -> Result<Found, Error> {
    let contract = &listed.contract;
    let (layer, mut notes) = match layer(contract, frame.day) {
        Ok(found) => found,
        Err(reason) => return Ok(Found::LeftOut(reason)),
    };
    let terms = listed.terms(&[]);
    let steps = match steps(name, &terms, frame)? {
        Ok(steps) => steps,
        Err(reason) => return Ok(Found::LeftOut(reason)),
    };
    let replaced = match amended {
        Some(amended) => match self::steps(name, &amended.terms(&[]), frame)? {
            Ok(steps) => steps,
            Err(reason) => return Ok(Found::LeftOut(format!("what it amends: {reason}"))),
        },
        None if contract.known(Field::Amends, frame.day).next().is_some() => {
            return Ok(Found::LeftOut("it amends a contract that the book does not have".into()));
        }
        None => Vec::new(),
    };
    let term = Term::of(listed, layer, &mut notes);
    let Some(term) = term else {
        return Ok(Found::LeftOut("the start of deliveries is not known; a scenario may give one".into()));
    };
    let begins = year_begins(&terms, frame.day, &mut notes);
    let is_stepped = contract.facts.iter().any(|fact| fact.field == Field::Acq && fact.first_year.is_some());
    let build_up = contract.facts.iter().find(|fact| fact.field == Field::BuildUp && !fact.is_known());
    if let Some(fact) = build_up.filter(|_| !is_stepped) {
        notes.push(format!("the build-up is not reviewed: {}", fact.note));
    }
    if amended.is_some() {
        notes.push("the difference from what it amends".into());
    }
    let plan = Plan { steps, replaced, begins, notes };
    let base = |layer: Layer, from: Date, to: Option<Date>, more: &[String]| -> Result<Supply, Error> {
        Ok(Supply {
            name: name.to_owned(),
            seller: joined(listed, Field::Seller),
            commodity: listed.commodities.first().cloned().unwrap_or_default(),
            route: joined(listed, Field::Route),
            layer,
            years: plan.years(from, to, frame.years, more)?,
            open_ended: to.is_none(),
            expires: to.and_then(|to| Some((to.year(), plan.of_year(to.year()).ok()??))),
        })
    };
    let mut supplies = vec![base(layer, term.from, term.to, &[])?];
    if let (Some(end), Some(more_years)) = (term.to, extension(contract, frame.day)) {
        let last = Date::new(end.year().saturating_add(more_years), 12, 31).unwrap_or(end);
        let until = end.checked_add(jiff::Span::new().years(i64::from(more_years))).unwrap_or(last);
        let from = end.tomorrow().unwrap_or(end);
        let note = format!("an option to extend by {more_years} years after {end}");
        let extended = base(Layer::Extension, from, Some(until), &[note])?;
        supplies.push(Supply { expires: None, ..extended });
    }
    Ok(Found::Supplies(supplies))
}

fn joined(listed: &Listed, field: Field) -> String {
    let mut values: Vec<&str> = Vec::new();
    for fact in listed.facts(field) {
        if !values.contains(&fact.value.as_str()) {
            values.push(&fact.value);
        }
    }
    values.join("; ")
}

/// The layer by the states of the day, and what is doubtful about it; or why there is none.
fn layer(contract: &Contract, day: Date) -> Result<(Layer, Vec<String>), String> {
    let value = |standing: Standing<'_>| standing.known.map(|fact| fact.value.clone()).unwrap_or_default();
    let legal_standing = contract.standing(Field::LegalStatus, day);
    let (stage, legal) = (value(contract.standing(Field::Stage, day)), value(legal_standing));
    let physical = value(contract.standing(Field::PhysicalState, day));
    let since =
        legal_standing.known.and_then(|fact| fact.from).map_or_else(String::new, |from| format!(" since {from}"));
    let mut notes: Vec<String> = Vec::new();
    if let Some(doubt) = legal_standing.doubt {
        notes.push(format!("the legal status may have changed: {}", doubt.note));
    }
    let is_preliminary = ["memorandum", "letter_of_intent", "heads_of_agreement"].contains(&stage.as_str());
    let layer = match legal.as_str() {
        "terminated" | "expired" | "superseded" => return Err(format!("{legal}{since}")),
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
    Ok((layer, notes))
}

/// Steps of the annual quantity in the unit of the outlook; or why there are none.
fn steps(name: &str, terms: &Terms<'_>, frame: &Frame<'_>) -> Result<Result<Vec<Step>, String>, Error> {
    let wrong = |error: terms::Error| match error {
        terms::Error::Unit(refusal) => {
            Err(Error::Unit { name: name.to_owned(), sets: String::new(), refusal: Box::new(refusal) })
        }
        other => Ok(other.to_string()),
    };
    match terms.steps(frame.day, Some(frame.unit), frame.set) {
        Ok((_, None)) => Ok(Err("no annual quantity is known".into())),
        // A target without a basis takes any: what came out on another one must not be added.
        Ok((_, Some(unit))) if unit != frame.unit => {
            let (from, to) = (unit.to_string(), frame.unit.to_string());
            wrong(Refusal::DifferentBasis { from, to }.into()).map(Err)
        }
        Ok((steps, _)) => Ok(Ok(steps)),
        Err(error) => wrong(error).map(Err),
    }
}

/// First and last day of deliveries, as far as they are known.
struct Term {
    from: Date,
    to: Option<Date>,
}

impl Term {
    fn of(listed: &Listed, layer: Layer, notes: &mut Vec<String>) -> Option<Self> {
        let to = listed.end;
        if to.is_none() {
            notes.push("the end of the term is not known".into());
        }
        if let Some(from) = listed.start {
            return Some(Self { from, to });
        }
        // What is in force and flows has begun.
        if layer != Layer::InForce {
            return None;
        }
        notes.push("the start of the term is not known".into());
        Some(Self { from: Date::new(1900, 1, 1).ok()?, to })
    }
}

fn year_begins(terms: &Terms<'_>, day: Date, notes: &mut Vec<String>) -> u8 {
    let known = terms.first_month(day);
    if known.is_none() {
        notes.push("contract years are taken as calendar years: the book does not say when they begin".into());
    }
    known.unwrap_or(1)
}

/// `up to 10 years`, `5 years`, `2 x 5 years`; other words are not understood and add nothing.
pub fn extension_years(text: &str) -> Option<i16> {
    let text = text.trim().to_ascii_lowercase();
    let rest = text.strip_prefix("up to ").unwrap_or(&text);
    let rest =
        rest.strip_suffix(" years").or_else(|| rest.strip_suffix(" year")).or_else(|| rest.strip_suffix(" y"))?;
    let number = |text: &str| text.trim().parse::<i16>().ok().filter(|years| (1..=99).contains(years));
    match rest.split_once('x') {
        Some((times, years)) => number(times)?.checked_mul(number(years)?).filter(|years| *years <= 99),
        None => number(rest),
    }
}

fn extension(contract: &Contract, day: Date) -> Option<i16> {
    contract.known(Field::Extension, day).find_map(|fact| extension_years(&fact.value))
}

/// Quantities of contract years.
pub struct Plan {
    pub steps: Vec<Step>,
    /// Those of the contract that is amended.
    pub replaced: Vec<Step>,
    /// Month in which contract years begin.
    pub begins: u8,
    pub notes: Vec<String>,
}

impl Plan {
    /// What a contract year adds; `None` when no step covers it.
    fn of_year(&self, year: i16) -> Result<Option<Decimal>, Error> {
        let covering = |steps: &[Step]| {
            let covers = |step: &&Step| step.first_year <= year && step.last_year.is_none_or(|last| year <= last);
            steps.iter().find(covers).map(|step| step.acq)
        };
        let Some(acq) = covering(&self.steps) else { return Ok(None) };
        let replaced = covering(&self.replaced).unwrap_or(Decimal::ZERO);
        Ok(Some(decimal::subtract(acq, replaced)?))
    }

    /// Calendar years, each with the part of its contract years that lies within it and within the term.
    pub fn years(
        &self,
        from: Date,
        to: Option<Date>,
        (first, last): (i16, i16),
        more: &[String],
    ) -> Result<BTreeMap<i16, Amount>, Error> {
        let to = to.unwrap_or(Date::MAX);
        let mut years = BTreeMap::new();
        for year in first.max(from.year())..=last.min(to.year()) {
            let mut total = Ratio::ZERO;
            let mut days_in_term = 0;
            let mut flowing: Option<(Date, Date)> = None;
            for contract_year in year - 1..=year {
                let bounds = first_day(contract_year, self.begins).ok().zip(last_day(contract_year, self.begins).ok());
                let calendar = Date::new(year, 1, 1).ok().zip(Date::new(year, 12, 31).ok());
                let (Some(bounds), Some(calendar)) = (bounds, calendar) else { continue };
                let start = bounds.0.max(calendar.0).max(from);
                let end = bounds.1.min(calendar.1).min(to);
                if start > end {
                    continue;
                }
                let Some(acq) = self.of_year(contract_year)? else { continue };
                let days = days_between(start, end);
                let part = Ratio::new(i128::from(days), i128::from(days_between(bounds.0, bounds.1)))?;
                total = total.plus(Ratio::try_from(acq)?.times(part)?)?;
                days_in_term += days;
                flowing = Some(flowing.map_or((start, end), |(first, _)| (first, end)));
            }
            let Some(days) = flowing else { continue };
            let mut notes = [more, &self.notes].concat();
            let all = days_between(Date::constant(year, 1, 1), Date::constant(year, 12, 31));
            if days_in_term < all {
                notes.push(format!("{days_in_term} of {all} days"));
            }
            years.insert(year, Amount { quantity: total.rounded(ROUNDING)?, days, notes });
        }
        Ok(years)
    }
}
