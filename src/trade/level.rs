//! One consistent level to add at, so that nothing is counted twice.
//!
//! Reports hold rows that are totals of other rows: World, TOTAL, chapters over headings over subheadings, all modes,
//! all procedures, re-exports within exports, months within years, one classification beside another. A summary takes
//! rows of exactly one kind from every report, and says which; when no kind is in all of them, it is refused.

use std::collections::{BTreeMap, BTreeSet};

use crate::reference::{Area, codes};
use crate::value::{Frequency, Period};

use super::model::{DetailKind, Flow, PartnerKind};
use super::query::{Dimension, Filter, SummaryQuery};
use super::select::{Held, Kind, Report, Selection, TOTAL_BIT};

/// The kind of row that a summary adds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Level {
    pub commodity: u32,
    pub partner: PartnerKind,
    pub detail: DetailKind,
    /// Whether the reports hold rows of other commodity levels too, which must be kept out.
    pub has_other_levels: bool,
}

/// Why a question cannot be answered at one level.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    #[error("{0} is part of {1}: added up, it would count twice; group by flow, or ask for one of them")]
    FlowWithinFlow(Flow, Flow),
    #[error("{0} is the total of other partners: ask for it alone")]
    TotalAmongPartners(Area),
    #[error("{0} is the total of the other {1}; ask for it alone")]
    TotalAmongDetails(&'static str, &'static str),
    #[error("HS codes have 2, 4 or 6 digits, not {0}")]
    OddLevel(u32),
    #[error("{0} overlap: the rest of the groups would count twice; leave out `top`, or ask for one of them")]
    RestOfOverlapping(&'static str),
    #[error("{0} is the total of other reporters: ask for it alone, or group by reporter")]
    TotalAmongReporters(Area),
    #[error("mode {0} is part of mode {1}: added up, it would count twice; ask for one of them")]
    ModeWithinMode(u16, u16),
    #[error("no commodity level and kind of partner is in all reports: {0}")]
    NoCommonLevel(String),
}

/// Flows that are asked for together must not be parts of one another, unless they are kept apart.
pub fn check_flows(query: &SummaryQuery) -> Result<(), Refusal> {
    if query.groups_by(Dimension::Flow) {
        return Ok(());
    }
    let flows = &query.filter.flows;
    for flow in flows {
        if let Some(whole) = flow.whole().filter(|whole| flows.contains(whole)) {
            return Err(Refusal::FlowWithinFlow(*flow, whole));
        }
    }
    // Parts of one flow may overlap: goods can be foreign and for inward processing.
    let parts: Vec<&Flow> = flows.iter().filter(|flow| flow.whole().is_some()).collect();
    for (index, part) in parts.iter().enumerate() {
        if let Some(other) = parts[..index].iter().find(|other| other.whole() == part.whole()) {
            return Err(Refusal::FlowWithinFlow(**part, **other));
        }
    }
    Ok(())
}

/// Modes that are asked for together must not be parts of one another, unless they are kept apart; totals of modes,
/// procedures and second partners are never asked for beside their parts.
pub fn check_details(query: &SummaryQuery) -> Result<(), Refusal> {
    let Filter { modes, procedures, second_partners, .. } = &query.filter;
    if modes.len() > 1 && modes.contains(&0) {
        return Err(Refusal::TotalAmongDetails("mode 0", "modes"));
    }
    if procedures.len() > 1 && procedures.contains(&0) {
        return Err(Refusal::TotalAmongDetails("procedure C00", "procedures"));
    }
    if second_partners.len() > 1 && second_partners.contains(&Area::WORLD) {
        return Err(Refusal::TotalAmongDetails("second partner WLD", "second partners"));
    }
    for mode in modes {
        let wholes = std::iter::successors(codes::mode_parent(*mode), |whole| codes::mode_parent(*whole));
        if let Some(whole) = wholes.into_iter().find(|whole| modes.contains(whole)) {
            return Err(Refusal::ModeWithinMode(*mode, whole));
        }
    }
    Ok(())
}

/// Sums of countries report beside their members. Unless one is asked for by name and alone, they are left out.
pub fn leave_out_groups(query: &SummaryQuery, selection: &mut Selection) -> Result<(), Refusal> {
    let reporters = &query.filter.reporters;
    if let Some(total) = reporters.iter().find(|area| area.is_total()) {
        let alone = reporters.len() == 1 || query.groups_by(Dimension::Reporter);
        return if alone { Ok(()) } else { Err(Refusal::TotalAmongReporters(*total)) };
    }
    let before = selection.reports.len();
    selection.reports.retain(|report, _| !report.reporter.is_total());
    let left_out = before - selection.reports.len();
    if left_out > 0 {
        selection.notes.push(format!("{left_out} reports of groups of countries were left out, beside their members"));
    }
    Ok(())
}

