//! Which reports there are and what kinds of rows each holds: small, versioned, and kept in memory.

use std::ops::Range;

use super::model::{DetailKind, Flow, PartnerKind};
use crate::reference::{Area, Classification};
use crate::value::Period;

/// Rows of one kind in one report: same classification, level, kind of partner and kind of detail, original or
/// converted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stratum {
    pub dataset: i64,
    pub reporter: Area,
    pub flow: Flow,
    pub period: Period,
    pub classification: Classification,
    pub level: u32,
    pub partner_kind: PartnerKind,
    pub detail_kind: DetailKind,
    /// The source converted these rows from another classification.
    pub converted: bool,
    /// Chapters that have such rows, a bit each; 100 is TOTAL and everything that is not a chapter.
    pub chapters: u128,
    pub rows: i64,
    /// The release that made it so, and the one that ended it.
    pub since: i64,
    pub until: Option<i64>,
}

impl Stratum {
    /// Whether the other differs in chapter and rows at most.
    fn is_of_kind(&self, other: &Self) -> bool {
        let rest = Self { chapters: other.chapters, rows: other.rows, ..*self };
        rest == *other
    }

    pub fn holds_at(&self, release: i64) -> bool {
        self.since <= release && self.until.is_none_or(|until| until > release)
    }
}

/// All strata of all datasets, with their past, as of the newest release.
#[derive(Debug, Default)]
pub struct Coverage {
    /// In the order of dataset, reporter, flow, period.
    strata: Vec<Stratum>,
}

impl Coverage {
    /// From strata of one chapter each, in the store's order. Most reports have the same kinds of rows in all chapters: one
    /// stratum a kind is all that is worth keeping.
    pub fn new(single: impl Iterator<Item = Stratum>) -> Self {
        let mut strata: Vec<Stratum> = Vec::new();
        for stratum in single {
            match strata.last_mut().filter(|last| last.is_of_kind(&stratum)) {
                Some(last) => {
                    last.chapters |= stratum.chapters;
                    last.rows += stratum.rows;
                }
                None => strata.push(stratum),
            }
        }
        Self { strata }
    }

    /// Strata of one dataset as of one of its releases.
    pub fn of(&self, dataset: i64, release: i64) -> impl Iterator<Item = &Stratum> {
        self.strata[self.range(|stratum| stratum.dataset.cmp(&dataset))]
            .iter()
            .filter(move |stratum| stratum.holds_at(release))
    }

    /// All that one dataset has had up to one of its releases, also what is there no more.
    pub fn until(&self, dataset: i64, release: i64) -> impl Iterator<Item = &Stratum> {
        self.strata[self.range(|stratum| stratum.dataset.cmp(&dataset))]
            .iter()
            .filter(move |stratum| stratum.since <= release)
    }

    /// The strata of one reporter as of a release.
    pub fn of_reporter(&self, dataset: i64, release: i64, reporter: Area) -> impl Iterator<Item = &Stratum> {
        let range = self.range(|stratum| (stratum.dataset, stratum.reporter).cmp(&(dataset, reporter)));
        self.strata[range].iter().filter(move |stratum| stratum.holds_at(release))
    }

    fn range(&self, compare: impl Fn(&Stratum) -> std::cmp::Ordering) -> Range<usize> {
        let start = self.strata.partition_point(|stratum| compare(stratum).is_lt());
        let end = self.strata.partition_point(|stratum| compare(stratum).is_le());
        start..end
    }
}
