//! From facts to the terms that schedules and ledgers reckon with.
//!
//! A term that is absent, redacted or not reviewed stays unknown, and what needs it names it. A request may supply terms:
//! its facts take the place of all facts of the same field. Texts were read before ([`super::reading`]): here terms are
//! chosen by the day, converted and put together.

use std::borrow::Cow;

use super::length::Length;
use super::reading::{Annual, Reading, Readings, Said, Wording, readings};
use super::{Conflict, Contract, Fact, FactState, Field, agreed};
use crate::energy::quantity::{FactorSet, Refusal, Unit, convert_exactly};
use crate::energy::schedule::years::name_of_year;
use crate::energy::schedule::{self, OpenBuildUp, Step};
use crate::energy::settlement::{self, CarryForward, MakeUp};
use crate::energy::term::{Limit, Share};
use crate::value::decimal::{Half, Rounding};
use crate::value::{Ratio, Span};
use jiff::civil::Date;

/// In place of a build-up: the annual quantity stands from the first year on.
const NO_BUILD_UP: &str = "none";

/// Limits that come from another unit.
const OF_LIMITS: Rounding = Rounding { digits: 12, half: Half::Even };

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

/// A known fact and what it says.
#[derive(Clone, Debug)]
struct Term<'a, T> {
    fact: Cow<'a, Fact>,
    said: T,
}

impl<T> AsRef<Fact> for Term<'_, T> {
    fn as_ref(&self) -> &Fact {
        &self.fact
    }
}

/// What a fact says, or its refusal by the fact's name.
fn readable<T: Clone>(fact: &Fact, said: &Said<T>) -> Result<T, Error> {
    said.clone().map_err(|problem| invalid(fact, problem))
}

impl Term<'_, Annual> {
    fn unit(&self) -> Result<Unit, Error> {
        readable(&self.fact, &self.said.unit)
    }

    fn value(&self) -> Result<Ratio, Error> {
        readable(&self.fact, &self.said.value)
    }
}

/// All that hold on a day.
fn known<'t, 'a, T>(terms: &'t [Term<'a, T>], day: Date) -> impl Iterator<Item = &'t Term<'a, T>> {
    terms.iter().filter(move |term| term.fact.holds_on(day))
}

/// The one value on a day; `None` when it is not known.
fn one<T: Copy>(terms: &[Term<'_, Said<T>>], day: Date) -> Result<Option<T>, Error> {
    agreed(known(terms, day))?.map(|term| readable(&term.fact, &term.said)).transpose()
}

/// The terms of a contract, on whatever day they hold.
#[derive(Clone, Debug, Default)]
pub struct Terms<'a> {
    /// The annual quantity, tolerances, options and caps, in the order of the facts.
    annual: Vec<Term<'a, Annual>>,
    start: Vec<Term<'a, Said<Span>>>,
    end: Vec<Term<'a, Said<Span>>>,
    length: Vec<Term<'a, Said<Length>>>,
    extension: Vec<Term<'a, Said<i16>>>,
    /// A build-up that is not known, or known in words alone.
    build_up: Vec<&'a Fact>,
    year_begins: Vec<Term<'a, Said<u8>>>,
    short_year: Vec<Term<'a, Said<schedule::ShortYear>>>,
    take_or_pay: Vec<Term<'a, Said<Share>>>,
    make_up_order: Vec<Term<'a, Said<Option<settlement::Order>>>>,
    make_up_years: Vec<Term<'a, Said<settlement::Expiry>>>,
    carry_forward_years: Vec<Term<'a, Said<settlement::Expiry>>>,
    end_of_term: Vec<Term<'a, Said<settlement::EndOfTerm>>>,
    deficiency_price: Vec<Term<'a, Said<settlement::PriceRule>>>,
}

