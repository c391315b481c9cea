//! Conditions on facts as SQL text. All numbers, so nothing needs quoting.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::sums::cut;
use crate::reference::commodity::level_unit;
use crate::reference::{Area, Classification, CommodityCode};
use crate::trade::level::{Chosen, Level};
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

/// How a table tells classification and level of a row.
pub(super) enum Cut {
    /// By the code itself.
    Code,
    /// By the packed `cut` of the pairs.
    Packed,
}

impl Cut {
    fn condition(&self, classification: Option<Classification>, level: u32, knows_level: bool) -> String {
        match (self, classification) {
            (Self::Packed, Some(classification)) => format!("cut = {}", cut(classification.number(), level)),
            (Self::Packed, None) => format!("cut % 8 = {level}"),
            (Self::Code, classification) => {
                let span = crate::reference::commodity::SPAN;
                let mut parts = Vec::new();
                if let Some(classification) = classification {
                    parts.push(format!("commodity / {span} = {}", classification.number()));
                }
                if !knows_level {
                    parts.push(level_of(level));
                }
                if parts.is_empty() { "1 = 1".into() } else { parts.join(" AND ") }
            }
        }
    }
}

/// The rows of the kind that was chosen in each report. `named`: see [`partner_condition`].
pub(super) fn kind_condition(filter: &Filter, selection: &Selection, level: &Level, by: &Cut, named: bool) -> String {
    if let Some((commodity, partner)) = level.one_kind().filter(|_| !selection.leaves_out_reports) {
        let partners = partner_condition(filter, partner, named);
        let rows = by.condition(None, commodity, !level.has_other_levels);
        return format!(" AND {partners} AND {rows}");
    }
    // Reports of one kind and classification share a condition that lists them.
    let mut alike: BTreeMap<(Classification, u32, PartnerKind), BTreeSet<i64>> = BTreeMap::new();
    for (report, chosen) in &level.of {
        let kind = (report.classification, chosen.commodity, chosen.partner);
        alike.entry(kind).or_default().insert(report_number(report));
    }
    let each: Vec<String> = alike
        .into_iter()
        .map(|((classification, commodity, partner), reports)| {
            let partners = partner_condition(filter, partner, named);
            let rows = by.condition(Some(classification), commodity, false);
            format!("({partners} AND {rows} AND {REPORT_SQL} IN ({}))", numbers(reports))
        })
        .collect();
    format!(" AND ({})", each.join(" OR "))
}

/// The rows of a kind in one report.
pub(super) fn kind_of_report(filter: &Filter, classification: Classification, chosen: Chosen) -> String {
    let partners = partner_condition(filter, chosen.partner, false);
    format!("({partners} AND {})", Cut::Code.condition(Some(classification), chosen.commodity, false))
}

/// Reporter, flow and period in one number.
const REPORT_SQL: &str = "(CAST(reporter AS BIGINT) * 4294967296 + CAST(flow AS BIGINT) * 16777216 + period)";

fn report_number(report: &Report) -> i64 {
    i64::from(report.reporter.number()) * 4_294_967_296
        + i64::from(report.flow.number()) * 16_777_216
        + i64::from(report.period.number())
}

/// `named`: name every partner, so that the index is entered at each partner's commodities.
fn partner_condition(filter: &Filter, kind: PartnerKind, named: bool) -> String {
    match kind {
        PartnerKind::World => "partner = 0".into(),
        PartnerKind::Group => format!("partner IN ({})", areas(&filter.partners)),
        PartnerKind::Single => {
            let asked: Vec<Area> = filter.partners.iter().copied().filter(|area| !area.is_total()).collect();
            if !asked.is_empty() {
                return format!("partner IN ({})", areas(&asked));
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
                format!("partner IN ({})", of_kind(PartnerKind::Single, true))
            } else {
                format!("partner NOT IN ({})", of_kind(PartnerKind::Single, false))
            }
        }
    }
}

/// What the codes of a filter stand for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Codes {
    /// In a list TOTAL is its own row.
    Listed,
    /// In a sum TOTAL stands for all goods. The level of all rows that are added, where it is one.
    Added(Option<u32>),
}

/// Codes asked for: exact ones when all are of the level that is read, otherwise ranges.
pub(super) fn commodity_condition(
    filter: &Filter,
    classifications: &BTreeSet<Classification>,
    stand_for: Codes,
) -> String {
    if filter.commodities.is_empty() {
        return String::new();
    }
    let codes: Vec<CommodityCode> =
        classifications.iter().flat_map(|classification| filter.codes_in(*classification)).collect();
    if codes.is_empty() {
        return " AND 1 = 0".into();
    }
    let level = match stand_for {
        Codes::Listed => None,
        Codes::Added(level) => level,
    };
    if level.is_some_and(|level| codes.iter().all(|code| code.level() == level)) {
        return format!(" AND commodity IN ({})", numbers(codes.iter().map(|code| i64::from(code.number()))));
    }
    let is_own_row = |code: &CommodityCode| code.level() == 0 && stand_for == Codes::Listed;
    let ranges: Vec<(i32, i32)> =
        codes.iter().map(|code| if is_own_row(code) { (code.number(), code.number()) } else { code.range() }).collect();
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
    let either: Vec<String> = levels.iter().copied().map(level_of).collect();
    format!(" AND ({})", either.join(" OR "))
}

fn level_of(level: u32) -> String {
    if level == 0 {
        return format!("commodity % {} = 0", level_unit(0));
    }
    format!("(commodity % {} = 0 AND commodity % {} <> 0)", level_unit(level), level_unit(level - 1))
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
