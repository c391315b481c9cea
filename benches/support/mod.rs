//! What the benches share: a server in this process, and latencies beside a baseline of the same run.

use std::time::{Duration, Instant};

use entrepot::app;
use entrepot::config::Config;
use entrepot::proto::google::r#type::Date;
use hdrhistogram::Histogram;
use tonic::transport::Channel;

const ROUNDS: usize = 1000;

/// A server on the store that ENTREPOT_BENCH_STORE names, and a connection to it.
pub struct Bench {
    pub channel: Channel,
    stop: tokio::sync::oneshot::Sender<()>,
    serving: tokio::task::JoinHandle<()>,
}

impl Bench {
    /// `None`, and a word about it, when no store is named.
    pub async fn start() -> Option<Self> {
        let Ok(store) = std::env::var("ENTREPOT_BENCH_STORE") else {
            eprintln!("SKIPPED: name a store in ENTREPOT_BENCH_STORE (see benches/README.md)");
            return None;
        };
        println!("store {}", store.split('@').next_back().unwrap_or_default());
        let overrides = [("store.url".to_owned(), store), ("server.listen".to_owned(), "127.0.0.1:0".to_owned())];
        let config = Config::load(None, &overrides).expect("the configuration is valid");
        let server = app::start(&config, None).await.expect("the store can be opened");
        let address = format!("http://{}", server.address());
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let serving = tokio::spawn(async move {
            let stop = async move { drop(stopped.await) };
            server.serve(&config, stop).await.expect("it serves to the end");
        });
        let channel = Channel::from_shared(address).expect("the address is valid").connect().await.expect("it listens");
        Some(Self { channel, stop, serving })
    }

    /// The p50 of a health check.
    pub async fn baseline(&self) -> Duration {
        latency("health check (baseline)", None, |_| check(self.channel.clone())).await
    }

    pub async fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.serving.await;
    }
}

async fn check(channel: Channel) {
    use tonic_health::pb::health_client::HealthClient;
    let request = tonic_health::pb::HealthCheckRequest::default();
    HealthClient::new(channel).check(request).await.expect("healthy");
}

/// A day written `2026-06-30`.
pub fn day(text: &str) -> Option<Date> {
    let day: jiff::civil::Date = text.parse().expect("a day");
    Some(entrepot::rpc::wire::date(day))
}

/// Prints p50 and p99 and the ratio to the baseline; returns the p50.
pub async fn latency<F: Future<Output = ()>>(
    name: &str,
    baseline: Option<Duration>,
    call: impl Fn(usize) -> F,
) -> Duration {
    for round in 0..20 {
        call(round).await;
    }
    let mut histogram = Histogram::<u64>::new_with_bounds(1, 60_000_000_000, 3).expect("valid bounds");
    for round in 0..ROUNDS {
        let begin = Instant::now();
        call(round).await;
        histogram.saturating_record(begin.elapsed().as_nanos() as u64);
    }
    let at = |quantile: f64| Duration::from_nanos(histogram.value_at_quantile(quantile));
    let ratio = baseline.map_or(1.0, |baseline| at(0.5).as_secs_f64() / baseline.as_secs_f64());
    println!("{name:<50} p50 {:>9.3?}  p99 {:>9.3?}  {ratio:>6.1} x baseline", at(0.5), at(0.99));
    at(0.5)
}
