//! What a formula comes to in a month.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::number::Number;
use super::{DEPTH_MAX, Error, Formula, Frequency, Named, Observations, Priced, Window, WindowUsed};
use crate::value::Month;
use crate::value::decimal::Overflow;

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
        let value = evaluation.value(self.formula)?.decimal()?;
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

impl Evaluation<'_> {
    fn value(&mut self, formula: &Formula) -> Result<Number, Error> {
        match formula {
            Formula::Number(number) => Ok(Number::from(*number)),
            Formula::Index { index, window } => self.mean(index, *window),
            Formula::Sum(parts) => {
                parts.iter().try_fold(Number::ZERO, |total, part| Ok(total.plus(self.value(part)?)?))
            }
            Formula::Product(parts) => {
                parts.iter().try_fold(Number::ONE, |total, part| Ok(total.times(self.value(part)?)?))
            }
            Formula::Ratio(left, right) => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                if right.is_zero() {
                    return Err(Error::DivisionByZero(format!("{} / 0", left.decimal()?)));
                }
                Ok(left.over(right)?)
            }
            Formula::Basket(parts) => parts.iter().try_fold(Number::ZERO, |total, part| {
                let value = self.value(&part.of)?;
                Ok(total.plus(Number::from(part.weight).times(value)?)?)
            }),
            Formula::Corridor { of, floor, cap } => {
                let value = self.value(of)?;
                self.within(value, *floor, *cap)
            }
            Formula::SCurve { of, kinks, slopes, at_first_kink } => {
                let at = self.value(of)?;
                self.s_curve(at, kinks, slopes, *at_first_kink)
            }
            Formula::Greatest(parts) => self.choose(parts, Ordering::Greater),
            Formula::Least(parts) => self.choose(parts, Ordering::Less),
            Formula::Rounded { of, rounding } => {
                let value = self.value(of)?;
                let rounded = value.rounded(*rounding)?;
                let is_other = value.compare(Number::from(rounded))? != Ordering::Equal;
                if is_other {
                    self.steps.push(format!("{} rounded to {rounded}", value.decimal()?));
                }
                Ok(Number::from(rounded))
            }
            Formula::Named(name) => self.named(name),
        }
    }

    fn named(&mut self, name: &str) -> Result<Number, Error> {
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
        self.steps.push(format!("{name} is {}", value.decimal()?));
        Ok(value)
    }

    fn mean(&mut self, index: &str, window: Window) -> Result<Number, Error> {
        let frequency = self.observations.frequency(index).ok_or_else(|| Error::UnknownIndex(index.to_owned()))?;
        let months = window.months(self.month);
        let (first, last) = months.ok_or_else(|| Error::Calendar(index.to_owned()))?;
        let key = (index.to_owned(), first, last);
        if let Some(place) = self.places.get(&key) {
            return Ok(self.windows[*place].exact);
        }
        if let Some(taken) = self.means.get(&key) {
            self.places.insert(key, self.windows.len());
            self.windows.push(taken.clone());
            return Ok(taken.exact);
        }
        let taken = self.take(index, frequency, (first, last))?;
        let mean = taken.exact;
        self.means.insert(key.clone(), taken.clone());
        self.places.insert(key, self.windows.len());
        self.windows.push(taken);
        Ok(mean)
    }

    /// The mean over whole periods; each counts alike, whatever number of days it is made of.
    fn take(&self, index: &str, frequency: Frequency, months: (Month, Month)) -> Result<WindowUsed, Error> {
        let (first, last) = months;
        let ends_with_a_period = last.plus(1).is_some_and(|next| frequency.period(next) == next);
        if frequency.period(first) != first || !(frequency.months() == 1 || ends_with_a_period) {
            return Err(Error::TooCoarse { index: index.to_owned(), frequency, first, last });
        }
        let mut values = Vec::new();
        let mut missing = Vec::new();
        for period in first.through(last).step_by(usize::from(frequency.months())) {
            match self.observations.mean(index, period) {
                Some(mean) => values.push((period, mean)),
                None => missing.push(frequency.period_text(period)),
            }
        }
        if !missing.is_empty() {
            return Err(Error::Missing { index: index.to_owned(), periods: missing });
        }
        let total = values.iter().try_fold(Number::ZERO, |total, (_, mean)| total.plus(mean.exact))?;
        let exact = total.over(Number::from(Decimal::from(values.len())))?;
        Ok(WindowUsed { index: index.to_owned(), frequency, months, values, mean: exact.decimal()?, exact })
    }

    fn within(&mut self, value: Number, floor: Option<Decimal>, cap: Option<Decimal>) -> Result<Number, Error> {
        if let Some(floor) = floor
            && value.compare(Number::from(floor))? == Ordering::Less
        {
            self.steps.push(format!("{} lies below the floor {floor}", value.decimal()?));
            return Ok(Number::from(floor));
        }
        if let Some(cap) = cap
            && value.compare(Number::from(cap))? == Ordering::Greater
        {
            self.steps.push(format!("{} lies above the cap {cap}", value.decimal()?));
            return Ok(Number::from(cap));
        }
        Ok(value)
    }

    /// The line that the value lies on; at a kink both lines give the same.
    fn s_curve(
        &mut self,
        at: Number,
        kinks: &[Decimal],
        slopes: &[Decimal],
        at_first_kink: Decimal,
    ) -> Result<Number, Error> {
        let mut part = 0;
        while part < kinks.len() && at.compare(Number::from(kinks[part]))? == Ordering::Greater {
            part += 1;
        }
        self.steps.push(format!("{} lies on part {} of {} of the S-curve", at.decimal()?, part + 1, slopes.len()));
        let rise = |slope: Decimal, from: Decimal, to: Number| -> Result<Number, Overflow> {
            Number::from(slope).times(to.minus(Number::from(from))?)
        };
        let start = Number::from(at_first_kink);
        if part == 0 {
            return Ok(start.plus(rise(slopes[0], kinks[0], at)?)?);
        }
        let mut value = start;
        for passed in 1..part {
            value = value.plus(rise(slopes[passed], kinks[passed - 1], Number::from(kinks[passed]))?)?;
        }
        Ok(value.plus(rise(slopes[part], kinks[part - 1], at)?)?)
    }

    /// The part that stands to all others as asked.
    fn choose(&mut self, parts: &[Formula], better: Ordering) -> Result<Number, Error> {
        let mut best: Option<Number> = None;
        for part in parts {
            let value = self.value(part)?;
            let is_better = match best {
                Some(best) => value.compare(best)? == better,
                None => true,
            };
            if is_better {
                best = Some(value);
            }
        }
        best.ok_or_else(|| Error::Invalid("nothing to choose from".into()))
    }
}
