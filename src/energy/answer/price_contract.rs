//! Prices of a contract by month, from its formula and the indexes of the store.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::{Energy, Opened};
use crate::energy::contract::terms::with_supplied;
use crate::energy::contract::{Contract, Fact, FactState, Field};
use crate::energy::library::{Listed, Name, Version};
use crate::energy::price::index::{Observed, Series};
use crate::energy::price::{self, Formula, Frequency, Mean, Observations, Priced, Pricing, WindowUsed};
use crate::energy::term::MissingTerm;
use crate::register::{Clocks, DatasetKind, Source};
use crate::rpc::Error;
use crate::store::Deadline;
use crate::value::Month;
use jiff::civil::Date;

/// Formulas that may name one another.
const FORMULAS_MAX: usize = 100;

pub struct Question {
    pub name: Name,
    /// First and last.
    pub months: (Month, Month),
    pub supplied: Vec<Fact>,
    /// Names of datasets, in the order in which they are looked at; empty for all.
    pub datasets: Vec<String>,
    pub prices_only: bool,
    pub clocks: Clocks,
}

pub struct Answer {
    /// As JSON.
    pub formula: String,
    /// Of the prices.
    pub unit: String,
    pub lines: Vec<Line>,
    pub indexes: Vec<Name>,
    pub notes: Vec<String>,
    pub sources: Vec<Source>,
}

/// A month and its price, or why it has none.
pub struct Line {
    pub month: Month,
    pub price: Result<Priced, price::Error>,
    /// Why the price may change still, by index and period; empty when it is final.
    pub provisional: Vec<String>,
}

/// Indexes that were found, by identifier.
#[derive(Default)]
struct Found {
    observed: HashMap<String, Arc<Observed>>,
    /// With the numbers of their datasets.
    versions: Vec<(Name, i64)>,
    /// Indexes of which the first other dataset was passed over.
    notes: Vec<String>,
}

impl Observations for Found {
    fn mean(&self, index: &str, period: Month) -> Option<Mean> {
        self.observed.get(index)?.mean(index, period)
    }

    fn frequency(&self, index: &str) -> Option<Frequency> {
        self.observed.get(index)?.frequency(index)
    }
}

pub async fn answer(energy: &Energy, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let opened = energy.open(question.clocks, deadline).await?;
    opened.check_datasets(&question.datasets, DatasetKind::PriceIndexes, "index_datasets")?;
    let version = opened.contract(&question.name)?;
    let day = opened.moment.day_in_force();
    let contract = with_supplied(&version.value.contract, &question.supplied);
    let fact = formula_of(&contract, day)?;
    let formula = parse(fact)?;
    let named = named_formulas(&opened, version, &formula, day)?;
    let found = find_indexes(energy, &opened, &question, &formula, &named, deadline).await?;
    let (first, last) = question.months;
    let mut pricing = Pricing::new(&formula, &named, &found)?;
    let mut lines = Vec::new();
    for month in first.through(last) {
        lines.push(line(month, pricing.month(month), question.prices_only)?);
    }
    let mut notes: Vec<String> =
        question.supplied.iter().map(|fact| format!("{} is the request's", fact.field.name())).collect();
    notes.extend(found.notes);
    notes.extend(provisional_note(&lines));
    if !fact.note.is_empty() {
        notes.push(fact.note.clone());
    }
    let sources = opened
        .sources(|dataset| dataset.id == version.dataset || found.versions.iter().any(|(_, used)| *used == dataset.id));
    Ok(Answer {
        formula: fact.value.clone(),
        unit: fact.unit.clone(),
        lines,
        indexes: found.versions.into_iter().map(|(name, _)| name).collect(),
        notes,
        sources,
    })
}

/// The formula that holds on the day; or why there is none.
fn formula_of(contract: &Contract, day: Date) -> Result<&Fact, Error> {
    let one = contract.one(Field::PriceFormula, day);
    if let Some(fact) = one.map_err(|conflict| Error::from(crate::energy::contract::terms::Error::from(conflict)))? {
        return Ok(fact);
    }
    let mut open = contract.facts.iter().filter(|fact| fact.field == Field::PriceFormula && fact.holds_on(day));
    let Some(fact) = open.find(|fact| !fact.is_known()) else {
        return Err(MissingTerm("price formula".into()).into());
    };
    let note = if fact.note.is_empty() { String::new() } else { format!(": {}", fact.note) };
    let (reason, words) = match fact.state {
        FactState::Redacted => ("TERM_REDACTED", "is redacted in the source"),
        FactState::NotReviewed => ("TERM_UNKNOWN", "is not reviewed"),
        FactState::NotApplicable => ("TERM_UNKNOWN", "does not apply: there is no price"),
        _ => ("TERM_UNKNOWN", "was not found"),
    };
    let message = format!("the price formula {words}{note}; the request may supply one as `price_formula`");
    Err(Error::Precondition(reason, message))
}

