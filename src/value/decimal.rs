//! Decimals that are exact or refused: sums and products of quantities, rounding rules, decimals as text.
//!
//! `rust_decimal` holds 28 digits and rounds in silence what has more. Quantities are added and multiplied here, where
//! a result that does not fit is an error. Prices divide and therefore round: they use the library's own operations, to
//! 28 significant digits, and the rounding rules of the contract.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// A result that has more digits than a decimal holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the result has more digits than can be kept exactly")]
pub struct Overflow;

/// `left + right`, exactly.
pub fn add(left: Decimal, right: Decimal) -> Result<Decimal, Overflow> {
    let scale = left.scale().max(right.scale());
    let sum = rescaled(left, scale)?.checked_add(rescaled(right, scale)?).ok_or(Overflow)?;
    exact(sum, scale)
}

/// `left - right`, exactly.
pub fn subtract(left: Decimal, right: Decimal) -> Result<Decimal, Overflow> {
    add(left, -right)
}

/// `left · right`, exactly.
pub fn multiply(left: Decimal, right: Decimal) -> Result<Decimal, Overflow> {
    let (left, right) = (left.normalize(), right.normalize());
    let product = left.mantissa().checked_mul(right.mantissa()).ok_or(Overflow)?;
    exact(product, left.scale() + right.scale())
}

/// A product that may have had to be rounded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Product {
    pub value: Decimal,
    pub is_exact: bool,
}

/// The product of all factors: exact where a decimal can hold it, else rounded once by the rule from all its digits.
pub fn product(factors: &[Decimal], rule: Rounding) -> Result<Product, Overflow> {
    let whole_product = factors.iter().try_fold(Decimal::ONE, |product, factor| multiply(product, *factor));
    if let Ok(value) = whole_product {
        return Ok(Product { value, is_exact: true });
    }
    let digits = factors.iter().fold(vec![1], |product, factor| long_multiply(&product, factor.mantissa()));
    let scale: u32 = factors.iter().map(Decimal::scale).sum();
    let is_negative = factors.iter().filter(|factor| factor.is_sign_negative()).count() % 2 == 1;
    // Fewer digits after the point than the rule keeps: the product is too large, not too long.
    let dropped = scale.checked_sub(rule.digits).ok_or(Overflow)? as usize;
    let (rest, kept) = digits.split_at(dropped.min(digits.len()));
    let whole =
        kept.iter().rev().try_fold(0_i128, |number, digit| number.checked_mul(10)?.checked_add(i128::from(*digit)));
    let whole = whole.ok_or(Overflow)?;
    // The digit after the last one kept decides, and on a half whatever follows it.
    let first = if rest.len() == dropped { rest.last().copied().unwrap_or(0) } else { 0 };
    let is_half = first == 5 && rest.iter().rev().skip(1).all(|digit| *digit == 0);
    let goes_up = if is_half { rule.half == Half::Up || whole % 2 == 1 } else { first >= 5 };
    let rounded = whole + i128::from(goes_up);
    let value = exact(if is_negative { -rounded } else { rounded }, rule.digits)?;
    Ok(Product { value, is_exact: rest.iter().all(|digit| *digit == 0) })
}

/// Decimal digits, the lowest first, times a whole number.
fn long_multiply(digits: &[u8], by: i128) -> Vec<u8> {
    let mut product = Vec::with_capacity(digits.len() + 29);
    let mut carry = 0_u128;
    for digit in digits {
        let part = u128::from(*digit) * by.unsigned_abs() + carry;
        product.push((part % 10) as u8);
        carry = part / 10;
    }
    while carry > 0 {
        product.push((carry % 10) as u8);
        carry /= 10;
    }
    product
}

/// The sum, exactly and whatever the order.
pub fn sum(values: impl IntoIterator<Item = Decimal>) -> Result<Decimal, Overflow> {
    values.into_iter().try_fold(Decimal::ZERO, add)
}

fn rescaled(value: Decimal, scale: u32) -> Result<i128, Overflow> {
    let shift = 10_i128.checked_pow(scale - value.scale()).ok_or(Overflow)?;
    value.mantissa().checked_mul(shift).ok_or(Overflow)
}

fn exact(mut mantissa: i128, mut scale: u32) -> Result<Decimal, Overflow> {
    while scale > 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        scale -= 1;
    }
    Decimal::try_from_i128_with_scale(mantissa, scale).map_err(|_| Overflow)
}

/// Which way a half goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Half {
    /// Away from zero: 2.5 is 3, -2.5 is -3.
    Up,
    /// To the even neighbour: 2.5 is 2, 3.5 is 4.
    Even,
}

/// A rounding rule of a contract: how many digits after the point, and which way a half goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rounding {
    /// 0 to 12.
    pub digits: u32,
    pub half: Half,
}

impl Rounding {
    /// More digits than any contract rounds to.
    pub const MOST_DIGITS: u32 = 12;

    pub fn apply(self, value: Decimal) -> Decimal {
        let strategy = match self.half {
            Half::Up => RoundingStrategy::MidpointAwayFromZero,
            Half::Even => RoundingStrategy::MidpointNearestEven,
        };
        value.round_dp_with_strategy(self.digits, strategy)
    }
}

/// Reads `-12.50`: digits, at most one point, a minus. No exponent, no separators, at most 28 digits.
pub fn read(text: &str) -> Result<Decimal, String> {
    let plain = text.strip_prefix('-').unwrap_or(text);
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let shaped = match plain.split_once('.') {
        Some((whole, fraction)) => !whole.is_empty() && !fraction.is_empty() && digits(whole) && digits(fraction),
        None => !plain.is_empty() && digits(plain),
    };
    if !shaped {
        return Err(format!("`{text}` is not a valid decimal; expected 12, 12.5 or -0.25"));
    }
    Decimal::from_str_exact(text).map_err(|_| format!("`{text}` has more digits than can be kept exactly"))
}

