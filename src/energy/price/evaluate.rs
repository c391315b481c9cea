//! What a formula comes to in a month.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{DEPTH_MAX, Error, Formula, Named, Observations, Priced, Window, WindowUsed};
use crate::value::Month;
use crate::value::decimal::{self, Overflow};

/// The price of a month by a formula.
pub fn price(formula: &Formula, month: Month, named: &Named, observations: &dyn Observations) -> Result<Priced, Error> {
    Pricing::new(formula, named, observations)?.month(month)
}

/// Prices of several months by one formula. Means that were taken for one month are not taken again for the next.
pub struct Pricing<'a> {
    formula: &'a Formula,
    named: &'a Named,
    observations: &'a dyn Observations,
    means: BTreeMap<Key, WindowUsed>,
}

/// Index with first and last month.
type Key = (String, Month, Month);

impl<'a> Pricing<'a> {
    pub fn new(formula: &'a Formula, named: &'a Named, observations: &'a dyn Observations) -> Result<Self, Error> {
        formula.check()?;
        Ok(Self { formula, named, observations, means: BTreeMap::new() })
    }

    pub fn month(&mut self, month: Month) -> Result<Priced, Error> {
        let mut evaluation = Evaluation {
            month,
            named: self.named,
            observations: self.observations,
            means: &mut self.means,
            windows: Vec::new(),
            places: BTreeMap::new(),
            steps: Vec::new(),
            path: Vec::new(),
        };
        let value = evaluation.value(self.formula)?;
        Ok(Priced { month, value, windows: evaluation.windows, steps: evaluation.steps })
    }
}

struct Evaluation<'a> {
    month: Month,
    named: &'a Named,
    observations: &'a dyn Observations,
    means: &'a mut BTreeMap<Key, WindowUsed>,
    windows: Vec<WindowUsed>,
    /// The place of a mean among the windows.
    places: BTreeMap<Key, usize>,
    steps: Vec<String>,
    /// Names that are being worked out.
    path: Vec<String>,
}

/// Exact where it fits; else rounded to 28 significant digits.
fn product(left: Decimal, right: Decimal) -> Result<Decimal, Overflow> {
    decimal::multiply(left, right).or_else(|_| left.checked_mul(right).map(|p| p.normalize()).ok_or(Overflow))
}

fn sum(left: Decimal, right: Decimal) -> Result<Decimal, Overflow> {
    decimal::add(left, right).or_else(|_| left.checked_add(right).map(|s| s.normalize()).ok_or(Overflow))
}

