//! Sums of a cube's facts by groups: the same rows of cells that the store gives.

use super::accumulate::Accumulator;
use super::columns::Cube;
use super::groups::{Base, ByCode, Groups, REPORT_KEYS, report_key};
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
        let mut sums = Accumulator::new(all.size);
        add_by_code(cube, &asked, &all, &mut sums);
        found.take(cube, query, &all, &mut sums, 0, &[]);
        return Some(found.finish());
    }
    if !query.groups_by(Dimension::Reporter) {
        let mut sums = Accumulator::new(all.size);
        for pass in &asked.passes {
            add_pass(cube, &asked, pass, &all, &mut sums);
        }
        found.take(cube, query, &all, &mut sums, 0, &[]);
        return Some(found.finish());
    }
    let groups = Groups::of(cube, query, &asked, false)?;
    let mut sums = Accumulator::new(groups.size);
    let reporter_of = |pass: &Pass| cube.blocks[pass.block as usize].reporter;
    for passes in asked.passes.chunk_by(|left, right| reporter_of(left) == reporter_of(right)) {
        for pass in passes {
            add_pass(cube, &asked, pass, &groups, &mut sums);
        }
        found.take(cube, query, &groups, &mut sums, passes.first().map_or(0, reporter_of), &[]);
    }
    Some(found.finish())
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

/// Goes through the facts of each code instead of each pair's.
fn add_by_code(cube: &Cube, asked: &Asked, groups: &Groups, sums: &mut Accumulator) {
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
    for (first, end) in asked.codes.iter().flatten() {
        for code in *first..*end {
            let kind = cube.kinds[code as usize];
            for place in facts_of_codes(cube, code, code + 1) {
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
}
