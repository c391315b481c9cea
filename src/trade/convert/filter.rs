//! The filter of requests for flows, with everything that is wrong named.

use std::collections::BTreeMap;

use crate::proto::entrepot::trade::v1 as pb;
use crate::reference::convert::codes::Codes as _;
use crate::reference::{Area, Classification, CommodityCode, Group, codes};
use crate::rpc::Violations;
use crate::trade::model::Flow;
use crate::trade::query::{Filter, Listed};
use crate::value::Frequency;
use crate::value::text::truncated;

/// Members of the request's country groups, by name.
pub(super) type Groups = BTreeMap<String, Vec<Area>>;

/// Checks a filter. `groups` are the request's country groups.
pub(super) fn filter_with_groups(
    wire: Option<&pb::FlowFilter>,
    groups: &Groups,
    violations: &mut Violations,
) -> Filter {
    let default = pb::FlowFilter::default();
    let wire = wire.unwrap_or(&default);
    let dataset = one_dataset("filter.datasets", &wire.datasets, violations);
    let mut filter = Filter { dataset, ..Filter::default() };
    filter.reporters = countries("filter.reporters", &wire.reporters, groups, violations);
    filter.partners = countries("filter.partners", &wire.partners, groups, violations);
    let named = wire.reporters.iter().chain(&wire.partners).filter_map(|name| Some((name, Group::parse(name)?)));
    let known = named.filter(|(name, group)| groups.get(*name).is_some_and(|members| *members == group.areas()));
    filter.groups = known.map(|(_, group)| group.code).collect();
    if let Some(total) = filter.reporters.iter().find(|area| **area == Area::WORLD) {
        violations.add("filter.reporters", format!("{total} reports nothing itself; leave reporters empty for all"));
    }
    if violations.keeps_rules("filter.flows") {
        for (index, code) in wire.flows.iter().enumerate() {
            match Flow::parse(code) {
                Some(flow) => filter.flows.push(flow),
                None => {
                    let shown = truncated(code, 20);
                    let right = "expected M, X, RM, RX, DX, FM, MIP, MOP, XIP or XOP";
                    violations.add(format!("filter.flows[{index}]"), format!("`{shown}` is not a valid flow; {right}"));
                }
            }
        }
    }
    filter.from = violations.period("filter.start_period", &wire.start_period);
    filter.to = violations.period("filter.end_period", &wire.end_period);
    if let (Some(from), Some(to)) = (filter.from, filter.to)
        && from.months().0 > to.months().1
    {
        violations.add("filter.end_period", format!("{to} lies before start_period {from}"));
    }
    filter.frequency = match wire.frequency() {
        pb::Frequency::Unspecified => None,
        pb::Frequency::Annual => Some(Frequency::Annual),
        pb::Frequency::Quarterly => Some(Frequency::Quarterly),
        pb::Frequency::Monthly => Some(Frequency::Monthly),
    };
    filter.classification = violations.classification("filter.classification", &wire.classification);
    filter.commodities = commodities("filter.commodities", &wire.commodities, violations);
    filter.balanced = wire.balanced;
    filter.complete_periods_only = wire.complete_periods_only;
    details(wire, &mut filter, violations);
    filter.listed = match (wire.parts_only, wire.totals_only) {
        (false, false) => Listed::All,
        (true, false) => Listed::Parts,
        (false, true) => Listed::Totals,
        (true, true) => {
            violations.add("filter.totals_only", "excludes parts_only; set one of them");
            Listed::All
        }
    };
    filter
}

/// The dataset that is to answer: one alone, as yet.
pub(super) fn one_dataset(field: &str, names: &[String], violations: &mut Violations) -> Option<String> {
    if names.len() > 1 {
        violations.add(
            field,
            format!("names {} datasets; one answer comes from one dataset, so name one or none", names.len()),
        );
        return None;
    }
    let name = violations.text(&format!("{field}[0]"), names.first()?);
    if name.is_empty() {
        violations.add(format!("{field}[0]"), "is empty; leave the list empty for the dataset of highest precedence");
    }
    Some(name.to_owned())
}

/// The datasets of a list that may be about several.
pub(super) fn flow_datasets(field: &str, names: &[String], violations: &mut Violations) -> Vec<String> {
    if !violations.keeps_rules(field) {
        return Vec::new();
    }
    let mut texts = Vec::new();
    for (index, name) in names.iter().enumerate() {
        texts.push(violations.text(&format!("{field}[{index}]"), name).to_owned());
    }
    texts
}

