//! From facts to the terms that schedules and ledgers reckon with.
//!
//! A term that is absent, redacted or not reviewed stays unknown, and what needs it names it. A request may supply terms:
//! its facts take the place of all facts of the same field.

use std::str::FromStr as _;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::term::{Limit, Share};
use super::{Conflict, Contract, Fact, Field};
use crate::energy::quantity::{FactorSet, Refusal, Unit, convert, text};
use crate::energy::schedule::{self, ShortYear, Step};
use crate::energy::settlement::{self, CarryForward, EndOfTerm, Expiry, MakeUp, Order, PriceBasis, PriceRule};
use crate::value::{Span, decimal};

/// Why terms cannot be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Conflict(#[from] Conflict),
    #[error("{field} `{value}`: {problem}")]
    Invalid { field: String, value: String, problem: String },
    #[error(transparent)]
    Unit(#[from] Refusal),
}

fn invalid(fact: &Fact, problem: impl Into<String>) -> Error {
    Error::Invalid { field: fact.field.name().to_owned(), value: fact.value.clone(), problem: problem.into() }
}

/// The contract with the request's facts in place of its own.
pub fn with_supplied(contract: &Contract, supplied: &[Fact]) -> Contract {
    let is_replaced = |fact: &&Fact| supplied.iter().any(|other| other.field == fact.field);
    let kept = contract.facts.iter().filter(|fact| !is_replaced(fact)).cloned();
    Contract { id: contract.id.clone(), facts: kept.chain(supplied.iter().cloned()).collect() }
}

/// The contract with its quantities in a rate's unit, through a factor set where one is named. A quantity that is an amount
/// comes to the same unit without its time.
pub fn in_unit(contract: &Contract, to: Unit, set: Option<&FactorSet>) -> Result<Contract, Error> {
    let mut facts = contract.facts.clone();
    for fact in facts.iter_mut().filter(|fact| fact.is_known() && !fact.unit.is_empty()) {
        let is_annual =
            matches!(fact.field, Field::Acq | Field::DownwardTolerance | Field::UpwardOption | Field::CarryForwardCap);
        if !is_annual {
            continue;
        }
        let own = text::unit(&fact.unit).map_err(|error| invalid(fact, error.to_string()))?;
        let target = Unit { per: own.per.and(to.per), ..to };
        if own == target {
            continue;
        }
        let value = decimal::read(&fact.value).map_err(|problem| invalid(fact, problem))?;
        let converted = convert(value, own, target, set)?;
        fact.value = converted.value.to_string();
        fact.unit = converted.unit.to_string();
    }
    Ok(Contract { id: contract.id.clone(), facts })
}

/// Steps of the annual quantity in one unit, and that unit; `None` when there is no quantity.
pub fn quantities(contract: &Contract, day: Date) -> Result<(Vec<Step>, Option<Unit>), Error> {
    quantities_in(contract, day, None, None)
}

/// The same in a unit, or in that of the first step. A step without a first year, of a contract without a known start,
/// stands for all years.
pub fn quantities_in(
    contract: &Contract,
    day: Date,
    to: Option<Unit>,
    set: Option<&FactorSet>,
) -> Result<(Vec<Step>, Option<Unit>), Error> {
    let mut steps: Vec<Step> = Vec::new();
    let mut unit: Option<Unit> = None;
    for fact in contract.known(Field::Acq, day) {
        let own = text::unit(&fact.unit).map_err(|error| invalid(fact, error.to_string()))?;
        let to = to.or(unit).unwrap_or(own);
        let value = decimal::read(&fact.value).map_err(|problem| invalid(fact, problem))?;
        // Of the same unit even without a basis: nothing is converted.
        let acq = if own == to {
            unit = Some(to);
            value
        } else {
            let converted = convert(value, own, to, set)?;
            unit = Some(converted.unit);
            converted.value
        };
        let first_year = fact.first_year.or_else(|| first_contract_year(contract)).unwrap_or(i16::MIN);
        let overlapping = steps.iter().find(|step| {
            let ends = |last: Option<i16>| last.unwrap_or(i16::MAX);
            first_year <= ends(step.last_year) && step.first_year <= ends(fact.last_year)
        });
        if let Some(other) = overlapping {
            if other.acq == acq {
                continue;
            }
            let year = if first_year == i16::MIN { "every year".to_owned() } else { first_year.to_string() };
            let values = format!("`{}` and `{acq}` for {year}", other.acq);
            return Err(Conflict { field: Field::Acq, values }.into());
        }
        steps.push(Step { first_year, last_year: fact.last_year, acq });
    }
    steps.sort_by_key(|step| step.first_year);
    Ok((steps, unit))
}

fn first_contract_year(contract: &Contract) -> Option<i16> {
    contract.term().0.map(Date::year)
}

pub fn schedule_terms(contract: &Contract, day: Date) -> Result<(schedule::Terms, Option<Unit>), Error> {
    let (acq, unit) = quantities(contract, day)?;
    let date = |field: Field, pick: fn(Span) -> Date| -> Result<Option<Date>, Error> {
        let fact = contract.one(field, day)?;
        fact.map(|fact| Span::from_str(&fact.value).map(pick).map_err(|problem| invalid(fact, problem))).transpose()
    };
    let terms = schedule::Terms {
        start: date(Field::Start, |span| span.first)?,
        end: date(Field::End, |span| span.last)?,
        year_begins: number(contract, Field::YearBegins, day)?,
        acq,
        short_year: word(
            contract,
            Field::ShortYear,
            day,
            &[("pro_rata", ShortYear::ProRata), ("as_stated", ShortYear::AsStated)],
        )?,
        take_or_pay: share(contract, Field::TakeOrPayShare, day)?,
        downward: limit(contract, Field::DownwardTolerance, day)?,
        upward: limit(contract, Field::UpwardOption, day)?,
    };
    Ok((terms, unit))
}

