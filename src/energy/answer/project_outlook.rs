//! What may flow from one side to the other: contracts of the library, the request's scenario, capacities of routes.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Energy, Opened, sets_for};
use crate::energy::contract::{Field, terms};
use crate::energy::library::{Listed, Name, Version, is_among};
use crate::energy::outlook::book::{Entry, Successor, of_entries};
use crate::energy::outlook::scenario::{Ban, Inclusion, RouteCut, Scenario};
use crate::energy::outlook::supply::{Found, Frame};
use crate::energy::outlook::years::{self, Year};
use crate::energy::outlook::{Error as OutlookError, Layer, LeftOut, ROUNDING, Supply};
use crate::energy::quantity::{DEFINITIONS, FactorSet, Refusal, Unit, convert_exactly};
use crate::energy::route::load;
use crate::register::{Clocks, DatasetKind, Emptiness, EmptyReason, Source};
use crate::rpc::Error;
use crate::store::Deadline;
use crate::value::Ratio;

pub struct Question {
    /// ISO alpha-3.
    pub origins: Vec<String>,
    pub destinations: Vec<String>,
    pub commodities: Vec<String>,
    pub years: (i16, i16),
    /// A rate a year.
    pub unit: Unit,
    pub set: Option<FactorSet>,
    pub inclusions: Vec<AskedInclusion>,
    pub cuts: Vec<RouteCut>,
    pub bans: Vec<Ban>,
    pub total_imports: BTreeMap<i16, Decimal>,
    pub clocks: Clocks,
}

/// An inclusion as the request has it.
pub struct AskedInclusion {
    pub name: String,
    /// Where it is a contract of the store.
    pub contract: Option<Name>,
    pub first_year: i16,
    pub last_year: Option<i16>,
    pub quantity: Option<(Decimal, Unit)>,
    pub ramp: Vec<Decimal>,
    pub commodity: String,
    pub route: String,
    pub seller: String,
}

/// The capacity of a route in a year.
pub struct RouteCapacity {
    pub capacity: Decimal,
    pub certainty: load::Certainty,
    pub segments: Vec<Name>,
}

pub struct Answer {
    pub unit: Unit,
    pub factor_set: String,
    pub years: Vec<Year>,
    /// By year and route.
    pub capacities: BTreeMap<(i16, String), RouteCapacity>,
    /// Firm supplies in percent of the imports of the request, by year.
    pub firm_shares: BTreeMap<i16, Decimal>,
    pub left_out: Vec<LeftOut>,
    pub notes: Vec<String>,
    pub sources: Vec<Source>,
    pub emptiness: Option<Emptiness>,
}

/// What is gathered on the way.
#[derive(Default)]
struct Gathered {
    supplies: Vec<Supply>,
    left_out: Vec<LeftOut>,
    capacities: BTreeMap<(i16, String), RouteCapacity>,
    notes: Vec<String>,
    /// Of the contracts between the two sides, by resource name.
    titles: BTreeMap<String, String>,
    /// Numbers of the datasets that were used.
    datasets: Vec<i64>,
}

impl Gathered {
    fn uses(&mut self, dataset: i64) {
        if !self.datasets.contains(&dataset) {
            self.datasets.push(dataset);
        }
    }
}