impl<'a> Terms<'a> {
    /// The terms of facts that were read already, with those of a request in place of them.
    pub fn new(facts: &'a [Fact], read: &Readings, supplied: &'a [Fact]) -> Self {
        let mut terms = Self::default();
        let is_replaced = |field: Field| supplied.iter().any(|fact| fact.field == field);
        for (index, reading) in read {
            if !is_replaced(facts[*index].field) {
                terms.add(&facts[*index], reading.clone());
            }
        }
        for (index, reading) in readings(supplied) {
            terms.add(&supplied[index], reading);
        }
        let of_build_up = |fact: &&Fact| {
            fact.field == Field::BuildUp && fact.state != FactState::NotApplicable && fact.value != NO_BUILD_UP
        };
        // A quantity that the request supplies is what it supposes, for all years that it does not except.
        if !is_replaced(Field::Acq) {
            let own = facts.iter().filter(|_| !is_replaced(Field::BuildUp)).filter(of_build_up);
            terms.build_up = own.chain(supplied.iter().filter(of_build_up)).collect();
        }
        terms
    }

    fn add(&mut self, fact: &'a Fact, reading: Reading) {
        let fact = Cow::Borrowed(fact);
        match reading {
            Reading::Annual(said) => self.annual.push(Term { fact, said }),
            Reading::Start(said) => self.start.push(Term { fact, said }),
            Reading::End(said) => self.end.push(Term { fact, said }),
            Reading::Term(said) => self.length.push(Term { fact, said }),
            Reading::Extension(said) => self.extension.push(Term { fact, said }),
            Reading::YearBegins(said) => self.year_begins.push(Term { fact, said }),
            Reading::ShortYear(said) => self.short_year.push(Term { fact, said }),
            Reading::TakeOrPay(said) => self.take_or_pay.push(Term { fact, said }),
            Reading::MakeUpOrder(said) => self.make_up_order.push(Term { fact, said }),
            Reading::MakeUpYears(said) => self.make_up_years.push(Term { fact, said }),
            Reading::CarryForwardYears(said) => self.carry_forward_years.push(Term { fact, said }),
            Reading::EndOfTerm(said) => self.end_of_term.push(Term { fact, said }),
            Reading::DeficiencyPrice(said) => self.deficiency_price.push(Term { fact, said }),
        }
    }

    /// With quantities in a rate's unit, through a factor set where one is named. A quantity that is an amount comes to
    /// the same unit without its time.
    pub fn in_unit(mut self, to: Unit, set: Option<&FactorSet>) -> Result<Self, Error> {
        for term in self.annual.iter_mut().filter(|term| !term.fact.unit.is_empty()) {
            let own = term.unit()?;
            let target = Unit { per: own.per.and(to.per), ..to };
            if own == target {
                continue;
            }
            let (value, unit) = convert_exactly(term.value()?, own, target, set)?;
            let fact = term.fact.to_mut();
            fact.value = value.to_string();
            fact.unit = unit.to_string();
            term.said = Annual { wording: Wording::Quantity, value: Ok(value), unit: Ok(unit) };
        }
        Ok(self)
    }

