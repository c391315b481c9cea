//! Routes, and lists of them.

use super::request as decode;
use crate::energy::answer::list_routes::Filter;
use crate::energy::answer::{Record, get_route, list_routes};
use crate::energy::route::{Owner, Production, Route, RouteKind, RouteStatus};
use crate::proto::entrepot::energy::v1 as pb;
use crate::reference::convert::codes::Codes as _;
use crate::rpc::wire::{decimal, emptiness, provenance, quantity};
use crate::rpc::{Error, Page, Violations};
use crate::value::words::words;

const LIST: &str = "/entrepot.energy.v1.EnergyService/ListRoutes";

pub fn get_question(request: &pb::GetRouteRequest) -> Result<get_route::Question, Error> {
    let mut violations = Violations::of(request);
    let name = decode::name("routes", "name", &request.name, &mut violations);
    let clocks = violations.store_clock(request.clock.as_ref());
    Ok(get_route::Question { name: decode::checked(name, violations)?, clocks })
}

pub fn get_response(answer: get_route::Answer) -> pb::GetRouteResponse {
    pb::GetRouteResponse {
        route: Some(route(answer.route)),
        provenance: Some(provenance(answer.sources, Vec::new())),
        names: None,
    }
}

pub fn list_question(request: &pb::ListRoutesRequest) -> Result<list_routes::Question, Error> {
    let mut violations = Violations::of(request);
    let filter = filter(request.filter.as_ref(), &mut violations);
    let clocks = violations.store_clock(request.clock.as_ref());
    violations.check()?;
    Ok(list_routes::Question { filter, clocks, page: Page::of(LIST, request, 50)? })
}

pub fn list_response(answer: list_routes::Answer) -> pb::ListRoutesResponse {
    pb::ListRoutesResponse {
        routes: answer.routes.into_iter().map(route).collect(),
        next_page_token: answer.next_page_token,
        provenance: Some(provenance(answer.sources, Vec::new())),
        emptiness: answer.emptiness.as_ref().map(emptiness),
        names: None,
    }
}

fn filter(filter: Option<&pb::RouteFilter>, violations: &mut Violations) -> Filter {
    let Some(filter) = filter else { return Filter::default() };
    let mut country = |field: &str, text: &str| {
        if text.is_empty() { None } else { violations.area(field, text).map(|area| area.facts().code.clone()) }
    };
    let (from, to) = (
        country("filter.origin_country", &filter.origin_country),
        country("filter.destination_country", &filter.destination_country),
    );
    Filter {
        datasets: violations.lists("filter.datasets", &filter.datasets),
        query: words(violations.text("filter.query", &filter.query)),
        owner: words(violations.text("filter.owner", &filter.owner)),
        countries: violations.countries("filter.countries", &filter.countries),
        from,
        to,
        kinds: filter.kinds().map(decode_kind).collect(),
        statuses: filter.statuses().map(decode_status).collect(),
    }
}

/// `None` for the one that says nothing.
fn decode_kind(kind: pb::RouteKind) -> Option<RouteKind> {
    match kind {
        pb::RouteKind::Unspecified => None,
        pb::RouteKind::GasPipeline => Some(RouteKind::GasPipeline),
        pb::RouteKind::OilPipeline => Some(RouteKind::OilPipeline),
        pb::RouteKind::NglPipeline => Some(RouteKind::NglPipeline),
        pb::RouteKind::HydrogenPipeline => Some(RouteKind::HydrogenPipeline),
        pb::RouteKind::LngImportTerminal => Some(RouteKind::LngImportTerminal),
        pb::RouteKind::LngExportTerminal => Some(RouteKind::LngExportTerminal),
        pb::RouteKind::Field => Some(RouteKind::Field),
    }
}

/// `None` for routes without one.
fn decode_status(status: pb::RouteStatus) -> Option<RouteStatus> {
    match status {
        pb::RouteStatus::Unspecified => None,
        pb::RouteStatus::Operating => Some(RouteStatus::Operating),
        pb::RouteStatus::Construction => Some(RouteStatus::Construction),
        pb::RouteStatus::Proposed => Some(RouteStatus::Proposed),
        pb::RouteStatus::Shelved => Some(RouteStatus::Shelved),
        pb::RouteStatus::Cancelled => Some(RouteStatus::Cancelled),
        pb::RouteStatus::Mothballed => Some(RouteStatus::Mothballed),
        pb::RouteStatus::Idle => Some(RouteStatus::Idle),
        pb::RouteStatus::Retired => Some(RouteStatus::Retired),
    }
}

fn route(record: Record<Route>) -> pb::Route {
    let Record { name, release, value: route } = record;
    let year = |year: Option<i16>| year.map(i32::from);
    pb::Route {
        name: name.resource("routes"),
        dataset: format!("datasets/{}", name.book),
        display_name: route.name,
        segment: route.segment,
        kind: kind(route.kind).into(),
        status: route.status.map_or(pb::RouteStatus::Unspecified, status).into(),
        status_inferred: route.status_inferred,
        origin_country: route.from_country,
        destination_country: route.to_country,
        countries: route.countries,
        owners: route.owners.into_iter().map(owner).collect(),
        parents: route.parents.into_iter().map(owner).collect(),
        capacity: route.capacity.map(|capacity| quantity(capacity.value.to_string(), capacity.unit)),
        capacity_bcm: route.capacity_bcm.map(|capacity| decimal(capacity.to_string())),
        start_year: year(route.start_years.first().copied()),
        end_year: year(route.stop_year),
        length_km: route.length_km.map(|length| decimal(length.to_string())),
        start_location: route.start_location,
        end_location: route.end_location,
        uri: route.url,
        release,
        note: route.capacity_text,
        operator: route.operator,
        production: route.production.into_iter().map(production).collect(),
    }
}

fn production(production: Production) -> pb::RouteProduction {
    pb::RouteProduction {
        product: production.of,
        quantity: Some(quantity(production.value.to_string(), production.unit)),
        year: production.year.map(i32::from),
    }
}

fn owner(owner: Owner) -> pb::RouteOwner {
    pb::RouteOwner { display_name: owner.name, share_percent: owner.share.map(|share| decimal(share.to_string())) }
}

fn kind(kind: RouteKind) -> pb::RouteKind {
    match kind {
        RouteKind::GasPipeline => pb::RouteKind::GasPipeline,
        RouteKind::OilPipeline => pb::RouteKind::OilPipeline,
        RouteKind::NglPipeline => pb::RouteKind::NglPipeline,
        RouteKind::HydrogenPipeline => pb::RouteKind::HydrogenPipeline,
        RouteKind::LngImportTerminal => pb::RouteKind::LngImportTerminal,
        RouteKind::LngExportTerminal => pb::RouteKind::LngExportTerminal,
        RouteKind::Field => pb::RouteKind::Field,
    }
}

fn status(status: RouteStatus) -> pb::RouteStatus {
    match status {
        RouteStatus::Operating => pb::RouteStatus::Operating,
        RouteStatus::Construction => pb::RouteStatus::Construction,
        RouteStatus::Proposed => pb::RouteStatus::Proposed,
        RouteStatus::Shelved => pb::RouteStatus::Shelved,
        RouteStatus::Cancelled => pb::RouteStatus::Cancelled,
        RouteStatus::Mothballed => pb::RouteStatus::Mothballed,
        RouteStatus::Idle => pb::RouteStatus::Idle,
        RouteStatus::Retired => pb::RouteStatus::Retired,
    }
}