pub async fn answer(energy: &Energy, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let opened = energy.open(question.clocks, deadline).await?;
    let frame = Frame {
        day: opened.moment.day_in_force(),
        years: question.years,
        unit: question.unit,
        set: question.set.as_ref(),
    };
    let mut gathered = Gathered::default();
    let has_contracts = contracts(&opened, &question, &frame, &mut gathered)?;
    let inclusions = inclusions(&opened, &question, &frame, &gathered.supplies)?;
    let scenario = Scenario { inclusions, cuts: question.cuts.clone(), bans: question.bans.clone() };
    scenario.apply(&mut gathered.supplies, question.years.1)?;
    taken_in(&question, &mut gathered);
    unknown_years(&mut gathered);
    let years = years::add(&gathered.supplies, question.years)?;
    capacities(&opened, &question, &mut gathered);
    let Gathered { supplies, left_out, capacities, mut notes, datasets, .. } = gathered;
    notes.push("a contract year counts in a calendar year by its days".into());
    notes.push("an amendment adds the difference from what it amends".into());
    Ok(Answer {
        unit: question.unit,
        factor_set: frame.set.map_or(DEFINITIONS, |set| set.name.as_str()).to_owned(),
        firm_shares: firm_shares(&years, &question.total_imports)?,
        years,
        capacities,
        emptiness: supplies.is_empty().then(|| why_empty(&opened, has_contracts, &left_out)),
        left_out,
        notes,
        sources: opened.sources(|dataset| datasets.contains(&dataset.id)),
    })
}

/// Supplies of the contracts between the two sides. Whether there is one.
fn contracts(opened: &Opened, question: &Question, frame: &Frame<'_>, gathered: &mut Gathered) -> Result<bool, Error> {
    let (library, moment) = (&opened.library, &opened.moment);
    let sold = library.of_sellers(&question.origins, *moment);
    let sold: Vec<_> = sold.filter(|version| is_between(&version.value, question)).collect();
    let amends_unknown = |version: &Version<Listed>| {
        let mut amended = version.value.facts(Field::Amends);
        amended.any(|fact| library.contracts.get(&beside(version, &fact.value), moment).is_none())
    };
    let entries: Vec<Entry<'_>> = sold
        .iter()
        .map(|version| Entry { name: version.name(), listed: &version.value, amends_unknown: amends_unknown(version) })
        .collect();
    let all = library.contracts.visible(*moment, None);
    let successors: Vec<Successor> =
        all.filter_map(|version| Successor::of(&version.name(), &version.value, frame.day)).collect();
    let found = of_entries(&entries, &successors, frame).map_err(|error| with_sets(error, opened, question))?;
    for (version, found) in sold.iter().zip(found) {
        gathered.uses(version.dataset);
        match found {
            Found::Supplies(found) => gathered.supplies.extend(found),
            Found::LeftOut(reason) => {
                let (name, title) = (version.name().resource("contracts"), version.value.contract.title());
                gathered.left_out.push(LeftOut { name, title, reason });
            }
        }
    }
    gathered.titles =
        sold.iter().map(|version| (version.name().resource("contracts"), version.value.contract.title())).collect();
    Ok(!sold.is_empty())
}

/// The name of a contract of the same book.
fn beside(version: &Version<Listed>, id: &str) -> Name {
    Name { book: version.book.clone(), id: id.to_owned() }
}

/// Says of contracts that the scenario has taken in whether something of their own is left.
fn taken_in(question: &Question, gathered: &mut Gathered) {
    for asked in &question.inclusions {
        let Some(title) = gathered.titles.get(&asked.name).cloned() else { continue };
        let is_own = |supply: &Supply| supply.layer != Layer::Scenario && supply.name == asked.name;
        if gathered.left_out.iter().any(|left| left.name == asked.name) {
            continue;
        }
        if gathered.supplies.iter().any(is_own) {
            let note = format!("{} counts by the scenario in its years, and by the book in the others", asked.name);
            gathered.notes.push(note);
        } else {
            let reason = "taken into the scenario by the request".to_owned();
            gathered.left_out.push(LeftOut { name: asked.name.clone(), title, reason });
        }
    }
}

/// Says of which years within a term no quantity is known: they are not zero.
fn unknown_years(gathered: &mut Gathered) {
    for supply in &gathered.supplies {
        if !supply.unknown_years.is_empty() {
            let years: Vec<String> = supply.unknown_years.iter().map(i16::to_string).collect();
            gathered.notes.push(format!("{}: no annual quantity is known for {}", supply.name, years.join(", ")));
        }
    }
}

