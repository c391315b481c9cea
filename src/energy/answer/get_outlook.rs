//! What may flow from one side to the other: contracts of the library, the request's scenario, capacities of routes.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Energy, Opened, sets_for};
use crate::energy::contract::{Field, terms};
use crate::energy::library::{Library, Listed, Name, Version, is_among};
use crate::energy::outlook::scenario::{Ban, Inclusion, RouteCut, Scenario};
use crate::energy::outlook::supply::{Found, Frame, of_contract};
use crate::energy::outlook::years::{self, Year};
use crate::energy::outlook::{Error as OutlookError, LeftOut, ROUNDING, Supply};
use crate::energy::quantity::{DEFINITIONS, FactorSet, Unit, convert};
use crate::energy::route::load;
use crate::register::{Clocks, DatasetKind, Emptiness, EmptyReason, Moment, Source};
use crate::rpc::Error;
use crate::store::Deadline;
use crate::value::decimal;

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
    let inclusions = inclusions(&opened, &question, &frame)?;
    let scenario = Scenario { inclusions, cuts: question.cuts.clone(), bans: question.bans.clone() };
    scenario.apply(&mut gathered.supplies, question.years.1)?;
    let years = years::add(&gathered.supplies, question.years)?;
    capacities(&opened, &question, &mut gathered);
    let Gathered { supplies, left_out, capacities, mut notes, datasets } = gathered;
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
    let mut has_contracts = false;
    for version in sold.filter(|version| is_between(&version.value, question)) {
        has_contracts = true;
        gathered.uses(version.dataset);
        let name = version.name().resource("contracts");
        let title = version.value.contract.title();
        if question.inclusions.iter().any(|asked| asked.name == name) {
            let reason = "taken into the scenario by the request".to_owned();
            gathered.left_out.push(LeftOut { name, title, reason });
            continue;
        }
        let amended = amended(version, library, moment);
        match of_contract(&name, &version.value, amended, frame).map_err(|error| with_sets(error, opened, question))? {
            Found::Supplies(found) => gathered.supplies.extend(found),
            Found::LeftOut(reason) => gathered.left_out.push(LeftOut { name, title, reason }),
        }
    }
    Ok(has_contracts)
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

/// The contract of the same book that this one amends.
fn amended<'a>(version: &Version<Listed>, library: &'a Library, moment: &Moment) -> Option<&'a Listed> {
    let fact = version.value.facts(Field::Amends).next()?;
    let name = Name { book: version.book.clone(), id: fact.value.clone() };
    library.contracts.get(&name, moment).map(|version| &version.value)
}

/// Inclusions with what the request leaves to their contracts.
fn inclusions(opened: &Opened, question: &Question, frame: &Frame<'_>) -> Result<Vec<Inclusion>, Error> {
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
        let (plateau, amends) = plateau_of(opened, asked, frame, question)?;
        let plateau =
            plateau.ok_or_else(|| refuse("quantity", format!("{} has no quantity that is known", asked.name)))?;
        let mut notes = vec!["supposed by the request".to_owned()];
        if amends {
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
            ramp: asked.ramp.clone(),
            notes,
        });
    }
    Ok(found)
}

fn in_unit(value: Decimal, unit: Unit, frame: &Frame<'_>) -> Result<Decimal, crate::energy::quantity::Refusal> {
    if unit == frame.unit {
        return Ok(value);
    }
    let converted = convert(value, unit, frame.unit, frame.set)?;
    if converted.unit != frame.unit {
        let (from, to) = (unit.to_string(), frame.unit.to_string());
        return Err(crate::energy::quantity::Refusal::DifferentBasis { from, to });
    }
    Ok(converted.value)
}

/// The quantity asked for, or the largest annual one of the contract, in the unit of the outlook; of an amendment what it
/// adds, and that it is one.
fn plateau_of(
    opened: &Opened,
    asked: &AskedInclusion,
    frame: &Frame<'_>,
    question: &Question,
) -> Result<(Option<Decimal>, bool), Error> {
    let refused = |refusal| {
        let refusal = Box::new(refusal);
        let error = OutlookError::Unit { name: asked.name.clone(), refusal, sets: String::new() };
        Error::from(with_sets(error, opened, question))
    };
    let largest = |listed: &Listed| -> Result<Option<Decimal>, Error> {
        let converted = listed.terms(&[]).in_unit(frame.unit, frame.set).map_err(|error| match error {
            terms::Error::Unit(refusal) => refused(refusal),
            other => other.into(),
        })?;
        Ok(converted.largest(frame.day))
    };
    let version = asked.contract.as_ref().map(|name| opened.contract(name)).transpose()?;
    let own = match (asked.quantity, version) {
        (Some((value, unit)), _) => Some(in_unit(value, unit, frame).map_err(refused)?),
        (None, Some(version)) => largest(&version.value)?,
        (None, None) => None,
    };
    let amended = version.and_then(|version| amended(version, &opened.library, &opened.moment));
    let replaced = amended.map(largest).transpose()?.flatten().unwrap_or(Decimal::ZERO);
    let added = own.map(|own| decimal::subtract(own, replaced)).transpose().map_err(OutlookError::from)?;
    Ok((added, amended.is_some()))
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
