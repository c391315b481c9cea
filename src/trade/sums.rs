//! What is added up over facts, exactly.

use super::model::FlowRow;
use crate::value::Cell;

/// Exact sums over facts. `weighed_*` are over facts with both a value above zero and a net weight above zero: what a
/// unit value may be made of. `estimated_value` is the value of facts of which the source estimated a weight or quantity.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Sums {
    pub rows: i64,
    pub value_rows: i64,
    pub value: i64,
    pub weight_rows: i64,
    pub net_weight: i64,
    pub weighed_value: i64,
    pub weighed_weight: i64,
    pub estimated_value: i64,
    pub converted_value: i64,
}

/// Columns of [`Sums`], in order.
pub const SUM_COLUMNS: [&str; 9] = [
    "rows",
    "value_rows",
    "value",
    "weight_rows",
    "net_weight",
    "weighed_value",
    "weighed_weight",
    "estimated_value",
    "converted_value",
];

impl Sums {
    /// Adds a fact, or takes it away with `sign` -1; `None` when a sum leaves 64 bits.
    pub fn count(&mut self, row: &FlowRow, sign: i64) -> Option<()> {
        let mut one = Self::default();
        one.count_small(row, sign);
        self.add(&one)
    }

    fn count_small(&mut self, row: &FlowRow, sign: i64) {
        self.rows += sign;
        let (value, weight) = (row.amounts.value.get(), row.amounts.net_weight.get());
        if let Some(value) = value {
            self.value_rows += sign;
            self.value += sign * value;
            self.estimated_value += if row.flags.is_estimated() { sign * value } else { 0 };
            self.converted_value += if row.flags.is_converted() { sign * value } else { 0 };
        }
        if let Some(weight) = weight {
            self.weight_rows += sign;
            self.net_weight += sign * weight;
        }
        if let (Some(value @ 1..), Some(weight @ 1..)) = (value, weight) {
            self.weighed_value += sign * value;
            self.weighed_weight += sign * weight;
        }
    }

    /// Adds other sums; `None` when a sum leaves 64 bits.
    pub fn add(&mut self, other: &Self) -> Option<()> {
        let mine = self.in_order();
        let theirs = other.in_order();
        let mut sums = [0; SUM_COLUMNS.len()];
        for (index, sum) in sums.iter_mut().enumerate() {
            *sum = mine[index].checked_add(theirs[index])?;
        }
        *self = Self::from_order(sums);
        Some(())
    }

    pub fn in_order(&self) -> [i64; 9] {
        [
            self.rows,
            self.value_rows,
            self.value,
            self.weight_rows,
            self.net_weight,
            self.weighed_value,
            self.weighed_weight,
            self.estimated_value,
            self.converted_value,
        ]
    }

    pub fn from_order(numbers: [i64; 9]) -> Self {
        let [
            rows,
            value_rows,
            value,
            weight_rows,
            net_weight,
            weighed_value,
            weighed_weight,
            estimated_value,
            converted_value,
        ] = numbers;
        Self {
            rows,
            value_rows,
            value,
            weight_rows,
            net_weight,
            weighed_value,
            weighed_weight,
            estimated_value,
            converted_value,
        }
    }

    /// Sums from the cells of a row; unknown (no row at all) is nothing to add.
    pub fn from_cells(cells: &[Cell]) -> Self {
        let mut numbers = [0; SUM_COLUMNS.len()];
        for (number, cell) in numbers.iter_mut().zip(cells) {
            *number = cell.get().unwrap_or(0);
        }
        Self::from_order(numbers)
    }

    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }
}
