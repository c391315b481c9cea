//! Requests to queries, with everything that is wrong named; facts and summaries to messages.

use std::collections::BTreeMap;

use crate::exact;
use crate::import::number::{self, Excess};
use crate::import::table::truncated;
use crate::proto::entrepot::trade::v1 as pb;
use crate::proto::entrepot::r#type::v1 as types;
use crate::reference::{Area, Catalog, Classification, CommodityCode, Frequency, Valuation, codes};
use crate::rpc::convert::{decimal, frequency, source, thousandths, valuation};
use crate::rpc::{Error, Violations};
use crate::store::Cell;

use super::level::Level;
use super::mirror::Factor;
use super::model::{Flags, Flow};
use super::query::{Dimension, Filter, Measure, SummaryQuery};
use super::select::Selection;
use super::store::columns::StoredFlow;
use super::store::sums::Sums;
use super::summary::{KeyPart, Row};

const COUNTRIES_MAX: usize = 300;
const CODES_MAX: usize = 500;
const DETAILS_MAX: usize = 100;
const GROUPS_MAX: usize = 50;

/// Members of the request's country groups, by name.
type Groups = BTreeMap<String, Vec<Area>>;

/// Checks a filter. `groups` are the request's country groups.
fn filter_with_groups(wire: Option<&pb::FlowFilter>, groups: &Groups, violations: &mut Violations) -> Filter {
    let default = pb::FlowFilter::default();
    let wire = wire.unwrap_or(&default);
    let mut filter = Filter::default();

    let dataset = violations.text("filter.dataset", &wire.dataset, 80);
    filter.dataset = (!dataset.is_empty()).then(|| dataset.to_owned());
    filter.reporters = countries("filter.reporters", &wire.reporters, groups, violations);
    filter.partners = countries("filter.partners", &wire.partners, groups, violations);
    if let Some(total) = filter.reporters.iter().find(|area| **area == Area::WORLD) {
        violations.add("filter.reporters", format!("{total} reports nothing itself; leave reporters empty for all"));
    }
    if violations.at_most("filter.flows", &wire.flows, 10) {
        for (index, code) in wire.flows.iter().enumerate() {
            match Flow::parse(code) {
                Some(flow) => filter.flows.push(flow),
                None => {
                    let shown = truncated(code, 20);
                    let right = "M, X, RM, RX, DX, FM, MIP, MOP, XIP or XOP would be right";
                    violations.add(format!("filter.flows[{index}]"), format!("`{shown}` is no flow; {right}"));
                }
            }
        }
    }
    filter.from = violations.period("filter.period_from", &wire.period_from);
    filter.to = violations.period("filter.period_to", &wire.period_to);
    if let (Some(from), Some(to)) = (filter.from, filter.to)
        && from.months().0 > to.months().1
    {
        violations.add("filter.period_to", format!("{to} lies before period_from {from}"));
    }
    filter.frequency = match types::Frequency::try_from(wire.frequency) {
        Ok(types::Frequency::Unspecified) => None,
        Ok(types::Frequency::Annual) => Some(Frequency::Annual),
        Ok(types::Frequency::Quarterly) => Some(Frequency::Quarterly),
        Ok(types::Frequency::Monthly) => Some(Frequency::Monthly),
        Err(_) => {
            violations.add("filter.frequency", format!("{} is no frequency", wire.frequency));
            None
        }
    };
    filter.classification = violations.classification("filter.classification", &wire.classification);
    filter.commodities = commodities("filter.commodities", &wire.commodities, violations);
    details(wire, &mut filter, violations);
    filter
}

/// Checks a filter without country groups.
pub fn filter(wire: Option<&pb::FlowFilter>, violations: &mut Violations) -> Filter {
    filter_with_groups(wire, &Groups::new(), violations)
}

