//! Figures: whole numbers of thousandths (money) or millionths (all else), or the reason why there is none.

use num_bigint::BigInt;

use crate::value::{exact, large};

/// Why a figure is absent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Absent {
    NoTradeReported,
    NotReported,
    IncompletePeriod,
    NotInEdition,
    ValueUnknown,
    BaseZero,
    BaseNotReported,
    BaseIncomplete,
    NotPositive,
    NotApplicable,
    TooLarge,
    ReportersDiffer,
}

pub type Figure = Result<i128, Absent>;

/// One, in millionths.
pub const ONE: i128 = 1_000_000;

/// A part of a whole, or any other quotient, in millionths, half to even.
pub fn ratio(numerator: i128, denominator: i128) -> Figure {
    if denominator == 0 {
        return Err(Absent::BaseZero);
    }
    let quick = numerator.checked_mul(ONE).and_then(|scaled| exact::divided(scaled, denominator));
    quick.map_or_else(|| large_ratio(&numerator.into(), &denominator.into()), Ok)
}

/// The same of numbers of any size.
pub fn large_ratio(numerator: &BigInt, denominator: &BigInt) -> Figure {
    if *denominator == BigInt::ZERO {
        return Err(Absent::BaseZero);
    }
    large::divided(&(numerator * ONE), denominator).ok_or(Absent::TooLarge)
}

/// A share of what may be absent.
pub fn share(part: Figure, whole: Figure) -> Figure {
    ratio(or_zero(part)?, as_base(whole)?)
}

/// Growth from a base: 0.05 is five per cent.
pub fn growth(now: Figure, before: Figure) -> Figure {
    let before = as_base(before)?;
    ratio(or_zero(now)?.checked_sub(before).ok_or(Absent::TooLarge)?, before)
}

/// One less the other, where what has not been traded counts as zero.
pub fn difference(one: Figure, other: Figure) -> Figure {
    or_zero(one)?.checked_sub(or_zero(other)?).ok_or(Absent::TooLarge)
}

/// The change from a base, where what has not been traded counts as zero.
pub fn change(now: Figure, before: Figure) -> Figure {
    let before = or_zero(before).or_else(|absent| as_base(Err(absent)))?;
    difference(now, Ok(before))
}

/// What has not been traded counts as zero in sums.
pub fn or_zero(figure: Figure) -> Figure {
    match figure {
        Err(Absent::NoTradeReported) => Ok(0),
        other => other,
    }
}

/// A figure to divide by.
pub fn as_base(figure: Figure) -> Figure {
    match figure {
        Ok(0) | Err(Absent::NoTradeReported) => Err(Absent::BaseZero),
        Err(Absent::NotReported) => Err(Absent::BaseNotReported),
        Err(Absent::IncompletePeriod) => Err(Absent::BaseIncomplete),
        other => other,
    }
}

/// What the edition of a period does not have was not traded under that code.
pub fn none_in_edition(figure: Figure) -> Figure {
    match figure {
        Err(Absent::NotInEdition) => Err(Absent::NoTradeReported),
        other => other,
    }
}

/// The sum of figures, or the reason why the first that is absent is so.
pub fn sum(figures: impl IntoIterator<Item = Figure>) -> Figure {
    figures.into_iter().try_fold(0, |sum: i128, figure| sum.checked_add(or_zero(figure)?).ok_or(Absent::TooLarge))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_never_infinite_and_a_base_says_what_it_lacks() {
        assert_eq!(ratio(1, 3), Ok(333_333));
        assert_eq!(ratio(-2, 3), Ok(-666_667));
        assert_eq!(ratio(1, 0), Err(Absent::BaseZero));
        assert_eq!(ratio(i128::MAX, i128::MAX - 1), Ok(ONE));
        assert_eq!(growth(Ok(3), Err(Absent::NoTradeReported)), Err(Absent::BaseZero));
        assert_eq!(growth(Err(Absent::NoTradeReported), Ok(4)), Ok(-ONE));
        assert_eq!(growth(Ok(3), Err(Absent::NotReported)), Err(Absent::BaseNotReported));
        assert_eq!(growth(Err(Absent::NotReported), Ok(3)), Err(Absent::NotReported));
        assert_eq!(sum([Ok(1), Err(Absent::NoTradeReported), Ok(2)]), Ok(3));
        assert_eq!(sum([Ok(i128::MAX), Ok(1)]), Err(Absent::TooLarge));
    }
}
