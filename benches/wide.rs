//! Wide questions about trade over gRPC on loopback, answered from columns in memory: beside DuckDB and a plain loop in C,
//! which `benches/wide_beside.py` runs on the same rows (see benches/README.md).
//!
//! `ENTREPOT_BENCH_STORE=sqlite:///tmp/bench.db cargo bench --bench wide`

// A measurement that cannot go on ends here.
#![allow(clippy::expect_used)]

use std::time::Instant;

use entrepot::app;
use entrepot::config::Config;
use entrepot::proto::entrepot::trade::v1 as pb;
use entrepot::proto::entrepot::trade::v1::trade_service_client::TradeServiceClient;
use pb::Dimension::{Commodity, Partner, Reporter, Year};
use tonic::transport::Channel;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 30;
const WARM_UP: usize = 3;
/// Answers of so many rows are also asked for as columns.
const WIDE: usize = 2_000;

#[tokio::main]
async fn main() {
    let Ok(store) = std::env::var("ENTREPOT_BENCH_STORE") else {
        eprintln!("SKIPPED: name a store of generated rows in ENTREPOT_BENCH_STORE (see benches/README.md)");
        return;
    };
    let cube_memory_mib = std::env::var("ENTREPOT_BENCH_CUBE_MIB").unwrap_or_else(|_| "2048".into());
    let overrides = [
        ("store.url".to_owned(), store),
        ("server.listen".to_owned(), "127.0.0.1:0".to_owned()),
        ("trade.cube_memory_mib".to_owned(), cube_memory_mib.clone()),
    ];
    let config = Config::load(None, &overrides).expect("the configuration is valid");
    let began = Instant::now();
    let before = resident_mib();
    let server = app::start(&config, None).await.expect("the store can be opened");
    let address = format!("http://{}", server.address());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(async move { server.serve(&config, async move { drop(stopped.await) }).await });
    let channel = Channel::from_shared(address).expect("the address is valid").connect().await.expect("it listens");
    let client = TradeServiceClient::new(channel).max_decoding_message_size(256 << 20);
    println!("serving after {:.2} s", began.elapsed().as_secs_f64());
    if cube_memory_mib != "0" {
        while plan(&client).await != pb::Plan::Cube {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let grown = resident_mib() - before;
        println!("cube after {:.2} s, resident memory grew by {grown} MiB", began.elapsed().as_secs_f64());
    }
    println!("question\trows\tp50 ms\tmin ms\tplan");
    // A part of a question's name, where only some are to be measured.
    let wanted = std::env::var("ENTREPOT_BENCH_ONLY").unwrap_or_default();
    for (name, request) in questions().into_iter().filter(|(name, _)| name.contains(&wanted)) {
        // More than a message may hold go out as columns only.
        let rows = if name.contains("suppliers") { WIDE } else { measure(&client, name, &request).await };
        if rows >= WIDE {
            stream(&client, name, &request).await;
        }
    }
    let _ = stop.send(());
    let _ = serving.await;
}

/// All groups as columns.
async fn stream(client: &TradeServiceClient<Channel>, name: &str, summary: &pb::SummarizeFlowsRequest) {
    let summary = &pb::SummarizeFlowsRequest { row_limit: 0, ..summary.clone() };
    let mut times = Vec::new();
    let mut rows = 0;
    for round in 0..ROUNDS + WARM_UP {
        let began = Instant::now();
        let request =
            pb::StreamSummaryRequest { summary: Some(summary.clone()), chunk_rows: 10_000, ..Default::default() };
        let mut messages = client.clone().stream_summary(request).await.expect("it answers").into_inner();
        while let Some(message) = messages.message().await.expect("the stream holds") {
            if let Some(pb::stream_summary_response::Part::End(end)) = message.part {
                rows = end.row_count;
            }
        }
        if round >= WARM_UP {
            times.push(began.elapsed().as_secs_f64() * 1000.0);
        }
    }
    times.sort_by(f64::total_cmp);
    println!("{name}\t{rows}\t{:.2}\t{:.2}\tas columns", times[ROUNDS / 2], times[0]);
}

fn summary(reporters: &[&str], partners: &[&str], years: (&str, &str), codes: &[&str]) -> pb::SummarizeFlowsRequest {
    let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect();
    pb::SummarizeFlowsRequest {
        filter: Some(pb::FlowFilter {
            reporters: texts(reporters),
            partners: texts(partners),
            commodities: texts(codes),
            flows: vec!["X".into()],
            start_period: years.0.into(),
            end_period: years.1.into(),
            ..Default::default()
        }),
        row_limit: 50_000,
        ..Default::default()
    }
}

fn grouped(request: pb::SummarizeFlowsRequest, by: &[pb::Dimension], level: i32) -> pb::SummarizeFlowsRequest {
    let group_by = by.iter().map(|dimension| i32::from(*dimension)).collect();
    pb::SummarizeFlowsRequest { group_by, commodity_level: level, ..request }
}

fn questions() -> Vec<(&'static str, pb::SummarizeFlowsRequest)> {
    let all = ("", "");
    let year = ("2021", "2021");
    let top = |request| pb::SummarizeFlowsRequest { top: 20, ..request };
    vec![
        ("a pair's series", grouped(summary(&["LBN"], &["HTI"], all, &[]), &[Year], 0)),
        (
            "top 20 partners of a heading, one year",
            top(grouped(summary(&["LBN"], &[], year, &["5407"]), &[Partner], 0)),
        ),
        (
            "top 20 partners of a heading, all years",
            top(grouped(summary(&["LBN"], &[], all, &["5407"]), &[Partner], 0)),
        ),
        ("world by HS2 and year", grouped(summary(&[], &[], all, &[]), &[Commodity, Year], 2)),
        ("world by HS4 and year", grouped(summary(&[], &[], all, &[]), &[Commodity, Year], 4)),
        ("HS6 rows of a pair and a year", grouped(summary(&["LBN"], &["HTI"], year, &[]), &[Commodity], 6)),
        ("all pairs of a year", grouped(summary(&[], &[], year, &[]), &[Reporter, Partner], 0)),
        ("exporters of a heading over ten years", grouped(summary(&[], &[], all, &["5407"]), &[Reporter, Year], 0)),
        (
            "one country by HS2 and partner, one year",
            grouped(summary(&["LBN"], &[], year, &[]), &[Partner, Commodity], 2),
        ),
        (
            "suppliers by HS6 of one importer, one year",
            grouped(summary(&[], &["LBN"], year, &[]), &[Reporter, Commodity], 6),
        ),
    ]
}

async fn plan(client: &TradeServiceClient<Channel>) -> pb::Plan {
    let query = Some(pb::estimate_query_request::Query::Summary(summary(&[], &[], ("", ""), &[])));
    let estimate = client.clone().estimate_query(pb::EstimateQueryRequest { query, clock: None }).await;
    estimate.expect("it answers").get_ref().plan()
}

async fn measure(client: &TradeServiceClient<Channel>, name: &str, request: &pb::SummarizeFlowsRequest) -> usize {
    let mut times = Vec::new();
    let (mut rows, mut plan) = (0, String::new());
    for round in 0..ROUNDS + WARM_UP {
        let began = Instant::now();
        let answer = client.clone().summarize_flows(request.clone()).await.expect("it answers");
        if round >= WARM_UP {
            times.push(began.elapsed().as_secs_f64() * 1000.0);
        }
        let found = answer.metadata().get("entrepot-plan").and_then(|plan| plan.to_str().ok());
        plan = found.unwrap_or_default().to_owned();
        rows = answer.get_ref().rows.len();
    }
    times.sort_by(f64::total_cmp);
    println!("{name}\t{rows}\t{:.2}\t{:.2}\t{plan}", times[ROUNDS / 2], times[0]);
    rows
}

fn resident_mib() -> i64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: i64 = statm.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0);
    pages * 4096 / (1 << 20)
}
