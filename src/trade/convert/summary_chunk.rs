//! Groups of a summary as columns of a chunk.

use super::chunk::CURRENCY;
use super::columns::{flag_column, number_column, text_column};
use crate::proto::entrepot::trade::v1 as pb;
use crate::reference::codes;
use crate::trade::answer::stream_summary::{net_weight, value};
use crate::trade::query::{Dimension, KeyPart, SummaryQuery};
use crate::trade::summary::Row;
use crate::value::Cell;

/// Groups as columns. What a rest adds up has no key but its period.
pub fn summary_chunk(query: &SummaryQuery, has_total: bool, rows: &[Row], resume_token: String) -> pb::SummaryChunk {
    let number = |cell: fn(&Row) -> Cell| number_column(rows, cell);
    let count = |count: fn(&Row) -> i64| number_column(rows, |row| Cell::from(count(row)));
    let column = |is_wanted: fn(&Dimension) -> bool, show: fn(&KeyPart) -> String| {
        let place = query.group_by.iter().position(is_wanted)?;
        let text = |row| part_at(row, place).map_or_else(String::new, show);
        Some(text_column(rows, |row| part_at(row, place), text))
    };
    let has_period = query.period().is_some();
    let period = |row| period_of(row).map_or_else(String::new, text_of);
    let has_rest = rows.iter().any(|row| row.rest_groups.is_some());
    pb::SummaryChunk {
        row_count: rows.len() as i32,
        period: has_period.then(|| text_column(rows, period_of, period)),
        reporter: column(|dimension| *dimension == Dimension::Reporter, text_of),
        partner: column(|dimension| *dimension == Dimension::Partner, text_of),
        classification: column(|dimension| *dimension == Dimension::Commodity, classification_of),
        commodity: column(|dimension| *dimension == Dimension::Commodity, text_of),
        flow: column(|dimension| *dimension == Dimension::Flow, text_of),
        mode_of_transport: query.group_by.iter().position(|dimension| *dimension == Dimension::Mode).and_then(
            |place| {
                number_column(rows, |row| match part_at(row, place) {
                    Some(KeyPart::Mode(mode)) => Cell::from(i64::from(*mode)),
                    _ => Cell::UNKNOWN,
                })
            },
        ),
        customs_procedure: column(|dimension| *dimension == Dimension::Procedure, text_of),
        rest: flag_column(rows, |row| Some(row.rest_groups.is_some())),
        rest_group_count: has_rest
            .then(|| number_column(rows, |row| Cell::new(row.rest_groups.map(|groups| groups as i64))))
            .flatten(),
        not_detailed: flag_column(rows, |row| Some(row.is_not_detailed)),
        value_milli: number(value),
        net_weight_gram: number(net_weight),
        weighed_value_milli: count(|row| row.sums.weighed_value),
        weighed_net_weight_gram: count(|row| row.sums.weighed_weight),
        fact_count: count(|row| row.sums.rows),
        value_fact_count: count(|row| row.sums.value_rows),
        net_weight_fact_count: count(|row| row.sums.weight_rows),
        period_value_milli: has_total.then(|| number(|row| Cell::new(row.period_value))).flatten(),
        periods_expected: count(|row| row.reports.expected as i64),
        periods_reported: count(|row| row.reports.reported as i64),
        // One dataset answers as yet.
        source_index: None,
        currency_code: CURRENCY.to_owned(),
        resume_token,
    }
}

fn part_at(row: &Row, place: usize) -> Option<&KeyPart> {
    row.key.get(place).filter(|_| row.rest_groups.is_none())
}

fn period_of(row: &Row) -> Option<&KeyPart> {
    row.key.iter().find(|part| matches!(part, KeyPart::Period(_)))
}

fn classification_of(part: &KeyPart) -> String {
    match part {
        KeyPart::Commodity(code) => code.classification().name().to_owned(),
        _ => String::new(),
    }
}

fn text_of(part: &KeyPart) -> String {
    match part {
        KeyPart::Period(period) => period.to_string(),
        KeyPart::Area(area) => area.to_string(),
        KeyPart::Group(name) => name.clone(),
        KeyPart::Commodity(code) => code.to_string(),
        KeyPart::Flow(flow) => flow.to_string(),
        KeyPart::Mode(mode) => mode.to_string(),
        KeyPart::Procedure(procedure) => codes::procedure_code(*procedure).to_owned(),
    }
}
