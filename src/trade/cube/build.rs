//! Making the columns of a cube from facts.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;

use super::columns::{Block, CONVERTED, Cube, ESTIMATED, Pair, PairSums, kind, partner_kind};
use crate::reference::commodity::{CommodityCode, SPAN};
use crate::trade::model::{Flags, PartnerKind};
use crate::trade::sums::Sums;
use crate::value::Cell;

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
    cube.world = world_of(&cube);
    cube
}

fn distinct<Number: Copy + Ord + Hash>(numbers: impl Iterator<Item = Number>) -> Vec<Number> {
    let seen: HashSet<Number> = numbers.collect();
    let mut distinct: Vec<Number> = seen.into_iter().collect();
    distinct.sort_unstable();
    distinct
}

/// Each number as its place among the codes.
fn places_of(codes: &[i32], numbers: Vec<i32>) -> Vec<u32> {
    let place_of: HashMap<i32, u32> = codes.iter().enumerate().map(|(place, code)| (*code, place as u32)).collect();
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

fn world_of(cube: &Cube) -> BTreeMap<(u8, i32), Vec<(u32, Sums)>> {
    let mut blocks: BTreeMap<(u8, i32), Vec<&Block>> = BTreeMap::new();
    for block in &cube.blocks {
        blocks.entry((block.flow, block.period)).or_default().push(block);
    }
    let mut sums = vec![Sums::default(); cube.codes.len()];
    let by_code = blocks.into_iter().map(|(of, blocks)| {
        let pairs = blocks.into_iter().flat_map(|block| block.pairs.0 as usize..block.pairs.1 as usize);
        for pair in pairs.filter(|pair| partner_kind(cube.pairs[*pair].partner) == PartnerKind::Single) {
            for fact in cube.facts_of(pair) {
                cube.add(fact, &mut sums[cube.commodity[fact] as usize]);
            }
        }
        let found = sums.iter_mut().enumerate().filter(|(_, sums)| sums.rows > 0);
        let mut found: Vec<(u32, Sums)> = found.map(|(code, sums)| (code as u32, std::mem::take(sums))).collect();
        found.shrink_to_fit();
        (of, found)
    });
    by_code.collect()
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::reference::Classification;

    fn fact((reporter, flow, period, partner): (u16, u8, i32, u16), code: &str, value: i64) -> Fact {
        let classification = Classification::parse("HS2017").unwrap();
        let commodity = CommodityCode::parse(classification, code.as_bytes()).unwrap().number();
        let (value, net_weight) = (Cell::from(value), Cell::new((value % 3 != 0).then_some(value)));
        Fact { reporter, flow, period, partner, commodity, value, net_weight, flags: (value.known() % 2) as u16 }
    }

    fn built(facts: impl IntoIterator<Item = Fact>) -> Result<Cube, Unfit> {
        let mut builder = Builder::default();
        for fact in facts {
            builder.push(fact)?;
        }
        builder.finish()
    }

    fn some_facts() -> Vec<Fact> {
        let mut facts = Vec::new();
        for reporter in [156, 643] {
            for period in [202_000, 202_100] {
                for partner in [0, 276] {
                    for (place, code) in ["TOTAL", "27", "271121", "290110"].into_iter().enumerate() {
                        let value = i64::from(reporter + partner) + place as i64;
                        facts.push(fact((reporter, 2, period, partner), code, value));
                    }
                }
            }
        }
        facts
    }

    proptest! {
        #[test]
        fn the_order_in_which_facts_come_does_not_matter(facts in Just(some_facts()).prop_shuffle()) {
            let mut ordered = facts.clone();
            ordered.sort_by_key(Fact::key);
            prop_assert_eq!(built(facts).unwrap(), built(ordered).unwrap());
        }
    }

    #[test]
    fn what_cannot_be_added_exactly_is_no_cube() {
        let key = (156, 2, 202_000, 276);
        let large = [fact(key, "271121", i64::MAX - 1), fact(key, "290110", i64::MAX - 1)];
        assert_eq!(built(large), Err(Unfit::Overflow));
        let twice = [fact(key, "271121", 1), fact(key, "271121", 2)];
        assert_eq!(built(twice), Err(Unfit::Twice));
        assert!(built([]).unwrap().is_empty());
    }

    #[test]
    fn every_order_holds_every_fact_once() {
        let cube = built(some_facts()).unwrap();
        assert_eq!((cube.len(), cube.blocks.len(), cube.pairs.len()), (32, 4, 9));
        let mut by_code = cube.by_code.clone();
        by_code.sort_unstable();
        assert_eq!(by_code, (0..32).collect::<Vec<u32>>());
        let of_pairs: i64 = cube.pair_sums.iter().map(|sums| sums.sums.rows).sum();
        assert_eq!(of_pairs, 32);
        assert!(cube.bytes() > 32 * 29 && cube.blocks.iter().all(|block| block.kind.is_none()));
    }
}
