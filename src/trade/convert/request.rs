//! Requests to queries, with everything that is wrong named.

use std::collections::BTreeMap;

use super::filter::{Groups, commodities, countries, filter, filter_with_groups, one_dataset, with_known_groups};
use crate::proto::entrepot::trade::v1 as pb;
use crate::reference::Area;
use crate::reference::convert::codes::Codes as _;
use crate::rpc::page::Binding;
use crate::rpc::{Error, Page, Violations, page, policy};
use crate::trade::answer::stream_flows::Progress;
use crate::trade::answer::{
    AsOf, compare_mirror, estimate_query, list_flows, stream_flows, stream_summary, summarize_flows,
};
use crate::trade::mirror::Factor;
use crate::trade::model::Flow;
use crate::trade::query::{Dimension, Filter, Grouping, Listed, Measure, SummaryQuery};
use crate::value::Frequency;
use crate::value::number::{self, Excess};
use crate::value::text::truncated;

const LIST_FLOWS: &str = "/entrepot.trade.v1.TradeService/ListFlows";
const STREAM_FLOWS: &str = "/entrepot.trade.v1.TradeService/StreamFlows";
const STREAM_SUMMARY: &str = "/entrepot.trade.v1.TradeService/StreamSummary";
const SUMMARIZE_FLOWS: &str = "/entrepot.trade.v1.TradeService/SummarizeFlows";
const COMPARE_MIRROR: &str = "/entrepot.trade.v1.TradeService/CompareMirror";
const CHUNK_ROWS: usize = 1000;
const CHUNK_ROWS_MAX: usize = 10_000;
/// Of a summary that sets no limit.
const ROWS: usize = 10_000;

pub fn list_flows(request: &pb::ListFlowsRequest) -> Result<list_flows::Question, Error> {
    let mut violations = Violations::of(request);
    let filter = filter(request.filter.as_ref(), &mut violations);
    let day = violations.as_of(request.clock.as_ref());
    violations.check()?;
    let page = Page::of(LIST_FLOWS, request, 100)?;
    let release = page.token.as_ref().map(|token| token.release);
    Ok(list_flows::Question { filter, as_of: AsOf { day, release }, page })
}

pub fn stream_flows(request: &pb::StreamFlowsRequest) -> Result<stream_flows::Question, Error> {
    let mut violations = Violations::of(request);
    let filter = filter(request.filter.as_ref(), &mut violations);
    let day = violations.as_of(request.clock.as_ref());
    let chunk_rows = page::size(request.chunk_rows, CHUNK_ROWS, CHUNK_ROWS_MAX);
    violations.check()?;
    let bare = pb::StreamFlowsRequest { resume_token: String::new(), chunk_rows: 0, ..request.clone() };
    let binding = Binding::new(STREAM_FLOWS, &bare);
    let token = binding.decode::<Progress>("resume_token", &request.resume_token)?;
    let as_of = AsOf { day, release: token.as_ref().map(|token| token.release) };
    let progress = token.map_or_else(Progress::default, |token| token.after);
    Ok(stream_flows::Question { filter, as_of, chunk_rows, progress, binding })
}

pub fn summarize_flows(request: &pb::SummarizeFlowsRequest) -> Result<summarize_flows::Question, Error> {
    let mut violations = Violations::of(request);
    let as_of = AsOf::day(violations.as_of(request.clock.as_ref()));
    Ok(summarize_flows::Question { query: summary_query(request, violations)?, as_of })
}

pub fn stream_summary(request: &pb::StreamSummaryRequest) -> Result<stream_summary::Question, Error> {
    let mut violations = Violations::of(request);
    let summary = request.summary.clone().unwrap_or_default();
    if summary.row_limit != 0 {
        violations.add("summary.row_limit", "has no meaning in a stream, which has no limit; leave it out");
    }
    if summary.include_quantities {
        violations.add("summary.include_quantities", "is not offered in a stream; leave it out, or ask SummarizeFlows");
    }
    if summary.include_names {
        violations.add("summary.include_names", "is not offered in a stream; leave it out, or ask SummarizeFlows");
    }
    let summarized = match summarize_flows(&summary).map_err(|error| within(error, "", "summary.")) {
        Err(Error::Invalid(fields)) => {
            fields.into_iter().for_each(|(field, problem)| violations.add(field, problem));
            None
        }
        other => Some(other?),
    };
    violations.check()?;
    let summarized = summarized.ok_or_else(|| Error::invalid("summary", "is missing"))?;
    let chunk_rows = page::size(request.chunk_rows, CHUNK_ROWS, CHUNK_ROWS_MAX);
    let bare = pb::StreamSummaryRequest { resume_token: String::new(), chunk_rows: 0, ..request.clone() };
    let binding = Binding::new(STREAM_SUMMARY, &bare);
    let token = binding.decode::<stream_summary::Progress>("resume_token", &request.resume_token)?;
    Ok(stream_summary::Question {
        query: SummaryQuery { row_limit: stream_summary::GROUPS_MAX, ..summarized.query },
        as_of: AsOf { release: token.as_ref().map(|token| token.release), ..summarized.as_of },
        chunk_rows,
        progress: token.map_or_else(Default::default, |token| token.after),
        binding,
    })
}

