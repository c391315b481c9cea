//! Latency of the questions that services ask all day, and the speed of streams, over gRPC on loopback.
//!
//! Runs a server in this process on a store that holds BACI-shaped rows (see benches/README.md):
//! `ENTREPOT_BENCH_STORE=sqlite:///tmp/bench.db cargo bench --bench queries`.
//! Beside each figure stands its ratio to the same client's health check, measured in the same run, because the machine's
//! speed varies.

// A measurement that cannot go on ends here.
#![allow(clippy::expect_used)]

use std::time::{Duration, Instant};

use entrepot::app;
use entrepot::config::Config;
use entrepot::proto::entrepot::trade::v1 as pb;
use entrepot::proto::entrepot::trade::v1::trade_service_client::TradeServiceClient;
use hdrhistogram::Histogram;
use tonic::transport::Channel;

const ROUNDS: usize = 400;

#[tokio::main]
async fn main() {
    let Ok(store) = std::env::var("ENTREPOT_BENCH_STORE") else {
        eprintln!("SKIPPED: name a store of generated rows in ENTREPOT_BENCH_STORE (see benches/README.md)");
        return;
    };
    let overrides = [("store.url".to_owned(), store.clone()), ("server.listen".to_owned(), "127.0.0.1:0".to_owned())];
    let config = Config::load(None, &overrides).expect("the configuration is valid");
    let server = app::start(&config, None).await.expect("the store can be opened");
    let address = format!("http://{}", server.address());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(async move {
        let stop = async move { drop(stopped.await) };
        server.serve(&config, stop).await
    });

    let channel = Channel::from_shared(address).expect("the address is valid").connect().await.expect("it listens");
    let client = TradeServiceClient::new(channel.clone()).max_decoding_message_size(64 << 20);
    println!("store {}", store.split('@').next_back().unwrap_or_default());
    let health = latency("health check (baseline)", None, || check(channel.clone())).await;
    let largest = Largest::find(&client).await;
    println!(
        "largest reporter {}, its largest partner {}, its largest heading {}",
        largest.reporter, largest.partner, largest.heading
    );
    for (name, request) in summaries(&largest) {
        latency(name, Some(health), || summarize(client.clone(), request.clone())).await;
    }
    for (name, request) in lists(&largest) {
        latency(name, Some(health), || list(client.clone(), request.clone())).await;
    }
    let pair = || filter(&[&largest.reporter], &[&largest.partner], "2021", "2021");
    latency("pair's HS6 rows in one year, all, as columns", Some(health), || columns(client.clone(), pair())).await;
    for year in ["2020", "2021"] {
        stream(client.clone(), filter(&[], &[], year, year)).await;
    }
    stream(client.clone(), filter(&[], &[], "", "")).await;

    let _ = stop.send(());
    let _ = serving.await;
}

fn filter(reporters: &[&str], partners: &[&str], from: &str, to: &str) -> pb::FlowFilter {
    pb::FlowFilter {
        reporters: reporters.iter().map(ToString::to_string).collect(),
        partners: partners.iter().map(ToString::to_string).collect(),
        flows: vec!["X".into()],
        start_period: from.into(),
        end_period: to.into(),
        ..Default::default()
    }
}

/// The hardest names to ask about: what has the most rows.
struct Largest {
    reporter: String,
    partner: String,
    heading: String,
    code: String,
}

impl Largest {
    async fn find(client: &TradeServiceClient<Channel>) -> Self {
        let top = async |filter: pb::FlowFilter, dimension: pb::Dimension, level: i32| {
            let request = pb::SummarizeFlowsRequest {
                top: 1,
                order_by: pb::Measure::RowCount.into(),
                commodity_level: level,
                ..summary(filter, &[dimension])
            };
            let answer = client.clone().summarize_flows(request).await.expect("it answers").into_inner();
            answer.rows.into_iter().next().expect("there are rows")
        };
        let reporter = top(filter(&[], &[], "2021", "2021"), pb::Dimension::Reporter, 0).await;
        let reporter = reporter.reporter.expect("grouped by it");
        let of_reporter = || filter(&[&reporter], &[], "2021", "2021");
        let partner = top(of_reporter(), pb::Dimension::Partner, 0).await.partner.expect("grouped by it");
        let heading = top(of_reporter(), pb::Dimension::Commodity, 4).await.commodity.expect("grouped by it");
        let code = top(of_reporter(), pb::Dimension::Commodity, 6).await.commodity.expect("grouped by it");
        Self { reporter, partner, heading, code }
    }
}

fn summary(filter: pb::FlowFilter, group_by: &[pb::Dimension]) -> pb::SummarizeFlowsRequest {
    pb::SummarizeFlowsRequest {
        filter: Some(filter),
        group_by: group_by.iter().map(|dimension| i32::from(*dimension)).collect(),
        ..Default::default()
    }
}

