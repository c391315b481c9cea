//! Rows with a past: which version answers at a moment.
//!
//! Such rows carry `since_release`, `since_day`, `until_release` and `until_day`: the release and publication day
//! (YYYYMMDD) that brought and ended them, so that one condition answers for any past day of all datasets together.

use jiff::civil::Date;

/// At which moment of both clocks a question is answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment {
    /// Newest release that may be seen, which pins a list of pages.
    pub release: i64,
    /// Newest publication day that may be seen, YYYYMMDD.
    pub day: i64,
    /// Day on which it was in force, if that is asked.
    pub in_force: Option<i64>,
    /// The present day, which answers when neither clock is set.
    pub today: Date,
}

/// The two clocks of a request: both unset mean the present.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Clocks {
    /// As the store would have answered on this day.
    pub as_of: Option<Date>,
    /// What held, or will hold, on this day.
    pub in_force_on: Option<Date>,
}

impl Clocks {
    /// The moment that they mean, pinned to a release.
    pub fn at(self, release: i64, today: Date) -> Moment {
        Moment {
            release,
            day: self.as_of.map_or(NO_DAY, day_number),
            in_force: self.in_force_on.map(day_number),
            today,
        }
    }
}

/// A day after all days.
pub const NO_DAY: i64 = 99_991_231;
/// A release after all releases.
pub const NO_RELEASE: i64 = i32::MAX as i64;

impl Moment {
    /// Whether a version is visible: release and day that brought it, and those that ended it. `store::visible` is the same
    /// for rows.
    pub fn sees(&self, since: (i64, i64), until: Option<(i64, i64)>) -> bool {
        since.0 <= self.release
            && since.1 <= self.day
            && until.is_none_or(|(release, day)| release > self.release || day > self.day)
    }

    /// The day of `as_of`; `None` for now.
    pub fn as_of(&self) -> Option<Date> {
        if self.day == NO_DAY { None } else { date_of(self.day) }
    }

    /// The day in force, else that of `as_of`, else today.
    pub fn day_in_force(&self) -> Date {
        self.in_force.and_then(date_of).or_else(|| self.as_of()).unwrap_or(self.today)
    }
}

/// A day as the number YYYYMMDD, as the tables have it.
pub fn day_number(day: Date) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

/// The day of a number YYYYMMDD.
pub fn date_of(number: i64) -> Option<Date> {
    Date::new((number / 10_000) as i16, (number / 100 % 100) as i8, (number % 100) as i8).ok()
}
