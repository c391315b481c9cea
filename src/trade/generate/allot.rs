//! How many rows each pair of countries has.
//!
//! Owns the ranks of the countries and the sharing out of a report's rows, exactly as many as asked. Never picks a
//! code.

use super::generator::{Generator, Sheet};
use super::number::mixed;
use super::parameters::Country;

impl Generator {
    pub(super) fn pair_salt(&self, exporter: usize, importer: usize) -> u64 {
        let countries = &self.parameters.countries;
        mixed(self.salt ^ (u64::from(countries[exporter].number) << 16 | u64::from(countries[importer].number)))
    }

    /// Rows of each pair, exporter by exporter; together exactly those of the sheet.
    ///
    /// A pair has the product of both countries' zipf weights, times a scale, up to a cap: even the largest pair does
    /// not trade every good. The scale that fits is found by bisection.
    pub(super) fn allot(&self, sheet: Sheet) -> Vec<u32> {
        let country_count = self.parameters.countries.len();
        let product_count = self.parameters.products.len() as u64;
        let room = (country_count * (country_count - 1)) as u64 * product_count;
        let cap = if sheet.rows <= room / 2 { (product_count * 9 / 10).max(1) } else { product_count };

        let mut weights = vec![0_u64; country_count * country_count];
        for exporter in 0..country_count {
            for importer in (0..country_count).filter(|importer| *importer != exporter) {
                let weight = (1 << 40) / (self.exporter_ranks[exporter] * self.importer_ranks[importer]);
                let pair = self.pair_salt(exporter, importer);
                // Some pairs are close and some are not, and each year differs a little from the last.
                let (closeness, year) = (512 + (pair & 0x3ff), 974 + (mixed(pair ^ sheet.salt) % 101));
                weights[exporter * country_count + importer] = (((weight * closeness) >> 10) * year) >> 10;
            }
        }
        // In 65536ths of a row.
        let amount = |weight: u64, scale: u64| {
            let uncapped = (u128::from(weight) * u128::from(scale)) >> 32;
            uncapped.min(u128::from(cap << 16)) as u64
        };
        let (mut low, mut high) = (0_u64, 1 << 48);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            let sum: u64 = weights.iter().map(|weight| amount(*weight, middle)).sum();
            if sum <= sheet.rows << 16 { low = middle } else { high = middle }
        }

        let mut missing = sheet.rows;
        let mut carried = 0;
        let mut allotment = Vec::with_capacity(weights.len());
        for weight in &weights {
            carried += amount(*weight, low);
            let rows = if *weight == 0 { 0 } else { carried >> 16 };
            carried -= rows << 16;
            missing -= rows;
            allotment.push(rows as u32);
        }
        while missing > 0 {
            // What rounding has left; the room was checked, so there are pairs below the cap.
            for (rows, _) in allotment.iter_mut().zip(&weights).filter(|(_, weight)| **weight > 0) {
                if missing > 0 && u64::from(*rows) < cap {
                    *rows += 1;
                    missing -= 1;
                }
            }
        }
        allotment
    }
}

/// Ranks of the countries as exporters and as importers: who sells much buys much, though not in the same order.
pub(super) fn ranks(countries: &[Country], salt: u64) -> (Vec<u64>, Vec<u64>) {
    let hash = |index: usize| mixed(salt ^ mixed(u64::from(countries[index].number)));
    let mut sellers: Vec<usize> = (0..countries.len()).collect();
    sellers.sort_by_key(|index| hash(*index));
    let exporter_ranks = places(&sellers);
    let mut buyers = sellers;
    buyers.sort_by_key(|index| exporter_ranks[*index] * 8 + mixed(hash(*index)) % 32);
    let importer_ranks = places(&buyers);
    (exporter_ranks, importer_ranks)
}

/// The place of each index in an order, from 1.
fn places(order: &[usize]) -> Vec<u64> {
    let mut places = vec![0; order.len()];
    for (index, place) in order.iter().zip(1..) {
        places[*index] = place;
    }
    places
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::trade::generate::Layout;
    use crate::trade::generate::tests::{baci_rows, parameters, written};

    #[test]
    fn few_countries_and_codes_have_most_rows() {
        let rows = baci_rows(&written(parameters(Layout::Baci, 100_000)));
        for column in [1, 2, 3] {
            let mut counts = BTreeMap::new();
            for (key, _) in &rows {
                *counts.entry(key[column]).or_insert(0_usize) += 1;
            }
            let mut counts: Vec<usize> = counts.into_values().collect();
            counts.sort_unstable_by(|left, right| right.cmp(left));
            let top: usize = counts.iter().take(counts.len() / 5).sum();
            assert!(top > 45_000, "the first fifth of column {column} has {top} of 100000 rows");
        }
    }
}
