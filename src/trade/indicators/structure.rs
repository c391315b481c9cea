//! What two countries trade, held against each other by commodity: complementarity and similarity.

use std::collections::BTreeMap;

use num_bigint::BigInt;

use super::figure::{Absent, Figure, large_ratio};
use super::table::{Group, Key, Party, Product, Table};
use crate::trade::query::Dimension;
use crate::value::Period;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Of the first of the two.
    pub key: Key,
    pub other: Option<Party>,
    /// Complementarity (0 to 100) or similarity (0 to 1).
    pub index: Figure,
    pub total: Figure,
    pub other_total: Figure,
    pub common: usize,
}

/// The commodities of one side in a period.
struct Basket<'a> {
    group: Group,
    values: BTreeMap<Product, &'a i128>,
    total: i128,
}

type Owned = BTreeMap<(Group, Period), BTreeMap<Product, i128>>;

fn baskets(table: &Table) -> Owned {
    let mut baskets = Owned::new();
    for (group, period, amounts) in table.cells() {
        let (Some(product), Ok(value)) = (group.product, amounts.value()) else { continue };
        baskets.entry((group.without(Dimension::Commodity), period)).or_default().insert(product, value);
    }
    baskets
}

fn basket<'a>(group: &Group, values: &'a BTreeMap<Product, i128>) -> Basket<'a> {
    let total = values.values().sum();
    Basket { group: group.clone(), values: values.iter().map(|(product, value)| (*product, value)).collect(), total }
}

/// Exporters of one table against importers of another.
pub fn complementarity(exports: &Table, imports: &Table) -> Vec<Row> {
    let (exports, imports) = (baskets(exports), baskets(imports));
    let mut rows = Vec::new();
    for ((exporter, period), sold) in &exports {
        let sold = basket(exporter, sold);
        for ((importer, _), bought) in imports.iter().filter(|((_, other), _)| other == period) {
            if importer.reporter != exporter.reporter {
                let bought = basket(importer, bought);
                // 100 (1 - sum |m - x| / 2) = 100 sum min(m, x), for shares that add up to one.
                let index = overlap(&sold, &bought, 100);
                rows.push(row(&sold, &bought, *period, index));
            }
        }
    }
    rows
}

/// Each pair of reporters of a table once.
pub fn similarity(table: &Table) -> Vec<Row> {
    let baskets = baskets(table);
    let mut rows = Vec::new();
    for ((one, period), values) in &baskets {
        let first = basket(one, values);
        let alike = |other: &Group, of: Period| of == *period && other.flow == one.flow && other.partner == one.partner;
        for ((other, _), values) in baskets.iter().filter(|((other, of), _)| alike(other, *of) && other > one) {
            let second = basket(other, values);
            let index = overlap(&first, &second, 1);
            rows.push(row(&first, &second, *period, index));
        }
    }
    rows
}

/// Sum of the smaller of two shares, of so many in all: (sum min(a·T', b·T)) / (T·T').
fn overlap(one: &Basket<'_>, other: &Basket<'_>, in_all: i128) -> Figure {
    if one.total == 0 || other.total == 0 {
        return Err(Absent::BaseZero);
    }
    let mut smaller = BigInt::ZERO;
    for (product, value) in &one.values {
        if let Some(theirs) = other.values.get(product) {
            smaller += (BigInt::from(**value) * other.total).min(BigInt::from(**theirs) * one.total);
        }
    }
    large_ratio(&(smaller * in_all), &(BigInt::from(one.total) * other.total))
}

fn row(one: &Basket<'_>, other: &Basket<'_>, period: Period, index: Figure) -> Row {
    let has = |basket: &Basket<'_>, product: &Product| basket.values.get(product).is_some_and(|value| **value > 0);
    Row {
        other: other.group.reporter.clone(),
        index,
        total: Ok(one.total),
        other_total: Ok(other.total),
        common: one.values.keys().filter(|product| has(one, product) && has(other, product)).count(),
        key: Key { group: one.group.clone(), period: Some(period) },
    }
}
