//! The groups of a question as places in a row of sums, and back as cells of their keys.

use super::columns::Cube;
use super::rows::Asked;
use crate::trade::query::{Dimension, SummaryQuery};
use crate::value::{Cell, Frequency};

/// What follows the keys where sums are wanted report by report.
pub(super) const REPORT_KEYS: usize = 4;

/// One dimension of the groups.
#[derive(Debug)]
struct Axis {
    dimension: Dimension,
    /// Numbers of the key, ascending.
    numbers: Vec<i64>,
    /// The first of them that is meant: only commodities leave some out before it.
    first: usize,
    stride: usize,
    size: usize,
}

/// The groups of a question.
#[derive(Debug)]
pub(super) struct Groups {
    axes: Vec<Axis>,
    /// How many groups there may be.
    pub size: usize,
    level: usize,
    /// Where `false`, the groups of each reporter are counted from 0.
    has_reporter: bool,
}

/// What of a fact's group its report gives.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Base(usize);

impl Groups {
    /// `None` for dimensions that a cube does not have. Without the reporter where each reporter is added up by itself.
    pub fn of(cube: &Cube, query: &SummaryQuery, asked: &Asked, has_reporter: bool) -> Option<Self> {
        let blocks = || asked.passes.iter().map(|pass| &cube.blocks[pass.block as usize]);
        let mut axes = Vec::new();
        for dimension in query.group_by.iter().filter(|one| has_reporter || **one != Dimension::Reporter) {
            let mut first = 0;
            let mut size = None;
            let numbers = match dimension {
                Dimension::Period(frequency) => {
                    distinct(blocks().map(|block| i64::from(group_of_period(block.period, *frequency))))
                }
                Dimension::Reporter => distinct(blocks().map(|block| i64::from(block.reporter))),
                Dimension::Flow => distinct(blocks().map(|block| i64::from(block.flow))),
                Dimension::Partner if asked.partners.is_empty() => {
                    cube.partners.iter().map(|partner| i64::from(*partner)).collect()
                }
                Dimension::Partner => {
                    let world = std::iter::once(0);
                    distinct(world.chain(asked.partners.iter().map(|partner| i64::from(*partner))))
                }
                Dimension::Commodity => {
                    let (places, _) = &cube.ancestors[query.commodity_level as usize];
                    if let Some(codes) = &asked.codes {
                        let place = |code: u32| places.get(code as usize).map_or(0, |place| *place as usize);
                        first = codes.first().map_or(0, |range| place(range.0));
                        let last = codes.last().map_or(first, |range| place(range.1 - 1));
                        size = Some(last + 1 - first);
                    }
                    Vec::new()
                }
                Dimension::Mode | Dimension::Procedure => return None,
            };
            let all = match dimension {
                Dimension::Commodity => cube.ancestors[query.commodity_level as usize].1.len(),
                _ => numbers.len(),
            };
            axes.push(Axis { dimension: *dimension, numbers, first, stride: 1, size: size.unwrap_or(all) });
        }
        let mut stride: usize = 1;
        for axis in axes.iter_mut().rev() {
            axis.stride = stride;
            stride = stride.checked_mul(axis.size.max(1))?;
        }
        Some(Self { axes, size: stride, level: query.commodity_level as usize, has_reporter })
    }

    pub fn base(&self, cube: &Cube, block: u32) -> Base {
        let block = &cube.blocks[block as usize];
        let mut base = 0;
        for axis in &self.axes {
            let number = match axis.dimension {
                Dimension::Period(frequency) => i64::from(group_of_period(block.period, frequency)),
                Dimension::Reporter => i64::from(block.reporter),
                Dimension::Flow => i64::from(block.flow),
                _ => continue,
            };
            base += axis.numbers.binary_search(&number).unwrap_or(0) * axis.stride;
        }
        Base(base)
    }

    /// The same with the partner.
    pub fn with_partner(&self, Base(base): Base, partner: u16) -> Base {
        let axis = self.axes.iter().find(|axis| axis.dimension == Dimension::Partner);
        let place = axis.map_or(0, |axis| axis.numbers.binary_search(&i64::from(partner)).unwrap_or(0) * axis.stride);
        Base(base + place)
    }

    /// How the commodity's part of a group comes from the place of its code.
    pub fn by_code<'a>(&self, cube: &'a Cube) -> Option<ByCode<'a>> {
        let axis = self.axes.iter().find(|axis| axis.dimension == Dimension::Commodity)?;
        Some(ByCode { places: &cube.ancestors[self.level].0, first: axis.first, stride: axis.stride })
    }

    /// Cells of a group's key, in the order of `group_by`.
    pub fn key(&self, cube: &Cube, query: &SummaryQuery, group: usize, reporter: u16, cells: &mut Vec<Cell>) {
        let mut axes = self.axes.iter();
        for dimension in &query.group_by {
            if *dimension == Dimension::Reporter && !self.has_reporter {
                cells.push(Cell::from(i64::from(reporter)));
                continue;
            }
            let Some(axis) = axes.next() else { continue };
            let place = group / axis.stride % axis.size.max(1);
            let number = match dimension {
                Dimension::Commodity => i64::from(cube.ancestors[self.level].1[axis.first + place]),
                _ => axis.numbers[place],
            };
            cells.push(Cell::from(number));
        }
    }
}

/// From the place of a code to its part of a group.
#[derive(Clone, Copy)]
pub(super) struct ByCode<'a> {
    places: &'a [u32],
    first: usize,
    stride: usize,
}

impl ByCode<'_> {
    pub fn group(&self, Base(base): Base, code: u32) -> usize {
        base + (self.places[code as usize] as usize - self.first) * self.stride
    }
}

impl Base {
    pub fn group(self) -> usize {
        self.0
    }
}

/// The cells that tell a report: reporter, flow, period, classification.
pub(super) fn report_key(cube: &Cube, block: u32, kind: u16) -> [Cell; REPORT_KEYS] {
    let block = &cube.blocks[block as usize];
    [i64::from(block.reporter), i64::from(block.flow), i64::from(block.period), i64::from(kind / 8)].map(Cell::from)
}

/// As the store groups periods: a year ends in 00, a quarter in 21 to 24.
fn group_of_period(period: i32, frequency: Frequency) -> i32 {
    let within = period % 100;
    match frequency {
        Frequency::Annual => period - within,
        Frequency::Quarterly if within > 12 => period,
        Frequency::Quarterly => period - within + 20 + (within + 2) / 3,
        Frequency::Monthly => period,
    }
}

fn distinct(numbers: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut numbers: Vec<i64> = numbers.collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}
