//! The length of a term, where a contract says it and no end: `20 years`.

use std::str::FromStr;

use jiff::civil::Date;

/// Longer terms are taken for an error of typing.
const MOST_MONTHS: i32 = 99 * 12;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Length {
    months: i32,
}

impl Length {
    /// The last day of a term that begins on a day; `None` outside the calendar.
    pub fn last_day(self, start: Date) -> Option<Date> {
        start.checked_add(jiff::Span::new().months(self.months)).and_then(Date::yesterday).ok()
    }
}

impl FromStr for Length {
    type Err = String;

    /// `20 years`, `18 months`, `15 years 6 months`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "is not a valid length of a term; expected 20 years, 18 months or 15 years 6 months".to_owned();
        let words: Vec<&str> = text.split_whitespace().collect();
        let mut months = 0;
        for pair in words.chunks(2) {
            let [number, unit] = pair else { return Err(wrong()) };
            let number = number.parse::<i32>().ok().filter(|number| (1..=MOST_MONTHS).contains(number));
            months += match *unit {
                "year" | "years" => number.ok_or_else(wrong)? * 12,
                "month" | "months" => number.ok_or_else(wrong)?,
                _ => return Err(wrong()),
            };
        }
        if (1..=MOST_MONTHS).contains(&months) { Ok(Self { months }) } else { Err(wrong()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_ends_on_the_day_before_its_anniversary() {
        let end = |length: &str, start: &str| {
            length.parse::<Length>().unwrap().last_day(start.parse().unwrap()).unwrap().to_string()
        };
        assert_eq!(end("20 years", "2018-07-01"), "2038-06-30");
        assert_eq!(end("15 years 6 months", "2019-10-15"), "2035-04-14");
        assert_eq!(end("1 year", "2024-02-29"), "2025-02-27");
        for text in ["", "20", "20 yrs", "twenty years", "0 years", "100 years", "5 years 3", "-1 years"] {
            assert!(text.parse::<Length>().is_err(), "{text}");
        }
    }
}
