//! The small sums kept beside the facts: by pair of countries, and for the world by commodity.

use std::sync::LazyLock;

use crate::store::{Column, Table};
use crate::trade::sums::SUM_COLUMNS;

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
