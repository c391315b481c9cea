//! When a measure holds. Each measure has its own days, and a subject is in force while one of its measures is.
//!
//! Days are as the lists write them, some to the month or year only: between the first and the last day that may be
//! meant, whether the measure holds is not known, which is never taken for a no. On the day of its end a measure no
//! longer holds.

use jiff::civil::Date;

use super::model::{Measure, Subject};
use crate::value::Span;

/// Whether something holds on a day. Later is stronger.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Standing {
    NotInForce,
    /// The days that the list gives do not tell.
    Perhaps,
    InForce,
}

/// The days of a measure.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Days {
    /// First day; absent: for as long as is known.
    pub from: Option<Span>,
    /// From this day on it no longer holds; absent: no end is known.
    pub until: Option<Span>,
}

impl Days {
    pub fn standing(self, day: Date) -> Standing {
        if self.from.is_some_and(|from| day < from.first) {
            return Standing::NotInForce;
        }
        if self.ends_before_it_begins() {
            // One of the two days is wrong, and which is not known.
            return Standing::Perhaps;
        }
        if self.until.is_some_and(|until| until.last <= day) {
            return Standing::NotInForce;
        }
        let begins_later = self.from.is_some_and(|from| day < from.last);
        let may_have_ended = self.until.is_some_and(|until| until.first <= day);
        if begins_later || may_have_ended { Standing::Perhaps } else { Standing::InForce }
    }

    fn ends_before_it_begins(self) -> bool {
        self.from.zip(self.until).is_some_and(|(from, until)| until.last <= from.first)
    }

    /// First day on which it may hold, and the day from which on it surely does not.
    fn bounds(self) -> (Option<Date>, Option<Date>) {
        let until = self.until.filter(|_| !self.ends_before_it_begins());
        (self.from.map(|from| from.first), until.map(|until| until.last))
    }
}

impl Measure {
    pub fn days(&self) -> Days {
        Days { from: self.from, until: self.until }
    }
}

/// A time in which none of a subject's measures holds: from its first day until before the day of its end. Absent: without
/// bound.
pub type Gap = (Option<Date>, Option<Date>);

impl Subject {
    /// Whether one of the measures holds on the day. One whose measures the list does not name is taken for in force.
    pub fn standing(&self, day: Date) -> Standing {
        let strongest = self.measures.iter().map(|measure| measure.days().standing(day)).max();
        strongest.unwrap_or(Standing::InForce)
    }

    /// Whether it may be listed and under a measure on the day, of a day on which its list has it.
    pub fn may_be_in_force(&self, day: Date) -> bool {
        !self.is_delisted(day) && self.standing(day) != Standing::NotInForce
    }

    /// Times in which certainly no measure holds, in their order.
    pub fn gaps(&self) -> Vec<Gap> {
        let mut bounds: Vec<_> = self.measures.iter().map(|measure| measure.days().bounds()).collect();
        // Without a first day sorts before any.
        bounds.sort_unstable();
        let Some((first, _)) = bounds.first().copied() else { return Vec::new() };
        let mut gaps = Vec::new();
        if first.is_some() {
            gaps.push((None, first));
        }
        // Until when all so far have ended.
        let mut ended: Option<Date> = first;
        for (from, until) in bounds {
            if ended < from {
                gaps.push((ended, from));
            }
            let Some(until) = until else { return gaps };
            ended = ended.max(Some(until));
        }
        gaps.push((ended, None));
        gaps
    }

    /// The last day of an end, where all measures have ended by the day.
    pub fn last_end(&self, day: Date) -> Option<Span> {
        let has_ended = self.standing(day) == Standing::NotInForce
            && self.measures.iter().all(|measure| measure.until.is_some_and(|until| until.last <= day));
        if has_ended { self.measures.iter().filter_map(|measure| measure.until).max() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn measure(from: Option<&str>, until: Option<&str>) -> Measure {
        let span = |text: Option<&str>| text.map(|text| text.parse().unwrap());
        Measure { from: span(from), until: span(until), ..Measure::default() }
    }

    #[test]
    fn a_measure_holds_until_the_day_of_its_end() {
        use Standing::{InForce, NotInForce, Perhaps};
        for (from, until, day, expected) in [
            (Some("2003-06-19"), Some("2020-02-03"), date(2003, 6, 18), NotInForce),
            (Some("2003-06-19"), Some("2020-02-03"), date(2003, 6, 19), InForce),
            (Some("2003-06-19"), Some("2020-02-03"), date(2020, 2, 2), InForce),
            (Some("2003-06-19"), Some("2020-02-03"), date(2020, 2, 3), NotInForce),
            (None, None, date(1, 1, 1), InForce),
            (Some("2014"), None, date(2013, 12, 31), NotInForce),
            (Some("2014"), None, date(2014, 6, 1), Perhaps),
            (Some("2014"), None, date(2014, 12, 31), InForce),
            (None, Some("2014-05"), date(2014, 4, 30), InForce),
            (None, Some("2014-05"), date(2014, 5, 2), Perhaps),
            (None, Some("2014-05"), date(2014, 5, 31), NotInForce),
            (Some("2014-05-02"), Some("2004-05-02"), date(2010, 1, 1), NotInForce),
            (Some("2014-05-02"), Some("2004-05-02"), date(2020, 1, 1), Perhaps),
        ] {
            assert_eq!(measure(from, until).days().standing(day), expected, "{from:?} {until:?} {day}");
        }
    }

    #[test]
    fn between_two_measures_is_a_gap() {
        let subject = Subject {
            measures: vec![
                measure(Some("2010-01-01"), Some("2012-01-01")),
                measure(Some("2000-01-01"), Some("2005-01-01")),
                measure(Some("2004-01-01"), Some("2006-01-01")),
            ],
            ..Subject::default()
        };
        let day = |year| Some(date(year, 1, 1));
        assert_eq!(subject.gaps(), [(None, day(2000)), (day(2006), day(2010)), (day(2012), None)]);
        assert_eq!(subject.last_end(date(2011, 12, 31)), None);
        assert_eq!(subject.last_end(date(2012, 1, 1)).unwrap().to_string(), "2012-01-01");
        assert!(Subject::default().gaps().is_empty());
    }

    /// A day of some forty years, as a list may write it.
    fn some_span() -> impl Strategy<Value = Option<Span>> {
        let base = date(1990, 1, 1);
        proptest::option::of((0..14_000_i32, 0..3_u8).prop_map(move |(days, precision)| {
            let day = base.checked_add(days.days()).unwrap();
            match precision {
                0 => Span::of_year(day.year()).unwrap(),
                1 => Span::of_month(day.year(), day.month()).unwrap(),
                _ => Span::day(day),
            }
        }))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        /// Gaps against the plain question, day by day.
        #[test]
        fn gaps_are_the_days_on_which_no_measure_holds(
            spans in proptest::collection::vec((some_span(), some_span()), 0..5),
            days in proptest::collection::vec(0..14_800_i32, 20),
        ) {
            let measures = spans.iter().map(|(from, until)| Measure { from: *from, until: *until, ..Measure::default() });
            let subject = Subject { measures: measures.collect(), ..Subject::default() };
            let gaps = subject.gaps();
            for days in days {
                let day = date(1989, 6, 1).checked_add(days.days()).unwrap();
                let lies_in = |gap: &Gap| gap.0.is_none_or(|from| from <= day) && gap.1.is_none_or(|until| day < until);
                prop_assert_eq!(gaps.iter().any(lies_in), subject.standing(day) == Standing::NotInForce, "{} {:?}", day, gaps);
            }
        }
    }
}
