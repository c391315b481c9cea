//! Editions of one reporter within one group of periods, joined code by code where codes are 1:1 between them. Pure.
//!
//! A reporter that changes its edition in April has three months in one edition and nine in the other. Codes that hold the same
//! goods in both are one group with twelve months, named by the later edition; all others stay apart, each with its own months.
//! Which editions are joined depends on the reporter, flow and group of periods alone; a comparison of two sides counts their
//! editions together.

use std::collections::{BTreeMap, BTreeSet};

use crate::reference::{Area, Classification, CommodityCode};
use crate::value::{Cell, Period};

use super::model::Flow;
use super::query::{Dimension, Filter, SummaryQuery};
use super::select::{Report, Selection};
use super::undetailed::REPORT_CELLS;

/// From an edition to a later one.
pub type Step = (Classification, Classification);

/// Reports of one reporter's flow in one group of periods are shown in the latest edition.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Editions {
    pub target: Classification,
    pub older: BTreeSet<Classification>,
}

/// What is joined in a question.
#[derive(Clone, Default, Debug)]
pub struct Joins {
    reports: BTreeMap<Report, Editions>,
    /// Codes of all levels that are 1:1, and back.
    forward: BTreeMap<Step, BTreeMap<i32, i32>>,
    back: BTreeMap<Step, BTreeMap<i32, i32>>,
}

/// The edition of a code, and those that hold its goods under a code of their own.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Within {
    edition: Classification,
    older: BTreeSet<Classification>,
    later: BTreeSet<Classification>,
}

/// Reports of one edition that are to be read again, to be shown in another.
#[derive(Clone, Debug)]
pub struct Part {
    pub edition: Classification,
    pub reports: BTreeSet<Report>,
    /// Codes to ask for; empty for all.
    pub commodities: Vec<String>,
    editions: Editions,
}

impl Joins {
    /// Reports in groups that have more than one edition of the HS. `beside` is the other side of a comparison.
    pub fn of(query: &SummaryQuery, selection: &Selection, beside: Option<&Selection>) -> Self {
        let mut joins = Self::default();
        // Rows of a group say nothing of codes longer than its own.
        let longest = query.filter.code_lengths().map_or(0, |(longest, _)| longest);
        // Sums of all countries over all periods would read every fact again that is in an older edition.
        let is_bounded =
            query.period().is_some() || !query.filter.reporters.is_empty() || query.groups_by(Dimension::Reporter);
        if !query.groups_by(Dimension::Commodity) || longest > query.commodity_level || !is_bounded {
            return joins;
        }
        let group = |period: Period| query.period().and_then(|frequency| period.within(frequency));
        let is_hs = |report: &&Report| report.classification.is_hs();
        let mut editions: BTreeMap<(Area, Flow, Option<Period>), BTreeSet<Classification>> = BTreeMap::new();
        for report in selection.reports.keys().filter(is_hs) {
            let series = (report.reporter, report.flow, group(report.period));
            editions.entry(series).or_default().insert(report.classification);
        }
        for report in beside.into_iter().flat_map(|beside| beside.reports.keys()).filter(is_hs) {
            let of_group = editions.iter_mut().filter(|((_, _, period), _)| *period == group(report.period));
            for (_, editions) in of_group {
                editions.insert(report.classification);
            }
        }
        for report in selection.reports.keys().filter(is_hs) {
            let mut older = editions[&(report.reporter, report.flow, group(report.period))].clone();
            if let Some(target) = older.pop_last().filter(|_| !older.is_empty()) {
                joins.reports.insert(*report, Editions { target, older });
            }
        }
        joins
    }

    pub fn is_empty(&self) -> bool {
        self.reports.is_empty()
    }

    /// Editions between which codes are to be known.
    pub fn steps(&self) -> BTreeSet<Step> {
        let each =
            self.reports.values().flat_map(|editions| editions.older.iter().map(|older| (*older, editions.target)));
        each.collect()
    }

    /// Adds codes that are 1:1.
    pub fn know(&mut self, step: Step, pairs: impl Iterator<Item = (i32, i32)>) {
        for (from, to) in pairs {
            self.forward.entry(step).or_default().insert(from, to);
            self.back.entry(step).or_default().insert(to, from);
        }
    }

