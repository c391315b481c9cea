//! Ranks by value in each period, a fixed top over all periods, shares.

use std::collections::{BTreeMap, BTreeSet};

use super::figure::{self, Absent, Figure};
use super::table::{Group, Key, Table};
use crate::trade::query::Dimension;
use crate::value::Period;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub key: Key,
    pub value: Figure,
    /// 0 where there is none.
    pub rank: usize,
    pub previous_rank: usize,
    pub share: Figure,
    pub whole: Figure,
    pub share_of_whole: Figure,
    /// How many groups the row adds up, where it is the rest.
    pub rest: Option<usize>,
}

impl Row {
    /// How many places up.
    pub fn change(&self) -> Option<i64> {
        (self.rank > 0 && self.previous_rank > 0).then(|| self.previous_rank as i64 - self.rank as i64)
    }
}

/// Rows by group without `across`, period and rank, of the periods since `first`: what lies before is for the rank before alone.
/// `whole` has the totals of the groups without `across`.
pub fn ranks(table: &Table, whole: &Table, across: Dimension, (first, top): (Option<Period>, usize)) -> Vec<Row> {
    let mut races: BTreeMap<Group, BTreeSet<&Group>> = BTreeMap::new();
    for (group, _) in table.groups() {
        races.entry(group.without(across)).or_default().insert(group);
    }
    let races = races.into_iter().map(|(of, all)| {
        let is_meant = |group: &&Group| table.periods_of(group).any(|period| first.is_none_or(|first| period >= first));
        let members = all.iter().copied().filter(is_meant).collect();
        Race { table, whole, of, all, members, first }
    });
    races.flat_map(|race| race.rows(top)).collect()
}

/// Those that are ranked against one another.
struct Race<'a> {
    table: &'a Table,
    whole: &'a Table,
    of: Group,
    all: BTreeSet<&'a Group>,
    /// Those with a row in the periods asked for.
    members: BTreeSet<&'a Group>,
    first: Option<Period>,
}

impl Race<'_> {
    fn rows(&self, top: usize) -> Vec<Row> {
        let periods: BTreeSet<Period> = self.members.iter().flat_map(|group| self.table.periods_of(group)).collect();
        let kept = self.kept(top);
        let mut rows = Vec::new();
        for period in periods.into_iter().filter(|period| self.is_asked(*period)) {
            let ranks = self.ranks(period);
            let before = period.shifted(-1).map(|before| self.ranks(before)).unwrap_or_default();
            let sum = figure::sum(self.members.iter().filter_map(|group| self.value(group, period)));
            let whole = self.whole.value(&self.of, period);
            let row = |group: Group, value: Figure, rest: Option<usize>| Row {
                rank: ranks.get(&group).copied().unwrap_or(0),
                previous_rank: before.get(&group).copied().unwrap_or(0),
                share: figure::share(value, sum),
                whole,
                share_of_whole: figure::share(value, whole),
                value,
                rest,
                key: Key { group, period: Some(period) },
            };
            let mut here: Vec<Row> =
                kept.iter().map(|group| row((*group).clone(), self.table.value(group, period), None)).collect();
            here.sort_by(|one, other| {
                let place = |row: &Row| if row.rank == 0 { usize::MAX } else { row.rank };
                place(one).cmp(&place(other)).then_with(|| one.key.cmp(&other.key))
            });
            let left: Vec<Figure> =
                self.members.difference(&kept).filter_map(|group| self.value(group, period)).collect();
            let left_out = self.members.len() - kept.len();
            if left_out > 0 {
                here.push(row(self.of.clone(), figure::sum(left), Some(left_out)));
            }
            rows.extend(here);
        }
        rows
    }

    fn is_asked(&self, period: Period) -> bool {
        self.first.is_none_or(|first| period >= first)
    }

    /// A value that there is.
    fn value(&self, group: &Group, period: Period) -> Option<Figure> {
        self.table
            .amounts(group, period)
            .map(|amounts| amounts.value())
            .filter(|value| *value != Err(Absent::ValueUnknown))
    }

    /// The first by their sums over all periods.
    fn kept(&self, top: usize) -> BTreeSet<&Group> {
        if top == 0 {
            return self.members.clone();
        }
        let sum = |group: &Group| -> i128 {
            let asked = self.table.periods_of(group).filter(|period| self.is_asked(*period));
            asked.filter_map(|period| self.value(group, period)?.ok()).sum()
        };
        let mut members: Vec<(i128, &Group)> = self.members.iter().map(|group| (sum(group), *group)).collect();
        members.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(other.1)));
        members.into_iter().take(top).map(|(_, group)| group).collect()
    }

    /// Equal values share the better rank.
    fn ranks(&self, period: Period) -> BTreeMap<Group, usize> {
        let mut values: Vec<(i128, &Group)> =
            self.all.iter().filter_map(|group| Some((self.value(group, period)?.ok()?, *group))).collect();
        values.sort_by_key(|(value, _)| std::cmp::Reverse(*value));
        let place = |value: i128| values.partition_point(|(other, _)| *other > value) + 1;
        values.iter().map(|(value, group)| ((*group).clone(), place(*value))).collect()
    }
}
