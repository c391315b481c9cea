//! Exact fractions, for what a decimal can't hold: 288.15/293.15, 184 days of 366. Rounded once, at the end.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

use super::decimal::{self, Half, Overflow, Rounding};

/// A fraction in lowest terms with a positive denominator.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Ratio {
    numerator: i128,
    denominator: i128,
}

/// A fraction as a decimal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rounded {
    pub value: Decimal,
    /// Digits were lost: the fraction has no decimal of 28 digits.
    pub inexact: bool,
}

impl Ratio {
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// `numerator / denominator`; refused when the denominator is zero.
    pub fn new(numerator: i128, denominator: i128) -> Result<Self, Overflow> {
        if denominator == 0 {
            return Err(Overflow);
        }
        let negative = (numerator < 0) != (denominator < 0);
        let (numerator, denominator) = (numerator.unsigned_abs(), denominator.unsigned_abs());
        let divisor = greatest_common_divisor(numerator, denominator);
        let numerator = i128::try_from(numerator / divisor).map_err(|_| Overflow)?;
        let denominator = i128::try_from(denominator / divisor).map_err(|_| Overflow)?;
        Ok(Self { numerator: if negative { -numerator } else { numerator }, denominator })
    }

    pub fn numerator(self) -> i128 {
        self.numerator
    }

    pub fn denominator(self) -> i128 {
        self.denominator
    }

    pub fn is_positive(self) -> bool {
        self.numerator > 0
    }

    pub fn is_negative(self) -> bool {
        self.numerator < 0
    }

    pub fn times(self, other: Self) -> Result<Self, Overflow> {
        // Crosswise first, so that what cancels does not overflow on the way.
        let left = Self::new(self.numerator, other.denominator)?;
        let right = Self::new(other.numerator, self.denominator)?;
        let numerator = left.numerator.checked_mul(right.numerator).ok_or(Overflow)?;
        let denominator = left.denominator.checked_mul(right.denominator).ok_or(Overflow)?;
        Self::new(numerator, denominator)
    }

    /// Refused when `other` is zero.
    pub fn over(self, other: Self) -> Result<Self, Overflow> {
        self.times(Self::new(other.denominator, other.numerator)?)
    }

    pub fn plus(self, other: Self) -> Result<Self, Overflow> {
        let shared = greatest_common_divisor(self.denominator.unsigned_abs(), other.denominator.unsigned_abs());
        let shared = i128::try_from(shared).map_err(|_| Overflow)?;
        let (left, right) = (other.denominator / shared, self.denominator / shared);
        let numerator = self
            .numerator
            .checked_mul(left)
            .zip(other.numerator.checked_mul(right))
            .and_then(|(left, right)| left.checked_add(right))
            .ok_or(Overflow)?;
        Self::new(numerator, self.denominator.checked_mul(left).ok_or(Overflow)?)
    }

    pub fn minus(self, other: Self) -> Result<Self, Overflow> {
        self.plus(Self { numerator: -other.numerator, ..other })
    }

    /// The decimal with as many digits as fit (28), half to even.
    pub fn decimal(self) -> Result<Rounded, Overflow> {
        let divisor = self.denominator.unsigned_abs();
        let dividend = self.numerator.unsigned_abs();
        let (mut mantissa, mut rest) = (dividend / divisor, dividend % divisor);
        let mut scale = 0;
        while rest != 0 && scale < Decimal::MAX_SCALE {
            let longer = rest.checked_mul(10).ok_or(Overflow)?;
            let Some(with_digit) = mantissa.checked_mul(10).map(|mantissa| mantissa + longer / divisor) else { break };
            if with_digit > MOST {
                break;
            }
            (mantissa, rest) = (with_digit, longer % divisor);
            scale += 1;
        }
        let twice = rest.checked_mul(2).ok_or(Overflow)?;
        let up = twice > divisor || (twice == divisor && mantissa % 2 == 1);
        let magnitude = i128::try_from(mantissa + u128::from(up)).map_err(|_| Overflow)?;
        let signed = if self.numerator < 0 { -magnitude } else { magnitude };
        let value = Decimal::try_from_i128_with_scale(signed, scale).map_err(|_| Overflow)?;
        Ok(Rounded { value: value.normalize(), inexact: rest != 0 })
    }

    /// Rounded once, by the rule: never first to 28 digits and then again.
    pub fn rounded(self, rule: Rounding) -> Result<Decimal, Overflow> {
        // Digit by digit: a fraction that is kept can be rounded, however many digits it has.
        let divisor = self.denominator.unsigned_abs();
        let (mut quotient, mut rest) =
            (self.numerator.unsigned_abs() / divisor, self.numerator.unsigned_abs() % divisor);
        for _ in 0..rule.digits {
            let longer = rest.checked_mul(10).ok_or(Overflow)?;
            quotient = quotient.checked_mul(10).and_then(|tens| tens.checked_add(longer / divisor)).ok_or(Overflow)?;
            rest = longer % divisor;
        }
        let up = match rest.cmp(&(divisor - rest)) {
            Ordering::Greater => true,
            Ordering::Equal => rule.half == Half::Up || quotient % 2 == 1,
            Ordering::Less => false,
        };
        let rounded = i128::try_from(quotient + u128::from(up)).map_err(|_| Overflow)?;
        let signed = if self.numerator < 0 { -rounded } else { rounded };
        Decimal::try_from_i128_with_scale(signed, rule.digits).map(|value| value.normalize()).map_err(|_| Overflow)
    }
}

