//! Contract years of a term and their quantities, as exact fractions.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::terms::{Error, ShortYear, Step, Terms};
use crate::energy::term::{Limit, required};
use crate::value::{Ratio, decimal};

/// Longer terms are taken for an error of typing.
const MOST_YEARS: i16 = 150;

/// One contract year, or the part of it within the term.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ContractYear {
    /// Calendar year in which the contract year begins.
    pub year: i16,
    pub from: Date,
    pub to: Date,
    /// The term cuts it short.
    pub short: bool,
    /// `None`, like all that follows, in a short year when it is not known what the ACQ means there.
    pub contracted: Option<Ratio>,
    pub take_or_pay: Option<Ratio>,
    pub least: Option<Ratio>,
    pub most: Option<Ratio>,
}

impl ContractYear {
    pub fn days(&self) -> i64 {
        days_between(self.from, self.to)
    }
}

/// Days from the first to the last, both included.
pub fn days_between(first: Date, last: Date) -> i64 {
    first.duration_until(last).as_hours() / 24 + 1
}

/// The contract years of the term, in order.
pub fn contract_years(terms: &Terms) -> Result<Vec<ContractYear>, Error> {
    let start = required("start of deliveries", terms.start)?;
    let end = required("end of the term", terms.end)?;
    let begins = required("month in which contract years begin", terms.year_begins)?;
    required("annual contract quantity", terms.acq.first())?;
    check(terms, start, end, begins)?;

    let (first, last) = (name_of_year(start, begins), name_of_year(end, begins));
    if let Some(step) = terms.acq.iter().find(|step| step.first_year < first || step.first_year > last) {
        return Err(invalid("ACQ step", step.first_year, format!("lies outside the term, {first} to {last}")));
    }
    (first..=last).map(|year| contract_year(terms, year, (start, end), begins)).collect()
}

fn contract_year(terms: &Terms, year: i16, term: (Date, Date), begins: u8) -> Result<ContractYear, Error> {
    let (full_from, full_to) = (first_day(year, begins)?, last_day(year, begins)?);
    let (from, to) = (full_from.max(term.0), full_to.min(term.1));
    let short = from != full_from || to != full_to;
    let acq = acq_of(&terms.acq, year)?;

    let of_year = match (short, terms.short_year) {
        (false, _) | (true, Some(ShortYear::AsStated)) => Ratio::ONE,
        (true, Some(ShortYear::ProRata)) => {
            let (days, full) = (days_between(from, to), days_between(full_from, full_to));
            Ratio::new(i128::from(days), i128::from(full))?
        }
        (true, None) => {
            return Ok(ContractYear {
                year,
                from,
                to,
                short,
                contracted: None,
                take_or_pay: None,
                least: None,
                most: None,
            });
        }
    };
    let fraction = |value: Decimal| -> Result<Ratio, Error> { Ok(Ratio::try_from(value)?.times(of_year)?) };
    let contracted = fraction(acq)?;
    let take_or_pay = terms.take_or_pay.map(|share| share.of(acq)).transpose()?.map(fraction).transpose()?;
    let least = match allowance("downward tolerance", terms.downward, acq)? {
        Some(downward) if downward > acq => {
            return Err(invalid("downward tolerance", downward, format!("exceeds the ACQ of {acq} in {year}")));
        }
        Some(downward) => Some(fraction(decimal::subtract(acq, downward)?)?),
        None => None,
    };
    let most = match allowance("upward option", terms.upward, acq)? {
        Some(upward) => Some(contracted.plus(fraction(upward)?)?),
        None => None,
    };
    Ok(ContractYear { year, from, to, short, contracted: Some(contracted), take_or_pay, least, most })
}

fn check(terms: &Terms, start: Date, end: Date, begins: u8) -> Result<(), Error> {
    if !(1..=12).contains(&begins) {
        return Err(invalid("month in which contract years begin", begins, "is no month; 1 to 12 would be".to_owned()));
    }
    if end < start {
        return Err(invalid("end of the term", end, format!("lies before the start, {start}")));
    }
    if end.year() - start.year() > MOST_YEARS {
        return Err(invalid("end of the term", end, format!("covers more than {MOST_YEARS} years from {start}")));
    }
    for step in &terms.acq {
        if step.acq < Decimal::ZERO {
            return Err(invalid("ACQ", step.acq, "is negative".to_owned()));
        }
        if step.last_year.is_some_and(|last| last < step.first_year) {
            return Err(invalid("ACQ step", step.first_year, "ends before it begins".to_owned()));
        }
    }
    Ok(())
}

fn acq_of(steps: &[Step], year: i16) -> Result<Decimal, Error> {
    let covers = |step: &&Step| step.first_year <= year && step.last_year.is_none_or(|last| year <= last);
    let mut covering = steps.iter().filter(covers);
    match (covering.next(), covering.next()) {
        (Some(step), None) => Ok(step.acq),
        (None, _) => Err(invalid("ACQ", year, format!("no ACQ covers contract year {year}"))),
        (Some(_), Some(_)) => Err(invalid("ACQ", year, format!("two steps cover contract year {year}"))),
    }
}

fn allowance(field: &'static str, limit: Option<Limit>, acq: Decimal) -> Result<Option<Decimal>, Error> {
    let Some(limit) = limit else { return Ok(None) };
    let Some(quantity) = limit.quantity(acq)? else {
        return Err(invalid(field, "unlimited", "is an allowance without a limit".to_owned()));
    };
    if quantity < Decimal::ZERO {
        return Err(invalid(field, quantity, "is negative".to_owned()));
    }
    Ok(Some(quantity))
}

/// The calendar year in which the contract year of a day begins.
fn name_of_year(day: Date, begins: u8) -> i16 {
    if day.month().unsigned_abs() >= begins { day.year() } else { day.year() - 1 }
}

pub fn first_day(year: i16, begins: u8) -> Result<Date, Error> {
    let month = i8::try_from(begins).unwrap_or_default();
    Date::new(year, month, 1).map_err(|_| invalid("contract year", year, "is outside the calendar".to_owned()))
}

pub fn last_day(year: i16, begins: u8) -> Result<Date, Error> {
    let next = first_day(year.saturating_add(1), begins)?;
    next.yesterday().map_err(|_| invalid("contract year", year, "is outside the calendar".to_owned()))
}

fn invalid(field: &'static str, value: impl ToString, reason: String) -> Error {
    Error::Invalid { field, value: value.to_string(), reason }
}
