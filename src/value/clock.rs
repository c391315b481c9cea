//! Today and now, in UTC: given to whoever needs them, so that an answer can be tested on a day.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Where today comes from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    /// Stands still on this day; absent for the system's clock.
    fixed: Option<Date>,
}

impl Clock {
    pub const SYSTEM: Self = Self { fixed: None };

    /// A clock that stands still at the beginning of a day.
    pub const fn fixed(day: Date) -> Self {
        Self { fixed: Some(day) }
    }

    /// Today in UTC.
    pub fn today(self) -> Date {
        self.fixed.unwrap_or_else(|| TimeZone::UTC.to_datetime(Timestamp::now()).date())
    }

    /// Now, in milliseconds since 1970.
    pub fn now_ms(self) -> i64 {
        let start_of = |day: Date| TimeZone::UTC.to_timestamp(day.into()).ok();
        self.fixed.and_then(start_of).unwrap_or_else(Timestamp::now).as_millisecond()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_stands_still() {
        let clock = Clock::fixed(jiff::civil::date(2026, 3, 1));
        assert_eq!(clock.today().to_string(), "2026-03-01");
        assert_eq!(clock.now_ms(), 1_772_323_200_000);
    }
}
