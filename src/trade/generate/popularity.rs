//! How often each code is drawn, and the fate of a row in a second release.

use super::number::{SPREAD, mixed};

const MILLION: u64 = 1_000_000;

/// What differs from the release without change. Thresholds are of 32-bit hashes.
pub struct Release {
    pub salt: u64,
    pub removed_below: u64,
    pub changed_below: u64,
}

impl Release {
    pub fn new(change: u32, salt: u64) -> Self {
        let change = u64::from(change);
        let threshold = |millionths: u64| (millionths << 32) / MILLION;
        Self {
            salt: mixed(salt ^ mixed(change)),
            removed_below: threshold(change / 2),
            changed_below: threshold(change / 2 + change),
        }
    }

    /// The fate of a row; the salt is its sheet's.
    pub fn hash(&self, salt: u64, pair: u64, product: usize) -> u64 {
        mixed(key_hash(pair, product) ^ salt ^ self.salt) >> 32
    }
}

/// The zipf distribution of the codes.
pub struct Popularity {
    /// The codes, the most popular first.
    by_rank: Vec<usize>,
    /// Each code's rank, from 1.
    pub ranks: Vec<u64>,
    /// Sums of the weights up to each rank.
    sums: Vec<u64>,
    /// Where to begin looking in `sums`, by a number's leading bits.
    starts: Vec<u32>,
    shift: u32,
}

impl Popularity {
    const START_BITS: u32 = 14;

    pub fn new(product_count: usize, salt: u64) -> Self {
        let mut by_rank: Vec<usize> = (0..product_count).collect();
        by_rank.sort_by_key(|product| mixed(key_hash(salt, *product)));
        let mut ranks = vec![0; product_count];
        let mut sums = Vec::with_capacity(product_count);
        let mut total = 0_u64;
        for (product, rank) in by_rank.iter().zip(1..) {
            ranks[*product] = rank;
            total += (1 << 32) / rank;
            sums.push(total);
        }
        let shift = (u64::BITS - total.leading_zeros()).saturating_sub(Self::START_BITS);
        let last_start = (total - 1) >> shift;
        let starts = (0..=last_start).map(|start| sums.partition_point(|sum| *sum <= start << shift) as u32).collect();
        Self { by_rank, ranks, sums, starts, shift }
    }

    /// The code of a random number.
    pub fn draw(&self, random: u64) -> usize {
        let total = self.sums[self.sums.len() - 1];
        let number = ((u128::from(random) * u128::from(total)) >> 64) as u64;
        let mut index = self.starts[(number >> self.shift) as usize] as usize;
        while self.sums[index] <= number {
            index += 1;
        }
        self.by_rank[index]
    }
}

/// A hash of a code and a salt, which may be a pair's.
pub fn key_hash(pair: u64, product: usize) -> u64 {
    mixed(pair ^ (product as u64 + 1).wrapping_mul(SPREAD))
}
