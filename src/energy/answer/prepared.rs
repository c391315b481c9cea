//! A contract made ready to be reckoned with: its own terms and the request's, in one unit.

use jiff::civil::Date;

use crate::energy::contract::terms::{self, in_unit, with_supplied};
use crate::energy::contract::{Contract, Fact};
use crate::energy::quantity::{FactorSet, Per, Unit};

/// Terms in one unit.
pub struct Prepared {
    pub contract: Contract,
    /// A rate a year; `None` when the contract has no quantity.
    pub rate: Option<Unit>,
    pub notes: Vec<String>,
}

impl Prepared {
    /// The unit of a year's quantity.
    pub fn amount(&self) -> Option<Unit> {
        self.rate.map(|rate| Unit { per: None, ..rate })
    }
}

/// Puts the terms into the unit asked for; else into their own, on the basis that the set takes an unknown one for.
pub fn prepare(
    contract: &Contract,
    supplied: &[Fact],
    day: Date,
    wanted: Option<Unit>,
    set: Option<&FactorSet>,
) -> Result<Prepared, terms::Error> {
    let contract = with_supplied(contract, supplied);
    let mut notes: Vec<String> = supplied
        .iter()
        .map(|fact| {
            let unit = if fact.unit.is_empty() { String::new() } else { format!(" {}", fact.unit) };
            format!("{} is the request's: {}{unit}", fact.field.name(), fact.value)
        })
        .collect();
    notes.extend(super::doubts(&contract));
    let Some(own) = terms::quantities(&contract, day)?.1 else {
        return Ok(Prepared { contract, rate: None, notes });
    };
    let assumed = set.and_then(|set| set.assumed(own.basis)).and_then(|basis| own.on(basis));
    let target = wanted.or(assumed).unwrap_or(own);
    let target = Unit { per: Some(Per::Year), ..target };
    if target != own {
        let through = set.map_or("by definition", |set| set.name.as_str());
        notes.push(format!("quantities of the contract came from {own} to {target} through {through}"));
    }
    Ok(Prepared { contract: in_unit(&contract, target, set)?, rate: Some(target), notes })
}
