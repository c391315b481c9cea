//! Who reports what, in which frequency and edition of the classification, and until when. Pure.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::reference::{Area, Classification};
use crate::value::{Frequency, Period, runs};

use super::coverage::{Coverage, Stratum};
use super::model::{Flow, PartnerKind};
use super::query::Filter;
use super::select;

/// One reporter's flow in one frequency and edition.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Series {
    pub reporter: Area,
    pub flow: Flow,
    pub frequency: Frequency,
    pub classification: Classification,
}

/// What there is of a series.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reported {
    pub series: Series,
    /// In order; never empty.
    pub periods: BTreeSet<Period>,
    pub rows: i64,
    /// Digits of its codes, 0 for TOTAL.
    pub levels: BTreeSet<u32>,
    /// Last period with rows of single partners, and of the partner World.
    pub last_by_partner: Option<Period>,
    pub last_of_world: Option<Period>,
    /// The release that changed it last.
    pub changed_by: i64,
    pub state: State,
}

/// Whether a reporter's flow keeps up with its dataset, in whatever edition.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum State {
    Reporting,
    NotYet,
    Stopped,
}

impl State {
    /// By how many periods the reporter's last one lies before the newest of the dataset: two years or half a year may be
    /// late, more is no more.
    fn of(frequency: Frequency, behind: i32) -> Self {
        let late = match frequency {
            Frequency::Annual | Frequency::Quarterly => 2,
            Frequency::Monthly => 6,
        };
        match behind {
            ..=0 => Self::Reporting,
            behind if behind <= late => Self::NotYet,
            _ => Self::Stopped,
        }
    }
}

/// A run of missing periods.
pub type Gap = (Period, Period);

impl Reported {
    fn new(series: Series) -> Self {
        Self {
            series,
            periods: BTreeSet::new(),
            rows: 0,
            levels: BTreeSet::new(),
            last_by_partner: None,
            last_of_world: None,
            changed_by: 0,
            state: State::Reporting,
        }
    }

    fn add(&mut self, stratum: &Stratum) {
        let period = Some(stratum.period);
        self.periods.extend(period);
        self.rows += stratum.rows;
        self.levels.insert(stratum.level);
        match stratum.partner_kind {
            PartnerKind::Single => self.last_by_partner = self.last_by_partner.max(period),
            PartnerKind::World => self.last_of_world = self.last_of_world.max(period),
            PartnerKind::Group => {}
        }
    }

    /// Periods missing between the first and the last.
    pub fn gaps(&self) -> Vec<Gap> {
        let Some((first, last)) = self.periods.first().zip(self.periods.last()) else { return Vec::new() };
        let held: BTreeSet<i32> = self.periods.iter().map(|period| period.ordinal()).collect();
        let missing = (first.ordinal()..=last.ordinal()).filter(|ordinal| !held.contains(ordinal));
        let period = |ordinal: i32| Period::of_ordinal(self.series.frequency, ordinal);
        runs(missing).into_iter().filter_map(|(first, last)| period(first).zip(period(last))).collect()
    }
}

/// All series of a dataset as of one of its releases, in order, of the reporters, flows and frequency of a filter.
pub fn reported(coverage: &Coverage, filter: &Filter, dataset: i64, release: i64) -> Vec<Reported> {
    let mut newest: BTreeMap<Frequency, i32> = BTreeMap::new();
    for stratum in coverage.of(dataset, release) {
        let reached = newest.entry(stratum.period.frequency()).or_insert(i32::MIN);
        *reached = (*reached).max(stratum.period.ordinal());
    }
    let mut found: BTreeMap<Series, Reported> = BTreeMap::new();
    let mut reached: BTreeMap<(Area, Flow, Frequency), i32> = BTreeMap::new();
    for stratum in coverage.until(dataset, release).filter(|stratum| select::is_of(stratum, filter)) {
        let (reporter, flow, frequency) = (stratum.reporter, stratum.flow, stratum.period.frequency());
        let series = Series { reporter, flow, frequency, classification: stratum.classification };
        let reported = found.entry(series).or_insert_with(|| Reported::new(series));
        let ended = stratum.until.filter(|until| *until <= release);
        reported.changed_by = reported.changed_by.max(ended.unwrap_or(stratum.since));
        if ended.is_none() {
            reported.add(stratum);
            let last = reached.entry((reporter, flow, frequency)).or_insert(i32::MIN);
            *last = (*last).max(stratum.period.ordinal());
        }
    }
    // What a release withdrew is reported no more.
    found.retain(|_, reported| !reported.periods.is_empty());
    for (series, reported) in &mut found {
        let of = (series.reporter, series.flow, series.frequency);
        let behind = newest.get(&series.frequency).zip(reached.get(&of)).map_or(0, |(newest, last)| newest - last);
        reported.state = State::of(series.frequency, behind);
    }
    found.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trade::model::DetailKind;

    fn stratum(reporter: &str, period: &str, (since, until): (i64, Option<i64>)) -> Stratum {
        Stratum {
            dataset: 1,
            reporter: Area::parse(reporter).unwrap(),
            flow: Flow::EXPORT,
            period: Period::parse(period).unwrap(),
            classification: Classification::HS2022,
            level: 6,
            partner_kind: PartnerKind::Single,
            detail_kind: DetailKind::Total,
            converted: false,
            chapters: 1 << 27,
            rows: 10,
            since,
            until,
        }
    }

    fn all(strata: &[Stratum], release: i64) -> Vec<Reported> {
        reported(&Coverage::new(strata.iter().copied()), &Filter::default(), 1, release)
    }

    #[test]
    fn a_reporter_is_late_before_it_has_stopped() {
        let late = |frequency, behind| State::of(frequency, behind);
        assert_eq!(late(Frequency::Annual, 0), State::Reporting);
        assert_eq!((late(Frequency::Annual, 2), late(Frequency::Annual, 3)), (State::NotYet, State::Stopped));
        assert_eq!((late(Frequency::Quarterly, 2), late(Frequency::Quarterly, 3)), (State::NotYet, State::Stopped));
        assert_eq!((late(Frequency::Monthly, 6), late(Frequency::Monthly, 7)), (State::NotYet, State::Stopped));
    }

    #[test]
    fn gaps_lie_between_the_first_and_the_last_period() {
        let strata = ["2015", "2016", "2019", "2021"].map(|year| stratum("CHN", year, (1, None)));
        let found = all(&strata, 1);
        let gaps: Vec<String> = found[0].gaps().iter().map(|(first, last)| format!("{first}-{last}")).collect();
        assert_eq!(gaps, ["2017-2018", "2020-2020"]);
        assert_eq!((found[0].periods.len(), found[0].rows), (4, 40));
    }

    #[test]
    fn what_was_withdrawn_counts_as_a_change_and_as_nothing_else() {
        let strata = [
            stratum("CHN", "2020", (1, None)),
            stratum("CHN", "2021", (1, Some(3))),
            stratum("CHN", "2024-01", (1, Some(2))),
            stratum("KAZ", "2021", (1, None)),
        ];
        let before = all(&strata, 2);
        assert_eq!(before.iter().map(|one| (one.periods.len(), one.changed_by)).collect::<Vec<_>>(), [(2, 1), (1, 1)]);
        let after = all(&strata, 3);
        assert_eq!(after.iter().map(|one| (one.periods.len(), one.changed_by)).collect::<Vec<_>>(), [(1, 3), (1, 1)]);
        assert_eq!((after[0].state, after[1].state), (State::NotYet, State::Reporting));
    }
}