/// The largest mantissa of a decimal, 2^96 - 1.
const MOST: u128 = (1 << 96) - 1;

fn greatest_common_divisor(mut left: u128, mut right: u128) -> u128 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left.max(1)
}

impl TryFrom<Decimal> for Ratio {
    type Error = Overflow;

    fn try_from(value: Decimal) -> Result<Self, Overflow> {
        Self::new(value.mantissa(), 10_i128.checked_pow(value.scale()).ok_or(Overflow)?)
    }
}

impl FromStr for Ratio {
    type Err = String;

    /// Reads a decimal, or two divided by `/`: `0.735`, `288.15/293.15`.
    fn from_str(text: &str) -> Result<Self, String> {
        let too_long = |_| format!("`{text}` has more digits than can be kept exactly");
        let read = |part: &str| decimal::read(part.trim()).and_then(|value| Self::try_from(value).map_err(too_long));
        match text.split_once('/') {
            Some((above, below)) => {
                let below = read(below)?;
                if below == Self::ZERO {
                    return Err(format!("`{text}` divides by zero"));
                }
                read(above)?.over(below).map_err(too_long)
            }
            None => read(text),
        }
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.decimal() {
            Ok(Rounded { value, inexact: false }) => write!(formatter, "{value}"),
            _ => write!(formatter, "{}/{}", self.numerator, self.denominator),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::decimal::d;
    use super::*;

    fn ratio(text: &str) -> Ratio {
        text.parse().unwrap()
    }

    #[test]
    fn fractions_are_kept_in_lowest_terms() {
        assert_eq!(Ratio::new(-6, -4), Ratio::new(3, 2));
        assert_eq!(Ratio::new(0, -7), Ok(Ratio::ZERO));
        assert_eq!(Ratio::new(1, 0), Err(Overflow));
        assert_eq!(Ratio::new(i128::MIN, 1), Err(Overflow));
        assert_eq!(ratio("288.15/293.15").to_string(), "5763/5863");
        assert_eq!(ratio("0.7350").to_string(), "0.735");
        assert!("1/0".parse::<Ratio>().is_err());
        assert!("1/2/3".parse::<Ratio>().is_err());
    }

    #[test]
    fn arithmetic_is_exact() {
        // 1/3 + 1/6 = 1/2, 2/3 · 3/4 = 1/2, (1/2) / (3/4) = 2/3.
        assert_eq!(ratio("1/3").plus(ratio("1/6")), Ok(ratio("0.5")));
        assert_eq!(ratio("2/3").times(ratio("3/4")), Ok(ratio("0.5")));
        assert_eq!(ratio("1/2").over(ratio("3/4")), Ok(ratio("2/3")));
        assert_eq!(ratio("1").over(Ratio::ZERO), Err(Overflow));
        let large = Ratio::new(i128::MAX, 1).unwrap();
        assert_eq!(large.times(large), Err(Overflow));
        assert_eq!(large.plus(large), Err(Overflow));
        assert_eq!(large.times(Ratio::new(1, i128::MAX).unwrap()), Ok(Ratio::ONE));
    }

    #[test]
    fn decimals_have_28_digits_or_say_so() {
        let exact = |value| Ok(Rounded { value: d(value), inexact: false });
        assert_eq!(ratio("1/8").decimal(), exact("0.125"));
        assert_eq!(ratio("-7/2").decimal(), exact("-3.5"));
        let third = ratio("2/3").decimal().unwrap();
        assert_eq!(third, Rounded { value: d("0.6666666666666666666666666667"), inexact: true });
        assert_eq!(Ratio::new(i128::MAX, 1).unwrap().decimal(), Err(Overflow));
    }

    #[test]
    fn rounding_happens_once() {
        let rule = |digits, half| Rounding { digits, half };
        assert_eq!(ratio("2.5").rounded(rule(0, Half::Even)), Ok(d("2")));
        assert_eq!(ratio("2.5").rounded(rule(0, Half::Up)), Ok(d("3")));
        assert_eq!(ratio("-2.5").rounded(rule(0, Half::Up)), Ok(d("-3")));
        // Just below a half: through 28 digits it would become one.
        let below = Ratio::new(4_999_999_999_999_999_999_999_999_999_999, 10_000_000_000_000_000_000_000_000_000_000);
        assert_eq!(below.unwrap().rounded(rule(0, Half::Up)), Ok(d("0")));
        assert_eq!(ratio("38/366").rounded(rule(6, Half::Even)), Ok(d("0.103825")));
    }
}
