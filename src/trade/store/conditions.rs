//! Conditions on facts as SQL text. All numbers, so nothing needs quoting.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::reference::commodity::level_unit;
use crate::reference::{Area, Classification, CommodityCode};
use crate::trade::level::Level;
use crate::trade::model::{DetailKind, PartnerKind, Variant};
use crate::trade::query::{Dimension, Filter, SummaryQuery};
use crate::trade::select::{Report, Selection};

/// The rows as of the selection's release: current ones alone when it is the newest, else with history.
pub(super) fn source(selection: &Selection, condition: &str, columns: &str) -> String {
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

/// `dataset = .. AND reporter IN .. AND flow IN .. AND period IN ..`, from the reports that were chosen.
pub(super) fn report_condition(selection: &Selection) -> String {
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

/// Reports that are there in two classifications were chosen one of; the other's rows must stay out.
pub(super) fn second_classifications(selection: &Selection, classification_sql: &str) -> String {
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
pub(super) fn partner_condition(filter: &Filter, level: &Level, named: bool) -> String {
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
pub(super) fn commodity_condition(
    filter: &Filter,
    classifications: &BTreeSet<Classification>,
    level: Option<u32>,
) -> String {
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

pub(super) fn level_condition(levels: &[u32]) -> String {
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
pub(super) fn detail_lists(filter: &Filter) -> String {
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
pub(super) fn detail_condition(query: &SummaryQuery, level: &Level) -> String {
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

pub(super) fn areas(areas: &[Area]) -> String {
    numbers(areas.iter().map(|area| i64::from(area.number())))
}

pub(super) fn numbers(numbers: impl IntoIterator<Item = i64>) -> String {
    numbers.into_iter().map(|number| number.to_string()).collect::<Vec<_>>().join(", ")
}
