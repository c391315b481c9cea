//! Facts as columns of a chunk.

use super::columns::{flag_column, number_column, text_column};
use crate::proto::entrepot::trade::v1 as pb;
use crate::reference::codes;
use crate::trade::model::{Flags, StoredFlow};
use crate::value::Cell;

/// All datasets that are read are in US dollars.
pub const CURRENCY: &str = "USD";

/// Rows as columns.
pub fn chunk(rows: &[StoredFlow], resume_token: String) -> pb::FlowChunk {
    let text = |key: fn(&StoredFlow) -> i64, show: fn(&StoredFlow) -> String| Some(text_column(rows, key, show));
    let number = |cell: fn(&StoredFlow) -> Cell| number_column(rows, cell);
    let flags = |flag: &dyn Fn(Flags) -> Option<bool>| flag_column(rows, |stored: &StoredFlow| flag(stored.row.flags));
    let marked = |mark: u16| flags(&|flags| Some(flags.has(mark)));
    pb::FlowChunk {
        row_count: rows.len() as i32,
        reporter: text(|s| i64::from(s.row.key.reporter_number()), |s| s.row.key.reporter().to_string()),
        flow: text(|s| i64::from(s.row.key.flow_number()), |s| s.row.key.flow().to_string()),
        period: text(
            |s| i64::from(s.row.key.period_number()),
            |s| s.row.key.period().map_or_else(String::new, |period| period.to_string()),
        ),
        partner: text(|s| i64::from(s.row.key.partner_number()), |s| s.row.key.partner().to_string()),
        classification: text(
            |s| i64::from(s.row.key.commodity().classification().number()),
            |s| s.row.key.commodity().classification().name().to_owned(),
        ),
        commodity: text(|s| i64::from(s.row.key.commodity_number()), |s| s.row.key.commodity().to_string()),
        second_partner: text(
            |s| i64::from(s.row.key.variant().second_partner().number()),
            |s| s.row.key.variant().second_partner().to_string(),
        ),
        customs_procedure: text(
            |s| i64::from(s.row.key.variant().procedure()),
            |s| codes::procedure_code(s.row.key.variant().procedure()).to_owned(),
        ),
        mode_of_transport: number(|s| Cell::from(i64::from(s.row.key.variant().mode_of_transport()))),
        mode_of_supply: number(|s| Cell::from(i64::from(s.row.key.variant().mode_of_supply()))),
        value_milli: number(|s| s.row.amounts.value),
        net_weight_gram: number(|s| s.row.amounts.net_weight),
        quantity_milli: number(|s| s.row.amounts.quantity),
        quantity_unit: unit_column(rows, |s| s.row.quantity_unit),
        cif_value_milli: number(|s| s.row.amounts.cif_value),
        fob_value_milli: number(|s| s.row.amounts.fob_value),
        gross_weight_gram: number(|s| s.row.amounts.gross_weight),
        alternative_quantity_milli: number(|s| s.row.amounts.alt_quantity),
        alternative_quantity_unit: unit_column(rows, |s| s.row.alt_unit),
        quantity_estimated: marked(Flags::QUANTITY_ESTIMATED),
        alternative_quantity_estimated: marked(Flags::ALT_QUANTITY_ESTIMATED),
        net_weight_estimated: marked(Flags::NET_WEIGHT_ESTIMATED),
        gross_weight_estimated: marked(Flags::GROSS_WEIGHT_ESTIMATED),
        reported: flags(&|flags| flags.maybe(Flags::REPORTED, Flags::REPORTED_KNOWN)),
        aggregate: flags(&|flags| flags.maybe(Flags::AGGREGATE, Flags::AGGREGATE_KNOWN)),
        original_classification: flags(&|flags| flags.maybe(Flags::ORIGINAL, Flags::ORIGINAL_KNOWN)),
        legacy_estimation_flag: number(|s| Cell::new(s.row.flags.legacy().map(i64::from))),
        release: number(|s| Cell::from(s.release)),
        // One dataset answers as yet.
        source_index: None,
        currency_code: CURRENCY.to_owned(),
        resume_token,
        names: None,
    }
}

fn unit_column(rows: &[StoredFlow], unit: impl Fn(&StoredFlow) -> u8) -> Option<pb::TextColumn> {
    if rows.iter().all(|row| unit(row) == 0) {
        return None;
    }
    let show = |row: &StoredFlow| codes::unit_abbreviation(unit(row)).to_owned();
    Some(text_column(rows, |row| i64::from(unit(row)), show))
}
