//! Sums by group: in a row where all groups have room, else by the groups that occur.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::trade::sums::Sums;

/// Most groups that have a place each whether they occur or not: 37 MB.
const DENSE_MAX: usize = 1 << 19;

#[derive(Debug)]
pub(super) enum Accumulator {
    Dense {
        sums: Vec<Sums>,
        /// Groups that have facts.
        touched: Vec<u32>,
    },
    Sparse(HashMap<usize, Sums, RandomState>),
}

impl Accumulator {
    pub fn new(groups: usize) -> Self {
        if groups <= DENSE_MAX {
            Self::Dense { sums: vec![Sums::default(); groups], touched: Vec::new() }
        } else {
            Self::Sparse(HashMap::default())
        }
    }

    /// The sums of a group that is about to get facts.
    #[inline]
    pub fn of(&mut self, group: usize) -> &mut Sums {
        match self {
            Self::Dense { sums, touched } => {
                let sums = &mut sums[group];
                if sums.rows == 0 {
                    touched.push(group as u32);
                }
                sums
            }
            Self::Sparse(sums) => sums.entry(group).or_default(),
        }
    }

    /// Adds other sums. Nothing can leave 64 bits: the sums over all facts do not.
    pub fn add(&mut self, group: usize, other: &Sums) {
        let sums = self.of(group);
        let mut both = sums.in_order();
        for (sum, other) in both.iter_mut().zip(other.in_order()) {
            *sum = sum.wrapping_add(other);
        }
        *sums = Sums::from_order(both);
    }

    /// Hands out all sums in the order of their groups, and begins anew.
    pub fn drain(&mut self, mut each: impl FnMut(usize, Sums)) {
        match self {
            Self::Dense { sums, touched } => {
                touched.sort_unstable();
                for group in touched.drain(..) {
                    each(group as usize, std::mem::take(&mut sums[group as usize]));
                }
            }
            Self::Sparse(sums) => {
                let mut sums: Vec<(usize, Sums)> = sums.drain().collect();
                sums.sort_unstable_by_key(|(group, _)| *group);
                for (group, sums) in sums {
                    each(group, sums);
                }
            }
        }
    }
}
