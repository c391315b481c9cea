//! Sums as a table: what was traded by whom with whom, by flow, product and period, and whether a period was reported at all.

use std::collections::{BTreeMap, BTreeSet};

use super::figure::{Absent, Figure};
use crate::reference::{Area, Classification, Codes, CommodityCode};
use crate::trade::model::Flow;
use crate::trade::query::{Dimension, Grouping, KeyPart, SummaryQuery};
use crate::trade::select::Selection;
use crate::trade::summary::{Row, Summary};
use crate::trade::sums::Sums;
use crate::value::{Frequency, Period};

/// A country, or a group of the request that counts as one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Party {
    Area(Area),
    Group(String),
}

/// Goods of one code. Editions of the HS are compared by digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Product {
    /// The code in HS 2022, or in its own classification.
    code: CommodityCode,
    /// What the code holds beside the detailed ones below it.
    pub is_not_detailed: bool,
}

impl Product {
    pub fn of(code: CommodityCode, is_not_detailed: bool) -> Self {
        let code = if code.classification().is_hs() { code.in_classification(Classification::HS2022) } else { code };
        Self { code, is_not_detailed }
    }

    /// Its code in an edition of its classification.
    fn within(self, classification: Classification) -> CommodityCode {
        if self.code.classification().is_hs() && classification.is_hs() {
            self.code.in_classification(classification)
        } else {
            self.code
        }
    }

    pub fn code(self) -> CommodityCode {
        self.code
    }

    pub fn digits(self) -> String {
        self.code.to_string()
    }
}

/// What sums are of, but for the period. What was not kept apart is absent.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub struct Group {
    pub reporter: Option<Party>,
    pub partner: Option<Party>,
    pub flow: Option<Flow>,
    pub product: Option<Product>,
}

impl Group {
    /// The same with one of its parts left open.
    pub fn without(&self, dimension: Dimension) -> Self {
        let mut group = self.clone();
        match dimension {
            Dimension::Reporter => group.reporter = None,
            Dimension::Partner => group.partner = None,
            Dimension::Flow => group.flow = None,
            Dimension::Commodity => group.product = None,
            Dimension::Period(_) | Dimension::Mode | Dimension::Procedure => {}
        }
        group
    }

    /// Whether it is trade with a partner that the reporter names.
    pub fn has_identified_partner(&self) -> bool {
        !matches!(&self.partner, Some(Party::Area(area)) if area.is_unspecified())
    }
}

/// A group in a period.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Key {
    pub group: Group,
    pub period: Option<Period>,
}

/// Sums of a group in a period.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Amounts {
    pub sums: Sums,
    pub expected: usize,
    pub reported: usize,
    /// All months of the period are in the reports behind it.
    pub is_whole: bool,
}

impl Amounts {
    /// The sum of the known values in thousandths.
    pub fn value(&self) -> Figure {
        if self.sums.value_rows > 0 { Ok(self.sums.value.into()) } else { Err(Absent::ValueUnknown) }
    }

    fn add(&mut self, other: &Self) -> Option<()> {
        self.sums.add(&other.sums)?;
        self.expected = self.expected.max(other.expected);
        self.reported = self.reported.max(other.reported);
        self.is_whole |= other.is_whole;
        Some(())
    }
}

/// Who reports: a reporter's flow, or any reporter's.
type Series = (Option<Party>, Option<Flow>);

/// What was reported of a period.
#[derive(Clone, Default, Debug)]
struct Reported {
    /// By reporter: a series may be of several.
    months: BTreeMap<Area, BTreeSet<i32>>,
    editions: BTreeSet<Classification>,
    /// Reports that there could be and that there are, as rows of the series have them.
    expected: usize,
    reported: usize,
}

impl Reported {
    /// Whether each of those who report tells of the whole period.
    fn is_whole(&self, period: Period) -> bool {
        let (first, last) = period.months();
        self.months.values().all(|months| (first..=last).all(|month| months.contains(&month)))
    }
}

