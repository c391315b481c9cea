//! How many reports a sum could have, and how many of them there are. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use foldhash::fast::RandomState;
use jiff::civil::Date;

use crate::reference::commodity::SPAN;
use crate::reference::{Area, Group};
use crate::value::{Frequency, Period};

use super::joined::{Joins, Within};
use super::key::{Fields, Key, Place};
use super::level::Level;
use super::model::Flow;
use super::query::{Dimension, Filter, KeyPart, SummaryQuery};
use super::select::{Report, Selection, ranges};

/// Reporters that a note names at most.
const NAMED: usize = 10;

/// What the reports of a group say about it.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Reports {
    pub expected: usize,
    pub reported: usize,
    /// Months that the reports tell of, counted from year 0.
    pub months: Arc<BTreeSet<i32>>,
    /// The kinds of row that were added, in words, where those of the whole answer are more than one.
    pub levels: Vec<String>,
}

/// Reports of groups. Many groups share their period, reporter, flow and classification, so each such combination is looked
/// at once.
pub struct Completeness<'a> {
    query: &'a SummaryQuery,
    level: &'a Level,
    /// All rows that were added are of one kind, which says nothing of a group.
    is_uniform: bool,
    joins: &'a Joins,
    /// In the order of reporter and flow.
    series: Vec<Series<'a>>,
    /// Period, reporter and flow in the keys.
    fields: Fields,
    commodity: Option<Place>,
    /// What tells the reports of a commodity, by its number in the keys, and by what it is: many codes have the same.
    withins: HashMap<u32, u32, RandomState>,
    numbers: BTreeMap<Within, u32>,
    known: HashMap<Decisive, Arc<Reports>, RandomState>,
    /// Neighbours mostly share theirs.
    newest: Option<(Decisive, Arc<Reports>)>,
}

/// What of a group's key decides which reports it is made of: period, reporter and flow, and what tells the reports of its
/// commodity.
type Decisive = (Key, u32);

/// The reports of one reporter's flow.
struct Series<'a> {
    of: (Area, Flow),
    reports: Vec<&'a Report>,
    /// The longest periods that it reports.
    longest: Frequency,
}

/// A part of a group's key that decides.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Part<'a> {
    Period(Frequency, Period),
    Reporter(Area),
    Group(&'a str),
    Flow(Flow),
    Commodity(Within),
}

impl<'a> Completeness<'a> {
    pub fn new(query: &'a SummaryQuery, selection: &'a Selection, level: &'a Level, joins: &'a Joins) -> Self {
        let mut series: Vec<Series<'a>> = Vec::new();
        for report in selection.reports.keys() {
            let (of, frequency) = ((report.reporter, report.flow), report.period.frequency());
            match series.last_mut().filter(|last| last.of == of) {
                Some(last) => {
                    last.reports.push(report);
                    last.longest = last.longest.min(frequency);
                }
                None => series.push(Series { of, reports: vec![report], longest: frequency }),
            }
        }
        let decides =
            |place: &Place| matches!(place.dimension(), Dimension::Period(_) | Dimension::Reporter | Dimension::Flow);
        Self {
            query,
            level,
            is_uniform: level.uniform().is_some(),
            joins,
            series,
            fields: Fields::of(Place::all(query).filter(decides)),
            commodity: Place::of(query, Dimension::Commodity),
            withins: HashMap::default(),
            numbers: BTreeMap::new(),
            known: HashMap::default(),
            newest: None,
        }
    }

    /// The reports that a group is made of. A rest has its period alone, a total nothing.
    pub fn of(&mut self, key: Key) -> Arc<Reports> {
        let decisive = (key.only(self.fields), self.within(key));
        if let Some((_, known)) = self.newest.as_ref().filter(|(newest, _)| *newest == decisive) {
            return Arc::clone(known);
        }
        let found = match self.known.get(&decisive) {
            Some(known) => Arc::clone(known),
            None => {
                let found = Arc::new(self.count(&self.parts(key)));
                self.known.insert(decisive, Arc::clone(&found));
                found
            }
        };
        self.newest = Some((decisive, Arc::clone(&found)));
        found
    }

