//! Reports of the same trade beside one another: a year and its months, one edition and another. One of them counts.
//!
//! Which one depends on the reporter, flow and year alone, never on what else is asked beside it. Pure.

use std::collections::{BTreeMap, BTreeSet};

use crate::reference::{Area, Classification};
use crate::value::{Frequency, Period};

use super::model::Flow;
use super::query::Filter;
use super::select::{Report, Selection};

/// Keeps one report of each month of a reporter's flow: the year where it is reported as such, else the quarter, else the
/// month, among those that can be divided into the periods asked for. So a year that has only begun is there by its months,
/// and what a year is made of does not depend on the other years.
pub fn keep_one_frequency(selection: &mut Selection, at_most: Option<Frequency>) {
    let usable = |period: Period| at_most.is_none_or(|longest| period.frequency().per_year() >= longest.per_year());
    let longer: BTreeSet<(Area, Flow, Period)> = selection
        .reports
        .keys()
        .filter(|report| report.period.frequency() != Frequency::Monthly && usable(report.period))
        .map(|report| (report.reporter, report.flow, report.period))
        .collect();
    let is_within_longer = |report: &Report| {
        [Frequency::Annual, Frequency::Quarterly]
            .into_iter()
            .filter(|frequency| frequency.per_year() < report.period.frequency().per_year())
            .filter_map(|frequency| report.period.within(frequency))
            .any(|period| longer.contains(&(report.reporter, report.flow, period)))
    };
    let left_out = selection.keep(|report| usable(report.period) && !is_within_longer(report));
    if left_out > 0 {
        let used = selection.frequencies();
        selection.notes.push(format!("only {used} reports were used; {left_out} of other frequencies were left out"));
    }
}

/// What speaks for a report in one edition beside the same report in another; the greatest counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Claim {
    /// Chapters among those asked for; nothing, where all goods are.
    chapters: u32,
    /// It has the totals or nearly all chapters that any of the editions has.
    is_whole: bool,
    /// Some of its rows are in the edition in which they were reported, as far as the source says.
    is_original: bool,
    /// The release that changed it last: a report replaces the same report in another edition.
    since: i64,
    rows: i64,
    classification: Classification,
}

/// Keeps one classification of each reporter, flow and period: of those that have the chapters asked for the original,
/// not one that the source converted, and of originals the newest.
pub fn keep_one_classification(selection: &mut Selection, filter: &Filter) {
    let asked = selection.chapters_asked(filter);
    let mut rivals: BTreeMap<(Area, Flow, Period), Vec<Report>> = BTreeMap::new();
    for report in selection.reports.keys() {
        rivals.entry((report.reporter, report.flow, report.period)).or_default().push(*report);
    }
    rivals.retain(|_, reports| reports.len() > 1);
    if rivals.is_empty() {
        return;
    }
    let mut dropped: BTreeSet<Report> = BTreeSet::new();
    for reports in rivals.values() {
        let chapters = |report: &Report| selection.chapters_of(report).count_ones();
        let most = reports.iter().map(chapters).max().unwrap_or(0);
        let claim = |report: &Report| {
            let held = &selection.reports[report];
            let total_asked = asked == u128::MAX;
            Claim {
                chapters: if total_asked { 0 } else { (selection.chapters_of(report) & asked).count_ones() },
                // Not the most chapters: a few stray codes would beat a full report.
                is_whole: !total_asked || chapters(report) * 10 >= most * 9,
                is_original: held.iter().any(|(kind, _)| !kind.converted),
                since: held.values().map(|held| held.since).max().unwrap_or(0),
                rows: held.values().map(|held| held.rows).sum(),
                classification: report.classification,
            }
        };
        let best = reports.iter().copied().max_by_key(claim);
        dropped.extend(reports.iter().copied().filter(|report| Some(*report) != best));
    }
    let left_out = selection.keep(|report| !dropped.contains(report));
    selection.notes.push(format!(
        "left out: {left_out} of the reports that are there in two editions of the classification; the original counts \
         before one that the source converted, and the newest release before older ones"
    ));
}
