//! The codes of countries and commodities that answers about trade hold.

use crate::proto::entrepot::trade::v1 as pb;
use crate::proto::entrepot::r#type::v1 as types;
use crate::reference::convert::names::Mentioned;

pub fn of_flows(flows: &[pb::Flow]) -> Mentioned {
    let mut mentioned = Mentioned::default();
    for flow in flows {
        [&flow.reporter, &flow.partner, &flow.second_partner].into_iter().for_each(|code| mentioned.country(code));
        mentioned.commodity(&flow.classification, &flow.commodity);
    }
    mentioned
}

pub fn of_summary(rows: &[pb::SummaryRow]) -> Mentioned {
    let mut mentioned = Mentioned::default();
    for row in rows {
        [&row.reporter, &row.partner].into_iter().flatten().for_each(|code| mentioned.country(code));
        put_commodity(&mut mentioned, row.classification.as_deref(), row.commodity.as_deref());
    }
    mentioned
}

pub fn of_coverage(rows: &[pb::Coverage]) -> Mentioned {
    let mut mentioned = Mentioned::default();
    rows.iter().for_each(|row| mentioned.country(&row.reporter));
    mentioned
}

/// With the two sides, which only the request names.
pub fn of_comparison(request: &pb::CompareMirrorRequest, rows: &[pb::MirrorRow]) -> Mentioned {
    let mut mentioned = Mentioned::default();
    [&request.exporter, &request.importer].into_iter().for_each(|text| mentioned.country_asked(text));
    for row in rows {
        put_commodity(&mut mentioned, row.classification.as_deref(), row.commodity.as_deref());
    }
    mentioned
}

fn put_commodity(mentioned: &mut Mentioned, classification: Option<&str>, commodity: Option<&str>) {
    if let Some(commodity) = commodity {
        mentioned.commodity(classification.unwrap_or_default(), commodity);
    }
}

/// A part of a stream with the names of the codes that it is the first to hold.
pub fn put_into(mut part: pb::StreamFlowsResponse, names: types::Names) -> pb::StreamFlowsResponse {
    if let Some(pb::stream_flows_response::Part::Chunk(chunk)) = &mut part.part {
        chunk.names = Some(names);
    }
    part
}

/// Of a part of a stream. A code stands beside its classification row by row, each pair once.
pub fn of_part(part: &pb::StreamFlowsResponse) -> Mentioned {
    let mut mentioned = Mentioned::default();
    let Some(pb::stream_flows_response::Part::Chunk(chunk)) = &part.part else { return mentioned };
    for column in [&chunk.reporter, &chunk.partner, &chunk.second_partner].into_iter().flatten() {
        column.dictionary.iter().for_each(|code| mentioned.country(code));
    }
    if let (Some(classifications), Some(commodities)) = (&chunk.classification, &chunk.commodity) {
        let mut pairs: Vec<(u32, u32)> =
            classifications.indexes.iter().copied().zip(commodities.indexes.iter().copied()).collect();
        pairs.sort_unstable();
        pairs.dedup();
        for (classification, commodity) in pairs {
            let texts = (
                classifications.dictionary.get(classification as usize),
                commodities.dictionary.get(commodity as usize),
            );
            if let (Some(classification), Some(commodity)) = texts {
                mentioned.commodity(classification, commodity);
            }
        }
    }
    mentioned
}
