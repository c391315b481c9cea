//! Requests whose answers are reckoned: schedules, settlements, prices, outlooks.

use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;

use super::request as decode;
use crate::energy::answer::{outlook, price, schedule, settlement};
use crate::energy::library::Name;
use crate::energy::outlook::scenario::{Ban, RouteCut, percentage};
use crate::energy::quantity::Per;
use crate::energy::settlement::{Prices, Reduction, ReductionKind, Scope};
use crate::proto::entrepot::energy::v1 as pb;
use crate::reference::convert::codes::Codes as _;
use crate::rpc::Violations;
use crate::value::words::words;

const YEARS_MAX: i16 = 100;
const MONTHS_MAX: i32 = 1_200;
const DIGITS_MAX: i32 = 12;
const TEXT_MAX: usize = 200;
const COUNTRIES_MAX: usize = 300;
const ENTRIES_MAX: usize = 50;

pub fn schedule(request: &pb::GetScheduleRequest, violations: &mut Violations) -> Option<schedule::Question> {
    let name = decode::name("contracts", "name", &request.name, violations);
    let unit = match request.unit.as_str() {
        "" => None,
        text => decode::annual_unit("unit", text, violations),
    };
    if !(0..=DIGITS_MAX).contains(&request.digits) {
        violations.add("digits", format!("{} is not between 0 and {DIGITS_MAX}", request.digits));
    }
    let digits = if request.digits == 0 { 6 } else { request.digits.unsigned_abs() };
    Some(schedule::Question {
        calendar_years: request.calendar_years,
        digits,
        supplied: decode::supplied(&request.supplied_terms, violations),
        unit,
        set: decode::factor_set("factor_set", &request.factor_set, violations),
        name: name?,
    })
}

pub fn settlement(request: &pb::SettleContractRequest, violations: &mut Violations) -> Option<settlement::Question> {
    let name = decode::name("contracts", "name", &request.name, violations);
    let years = decode::years(request.first_year, request.last_year, YEARS_MAX, violations);
    let scope = match pb::SettlementScope::try_from(request.scope) {
        Ok(pb::SettlementScope::Unspecified) => None,
        Ok(pb::SettlementScope::Deficiency) => Some(Scope::Deficiency),
        Ok(pb::SettlementScope::Ledger) => Some(Scope::Ledger),
        Ok(pb::SettlementScope::Payment) => Some(Scope::Payment),
        Err(_) => {
            violations.add("scope", format!("{} is no scope", request.scope));
            None
        }
    };
    let supplied = decode::supplied(&request.supplied_terms, violations);
    let set = decode::factor_set("factor_set", &request.factor_set, violations);
    let known = years_facts(&request.years, years, violations);
    Some(settlement::Question { name: name?, years: years?, scope, supplied, known, set })
}

fn years_facts(
    years: &[pb::YearFacts],
    asked: Option<(i16, i16)>,
    violations: &mut Violations,
) -> HashMap<i16, settlement::OfYear> {
    let mut known = HashMap::new();
    if !violations.at_most("years", years, YEARS_MAX as usize) {
        return known;
    }
    for (place, facts) in years.iter().enumerate() {
        let at = |field: &str| format!("years[{place}].{field}");
        let Some(year) = decode::year(&at("year"), facts.year, violations) else { continue };
        if let Some((first, last)) = asked.filter(|(first, last)| !(first..=last).contains(&&year)) {
            violations.add(at("year"), format!("{year} is not among the years settled, {first} to {last}"));
        }
        let mut reductions = Vec::new();
        if violations.at_most(&at("reductions"), &facts.reductions, ENTRIES_MAX) {
            for (number, reduction) in facts.reductions.iter().enumerate() {
                let field = format!("years[{place}].reductions[{number}]");
                reductions.extend(self::reduction(&field, reduction, violations));
            }
        }
        let taken = decode::decimal(&at("taken"), facts.taken.as_ref(), violations);
        if taken.is_some_and(|taken| taken < Decimal::ZERO) {
            violations.add(at("taken"), "is negative");
        }
        let of_year = settlement::OfYear {
            taken,
            reductions,
            prices: Prices {
                mean_of_year: decode::decimal(&at("mean_price"), facts.mean_price.as_ref(), violations),
                last_month: decode::decimal(&at("last_month_price"), facts.last_month_price.as_ref(), violations),
            },
        };
        if known.insert(year, of_year).is_some() {
            violations.add(at("year"), format!("{year} stands there twice"));
        }
    }
    known
}

