//! Facts as columns of a chunk.

use std::collections::HashMap;

use crate::proto::entrepot::trade::v1 as pb;
use crate::reference::codes;
use crate::trade::model::StoredFlow;
use crate::value::Cell;

/// Rows as columns.
pub fn chunk(rows: &[StoredFlow], resume_token: String) -> pb::FlowChunk {
    let text = |key: fn(&StoredFlow) -> i64, show: fn(&StoredFlow) -> String| Some(text_column(rows, key, show));
    let number = |cell: fn(&StoredFlow) -> Cell| number_column(rows, cell);
    pb::FlowChunk {
        rows: rows.len() as i32,
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
        detail: text(
            |s| i64::from(s.row.key.variant().number()),
            |s| {
                let variant = s.row.key.variant();
                let procedure = codes::procedure_code(variant.procedure());
                let (transport, supply) = (variant.mode_of_transport(), variant.mode_of_supply());
                format!("{}/{procedure}/{transport}/{supply}", variant.second_partner())
            },
        ),
        value_milli_usd: number(|s| s.row.amounts.value),
        net_weight_gram: number(|s| s.row.amounts.net_weight),
        quantity_milli: number(|s| s.row.amounts.quantity),
        quantity_unit: unit_column(rows, |s| s.row.quantity_unit),
        cif_value_milli_usd: number(|s| s.row.amounts.cif_value),
        fob_value_milli_usd: number(|s| s.row.amounts.fob_value),
        gross_weight_gram: number(|s| s.row.amounts.gross_weight),
        alternative_quantity_milli: number(|s| s.row.amounts.alt_quantity),
        alternative_quantity_unit: unit_column(rows, |s| s.row.alt_unit),
        flags: number(|s| Cell::new(Some(i64::from(s.row.flags.number())).filter(|flags| *flags != 0))),
        release: number(|s| Cell::from(s.release)),
        resume_token,
    }
}

fn text_column(
    rows: &[StoredFlow],
    key: impl Fn(&StoredFlow) -> i64,
    show: impl Fn(&StoredFlow) -> String,
) -> pb::TextColumn {
    let mut dictionary = Vec::new();
    let mut positions: HashMap<i64, u32> = HashMap::new();
    let mut indexes = Vec::with_capacity(rows.len());
    // Sorted rows mostly repeat their neighbour's text.
    let mut newest: Option<(i64, u32)> = None;
    for row in rows {
        let number = key(row);
        let index = match newest {
            Some((same, index)) if same == number => index,
            _ => *positions.entry(number).or_insert_with(|| {
                dictionary.push(show(row));
                (dictionary.len() - 1) as u32
            }),
        };
        newest = Some((number, index));
        indexes.push(index);
    }
    pb::TextColumn { dictionary, indexes }
}

fn unit_column(rows: &[StoredFlow], unit: impl Fn(&StoredFlow) -> u8) -> Option<pb::TextColumn> {
    if rows.iter().all(|row| unit(row) == 0) {
        return None;
    }
    let show = |row: &StoredFlow| codes::unit_abbreviation(unit(row)).to_owned();
    Some(text_column(rows, |row| i64::from(unit(row)), show))
}

fn number_column(rows: &[StoredFlow], cell: impl Fn(&StoredFlow) -> Cell) -> Option<pb::NumberColumn> {
    let mut values = Vec::with_capacity(rows.len());
    let mut known = vec![0_u8; rows.len().div_ceil(8)];
    let mut count = 0;
    for (index, row) in rows.iter().enumerate() {
        let value = cell(row).get();
        values.push(value.unwrap_or(0));
        if value.is_some() {
            known[index / 8] |= 1 << (index % 8);
            count += 1;
        }
    }
    if count == 0 {
        return None;
    }
    let known = if count == rows.len() { Vec::new() } else { known };
    Some(pb::NumberColumn { values, known: known.into() })
}
