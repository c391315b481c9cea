//! Questions about controlled goods.

use crate::proto::entrepot::sanctions::v1 as pb;
use crate::register::moment::day_number;
use crate::rpc::wire::{date, emptiness};
use crate::rpc::{Error, Page, Violations};
use crate::sanctions::answer::check_commodity::{self, Finding};
use crate::sanctions::answer::{get_controlled_good, list_controlled_goods};
use crate::sanctions::goods::Certainty;
use crate::sanctions::goods::listed::{Filter, ListedGood};

use super::request::{destination, hs_commodity};
use super::{checked, provenance};

const LIST_GOODS: &str = "/entrepot.sanctions.v1.SanctionsService/ListControlledGoods";

pub fn check_question(request: &pb::CheckCommodityRequest) -> Result<check_commodity::Question, Error> {
    let mut violations = Violations::of(request);
    let (name, line) = first_six_digits(&request.commodity);
    let commodity = hs_commodity("commodity", name, &mut violations);
    let destination = destination("destination", &request.destination, &mut violations);
    let clocks = violations.clocks_of_records(request.clock.as_ref());
    let commodity = checked("commodity", commodity, violations)?;
    Ok(check_commodity::Question { commodity, line: line.to_owned(), destination, clocks })
}

/// The name of the subheading that a national tariff line of 7 to 10 digits is of, and the line; empty where there is none.
pub(super) fn first_six_digits(name: &str) -> (&str, &str) {
    let line = name.rsplit_once('-').map_or("", |(_, digits)| digits);
    let is_line = (7..=10).contains(&line.len()) && line.bytes().all(|byte| byte.is_ascii_digit());
    if is_line { (&name[..name.len() - line.len() + 6], line) } else { (name, "") }
}

pub fn check_response(answer: check_commodity::Answer) -> pb::CheckCommodityResponse {
    let strongest = answer.findings.iter().map(|finding| finding.certainty).max();
    let certainty = match strongest {
        // An empty answer says nothing; an answer without findings, that the commodity is on no list.
        None if answer.emptiness.is_none() => pb::ControlCertainty::None,
        None => pb::ControlCertainty::Unspecified,
        Some(strongest) => certainty(strongest),
    };
    pb::CheckCommodityResponse {
        certainty: certainty.into(),
        findings: answer.findings.iter().map(finding).collect(),
        provenance: Some(provenance(answer.provenance)),
        emptiness: answer.emptiness.as_ref().map(emptiness),
        names: None,
    }
}

pub fn get_question(request: &pb::GetControlledGoodRequest) -> Result<get_controlled_good::Question, Error> {
    let mut violations = Violations::of(request);
    let name = parse_name(&request.name);
    if name.is_none() {
        violations.add(
            "name",
            "is not a valid controlled good; expected controlledGoods/common-high-priority-list.common-high-priority-list.HS2022-854231 \
            , see ListControlledGoods",
        );
    }
    let clocks = violations.store_clock(request.clock.as_ref());
    let name = checked("name", name, violations)?.map(str::to_owned);
    Ok(get_controlled_good::Question { name, clocks })
}

pub fn get_response(answer: get_controlled_good::Answer) -> pb::GetControlledGoodResponse {
    pb::GetControlledGoodResponse {
        controlled_good: Some(good(&answer.good)),
        provenance: Some(provenance(answer.provenance)),
        names: None,
    }
}

pub fn list_question(request: &pb::ListControlledGoodsRequest) -> Result<list_controlled_goods::Question, Error> {
    let mut violations = Violations::of(request);
    let clocks = violations.clocks_of_records(request.clock.as_ref());
    let wire = request.filter.clone().unwrap_or_default();
    let filter = Filter {
        regimes: violations.texts("filter.regimes", &wire.regimes),
        authorities: violations.texts("filter.authorities", &wire.authorities),
        destination: destination("filter.destination", &wire.destination, &mut violations),
        in_force: clocks.in_force_on.map(day_number),
    };
    violations.check()?;
    Ok(list_controlled_goods::Question { filter, clocks, page: Page::of(LIST_GOODS, request, 100)? })
}

pub fn list_response(answer: list_controlled_goods::Answer) -> pb::ListControlledGoodsResponse {
    pb::ListControlledGoodsResponse {
        controlled_goods: answer.goods.iter().map(good).collect(),
        next_page_token: answer.next_page_token,
        provenance: Some(provenance(answer.provenance)),
        emptiness: answer.emptiness.as_ref().map(emptiness),
        names: None,
    }
}

fn good(stored: &ListedGood) -> pb::ControlledGood {
    let good = &stored.good;
    let common = good.code.get(..6).unwrap_or(&good.code);
    pb::ControlledGood {
        name: format!("controlledGoods/{}.{}.{}-{}", stored.list, good.regime, good.edition, good.code),
        authority: good.authority.clone(),
        regime: good.regime.clone(),
        commodity: commodity(&good.edition, common),
        code: good.code.clone(),
        tier: good.tier.clone(),
        destinations: good.destinations.clone(),
        start_date: good.from.map(date),
        end_date: good.until.map(date),
        display_name: good.title.clone(),
        source: good.source.clone(),
    }
}

fn commodity(edition: &str, code: &str) -> String {
    format!("commodities/{edition}-{code}")
}

/// List, regime, classification and code of a resource name.
fn parse_name(name: &str) -> Option<[&str; 4]> {
    let mut parts = name.strip_prefix("controlledGoods/")?.splitn(3, '.');
    let (list, regime, commodity) = (parts.next()?, parts.next()?, parts.next()?);
    let (classification, code) = commodity.split_once('-')?;
    let whole = [list, regime, classification, code];
    let fits = name.len() <= 300 && !name.contains('\0') && whole.iter().all(|part| !part.is_empty());
    fits.then_some(whole)
}

fn certainty(certainty: Certainty) -> pb::ControlCertainty {
    match certainty {
        Certainty::NotCompared => pb::ControlCertainty::Unspecified,
        Certainty::Possible => pb::ControlCertainty::Possible,
        Certainty::Certain => pb::ControlCertainty::Certain,
    }
}

fn finding(finding: &Finding) -> pb::ControlFinding {
    let names = |codes: &[String]| codes.iter().map(|code| commodity(&finding.edition, code)).collect::<Vec<_>>();
    pb::ControlFinding {
        certainty: certainty(finding.certainty).into(),
        controlled_goods: finding.goods.iter().map(good).collect(),
        controlled_counterparts: names(&finding.controlled),
        partly_controlled_counterparts: names(&finding.partly),
        uncontrolled_counterparts: names(&finding.uncontrolled),
        explanation: finding.explanation.clone(),
    }
}
