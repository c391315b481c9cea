//! A second pricing, slow and plain: from the definitions, in fractions of any length, over lists that are searched anew
//! for each month. It shares no code with the first one; random formulas, windows and indexes hold the two together.
//!
//! What is drawn becomes JSON for the first pricing and is reckoned with as it was drawn by the second.

mod draw;

use num_bigint::BigInt;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use self::draw::{Drawn, FIRST, MONTHS, Plain, Window, decimal, formulas, indexes, json};
use super::index::{Observation, Observed, Series};
use super::{Error, Formula, Frequency, Named, price};
use crate::value::Month;

/// Numerator and denominator, the latter above zero.
#[derive(Clone, PartialEq, Debug)]
struct Fraction(BigInt, BigInt);

impl Fraction {
    fn new(above: impl Into<BigInt>, below: impl Into<BigInt>) -> Self {
        let (above, below): (BigInt, BigInt) = (above.into(), below.into());
        let (mut left, mut right) = (above.magnitude().clone(), below.magnitude().clone());
        while right != 0_u32.into() {
            (left, right) = (right.clone(), left % right);
        }
        let shared = BigInt::from(if left == 0_u32.into() { 1_u32.into() } else { left });
        let sign = if below < BigInt::from(0) { -1 } else { 1 };
        Self(above / &shared * sign, below / shared * sign)
    }

    fn hundredths(count: i64) -> Self {
        Self::new(count, 100)
    }

    fn plus(&self, other: &Self) -> Self {
        Self::new(&self.0 * &other.1 + &other.0 * &self.1, &self.1 * &other.1)
    }

    fn times(&self, other: &Self) -> Self {
        Self::new(&self.0 * &other.0, &self.1 * &other.1)
    }

    fn over(&self, other: &Self) -> Self {
        Self::new(&self.0 * &other.1, &self.1 * &other.0)
    }

    fn minus(&self, other: &Self) -> Self {
        self.plus(&other.times(&Self::new(-1, 1)))
    }

    fn is_above(&self, other: &Self) -> bool {
        self.minus(other).0 > BigInt::from(0)
    }

    fn size(&self) -> Self {
        Self(BigInt::from(self.0.magnitude().clone()), self.1.clone())
    }
}

/// Why there is no price, by the index.
#[derive(Clone, PartialEq, Debug)]
enum Why {
    Unknown(usize),
    Missing(usize),
    TooCoarse(usize),
    Zero,
}

/// First and last month of a window, by the convention: blocks of Z months; Y months before the block the averaging
/// ends; it takes X months.
fn months_of(window: Window, month: i32) -> (i32, i32) {
    match window {
        Window::Spot => (month, month),
        Window::Lagged(x, y, z, begins) => {
            let mut block = begins.unwrap_or(0);
            while block > month {
                block -= i32::from(z);
            }
            while block + i32::from(z) <= month {
                block += i32::from(z);
            }
            let end = block - i32::from(y);
            (end - i32::from(x), end - 1)
        }
        Window::YearsBefore(years) => {
            let year = month.div_euclid(12) - i32::from(years);
            (year * 12, year * 12 + 11)
        }
        Window::Fixed(month) => (month, month),
    }
}

/// The mean of the values of the periods from one month to another.
fn mean(indexes: &[Drawn], number: usize, (first, last): (i32, i32)) -> Result<Fraction, Why> {
    let index = indexes.get(number).ok_or(Why::Unknown(number))?;
    let length = match index.frequency {
        Frequency::Quarterly => 3,
        Frequency::Yearly => 12,
        _ => 1,
    };
    if first.rem_euclid(length) != 0 || (last + 1).rem_euclid(length) != 0 {
        return Err(Why::TooCoarse(number));
    }
    let mut total = Fraction::new(0, 1);
    let mut periods = 0;
    let mut period = first;
    while period <= last {
        let mut of_period = Vec::new();
        for ((year, month, _), value) in &index.values {
            let at = year * 12 + month - 1;
            if at >= period && at < period + length {
                of_period.push(*value);
            }
        }
        if of_period.is_empty() {
            return Err(Why::Missing(number));
        }
        let sum: i64 = of_period.iter().sum();
        total = total.plus(&Fraction::hundredths(sum).over(&Fraction::new(of_period.len(), 1)));
        periods += 1;
        period += length;
    }
    Ok(total.over(&Fraction::new(periods, 1)))
}

