//! The codes of countries that answers about energy hold.

use crate::proto::entrepot::energy::v1 as pb;
use crate::proto::entrepot::r#type::v1 as types;
use crate::reference::convert::names::Mentioned;

pub fn of_contracts<'a>(contracts: impl IntoIterator<Item = &'a pb::Contract>) -> types::Names {
    let facts = contracts.into_iter().flat_map(|contract| &contract.facts);
    of_codes(facts.map(|fact| &fact.country))
}

pub fn of_revisions(revisions: &[pb::ContractRevision]) -> types::Names {
    let changes = revisions.iter().flat_map(|revision| &revision.changes);
    let facts = changes.flat_map(|change| [&change.old_fact, &change.new_fact]).flatten();
    of_codes(facts.map(|fact| &fact.country))
}

pub fn of_routes<'a>(routes: impl IntoIterator<Item = &'a pb::Route>) -> types::Names {
    let ends = |route: &'a pb::Route| [&route.origin_country, &route.destination_country];
    of_codes(routes.into_iter().flat_map(|route| ends(route).into_iter().chain(&route.countries)))
}

/// Of the two sides, which only the request names.
pub fn of_sides(request: &pb::ProjectOutlookRequest) -> types::Names {
    let mut mentioned = Mentioned::default();
    request.origins.iter().chain(&request.destinations).for_each(|text| mentioned.country_asked(text));
    mentioned.country_names()
}

fn of_codes<'a>(codes: impl Iterator<Item = &'a String>) -> types::Names {
    let mut mentioned = Mentioned::default();
    codes.for_each(|code| mentioned.country(code));
    mentioned.country_names()
}
