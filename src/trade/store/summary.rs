//! SQL for sums: the cheapest way that gives the exact answer, and its statement.

use std::collections::BTreeSet;

use super::columns::FLOW_LIST;
use super::conditions::{
    Codes, Cut, commodity_condition, detail_condition, kind_condition, numbers, report_condition, source,
};
use crate::reference::commodity::level_unit;
use crate::reference::{Area, codes};
use crate::store::{Deadline, Error, IntegerRows, Store};
use crate::trade::level::Level;
use crate::trade::model::{DetailKind, Flags, Flow, PartnerKind, Variant};
use crate::trade::query::{Dimension, Plan, SummaryQuery};
use crate::trade::select::Selection;
use crate::trade::summary::FACT_CELLS;
use crate::trade::sums::SUM_COLUMNS;
use crate::value::Frequency;

/// Chooses the cheapest way that gives the exact answer.
pub fn plan(query: &SummaryQuery, selection: &Selection, level: &Level) -> Plan {
    if !selection.is_newest {
        return Plan::History;
    }
    let needs_facts = query.quantities || level.detail != DetailKind::Total || query.filter.classification.is_some();
    if needs_facts {
        return Plan::Facts;
    }
    let by_commodity = query.groups_by(Dimension::Commodity);
    let only_total = query.filter.commodities.iter().all(|code| code == "TOTAL");
    if !by_commodity && only_total {
        return Plan::Pairs;
    }
    let by_country = query.groups_by(Dimension::Reporter)
        || query.groups_by(Dimension::Partner)
        || !query.filter.reporters.is_empty()
        || query.filter.partners.iter().any(|partner| *partner != Area::WORLD);
    let one_report_each = {
        let distinct: BTreeSet<_> =
            selection.reports.keys().map(|report| (report.reporter, report.flow, report.period)).collect();
        distinct.len() == selection.reports.len()
    };
    let is_hs = selection.reports.keys().all(|report| report.classification.is_hs());
    let in_rollup = level.one_kind() == Some((6, PartnerKind::Single)) && !level.has_other_levels;
    if !by_country && one_report_each && is_hs && in_rollup && !selection.leaves_out_reports {
        Plan::World
    } else {
        Plan::Facts
    }
}

/// Keys and sums of a summary's groups. The keys are in the order of `group_by`, then the sums.
pub async fn sums(
    store: &Store,
    query: &SummaryQuery,
    selection: &Selection,
    level: &Level,
    plan: Plan,
    deadline: &Deadline,
) -> Result<Groups, Error> {
    let keys = key_expressions(query);
    let sum_list = match plan {
        Plan::Pairs | Plan::World => {
            SUM_COLUMNS.map(|column| format!("CAST(COALESCE(SUM({column}), 0) AS BIGINT)")).join(", ")
        }
        Plan::Cube | Plan::Facts | Plan::History => fact_sums(),
    };
    let from = match plan {
        Plan::Pairs => pairs_source(query, selection, level),
        Plan::World => world_source(query, selection),
        Plan::Cube | Plan::Facts | Plan::History => facts_source(query, selection, level),
    };
    // Few sums are added up faster here than by the database, which on PostgreSQL adds integers as decimals.
    let columns = keys.len() + SUM_COLUMNS.len();
    if !keys.is_empty() && rollup_rows(query, selection, plan).is_some_and(|rows| rows <= FEW_SUMS) {
        let sql = format!("SELECT {}, {} FROM {from}", keys.join(", "), SUM_COLUMNS.join(", "));
        let rows = store.integers(&sql, columns, deadline).await?;
        return Ok(Groups { rows, is_cut: false });
    }
    let limit = fold_limit(query);
    let sql = grouped(&keys, &sum_list, &from, limit);
    let rows = store.integers(&sql, columns, deadline).await?;
    Ok(Groups { is_cut: rows.len() >= limit, rows })
}

/// Groups as the store gave them.
#[derive(Debug)]
pub struct Groups {
    pub rows: IntegerRows,
    /// The limit cut them off: what is left adds up to less than the truth.
    pub is_cut: bool,
}