fn summaries(largest: &Largest) -> Vec<(&'static str, pb::SummarizeFlowsRequest)> {
    use pb::Dimension::{Commodity, Partner, Year};
    let Largest { reporter, partner, heading, code } = largest;
    let with_code =
        |filter: pb::FlowFilter, code: &String| pb::FlowFilter { commodities: vec![code.clone()], ..filter };
    let one_code = with_code(filter(&[reporter], &[partner], "", ""), code);
    let one_heading = with_code(filter(&[reporter], &[], "2021", "2021"), heading);
    vec![
        ("pair's series over ten years", summary(filter(&[reporter], &[partner], "", ""), &[Year])),
        ("pair's series of one HS6 code over ten years", summary(one_code, &[Year])),
        (
            "reporter's top 20 partners for one heading",
            pb::SummarizeFlowsRequest { top: 20, ..summary(one_heading, &[Partner]) },
        ),
        ("world by HS2 and year", summary(filter(&[], &[], "", ""), &[Commodity, Year])),
        ("country's totals by partner and year", summary(filter(&[reporter], &[], "", ""), &[Partner, Year])),
    ]
}

fn lists(largest: &Largest) -> Vec<(&'static str, pb::ListFlowsRequest)> {
    let Largest { reporter, partner, .. } = largest;
    let page = |page_size| pb::ListFlowsRequest {
        filter: Some(filter(&[reporter], &[partner], "2021", "2021")),
        page_size,
        ..Default::default()
    };
    vec![("pair's HS6 rows in one year, 100 a page", page(100)), ("pair's HS6 rows in one year, all", page(5000))]
}

async fn check(channel: Channel) -> usize {
    let mut client = tonic_health::pb::health_client::HealthClient::new(channel);
    client.check(tonic_health::pb::HealthCheckRequest::default()).await.expect("it answers");
    1
}

async fn summarize(mut client: TradeServiceClient<Channel>, request: pb::SummarizeFlowsRequest) -> usize {
    client.summarize_flows(request).await.expect("it answers").into_inner().rows.len()
}

async fn list(mut client: TradeServiceClient<Channel>, request: pb::ListFlowsRequest) -> usize {
    client.list_flows(request).await.expect("it answers").into_inner().flows.len()
}

async fn columns(mut client: TradeServiceClient<Channel>, filter: pb::FlowFilter) -> usize {
    let request = pb::StreamFlowsRequest { filter: Some(filter), chunk_rows: 5000, ..Default::default() };
    let mut messages = client.stream_flows(request).await.expect("it answers").into_inner();
    let mut rows = 0;
    while let Some(message) = messages.message().await.expect("the stream holds") {
        if let Some(pb::stream_flows_response::Part::Chunk(chunk)) = message.part {
            rows += chunk.row_count as usize;
        }
    }
    rows
}

async fn latency<F: Future<Output = usize>>(name: &str, baseline: Option<f64>, call: impl Fn() -> F) -> f64 {
    let mut histogram = Histogram::<u64>::new(3).expect("three digits are allowed");
    let mut rows = 0;
    for round in 0..ROUNDS + 20 {
        let started = Instant::now();
        rows = call().await;
        // The first rounds warm caches and connections.
        if round >= 20 {
            histogram.record(started.elapsed().as_micros() as u64).expect("a time below an hour");
        }
    }
    let milliseconds = |quantile: f64| histogram.value_at_quantile(quantile) as f64 / 1000.0;
    let (p50, p99) = (milliseconds(0.5), milliseconds(0.99));
    let ratio = baseline.map_or_else(String::new, |baseline| format!("  {:>5.1} x baseline", p50 / baseline));
    println!("{name:<46} p50 {p50:>7.3} ms  p99 {p99:>7.3} ms  {rows:>5} rows{ratio}");
    p50
}

async fn stream(mut client: TradeServiceClient<Channel>, filter: pb::FlowFilter) {
    let started = Instant::now();
    let request = pb::StreamFlowsRequest { filter: Some(filter), ..Default::default() };
    let mut messages = client.stream_flows(request).await.expect("it answers").into_inner();
    let mut rows = 0_i64;
    let mut first = Duration::ZERO;
    let mut end = None;
    while let Some(message) = messages.message().await.expect("the stream holds") {
        if rows == 0 {
            first = started.elapsed();
        }
        match message.part {
            Some(pb::stream_flows_response::Part::Chunk(chunk)) => rows += i64::from(chunk.row_count),
            Some(pb::stream_flows_response::Part::End(found)) => end = Some(found),
            None => {}
        }
    }
    assert_eq!(end.map(|end| end.row_count), Some(rows), "the end tells the rows");
    let rate = rows as f64 / started.elapsed().as_secs_f64();
    let memory = resident_mib();
    println!("StreamFlows {rows} rows: {rate:.0} rows/s, first chunk after {first:.1?}, {memory} MiB resident");
}

/// Server and client together, from /proc where there is one.
fn resident_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024
}