fn firm_shares(years: &[Year], total_imports: &BTreeMap<i16, Decimal>) -> Result<BTreeMap<i16, Decimal>, OutlookError> {
    let mut shares = BTreeMap::new();
    for year in years {
        let Some(total) = total_imports.get(&year.year) else { continue };
        if let Some(share) = years::share(year.firm, *total)? {
            shares.insert(year.year, share);
        }
    }
    Ok(shares)
}

/// Says which factor sets would convert all contracts between the two sides.
fn with_sets(error: OutlookError, opened: &Opened, question: &Question) -> OutlookError {
    let OutlookError::Unit { name, refusal, .. } = error else { return error };
    let between = opened.library.of_sellers(&question.origins, opened.moment);
    let between = between.filter(|version| is_between(&version.value, question));
    let included = question.inclusions.iter().filter_map(|asked| asked.contract.as_ref());
    let included = included.filter_map(|name| opened.contract(name).ok());
    let units: Vec<Unit> =
        between.chain(included).flat_map(|version| version.value.terms(&[]).units().collect::<Vec<_>>()).collect();
    OutlookError::Unit { name, refusal, sets: sets_for(&units, question.unit) }
}

fn is_between(listed: &Listed, question: &Question) -> bool {
    listed.sellers.iter().any(|seller| question.origins.contains(seller))
        && listed.buyers.iter().any(|buyer| question.destinations.contains(buyer))
        && listed.commodities.iter().any(|own| is_among(own, &question.commodities))
}

/// Inclusions with what the request leaves to their contracts.
fn inclusions(
    opened: &Opened,
    question: &Question,
    frame: &Frame<'_>,
    supplies: &[Supply],
) -> Result<Vec<Inclusion>, Error> {
    let mut found = Vec::new();
    for (index, asked) in question.inclusions.iter().enumerate() {
        let refuse = |field: &str, problem: String| {
            Error::from(OutlookError::Inclusion { index, field: field.to_owned(), problem })
        };
        let listed = match &asked.contract {
            Some(name) => Some(&opened.contract(name)?.value),
            None => None,
        };
        let own = |field: Field| {
            let values: Vec<&str> =
                listed.iter().flat_map(|listed| listed.facts(field)).map(|fact| fact.value.as_str()).collect();
            values.join("; ")
        };
        let or_own = |given: &String, field| if given.is_empty() { own(field) } else { given.clone() };
        let commodity = or_own(&asked.commodity, Field::Commodity);
        if commodity.is_empty() {
            return Err(refuse("commodity", format!("{} says none; pipeline_gas, lng or crude is needed", asked.name)));
        }
        if !is_among(&commodity, &question.commodities) {
            let problem = format!("`{commodity}` is none of the commodities of the request");
            return Err(refuse("commodity", problem));
        }
        let plateau = plateau_of(opened, asked, frame, question)?;
        let replaced = listed.map(|_| replaced(opened, asked, supplies)).transpose()?.unwrap_or_default();
        let plateau =
            plateau.ok_or_else(|| refuse("quantity", format!("{} has no quantity that is known", asked.name)))?;
        let mut notes = vec!["supposed by the request".to_owned()];
        if !replaced.is_empty() {
            notes.push("the difference from what it amends".to_owned());
        }
        found.push(Inclusion {
            name: asked.name.clone(),
            seller: or_own(&asked.seller, Field::Seller),
            commodity,
            route: or_own(&asked.route, Field::Route),
            first_year: asked.first_year,
            last_year: asked.last_year,
            plateau,
            replaced,
            ramp: asked.ramp.clone(),
            notes,
        });
    }
    Ok(found)
}

fn in_unit(value: Decimal, unit: Unit, frame: &Frame<'_>) -> Result<Ratio, Refusal> {
    let (value, reached) = convert_exactly(Ratio::try_from(value)?, unit, frame.unit, frame.set)?;
    if reached != frame.unit {
        return Err(Refusal::DifferentBasis { from: unit.to_string(), to: frame.unit.to_string() });
    }
    Ok(value)
}

