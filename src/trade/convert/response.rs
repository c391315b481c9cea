//! Facts, sums and where they come from to messages.

use std::collections::BTreeMap;

use super::chunk::{CURRENCY, chunk};
use super::summary_chunk::summary_chunk;
use crate::proto::entrepot::trade::v1 as pb;
use crate::proto::entrepot::r#type::v1 as types;
use crate::reference::codes;
use crate::register::{Catalog, Valuation};
use crate::rpc::wire::{self, decimal, emptiness, thousandths, valuation};
use crate::trade::answer::compare_mirror::{self, MirrorRow, Side};
use crate::trade::answer::estimate_query;
use crate::trade::answer::stream_flows::{End, Origin, Part};
use crate::trade::answer::stream_summary;
use crate::trade::answer::summarize_flows::{self, SummaryAnswer};
use crate::trade::answer::{Answered, list_flows};
use crate::trade::level::Level;
use crate::trade::model::{Flags, StoredFlow};
use crate::trade::query::{Dimension, KeyPart, Plan};
use crate::trade::select::Selection;
use crate::trade::summary::Row;
use crate::trade::sums::Sums;
use crate::value::{Cell, Frequency, exact};

pub fn list_flows(answer: list_flows::Answer) -> pb::ListFlowsResponse {
    let mut response = pb::ListFlowsResponse {
        next_page_token: answer.next_page_token,
        emptiness: answer.emptiness.as_ref().map(emptiness),
        ..Default::default()
    };
    let catalog = &answer.answered.knowledge.catalog;
    if let Ok((selection, page)) = &answer.answered.result {
        response.flows = flows(&page.rows, catalog);
        response.provenance = Some(provenance(catalog, selection));
        response.basis = Some(basis(selection, page.level.as_ref(), None));
    }
    response
}

/// A part of a stream.
pub fn stream_flows(part: Part<'_>) -> pb::StreamFlowsResponse {
    let part = match part {
        Part::Chunk { rows, resume_token } => pb::stream_flows_response::Part::Chunk(chunk(rows, resume_token)),
        Part::End(End { progress, origin, emptiness: nothing }) => {
            let (provenance, basis) = origin
                .map(|(knowledge, selection, level): &Origin| {
                    (provenance(&knowledge.catalog, selection), basis(selection, level.as_ref(), None))
                })
                .unzip();
            pb::stream_flows_response::Part::End(pb::FlowStreamEnd {
                row_count: progress.rows,
                value_checksum: progress.value_checksum,
                net_weight_checksum: progress.net_weight_checksum,
                provenance,
                basis,
                emptiness: nothing.as_ref().map(emptiness),
            })
        }
    };
    pb::StreamFlowsResponse { part: Some(part) }
}

pub fn summarize_flows(answer: &summarize_flows::Answer) -> pb::SummarizeFlowsResponse {
    let mut response = pb::SummarizeFlowsResponse {
        emptiness: answer.emptiness.as_ref().map(emptiness),
        currency_code: CURRENCY.to_owned(),
        ..Default::default()
    };
    (response.provenance, response.basis) = grounds(&answer.answered);
    if let Ok((_, found)) = &answer.answered.result {
        let wire = |row: &Row| {
            let mut wire = summary_row(row);
            put_key(&mut wire, row.key.parts(&answer.question.query));
            wire
        };
        response.rows = found.summary.rows.iter().map(wire).collect();
        response.total = total(answer);
    }
    response
}

/// A part of a stream of groups.
pub fn stream_summary(part: stream_summary::Part<'_>) -> pb::StreamSummaryResponse {
    let part = match part {
        stream_summary::Part::Chunk { rows, answer, resume_token } => {
            let has_total = total(answer).is_some();
            let chunk = summary_chunk(&answer.question.query, has_total, rows, resume_token);
            pb::stream_summary_response::Part::Chunk(chunk)
        }
        stream_summary::Part::End { progress, answer } => {
            let (provenance, basis) = grounds(&answer.answered);
            pb::stream_summary_response::Part::End(pb::SummaryStreamEnd {
                row_count: progress.rows as i64,
                value_checksum: progress.value_checksum,
                net_weight_checksum: progress.net_weight_checksum,
                total: total(answer),
                provenance,
                emptiness: answer.emptiness.as_ref().map(emptiness),
                basis,
            })
        }
    };
    pb::StreamSummaryResponse { part: Some(part) }
}