fn parse(fact: &Fact) -> Result<Formula, Error> {
    serde_json::from_str(&fact.value)
        .map_err(|error| Error::Precondition("FORMULA_INVALID", format!("the price formula cannot be read: {error}")))
}

/// Formulas of other contracts of the same book that the formula names, and those that these name.
fn named_formulas(
    opened: &Opened,
    version: &Version<Listed>,
    formula: &Formula,
    day: Date,
) -> Result<price::Named, Error> {
    let mut named: price::Named = BTreeMap::new();
    let mut open: Vec<String> = formula.needs().1.into_iter().map(str::to_owned).collect();
    while let Some(id) = open.pop() {
        if named.contains_key(&id) || named.len() >= FORMULAS_MAX {
            continue;
        }
        let name = Name { book: version.book.clone(), id: id.clone() };
        // One that is not there is named by the evaluation.
        let Some(other) = opened.library.contracts.get(&name, &opened.moment) else { continue };
        let formula = parse(formula_of(&other.value.contract, day)?)?;
        open.extend(formula.needs().1.into_iter().map(str::to_owned));
        named.insert(id, formula);
    }
    Ok(named)
}

async fn find_indexes(
    energy: &Energy,
    opened: &Opened,
    question: &Question,
    formula: &Formula,
    named: &price::Named,
    deadline: &Deadline,
) -> Result<Found, Error> {
    let mut needed: BTreeSet<&str> = BTreeSet::new();
    for formula in std::iter::once(formula).chain(named.values()) {
        needed.extend(formula.needs().0);
    }
    let mut found = Found::default();
    for index in needed {
        let mut candidates = candidates(opened, index, &question.datasets);
        if candidates.is_empty() {
            continue;
        }
        let chosen = candidates.remove(0);
        for other in candidates {
            found.notes.push(format!("{index} is taken from {}; {} has one too", chosen.book, other.book));
        }
        if chosen.value.frequency == Frequency::Weekly {
            found
                .notes
                .push(format!("{index} is weekly: a month's value is the mean of the weekly values dated in it"));
        }
        let newest = opened.library.newest_release;
        let published = opened.sources(|dataset| dataset.id == chosen.dataset).first().and_then(|s| s.publication_date);
        let observed = energy.observed.get(&energy.store, chosen, newest, published, &opened.moment, deadline).await?;
        found.observed.insert(index.to_owned(), observed);
        found.versions.push((chosen.name(), chosen.dataset));
    }
    Ok(found)
}

/// Indexes of this identifier, in the order asked, else in that of the register.
fn candidates<'a>(opened: &'a Opened, index: &str, asked: &[String]) -> Vec<&'a Version<Series>> {
    let datasets = opened.catalog.datasets.iter().map(|dataset| &dataset.spec.name);
    let names: Vec<&String> = if asked.is_empty() { datasets.collect() } else { asked.iter().collect() };
    let get = |book: &&String| {
        opened.library.indexes.get(&Name { book: (*book).clone(), id: index.to_owned() }, &opened.moment)
    };
    names.iter().filter_map(get).collect()
}

/// A month's price, or why it alone has none; errs when no month can have one.
fn line(month: Month, priced: Result<Priced, price::Error>, prices_only: bool) -> Result<Line, price::Error> {
    match priced {
        Ok(priced) => {
            let provisional = priced.windows.iter().flat_map(WindowUsed::provisional).collect();
            let price = match prices_only {
                true => Priced { windows: Vec::new(), steps: Vec::new(), ..priced },
                false => priced,
            };
            Ok(Line { month, price: Ok(price), provisional })
        }
        Err(error) if error.is_of_the_month() => Ok(Line { month, price: Err(error), provisional: Vec::new() }),
        Err(error) => Err(error),
    }
}

fn provisional_note(lines: &[Line]) -> Option<String> {
    let count = lines.iter().filter(|line| !line.provisional.is_empty()).count();
    (count > 0).then(|| format!("{count} of {} prices are provisional; their lines say why", lines.len()))
}
