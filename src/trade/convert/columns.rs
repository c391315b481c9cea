//! Columns of chunks, of rows of any kind.

use std::collections::HashMap;
use std::hash::Hash;

use foldhash::fast::RandomState;

use crate::proto::entrepot::trade::v1 as pb;
use crate::value::Cell;

/// A column of texts; `key` tells those apart that `show` writes.
pub fn text_column<'a, Row, Key: Copy + Eq + Hash>(
    rows: &'a [Row],
    key: impl Fn(&'a Row) -> Key,
    show: impl Fn(&'a Row) -> String,
) -> pb::TextColumn {
    let mut dictionary = Vec::new();
    let mut positions: HashMap<Key, u32, RandomState> = HashMap::default();
    let mut indexes = Vec::with_capacity(rows.len());
    // Sorted rows mostly repeat their neighbour's text.
    let mut newest: Option<(Key, u32)> = None;
    for row in rows {
        let key = key(row);
        let index = match newest {
            Some((same, index)) if same == key => index,
            _ => *positions.entry(key).or_insert_with(|| {
                dictionary.push(show(row));
                (dictionary.len() - 1) as u32
            }),
        };
        newest = Some((key, index));
        indexes.push(index);
    }
    pb::TextColumn { dictionary, indexes }
}

/// A column of numbers; `None` where all are unknown.
pub fn number_column<Row>(rows: &[Row], cell: impl Fn(&Row) -> Cell) -> Option<pb::NumberColumn> {
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

/// A column of answers; `None` where each is a known no.
pub fn flag_column<Row>(rows: &[Row], flag: impl Fn(&Row) -> Option<bool>) -> Option<pb::FlagColumn> {
    let (mut values, mut known) = (vec![0_u8; rows.len().div_ceil(8)], vec![0_u8; rows.len().div_ceil(8)]);
    let (mut yes, mut told) = (0, 0);
    for (index, row) in rows.iter().enumerate() {
        let Some(flag) = flag(row) else { continue };
        known[index / 8] |= 1 << (index % 8);
        told += 1;
        if flag {
            values[index / 8] |= 1 << (index % 8);
            yes += 1;
        }
    }
    if yes == 0 && told == rows.len() {
        return None;
    }
    let all_unknown = told == 0;
    let is_known_throughout = told == rows.len() || all_unknown;
    Some(pb::FlagColumn {
        values: if yes == 0 { Vec::new() } else { values }.into(),
        known: if is_known_throughout { Vec::new() } else { known }.into(),
        all_unknown,
    })
}
