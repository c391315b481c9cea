//! Lists and streams: no row twice, none missing, while imports commit; a cut stream can be resumed.

use std::collections::BTreeSet;

use crate::support::comtrade::{Record, comtrade_csv, record};
use crate::support::{self, Fixture, published};
use entrepot::proto::entrepot::trade::v1 as pb;
use tonic::Code;

const CODES: [&str; 36] = [
    "270110", "270121", "270190", "270210", "270221", "270290", "270310", "270321", "270390", "270410", "270421",
    "270490", "270510", "270521", "270590", "270610", "270621", "270690", "270710", "270721", "270790", "270810",
    "270821", "270890", "270910", "270921", "270990", "271010", "271021", "271090", "271110", "271121", "271190",
    "271210", "271221", "271290",
];

/// 3 reporters, 2 flows, 2 years, 4 partners, 36 codes.
fn many(value: impl Fn(usize) -> usize, keep: impl Fn(usize) -> bool) -> String {
    let mut records = Vec::new();
    for reporter in [156, 398, 643] {
        for flow in ["M", "X"] {
            for period in ["2020", "2021"] {
                for partner in [0, 51, 268, 792] {
                    for commodity in CODES {
                        let index = records.len();
                        records.push(Record { reporter, flow, period, partner, commodity, ..record(value(index)) });
                    }
                }
            }
        }
    }
    let kept: Vec<Record> =
        records.into_iter().enumerate().filter(|(index, _)| keep(*index)).map(|(_, record)| record).collect();
    comtrade_csv(&kept)
}

fn key(flow: &pb::Flow) -> String {
    let pb::Flow { reporter, flow, period, partner, commodity, .. } = flow;
    format!("{reporter} {flow} {period} {partner} {commodity}")
}

on_each_backend!(pages_neither_skip_nor_repeat_while_an_import_commits);
async fn pages_neither_skip_nor_repeat_while_an_import_commits(fixture: Fixture) {
    fixture.load_lists().await;
    fixture.comtrade(&many(|index| index, |index| index % 7 != 3), "2024-01-01").await.unwrap();
    let served = fixture.serve().await;
    let mut client = served.trade();
    let mut request = pb::ListFlowsRequest { page_size: 37, ..Default::default() };
    let mut found = Vec::new();
    let mut pages = 0;
    loop {
        let answer = client.list_flows(request.clone()).await.unwrap().into_inner();
        found.extend(answer.flows.into_iter().map(|flow| (key(&flow), flow.value.unwrap().value)));
        pages += 1;
        if pages % 8 == 0 && pages <= 24 {
            // Rows before and behind the page change, go and come.
            let shift = pages;
            let csv = many(move |index| index + shift, move |index| index % 7 != shift % 7);
            fixture.comtrade(&csv, &format!("2024-02-{pages:02}")).await.unwrap();
        }
        if answer.next_page_token.is_empty() {
            break;
        }
        request.page_token = answer.next_page_token;
    }
    let distinct: BTreeSet<&String> = found.iter().map(|(key, _)| key).collect();
    let expected = (0..1728).filter(|index| index % 7 != 3).count();
    assert_eq!((found.len(), distinct.len()), (expected, expected));
    let expected_values: BTreeSet<String> = (0..1728).filter(|i| i % 7 != 3).map(|i| i.to_string()).collect();
    let values: BTreeSet<String> = found.iter().map(|(_, value)| value.clone()).collect();
    assert_eq!(values, expected_values, "all of the release that the list began on");
    assert!(found.is_sorted_by_key(|(key, _)| key.split(' ').next().map(String::from)), "in the order of reporters");

    let mut other = request.clone();
    other.filter = Some(pb::FlowFilter { reporters: vec!["CHN".into()], ..Default::default() });
    assert_eq!(client.list_flows(other).await.unwrap_err().code(), Code::InvalidArgument, "a token of another request");
}

struct Streamed {
    rows: i64,
    values: Vec<i64>,
    keys: Vec<String>,
    token: String,
    end: Option<pb::FlowStreamEnd>,
}