/// What of a summary's groups overlaps, so that they have no total: flows that are parts of one another, or a group of
/// countries beside others.
pub fn overlap(query: &SummaryQuery, selection: &Selection) -> Option<&'static str> {
    let flows: BTreeSet<Flow> = selection.reports.keys().map(|report| report.flow).collect();
    let is_part = |flow: &Flow| flow.whole().is_some_and(|whole| flows.contains(&whole));
    let siblings = flows.iter().filter(|flow| flow.is_import() && flow.whole().is_some()).count() > 1
        || flows.iter().filter(|flow| !flow.is_import() && flow.whole().is_some()).count() > 1;
    if flows.iter().any(is_part) || siblings {
        return Some("the flows");
    }
    let reporters = &query.filter.reporters;
    (reporters.len() > 1 && reporters.iter().any(|area| area.is_total())).then_some("the reporters")
}

/// Keeps one frequency: the one asked for, or the one that reaches furthest, annual before quarterly before monthly.
pub fn keep_one_frequency(selection: &mut Selection, at_most: Option<Frequency>) {
    let mut years: BTreeMap<Frequency, BTreeSet<(Area, Flow, i32)>> = BTreeMap::new();
    for report in selection.reports.keys() {
        let year = (report.reporter, report.flow, report.period.calendar_year());
        years.entry(report.period.frequency()).or_default().insert(year);
    }
    let usable = |frequency: &Frequency| at_most.is_none_or(|longest| frequency.per_year() >= longest.per_year());
    // The last maximum wins, so the preference runs backwards.
    let chosen = Frequency::ALL
        .into_iter()
        .rev()
        .filter(usable)
        .max_by_key(|frequency| years.get(frequency).map_or(0, BTreeSet::len));
    let Some(chosen) = chosen else {
        return;
    };
    let before = selection.reports.len();
    selection.reports.retain(|report, _| report.period.frequency() == chosen);
    let left_out = before - selection.reports.len();
    if left_out > 0 {
        selection.notes.push(format!("only {chosen} reports were used; {left_out} of other frequencies were left out"));
    }
}

/// A report in one classification, and how much speaks for it.
type Candidate = ((u32, i64), Report);

/// Keeps one classification of each reporter, flow and period: the one that has the chapters asked for, and of those the
/// one with the most rows.
pub fn keep_one_classification(selection: &mut Selection, filter: &Filter) {
    let asked = selection.chapters_asked(filter);
    let mut best: BTreeMap<(Area, Flow, Period), Candidate> = BTreeMap::new();
    for (report, kinds) in &selection.reports {
        let chapters = kinds.values().fold(0, |all, held| all | held.chapters) & asked;
        let rows = kinds.values().map(|held| held.rows).sum::<i64>();
        // Among all goods more chapters say nothing: a few stray codes would beat a full report.
        let weight = (if asked == u128::MAX { 0 } else { chapters.count_ones() }, rows);
        let entry = best.entry((report.reporter, report.flow, report.period)).or_insert((weight, *report));
        if weight > entry.0 {
            *entry = (weight, *report);
        }
    }
    if best.len() == selection.reports.len() {
        return;
    }
    let keep: BTreeSet<Report> = best.into_values().map(|(_, report)| report).collect();
    let left_out = selection.reports.len() - keep.len();
    selection.reports.retain(|report, _| keep.contains(report));
    selection.leaves_out_classifications = true;
    selection
        .notes
        .push(format!("{left_out} reports are also there in a second classification; the one with more rows was used"));
}

/// Chooses the kind of row to add, in all reports the same.
pub fn choose(query: &SummaryQuery, selection: &Selection) -> Result<Level, Refusal> {
    let detail = detail_wanted(query);
    let partners = partners_wanted(query)?;
    let levels = levels_wanted(query);
    let only_hs = selection.reports.keys().all(|report| report.classification.is_hs());
    if only_hs && query.commodity_level % 2 == 1 {
        return Err(Refusal::OddLevel(query.commodity_level));
    }
    let asked = selection.chapters_asked(&query.filter);
    let all_levels: BTreeSet<u32> =
        selection.reports.values().flat_map(|kinds| kinds.keys().map(|kind| kind.level)).collect();
    for commodity in &levels {
        for partner in &partners {
            let kind = Kind { level: *commodity, partner: *partner, detail };
            let is_whole = |(report, kinds): (&Report, &BTreeMap<Kind, Held>)| {
                is_whole(kinds, &kind, asked) && (report.classification.is_hs() || is_coarsest(kinds, &kind))
            };
            if selection.reports.iter().all(is_whole) {
                if let Some(refusal) = no_total(query, selection, *commodity) {
                    return Err(refusal);
                }
                let has_other_levels = all_levels.iter().any(|level| level != commodity);
                return Ok(Level { commodity: *commodity, partner: *partner, detail, has_other_levels });
            }
        }
    }
    Err(Refusal::NoCommonLevel(explain(selection, &levels, detail)))
}

/// Whether the rows of a kind are all there is to add in a report: they reach every chapter that the report has rows of,
/// among those asked for. TOTAL reaches all.
fn is_whole(kinds: &BTreeMap<Kind, Held>, kind: &Kind, asked: u128) -> bool {
    let Some(held) = kinds.get(kind) else {
        return false;
    };
    let present = kinds.values().fold(0, |all, held| all | held.chapters);
    kind.level == 0 || held.chapters & asked & !TOTAL_BIT == present & asked & !TOTAL_BIT
}

