//! Outlooks as messages.

use rust_decimal::Decimal;

use crate::energy::answer::Opened;
use crate::energy::answer::outlook::{Outlook, Question};
use crate::energy::outlook::years::{Concentration, OfLayer, Year, share};
use crate::energy::outlook::{Layer, LeftOut};
use crate::energy::quantity::DEFINITIONS;
use crate::energy::route::load::Certainty;
use crate::proto::entrepot::energy::v1 as pb;
use crate::proto::entrepot::r#type::v1::Decimal as WireDecimal;
use crate::rpc::Error;
use crate::rpc::wire::{decimal, emptiness};

pub fn outlook(outlook: &Outlook, question: &Question, opened: &Opened) -> Result<pb::GetOutlookResponse, Error> {
    let years = outlook.years.iter().map(|year| wire_year(year, outlook, question));
    Ok(pb::GetOutlookResponse {
        unit: question.unit.to_string(),
        factor_set: question.set.as_ref().map_or(DEFINITIONS, |set| set.name.as_str()).to_owned(),
        years: years.collect::<Result<_, _>>()?,
        left_out: outlook.left_out.iter().map(left_out).collect(),
        notes: outlook.notes.clone(),
        provenance: Some(opened.provenance(|dataset| outlook.datasets.contains(&dataset.id))),
        emptiness: outlook.emptiness.as_ref().map(emptiness),
    })
}

fn quantity(value: Decimal) -> Option<WireDecimal> {
    Some(decimal(value.normalize().to_string()))
}

fn left_out(left_out: &LeftOut) -> pb::LeftOut {
    pb::LeftOut {
        contract: left_out.name.clone(),
        display_name: left_out.title.clone(),
        reason: left_out.reason.clone(),
    }
}

fn wire_year(year: &Year, outlook: &Outlook, question: &Question) -> Result<pb::OutlookYear, Error> {
    let total_imports = question.total_imports.get(&year.year);
    let firm_share = match total_imports {
        Some(total) => share(year.firm, *total)?,
        None => None,
    };
    let concentrations = [("seller", &year.by_seller), ("route", &year.by_route)];
    let concentrations = concentrations.into_iter().filter_map(|(by, found)| Some(concentration(by, found.as_ref()?)));
    Ok(pb::OutlookYear {
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
        routes: routes(year, outlook),
        firm_share_percent: firm_share.and_then(quantity),
        concentrations: concentrations.collect(),
    })
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

fn routes(year: &Year, outlook: &Outlook) -> Vec<pb::RouteLoad> {
    let named = year.routes.iter().filter(|(route, _)| !route.is_empty());
    named
        .map(|(route, contracted)| {
            let found = outlook.capacities.get(&(year.year, route.clone()));
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
                sources: found.map(|found| found.sources.clone()).unwrap_or_default(),
                status: status.into(),
            }
        })
        .collect()
}

fn concentration(by: &str, found: &Concentration) -> pb::Concentration {
    pb::Concentration {
        by: by.to_owned(),
        hhi: found.hhi,
        largest: found.largest.clone(),
        largest_percent: quantity(found.largest_percent),
    }
}
