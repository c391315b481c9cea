//! The columns of a cube, in the order of the store's key, and the order by commodity beside it.

use crate::reference::commodity::{CommodityCode, SPAN};
use crate::trade::model::{Flags, PartnerKind};
use crate::trade::sums::Sums;
use crate::value::Cell;

/// Bytes that a fact takes with everything kept beside it, for deciding what fits: 29 in the columns of a fact, and the
/// rest for pairs, reports and codes.
pub const BYTES_A_ROW: usize = 40;

/// Digits of the longest code.
const LEVELS: usize = 7;

/// A fact as the store gives it: numbers of its key, and what sums are made of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Fact {
    pub reporter: u16,
    pub flow: u8,
    pub period: i32,
    pub partner: u16,
    pub commodity: i32,
    pub value: Cell,
    pub net_weight: Cell,
    pub flags: u16,
}

impl Fact {
    fn key(&self) -> (u16, u8, i32, u16, i32) {
        (self.reporter, self.flow, self.period, self.partner, self.commodity)
    }
}

/// Why facts cannot be kept as columns.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unfit {
    #[error("sums over all facts do not fit 64 bits")]
    Overflow,
    #[error("there are more facts than 32 bits can number")]
    TooMany,
    #[error("two facts have the same key")]
    Twice,
}

/// The source estimated something in the row.
const ESTIMATED: u8 = 1;
/// The row was converted from another classification.
const CONVERTED: u8 = 2;

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
#[derive(Debug, Default)]
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

/// Takes facts in any order; those in the order of the key need no sorting.
#[derive(Debug, Default)]
pub struct Builder {
    facts: Columns,
    last: Option<(u16, u8, i32, u16, i32)>,
    /// Facts that came behind one that belongs behind them.
    apart: Vec<Fact>,
    absolute: [i128; 2],
}

/// The facts so far, in order, with their commodity numbers.
#[derive(Debug, Default)]
struct Columns {
    blocks: Vec<Block>,
    pairs: Vec<Pair>,
    commodity: Vec<i32>,
    value: Vec<Cell>,
    net_weight: Vec<Cell>,
    marks: Vec<u8>,
}

impl Columns {
    fn push(&mut self, fact: &Fact) {
        let start = self.commodity.len() as u32;
        let report = (fact.reporter, fact.flow, fact.period);
        let is_same_report = |block: &Block| (block.reporter, block.flow, block.period) == report;
        if !self.blocks.last().is_some_and(is_same_report) {
            let pairs = (self.pairs.len() as u32, self.pairs.len() as u32);
            let (reporter, flow, period) = report;
            self.blocks.push(Block { reporter, flow, period, pairs, kind: None });
        }
        let block = self.blocks.len() as u32 - 1;
        let is_same_pair = |pair: &Pair| pair.block == block && pair.partner == fact.partner;
        if !self.pairs.last().is_some_and(is_same_pair) {
            self.pairs.push(Pair { block, partner: fact.partner, start, sums: 0 });
            if let Some(block) = self.blocks.last_mut() {
                block.pairs.1 += 1;
            }
        }
        self.commodity.push(fact.commodity);
        self.value.push(fact.value);
        self.net_weight.push(fact.net_weight);
        let flags = Flags::from_number(fact.flags);
        let marks = if flags.is_estimated() { ESTIMATED } else { 0 } | if flags.is_converted() { CONVERTED } else { 0 };
        self.marks.push(marks);
    }
}

impl Builder {
    pub fn push(&mut self, fact: Fact) -> Result<(), Unfit> {
        if self.facts.commodity.len() + self.apart.len() >= u32::MAX as usize {
            return Err(Unfit::TooMany);
        }
        for (sum, cell) in self.absolute.iter_mut().zip([fact.value, fact.net_weight]) {
            *sum += i128::from(cell.get().unwrap_or(0)).abs();
        }
        let key = Some(fact.key());
        if self.last >= key {
            self.apart.push(fact);
        } else {
            self.last = key;
            self.facts.push(&fact);
        }
        Ok(())
    }

    /// The cube of all facts.
    pub fn finish(mut self) -> Result<Cube, Unfit> {
        if self.absolute.iter().any(|sum| *sum > i128::from(i64::MAX)) {
            return Err(Unfit::Overflow);
        }
        if !self.apart.is_empty() {
            self.merge()?;
        }
        Ok(cube_of(self.facts))
    }

    /// Brings what came out of order between the rest.
    fn merge(&mut self) -> Result<(), Unfit> {
        let mut apart = std::mem::take(&mut self.apart);
        apart.sort_unstable_by_key(Fact::key);
        let ordered = std::mem::take(&mut self.facts);
        let mut facts = Columns::default();
        let mut last = None;
        let mut push = |fact: &Fact| {
            let key = Some(fact.key());
            if last >= key {
                return Err(Unfit::Twice);
            }
            last = key;
            facts.push(fact);
            Ok(())
        };
        let mut apart = apart.iter().peekable();
        for (place, pair) in ordered.pairs.iter().enumerate() {
            let block = &ordered.blocks[pair.block as usize];
            let end = ordered.pairs.get(place + 1).map_or(ordered.commodity.len(), |next| next.start as usize);
            for row in pair.start as usize..end {
                let fact = Fact {
                    reporter: block.reporter,
                    flow: block.flow,
                    period: block.period,
                    partner: pair.partner,
                    commodity: ordered.commodity[row],
                    value: ordered.value[row],
                    net_weight: ordered.net_weight[row],
                    flags: flags_of(ordered.marks[row]),
                };
                while let Some(earlier) = apart.next_if(|apart| apart.key() <= fact.key()) {
                    push(earlier)?;
                }
                push(&fact)?;
            }
        }
        for fact in apart {
            push(fact)?;
        }
        self.facts = facts;
        Ok(())
    }
}

