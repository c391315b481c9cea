//! The extensive margin: products that came and went.

use std::collections::{BTreeMap, BTreeSet};

use super::figure::{self, Absent, Figure};
use super::table::{Group, Key, Product, Table};
use crate::trade::query::Dimension;
use crate::value::Period;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub key: Key,
    pub base_value: Figure,
    pub value: Figure,
    pub new: Side,
    pub vanished: Side,
    pub continuing: usize,
    pub continuing_base_value: i128,
    pub continuing_value: i128,
    /// Both periods are known, of the same reporters: else all counts are 0 and no value is.
    pub is_known: bool,
    pub new_share: Figure,
    pub vanished_share: Figure,
    /// Value of products that the other period's edition does not have.
    pub edition_changed_base_value: i128,
    pub edition_changed_value: i128,
}

/// Products that are in one of the periods alone.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Side {
    pub count: usize,
    pub value: i128,
    /// The largest, by value.
    pub largest: Vec<(Product, i128)>,
}

impl Side {
    fn of(mut products: Vec<(Product, i128)>, top: usize) -> Self {
        products.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        let value = products.iter().map(|(_, value)| value).sum();
        let count = products.len();
        products.truncate(top);
        Self { count, value, largest: products }
    }
}

/// One row for each group without the product.
pub fn margins(table: &Table, (base, period): (Period, Period), top: usize) -> Vec<Row> {
    let mut groups: BTreeMap<Group, BTreeSet<Group>> = BTreeMap::new();
    for (group, ..) in table.cells() {
        groups.entry(group.without(Dimension::Commodity)).or_default().insert(group.clone());
    }
    groups.into_iter().map(|(of, products)| row(table, of, &products, (base, period), top)).collect()
}

fn row(table: &Table, of: Group, products: &BTreeSet<Group>, (base, period): (Period, Period), top: usize) -> Row {
    let (mut new, mut vanished) = (Vec::new(), Vec::new());
    let (mut continuing, mut continuing_base_value, mut continuing_value) = (0, 0, 0);
    let (mut edition_changed_base_value, mut edition_changed_value) = (0, 0);
    let whole = |period: Period| {
        let any = products.iter().any(|group| table.amounts(group, period).is_some());
        match any {
            true => figure::sum(products.iter().map(|group| match table.whole(group, period) {
                Err(Absent::NotInEdition) => Ok(0),
                other => other,
            })),
            false => Err(products.first().map_or(Absent::NotReported, |group| table.why_absent(group, period))),
        }
    };
    let (base_value, value) = (whole(base), whole(period));
    let counts = products.iter().filter(|group| group.product.is_some_and(|product| !product.is_not_detailed));
    // Where one of the periods is not known, nothing is new and nothing has vanished.
    let both = figure::change(value, base_value);
    let both = table.of_same_reporters(both, [(&of, base), (&of, period)]);
    let are_known = both.is_ok();
    for group in counts.filter(|_| are_known) {
        let Some(product) = group.product else { continue };
        match (table.whole(group, base), table.whole(group, period)) {
            (Ok(before @ 1..), Ok(now @ 1..)) => {
                continuing += 1;
                continuing_base_value += before;
                continuing_value += now;
            }
            (Err(Absent::NotInEdition), Ok(now @ 1..)) => edition_changed_value += now,
            (Ok(before @ 1..), Err(Absent::NotInEdition)) => edition_changed_base_value += before,
            (Ok(0) | Err(Absent::NoTradeReported), Ok(now @ 1..)) => new.push((product, now)),
            (Ok(before @ 1..), Ok(0) | Err(Absent::NoTradeReported)) => vanished.push((product, before)),
            _ => {}
        }
    }
    let (new, vanished) = (Side::of(new, top), Side::of(vanished, top));
    let share = |side: &Side, whole: Figure| both.and_then(|_| figure::share(Ok(side.value), whole));
    Row {
        new_share: share(&new, value),
        vanished_share: share(&vanished, base_value),
        base_value,
        value,
        new,
        vanished,
        continuing,
        continuing_base_value,
        continuing_value,
        is_known: are_known,
        edition_changed_base_value,
        edition_changed_value,
        key: Key { group: of, period: Some(period) },
    }
}
