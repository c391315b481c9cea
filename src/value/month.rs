//! Calendar months: what indexes are published for and prices are valid in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A month of the years 1 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Month {
    year: i16,
    /// 1 to 12.
    month: u8,
}

impl Month {
    /// `None` when there is no such month.
    pub fn new(year: i16, month: u8) -> Option<Self> {
        ((1..=9999).contains(&year) && (1..=12).contains(&month)).then_some(Self { year, month })
    }

    pub fn year(self) -> i16 {
        self.year
    }

    /// 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// Months since January of the year 0.
    pub fn ordinal(self) -> i32 {
        i32::from(self.year) * 12 + i32::from(self.month) - 1
    }

    pub fn of_ordinal(ordinal: i32) -> Option<Self> {
        let year = i16::try_from(ordinal.div_euclid(12)).ok()?;
        let month = u8::try_from(ordinal.rem_euclid(12) + 1).ok()?;
        Self::new(year, month)
    }

    /// So many months later, or earlier when negative; `None` beyond the years 1 to 9999.
    pub fn plus(self, months: i32) -> Option<Self> {
        Self::of_ordinal(self.ordinal().checked_add(months)?)
    }

    /// From this month to the last one, both included; nothing when the last is earlier.
    pub fn through(self, last: Self) -> impl Iterator<Item = Self> {
        (self.ordinal()..=last.ordinal()).filter_map(Self::of_ordinal)
    }
}

impl FromStr for Month {
    type Err = String;

    /// Reads `2025-01`.
    fn from_str(text: &str) -> Result<Self, String> {
        let digits = |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        text.split_once('-')
            .filter(|(year, month)| digits(year, 4) && digits(month, 2))
            .and_then(|(year, month)| Self::new(year.parse().ok()?, month.parse().ok()?))
            .ok_or_else(|| format!("`{text}` is not a valid month; expected one such as 2025-01"))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}", self.year, self.month)
    }
}

impl Serialize for Month {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A month of a test.
#[cfg(test)]
pub(crate) fn m(text: &str) -> Month {
    text.parse().unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_count_across_years() {
        assert_eq!(m("2025-01").plus(-9), Some(m("2024-04")));
        assert_eq!(m("2024-12").plus(1), Some(m("2025-01")));
        assert_eq!(m("0001-01").plus(-1), None);
        assert_eq!(m("9999-12").plus(1), None);
        assert_eq!(m("2024-11").through(m("2025-02")).count(), 4);
        assert_eq!(m("2025-02").through(m("2024-11")).count(), 0);
        assert_eq!(m("2025-01").to_string(), "2025-01");
        for text in ["2025-13", "2025-00", "2025-1", "25-01", "0000-01", "2025-01-01", "-001-01", "2025-+1", ""] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }
}
