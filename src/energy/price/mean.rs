//! The value of an index for a period, and whether it is final.
//!
//! Contracts take "the arithmetic average of the published quotations" of a month. Whether all of them are there cannot
//! be told from the values alone: exchanges close on days that differ by country. So the number of days stands beside
//! each mean, and a mean is provisional where the period had not ended when its values were published, or where more is
//! missing than holidays explain. It is never left out for that, and never passed off as final.

use std::fmt;

use jiff::Span;
use jiff::civil::{Date, Weekday};
use rust_decimal::Decimal;

use super::frequency::{Frequency, first_day, last_day};
use super::number::Number;
use crate::value::{Month, decimal};

/// Weekdays without a quotation that holidays explain. From 1997 to 2024 the Henry Hub spot price lacks at most 3
/// weekdays of a month, but for January 1997, when it begins, and the two months of hurricane Rita (4 and 7).
const HOLIDAYS_MAX: u32 = 4;
/// Weekdays before the first quotation of all that the New Year explains.
const HOLIDAYS_AT_THE_BEGINNING: u32 = 2;
/// Days between two weekly values, where a holiday moved one of them.
const WEEK_MOVED: i32 = 10;

/// The value of a period.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mean {
    /// What the source publishes for the period; else the mean, to 28 significant digits.
    pub value: Decimal,
    /// The same before it was rounded, where a fraction holds it.
    pub exact: Number,
    /// How many values of days or weeks it is the mean of; `None` where the source publishes the period's own.
    pub observed: Option<u32>,
    /// Monday to Friday in the month of a daily index.
    pub weekdays: Option<u32>,
    /// Why it may change still. `None`: it is final.
    pub provisional: Option<Provisional>,
}

/// Why a value may change still, or stands on a part of its period.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Provisional {
    /// It was published on `published`, and the period ends on `ends`.
    NotEnded {
        ends: Date,
        published: Date,
    },
    /// The index has no value after this day.
    LastValue(Date),
    /// The index has no value before this day.
    FirstValue(Date),
    Weekdays {
        observed: u32,
        weekdays: u32,
    },
    /// No weekly value between these two days.
    Weeks {
        after: Date,
        before: Date,
    },
}

impl fmt::Display for Provisional {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotEnded { ends, published } => {
                write!(formatter, "ends on {ends}, and its values were published on {published}")
            }
            Self::LastValue(day) => write!(formatter, "is observed until {day} only, the last day that there is"),
            Self::FirstValue(day) => write!(formatter, "is observed from {day} only, the first day that there is"),
            Self::Weekdays { observed, weekdays } => {
                write!(formatter, "is observed on {observed} of its {weekdays} weekdays")
            }
            Self::Weeks { after, before } => write!(formatter, "has no weekly value between {after} and {before}"),
        }
    }
}

/// A month of a daily or weekly index: its days in order, and the index's neighbouring ones.
pub struct MonthOfDays<'a> {
    pub month: Month,
    pub days: &'a [(Date, Decimal)],
    /// The day before the first and after the last of this month on which the index has a value.
    pub before: Option<Date>,
    pub after: Option<Date>,
}

impl MonthOfDays<'_> {
    /// The mean of at least one value; `None` when the sum has too many digits.
    pub fn mean(&self, frequency: Frequency) -> Option<Mean> {
        let observed = u32::try_from(self.days.len()).ok()?;
        let total = decimal::sum(self.days.iter().map(|(_, value)| *value)).ok()?;
        let exact = Number::from(total).over(Number::from(Decimal::from(observed))).ok()?;
        let value = exact.decimal().ok()?;
        let (weekdays, provisional) = match frequency {
            Frequency::Weekly => (None, self.lacks_weeks()),
            _ => {
                let weekdays = weekdays(first_day(self.month), last_day(self.month, 1));
                (Some(weekdays), self.lacks_days(observed, weekdays))
            }
        };
        Some(Mean { value, exact, observed: Some(observed), weekdays, provisional })
    }

    fn ends(&self) -> Option<(Date, Date)> {
        self.days.first().zip(self.days.last()).map(|(first, last)| (first.0, last.0))
    }

    fn lacks_days(&self, observed: u32, all: u32) -> Option<Provisional> {
        let (first, last) = self.ends()?;
        // Quotations of a Saturday count as days observed, and stand for no weekday.
        let on_weekdays = self.days.iter().filter(|(day, _)| is_weekday(*day)).count();
        if all.saturating_sub(u32::try_from(on_weekdays).ok()?) > HOLIDAYS_MAX {
            return Some(Provisional::Weekdays { observed, weekdays: all });
        }
        if self.after.is_none() && weekdays(last.tomorrow().ok()?, last_day(self.month, 1)) > 0 {
            return Some(Provisional::LastValue(last));
        }
        let before = weekdays(first_day(self.month), first).saturating_sub(u32::from(is_weekday(first)));
        (self.before.is_none() && before > HOLIDAYS_AT_THE_BEGINNING).then_some(Provisional::FirstValue(first))
    }

    fn lacks_weeks(&self) -> Option<Provisional> {
        let (first, last) = self.ends()?;
        let days = self.before.into_iter().chain(self.days.iter().map(|(day, _)| *day)).chain(self.after);
        let days: Vec<Date> = days.collect();
        let gap = days.windows(2).find(|pair| days_between(pair[0], pair[1]) > WEEK_MOVED);
        if let Some(pair) = gap {
            return Some(Provisional::Weeks { after: pair[0], before: pair[1] });
        }
        if self.after.is_none() && days_between(last, last_day(self.month, 1)) >= 7 {
            return Some(Provisional::LastValue(last));
        }
        let is_late = self.before.is_none() && days_between(first_day(self.month), first) >= 7;
        is_late.then_some(Provisional::FirstValue(first))
    }
}