    /// A number for what tells the reports of a key's commodity; 0 for none.
    fn within(&mut self, key: Key) -> u32 {
        let Some(place) = self.commodity else { return 0 };
        let field = key.field(place);
        if self.joins.is_empty() {
            // Only the classification does.
            return field.div_ceil(SPAN as u32);
        }
        if let Some(number) = self.withins.get(&field) {
            return *number;
        }
        let number = match place.part(self.query, field) {
            Some(KeyPart::Commodity(code)) => {
                let next = self.numbers.len() as u32 + 1;
                *self.numbers.entry(self.joins.within(code)).or_insert(next)
            }
            _ => 0,
        };
        self.withins.insert(field, number);
        number
    }

    fn parts(&self, key: Key) -> Vec<Part<'a>> {
        let parts = key.parts(self.query).filter_map(|(dimension, part)| match (dimension, part) {
            (Dimension::Period(asked), KeyPart::Period(of)) => Some(Part::Period(asked, of)),
            (Dimension::Reporter, KeyPart::Area(area)) => Some(Part::Reporter(area)),
            (Dimension::Reporter, KeyPart::Group(name)) => Some(Part::Group(name)),
            (Dimension::Flow, KeyPart::Flow(flow)) => Some(Part::Flow(flow)),
            (Dimension::Commodity, KeyPart::Commodity(code)) => Some(Part::Commodity(self.joins.within(code))),
            _ => None,
        });
        parts.collect()
    }

    fn belongs(&self, part: &Part<'_>, report: &Report) -> bool {
        match part {
            Part::Period(asked, period) => report.period.within(*asked) == Some(*period),
            Part::Reporter(area) => report.reporter == *area,
            Part::Group(name) => self.query.reporter_groups.name_of(report.reporter) == Some(*name),
            Part::Flow(flow) => report.flow == *flow,
            Part::Commodity(within) => self.joins.belongs(report, within),
        }
    }

    fn count(&self, parts: &[Part<'_>]) -> Reports {
        // A reporter that is silent in this period is missing from it, not from the question; so is one that reports this
        // period in another edition of the classification.
        let in_any_period =
            |report: &Report| parts.iter().all(|part| matches!(part, Part::Period(..)) || self.belongs(part, report));
        let mut reports: Vec<&Report> = Vec::new();
        // Each with the place of its reports among all.
        let mut series: Vec<(&Series<'_>, std::ops::Range<usize>)> = Vec::new();
        for one in self.series_of(parts) {
            if one.reports.iter().any(|report| in_any_period(report)) {
                let first = reports.len();
                let is_meant = |report: &&&Report| parts.iter().all(|part| self.belongs(part, report));
                reports.extend(one.reports.iter().filter(is_meant));
                series.push((one, first..reports.len()));
            }
        }
        let span = parts.iter().find_map(|part| match part {
            Part::Period(_, period) => Some(period.months()),
            _ => None,
        });
        let Some(span) = span.or_else(|| span_of(&self.query.filter, reports.iter().copied())) else {
            return Reports::default();
        };
        let expected = series.into_iter().map(|(one, place)| expected(one.longest, span, &reports[place])).sum();
        let reported: BTreeSet<(Area, Flow, Period)> =
            reports.iter().map(|report| (report.reporter, report.flow, report.period)).collect();
        let levels = if self.is_uniform { Vec::new() } else { self.level.kinds_of(reports.into_iter()) };
        let months = reported.iter().flat_map(|report| report.2.months().0..=report.2.months().1).collect();
        Reports { expected, reported: reported.len(), months: Arc::new(months), levels }
    }

    /// The series that may have reports of a group: those of one reporter where it names one.
    fn series_of(&self, parts: &[Part<'_>]) -> &[Series<'_>] {
        let reporter = parts.iter().find_map(|part| match part {
            Part::Reporter(area) => Some(*area),
            _ => None,
        });
        let Some(reporter) = reporter else { return &self.series };
        let start = self.series.partition_point(|series| series.of.0 < reporter);
        let end = self.series.partition_point(|series| series.of.0 <= reporter);
        &self.series[start..end]
    }
}

/// Reports that one reporter's flow could have in a span of months: those it has, and the rest of each year in the shortest
/// periods that it reports of that year, or in the longest that it reports at all.
fn expected(longest: Frequency, (first, last): (i32, i32), reports: &[&Report]) -> usize {
    let mut expected = 0;
    for year in first.div_euclid(12)..=last.div_euclid(12) {
        let (from, to) = (first.max(year * 12), last.min(year * 12 + 11));
        let mut covered = 0;
        let mut shortest = None;
        for report in reports {
            let (begin, end) = report.period.months();
            if begin >= from && end <= to {
                covered += end - begin + 1;
                expected += 1;
                shortest = shortest.max(Some(report.period.frequency()));
            }
        }
        let frequency = shortest.unwrap_or(longest);
        let missing = (to - from + 1 - covered).max(0) as usize;
        expected += missing.div_ceil(12 / frequency.per_year() as usize);
    }
    expected
}

/// First and last month that a question is about: as asked, or else as reported.
fn span_of<'a>(filter: &Filter, reports: impl Iterator<Item = &'a Report> + Clone) -> Option<(i32, i32)> {
    let months = reports.map(|report| report.period.months());
    let first = filter.from.map(|from| from.months().0).or_else(|| months.clone().map(|months| months.0).min())?;
    let last = filter.to.map(|to| to.months().1).or_else(|| months.map(|months| months.1).max())?;
    Some((first, last.max(first)))
}

/// Whom a group by date takes together, and who of them was no member of the European Union in all of the periods.
pub fn note_groups(filter: &Filter, selection: &Selection) -> Vec<String> {
    let months = || selection.reports.keys().map(|report| report.period.months());
    let first_of = |month: i32| Date::new(month.div_euclid(12) as i16, (month.rem_euclid(12) + 1) as i8, 1).ok();
    let first = months().map(|months| months.0).min().and_then(first_of);
    let last = months().map(|months| months.1).max().and_then(first_of).map(Date::last_of_month);
    let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
    let until = |day: Option<Date>| day.map_or_else(String::new, |day| format!(" until {day}"));
    let note = |group: &Group| {
        let partly: Vec<String> = group
            .partly_members(first, last)
            .map(|member| format!("{} (from {}{})", member.member, member.from, until(member.until)))
            .collect();
        let partly = match partly.is_empty() {
            true => "all were members throughout the periods answered for".to_owned(),
            false => format!("not members throughout the periods answered for: {}", partly.join(", ")),
        };
        format!(
            "{} is the {} members that the European Union had from {}{}, in every period, and the trade between them is not \
             taken out; {partly}",
            group.name(),
            group.members.len(),
            group.from,
            until(group.until)
        )
    };
    filter.groups.iter().filter_map(|code| Group::parse(code)).map(note).collect()
}

/// Which years of the question have no report at all, reporter by reporter.
pub fn note_missing_years(query: &SummaryQuery, selection: &Selection) -> Option<String> {
    let (first, last) = span_of(&query.filter, selection.reports.keys())?;
    let years = first.div_euclid(12)..=last.div_euclid(12);
    let mut reported: BTreeMap<(Area, Flow), BTreeSet<i32>> = BTreeMap::new();
    for report in selection.reports.keys() {
        let series = reported.entry((report.reporter, report.flow)).or_default();
        series.insert(report.period.calendar_year());
    }
    let with_gaps: Vec<String> = reported
        .into_iter()
        .filter_map(|((reporter, flow), reported)| {
            let missing: Vec<i32> = years.clone().filter(|year| !reported.contains(year)).collect();
            (!missing.is_empty()).then(|| format!("{reporter} {flow} of {}", ranges(&missing)))
        })
        .collect();
    if with_gaps.is_empty() {
        return None;
    }
    let named = with_gaps.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
    let more = match with_gaps.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("; and years of {more} others"),
    };
    Some(format!("{} has no report of {named}{more}", selection.dataset.resource()))
}
