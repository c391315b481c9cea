//! Contract years of a term and their quantities, as exact fractions.

use jiff::civil::Date;

use super::terms::{Error, OpenBuildUp, ShortYear, Terms};
use super::{quantities, quantities::Stretch};
use crate::energy::term::{Limit, MissingTerm, required};
use crate::value::Ratio;
use crate::value::decimal::Overflow;

/// Longer terms are taken for an error of typing.
const MOST_YEARS: i16 = 150;

/// One contract year, or the part of it within the term.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ContractYear {
    /// Calendar year in which the contract year begins.
    pub year: i16,
    pub from: Date,
    pub to: Date,
    /// The term cuts it short.
    pub short: bool,
    pub planned: Result<Planned, Unplanned>,
}

/// What is contracted for a contract year.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Planned {
    /// Days over which an annual quantity spreads: those of the full contract year, or those of a short one where the ACQ is
    /// stated for it.
    of_days: i64,
    stretches: Vec<OfStretch>,
}

/// What is contracted on a run of days, as quantities a year.
#[derive(Clone, PartialEq, Eq, Debug)]
struct OfStretch {
    from: Date,
    to: Date,
    annual: Figures,
}

/// The figures of a schedule, exactly. Those that depend on an unknown term are absent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Figures {
    pub contracted: Ratio,
    pub take_or_pay: Option<Ratio>,
    /// ACQ less downward tolerance.
    pub least: Option<Ratio>,
    /// ACQ and upward option.
    pub most: Option<Ratio>,
}

/// Why nothing can be said of a contract year.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unplanned {
    /// It is short, and what the ACQ means there is not known.
    ShortYear,
    BuildUp(OpenBuildUp),
}

impl Unplanned {
    /// The term that is missing; `years` in words.
    pub fn missing(&self, years: &str) -> MissingTerm {
        MissingTerm(match self {
            Self::ShortYear => {
                format!("short_year, what the annual quantity means in {years}, which the term cuts short,")
            }
            Self::BuildUp(OpenBuildUp { note, .. }) => {
                let note = if note.is_empty() { String::new() } else { format!(" ({note})") };
                format!(
                    "build_up, how the quantity builds up{note}, so that the annual quantity of {years} is not said (steps of \
                     it may be supplied as `acq` with their years, or `build_up` as none)"
                )
            }
        })
    }
}

impl ContractYear {
    pub fn days(&self) -> i64 {
        days_between(self.from, self.to)
    }

    /// The ACQ of the year, its part by days where that is the rule.
    pub fn contracted(&self) -> Result<Option<Ratio>, Overflow> {
        Ok(self.within(self.from, self.to)?.map(|figures| figures.contracted))
    }

    /// What falls on a range of days; `None` where nothing can be said.
    pub fn within(&self, first: Date, last: Date) -> Result<Option<Figures>, Overflow> {
        let Ok(planned) = &self.planned else { return Ok(None) };
        let mut total = Figures::ZERO;
        for OfStretch { from, to, annual } in &planned.stretches {
            let (from, to) = ((*from).max(first), (*to).min(last));
            if from <= to {
                let part = Ratio::new(i128::from(days_between(from, to)), i128::from(planned.of_days))?;
                total = total.plus(annual.times(part)?)?;
            }
        }
        Ok(Some(total))
    }
}

impl Figures {
    /// Where there are no stretches nothing is unknown either.
    pub const ZERO: Self = Self {
        contracted: Ratio::ZERO,
        take_or_pay: Some(Ratio::ZERO),
        least: Some(Ratio::ZERO),
        most: Some(Ratio::ZERO),
    };

    pub fn plus(self, other: Self) -> Result<Self, Overflow> {
        let both = |left: Option<Ratio>, right: Option<Ratio>| {
            left.zip(right).map(|(left, right)| left.plus(right)).transpose()
        };
        Ok(Self {
            contracted: self.contracted.plus(other.contracted)?,
            take_or_pay: both(self.take_or_pay, other.take_or_pay)?,
            least: both(self.least, other.least)?,
            most: both(self.most, other.most)?,
        })
    }

