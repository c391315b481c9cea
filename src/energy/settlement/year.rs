//! One contract year of the ledger, step by step.

use rust_decimal::Decimal;

use super::account::{Account, Paid, Tranche, rounding_note};
use super::error::Error;
use super::facts::{Facts, Opening, Prices, ReductionKind};
use super::line::Scope;
use super::line::{Item, Line, Year};
use super::terms::{CarryForward, EndOfTerm, MakeUp, Order, PriceBasis, Terms};
use crate::energy::term::{Limit, MissingTerm, Share, required};
use crate::value::decimal;

/// Decimals of a quantity. With a share of 8 decimals the product has 14.
const MOST_DECIMALS: u32 = 6;
/// Decimals of a balance, which may come from an earlier settlement.
const OF_BALANCE: u32 = 14;
/// With 13 digits before the point and 14 behind it a product has 27, so that it is exact.
const TOO_LARGE: i64 = 10_000_000_000_000;

/// The ledger between two years.
pub(super) struct Ledger<'a> {
    terms: &'a Terms,
    scope: Scope,
    bank: Account,
    carried: Account,
    lines: Vec<Line>,
}

impl<'a> Ledger<'a> {
    pub fn open(terms: &'a Terms, opening: &Opening, scope: Scope) -> Result<Self, Error> {
        for tranche in opening.make_up.iter().chain(&opening.carry_forward) {
            quantity(tranche.year, "opening balance", tranche.quantity, OF_BALANCE)?;
        }
        Ok(Self {
            terms,
            scope,
            bank: Account::of(opening.make_up.clone()),
            carried: Account::of(opening.carry_forward.clone()),
            lines: Vec::new(),
        })
    }

    pub fn settle(&mut self, facts: &Facts) -> Result<Year, Error> {
        let year = facts.year;
        let share = required("take-or-pay share", self.terms.take_or_pay)?;
        let acq = required(&format!("annual contract quantity of {year}"), facts.acq)?;
        let taken = required(&format!("quantity taken in {year}"), facts.taken)?;
        quantity(year, "annual contract quantity", acq, MOST_DECIMALS)?;
        quantity(year, "quantity taken", taken, MOST_DECIMALS)?;
        self.check_opening(year)?;
        let extension = self.terms.last_year.is_some_and(|last| year > last);
        if extension {
            self.check_extension(year, acq)?;
        }

        let adjusted = self.adjusted(facts, acq)?;
        let full = share.of(adjusted)?;
        self.line(Item::Taken, taken, "gas taken in the year, make-up gas included");
        let made_up = self.make_up_taken(year, taken, adjusted, full)?;
        let own = decimal::subtract(taken, made_up)?;
        if extension && own > Decimal::ZERO && self.scope > Scope::Deficiency {
            return Err(invalid(year, "quantity taken", taken, format!("exceeds the make-up bank by {own}")));
        }
        let used = self.carry_forward_used(year, acq, full, own)?;
        let take_or_pay = decimal::subtract(full, used)?;
        self.line(Item::TakeOrPay, take_or_pay, take_or_pay_reason(share, adjusted, used));

        let deficiency = decimal::subtract(take_or_pay, own)?.max(Decimal::ZERO);
        self.line(Item::Deficiency, deficiency, deficiency_reason(take_or_pay, own, made_up, deficiency));
        if self.scope > Scope::Deficiency {
            let price = self.payment(year, deficiency, &facts.prices)?;
            self.bank(year, deficiency, price)?;
            self.earn(year, own, adjusted)?;
            self.end_of_year(year)?;
        }
        Ok(Year {
            year,
            lines: std::mem::take(&mut self.lines),
            make_up: self.bank.tranches().to_vec(),
            carry_forward: self.carried.tranches().to_vec(),
        })
    }

    fn line(&mut self, item: Item, value: Decimal, reason: impl Into<String>) {
        self.lines.push(Line { item, value, reason: reason.into() });
    }

