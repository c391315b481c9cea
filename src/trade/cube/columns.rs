//! The columns of a cube, in the order of the store's key, and the order by commodity beside it.

use std::collections::BTreeMap;

use crate::trade::model::PartnerKind;
use crate::trade::sums::Sums;
use crate::value::Cell;

/// Bytes that a fact takes with everything kept beside it, for deciding what fits: 29 in the columns of a fact, and the
/// rest for pairs, reports and codes.
pub const BYTES_A_ROW: usize = 40;

/// Digits of the longest code.
pub(super) const LEVELS: usize = 7;

/// The source estimated something in the row.
pub(super) const ESTIMATED: u8 = 1;
/// The row was converted from another classification.
pub(super) const CONVERTED: u8 = 2;

/// Facts of one reporter's flow in one period.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Block {
    pub reporter: u16,
    pub flow: u8,
    pub period: i32,
    /// Its pairs, the last not included.
    pub pairs: (u32, u32),
    /// Classification and level of all its facts, where they are one.
    pub kind: Option<u16>,
}

/// Facts of a block with one partner.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Pair {
    pub block: u32,
    pub partner: u16,
    /// Place of its first fact.
    pub start: u32,
    /// Place of its first sums.
    pub sums: u32,
}

/// Sums of a pair's facts of one classification and level.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct PairSums {
    pub kind: u16,
    pub sums: Sums,
}

/// Current facts of one dataset.
#[derive(PartialEq, Eq, Debug, Default)]
pub struct Cube {
    pub(super) blocks: Vec<Block>,
    /// With one more behind the last, whose places are the ends.
    pub(super) pairs: Vec<Pair>,
    pub(super) pair_sums: Vec<PairSums>,
    /// Partners that occur, ascending.
    pub(super) partners: Vec<u16>,
    /// Numbers of the commodity codes that occur, ascending: a fact holds a place among them.
    pub(super) codes: Vec<i32>,
    /// Classification and level of each code, in one number.
    pub(super) kinds: Vec<u16>,
    /// For each number of digits the place of each code's ancestor, and the ancestors.
    pub(super) ancestors: [(Vec<u32>, Vec<i32>); LEVELS],
    pub(super) commodity: Vec<u32>,
    pub(super) value: Vec<Cell>,
    pub(super) net_weight: Vec<Cell>,
    /// Empty where no fact has one.
    pub(super) marks: Vec<u8>,
    /// For each code its first place in `by_code`, with one more behind the last.
    pub(super) code_starts: Vec<u32>,
    /// Facts of each code, ascending, and their pairs.
    pub(super) by_code: Vec<u32>,
    pub(super) pair_of: Vec<u32>,
    /// Sums over all reporters and single partners, by flow and period and by the places of the codes.
    pub(super) world: BTreeMap<(u8, i32), Vec<(u32, Sums)>>,
}

/// Classification and level in one number.
pub(super) fn kind(classification: i32, level: u32) -> u16 {
    (classification * 8) as u16 + level as u16
}

impl Cube {
    /// How many facts it holds.
    pub fn len(&self) -> usize {
        self.commodity.len()
    }

    pub fn is_empty(&self) -> bool {
        self.commodity.is_empty()
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        let ancestors: usize = self.ancestors.iter().map(|(places, codes)| (places.len() + codes.len()) * 4).sum();
        self.blocks.len() * size_of::<Block>()
            + self.pairs.len() * size_of::<Pair>()
            + self.pair_sums.len() * size_of::<PairSums>()
            + self.codes.len() * 6
            + self.code_starts.len() * 4
            + ancestors
            + self.len() * (size_of::<u32>() * 3 + size_of::<Cell>() * 2)
            + self.marks.len()
            + self.world.values().map(|sums| sums.len() * size_of::<(u32, Sums)>()).sum::<usize>()
    }

    /// The facts of a pair.
    pub(super) fn facts_of(&self, pair: usize) -> std::ops::Range<usize> {
        self.pairs[pair].start as usize..self.pairs[pair + 1].start as usize
    }

    pub(super) fn sums_of(&self, pair: usize) -> &[PairSums] {
        &self.pair_sums[self.pairs[pair].sums as usize..self.pairs[pair + 1].sums as usize]
    }

    /// Places of the codes from a number to another, both included.
    pub(super) fn places(&self, (first, last): (i32, i32)) -> (u32, u32) {
        let start = self.codes.partition_point(|code| *code < first);
        let end = self.codes.partition_point(|code| *code <= last);
        (start as u32, end as u32)
    }

    /// Adds a fact to sums. Nothing can leave 64 bits: the sums over all facts do not.
    pub(super) fn add(&self, fact: usize, sums: &mut Sums) {
        sums.rows += 1;
        let (value, weight) = (self.value[fact].get(), self.net_weight[fact].get());
        if let Some(value) = value {
            sums.value_rows += 1;
            sums.value = sums.value.wrapping_add(value);
            let marks = self.marks.get(fact).copied().unwrap_or(0);
            if marks & ESTIMATED != 0 {
                sums.estimated_value = sums.estimated_value.wrapping_add(value);
            }
            if marks & CONVERTED != 0 {
                sums.converted_value = sums.converted_value.wrapping_add(value);
            }
        }
        if let Some(weight) = weight {
            sums.weight_rows += 1;
            sums.net_weight = sums.net_weight.wrapping_add(weight);
        }
        if let (Some(value @ 1..), Some(weight @ 1..)) = (value, weight) {
            sums.weighed_value = sums.weighed_value.wrapping_add(value);
            sums.weighed_weight = sums.weighed_weight.wrapping_add(weight);
        }
    }
}

/// Whether a partner may be added to others.
pub(super) fn partner_kind(partner: u16) -> PartnerKind {
    PartnerKind::of(partner)
}
