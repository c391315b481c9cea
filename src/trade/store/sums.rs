//! The small sums kept beside the facts: by pair of countries, and for the world by commodity.

use std::sync::LazyLock;

use crate::store::{Cell, Column, Table};
use crate::trade::model::FlowRow;

/// Exact sums over facts. `weighed_*` are over facts with both a value and a net weight above zero: what a unit value may
/// be made of.
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
        if let (Some(value), Some(weight @ 1..)) = (value, weight) {
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

pub const PAIR_KEY: [Column; 6] = [
    Column("dataset", 2),
    Column("reporter", 2),
    Column("flow", 2),
    Column("period", 4),
    Column("partner", 2),
    Column("cut", 2),
];
pub const WORLD_KEY: [Column; 5] =
    [Column("dataset", 2), Column("flow", 2), Column("detail", 2), Column("period", 4), Column("commodity", 4)];
pub const STRATUM_KEY: [Column; 9] = [
    Column("dataset", 2),
    Column("reporter", 2),
    Column("flow", 2),
    Column("period", 4),
    Column("classification", 2),
    Column("chapter", 2),
    Column("level", 2),
    Column("partner_kind", 2),
    Column("detail_kind", 2),
];

/// Changes to the sums, gathered in temporary tables and applied at once.
pub static DELTA_PAIRS: LazyLock<Table> = LazyLock::new(|| delta("delta_pairs", &PAIR_KEY, &SUM_COLUMNS));
pub static DELTA_WORLD: LazyLock<Table> = LazyLock::new(|| delta("delta_world", &WORLD_KEY, &SUM_COLUMNS));
pub static DELTA_STRATA: LazyLock<Table> = LazyLock::new(|| delta("delta_strata", &STRATUM_KEY, &["rows"]));

fn delta(name: &'static str, key: &[Column], sums: &[&'static str]) -> Table {
    Table::new(name, key.iter().copied().chain(sums.iter().map(|sum| Column(sum, 8))))
}

/// Packs classification and level of a pair's sums.
pub fn cut(classification: i32, level: u32) -> i64 {
    i64::from(classification) * 8 + i64::from(level)
}

/// SQL that adds a delta table to its table of sums.
pub fn apply_sql(target: &str, key: &[Column], delta: &str) -> String {
    let key = key.iter().map(|column| column.0).collect::<Vec<_>>().join(", ");
    let sums = SUM_COLUMNS.join(", ");
    let added = SUM_COLUMNS.map(|sum| format!("CAST(SUM({sum}) AS BIGINT)")).join(", ");
    let updates = SUM_COLUMNS.map(|sum| format!("{sum} = {target}.{sum} + excluded.{sum}")).join(", ");
    format!(
        "INSERT INTO {target} ({key}, {sums}) SELECT {key}, {added} FROM {delta} WHERE 1 = 1 GROUP BY {key} ORDER BY {key}
            ON CONFLICT ({key}) DO UPDATE SET {updates}"
    )
}
