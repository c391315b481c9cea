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
    months: BTreeSet<i32>,
    editions: BTreeSet<Classification>,
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
            reported.months.extend(report.period.months().0..=report.period.months().1);
            reported.editions.insert(report.classification);
        }
        for row in &summary.rows {
            self.add_row(query, row)?;
        }
        let editions: BTreeSet<Classification> = selection.classifications().into_iter().collect();
        for product in self.editions.keys() {
            for edition in editions.iter().filter(|edition| codes.is_loaded(**edition)) {
                if !codes.knows(product.within(*edition)) {
                    self.unknown.insert((*product, *edition));
                }
            }
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

    /// The value of a group in a period that is reported whole.
    pub fn whole(&self, group: &Group, period: Period) -> Figure {
        match self.amounts(group, period) {
            Some(amounts) if !amounts.is_whole => Err(Absent::IncompletePeriod),
            Some(amounts) => amounts.value(),
            None => Err(self.why_absent(group, period)),
        }
    }

    /// Why there is no sum: who reported nothing of the kind is told apart from who reported nothing at all.
    pub fn why_absent(&self, group: &Group, period: Period) -> Absent {
        let series = (group.reporter.clone(), group.flow);
        let Some(reported) = self.reported.get(&series).and_then(|periods| periods.get(&period)) else {
            return Absent::NotReported;
        };
        let is_unknown = |product: Product| {
            let editions = &reported.editions;
            !editions.is_empty() && editions.iter().all(|edition| self.unknown.contains(&(product, *edition)))
        };
        let (first, last) = period.months();
        match group.product {
            Some(product) if is_unknown(product) => Absent::NotInEdition,
            _ if (first..=last).all(|month| reported.months.contains(&month)) => Absent::NoTradeReported,
            _ => Absent::IncompletePeriod,
        }
    }

    /// Periods of which there is any report, in order.
    pub fn periods(&self) -> BTreeSet<Period> {
        self.reported.values().flat_map(|periods| periods.keys().copied()).collect()
    }

    /// Reporters with a report of a period.
    pub fn reporters(&self, period: Period) -> BTreeSet<&Party> {
        let there = self.reported.iter().filter(|(_, periods)| periods.contains_key(&period));
        there.filter_map(|((reporter, _), _)| reporter.as_ref()).collect()
    }

    /// A product's code in the latest edition in which it was found.
    pub fn shown(&self, product: Product) -> CommodityCode {
        self.editions.get(&product).map_or(product.code, |edition| product.within(*edition))
    }

    /// Editions of the HS that products were found in, where they are several.
    pub fn editions(&self) -> BTreeSet<Classification> {
        let editions = self.reported.values().flat_map(BTreeMap::values).flat_map(|reported| &reported.editions);
        editions.copied().filter(|edition| edition.is_hs()).collect()
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