/// In SITC and BEC some codes have none below them, so that only the coarsest level there is reaches all goods.
fn is_coarsest(kinds: &BTreeMap<Kind, Held>, kind: &Kind) -> bool {
    let same = |other: &&Kind| other.partner == kind.partner && other.detail == kind.detail && other.level > 0;
    kind.level == 0 || kinds.keys().filter(same).all(|other| other.level >= kind.level)
}

/// A few chapters are no total: who asks for TOTAL by name gets it from TOTAL rows or from nearly all chapters.
fn no_total(query: &SummaryQuery, selection: &Selection, level: u32) -> Option<Refusal> {
    let by_name = query.filter.commodities.iter().any(|code| code == "TOTAL");
    if !by_name || level == 0 {
        return None;
    }
    let chapters = selection.few_chapters()?;
    Some(Refusal::NoCommonLevel(format!(
        "the reports have no TOTAL rows and hold the chapters {chapters} only; leave commodities empty for their sum"
    )))
}

fn detail_wanted(query: &SummaryQuery) -> DetailKind {
    let Filter { modes, procedures, second_partners, .. } = &query.filter;
    let by_mode = query.groups_by(Dimension::Mode) || modes.iter().any(|mode| *mode != 0);
    let by_procedure = query.groups_by(Dimension::Procedure) || procedures.iter().any(|procedure| *procedure != 0);
    let by_second = second_partners.iter().any(|area| *area != Area::WORLD);
    match (by_mode, by_procedure, by_second) {
        (false, false, false) => DetailKind::Total,
        (true, false, false) => DetailKind::Mode,
        (false, true, false) => DetailKind::Procedure,
        (false, false, true) => DetailKind::SecondPartner,
        _ => DetailKind::Mixed,
    }
}

/// Kinds of partner rows that would do, best first.
fn partners_wanted(query: &SummaryQuery) -> Result<Vec<PartnerKind>, Refusal> {
    let partners = &query.filter.partners;
    if let Some(total) = partners.iter().find(|area| area.is_total()) {
        if partners.len() > 1 {
            return Err(Refusal::TotalAmongPartners(*total));
        }
        if PartnerKind::of(total.number()) == PartnerKind::Group {
            return Ok(vec![PartnerKind::Group]);
        }
        // Grouped by partner, "the World" can only be its own row.
        let sum_will_do = !query.groups_by(Dimension::Partner);
        return Ok(if sum_will_do { vec![PartnerKind::World, PartnerKind::Single] } else { vec![PartnerKind::World] });
    }
    if partners.is_empty() && !query.groups_by(Dimension::Partner) {
        return Ok(vec![PartnerKind::World, PartnerKind::Single]);
    }
    Ok(vec![PartnerKind::Single])
}

/// Commodity levels that would do, best first: the coarsest that still tells apart what is asked for.
fn levels_wanted(query: &SummaryQuery) -> Vec<u32> {
    let needed_by_grouping = if query.groups_by(Dimension::Commodity) { query.commodity_level } else { 0 };
    let (longest_code, _) = query.filter.code_lengths().unwrap_or((0, 0));
    (needed_by_grouping.max(longest_code)..=6).collect()
}

fn explain(selection: &Selection, levels: &[u32], detail: DetailKind) -> String {
    let needed = levels.first().copied().unwrap_or(0);
    let mut lacking = Vec::new();
    for (report, kinds) in &selection.reports {
        let fits = |kind: &&Kind| levels.contains(&kind.level) && kind.detail == detail;
        if !kinds.keys().any(|kind| fits(&kind)) {
            let has: BTreeSet<String> =
                kinds.keys().map(|kind| format!("{} digits by {:?}", kind.level, kind.detail).to_lowercase()).collect();
            let has = has.into_iter().collect::<Vec<_>>().join(", ");
            lacking.push(format!("{} {} {} has only {has}", report.reporter, report.flow, report.period));
        }
    }
    if lacking.is_empty() {
        return "some reports have totals that others lack; ask for fewer reporters or periods, or group by partner"
            .into();
    }
    let count = lacking.len();
    lacking.truncate(3);
    format!("{count} reports lack rows of at least {needed} digits ({})", lacking.join("; "))
}

impl Level {
    /// The level in words, for the answer.
    pub fn describe(&self) -> String {
        let commodity = match self.commodity {
            0 => "totals over all commodities (TOTAL)".to_owned(),
            digits => format!("{digits}-digit commodity codes"),
        };
        let partner = match self.partner {
            PartnerKind::Single => "single partners (World and groups left out)",
            PartnerKind::World => "the partner World as reported",
            PartnerKind::Group => "a partner group as reported",
        };
        let detail = match self.detail {
            DetailKind::Total => "totals over modes, procedures and second partners",
            DetailKind::Mode => "rows by mode of transport",
            DetailKind::Procedure => "rows by customs procedure",
            DetailKind::SecondPartner => "rows by second partner",
            DetailKind::Mixed => "rows by several of mode, procedure and second partner",
        };
        format!("{commodity}; {partner}; {detail}")
    }
}