    fn times(self, part: Ratio) -> Result<Self, Overflow> {
        let of = |figure: Option<Ratio>| figure.map(|figure| figure.times(part)).transpose();
        Ok(Self {
            contracted: self.contracted.times(part)?,
            take_or_pay: of(self.take_or_pay)?,
            least: of(self.least)?,
            most: of(self.most)?,
        })
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
    let lies_outside = |year: &i16| *year < first || *year > last;
    let first_years = terms.acq.iter().filter_map(|step| step.first_year);
    if let Some(year) = first_years.into_iter().find(lies_outside) {
        return Err(invalid("ACQ step", year, format!("lies outside the term, {first} to {last}")));
    }
    (first..=last).map(|year| contract_year(terms, year, (start, end), begins)).collect()
}

fn contract_year(terms: &Terms, year: i16, term: (Date, Date), begins: u8) -> Result<ContractYear, Error> {
    let (full_from, full_to) = (first_day(year, begins)?, last_day(year, begins)?);
    let (from, to) = (full_from.max(term.0), full_to.min(term.1));
    let short = from != full_from || to != full_to;
    let of_year = |planned| ContractYear { year, from, to, short, planned };
    let stretches = quantities::of_days(&terms.acq, year, (from, to))?;
    if let Some(gap) = stretches.iter().find(|stretch| stretch.acq.is_none()) {
        let which = if (gap.from, gap.to) == (from, to) {
            format!("contract year {year}")
        } else {
            format!("{} to {}", gap.from, gap.to)
        };
        return Err(invalid("ACQ", year, format!("no ACQ covers {which}")));
    }
    let is_placed = terms.acq.iter().filter(|step| step.covers_year(year)).all(|step| step.is_placed());
    if let Some(open) = terms.build_up.as_ref().filter(|open| !is_placed && open.covers(year)) {
        return Ok(of_year(Err(Unplanned::BuildUp(open.clone()))));
    }
    let of_days = match (short, terms.short_year) {
        (false, _) | (true, Some(ShortYear::ProRata)) => days_between(full_from, full_to),
        (true, Some(ShortYear::AsStated)) => days_between(from, to),
        (true, None) => return Ok(of_year(Err(Unplanned::ShortYear))),
    };
    let stretches = stretches.iter().map(|stretch| of_stretch(terms, year, stretch)).collect::<Result<_, _>>()?;
    Ok(of_year(Ok(Planned { of_days, stretches })))
}

fn of_stretch(terms: &Terms, year: i16, stretch: &Stretch) -> Result<OfStretch, Error> {
    let acq = stretch.acq.unwrap_or(Ratio::ZERO);
    let take_or_pay = terms.take_or_pay.map(|share| Ratio::try_from(share.fraction())?.times(acq)).transpose()?;
    let least = match allowance("downward tolerance", terms.downward, acq)? {
        Some(downward) => {
            let least = acq.minus(downward)?;
            if least.is_negative() {
                return Err(invalid("downward tolerance", downward, format!("exceeds the ACQ of {acq} in {year}")));
            }
            Some(least)
        }
        None => None,
    };
    let most = allowance("upward option", terms.upward, acq)?.map(|upward| acq.plus(upward)).transpose()?;
    let annual = Figures { contracted: acq, take_or_pay, least, most };
    Ok(OfStretch { from: stretch.from, to: stretch.to, annual })
}

fn check(terms: &Terms, start: Date, end: Date, begins: u8) -> Result<(), Error> {
    if !(1..=12).contains(&begins) {
        return Err(invalid(
            "month in which contract years begin",
            begins,
            "is not a valid month; expected 1 to 12".to_owned(),
        ));
    }
    if end < start {
        return Err(invalid("end of the term", end, format!("lies before the start, {start}")));
    }
    if end.year() - start.year() > MOST_YEARS {
        return Err(invalid("end of the term", end, format!("covers more than {MOST_YEARS} years from {start}")));
    }
    for step in &terms.acq {
        if step.acq.is_negative() {
            return Err(invalid("ACQ", step.acq, "is negative".to_owned()));
        }
        if let Some((first, last)) = step.first_year.zip(step.last_year)
            && last < first
        {
            return Err(invalid("ACQ step", first, "ends before it begins".to_owned()));
        }
    }
    Ok(())
}

fn allowance(field: &'static str, limit: Option<Limit>, acq: Ratio) -> Result<Option<Ratio>, Error> {
    let Some(limit) = limit else { return Ok(None) };
    let Some(quantity) = limit.of(acq)? else {
        return Err(invalid(field, "unlimited", "is an allowance without a limit".to_owned()));
    };
    if quantity.is_negative() {
        return Err(invalid(field, quantity, "is negative".to_owned()));
    }
    Ok(Some(quantity))
}

/// The calendar year in which the contract year of a day begins: the contract year's name.
pub fn name_of_year(day: Date, begins: u8) -> i16 {
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