fn countries(field: &str, texts: &[String], groups: &Groups, violations: &mut Violations) -> Vec<Area> {
    let mut areas = Vec::new();
    if !violations.at_most(field, texts, COUNTRIES_MAX) {
        return areas;
    }
    for (index, text) in texts.iter().enumerate() {
        if !text.starts_with("groups/") {
            areas.extend(violations.area(&format!("{field}[{index}]"), text));
            continue;
        }
        match groups.get(text) {
            Some(members) => areas.extend(members),
            None => violations.add(format!("{field}[{index}]"), format!("`{text}` is not among the request's groups")),
        }
    }
    areas.sort_unstable();
    areas.dedup();
    areas
}

fn commodities(field: &str, texts: &[String], violations: &mut Violations) -> Vec<String> {
    let mut found = Vec::new();
    if !violations.at_most(field, texts, CODES_MAX) {
        return found;
    }
    for (index, text) in texts.iter().enumerate() {
        if CommodityCode::parse(Classification::HS2022, text.as_bytes()).is_some() {
            found.push(text.clone());
        } else {
            let shown = truncated(text, 20);
            let right = "one to six digits with leading zeros, or TOTAL, would be right";
            violations.add(format!("{field}[{index}]"), format!("`{shown}` is no commodity code; {right}"));
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
    if violations.at_most("filter.commodity_levels", &wire.commodity_levels, 7) {
        for (index, level) in wire.commodity_levels.iter().enumerate() {
            match u32::try_from(*level) {
                Ok(level @ 0..=6) => filter.levels.push(level),
                _ => violations.add(format!("filter.commodity_levels[{index}]"), format!("{level} is not 0 to 6")),
            }
        }
    }
    if violations.at_most("filter.modes_of_transport", &wire.modes_of_transport, DETAILS_MAX) {
        for (index, mode) in wire.modes_of_transport.iter().enumerate() {
            match u16::try_from(*mode).ok().filter(|mode| codes::is_mode(*mode)) {
                Some(mode) => filter.modes.push(mode),
                None => {
                    let problem = format!("{mode} is no mode of transport of Comtrade's list (0, 1000, 2100, ...)");
                    violations.add(format!("filter.modes_of_transport[{index}]"), problem);
                }
            }
        }
    }
    if violations.at_most("filter.customs_procedures", &wire.customs_procedures, DETAILS_MAX) {
        for (index, code) in wire.customs_procedures.iter().enumerate() {
            match codes::procedure_number(code) {
                Some(number) => filter.procedures.push(number),
                None => {
                    let shown = truncated(code, 20);
                    let problem = format!("`{shown}` is no customs procedure (C00 to C20)");
                    violations.add(format!("filter.customs_procedures[{index}]"), problem);
                }
            }
        }
    }
    filter.second_partners = countries("filter.second_partners", &wire.second_partners, &Groups::new(), violations);
}

/// Checks a summary's request.
pub fn summary_query(wire: &pb::SummarizeFlowsRequest, rows_max: usize) -> Result<SummaryQuery, Error> {
    let mut violations = Violations::default();
    let groups = country_groups(&wire.groups, &mut violations);
    let filter = filter_with_groups(wire.filter.as_ref(), &groups, &mut violations);
    if wire.filter.as_ref().is_none_or(|filter| filter.flows.is_empty()) {
        violations.add("filter.flows", "is empty; name the flows to add up, such as M (imports) or X (exports)");
    }
    let group_by = dimensions(&wire.group_by, &mut violations);
    let groups_by_commodity = group_by.contains(&Dimension::Commodity);
    let commodity_level = match (u32::try_from(wire.commodity_level), groups_by_commodity) {
        (Ok(0), true) => 2,
        (Ok(0), false) => 0,
        (Ok(level @ 1..=6), true) => level,
        (Ok(1..=6), false) => {
            violations.add("commodity_level", "needs DIMENSION_COMMODITY in group_by");
            0
        }
        _ => {
            violations.add("commodity_level", format!("{} is not 0 to 6", wire.commodity_level));
            0
        }
    };
    let order_by = match pb::Measure::try_from(wire.order_by) {
        Ok(pb::Measure::Unspecified) => None,
        Ok(pb::Measure::Value) => Some(Measure::Value),
        Ok(pb::Measure::NetWeight) => Some(Measure::NetWeight),
        Ok(pb::Measure::RowCount) => Some(Measure::RowCount),
        Err(_) => {
            violations.add("order_by", format!("{} is no measure", wire.order_by));
            None
        }
    };
    let bounded = |field: &str, number: i32, most: usize, violations: &mut Violations| match usize::try_from(number) {
        Ok(number) if number <= most => number,
        _ => {
            violations.add(field, format!("{number} is not 0 to {most}"));
            0
        }
    };
    let top = bounded("top", wire.top, 1000, &mut violations);
    let row_limit = match bounded("row_limit", wire.row_limit, rows_max, &mut violations) {
        0 => 10_000,
        limit => limit,
    };
    let used = |names: &[String]| -> Vec<String> {
        names.iter().filter(|name| name.starts_with("groups/")).cloned().collect()
    };
    let wire_filter = wire.filter.clone().unwrap_or_default();
    let reporter_groups =
        members_of("filter.reporters", &used(&wire_filter.reporters), &wire_filter.reporters, &groups, &mut violations);
    let partner_groups =
        members_of("filter.partners", &used(&wire_filter.partners), &wire_filter.partners, &groups, &mut violations);
    violations.check()?;
    Ok(SummaryQuery {
        filter,
        group_by,
        commodity_level,
        reporter_groups,
        partner_groups,
        order_by,
        ascending: wire.ascending,
        top,
        quantities: wire.include_quantities,
        row_limit,
    })
}

fn country_groups(wire: &[pb::CountryGroup], violations: &mut Violations) -> Groups {
    let mut groups = Groups::new();
    if !violations.at_most("groups", wire, GROUPS_MAX) {
        return groups;
    }
    for (index, group) in wire.iter().enumerate() {
        let field = format!("groups[{index}]");
        let is_named = group.name.strip_prefix("groups/").is_some_and(|rest| !rest.is_empty() && rest.len() <= 63);
        if !is_named {
            let shown = truncated(&group.name, 40);
            violations
                .add(format!("{field}.name"), format!("`{shown}` must begin with `groups/`, such as groups/asean"));
            continue;
        }
        let members = countries(&format!("{field}.members"), &group.members, &Groups::new(), violations);
        if let Some(total) = members.iter().find(|area| area.is_total()) {
            violations.add(format!("{field}.members"), format!("{total} is a sum of countries itself"));
        }
        if groups.insert(group.name.clone(), members).is_some() {
            violations.add(format!("{field}.name"), format!("`{}` is defined twice", group.name));
        }
    }
    groups
}

/// Which group each country counts for; a country may count once only.
fn members_of(
    field: &str,
    used: &[String],
    listed: &[String],
    groups: &Groups,
    violations: &mut Violations,
) -> BTreeMap<Area, String> {
    let mut group_of = BTreeMap::new();
    for name in used {
        for area in groups.get(name).into_iter().flatten() {
            if let Some(other) = group_of.insert(*area, name.clone()).filter(|other| other != name) {
                violations.add(field, format!("{area} is in both {other} and {name} and would count twice"));
            }
        }
    }
    for text in listed.iter().filter(|text| !text.starts_with("groups/")) {
        if let Some((area, name)) = Area::parse(text).and_then(|area| Some((area, group_of.get(&area)?))) {
            violations.add(field, format!("{area} is named beside its group {name} and would count twice"));
        }
    }
    group_of
}

fn dimensions(wire: &[i32], violations: &mut Violations) -> Vec<Dimension> {
    let mut dimensions = Vec::new();
    for (index, number) in wire.iter().enumerate() {
        let dimension = match pb::Dimension::try_from(*number) {
            Ok(pb::Dimension::Year) => Dimension::Period(Frequency::Annual),
            Ok(pb::Dimension::Quarter) => Dimension::Period(Frequency::Quarterly),
            Ok(pb::Dimension::Month) => Dimension::Period(Frequency::Monthly),
            Ok(pb::Dimension::Reporter) => Dimension::Reporter,
            Ok(pb::Dimension::Partner) => Dimension::Partner,
            Ok(pb::Dimension::Commodity) => Dimension::Commodity,
            Ok(pb::Dimension::Flow) => Dimension::Flow,
            Ok(pb::Dimension::ModeOfTransport) => Dimension::Mode,
            Ok(pb::Dimension::CustomsProcedure) => Dimension::Procedure,
            Ok(pb::Dimension::Unspecified) | Err(_) => {
                violations.add(format!("group_by[{index}]"), format!("{number} is no dimension"));
                continue;
            }
        };
        let is_period = |dimension: &Dimension| matches!(dimension, Dimension::Period(_));
        let clashes = dimensions.contains(&dimension) || (is_period(&dimension) && dimensions.iter().any(is_period));
        if clashes {
            violations.add(format!("group_by[{index}]"), "is named twice, or beside another period");
            continue;
        }
        dimensions.push(dimension);
    }
    dimensions
}

/// The two sides of a comparison as summaries, and the factor.
pub fn mirror_queries(
    wire: &pb::CompareMirrorRequest,
    rows_max: usize,
) -> Result<(SummaryQuery, SummaryQuery, Option<Factor>), Error> {
    let mut violations = Violations::default();
    let exporter = violations.area("exporter", &wire.exporter);
    let importer = violations.area("importer", &wire.importer);
    for (field, area) in [("exporter", exporter), ("importer", importer)] {
        if let Some(area) = area.filter(|area| area.is_total()) {
            violations.add(field, format!("{area} is a sum of countries, which reports nothing itself"));
        }
    }
    let period = match pb::Dimension::try_from(wire.period) {
        Ok(pb::Dimension::Unspecified | pb::Dimension::Year) => Frequency::Annual,
        Ok(pb::Dimension::Quarter) => Frequency::Quarterly,
        Ok(pb::Dimension::Month) => Frequency::Monthly,
        _ => {
            violations.add("period", "is none of DIMENSION_YEAR, DIMENSION_QUARTER and DIMENSION_MONTH");
            Frequency::Annual
        }
    };
    let commodity_level = match u32::try_from(wire.commodity_level) {
        Ok(level @ 0..=6) => level,
        _ => {
            violations.add("commodity_level", format!("{} is not 0 to 6", wire.commodity_level));
            0
        }
    };
    let factor = match &wire.cif_fob_factor {
        None => None,
        Some(text) => match number::parse(text.value.as_bytes(), 6, Excess::Refuse) {
            Ok(Some(scaled)) if (500_000..=5_000_000).contains(&scaled.value) => Some(Factor(scaled.value)),
            _ => {
                let shown = truncated(&text.value, 20);
                let right = "a decimal from 0.5 to 5 with at most six decimals, such as 1.06, would be right";
                violations.add("cif_fob_factor", format!("`{shown}` is no such factor; {right}"));
                None
            }
        },
    };
    let shared = Filter {
        from: violations.period("period_from", &wire.period_from),
        to: violations.period("period_to", &wire.period_to),
        commodities: commodities("commodities", &wire.commodities, &mut violations),
        classification: violations.classification("classification", &wire.classification),
        ..Filter::default()
    };
    if let (Some(from), Some(to)) = (shared.from, shared.to)
        && from.months().0 > to.months().1
    {
        violations.add("period_to", format!("{to} lies before period_from {from}"));
    }
    violations.check()?;

    let mut group_by = vec![Dimension::Period(period)];
    if commodity_level > 0 {
        group_by.push(Dimension::Commodity);
    }
    let side = |reporter: Option<Area>, partner: Option<Area>, flow: Flow, dataset: &str| SummaryQuery {
        filter: Filter {
            dataset: (!dataset.is_empty()).then(|| dataset.to_owned()),
            reporters: reporter.into_iter().collect(),
            partners: partner.into_iter().collect(),
            flows: vec![flow],
            ..shared.clone()
        },
        group_by: group_by.clone(),
        commodity_level,
        row_limit: rows_max,
        ..SummaryQuery::default()
    };
    Ok((
        side(exporter, importer, Flow::EXPORT, &wire.exporter_dataset),
        side(importer, exporter, Flow::IMPORT, &wire.importer_dataset),
        factor,
    ))
}

/// Facts with every field.
pub fn flows(rows: &[StoredFlow], dataset: &str, catalog: &Catalog) -> Vec<pb::Flow> {
    let mut releases: BTreeMap<i64, String> = BTreeMap::new();
    rows.iter()
        .map(|stored| {
            let release = releases.entry(stored.release).or_insert_with(|| catalog.release_name(stored.release));
            flow(stored, dataset, release)
        })
        .collect()
}

fn flow(stored: &StoredFlow, dataset: &str, release: &str) -> pb::Flow {
    let row = &stored.row;
    let key = row.key;
    let amounts = row.amounts;
    let commodity = key.commodity();
    let known = |cell: Cell| cell.get().map(thousandths);
    let quantity = |cell: Cell, unit: u8, estimated: bool| {
        let amount = cell.get()?;
        let unit = codes::unit_abbreviation(unit).to_owned();
        Some(pb::Quantity { amount: Some(thousandths(amount)), unit, estimated })
    };
    pb::Flow {
        dataset: dataset.to_owned(),
        release: release.to_owned(),
        reporter: key.reporter().code().to_owned(),
        flow: key.flow().code().to_owned(),
        period: key.period().map_or_else(String::new, |period| period.to_string()),
        partner: key.partner().code().to_owned(),
        classification: commodity.classification().name().to_owned(),
        commodity: commodity.to_string(),
        second_partner: key.variant().second_partner().code().to_owned(),
        customs_procedure: codes::procedure_code(key.variant().procedure()).to_owned(),
        mode_of_transport: i32::from(key.variant().mode_of_transport()),
        mode_of_supply: i32::from(key.variant().mode_of_supply()),
        value_usd: known(amounts.value),
        cif_value_usd: known(amounts.cif_value),
        fob_value_usd: known(amounts.fob_value),
        net_weight_kg: known(amounts.net_weight),
        gross_weight_kg: known(amounts.gross_weight),
        quantity: quantity(amounts.quantity, row.quantity_unit, row.flags.has(Flags::QUANTITY_ESTIMATED)),
        alternative_quantity: quantity(
            amounts.alt_quantity,
            row.alt_unit,
            row.flags.has(Flags::ALT_QUANTITY_ESTIMATED),
        ),
        net_weight_estimated: row.flags.has(Flags::NET_WEIGHT_ESTIMATED),
        gross_weight_estimated: row.flags.has(Flags::GROSS_WEIGHT_ESTIMATED),
        reported: row.flags.maybe(Flags::REPORTED, Flags::REPORTED_KNOWN),
        aggregate: row.flags.maybe(Flags::AGGREGATE, Flags::AGGREGATE_KNOWN),
        original_classification: row.flags.maybe(Flags::ORIGINAL, Flags::ORIGINAL_KNOWN),
        legacy_estimation_flag: row.flags.legacy().map(i32::from),
    }
}

/// One row of a summary.
pub fn summary_row(row: &Row) -> pb::SummaryRow {
    let sums = &row.sums;
    let mut wire = pb::SummaryRow {
        rest: row.rest_groups.is_some(),
        rest_groups: row.rest_groups.unwrap_or(0) as i64,
        value_usd: (sums.value_rows > 0).then(|| thousandths(sums.value)),
        net_weight_kg: (sums.weight_rows > 0).then(|| thousandths(sums.net_weight)),
        unit_value_usd_per_kg: exact::ratio(i128::from(sums.weighed_value), i128::from(sums.weighed_weight))
            .map(decimal),
        row_count: sums.rows,
        value_row_count: sums.value_rows,
        net_weight_row_count: sums.weight_rows,
        share: (sums.value_rows > 0)
            .then(|| row.period_value.and_then(|all| exact::ratio(i128::from(sums.value), i128::from(all))))
            .flatten()
            .map(decimal),
        periods_expected: row.periods_expected as i32,
        periods_reported: row.periods_reported as i32,
        ..pb::SummaryRow::default()
    };
    wire.quantities = row
        .quantities
        .iter()
        .map(|quantity| pb::QuantitySum {
            unit: codes::unit_abbreviation(quantity.unit).to_owned(),
            amount: Some(thousandths(quantity.amount)),
            row_count: quantity.rows,
        })
        .collect();
    wire
}

/// Puts a row's key into its fields, in the order of the query's dimensions.
pub fn put_key(wire: &mut pb::SummaryRow, key: &[KeyPart], group_by: &[Dimension]) {
    for (position, part) in key.iter().enumerate() {
        let is_reporter = group_by.get(position) == Some(&Dimension::Reporter);
        match part {
            KeyPart::Period(period) => wire.period = Some(period.to_string()),
            KeyPart::Area(area) if is_reporter => wire.reporter = Some(area.to_string()),
            KeyPart::Group(name) if is_reporter => wire.reporter = Some(name.clone()),
            KeyPart::Area(area) => wire.partner = Some(area.to_string()),
            KeyPart::Group(name) => wire.partner = Some(name.clone()),
            KeyPart::Commodity(code) => {
                wire.classification = Some(code.classification().name().to_owned());
                wire.commodity = Some(code.to_string());
            }
            KeyPart::Flow(flow) => wire.flow = Some(flow.to_string()),
            KeyPart::Mode(mode) => wire.mode_of_transport = Some(i32::from(*mode)),
            KeyPart::Procedure(number) => wire.customs_procedure = Some(codes::procedure_code(*number).to_owned()),
        }
    }
}

/// Where an answer comes from. `sums` are over all of it, where they are known.
pub fn provenance(
    catalog: &Catalog,
    selection: &Selection,
    level: Option<&Level>,
    sums: Option<&Sums>,
) -> types::Provenance {
    let share = |part: i64| {
        let sums = sums.filter(|sums| sums.value_rows > 0)?;
        exact::ratio(i128::from(part), i128::from(sums.value)).map(decimal)
    };
    let periods = selection.periods();
    let shown = |period: Option<&crate::reference::Period>| period.map_or_else(String::new, ToString::to_string);
    let mut notes = selection.notes.clone();
    if selection.dataset.spec.valuation == Valuation::AsReported {
        notes.push("values as the reporters published them: usually imports CIF and exports FOB".into());
    }
    types::Provenance {
        sources: vec![source(catalog, selection.dataset.id, selection.release)],
        valuation: valuation(valuation_of(selection)).into(),
        estimated_value_share: sums.and_then(|sums| share(sums.estimated_value)),
        converted_value_share: sums.and_then(|sums| share(sums.converted_value)),
        mirrored_value_share: sums.and_then(|sums| (sums.value_rows > 0).then(|| decimal("0"))),
        classifications: selection
            .classifications()
            .into_iter()
            .map(|classification| classification.name().to_owned())
            .filter(|name| !name.is_empty())
            .collect(),
        frequency: frequency(selection.frequency()).into(),
        level: level.map_or_else(|| "facts as they are, totals beside their parts".into(), Level::describe),
        reports: selection.reports.len() as i64,
        first_period: shown(periods.first()),
        last_period: shown(periods.last()),
        alternatives: selection.alternatives.clone(),
        notes,
    }
}

fn valuation_of(selection: &Selection) -> Valuation {
    let valuation = selection.dataset.spec.valuation;
    if valuation != Valuation::ByFlow {
        return valuation;
    }
    let imports = selection.reports.keys().any(|report| report.flow.is_import());
    let exports = selection.reports.keys().any(|report| !report.flow.is_import());
    match (imports, exports) {
        (true, false) => Valuation::Cif,
        (false, true) => Valuation::Fob,
        _ => Valuation::Mixed,
    }
}
