//! The columns of the flow tables, and rows of integers as facts.

use std::sync::LazyLock;

use super::entity::{flow, flow_history};
use crate::store::Table;
use crate::trade::model::{Amounts, Flags, FlowKey, FlowRow, StoredFlow};
use crate::value::Cell;

/// The key, in the store's order.
pub const KEY: &str = "dataset, reporter, flow, period, partner, commodity, variant";

/// How many columns a fact has, in the order in which we read and write them: that of [`flow::Model`].
pub const FLOW_WIDTH: usize = 18;

pub static FLOWS: LazyLock<Table> = LazyLock::new(Table::of::<flow::Entity>);
pub static HISTORY: LazyLock<Table> = LazyLock::new(Table::of::<flow_history::Entity>);

/// `dataset, reporter, ...`, all columns of a fact.
pub static FLOW_LIST: LazyLock<String> = LazyLock::new(|| FLOWS.names());

/// Cells of a fact, in the order of [`FLOWS`].
pub fn cells(dataset: i64, release: i64, row: &FlowRow) -> [Cell; FLOW_WIDTH] {
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

/// A fact from the cells of a row, in the order of [`FLOWS`].
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

#[cfg(test)]
mod tests {
    use super::super::entity::{flow_pair, flow_stratum, flow_world};
    use super::super::sums::{PAIR_KEY, STRATUM_KEY, WORLD_KEY};
    use super::*;
    use crate::store::Column;
    use crate::trade::sums::SUM_COLUMNS;

    #[test]
    fn entities_have_the_columns_that_are_read_and_written() {
        assert_eq!(FLOWS.columns().len(), FLOW_WIDTH);
        assert!(FLOW_LIST.starts_with(KEY));
        assert_eq!(HISTORY.names(), format!("{}, until_release", *FLOW_LIST));
        let named = |key: &[Column], sums: &[&str]| {
            key.iter().map(|column| column.0).chain(sums.iter().copied()).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(Table::of::<flow_pair::Entity>().names(), named(&PAIR_KEY, &SUM_COLUMNS));
        assert_eq!(Table::of::<flow_world::Entity>().names(), named(&WORLD_KEY, &SUM_COLUMNS));
        assert!(Table::of::<flow_stratum::Entity>().names().starts_with(&named(&STRATUM_KEY, &[])));
    }
}
