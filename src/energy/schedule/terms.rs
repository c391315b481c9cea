//! What a schedule depends on, and why there may be none.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::energy::term::{Limit, MissingTerm, Share};
use crate::value::decimal::Overflow;

/// The ACQ of a run of contract years.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    pub first_year: i16,
    /// `None`: to the end of the term.
    pub last_year: Option<i16>,
    pub acq: Decimal,
}

/// What an ACQ means in a contract year that the term cuts short.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ShortYear {
    /// It is for a full year; the short one takes its part by days.
    ProRata,
    /// It is for the short year as it is.
    AsStated,
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
    #[error(transparent)]
    Overflow(#[from] Overflow),
}
