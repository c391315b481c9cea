//! Whose trade changed most between two periods, and what that is of the change of all.

use std::collections::{BTreeMap, BTreeSet};

use super::figure::{self, Figure};
use super::table::{Group, Key, Table};
use crate::trade::query::Dimension;
use crate::value::Period;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub key: Key,
    pub base_value: Figure,
    pub value: Figure,
    pub change: Figure,
    pub growth: Figure,
    pub contribution: Figure,
    pub contribution_to_growth: Figure,
    /// 0 for the rest and where there is no change.
    pub rank: usize,
    /// How many groups the row adds up, where it is the rest.
    pub rest: Option<usize>,
}

/// Rows by group without `across`, then by the size of the change.
pub fn movers(table: &Table, (base, period): (Period, Period), across: Dimension, top: usize) -> Vec<Row> {
    let mut groups: BTreeMap<Group, BTreeSet<Group>> = BTreeMap::new();
    for (group, ..) in table.cells() {
        groups.entry(group.without(across)).or_default().insert(group.clone());
    }
    let mut rows = Vec::new();
    for (of, members) in groups {
        rows.extend(moved(table, of, &members, (base, period), top));
    }
    rows
}

fn moved(
    table: &Table,
    of: Group,
    members: &BTreeSet<Group>,
    (base, period): (Period, Period),
    top: usize,
) -> Vec<Row> {
    let values: Vec<(&Group, Figure, Figure)> =
        members.iter().map(|group| (group, table.whole(group, base), table.whole(group, period))).collect();
    // Of members with several reporters, only where the same are behind both periods.
    let alike = |group: &Group, figure: Figure| table.of_same_reporters(figure, [(group, base), (group, period)]);
    // Whose change is not known is left out of both sides.
    let known = |side: fn(&(&Group, Figure, Figure)) -> Figure| {
        let there = values.iter().filter(|(group, before, now)| alike(group, change(*before, *now)).is_ok());
        figure::sum(there.map(side).map(figure::none_in_edition))
    };
    let (base_of_all, value_of_all) = (known(|(_, before, _)| *before), known(|(.., now)| *now));
    let change_of_all = change(base_of_all, value_of_all);
    let row = |group: Group, before: Figure, now: Figure| {
        let change = alike(&group, change(before, now));
        Row {
            base_value: before,
            value: now,
            change,
            growth: alike(&group, figure::growth(now, before)),
            contribution: change.and_then(|change| figure::ratio(change, change_of_all?)),
            contribution_to_growth: change.and_then(|change| figure::ratio(change, figure::as_base(base_of_all)?)),
            rank: 0,
            rest: None,
            key: Key { group, period: Some(period) },
        }
    };
    let mut rows: Vec<Row> = values.iter().map(|(group, before, now)| row((*group).clone(), *before, *now)).collect();
    let size = |row: &Row| row.change.map_or(-1, i128::abs);
    rows.sort_by(|one, other| size(other).cmp(&size(one)).then_with(|| one.key.cmp(&other.key)));
    let rest: Vec<Row> = if rows.len() > top { rows.split_off(top) } else { Vec::new() };
    for (place, row) in rows.iter_mut().enumerate().filter(|(_, row)| row.change.is_ok()) {
        row.rank = place + 1;
    }
    if !rest.is_empty() {
        let known = |side: fn(&Row) -> Figure| {
            figure::sum(rest.iter().filter(|row| row.change.is_ok()).map(side).map(figure::none_in_edition))
        };
        let (before, now) = (known(|row| row.base_value), known(|row| row.value));
        rows.push(Row { rest: Some(rest.len()), ..row(of, before, now) });
    }
    rows
}

fn change(before: Figure, now: Figure) -> Figure {
    figure::change(figure::none_in_edition(now), figure::none_in_edition(before))
}
