//! Where a reader of the feed goes on.

use jiff::civil::Date;

/// The last change that a reader was given, or that was looked at for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cursor {
    /// Sequence number of the change.
    pub change: i64,
    /// The day of `as_of` on which the reader asked.
    pub as_of: Option<Date>,
}

/// A cursor that comes with another `as_of` than it was given with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "was given {} and comes {}: changes of days between would be lost; go on {}, or begin without cursor",
    shown(*given), shown(*asked), shown(*given)
)]
pub struct Refusal {
    given: Option<Date>,
    asked: Option<Date>,
}

impl Cursor {
    /// The change after which a reader goes on who asks as of this day. After a cursor there may be changes that its day
    /// did not show: they would be lost on another day.
    pub fn resume(self, asked: Option<Date>) -> Result<i64, Refusal> {
        if asked == self.as_of { Ok(self.change) } else { Err(Refusal { given: self.as_of, asked }) }
    }
}

fn shown(as_of: Option<Date>) -> String {
    as_of.map_or_else(|| "without as_of".to_owned(), |day| format!("with as_of {day}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_of_another_day_is_refused() {
        let day = jiff::civil::date(2026, 3, 1);
        let cursor = Cursor { change: 7, as_of: Some(day) };
        assert_eq!(cursor.resume(Some(day)), Ok(7));
        let refusal = cursor.resume(None).unwrap_err().to_string();
        assert!(refusal.starts_with("was given with as_of 2026-03-01 and comes without as_of"), "{refusal}");
    }
}
