//! Periods of statistics: a year, a quarter or a month, as one integer.
//!
//! `YYYY00` is the year, `YYYY01` to `YYYY12` its months, `YYYY21` to `YYYY24` its quarters. All periods of a year lie
//! together, and the frequency can be told from the number.

use std::fmt;

/// How often a figure is reported.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Frequency {
    Annual,
    Quarterly,
    Monthly,
}

impl Frequency {
    /// Preference when a question leaves it open.
    pub const ALL: [Self; 3] = [Self::Annual, Self::Quarterly, Self::Monthly];

    pub fn per_year(self) -> u32 {
        match self {
            Self::Annual => 1,
            Self::Quarterly => 4,
            Self::Monthly => 12,
        }
    }

    /// Months of one period.
    pub fn months(self) -> i32 {
        12 / self.per_year() as i32
    }
}

impl fmt::Display for Frequency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Annual => "annual",
            Self::Quarterly => "quarterly",
            Self::Monthly => "monthly",
        })
    }
}

const FIRST_YEAR: i32 = 1900;
const LAST_YEAR: i32 = 2199;

/// A year, quarter or month.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period(i32);

impl Period {
    pub fn year(year: i32) -> Option<Self> {
        (FIRST_YEAR..=LAST_YEAR).contains(&year).then_some(Self(year * 100))
    }

    pub fn quarter(year: i32, quarter: i32) -> Option<Self> {
        let year = Self::year(year)?;
        (1..=4).contains(&quarter).then_some(Self(year.0 + 20 + quarter))
    }

    pub fn month(year: i32, month: i32) -> Option<Self> {
        let year = Self::year(year)?;
        (1..=12).contains(&month).then_some(Self(year.0 + month))
    }

    pub fn from_number(number: i32) -> Option<Self> {
        match number % 100 {
            0 => Self::year(number / 100),
            month @ 1..=12 => Self::month(number / 100, month),
            quarter @ 21..=24 => Self::quarter(number / 100, quarter - 20),
            _ => None,
        }
    }

    /// Reads `2021`, `2021-03`, `202103`, `2021-Q1` or `2021Q1`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let year = text.get(..4)?;
        if !year.bytes().all(|character| character.is_ascii_digit()) {
            return None;
        }
        let year = year.parse().ok()?;
        let rest = text.get(4..)?;
        let rest = rest.strip_prefix('-').unwrap_or(rest);
        if rest.is_empty() {
            return if text.len() == 4 { Self::year(year) } else { None };
        }
        if let Some(quarter) = rest.strip_prefix(['Q', 'q']) {
            return Self::quarter(year, quarter.parse().ok()?);
        }
        if rest.len() != 2 {
            return None;
        }
        Self::month(year, rest.parse().ok()?)
    }

    pub fn number(self) -> i32 {
        self.0
    }

    pub fn calendar_year(self) -> i32 {
        self.0 / 100
    }

    pub fn frequency(self) -> Frequency {
        match self.0 % 100 {
            0 => Frequency::Annual,
            1..=12 => Frequency::Monthly,
            _ => Frequency::Quarterly,
        }
    }

    /// First and last month, counted from year 0: what makes periods of different length comparable.
    pub fn months(self) -> (i32, i32) {
        let january = self.calendar_year() * 12;
        match self.0 % 100 {
            0 => (january, january + 11),
            month @ 1..=12 => (january + month - 1, january + month - 1),
            quarter => (january + (quarter - 21) * 3, january + (quarter - 21) * 3 + 2),
        }
    }

    /// The how manieth period of its frequency it is, counted from year 0.
    pub fn ordinal(self) -> i32 {
        self.months().0.div_euclid(self.frequency().months())
    }

    pub fn of_ordinal(frequency: Frequency, ordinal: i32) -> Option<Self> {
        let per_year = frequency.per_year() as i32;
        let (year, place) = (ordinal.div_euclid(per_year), ordinal.rem_euclid(per_year) + 1);
        match frequency {
            Frequency::Annual => Self::year(year),
            Frequency::Quarterly => Self::quarter(year, place),
            Frequency::Monthly => Self::month(year, place),
        }
    }

    /// The period that lies so many of its kind later, or earlier.
    pub fn shifted(self, by: i32) -> Option<Self> {
        Self::of_ordinal(self.frequency(), self.ordinal().checked_add(by)?)
    }

    /// The same period of the year before.
    pub fn year_before(self) -> Option<Self> {
        self.shifted(-(self.frequency().per_year() as i32))
    }

    /// The period of that kind in which a month lies, counted from year 0.
    pub fn of_month(month: i32, frequency: Frequency) -> Option<Self> {
        Self::of_ordinal(frequency, month.div_euclid(frequency.months()))
    }

    /// The longer period that this one lies in; `None` when it is longer itself.
    pub fn within(self, frequency: Frequency) -> Option<Self> {
        match (frequency, self.0 % 100) {
            (Frequency::Annual, _) => Self::year(self.calendar_year()),
            (Frequency::Quarterly, month @ 1..=12) => Self::quarter(self.calendar_year(), (month + 2) / 3),
            (Frequency::Quarterly, 21..) => Some(self),
            (Frequency::Monthly, 1..=12) => Some(self),
            _ => None,
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.calendar_year();
        match self.0 % 100 {
            0 => write!(formatter, "{year}"),
            month @ 1..=12 => write!(formatter, "{year}-{month:02}"),
            quarter => write!(formatter, "{year}-Q{}", quarter - 20),
        }
    }
}