/// The quantity asked for, or the largest annual one of the contract, in the unit of the outlook.
fn plateau_of(
    opened: &Opened,
    asked: &AskedInclusion,
    frame: &Frame<'_>,
    question: &Question,
) -> Result<Option<Ratio>, Error> {
    let refused = |refusal| {
        let refusal = Box::new(refusal);
        let error = OutlookError::Unit { name: asked.name.clone(), refusal, sets: String::new() };
        Error::from(with_sets(error, opened, question))
    };
    let version = asked.contract.as_ref().map(|name| opened.contract(name)).transpose()?;
    match (asked.quantity, version) {
        (Some((value, unit)), _) => Ok(Some(in_unit(value, unit, frame).map_err(refused)?)),
        (None, Some(version)) => {
            let converted = version.value.terms(&[]).in_unit(frame.unit, frame.set).map_err(|error| match error {
                terms::Error::Unit(refusal) => refused(refusal),
                other => other.into(),
            })?;
            Ok(converted.largest())
        }
        (None, None) => Ok(None),
    }
}

/// What the contract that an amendment amends has of its own, by year.
fn replaced(opened: &Opened, asked: &AskedInclusion, supplies: &[Supply]) -> Result<BTreeMap<i16, Decimal>, Error> {
    let Some(name) = &asked.contract else { return Ok(BTreeMap::new()) };
    let version = opened.contract(name)?;
    let amended: Vec<String> =
        version.value.facts(Field::Amends).map(|fact| beside(version, &fact.value).resource("contracts")).collect();
    let of_amended =
        supplies.iter().filter(|supply| amended.contains(&supply.name) && supply.layer != Layer::Extension);
    let quantities = of_amended.flat_map(|supply| &supply.years).map(|(year, amount)| (*year, amount.quantity));
    Ok(quantities.collect())
}

/// Capacities of the routes that supplies name, by year.
fn capacities(opened: &Opened, question: &Question, gathered: &mut Gathered) {
    let mut names: Vec<String> = gathered.supplies.iter().map(|supply| supply.route.clone()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names.into_iter().filter(|name| !name.is_empty()) {
        let routes = opened.library.routes_named(&name, &opened.moment);
        let segments: Vec<load::Segment<'_>> = routes.iter().map(|route| route.value.segment()).collect();
        for route in &routes {
            gathered.uses(route.dataset);
        }
        for year in question.years.0..=question.years.1 {
            match load::capacity(&segments, &question.destinations, year, question.unit, question.set.as_ref()) {
                Ok(Some(load)) => {
                    let segments = load.segments.iter().filter_map(|index| routes.get(*index));
                    let found = RouteCapacity {
                        capacity: ROUNDING.apply(load.capacity),
                        certainty: load.certainty,
                        segments: segments.map(|route| route.name()).collect(),
                    };
                    gathered.capacities.insert((year, name.clone()), found);
                }
                Ok(None) => {}
                Err(refusal) => {
                    gathered.notes.push(format!("the capacity of {name} is left out: {refusal}"));
                    break;
                }
            }
        }
    }
}

fn why_empty(opened: &Opened, has_contracts: bool, left_out: &[LeftOut]) -> Emptiness {
    let books = opened.catalog.datasets.iter().filter(|dataset| dataset.spec.kind == DatasetKind::ContractBook);
    if books.count() == 0 {
        let detail = "no contract book is in the store; `entrepot import contracts` would bring one";
        return Emptiness::new(EmptyReason::NoData, detail);
    }
    if has_contracts {
        let detail =
            format!("{} contracts stand between the two sides, and none is in a layer; see left_out", left_out.len());
        return Emptiness::new(EmptyReason::FilteredOut, detail);
    }
    let none = opened.why_none(DatasetKind::ContractBook, "contracts");
    if none.reason == EmptyReason::NotReleased {
        return none;
    }
    Emptiness::new(EmptyReason::NotCovered, "no book has a contract between the two sides for these commodities")
}