/// Flags that give the marks again.
fn flags_of(marks: u8) -> u16 {
    let estimated = if marks & ESTIMATED != 0 { Flags::QUANTITY_ESTIMATED } else { 0 };
    let converted = if marks & CONVERTED != 0 { Flags::ORIGINAL_KNOWN } else { 0 };
    estimated | converted
}

fn cube_of(facts: Columns) -> Cube {
    let Columns { blocks, mut pairs, commodity: numbers, value, net_weight, mut marks } = facts;
    if marks.iter().all(|marks| *marks == 0) {
        marks = Vec::new();
    }
    marks.shrink_to_fit();
    let codes = distinct(numbers.iter().copied());
    let commodity = places_of(&codes, numbers);
    let partners = distinct(pairs.iter().map(|pair| pair.partner));
    pairs.push(Pair { block: blocks.len() as u32, partner: 0, start: commodity.len() as u32, sums: 0 });
    let kinds = codes.iter().map(|code| kind(code / SPAN, level_of(*code))).collect();
    let ancestors = std::array::from_fn(|level| ancestors_of(&codes, level as u32));
    let mut cube = Cube {
        blocks,
        pairs,
        partners,
        codes,
        kinds,
        ancestors,
        commodity,
        value,
        net_weight,
        marks,
        ..Cube::default()
    };
    cube.value.shrink_to_fit();
    cube.net_weight.shrink_to_fit();
    add_up_pairs(&mut cube);
    sort_by_code(&mut cube);
    cube
}

fn distinct<Number: Copy + Ord + std::hash::Hash>(numbers: impl Iterator<Item = Number>) -> Vec<Number> {
    let seen: std::collections::HashSet<Number> = numbers.collect();
    let mut distinct: Vec<Number> = seen.into_iter().collect();
    distinct.sort_unstable();
    distinct
}

/// Each number as its place among the codes.
fn places_of(codes: &[i32], numbers: Vec<i32>) -> Vec<u32> {
    let place_of: std::collections::HashMap<i32, u32> =
        codes.iter().enumerate().map(|(place, code)| (*code, place as u32)).collect();
    numbers.into_iter().map(|number| place_of.get(&number).copied().unwrap_or(0)).collect()
}

fn level_of(code: i32) -> u32 {
    CommodityCode::from_number(code).map_or(0, CommodityCode::level)
}

fn ancestors_of(codes: &[i32], level: u32) -> (Vec<u32>, Vec<i32>) {
    let mut found: Vec<i32> = Vec::new();
    let places = codes
        .iter()
        .map(|code| {
            let ancestor = CommodityCode::from_number(*code).map_or(*code, |code| code.ancestor(level).number());
            if found.last() != Some(&ancestor) {
                found.push(ancestor);
            }
            found.len() as u32 - 1
        })
        .collect();
    (places, found)
}

fn add_up_pairs(cube: &mut Cube) {
    let mut all: Vec<PairSums> = Vec::new();
    let mut starts = Vec::with_capacity(cube.pairs.len());
    for pair in 0..cube.pairs.len() - 1 {
        starts.push(all.len() as u32);
        let first = all.len();
        for fact in cube.facts_of(pair) {
            let kind = cube.kinds[cube.commodity[fact] as usize];
            let place = match all[first..].iter().position(|sums| sums.kind == kind) {
                Some(place) => first + place,
                None => {
                    all.push(PairSums { kind, sums: Sums::default() });
                    all.len() - 1
                }
            };
            let mut sums = all[place].sums;
            cube.add(fact, &mut sums);
            all[place].sums = sums;
        }
    }
    starts.push(all.len() as u32);
    for (pair, start) in cube.pairs.iter_mut().zip(starts) {
        pair.sums = start;
    }
    all.shrink_to_fit();
    cube.pair_sums = all;
    for block in 0..cube.blocks.len() {
        let (first, end) = cube.blocks[block].pairs;
        let mut kinds = (first as usize..end as usize).flat_map(|pair| cube.sums_of(pair)).map(|sums| sums.kind);
        let first = kinds.next();
        let is_one = kinds.all(|kind| Some(kind) == first);
        cube.blocks[block].kind = first.filter(|_| is_one);
    }
}

fn sort_by_code(cube: &mut Cube) {
    let mut starts = vec![0_u32; cube.codes.len() + 1];
    for code in &cube.commodity {
        starts[*code as usize + 1] += 1;
    }
    for place in 1..starts.len() {
        starts[place] += starts[place - 1];
    }
    let mut next = starts.clone();
    let mut by_code = vec![0_u32; cube.commodity.len()];
    let mut pair_of = vec![0_u32; cube.commodity.len()];
    for pair in 0..cube.pairs.len() - 1 {
        for fact in cube.facts_of(pair) {
            let place = &mut next[cube.commodity[fact] as usize];
            by_code[*place as usize] = fact as u32;
            pair_of[*place as usize] = pair as u32;
            *place += 1;
        }
    }
    cube.code_starts = starts;
    cube.by_code = by_code;
    cube.pair_of = pair_of;
}

/// Whether a partner may be added to others.
pub(super) fn partner_kind(partner: u16) -> PartnerKind {
    PartnerKind::of(partner)
}