/// Sums by group and period.
#[derive(Default, Debug)]
pub struct Table {
    groups: BTreeMap<Group, BTreeMap<Period, Amounts>>,
    reported: BTreeMap<Series, BTreeMap<Period, Reported>>,
    /// Latest edition in which a product was found.
    editions: BTreeMap<Product, Classification>,
    /// Codes that no edition behind the table has, by edition.
    unknown: BTreeSet<(Product, Classification)>,
}

/// A sum that leaves 64 bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Overflow;

impl Table {
    /// Adds the groups of a summary; several may make one table.
    pub fn add(
        &mut self,
        query: &SummaryQuery,
        selection: &Selection,
        summary: &Summary,
        codes: &Codes,
    ) -> Result<(), Overflow> {
        let frequency = query.period().unwrap_or(Frequency::Annual);
        for report in selection.reports.keys() {
            let Some(period) = report.period.within(frequency) else { continue };
            let reporter = query.groups_by(Dimension::Reporter).then(|| party(&query.reporter_groups, report.reporter));
            let series = (reporter, query.groups_by(Dimension::Flow).then_some(report.flow));
            let reported = self.reported.entry(series).or_default().entry(period).or_default();
            let (first, last) = report.period.months();
            reported.months.entry(report.reporter).or_default().extend(first..=last);
            reported.editions.insert(report.classification);
        }
        for row in &summary.rows {
            self.add_row(query, row)?;
        }
        // Also of products and editions that were added before.
        for edition in self.all_editions().into_iter().filter(|edition| codes.is_loaded(*edition)) {
            let unknown = self.editions.keys().filter(|product| !codes.knows(product.within(edition)));
            self.unknown.extend(unknown.map(|product| (*product, edition)));
        }
        Ok(())
    }

    fn add_row(&mut self, query: &SummaryQuery, row: &Row) -> Result<(), Overflow> {
        let mut group = Group::default();
        let mut period = None;
        for (dimension, part) in row.key.parts(query) {
            match (dimension, part) {
                (Dimension::Period(_), KeyPart::Period(of)) => period = Some(of),
                (Dimension::Reporter, part) => group.reporter = party_of(part),
                (Dimension::Partner, part) => group.partner = party_of(part),
                (Dimension::Flow, KeyPart::Flow(flow)) => group.flow = Some(flow),
                (Dimension::Commodity, KeyPart::Commodity(code)) => {
                    let product = Product::of(code, row.is_not_detailed);
                    let edition = self.editions.entry(product).or_insert(code.classification());
                    *edition = (*edition).max(code.classification());
                    group.product = Some(product);
                }
                _ => {}
            }
        }
        let Some(period) = period else { return Ok(()) };
        let (first, last) = period.months();
        let amounts = Amounts {
            sums: row.sums,
            expected: row.reports.expected,
            reported: row.reports.reported,
            is_whole: (first..=last).all(|month| row.reports.months.contains(&month)),
        };
        let of_series =
            self.reported.entry((group.reporter.clone(), group.flow)).or_default().entry(period).or_default();
        of_series.expected = of_series.expected.max(amounts.expected);
        of_series.reported = of_series.reported.max(amounts.reported);
        self.groups.entry(group).or_default().entry(period).or_default().add(&amounts).ok_or(Overflow)
    }

    /// The groups in the order of their keys.
    pub fn groups(&self) -> impl Iterator<Item = (&Group, &BTreeMap<Period, Amounts>)> {
        self.groups.iter()
    }

    /// Every sum, in the order of group and period.
    pub fn cells(&self) -> impl Iterator<Item = (&Group, Period, &Amounts)> {
        self.groups.iter().flat_map(|(group, periods)| periods.iter().map(move |(period, sums)| (group, *period, sums)))
    }

    /// The periods in which a group has a sum.
    pub fn periods_of(&self, group: &Group) -> impl Iterator<Item = Period> {
        self.groups.get(group).into_iter().flat_map(|periods| periods.keys().copied())
    }

    pub fn amounts(&self, group: &Group, period: Period) -> Option<&Amounts> {
        self.groups.get(group)?.get(&period)
    }

    /// The value of a group in a period, of however many of its months there are.
    pub fn value(&self, group: &Group, period: Period) -> Figure {
        match self.amounts(group, period) {
            Some(amounts) => amounts.value(),
            None => Err(self.why_absent(group, period)),
        }
    }

