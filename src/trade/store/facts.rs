//! SQL for facts: pages in the order of the key, and sums. All numbers, so nothing needs quoting.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::reference::commodity::level_unit;
use crate::reference::{Area, Classification, CommodityCode, Frequency};
use crate::store::{Deadline, Error, IntegerRows, Store};
use crate::trade::level::Level;
use crate::trade::model::{DetailKind, Flags, Flow, FlowKey, PartnerKind, Variant};
use crate::trade::query::{Dimension, Filter, SummaryQuery};
use crate::trade::select::{Report, Selection};
use crate::trade::store::columns::{FLOW_COLUMNS, FLOW_LIST, StoredFlow, stored_flow};
use crate::trade::store::sums::{SUM_COLUMNS, cut};

/// Reports that one statement of a page asks for at most.
const REPORTS_A_STATEMENT: usize = 64;

/// A page of facts, and whether the snapshot had releases that the caller did not know of.
#[derive(Debug)]
pub struct Page {
    pub rows: Vec<StoredFlow>,
    /// The last report was read to its end: there is nothing behind these rows.
    pub is_last: bool,
    pub newest_release: i64,
}

/// Reads up to `limit` facts behind `after`, in the order of the key.
///
/// Each report is asked for by its whole key prefix, so that its rows come in order from the index and neither backend
/// sorts; some reports share a statement.
pub async fn page(
    store: &Store,
    selection: &Selection,
    filter: &Filter,
    after: Option<FlowKey>,
    limit: usize,
    deadline: &Deadline,
) -> Result<Page, Error> {
    // Classifications of one report share its rows' order, so they are asked for together.
    let mut prefixes: Vec<(u64, BTreeSet<Classification>, i64)> = Vec::new();
    for (report, kinds) in &selection.reports {
        let total = CommodityCode::total(report.classification);
        let prefix =
            FlowKey::new(report.reporter, report.flow, report.period, Area::WORLD, total, Variant::TOTAL).report();
        if after.is_some_and(|after| prefix < after.report()) {
            continue;
        }
        let rows = kinds.values().map(|held| held.rows).sum::<i64>();
        match prefixes.last_mut() {
            Some((same, classifications, count)) if *same == prefix => {
                classifications.insert(report.classification);
                *count += rows;
            }
            _ => prefixes.push((prefix, BTreeSet::from([report.classification]), rows)),
        }
    }

    let mut rows: Vec<StoredFlow> = Vec::new();
    let mut newest_release = 0;
    let mut next = 0;
    while next < prefixes.len() && rows.len() < limit {
        let missing = limit - rows.len();
        let mut arms = Vec::new();
        let mut expected = 0;
        while next < prefixes.len() && arms.len() < REPORTS_A_STATEMENT && expected < missing as i64 {
            let (prefix, classifications, count) = &prefixes[next];
            let after = after.filter(|after| after.report() == *prefix);
            arms.push(page_arm(selection, filter, *prefix, classifications, after, missing));
            expected += count;
            next += 1;
        }
        let sql = if arms.len() == 1 {
            arms.swap_remove(0)
        } else {
            let arms: Vec<String> = arms.into_iter().map(|arm| format!("SELECT * FROM ({arm}) arm")).collect();
            arms.join(" UNION ALL ")
        };
        let found = store.integers(&sql, FLOW_COLUMNS.len(), deadline).await?;
        newest_release = found.newest_release;
        let start = rows.len();
        rows.extend(found.iter().map(stored_flow));
        // UNION ALL keeps the order of its arms in practice and promises nothing.
        let fresh = &mut rows[start..];
        if !fresh.is_sorted_by_key(|stored| stored.row.key) {
            fresh.sort_by_key(|stored| stored.row.key);
        }
    }
    let is_last = next >= prefixes.len() && rows.len() < limit;
    rows.truncate(limit);
    Ok(Page { rows, is_last, newest_release })
}

