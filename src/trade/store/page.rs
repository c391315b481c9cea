//! SQL for pages of facts, in the order of the key.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::columns::{FLOW_LIST, FLOW_WIDTH, stored_flow};
use super::conditions::{
    Codes, areas, commodity_condition, detail_condition, detail_lists, kind_of_report, level_condition, numbers, source,
};
use crate::reference::{Area, Classification, CommodityCode};
use crate::store::{Deadline, Error, Store};
use crate::trade::level::Level;
use crate::trade::model::{FlowKey, StoredFlow, Variant};
use crate::trade::query::{Filter, SummaryQuery};
use crate::trade::select::{Report, Selection};

/// Reports that one statement of a page asks for at most.
const REPORTS_A_STATEMENT: usize = 64;

/// A page of facts, and whether the snapshot had releases that the caller did not know of.
#[derive(Debug)]
pub struct FactPage {
    pub rows: Vec<StoredFlow>,
    /// The last report was read to its end: there is nothing behind these rows.
    pub is_last: bool,
    pub newest_release: i64,
    /// The rows of each report that are shown, where not all are.
    pub level: Option<Level>,
}

/// Reads up to `limit` facts behind `after`, in the order of the key.
///
/// Each report is asked for by its whole key prefix, so that its rows come in order from the index and neither backend
/// sorts; some reports share a statement.
pub async fn page(
    store: &Store,
    (selection, level): (&Selection, Option<Level>),
    filter: &Filter,
    after: Option<FlowKey>,
    limit: usize,
    deadline: &Deadline,
) -> Result<FactPage, Error> {
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
            arms.push(page_arm((selection, level.as_ref()), filter, *prefix, classifications, after, missing));
            expected += count;
            next += 1;
        }
        let sql = if arms.len() == 1 {
            arms.swap_remove(0)
        } else {
            let arms: Vec<String> = arms.into_iter().map(|arm| format!("SELECT * FROM ({arm}) arm")).collect();
            arms.join(" UNION ALL ")
        };
        let found = store.integers(&sql, FLOW_WIDTH, deadline).await?;
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
    Ok(FactPage { rows, is_last, newest_release, level })
}

fn page_arm(
    (selection, level): (&Selection, Option<&Level>),
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
    condition.push_str(&commodity_condition(filter, classifications, Codes::Listed));
    condition.push_str(&level_condition(&filter.levels));
    match level {
        Some(level) => condition.push_str(&shown_rows(filter, prefix, level)),
        None => condition.push_str(&detail_lists(filter)),
    }
    let list = &*FLOW_LIST;
    let source = source(selection, &condition, list);
    format!("SELECT {list} FROM {source} ORDER BY partner, commodity, variant LIMIT {limit}")
}

/// The kind of row that was chosen in one report.
fn shown_rows(filter: &Filter, prefix: u64, level: &Level) -> String {
    let total = |report: &Report| CommodityCode::total(report.classification);
    let of_prefix = |report: &Report| {
        FlowKey::new(report.reporter, report.flow, report.period, Area::WORLD, total(report), Variant::TOTAL).report()
    };
    let query = SummaryQuery { filter: filter.clone(), ..SummaryQuery::default() };
    let kinds = level.of.iter().filter(|(report, _)| of_prefix(report) == prefix);
    let kinds: Vec<String> =
        kinds.map(|(report, chosen)| kind_of_report(filter, report.classification, *chosen)).collect();
    format!(" AND ({}){}", kinds.join(" OR "), detail_condition(&query, level))
}