pub fn settlement_terms(contract: &Contract, day: Date) -> Result<settlement::Terms, Error> {
    let years = |field: Field| -> Result<Option<Expiry>, Error> {
        if word(contract, field, day, &[("end_of_term", ())]).is_ok_and(|found| found.is_some()) {
            return Ok(Some(Expiry::EndOfTerm));
        }
        Ok(number(contract, field, day)?.map(Expiry::Years))
    };
    let orders = [
        ("after_acq", Some(Order::AfterAcq)),
        ("after_take_or_pay", Some(Order::AfterTakeOrPay)),
        ("first", Some(Order::First)),
        ("none", None),
    ];
    let make_up = match word(contract, Field::MakeUpOrder, day, &orders)? {
        None => None,
        Some(None) => Some(MakeUp::NoRight),
        Some(order) => Some(MakeUp::Right { order, expiry: years(Field::MakeUpYears)? }),
    };
    let cap = contract.one(Field::CarryForwardCap, day)?;
    let carry_forward = match cap {
        None => None,
        Some(fact) if fact.value == "none" => Some(CarryForward::NoRight),
        Some(_) => {
            let cap = limit(contract, Field::CarryForwardCap, day)?;
            Some(CarryForward::Right { cap, expiry: years(Field::CarryForwardYears)? })
        }
    };
    let ends = [("forfeited", EndOfTerm::Forfeited), ("refunded", EndOfTerm::Refunded)];
    let end_of_term = match contract.one(Field::EndOfTerm, day)? {
        Some(fact) if fact.value.starts_with("extended ") => {
            let years =
                fact.value["extended ".len()..].parse().map_err(|_| invalid(fact, "extended 2 would be right"))?;
            Some(EndOfTerm::Extended { years })
        }
        _ => word(contract, Field::EndOfTerm, day, &ends)?,
    };
    Ok(settlement::Terms {
        take_or_pay: share(contract, Field::TakeOrPayShare, day)?,
        downward: limit(contract, Field::DownwardTolerance, day)?,
        make_up,
        carry_forward,
        end_of_term,
        last_year: contract.term().1.map(Date::year),
        deficiency_price: deficiency_price(contract, day)?,
    })
}

/// `fixed 5`, `mean_of_year 100 %`, `last_month 75 %`.
fn deficiency_price(contract: &Contract, day: Date) -> Result<Option<PriceRule>, Error> {
    let Some(fact) = contract.one(Field::DeficiencyPrice, day)? else { return Ok(None) };
    let wrong = || invalid(fact, "fixed 5, mean_of_year 100 % or last_month 75 % would be right");
    let (word, number) = fact.value.split_once(' ').ok_or_else(wrong)?;
    let percent = || {
        let number = decimal::read(number.trim_end_matches('%').trim()).map_err(|_| wrong())?;
        Share::percent(number).map_err(|_| wrong())
    };
    let whole = || Share::percent(Decimal::ONE_HUNDRED).map_err(|_| wrong());
    Ok(Some(match word {
        "fixed" => PriceRule { basis: PriceBasis::Fixed(decimal::read(number).map_err(|_| wrong())?), share: whole()? },
        "mean_of_year" => PriceRule { basis: PriceBasis::MeanOfYear, share: percent()? },
        "last_month" => PriceRule { basis: PriceBasis::LastMonth, share: percent()? },
        _ => return Err(wrong()),
    }))
}

/// `85 %`, also with a decimal.
pub fn percentage(text: &str) -> Result<Share, String> {
    let number = text.strip_suffix('%').ok_or_else(|| format!("`{text}` is no percentage; 85 % would be right"))?;
    Share::percent(decimal::read(number.trim())?)
}

fn share(contract: &Contract, field: Field, day: Date) -> Result<Option<Share>, Error> {
    let fact = contract.one(field, day)?;
    fact.map(|fact| percentage(&fact.value).map_err(|problem| invalid(fact, problem))).transpose()
}

/// `10 %` of the ACQ, a quantity, or `unlimited`.
fn limit(contract: &Contract, field: Field, day: Date) -> Result<Option<Limit>, Error> {
    let Some(fact) = contract.one(field, day)? else { return Ok(None) };
    if fact.value == "unlimited" {
        return Ok(Some(Limit::Unlimited));
    }
    if fact.value.ends_with('%') {
        return percentage(&fact.value)
            .map(|share| Some(Limit::ShareOfAcq(share)))
            .map_err(|problem| invalid(fact, problem));
    }
    let (_, acq_unit) = quantities(contract, day)?;
    let value = decimal::read(&fact.value).map_err(|problem| invalid(fact, problem))?;
    let own = text::unit(&fact.unit).map_err(|error| invalid(fact, error.to_string()))?;
    let value = match acq_unit.filter(|unit| *unit != own) {
        Some(unit) => convert(value, own, unit, None)?.value,
        None => value,
    };
    Ok(Some(Limit::Quantity(value)))
}

fn number(contract: &Contract, field: Field, day: Date) -> Result<Option<u8>, Error> {
    let fact = contract.one(field, day)?;
    fact.map(|fact| fact.value.parse().map_err(|_| invalid(fact, "is no whole number from 0 to 255"))).transpose()
}

fn word<T: Copy>(contract: &Contract, field: Field, day: Date, words: &[(&str, T)]) -> Result<Option<T>, Error> {
    let Some(fact) = contract.one(field, day)? else { return Ok(None) };
    let found = words.iter().find(|(word, _)| *word == fact.value).map(|(_, meaning)| *meaning);
    let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    found.map(Some).ok_or_else(|| invalid(fact, format!("{} would be right", known.join(", "))))
}
