//! How often an index is published, and for which part of the calendar one of its values stands.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::value::Month;

/// How often an index is published.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Quarterly,
    Yearly,
}

impl Frequency {
    pub const ALL: [Self; 5] = [Self::Daily, Self::Weekly, Self::Monthly, Self::Quarterly, Self::Yearly];

    /// `monthly`, `daily`: as stored and shown.
    pub fn text(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
            Self::Yearly => "yearly",
        }
    }

    /// As people and publishers write it: `weekly`, `week`, `W`; `annual`.
    pub fn read(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "daily" | "day" | "days" | "d" => Some(Self::Daily),
            "weekly" | "week" | "weeks" | "w" => Some(Self::Weekly),
            "monthly" | "month" | "months" | "m" => Some(Self::Monthly),
            "quarterly" | "quarter" | "quarters" | "q" => Some(Self::Quarterly),
            "yearly" | "year" | "years" | "annual" | "annually" | "y" | "a" => Some(Self::Yearly),
            _ => None,
        }
    }

    /// How many months one value stands for. Values of days and weeks make the value of one month.
    pub fn months(self) -> u8 {
        match self {
            Self::Daily | Self::Weekly | Self::Monthly => 1,
            Self::Quarterly => 3,
            Self::Yearly => 12,
        }
    }

    /// The first month of the period that a month lies in: January of its year for a yearly index.
    pub fn period(self, month: Month) -> Month {
        let into = month.ordinal().rem_euclid(i32::from(self.months()));
        month.plus(-into).unwrap_or(month)
    }

    /// A period as it is shown, by its first month: `2024-01`, `2024-Q1`, `2024`.
    pub fn period_text(self, first: Month) -> String {
        match self {
            Self::Daily | Self::Weekly | Self::Monthly => first.to_string(),
            Self::Quarterly => format!("{:04}-Q{}", first.year(), (first.month() - 1) / 3 + 1),
            Self::Yearly => format!("{:04}", first.year()),
        }
    }
}

/// The month of a day; `None` outside the years 1 to 9999.
pub fn month_of(day: Date) -> Option<Month> {
    Month::new(day.year(), u8::try_from(day.month()).ok()?)
}

/// The first day of a month.
pub fn first_day(month: Month) -> Date {
    // A month of the years 1 to 9999 has a first day.
    i8::try_from(month.month()).ok().and_then(|number| Date::new(month.year(), number, 1).ok()).unwrap_or_default()
}

/// The last day of so many months that begin with this one.
pub fn last_day(first: Month, months: u8) -> Date {
    first.plus(i32::from(months) - 1).map_or(Date::MAX, |last| first_day(last).last_of_month())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::m;

    #[test]
    fn periods_are_named_by_their_length() {
        for (frequency, first, text) in [
            (Frequency::Daily, "2024-08", "2024-08"),
            (Frequency::Monthly, "2024-08", "2024-08"),
            (Frequency::Quarterly, "2024-07", "2024-Q3"),
            (Frequency::Yearly, "2024-01", "2024"),
        ] {
            assert_eq!(frequency.period(m("2024-08")), m(first), "{text}");
            assert_eq!(frequency.period_text(m(first)), text);
        }
        assert_eq!(last_day(m("2024-01"), 3), "2024-03-31".parse().unwrap());
        assert_eq!(last_day(m("2024-02"), 1), "2024-02-29".parse().unwrap());
    }

    #[test]
    fn frequencies_read_as_people_write_them() {
        for frequency in Frequency::ALL {
            assert_eq!(Frequency::read(frequency.text()), Some(frequency));
            assert_eq!(serde_json::to_string(&frequency).unwrap(), format!("\"{}\"", frequency.text()));
        }
        assert_eq!(Frequency::read("Annual"), Some(Frequency::Yearly));
        assert_eq!(Frequency::read("fortnightly"), None);
    }
}
