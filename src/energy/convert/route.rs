//! Routes as messages, and filters of them.

use crate::energy::library::{ListedRoute, Version};
use crate::energy::route::{Owner, RouteKind, RouteStatus};
use crate::proto::entrepot::energy::v1 as pb;
use crate::reference::convert::codes::Codes as _;
use crate::register::Catalog;
use crate::rpc::Violations;
use crate::rpc::wire::decimal;
use crate::value::words::words;

const TEXT_MAX: usize = 200;

pub fn route(version: &Version<ListedRoute>, catalog: &Catalog) -> pb::Route {
    let route = &version.value.route;
    let year = |year: Option<i16>| year.map(i32::from);
    pb::Route {
        name: format!("routes/{}.{}", version.book, version.id),
        dataset: format!("datasets/{}", version.book),
        display_name: route.name.clone(),
        segment: route.segment.clone(),
        kind: kind(route.kind).into(),
        status: route.status.map_or(pb::RouteStatus::Unspecified, status).into(),
        status_inferred: route.status_inferred,
        from_country: route.from_country.clone(),
        to_country: route.to_country.clone(),
        countries: route.countries.clone(),
        owners: route.owners.iter().map(owner).collect(),
        parents: route.parents.iter().map(owner).collect(),
        capacity: route.capacity.as_ref().map(|capacity| decimal(capacity.value.to_string())),
        capacity_unit: route.capacity.as_ref().map(|capacity| capacity.unit.clone()).unwrap_or_default(),
        capacity_bcm: route.capacity_bcm.map(|capacity| decimal(capacity.to_string())),
        start_year: year(route.start_years.first().copied()),
        stop_year: year(route.stop_year),
        length_km: route.length_km.map(|length| decimal(length.to_string())),
        start_location: route.start_location.clone(),
        end_location: route.end_location.clone(),
        uri: route.url.clone(),
        release: catalog.release_name(version.since.0),
        note: route.capacity_text.clone(),
    }
}

fn owner(owner: &Owner) -> pb::RouteOwner {
    pb::RouteOwner {
        display_name: owner.name.clone(),
        share_percent: owner.share.map(|share| decimal(share.to_string())),
    }
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

/// Which routes. What is empty asks for nothing.
#[derive(Debug, Default)]
pub struct Filter {
    datasets: Vec<String>,
    query: Vec<String>,
    owner: Vec<String>,
    countries: Vec<String>,
    from: Option<String>,
    to: Option<String>,
    kinds: Vec<i32>,
    statuses: Vec<i32>,
}

pub fn filter(filter: Option<&pb::RouteFilter>, violations: &mut Violations) -> Filter {
    let Some(filter) = filter else { return Filter::default() };
    let mut country = |field: &str, text: &str| {
        if text.is_empty() { None } else { violations.area(field, text).map(|area| area.facts().code.clone()) }
    };
    let (from, to) =
        (country("filter.from_country", &filter.from_country), country("filter.to_country", &filter.to_country));
    for (place, kind) in filter.kinds.iter().enumerate() {
        if pb::RouteKind::try_from(*kind).is_err() {
            violations.add(format!("filter.kinds[{place}]"), format!("{kind} is no kind"));
        }
    }
    for (place, status) in filter.statuses.iter().enumerate() {
        if pb::RouteStatus::try_from(*status).is_err() {
            violations.add(format!("filter.statuses[{place}]"), format!("{status} is no status"));
        }
    }
    violations.at_most("filter.kinds", &filter.kinds, 20);
    violations.at_most("filter.statuses", &filter.statuses, 20);
    Filter {
        datasets: violations.lists("filter.datasets", &filter.datasets),
        query: words(violations.text("filter.query", &filter.query, TEXT_MAX)),
        owner: words(violations.text("filter.owner", &filter.owner, TEXT_MAX)),
        countries: violations.countries("filter.countries", &filter.countries),
        from,
        to,
        kinds: filter.kinds.clone(),
        statuses: filter.statuses.clone(),
    }
}

impl Filter {
    pub fn datasets(&self) -> &[String] {
        &self.datasets
    }

    pub fn matches(&self, version: &Version<ListedRoute>) -> bool {
        let route = &version.value.route;
        let touches = |country: &String| {
            route.countries.contains(country) || route.from_country == *country || route.to_country == *country
        };
        let kind_of: i32 = kind(route.kind).into();
        let status_of: i32 = route.status.map_or(pb::RouteStatus::Unspecified, status).into();
        (self.datasets.is_empty() || self.datasets.contains(&version.book))
            && (self.kinds.is_empty() || self.kinds.contains(&kind_of))
            && (self.statuses.is_empty() || self.statuses.contains(&status_of))
            && self.from.as_ref().is_none_or(|from| route.from_country == *from)
            && self.to.as_ref().is_none_or(|to| route.to_country == *to)
            && (self.countries.is_empty() || self.countries.iter().any(touches))
            && version.value.has_words(&self.query, &self.owner)
    }
}
