//! What the texts of facts say as terms, read once: when the library is built, and when a request supplies a fact.
//!
//! A text that cannot be read is kept with its problem: whoever only looks at the contract gets it as it stands, and
//! whatever needs the term is refused by its name.

use rust_decimal::Decimal;

use super::length::Length;
use super::{Fact, Field};
use crate::energy::quantity::{Unit, text};
use crate::energy::schedule::ShortYear;
use crate::energy::settlement::{EndOfTerm, Expiry, Order, PriceBasis, PriceRule};
use crate::energy::term::Share;
use crate::value::{Ratio, Span, decimal};

/// What a text says, or what is wrong with it.
pub type Said<T> = Result<T, String>;

/// How an annual term is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wording {
    /// `none`
    NoRight,
    /// `unlimited`
    Unlimited,
    /// `10 %`
    Share(Said<Share>),
    Quantity,
}

/// A quantity a year, or what stands in its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Annual {
    pub wording: Wording,
    pub value: Said<Ratio>,
    pub unit: Said<Unit>,
}

/// What a known fact says as a term of schedules and ledgers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reading {
    /// The annual quantity, tolerances, options and caps.
    Annual(Annual),
    Start(Said<Span>),
    End(Said<Span>),
    Term(Said<Length>),
    /// Years by which the term may be extended.
    Extension(Said<i16>),
    YearBegins(Said<u8>),
    ShortYear(Said<ShortYear>),
    TakeOrPay(Said<Share>),
    /// `None`: the contract gives no make-up.
    MakeUpOrder(Said<Option<Order>>),
    MakeUpYears(Said<Expiry>),
    CarryForwardYears(Said<Expiry>),
    EndOfTerm(Said<EndOfTerm>),
    DeficiencyPrice(Said<PriceRule>),
}

/// Readings of facts, each with the index of its fact.
pub type Readings = Box<[(usize, Reading)]>;

/// Reads the facts that are known and are terms.
pub fn readings(facts: &[Fact]) -> Readings {
    let known = facts.iter().enumerate().filter(|(_, fact)| fact.is_known());
    known.filter_map(|(index, fact)| Some((index, read(fact)?))).collect()
}

/// What is wrong with a known fact as a term that is reckoned with.
pub fn problem(fact: &Fact) -> Option<String> {
    match read(fact)? {
        Reading::Annual(said) if said.wording == Wording::Quantity => said.value.err(),
        Reading::Annual(_) => None,
        Reading::Start(said) | Reading::End(said) => said.err(),
        Reading::Term(said) => said.err(),
        Reading::Extension(said) => said.err(),
        Reading::YearBegins(said) => said.err(),
        Reading::ShortYear(said) => said.err(),
        Reading::TakeOrPay(said) => said.err(),
        Reading::MakeUpOrder(said) => said.err(),
        Reading::MakeUpYears(said) | Reading::CarryForwardYears(said) => said.err(),
        Reading::EndOfTerm(said) => said.err(),
        Reading::DeficiencyPrice(said) => said.err(),
    }
}

/// `None` for what is not a term that is reckoned with.
fn read(fact: &Fact) -> Option<Reading> {
    let value = fact.value.as_str();
    Some(match fact.field {
        Field::Acq | Field::DownwardTolerance | Field::UpwardOption | Field::CarryForwardCap => {
            Reading::Annual(annual(value, &fact.unit))
        }
        Field::Start => Reading::Start(value.parse()),
        Field::End => Reading::End(value.parse()),
        Field::Term => Reading::Term(value.parse()),
        Field::Extension => Reading::Extension(extension_years(value)),
        Field::YearBegins => Reading::YearBegins(month(value)),
        Field::ShortYear => {
            let rules = [("pro_rata", ShortYear::ProRata), ("as_stated", ShortYear::AsStated)];
            Reading::ShortYear(word(value, &rules))
        }
        Field::TakeOrPayShare => Reading::TakeOrPay(percentage(value)),
        Field::MakeUpOrder => {
            let orders = [
                ("after_acq", Some(Order::AfterAcq)),
                ("after_take_or_pay", Some(Order::AfterTakeOrPay)),
                ("first", Some(Order::First)),
                ("none", None),
            ];
            Reading::MakeUpOrder(word(value, &orders))
        }
        Field::MakeUpYears => Reading::MakeUpYears(expiry(value)),
        Field::CarryForwardYears => Reading::CarryForwardYears(expiry(value)),
        Field::EndOfTerm => Reading::EndOfTerm(end_of_term(value)),
        Field::DeficiencyPrice => Reading::DeficiencyPrice(price_rule(value)),
        _ => return None,
    })
}

