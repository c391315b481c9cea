//! Schedules of contracts.

use super::request as decode;
use crate::energy::answer::compute_schedule::{Answer, Question, Year};
use crate::energy::schedule::years::days_between;
use crate::energy::schedule::{Figure, Line};
use crate::proto::entrepot::energy::v1 as pb;
use crate::rpc::wire::{date, decimal, provenance};
use crate::rpc::{Error, Violations};

const DIGITS: u32 = 6;

pub fn get_question(request: &pb::ComputeScheduleRequest) -> Result<Question, Error> {
    let mut violations = Violations::of(request);
    let name = decode::name("contracts", "name", &request.name, &mut violations);
    let unit = match request.unit.as_str() {
        "" => None,
        text => decode::annual_unit("unit", text, &mut violations),
    };
    let digits = if request.digits == 0 { DIGITS } else { request.digits.unsigned_abs() };
    let supplied = decode::supplied(&request.supplied_terms, &mut violations);
    let set = decode::factor_set("factor_set", &request.factor_set, &mut violations);
    let clocks = violations.clocks(request.clock.as_ref());
    let name = decode::checked(name, violations)?;
    Ok(Question { name, calendar_years: request.calendar_years, digits, supplied, unit, set, clocks })
}

pub fn get_response(answer: Answer) -> pb::ComputeScheduleResponse {
    pb::ComputeScheduleResponse {
        unit: answer.unit.map(|unit| unit.to_string()).unwrap_or_default(),
        lines: answer.years.iter().map(line).collect(),
        routes: answer.routes.iter().map(|route| route.resource("routes")).collect(),
        factor_set: answer.factor_set,
        provenance: Some(provenance(answer.sources, answer.notes)),
    }
}

fn line(year: &Year) -> pb::ScheduleLine {
    let Line { year: number, from, to, contracted, take_or_pay, least, most, .. } = year.planned;
    let figure = |figure: Option<Figure>| figure.map(|figure| decimal(figure.value.to_string()));
    pb::ScheduleLine {
        year: i32::from(number),
        start_date: Some(date(from)),
        end_date: Some(date(to)),
        contracted: figure(contracted),
        take_or_pay: figure(take_or_pay),
        least: figure(least),
        most: figure(most),
        delivered: year.delivered.map(|delivered| decimal(delivered.to_string())),
        delivered_days: i32::try_from(year.delivered_days).unwrap_or(i32::MAX),
        days: i32::try_from(days_between(from, to)).unwrap_or(i32::MAX),
        delivered_sources: year.delivered_sources.clone(),
        route_capacity: year.route_capacity.map(|capacity| decimal(capacity.to_string())),
    }
}
