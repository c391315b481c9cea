//! Outlooks.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{request as decode, scenario};
use crate::energy::answer::project_outlook::{Answer, Question, RouteCapacity};
use crate::energy::outlook::years::{Concentration, OfLayer, Year};
use crate::energy::outlook::{Layer, LeftOut};
use crate::energy::route::load::Certainty;
use crate::proto::entrepot::energy::v1 as pb;
use crate::proto::entrepot::r#type::v1::Decimal as WireDecimal;
use crate::reference::convert::codes::Codes as _;
use crate::rpc::wire::{decimal, emptiness, provenance};
use crate::rpc::{Error, Violations};

pub fn get_question(request: &pb::ProjectOutlookRequest) -> Result<Question, Error> {
    let mut violations = Violations::of(request);
    let origins = countries("origins", &request.origins, &mut violations);
    let destinations = countries("destinations", &request.destinations, &mut violations);
    let commodities = violations.texts("commodities", &request.commodities);
    if commodities.is_empty() {
        violations.add("commodities", "is empty; expected gas, pipeline_gas, lng or crude");
    }
    let years = decode::years(request.start_year, request.end_year, &mut violations);
    let unit = decode::annual_unit("unit", &request.unit, &mut violations);
    if let Some(what) = unit.and_then(|unit| unit.basis.unknown()) {
        violations.add("unit", format!("`{}` does not say {what}; bcm/y@20C would", request.unit));
    }
    let set = decode::factor_set("factor_set", &request.factor_set, &mut violations);
    let asked = request.scenario.clone().unwrap_or_default();
    let inclusions = scenario::inclusions(&asked, &mut violations);
    let cuts = scenario::cuts(&asked, &mut violations);
    let bans = scenario::bans(&asked, &mut violations);
    let total_imports = total_imports(&request.total_imports, &mut violations);
    let clocks = violations.clocks(request.clock.as_ref());
    let (years, unit) = decode::checked(years.zip(unit), violations)?;
    Ok(Question { origins, destinations, commodities, years, unit, set, inclusions, cuts, bans, total_imports, clocks })
}

pub fn get_response(answer: Answer) -> pb::ProjectOutlookResponse {
    pb::ProjectOutlookResponse {
        years: answer.years.iter().map(|year| wire_year(year, &answer)).collect(),
        unit: answer.unit.to_string(),
        factor_set: answer.factor_set,
        left_out: answer.left_out.into_iter().map(left_out).collect(),
        provenance: Some(provenance(answer.sources, answer.notes)),
        emptiness: answer.emptiness.as_ref().map(emptiness),
        names: None,
    }
}

fn countries(field: &str, countries: &[String], violations: &mut Violations) -> Vec<String> {
    if countries.is_empty() {
        violations.add(field, "is empty; name at least one country");
    }
    violations.countries(field, countries)
}

/// By year.
fn total_imports(asked: &[pb::YearQuantity], violations: &mut Violations) -> BTreeMap<i16, Decimal> {
    let mut total_imports = BTreeMap::new();
    if violations.keeps_rules("total_imports") {
        for (index, of_year) in asked.iter().enumerate() {
            let at = |field: &str| format!("total_imports[{index}].{field}");
            let year = decode::year(&at("year"), of_year.year, violations);
            let quantity = decode::decimal(&at("quantity"), of_year.quantity.as_ref(), violations);
            if quantity.is_none_or(|quantity| quantity <= Decimal::ZERO) {
                violations.add(at("quantity"), "is missing or not above zero");
            }
            let is_repeated =
                year.zip(quantity).is_some_and(|(year, quantity)| total_imports.insert(year, quantity).is_some());
            if is_repeated {
                violations.add(at("year"), format!("{} stands there twice", of_year.year));
            }
        }
    }
    total_imports
}

fn quantity(value: Decimal) -> Option<WireDecimal> {
    Some(decimal(value.normalize().to_string()))
}

fn left_out(LeftOut { name, title, reason }: LeftOut) -> pb::LeftOut {
    pb::LeftOut { contract: name, display_name: title, reason }
}

fn wire_year(year: &Year, answer: &Answer) -> pb::OutlookYear {
    let concentrations =
        [(pb::ConcentrationKind::Seller, &year.by_seller), (pb::ConcentrationKind::Route, &year.by_route)];
    let concentrations =
        concentrations.into_iter().filter_map(|(kind, found)| Some(concentration(kind, found.as_ref()?)));
    pb::OutlookYear {
        year: i32::from(year.year),
        layers: year
            .layers
            .iter()
            .map(|((layer, commodity), of_layer)| wire_layer(*layer, commodity, of_layer))
            .collect(),
        total: quantity(year.total),
        firm: quantity(year.firm),
        expiring: quantity(year.expiring),
        expiring_contracts: year.expiring_names.clone(),
        routes: routes(year, answer),
        firm_share_percent: answer.firm_shares.get(&year.year).copied().and_then(quantity),
        concentrations: concentrations.collect(),
    }
}

fn wire_layer(layer: Layer, commodity: &str, of_layer: &OfLayer) -> pb::OutlookLayer {
    let wire = match layer {
        Layer::InForce => pb::Layer::InForce,
        Layer::SignedNotFlowing => pb::Layer::SignedNotFlowing,
        Layer::Extension => pb::Layer::Extension,
        Layer::Proposed => pb::Layer::Proposed,
        Layer::StatusUnknown => pb::Layer::StatusUnknown,
        Layer::Scenario => pb::Layer::Scenario,
    };
    let contributions = of_layer.contributions.iter();
    pb::OutlookLayer {
        layer: wire.into(),
        commodity: commodity.to_owned(),
        quantity: quantity(of_layer.quantity),
        of_which_open_ended: quantity(of_layer.open_ended),
        contributions: contributions
            .map(|contribution| pb::Contribution {
                contract: contribution.name.clone(),
                quantity: quantity(contribution.amount.quantity),
                notes: contribution.amount.notes.clone(),
            })
            .collect(),
    }
}

fn routes(year: &Year, answer: &Answer) -> Vec<pb::RouteLoad> {
    let named = year.routes.iter().filter(|(route, _)| !route.is_empty());
    named
        .map(|(route, contracted)| {
            let found = answer.capacities.get(&(year.year, route.clone()));
            let status = match found.map(|found| found.certainty) {
                None => pb::RouteLoadStatus::Unspecified,
                Some(Certainty::Operating) => pb::RouteLoadStatus::Operating,
                Some(Certainty::Construction) => pb::RouteLoadStatus::Construction,
                Some(Certainty::Proposed) => pb::RouteLoadStatus::Proposed,
            };
            pb::RouteLoad {
                route: route.clone(),
                capacity: found.and_then(|found| quantity(found.capacity)),
                contracted: quantity(*contracted),
                sources: found.map(segments).unwrap_or_default(),
                status: status.into(),
            }
        })
        .collect()
}

fn segments(capacity: &RouteCapacity) -> Vec<String> {
    capacity.segments.iter().map(|segment| segment.resource("routes")).collect()
}

fn concentration(kind: pb::ConcentrationKind, found: &Concentration) -> pb::Concentration {
    pb::Concentration {
        kind: kind.into(),
        hhi: found.hhi,
        largest: found.largest.clone(),
        largest_percent: quantity(found.largest_percent),
    }
}