fn page_arm(
    selection: &Selection,
    filter: &Filter,
    prefix: u64,
    classifications: &BTreeSet<Classification>,
    after: Option<FlowKey>,
    limit: usize,
) -> String {
    let mut condition = format!(
        "dataset = {} AND reporter = {} AND flow = {} AND period = {}",
        selection.dataset.id,
        prefix >> 32,
        prefix >> 24 & 0xff,
        prefix & 0xff_ffff
    );
    if let Some(after) = after {
        let (partner, commodity, variant) =
            (after.partner_number(), after.commodity_number(), after.variant().number());
        let _ = write!(condition, " AND (partner, commodity, variant) > ({partner}, {commodity}, {variant})");
    }
    if !filter.partners.is_empty() {
        let _ = write!(condition, " AND partner IN ({})", areas(&filter.partners));
    }
    if filter.classification.is_some() {
        let span = crate::reference::commodity::SPAN;
        let list = numbers(classifications.iter().map(|classification| i64::from(classification.number())));
        let _ = write!(condition, " AND commodity / {span} IN ({list})");
    }
    condition.push_str(&commodity_condition(filter, classifications, None));
    condition.push_str(&level_condition(&filter.levels));
    condition.push_str(&detail_lists(filter));
    let list = &*FLOW_LIST;
    let source = source(selection, &condition, list);
    format!("SELECT {list} FROM {source} ORDER BY partner, commodity, variant LIMIT {limit}")
}

/// The rows as of the selection's release: current ones alone when it is the newest, else with history.
fn source(selection: &Selection, condition: &str, columns: &str) -> String {
    if selection.is_newest {
        return format!("flows WHERE {condition}");
    }
    let release = selection.release;
    format!(
        "(SELECT {columns} FROM flows WHERE {condition} AND release <= {release}
          UNION ALL
          SELECT {columns} FROM flow_history WHERE {condition} AND release <= {release} AND until_release > {release}
         ) facts"
    )
}