pub fn compare_mirror(request: &pb::CompareMirrorRequest) -> Result<compare_mirror::Question, Error> {
    let mut violations = Violations::of(request);
    let as_of = AsOf::day(violations.as_of(request.clock.as_ref()));
    let (exporter, importer, factor) = mirror_queries(request, policy::rows_max(COMPARE_MIRROR), violations)?;
    Ok(compare_mirror::Question { exporter, importer, factor, as_of })
}

pub fn estimate_query(request: &pb::EstimateQueryRequest) -> Result<estimate_query::Question, Error> {
    match &request.query {
        None => Err(Error::invalid("query", "is missing; give flows or summary")),
        Some(pb::estimate_query_request::Query::Flows(flows)) => {
            let list = pb::ListFlowsRequest { filter: Some(flows.clone()), clock: request.clock, ..Default::default() };
            let list = list_flows(&list).map_err(|error| within(error, "filter", "flows"))?;
            Ok(estimate_query::Question { filter: list.filter, summary: None, as_of: list.as_of })
        }
        Some(pb::estimate_query_request::Query::Summary(summary)) => {
            let summary = summarize_flows(summary).map_err(|error| within(error, "", "summary."))?;
            let summarize_flows::Question { query, as_of } = summary;
            Ok(estimate_query::Question { filter: query.filter.clone(), summary: Some(query), as_of })
        }
    }
}

/// The fields of a request as they are called within the one that holds it: what they begin with, and what it is there.
pub(super) fn within(error: Error, beginning: &str, there: &str) -> Error {
    let Error::Invalid(mut fields) = error else { return error };
    for (field, _) in &mut fields {
        if let Some(rest) = field.strip_prefix(beginning) {
            *field = format!("{there}{rest}");
        }
    }
    Error::Invalid(fields)
}

/// Checks a summary's request.
fn summary_query(wire: &pb::SummarizeFlowsRequest, mut violations: Violations) -> Result<SummaryQuery, Error> {
    let mut groups = country_groups(&wire.groups, &mut violations);
    let wire_filter = with_known_groups(&wire.filter.clone().unwrap_or_default(), &mut groups);
    let filter = filter_with_groups(Some(&wire_filter), &groups, &mut violations);
    if wire.filter.as_ref().is_none_or(|filter| filter.flows.is_empty()) {
        violations.add("filter.flows", "is empty; name the flows to add up, such as M (imports) or X (exports)");
    }
    if filter.listed != Listed::All {
        let field = if filter.listed == Listed::Parts { "filter.parts_only" } else { "filter.totals_only" };
        violations.add(field, "is for lists and streams; a summary chooses the rows itself");
    }
    let group_by = dimensions(&wire.group_by, &mut violations);
    let groups_by_commodity = group_by.contains(&Dimension::Commodity);
    let commodity_level = match (wire.commodity_level.unsigned_abs(), groups_by_commodity) {
        (0, true) => 2,
        (level, true) => level,
        (0, false) => 0,
        (_, false) => {
            if violations.keeps_rules("commodity_level") {
                violations.add("commodity_level", "needs DIMENSION_COMMODITY in group_by");
            }
            0
        }
    };
    let order_by = match wire.order_by() {
        pb::Measure::Unspecified => None,
        pb::Measure::Value => Some(Measure::Value),
        pb::Measure::NetWeight => Some(Measure::NetWeight),
        pb::Measure::RowCount => Some(Measure::RowCount),
    };
    let used = |names: &[String]| -> Vec<String> {
        names.iter().filter(|name| name.starts_with("groups/")).cloned().collect()
    };
    let reporter_groups =
        members_of("filter.reporters", &used(&wire_filter.reporters), &wire_filter.reporters, &groups, &mut violations);
    let partner_groups =
        members_of("filter.partners", &used(&wire_filter.partners), &wire_filter.partners, &groups, &mut violations);
    let has_period = group_by.iter().any(|dimension| matches!(dimension, Dimension::Period(_)));
    if wire.top_over_all_periods && (wire.top == 0 || !has_period) {
        violations.add("top_over_all_periods", "needs top, and a year, quarter or month in group_by");
    }
    violations.check()?;
    Ok(SummaryQuery {
        filter,
        group_by,
        commodity_level,
        reporter_groups: Grouping::new(&reporter_groups),
        partner_groups: Grouping::new(&partner_groups),
        order_by,
        ascending: wire.ascending,
        top: wire.top.unsigned_abs() as usize,
        top_over_all_periods: wire.top_over_all_periods,
        quantities: wire.include_quantities,
        row_limit: page::size(wire.row_limit, ROWS, policy::rows_max(SUMMARIZE_FLOWS)),
    })
}

