//! Prices: formulas as data, and what they come to in a month.
//!
//! A formula is a tree of numbers, indexes over windows of months, sums and products, corridors and slopes. It is stored
//! as JSON, decimals as text. The form of oil-linked, hub and base-price formulas is that of published gas and LNG
//! agreements; the Energy Charter Secretariat's "Putting a Price on Energy" (2007, chapter 4) describes base price, ratios
//! and lags, and the agreements on file with the SEC (Sabine Pass, Corpus Christi) the hub formulas.
//!
//! A formula is reckoned in fractions and rounded once, at the end or where the contract rounds: to 28 significant digits
//! where the contract says nothing. Only what no fraction of 128 bits holds is rounded to 28 digits on the way.

mod evaluate;
mod frequency;
#[cfg(test)]
mod golden;
pub mod index;
mod mean;
mod number;
#[cfg(test)]
mod slow;
mod window;

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::value::Month;
use crate::value::decimal::{self, Overflow, Rounding};
pub use evaluate::{Pricing, price};
pub use frequency::Frequency;
pub use mean::{Mean, Provisional, days_between};
pub use window::Window;

/// Weights of a basket, the kinks of a slope: more than any contract has.
const PARTS_MAX: usize = 64;
/// Formulas within formulas.
pub const DEPTH_MAX: usize = 32;

/// A part of a formula, or a whole one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Formula {
    Number(#[serde(with = "decimal::text")] Decimal),
    /// The mean of an index over a window.
    Index {
        index: String,
        window: Window,
    },
    Sum(Vec<Formula>),
    Product(Vec<Formula>),
    /// The quotient of the two: an index over its base value.
    Ratio(Box<Formula>, Box<Formula>),
    /// The weighted mean; the weights must come to 1.
    Basket(Vec<Weighted>),
    /// Not below `floor` and not above `cap`; either may be absent. The ends themselves belong to the corridor.
    Corridor {
        of: Box<Formula>,
        #[serde(with = "decimal::optional_text", default)]
        floor: Option<Decimal>,
        #[serde(with = "decimal::optional_text", default)]
        cap: Option<Decimal>,
    },
    /// An S-curve: straight lines that join at the kinks. `slopes` has one entry more than `kinks`; the value at the first
    /// kink is given.
    SCurve {
        of: Box<Formula>,
        #[serde(with = "texts")]
        kinks: Vec<Decimal>,
        #[serde(with = "texts")]
        slopes: Vec<Decimal>,
        #[serde(with = "decimal::text")]
        at_first_kink: Decimal,
    },
    /// The larger of several, as a minimum price.
    Greatest(Vec<Formula>),
    Least(Vec<Formula>),
    Rounded {
        of: Box<Formula>,
        rounding: Rounding,
    },
    /// Another formula of the same book, by its name.
    Named(String),
}

/// A part of a basket.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weighted {
    #[serde(with = "decimal::text")]
    pub weight: Decimal,
    pub of: Formula,
}

/// Lists of decimals as text.
mod texts {
    use rust_decimal::Decimal;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(values: &[Decimal], serializer: S) -> Result<S::Ok, S::Error> {
        values.iter().map(ToString::to_string).collect::<Vec<_>>().serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Decimal>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        texts.iter().map(|text| super::decimal::read(text)).collect::<Result<_, _>>().map_err(serde::de::Error::custom)
    }
}

/// Where index values come from.
pub trait Observations {
    /// The value of an index for the period that begins with a month; `None` when it is not known.
    fn mean(&self, index: &str, period: Month) -> Option<Mean>;

    /// How often an index is published; `None` when there is no such index.
    fn frequency(&self, index: &str) -> Option<Frequency>;
}

/// Formulas of the book, by name.
pub type Named = BTreeMap<String, Formula>;

/// A mean that went into a price.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WindowUsed {
    pub index: String,
    pub frequency: Frequency,
    /// First and last month of the window.
    pub months: (Month, Month),
    /// The value of each period in the window, with the period's first month.
    pub values: Vec<(Month, Mean)>,
    /// To 28 significant digits.
    pub mean: Decimal,
    exact: number::Number,
}

impl WindowUsed {
    /// Periods whose values are provisional, each with the reason.
    pub fn provisional(&self) -> impl Iterator<Item = String> {
        self.values.iter().filter_map(|(first, mean)| {
            let (index, period) = (&self.index, self.frequency.period_text(*first));
            mean.provisional.map(|why| format!("{index}: {period} {why}"))
        })
    }
}

/// A price and how it came about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Priced {
    pub month: Month,
    pub value: Decimal,
    /// Each index and window once, in the order of the formula.
    pub windows: Vec<WindowUsed>,
    /// What was decided on the way: a floor that held, a kink that was passed.
    pub steps: Vec<String>,
}

/// Why there is no price.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Error {
    #[error("{index} has no value for {}", periods.join(", "))]
    Missing { index: String, periods: Vec<String> },
    #[error("{0} is not a known index")]
    UnknownIndex(String),
    #[error(
        "{index} is {} and has no value for {first} to {last} alone; expected a window of whole calendar {}",
        frequency.text(),
        if *frequency == Frequency::Yearly { "years" } else { "quarters" }
    )]
    TooCoarse { index: String, frequency: Frequency, first: Month, last: Month },
    #[error("the window of {0} leaves the years 1 to 9999")]
    Calendar(String),
    #[error("{0} is not a formula of the book")]
    UnknownFormula(String),
    #[error("the formula leads back to itself: {}", .0.join(" -> "))]
    Cycle(Vec<String>),
    #[error("{0}")]
    Invalid(String),
    #[error("a division by zero: {0}")]
    DivisionByZero(String),
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

