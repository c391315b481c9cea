//! The columns of a cube from facts in order: places of codes, sums of pairs and of the world, the order by code.

use std::collections::BTreeMap;
use std::ops::Range;

use super::columns::{Cube, Pair, PairSums, kind, partner_kind};
use super::facts::Columns;
use super::parallel::{in_parallel, parts_wanted};
use crate::reference::commodity::{CommodityCode, SPAN};
use crate::trade::model::PartnerKind;
use crate::trade::sums::Sums;

pub(super) fn cube_of(facts: Columns) -> Cube {
    let Columns { blocks, mut pairs, commodity: numbers, mut value, mut net_weight, mut marks } = facts;
    if marks.iter().all(|marks| *marks == 0) {
        marks = Vec::new();
    }
    let present = Present::of(&numbers);
    let codes = present.numbers();
    let mut commodity: Vec<u32> = numbers.into_iter().map(|number| present.place(number)).collect();
    commodity.shrink_to_fit();
    value.shrink_to_fit();
    net_weight.shrink_to_fit();
    marks.shrink_to_fit();
    let mut partners: Vec<u16> = pairs.iter().map(|pair| pair.partner).collect();
    partners.sort_unstable();
    partners.dedup();
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
    let mut sums = Vec::new();
    for made in in_parallel(works(&cube), |work| work.done(&cube)) {
        match made {
            Made::ByCode(by_code) => (cube.code_starts, cube.by_code, cube.pair_of) = by_code,
            Made::World(of, by_code) => drop(cube.world.insert(of, by_code)),
            Made::PairSums(part) => sums.push(part),
        }
    }
    put_sums(&mut cube, sums);
    cube
}

/// The numbers that occur, a bit each, by the words that they lie in.
struct Present {
    /// The number of the first bit.
    first: i32,
    words: Vec<u64>,
    /// How many numbers lie before each word.
    before: Vec<u32>,
}

impl Present {
    fn of(numbers: &[i32]) -> Self {
        let (first, last) = (numbers.iter().min().copied().unwrap_or(0), numbers.iter().max().copied().unwrap_or(0));
        let mut words = vec![0_u64; (last - first) as usize / 64 + 1];
        for number in numbers {
            let bit = (number - first) as usize;
            words[bit / 64] |= 1 << (bit % 64);
        }
        let mut before = Vec::with_capacity(words.len());
        let mut count = 0;
        for word in &words {
            before.push(count);
            count += word.count_ones();
        }
        Self { first, words, before }
    }

    /// All, ascending.
    fn numbers(&self) -> Vec<i32> {
        let bits = self.words.iter().enumerate().flat_map(|(place, word)| {
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| place as i32 * 64 + bit)
        });
        bits.map(|bit| self.first + bit).collect()
    }

    /// The place of one of them among all.
    fn place(&self, number: i32) -> u32 {
        let bit = (number - self.first) as usize;
        let lower = self.words[bit / 64] & ((1 << (bit % 64)) - 1);
        self.before[bit / 64] + lower.count_ones()
    }
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

/// What is made of the columns, each by itself.
enum Work {
    ByCode,
    World((u8, i32), Vec<Range<usize>>),
    PairSums(Range<usize>),
}

enum Made {
    /// Starts of the codes, facts and pairs.
    ByCode((Vec<u32>, Vec<u32>, Vec<u32>)),
    World((u8, i32), Vec<(u32, Sums)>),
    /// How many sums each pair has, and the sums.
    PairSums((Vec<u32>, Vec<PairSums>)),
}

/// The longest first.
fn works(cube: &Cube) -> Vec<Work> {
    let mut of_world: BTreeMap<(u8, i32), Vec<Range<usize>>> = BTreeMap::new();
    for block in &cube.blocks {
        let pairs = block.pairs.0 as usize..block.pairs.1 as usize;
        of_world.entry((block.flow, block.period)).or_default().push(pairs);
    }
    let pairs = cube.pairs.len() - 1;
    let a_part = pairs.div_ceil(parts_wanted()).max(1);
    let parts = (0..pairs).step_by(a_part).map(|first| Work::PairSums(first..pairs.min(first + a_part)));
    let of_world = of_world.into_iter().map(|(of, pairs)| Work::World(of, pairs));
    std::iter::once(Work::ByCode).chain(parts).chain(of_world).collect()
}

impl Work {
    fn done(self, cube: &Cube) -> Made {
        match self {
            Self::ByCode => Made::ByCode(sorted_by_code(cube)),
            Self::World(of, pairs) => Made::World(of, world_of(cube, pairs)),
            Self::PairSums(pairs) => Made::PairSums(sums_of_pairs(cube, pairs)),
        }
    }
}

fn sums_of_pairs(cube: &Cube, pairs: Range<usize>) -> (Vec<u32>, Vec<PairSums>) {
    let mut counts = Vec::with_capacity(pairs.len());
    let mut all: Vec<PairSums> = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let first = all.len();
        // Codes of a level mostly follow one another.
        let mut last = first;
        for fact in cube.facts_of(pair) {
            let kind = cube.kinds[cube.commodity[fact] as usize];
            if all.get(last).is_none_or(|sums| sums.kind != kind) {
                last = first + all[first..].iter().position(|sums| sums.kind == kind).unwrap_or(all.len() - first);
                if last == all.len() {
                    all.push(PairSums { kind, sums: Sums::default() });
                }
            }
            cube.add(fact, &mut all[last].sums);
        }
        counts.push((all.len() - first) as u32);
    }
    (counts, all)
}

fn put_sums(cube: &mut Cube, parts: Vec<(Vec<u32>, Vec<PairSums>)>) {
    cube.pair_sums.reserve_exact(parts.iter().map(|(_, sums)| sums.len()).sum());
    let mut pairs = cube.pairs.iter_mut();
    let mut start = 0;
    for (counts, sums) in parts {
        // The counts first: who comes second is not asked for one more.
        for (count, pair) in counts.into_iter().zip(pairs.by_ref()) {
            pair.sums = start;
            start += count;
        }
        cube.pair_sums.extend(sums);
    }
    if let Some(end) = cube.pairs.last_mut() {
        end.sums = start;
    }
    for block in 0..cube.blocks.len() {
        let (first, end) = cube.blocks[block].pairs;
        let mut kinds = (first as usize..end as usize).flat_map(|pair| cube.sums_of(pair)).map(|sums| sums.kind);
        let first = kinds.next();
        let is_one = kinds.all(|kind| Some(kind) == first);
        cube.blocks[block].kind = first.filter(|_| is_one);
    }
}

fn world_of(cube: &Cube, pairs: Vec<Range<usize>>) -> Vec<(u32, Sums)> {
    let mut sums = vec![Sums::default(); cube.codes.len()];
    let is_single = |pair: &usize| partner_kind(cube.pairs[*pair].partner) == PartnerKind::Single;
    for pair in pairs.into_iter().flatten().filter(is_single) {
        for fact in cube.facts_of(pair) {
            cube.add(fact, &mut sums[cube.commodity[fact] as usize]);
        }
    }
    let found = sums.into_iter().enumerate().filter(|(_, sums)| sums.rows > 0);
    let mut found: Vec<(u32, Sums)> = found.map(|(code, sums)| (code as u32, sums)).collect();
    found.shrink_to_fit();
    found
}

fn sorted_by_code(cube: &Cube) -> (Vec<u32>, Vec<u32>, Vec<u32>) {
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
    (starts, by_code, pair_of)
}