pub(super) fn country_groups(wire: &[pb::CountryGroup], violations: &mut Violations) -> Groups {
    let mut groups = Groups::new();
    if !violations.keeps_rules("groups") {
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
pub(super) fn members_of(
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
    if !violations.keeps_rules("group_by") {
        return dimensions;
    }
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
            // A rule of the protos refuses them.
            Ok(pb::Dimension::Unspecified) | Err(_) => continue,
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
fn mirror_queries(
    wire: &pb::CompareMirrorRequest,
    rows_max: usize,
    mut violations: Violations,
) -> Result<(SummaryQuery, SummaryQuery, Option<Factor>), Error> {
    let exporter = violations.area("exporter", &wire.exporter);
    let importer = violations.area("importer", &wire.importer);
    for (field, area) in [("exporter", exporter), ("importer", importer)] {
        if let Some(area) = area.filter(|area| *area == Area::WORLD) {
            violations.add(field, format!("{area} is a sum of countries, which reports nothing itself"));
        }
    }
    let period = match pb::Dimension::try_from(wire.period_dimension) {
        Ok(pb::Dimension::Unspecified | pb::Dimension::Year) => Frequency::Annual,
        Ok(pb::Dimension::Quarter) => Frequency::Quarterly,
        Ok(pb::Dimension::Month) => Frequency::Monthly,
        _ => {
            violations.add("period_dimension", "is none of DIMENSION_YEAR, DIMENSION_QUARTER and DIMENSION_MONTH");
            Frequency::Annual
        }
    };
    let commodity_level = wire.commodity_level.unsigned_abs();
    let factor = match &wire.cif_fob_factor {
        None => None,
        Some(text) => match number::parse(text.value.as_bytes(), 6, Excess::Refuse) {
            Ok(Some(scaled)) if (500_000..=5_000_000).contains(&scaled.value) => Some(Factor(scaled.value)),
            _ => {
                let shown = truncated(&text.value, 20);
                let right = "expected a decimal from 0.5 to 5 with at most six decimals, such as 1.06";
                violations.add("cif_fob_factor", format!("`{shown}` is not a valid factor; {right}"));
                None
            }
        },
    };
    let exporter_dataset = one_dataset("exporter_datasets", &wire.exporter_datasets, &mut violations);
    let importer_dataset = one_dataset("importer_datasets", &wire.importer_datasets, &mut violations);
    let shared = Filter {
        from: violations.period("start_period", &wire.start_period),
        to: violations.period("end_period", &wire.end_period),
        commodities: commodities("commodities", &wire.commodities, &mut violations),
        classification: violations.classification("classification", &wire.classification),
        ..Filter::default()
    };
    if let (Some(from), Some(to)) = (shared.from, shared.to)
        && from.months().0 > to.months().1
    {
        violations.add("end_period", format!("{to} lies before start_period {from}"));
    }
    violations.check()?;

    let mut group_by = vec![Dimension::Period(period)];
    if commodity_level > 0 {
        group_by.push(Dimension::Commodity);
    }
    let side = |reporter: Option<Area>, partner: Option<Area>, flow: Flow, dataset: Option<String>| SummaryQuery {
        filter: Filter {
            dataset,
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
        side(exporter, importer, Flow::EXPORT, exporter_dataset),
        side(importer, exporter, Flow::IMPORT, importer_dataset),
        factor,
    ))
}
