//! What part of its dataset a release replaces.
//!
//! Rows of earlier releases that lie within the scope, and that the new release does not have, are withdrawn. Whatever
//! lies outside stays.

use std::collections::BTreeMap;

use crate::trade::model::FlowKey;

/// How the scope follows from the rows of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    /// Each chapter (and the total) that the files have of a reporter, flow, period and classification.
    Chapter,
    /// All goods of each reporter, flow, period and classification that the files have.
    Report,
}

impl Rule {
    pub fn describe(self) -> &'static str {
        match self {
            Self::Chapter => {
                "each reporter, flow, period, classification and chapter (first two digits, or TOTAL) that the files have"
            }
            Self::Report => {
                "each reporter, flow, period and classification that the files have, with all partners and commodities"
            }
        }
    }
}

fn report_of(key: FlowKey) -> (u64, i32) {
    (key.report(), key.commodity().classification().number())
}

const ALL_CHAPTERS: u128 = u128::MAX;

/// Reports, each with the chapters covered.
#[derive(Debug)]
pub struct Scope {
    rule: Rule,
    whole: bool,
    /// By report and classification, so that a release in one edition never withdraws rows in another.
    reports: BTreeMap<(u64, i32), u128>,
    newest: ((u64, i32), u128),
}

impl Scope {
    pub fn new(rule: Rule, whole: bool) -> Self {
        Self { rule, whole, reports: BTreeMap::new(), newest: ((0, 0), 0) }
    }

    pub fn describe(&self) -> &'static str {
        if self.whole { "the whole dataset (--whole)" } else { self.rule.describe() }
    }

    /// Takes a row's surroundings into the scope.
    pub fn cover(&mut self, key: FlowKey) {
        let chapters = match self.rule {
            Rule::Chapter => 1 << key.commodity().chapter(),
            Rule::Report => ALL_CHAPTERS,
        };
        // Neighbours mostly share a report, so the map is asked once a report and not once a row.
        let report = report_of(key);
        if self.newest.0 == report && self.newest.1 & chapters == chapters {
            return;
        }
        let covered = self.reports.entry(report).or_default();
        *covered |= chapters;
        self.newest = (report, *covered);
    }

    /// Takes a report into the scope though the files have no row of it: the source says that there is none.
    pub fn cover_report(&mut self, key: FlowKey) {
        self.reports.insert(report_of(key), ALL_CHAPTERS);
    }

    pub fn contains(&self, key: FlowKey) -> bool {
        if self.whole {
            return true;
        }
        let chapter = key.commodity().chapter();
        self.reports.get(&report_of(key)).is_some_and(|chapters| chapters & (1 << chapter) != 0)
    }

    /// Years of the reports, which PostgreSQL has partitions for.
    pub fn years(&self) -> Vec<i32> {
        let mut years: Vec<i32> = self.reports.keys().map(|(report, _)| ((report & 0xff_ffff) / 100) as i32).collect();
        years.sort_unstable();
        years.dedup();
        years
    }

    /// SQL conditions, in the order of the store's key, that together hold for every row of the scope; a row for which
    /// one holds may still lie outside.
    pub fn conditions(&self) -> Vec<String> {
        if self.whole {
            return vec!["1 = 1".to_owned()];
        }
        let mut ranges: Vec<(u64, u64, u64)> = Vec::new();
        for (report, _) in self.reports.keys() {
            let (series, period) = (report >> 24, report & 0xff_ffff);
            match ranges.last_mut() {
                Some((same, _, last)) if *same == series => *last = period,
                _ => ranges.push((series, period, period)),
            }
        }
        ranges
            .into_iter()
            .map(|(series, first, last)| {
                format!("reporter = {} AND flow = {} AND period BETWEEN {first} AND {last}", series >> 8, series & 0xff)
            })
            .collect()
    }
}
