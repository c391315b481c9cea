//! The one kind of row to add in each report, so that nothing is counted twice.
//!
//! Reports hold rows that are totals of other rows: World, TOTAL, chapters over headings over subheadings, all modes,
//! all procedures. A summary takes rows of exactly one kind from a report, and says which. The kind is chosen report by
//! report and from nothing but the question's own codes and grouping, so that a figure is the same whatever is asked
//! beside it. Where rows of that kind leave out what others hold (confidential trade, say), the coarser rows above them
//! give the rest: see [`Chosen::wholes`]. A report that has no such kind is left out by name. Pure.

use std::collections::{BTreeMap, BTreeSet};

use crate::reference::Area;

use super::model::{DetailKind, PartnerKind};
use super::query::{Dimension, Filter, Listed, SummaryQuery};
use super::select::{Held, Kind, Report, Selection, TOTAL_BIT};

/// The kind of row that is added in one report.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Chosen {
    /// Digits of the codes whose rows are added.
    pub commodity: u32,
    pub partner: PartnerKind,
    /// Levels of coarser rows, a bit each, that the answer must add up to: what the rows of `commodity` lack of them is
    /// shown as not detailed.
    pub wholes: u8,
}

/// The kinds of row that a summary adds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Level {
    pub detail: DetailKind,
    /// One kind for each report.
    pub of: BTreeMap<Report, Chosen>,
    /// Whether the reports hold rows of other commodity levels too, which must be kept out.
    pub has_other_levels: bool,
}

/// Why a question cannot be answered at one level.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    #[error("{0} is the total of other partners: ask for it alone")]
    TotalAmongPartners(Area),
    #[error("HS codes have 2, 4 or 6 digits, not {0}")]
    OddLevel(u32),
    #[error("{0}")]
    NoLevel(String),
}

/// Reports that are named in a refusal or a note at most.
const NAMED: usize = 3;

/// Chooses the kind of row to add in each report, and leaves out of the selection the reports that have none.
pub fn choose(query: &SummaryQuery, selection: &mut Selection) -> Result<Level, Refusal> {
    let detail = detail_wanted(query);
    let partners = partners_wanted(query)?;
    let only_hs = selection.reports.keys().all(|report| report.classification.is_hs());
    if only_hs && query.commodity_level % 2 == 1 {
        return Err(Refusal::OddLevel(query.commodity_level));
    }
    let wanted = Wanted {
        detail,
        partners,
        levels: levels_wanted(query),
        asked: selection.chapters_asked(&query.filter),
        coarsest_whole: coarsest_whole(query),
        grouped: if query.groups_by(Dimension::Commodity) { query.commodity_level } else { 0 },
    };
    let mut of = BTreeMap::new();
    let mut lacking = Vec::new();
    let mut no_total = Vec::new();
    for (report, kinds) in &selection.reports {
        match wanted.choose(report, kinds) {
            Some(chosen) if chosen.commodity > 0 && is_no_total(query, selection) => no_total.push(*report),
            Some(chosen) => drop(of.insert(*report, chosen)),
            None => lacking.push(*report),
        }
    }
    let problems = [wanted.explain_lacking(selection, &lacking), explain_no_total(selection, &no_total)];
    let problems: Vec<String> = problems.into_iter().flatten().collect();
    if of.is_empty() {
        return Err(Refusal::NoLevel(problems.join("; ")));
    }
    selection.keep(|report| of.contains_key(report));
    selection.notes.extend(problems.into_iter().map(|problem| format!("left out: {problem}")));
    let has_other_levels =
        of.iter().any(|(report, chosen)| selection.reports[report].keys().any(|kind| kind.level != chosen.commodity));
    Ok(Level { detail, of, has_other_levels })
}

