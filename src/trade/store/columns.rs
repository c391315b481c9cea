//! The columns of the flow tables, and rows of integers as facts.

use std::sync::LazyLock;

use crate::store::{Cell, Column, Table};
use crate::trade::model::{Amounts, Flags, FlowKey, FlowRow};

/// The key, in the store's order.
pub const KEY: &str = "dataset, reporter, flow, period, partner, commodity, variant";

/// Columns of `flows` in the order in which we read and write them, with their widths on PostgreSQL.
pub const FLOW_COLUMNS: [Column; 18] = [
    Column("dataset", 2),
    Column("reporter", 2),
    Column("flow", 2),
    Column("period", 4),
    Column("partner", 2),
    Column("commodity", 4),
    Column("variant", 4),
    Column("release", 4),
    Column("value", 8),
    Column("net_weight", 8),
    Column("quantity", 8),
    Column("cif_value", 8),
    Column("fob_value", 8),
    Column("gross_weight", 8),
    Column("alt_quantity", 8),
    Column("quantity_unit", 2),
    Column("alt_unit", 2),
    Column("flags", 2),
];

/// `dataset, reporter, ...`, all columns of a fact.
pub static FLOW_LIST: LazyLock<String> = LazyLock::new(|| FLOW_COLUMNS.map(|column| column.0).join(", "));

pub static FLOWS: LazyLock<Table> = LazyLock::new(|| Table::new("flows", FLOW_COLUMNS));
pub static HISTORY: LazyLock<Table> =
    LazyLock::new(|| Table::new("flow_history", FLOW_COLUMNS.into_iter().chain([Column("until_release", 4)])));

/// A fact and the release that brought it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StoredFlow {
    pub row: FlowRow,
    pub release: i64,
}

/// Cells of a fact, in the order of [`FLOW_COLUMNS`].
pub fn cells(dataset: i64, release: i64, row: &FlowRow) -> [Cell; 18] {
    let key = row.key;
    let [value, net_weight, quantity, cif, fob, gross, alt_quantity] = row.amounts.in_order();
    let unless_zero = |number: i64| Cell::new((number != 0).then_some(number));
    [
        Cell::from(dataset),
        Cell::from(i64::from(key.reporter_number())),
        Cell::from(i64::from(key.flow_number())),
        Cell::from(i64::from(key.period_number())),
        Cell::from(i64::from(key.partner_number())),
        Cell::from(i64::from(key.commodity_number())),
        Cell::from(i64::from(key.variant().number())),
        Cell::from(release),
        value,
        net_weight,
        quantity,
        cif,
        fob,
        gross,
        alt_quantity,
        unless_zero(i64::from(row.quantity_unit)),
        unless_zero(i64::from(row.alt_unit)),
        unless_zero(i64::from(row.flags.number())),
    ]
}

/// A fact from the cells of a row, in the order of [`FLOW_COLUMNS`].
pub fn stored_flow(cells: &[Cell]) -> StoredFlow {
    let number = |index: usize| cells[index].known();
    let key = (u128::from(number(1) as u16) << 112)
        | (u128::from(number(2) as u8) << 104)
        | (u128::from(number(3) as u32 & 0xff_ffff) << 80)
        | (u128::from(number(4) as u16) << 64)
        | (u128::from(number(5) as u32) << 32)
        | u128::from(number(6) as u32);
    let small = |index: usize| cells[index].get().unwrap_or(0);
    let row = FlowRow {
        key: FlowKey::from_number(key),
        amounts: Amounts::from_order([cells[8], cells[9], cells[10], cells[11], cells[12], cells[13], cells[14]]),
        quantity_unit: small(15) as u8,
        alt_unit: small(16) as u8,
        flags: Flags::from_number(small(17) as u16),
    };
    StoredFlow { row, release: number(7) }
}