    fn annual(&self, field: Field, day: Date) -> impl Iterator<Item = &Term<'a, Annual>> {
        known(&self.annual, day).filter(move |term| term.fact.field == field)
    }

    /// Units of all annual quantities that can be read.
    pub fn units(&self) -> impl Iterator<Item = Unit> {
        let acq = self.annual.iter().filter(|term| term.fact.field == Field::Acq);
        acq.filter_map(|term| term.said.unit.clone().ok())
    }

    /// The largest annual quantity of any day, in whatever unit it is.
    pub fn largest(&self) -> Option<Ratio> {
        let values = self.acq().filter_map(|term| term.said.value.clone().ok());
        values.reduce(|left, right| if left.minus(right).is_ok_and(Ratio::is_negative) { right } else { left })
    }

    /// Annual quantities, whenever they hold: each counts on its own days.
    fn acq(&self) -> impl Iterator<Item = &Term<'a, Annual>> {
        self.annual.iter().filter(|term| term.fact.field == Field::Acq)
    }

    /// The month in which contract years begin, by the first source that has it.
    pub fn first_month(&self, day: Date) -> Option<u8> {
        known(&self.year_begins, day).next()?.said.clone().ok()
    }

    /// Steps of the annual quantity in a unit, or in that of the first step, and that unit; `None` when there is no
    /// quantity. Which of them holds on a day, and whether they contradict one another, is seen day by day
    /// (`schedule::quantities`).
    pub fn steps(&self, to: Option<Unit>, set: Option<&FactorSet>) -> Result<(Vec<Step>, Option<Unit>), Error> {
        let mut steps: Vec<Step> = Vec::new();
        let mut unit: Option<Unit> = None;
        for term in self.acq() {
            let Fact { first_year, last_year, from, until, .. } = *term.fact;
            let own = term.unit()?;
            let (acq, reached) = convert_exactly(term.value()?, own, to.or(unit).unwrap_or(own), set)?;
            unit = Some(reached);
            let (from, until) = (from.map(|from| from.first), until.map(|until| until.last));
            steps.push(Step { first_year, last_year, from, until, acq });
        }
        steps.sort_by_key(|step| (step.first_year, step.from));
        Ok((steps, unit))
    }

    /// The last day of the term, and whether it was reckoned from the length of the term.
    pub fn end(&self, day: Date) -> Result<Option<(Date, bool)>, Error> {
        if let Some(end) = one(&self.end, day)? {
            return Ok(Some((end.last, false)));
        }
        let (Some(start), Some(length)) = (one(&self.start, day)?, one(&self.length, day)?) else { return Ok(None) };
        Ok(length.last_day(start.first).map(|end| (end, true)))
    }

    /// What the annual quantity means in a short year, by the first source that says it.
    pub fn short_year(&self, day: Date) -> Option<schedule::ShortYear> {
        known(&self.short_year, day).find_map(|term| term.said.clone().ok())
    }

    /// Years by which the term may be extended, by the first source that says it.
    pub fn extension(&self, day: Date) -> Option<i16> {
        known(&self.extension, day).find_map(|term| term.said.clone().ok())
    }

    /// What is not known of the build-up; `None` when there is no doubt.
    pub fn open_build_up(&self, day: Date) -> Option<OpenBuildUp> {
        let begins = self.first_month(day).unwrap_or(1);
        let last_year =
            |fact: &Fact| fact.last_year.or_else(|| fact.until.map(|until| name_of_year(until.last, begins)));
        let first = self.build_up.first()?;
        let last_years: Option<Vec<i16>> = self.build_up.iter().map(|fact| last_year(fact)).collect();
        let note = if first.note.is_empty() { &first.value } else { &first.note };
        Some(OpenBuildUp { last_year: last_years.and_then(|years| years.into_iter().max()), note: note.clone() })
    }

    /// A limit in the unit of the annual quantity.
    fn limit(&self, field: Field, day: Date) -> Result<Option<Limit>, Error> {
        let Some(term) = agreed(self.annual(field, day))? else { return Ok(None) };
        match &term.said.wording {
            Wording::Unlimited => return Ok(Some(Limit::Unlimited)),
            Wording::Share(share) => {
                return Ok(Some(Limit::ShareOfAcq(readable(&term.fact, share)?)));
            }
            Wording::NoRight | Wording::Quantity => {}
        }
        let (_, acq_unit) = self.steps(None, None)?;
        let own = term.unit()?;
        let (value, _) = convert_exactly(term.value()?, own, acq_unit.unwrap_or(own), None)?;
        Ok(Some(Limit::Quantity(value.rounded(OF_LIMITS).map_err(Refusal::from)?)))
    }

    pub fn schedule(&self, day: Date) -> Result<schedule::Terms, Error> {
        let (acq, _) = self.steps(None, None)?;
        Ok(schedule::Terms {
            start: one(&self.start, day)?.map(|span| span.first),
            end: self.end(day)?.map(|(end, _)| end),
            year_begins: one(&self.year_begins, day)?,
            acq,
            build_up: self.open_build_up(day),
            short_year: one(&self.short_year, day)?,
            take_or_pay: one(&self.take_or_pay, day)?,
            downward: self.limit(Field::DownwardTolerance, day)?,
            upward: self.limit(Field::UpwardOption, day)?,
        })
    }

    pub fn settlement(&self, day: Date) -> Result<settlement::Terms, Error> {
        let make_up = match one(&self.make_up_order, day)? {
            None => None,
            Some(None) => Some(MakeUp::NoRight),
            Some(order) => Some(MakeUp::Right { order, expiry: one(&self.make_up_years, day)? }),
        };
        let cap = agreed(self.annual(Field::CarryForwardCap, day))?;
        let carry_forward = match cap.map(|term| &term.said.wording) {
            None => None,
            Some(Wording::NoRight) => Some(CarryForward::NoRight),
            Some(_) => {
                let cap = self.limit(Field::CarryForwardCap, day)?;
                Some(CarryForward::Right { cap, expiry: one(&self.carry_forward_years, day)? })
            }
        };
        let end_of_term = one(&self.end_of_term, day)?;
        let (end, begins) = (self.end(day)?, one(&self.year_begins, day)?);
        Ok(settlement::Terms {
            take_or_pay: one(&self.take_or_pay, day)?,
            downward: self.limit(Field::DownwardTolerance, day)?,
            make_up,
            carry_forward,
            end_of_term,
            last_year: end.zip(begins).map(|((end, _), begins)| name_of_year(end, begins)),
            deficiency_price: one(&self.deficiency_price, day)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::energy::contract::Confidence;
    use crate::energy::quantity::text;
    use crate::value::decimal::d;

    const DAY: Date = Date::constant(2024, 1, 1);

    fn fact(field: Field, value: &str, unit: &str) -> Fact {
        Fact {
            field,
            value: value.into(),
            unit: unit.into(),
            country: String::new(),
            from: None,
            until: None,
            first_year: None,
            last_year: None,
            source: "a source".into(),
            confidence: Confidence::High,
            state: FactState::Extracted,
            note: String::new(),
        }
    }

    /// The terms of facts, and of those of a request.
    fn terms<'a>(facts: &'a [Fact], supplied: &'a [Fact]) -> Terms<'a> {
        Terms::new(facts, &readings(facts), supplied)
    }

    #[test]
    fn an_unreadable_term_is_refused_by_name_where_it_is_needed() {
        let facts = [fact(Field::Acq, "38", "furlong/y"), fact(Field::MakeUpOrder, "last", "")];
        let error = terms(&facts, &[]).schedule(DAY).unwrap_err().to_string();
        assert!(error.starts_with("acq `38`: unit `furlong/y`: "), "{error}");
        let supplied = [fact(Field::Acq, "38", "bcm/y@20C")];
        let supplied_terms = terms(&facts, &supplied);
        assert_eq!(supplied_terms.schedule(DAY).unwrap().acq[0].acq, "38".parse().unwrap());
        let error = supplied_terms.settlement(DAY).unwrap_err().to_string();
        assert_eq!(error, "make_up_order `last`: is not known; expected after_acq, after_take_or_pay, first, none");
    }

    #[test]
    fn annual_terms_come_to_one_unit_and_other_terms_stay() {
        let facts = [
            fact(Field::Acq, "38", "bcm/y@20C"),
            fact(Field::DownwardTolerance, "500", "mcm/y@20C"),
            fact(Field::UpwardOption, "10 %", ""),
            fact(Field::CarryForwardCap, "none", ""),
        ];
        let to = text::unit("mcm/y@20C").unwrap();
        let converted = terms(&facts, &[]).in_unit(to, None).unwrap();
        let schedule = converted.schedule(DAY).unwrap();
        let acq: Ratio = "38000".parse().unwrap();
        assert_eq!((schedule.acq[0].acq, converted.largest()), (acq, Some(acq)));
        assert_eq!(schedule.downward, Some(Limit::Quantity(d("500"))));
        assert!(matches!(schedule.upward, Some(Limit::ShareOfAcq(_))));
        assert_eq!(converted.settlement(DAY).unwrap().carry_forward, Some(CarryForward::NoRight));
    }

    #[test]
    fn sources_that_differ_are_refused_before_they_are_read() {
        let facts = [fact(Field::YearBegins, "10", ""), fact(Field::YearBegins, "October", "")];
        let error = terms(&facts, &[]).schedule(DAY).unwrap_err();
        assert!(matches!(error, Error::Conflict(Conflict { field: Field::YearBegins, .. })), "{error}");
        assert_eq!(terms(&facts, &[]).first_month(DAY), Some(10));
    }
}