fn slow(formula: &Plain, month: i32, indexes: &[Drawn]) -> Result<Fraction, Why> {
    let all = |parts: &[Plain]| parts.iter().map(|part| slow(part, month, indexes)).collect::<Result<Vec<_>, _>>();
    match formula {
        Plain::Number(number) => Ok(Fraction::hundredths(*number)),
        Plain::Index(number, window) => mean(indexes, *number, months_of(*window, month)),
        Plain::Sum(parts) => Ok(all(parts)?.iter().fold(Fraction::new(0, 1), |sum, part| sum.plus(part))),
        Plain::Product(parts) => Ok(all(parts)?.iter().fold(Fraction::new(1, 1), |product, part| product.times(part))),
        Plain::Ratio(above, below) => {
            let (above, below) = (slow(above, month, indexes)?, slow(below, month, indexes)?);
            if below.0 == BigInt::from(0) { Err(Why::Zero) } else { Ok(above.over(&below)) }
        }
        Plain::Basket(parts) => {
            let mut total = Fraction::new(0, 1);
            for (weight, part) in parts {
                total = total.plus(&Fraction::hundredths(*weight).times(&slow(part, month, indexes)?));
            }
            Ok(total)
        }
        Plain::Corridor(of, floor, cap) => {
            let mut value = slow(of, month, indexes)?;
            for floor in floor.iter().map(|floor| Fraction::hundredths(*floor)) {
                value = if floor.is_above(&value) { floor } else { value };
            }
            for cap in cap.iter().map(|cap| Fraction::hundredths(*cap)) {
                value = if value.is_above(&cap) { cap } else { value };
            }
            Ok(value)
        }
        Plain::SCurve(of, kinks, slopes, at_first) => {
            let at = slow(of, month, indexes)?;
            let kink = |place: usize| Fraction::hundredths(kinks[place]);
            let slope = |place: usize| Fraction::hundredths(slopes[place]);
            // Walks from the first kink to the value, at each stretch's own slope.
            let mut value = Fraction::hundredths(*at_first);
            if !at.is_above(&kink(0)) {
                return Ok(value.plus(&slope(0).times(&at.minus(&kink(0)))));
            }
            for place in 0..kinks.len() {
                let is_last = place + 1 == kinks.len() || !at.is_above(&kink(place + 1));
                let end = if is_last { at.clone() } else { kink(place + 1) };
                value = value.plus(&slope(place + 1).times(&end.minus(&kink(place))));
                if is_last {
                    break;
                }
            }
            Ok(value)
        }
        Plain::Greatest(parts) => {
            Ok(all(parts)?.into_iter().reduce(|l, r| if r.is_above(&l) { r } else { l }).unwrap())
        }
        Plain::Least(parts) => Ok(all(parts)?.into_iter().reduce(|l, r| if l.is_above(&r) { r } else { l }).unwrap()),
        Plain::Rounded(of, digits, even) => {
            let value = slow(of, month, indexes)?;
            let shift = Fraction::new(10_i64.pow(*digits), 1);
            let shifted = value.size().times(&shift);
            let whole = &shifted.0 / &shifted.1;
            let rest = shifted.minus(&Fraction::new(whole.clone(), 1)).times(&Fraction::new(2, 1));
            let is_half = rest == Fraction::new(1, 1);
            let is_odd = &whole % 2 == BigInt::from(1);
            let up = rest.is_above(&Fraction::new(1, 1)) || (is_half && (!even || is_odd));
            let rounded = Fraction::new(whole + i32::from(up), 1).over(&shift);
            let sign = if value.0 < BigInt::from(0) { -1 } else { 1 };
            Ok(rounded.times(&Fraction::new(sign, 1)))
        }
    }
}