    fn adjusted(&mut self, facts: &Facts, acq: Decimal) -> Result<Decimal, Error> {
        let year = facts.year;
        self.line(Item::Acq, acq, "contracted for the year");
        let mut adjusted = acq;
        let mut tolerance = Decimal::ZERO;
        for reduction in &facts.reductions {
            let (item, reason) = match reduction.kind {
                ReductionKind::Maintenance => (Item::Maintenance, "maintenance reduces the ACQ"),
                ReductionKind::ForceMajeure => (Item::ForceMajeure, "force majeure reduces the ACQ"),
                ReductionKind::SellerShortfall => {
                    (Item::SellerShortfall, "what the seller failed to deliver reduces the ACQ")
                }
                ReductionKind::DownwardTolerance => {
                    (Item::DownwardTolerance, "downward tolerance used reduces the ACQ")
                }
            };
            quantity(year, "reduction", reduction.quantity, MOST_DECIMALS)?;
            if reduction.kind == ReductionKind::DownwardTolerance {
                tolerance = decimal::add(tolerance, reduction.quantity)?;
            }
            adjusted = decimal::subtract(adjusted, reduction.quantity)?;
            let note = if reduction.note.is_empty() { String::new() } else { format!(": {}", reduction.note) };
            self.line(item, reduction.quantity, format!("{reason}{note}"));
        }
        if tolerance > Decimal::ZERO {
            let limit = cap_of(year, "downward tolerance", self.terms.downward, acq)?;
            if let Some(limit) = limit.filter(|limit| tolerance > *limit) {
                return Err(invalid(
                    year,
                    "downward tolerance used",
                    tolerance,
                    format!("exceeds the {limit} allowed"),
                ));
            }
        }
        if adjusted < Decimal::ZERO {
            return Err(invalid(
                year,
                "reductions",
                decimal::subtract(acq, adjusted)?,
                format!("exceed the ACQ of {acq}"),
            ));
        }
        let reason = match facts.reductions.is_empty() {
            true => "no maintenance, force majeure, seller's shortfall or tolerance is recorded",
            false => "ACQ less the reductions recorded",
        };
        self.line(Item::AdjustedAcq, adjusted, reason);
        Ok(adjusted)
    }

    fn make_up_taken(&mut self, year: i16, taken: Decimal, adjusted: Decimal, full: Decimal) -> Result<Decimal, Error> {
        if self.scope == Scope::Deficiency || self.bank.is_empty() {
            return Ok(Decimal::ZERO);
        }
        let MakeUp::Right { order, .. } = required("make-up right", self.terms.make_up)? else {
            return Err(invalid(
                year,
                "make-up bank",
                self.bank.balance()?,
                "the contract gives no make-up".to_owned(),
            ));
        };
        let (above, words) = match required("order of make-up", order)? {
            Order::AfterAcq => (adjusted, "above the adjusted ACQ"),
            Order::AfterTakeOrPay => (full, "above the take-or-pay quantity"),
            Order::First => (Decimal::ZERO, "first in the year"),
        };
        let balance = self.bank.balance()?;
        let made_up = decimal::subtract(taken, above)?.max(Decimal::ZERO).min(balance);
        let parts = self.bank.draw(made_up)?;
        let reason = match parts.is_empty() {
            true => format!("nothing was taken {words}; {balance} stay in the bank"),
            false => format!("taken {words}, oldest first: {}", listed(&parts)),
        };
        self.line(Item::MakeUpTaken, made_up, reason);
        Ok(made_up)
    }

    fn carry_forward_used(&mut self, year: i16, acq: Decimal, full: Decimal, own: Decimal) -> Result<Decimal, Error> {
        let needed = decimal::subtract(full, own)?;
        if self.scope == Scope::Deficiency || self.carried.is_empty() || needed <= Decimal::ZERO {
            return Ok(Decimal::ZERO);
        }
        let CarryForward::Right { cap, .. } = required("carry-forward", self.terms.carry_forward)? else {
            let balance = self.carried.balance()?;
            return Err(invalid(year, "carry-forward", balance, "the contract gives no carry-forward".to_owned()));
        };
        let cap = cap_of(year, "cap of carry-forward", cap, acq)?;
        let balance = self.carried.balance()?;
        let wanted = needed.min(balance);
        let used = cap.map_or(wanted, |cap| wanted.min(cap));
        let parts = self.carried.draw(used)?;
        let capped = cap.filter(|_| used < wanted).map_or(String::new(), |cap| format!(", capped at {cap} a year"));
        let reason = format!("{needed} needed, {balance} carried forward{capped}: {}", listed(&parts));
        self.line(Item::CarryForwardUsed, used, reason);
        Ok(used)
    }

    fn payment(&mut self, year: i16, deficiency: Decimal, prices: &Prices) -> Result<Option<Paid>, Error> {
        if self.scope < Scope::Payment || deficiency.is_zero() {
            return Ok(None);
        }
        let rule = required("price rule of deficiencies", self.terms.deficiency_price)?;
        let (price, words) = match rule.basis {
            PriceBasis::MeanOfYear => {
                (required(&format!("mean contract price of {year}"), prices.mean_of_year)?, "mean price of the year")
            }
            PriceBasis::LastMonth => (
                required(&format!("contract price of the last month of {year}"), prices.last_month)?,
                "price of the last month",
            ),
            PriceBasis::Fixed(price) => (price, "fixed price"),
        };
        let paid = Paid { share: rule.share.fraction(), price };
        let amount = paid.amount(deficiency)?;
        let share = if rule.share.fraction() == Decimal::ONE { String::new() } else { format!("{} of ", rule.share) };
        let reason = format!("{deficiency} at {share}the {words}, {price}{}", rounding_note(amount));
        self.line(Item::DeficiencyPayment, amount.value, reason);
        Ok(Some(paid))
    }

