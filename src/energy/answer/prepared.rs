//! A contract made ready to be reckoned with: its own terms and the request's, in one unit.

use jiff::civil::Date;

use crate::energy::contract::terms::{self, Terms};
use crate::energy::contract::{Fact, Field};
use crate::energy::library::Listed;
use crate::energy::quantity::{FactorSet, Per, Unit};

/// Terms in one unit.
pub struct Prepared<'a> {
    pub terms: Terms<'a>,
    /// A rate a year; `None` when the contract has no quantity.
    pub rate: Option<Unit>,
    pub notes: Vec<String>,
}

impl Prepared<'_> {
    /// The unit of a year's quantity.
    pub fn amount(&self) -> Option<Unit> {
        self.rate.map(|rate| Unit { per: None, ..rate })
    }
}

/// Puts the terms into the unit asked for; else into their own, on the basis that the set takes an unknown one for.
pub fn prepare<'a>(
    listed: &'a Listed,
    supplied: &'a [Fact],
    day: Date,
    wanted: Option<Unit>,
    set: Option<&FactorSet>,
) -> Result<Prepared<'a>, terms::Error> {
    let terms = listed.terms(supplied);
    let mut notes: Vec<String> = supplied
        .iter()
        .map(|fact| {
            let unit = if fact.unit.is_empty() { String::new() } else { format!(" {}", fact.unit) };
            format!("{} is the request's: {}{unit}", fact.field.name(), fact.value)
        })
        .collect();
    notes.extend(super::doubts(&listed.contract, supplied));
    notes.extend(other_days(listed, supplied, day));
    if let Some((end, true)) = terms.end(day)? {
        notes.push(format!("the end of the term, {end}, is reckoned from its start and length; no source gives it"));
    }
    let Some(own) = terms.steps(None, None)?.1 else {
        return Ok(Prepared { terms, rate: None, notes });
    };
    let assumed = set.and_then(|set| set.assumed(own.basis)).and_then(|basis| own.on(basis));
    let target = wanted.or(assumed).unwrap_or(own);
    let target = Unit { per: Some(Per::Year), ..target };
    if target != own {
        let through = set.map_or("by definition", |set| set.name.as_str());
        notes.push(format!("quantities of the contract came from {own} to {target} through {through}"));
    }
    Ok(Prepared { terms: terms.in_unit(target, set)?, rate: Some(target), notes })
}

/// Terms that hold on one day each; the annual quantity is not among them, it counts on its own days.
const OF_ONE_DAY: [Field; 13] = [
    Field::Start,
    Field::End,
    Field::YearBegins,
    Field::ShortYear,
    Field::TakeOrPayShare,
    Field::DownwardTolerance,
    Field::UpwardOption,
    Field::MakeUpOrder,
    Field::MakeUpYears,
    Field::CarryForwardCap,
    Field::CarryForwardYears,
    Field::EndOfTerm,
    Field::DeficiencyPrice,
];

/// Says which terms the book gives otherwise for other days: those of the day asked stand for all years.
fn other_days(listed: &Listed, supplied: &[Fact], day: Date) -> Vec<String> {
    let is_own = |field: Field| !supplied.iter().any(|fact| fact.field == field);
    let terms = OF_ONE_DAY.into_iter().filter(|field| is_own(*field)).flat_map(|field| listed.facts(field));
    let others = terms.filter(|fact| !fact.holds_on(day));
    let shown = |fact: &Fact| {
        let (field, value) = (fact.field.name(), &fact.value);
        format!("{field} `{value}` does not hold on {day} and is not reckoned with; in_force_on may name another day")
    };
    others.map(shown).collect()
}
