//! A number on the way through a formula: a fraction as long as 128 bits hold it, so that thirds of a mean come out whole
//! again; else a decimal that was rounded to 28 significant digits. What is shown or rounded by a contract's rule is
//! rounded from it once.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use crate::value::Ratio;
use crate::value::decimal::{self, Overflow, Rounding};

/// A fraction of a larger denominator cannot be written out digit by digit in 128 bits.
const DENOMINATOR_MAX: i128 = 10_i128.pow(37);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Number {
    Exact(Ratio),
    Rounded(Decimal),
}

impl From<Decimal> for Number {
    fn from(value: Decimal) -> Self {
        Ratio::try_from(value).map_or(Self::Rounded(value), |ratio| Self::exact(ratio).unwrap_or(Self::Rounded(value)))
    }
}

impl Number {
    pub const ZERO: Self = Self::Exact(Ratio::ZERO);
    pub const ONE: Self = Self::Exact(Ratio::ONE);

    pub fn exact(ratio: Ratio) -> Option<Self> {
        (ratio.denominator() <= DENOMINATOR_MAX).then_some(Self::Exact(ratio))
    }

    /// To 28 significant digits.
    pub fn decimal(self) -> Result<Decimal, Overflow> {
        match self {
            Self::Exact(ratio) => ratio.decimal().map(|rounded| rounded.value),
            Self::Rounded(value) => Ok(value),
        }
    }

    pub fn plus(self, other: Self) -> Result<Self, Overflow> {
        self.with(other, Ratio::plus, |left, right| decimal::add(left, right).ok().or_else(|| left.checked_add(right)))
    }

    pub fn minus(self, other: Self) -> Result<Self, Overflow> {
        self.plus(other.times(Self::from(Decimal::NEGATIVE_ONE))?)
    }

    pub fn times(self, other: Self) -> Result<Self, Overflow> {
        self.with(other, Ratio::times, |left, right| {
            decimal::multiply(left, right).ok().or_else(|| left.checked_mul(right))
        })
    }

    /// Refused when `other` is zero.
    pub fn over(self, other: Self) -> Result<Self, Overflow> {
        self.with(other, Ratio::over, Decimal::checked_div)
    }

    fn with(
        self,
        other: Self,
        in_fractions: impl FnOnce(Ratio, Ratio) -> Result<Ratio, Overflow>,
        in_decimals: impl FnOnce(Decimal, Decimal) -> Option<Decimal>,
    ) -> Result<Self, Overflow> {
        if let (Self::Exact(left), Self::Exact(right)) = (self, other)
            && let Some(exact) = in_fractions(left, right).ok().and_then(Self::exact)
        {
            return Ok(exact);
        }
        let result = in_decimals(self.decimal()?, other.decimal()?).ok_or(Overflow)?;
        Ok(Self::Rounded(result.normalize()))
    }

    pub fn is_zero(self) -> bool {
        match self {
            Self::Exact(ratio) => ratio.numerator() == 0,
            Self::Rounded(value) => value.is_zero(),
        }
    }

    pub fn compare(self, other: Self) -> Result<Ordering, Overflow> {
        let difference = self.minus(other)?;
        Ok(match difference {
            Self::Exact(ratio) => ratio.numerator().cmp(&0),
            Self::Rounded(value) => value.cmp(&Decimal::ZERO),
        })
    }

    pub fn rounded(self, rule: Rounding) -> Result<Decimal, Overflow> {
        match self {
            Self::Exact(ratio) => ratio.rounded(rule).or_else(|_| Ok(rule.apply(self.decimal()?))),
            Self::Rounded(value) => Ok(rule.apply(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::decimal::{Half, d};

    #[test]
    fn thirds_come_out_whole() {
        let third = Number::ONE.over(Number::from(d("3"))).unwrap();
        let whole = third.plus(third).unwrap().plus(third).unwrap();
        assert_eq!(whole, Number::ONE);
        // A sixth of 3 is a half, and rounds up as one.
        let half = third.times(Number::from(d("1.5"))).unwrap();
        assert_eq!(half.rounded(Rounding { digits: 0, half: Half::Up }), Ok(d("1")));
        assert_eq!(half.compare(Number::from(d("0.5"))), Ok(Ordering::Equal));
    }

    #[test]
    fn what_no_fraction_holds_is_rounded() {
        let long = Number::from(d("1.000000000000000000000000001"));
        let squared = long.times(long).unwrap();
        assert_eq!(squared.decimal().unwrap().round_dp(26), d("1"));
        assert!(matches!(squared, Number::Rounded(_)));
        assert!(Number::from(Decimal::MAX).times(Number::from(Decimal::MAX)).is_err());
        assert!(Number::ONE.over(Number::ZERO).is_err());
    }
}
