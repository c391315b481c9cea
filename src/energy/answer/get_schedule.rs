//! What a contract plans by year, beside what was delivered and what its route can carry.

use rust_decimal::Decimal;

use super::Energy;
use super::delivered::Deliveries;
use super::prepared::{Prepared, prepare};
use crate::energy::contract::Fact;
use crate::energy::delivery::{self, Delivered};
use crate::energy::library::Name;
use crate::energy::quantity::{DEFINITIONS, FactorSet, Unit};
use crate::energy::route::load;
use crate::energy::schedule::{self, Line};
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
    if lines.iter().any(|line| line.contracted.is_none()) {
        notes.0.push(
            "short_year is not known: what the annual quantity means in a contract year that the term cuts short; such \
             years have no figures, and `short_year` may be supplied as pro_rata or as_stated"
                .into(),
        );
    }
    let deliveries = Deliveries::read(&energy.store, &version.id, &opened.moment, deadline).await?;
    let begins = if question.calendar_years { 1 } else { terms.year_begins.unwrap_or(1) };
    let routes = opened.library.routes_of(&version.value, &opened.moment);
    let segments: Vec<load::Segment<'_>> = routes.iter().map(|route| route.value.segment()).collect();
    let amount = rate.map(|rate| Unit { per: None, ..rate });
    let mut years = Vec::new();
    for planned in lines {
        let (mut delivered, mut route_capacity) = (None, None);
        if let Some((rate, amount)) = rate.zip(amount) {
            let found = deliveries.in_year(planned.year, begins, amount, set);
            delivered = notes.delivered(found).map(|total| rounding.apply(total).normalize());
            let capacity = load::capacity(&segments, &version.value.buyers, planned.year, rate, set);
            let load = capacity.unwrap_or_else(|problem| {
                notes.once(problem.to_string());
                None
            });
            route_capacity = load.map(|load| rounding.apply(load.capacity));
        }
        years.push(Year { planned, delivered, route_capacity });
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

    /// The total that was delivered; notes why there is none.
    fn delivered(&mut self, found: Result<Option<Delivered>, delivery::Error>) -> Option<Decimal> {
        let problem = match found {
            Ok(found) => return found.map(|found| found.total),
            Err(delivery::Error::Unit { refusal, .. }) => refusal.to_string(),
            Err(error) => error.to_string(),
        };
        self.once(format!("deliveries are left out: {problem}"));
        None
    }
}
