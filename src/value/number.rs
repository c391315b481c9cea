//! Decimal text to scaled integers, exactly: no value passes through binary floating point.

/// Why a text is not a number that we take.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Problem {
    #[error("is not a number")]
    NotANumber,
    #[error("is negative")]
    Negative,
    #[error("has more decimals than are kept exactly")]
    TooPrecise,
    #[error("is too large")]
    TooLarge,
}

/// What to do with digits beyond the scale.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Excess {
    Refuse,
    /// Round half to even, for sources whose digits beyond the scale are noise of their own arithmetic.
    Round,
}

/// A number times 10^scale.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Scaled {
    pub value: i64,
    pub rounded: bool,
}

/// Reads plain or exponent notation, padded or not. Empty text and `NA` are unknown.
pub fn parse(text: &[u8], scale: i32, excess: Excess) -> Result<Option<Scaled>, Problem> {
    let text = text.trim_ascii();
    if matches!(text, b"" | b"NA" | b"N/A" | b"null" | b"NaN") {
        return Ok(None);
    }
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };

    let mut mantissa: u128 = 0;
    let mut decimals: i32 = 0;
    let mut seen_point = false;
    let mut seen_digit = false;
    let mut exponent: i32 = 0;
    for (index, character) in digits.iter().enumerate() {
        match character {
            b'0'..=b'9' => {
                seen_digit = true;
                mantissa = mantissa
                    .checked_mul(10)
                    .and_then(|shifted| shifted.checked_add(u128::from(character - b'0')))
                    .ok_or(Problem::TooLarge)?;
                decimals += i32::from(seen_point);
            }
            b'.' if !seen_point => seen_point = true,
            b'e' | b'E' if seen_digit => {
                let rest = std::str::from_utf8(&digits[index + 1..]).map_err(|_| Problem::NotANumber)?;
                exponent = rest.parse().map_err(|_| Problem::NotANumber)?;
                break;
            }
            _ => return Err(Problem::NotANumber),
        }
    }
    if !seen_digit {
        return Err(Problem::NotANumber);
    }
    if negative && mantissa != 0 {
        return Err(Problem::Negative);
    }

    let shift = scale.saturating_add(exponent).saturating_sub(decimals);
    let (value, rounded) = shifted(mantissa, shift)?;
    if rounded && excess == Excess::Refuse {
        return Err(Problem::TooPrecise);
    }
    let value = i64::try_from(value).map_err(|_| Problem::TooLarge)?;
    Ok(Some(Scaled { value, rounded }))
}

/// `mantissa` · 10^`shift`, rounded half to even, and whether anything was lost.
fn shifted(mantissa: u128, shift: i32) -> Result<(u128, bool), Problem> {
    if mantissa == 0 {
        return Ok((0, false));
    }
    if shift >= 0 {
        let factor = 10_u128.checked_pow(shift as u32).ok_or(Problem::TooLarge)?;
        return mantissa.checked_mul(factor).map(|value| (value, false)).ok_or(Problem::TooLarge);
    }
    let Some(divisor) = 10_u128.checked_pow(shift.unsigned_abs()) else {
        return Ok((0, true));
    };
    let (quotient, remainder) = (mantissa / divisor, mantissa % divisor);
    let half = divisor / 2;
    let up = remainder > half || (remainder == half && quotient % 2 == 1);
    Ok((quotient + u128::from(up), remainder != 0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn exact(text: &str) -> Result<Option<i64>, Problem> {
        parse(text.as_bytes(), 3, Excess::Refuse).map(|number| number.map(|scaled| scaled.value))
    }

    #[test]
    fn published_forms() {
        for (text, expected) in [
            ("2435.85", Some(2_435_850)),
            ("       13.235", Some(13_235)),
            ("           NA", None),
            ("", None),
            ("950.0", Some(950_000)),
            ("1.0E7", Some(10_000_000_000)),
            ("2.43585e3", Some(2_435_850)),
            ("0.0", Some(0)),
            ("-0.0", Some(0)),
            ("12.3450000000", Some(12_345)),
            (".5", Some(500)),
        ] {
            assert_eq!(exact(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_refused() {
        for (text, problem) in [
            ("1.123456789012", Problem::TooPrecise),
            ("-1", Problem::Negative),
            ("1,000", Problem::NotANumber),
            ("12a", Problem::NotANumber),
            (".", Problem::NotANumber),
            ("1e", Problem::NotANumber),
            ("1.2.3", Problem::NotANumber),
            ("9223372036854775807", Problem::TooLarge),
            ("1e400", Problem::TooLarge),
        ] {
            assert_eq!(exact(text), Err(problem), "{text}");
        }
    }

    #[test]
    fn rounds_half_to_even_when_asked() {
        for (text, expected) in [("119833.5792666533", 119_833_579_266_653), ("0.0000000005", 0), ("0.0000000015", 2)] {
            let number = parse(text.as_bytes(), 9, Excess::Round).unwrap().unwrap();
            assert_eq!((number.value, number.rounded), (expected, true), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_thousandth_survives(value in 0_i64..i64::MAX / 2) {
            let text = format!("{}.{:03}", value / 1000, value % 1000);
            prop_assert_eq!(exact(&text), Ok(Some(value)));
        }
    }
}
