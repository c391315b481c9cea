//! From facts to the terms that schedules and ledgers reckon with.
//!
//! A term that is absent, redacted or not reviewed stays unknown, and what needs it names it. A request may supply terms:
//! its facts take the place of all facts of the same field. Texts were read before ([`super::reading`]): here terms are
//! chosen by the day, converted and put together.

use std::borrow::Cow;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::reading::{Annual, Reading, Readings, Said, Wording, readings};
use super::{Conflict, Contract, Fact, Field, agreed};
use crate::energy::quantity::{FactorSet, Refusal, Unit, convert};
use crate::energy::schedule::{self, Step};
use crate::energy::settlement::{self, CarryForward, MakeUp};
use crate::energy::term::{Limit, Share};
use crate::value::Span;

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

    fn value(&self) -> Result<Decimal, Error> {
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
        terms
    }

    fn add(&mut self, fact: &'a Fact, reading: Reading) {
        let fact = Cow::Borrowed(fact);
        match reading {
            Reading::Annual(said) => self.annual.push(Term { fact, said }),
            Reading::Start(said) => self.start.push(Term { fact, said }),
            Reading::End(said) => self.end.push(Term { fact, said }),
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
            let converted = convert(term.value()?, own, target, set)?;
            let fact = term.fact.to_mut();
            fact.value = converted.value.to_string();
            fact.unit = converted.unit.to_string();
            term.said = Annual { wording: Wording::Quantity, value: Ok(converted.value), unit: Ok(converted.unit) };
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

    /// The largest annual quantity that holds on a day, in whatever unit it is.
    pub fn largest(&self, day: Date) -> Option<Decimal> {
        self.annual(Field::Acq, day).filter_map(|term| term.said.value.clone().ok()).max()
    }

    /// The month in which contract years begin, by the first source that has it.
    pub fn first_month(&self, day: Date) -> Option<u8> {
        known(&self.year_begins, day).next()?.said.clone().ok()
    }

    /// Steps of the annual quantity in a unit, or in that of the first step, and that unit; `None` when there is no
    /// quantity. A step without a first year, of a contract without a known start, stands for all years.
    pub fn steps(
        &self,
        day: Date,
        to: Option<Unit>,
        set: Option<&FactorSet>,
    ) -> Result<(Vec<Step>, Option<Unit>), Error> {
        let mut steps: Vec<Step> = Vec::new();
        let mut unit: Option<Unit> = None;
        for term in self.annual(Field::Acq, day) {
            let fact = &term.fact;
            let own = term.unit()?;
            let to = to.or(unit).unwrap_or(own);
            let value = term.value()?;
            // Of the same unit even without a basis: nothing is converted.
            let acq = if own == to {
                unit = Some(to);
                value
            } else {
                let converted = convert(value, own, to, set)?;
                unit = Some(converted.unit);
                converted.value
            };
            let first_year = fact.first_year.or_else(|| self.first_year()).unwrap_or(i16::MIN);
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

    /// Calendar year of the first day that the start may mean.
    fn first_year(&self) -> Option<i16> {
        let starts = self.start.iter().filter_map(|term| term.said.as_ref().ok());
        starts.map(|span| span.first).min().map(Date::year)
    }

    /// Calendar year of the last day that the end may mean.
    fn last_year(&self) -> Option<i16> {
        let ends = self.end.iter().filter_map(|term| term.said.as_ref().ok());
        ends.map(|span| span.last).max().map(Date::year)
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
        let (_, acq_unit) = self.steps(day, None, None)?;
        let (value, own) = (term.value()?, term.unit()?);
        let value = match acq_unit.filter(|unit| *unit != own) {
            Some(unit) => convert(value, own, unit, None)?.value,
            None => value,
        };
        Ok(Some(Limit::Quantity(value)))
    }

    pub fn schedule(&self, day: Date) -> Result<schedule::Terms, Error> {
        let (acq, _) = self.steps(day, None, None)?;
        Ok(schedule::Terms {
            start: one(&self.start, day)?.map(|span| span.first),
            end: one(&self.end, day)?.map(|span| span.last),
            year_begins: one(&self.year_begins, day)?,
            acq,
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
        Ok(settlement::Terms {
            take_or_pay: one(&self.take_or_pay, day)?,
            downward: self.limit(Field::DownwardTolerance, day)?,
            make_up,
            carry_forward,
            end_of_term,
            last_year: self.last_year(),
            deficiency_price: one(&self.deficiency_price, day)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::energy::contract::{Confidence, FactState};
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
        assert_eq!(supplied_terms.schedule(DAY).unwrap().acq[0].acq, d("38"));
        let error = supplied_terms.settlement(DAY).unwrap_err().to_string();
        assert_eq!(error, "make_up_order `last`: after_acq, after_take_or_pay, first, none would be right");
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
        assert_eq!((schedule.acq[0].acq, converted.largest(DAY)), (d("38000"), Some(d("38000"))));
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
