//! The take-or-pay ledger of a contract over years, from its terms, the request's, and what was delivered.

use std::collections::HashMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::Energy;
use super::delivered::{Deliveries, whole_year};
use super::prepared::{Prepared, prepare};
use super::years_in_words;
use crate::energy::contract::Fact;
use crate::energy::library::Name;
use crate::energy::quantity::{DEFINITIONS, FactorSet, Unit, text};
use crate::energy::schedule::years::{self, ContractYear, Unplanned, days_between};
use crate::energy::settlement::account::Paid;
use crate::energy::settlement::{
    self, CarryForward, EndOfTerm, Expiry, Facts, MakeUp, Opening, Prices, Reduction, Scope, Settlement, Terms, Tranche,
};
use crate::energy::term::{MissingTerm, required};
use crate::energy::{delivery, schedule};
use crate::register::{Clocks, Source};
use crate::rpc::Error;
use crate::store::Deadline;
use crate::value::decimal::{Half, Rounding};

pub struct Question {
    pub name: Name,
    /// First and last.
    pub years: (i16, i16),
    /// As far as the terms allow when absent.
    pub scope: Option<Scope>,
    pub supplied: Vec<Fact>,
    pub known: HashMap<i16, OfYear>,
    /// Absent: reckoned from the beginning of the term.
    pub opening: Option<AskedOpening>,
    pub set: Option<FactorSet>,
    pub clocks: Clocks,
}

pub struct Answer {
    pub unit: Option<Unit>,
    pub settlement: Settlement,
    /// Terms without which the ledger goes no further.
    pub missing: Vec<MissingTerm>,
    pub factor_set: String,
    pub notes: Vec<String>,
    pub sources: Vec<Source>,
}

/// What the request says was there before the first year: year, quantity, price paid.
#[derive(Clone, Debug, Default)]
pub struct AskedOpening {
    pub make_up: Vec<(i16, Decimal, Option<Decimal>)>,
    pub carry_forward: Vec<(i16, Decimal, Option<Decimal>)>,
}

/// What the request says of a year.
#[derive(Clone, Debug, Default)]
pub struct OfYear {
    pub taken: Option<Decimal>,
    pub reductions: Vec<Reduction>,
    pub prices: Prices,
}

/// How problems of units begin.
const OF_BASIS: &str = "deliveries do not come to the contract's unit";

/// Quantities of a ledger: half to even.
const ROUNDING: Rounding = Rounding { digits: 6, half: Half::Even };

pub async fn answer(energy: &Energy, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let opened = energy.open(question.clocks, deadline).await?;
    let version = opened.contract(&question.name)?;
    let day = opened.moment.day_in_force();
    let set = question.set.as_ref();
    let prepared = prepare(&version.value, &question.supplied, day, None, set)?;
    let deliveries = Deliveries::read(&energy.store, &version.id, &opened.moment, deadline).await?;
    let terms = prepared.terms.settlement(day)?;
    let mut problems = Vec::new();
    if terms.take_or_pay.is_none() {
        problems.push(MissingTerm("take-or-pay share".into()).to_string());
    }
    let asked = Asked { prepared: &prepared, question: &question, deliveries: &deliveries };
    let of_term = asked.contract_years(day, &mut problems)?;
    let mut notes = Notes::default();
    let facts = asked.facts(question.years, &terms, &of_term, &mut problems, &mut notes)?;
    let past = asked.past(&terms, &of_term, &mut notes)?;
    if let (Past::Unknown(missing), Some(Scope::Ledger | Scope::Payment)) = (&past, question.scope) {
        problems.push(missing.to_string());
    }
    // All that is wanting at once: whoever supplies one term should not learn of the next one only then.
    if !problems.is_empty() {
        problems.dedup();
        let is_basis = problems.iter().all(|problem| problem.starts_with(OF_BASIS));
        let reason = if is_basis { "BASIS_UNKNOWN" } else { "TERM_UNKNOWN" };
        return Err(Error::Precondition(reason, problems.join("; ")));
    }
    let (settlement, missing) = match past {
        Past::Opening(opening) => settled(&terms, &facts, &opening, question.scope)?,
        // By themselves: each year needs no other.
        Past::Unknown(_) | Past::Years(_) if question.scope == Some(Scope::Deficiency) => {
            settled(&terms, &facts, &Opening::default(), question.scope)?
        }
        Past::Unknown(missing) => {
            // What else is wanting for more is said at once.
            let (_, of_terms) = settlement::settle_known(&terms, &facts, &Opening::default())?;
            let (settlement, _) = settled(&terms, &facts, &Opening::default(), Some(Scope::Deficiency))?;
            (settlement, [vec![missing], of_terms].concat())
        }
        Past::Years(past) => {
            let all = [past, facts].concat();
            let (mut settlement, missing) = settled(&terms, &all, &Opening::default(), question.scope)?;
            settlement.years.retain(|year| year.year >= question.years.0);
            let first = all.first().map_or(question.years.0, |first| first.year);
            notes.0.push(format!(
                "reckoned from {first} on, the first contract year; {} is the first shown",
                question.years.0
            ));
            (settlement, missing)
        }
    };
    Ok(Answer {
        unit: prepared.amount(),
        settlement,
        missing,
        factor_set: set.map_or(DEFINITIONS, |set| set.name.as_str()).to_owned(),
        notes: [prepared.notes, notes.0].concat(),
        sources: opened.sources(|dataset| dataset.id == version.dataset || deliveries.datasets.contains(&dataset.id)),
    })
}

