//! What a contract adds: its layer by its states, its quantity by calendar year.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::plan::Plan;
use super::standing::{Ended, standing};
use super::{Amount, Error, Layer, ROUNDING, Supply};
use crate::energy::contract::Field;
use crate::energy::contract::terms::{self, Terms};
use crate::energy::library::Listed;
use crate::energy::quantity::{FactorSet, Refusal, Unit, add};
use crate::energy::schedule::years::days_between;
use crate::energy::schedule::{self, OpenBuildUp, ShortYear, Step};
use crate::value::Ratio;

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
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    Supplies(Vec<Supply>),
    LeftOut(String),
}

/// A contract that counts, before others of the book are looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Counted {
    pub layer: Layer,
    pub plan: Plan,
    /// Years by which it may be extended.
    pub extension: Option<i16>,
    /// Why it counts no longer than `plan.counts`, where that is before the end of its term.
    pub ended: Option<Ended>,
    build_up: Option<OpenBuildUp>,
    notes: Vec<String>,
}

impl Counted {
    /// Ends it before a day, unless it has ended by then.
    pub fn end_before(&mut self, from: Date, reason: String) {
        let last = from.yesterday().unwrap_or(from);
        if self.plan.counts.1.is_none_or(|until| last < until) {
            self.plan.counts.1 = Some(last);
            self.ended = Some(Ended { from, reason, is_superseded: true });
        }
    }

    pub fn note(&mut self, note: &str) {
        self.notes.push(note.to_owned());
    }
}

/// A contract by itself; or why it is in no layer.
pub fn counted(name: &str, listed: &Listed, frame: &Frame<'_>) -> Result<Result<Counted, String>, Error> {
    let contract = &listed.contract;
    let standing = match standing(contract, frame.day) {
        Ok(standing) => standing,
        Err(reason) => return Ok(Err(reason)),
    };
    let mut notes = standing.notes;
    let terms = listed.terms(&[]);
    let steps = match steps(name, &terms, frame)? {
        Ok(steps) => steps,
        Err(reason) => return Ok(Err(reason)),
    };
    let (start, end) = contract.term_on(frame.day);
    if end.is_none() {
        notes.push("the end of the term is not known".into());
    } else if terms.end(frame.day).is_ok_and(|end| end.is_some_and(|(_, is_derived)| is_derived)) {
        notes.push("the end of the term is reckoned from its start and length".into());
    }
    let start = match (start, standing.layer, &standing.ended) {
        (Some(start), ..) => start,
        // What is in force and flows has begun.
        (None, Layer::InForce, None) => {
            notes.push("the start of the term is not known".into());
            Date::constant(1900, 1, 1)
        }
        (None, _, Some(ended)) => return Ok(Err(ended.reason.clone())),
        (None, ..) => {
            return Ok(Err("the start of deliveries is not known; a scenario may give one".into()));
        }
    };
    let begins = terms.first_month(frame.day).unwrap_or_else(|| {
        notes.push("contract years are taken as calendar years: the book does not say when they begin".into());
        1
    });
    let until = standing.ended.as_ref().map(|ended| ended.from.yesterday().unwrap_or(ended.from));
    let last = match (end, until) {
        (Some(end), Some(until)) => Some(end.min(until)),
        (end, until) => end.or(until),
    };
    let plan = Plan {
        steps,
        otherwise: None,
        begins,
        short_year: terms.short_year(frame.day),
        term: (start, end),
        counts: (start, last),
    };
    Ok(Ok(Counted {
        layer: standing.layer,
        extension: terms.extension(frame.day),
        ended: standing.ended.filter(|_| last != end),
        build_up: terms.open_build_up(frame.day),
        plan,
        notes,
    }))
}