    /// Leaves the reports out of which no code is known to be 1:1.
    pub fn keep_known(&mut self) {
        let forward = &self.forward;
        self.reports.retain(|_, editions| {
            editions.older.retain(|older| forward.contains_key(&(*older, editions.target)));
            !editions.older.is_empty()
        });
    }

    /// The code under which a report's rows of a code are shown.
    pub fn shown(&self, report: &Report, code: CommodityCode) -> CommodityCode {
        let shown = self.reports.get(report).and_then(|editions| {
            self.forward.get(&(report.classification, editions.target))?.get(&code.number()).copied()
        });
        shown.and_then(CommodityCode::from_number).unwrap_or(code)
    }

    /// Whether a report's rows of some code would be shown under this one of another edition.
    pub fn leads_to(&self, report: &Report, code: CommodityCode) -> bool {
        self.reports.get(report).is_some_and(|editions| {
            editions.target == code.classification()
                && self
                    .back
                    .get(&(report.classification, editions.target))
                    .is_some_and(|back| back.contains_key(&code.number()))
        })
    }

    /// Whether a code of another edition that was asked for brings its counterpart in a report.
    pub fn brings(&self, report: &Report, asked: CommodityCode) -> bool {
        let Some(Editions { target, .. }) = self.reports.get(report) else { return false };
        let shown = if asked.classification() == *target {
            Some(asked.number())
        } else {
            self.forward.get(&(asked.classification(), *target)).and_then(|codes| codes.get(&asked.number()).copied())
        };
        let own = self.back.get(&(report.classification, *target));
        shown.is_some_and(|shown| report.classification == *target || own.is_some_and(|own| own.contains_key(&shown)))
    }

    /// What tells which reports may have rows of a code.
    pub fn within(&self, code: CommodityCode) -> Within {
        let edition = code.classification();
        let older = self.back.iter().filter(|((_, to), back)| *to == edition && back.contains_key(&code.number()));
        let later =
            self.forward.iter().filter(|((from, _), codes)| *from == edition && codes.contains_key(&code.number()));
        Within {
            edition,
            older: older.map(|((from, _), _)| *from).collect(),
            later: later.map(|((_, to), _)| *to).collect(),
        }
    }

    /// Whether a report's rows of a code, or of its counterpart, are shown under that code.
    pub fn belongs(&self, report: &Report, within: &Within) -> bool {
        match self.reports.get(report) {
            None => report.classification == within.edition,
            Some(editions) if report.classification == within.edition => !within.later.contains(&editions.target),
            Some(editions) => editions.target == within.edition && within.older.contains(&report.classification),
        }
    }

    /// What is to be read again. A code that is asked for brings its counterparts in the other editions of its group, so that
    /// its group is the same as when all codes are asked for.
    pub fn parts(&self, query: &SummaryQuery) -> Vec<Part> {
        let mut alike: BTreeMap<(&Editions, Classification), BTreeSet<Report>> = BTreeMap::new();
        for (report, editions) in &self.reports {
            alike.entry((editions, report.classification)).or_default().insert(*report);
        }
        let mut parts = Vec::new();
        for ((editions, edition), reports) in alike {
            let further = self.further_codes(&query.filter, query.commodity_level, editions, edition);
            let mut commodities = Vec::new();
            if !query.filter.commodities.is_empty() {
                commodities.extend(further.iter().map(CommodityCode::to_string));
            }
            if edition == editions.target {
                if commodities.is_empty() {
                    continue;
                }
            } else {
                commodities.extend(query.filter.commodities.iter().cloned());
            }
            parts.push(Part { edition, reports, commodities, editions: editions.clone() });
        }
        parts
    }

