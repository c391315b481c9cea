//! Unit values, and which of them lie far from their peers.

use std::collections::BTreeMap;

use num_bigint::BigInt;

use super::figure::{self, Absent, Figure};
use super::table::{Key, Product, Table};
use crate::trade::model::Flow;
use crate::value::{Period, large};

/// Fewest peers whose quartiles say something.
const FEWEST: usize = 4;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outlier {
    Unknown,
    None,
    Low,
    High,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub key: Key,
    pub unit_value: Figure,
    pub weighed_value: i128,
    pub weight: i128,
    pub weighed_share: Figure,
    pub lower: Figure,
    pub median: Figure,
    pub upper: Figure,
    pub peers: usize,
    pub outlier: Outlier,
}

/// A unit value as an exact fraction: thousandths of money over grams, which is money over kilograms.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Fraction {
    value: i128,
    weight: i128,
}

impl Fraction {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        // Both are below 2^63, so that their products fit.
        (self.value * other.weight).cmp(&(other.value * self.weight))
    }
}

type Peers = (Option<Flow>, Option<Product>, Period);

/// A row for each sum of a table. `fence` is the factor of the fences in millionths.
pub fn unit_values(table: &Table, fence: i128) -> Vec<Row> {
    let fraction = |sums: &crate::trade::sums::Sums| {
        let (value, weight) = (i128::from(sums.weighed_value), i128::from(sums.weighed_weight));
        (weight > 0).then_some(Fraction { value, weight })
    };
    let mut peers: BTreeMap<Peers, Vec<Fraction>> = BTreeMap::new();
    for (group, period, amounts) in table.cells() {
        let all = peers.entry((group.flow, group.product, period)).or_default();
        all.extend(fraction(&amounts.sums));
    }
    let fences: BTreeMap<Peers, Fences> = peers
        .into_iter()
        .map(|(of, mut all)| {
            all.sort_by(Fraction::cmp);
            (of, Fences { fence, sorted: all })
        })
        .collect();
    table
        .cells()
        .map(|(group, period, amounts)| {
            let own = fraction(&amounts.sums);
            let among = &fences[&(group.flow, group.product, period)];
            let (value, weight) = (amounts.sums.weighed_value.into(), amounts.sums.weighed_weight.into());
            Row {
                unit_value: own.map_or(Err(Absent::ValueUnknown), |own| figure::ratio(own.value, own.weight)),
                weighed_value: value,
                weight,
                weighed_share: figure::share(Ok(value), amounts.value()),
                lower: among.quartile(1),
                median: among.quartile(2),
                upper: among.quartile(3),
                peers: among.sorted.len(),
                outlier: own.map_or(Outlier::Unknown, |own| among.outlier(own)),
                key: Key { group: group.clone(), period: Some(period) },
            }
        })
        .collect()
}

/// Peers in the order of their unit values.
struct Fences {
    fence: i128,
    sorted: Vec<Fraction>,
}

impl Fences {
    /// A quartile as a fraction of large numbers: between the values around place q (n - 1) / 4, linearly.
    fn exact(&self, quartile: usize) -> Option<(BigInt, BigInt)> {
        if self.sorted.len() < FEWEST {
            return None;
        }
        let place = quartile * (self.sorted.len() - 1);
        let (below, part) = (place / 4, place % 4);
        let low = self.sorted[below];
        let high = self.sorted.get(below + 1).copied().unwrap_or(low);
        // low + part (high - low) / 4 = ((4 - part) low + part high) / 4
        let product = |one: i128, other: i128| BigInt::from(one) * other;
        let numerator = product(low.value, high.weight) * (4 - part) + product(high.value, low.weight) * part;
        Some((numerator, product(low.weight, high.weight) * 4))
    }

    fn quartile(&self, quartile: usize) -> Figure {
        let (numerator, denominator) = self.exact(quartile).ok_or(Absent::NotApplicable)?;
        figure::large_ratio(&numerator, &denominator)
    }

    /// Below lower - k (upper - lower), or above upper + k (upper - lower).
    fn outlier(&self, own: Fraction) -> Outlier {
        let (Some(lower), Some(upper)) = (self.exact(1), self.exact(3)) else { return Outlier::Unknown };
        let one = BigInt::from(figure::ONE);
        let fence = BigInt::from(self.fence);
        // All over the same denominator: of both quartiles, of the factor, of the value itself.
        let (low, high) = (&lower.0 * &upper.1, &upper.0 * &lower.1);
        let spread = (&high - &low) * fence;
        let value = BigInt::from(own.value) * &lower.1 * &upper.1 * &one;
        let weight = BigInt::from(own.weight);
        if value < (&low * &one - &spread) * &weight {
            Outlier::Low
        } else if value > (&high * &one + &spread) * &weight {
            Outlier::High
        } else {
            Outlier::None
        }
    }
}

/// A fence factor as it is asked for where none is: Tukey's.
pub const FENCE: i128 = figure::ONE * 3 / 2;

/// The ratio of two unit values.
pub fn ratio_of(now: (i128, i128), before: (i128, i128)) -> Figure {
    let product = |one: i128, other: i128| BigInt::from(one) * other;
    let (numerator, denominator) = (product(now.0, before.1), product(now.1, before.0));
    if denominator == BigInt::ZERO {
        return Err(Absent::BaseZero);
    }
    large::divided(&(numerator * figure::ONE), &denominator).ok_or(Absent::TooLarge)
}
