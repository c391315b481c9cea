//! Exact numbers as text: thousandths, grams, ratios. Integers only.

/// Thousandths as a decimal: `2435850` is `2435.85`.
pub fn thousandths(number: i64) -> String {
    if number % 1000 == 0 {
        return (number / 1000).to_string();
    }
    scaled(i128::from(number), 3)
}

/// `number` / 10^`decimals`, without zeros at the end.
pub fn scaled(number: i128, decimals: u32) -> String {
    let unit = 10_u128.pow(decimals);
    let magnitude = number.unsigned_abs();
    let sign = if number < 0 { "-" } else { "" };
    let (whole, rest) = (magnitude / unit, magnitude % unit);
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let mut text = format!("{sign}{whole}.{rest:0width$}", width = decimals as usize);
    text.truncate(text.trim_end_matches('0').len());
    text
}

/// `numerator` / `denominator` to six decimals, rounded half to even; `None` when the denominator is zero.
pub fn ratio(numerator: i128, denominator: i128) -> Option<String> {
    Some(scaled(divided(numerator.checked_mul(1_000_000)?, denominator)?, 6))
}

/// The quotient, rounded half to even.
pub fn divided(numerator: i128, denominator: i128) -> Option<i128> {
    if denominator == 0 {
        return None;
    }
    let negative = (numerator < 0) != (denominator < 0);
    let (numerator, denominator) = (numerator.unsigned_abs(), denominator.unsigned_abs());
    let (quotient, remainder) = (numerator / denominator, numerator % denominator);
    let up = match (remainder * 2).cmp(&denominator) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => quotient % 2 == 1,
        std::cmp::Ordering::Less => false,
    };
    let magnitude = i128::try_from(quotient + u128::from(up)).ok()?;
    Some(if negative { -magnitude } else { magnitude })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_without_loss() {
        assert_eq!(thousandths(2_435_850), "2435.85");
        assert_eq!(thousandths(-1), "-0.001");
        assert_eq!(thousandths(129_140_000_000_000), "129140000000");
        assert_eq!(thousandths(i64::MAX), "9223372036854775.807");
    }

    #[test]
    fn ratios_round_half_to_even() {
        assert_eq!(ratio(1, 3).as_deref(), Some("0.333333"));
        assert_eq!(ratio(1, 2_000_000).as_deref(), Some("0"));
        assert_eq!(ratio(3, 2_000_000).as_deref(), Some("0.000002"));
        assert_eq!(ratio(-2, 3).as_deref(), Some("-0.666667"));
        assert_eq!(ratio(1, 0), None);
    }
}
