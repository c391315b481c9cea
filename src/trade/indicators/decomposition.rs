//! What a change of value is made of: price, quantity, products that came and went, and what has no weight.

use std::collections::{BTreeMap, BTreeSet};

use num_bigint::BigInt;

use super::figure::{self, Absent, Figure, large_ratio};
use super::table::{Amounts, Group, Key, Table};
use super::unit_value;
use crate::trade::query::Dimension;
use crate::value::{Period, large};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub key: Key,
    pub base_value: Figure,
    pub value: Figure,
    pub change: Figure,
    pub price: Figure,
    pub quantity: Figure,
    pub entry: Figure,
    pub exit: Figure,
    pub unweighed: Figure,
    pub laspeyres: Figure,
    pub paasche: Figure,
    pub fisher: Figure,
    pub unit_value_ratio: Figure,
    pub products: usize,
    pub weighed_base_value: i128,
}

/// One row for each group without the product.
pub fn decompositions(table: &Table, periods: (Period, Period)) -> Vec<Row> {
    let mut groups: BTreeMap<Group, BTreeSet<Group>> = BTreeMap::new();
    for (group, ..) in table.cells() {
        groups.entry(group.without(Dimension::Commodity)).or_default().insert(group.clone());
    }
    groups.into_iter().map(|(of, products)| row(table, of, &products, periods)).collect()
}

/// Sums over the products that are weighed in both periods; money in thousandths, weights in grams.
#[derive(Default)]
struct Weighed {
    products: usize,
    base_value: i128,
    value: i128,
    base_weight: i128,
    weight: i128,
    /// Twice the price effect, sums p1 q0 and p0 q1.
    twice_price: Sum,
    new_prices: Sum,
    old_prices: Sum,
}

/// A sum of fractions that is kept as it is.
#[derive(Default)]
struct Sum(Vec<(BigInt, BigInt)>);

/// A fraction of any length.
type Fraction = (BigInt, BigInt);

impl Sum {
    fn add(&mut self, numerator: BigInt, denominator: BigInt) {
        self.0.push((numerator, denominator));
    }

    /// Two numbers that the sum lies between, forty digits after the point.
    fn bounds(&self) -> [Fraction; 2] {
        let scaled = |(numerator, denominator): &Fraction| (numerator * large::one()) / denominator;
        let cut: BigInt = self.0.iter().map(scaled).sum();
        let lost = BigInt::from(self.0.len());
        [(&cut - &lost, large::one()), (cut + lost, large::one())]
    }

    /// The sum in one fraction, which may be very long.
    fn exact(&self) -> Fraction {
        fn added(terms: &[Fraction]) -> Fraction {
            match terms {
                [] => (BigInt::ZERO, 1.into()),
                [one] => one.clone(),
                _ => {
                    let (left, right) = terms.split_at(terms.len() / 2);
                    let (left, right) = (added(left), added(right));
                    (left.0 * &right.1 + right.0 * &left.1, left.1 * right.1)
                }
            }
        }
        added(&self.0)
    }
}

/// A figure made of two sums, rounded as if they were known exactly: where the bounds leave it open, they are reckoned exactly.
/// `figure` must go one way with each sum.
fn settled(one: &Sum, other: &Sum, figure: impl Fn(&Fraction, &Fraction) -> Figure) -> Figure {
    let (first, second) = (one.bounds(), other.bounds());
    let found = figure(&first[0], &second[0]);
    let is_settled = first.iter().all(|one| second.iter().all(|other| figure(one, other) == found));
    if is_settled { found } else { figure(&one.exact(), &other.exact()) }
}

/// Value and weight of the facts that have both.
fn weighed(amounts: &Amounts) -> Option<(i128, i128)> {
    let (value, weight) = (amounts.sums.weighed_value.into(), amounts.sums.weighed_weight.into());
    (weight > 0).then_some((value, weight))
}

fn row(table: &Table, of: Group, products: &BTreeSet<Group>, (base, period): (Period, Period)) -> Row {
    match split(table, &of, products, (base, period)) {
        Ok(row) => Row { key: Key { group: of, period: Some(period) }, ..row },
        Err(absent) => Row {
            base_value: side(table, products, base),
            value: side(table, products, period),
            ..absent_row(Key { group: of, period: Some(period) }, absent)
        },
    }
}

fn absent_row(key: Key, absent: Absent) -> Row {
    let none = Err(absent);
    Row {
        key,
        base_value: none,
        value: none,
        change: none,
        price: none,
        quantity: none,
        entry: none,
        exit: none,
        unweighed: none,
        laspeyres: none,
        paasche: none,
        fisher: none,
        unit_value_ratio: none,
        products: 0,
        weighed_base_value: 0,
    }
}