/// The total of all groups, where they do not overlap.
fn total(answer: &summarize_flows::Answer) -> Option<pb::SummaryRow> {
    let (_, found) = answer.answered.result.as_ref().ok()?;
    let summary = &found.summary;
    (summary.total.sums.rows > 0 && !summary.has_no_total).then(|| summary_row(&summary.total))
}

/// Where the sums come from, and what they rest on.
fn grounds(answered: &Answered<SummaryAnswer>) -> (Option<types::Provenance>, Option<pb::FlowBasis>) {
    let Ok((selection, answer)) = &answered.result else { return (None, None) };
    let basis = basis(selection, Some(&answer.level), Some(&answer.summary.total.sums));
    (Some(provenance(&answered.knowledge.catalog, selection)), Some(basis))
}

pub fn compare_mirror(answer: &compare_mirror::Answer) -> pb::CompareMirrorResponse {
    let (exporter_provenance, exporter_basis) = grounds(&answer.exporter);
    let (importer_provenance, importer_basis) = grounds(&answer.importer);
    pb::CompareMirrorResponse {
        exporter_provenance,
        exporter_basis,
        importer_provenance,
        importer_basis,
        currency_code: CURRENCY.to_owned(),
        cif_fob_factor: answer.factor.map(|factor| decimal(exact::scaled(i128::from(factor.0), 6))),
        rows: answer.rows.iter().map(mirror_row).collect(),
        emptiness: answer.emptiness.as_ref().map(emptiness),
        // Put in by the service, where they are asked for.
        names: None,
    }
}

fn mirror_row(compared: &MirrorRow) -> pb::MirrorRow {
    let mut row = pb::MirrorRow {
        exporter: Some(mirror_side(&compared.exporter)),
        importer: Some(mirror_side(&compared.importer)),
        gap: compared.gap.map(thousandths),
        ratio: compared.ratio.clone().map(decimal),
        ..pb::MirrorRow::default()
    };
    row.period = compared.period.map_or_else(String::new, |period| period.to_string());
    if let Some(code) = compared.commodity {
        row.classification = Some(code.classification().name().to_owned());
        row.commodity = Some(code.to_string());
    }
    row
}

fn mirror_side(side: &Side) -> pb::MirrorSide {
    match side {
        Err(nothing) => pb::MirrorSide { emptiness: Some(emptiness(nothing)), ..pb::MirrorSide::default() },
        Ok(row) => pb::MirrorSide {
            value: (row.sums.value_rows > 0).then(|| thousandths(row.sums.value)),
            net_weight_kg: (row.sums.weight_rows > 0).then(|| thousandths(row.sums.net_weight)),
            row_count: row.sums.rows,
            periods_expected: row.reports.expected as i32,
            periods_reported: row.reports.reported as i32,
            emptiness: None,
        },
    }
}

/// How a question is answered.
pub fn plan(plan: Option<Plan>) -> pb::Plan {
    match plan {
        None => pb::Plan::Nothing,
        Some(Plan::Cube) => pb::Plan::Cube,
        Some(Plan::Pairs | Plan::World) => pb::Plan::Rollup,
        Some(Plan::Facts) => pb::Plan::Facts,
        Some(Plan::History) => pb::Plan::History,
    }
}

pub fn estimate_query(answer: estimate_query::Answer) -> pb::EstimateQueryResponse {
    pb::EstimateQueryResponse {
        max_row_count: answer.rows_max,
        estimated_row_count: answer.rows_estimated,
        report_count: answer.reports,
        plan: plan(answer.plan).into(),
        estimated_byte_count: answer.bytes_estimated,
        dataset: answer.dataset,
        emptiness: answer.emptiness.as_ref().map(emptiness),
    }
}

