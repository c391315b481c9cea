//! Sums of a cube's facts by groups: the same rows of cells that the store gives.

use super::accumulate::Accumulator;
use super::columns::Cube;
use super::groups::{Base, ByCode, Groups, REPORT_KEYS, report_key};
use super::parallel::{in_parallel, parts_of};
use super::rows::{Asked, Pass};
use super::world;
use crate::trade::level::Level;
use crate::trade::model::DetailKind;
use crate::trade::query::{Dimension, SummaryQuery};
use crate::trade::select::Selection;
use crate::trade::sums::{SUM_COLUMNS, Sums};
use crate::value::Cell;

/// Groups with their keys in the order of `group_by`, where asked for the report, and the sums.
#[derive(Debug, Default)]
pub struct Found {
    pub columns: usize,
    pub cells: Vec<Cell>,
    /// There were more groups than were wanted.
    pub is_cut: bool,
}

/// Looking up a pair takes as long as adding so many facts.
const FACTS_A_LOOKUP: usize = 4;

/// Facts that are worth adding up apart from others. Few where the tests run, whose questions are small.
const FACTS_AT_ONCE: usize = if cfg!(debug_assertions) { 4 } else { 50_000 };

/// Facts of a code that are not taken apart.
const PIECE: usize = if cfg!(debug_assertions) { 2 } else { 1 << 14 };

/// Sums by groups, or by groups and report. `None` for what a cube does not hold.
pub fn sums(
    cube: &Cube,
    query: &SummaryQuery,
    (selection, level): (&Selection, &Level),
    by_report: bool,
    limit: usize,
) -> Option<Found> {
    if level.detail != DetailKind::Total || query.groups_by(Dimension::Mode) || query.groups_by(Dimension::Procedure) {
        return None;
    }
    let asked = Asked::of(cube, &query.filter, selection, level);
    let mut found = Wanted::new(query, by_report, limit);
    if by_report {
        let groups = Groups::of(cube, query, &asked, true)?;
        let mut sums = Accumulator::new(groups.size);
        for pass in &asked.passes {
            add_pass(cube, &asked, pass, &groups, &mut sums);
            found.take(cube, query, &groups, &mut sums, 0, &report_key(cube, pass.block, pass.kind));
        }
        return Some(found.finish());
    }
    let all = Groups::of(cube, query, &asked, true)?;
    if world::answers(query, (selection, level)) {
        let mut sums = Accumulator::new(all.size);
        world::add(cube, &asked, &all, &mut sums);
        found.take(cube, query, &all, &mut sums, 0, &[]);
        return Some(found.finish());
    }
    if is_quicker_by_code(cube, &asked) {
        let facts = pieces(cube, &asked);
        let mut sums = added_up(&all, parts_of(facts, |(_, places)| places.len(), FACTS_AT_ONCE), |facts, sums| {
            add_by_code(cube, &asked, facts, &all, sums);
        });
        found.take(cube, query, &all, &mut sums, 0, &[]);
        return Some(found.finish());
    }
    let of_pass = |pass: &Pass| work_of(cube, &asked, pass, &all);
    if !query.groups_by(Dimension::Reporter) {
        let mut sums = added_up(&all, parts_of(asked.passes.clone(), of_pass, FACTS_AT_ONCE), |passes, sums| {
            passes.iter().for_each(|pass| add_pass(cube, &asked, pass, &all, sums));
        });
        found.take(cube, query, &all, &mut sums, 0, &[]);
        return Some(found.finish());
    }
    let groups = Groups::of(cube, query, &asked, false)?;
    let reporter_of = |pass: &Pass| cube.blocks[pass.block as usize].reporter;
    let reporters: Vec<&[Pass]> =
        asked.passes.chunk_by(|left, right| reporter_of(left) == reporter_of(right)).collect();
    let of_reporter = |passes: &&[Pass]| passes.iter().map(of_pass).sum();
    let found_apart = in_parallel(parts_of(reporters, of_reporter, FACTS_AT_ONCE), |reporters| {
        let mut found = Wanted::new(query, false, limit);
        let mut sums = Accumulator::new(groups.size);
        for passes in reporters {
            for pass in passes {
                add_pass(cube, &asked, pass, &groups, &mut sums);
            }
            found.take(cube, query, &groups, &mut sums, passes.first().map_or(0, reporter_of), &[]);
        }
        found
    });
    found_apart.into_iter().for_each(|part| found.append(part));
    Some(found.finish())
}

