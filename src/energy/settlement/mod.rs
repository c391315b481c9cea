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
mod error;
mod facts;
pub mod line;
mod terms;
mod year;

use crate::energy::term::MissingTerm;
pub use account::Tranche;
pub use error::Error;
pub use facts::{Facts, Opening, Prices, Reduction, ReductionKind};
pub use line::{Item, Line, Scope, Settlement, Year};
pub use terms::{CarryForward, EndOfTerm, Expiry, MakeUp, Order, PriceBasis, PriceRule, Terms};

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
