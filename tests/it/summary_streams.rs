//! A summary as a stream of columns is the summary as a message, cut and resumed or not.

use entrepot::proto::entrepot::trade::v1 as pb;
use pb::stream_summary_response::Part;

use crate::support::Served;

/// Groups in a chunk: few, so that streams have several.
const CHUNK_ROWS: i32 = 3;

/// One group, as far as both say it.
#[derive(PartialEq, Eq, Debug)]
struct Group {
    key: [String; 7],
    rest: Option<i64>,
    not_detailed: bool,
    /// In thousandths and grams.
    amounts: [Option<i64>; 2],
    counts: [i64; 5],
}

fn thousandths(decimal: &entrepot::proto::entrepot::r#type::v1::Decimal) -> i64 {
    let (whole, rest) = decimal.value.split_once('.').unwrap_or((&decimal.value, ""));
    format!("{whole}{rest:0<3}").parse().unwrap()
}

fn of_message(row: &pb::SummaryRow) -> Group {
    let text = |part: &Option<String>| part.clone().unwrap_or_default();
    Group {
        key: [
            text(&row.period),
            text(&row.reporter),
            text(&row.partner),
            text(&row.classification),
            text(&row.commodity),
            text(&row.flow),
            text(&row.customs_procedure),
        ],
        rest: row.rest.then_some(row.rest_group_count),
        not_detailed: row.not_detailed,
        amounts: [row.value.as_ref().map(thousandths), row.net_weight_kg.as_ref().map(thousandths)],
        counts: [
            row.row_count,
            row.value_row_count,
            row.net_weight_row_count,
            i64::from(row.periods_expected),
            i64::from(row.periods_reported),
        ],
    }
}

fn of_chunk(chunk: &pb::SummaryChunk, at: usize) -> Group {
    let text = |column: &Option<pb::TextColumn>| {
        column.as_ref().map_or_else(String::new, |column| column.dictionary[column.indexes[at] as usize].clone())
    };
    let bit = |bits: &[u8]| bits.is_empty() || bits[at / 8] >> (at % 8) & 1 == 1;
    let number = |column: &Option<pb::NumberColumn>| {
        column.as_ref().and_then(|column| bit(&column.known).then_some(column.values[at]))
    };
    let is_set = |column: &Option<pb::FlagColumn>| {
        column.as_ref().is_some_and(|column| !column.values.is_empty() && bit(&column.values))
    };
    Group {
        key: [
            text(&chunk.period),
            text(&chunk.reporter),
            text(&chunk.partner),
            text(&chunk.classification),
            text(&chunk.commodity),
            text(&chunk.flow),
            text(&chunk.customs_procedure),
        ],
        rest: is_set(&chunk.rest).then(|| number(&chunk.rest_group_count).unwrap()),
        not_detailed: is_set(&chunk.not_detailed),
        amounts: [number(&chunk.value_milli), number(&chunk.net_weight_gram)],
        counts: [
            &chunk.fact_count,
            &chunk.value_fact_count,
            &chunk.net_weight_fact_count,
            &chunk.periods_expected,
            &chunk.periods_reported,
        ]
        .map(|column| number(column).unwrap()),
    }
}

/// What came before the stream ended, or before it was cut behind so many chunks.
async fn read(
    served: &Served,
    request: pb::StreamSummaryRequest,
    cut_behind: usize,
) -> (Vec<pb::SummaryChunk>, Option<pb::SummaryStreamEnd>) {
    let mut messages = served.trade().stream_summary(request).await.unwrap().into_inner();
    let mut chunks = Vec::new();
    while let Some(message) = messages.message().await.unwrap() {
        match message.part.unwrap() {
            Part::Chunk(chunk) => chunks.push(chunk),
            Part::End(end) => return (chunks, Some(end)),
        }
        if chunks.len() == cut_behind {
            break;
        }
    }
    (chunks, None)
}

/// Asks for a summary as a stream, once whole and once cut in the middle, and compares it with its message.
pub async fn is_the_same(served: &Served, summary: &pb::SummarizeFlowsRequest, answer: &pb::SummarizeFlowsResponse) {
    let request =
        pb::StreamSummaryRequest { summary: Some(summary.clone()), chunk_rows: CHUNK_ROWS, ..Default::default() };
    let (chunks, end) = read(served, request.clone(), usize::MAX).await;
    let end = end.expect("it was not cut");
    let groups = |chunks: &[pb::SummaryChunk]| -> Vec<Group> {
        let of = |chunk: &pb::SummaryChunk| (0..chunk.row_count as usize).map(|at| of_chunk(chunk, at)).collect();
        chunks.iter().flat_map(|chunk| -> Vec<Group> { of(chunk) }).collect()
    };
    let expected: Vec<Group> = answer.rows.iter().map(of_message).collect();
    assert_eq!(groups(&chunks), expected, "{summary:?}");
    assert_eq!(end.row_count, expected.len() as i64);
    assert_eq!((&end.total, &end.basis), (&answer.total, &answer.basis), "{summary:?}");
    assert_eq!((&end.provenance, &end.emptiness), (&answer.provenance, &answer.emptiness), "{summary:?}");
    let column = |amount: usize| -> Vec<u8> {
        expected.iter().flat_map(|group| group.amounts[amount].unwrap_or(0).to_le_bytes()).collect()
    };
    let checksums = (crc32fast::hash(&column(0)), crc32fast::hash(&column(1)));
    assert_eq!((end.value_checksum, end.net_weight_checksum), checksums, "{summary:?}");

    let middle = chunks.len() / 2;
    if middle > 0 {
        let (mut first, cut) = read(served, request.clone(), middle).await;
        assert!(cut.is_none());
        let resume_token = first.last().unwrap().resume_token.clone();
        let (rest, resumed) = read(served, pb::StreamSummaryRequest { resume_token, ..request }, usize::MAX).await;
        first.extend(rest);
        assert_eq!(groups(&first), expected, "cut behind {middle}: {summary:?}");
        assert_eq!(resumed, Some(end), "{summary:?}");
    }
}
