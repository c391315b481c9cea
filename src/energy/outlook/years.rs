//! Supplies added year by year: layers, what ends, how concentrated it is.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Amount, Error, Layer, Supply};
use crate::value::Ratio;
use crate::value::decimal::{self, Half, Rounding};

/// What one supply adds in a year.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contribution {
    pub name: String,
    pub amount: Amount,
}

/// A layer of one commodity.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct OfLayer {
    pub quantity: Decimal,
    /// The part of contracts whose end is not known.
    pub open_ended: Decimal,
    pub contributions: Vec<Contribution>,
}

/// How much of a year comes from how few.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Concentration {
    /// 0 to 10,000: the sum of the squared shares in percent.
    pub hhi: i32,
    pub largest: String,
    /// Two decimals.
    pub largest_percent: Decimal,
}

/// One calendar year.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Year {
    pub year: i16,
    pub layers: BTreeMap<(Layer, String), OfLayer>,
    pub total: Decimal,
    /// In force, and the scenario.
    pub firm: Decimal,
    pub expiring: Decimal,
    pub expiring_names: Vec<String>,
    /// By route as contracts write it.
    pub routes: BTreeMap<String, Decimal>,
    pub by_seller: Option<Concentration>,
    pub by_route: Option<Concentration>,
}

/// Adds supplies by year, one line a year whether there is something or not.
pub fn add(supplies: &[Supply], (first, last): (i16, i16)) -> Result<Vec<Year>, Error> {
    (first..=last).map(|year| of_year(supplies, year)).collect()
}

fn of_year(supplies: &[Supply], year: i16) -> Result<Year, Error> {
    let mut layers: BTreeMap<(Layer, String), OfLayer> = BTreeMap::new();
    let mut routes: BTreeMap<String, Decimal> = BTreeMap::new();
    let mut sellers: BTreeMap<String, Decimal> = BTreeMap::new();
    let (mut total, mut firm, mut expiring) = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
    let mut expiring_names = Vec::new();
    for supply in supplies {
        if let Some((_, quantity)) = supply.expires.filter(|(ends, _)| *ends == year) {
            expiring = decimal::add(expiring, quantity)?;
            expiring_names.push(supply.name.clone());
        }
        let Some(amount) = supply.years.get(&year) else { continue };
        let layer = layers.entry((supply.layer, supply.commodity.clone())).or_default();
        layer.quantity = decimal::add(layer.quantity, amount.quantity)?;
        if supply.open_ended {
            layer.open_ended = decimal::add(layer.open_ended, amount.quantity)?;
        }
        layer.contributions.push(Contribution { name: supply.name.clone(), amount: amount.clone() });
        total = decimal::add(total, amount.quantity)?;
        if matches!(supply.layer, Layer::InForce | Layer::Scenario) {
            firm = decimal::add(firm, amount.quantity)?;
        }
        for (sums, key) in [(&mut routes, &supply.route), (&mut sellers, &supply.seller)] {
            let sum = sums.entry(key.clone()).or_default();
            *sum = decimal::add(*sum, amount.quantity)?;
        }
    }
    let by_seller = concentration(&sellers)?;
    let by_route = concentration(&routes)?;
    Ok(Year { year, layers, total, firm, expiring, expiring_names, routes, by_seller, by_route })
}

/// `None` where there is nothing to be concentrated.
fn concentration(parts: &BTreeMap<String, Decimal>) -> Result<Option<Concentration>, Error> {
    let positive = || parts.iter().filter(|(_, quantity)| **quantity > Decimal::ZERO);
    let total = decimal::sum(positive().map(|(_, quantity)| *quantity))?;
    let Some((largest, quantity)) = positive().max_by_key(|(_, quantity)| **quantity) else { return Ok(None) };
    let mut hhi = Decimal::ZERO;
    for (_, part) in positive() {
        let percent = percent(*part, total)?;
        hhi += percent * percent;
    }
    let whole = Rounding { digits: 0, half: Half::Even }.apply(hhi);
    let hhi = i32::try_from(whole.mantissa()).unwrap_or(10_000);
    let name = if largest.is_empty() { "not known".to_owned() } else { largest.clone() };
    let largest_percent = two_decimals(percent(*quantity, total)?);
    Ok(Some(Concentration { hhi, largest: name, largest_percent }))
}

/// To ten decimals.
fn percent(part: Decimal, whole: Decimal) -> Result<Decimal, Error> {
    let share = Ratio::try_from(part)?.times(Ratio::new(100, 1)?)?.over(Ratio::try_from(whole)?)?;
    Ok(share.rounded(Rounding { digits: 10, half: Half::Even })?)
}

fn two_decimals(percent: Decimal) -> Decimal {
    Rounding { digits: 2, half: Half::Even }.apply(percent)
}

/// A part in percent of a whole, two decimals; `None` of nothing.
pub fn share(part: Decimal, whole: Decimal) -> Result<Option<Decimal>, Error> {
    if whole <= Decimal::ZERO { Ok(None) } else { Ok(Some(two_decimals(percent(part, whole)?))) }
}