impl Error {
    /// Whether another month may have a price by the same formula.
    pub fn is_of_the_month(&self) -> bool {
        match self {
            Self::Missing { .. }
            | Self::UnknownIndex(_)
            | Self::TooCoarse { .. }
            | Self::Calendar(_)
            | Self::DivisionByZero(_)
            | Self::Overflow(_) => true,
            Self::UnknownFormula(_) | Self::Cycle(_) | Self::Invalid(_) => false,
        }
    }
}

impl Formula {
    /// Looks at what can be looked at without values: weights, kinks, depth, windows.
    pub fn check(&self) -> Result<(), Error> {
        self.check_at(0)
    }

    fn check_at(&self, depth: usize) -> Result<(), Error> {
        let invalid = |problem: String| Err(Error::Invalid(problem));
        if depth > DEPTH_MAX {
            return invalid(format!("formulas within formulas, more than {DEPTH_MAX} deep"));
        }
        match self {
            Self::Sum(parts) | Self::Product(parts) | Self::Greatest(parts) | Self::Least(parts)
                if parts.is_empty() || parts.len() > PARTS_MAX =>
            {
                return invalid(format!("{} parts; expected 1 to {PARTS_MAX}", parts.len()));
            }
            Self::Basket(parts) => {
                let total = decimal::sum(parts.iter().map(|part| part.weight))?;
                if total != Decimal::ONE || parts.len() > PARTS_MAX {
                    return invalid(format!("the weights of a basket come to {total}; expected 1"));
                }
            }
            Self::Corridor { floor: Some(floor), cap: Some(cap), .. } if floor > cap => {
                return invalid(format!("the floor {floor} lies above the cap {cap}"));
            }
            Self::SCurve { kinks, slopes, .. } => {
                if kinks.is_empty() || kinks.len() > PARTS_MAX || slopes.len() != kinks.len() + 1 {
                    let (kinks, slopes) = (kinks.len(), slopes.len());
                    return invalid(format!("{kinks} kinks and {slopes} slopes; one slope more than kinks is needed"));
                }
                if !kinks.is_sorted_by(|left, right| left < right) {
                    return invalid("the kinks of an S-curve must rise".to_owned());
                }
            }
            Self::Index { window, .. } => window.check().map_err(Error::Invalid)?,
            _ => {}
        }
        self.parts().into_iter().try_for_each(|part| part.check_at(depth + 1))
    }

    /// Identifiers of the indexes, and names of the formulas, that it needs itself.
    pub fn needs(&self) -> (BTreeSet<&str>, BTreeSet<&str>) {
        let mut found = (BTreeSet::new(), BTreeSet::new());
        let mut open = vec![self];
        while let Some(part) = open.pop() {
            match part {
                Self::Index { index, .. } => _ = found.0.insert(index.as_str()),
                Self::Named(name) => _ = found.1.insert(name.as_str()),
                _ => {}
            }
            open.extend(part.parts());
        }
        found
    }

    fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Number(_) | Self::Index { .. } | Self::Named(_) => Vec::new(),
            Self::Sum(parts) | Self::Product(parts) | Self::Greatest(parts) | Self::Least(parts) => {
                parts.iter().collect()
            }
            Self::Ratio(left, right) => vec![left, right],
            Self::Basket(parts) => parts.iter().map(|part| &part.of).collect(),
            Self::Corridor { of, .. } | Self::SCurve { of, .. } | Self::Rounded { of, .. } => vec![of],
        }
    }
}

/// Follows the names of a formula to formulas of the book: each must be there, and none may lead back to the first.
pub fn check_names(own: &str, formula: &Formula, of: &dyn Fn(&str) -> Option<Formula>) -> Result<(), Error> {
    fn follow(formula: &Formula, of: &dyn Fn(&str) -> Option<Formula>, path: &mut Vec<String>) -> Result<(), Error> {
        for name in formula.needs().1 {
            let is_circle = path.iter().any(|above| above == name) || path.len() > DEPTH_MAX;
            path.push(name.to_owned());
            if is_circle {
                return Err(Error::Cycle(path.clone()));
            }
            let named = of(name).ok_or_else(|| Error::UnknownFormula(name.to_owned()))?;
            follow(&named, of, path)?;
            path.pop();
        }
        Ok(())
    }
    follow(formula, of, &mut vec![own.to_owned()])
}

/// What a month costs where a capacity charge stands beside the price of what was lifted (Sabine Pass agreements: the
/// monthly sales charge is UFC · ACQ / 12, and is owed for cancelled cargoes too).
pub fn monthly_cost(
    unit_price: Decimal,
    lifted: Decimal,
    unit_charge: Decimal,
    annual_quantity: Decimal,
) -> Result<(Decimal, Decimal), Error> {
    let commodity = decimal::multiply(unit_price, lifted)?;
    let year = decimal::multiply(unit_charge, annual_quantity)?;
    let capacity = year.checked_div(Decimal::from(12)).ok_or(Overflow)?.normalize();
    Ok((commodity, capacity))
}