fn annual(value: &str, unit: &str) -> Annual {
    let wording = match value {
        "none" => Wording::NoRight,
        "unlimited" => Wording::Unlimited,
        share if share.ends_with('%') => Wording::Share(percentage(share)),
        _ => Wording::Quantity,
    };
    Annual { wording, value: ratio(value), unit: text::unit(unit).map_err(|error| error.to_string()) }
}

/// `85 %`, also with a decimal.
pub fn percentage(text: &str) -> Said<Share> {
    let number = text
        .strip_suffix('%')
        .ok_or_else(|| format!("`{text}` is not a valid percentage; expected one such as 85 %"))?;
    Share::percent(decimal::read(number.trim())?)
}

fn ratio(text: &str) -> Said<Ratio> {
    Ratio::try_from(decimal::read(text)?).map_err(|error| error.to_string())
}

fn month(text: &str) -> Said<u8> {
    let month = text.parse().ok().filter(|month| (1..=12).contains(month));
    month.ok_or_else(|| "is not a valid month; expected 1 to 12".to_owned())
}

/// Longer rights are taken for an error of typing.
const MOST_YEARS: u8 = 99;

/// `up to 10 years`, `5 years`, `2 x 5 years`.
fn extension_years(text: &str) -> Said<i16> {
    let found = || {
        let rest = text.strip_prefix("up to ").unwrap_or(text);
        let rest = rest.strip_suffix(" years").or_else(|| rest.strip_suffix(" year"))?;
        let number = |text: &str| text.trim().parse::<i16>().ok().filter(|years| (1..=99).contains(years));
        match rest.split_once('x') {
            Some((times, years)) => number(times)?.checked_mul(number(years)?).filter(|years| *years <= 99),
            None => number(rest),
        }
    };
    found().ok_or_else(|| "is not a valid extension; expected 5 years, up to 10 years or 2 x 5 years".to_owned())
}

fn years(text: &str, right: &str) -> Said<u8> {
    let years = text.parse().ok().filter(|years| *years <= MOST_YEARS);
    years.ok_or_else(|| format!("is not a valid number of years from 0 to {MOST_YEARS}; expected {right}"))
}

fn word<T: Copy>(text: &str, words: &[(&str, T)]) -> Said<T> {
    let found = words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
    let known = || words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
    found.ok_or_else(|| format!("is not known; expected {}", known()))
}

/// `5` years, or `end_of_term`.
fn expiry(text: &str) -> Said<Expiry> {
    if text == "end_of_term" { Ok(Expiry::EndOfTerm) } else { years(text, "3, or end_of_term").map(Expiry::Years) }
}

fn end_of_term(text: &str) -> Said<EndOfTerm> {
    match text.strip_prefix("extended ") {
        Some(text) => Ok(EndOfTerm::Extended { years: years(text, "extended 2")? }),
        None => word(text, &[("forfeited", EndOfTerm::Forfeited), ("refunded", EndOfTerm::Refunded)])
            .map_err(|problem| format!("{problem} or extended 2")),
    }
}

/// `fixed 5`, `mean_of_year 100 %`, `last_month 75 %`.
fn price_rule(text: &str) -> Said<PriceRule> {
    let wrong = || "is not a valid price rule; expected fixed 5, mean_of_year 100 % or last_month 75 %".to_owned();
    let (word, number) = text.split_once(' ').ok_or_else(wrong)?;
    let percent = || {
        let number = decimal::read(number.trim_end_matches('%').trim()).map_err(|_| wrong())?;
        Share::percent(number).map_err(|_| wrong())
    };
    let whole = || Share::percent(Decimal::ONE_HUNDRED).map_err(|_| wrong());
    Ok(match word {
        "fixed" => PriceRule { basis: PriceBasis::Fixed(decimal::read(number).map_err(|_| wrong())?), share: whole()? },
        "mean_of_year" => PriceRule { basis: PriceBasis::MeanOfYear, share: percent()? },
        "last_month" => PriceRule { basis: PriceBasis::LastMonth, share: percent()? },
        _ => return Err(wrong()),
    })
}