    fn bank(&mut self, year: i16, deficiency: Decimal, price: Option<Paid>) -> Result<(), Error> {
        if deficiency.is_zero() {
            return Ok(());
        }
        let MakeUp::Right { expiry, .. } = required("make-up right", self.terms.make_up)? else {
            self.line(Item::MakeUpForfeited, deficiency, "paid for without a make-up right: the contract gives none");
            return Ok(());
        };
        let last = required("last contract year", self.terms.last_year)?;
        if year == last {
            let end = required("what becomes of make-up at the end of the term", self.terms.end_of_term)?;
            if !matches!(end, EndOfTerm::Extended { .. }) {
                let reason = "a deficiency of the last contract year gives no make-up right";
                self.line(Item::MakeUpForfeited, deficiency, reason);
                return Ok(());
            }
        }
        let expiry = required("expiry of make-up", expiry)?;
        let tranche = Tranche::new(year, deficiency, expiry, price);
        self.line(Item::MakeUpAdded, deficiency, format!("paid for and not taken; {}", usable(&tranche)));
        self.bank.add(tranche);
        Ok(())
    }

    fn earn(&mut self, year: i16, own: Decimal, adjusted: Decimal) -> Result<(), Error> {
        let above = decimal::subtract(own, adjusted)?;
        // In the last year nothing comes after that it could be carried to.
        if above <= Decimal::ZERO || self.terms.last_year == Some(year) {
            return Ok(());
        }
        match required("carry-forward", self.terms.carry_forward)? {
            CarryForward::NoRight => {
                self.line(
                    Item::CarryForwardEarned,
                    Decimal::ZERO,
                    format!("{above} above the adjusted ACQ earn nothing: the contract gives no carry-forward"),
                );
            }
            CarryForward::Right { expiry, .. } => {
                let tranche = Tranche::new(year, above, required("expiry of carry-forward", expiry)?, None);
                let reason = format!("own gas of {own} above the adjusted ACQ of {adjusted}; {}", usable(&tranche));
                self.line(Item::CarryForwardEarned, above, reason);
                self.carried.add(tranche);
            }
        }
        Ok(())
    }

    fn end_of_year(&mut self, year: i16) -> Result<(), Error> {
        for tranche in self.bank.expire(year) {
            self.line(Item::MakeUpExpired, tranche.quantity, expired(&tranche));
        }
        for tranche in self.carried.expire(year) {
            self.line(Item::CarryForwardExpired, tranche.quantity, expired(&tranche));
        }
        let ended = self.terms.last_year.is_some_and(|last| year >= last);
        if ended {
            self.end_of_term(year)?;
        }
        let (bank, carried) = (self.bank.balance()?, self.carried.balance()?);
        self.line(Item::MakeUpBalance, bank, in_account(self.bank.tranches()));
        self.line(Item::CarryForwardBalance, carried, in_account(self.carried.tranches()));
        Ok(())
    }

    fn end_of_term(&mut self, year: i16) -> Result<(), Error> {
        for tranche in self.carried.close() {
            let reason = format!("{} of {} ends with the term", tranche.quantity, tranche.year);
            self.line(Item::CarryForwardExpired, tranche.quantity, reason);
        }
        if self.bank.is_empty() {
            return Ok(());
        }
        let last = required("last contract year", self.terms.last_year)?;
        match required("what becomes of make-up at the end of the term", self.terms.end_of_term)? {
            EndOfTerm::Forfeited => self.forfeit("forfeited at the end of the term"),
            EndOfTerm::Refunded => self.refund()?,
            EndOfTerm::Extended { years } if year >= last.saturating_add(i16::from(years)) => {
                self.forfeit("forfeited at the end of the extension");
            }
            EndOfTerm::Extended { .. } => {}
        }
        Ok(())
    }

    fn forfeit(&mut self, words: &str) {
        for tranche in self.bank.close() {
            self.line(
                Item::MakeUpForfeited,
                tranche.quantity,
                format!("{} of {} {words}", tranche.quantity, tranche.year),
            );
        }
    }

