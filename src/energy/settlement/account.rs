//! Rights that arise in a year, are used oldest first, and expire: the make-up bank and the carry-forward account.

use std::fmt;

use rust_decimal::Decimal;

use super::terms::Expiry;
use crate::value::decimal::{self, Half, Overflow, Product, Rounding};

/// Amounts of money have at most so many digits after the point.
const MONEY: Rounding = Rounding { digits: 12, half: Half::Even };

/// What was paid for a unit: a share of a price, kept apart so that an amount is rounded once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Paid {
    pub share: Decimal,
    pub price: Decimal,
}

impl Paid {
    /// What a quantity costs: exact where it can be, else rounded half to even to 12 digits after the point.
    pub fn amount(self, quantity: Decimal) -> Result<Product, Overflow> {
        decimal::product(&[quantity, self.share, self.price], MONEY)
    }
}

impl fmt::Display for Paid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match decimal::multiply(self.share, self.price) {
            Ok(product) => write!(formatter, "{product}"),
            Err(Overflow) => write!(formatter, "{} of {}", self.share, self.price),
        }
    }
}

/// Says of an amount that it had to be rounded.
pub fn rounding_note(amount: Product) -> &'static str {
    if amount.is_exact { "" } else { ", rounded half to even to 12 digits after the point" }
}

/// What arose in one year and is still there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tranche {
    /// Contract year in which it arose.
    pub year: i16,
    pub quantity: Decimal,
    /// Last year in which it may be used; `None`: to the end of the term.
    pub usable_through: Option<i16>,
    /// Price paid per unit, where it was settled.
    pub price: Option<Paid>,
}

impl Tranche {
    pub fn new(year: i16, quantity: Decimal, expiry: Expiry, price: Option<Paid>) -> Self {
        let usable_through = match expiry {
            Expiry::Years(years) => Some(year.saturating_add(i16::from(years))),
            Expiry::EndOfTerm => None,
        };
        Self { year, quantity, usable_through, price }
    }
}

/// Tranches, oldest first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Account {
    tranches: Vec<Tranche>,
}

impl Account {
    /// Tranches in any order.
    pub fn of(mut tranches: Vec<Tranche>) -> Self {
        tranches.sort_by_key(|tranche| tranche.year);
        Self { tranches }
    }

    pub fn tranches(&self) -> &[Tranche] {
        &self.tranches
    }

    pub fn is_empty(&self) -> bool {
        self.tranches.is_empty()
    }

    pub fn balance(&self) -> Result<Decimal, Overflow> {
        decimal::sum(self.tranches.iter().map(|tranche| tranche.quantity))
    }

    pub fn add(&mut self, tranche: Tranche) {
        if tranche.quantity > Decimal::ZERO {
            self.tranches.push(tranche);
        }
    }

    /// Takes up to `quantity`, oldest first; what was taken, by tranche.
    pub fn draw(&mut self, quantity: Decimal) -> Result<Vec<Tranche>, Overflow> {
        let mut wanted = quantity;
        let mut drawn = Vec::new();
        for tranche in &mut self.tranches {
            if wanted <= Decimal::ZERO {
                break;
            }
            let taken = wanted.min(tranche.quantity);
            drawn.push(Tranche { quantity: taken, ..*tranche });
            tranche.quantity = decimal::subtract(tranche.quantity, taken)?;
            wanted = decimal::subtract(wanted, taken)?;
        }
        self.tranches.retain(|tranche| tranche.quantity > Decimal::ZERO);
        Ok(drawn)
    }

    /// Removes what may not be used after `year`.
    pub fn expire(&mut self, year: i16) -> Vec<Tranche> {
        let over = |tranche: &Tranche| tranche.usable_through.is_some_and(|last| last <= year);
        let expired = self.tranches.iter().copied().filter(over).collect();
        self.tranches.retain(|tranche| !over(tranche));
        expired
    }

    /// Removes everything.
    pub fn close(&mut self) -> Vec<Tranche> {
        std::mem::take(&mut self.tranches)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::decimal::d;

    fn tranche(year: i16, quantity: &str) -> Tranche {
        Tranche::new(year, d(quantity), Expiry::Years(3), None)
    }

    #[test]
    fn the_oldest_goes_first() {
        let mut account = Account::of(vec![tranche(2022, "5"), tranche(2020, "2"), tranche(2021, "3")]);
        let drawn: Vec<_> = account.draw(d("4")).unwrap().iter().map(|part| (part.year, part.quantity)).collect();
        assert_eq!(drawn, [(2020, d("2")), (2021, d("2"))]);
        assert_eq!(account.balance(), Ok(d("6")));
        assert_eq!(account.draw(d("0")), Ok(Vec::new()));
        assert_eq!(account.draw(d("100")).unwrap().len(), 2);
        assert!(account.is_empty());
    }

    #[test]
    fn rights_end_with_their_last_year() {
        let mut account = Account::of(vec![tranche(2020, "2"), tranche(2021, "3")]);
        account.add(Tranche::new(2019, d("1"), Expiry::EndOfTerm, None));
        assert_eq!(account.expire(2022), []);
        assert_eq!(account.expire(2023), [tranche(2020, "2")]);
        assert_eq!(account.expire(2030), [tranche(2021, "3")]);
        assert_eq!(account.close().len(), 1);
    }
}