    /// Codes of an edition that were not asked for, though a counterpart in another edition was.
    fn further_codes(
        &self,
        filter: &Filter,
        level: u32,
        Editions { target, older }: &Editions,
        edition: Classification,
    ) -> BTreeSet<CommodityCode> {
        let mut shown: BTreeSet<i32> = BTreeSet::new();
        for older in older {
            for (from, to) in self.forward.get(&(*older, *target)).into_iter().flatten() {
                if is_asked(filter, *from) || is_asked(filter, *to) {
                    shown.insert(*to);
                }
            }
        }
        let back = self.back.get(&(edition, *target));
        let here = shown.into_iter().filter_map(|to| {
            let own = if edition == *target { to } else { *back?.get(&to)? };
            CommodityCode::from_number(own).filter(|code| code.level() == level && !is_asked(filter, own))
        });
        here.collect()
    }

    /// The part's rows, as they change the groups: taken from the code that they were read under, and added to the one that they
    /// are shown under. A row is the group's key, in which `place` is the code, and sums.
    pub fn changes(&self, part: &Part, filter: &Filter, place: usize, keys: usize, rows: &[&[Cell]]) -> Vec<Vec<Cell>> {
        let forward = self.forward.get(&(part.edition, part.editions.target));
        let mut changes = Vec::new();
        for row in rows {
            let Some(code) = row.get(place).and_then(|cell| cell.get()) else { continue };
            let number = code as i32;
            let shown = forward.and_then(|forward| forward.get(&number)).copied();
            if part.edition != part.editions.target {
                let Some(shown) = shown else { continue };
                if is_asked(filter, number) {
                    let taken = row.iter().enumerate().map(|(index, cell)| match cell.get() {
                        Some(sum) if index >= keys => Cell::from(-sum),
                        _ => *cell,
                    });
                    changes.push(taken.collect());
                }
                let mut added = row.to_vec();
                added[place] = Cell::from(i64::from(shown));
                changes.push(added);
            } else {
                changes.push(row.to_vec());
            }
        }
        changes
    }

    /// The cells of a group's key and report, with the code that is shown.
    pub fn renamed(&self, place: Option<usize>, key: &[Cell]) -> Vec<Cell> {
        let mut renamed = key.to_vec();
        if self.is_empty() {
            return renamed;
        }
        let report = key.len().checked_sub(REPORT_CELLS).and_then(|from| report_of(&key[from..]));
        let code = place.and_then(|place| CommodityCode::from_number(key.get(place)?.get()? as i32));
        if let (Some(report), Some(code), Some(place)) = (report, code, place) {
            renamed[place] = Cell::from(i64::from(self.shown(&report, code).number()));
        }
        renamed
    }

    /// Says whose editions are joined.
    pub fn note(&self) -> Option<String> {
        let mut series: BTreeMap<(Area, Flow), (BTreeSet<Classification>, Classification)> = BTreeMap::new();
        for (report, editions) in &self.reports {
            let own = series.entry((report.reporter, report.flow)).or_insert((BTreeSet::new(), editions.target));
            own.0.extend(editions.older.iter().copied());
            own.1 = own.1.max(editions.target);
        }
        let named: Vec<String> = series
            .iter()
            .take(5)
            .map(|((reporter, flow), (older, target))| {
                let older: Vec<&str> = older.iter().map(|edition| edition.name()).collect();
                format!("{reporter} {flow} ({} and {target})", older.join(", "))
            })
            .collect();
        let more = match series.len().saturating_sub(5) {
            0 => String::new(),
            more => format!(", and {more} others"),
        };
        (!named.is_empty()).then(|| {
            format!(
                "joined under the later edition, where the concordance has a code 1:1 in both directions: {}{more}; all other \
                 codes are kept apart, each with the periods of its own edition",
                named.join(", ")
            )
        })
    }
}

fn is_asked(filter: &Filter, number: i32) -> bool {
    let Some(code) = CommodityCode::from_number(number) else { return false };
    let within = |asked: CommodityCode| (asked.range().0..=asked.range().1).contains(&number);
    filter.commodities.is_empty() || filter.codes_in(code.classification()).into_iter().any(within)
}

fn report_of(cells: &[Cell]) -> Option<Report> {
    let [reporter, flow, period, classification] = cells else { return None };
    Some(Report {
        reporter: Area::from_comtrade(reporter.get()? as u16)?,
        flow: Flow::from_number(flow.get()?)?,
        period: Period::from_number(period.get()? as i32)?,
        classification: Classification::from_number(classification.get()? as i32)?,
    })
}