    fn refund(&mut self) -> Result<(), Error> {
        for tranche in self.bank.close() {
            let Tranche { year, quantity, price, .. } = tranche;
            self.line(Item::MakeUpRefunded, quantity, format!("{quantity} of {year} refunded at the end of the term"));
            if self.scope == Scope::Payment {
                let price = required(&format!("price paid for the make-up of {year}"), price)?;
                let amount = price.amount(quantity)?;
                let note = rounding_note(amount);
                self.line(Item::Refund, amount.value, format!("{quantity} at {price}, as paid in {year}{note}"));
            }
        }
        Ok(())
    }

    /// Balances that the first year can't begin with.
    fn check_opening(&self, year: i16) -> Result<(), Error> {
        let mut tranches = self.bank.tranches().iter().chain(self.carried.tranches());
        match tranches.find(|tranche| tranche.year >= year || tranche.usable_through.is_some_and(|last| last < year)) {
            Some(tranche) => {
                let reason = format!("of {} is not usable in {year}", tranche.year);
                Err(invalid(year, "opening balance", tranche.quantity, reason))
            }
            None => Ok(()),
        }
    }

    /// A year after the last one: only make-up gas flows.
    fn check_extension(&self, year: i16, acq: Decimal) -> Result<(), Error> {
        let last = required("last contract year", self.terms.last_year)?;
        match self.terms.end_of_term {
            None => Err(MissingTerm("what becomes of make-up at the end of the term".to_owned()).into()),
            Some(EndOfTerm::Extended { years }) if year <= last.saturating_add(i16::from(years)) => match acq.is_zero()
            {
                true => Ok(()),
                false => Err(invalid(
                    year,
                    "annual contract quantity",
                    acq,
                    "must be 0 in the extension for make-up".to_owned(),
                )),
            },
            Some(_) => Err(invalid(year, "contract year", year, format!("lies after the end of the term, {last}"))),
        }
    }
}

/// A quantity that the ledger can hold exactly.
fn quantity(year: i16, field: &'static str, value: Decimal, decimals: u32) -> Result<(), Error> {
    let reason = if value < Decimal::ZERO {
        "is negative".to_owned()
    } else if value >= Decimal::from(TOO_LARGE) {
        format!("is not below {TOO_LARGE}; expected a larger unit")
    } else if value.normalize().scale() > decimals {
        format!("has more than {decimals} decimals; round it before it is settled")
    } else {
        return Ok(());
    };
    Err(invalid(year, field, value, reason))
}

fn cap_of(year: i16, field: &'static str, limit: Option<Limit>, acq: Decimal) -> Result<Option<Decimal>, Error> {
    let cap = required(field, limit)?.quantity(acq)?;
    if let Some(negative) = cap.filter(|cap| *cap < Decimal::ZERO) {
        return Err(invalid(year, field, negative, "is negative".to_owned()));
    }
    Ok(cap)
}

fn take_or_pay_reason(share: Share, adjusted: Decimal, used: Decimal) -> String {
    match used.is_zero() {
        true => format!("{share} of the adjusted ACQ of {adjusted}"),
        false => format!("{share} of the adjusted ACQ of {adjusted}, less {used} carried forward"),
    }
}

fn deficiency_reason(take_or_pay: Decimal, own: Decimal, made_up: Decimal, deficiency: Decimal) -> String {
    let without = if made_up.is_zero() { String::new() } else { format!(", {made_up} of make-up gas not counted") };
    match deficiency.is_zero() {
        true => format!("none: {own} taken{without} reach the take-or-pay quantity of {take_or_pay}"),
        false => format!("{own} taken{without} of a take-or-pay quantity of {take_or_pay}"),
    }
}

fn listed(parts: &[Tranche]) -> String {
    let parts: Vec<_> = parts.iter().map(|part| format!("{} of {}", part.quantity, part.year)).collect();
    parts.join(", ")
}

fn usable(tranche: &Tranche) -> String {
    match tranche.usable_through {
        Some(last) => format!("usable through {last}"),
        None => "usable to the end of the term".to_owned(),
    }
}

fn expired(tranche: &Tranche) -> String {
    format!("{} of {} was {}", tranche.quantity, tranche.year, usable(tranche))
}

fn in_account(tranches: &[Tranche]) -> String {
    match tranches.is_empty() {
        true => "nothing left at the end of the year".to_owned(),
        false => format!("at the end of the year: {}", listed(tranches)),
    }
}

fn invalid(year: i16, field: &'static str, value: impl ToString, reason: String) -> Error {
    Error::Invalid { year, field, value: value.to_string(), reason }
}