    /// The value of a group in a period that all who report it report whole.
    pub fn whole(&self, group: &Group, period: Period) -> Figure {
        let is_whole = self.reported_of(group, period).is_some_and(|reported| reported.is_whole(period));
        match self.amounts(group, period) {
            Some(amounts) if !amounts.is_whole || !is_whole => Err(Absent::IncompletePeriod),
            Some(amounts) => amounts.value(),
            None => Err(self.why_absent(group, period)),
        }
    }

    /// Why there is no sum: who reported nothing of the kind is told apart from who reported nothing at all.
    pub fn why_absent(&self, group: &Group, period: Period) -> Absent {
        let Some(reported) = self.reported_of(group, period) else { return Absent::NotReported };
        let is_unknown = |product: Product| {
            let editions = &reported.editions;
            !editions.is_empty() && editions.iter().all(|edition| self.unknown.contains(&(product, *edition)))
        };
        match group.product {
            Some(product) if is_unknown(product) => Absent::NotInEdition,
            _ if reported.is_whole(period) => Absent::NoTradeReported,
            _ => Absent::IncompletePeriod,
        }
    }

    fn reported_of(&self, group: &Group, period: Period) -> Option<&Reported> {
        self.reported.get(&(group.reporter.clone(), group.flow))?.get(&period)
    }

    /// Reports that a period of a group could have, and those that there are.
    pub fn counts(&self, group: &Group, period: Period) -> (usize, usize) {
        match self.amounts(group, period) {
            Some(amounts) => (amounts.expected, amounts.reported),
            None => self.reported_of(group, period).map_or((0, 0), |reported| (reported.expected, reported.reported)),
        }
    }

    /// A figure made of sums that the same reporters are behind. Of one reporter that is always so.
    pub fn of_same_reporters<'a>(
        &'a self,
        figure: Figure,
        sums: impl IntoIterator<Item = (&'a Group, Period)>,
    ) -> Figure {
        let reported = sums.into_iter().filter_map(|(group, period)| self.reported_of(group, period));
        let mut reporters = reported.map(|reported| reported.months.keys());
        let Some(first) = reporters.next() else { return figure };
        let are_same = reporters.all(|others| others.eq(first.clone()));
        if are_same { figure } else { figure.and(Err(Absent::ReportersDiffer)) }
    }

    /// Which reports are of a part of their period, each once.
    pub fn incomplete(&self) -> BTreeMap<(Area, Option<Flow>, Period), usize> {
        let mut incomplete = BTreeMap::new();
        for ((_, flow), periods) in &self.reported {
            for (period, reported) in periods {
                let (first, last) = period.months();
                for (area, months) in &reported.months {
                    let there = (first..=last).filter(|month| months.contains(month)).count();
                    if there < (last - first + 1) as usize {
                        incomplete.insert((*area, *flow, *period), there);
                    }
                }
            }
        }
        incomplete
    }

    /// Periods of which there is any report, in order.
    pub fn periods(&self) -> BTreeSet<Period> {
        self.reported.values().flat_map(|periods| periods.keys().copied()).collect()
    }

    /// A product's code in the latest edition in which it was found.
    pub fn shown(&self, product: Product) -> CommodityCode {
        self.editions.get(&product).map_or(product.code, |edition| product.within(*edition))
    }

    /// Editions of the HS that were reported in.
    pub fn editions(&self) -> BTreeSet<Classification> {
        self.all_editions().into_iter().filter(|edition| edition.is_hs()).collect()
    }

    fn all_editions(&self) -> BTreeSet<Classification> {
        let reported = self.reported.values().flat_map(BTreeMap::values);
        reported.flat_map(|reported| reported.editions.iter().copied()).collect()
    }
}

fn party(groups: &Grouping, area: Area) -> Party {
    groups.name_of(area).map_or(Party::Area(area), |name| Party::Group(name.to_owned()))
}

fn party_of(part: KeyPart<'_>) -> Option<Party> {
    match part {
        KeyPart::Area(area) => Some(Party::Area(area)),
        KeyPart::Group(name) => Some(Party::Group(name.to_owned())),
        _ => None,
    }
}
