//! What a contract plans by year, beside what was delivered and what its route can carry.

use jiff::civil::Date;

use super::deliveries::Deliveries;
use super::prepared::{Prepared, prepare};
use super::{Energy, Opened};
use crate::energy::contract::Fact;
use crate::energy::contract::terms::schedule_terms;
use crate::energy::delivery::{self, Delivered};
use crate::energy::library::Name;
use crate::energy::quantity::{DEFINITIONS, FactorSet, Unit};
use crate::energy::route::load;
use crate::energy::schedule::{self, Figure, Line, years};
use crate::proto::entrepot::energy::v1 as pb;
use crate::rpc::Error;
use crate::rpc::wire::{date, decimal};
use crate::store::Deadline;
use crate::value::decimal::{Half, Rounding};

/// What is asked.
pub struct Question {
    pub name: Name,
    pub calendar_years: bool,
    pub digits: u32,
    pub supplied: Vec<Fact>,
    pub unit: Option<Unit>,
    pub set: Option<FactorSet>,
}

pub async fn answer(
    energy: &Energy,
    opened: &Opened,
    question: &Question,
    deadline: &Deadline,
) -> Result<pb::GetScheduleResponse, Error> {
    let version = opened.contract(&question.name)?;
    let day = opened.moment.day_in_force();
    let set = question.set.as_ref();
    let Prepared { contract, rate, mut notes } =
        prepare(&version.value.contract, &question.supplied, day, question.unit, set)?;
    let (terms, _) = schedule_terms(&contract, day)?;
    let rounding = Rounding { digits: question.digits, half: Half::Even };
    let lines = match question.calendar_years {
        true => schedule::by_calendar_year(&terms, rounding)?,
        false => schedule::by_contract_year(&terms, rounding)?,
    };
    if lines.iter().any(|line| line.contracted.is_none()) {
        notes.push(
            "short_year is not known: what the annual quantity means in a contract year that the term cuts short; such \
             years have no figures, and `short_year` may be supplied as pro_rata or as_stated"
                .into(),
        );
    }
    let deliveries = super::deliveries::of(&energy.store, &version.id, &opened.moment, deadline).await?;
    let amount = rate.map(|rate| Unit { per: None, ..rate });
    let begins = if question.calendar_years { 1 } else { terms.year_begins.unwrap_or(1) };
    let routes = load::of_contract(&opened.library, &version.value, &opened.moment);
    let mut response = pb::GetScheduleResponse {
        unit: amount.map(|unit| unit.to_string()).unwrap_or_default(),
        routes: routes.iter().map(|route| format!("routes/{}.{}", route.book, route.id)).collect(),
        factor_set: set.map_or(DEFINITIONS, |set| set.name.as_str()).to_owned(),
        ..Default::default()
    };
    let mut seen = Seen::default();
    for line in &lines {
        let mut wire = wire_line(line);
        if let Some(amount) = amount {
            let found = delivered_in(line.year, begins, &deliveries, amount, set);
            wire.delivered = seen.figure(found.map(|found| found.map(|found| (found.total, found.days))), rounding);
            let capacity = load::capacity(&routes, &version.value.buyers, line.year, rate.unwrap_or(amount), set);
            wire.route_capacity = match capacity {
                Ok(load) => load.map(|load| decimal(rounding.apply(load.capacity).to_string())),
                Err(problem) => {
                    seen.note(problem.to_string());
                    None
                }
            };
        }
        response.lines.push(wire);
    }
    notes.extend(seen.notes);
    response.notes = notes;
    response.provenance = Some(opened.provenance(|dataset| {
        dataset.id == version.dataset
            || deliveries.datasets.contains(&dataset.id)
            || routes.iter().any(|route| route.dataset == dataset.id)
    }));
    Ok(response)
}

/// Notes, each once.
#[derive(Default)]
struct Seen {
    notes: Vec<String>,
}

impl Seen {
    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn figure(
        &mut self,
        found: Result<Option<(rust_decimal::Decimal, i64)>, delivery::Error>,
        rounding: Rounding,
    ) -> Option<crate::proto::entrepot::r#type::v1::Decimal> {
        match found {
            Ok(found) => found.map(|(total, _)| decimal(rounding.apply(total).normalize().to_string())),
            Err(delivery::Error::Unit { refusal, .. }) => {
                self.note(format!("deliveries are left out: {refusal}"));
                None
            }
            Err(error) => {
                self.note(format!("deliveries are left out: {error}"));
                None
            }
        }
    }
}

/// What was delivered within a whole year that begins in a month.
pub fn delivered_in(
    year: i16,
    begins: u8,
    deliveries: &Deliveries,
    amount: Unit,
    set: Option<&FactorSet>,
) -> Result<Option<Delivered>, delivery::Error> {
    match whole_year(year, begins) {
        Some(days) => delivery::within(&deliveries.list, days, amount, set),
        None => Ok(None),
    }
}

/// First and last day of the year that begins in a month.
pub fn whole_year(year: i16, begins: u8) -> Option<(Date, Date)> {
    years::first_day(year, begins).ok().zip(years::last_day(year, begins).ok())
}

fn wire_line(line: &Line) -> pb::ScheduleLine {
    let figure = |figure: Option<Figure>| figure.map(|figure| decimal(figure.value.to_string()));
    pb::ScheduleLine {
        year: i32::from(line.year),
        start_date: Some(date(line.from)),
        end_date: Some(date(line.to)),
        contracted: figure(line.contracted),
        take_or_pay: figure(line.take_or_pay),
        least: figure(line.least),
        most: figure(line.most),
        delivered: None,
        route_capacity: None,
    }
}
