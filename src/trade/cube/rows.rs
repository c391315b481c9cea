//! Which facts of a cube a question adds up: reports, partners, codes.

use super::columns::{Block, Cube, kind, partner_kind};
use crate::reference::Area;
use crate::trade::level::Level;
use crate::trade::model::PartnerKind;
use crate::trade::query::Filter;
use crate::trade::select::{Report, Selection};

/// The rows that were chosen in one report.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass {
    pub block: u32,
    /// Classification and level.
    pub kind: u16,
    pub partner: PartnerKind,
}

/// What is added up.
#[derive(Debug)]
pub(super) struct Asked {
    /// In the order of the blocks.
    pub passes: Vec<Pass>,
    /// Single partners asked for, ascending; empty for all.
    pub partners: Vec<u16>,
    /// Groups of partners asked for, ascending.
    groups: Vec<u16>,
    /// Places of the codes asked for, apart from one another and ascending, each without its last; `None` for all.
    pub codes: Option<Vec<(u32, u32)>>,
}

impl Asked {
    pub fn of(cube: &Cube, filter: &Filter, selection: &Selection, level: &Level) -> Self {
        let mut passes: Vec<Pass> = level
            .of
            .iter()
            .filter(|(report, _)| selection.reports.contains_key(report))
            .filter_map(|(report, chosen)| {
                let block = place_of(cube, report)?;
                let kind = kind(report.classification.number(), chosen.commodity);
                Some(Pass { block, kind, partner: chosen.partner })
            })
            .collect();
        passes.sort_unstable_by_key(|pass| (pass.block, pass.kind));
        let numbers = |areas: &mut dyn Iterator<Item = &Area>| {
            let mut numbers: Vec<u16> = areas.map(|area| area.number()).collect();
            numbers.sort_unstable();
            numbers.dedup();
            numbers
        };
        let partners = numbers(&mut filter.partners.iter().filter(|area| !area.is_total()));
        let groups = numbers(&mut filter.partners.iter());
        Self { passes, partners, groups, codes: codes_asked(cube, filter, selection) }
    }

    /// The pairs of a pass.
    pub fn pairs<'a>(&'a self, cube: &'a Cube, pass: &Pass) -> Box<dyn Iterator<Item = usize> + 'a> {
        let (first, end) = cube.blocks[pass.block as usize].pairs;
        let (first, end) = (first as usize, end as usize);
        let named = match pass.partner {
            PartnerKind::World => return Box::new(find(cube, first..end, 0).into_iter()),
            PartnerKind::Group => &self.groups,
            PartnerKind::Single if self.partners.is_empty() => {
                let is_single = |pair: &usize| partner_kind(cube.pairs[*pair].partner) == PartnerKind::Single;
                return Box::new((first..end).filter(is_single));
            }
            PartnerKind::Single => &self.partners,
        };
        Box::new(named.iter().filter_map(move |partner| find(cube, first..end, *partner)))
    }

    /// Whether a pass takes a partner's facts.
    pub fn takes(&self, pass: &Pass, partner: u16) -> bool {
        match pass.partner {
            PartnerKind::World => partner == 0,
            PartnerKind::Group => self.groups.binary_search(&partner).is_ok(),
            PartnerKind::Single if self.partners.is_empty() => partner_kind(partner) == PartnerKind::Single,
            PartnerKind::Single => self.partners.binary_search(&partner).is_ok(),
        }
    }

    /// How many pairs a pass looks at, at most.
    pub fn pairs_of(&self, block: &Block, pass: &Pass) -> usize {
        let all = (block.pairs.1 - block.pairs.0) as usize;
        match pass.partner {
            PartnerKind::World => 1,
            PartnerKind::Group => self.groups.len(),
            PartnerKind::Single if self.partners.is_empty() => all,
            PartnerKind::Single => self.partners.len().min(all),
        }
    }
}

fn place_of(cube: &Cube, report: &Report) -> Option<u32> {
    let key = (report.reporter.number(), report.flow.number(), report.period.number());
    let found = cube.blocks.binary_search_by_key(&key, |block| (block.reporter, block.flow, block.period));
    found.ok().map(|place| place as u32)
}

fn find(cube: &Cube, pairs: std::ops::Range<usize>, partner: u16) -> Option<usize> {
    let start = pairs.start;
    let found = cube.pairs[pairs].binary_search_by_key(&partner, |pair| pair.partner);
    found.ok().map(|place| start + place)
}

/// A code stands for itself and all below it, in each classification of the reports; TOTAL for all goods.
fn codes_asked(cube: &Cube, filter: &Filter, selection: &Selection) -> Option<Vec<(u32, u32)>> {
    if filter.commodities.iter().any(|code| code == "TOTAL") || filter.commodities.is_empty() {
        return None;
    }
    let classifications = selection.classifications();
    let codes = classifications.iter().flat_map(|classification| filter.codes_in(*classification));
    let mut places: Vec<(u32, u32)> = codes.map(|code| cube.places(code.range())).filter(|(a, b)| a < b).collect();
    places.sort_unstable();
    let mut apart: Vec<(u32, u32)> = Vec::new();
    for (start, end) in places {
        match apart.last_mut().filter(|last| last.1 >= start) {
            Some(last) => last.1 = last.1.max(end),
            None => apart.push((start, end)),
        }
    }
    Some(apart)
}
