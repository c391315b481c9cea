//! What a schedule depends on, and why there may be none.

use jiff::civil::Date;

use crate::energy::term::{Limit, MissingTerm, Share};
use crate::value::Ratio;
use crate::value::decimal::Overflow;

/// An ACQ, and when it holds: in a run of contract years, on a run of days, or within both.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// `None`: from the first contract year on.
    pub first_year: Option<i16>,
    /// `None`: to the last contract year.
    pub last_year: Option<i16>,
    /// First day on which it holds; `None`: always has.
    pub from: Option<Date>,
    /// Last day on which it holds; `None`: still does.
    pub until: Option<Date>,
    /// A year.
    pub acq: Ratio,
}

impl Step {
    pub fn covers_year(&self, year: i16) -> bool {
        self.first_year.is_none_or(|first| first <= year) && self.last_year.is_none_or(|last| year <= last)
    }

    pub fn covers_day(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// Whether the book says when it holds.
    pub fn is_placed(&self) -> bool {
        self.first_year.is_some() || self.last_year.is_some() || self.from.is_some() || self.until.is_some()
    }
}

/// What an ACQ means in a contract year that the term cuts short.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ShortYear {
    /// It is for a full year; the short one takes its part by days.
    ProRata,
    /// It is for the short year as it is.
    AsStated,
}

/// How the quantity builds up is not known: an ACQ that does not say when it holds says nothing of these years.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenBuildUp {
    /// Last contract year of the build-up; `None`: nobody says how long it takes.
    pub last_year: Option<i16>,
    /// What the book adds.
    pub note: String,
}

impl OpenBuildUp {
    pub fn covers(&self, year: i16) -> bool {
        self.last_year.is_none_or(|last| year <= last)
    }
}

/// The terms that a schedule depends on. `None` is unknown.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Terms {
    /// First day of deliveries.
    pub start: Option<Date>,
    /// Last day of the term.
    pub end: Option<Date>,
    /// Month in which contract years begin, 1 to 12.
    pub year_begins: Option<u8>,
    pub acq: Vec<Step>,
    /// Here `None` is that there is no doubt.
    pub build_up: Option<OpenBuildUp>,
    /// Matters only when the first or last contract year is short, whose figures are absent without it.
    pub short_year: Option<ShortYear>,
    /// Share of the ACQ that is paid for even when it is not taken.
    pub take_or_pay: Option<Share>,
    /// How far below the ACQ the buyer may stay.
    pub downward: Option<Limit>,
    /// How far above the ACQ the buyer may ask for.
    pub upward: Option<Limit>,
}

/// Why there is no schedule.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Missing(#[from] MissingTerm),
    #[error("{field} `{value}`: {reason}")]
    Invalid { field: &'static str, value: String, reason: String },
    #[error("acq is given as {values} for {from} to {to}; name the one to use in the request")]
    Contradiction { values: String, from: Date, to: Date },
    #[error(transparent)]
    Overflow(#[from] Overflow),
}
