//! Controlled goods to messages.

use crate::proto::entrepot::sanctions::v1 as pb;
use crate::rpc::wire::date;
use crate::sanctions::goods::listed::ListedGood;
use crate::sanctions::goods::{Certainty, Code, Finding};

pub fn good(stored: &ListedGood) -> pb::ControlledGood {
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
        title: good.title.clone(),
        source: good.source.clone(),
    }
}

fn commodity(edition: &str, code: &str) -> String {
    format!("commodities/{edition}-{code}")
}

/// List, regime, classification and code of a resource name.
pub fn parse_name(name: &str) -> Option<[&str; 4]> {
    let mut parts = name.strip_prefix("controlledGoods/")?.splitn(3, '.');
    let (list, regime, commodity) = (parts.next()?, parts.next()?, parts.next()?);
    let (classification, code) = commodity.split_once('-')?;
    let whole = [list, regime, classification, code];
    let fits = name.len() <= 300 && !name.contains('\0') && whole.iter().all(|part| !part.is_empty());
    fits.then_some(whole)
}

pub fn certainty(certainty: Certainty) -> pb::ControlCertainty {
    match certainty {
        Certainty::NotCompared => pb::ControlCertainty::Unspecified,
        Certainty::Possible => pb::ControlCertainty::Possible,
        Certainty::Certain => pb::ControlCertainty::Certain,
    }
}

pub fn finding(finding: &Finding<'_>, asked: &Code, stored: &[ListedGood]) -> pb::ControlFinding {
    let names = |codes: &[String]| codes.iter().map(|code| commodity(finding.edition, code)).collect::<Vec<_>>();
    let met = stored.iter().filter(|stored| finding.goods.contains(&&stored.good));
    pb::ControlFinding {
        certainty: certainty(finding.certainty).into(),
        controlled_goods: met.map(good).collect(),
        controlled_counterparts: names(&finding.controlled),
        partly_controlled_counterparts: names(&finding.partly),
        uncontrolled_counterparts: names(&finding.uncontrolled),
        explanation: finding.explanation(asked),
    }
}
