//! What a contract plans by year, beside what was delivered and what its route can carry.

use rust_decimal::Decimal;

use super::Energy;
use super::delivered::Deliveries;
use super::prepared::{Prepared, prepare};
use super::years_in_words;
use crate::energy::contract::Fact;
use crate::energy::delivery::{self, Delivered};
use crate::energy::library::Name;
use crate::energy::quantity::{DEFINITIONS, FactorSet, Unit};
use crate::energy::route::load;
use crate::energy::schedule::{self, Line, Unplanned};
use crate::register::{Clocks, Source};
use crate::rpc::Error;
use crate::store::Deadline;
use crate::value::decimal::{Half, Rounding};

pub struct Question {
    pub name: Name,
    pub calendar_years: bool,
    pub digits: u32,
    pub supplied: Vec<Fact>,
    pub unit: Option<Unit>,
    pub set: Option<FactorSet>,
    pub clocks: Clocks,
}

pub struct Answer {
    /// Absent when the contract has no quantity.
    pub unit: Option<Unit>,
    pub factor_set: String,
    pub years: Vec<Year>,
    pub routes: Vec<Name>,
    pub notes: Vec<String>,
    pub sources: Vec<Source>,
}

/// What is planned in a year, what came, and what could have come.
pub struct Year {
    pub planned: Line,
    pub delivered: Option<Decimal>,
    /// Days of the line that deliveries cover.
    pub delivered_days: i64,
    pub delivered_sources: Vec<String>,
    pub route_capacity: Option<Decimal>,
}

pub async fn answer(energy: &Energy, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let opened = energy.open(question.clocks, deadline).await?;
    let version = opened.contract(&question.name)?;
    let day = opened.moment.day_in_force();
    let set = question.set.as_ref();
    let Prepared { terms, rate, notes } = prepare(&version.value, &question.supplied, day, question.unit, set)?;
    let terms = terms.schedule(day)?;
    let rounding = Rounding { digits: question.digits, half: Half::Even };
    let lines = match question.calendar_years {
        true => schedule::by_calendar_year(&terms, rounding)?,
        false => schedule::by_contract_year(&terms, rounding)?,
    };
    let mut notes = Notes(notes);
    let unplanned = || lines.iter().flat_map(|line| &line.unplanned);
    if unplanned().any(|(_, why)| *why == Unplanned::ShortYear) {
        notes.once(
            "short_year is not known: what the annual quantity means in a contract year that the term cuts short; such \
             years have no figures, and `short_year` may be supplied as pro_rata or as_stated"
                .into(),
        );
    }
    let open = || unplanned().filter(|(_, why)| matches!(why, Unplanned::BuildUp(_)));
    if let (Some((first, why)), Some((last, _))) = (open().min_by_key(|open| open.0), open().max_by_key(|open| open.0))
    {
        notes.once(format!("{}; these years have no figures", why.missing(&years_in_words(*first, *last))));
    }
    let deliveries = Deliveries::read(&energy.store, &version.id, &opened.moment, deadline).await?;
    let begins = if question.calendar_years { 1 } else { terms.year_begins.unwrap_or(1) };
    let routes = opened.library.routes_of(&version.value, &opened.moment);
    let segments: Vec<load::Segment<'_>> = routes.iter().map(|route| route.value.segment()).collect();
    let amount = rate.map(|rate| Unit { per: None, ..rate });
    let mut years = Vec::new();
    for planned in lines {
        let (mut delivered, mut delivered_days, mut delivered_sources) = (None, 0, Vec::new());
        let mut route_capacity = None;
        let year = planned.year;
        if let Some((rate, amount)) = rate.zip(amount) {
            let found = deliveries.in_year(year, begins, (planned.from, planned.to), amount, set);
            if let Some(found) = notes.delivered(year, found) {
                delivered = Some(found.total.rounded(rounding).map_err(schedule::Error::from)?);
                (delivered_days, delivered_sources) = (found.days, found.sources);
            }
            let capacity = load::capacity(&segments, &version.value.buyers, year, rate, set);
            let load = capacity.unwrap_or_else(|problem| {
                notes.once(problem.to_string());
                None
            });
            route_capacity = load.map(|load| rounding.apply(load.capacity));
        }
        if let Some((delivered, capacity)) = delivered.zip(route_capacity).filter(|(flow, most)| flow > most) {
            notes.once(format!("{year}: {delivered} delivered is above the route's capacity of {capacity} a year"));
        }
        years.push(Year { planned, delivered, delivered_days, delivered_sources, route_capacity });
    }
    Ok(Answer {
        unit: amount,
        factor_set: set.map_or(DEFINITIONS, |set| set.name.as_str()).to_owned(),
        years,
        routes: routes.iter().map(|route| route.name()).collect(),
        notes: notes.0,
        sources: opened.sources(|dataset| {
            dataset.id == version.dataset
                || deliveries.datasets.contains(&dataset.id)
                || routes.iter().any(|route| route.dataset == dataset.id)
        }),
    })
}

/// What an answer says beside its figures.
struct Notes(Vec<String>);

impl Notes {
    fn once(&mut self, note: String) {
        if !self.0.contains(&note) {
            self.0.push(note);
        }
    }

    /// What was delivered, with a note on what was left aside; or why there is nothing.
    fn delivered(&mut self, year: i16, found: Result<Option<Delivered>, delivery::Error>) -> Option<Delivered> {
        let problem = match found {
            Ok(found) => {
                for left in found.iter().flat_map(|found| &found.left_aside) {
                    self.once(format!("{year}: left aside is {left}"));
                }
                return found;
            }
            Err(delivery::Error::Unit { refusal, .. }) => refusal.to_string(),
            Err(error) => error.to_string(),
        };
        self.once(format!("deliveries are left out: {problem}"));
        None
    }
}