impl Mean {
    /// The value that the source itself publishes for a month, quarter or year.
    pub fn published(value: Decimal) -> Self {
        let value = value.normalize();
        Self { value, exact: Number::from(value), observed: None, weekdays: None, provisional: None }
    }

    /// The same as known by values that were published on this day.
    #[must_use]
    pub fn known_on(self, published: Date, first: Month, months: u8) -> Self {
        let ends = last_day(first, months);
        if published > ends {
            return self;
        }
        Self { provisional: Some(Provisional::NotEnded { ends, published }), ..self }
    }
}

fn is_weekday(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Monday to Friday from one day to another, both included.
fn weekdays(from: Date, to: Date) -> u32 {
    let count = from.series(Span::new().days(1)).take_while(|day| *day <= to).filter(|day| is_weekday(*day)).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// From one day to a later one.
pub fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::decimal::d;
    use crate::value::m;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// The mean of days that are all worth the same.
    fn of_days(frequency: Frequency, days: &[&str], before: Option<&str>, after: Option<&str>) -> Mean {
        let days: Vec<(Date, Decimal)> = days.iter().map(|text| (day(text), d("6"))).collect();
        let month = super::super::frequency::month_of(days[0].0).unwrap();
        MonthOfDays { month, days: &days, before: before.map(day), after: after.map(day) }.mean(frequency).unwrap()
    }

    fn weekdays_of(month: &str) -> Vec<String> {
        let days = (1..=31).filter_map(|number| format!("{month}-{number:02}").parse::<Date>().ok());
        days.filter(|day| is_weekday(*day)).map(|day| day.to_string()).collect()
    }

    fn why(mean: Mean) -> String {
        mean.provisional.map(|why| why.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_month_of_few_days_is_provisional() {
        let two = of_days(Frequency::Daily, &["2021-04-06", "2021-04-27"], Some("2021-03-31"), Some("2021-05-03"));
        assert_eq!((two.observed, two.weekdays), (Some(2), Some(22)));
        assert_eq!(why(two), "is observed on 2 of its 22 weekdays");
        let all = weekdays_of("2021-04");
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let whole = |days: &[&str]| of_days(Frequency::Daily, days, Some("2021-03-31"), Some("2021-05-03"));
        assert_eq!(why(whole(&all)), "");
        // Four holidays are as many as there may be.
        assert_eq!(why(whole(&all[4..])), "");
        assert_eq!(why(whole(&all[5..])), "is observed on 17 of its 22 weekdays");
    }

    #[test]
    fn where_the_values_begin_and_end_a_month_is_provisional() {
        let all = weekdays_of("2021-04");
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let ending = of_days(Frequency::Daily, &all[..21], Some("2021-03-31"), None);
        assert_eq!(why(ending), "is observed until 2021-04-29 only, the last day that there is");
        assert_eq!(why(of_days(Frequency::Daily, &all, Some("2021-03-31"), None)), "");
        let beginning = of_days(Frequency::Daily, &all[3..], None, Some("2021-05-03"));
        assert_eq!(why(beginning), "is observed from 2021-04-06 only, the first day that there is");
        assert_eq!(why(of_days(Frequency::Daily, &all[2..], None, Some("2021-05-03"))), "");
    }

    #[test]
    fn a_month_of_weeks_lacks_none() {
        let fridays = ["2021-04-02", "2021-04-09", "2021-04-16", "2021-04-23", "2021-04-30"];
        let of = |days: &[&str], before, after| why(of_days(Frequency::Weekly, days, before, after));
        assert_eq!(of(&fridays, Some("2021-03-26"), Some("2021-05-07")), "");
        assert_eq!(of(&fridays, None, None), "");
        assert_eq!(
            of(&[fridays[0], fridays[1], fridays[4]], Some("2021-03-26"), None),
            "has no weekly value between 2021-04-09 and 2021-04-30"
        );
        assert_eq!(
            of(&fridays[..4], Some("2021-03-26"), None),
            "is observed until 2021-04-23 only, the last day that there is"
        );
        assert_eq!(of(&fridays[1..], None, None), "is observed from 2021-04-09 only, the first day that there is");
        // A Thursday for a Friday.
        assert_eq!(
            of(&["2021-04-01", "2021-04-09", "2021-04-16", "2021-04-23"], Some("2021-03-26"), Some("2021-04-30")),
            ""
        );
    }

    #[test]
    fn a_period_that_has_not_ended_is_provisional() {
        let mean = Mean::published(d("5.0"));
        assert_eq!((mean.value.to_string().as_str(), mean.observed), ("5", None));
        let known = |published| why(mean.known_on(day(published), m("2021-01"), 12));
        assert_eq!(known("2021-12-31"), "ends on 2021-12-31, and its values were published on 2021-12-31");
        assert_eq!(known("2022-01-01"), "");
    }
}