fn observed(indexes: &[Drawn]) -> Observed {
    let loaded = indexes.iter().enumerate().map(|(number, index)| {
        let series = Series {
            id: format!("i{number}"),
            title: String::new(),
            unit: String::new(),
            frequency: index.frequency,
            source: String::new(),
        };
        let observation = |((year, month, day), value): (&(i32, i32, i32), &i64)| Observation {
            day: format!("{year:04}-{month:02}-{day:02}").parse().unwrap(),
            value: decimal(*value).parse().unwrap(),
        };
        (series, index.values.iter().map(observation).collect())
    });
    Observed::new(loaded, None).unwrap()
}

/// How the first pricing's number lies to the second's: equal, but for what 28 digits cannot hold.
fn agrees(fast: &str, slow: &Fraction) -> bool {
    let (whole, fraction) = fast.split_once('.').unwrap_or((fast, ""));
    let digits: BigInt = format!("{whole}{fraction}").parse().unwrap();
    let fast = Fraction::new(digits, BigInt::from(10).pow(u32::try_from(fraction.len()).unwrap()));
    // One in the 24th digit, of the number or of 1.
    let most = slow.size().plus(&Fraction::new(1, 1)).times(&Fraction::new(1, BigInt::from(10).pow(24)));
    !fast.minus(slow).size().is_above(&most)
}

const SEED: [u8; 32] = *b"prices, slow and plain; 6-3-3 ..";
const CASES: u32 = 2_000;
/// Months that each formula is priced in.
const MONTHS_A_CASE: usize = 8;

#[test]
fn two_pricings_agree_on_random_formulas_windows_and_indexes() {
    let config = Config { cases: CASES, failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &SEED));
    let counts = std::cell::Cell::new((0_u32, 0_u32, 0_u32));
    let cases = (formulas(), indexes(), prop::collection::vec(FIRST + 6..FIRST + MONTHS + 4, MONTHS_A_CASE));
    let result = runner.run(&cases, |(formula, indexes, months)| {
        let text = json(&formula);
        let parsed: Formula = serde_json::from_str(&text).unwrap();
        let observed = observed(&indexes);
        for month in months {
            let at = Month::of_ordinal(month).unwrap();
            let first = price(&parsed, at, &Named::new(), &observed);
            let second = slow(&formula, month, &indexes);
            let (priced, without, large) = counts.get();
            match (first, second) {
                (Ok(first), Ok(second)) => {
                    prop_assert!(
                        agrees(&first.value.to_string(), &second),
                        "{text} in {at}: {} and {second:?}",
                        first.value
                    );
                    counts.set((priced + 1, without, large));
                }
                (Err(Error::Overflow(_)), Ok(_)) => counts.set((priced, without, large + 1)),
                (Err(first), Err(second)) => {
                    let is_same = match (&first, &second) {
                        (Error::UnknownIndex(index), Why::Unknown(number))
                        | (Error::Missing { index, .. }, Why::Missing(number))
                        | (Error::TooCoarse { index, .. }, Why::TooCoarse(number)) => *index == format!("i{number}"),
                        (Error::DivisionByZero(_), Why::Zero) => true,
                        _ => false,
                    };
                    prop_assert!(is_same, "{text} in {at}: {first} and {second:?}");
                    counts.set((priced, without + 1, large));
                }
                (first, second) => prop_assert!(false, "{text} in {at}: {first:?} and {second:?}"),
            }
        }
        Ok(())
    });
    let (priced, without, large) = counts.get();
    eprintln!(
        "{CASES} formulas: {priced} prices agree, {without} months have none for the same reason, {large} too large"
    );
    result.unwrap();
    assert!(priced > CASES && without > CASES / 10 && large < CASES / 20, "{priced} {without} {large}");
}
