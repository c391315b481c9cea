//! The take-or-pay ledger: what a buyer owes for what was not taken, and what becomes of the gas then paid for.
//!
//! For each contract year, in this order:
//!
//! 1. adjusted ACQ = ACQ − maintenance − force majeure − seller's shortfall − downward tolerance used;
//! 2. make-up gas recovered from the bank, oldest first, in the order of the contract: after the ACQ, after the
//!    take-or-pay quantity, or first; the rest of what was taken is the year's own gas;
//! 3. carry-forward used, oldest first, as far as the year needs it and its cap allows;
//! 4. take-or-pay quantity = share · adjusted ACQ − carry-forward used;
//! 5. deficiency = take-or-pay quantity − own gas, not below zero; paid for at the price rule, and added to the bank;
//! 6. carry-forward earned = own gas above the adjusted ACQ;
//! 7. at the end of year y + N what was added in year y expires; at the end of the term the bank is forfeited, refunded,
//!    or recovered in an extension. A deficiency of the last year gives no make-up unless the term is extended for it.
//!
//! The mechanism is that of long-term gas sales agreements as their public model forms describe it (AIPN Gas Sales
//! Agreement, articles on take or pay, make-up and carry forward). Contracts differ in every number and in the order; so
//! each is a term, and a term that is unknown stops the ledger at the first year where it matters.
//!
//! All figures are in one unit, on one basis, and prices are per that unit. Quantities are exact; money is to 28
//! significant digits.

pub mod account;
pub mod line;
mod year;

use rust_decimal::Decimal;

use super::contract::term::{Limit, MissingTerm, Share};
use crate::value::decimal::Overflow;
pub use account::Tranche;
pub use line::{Item, Line, Settlement, Year};

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

/// How far the ledger goes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Scope {
    /// Each year on its own: no make-up, no carry-forward, no money. Needs the take-or-pay share only.
    Deficiency,
    /// With make-up and carry-forward from year to year.
    Ledger,
    /// With deficiency payments and refunds.
    Payment,
}

/// Why there is no settlement.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Missing(#[from] MissingTerm),
    #[error("{field} of {year} `{value}`: {reason}")]
    Invalid { year: i16, field: &'static str, value: String, reason: String },
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

/// Settles years that follow one another.
pub fn settle(terms: &Terms, facts: &[Facts], opening: &Opening, scope: Scope) -> Result<Settlement, Error> {
    let mut ledger = year::Ledger::open(terms, opening, scope)?;
    let mut years = Vec::with_capacity(facts.len());
    for (index, of_year) in facts.iter().enumerate() {
        if index > 0 && Some(of_year.year) != facts[index - 1].year.checked_add(1) {
            return Err(Error::Invalid {
                year: of_year.year,
                field: "contract year",
                value: of_year.year.to_string(),
                reason: format!("does not follow {}; the ledger takes years without gaps", facts[index - 1].year),
            });
        }
        years.push(ledger.settle(of_year)?);
    }
    Ok(Settlement { scope, years })
}

/// The widest scope that the terms allow, and what was missing for each wider one.
pub fn settle_known(
    terms: &Terms,
    facts: &[Facts],
    opening: &Opening,
) -> Result<(Settlement, Vec<MissingTerm>), Error> {
    let mut missing = Vec::new();
    for scope in [Scope::Payment, Scope::Ledger] {
        match settle(terms, facts, opening, scope) {
            Err(Error::Missing(term)) if !missing.contains(&term) => missing.push(term),
            Err(Error::Missing(_)) => {}
            other => return other.map(|settlement| (settlement, missing)),
        }
    }
    settle(terms, facts, opening, Scope::Deficiency).map(|settlement| (settlement, missing))
}

#[cfg(test)]
mod conservation;
#[cfg(test)]
mod golden;
