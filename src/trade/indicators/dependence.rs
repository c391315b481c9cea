//! How far reporters depend on partners.

use std::collections::BTreeMap;

use super::figure::{self, Absent, Figure};
use super::table::{Group, Key, Table};
use crate::trade::query::Dimension;
use crate::value::Period;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub key: Key,
    pub value: Figure,
    pub identified: Figure,
    pub world: Figure,
    pub share_of_identified: Figure,
    pub share_of_world: Figure,
    pub rank: usize,
    pub partners: usize,
}

/// `table` has all single partners, of whom those that are not specified count in no total but `world`;
/// `world` has the reporters' own totals; `is_asked` tells the partners to answer for.
pub fn dependence(table: &Table, world: &Table, is_asked: impl Fn(&Group) -> bool) -> Vec<Row> {
    let mut values: BTreeMap<(Group, Period), Vec<i128>> = BTreeMap::new();
    for (group, period, amounts) in table.cells().filter(|(group, ..)| group.has_identified_partner()) {
        let all = values.entry((group.without(Dimension::Partner), period)).or_default();
        all.extend(amounts.value());
    }
    for all in values.values_mut() {
        all.sort_unstable_by(|one, other| other.cmp(one));
    }
    let cells = table.cells().filter(|(group, ..)| is_asked(group));
    cells
        .map(|(group, period, amounts)| {
            let of = (group.without(Dimension::Partner), period);
            let all = values.get(&of).map_or(&[][..], Vec::as_slice);
            let value = amounts.value();
            let identified = figure::sum(all.iter().map(|value| Ok(*value)));
            let world = world.value(&of.0, period);
            Row {
                value,
                identified,
                world,
                share_of_identified: match group.has_identified_partner() {
                    true => figure::share(value, identified),
                    false => Err(Absent::NotApplicable),
                },
                share_of_world: figure::share(value, world),
                rank: match value {
                    Ok(value) if group.has_identified_partner() => all.partition_point(|other| *other > value) + 1,
                    _ => 0,
                },
                partners: all.iter().filter(|value| **value > 0).count(),
                key: Key { group: group.clone(), period: Some(period) },
            }
        })
        .collect()
}
