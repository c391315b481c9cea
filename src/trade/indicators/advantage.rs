//! Revealed comparative advantage.

use std::collections::BTreeMap;

use super::figure::{self, Absent, Figure};
use super::table::{Group, Key, Table};
use crate::trade::query::Dimension;
use crate::value::Period;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub key: Key,
    pub value: Figure,
    pub reporter_total: Figure,
    pub world_value: Figure,
    pub world_total: Figure,
    pub advantage: Figure,
    pub symmetric: Figure,
}

/// `table` has the reporters by commodity, `world` all reporters together by commodity; both have all goods. What is not
/// detailed counts in the totals and has no row.
pub fn advantages(table: &Table, world: &Table, is_asked: impl Fn(&Group) -> bool) -> Vec<Row> {
    let (totals, world_totals) = (totals(table, Dimension::Commodity), totals(world, Dimension::Commodity));
    let cells = table.cells().filter(|(group, ..)| is_asked(group));
    cells
        .filter(|(group, ..)| group.product.is_some_and(|product| !product.is_not_detailed))
        .map(|(group, period, amounts)| {
            let value = amounts.value();
            let reporter_total = total(&totals, &group.without(Dimension::Commodity), period);
            let of_world = group.without(Dimension::Reporter);
            let world_value = world.value(&of_world, period);
            let world_total = total(&world_totals, &of_world.without(Dimension::Commodity), period);
            let advantage = quotient_of_shares(value, reporter_total, world_value, world_total);
            // (a - 1) / (a + 1) of the exact a.
            let symmetric = crossed(value, reporter_total, world_value, world_total)
                .and_then(|(one, other)| figure::large_ratio(&(&one - &other), &(one + other)));
            let key = Key { group: group.clone(), period: Some(period) };
            Row { key, value, reporter_total, world_value, world_total, advantage, symmetric }
        })
        .collect()
}

/// Sums over one dimension of a table.
pub type Totals = BTreeMap<(Group, Period), i128>;

pub fn totals(table: &Table, over: Dimension) -> Totals {
    let mut totals = Totals::new();
    for (group, period, amounts) in table.cells() {
        if let Ok(value) = amounts.value() {
            *totals.entry((group.without(over), period)).or_default() += value;
        }
    }
    totals
}

pub fn total(totals: &Totals, group: &Group, period: Period) -> Figure {
    totals.get(&(group.clone(), period)).copied().ok_or(Absent::NotReported)
}

/// (part / whole) / (other_part / other_whole).
pub fn quotient_of_shares(part: Figure, whole: Figure, other_part: Figure, other_whole: Figure) -> Figure {
    let (numerator, denominator) = crossed(part, whole, other_part, other_whole)?;
    figure::large_ratio(&numerator, &denominator)
}

fn crossed(
    part: Figure,
    whole: Figure,
    other_part: Figure,
    other_whole: Figure,
) -> Result<(num_bigint::BigInt, num_bigint::BigInt), Absent> {
    let (part, whole) = (figure::or_zero(part)?, figure::as_base(whole)?);
    let (other_part, other_whole) = (figure::as_base(other_part)?, figure::as_base(other_whole)?);
    let product = |one: i128, other: i128| num_bigint::BigInt::from(one) * other;
    Ok((product(part, other_whole), product(whole, other_part)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trade::indicators::figure::ONE;

    #[test]
    fn a_share_as_large_as_in_the_world_is_an_advantage_of_one() {
        assert_eq!(quotient_of_shares(Ok(5), Ok(50), Ok(10), Ok(100)), Ok(ONE));
        assert_eq!(quotient_of_shares(Ok(5), Ok(50), Ok(0), Ok(100)), Err(Absent::BaseZero));
        assert_eq!(quotient_of_shares(Err(Absent::NoTradeReported), Ok(50), Ok(1), Ok(100)), Ok(0));
    }
}