/// Facts with every field.
fn flows(rows: &[StoredFlow], catalog: &Catalog) -> Vec<pb::Flow> {
    let mut releases: BTreeMap<i64, String> = BTreeMap::new();
    rows.iter()
        .map(|stored| {
            let release = releases.entry(stored.release).or_insert_with(|| catalog.release_name(stored.release));
            flow(stored, release)
        })
        .collect()
}

fn flow(stored: &StoredFlow, release: &str) -> pb::Flow {
    let row = &stored.row;
    let key = row.key;
    let amounts = row.amounts;
    let commodity = key.commodity();
    let known = |cell: Cell| cell.get().map(thousandths);
    let quantity = |cell: Cell, unit: u8| Some(quantity_of(cell.get()?, unit));
    pb::Flow {
        // One dataset answers as yet.
        source_index: 0,
        release: release.to_owned(),
        reporter: key.reporter().code().to_owned(),
        flow: key.flow().code().to_owned(),
        period: key.period().map_or_else(String::new, |period| period.to_string()),
        partner: key.partner().code().to_owned(),
        classification: commodity.classification().name().to_owned(),
        commodity: commodity.to_string(),
        second_partner: key.variant().second_partner().code().to_owned(),
        customs_procedure: codes::procedure_code(key.variant().procedure()).to_owned(),
        mode_of_transport: i32::from(key.variant().mode_of_transport()),
        mode_of_supply: i32::from(key.variant().mode_of_supply()),
        value: known(amounts.value),
        cif_value: known(amounts.cif_value),
        fob_value: known(amounts.fob_value),
        net_weight_kg: known(amounts.net_weight),
        gross_weight_kg: known(amounts.gross_weight),
        quantity: quantity(amounts.quantity, row.quantity_unit),
        quantity_estimated: row.flags.has(Flags::QUANTITY_ESTIMATED),
        alternative_quantity: quantity(amounts.alt_quantity, row.alt_unit),
        alternative_quantity_estimated: row.flags.has(Flags::ALT_QUANTITY_ESTIMATED),
        net_weight_estimated: row.flags.has(Flags::NET_WEIGHT_ESTIMATED),
        gross_weight_estimated: row.flags.has(Flags::GROSS_WEIGHT_ESTIMATED),
        reported: row.flags.maybe(Flags::REPORTED, Flags::REPORTED_KNOWN),
        aggregate: row.flags.maybe(Flags::AGGREGATE, Flags::AGGREGATE_KNOWN),
        original_classification: row.flags.maybe(Flags::ORIGINAL, Flags::ORIGINAL_KNOWN),
        legacy_estimation_flag: row.flags.legacy().map(i32::from),
    }
}

/// Thousandths of a unit of the classifications.
fn quantity_of(amount: i64, unit: u8) -> types::Quantity {
    wire::quantity(exact::thousandths(amount), codes::unit_abbreviation(unit))
}

/// One row of a summary.
fn summary_row(row: &Row) -> pb::SummaryRow {
    let sums = &row.sums;
    let mut wire = pb::SummaryRow {
        rest: row.rest_groups.is_some(),
        rest_group_count: row.rest_groups.unwrap_or(0) as i64,
        value: (sums.value_rows > 0).then(|| thousandths(sums.value)),
        net_weight_kg: (sums.weight_rows > 0).then(|| thousandths(sums.net_weight)),
        unit_value_per_kg: exact::ratio(i128::from(sums.weighed_value), i128::from(sums.weighed_weight)).map(decimal),
        row_count: sums.rows,
        value_row_count: sums.value_rows,
        net_weight_row_count: sums.weight_rows,
        share: (sums.value_rows > 0)
            .then(|| row.period_value.and_then(|all| exact::ratio(i128::from(sums.value), i128::from(all))))
            .flatten()
            .map(decimal),
        periods_expected: row.reports.expected as i32,
        periods_reported: row.reports.reported as i32,
        levels: row.reports.levels.clone(),
        not_detailed: row.is_not_detailed,
        ..pb::SummaryRow::default()
    };
    wire.quantities = row
        .quantities
        .iter()
        .map(|quantity| pb::QuantitySum {
            quantity: Some(quantity_of(quantity.amount, quantity.unit)),
            row_count: quantity.rows,
            without_net_weight: (quantity.unweighed_rows > 0).then(|| thousandths(quantity.unweighed_amount)),
            without_net_weight_row_count: quantity.unweighed_rows,
        })
        .collect();
    wire
}

