//! Intra-industry trade: exports and imports of the same goods.

use std::collections::{BTreeMap, BTreeSet};

use super::figure::{self, Absent, Figure, ONE};
use super::table::{Group, Key, Table};
use crate::trade::model::Flow;
use crate::trade::query::Dimension;
use crate::value::Period;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub key: Key,
    pub exports: Figure,
    pub imports: Figure,
    pub grubel_lloyd: Figure,
    pub marginal: Figure,
    pub commodities: usize,
}

/// One row for each group without flow (and product, unless `by_product`) and period from `first` to `last`. Changes are
/// from `base`, or from the same period of the year before.
pub fn intra_industry(
    table: &Table,
    (first, last): (Option<Period>, Option<Period>),
    base: Option<Period>,
    by_product: bool,
) -> Vec<Row> {
    let is_meant = |period: Period| first.is_none_or(|first| period >= first) && last.is_none_or(|last| period <= last);
    let mut goods: BTreeMap<(Group, Period), BTreeSet<Group>> = BTreeMap::new();
    let mut all: BTreeMap<Group, BTreeSet<Group>> = BTreeMap::new();
    for (group, period, _) in table.cells() {
        let good = group.without(Dimension::Flow);
        let of = if by_product { good.clone() } else { good.without(Dimension::Commodity) };
        all.entry(of.clone()).or_default().insert(good.clone());
        if is_meant(period) {
            goods.entry((of, period)).or_default().insert(good);
        }
    }
    goods
        .into_iter()
        .map(|((of, period), goods)| {
            let base = base.or_else(|| period.year_before());
            // What vanished has changed too.
            let changed = &all[&of];
            let balances: Vec<(Figure, Figure)> = goods.iter().map(|good| sides(table, good, period)).collect();
            let flows = [Flow::EXPORT, Flow::IMPORT].map(|flow| Group { flow: Some(flow), ..of.clone() });
            // Of several reporters, only where the same are behind both sides and all periods.
            let alike = |periods: &[Period], figure: Figure| {
                let sums = flows.iter().flat_map(|group| periods.iter().map(move |period| (group, *period)));
                table.of_same_reporters(figure, sums)
            };
            let side = |pick: fn(&(Figure, Figure)) -> Figure| added(balances.iter().map(pick));
            Row {
                exports: side(|sides| sides.0),
                imports: side(|sides| sides.1),
                grubel_lloyd: alike(
                    &[period],
                    index(balances.iter().map(|sides| Ok((figure::or_zero(sides.0)?, figure::or_zero(sides.1)?)))),
                ),
                marginal: base.map_or(Err(Absent::BaseNotReported), |base| {
                    alike(&[base, period], index(changed.iter().map(|good| changes(table, good, (base, period)))))
                }),
                commodities: goods.len(),
                key: Key { group: of, period: Some(period) },
            }
        })
        .collect()
}

fn sides(table: &Table, good: &Group, period: Period) -> (Figure, Figure) {
    let side = |flow: Flow| figure::none_in_edition(table.whole(&Group { flow: Some(flow), ..good.clone() }, period));
    (side(Flow::EXPORT), side(Flow::IMPORT))
}

/// A sum of what there is; where there is nothing at all, why.
fn added(figures: impl Iterator<Item = Figure> + Clone) -> Figure {
    let is_nothing = figures.clone().all(|figure| figure.is_err());
    match figures.clone().next() {
        Some(first) if is_nothing => {
            figures.clone().find(|figure| *figure != Err(Absent::NoTradeReported)).unwrap_or(first)
        }
        _ => figure::sum(figures),
    }
}

fn changes(table: &Table, good: &Group, (base, period): (Period, Period)) -> Result<(i128, i128), Absent> {
    let (before, now) = (sides(table, good, base), sides(table, good, period));
    Ok((figure::change(now.0, before.0)?, figure::change(now.1, before.1)?))
}

/// 1 - sum |a - b| / sum (|a| + |b|).
fn index(pairs: impl Iterator<Item = Result<(i128, i128), Absent>>) -> Figure {
    let (mut apart, mut all) = (0_i128, 0_i128);
    for pair in pairs {
        let (one, other) = pair?;
        apart = apart.checked_add((one - other).abs()).ok_or(Absent::TooLarge)?;
        all = all.checked_add(one.abs() + other.abs()).ok_or(Absent::TooLarge)?;
    }
    Ok(ONE - figure::ratio(apart, all)?)
}
