//! Exact numbers, dates and words: the plain types that every room uses, each with one home.
//!
//! Knows no store, no message and no subject.

mod cell;
pub mod clock;
pub mod decimal;
pub mod exact;
pub mod large;
mod month;
pub mod number;
mod period;
mod ratio;
mod span;
pub mod text;
pub mod words;

pub use cell::Cell;
pub use clock::Clock;
pub use month::Month;
pub use period::{Frequency, Period, runs};
pub use ratio::{Ratio, Rounded};
pub use span::Span;

#[cfg(test)]
pub(crate) use month::m;