/// A decimal in serialised data: always text, because a JSON number may pass through binary floating point.
pub mod text {
    use std::borrow::Cow;

    use rust_decimal::Decimal;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        super::read(&text).map_err(serde::de::Error::custom)
    }
}

/// The same for a decimal that may be absent.
pub mod optional_text {
    use std::borrow::Cow;

    use rust_decimal::Decimal;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(value: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
        let text = Option::<Cow<'_, str>>::deserialize(deserializer)?;
        text.map(|text| super::read(&text)).transpose().map_err(serde::de::Error::custom)
    }
}

/// A decimal of a test.
#[cfg(test)]
pub(crate) fn d(text: &str) -> Decimal {
    read(text).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_products_are_exact_or_refused() {
        assert_eq!(add(d("0.1"), d("0.2")), Ok(d("0.3")));
        assert_eq!(subtract(d("1"), d("1.000")), Ok(d("0")));
        assert_eq!(multiply(d("32.3"), d("0.85")), Ok(d("27.455")));
        // 27 nines and two decimals have 29 digits: the library alone would round the last one away.
        assert_eq!(add(d("999999999999999999999999999"), d("0.5")), Ok(d("999999999999999999999999999.5")));
        assert_eq!(add(d("999999999999999999999999999"), d("0.05")), Err(Overflow));
        assert_eq!(multiply(d("0.000000000000001"), d("0.00000000000001")), Err(Overflow));
        assert_eq!(add(Decimal::MAX, d("1")), Err(Overflow));
        assert_eq!(multiply(Decimal::MAX, Decimal::MAX), Err(Overflow));
        assert_eq!(sum([d("1.5"), d("2.25"), d("-0.75")]), Ok(d("3")));
    }

    #[test]
    fn a_product_is_exact_or_rounded_once_as_the_rule_says() {
        let even = |digits| Rounding { digits, half: Half::Even };
        let product = |factors: &[&str], rule| {
            let factors: Vec<Decimal> = factors.iter().map(|factor| d(factor)).collect();
            product(&factors, rule).map(|product| (product.value.to_string(), product.is_exact))
        };
        assert_eq!(product(&["28.2", "0.85", "250"], even(12)), Ok(("5992.5".into(), true)));
        // 1 / 3 to 28 digits, three times: 56 digits, of which the library alone would keep 28.
        let third = "0.3333333333333333333333333333";
        assert_eq!(product(&["28.2", third], even(12)), Ok(("9.4".into(), false)));
        assert_eq!(product(&[third, third], even(12)), Ok(("0.111111111111".into(), false)));
        // Half exactly: to the even neighbour.
        let long = "1600000000000000.0000000000001";
        assert_eq!(product(&["5", long], even(12)), Ok(("8000000000000000".into(), false)));
        assert_eq!(product(&["-15", long], even(12)), Ok(("-24000000000000000.000000000002".into(), false)));
        assert_eq!(product(&["79228162514264337593543950335", "10"], even(12)), Err(Overflow));
    }

    proptest::proptest! {
        /// Against division with a remainder, where 128 bits hold the whole product.
        #[test]
        fn products_agree_with_long_division(left in 0_u64..=u64::MAX, right in 0_u64..=u64::MAX, scale in 12_u32..=14) {
            let factors = [Decimal::from_i128_with_scale(left.into(), scale), Decimal::from_i128_with_scale(right.into(), scale)];
            let rule = Rounding { digits: 12, half: Half::Even };
            let found = product(&factors, rule).unwrap();
            let (whole, unit) = (u128::from(left) * u128::from(right), 10_u128.pow(2 * scale - 12));
            let (quotient, rest) = (whole / unit, whole % unit);
            let up = rest * 2 > unit || (rest * 2 == unit && quotient % 2 == 1);
            let expected = Decimal::from_i128_with_scale((quotient + u128::from(up)) as i128, 12);
            if !found.is_exact {
                proptest::prop_assert_eq!(found.value, expected.normalize());
            }
        }
    }

    #[test]
    fn halves_go_where_the_rule_says() {
        let up = Rounding { digits: 2, half: Half::Up };
        let even = Rounding { digits: 2, half: Half::Even };
        for (value, rounded_up, rounded_even) in [
            ("2.125", "2.13", "2.12"),
            ("2.135", "2.14", "2.14"),
            ("-2.125", "-2.13", "-2.12"),
            ("2.1249999", "2.12", "2.12"),
            ("2", "2", "2"),
        ] {
            assert_eq!(up.apply(d(value)), d(rounded_up), "{value}");
            assert_eq!(even.apply(d(value)), d(rounded_even), "{value}");
        }
    }

    #[test]
    fn decimals_are_read_from_text_only() {
        for text in ["", "-", ".5", "5.", "1e3", "1,000", "1_000", "+1", "0.1.2", "NaN", " 1"] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(read("0.00000000000000000000000000001").is_err());
        #[derive(Deserialize, Serialize, PartialEq, Debug)]
        struct Row {
            #[serde(with = "text")]
            value: Decimal,
            #[serde(with = "optional_text", default)]
            other: Option<Decimal>,
        }
        let row: Row = serde_json::from_str(r#"{"value": "0.1485"}"#).unwrap();
        assert_eq!(row, Row { value: d("0.1485"), other: None });
        assert_eq!(serde_json::to_string(&row).unwrap(), r#"{"value":"0.1485","other":null}"#);
        assert!(serde_json::from_str::<Row>(r#"{"value": 0.1485}"#).is_err());
    }
}