/// The value of all products in a period; what an edition does not have is no trade in it.
fn side(table: &Table, products: &BTreeSet<Group>, period: Period) -> Figure {
    if !products.iter().any(|group| table.amounts(group, period).is_some()) {
        return Err(products.first().map_or(Absent::NotReported, |group| table.why_absent(group, period)));
    }
    figure::sum(products.iter().map(|group| product(table, group, period)))
}

fn product(table: &Table, group: &Group, period: Period) -> Figure {
    figure::none_in_edition(table.whole(group, period))
}

fn split(
    table: &Table,
    of: &Group,
    products: &BTreeSet<Group>,
    (base, period): (Period, Period),
) -> Result<Row, Absent> {
    let (base_value, value) = (side(table, products, base), side(table, products, period));
    let change = figure::change(value, base_value);
    // Of several reporters, only where the same are behind both periods.
    let change = table.of_same_reporters(change, [(of, base), (of, period)])?;
    let (mut entry, mut exit, mut unweighed) = (0, 0, 0);
    let mut both = Weighed::default();
    for group in products {
        let (before, now) = (product(table, group, base), product(table, group, period));
        match (before, now) {
            (Err(Absent::NoTradeReported), Ok(now)) => entry += now,
            (Ok(before), Err(Absent::NoTradeReported)) => exit += before,
            (Ok(before), Ok(now)) => {
                let amounts = table.amounts(group, base).zip(table.amounts(group, period));
                match amounts.and_then(|(before, now)| weighed(before).zip(weighed(now))) {
                    Some((old, new)) => {
                        both.add(old, new);
                        unweighed += (now - new.0) - (before - old.0);
                    }
                    None => unweighed += now - before,
                }
            }
            _ => {}
        }
    }
    Ok(both.row((base_value, value, change), (entry, exit, unweighed)))
}

impl Weighed {
    fn add(&mut self, (old_value, old_weight): (i128, i128), (value, weight): (i128, i128)) {
        let product = |one: i128, other: i128| BigInt::from(one) * other;
        self.products += 1;
        self.base_value += old_value;
        self.value += value;
        self.base_weight += old_weight;
        self.weight += weight;
        // (q0 + q1) (v1/q1 - v0/q0) = (q0 + q1) (v1 q0 - v0 q1) / (q0 q1)
        let difference = product(value, old_weight) - product(old_value, weight);
        self.twice_price.add(difference * (old_weight + weight), product(old_weight, weight));
        self.new_prices.add(product(value, old_weight), weight.into());
        self.old_prices.add(product(old_value, weight), old_weight.into());
    }

    fn row(
        self,
        (base_value, value, change): (Figure, Figure, i128),
        (entry, exit, unweighed): (i128, i128, i128),
    ) -> Row {
        let nothing = Sum::default();
        let price = settled(&self.twice_price, &nothing, |(numerator, denominator), _| {
            large::divided(numerator, &(denominator * 2)).ok_or(Absent::TooLarge)
        });
        let (old, new) = (BigInt::from(self.base_value), BigInt::from(self.value));
        let laspeyres = settled(&self.new_prices, &nothing, |sum, _| large_ratio(&sum.0, &(&sum.1 * &old)));
        let paasche = settled(&self.old_prices, &nothing, |sum, _| large_ratio(&(&new * &sum.1), &sum.0));
        // L P = (p1 q0 / p0 q0) (p1 q1 / p0 q1)
        let fisher = settled(&self.new_prices, &self.old_prices, |new_prices, old_prices| {
            let numerator = &new_prices.0 * &old_prices.1 * &new;
            let denominator = &new_prices.1 * &old_prices.0 * &old;
            if denominator == BigInt::ZERO {
                return Err(Absent::BaseZero);
            }
            large_ratio(&large::square_root(&numerator, &denominator), &large::one())
        });
        Row {
            key: Key { group: Group::default(), period: None },
            base_value,
            value,
            change: Ok(change),
            price,
            quantity: price.map(|price| self.value - self.base_value - price),
            entry: Ok(entry),
            exit: Ok(exit),
            unweighed: Ok(unweighed),
            laspeyres,
            paasche,
            fisher,
            unit_value_ratio: unit_value::ratio_of((self.value, self.weight), (self.base_value, self.base_weight)),
            products: self.products,
            weighed_base_value: self.base_value,
        }
    }
}
