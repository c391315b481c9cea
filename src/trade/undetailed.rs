//! What the rows of detailed codes leave out of the coarser rows above them, such as confidential trade. Pure.
//!
//! A report may say 100 for chapter 27 and 60 for all its subheadings together: 40 are not detailed. They are a group of
//! their own under the coarser code, so that totals and shares are those of the coarser rows. Reckoned report by report.

use std::collections::BTreeMap;

use crate::reference::CommodityCode;
use crate::value::Cell;

use super::query::{Dimension, SummaryQuery};
use super::sums::{SUM_COLUMNS, Sums};

/// How many cells tell the report, behind the group's key.
pub const REPORT_CELLS: usize = 4;

/// Sums of the rows of one coarser level and of the rows that are added below it, by the group's key (with the code at that
/// level) and by report.
pub struct Whole<'a, Rows: Iterator<Item = &'a [Cell]>> {
    pub level: u32,
    pub whole: Rows,
    pub parts: Rows,
}

/// What is not detailed.
#[derive(Debug, Default)]
pub struct Rest {
    /// Cells of the groups' keys, and the sums.
    pub groups: Vec<(Vec<Cell>, Sums)>,
    /// Coarser rows that are smaller than what lies below them.
    pub exceeded: usize,
}

/// Takes the parts from their wholes. `wholes` come with the finest level first: what is not detailed below a chapter counts
/// as a part of TOTAL. `shown` gives the cells of a group's key and report with the code that the group is shown under.
/// `None` when a sum leaves 64 bits.
pub fn rest<'a, Rows: Iterator<Item = &'a [Cell]>>(
    query: &SummaryQuery,
    wholes: impl Iterator<Item = Whole<'a, Rows>>,
    shown: impl Fn(Option<usize>, &[Cell]) -> Vec<Cell>,
) -> Option<Rest> {
    let place = query.group_by.iter().position(|dimension| *dimension == Dimension::Commodity);
    let keys = query.group_by.len();
    let mut rest = Rest::default();
    let mut groups: BTreeMap<Vec<Cell>, Sums> = BTreeMap::new();
    // By group's key and report, of the levels so far.
    let mut found: BTreeMap<Vec<Cell>, Sums> = BTreeMap::new();
    for Whole { level, whole, parts } in wholes {
        let mut below: BTreeMap<Vec<Cell>, Sums> = BTreeMap::new();
        for (key, sums) in parts.map(split) {
            below.entry(key).or_default().add(&sums)?;
        }
        for (key, sums) in &found {
            let mut above = key.clone();
            if let Some(code) = place.and_then(|place| above.get_mut(place)) {
                let number = code.get().unwrap_or(0) as i32;
                let ancestor = CommodityCode::from_number(number).map_or(number, |code| code.ancestor(level).number());
                *code = Cell::from(i64::from(ancestor));
            }
            below.entry(above).or_default().add(sums)?;
        }
        for (key, sums) in whole.map(split) {
            let parts = below.get(&key).copied().unwrap_or_default();
            match missing(&sums, &parts) {
                Missing::Nothing => {}
                Missing::Exceeded => rest.exceeded += 1,
                Missing::Part(part) => {
                    let group = shown(place, &key)[..keys].to_vec();
                    groups.entry(group).or_default().add(&part)?;
                    found.entry(key).or_default().add(&part)?;
                }
            }
        }
    }
    rest.groups = groups.into_iter().collect();
    Some(rest)
}

fn split(row: &[Cell]) -> (Vec<Cell>, Sums) {
    let (key, sums) = row.split_at(row.len() - SUM_COLUMNS.len());
    (key.to_vec(), Sums::from_cells(sums))
}

enum Missing {
    Nothing,
    Exceeded,
    Part(Sums),
}

/// What a whole has beside its parts. Amounts are rounded row by row, to thousandths at best: a difference that rounding
/// can make is none.
fn missing(whole: &Sums, parts: &Sums) -> Missing {
    if whole.value_rows == 0 {
        return Missing::Nothing;
    }
    let rounding = whole.rows + parts.rows;
    let value = whole.value - parts.value;
    if value < -rounding {
        return Missing::Exceeded;
    }
    if value <= rounding && parts.rows > 0 {
        return Missing::Nothing;
    }
    // The weight of the rest is known where all weights are.
    let is_weighed = whole.weight_rows == whole.rows && parts.weight_rows == parts.rows;
    let weight = if is_weighed { (whole.net_weight - parts.net_weight).max(0) } else { 0 };
    let has_weight = is_weighed && weight > 0;
    Missing::Part(Sums {
        rows: whole.rows,
        value_rows: 1,
        value,
        weight_rows: i64::from(has_weight),
        net_weight: weight,
        weighed_value: if has_weight { value } else { 0 },
        weighed_weight: weight,
        estimated_value: (whole.estimated_value - parts.estimated_value).clamp(0, value),
        converted_value: (whole.converted_value - parts.converted_value).clamp(0, value),
    })
}
