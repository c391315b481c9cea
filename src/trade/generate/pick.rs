//! Which codes a pair of countries trades, and which of those rows another release lacks, changes or adds.
//!
//! What is popular and what becomes of a row in a second release stands in `popularity`. Never decides how many rows a pair has, nor what they are worth.

use super::generator::{Generator, Sheet};
use super::number::{Random, mixed};
use super::popularity::{Release, key_hash};

const PRODUCT_BITS: u32 = 17;

impl Generator {
    /// Picks the codes that a pair trades, and does to them what the release does.
    pub(super) fn select(&self, sheet: Sheet, pair: u64, count: usize, selection: &mut Selection) {
        selection.chosen.clear();
        if count * 4 < self.parameters.products.len() {
            self.pick_few(sheet, pair, count, &mut selection.chosen);
        } else {
            self.pick_many(sheet, pair, count, selection);
        }
        if let Some(release) = &self.release {
            self.revise(release, sheet, pair, count, selection);
        }
    }

    /// Draws until there are enough. The draws are the pair's own but for one in eight, which are the sheet's: so most
    /// of what a pair trades it trades every year.
    fn pick_few(&self, sheet: Sheet, pair: u64, count: usize, chosen: &mut Bits) {
        let mut lasting = Random(pair);
        let mut passing = Random(mixed(pair ^ sheet.salt));
        let mut missing = count;
        while missing > 0 {
            let mut number = lasting.next();
            if number & 7 == 0 {
                number = passing.next();
            }
            missing -= usize::from(chosen.insert(self.popularity.draw(number)));
        }
    }

    /// The codes with the smallest hashes times ranks (Ohlsson's sequential Poisson sampling): drawing would mostly hit
    /// what has been drawn.
    fn pick_many(&self, sheet: Sheet, pair: u64, count: usize, selection: &mut Selection) {
        let keys = &mut selection.keys;
        keys.clear();
        for (product, rank) in self.popularity.ranks.iter().enumerate() {
            let mut hash = key_hash(pair, product);
            if hash & 7 == 0 {
                hash = mixed(hash ^ sheet.salt);
            }
            keys.push((((hash >> 36) * rank) << PRODUCT_BITS) | product as u64);
        }
        if count < keys.len() {
            keys.select_nth_unstable(count);
        }
        for key in keys.iter().take(count) {
            selection.chosen.insert((key & ((1 << PRODUCT_BITS) - 1)) as usize);
        }
    }

    /// Removes rows by the hash of their key and adds as many that the pair did not have. What a full pair has no room
    /// for is added to a later one.
    fn revise(&self, release: &Release, sheet: Sheet, pair: u64, count: usize, selection: &mut Selection) {
        let Selection { chosen, taken, owed, .. } = selection;
        taken.copy_from(chosen);
        for product in taken.iter() {
            if release.hash(sheet.salt, pair, product) < release.removed_below {
                chosen.remove(product);
                *owed += 1;
            }
        }
        let product_count = self.parameters.products.len();
        let added = (*owed).min(product_count - count);
        *owed -= added;
        let mut random = Random(mixed(pair ^ sheet.salt ^ release.salt));
        for _ in 0..added {
            let mut product = self.popularity.draw(random.next());
            let mut tries = 1;
            while taken.contains(product) {
                // A nearly full pair lacks only what is hardly ever drawn: from some point on, take the next.
                product = if tries < 32 { self.popularity.draw(random.next()) } else { (product + 1) % product_count };
                tries += 1;
            }
            taken.insert(product);
            chosen.insert(product);
        }
    }
}

/// What a pair of countries trades; the allocations are kept from pair to pair.
pub(super) struct Selection {
    pub(super) chosen: Bits,
    taken: Bits,
    keys: Vec<u64>,
    /// Rows removed and not yet made up for.
    owed: usize,
}

impl Selection {
    pub(super) fn new(product_count: usize) -> Self {
        Self { chosen: Bits::new(product_count), taken: Bits::new(product_count), keys: Vec::new(), owed: 0 }
    }
}

pub(super) struct Bits(Vec<u64>);

impl Bits {
    fn new(length: usize) -> Self {
        Self(vec![0; length.div_ceil(64)])
    }

    fn clear(&mut self) {
        self.0.fill(0);
    }

    fn copy_from(&mut self, other: &Self) {
        self.0.copy_from_slice(&other.0);
    }

    fn contains(&self, index: usize) -> bool {
        self.0[index / 64] & (1 << (index % 64)) != 0
    }

    /// Whether it was not in yet.
    fn insert(&mut self, index: usize) -> bool {
        let is_new = !self.contains(index);
        self.0[index / 64] |= 1 << (index % 64);
        is_new
    }

    fn remove(&mut self, index: usize) {
        self.0[index / 64] &= !(1 << (index % 64));
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(index, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| index * 64 + rest.trailing_zeros() as usize);
                rest &= rest.wrapping_sub(1);
                bit
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::trade::generate::tests::{assert_close, baci_rows, parameters, written};
    use crate::trade::generate::{Layout, Parameters};

    #[test]
    fn a_second_release_changes_as_much_as_asked() {
        for rows in [100_000, 600_000] {
            let first: BTreeMap<_, _> = baci_rows(&written(parameters(Layout::Baci, rows))).into_iter().collect();
            let revised = Parameters { change: 20_000, ..parameters(Layout::Baci, rows) };
            let second = baci_rows(&written(revised));
            assert!(second.is_sorted_by(|(left, _), (right, _)| left < right));
            assert_close(second.len(), rows as usize, 0.001);

            let second: BTreeMap<_, _> = second.into_iter().collect();
            let removed = first.keys().filter(|key| !second.contains_key(*key)).count();
            let added = second.keys().filter(|key| !first.contains_key(*key)).count();
            let changed =
                first.iter().filter(|(key, amounts)| second.get(*key).is_some_and(|other| other != *amounts)).count();
            let expected = rows as usize / 50;
            assert_close(changed, expected, 0.1);
            assert_close(removed, expected / 2, 0.1);
            assert_close(added, expected / 2, 0.1);
        }
    }

    #[test]
    fn most_trade_goes_on_from_year_to_year() {
        let rows = baci_rows(&written(parameters(Layout::Baci, 100_000)));
        let first: BTreeMap<_, _> =
            rows.iter().filter(|(key, _)| key[0] == 2019).map(|(key, _)| (&key[1..], ())).collect();
        let kept = rows.iter().filter(|(key, _)| key[0] == 2020 && first.contains_key(&key[1..])).count();
        assert!((30_000..48_000).contains(&kept), "{kept} of 50000");
    }
}