const FEW_SUMS: usize = 20_000;

/// Most rows that a rollup can have for a question; `None` when it is not answered from one.
fn rollup_rows(query: &SummaryQuery, selection: &Selection, plan: Plan) -> Option<usize> {
    match plan {
        Plan::Pairs => {
            let partners =
                if query.filter.partners.is_empty() { Area::all().len() } else { query.filter.partners.len() };
            Some(selection.reports.len() * partners)
        }
        Plan::World if reads_chapters(query) => Some(selection.periods().len() * Flow::all().count() * 100),
        _ => None,
    }
}

/// Chapters are kept beside the codes; headings are made of them.
fn reads_chapters(query: &SummaryQuery) -> bool {
    query.commodity_level == 2
        && query.groups_by(Dimension::Commodity)
        && query.filter.code_lengths().is_none_or(|(longest, _)| longest <= 2)
}

/// Keys, unit, amount and count of the quantities of a summary's groups, and amount and count of those among them whose
/// facts have no net weight.
pub async fn quantities(
    store: &Store,
    query: &SummaryQuery,
    selection: &Selection,
    level: &Level,
    deadline: &Deadline,
) -> Result<Groups, Error> {
    let mut keys = key_expressions(query);
    keys.push("quantity_unit".into());
    let joint = if selection.is_newest { "AND" } else { "WHERE" };
    let from = format!("{} {joint} quantity_unit IS NOT NULL", facts_source(query, selection, level));
    let stands_in = "CASE WHEN net_weight IS NULL AND quantity > 0 THEN quantity END";
    let sums = format!(
        "CAST(SUM(quantity) AS BIGINT), COUNT(quantity), CAST(COALESCE(SUM({stands_in}), 0) AS BIGINT), COUNT({stands_in})"
    );
    // A row a group and unit.
    let limit = fold_limit(query).saturating_mul(codes::units().len());
    let sql = grouped(&keys, &sums, &from, limit);
    let rows = store.integers(&sql, keys.len() + 4, deadline).await?;
    Ok(Groups { is_cut: rows.len() >= limit, rows })
}

/// Sums of the facts of a level by the group's key and by report: the keys are those of [`sums`], then `REPORT_CELLS` cells
/// that tell the report, then the sums.
pub async fn sums_by_report(
    store: &Store,
    query: &SummaryQuery,
    selection: &Selection,
    level: &Level,
    deadline: &Deadline,
) -> Result<Groups, Error> {
    let mut keys = key_expressions(query);
    let span = crate::reference::commodity::SPAN;
    keys.extend(["reporter".into(), "flow".into(), "period".into(), format!("(commodity / {span})")]);
    let limit = report_limit(query);
    let sql = grouped(&keys, &fact_sums(), &facts_source(query, selection, level), limit);
    let rows = store.integers(&sql, keys.len() + SUM_COLUMNS.len(), deadline).await?;
    Ok(Groups { is_cut: rows.len() >= limit, rows })
}

/// What follows the keys when grouping by mode of transport.
const FACT_KEYS: [&str; FACT_CELLS] = ["reporter", "flow", "period", "partner", "commodity", "(variant / 8192)"];

fn grouped(keys: &[String], sums: &str, from: &str, limit: usize) -> String {
    if keys.is_empty() {
        return format!("SELECT {sums} FROM {from}");
    }
    let list = keys.join(", ");
    let places: Vec<String> = (1..=keys.len()).map(|place| place.to_string()).collect();
    format!("SELECT {list}, {sums} FROM {from} GROUP BY {} LIMIT {limit}", places.join(", "))
}

/// Groups that are read at most where some are folded or left out afterwards.
const GROUPS_MAX: usize = 4_000_000;

/// Most groups worth reading: one more than may be answered, with room for what is folded afterwards.
pub fn fold_limit(query: &SummaryQuery) -> usize {
    let folds =
        !query.reporter_groups.is_empty() || !query.partner_groups.is_empty() || query.groups_by(Dimension::Mode);
    let held_back = if query.top > 0 || folds { 40 } else { 1 };
    query.row_limit.saturating_mul(held_back).min(GROUPS_MAX.max(query.row_limit)).saturating_add(1)
}

