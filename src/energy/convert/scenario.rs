//! What a request supposes for an outlook: contracts taken in, routes cut, bans.

use rust_decimal::Decimal;

use super::request as decode;
use crate::energy::answer::project_outlook::AskedInclusion;
use crate::energy::library::Name;
use crate::energy::outlook::scenario::{Ban, RouteCut, percentage};
use crate::energy::quantity::Per;
use crate::proto::entrepot::energy::v1 as pb;
use crate::rpc::Violations;
use crate::value::words::words;

pub fn inclusions(scenario: &pb::Scenario, violations: &mut Violations) -> Vec<AskedInclusion> {
    let mut inclusions = Vec::new();
    if violations.keeps_rules("scenario.inclusions") {
        for (index, asked) in scenario.inclusions.iter().enumerate() {
            inclusions.extend(inclusion(index, asked, violations));
        }
        overlaps(&inclusions, violations);
    }
    inclusions
}

pub fn cuts(scenario: &pb::Scenario, violations: &mut Violations) -> Vec<RouteCut> {
    let mut cuts = Vec::new();
    if violations.keeps_rules("scenario.route_cuts") {
        for (index, asked) in scenario.route_cuts.iter().enumerate() {
            cuts.extend(cut(index, asked, violations));
        }
    }
    cuts
}

pub fn bans(scenario: &pb::Scenario, violations: &mut Violations) -> Vec<Ban> {
    let mut bans = Vec::new();
    if violations.keeps_rules("scenario.bans") {
        for (index, asked) in scenario.bans.iter().enumerate() {
            bans.extend(ban(index, asked, violations));
        }
    }
    bans
}

/// First and last year of a part of a scenario; 0 for the last is none.
fn span(part: &str, first: i32, last: i32, violations: &mut Violations) -> Option<(i16, Option<i16>)> {
    let first = decode::year(&format!("{part}.start_year"), first, violations)?;
    if last == 0 {
        return Some((first, None));
    }
    let field = format!("{part}.end_year");
    let last = decode::year(&field, last, violations)?;
    if last < first {
        violations.add(field, format!("{last} lies before start_year, {first}"));
        return None;
    }
    Some((first, Some(last)))
}

fn percent(field: &str, value: Option<Decimal>, violations: &mut Violations) -> Option<Decimal> {
    match percentage(value?) {
        Ok(value) => Some(value),
        Err(problem) => {
            violations.add(field, problem);
            None
        }
    }
}

fn inclusion(index: usize, asked: &pb::Inclusion, violations: &mut Violations) -> Option<AskedInclusion> {
    let at = |field: &str| format!("scenario.inclusions[{index}].{field}");
    let name = violations.text(&at("name"), &asked.name).to_owned();
    if name.is_empty() {
        violations.add(at("name"), "is empty; a contract's name or one of your own is needed");
    }
    let years = span(&format!("scenario.inclusions[{index}]"), asked.start_year, asked.end_year, violations);
    let quantity = decode::value(&at("quantity"), asked.quantity.as_ref(), violations);
    if quantity.is_some_and(|quantity| quantity < Decimal::ZERO) {
        violations.add(at("quantity.value"), "is negative");
    }
    let unit = match (quantity, asked.quantity.as_ref().map_or("", |quantity| quantity.unit.as_str())) {
        (None, "") => None,
        (_, text) => decode::unit(&at("quantity.unit"), text, violations),
    };
    if let Some(unit) = unit.filter(|unit| unit.per != Some(Per::Year)) {
        violations
            .add(at("quantity.unit"), format!("`{unit}` is not a valid rate a year; expected one such as bcm/y@20C"));
    }
    let mut ramp = Vec::new();
    if violations.keeps_rules(&at("ramp_percent")) {
        for (number, wire) in asked.ramp_percent.iter().enumerate() {
            let field = format!("scenario.inclusions[{index}].ramp_percent[{number}]");
            let value = decode::decimal(&field, Some(wire), violations);
            ramp.extend(percent(&field, value, violations));
        }
    }
    let (first_year, last_year) = years?;
    Some(AskedInclusion {
        contract: Name::parse("contracts", &name),
        name,
        first_year,
        last_year,
        quantity: quantity.zip(unit),
        ramp,
        commodity: violations.text(&at("commodity"), &asked.commodity).to_owned(),
        route: violations.text(&at("route"), &asked.route).to_owned(),
        seller: violations.text(&at("seller"), &asked.seller).to_owned(),
    })
}

/// One supply twice in one year would be counted twice.
fn overlaps(inclusions: &[AskedInclusion], violations: &mut Violations) {
    let ends = |inclusion: &AskedInclusion| inclusion.last_year.unwrap_or(i16::MAX);
    for (index, own) in inclusions.iter().enumerate() {
        let mut earlier = inclusions.iter().take(index).filter(|other| other.name == own.name);
        if earlier.any(|other| own.first_year <= ends(other) && other.first_year <= ends(own)) {
            let problem = "is taken in twice for the same years; expected one inclusion with its own quantity";
            violations.add(format!("scenario.inclusions[{index}].name"), problem);
        }
    }
}

fn cut(index: usize, asked: &pb::RouteCut, violations: &mut Violations) -> Option<RouteCut> {
    let at = |field: &str| format!("scenario.route_cuts[{index}].{field}");
    let years = span(&format!("scenario.route_cuts[{index}]"), asked.start_year, asked.end_year, violations);
    let field = at("remaining_percent");
    if asked.remaining_percent.is_none() {
        violations.add(&field, "is missing; 50 halves the route");
    }
    let remaining = decode::decimal(&field, asked.remaining_percent.as_ref(), violations);
    let remaining = percent(&field, remaining, violations);
    let route = words(violations.text(&at("route"), &asked.route));
    let (first_year, last_year) = years?;
    Some(RouteCut { route, first_year, last_year, remaining_percent: remaining? })
}

fn ban(index: usize, asked: &pb::Ban, violations: &mut Violations) -> Option<Ban> {
    let at = |field: &str| format!("scenario.bans[{index}].{field}");
    let from = violations.first_day(&at("start_date"), asked.start_date.as_ref());
    Some(Ban {
        commodities: violations.texts(&at("commodities"), &asked.commodities),
        seller: words(violations.text(&at("seller"), &asked.seller)),
        from: from?,
    })
}
