//! What happened in the years of a ledger, and what they begin with.

use rust_decimal::Decimal;

use super::account::Tranche;

/// Why a year's ACQ is reduced.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReductionKind {
    Maintenance,
    /// Of either party.
    ForceMajeure,
    /// Nominated and not delivered.
    SellerShortfall,
    /// Downward tolerance that the buyer has used.
    DownwardTolerance,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reduction {
    pub kind: ReductionKind,
    pub quantity: Decimal,
    /// Event and source, for the reason of the line. May be empty.
    pub note: String,
}

/// Prices of the contract in a year, as far as they are known.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Prices {
    pub mean_of_year: Option<Decimal>,
    pub last_month: Option<Decimal>,
}

/// What happened in a contract year.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Facts {
    pub year: i16,
    pub acq: Option<Decimal>,
    /// Those recorded; none recorded is none deducted, and the line says so.
    pub reductions: Vec<Reduction>,
    /// Gas taken, make-up gas included.
    pub taken: Option<Decimal>,
    pub prices: Prices,
}

/// Balances that the first year begins with.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Opening {
    pub make_up: Vec<Tranche>,
    pub carry_forward: Vec<Tranche>,
}