fn settled(
    terms: &Terms,
    facts: &[Facts],
    opening: &Opening,
    scope: Option<Scope>,
) -> Result<(Settlement, Vec<MissingTerm>), Error> {
    Ok(match scope {
        Some(scope) => (settlement::settle(terms, facts, opening, scope)?, Vec::new()),
        None => settlement::settle_known(terms, facts, opening)?,
    })
}

/// What an answer says beside its figures.
#[derive(Default)]
struct Notes(Vec<String>);

/// What the first year begins with.
enum Past {
    Opening(Opening),
    /// Years of the term before it.
    Years(Vec<Facts>),
    /// Balances that nobody gives and that cannot be reckoned.
    Unknown(MissingTerm),
}

/// The question with what it is answered from.
struct Asked<'a> {
    prepared: &'a Prepared<'a>,
    question: &'a Question,
    deliveries: &'a Deliveries,
}

impl Asked<'_> {
    fn contract_years(&self, day: Date, problems: &mut Vec<String>) -> Result<OfTerm, Error> {
        let terms = self.prepared.terms.schedule(day)?;
        let begins = terms.year_begins.unwrap_or(1);
        match years::contract_years(&terms) {
            Ok(years) => Ok(OfTerm { years, begins }),
            Err(schedule::Error::Missing(missing)) => {
                problems.push(missing.to_string());
                Ok(OfTerm { years: Vec::new(), begins })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// What is there before the first year asked for.
    fn past(&self, terms: &Terms, of_term: &OfTerm, notes: &mut Notes) -> Result<Past, Error> {
        let asked = self.question.years.0;
        if let Some(opening) = &self.question.opening {
            return opened(opening, terms).map(Past::Opening);
        }
        let Some(first) = of_term.years.first().map(|year| year.year).filter(|first| *first < asked) else {
            return Ok(Past::Opening(Opening::default()));
        };
        let mut problems = Vec::new();
        let facts = self.facts((first, asked - 1), terms, of_term, &mut problems, notes)?;
        Ok(match problems.first() {
            None => Past::Years(facts),
            Some(problem) => Past::Unknown(MissingTerm(format!(
                "the balance that {asked} begins with (the term begins in {first}, and: {problem}); `opening_balances`, which"
            ))),
        })
    }

    /// What happened in each year; what is not known is a problem.
    fn facts(
        &self,
        (first, last): (i16, i16),
        terms: &Terms,
        of_term: &OfTerm,
        problems: &mut Vec<String>,
        notes: &mut Notes,
    ) -> Result<Vec<Facts>, Error> {
        let mut facts = Vec::new();
        if of_term.years.is_empty() {
            return Ok(facts);
        }
        if let Some(missing) = of_term.open_build_up(first, last) {
            problems.push(missing.to_string());
        }
        for year in first..=last {
            let known = self.question.known.get(&year).cloned().unwrap_or_default();
            if let Some(problem) = of_term.why_outside(year, terms) {
                problems.push(problem);
                continue;
            }
            let acq = of_term.acq(year, problems)?;
            let taken = match known.taken {
                Some(taken) => Some(taken),
                None => self.taken(year, of_term, problems, notes),
            };
            facts.push(Facts { year, acq, reductions: known.reductions, taken, prices: known.prices });
        }
        Ok(facts)
    }

    /// What was delivered, if deliveries cover the whole year.
    fn taken(&self, year: i16, of_term: &OfTerm, problems: &mut Vec<String>, notes: &mut Notes) -> Option<Decimal> {
        let missing = |what: String| MissingTerm(format!("quantity taken in {year}{what}")).to_string();
        let amount = self.prepared.amount()?;
        let set = self.question.set.as_ref();
        let days = of_term.days(year)?;
        let found = match self.deliveries.in_year(year, of_term.begins, days, amount, set) {
            Ok(Some(found)) => found,
            Ok(None) => {
                problems.push(missing(String::new()));
                return None;
            }
            Err(delivery::Error::Unit { refusal, .. }) => {
                // The contract's own unit must come to that of the deliveries, on the basis that the set gives it.
                let of_deliveries = self.deliveries.list.iter();
                let units: Vec<Unit> = of_deliveries.filter_map(|delivery| text::unit(&delivery.unit).ok()).collect();
                let sets = units.first().map_or_else(String::new, |to| super::sets_for(&[amount], *to));
                let problem = format!("{OF_BASIS}: {refusal}{sets}");
                if !problems.contains(&problem) {
                    problems.push(problem);
                }
                return None;
            }
            Err(error) => {
                problems.push(missing(format!(" ({error})")));
                return None;
            }
        };
        let needed = days_between(days.0, days.1);
        if found.days < needed {
            problems.push(missing(format!(" (deliveries cover {} of {needed} days)", found.days)));
            return None;
        }
        if let Some(left) = found.left_aside.first().filter(|_| found.is_undecided) {
            problems.push(missing(format!(" (sources of equal standing contradict one another: {left})")));
            return None;
        }
        notes.0.extend(found.left_aside.iter().map(|left| format!("{year}: left aside is {left}")));
        found.total.rounded(ROUNDING).ok()
    }
}

/// The contract years of the term.
struct OfTerm {
    years: Vec<ContractYear>,
    begins: u8,
}

impl OfTerm {
    fn find(&self, year: i16) -> Option<&ContractYear> {
        self.years.iter().find(|of_term| of_term.year == year)
    }

    /// Its days within the term; of a year behind it all.
    fn days(&self, year: i16) -> Option<(Date, Date)> {
        self.find(year).map(|of_term| (of_term.from, of_term.to)).or_else(|| whole_year(year, self.begins))
    }

    fn why_outside(&self, year: i16, terms: &Terms) -> Option<String> {
        let (first, last) = (self.years.first()?.year, self.years.last()?.year);
        if year < first {
            return Some(format!("{year} lies before the first contract year, {first}"));
        }
        if year > last && !is_extended(terms, year - last) {
            return Some(format!(
                "{year} lies behind the last contract year, {last}, named after the year in which it begins"
            ));
        }
        None
    }

    /// The build-up, where it leaves open what was contracted in some of the years.
    fn open_build_up(&self, first: i16, last: i16) -> Option<MissingTerm> {
        let of_range = self.years.iter().filter(|of_term| (first..=last).contains(&of_term.year));
        let open: Vec<_> = of_range
            .filter_map(|of_term| match &of_term.planned {
                Err(why @ Unplanned::BuildUp(_)) => Some((of_term.year, why)),
                _ => None,
            })
            .collect();
        let (first, last) = (open.first()?, open.last()?);
        Some(first.1.missing(&years_in_words(first.0, last.0)))
    }

    fn acq(&self, year: i16, problems: &mut Vec<String>) -> Result<Option<Decimal>, Error> {
        // In an extension for make-up nothing more is contracted.
        let Some(contract_year) = self.find(year) else { return Ok(Some(Decimal::ZERO)) };
        let contracted = match &contract_year.planned {
            Ok(_) => contract_year.contracted().map_err(settlement::Error::from)?,
            // Said once for all years.
            Err(Unplanned::BuildUp(_)) => None,
            Err(why) => {
                problems.push(why.missing(&year.to_string()).to_string());
                None
            }
        };
        let rounded = contracted.map(|contracted| contracted.rounded(ROUNDING)).transpose();
        Ok(rounded.map_err(settlement::Error::from)?)
    }
}

fn is_extended(terms: &Terms, by: i16) -> bool {
    matches!(terms.end_of_term, Some(EndOfTerm::Extended { years }) if by <= i16::from(years))
}

/// Balances of the request, usable as long as the terms say.
fn opened(asked: &AskedOpening, terms: &Terms) -> Result<Opening, Error> {
    let tranches = |of: &[(i16, Decimal, Option<Decimal>)], expiry: Option<Expiry>, name: &str| {
        let expiry = if of.is_empty() { Expiry::EndOfTerm } else { required(name, expiry)? };
        let paid = |price: Option<Decimal>| price.map(|price| Paid { share: Decimal::ONE, price });
        let tranche = |(year, quantity, price): &(i16, Decimal, Option<Decimal>)| {
            Tranche::new(*year, *quantity, expiry, paid(*price))
        };
        Ok::<Vec<Tranche>, MissingTerm>(of.iter().map(tranche).collect())
    };
    let of_make_up = match terms.make_up {
        Some(MakeUp::Right { expiry, .. }) => expiry,
        _ => None,
    };
    let of_carry_forward = match terms.carry_forward {
        Some(CarryForward::Right { expiry, .. }) => expiry,
        _ => None,
    };
    Ok(Opening {
        make_up: tranches(&asked.make_up, of_make_up, "expiry of make-up")?,
        carry_forward: tranches(&asked.carry_forward, of_carry_forward, "expiry of carry-forward")?,
    })
}