/// The same for sums by report. Few rows a report: a chapter each, and a partner where grouped by it.
pub fn report_limit(query: &SummaryQuery) -> usize {
    fold_limit(query).saturating_mul(100)
}

fn key_expressions(query: &SummaryQuery) -> Vec<String> {
    let mut keys: Vec<String> = query
        .group_by
        .iter()
        .map(|dimension| match dimension {
            Dimension::Period(Frequency::Annual) => "(period - period % 100)".into(),
            Dimension::Period(Frequency::Quarterly) => "CASE WHEN period % 100 > 12 THEN period
                      ELSE period - period % 100 + 20 + (period % 100 + 2) / 3 END"
                .into(),
            Dimension::Period(Frequency::Monthly) => "period".into(),
            Dimension::Reporter => "reporter".into(),
            Dimension::Partner => "partner".into(),
            Dimension::Commodity => {
                let unit = level_unit(query.commodity_level);
                format!("(commodity - commodity % {unit})")
            }
            Dimension::Flow => "flow".into(),
            Dimension::Mode => format!("({} * 10)", Variant::MODE_SQL),
            Dimension::Procedure => Variant::PROCEDURE_SQL.into(),
        })
        .collect();
    if query.groups_by(Dimension::Mode) {
        // Which modes are parts of others is decided fact by fact.
        keys.extend(FACT_KEYS.map(String::from));
    }
    keys
}

/// How many cells of a row of [`sums`] are its key.
pub fn key_cells(query: &SummaryQuery) -> usize {
    key_expressions(query).len()
}

fn fact_sums() -> String {
    let weighed = "value > 0 AND net_weight > 0";
    let sum = |what: &str| format!("CAST(COALESCE(SUM({what}), 0) AS BIGINT)");
    [
        "COUNT(*)".to_owned(),
        "COUNT(value)".to_owned(),
        sum("value"),
        "COUNT(net_weight)".to_owned(),
        sum("net_weight"),
        sum(&format!("CASE WHEN {weighed} THEN value END")),
        sum(&format!("CASE WHEN {weighed} THEN net_weight END")),
        sum(&format!("CASE WHEN {} THEN value END", Flags::ESTIMATED_SQL)),
        sum(&format!("CASE WHEN {} THEN value END", Flags::CONVERTED_SQL)),
    ]
    .join(", ")
}

fn pairs_source(query: &SummaryQuery, selection: &Selection, level: &Level) -> String {
    let kinds = kind_condition(&query.filter, selection, level, &Cut::Packed, false);
    format!("flow_pairs WHERE {}{kinds}", report_condition(selection))
}

fn world_source(query: &SummaryQuery, selection: &Selection) -> String {
    let flows: BTreeSet<i64> = selection.reports.keys().map(|report| i64::from(report.flow.number())).collect();
    let periods = selection.periods().into_iter().map(|period| i64::from(period.number()));
    let whole_chapters = reads_chapters(query);
    let detail = i32::from(!whole_chapters);
    let level = if whole_chapters { 2 } else { 6 };
    let commodities = commodity_condition(&query.filter, &selection.classifications(), Codes::Added(Some(level)));
    format!(
        "flow_world WHERE dataset = {} AND flow IN ({}) AND detail = {detail} AND period IN ({}){commodities}",
        selection.dataset.id,
        numbers(flows),
        numbers(periods)
    )
}

fn facts_source(query: &SummaryQuery, selection: &Selection, level: &Level) -> String {
    let filter = &query.filter;
    let mut condition = report_condition(selection);
    condition.push_str(&kind_condition(filter, selection, level, &Cut::Code, !filter.commodities.is_empty()));
    let one_level = level.one_kind().map(|(commodity, _)| commodity);
    condition.push_str(&commodity_condition(filter, &selection.classifications(), Codes::Added(one_level)));
    condition.push_str(&detail_condition(query, level));
    source(selection, &condition, &FLOW_LIST)
}
