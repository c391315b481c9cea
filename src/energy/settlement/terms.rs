//! The terms of a ledger.

use rust_decimal::Decimal;

use crate::energy::term::{Limit, Share};

/// When make-up gas is taken to be delivered within a year.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// Only gas above the adjusted ACQ is make-up gas.
    AfterAcq,
    /// Gas above the take-or-pay quantity, before carry-forward, is make-up gas.
    AfterTakeOrPay,
    /// The first gas of the year is make-up gas.
    First,
}

/// Until when a right may be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expiry {
    /// What arises in year y may be used through year y + N.
    Years(u8),
    EndOfTerm,
}

/// The make-up right.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MakeUp {
    /// The contract gives none.
    NoRight,
    Right {
        order: Option<Order>,
        expiry: Option<Expiry>,
    },
}

/// Gas taken above the adjusted ACQ, counted against the take-or-pay quantity of later years.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CarryForward {
    /// The contract gives none.
    NoRight,
    /// `cap`: the most that may be used in one year.
    Right { cap: Option<Limit>, expiry: Option<Expiry> },
}

/// What becomes of the make-up bank at the end of the last contract year.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EndOfTerm {
    Forfeited,
    /// At the price that was paid.
    Refunded,
    /// May be recovered for so many years more; then forfeited. Covers the deficiency of the last year too.
    Extended {
        years: u8,
    },
}

/// Which price of the contract a deficiency is paid at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PriceBasis {
    /// The mean of the year's prices.
    MeanOfYear,
    /// The price of the year's last month.
    LastMonth,
    Fixed(Decimal),
}

/// The price of a deficiency: a share of a price.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PriceRule {
    pub basis: PriceBasis,
    pub share: Share,
}

/// The terms of the ledger. `None` is unknown, and an error as soon as the result depends on it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Terms {
    /// Share of the adjusted ACQ.
    pub take_or_pay: Option<Share>,
    /// How far below the ACQ the buyer may stay without owing. Needed where tolerance was used.
    pub downward: Option<Limit>,
    pub make_up: Option<MakeUp>,
    pub carry_forward: Option<CarryForward>,
    pub end_of_term: Option<EndOfTerm>,
    pub last_year: Option<i16>,
    pub deficiency_price: Option<PriceRule>,
}
