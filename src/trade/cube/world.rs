//! Sums over all reporters and single partners by flow, period and code, kept beside the facts: what is asked of the world is
//! read from some ten thousand sums instead of millions of facts.

use std::collections::BTreeMap;

use super::accumulate::Accumulator;
use super::columns::Cube;
use super::groups::Groups;
use super::rows::Asked;
use crate::trade::level::Level;
use crate::trade::model::PartnerKind;
use crate::trade::query::{Dimension, SummaryQuery};
use crate::trade::select::Selection;

/// Whether a question is one about the world: about all reports of its flows and periods, each by single partners.
pub(super) fn answers(query: &SummaryQuery, (selection, level): (&Selection, &Level)) -> bool {
    query.filter.reporters.is_empty()
        && query.filter.partners.is_empty()
        && !query.groups_by(Dimension::Reporter)
        && !query.groups_by(Dimension::Partner)
        && !selection.leaves_out_reports
        && level.one_kind().is_some_and(|(_, partner)| partner == PartnerKind::Single)
}

pub(super) fn add(cube: &Cube, asked: &Asked, groups: &Groups, sums: &mut Accumulator) {
    let by_code = groups.by_code(cube);
    // A block that stands for all of its flow and period, and the kinds of rows that are added there.
    let mut kinds: BTreeMap<(u8, i32), (u32, Vec<u16>)> = BTreeMap::new();
    for pass in &asked.passes {
        let block = &cube.blocks[pass.block as usize];
        let (_, kinds) = kinds.entry((block.flow, block.period)).or_insert((pass.block, Vec::new()));
        if !kinds.contains(&pass.kind) {
            kinds.push(pass.kind);
        }
    }
    for (of, (block, kinds)) in kinds {
        let base = groups.base(cube, block);
        let all = cube.world.get(&of).map_or(&[][..], Vec::as_slice);
        let whole = [(0, cube.codes.len() as u32)];
        for (first, end) in asked.codes.as_deref().unwrap_or(&whole) {
            let from = all.partition_point(|(code, _)| code < first);
            let to = all.partition_point(|(code, _)| code < end);
            for (code, of_code) in &all[from..to] {
                if kinds.contains(&cube.kinds[*code as usize]) {
                    let group = by_code.map_or(base.group(), |by_code| by_code.group(base, *code));
                    sums.add(group, of_code);
                }
            }
        }
    }
}
