//! Quantities: a number, its unit, and what the unit does not say.
//!
//! A billion cubic metres at 20 °C is less gas than one at 15 °C, and a megawatt-hour on the gross calorific value less
//! than one on the net. Quantities of the same known basis are added; of different or unknown bases only through a
//! factor set that the request names.

mod ambiguous;
pub mod convert;
pub mod factor;
pub mod own;
pub mod price;
pub mod text;
pub mod unit;

use std::fmt;

use rust_decimal::Decimal;

pub use convert::{Converted, DEFINITIONS, Refusal, Step, convert};
pub use factor::{Factor, FactorSet, Kind};
pub use unit::{Basis, Calorific, Heat, Matter, Per, Reference, Temperature, Unit};

use crate::value::Ratio;
use crate::value::decimal::{Half, Overflow, Rounding};

/// An amount or a rate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quantity {
    pub value: Decimal,
    pub unit: Unit,
}

impl fmt::Display for Quantity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.value, self.unit)
    }
}

/// A sum and how each part came into it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sum {
    pub total: Quantity,
    pub parts: Vec<Converted>,
    /// The set named in the request, or `definitions` when none was.
    pub factor_set: String,
    /// Every part is exact by definition.
    pub exact: bool,
}

/// Converts a fraction: sums of converted quantities are made of these and rounded once, at the end.
pub fn convert_exactly(value: Ratio, from: Unit, to: Unit, set: Option<&FactorSet>) -> Result<(Ratio, Unit), Refusal> {
    if from == to {
        return Ok((value, to));
    }
    let one = convert(Decimal::ONE, from, to, set)?;
    let exact = value.times(one.factor).or_else(|_| shortened(shortened(value)?.times(shortened(one.factor)?)?));
    Ok((exact?, one.unit))
}

/// `left + right`; where 128 bits do not hold the fraction, of both to twelve digits after the point.
pub fn add(left: Ratio, right: Ratio) -> Result<Ratio, Overflow> {
    left.plus(right).or_else(|_| shortened(left)?.plus(shortened(right)?))
}

/// To twelve digits after the point: far behind the six that answers show.
fn shortened(value: Ratio) -> Result<Ratio, Overflow> {
    Ratio::try_from(value.rounded(Rounding { digits: 12, half: Half::Even })?)
}