fn reduction(field: &str, reduction: &pb::Reduction, violations: &mut Violations) -> Option<Reduction> {
    let kind = match pb::ReductionKind::try_from(reduction.kind) {
        Ok(pb::ReductionKind::Maintenance) => Some(ReductionKind::Maintenance),
        Ok(pb::ReductionKind::ForceMajeure) => Some(ReductionKind::ForceMajeure),
        Ok(pb::ReductionKind::SellerShortfall) => Some(ReductionKind::SellerShortfall),
        Ok(pb::ReductionKind::DownwardTolerance) => Some(ReductionKind::DownwardTolerance),
        _ => None,
    };
    if kind.is_none() {
        violations.add(format!("{field}.kind"), "is not said; REDUCTION_KIND_MAINTENANCE would be right");
    }
    let quantity = decode::decimal(&format!("{field}.quantity"), reduction.quantity.as_ref(), violations);
    if reduction.quantity.is_none() {
        violations.add(format!("{field}.quantity"), "is missing");
    }
    let note = violations.text(&format!("{field}.note"), &reduction.note, TEXT_MAX).to_owned();
    Some(Reduction { kind: kind?, quantity: quantity?, note })
}

pub fn price(request: &pb::PriceContractRequest, violations: &mut Violations) -> Option<price::Question> {
    let name = decode::name("contracts", "name", &request.name, violations);
    let months = decode::months(&request.first_month, &request.last_month, MONTHS_MAX, violations);
    let supplied = decode::supplied(&request.supplied_terms, violations);
    let datasets = violations.lists("index_datasets", &request.index_datasets);
    Some(price::Question { supplied, datasets, prices_only: request.prices_only, name: name?, months: months? })
}

pub fn outlook(request: &pb::GetOutlookRequest, violations: &mut Violations) -> Option<outlook::Question> {
    let origins = some_countries(ENTRIES_MAX, "origins", &request.origins, violations);
    let destinations = some_countries(COUNTRIES_MAX, "destinations", &request.destinations, violations);
    let commodities = violations.texts("commodities", &request.commodities);
    if commodities.is_empty() {
        violations.add("commodities", "is empty; gas, pipeline_gas, lng or crude would be right");
    }
    let years = decode::years(request.first_year, request.last_year, YEARS_MAX, violations);
    let unit = decode::annual_unit("unit", &request.unit, violations);
    if let Some(what) = unit.and_then(|unit| unit.basis.unknown()) {
        violations.add("unit", format!("`{}` does not say {what}; bcm/y@20C would", request.unit));
    }
    let set = decode::factor_set("factor_set", &request.factor_set, violations);
    let scenario = request.scenario.clone().unwrap_or_default();
    let mut inclusions = Vec::new();
    if violations.at_most("scenario.inclusions", &scenario.inclusions, ENTRIES_MAX) {
        for (place, asked) in scenario.inclusions.iter().enumerate() {
            inclusions.extend(inclusion(place, asked, violations));
        }
        overlaps(&inclusions, violations);
    }
    let mut cuts = Vec::new();
    if violations.at_most("scenario.route_cuts", &scenario.route_cuts, ENTRIES_MAX) {
        for (place, asked) in scenario.route_cuts.iter().enumerate() {
            cuts.extend(cut(place, asked, violations));
        }
    }
    let mut bans = Vec::new();
    if violations.at_most("scenario.bans", &scenario.bans, ENTRIES_MAX) {
        for (place, asked) in scenario.bans.iter().enumerate() {
            bans.extend(ban(place, asked, violations));
        }
    }
    let mut total_imports = BTreeMap::new();
    if violations.at_most("total_imports", &request.total_imports, YEARS_MAX as usize) {
        for (place, of_year) in request.total_imports.iter().enumerate() {
            let at = |field: &str| format!("total_imports[{place}].{field}");
            let year = decode::year(&at("year"), of_year.year, violations);
            let quantity = decode::decimal(&at("quantity"), of_year.quantity.as_ref(), violations);
            if quantity.is_none_or(|quantity| quantity <= Decimal::ZERO) {
                violations.add(at("quantity"), "is missing or not above zero");
            }
            let twice =
                year.zip(quantity).is_some_and(|(year, quantity)| total_imports.insert(year, quantity).is_some());
            if twice {
                violations.add(at("year"), format!("{} stands there twice", of_year.year));
            }
        }
    }
    Some(outlook::Question {
        origins,
        destinations,
        commodities,
        years: years?,
        unit: unit?,
        set,
        inclusions,
        cuts,
        bans,
        total_imports,
    })
}

fn some_countries(most: usize, field: &str, countries: &[String], violations: &mut Violations) -> Vec<String> {
    if countries.is_empty() {
        violations.add(field, "is empty; name at least one country");
    }
    violations.countries_up_to(most, field, countries)
}

