//! Latency of the questions about subjects, over gRPC on loopback.
//!
//! Runs a server in this process on a store that holds two days of a made-up list (see benches/README.md):
//! `ENTREPOT_BENCH_STORE=sqlite:///tmp/bench.db cargo bench --bench sanctions`.

use std::time::{Duration, Instant};

use entrepot::app;
use entrepot::config::Config;
use entrepot::proto::entrepot::sanctions::v1 as pb;
use entrepot::proto::entrepot::sanctions::v1::sanctions_service_client::SanctionsServiceClient;
use entrepot::proto::google::r#type::Date;
use hdrhistogram::Histogram;
use tonic::transport::Channel;

const ROUNDS: usize = 1000;

#[tokio::main]
async fn main() {
    let Ok(store) = std::env::var("ENTREPOT_BENCH_STORE") else {
        eprintln!("SKIPPED: name a store with lists in ENTREPOT_BENCH_STORE (see benches/README.md)");
        return;
    };
    let overrides = [("store.url".to_owned(), store), ("server.listen".to_owned(), "127.0.0.1:0".to_owned())];
    let config = Config::load(None, &overrides).expect("the configuration is valid");
    let server = app::start(&config, None).await.expect("the store can be opened");
    let address = format!("http://{}", server.address());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(async move {
        let stop = async move { drop(stopped.await) };
        server.serve(&config, stop).await
    });
    let channel = Channel::from_shared(address).expect("the address is valid").connect().await.expect("it listens");
    let client = SanctionsServiceClient::new(channel.clone());
    let health = latency("health check (baseline)", None, |_| check(channel.clone())).await;

    let mut all = client.clone();
    let filter = pb::SubjectFilter { lists: vec!["us-ofac-sdn".into()], ..Default::default() };
    let request = pb::ListSubjectsRequest { filter: Some(filter), page_size: 500, ..Default::default() };
    let subjects = all.list_subjects(request).await.expect("the list is there").into_inner().subjects;
    let of = |round: usize| subjects[round * 7 % subjects.len()].clone();
    let past = Some(Date { year: 2026, month: 1, day: 15 });

    latency("GetSubject by name", Some(health), |round| get(client.clone(), of(round).name, None, None)).await;
    latency("GetSubject as of the release before", Some(health), |round| {
        get(client.clone(), of(round).name, past, None)
    })
    .await;
    latency("GetSubject in force on a day", Some(health), |round| get(client.clone(), of(round).name, None, past))
        .await;
    latency("ListSubjects by identifier", Some(health), |round| {
        let identifier = of(round).identifiers.last().map_or_else(String::new, |identifier| identifier.value.clone());
        let filter = pb::SubjectFilter { identifier, ..Default::default() };
        list(client.clone(), filter, 10)
    })
    .await;
    latency("ListSubjects by programme and country, 50", Some(health), |_| {
        let filter = pb::SubjectFilter {
            programmes: vec!["RUSSIA-EO14024".into()],
            countries: vec!["RUS".into()],
            ..Default::default()
        };
        list(client.clone(), filter, 50)
    })
    .await;
    latency("SearchSubjects, whole name", Some(health), |round| search(client.clone(), of(round).display_name)).await;
    latency("SearchSubjects, one word", Some(health), |round| {
        let name = of(round).display_name;
        search(client.clone(), name.split_whitespace().next().unwrap_or_default().to_owned())
    })
    .await;
    latency("SearchSubjects, two common words", Some(health), |_| search(client.clone(), "trading llc".into())).await;
    // The first four are common in OFAC's own list, the others in the made-up one.
    for query in ["company", "al", "mohammad", "al*", "llc", "tr*"] {
        let name = format!("SearchSubjects, `{query}`");
        latency(&name, Some(health), |_| search(client.clone(), query.into())).await;
    }
    for (name, filter) in [
        ("list", pb::SubjectFilter { lists: vec!["us-ofac-sdn".into()], ..Default::default() }),
        ("programme", pb::SubjectFilter { programmes: vec!["SDGT".into()], ..Default::default() }),
        ("country", pb::SubjectFilter { countries: vec!["RUS".into()], ..Default::default() }),
    ] {
        let name = format!("ListSubjects by {name}, first 50");
        latency(&name, Some(health), |_| list(client.clone(), filter.clone(), 50)).await;
    }

    let _ = stop.send(());
    let _ = serving.await;
}

async fn get(
    mut client: SanctionsServiceClient<Channel>,
    name: String,
    as_of: Option<Date>,
    in_force_on: Option<Date>,
) {
    let request = pb::GetSubjectRequest { name, as_of, in_force_on };
    // Some are younger than the day asked.
    let _ = client.get_subject(request).await;
}

async fn list(mut client: SanctionsServiceClient<Channel>, filter: pb::SubjectFilter, page_size: i32) {
    let request = pb::ListSubjectsRequest { filter: Some(filter), page_size, ..Default::default() };
    client.list_subjects(request).await.expect("an answer");
}

async fn search(mut client: SanctionsServiceClient<Channel>, query: String) {
    let request = pb::SearchSubjectsRequest { query, ..Default::default() };
    client.search_subjects(request).await.expect("an answer");
}

async fn check(channel: Channel) {
    use tonic_health::pb::health_client::HealthClient;
    let request = tonic_health::pb::HealthCheckRequest::default();
    HealthClient::new(channel).check(request).await.expect("healthy");
}

/// Prints p50 and p99 and the ratio to the baseline; returns the p50.
async fn latency<F: Future<Output = ()>>(
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
    println!("{name:<45} p50 {:>9.3?}  p99 {:>9.3?}  {ratio:>6.1} x baseline", at(0.5), at(0.99));
    at(0.5)
}