/// Adds quantities in the unit `to`, as fractions that are rounded once, at the end, to 28 significant digits. Where `to`
/// leaves its basis open, all must come out on the same one.
pub fn sum(quantities: &[Quantity], to: Unit, set: Option<&FactorSet>) -> Result<Sum, Refusal> {
    let mut to = to;
    let mut total = Ratio::ZERO;
    let mut parts = Vec::with_capacity(quantities.len());
    for Quantity { value, unit } in quantities {
        let part = convert(*value, *unit, to, set)?;
        if let Some(what) = part.unit.basis.unknown() {
            return Err(Refusal::UnknownBasis { unit: unit.to_string(), what });
        }
        // `accepts` lets a gross value without reference temperatures take one that has them; a sum does not.
        if parts.is_empty() {
            to = part.unit;
        } else if part.unit.basis != to.basis {
            return Err(Refusal::DifferentBasis { from: unit.to_string(), to: to.to_string() });
        }
        let (exact, _) = convert_exactly(Ratio::try_from(*value)?, *unit, to, set)?;
        total = add(total, exact)?;
        parts.push(part);
    }
    Ok(Sum {
        total: Quantity { value: total.decimal()?.value, unit: to },
        exact: parts.iter().all(|part| part.exact),
        parts,
        factor_set: set.map_or_else(|| DEFINITIONS.to_owned(), |set| set.name.clone()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::decimal::d;

    fn q(value: &str, unit: &str) -> Quantity {
        Quantity { value: d(value), unit: text::unit(unit).unwrap() }
    }

    fn added(quantities: &[Quantity], to: &str, set: &str) -> Result<String, String> {
        let sets = factor::standard().unwrap();
        let set = sets.iter().find(|known| known.name == set);
        sum(quantities, text::unit(to).unwrap(), set)
            .map(|sum| sum.total.to_string())
            .map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn the_same_known_basis_adds() {
        assert_eq!(added(&[q("38", "bcm/y@20C"), q("10000", "mcm/y@20C")], "bcm/y", ""), Ok("48 bcm/y@20C".to_owned()));
        assert_eq!(added(&[q("3", "Mtpa LNG"), q("0.6", "Mtpa LNG")], "Mt/y", ""), Ok("3.6 Mt/y LNG".to_owned()));
        assert_eq!(added(&[], "bcm", ""), Ok("0 bcm".to_owned()));
    }

    #[test]
    fn a_sum_is_rounded_once_and_never_refused_for_its_digits() {
        // 3 / 0.735 at 15 C has endless digits, and so has each part at 20 C.
        let quantities = [q("38", "bcm@20C"), q("3", "Mt LNG"), q("0.7", "Mt LNG"), q("1", "bcm@15C")];
        let found = added(&quantities, "bcm@20C", "metered-20c-lng").unwrap();
        // 38 + (3.7 / 0.735 + 1) · 293.15 / 288.15
        assert!(found.starts_with("44.1387"), "{found}");
        let thirds: Vec<Quantity> = (1..=40).map(|n| q(&format!("{n}000.0001"), "m3@15C")).collect();
        assert!(added(&thirds, "m3@20C", "ideal-gas").unwrap().starts_with("834228.7"));
    }

    #[test]
    fn different_and_unknown_bases_do_not() {
        let refused = |quantities: &[Quantity], to, set| added(quantities, to, set).unwrap_err();
        assert!(refused(&[q("1", "bcm"), q("1", "bcm")], "bcm", "").contains("does not say the temperature"));
        assert!(refused(&[q("1", "bcm@20C"), q("1", "bcm")], "bcm", "").contains("does not say the temperature"));
        assert!(refused(&[q("1", "bcm@20C"), q("1", "bcm@15C")], "bcm", "").contains("different bases"));
        assert!(refused(&[q("1", "MWh GCV"), q("1", "MWh NCV")], "MWh", "").contains("different bases"));
        assert!(refused(&[q("1", "MWh GCV"), q("1", "MWh GCV 25/0")], "MWh", "").contains("different bases"));
        assert!(refused(&[q("1", "MWh"), q("1", "MWh")], "MWh", "").contains("gross or net"));
        assert!(refused(&[q("1", "Mtpa"), q("1", "Mtpa")], "Mt/y", "").contains("LNG or crude"));
        assert!(refused(&[q("1", "Mt LNG"), q("1", "Mt crude")], "Mt", "").contains("different bases"));
        assert!(refused(&[q("1", "bcm")], "bcm@15C", "ideal-gas").contains("has no way"));
    }

    #[test]
    fn a_named_set_adds_across_bases() {
        // 293.15 m3 at 20 C are 288.15 m3 at 15 C.
        let quantities = [q("293.15", "m3@20C"), q("11.85", "m3@15C")];
        assert_eq!(added(&quantities, "m3@15C", "ideal-gas"), Ok("300.00 m3@15C".replace(".00", "")));
        // 3 Mt of LNG at 52.17 MMBtu/t, and 43.49 million MMBtu.
        let quantities = [q("3", "Mt LNG"), q("43.49", "million MMBtu GCV")];
        assert_eq!(added(&quantities, "million MMBtu GCV", "driftwood-spa"), Ok("200 million MMBtu GCV".to_owned()));
        // The set takes the unknown basis for 20 C.
        let quantities = [q("5", "bcm"), q("7", "bcm@20C")];
        assert_eq!(added(&quantities, "bcm@20C", "metered-20c"), Ok("12 bcm@20C".to_owned()));
    }
}