/// Puts a row's key into its fields.
fn put_key<'a>(wire: &mut pb::SummaryRow, parts: impl Iterator<Item = (Dimension, KeyPart<'a>)>) {
    for (dimension, part) in parts {
        match part {
            KeyPart::Area(area) if dimension == Dimension::Reporter => wire.reporter = Some(area.code().to_owned()),
            KeyPart::Group(name) if dimension == Dimension::Reporter => wire.reporter = Some(name.to_owned()),
            KeyPart::Area(area) => wire.partner = Some(area.code().to_owned()),
            KeyPart::Group(name) => wire.partner = Some(name.to_owned()),
            KeyPart::Period(period) => wire.period = Some(period.to_string()),
            KeyPart::Commodity(code) => {
                wire.classification = Some(code.classification().name().to_owned());
                wire.commodity = Some(code.to_string());
            }
            KeyPart::Flow(flow) => wire.flow = Some(flow.to_string()),
            KeyPart::Mode(mode) => wire.mode_of_transport = Some(i32::from(mode)),
            KeyPart::Procedure(number) => wire.customs_procedure = Some(codes::procedure_code(number).to_owned()),
        }
    }
}

pub(super) fn provenance(catalog: &Catalog, selection: &Selection) -> types::Provenance {
    let mut notes = selection.notes.clone();
    if selection.dataset.spec.valuation == Valuation::AsReported {
        notes.push("values as the reporters published them: usually imports CIF and exports FOB".into());
    }
    wire::provenance(vec![catalog.source(selection.dataset.id, selection.release)], notes)
}

/// What an answer rests on. `sums` are over all of it, where they are known.
pub(super) fn basis(selection: &Selection, level: Option<&Level>, sums: Option<&Sums>) -> pb::FlowBasis {
    let share = |part: i64| {
        let sums = sums.filter(|sums| sums.value_rows > 0)?;
        exact::ratio(i128::from(part), i128::from(sums.value)).map(decimal)
    };
    let periods = selection.periods();
    let shown = |period: Option<&crate::value::Period>| period.map_or_else(String::new, ToString::to_string);
    pb::FlowBasis {
        valuation: valuation(valuation_of(selection)).into(),
        // Comtrade marks estimated weights and quantities only, the other sources nothing.
        estimated_value_share: None,
        quantity_estimated_value_share: sums
            .filter(|sums| sums.estimated_value > 0)
            .and_then(|sums| share(sums.estimated_value)),
        converted_value_share: sums.and_then(|sums| share(sums.converted_value)),
        mirrored_value_share: sums.and_then(|sums| (sums.value_rows > 0).then(|| decimal("0"))),
        classifications: selection
            .classifications()
            .into_iter()
            .map(|classification| classification.name().to_owned())
            .filter(|name| !name.is_empty())
            .collect(),
        frequency: frequency(selection.frequency()).into(),
        level: level.map_or_else(|| "facts as they are, totals beside their parts".into(), Level::describe),
        report_count: selection.reports.len() as i64,
        start_period: shown(periods.first()),
        end_period: shown(periods.last()),
        alternative_datasets: selection.alternatives.clone(),
    }
}

pub(super) fn frequency(frequency: Option<Frequency>) -> pb::Frequency {
    match frequency {
        None => pb::Frequency::Unspecified,
        Some(Frequency::Annual) => pb::Frequency::Annual,
        Some(Frequency::Quarterly) => pb::Frequency::Quarterly,
        Some(Frequency::Monthly) => pb::Frequency::Monthly,
    }
}

fn valuation_of(selection: &Selection) -> Valuation {
    let valuation = selection.dataset.spec.valuation;
    if valuation != Valuation::ByFlow {
        return valuation;
    }
    let imports = selection.reports.keys().any(|report| report.flow.is_import());
    let exports = selection.reports.keys().any(|report| !report.flow.is_import());
    match (imports, exports) {
        (true, false) => Valuation::Cif,
        (false, true) => Valuation::Fob,
        _ => Valuation::Mixed,
    }
}
