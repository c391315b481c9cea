//! The take-or-pay ledger of a contract over years, from its terms, the request's, and what was delivered.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::Energy;
use super::delivered::{Deliveries, whole_year};
use super::prepared::{Prepared, prepare};
use crate::energy::contract::Fact;
use crate::energy::library::Name;
use crate::energy::quantity::{DEFINITIONS, FactorSet, Unit, text};
use crate::energy::schedule::years::{self, ContractYear, days_between};
use crate::energy::settlement::{self, Facts, Opening, Prices, Reduction, Scope, Settlement};
use crate::energy::term::MissingTerm;
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
    let facts = facts(&prepared, &question, &deliveries, day, &mut problems)?;
    // All that is wanting at once: whoever supplies one term should not learn of the next one only then.
    if !problems.is_empty() {
        problems.dedup();
        let is_basis = problems.iter().all(|problem| problem.starts_with(OF_BASIS));
        let reason = if is_basis { "BASIS_UNKNOWN" } else { "TERM_UNKNOWN" };
        return Err(Error::Precondition(reason, problems.join("; ")));
    }
    let opening = Opening::default();
    let (settlement, missing) = match question.scope {
        Some(scope) => (settlement::settle(&terms, &facts, &opening, scope)?, Vec::new()),
        None => settlement::settle_known(&terms, &facts, &opening)?,
    };
    Ok(Answer {
        unit: prepared.amount(),
        settlement,
        missing,
        factor_set: set.map_or(DEFINITIONS, |set| set.name.as_str()).to_owned(),
        notes: prepared.notes,
        sources: opened.sources(|dataset| dataset.id == version.dataset || deliveries.datasets.contains(&dataset.id)),
    })
}

/// What happened in each year; what is not known is a problem.
fn facts(
    prepared: &Prepared<'_>,
    question: &Question,
    deliveries: &Deliveries,
    day: jiff::civil::Date,
    problems: &mut Vec<String>,
) -> Result<Vec<Facts>, Error> {
    let terms = prepared.terms.schedule(day)?;
    let begins = terms.year_begins.unwrap_or(1);
    let of_term = match years::contract_years(&terms) {
        Ok(years) => years,
        Err(crate::energy::schedule::Error::Missing(missing)) => {
            problems.push(missing.to_string());
            return Ok(Vec::new());
        }
        Err(error) => return Err(error.into()),
    };
    let Some(amount) = prepared.amount() else { return Ok(Vec::new()) };
    let mut facts = Vec::new();
    for year in question.years.0..=question.years.1 {
        let known = question.known.get(&year).cloned().unwrap_or_default();
        let contract_year = of_term.iter().find(|of_term| of_term.year == year);
        let taken = match known.taken {
            Some(taken) => Some(taken),
            None => taken(year, begins, contract_year, deliveries, amount, question, problems),
        };
        facts.push(Facts {
            year,
            acq: acq(year, contract_year, &of_term, problems)?,
            reductions: known.reductions,
            taken,
            prices: known.prices,
        });
    }
    Ok(facts)
}

fn acq(
    year: i16,
    contract_year: Option<&ContractYear>,
    of_term: &[ContractYear],
    problems: &mut Vec<String>,
) -> Result<Option<Decimal>, Error> {
    let Some(contract_year) = contract_year else {
        // In an extension for make-up nothing more is contracted; the ledger refuses years that lie outside of it.
        let is_behind = of_term.last().is_some_and(|last| year > last.year);
        if !is_behind {
            problems.push(format!("{year} lies before the first contract year"));
        }
        return Ok(is_behind.then_some(Decimal::ZERO));
    };
    let Some(contracted) = contract_year.contracted else {
        problems.push(
            MissingTerm(format!("short_year, what the annual quantity means in {year}, which the term cuts short,"))
                .to_string(),
        );
        return Ok(None);
    };
    Ok(Some(contracted.rounded(ROUNDING).map_err(settlement::Error::from)?))
}

/// What was delivered, if deliveries cover the whole year.
fn taken(
    year: i16,
    begins: u8,
    contract_year: Option<&ContractYear>,
    deliveries: &Deliveries,
    amount: Unit,
    question: &Question,
    problems: &mut Vec<String>,
) -> Option<Decimal> {
    let missing = |what: String| MissingTerm(format!("quantity taken in {year}{what}")).to_string();
    let days = contract_year.map(|of_term| (of_term.from, of_term.to)).or_else(|| whole_year(year, begins));
    match deliveries.in_year(year, begins, amount, question.set.as_ref()) {
        Ok(Some(found)) => {
            let needed = days.map_or(0, |(first, last)| days_between(first, last));
            if found.days < needed {
                problems.push(missing(format!(" (deliveries cover {} of {needed} days)", found.days)));
                return None;
            }
            Some(ROUNDING.apply(found.total))
        }
        Ok(None) => {
            problems.push(missing(String::new()));
            None
        }
        Err(crate::energy::delivery::Error::Unit { refusal, .. }) => {
            // The contract's own unit must come to that of the deliveries, on the basis that the set gives it.
            let units: Vec<Unit> =
                deliveries.list.iter().filter_map(|delivery| text::unit(&delivery.unit).ok()).collect();
            let sets = units.first().map_or_else(String::new, |to| super::sets_for(&[amount], *to));
            let problem = format!("{OF_BASIS}: {refusal}{sets}");
            if !problems.contains(&problem) {
                problems.push(problem);
            }
            None
        }
        Err(error) => {
            problems.push(missing(format!(" ({error})")));
            None
        }
    }
}