impl fmt::Debug for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")
    }
}

/// First and last of each unbroken run of numbers in order.
pub fn runs(numbers: impl IntoIterator<Item = i32>) -> Vec<(i32, i32)> {
    let mut runs: Vec<(i32, i32)> = Vec::new();
    for number in numbers {
        match runs.last_mut().filter(|(_, last)| *last + 1 == number) {
            Some((_, last)) => *last = number,
            None => runs.push((number, number)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_go_on_over_the_turn_of_the_year() {
        let shifted = |text: &str, by| Period::parse(text).unwrap().shifted(by).unwrap().to_string();
        assert_eq!(shifted("2021", -1), "2020");
        assert_eq!(shifted("2021-01", -1), "2020-12");
        assert_eq!(shifted("2021-11", 14), "2023-01");
        assert_eq!(shifted("2021-Q1", -1), "2020-Q4");
        assert_eq!(shifted("2021-Q4", 1), "2022-Q1");
        assert_eq!(Period::year(1900).unwrap().shifted(-1), None);
        assert_eq!(Period::parse("2021-03").unwrap().year_before(), Period::parse("2020-03"));
        assert_eq!(Period::of_month(2021 * 12 + 4, Frequency::Quarterly), Period::parse("2021-Q2"));
    }

    #[test]
    fn periods_of_a_frequency_are_counted() {
        for text in ["2021", "2021-Q1", "2021-Q4", "2021-01", "2021-12"] {
            let period = Period::parse(text).unwrap();
            assert_eq!(Period::of_ordinal(period.frequency(), period.ordinal()), Some(period), "{text}");
        }
        let first = Period::parse("2021-Q4").unwrap().ordinal();
        assert_eq!(Period::of_ordinal(Frequency::Quarterly, first + 1), Period::parse("2022-Q1"));
        assert_eq!(runs([3, 4, 5, 7, 9, 10]), [(3, 5), (7, 7), (9, 10)]);
    }

    #[test]
    fn every_form_is_read_and_nonsense_is_not() {
        for (text, shown) in [
            ("2021", "2021"),
            ("202103", "2021-03"),
            ("2021-03", "2021-03"),
            ("2021-Q2", "2021-Q2"),
            ("2021q4", "2021-Q4"),
        ] {
            assert_eq!(Period::parse(text).unwrap().to_string(), shown);
        }
        for text in ["201313", "2021-", "21", "2021-Q5", "2021-00", "+021", "20210301", "1066", "２０２１"] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }

    #[test]
    fn months_lie_in_quarters_and_years() {
        let march = Period::parse("2021-03").unwrap();
        assert_eq!(march.within(Frequency::Quarterly), Period::parse("2021-Q1"));
        assert_eq!(march.within(Frequency::Annual), Period::parse("2021"));
        assert_eq!(Period::parse("2021").unwrap().within(Frequency::Monthly), None);
        assert_eq!(Period::parse("2021-Q4").unwrap().months(), (2021 * 12 + 9, 2021 * 12 + 11));
    }
}