/// First and last year of a part of a scenario; 0 for the last is none.
fn span(place: &str, first: i32, last: i32, violations: &mut Violations) -> Option<(i16, Option<i16>)> {
    let first = decode::year(&format!("{place}.first_year"), first, violations)?;
    if last == 0 {
        return Some((first, None));
    }
    let field = format!("{place}.last_year");
    let last = decode::year(&field, last, violations)?;
    if last < first {
        violations.add(field, format!("{last} lies before first_year, {first}"));
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

fn inclusion(place: usize, asked: &pb::Inclusion, violations: &mut Violations) -> Option<outlook::AskedInclusion> {
    let at = |field: &str| format!("scenario.inclusions[{place}].{field}");
    let name = violations.text(&at("name"), &asked.name, TEXT_MAX).to_owned();
    if name.is_empty() {
        violations.add(at("name"), "is empty; a contract's name or one of your own is needed");
    }
    let years = span(&format!("scenario.inclusions[{place}]"), asked.first_year, asked.last_year, violations);
    let quantity = decode::decimal(&at("quantity"), asked.quantity.as_ref(), violations);
    if quantity.is_some_and(|quantity| quantity < Decimal::ZERO) {
        violations.add(at("quantity"), "is negative");
    }
    let unit = match (quantity, asked.unit.as_str()) {
        (None, "") => None,
        (_, text) => decode::unit(&at("unit"), text, violations),
    };
    if let Some(unit) = unit.filter(|unit| unit.per != Some(Per::Year)) {
        violations.add(at("unit"), format!("`{unit}` is no rate a year; bcm/y@20C would be right"));
    }
    let mut ramp = Vec::new();
    if violations.at_most(&at("ramp_percent"), &asked.ramp_percent, ENTRIES_MAX) {
        for (number, wire) in asked.ramp_percent.iter().enumerate() {
            let field = format!("scenario.inclusions[{place}].ramp_percent[{number}]");
            let value = decode::decimal(&field, Some(wire), violations);
            ramp.extend(percent(&field, value, violations));
        }
    }
    let (first_year, last_year) = years?;
    Some(outlook::AskedInclusion {
        contract: Name::parse("contracts", &name),
        name,
        first_year,
        last_year,
        quantity: quantity.zip(unit),
        ramp,
        commodity: violations.text(&at("commodity"), &asked.commodity, TEXT_MAX).to_owned(),
        route: violations.text(&at("route"), &asked.route, TEXT_MAX).to_owned(),
        seller: violations.text(&at("seller"), &asked.seller, TEXT_MAX).to_owned(),
    })
}

/// One supply twice in one year would be counted twice.
fn overlaps(inclusions: &[outlook::AskedInclusion], violations: &mut Violations) {
    let ends = |inclusion: &outlook::AskedInclusion| inclusion.last_year.unwrap_or(i16::MAX);
    for (place, own) in inclusions.iter().enumerate() {
        let mut earlier = inclusions.iter().take(place).filter(|other| other.name == own.name);
        if earlier.any(|other| own.first_year <= ends(other) && other.first_year <= ends(own)) {
            let problem = "is taken in twice for the same years; one inclusion with its own quantity would be right";
            violations.add(format!("scenario.inclusions[{place}].name"), problem);
        }
    }
}

fn cut(place: usize, asked: &pb::RouteCut, violations: &mut Violations) -> Option<RouteCut> {
    let at = |field: &str| format!("scenario.route_cuts[{place}].{field}");
    let years = span(&format!("scenario.route_cuts[{place}]"), asked.first_year, asked.last_year, violations);
    let field = at("remaining_percent");
    if asked.remaining_percent.is_none() {
        violations.add(&field, "is missing; 50 halves the route");
    }
    let remaining = decode::decimal(&field, asked.remaining_percent.as_ref(), violations);
    let remaining = percent(&field, remaining, violations);
    let route = words(violations.text(&at("route"), &asked.route, TEXT_MAX));
    let (first_year, last_year) = years?;
    Some(RouteCut { route, first_year, last_year, remaining_percent: remaining? })
}

fn ban(place: usize, asked: &pb::Ban, violations: &mut Violations) -> Option<Ban> {
    let at = |field: &str| format!("scenario.bans[{place}].{field}");
    let from = violations.first_day(&at("start_date"), asked.start_date.as_ref());
    if asked.start_date.is_none() {
        violations.add(at("start_date"), "is missing");
    }
    Some(Ban {
        commodities: violations.texts(&at("commodities"), &asked.commodities),
        seller: words(violations.text(&at("seller"), &asked.seller, TEXT_MAX)),
        from: from?,
    })
}