/// Chooses the rows of each report that a list of parts or of totals shows; `None` for all. Reports that have none are left
/// out of the selection.
pub fn choose_listed(filter: &Filter, selection: &mut Selection) -> Result<Option<Level>, Refusal> {
    let names_countries = filter.partners.iter().any(|area| !area.is_total());
    // Each is tried in turn.
    let partners = match filter.listed {
        Listed::All => return Ok(None),
        Listed::Totals if names_countries => vec![PartnerKind::Single],
        Listed::Totals => vec![PartnerKind::World],
        Listed::Parts => vec![PartnerKind::Single, PartnerKind::World],
    };
    let query = SummaryQuery { filter: filter.clone(), ..SummaryQuery::default() };
    let mut levels = levels_wanted(&query);
    if filter.listed == Listed::Parts {
        levels.reverse();
    }
    let wanted = |partner: PartnerKind| Wanted {
        detail: detail_wanted(&query),
        partners: vec![partner],
        levels: levels.clone(),
        asked: selection.chapters_asked(filter),
        coarsest_whole: 0,
        grouped: 0,
    };
    let wanted: Vec<Wanted> = partners.into_iter().map(wanted).collect();
    let mut of = BTreeMap::new();
    let mut lacking = Vec::new();
    for (report, kinds) in &selection.reports {
        match wanted.iter().find_map(|wanted| wanted.choose(report, kinds)) {
            Some(chosen) => drop(of.insert(*report, chosen)),
            None => lacking.push(*report),
        }
    }
    let problem = wanted.first().and_then(|wanted| wanted.explain_lacking(selection, &lacking));
    if of.is_empty() {
        return Err(Refusal::NoLevel(problem.unwrap_or_else(|| "there are no reports".to_owned())));
    }
    selection.keep(|report| of.contains_key(report));
    selection.notes.extend(problem.map(|problem| format!("left out: {problem}")));
    Ok(Some(Level { detail: detail_wanted(&query), of, has_other_levels: true }))
}

/// What a question needs of a report's rows.
struct Wanted {
    detail: DetailKind,
    /// Kinds of partner rows that would do, best first.
    partners: Vec<PartnerKind>,
    /// Commodity levels that would do, best first.
    levels: Vec<u32>,
    /// Chapters asked for.
    asked: u128,
    /// Digits of the coarsest codes that the answer may be held to.
    coarsest_whole: u32,
    /// Digits of the codes that are grouped by; 0 when they are not.
    grouped: u32,
}

impl Wanted {
    fn choose(&self, report: &Report, kinds: &BTreeMap<Kind, Held>) -> Option<Chosen> {
        let held = by_level(kinds, self.detail);
        let is_hs = report.classification.is_hs();
        for commodity in &self.levels {
            for partner in &self.partners {
                let reaches_all = is_whole(&held, kinds, *commodity, *partner, self.asked);
                if reaches_all && (is_hs || is_coarsest(&held, *commodity, *partner)) {
                    let wholes = self.wholes(is_hs, &held, kinds, *partner);
                    return Some(Chosen { commodity: *commodity, partner: *partner, wholes });
                }
            }
        }
        // No kind reaches all goods at the level of the groups: the coarser rows give what is there, not detailed.
        self.partners.iter().find_map(|partner| {
            let wholes = self.wholes(is_hs, &held, kinds, *partner);
            let commodity = *self.levels.first()?;
            (wholes != 0).then_some(Chosen { commodity, partner: *partner, wholes })
        })
    }

    /// The coarsest level that reaches all goods asked for, and behind TOTAL the next.
    fn wholes(&self, is_hs: bool, held: &ByLevel, kinds: &BTreeMap<Kind, Held>, partner: PartnerKind) -> u8 {
        if !is_hs || self.detail != DetailKind::Total || self.grouped == 0 {
            return 0;
        }
        let reaching = [0, 2, 4]
            .into_iter()
            .filter(|level| (self.coarsest_whole..self.grouped).contains(level))
            .filter(|level| is_whole(held, kinds, *level, partner, self.asked));
        let mut wholes = 0;
        for level in reaching {
            wholes |= 1 << level;
            if level > 0 {
                break;
            }
        }
        wholes
    }

