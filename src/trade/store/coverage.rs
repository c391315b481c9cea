//! Which reports there are and what kinds of rows each holds: small, versioned, and kept in memory.

use std::ops::Range;

use crate::reference::{Area, Classification};
use crate::store::{Deadline, Error, Store};
use crate::trade::model::{DetailKind, Flow, PartnerKind};
use crate::value::Period;

/// Rows of one kind in one report: same classification, level, kind of partner and kind of detail.
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
    /// Chapters that have such rows, a bit each; 100 is TOTAL and everything that is no chapter.
    pub chapters: u128,
    pub rows: i64,
    since: i64,
    until: Option<i64>,
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
    /// Strata of one dataset as of one of its releases.
    pub fn of(&self, dataset: i64, release: i64) -> impl Iterator<Item = &Stratum> {
        self.strata[self.range(|stratum| stratum.dataset.cmp(&dataset))]
            .iter()
            .filter(move |stratum| stratum.holds_at(release))
    }

    /// The same for one reporter.
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

/// Loads all strata.
pub async fn load(store: &Store, deadline: &Deadline) -> Result<Coverage, Error> {
    let sql = "SELECT dataset, reporter, flow, period, classification, level, partner_kind, detail_kind,
                      since_release, until_release, rows, chapter
               FROM flow_strata
               ORDER BY dataset, reporter, flow, period, classification, level, partner_kind, detail_kind,
                        since_release, until_release";
    let rows = store.integers(sql, 12, deadline).await?;
    let single = rows.iter().filter_map(|row| {
        Some(Stratum {
            dataset: row[0].known(),
            reporter: Area::from_comtrade(row[1].known() as u16)?,
            flow: Flow::from_number(row[2].known())?,
            period: Period::from_number(row[3].known() as i32)?,
            classification: Classification::from_number(row[4].known() as i32)?,
            level: row[5].known() as u32,
            partner_kind: PartnerKind::from_number(row[6].known()),
            detail_kind: DetailKind::from_number(row[7].known()),
            since: row[8].known(),
            until: row[9].get(),
            chapters: 1 << row[11].known(),
            rows: row[10].known(),
        })
    });
    // Most reports have the same kinds of rows in all chapters: one stratum a kind is all that is worth keeping.
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
    Ok(Coverage { strata })
}