/// Steps of the annual quantity in the unit of the outlook; or why there are none.
fn steps(name: &str, terms: &Terms<'_>, frame: &Frame<'_>) -> Result<Result<Vec<Step>, String>, Error> {
    let wrong = |error: terms::Error| match error {
        terms::Error::Unit(refusal) => {
            Err(Error::Unit { name: name.to_owned(), sets: String::new(), refusal: Box::new(refusal) })
        }
        other => Ok(other.to_string()),
    };
    match terms.steps(Some(frame.unit), frame.set) {
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

/// What a contract adds beside the one that it amends, whose quantity it replaces. `extended_from`: first day of an
/// extension, where amendments go on behind the end of the term.
pub fn supplies(
    name: &str,
    listed: &Listed,
    counted: &Counted,
    replaced: Option<&Plan>,
    extended_from: Option<Date>,
    frame: &Frame<'_>,
) -> Result<Found, Error> {
    let of = |layer: Layer, plan: &Plan, more: &[String]| -> Result<Supply, schedule::Error> {
        // What goes on in another contract does not expire.
        let goes_on = counted.ended.as_ref().is_some_and(|ended| ended.is_superseded);
        let expires = match plan.counts.1.filter(|_| !goes_on) {
            Some(last) => {
                plan.on(last)?.map(|acq| expiring(acq, last, replaced)).transpose()?.map(|acq| (last.year(), acq))
            }
            None => None,
        };
        let (years, unknown_years) = years(counted, plan, replaced, frame.years, more)?;
        Ok(Supply {
            name: name.to_owned(),
            seller: joined(listed, Field::Seller),
            commodity: listed.commodities.first().cloned().unwrap_or_default(),
            route: joined(listed, Field::Route),
            layer,
            years,
            unknown_years,
            open_ended: plan.counts.1.is_none(),
            expires: match expires {
                Some((year, acq)) => Some((year, acq.rounded(ROUNDING)?)),
                None => None,
            },
        })
    };
    let all = || -> Result<Vec<Supply>, schedule::Error> {
        let mut supplies = vec![of(counted.layer, &counted.plan, &[])?];
        let (Some(end), Some(more_years)) = (counted.plan.term.1, counted.extension) else { return Ok(supplies) };
        let from = extended_from.or(end.tomorrow().ok());
        let until = end.checked_add(jiff::Span::new().years(i64::from(more_years))).ok();
        let (Some(from), Some(until)) = (from, until) else { return Ok(supplies) };
        if counted.plan.counts.1 != Some(end) || from > until {
            return Ok(supplies);
        }
        let plan = Plan {
            // The option goes on at the last quantity of the term.
            otherwise: counted.plan.on(end)?,
            short_year: Some(ShortYear::ProRata),
            term: (from, Some(until)),
            counts: (from, Some(until)),
            ..counted.plan.clone()
        };
        let note = format!("an option to extend by {more_years} years after {end}");
        let extended = of(Layer::Extension, &plan, &[note])?;
        supplies.push(Supply { expires: None, ..extended });
        Ok(supplies)
    };
    let supplies = match all() {
        Ok(supplies) => supplies,
        Err(schedule::Error::Overflow(overflow)) => return Err(overflow.into()),
        Err(other) => return Ok(Found::LeftOut(other.to_string())),
    };
    let is_nothing = supplies.iter().all(|supply| supply.years.is_empty());
    Ok(match &counted.ended {
        Some(ended) if is_nothing => Found::LeftOut(ended.reason.clone()),
        _ => Found::Supplies(supplies),
    })
}

fn expiring(acq: Ratio, last: Date, replaced: Option<&Plan>) -> Result<Ratio, schedule::Error> {
    let amended = replaced.map(|replaced| replaced.on(last)).transpose()?.flatten();
    Ok(add(acq, Ratio::ZERO.minus(amended.unwrap_or(Ratio::ZERO))?)?)
}

/// Calendar years with what falls on their days, and those of which no quantity is known.
fn years(
    counted: &Counted,
    plan: &Plan,
    replaced: Option<&Plan>,
    (first, last): (i16, i16),
    more: &[String],
) -> Result<(BTreeMap<i16, Amount>, Vec<i16>), schedule::Error> {
    let (mut years, mut unknown) = (BTreeMap::new(), Vec::new());
    for year in first..=last {
        let january = Date::constant(year, 1, 1);
        let december = january.last_of_year();
        let part = plan.between(january, december, replaced)?;
        let Some(days) = part.flowing else {
            if part.open_days > 0 {
                unknown.push(year);
            }
            continue;
        };
        let mut notes = [more, &counted.notes].concat();
        if let Some(open) =
            counted.build_up.as_ref().filter(|open| !plan.steps.iter().all(Step::is_placed) && open.covers(year))
        {
            notes.push(format!("the build-up is not reviewed: {}", open.note));
        }
        for short in part.unruled {
            notes.push(format!(
                "the term cuts contract year {short} short, and short_year is not known: it counts by its days"
            ));
        }
        let all = days_between(january, december);
        if part.days < all {
            notes.push(format!("{} of {all} days", part.days));
        }
        if part.open_days > 0 {
            notes.push(format!("no annual quantity is known for {} days", part.open_days));
        }
        years.insert(year, Amount { quantity: part.quantity.rounded(ROUNDING)?, days, notes });
    }
    Ok((years, unknown))
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