    fn explain_lacking(&self, selection: &Selection, lacking: &[Report]) -> Option<String> {
        let named: Vec<String> = lacking
            .iter()
            .take(NAMED)
            .map(|report| {
                let kinds = &selection.reports[report];
                format!("{report} has only {}", describe_kinds(kinds.keys()))
            })
            .collect();
        let needed = match self.levels.first() {
            None | Some(0) => String::new(),
            Some(digits) => format!(" of {digits} or more digits"),
        };
        let detail = describe_detail(self.detail);
        let what = format!("rows{needed} as {detail} that reach all goods asked for");
        (!named.is_empty()).then(|| format!("{} without {what} ({})", counted(lacking.len()), named.join("; ")))
    }
}

/// A few chapters are not a total: who asks for TOTAL by name gets it from TOTAL rows or from nearly all chapters.
fn is_no_total(query: &SummaryQuery, selection: &Selection) -> bool {
    query.filter.commodities.iter().any(|code| code == "TOTAL") && selection.few_chapters().is_some()
}

fn explain_no_total(selection: &Selection, without: &[Report]) -> Option<String> {
    let chapters = selection.few_chapters()?;
    let named: Vec<String> = without.iter().take(NAMED).map(Report::to_string).collect();
    (!named.is_empty()).then(|| {
        format!(
            "{} without TOTAL rows, and {} holds the chapters {chapters} only ({}); leave commodities empty for their sum",
            counted(without.len()),
            selection.dataset.resource(),
            named.join(", ")
        )
    })
}

fn counted(reports: usize) -> String {
    if reports == 1 { "one report".to_owned() } else { format!("{reports} reports") }
}

/// Chapters that the rows of a level and kind of partner reach.
type ByLevel = BTreeMap<(u32, PartnerKind), u128>;

fn by_level(kinds: &BTreeMap<Kind, Held>, detail: DetailKind) -> ByLevel {
    let mut held = ByLevel::new();
    for (kind, rows) in kinds.iter().filter(|(kind, _)| kind.detail == detail) {
        *held.entry((kind.level, kind.partner)).or_default() |= rows.chapters;
    }
    held
}

/// Whether the rows of a kind are all there is to add in a report: they reach every chapter that the report has rows of,
/// among those asked for. TOTAL reaches all.
fn is_whole(held: &ByLevel, kinds: &BTreeMap<Kind, Held>, level: u32, partner: PartnerKind, asked: u128) -> bool {
    let Some(chapters) = held.get(&(level, partner)) else {
        return false;
    };
    let present = kinds.values().fold(0, |all, held| all | held.chapters);
    level == 0 || chapters & asked & !TOTAL_BIT == present & asked & !TOTAL_BIT
}

/// In SITC and BEC some codes have none below them, so that only the coarsest level there is reaches all goods.
fn is_coarsest(held: &ByLevel, level: u32, partner: PartnerKind) -> bool {
    level == 0 || held.keys().filter(|(other, same)| *same == partner && *other > 0).all(|(other, _)| *other >= level)
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

/// Rows above the codes asked for hold other goods too; TOTAL holds all.
fn coarsest_whole(query: &SummaryQuery) -> u32 {
    query.filter.code_lengths().map_or(0, |(longest, _)| longest)
}

fn describe_kinds<'a>(kinds: impl Iterator<Item = &'a Kind>) -> String {
    let has: BTreeSet<(u32, DetailKind)> = kinds.map(|kind| (kind.level, kind.detail)).collect();
    let words = has.into_iter().map(|(level, detail)| {
        let codes = if level == 0 { "TOTAL".to_owned() } else { format!("{level}-digit codes") };
        format!("{codes} as {}", describe_detail(detail))
    });
    words.collect::<Vec<_>>().join(", ")
}

