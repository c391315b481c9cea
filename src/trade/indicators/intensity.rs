//! Trade intensity.

use super::advantage::{quotient_of_shares, total, totals};
use super::figure::Figure;
use super::table::{Group, Key, Table};
use crate::trade::query::Dimension;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub key: Key,
    pub value: Figure,
    pub reporter_total: Figure,
    pub world_value: Figure,
    pub world_total: Figure,
    pub intensity: Figure,
}

/// `table` has the reporters with all single partners, `world` all reporters together with all single partners.
pub fn intensities(table: &Table, world: &Table, is_asked: impl Fn(&Group) -> bool) -> Vec<Row> {
    let (own, world_totals) = (totals(table, Dimension::Partner), totals(world, Dimension::Partner));
    let cells = table.cells().filter(|(group, ..)| is_asked(group));
    cells
        .map(|(group, period, amounts)| {
            let value = amounts.value();
            let reporter_total = total(&own, &group.without(Dimension::Partner), period);
            let of_world = group.without(Dimension::Reporter);
            let world_value = world.value(&of_world, period);
            let world_total = total(&world_totals, &of_world.without(Dimension::Partner), period);
            let intensity = quotient_of_shares(value, reporter_total, world_value, world_total);
            let key = Key { group: group.clone(), period: Some(period) };
            Row { key, value, reporter_total, world_value, world_total, intensity }
        })
        .collect()
}
