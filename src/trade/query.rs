//! What can be asked about flows, after checking and before choosing data.

use std::collections::{BTreeMap, BTreeSet};

use crate::reference::{Area, Classification, CommodityCode};
use crate::value::{Frequency, Period};

use super::model::Flow;

/// Which rows of a report a list shows.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Listed {
    /// Totals beside their parts.
    #[default]
    All,
    /// None that is a total of others.
    Parts,
    Totals,
}

/// Which facts a question is about. Empty lists mean all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub dataset: Option<String>,
    pub reporters: Vec<Area>,
    pub partners: Vec<Area>,
    pub flows: Vec<Flow>,
    pub from: Option<Period>,
    pub to: Option<Period>,
    pub frequency: Option<Frequency>,
    /// Codes without classification, such as `2711` or `TOTAL`.
    pub commodities: Vec<String>,
    pub classification: Option<Classification>,
    pub levels: Vec<u32>,
    pub modes: Vec<u16>,
    pub procedures: Vec<u8>,
    pub second_partners: Vec<Area>,
    pub listed: Listed,
    /// Only reporters that are there in every period; of each flow by itself.
    pub balanced: bool,
    /// Only years or quarters of which every month is reported.
    pub complete_periods_only: bool,
    /// Groups by date that reporters or partners were named by; their members stand there.
    pub groups: BTreeSet<&'static str>,
}

impl Filter {
    /// Whether a period lies wholly within the question's bounds.
    pub fn has_period(&self, period: Period) -> bool {
        let (first, last) = period.months();
        self.from.is_none_or(|from| first >= from.months().0) && self.to.is_none_or(|to| last <= to.months().1)
    }

    /// The codes asked for, in one classification. A code that cannot be one there is left out.
    pub fn codes_in(&self, classification: Classification) -> Vec<CommodityCode> {
        self.commodities.iter().filter_map(|code| CommodityCode::parse(classification, code.as_bytes())).collect()
    }

    /// Digits of the longest and of the shortest code asked for.
    pub fn code_lengths(&self) -> Option<(u32, u32)> {
        let lengths = self.commodities.iter().map(|code| if code == "TOTAL" { 0 } else { code.len() as u32 });
        let (shortest, longest) = (lengths.clone().min()?, lengths.max()?);
        Some((longest, shortest))
    }
}

/// What rows can be grouped by.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Dimension {
    Period(Frequency),
    Reporter,
    Partner,
    Commodity,
    Flow,
    Mode,
    Procedure,
}

/// One part of a group's key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum KeyPart<'a> {
    Period(Period),
    Area(Area),
    /// A group of countries that the request defined.
    Group(&'a str),
    Commodity(CommodityCode),
    Flow(Flow),
    Mode(u16),
    Procedure(u8),
}

/// A measure to order by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Measure {
    Value,
    NetWeight,
    RowCount,
}

/// Groups of countries that stand for their members.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Grouping {
    /// In their order.
    names: Vec<String>,
    group_of: BTreeMap<Area, u16>,
}

impl Grouping {
    /// Of the name of the group that stands for each area.
    pub fn new(group_of: &BTreeMap<Area, String>) -> Self {
        let names: BTreeSet<&String> = group_of.values().collect();
        let names: Vec<String> = names.into_iter().cloned().collect();
        let numbered = |(area, name): (&Area, &String)| Some((*area, names.binary_search(name).ok()? as u16));
        let group_of = group_of.iter().filter_map(numbered).collect();
        Self { names, group_of }
    }

    pub fn is_empty(&self) -> bool {
        self.group_of.is_empty()
    }

    /// The place among the names of the group that stands for an area.
    pub fn number_of(&self, area: Area) -> Option<u16> {
        self.group_of.get(&area).copied()
    }

    pub fn name(&self, number: usize) -> Option<&str> {
        self.names.get(number).map(String::as_str)
    }

    /// Whether a group of that name stands for some area.
    pub fn has(&self, name: &str) -> bool {
        self.names.iter().any(|other| other == name)
    }

    /// The name of the group that stands for an area.
    pub fn name_of(&self, area: Area) -> Option<&str> {
        self.name(usize::from(self.number_of(area)?))
    }
}

/// A summary that is asked for.
#[derive(Clone, Debug, Default)]
pub struct SummaryQuery {
    pub filter: Filter,
    /// In the order of the request, each once.
    pub group_by: Vec<Dimension>,
    /// Digits to group commodities by.
    pub commodity_level: u32,
    pub reporter_groups: Grouping,
    pub partner_groups: Grouping,
    pub order_by: Option<Measure>,
    pub ascending: bool,
    pub top: usize,
    /// Whether the groups that `top` keeps are the same in all periods.
    pub top_over_all_periods: bool,
    pub quantities: bool,
    pub row_limit: usize,
}

impl SummaryQuery {
    pub fn groups_by(&self, dimension: Dimension) -> bool {
        self.group_by.contains(&dimension)
    }

    /// The frequency of the period that is grouped by.
    pub fn period(&self) -> Option<Frequency> {
        self.group_by.iter().find_map(|dimension| match dimension {
            Dimension::Period(frequency) => Some(*frequency),
            _ => None,
        })
    }
}

/// How a summary is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Plan {
    /// Columns in memory.
    Cube,
    /// Sums by pair of countries.
    Pairs,
    /// Sums over all countries by commodity.
    World,
    Facts,
    History,
}
