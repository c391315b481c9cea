//! Latency of the questions about subjects, over gRPC on loopback.
//!
//! Runs a server in this process on a store that holds two days of a made-up list (see benches/README.md):
//! `ENTREPOT_BENCH_STORE=sqlite:///tmp/bench.db cargo bench --bench sanctions`.

// A measurement that cannot go on ends here.
#![allow(clippy::expect_used)]

mod support;

use entrepot::proto::entrepot::sanctions::v1 as pb;
use entrepot::proto::entrepot::sanctions::v1::sanctions_service_client::SanctionsServiceClient;
use entrepot::proto::entrepot::r#type::v1::Clock;
use entrepot::proto::google::r#type::Date;
use support::{Bench, day, latency};
use tonic::transport::Channel;

#[tokio::main]
async fn main() {
    let Some(bench) = Bench::start().await else { return };
    let client = SanctionsServiceClient::new(bench.channel.clone());
    let health = bench.baseline().await;

    let mut all = client.clone();
    let filter = pb::SubjectFilter { lists: vec!["us-ofac-sdn".into()], ..Default::default() };
    let request = pb::ListSubjectsRequest { filter: Some(filter), page_size: 500, ..Default::default() };
    let subjects = all.list_subjects(request).await.expect("the list is there").into_inner().subjects;
    let of = |round: usize| subjects[round * 7 % subjects.len()].clone();
    let past = day("2026-01-15");

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

    bench.stop().await;
}

async fn get(
    mut client: SanctionsServiceClient<Channel>,
    name: String,
    as_of: Option<Date>,
    in_force_on: Option<Date>,
) {
    let request = pb::GetSubjectRequest { name, clock: Some(Clock { as_of, in_force_on }), include_names: false };
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
