//! How concentrated trade is on suppliers, markets or products.

use std::collections::BTreeMap;

use num_bigint::BigInt;

use super::figure::{self, Absent, Figure, ONE, large_ratio};
use super::table::{Group, Key, Table};
use crate::trade::query::Dimension;
use crate::value::{Period, large};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub key: Key,
    pub members: usize,
    pub total: Figure,
    pub world: Figure,
    pub unidentified_share: Figure,
    pub herfindahl: Figure,
    pub normalized: Figure,
    /// As UNCTAD publishes it.
    pub concentration: Figure,
    pub effective_number: Figure,
    pub low: Figure,
    pub high: Figure,
    /// The largest member: the group with what it is told apart by.
    pub largest: Option<Group>,
    pub largest_share: Figure,
}

/// One row for each group without `across`, and period. `world` has the reporters' own totals across partners; across
/// commodities the total with what is not detailed stands for it.
pub fn concentration(table: &Table, world: Option<&Table>, across: Dimension) -> Vec<Row> {
    let mut members: BTreeMap<(Group, Period), Vec<(i128, &Group)>> = BTreeMap::new();
    let mut with_rest: BTreeMap<(Group, Period), i128> = BTreeMap::new();
    for (group, period, amounts) in table.cells() {
        let of = (group.without(across), period);
        let Ok(value) = amounts.value() else { continue };
        *with_rest.entry(of.clone()).or_default() += value;
        let is_rest = match across {
            Dimension::Commodity => group.product.is_some_and(|product| product.is_not_detailed),
            Dimension::Partner => !group.has_identified_partner(),
            _ => false,
        };
        let all = members.entry(of).or_default();
        if value > 0 && !is_rest {
            all.push((value, group));
        }
    }
    let row = |((group, period), members): ((Group, Period), Vec<(i128, &Group)>)| {
        let whole = match (across, world) {
            (Dimension::Commodity, _) => with_rest.get(&(group.clone(), period)).copied().ok_or(Absent::NotReported),
            (_, Some(world)) => world.value(&group, period),
            (_, None) => Err(Absent::NotReported),
        };
        Spread { members, whole }.row(Key { group, period: Some(period) })
    };
    members.into_iter().map(row).collect()
}

struct Spread<'a> {
    members: Vec<(i128, &'a Group)>,
    whole: Figure,
}

impl Spread<'_> {
    fn row(&self, key: Key) -> Row {
        let count = self.members.len();
        let total: i128 = self.members.iter().map(|(value, _)| value).sum();
        let squares: BigInt = self.members.iter().map(|(value, _)| BigInt::from(*value).pow(2)).sum();
        let largest = self.members.iter().max_by(|one, other| one.0.cmp(&other.0).then_with(|| other.1.cmp(one.1)));
        let largest_value = largest.map_or(0, |(value, _)| *value);
        let of_total = |squares: &BigInt, total: i128| large_ratio(squares, &BigInt::from(total).pow(2));
        // What the World has beside the members.
        let unidentified = self.whole.and_then(|whole| match whole - total {
            // Each value was rounded to a thousandth.
            rest if rest < 0 && -rest <= count as i128 => Ok(0),
            ..0 => Err(Absent::NotPositive),
            rest => Ok(rest),
        });
        let high = unidentified.and_then(|rest| {
            let with_rest = BigInt::from(largest_value + rest).pow(2) - BigInt::from(largest_value).pow(2);
            of_total(&(&squares + with_rest), total + rest)
        });
        Row {
            key,
            members: count,
            total: if count == 0 { Err(Absent::BaseZero) } else { Ok(total) },
            world: self.whole,
            unidentified_share: unidentified.and_then(|rest| figure::ratio(rest, total + rest)),
            herfindahl: of_total(&squares, total),
            normalized: normalized(&squares, total, count),
            concentration: unctad(&squares, total, count),
            effective_number: large_ratio(&BigInt::from(total).pow(2), &squares),
            low: unidentified.and_then(|rest| of_total(&squares, total + rest)),
            high,
            largest: largest.map(|(_, group)| (*group).clone()),
            largest_share: figure::ratio(largest_value, total),
        }
    }
}

/// (H - 1/n) / (1 - 1/n) = (n S - T²) / (T² (n - 1)).
fn normalized(squares: &BigInt, total: i128, count: usize) -> Figure {
    if count < 2 {
        return Err(if count == 0 { Absent::BaseZero } else { Absent::NotApplicable });
    }
    let whole = BigInt::from(total).pow(2);
    large_ratio(&(squares * count - &whole), &(whole * (count - 1)))
}

/// (√H - √(1/n)) / (1 - √(1/n)).
fn unctad(squares: &BigInt, total: i128, count: usize) -> Figure {
    if count < 2 {
        return Err(if count == 0 { Absent::BaseZero } else { Absent::NotApplicable });
    }
    let root_of_h = large::square_root(squares, &BigInt::from(total).pow(2));
    let root_of_least = large::square_root(&BigInt::from(1), &BigInt::from(count));
    let index = large_ratio(&(root_of_h - &root_of_least), &(large::one() - root_of_least))?;
    // Equal shares have a root that is cut off a digit apart from that of 1/n.
    Ok(index.clamp(0, ONE))
}
