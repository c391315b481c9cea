//! Groups of a summary as columns of a chunk.

use super::chunk::CURRENCY;
use super::columns::{flag_column, number_column, text_column};
use crate::proto::entrepot::trade::v1 as pb;
use crate::reference::codes;
use crate::trade::answer::stream_summary::{net_weight, value};
use crate::trade::key::Place;
use crate::trade::query::{Dimension, KeyPart, SummaryQuery};
use crate::trade::summary::Row;
use crate::value::Cell;

/// Groups as columns. What a rest adds up has no key but its period.
pub fn summary_chunk(query: &SummaryQuery, has_total: bool, rows: &[Row], resume_token: String) -> pb::SummaryChunk {
    let number = |cell: fn(&Row) -> Cell| number_column(rows, cell);
    let count = |count: fn(&Row) -> i64| number_column(rows, |row| Cell::from(count(row)));
    let column = |place: Option<Place>, show: fn(KeyPart<'_>) -> String| {
        let place = place?;
        let text = |row: &Row| row.key.part(query, place).map_or_else(String::new, show);
        Some(text_column(rows, |row| row.key.field(place), text))
    };
    let (period, commodity) = (Place::of_period(query), Place::of(query, Dimension::Commodity));
    let has_rest = rows.iter().any(|row| row.rest_groups.is_some());
    pb::SummaryChunk {
        row_count: rows.len() as i32,
        period: column(period, text_of),
        reporter: column(Place::of(query, Dimension::Reporter), text_of),
        partner: column(Place::of(query, Dimension::Partner), text_of),
        classification: classification_column(query, rows),
        commodity: column(commodity, text_of),
        flow: column(Place::of(query, Dimension::Flow), text_of),
        mode_of_transport: Place::of(query, Dimension::Mode).and_then(|place| {
            number_column(rows, |row| match row.key.part(query, place) {
                Some(KeyPart::Mode(mode)) => Cell::from(i64::from(mode)),
                _ => Cell::UNKNOWN,
            })
        }),
        customs_procedure: column(Place::of(query, Dimension::Procedure), text_of),
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

/// The classification of each row's code.
fn classification_column(query: &SummaryQuery, rows: &[Row]) -> Option<pb::TextColumn> {
    let place = Place::of(query, Dimension::Commodity)?;
    let classification = |row: &Row| match row.key.part(query, place) {
        Some(KeyPart::Commodity(code)) => Some(code.classification()),
        _ => None,
    };
    let name = |row: &Row| classification(row).map_or_else(String::new, |found| found.name().to_owned());
    Some(text_column(rows, classification, name))
}

fn text_of(part: KeyPart<'_>) -> String {
    match part {
        KeyPart::Period(period) => period.to_string(),
        KeyPart::Area(area) => area.to_string(),
        KeyPart::Group(name) => name.to_owned(),
        KeyPart::Commodity(code) => code.to_string(),
        KeyPart::Flow(flow) => flow.to_string(),
        KeyPart::Mode(mode) => mode.to_string(),
        KeyPart::Procedure(procedure) => codes::procedure_code(procedure).to_owned(),
    }
}
