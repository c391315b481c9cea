//! Holding a question to reporters that are there in every period, and to years or quarters of which every month is reported.
//!
//! Works on the reports that would be added up, so that what stays is added up as without these conditions. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use crate::reference::Area;
use crate::register::{Emptiness, EmptyReason};
use crate::value::{Frequency, Period, runs};

use super::model::Flow;
use super::query::SummaryQuery;
use super::select::{Report, Selection};

/// Reporters or periods that a note names at most.
const NAMED: usize = 10;
/// Runs of periods that are named of one reporter at most.
const RUNS: usize = 5;

/// Leaves out the incomplete periods and then the reporters with gaps, where the question wants that, and notes them. Why
/// nothing is left, if nothing is.
pub fn leave_out(query: &SummaryQuery, selection: &mut Selection) -> Result<(), Emptiness> {
    if query.filter.complete_periods_only {
        leave_out_incomplete_periods(query, selection)?;
    }
    if query.filter.balanced {
        leave_out_reporters_with_gaps(query, selection)?;
    }
    Ok(())
}

/// A period counts as complete when the reports of a reporter's flow tell of each of its months. It is the quarter where that
/// is grouped by, else the year.
fn leave_out_incomplete_periods(query: &SummaryQuery, selection: &mut Selection) -> Result<(), Emptiness> {
    let frequency = if query.period() == Some(Frequency::Quarterly) { Frequency::Quarterly } else { Frequency::Annual };
    let mut months: BTreeMap<(Area, Flow, Period), BTreeSet<i32>> = BTreeMap::new();
    for report in selection.reports.keys() {
        let Some(period) = report.period.within(frequency) else { continue };
        let (first, last) = report.period.months();
        months.entry((report.reporter, report.flow, period)).or_default().extend(first..=last);
    }
    months.retain(|_, reported| (reported.len() as i32) < frequency.months());
    let is_incomplete = |report: &Report| {
        let period = report.period.within(frequency);
        period.is_some_and(|period| months.contains_key(&(report.reporter, report.flow, period)))
    };
    if selection.keep(|report| !is_incomplete(report)) == 0 {
        return Ok(());
    }
    let all = frequency.months();
    let left_out: Vec<String> = months
        .iter()
        .map(|((reporter, flow, period), reported)| format!("{reporter} {flow} {period} ({} of {all})", reported.len()))
        .collect();
    let left_out = format!("not all months are reported of {}", capped(&left_out));
    tell(selection, "complete_periods_only", left_out)
}

/// Keeps of each reporter the flows that have a report in every period that is grouped by, or in every year.
fn leave_out_reporters_with_gaps(query: &SummaryQuery, selection: &mut Selection) -> Result<(), Emptiness> {
    let frequency = query.period().unwrap_or(Frequency::Annual);
    let Some(range) = periods(query, selection, frequency) else { return Ok(()) };
    let mut reported: BTreeMap<(Area, Flow), BTreeSet<i32>> = BTreeMap::new();
    for report in selection.reports.keys() {
        let period = report.period.within(frequency).map(Period::ordinal);
        reported.entry((report.reporter, report.flow)).or_default().extend(period);
    }
    let gaps: BTreeMap<(Area, Flow), Vec<i32>> = reported
        .into_iter()
        .map(|(series, reported)| (series, range.clone().filter(|period| !reported.contains(period)).collect()))
        .filter(|(_, missing): &(_, Vec<i32>)| !missing.is_empty())
        .collect();
    if selection.keep(|report| !gaps.contains_key(&(report.reporter, report.flow))) == 0 {
        return Ok(());
    }
    let named: Vec<String> = gaps
        .iter()
        .map(|((reporter, flow), missing)| format!("{reporter} {flow} lacks {}", in_words(frequency, missing)))
        .collect();
    let whole = in_words(frequency, &range.collect::<Vec<_>>());
    tell(selection, "balanced", format!("not there in every period of {whole}: {}", capped(&named)))
}

/// The periods that a reporter must have: of the range asked for, or between the first and the last that is reported.
fn periods(query: &SummaryQuery, selection: &Selection, frequency: Frequency) -> Option<RangeInclusive<i32>> {
    let months = || selection.reports.keys().map(|report| report.period.months());
    let first = query.filter.from.map(|from| from.months().0).or_else(|| months().map(|months| months.0).min())?;
    let last = query.filter.to.map(|to| to.months().1).or_else(|| months().map(|months| months.1).max())?;
    Some(first.div_euclid(frequency.months())..=last.div_euclid(frequency.months()))
}

fn tell(selection: &mut Selection, condition: &str, what: String) -> Result<(), Emptiness> {
    if selection.reports.is_empty() {
        return Err(Emptiness::new(EmptyReason::FilteredOut, format!("{condition} leaves nothing: {what}")));
    }
    selection.notes.push(format!("left out by {condition}: {what}"));
    Ok(())
}

fn capped(named: &[String]) -> String {
    let more = named.len().saturating_sub(NAMED);
    let shown = named[..named.len() - more].join("; ");
    if more > 0 { format!("{shown}; and {more} more") } else { shown }
}

/// `2018, 2020 to 2024`, from the ordinals of periods.
fn in_words(frequency: Frequency, ordinals: &[i32]) -> String {
    let shown = |ordinal: i32| Period::of_ordinal(frequency, ordinal).map_or_else(String::new, |one| one.to_string());
    let runs = runs(ordinals.iter().copied());
    let words = runs.iter().take(RUNS).map(|(first, last)| {
        if first == last { shown(*first) } else { format!("{} to {}", shown(*first), shown(*last)) }
    });
    let more = runs.iter().skip(RUNS).map(|(first, last)| last - first + 1).sum::<i32>();
    let words = words.collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{words} and {more} more") } else { words }
}