/// Adds up the parts of a question, some at once where there are several.
fn added_up<Part: Send>(groups: &Groups, parts: Vec<Part>, add: impl Fn(Part, &mut Accumulator) + Sync) -> Accumulator {
    let apart = in_parallel(parts, |part| {
        let mut sums = Accumulator::new(groups.size);
        add(part, &mut sums);
        sums
    });
    let mut apart = apart.into_iter();
    let mut all = apart.next().unwrap_or_else(|| Accumulator::new(groups.size));
    for mut sums in apart {
        sums.drain(|group, sums| all.add(group, &sums));
    }
    all
}

/// How much a pass has to add up, at most: facts, or sums of pairs.
fn work_of(cube: &Cube, asked: &Asked, pass: &Pass, groups: &Groups) -> usize {
    let block = &cube.blocks[pass.block as usize];
    let pairs = asked.pairs_of(block, pass);
    if asked.codes.is_none() && groups.by_code(cube).is_none() {
        return pairs;
    }
    let (first, end) = block.pairs;
    let facts = (cube.pairs[end as usize].start - cube.pairs[first as usize].start) as usize;
    facts * pairs / (end - first).max(1) as usize
}

/// Groups as they are found.
struct Wanted {
    found: Found,
    limit: usize,
    groups: usize,
}

impl Wanted {
    fn new(query: &SummaryQuery, by_report: bool, limit: usize) -> Self {
        let report = if by_report { REPORT_KEYS } else { 0 };
        let columns = query.group_by.len() + report + SUM_COLUMNS.len();
        Self { found: Found { columns, ..Found::default() }, limit, groups: 0 }
    }

    fn take(
        &mut self,
        cube: &Cube,
        query: &SummaryQuery,
        groups: &Groups,
        sums: &mut Accumulator,
        reporter: u16,
        report: &[Cell],
    ) {
        sums.drain(|group, sums| {
            self.groups += 1;
            if self.groups >= self.limit {
                self.found.is_cut = true;
                return;
            }
            groups.key(cube, query, group, reporter, &mut self.found.cells);
            self.found.cells.extend_from_slice(report);
            self.found.cells.extend(sums.in_order().map(Cell::from));
        });
    }

    /// Takes what was found apart, of groups behind these.
    fn append(&mut self, later: Self) {
        self.groups += later.groups;
        self.found.is_cut |= later.found.is_cut || self.groups >= self.limit;
        if self.found.cells.is_empty() {
            self.found.cells = later.found.cells;
        } else {
            self.found.cells.extend(later.found.cells);
        }
    }

    /// Without groups there is always one sum, be it of nothing.
    fn finish(mut self) -> Found {
        if self.found.columns == SUM_COLUMNS.len() && self.found.cells.is_empty() {
            self.found.cells.extend(Sums::default().in_order().map(Cell::from));
        }
        self.found
    }
}

fn add_pass(cube: &Cube, asked: &Asked, pass: &Pass, groups: &Groups, sums: &mut Accumulator) {
    let base = groups.base(cube, pass.block);
    let by_code = groups.by_code(cube);
    for pair in asked.pairs(cube, pass) {
        let base = groups.with_partner(base, cube.pairs[pair].partner);
        match (&asked.codes, by_code) {
            (None, None) => {
                for of_kind in cube.sums_of(pair).iter().filter(|of_kind| of_kind.kind == pass.kind) {
                    sums.add(base.group(), &of_kind.sums);
                }
            }
            (None, Some(_)) => add_facts(cube, pass, cube.facts_of(pair), (base, by_code), sums),
            (Some(codes), _) => {
                let facts = cube.facts_of(pair);
                let of_pair = &cube.commodity[facts.clone()];
                for (first, end) in codes {
                    let from = facts.start + of_pair.partition_point(|code| code < first);
                    let to = facts.start + of_pair.partition_point(|code| code < end);
                    add_facts(cube, pass, from..to, (base, by_code), sums);
                }
            }
        }
    }
}

