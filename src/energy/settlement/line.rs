//! Lines of the ledger: what, how much, and why in words.

use rust_decimal::Decimal;

use super::account::Tranche;
use crate::value::decimal::{self, Overflow};

/// What a line is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Item {
    Acq,
    Maintenance,
    ForceMajeure,
    SellerShortfall,
    DownwardTolerance,
    AdjustedAcq,
    Taken,
    /// Of what was taken, gas paid for in an earlier year.
    MakeUpTaken,
    CarryForwardUsed,
    TakeOrPay,
    Deficiency,
    /// Money.
    DeficiencyPayment,
    /// Into the bank.
    MakeUpAdded,
    MakeUpExpired,
    /// Paid for and lost: no right, or the end of the term.
    MakeUpForfeited,
    MakeUpRefunded,
    /// Money.
    Refund,
    /// The bank at the end of the year.
    MakeUpBalance,
    CarryForwardEarned,
    CarryForwardExpired,
    CarryForwardBalance,
}

impl Item {
    /// Whether the line is an amount of money, not a quantity.
    pub fn is_money(self) -> bool {
        matches!(self, Self::DeficiencyPayment | Self::Refund)
    }
}

/// One line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    pub item: Item,
    pub value: Decimal,
    pub reason: String,
}

/// One contract year.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Year {
    pub year: i16,
    /// In the order in which they were reckoned.
    pub lines: Vec<Line>,
    /// The make-up bank at the end of the year, oldest first.
    pub make_up: Vec<Tranche>,
    pub carry_forward: Vec<Tranche>,
}

impl Year {
    /// The sum of the item's lines; `None` when the year has none.
    pub fn value(&self, item: Item) -> Option<Decimal> {
        let mut lines = self.lines.iter().filter(|line| line.item == item).peekable();
        lines.peek()?;
        decimal::sum(lines.map(|line| line.value)).ok()
    }

    /// The reason of the item's first line.
    pub fn reason(&self, item: Item) -> Option<&str> {
        self.lines.iter().find(|line| line.item == item).map(|line| line.reason.as_str())
    }
}

/// The ledger.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settlement {
    pub scope: Scope,
    pub years: Vec<Year>,
}

impl Settlement {
    /// The sum of the item over all years; of years without such a line, nothing.
    pub fn total(&self, item: Item) -> Result<Decimal, Overflow> {
        decimal::sum(self.years.iter().filter_map(|year| year.value(item)))
    }
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