fn describe_detail(detail: DetailKind) -> &'static str {
    match detail {
        DetailKind::Total => "totals over modes, procedures and second partners",
        DetailKind::Mode => "rows by mode of transport",
        DetailKind::Procedure => "rows by customs procedure",
        DetailKind::SecondPartner => "rows by second partner",
        DetailKind::Mixed => "rows by several of mode, procedure and second partner",
    }
}

impl Chosen {
    pub fn is_held_to(self, level: u32) -> bool {
        self.wholes >> level & 1 == 1
    }

    fn describe(self, detail: DetailKind) -> String {
        let commodity = match self.commodity {
            0 => "totals over all commodities (TOTAL)".to_owned(),
            digits => format!("{digits}-digit commodity codes"),
        };
        let rest = match self.wholes.trailing_zeros() {
            0 => ", and the rest of TOTAL as not detailed",
            2 => ", and the rest of 2-digit codes as not detailed",
            4 => ", and the rest of 4-digit codes as not detailed",
            _ => "",
        };
        let partner = match self.partner {
            PartnerKind::Single => "single partners (World and groups left out)",
            PartnerKind::World => "the partner World as reported",
            PartnerKind::Group => "a partner group as reported",
        };
        format!("{commodity}{rest}; {partner}; {}", describe_detail(detail))
    }
}

impl Level {
    /// Digits and kind of partner of the rows, where they are the same in all reports.
    pub fn one_kind(&self) -> Option<(u32, PartnerKind)> {
        let mut kinds = self.of.values().map(|chosen| (chosen.commodity, chosen.partner));
        let first = kinds.next()?;
        kinds.all(|kind| kind == first).then_some(first)
    }

    /// The one kind of all reports, where it is one.
    pub fn uniform(&self) -> Option<Chosen> {
        let mut kinds = self.of.values();
        let first = *kinds.next()?;
        kinds.all(|chosen| *chosen == first).then_some(first)
    }

    /// The level in words, for the answer: one kind, or each with the number of its reports.
    pub fn describe(&self) -> String {
        match self.uniform() {
            Some(chosen) => chosen.describe(self.detail),
            None => {
                let mut counts: BTreeMap<String, usize> = BTreeMap::new();
                for chosen in self.of.values() {
                    *counts.entry(chosen.describe(self.detail)).or_default() += 1;
                }
                let each: Vec<String> =
                    counts.iter().map(|(kind, count)| format!("in {}: {kind}", counted(*count))).collect();
                each.join(" | ")
            }
        }
    }

    /// The kinds that some of the reports have, in words, where those of all are more than one.
    pub fn kinds_of<'a>(&self, reports: impl Iterator<Item = &'a Report>) -> Vec<String> {
        if self.uniform().is_some() {
            return Vec::new();
        }
        let kinds: BTreeSet<Chosen> = reports.filter_map(|report| self.of.get(report)).copied().collect();
        kinds.iter().map(|chosen| chosen.describe(self.detail)).collect()
    }

    /// The same for the rows of another commodity level, of the reports that are held to it.
    pub fn at_whole(&self, level: u32) -> Self {
        let of = self.of.iter().filter(|(_, chosen)| chosen.is_held_to(level));
        let of = of.map(|(report, chosen)| (*report, Chosen { commodity: level, wholes: 0, ..*chosen })).collect();
        Self { detail: self.detail, of, has_other_levels: true }
    }

    /// The same for the reports that are held to a level.
    pub fn held_to(&self, level: u32) -> Self {
        let of = self.of.iter().filter(|(_, chosen)| chosen.is_held_to(level));
        Self {
            detail: self.detail,
            of: of.map(|(report, chosen)| (*report, *chosen)).collect(),
            has_other_levels: true,
        }
    }

    /// Levels that some report is held to, the finest first.
    pub fn wholes(&self) -> Vec<u32> {
        let all = self.of.values().fold(0, |all, chosen| all | chosen.wholes);
        [4, 2, 0].into_iter().filter(|level| all >> level & 1 == 1).collect()
    }
}