/// Checks the filter of a list or stream, which has no country groups of its own.
pub(super) fn filter(wire: Option<&pb::FlowFilter>, violations: &mut Violations) -> Filter {
    let wire = wire.map(|wire| with_known_groups(wire, &mut Groups::new()));
    let groups = Group::all().iter().map(|group| (group.name(), group.areas())).collect();
    let filter = filter_with_groups(wire.as_ref(), &groups, violations);
    let of_summaries = [("balanced", filter.balanced), ("complete_periods_only", filter.complete_periods_only)];
    for (field, _) in of_summaries.iter().filter(|(_, is_set)| *is_set) {
        violations.add(format!("filter.{field}"), "is for summaries; a list or stream of facts takes all reports");
    }
    filter
}

/// Adds the groups by date that the filter names, but for those that the request defines itself, and gives them the names that
/// answers use.
pub(super) fn with_known_groups(wire: &pb::FlowFilter, groups: &mut Groups) -> pb::FlowFilter {
    let mut wire = wire.clone();
    for text in wire.reporters.iter_mut().chain(&mut wire.partners) {
        if let Some(group) = Group::parse(text).filter(|_| !groups.contains_key(text)) {
            groups.entry(group.name()).or_insert_with(|| group.areas());
            *text = group.name();
        }
    }
    wire
}

pub(super) fn countries(field: &str, texts: &[String], groups: &Groups, violations: &mut Violations) -> Vec<Area> {
    let mut areas = Vec::new();
    if !violations.keeps_rules(field) {
        return areas;
    }
    for (index, text) in texts.iter().enumerate() {
        if !text.starts_with("groups/") {
            areas.extend(violations.area(&format!("{field}[{index}]"), text));
            continue;
        }
        match groups.get(text) {
            Some(members) => areas.extend(members),
            None => {
                let known: Vec<&str> = Group::all().iter().map(|group| group.code).collect();
                let problem = format!("`{text}` is neither among the request's groups nor one of {}", known.join(", "));
                violations.add(format!("{field}[{index}]"), problem);
            }
        }
    }
    areas.sort_unstable();
    areas.dedup();
    areas
}

pub(super) fn commodities(field: &str, texts: &[String], violations: &mut Violations) -> Vec<String> {
    let mut found = Vec::new();
    if !violations.keeps_rules(field) {
        return found;
    }
    for (index, text) in texts.iter().enumerate() {
        if CommodityCode::parse(Classification::HS2022, text.as_bytes()).is_some() {
            found.push(text.clone());
        } else {
            let shown = truncated(text, 20);
            let right = "expected one to six digits with leading zeros, or TOTAL";
            violations.add(format!("{field}[{index}]"), format!("`{shown}` is not a valid commodity code; {right}"));
        }
    }
    found.sort_unstable();
    found.dedup();
    // A code below another that is asked for adds nothing, and its rows would be found twice.
    let covered = |code: &String| found.iter().any(|other| other != code && code.starts_with(other.as_str()));
    let kept: Vec<String> = found.iter().filter(|code| !covered(code)).cloned().collect();
    if kept.len() > 1 && kept.iter().any(|code| code == "TOTAL") {
        violations.add(field, "TOTAL is the total of the other codes; ask for it alone");
    }
    kept
}

fn details(wire: &pb::FlowFilter, filter: &mut Filter, violations: &mut Violations) {
    filter.levels = wire.commodity_levels.iter().filter_map(|level| u32::try_from(*level).ok()).collect();
    if violations.keeps_rules("filter.modes_of_transport") {
        for (index, mode) in wire.modes_of_transport.iter().enumerate() {
            match u16::try_from(*mode).ok().filter(|mode| codes::is_mode(*mode)) {
                Some(mode) => filter.modes.push(mode),
                None => {
                    let problem = format!("{mode} is not a mode of transport of Comtrade's list (0, 1000, 2100, ...)");
                    violations.add(format!("filter.modes_of_transport[{index}]"), problem);
                }
            }
        }
    }
    if violations.keeps_rules("filter.customs_procedures") {
        for (index, code) in wire.customs_procedures.iter().enumerate() {
            match codes::procedure_number(code) {
                Some(number) => filter.procedures.push(number),
                None => {
                    let shown = truncated(code, 20);
                    let problem = format!("`{shown}` is not a customs procedure; expected C00 to C20");
                    violations.add(format!("filter.customs_procedures[{index}]"), problem);
                }
            }
        }
    }
    filter.second_partners = countries("filter.second_partners", &wire.second_partners, &Groups::new(), violations);
}