async fn stream(served: &support::Served, resume_token: String, chunks: usize) -> Streamed {
    let request = pb::StreamFlowsRequest { chunk_rows: 50, resume_token, ..Default::default() };
    let mut messages = served.trade().stream_flows(request).await.unwrap().into_inner();
    let mut found = Streamed { rows: 0, values: Vec::new(), keys: Vec::new(), token: String::new(), end: None };
    for _ in 0..chunks {
        let Some(message) = messages.message().await.unwrap() else {
            break;
        };
        match message.part.unwrap() {
            pb::stream_flows_response::Part::End(end) => found.end = Some(end),
            pb::stream_flows_response::Part::Chunk(chunk) => {
                found.rows += i64::from(chunk.row_count);
                found.values.extend(&chunk.value_milli.as_ref().unwrap().values);
                let text = |column: &Option<pb::TextColumn>, row: usize| {
                    let column = column.as_ref().unwrap();
                    column.dictionary[column.indexes[row] as usize].clone()
                };
                for row in 0..chunk.row_count as usize {
                    let columns = [&chunk.reporter, &chunk.flow, &chunk.period, &chunk.partner, &chunk.commodity];
                    found.keys.push(columns.map(|column| text(column, row)).join(" "));
                }
                found.token = chunk.resume_token;
            }
        }
    }
    found
}

on_each_backend!(a_cut_stream_goes_on_where_it_ended_though_a_release_has_come);
async fn a_cut_stream_goes_on_where_it_ended_though_a_release_has_come(fixture: Fixture) {
    fixture.load_lists().await;
    fixture.comtrade(&many(|index| index, |_| true), "2024-01-01").await.unwrap();
    let served = fixture.serve().await;
    let whole = stream(&served, String::new(), usize::MAX).await;
    assert_eq!((whole.rows, whole.end.as_ref().unwrap().row_count), (1728, 1728));
    let bytes: Vec<u8> = whole.values.iter().flat_map(|value| value.to_le_bytes()).collect();
    assert_eq!(crc32fast::hash(&bytes), whole.end.as_ref().unwrap().value_checksum, "as a client would compute it");
    assert_eq!(whole.keys.iter().collect::<BTreeSet<_>>().len(), 1728);

    let cut = stream(&served, String::new(), 11).await;
    assert!(cut.end.is_none(), "a cut stream does not look complete");
    fixture.comtrade(&many(|index| index + 1, |index| index % 2 == 0), "2024-02-01").await.unwrap();
    let rest = stream(&served, cut.token, usize::MAX).await;
    assert_eq!([cut.keys, rest.keys].concat(), whole.keys);
    assert_eq!([cut.values, rest.values].concat(), whole.values);
    let (end, first_end) = (rest.end.unwrap(), whole.end.unwrap());
    assert_eq!((end.row_count, end.value_checksum), (first_end.row_count, first_end.value_checksum));
    assert_eq!(stream(&served, String::new(), usize::MAX).await.rows, 864, "a new stream sees the new release");
}

on_each_backend!(filters_of_a_list_hold);
async fn filters_of_a_list_hold(fixture: Fixture) {
    fixture.load_lists().await;
    let path = fixture.write("all.csv", many(|index| index, |_| true));
    fixture.import("comtrade", published(vec![path], "2024-01-01")).await.unwrap();
    let served = fixture.serve().await;
    let count = async |filter: pb::FlowFilter| {
        let request = pb::ListFlowsRequest { filter: Some(filter), page_size: 5000, ..Default::default() };
        served.trade().list_flows(request).await.unwrap().into_inner().flows.len()
    };
    let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
    let all = pb::FlowFilter::default;
    assert_eq!(count(all()).await, 1728);
    assert_eq!(count(pb::FlowFilter { reporters: texts(&["cn", "643"]), ..all() }).await, 1152);
    assert_eq!(count(pb::FlowFilter { partners: texts(&["WLD"]), ..all() }).await, 432);
    assert_eq!(count(pb::FlowFilter { partners: texts(&["ARM", "TUR"]), flows: texts(&["M"]), ..all() }).await, 432);
    assert_eq!(count(pb::FlowFilter { start_period: "2021".into(), ..all() }).await, 864);
    assert_eq!(count(pb::FlowFilter { commodities: texts(&["2711", "270110"]), ..all() }).await, 4 * 48);
    assert_eq!(count(pb::FlowFilter { commodity_levels: vec![4], ..all() }).await, 0);
    assert_eq!(count(pb::FlowFilter { commodity_levels: vec![6], classification: "H5".into(), ..all() }).await, 1728);
    assert_eq!(count(pb::FlowFilter { modes_of_transport: vec![3100], ..all() }).await, 0);
}