impl Evaluation<'_> {
    fn value(&mut self, formula: &Formula) -> Result<Decimal, Error> {
        match formula {
            Formula::Number(number) => Ok(*number),
            Formula::Index { index, window } => self.mean(index, *window),
            Formula::Sum(parts) => {
                parts.iter().try_fold(Decimal::ZERO, |total, part| Ok(sum(total, self.value(part)?)?))
            }
            Formula::Product(parts) => {
                parts.iter().try_fold(Decimal::ONE, |total, part| Ok(product(total, self.value(part)?)?))
            }
            Formula::Ratio(left, right) => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                if right.is_zero() {
                    return Err(Error::DivisionByZero(format!("{left} / 0")));
                }
                Ok(left.checked_div(right).ok_or(Overflow)?.normalize())
            }
            Formula::Basket(parts) => parts.iter().try_fold(Decimal::ZERO, |total, part| {
                let value = self.value(&part.of)?;
                Ok(sum(total, product(part.weight, value)?)?)
            }),
            Formula::Corridor { of, floor, cap } => {
                let value = self.value(of)?;
                Ok(self.within(value, *floor, *cap))
            }
            Formula::SCurve { of, kinks, slopes, at_first_kink } => {
                let at = self.value(of)?;
                self.s_curve(at, kinks, slopes, *at_first_kink)
            }
            Formula::Greatest(parts) => self.choose(parts, |best, other| other > best),
            Formula::Least(parts) => self.choose(parts, |best, other| other < best),
            Formula::Rounded { of, rounding } => {
                let value = self.value(of)?;
                let rounded = rounding.apply(value);
                if rounded != value {
                    self.steps.push(format!("{value} rounded to {rounded}"));
                }
                Ok(rounded)
            }
            Formula::Named(name) => self.named(name),
        }
    }

    fn named(&mut self, name: &str) -> Result<Decimal, Error> {
        if self.path.iter().any(|above| above == name) || self.path.len() >= DEPTH_MAX {
            let mut path = self.path.clone();
            path.push(name.to_owned());
            return Err(Error::Cycle(path));
        }
        let formula = self.named.get(name).ok_or_else(|| Error::UnknownFormula(name.to_owned()))?;
        formula.check()?;
        self.path.push(name.to_owned());
        let value = self.value(formula)?;
        self.path.pop();
        self.steps.push(format!("{name} is {value}"));
        Ok(value)
    }

    fn mean(&mut self, index: &str, window: Window) -> Result<Decimal, Error> {
        if !self.observations.knows(index) {
            return Err(Error::UnknownIndex(index.to_owned()));
        }
        let months = window.months(self.month);
        let (first, last) = months.ok_or_else(|| Error::Invalid("the window leaves the calendar".into()))?;
        let key = (index.to_owned(), first, last);
        if let Some(place) = self.places.get(&key) {
            return Ok(self.windows[*place].mean);
        }
        if let Some(taken) = self.means.get(&key) {
            self.places.insert(key, self.windows.len());
            self.windows.push(taken.clone());
            return Ok(taken.mean);
        }
        let mut values = Vec::new();
        let mut missing = Vec::new();
        for month in first.through(last) {
            match self.observations.monthly(index, month) {
                Some(value) => values.push((month, value)),
                None => missing.push(month),
            }
        }
        if !missing.is_empty() {
            return Err(Error::Missing { index: index.to_owned(), months: missing });
        }
        // Means of days have all their digits already: what does not fit is rounded.
        let total = values.iter().try_fold(Decimal::ZERO, |total, (_, value)| sum(total, *value))?;
        let mean = total.checked_div(Decimal::from(values.len())).ok_or(Overflow)?.normalize();
        let taken = WindowUsed { index: index.to_owned(), months: values, mean };
        self.means.insert(key.clone(), taken.clone());
        self.places.insert(key, self.windows.len());
        self.windows.push(taken);
        Ok(mean)
    }

    fn within(&mut self, value: Decimal, floor: Option<Decimal>, cap: Option<Decimal>) -> Decimal {
        if let Some(floor) = floor.filter(|floor| value < *floor) {
            self.steps.push(format!("{value} lies below the floor {floor}"));
            return floor;
        }
        if let Some(cap) = cap.filter(|cap| value > *cap) {
            self.steps.push(format!("{value} lies above the cap {cap}"));
            return cap;
        }
        value
    }

    /// The line that the value lies on; at a kink both lines give the same.
    fn s_curve(
        &mut self,
        at: Decimal,
        kinks: &[Decimal],
        slopes: &[Decimal],
        at_first_kink: Decimal,
    ) -> Result<Decimal, Error> {
        let part = kinks.iter().filter(|kink| at > **kink).count();
        self.steps.push(format!("{at} lies on part {} of {} of the S-curve", part + 1, slopes.len()));
        let first = kinks[0];
        if part == 0 {
            return Ok(sum(at_first_kink, product(slopes[0], sum(at, -first)?)?)?);
        }
        let mut value = at_first_kink;
        for passed in 1..part {
            value = sum(value, product(slopes[passed], sum(kinks[passed], -kinks[passed - 1])?)?)?;
        }
        Ok(sum(value, product(slopes[part], sum(at, -kinks[part - 1])?)?)?)
    }

    fn choose(&mut self, parts: &[Formula], better: impl Fn(Decimal, Decimal) -> bool) -> Result<Decimal, Error> {
        let mut values = parts.iter().map(|part| self.value(part)).collect::<Result<Vec<_>, _>>()?.into_iter();
        let first = values.next().ok_or_else(|| Error::Invalid("nothing to choose from".into()))?;
        Ok(values.fold(first, |best, other| if better(best, other) { other } else { best }))
    }
}
