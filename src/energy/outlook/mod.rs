//! What may flow from one side to the other in the years ahead, in layers of firmness.
//!
//! Each contract has a [`standing`] and a [`plan`] of quantities by day; the [`book`] says what amends or supersedes what.
//! So it becomes a [`supply`]: a quantity for each calendar year, of one layer. A [`scenario`] takes supplies in, cuts
//! routes and forbids deliveries. What remains is added [`years`] by year. A contract year counts in a calendar year by
//! its days. Nothing is filled in: a contract whose quantity or beginning is not known is in no layer, and is listed
//! with that reason.

pub mod book;
pub mod plan;
pub mod scenario;
pub mod standing;
pub mod supply;
pub mod years;

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::quantity::Refusal;
use crate::value::decimal::{Half, Overflow, Rounding};

/// How firm a quantity is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Layer {
    InForce,
    SignedNotFlowing,
    Extension,
    Proposed,
    StatusUnknown,
    Scenario,
}

/// Quantities of an outlook: half to even.
pub const ROUNDING: Rounding = Rounding { digits: 6, half: Half::Even };

/// The quantity of one year and what was done to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Amount {
    pub quantity: Decimal,
    /// First and last day on which it flows.
    pub days: (Date, Date),
    pub notes: Vec<String>,
}

/// What one contract, or one inclusion of the request, adds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Supply {
    /// Resource name of the contract, or the request's name.
    pub name: String,
    pub seller: String,
    pub commodity: String,
    /// As the contract writes it; several in one.
    pub route: String,
    pub layer: Layer,
    pub years: BTreeMap<i16, Amount>,
    /// Years within the term of which no annual quantity is known.
    pub unknown_years: Vec<i16>,
    /// The end of the term is not known.
    pub open_ended: bool,
    /// Calendar year in which the term ends, with the annual quantity that ends.
    pub expires: Option<(i16, Decimal)>,
}

/// A contract between the two sides that is in no layer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeftOut {
    pub name: String,
    pub title: String,
    pub reason: String,
}

/// Why there is no outlook.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Error {
    #[error("{name}: {refusal}{sets}")]
    Unit { name: String, refusal: Box<Refusal>, sets: String },
    #[error("{problem}")]
    Inclusion { index: usize, field: String, problem: String },
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

#[cfg(test)]
mod tests;