/// How a summary is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Plan {
    /// Sums by pair of countries.
    Pairs,
    /// Sums over all countries by commodity.
    World,
    Facts,
    History,
}

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
    let in_rollup = level.commodity == 6 && level.partner == PartnerKind::Single && !level.has_other_levels;
    if !by_country && one_report_each && is_hs && in_rollup && !selection.leaves_out_classifications {
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
) -> Result<IntegerRows, Error> {
    let keys = key_expressions(query);
    let sum_list = match plan {
        Plan::Pairs | Plan::World => {
            SUM_COLUMNS.map(|column| format!("CAST(COALESCE(SUM({column}), 0) AS BIGINT)")).join(", ")
        }
        Plan::Facts | Plan::History => fact_sums(),
    };
    let from = match plan {
        Plan::Pairs => pairs_source(query, selection, level),
        Plan::World => world_source(query, selection),
        Plan::Facts | Plan::History => facts_source(query, selection, level),
    };
    // Few sums are added up faster here than by the database, which on PostgreSQL adds integers as decimals.
    let sql = if !keys.is_empty() && rollup_rows(query, selection, plan).is_some_and(|rows| rows <= FEW_SUMS) {
        format!("SELECT {}, {} FROM {from}", keys.join(", "), SUM_COLUMNS.join(", "))
    } else {
        grouped(&keys, &sum_list, &from, fold_limit(query))
    };
    store.integers(&sql, keys.len() + SUM_COLUMNS.len(), deadline).await
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

/// Keys, unit, amount and count of the quantities of a summary's groups.
pub async fn quantities(
    store: &Store,
    query: &SummaryQuery,
    selection: &Selection,
    level: &Level,
    deadline: &Deadline,
) -> Result<IntegerRows, Error> {
    let mut keys = key_expressions(query);
    keys.push("quantity_unit".into());
    let joint = if selection.is_newest { "AND" } else { "WHERE" };
    let from = format!("{} {joint} quantity_unit IS NOT NULL", facts_source(query, selection, level));
    let sums = "CAST(SUM(quantity) AS BIGINT), COUNT(quantity)";
    let sql = grouped(&keys, sums, &from, fold_limit(query));
    store.integers(&sql, keys.len() + 2, deadline).await
}

/// Whether the limit cut the groups off: what is left adds up to less than the truth.
pub fn is_cut(rows: &IntegerRows, query: &SummaryQuery) -> bool {
    rows.len() >= fold_limit(query)
}

/// What follows the keys when grouping by mode of transport.
pub const FACT_KEYS: [&str; 5] = ["reporter", "flow", "period", "partner", "commodity"];

fn grouped(keys: &[String], sums: &str, from: &str, limit: usize) -> String {
    if keys.is_empty() {
        return format!("SELECT {sums} FROM {from}");
    }
    let list = keys.join(", ");
    let places: Vec<String> = (1..=keys.len()).map(|place| place.to_string()).collect();
    format!("SELECT {list}, {sums} FROM {from} GROUP BY {} LIMIT {limit}", places.join(", "))
}

/// Most groups worth reading: one more than may be answered, with room for what is folded afterwards.
fn fold_limit(query: &SummaryQuery) -> usize {
    let folds =
        !query.reporter_groups.is_empty() || !query.partner_groups.is_empty() || query.groups_by(Dimension::Mode);
    let held_back = if query.top > 0 || folds { 40 } else { 1 };
    query.row_limit.saturating_mul(held_back).saturating_add(1)
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

fn fact_sums() -> String {
    let weighed = "value IS NOT NULL AND net_weight > 0";
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

/// `dataset = .. AND reporter IN .. AND flow IN .. AND period IN ..`, from the reports that were chosen.
fn report_condition(selection: &Selection) -> String {
    let mut reporters = BTreeSet::new();
    let mut flows = BTreeSet::new();
    let mut periods = BTreeSet::new();
    for Report { reporter, flow, period, .. } in selection.reports.keys() {
        reporters.insert(i64::from(reporter.number()));
        flows.insert(i64::from(flow.number()));
        periods.insert(i64::from(period.number()));
    }
    format!(
        "dataset = {} AND reporter IN ({}) AND flow IN ({}) AND period IN ({})",
        selection.dataset.id,
        numbers(reporters),
        numbers(flows),
        numbers(periods)
    )
}

fn pairs_source(query: &SummaryQuery, selection: &Selection, level: &Level) -> String {
    let cuts =
        selection.classifications().into_iter().map(|classification| cut(classification.number(), level.commodity));
    let partners = partner_condition(&query.filter, level, false);
    format!("flow_pairs WHERE {}{partners} AND cut IN ({})", report_condition(selection), numbers(cuts))
        + &second_classifications(selection, "cut / 8")
}

fn world_source(query: &SummaryQuery, selection: &Selection) -> String {
    let flows: BTreeSet<i64> = selection.reports.keys().map(|report| i64::from(report.flow.number())).collect();
    let periods = selection.periods().into_iter().map(|period| i64::from(period.number()));
    let whole_chapters = reads_chapters(query);
    let detail = i32::from(!whole_chapters);
    let level = if whole_chapters { Some(2) } else { None };
    let commodities = commodity_condition(&query.filter, &selection.classifications(), level);
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
    condition.push_str(&partner_condition(filter, level, !filter.commodities.is_empty()));
    let commodities = commodity_condition(filter, &selection.classifications(), Some(level.commodity));
    condition.push_str(&commodities);
    if level.has_other_levels {
        condition.push_str(&level_condition(&[level.commodity]));
    }
    condition.push_str(&detail_condition(query, level));
    let span = crate::reference::commodity::SPAN;
    condition.push_str(&second_classifications(selection, &format!("commodity / {span}")));
    source(selection, &condition, &FLOW_LIST)
}

/// Reports that are there in two classifications were chosen one of; the other's rows must stay out.
fn second_classifications(selection: &Selection, classification_sql: &str) -> String {
    if !selection.leaves_out_classifications {
        return String::new();
    }
    let used = selection.classifications();
    let mut by_classification: Vec<String> = Vec::new();
    for classification in used {
        let reports: BTreeSet<i64> = selection
            .reports
            .keys()
            .filter(|report| report.classification == classification)
            .map(report_number)
            .collect();
        by_classification.push(format!(
            "({classification_sql} = {} AND {REPORT_SQL} IN ({}))",
            classification.number(),
            numbers(reports)
        ));
    }
    format!(" AND ({})", by_classification.join(" OR "))
}

/// Reporter, flow and period in one number.
const REPORT_SQL: &str = "(CAST(reporter AS BIGINT) * 4294967296 + CAST(flow AS BIGINT) * 16777216 + period)";

fn report_number(report: &Report) -> i64 {
    i64::from(report.reporter.number()) * 4_294_967_296
        + i64::from(report.flow.number()) * 16_777_216
        + i64::from(report.period.number())
}

/// `named`: name every partner, so that the index is entered at each partner's commodities.
fn partner_condition(filter: &Filter, level: &Level, named: bool) -> String {
    match level.partner {
        PartnerKind::World => " AND partner = 0".into(),
        PartnerKind::Group => format!(" AND partner IN ({})", areas(&filter.partners)),
        PartnerKind::Single => {
            let asked: Vec<Area> = filter.partners.iter().copied().filter(|area| !area.is_total()).collect();
            if !asked.is_empty() {
                return format!(" AND partner IN ({})", areas(&asked));
            }
            let of_kind = |kind: PartnerKind, equal: bool| {
                numbers(
                    Area::all()
                        .iter()
                        .filter(|facts| (PartnerKind::of(facts.number) == kind) == equal)
                        .map(|facts| i64::from(facts.number)),
                )
            };
            if named {
                format!(" AND partner IN ({})", of_kind(PartnerKind::Single, true))
            } else {
                format!(" AND partner NOT IN ({})", of_kind(PartnerKind::Single, false))
            }
        }
    }
}

/// Codes asked for: exact ones when all are of the level that is read, otherwise ranges.
fn commodity_condition(filter: &Filter, classifications: &BTreeSet<Classification>, level: Option<u32>) -> String {
    if filter.commodities.is_empty() {
        return String::new();
    }
    let codes: Vec<CommodityCode> =
        classifications.iter().flat_map(|classification| filter.codes_in(*classification)).collect();
    if codes.is_empty() {
        return " AND 1 = 0".into();
    }
    if level.is_some_and(|level| codes.iter().all(|code| code.level() == level)) {
        return format!(" AND commodity IN ({})", numbers(codes.iter().map(|code| i64::from(code.number()))));
    }
    // TOTAL stands for all goods; in a list it is its own row.
    let ranges: Vec<(i32, i32)> = codes
        .iter()
        .map(|code| if code.level() == 0 && level.is_none() { (code.number(), code.number()) } else { code.range() })
        .collect();
    let either: Vec<String> =
        ranges.iter().map(|(first, last)| format!("commodity BETWEEN {first} AND {last}")).collect();
    let first = ranges.iter().map(|range| range.0).min().unwrap_or(0);
    let last = ranges.iter().map(|range| range.1).max().unwrap_or(0);
    if either.len() == 1 {
        return format!(" AND {}", either[0]);
    }
    // The outer bounds are for the index, the ranges within for the truth.
    format!(" AND commodity BETWEEN {first} AND {last} AND ({})", either.join(" OR "))
}

fn level_condition(levels: &[u32]) -> String {
    if levels.is_empty() {
        return String::new();
    }
    let either: Vec<String> = levels
        .iter()
        .map(|level| match level {
            0 => format!("commodity % {} = 0", level_unit(0)),
            level => {
                let (unit, above) = (level_unit(*level), level_unit(level - 1));
                format!("(commodity % {unit} = 0 AND commodity % {above} <> 0)")
            }
        })
        .collect();
    format!(" AND ({})", either.join(" OR "))
}

/// Lists of modes, procedures and second partners, where given.
fn detail_lists(filter: &Filter) -> String {
    let mut condition = String::new();
    if !filter.modes.is_empty() {
        let modes = numbers(filter.modes.iter().map(|mode| i64::from(mode / 10)));
        let _ = write!(condition, " AND {} IN ({modes})", Variant::MODE_SQL);
    }
    if !filter.procedures.is_empty() {
        let procedures = numbers(filter.procedures.iter().map(|procedure| i64::from(*procedure)));
        let _ = write!(condition, " AND {} IN ({procedures})", Variant::PROCEDURE_SQL);
    }
    if !filter.second_partners.is_empty() {
        let _ = write!(condition, " AND {} IN ({})", Variant::SECOND_PARTNER_SQL, areas(&filter.second_partners));
    }
    condition
}

/// Rows that are divided by exactly the dimensions asked for.
fn detail_condition(query: &SummaryQuery, level: &Level) -> String {
    if level.detail == DetailKind::Total {
        return " AND variant = 0".into();
    }
    let divided = |is_asked: bool, sql: &str| {
        let comparison = if is_asked { "<>" } else { "=" };
        format!(" AND {sql} {comparison} 0")
    };
    let Filter { modes, procedures, second_partners, .. } = &query.filter;
    let by_mode = query.groups_by(Dimension::Mode) || modes.iter().any(|mode| *mode != 0);
    let by_procedure = query.groups_by(Dimension::Procedure) || procedures.iter().any(|procedure| *procedure != 0);
    let by_second = second_partners.iter().any(|area| *area != Area::WORLD);
    divided(by_mode, Variant::MODE_SQL)
        + &divided(by_procedure, Variant::PROCEDURE_SQL)
        + &divided(by_second, Variant::SECOND_PARTNER_SQL)
        + " AND variant % 8 = 0"
        + &detail_lists(&query.filter)
}

fn areas(areas: &[Area]) -> String {
    numbers(areas.iter().map(|area| i64::from(area.number())))
}

fn numbers(numbers: impl IntoIterator<Item = i64>) -> String {
    numbers.into_iter().map(|number| number.to_string()).collect::<Vec<_>>().join(", ")
}
