//! Facts as chunks of columns, with a running checksum.

use std::collections::HashMap;

use crate::proto::entrepot::trade::v1 as pb;
use crate::reference::codes;
use crate::store::Cell;

use crate::trade::model::FlowKey;
use crate::trade::store::columns::StoredFlow;

/// What has gone out so far; travels in the resume token so that the end covers the whole stream.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Progress {
    pub rows: i64,
    pub value_checksum: u32,
    pub net_weight_checksum: u32,
    pub last: Option<FlowKey>,
}

impl Progress {
    /// Takes the rows of a chunk into account.
    pub fn add(&mut self, rows: &[StoredFlow]) {
        self.rows += rows.len() as i64;
        self.value_checksum = checksum(self.value_checksum, rows, |stored| stored.row.amounts.value);
        self.net_weight_checksum = checksum(self.net_weight_checksum, rows, |stored| stored.row.amounts.net_weight);
        self.last = rows.last().map_or(self.last, |stored| Some(stored.row.key));
    }

    pub fn to_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(32);
        bytes.extend_from_slice(&self.rows.to_le_bytes());
        bytes.extend_from_slice(&self.value_checksum.to_le_bytes());
        bytes.extend_from_slice(&self.net_weight_checksum.to_le_bytes());
        bytes.extend_from_slice(&self.last.map_or(0, FlowKey::number).to_le_bytes());
        bytes
    }

    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (rows, rest) = bytes.split_first_chunk()?;
        let (value, rest) = rest.split_first_chunk()?;
        let (net_weight, rest) = rest.split_first_chunk()?;
        let (last, _) = rest.split_first_chunk()?;
        Some(Self {
            rows: i64::from_le_bytes(*rows),
            value_checksum: u32::from_le_bytes(*value),
            net_weight_checksum: u32::from_le_bytes(*net_weight),
            last: Some(FlowKey::from_number(u128::from_le_bytes(*last))),
        })
    }
}

fn checksum(so_far: u32, rows: &[StoredFlow], column: impl Fn(&StoredFlow) -> Cell) -> u32 {
    let mut bytes = Vec::with_capacity(rows.len() * 8);
    for stored in rows {
        bytes.extend_from_slice(&column(stored).get().unwrap_or(0).to_le_bytes());
    }
    // Goes on where the part before ended: CRC-32 is a running sum.
    let mut hasher = crc32fast::Hasher::new_with_initial(so_far);
    hasher.update(&bytes);
    hasher.finalize()
}

/// Rows as columns. The resume token is put in by the caller.
pub fn chunk(rows: &[StoredFlow]) -> pb::FlowChunk {
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
        resume_token: String::new(),
    }
}

fn text_column(
    rows: &[StoredFlow],
    key: impl Fn(&StoredFlow) -> i64,
    show: impl Fn(&StoredFlow) -> String,
) -> pb::TextColumn {
    let mut dictionary = Vec::new();
    let mut places: HashMap<i64, u32> = HashMap::new();
    let mut indexes = Vec::with_capacity(rows.len());
    // Sorted rows mostly repeat their neighbour's text.
    let mut newest: Option<(i64, u32)> = None;
    for row in rows {
        let number = key(row);
        let index = match newest {
            Some((same, index)) if same == number => index,
            _ => *places.entry(number).or_insert_with(|| {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resume_state_survives_its_token() {
        let progress = Progress {
            rows: 12_345,
            value_checksum: 0xdead_beef,
            net_weight_checksum: 7,
            last: Some(FlowKey::from_number(u128::MAX / 3)),
        };
        assert_eq!(Progress::from_bytes(&progress.to_bytes()), Some(progress));
        assert_eq!(Progress::from_bytes(b"short"), None);
    }
}