fn add_facts(
    cube: &Cube,
    pass: &Pass,
    facts: std::ops::Range<usize>,
    (base, by_code): (Base, Option<ByCode<'_>>),
    sums: &mut Accumulator,
) {
    let is_of_one_kind = cube.blocks[pass.block as usize].kind == Some(pass.kind);
    for fact in facts {
        let code = cube.commodity[fact];
        if is_of_one_kind || cube.kinds[code as usize] == pass.kind {
            let group = by_code.map_or(base.group(), |by_code| by_code.group(base, code));
            cube.add(fact, sums.of(group));
        }
    }
}

/// Whether the facts of the codes asked for are fewer than the lookups in the pairs.
fn is_quicker_by_code(cube: &Cube, asked: &Asked) -> bool {
    let Some(codes) = &asked.codes else { return false };
    let facts: usize = codes.iter().map(|(first, end)| facts_of_codes(cube, *first, *end).len()).sum();
    let lookups = asked.passes.iter().map(|pass| asked.pairs_of(&cube.blocks[pass.block as usize], pass));
    facts < lookups.sum::<usize>() * codes.len() * FACTS_A_LOOKUP
}

fn facts_of_codes(cube: &Cube, first: u32, end: u32) -> std::ops::Range<usize> {
    cube.code_starts[first as usize] as usize..cube.code_starts[end as usize] as usize
}

/// A code and some of the places of its facts.
type Piece = (u32, std::ops::Range<usize>);

/// The facts of the codes asked for, in pieces that can be added up apart.
fn pieces(cube: &Cube, asked: &Asked) -> Vec<Piece> {
    let codes = asked.codes.iter().flatten().flat_map(|(first, end)| *first..*end);
    let pieces = codes.flat_map(|code| {
        let places = facts_of_codes(cube, code, code + 1);
        let end = places.end;
        places.step_by(PIECE).map(move |first| (code, first..end.min(first + PIECE)))
    });
    pieces.collect()
}

/// Goes through the facts of codes instead of each pair's.
fn add_by_code(cube: &Cube, asked: &Asked, facts: Vec<Piece>, groups: &Groups, sums: &mut Accumulator) {
    let by_code = groups.by_code(cube);
    // Passes of each block, and what it gives of a group.
    let mut passes: Vec<(u32, u32)> = vec![(0, 0); cube.blocks.len()];
    let mut bases: Vec<(&Pass, Base)> = Vec::with_capacity(asked.passes.len());
    for (place, pass) in asked.passes.iter().enumerate() {
        let of_block = &mut passes[pass.block as usize];
        if of_block.0 == of_block.1 {
            of_block.0 = place as u32;
        }
        of_block.1 = place as u32 + 1;
        bases.push((pass, groups.base(cube, pass.block)));
    }
    for (code, places) in facts {
        let kind = cube.kinds[code as usize];
        for place in places {
            let (fact, pair) = (cube.by_code[place] as usize, &cube.pairs[cube.pair_of[place] as usize]);
            let (first, end) = passes[pair.block as usize];
            for (pass, base) in &bases[first as usize..end as usize] {
                if pass.kind != kind || !asked.takes(pass, pair.partner) {
                    continue;
                }
                let base = groups.with_partner(*base, pair.partner);
                let group = by_code.map_or(base.group(), |by_code| by_code.group(base, code));
                cube.add(fact, sums.of(group));
            }
        }
    }
}
