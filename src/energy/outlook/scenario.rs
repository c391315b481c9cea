//! What the request supposes: supplies taken in, routes cut, deliveries forbidden.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{Amount, Error, Layer, ROUNDING, Supply};
use crate::energy::library::is_among;
use crate::energy::schedule::years::days_between;
use crate::value::Ratio;
use crate::value::words::words;

/// A supply taken in, with everything that it needs known.
#[derive(Clone, Debug)]
pub struct Inclusion {
    pub name: String,
    pub seller: String,
    pub commodity: String,
    pub route: String,
    pub first_year: i16,
    /// `None`: to the end of the outlook.
    pub last_year: Option<i16>,
    /// Of a year at the plateau, in the unit of the outlook.
    pub plateau: Ratio,
    /// What an amendment replaces, by year: it adds the difference.
    pub replaced: BTreeMap<i16, Decimal>,
    /// Percent of the plateau in each of the first years.
    pub ramp: Vec<Decimal>,
    pub notes: Vec<String>,
}

impl Inclusion {
    fn includes(&self, year: i16) -> bool {
        self.first_year <= year && self.last_year.is_none_or(|last| year <= last)
    }
}

/// What is left of what flows over a route.
#[derive(Clone, Debug)]
pub struct RouteCut {
    /// Words of the route; none for every route.
    pub route: Vec<String>,
    pub first_year: i16,
    pub last_year: Option<i16>,
    pub remaining_percent: Decimal,
}

/// No deliveries from a day on.
#[derive(Clone, Debug)]
pub struct Ban {
    pub from: Date,
    /// None for all.
    pub commodities: Vec<String>,
    /// Words of the seller; none for all.
    pub seller: Vec<String>,
}

impl Ban {
    fn forbids(&self, supply: &Supply) -> bool {
        (self.commodities.is_empty() || is_among(&supply.commodity, &self.commodities))
            && has_words(&self.seller, &supply.seller)
    }
}

/// All that is supposed.
#[derive(Clone, Debug, Default)]
pub struct Scenario {
    pub inclusions: Vec<Inclusion>,
    pub cuts: Vec<RouteCut>,
    pub bans: Vec<Ban>,
}

impl Scenario {
    /// Inclusions come first, each in place of the contract's own quantity in its years, then cuts, then bans.
    pub fn apply(&self, supplies: &mut Vec<Supply>, last_year: i16) -> Result<(), Error> {
        for inclusion in &self.inclusions {
            let is_own = |supply: &&mut Supply| supply.layer != Layer::Scenario && supply.name == inclusion.name;
            for supply in supplies.iter_mut().filter(is_own) {
                let includes = |year: i16| inclusion.includes(year);
                supply.years.retain(|year, _| !includes(*year));
                supply.unknown_years.retain(|year| !includes(*year));
                supply.expires = supply.expires.filter(|(year, _)| !includes(*year));
            }
            supplies.push(included(inclusion, last_year)?);
        }
        for cut in &self.cuts {
            for supply in supplies.iter_mut().filter(|supply| has_words(&cut.route, &supply.route)) {
                let years = supply.years.range_mut(cut.first_year..=cut.last_year.unwrap_or(i16::MAX));
                for (_, amount) in years {
                    amount.quantity = percent_of(amount.quantity, cut.remaining_percent)?;
                    amount.notes.push(format!("cut to {} %", cut.remaining_percent));
                }
            }
        }
        for supply in supplies.iter_mut() {
            // Of several bans the first one forbids all that the others do.
            if let Some(from) = self.bans.iter().filter(|ban| ban.forbids(supply)).map(|ban| ban.from).min() {
                forbid(supply, from)?;
            }
        }
        supplies.retain(|supply| !supply.years.is_empty());
        Ok(())
    }
}

fn has_words(asked: &[String], text: &str) -> bool {
    let own = words(text);
    asked.iter().all(|word| own.contains(word))
}

fn percent_of(quantity: Decimal, percent: Decimal) -> Result<Decimal, Error> {
    share_of(Ratio::try_from(quantity)?, percent)
}

fn share_of(quantity: Ratio, percent: Decimal) -> Result<Decimal, Error> {
    let share = Ratio::try_from(percent)?.over(Ratio::new(100, 1)?)?;
    Ok(quantity.times(share)?.rounded(ROUNDING)?)
}

fn included(inclusion: &Inclusion, last_year: i16) -> Result<Supply, Error> {
    let mut years = BTreeMap::new();
    for year in inclusion.first_year..=inclusion.last_year.unwrap_or(last_year).min(last_year) {
        let step = usize::try_from(year - inclusion.first_year).unwrap_or_default();
        let mut notes = inclusion.notes.clone();
        let replaced = inclusion.replaced.get(&year).copied().unwrap_or_default();
        let plateau = inclusion.plateau.minus(Ratio::try_from(replaced)?)?;
        let quantity = match inclusion.ramp.get(step) {
            Some(percent) => {
                notes.push(format!("ramp: {percent} % of {}", plateau.rounded(ROUNDING)?));
                share_of(plateau, *percent)?
            }
            None => plateau.rounded(ROUNDING)?,
        };
        let days = (Date::constant(year, 1, 1), Date::constant(year, 12, 31));
        years.insert(year, Amount { quantity, days, notes });
    }
    Ok(Supply {
        name: inclusion.name.clone(),
        seller: inclusion.seller.clone(),
        commodity: inclusion.commodity.clone(),
        route: inclusion.route.clone(),
        layer: Layer::Scenario,
        years,
        unknown_years: Vec::new(),
        open_ended: false,
        expires: None,
    })
}

/// Takes away what would flow from the day on; of the days on which a year's quantity flows, those before it remain.
fn forbid(supply: &mut Supply, from: Date) -> Result<(), Error> {
    let ends_before = |year: &i16| supply.years.get(year).is_some_and(|amount| amount.days.1 < from);
    supply.expires = supply.expires.filter(|(year, _)| ends_before(year) || *year < from.year());
    supply.years.retain(|_, amount| amount.days.0 < from);
    let Some(mut last) = supply.years.last_entry() else { return Ok(()) };
    let amount = last.get_mut();
    let (first, end) = amount.days;
    if end < from {
        return Ok(());
    }
    let remaining = from.yesterday().unwrap_or(first);
    let (before, all) = (days_between(first, remaining), days_between(first, end));
    let part = Ratio::new(i128::from(before), i128::from(all))?;
    amount.quantity = Ratio::try_from(amount.quantity)?.times(part)?.rounded(ROUNDING)?;
    amount.days = (first, remaining);
    amount.notes.push(format!("forbidden from {from}: {before} of {all} days"));
    Ok(())
}

/// A percentage that may be left, or ramped to.
pub fn percentage(value: Decimal) -> Result<Decimal, String> {
    let limits = Decimal::ZERO..=Decimal::ONE_HUNDRED;
    if limits.contains(&value) {
        Ok(value)
    } else {
        Err(format!("{value} is out of range; expected a percentage from 0 to 100"))
    }
}
