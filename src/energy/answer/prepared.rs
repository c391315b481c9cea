//! A contract made ready to be reckoned with: its own terms and the request's, in one unit.

use jiff::civil::Date;

use crate::energy::contract::Fact;
use crate::energy::contract::terms::{self, Terms};
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
    let Some(own) = terms.steps(day, None, None)?.1 else {
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
