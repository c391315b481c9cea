//! Facts in order as columns, with their commodities as numbers.

use super::columns::{Block, CONVERTED, ESTIMATED, Pair};
use crate::trade::model::Flags;
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
    pub(super) fn key(&self) -> (u16, u8, i32, u16, i32) {
        (self.reporter, self.flow, self.period, self.partner, self.commodity)
    }
}

/// The facts so far, in order, with their commodity numbers.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub blocks: Vec<Block>,
    pub pairs: Vec<Pair>,
    pub commodity: Vec<i32>,
    pub value: Vec<Cell>,
    pub net_weight: Vec<Cell>,
    pub marks: Vec<u8>,
}

impl Columns {
    pub fn push(&mut self, fact: &Fact) {
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

    pub fn iter(&self) -> impl Iterator<Item = Fact> {
        self.pairs.iter().enumerate().flat_map(move |(place, pair)| {
            let block = &self.blocks[pair.block as usize];
            let end = self.pairs.get(place + 1).map_or(self.commodity.len(), |next| next.start as usize);
            (pair.start as usize..end).map(move |row| Fact {
                reporter: block.reporter,
                flow: block.flow,
                period: block.period,
                partner: pair.partner,
                commodity: self.commodity[row],
                value: self.value[row],
                net_weight: self.net_weight[row],
                flags: flags_of(self.marks[row]),
            })
        })
    }

    /// Puts facts behind these, all of later blocks.
    pub fn append(&mut self, later: Self) {
        let (blocks, pairs, facts) = (self.blocks.len() as u32, self.pairs.len() as u32, self.commodity.len() as u32);
        let moved = |block: Block| Block { pairs: (block.pairs.0 + pairs, block.pairs.1 + pairs), ..block };
        self.blocks.extend(later.blocks.into_iter().map(moved));
        let moved = |pair: Pair| Pair { block: pair.block + blocks, start: pair.start + facts, ..pair };
        self.pairs.extend(later.pairs.into_iter().map(moved));
        self.commodity.extend_from_slice(&later.commodity);
        self.value.extend_from_slice(&later.value);
        self.net_weight.extend_from_slice(&later.net_weight);
        self.marks.extend_from_slice(&later.marks);
    }
}

/// Flags that give the marks again.
fn flags_of(marks: u8) -> u16 {
    let estimated = if marks & ESTIMATED != 0 { Flags::QUANTITY_ESTIMATED } else { 0 };
    let converted = if marks & CONVERTED != 0 { Flags::ORIGINAL_KNOWN } else { 0 };
    estimated | converted
}
