//! What a row is worth and weighs.
//!
//! Owns prices, sizes and the value that another release gives. Never decides which rows there are, nor writes one.

use super::generator::{Generator, Sheet};
use super::number::{byte_sum, mixed, power_of_two};
use super::popularity::key_hash;

#[derive(Clone, Copy)]
pub(super) struct Trade {
    pub(super) hash: u64,
    /// In US dollars, at least 1.
    pub(super) value: u64,
    pub(super) kilograms: Option<u64>,
}

impl Generator {
    /// Value and weight of a flow: about log-normal, alike from year to year and on both sides.
    pub(super) fn trade(&self, sheet: Sheet, pair: u64, product: usize) -> Trade {
        let lasting = key_hash(pair, product);
        let hash = mixed(lasting ^ sheet.year_salt);
        // The sum of eight bytes is nearly normal: mean 1020, standard deviation 209, here 4.5 binary digits.
        let deviation = (byte_sum(lasting) as i64 - 1020) * 1411;
        let year = (hash & 0x1_ffff) as i64 - 0x1_0000;
        let size = (13 << 16) + deviation + year;
        let mut value = power_of_two(size).max(1);
        let price = self.prices[product] + ((hash >> 17) & 0xffff) as i64;
        // 31 of 1024 are about 3 %.
        let kilograms = ((hash >> 33) & 0x3ff >= 31).then(|| power_of_two(size - price).clamp(1, 999_999_999_999));
        if let Some(release) = &self.release {
            let fate = release.hash(sheet.salt, pair, product);
            if (release.removed_below..release.changed_below).contains(&fate) {
                value = revised(value, mixed(hash));
            }
        }
        Trade { hash, value, kilograms }
    }
}

/// From 25 cents to 64 dollars.
pub(super) fn price(hash: u64) -> i64 {
    (hash & 0x7_ffff) as i64 - (2 << 16)
}

/// Another value, within a quarter.
fn revised(value: u64, hash: u64) -> u64 {
    let other = ((value * (768 + (hash & 0x1ff))) >> 10).max(1);
    if other == value { value + 1 } else { other }
}
