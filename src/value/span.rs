//! Dates with their precision: the days that a date may mean.
//!
//! Lists write "1968", "circa 1968", "Mar 1968", "between 1965 and 1968". Stored and shown as EDTF (ISO 8601-2):
//! `1968`, `1968~`, `1968-03`, `1965/1968`.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// First and last day that are meant; the same for an exact day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Span {
    pub first: Date,
    pub last: Date,
    /// The source says "about".
    pub circa: bool,
}

impl Default for Span {
    fn default() -> Self {
        Self::day(Date::ZERO)
    }
}

impl Span {
    pub fn day(day: Date) -> Self {
        Self { first: day, last: day, circa: false }
    }

    /// A day that must exist: `None` for 31 February.
    pub fn of_day(year: i16, month: i8, day: i8) -> Option<Self> {
        Date::new(year, month, day).ok().map(Self::day)
    }

    pub fn of_month(year: i16, month: i8) -> Option<Self> {
        let first = Date::new(year, month, 1).ok()?;
        Some(Self { first, last: first.last_of_month(), circa: false })
    }

    pub fn of_year(year: i16) -> Option<Self> {
        let first = Date::new(year, 1, 1).ok().filter(|_| (1..=9999).contains(&year))?;
        Some(Self { first, last: first.last_of_year(), circa: false })
    }

    /// From the first day of one to the last day of the other; `None` when they are the wrong way round.
    pub fn between(from: Self, to: Self) -> Option<Self> {
        (from.first <= to.last).then_some(Self { first: from.first, last: to.last, circa: from.circa || to.circa })
    }

    #[must_use]
    pub fn circa(mut self) -> Self {
        self.circa = true;
        self
    }

    pub fn is_exact(self) -> bool {
        self.first == self.last && !self.circa
    }

    fn single(text: &str) -> Option<Self> {
        let (text, circa) = text.strip_suffix('~').map_or((text, false), |text| (text, true));
        let mut parts = text.split('-');
        let year: i16 = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
        let number = |part: &str| part.parse::<i8>().ok().filter(|_| part.len() == 2);
        let span = match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => Self::of_year(year),
            (Some(month), None, _) => Self::of_month(year, number(month)?),
            (Some(month), Some(day), None) => Self::of_day(year, number(month)?, number(day)?),
            _ => None,
        };
        span.map(|span| if circa { span.circa() } else { span })
    }
}

impl FromStr for Span {
    type Err = String;

    /// Reads EDTF: a year, month or day, `~` behind it for "about", or two of them divided by `/`.
    fn from_str(text: &str) -> Result<Self, String> {
        let span = match text.split_once('/') {
            Some((from, to)) => Self::single(from).zip(Self::single(to)).and_then(|(from, to)| Self::between(from, to)),
            None => Self::single(text),
        };
        span.ok_or_else(|| {
            format!("`{text}` is not a valid date; expected 1968-03-05, 1968-03, 1968, 1968~ or 1965/1968")
        })
    }
}

impl fmt::Display for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { first, last, circa } = *self;
        let about = if circa { "~" } else { "" };
        if first == last {
            return write!(formatter, "{first}{about}");
        }
        let same_year = first.year() == last.year();
        if same_year && first == first.first_of_year() && last == last.last_of_year() {
            return write!(formatter, "{:04}{about}", first.year());
        }
        if same_year && first.month() == last.month() && first.day() == 1 && last == last.last_of_month() {
            return write!(formatter, "{:04}-{:02}{about}", first.year(), first.month());
        }
        if first == first.first_of_year() && last == last.last_of_year() {
            return write!(formatter, "{:04}{about}/{:04}{about}", first.year(), last.year());
        }
        write!(formatter, "{first}{about}/{last}{about}")
    }
}

impl Serialize for Span {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_precision_survives_its_text() {
        for text in ["1968", "1968~", "1968-03", "1968-03-05", "1968-03-05~", "1965/1968", "1965-02-01/1968-03-05"] {
            assert_eq!(text.parse::<Span>().unwrap().to_string(), text);
        }
        assert_eq!("1968".parse::<Span>().unwrap().last.to_string(), "1968-12-31");
        assert_eq!("1968-02".parse::<Span>().unwrap().last.to_string(), "1968-02-29");
        for text in ["1968-02-30", "1968-13", "68", "1968/1965", "", "1968-1-1", "1968-03-05-07"] {
            assert!(text.parse::<Span>().is_err(), "{text}");
        }
    }
}
