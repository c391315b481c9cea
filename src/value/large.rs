//! Quotients, roots and logarithms of exact numbers that 128 bits do not hold.

use num_bigint::{BigInt, Sign};
use rust_decimal::{Decimal, MathematicalOps as _};

/// Digits that irrational numbers are kept to before they are rounded once.
const DIGITS: u32 = 40;

/// The quotient, rounded half to even; `None` where the divisor is zero or the quotient leaves 128 bits.
pub fn divided(numerator: &BigInt, denominator: &BigInt) -> Option<i128> {
    if *denominator == BigInt::ZERO {
        return None;
    }
    let is_negative = (numerator.sign() == Sign::Minus) != (denominator.sign() == Sign::Minus);
    let (numerator, denominator) = (numerator.magnitude(), denominator.magnitude());
    let (mut quotient, rest) = (numerator / denominator, numerator % denominator);
    let twice = rest * 2_u32;
    if twice > *denominator || (twice == *denominator && quotient.bit(0)) {
        quotient += 1_u32;
    }
    let magnitude = i128::try_from(quotient).ok()?;
    Some(if is_negative { -magnitude } else { magnitude })
}

/// One, of the numbers that [`square_root`] and [`root`] give.
pub fn one() -> BigInt {
    BigInt::from(10).pow(DIGITS)
}

/// The square root of a quotient of positive numbers, to 40 digits.
pub fn square_root(numerator: &BigInt, denominator: &BigInt) -> BigInt {
    root(numerator, denominator, 2)
}

/// The root of that degree of a quotient of positive numbers, to 40 digits.
pub fn root(numerator: &BigInt, denominator: &BigInt, degree: u32) -> BigInt {
    (numerator * one().pow(degree) / denominator).nth_root(degree)
}

/// The slope of the line through the logarithms of positive numbers at 0, 1, 2, ... by least squares. `None` where it does not
/// fit 28 digits.
pub fn slope_of_logarithms(numbers: &[i128]) -> Option<Decimal> {
    let count = Decimal::from(numbers.len());
    let mean = (count - Decimal::ONE) / Decimal::TWO;
    let (mut covariance, mut variance) = (Decimal::ZERO, Decimal::ZERO);
    for (place, number) in numbers.iter().enumerate() {
        let logarithm = Decimal::try_from_i128_with_scale(*number, 0).ok()?.checked_ln()?;
        let distance = Decimal::from(place) - mean;
        covariance = covariance.checked_add(distance.checked_mul(logarithm)?)?;
        variance = variance.checked_add(distance.checked_mul(distance)?)?;
    }
    covariance.checked_div(variance)
}

/// The exponential less one, in millionths, half to even.
pub fn exponential_less_one(exponent: Decimal) -> Option<i128> {
    let power = exponent.checked_exp_with_tolerance(Decimal::new(1, 24))?;
    let rounded = power.checked_sub(Decimal::ONE)?.round_dp(6);
    Some((rounded.checked_mul(Decimal::from(1_000_000))?).trunc().mantissa())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_and_logarithms_are_those_of_other_means() {
        let two = square_root(&2.into(), &1.into());
        assert_eq!(two.to_string(), "14142135623730950488016887242096980785696");
        assert_eq!(root(&27.into(), &8.into(), 3), one() * 3 / 2);
        assert_eq!(divided(&5.into(), &2.into()), Some(2));
        assert_eq!(divided(&(-7).into(), &2.into()), Some(-4));
        assert_eq!(divided(&1.into(), &BigInt::ZERO), None);
        // 1, 2, 4, 8: ln 2.
        let slope = slope_of_logarithms(&[1, 2, 4, 8]).unwrap();
        assert_eq!(slope.round_dp(18).to_string(), "0.693147180559945309");
        assert_eq!(exponential_less_one(slope), Some(1_000_000));
    }
}
