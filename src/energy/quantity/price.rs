//! Prices of an amount: `USD/MMBtu`, `EUR/MWh GCV`, `USD/1000 m3@20C`, `p/therm`.
//!
//! A price turns with the amount that it is for, so it is divided by the factor between the amounts. What a text leaves
//! open of the amount's basis is as unknown as in a quantity. Parts of a currency are exact hundredths of it; one
//! currency never becomes another here.

use std::fmt;

use rust_decimal::Decimal;

use super::convert::{Converted, Refusal, Step, convert, multiplied};
use super::factor::{FactorSet, Kind};
use super::text::{self, UnitError};
use super::unit::Unit;
use crate::value::Ratio;

/// ISO 4217 codes of the currencies that energy is priced in, and hundredths of them as traders write them.
const CURRENCIES: [(&str, &str, i128); 26] = [
    ("USD", "USD", 1),
    ("US$", "USD", 1),
    ("$", "USD", 1),
    ("USc", "USD", 100),
    ("US cents", "USD", 100),
    ("cents", "USD", 100),
    ("EUR", "EUR", 1),
    ("€", "EUR", 1),
    ("EUR cents", "EUR", 100),
    ("GBP", "GBP", 1),
    ("£", "GBP", 1),
    ("GBp", "GBP", 100),
    ("p", "GBP", 100),
    ("pence", "GBP", 100),
    ("RUB", "RUB", 1),
    ("CNY", "CNY", 1),
    ("RMB", "CNY", 1),
    ("JPY", "JPY", 1),
    ("KRW", "KRW", 1),
    ("INR", "INR", 1),
    ("AUD", "AUD", 1),
    ("CAD", "CAD", 1),
    ("NOK", "NOK", 1),
    ("UAH", "UAH", 1),
    ("KZT", "KZT", 1),
    ("TRY", "TRY", 1),
];

/// A currency, or hundredths of it, for an amount.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PriceUnit {
    /// ISO 4217.
    pub currency: &'static str,
    /// 100 where the price is in hundredths of the currency.
    pub parts: i128,
    pub amount: Unit,
}

impl fmt::Display for PriceUnit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cents = if self.parts == 1 { "" } else { " cents" };
        write!(formatter, "{}{cents}/{}", self.currency, self.amount)
    }
}

/// Reads a price's unit; `None` for a text that begins with no currency.
pub fn unit(text: &str) -> Option<Result<PriceUnit, UnitError>> {
    let (head, rest) = text.split_once('/').or_else(|| text.split_once(" per "))?;
    let head = head.trim();
    let hundredths = head.strip_suffix(" cents").filter(|code| code.len() == 3);
    let named = |name: &str| CURRENCIES.iter().find(|(known, ..)| *known == name);
    let (currency, parts) = match (named(head), hundredths.and_then(named)) {
        (Some((_, currency, parts)), _) => (*currency, *parts),
        (None, Some((_, currency, _))) => (*currency, 100),
        (None, None) if head == "¥" => {
            return Some(Err(refused(text, "`¥` is of Japan or of China; write JPY or CNY")));
        }
        (None, None) => return None,
    };
    let amount = text::unit(rest).map_err(|error| refused(text, &error.to_string()));
    Some(amount.and_then(|amount| match amount.per {
        None => Ok(PriceUnit { currency, parts, amount }),
        Some(_) => Err(refused(text, "is the price of a rate; expected USD/MMBtu or EUR/MWh GCV")),
    }))
}

fn refused(text: &str, reason: &str) -> UnitError {
    UnitError { text: text.trim().to_owned(), reason: reason.to_owned() }
}

/// A converted price: `factor` is what the value was multiplied by, and the way is that of the amounts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConvertedPrice {
    pub converted: Converted,
    pub unit: PriceUnit,
}

/// Converts the price of one amount into that of another.
pub fn convert_price(
    value: Decimal,
    from: PriceUnit,
    to: PriceUnit,
    set: Option<&FactorSet>,
) -> Result<ConvertedPrice, Refusal> {
    if from.currency != to.currency {
        return Err(Refusal::DifferentCurrency { from: from.currency.to_owned(), to: to.currency.to_owned() });
    }
    let amounts = convert(Decimal::ONE, from.amount, to.amount, set)?;
    let parts = Ratio::new(to.parts, from.parts)?;
    let factor = parts.over(amounts.factor)?;
    let result = multiplied(value, factor)?;
    let unit = PriceUnit { amount: amounts.unit, ..to };
    let mut path = amounts.path;
    if from.parts != to.parts {
        let of = |parts| if parts == 1 { from.currency.to_owned() } else { format!("{} cents", from.currency) };
        path.push(Step {
            from: of(from.parts),
            to: of(to.parts),
            factor: parts,
            kind: Kind::Exact,
            source: "by definition".to_owned(),
        });
    }
    let converted = Converted { value: result.value, factor, path, rounded: result.inexact, ..amounts };
    Ok(ConvertedPrice { converted, unit })
}

#[cfg(test)]
mod tests {
    use super::super::factor;
    use super::*;
    use crate::value::decimal::d;

    fn run(value: &str, from: &str, to: &str, set: &str) -> Result<(Decimal, String), String> {
        let unit = |text: &str| unit(text).unwrap().map_err(|error| error.to_string());
        let set = factor::sets().iter().find(|known| known.name == set);
        let price = convert_price(d(value), unit(from)?, unit(to)?, set).map_err(|refusal| refusal.to_string())?;
        Ok((price.converted.value, price.unit.to_string()))
    }

    #[test]
    fn a_price_is_divided_by_the_factor_of_its_amount() {
        // 1000 m3 of 8,850 kcal/m3 at 20 C are 8850 · 4186.8 J · 1000 / 1055.05585262e6 J = 35.1196... MMBtu.
        let (price, unit) = run("351.195", "USD/1000 m3@20C", "USD/MMBtu", "gost-8850").unwrap();
        assert_eq!((price.round_dp(3), unit.as_str()), (d("10.000"), "USD/MMBtu"));
        // 10 $/MMBtu · 3.41214163... MMBtu/MWh
        assert_eq!(run("10", "$/mmbtu", "USD/MWh", "").unwrap().0.round_dp(6), d("34.121416"));
        // 100 pence a therm: 1 pound for 0.1 MMBtu.
        assert_eq!(run("100", "p/therm", "GBP/MMBtu", ""), Ok((d("10"), "GBP/MMBtu".into())));
        assert_eq!(run("2", "EUR/MWh GCV", "EUR cents/kWh", ""), Ok((d("0.2"), "EUR cents/kWh GCV".into())));
        assert_eq!(run("5.8", "USD/boe", "USD/MMBtu", "boe-5.8"), Ok((d("1"), "USD/MMBtu GCV".into())));
    }

    #[test]
    fn what_is_unknown_of_a_price_is_refused() {
        assert!(run("1", "USD/1000 m3", "USD/MMBtu", "").unwrap_err().contains("different bases"));
        assert!(run("1", "USD/MMBtu", "EUR/MMBtu", "").unwrap_err().contains("rates of exchange"));
        assert!(run("1", "USD/Mcf", "USD/MMBtu", "").unwrap_err().contains("a thousand or a million"));
        assert!(run("1", "USD/bcm/y", "USD/MMBtu", "").unwrap_err().contains("price of a rate"));
        assert!(run("1", "¥/kWh", "JPY/kWh", "").unwrap_err().contains("JPY or CNY"));
        for text in ["bcm/y", "MMBtu", "TCF/y", "BCM/d"] {
            assert!(unit(text).is_none(), "{text} is no price");
        }
    }
}
