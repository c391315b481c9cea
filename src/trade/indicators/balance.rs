//! Balance of trade and coverage of imports by exports.

use std::collections::BTreeSet;

use super::figure::{Figure, as_base, difference, or_zero, ratio, sum};
use super::table::{Group, Key, Table};
use crate::trade::model::Flow;
use crate::trade::query::Dimension;
use crate::value::Period;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub key: Key,
    pub exports: Figure,
    pub imports: Figure,
    pub balance: Figure,
    pub coverage: Figure,
    pub normalized: Figure,
}

/// One row for each group of a table that keeps flows apart, and each of its periods.
pub fn balances(table: &Table) -> Vec<Row> {
    let keys: BTreeSet<(Group, Period)> =
        table.cells().map(|(group, period, _)| (group.without(Dimension::Flow), period)).collect();
    keys.into_iter().map(|(group, period)| row(table, group, period)).collect()
}

fn row(table: &Table, group: Group, period: Period) -> Row {
    let side = |flow: Flow| Group { flow: Some(flow), ..group.clone() };
    let (out, into) = (side(Flow::EXPORT), side(Flow::IMPORT));
    let (exports, imports) = (table.whole(&out, period), table.whole(&into, period));
    // Of several reporters, only where the same are behind both sides.
    let alike = |figure: Figure| table.of_same_reporters(figure, [(&out, period), (&into, period)]);
    let balance = alike(difference(exports, imports));
    let normalized = sum([exports, imports]).and_then(|both| ratio(balance?, as_base(Ok(both))?));
    Row {
        exports: table.value(&out, period),
        imports: table.value(&into, period),
        balance,
        coverage: alike(as_base(imports).and_then(|imports| ratio(or_zero(exports)?, imports))),
        normalized,
        key: Key { group, period: Some(period) },
    }
}
