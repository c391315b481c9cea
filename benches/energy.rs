//! Latency of the questions about contracts, over gRPC on loopback.
//!
//! Runs a server in this process on a store that holds the made-up book, deliveries and indexes of `make_energy.py` (see
//! benches/README.md): `ENTREPOT_BENCH_STORE=sqlite:///tmp/bench.db cargo bench --bench energy`.

// A measurement that cannot go on ends here.
#![allow(clippy::expect_used)]

mod support;

use entrepot::proto::entrepot::energy::v1 as pb;
use entrepot::proto::entrepot::energy::v1::energy_service_client::EnergyServiceClient;
use entrepot::proto::entrepot::r#type::v1::{Clock, Month};
use support::{Bench, day, latency};
use tonic::transport::Channel;

fn contract(round: usize) -> String {
    format!("contracts/contracts.B-{:05}", round * 7 % 10_000)
}

/// Every hundredth has deliveries for each year of its term.
fn settled(round: usize) -> String {
    format!("contracts/contracts.B-{:05}", round % 100 * 100)
}

#[tokio::main]
async fn main() {
    let Some(bench) = Bench::start().await else { return };
    let client = || EnergyServiceClient::new(bench.channel.clone());
    let health = bench.baseline().await;

    latency("GetContract", Some(health), |round| get(client(), contract(round), None)).await;
    latency("GetContract as of a past day", Some(health), |round| get(client(), contract(round), day("2026-06-30")))
        .await;
    latency("ListContracts, a page of 50", Some(health), |_| list(client(), pb::ContractFilter::default())).await;
    latency("ListContracts by country, commodity, state", Some(health), |_| {
        let filter = pb::ContractFilter {
            countries: vec!["RUS".into()],
            commodities: vec!["lng".into()],
            legal_statuses: vec![pb::LegalStatus::InForce.into()],
            ..Default::default()
        };
        list(client(), filter)
    })
    .await;
    latency("ListContracts by party, the last of 10,000", Some(health), |_| {
        list(client(), pb::ContractFilter { party: "seller 299".into(), ..Default::default() })
    })
    .await;
    latency("ComputeSchedule, 31 years", Some(health), |round| schedule(client(), contract(round))).await;
    latency("SettleContract, 30 years", Some(health), |round| settle(client(), settled(round))).await;
    latency("PriceContract, 30 years monthly, prices only", Some(health), |round| {
        price(client(), contract(round), true)
    })
    .await;
    latency("PriceContract, 30 years monthly, with windows", Some(health), |round| {
        price(client(), contract(round), false)
    })
    .await;
    latency("ProjectOutlook of a pair to 2050 (about 300 contracts)", Some(health), |_| outlook(client(), "CHN")).await;
    latency("ProjectOutlook of a pair to 2050 (about 6 contracts)", Some(health), |_| outlook(client(), "HUN")).await;
    latency("ListDeliveries of a contract, 100", Some(health), |round| deliveries(client(), round)).await;
    bench.stop().await;
}

async fn get(
    mut client: EnergyServiceClient<Channel>,
    name: String,
    as_of: Option<entrepot::proto::google::r#type::Date>,
) {
    client
        .get_contract(pb::GetContractRequest {
            name,
            clock: Some(Clock { as_of, in_force_on: None }),
            include_names: false,
        })
        .await
        .expect("an answer");
}

async fn list(mut client: EnergyServiceClient<Channel>, filter: pb::ContractFilter) {
    let request = pb::ListContractsRequest { filter: Some(filter), ..Default::default() };
    let answer = client.list_contracts(request).await.expect("an answer").into_inner();
    assert!(!answer.contracts.is_empty());
}

async fn schedule(mut client: EnergyServiceClient<Channel>, name: String) {
    let request = pb::ComputeScheduleRequest { name, ..Default::default() };
    assert_eq!(client.compute_schedule(request).await.expect("an answer").into_inner().lines.len(), 31);
}

async fn settle(mut client: EnergyServiceClient<Channel>, name: String) {
    let request = pb::SettleContractRequest { name, start_year: 2025, end_year: 2054, ..Default::default() };
    assert_eq!(client.settle_contract(request).await.expect("an answer").into_inner().years.len(), 30);
}

async fn price(mut client: EnergyServiceClient<Channel>, name: String, prices_only: bool) {
    let request = pb::PriceContractRequest {
        name,
        start_month: Some(Month { year: 1996, month: 1 }),
        end_month: Some(Month { year: 2025, month: 12 }),
        prices_only,
        ..Default::default()
    };
    let priced = client.price_contract(request).await.expect("an answer").into_inner();
    assert!(priced.lines.len() == 360 && priced.lines.iter().all(|line| line.price.is_some()));
}

async fn outlook(mut client: EnergyServiceClient<Channel>, destination: &str) {
    let request = pb::ProjectOutlookRequest {
        origins: vec!["RUS".into()],
        destinations: vec![destination.into()],
        commodities: vec!["gas".into()],
        start_year: 2026,
        end_year: 2050,
        unit: "bcm/y@20C".into(),
        ..Default::default()
    };
    let answer = client.project_outlook(request).await.expect("an answer").into_inner();
    assert!(answer.emptiness.is_none());
}

async fn deliveries(mut client: EnergyServiceClient<Channel>, round: usize) {
    let subject = format!("B-{:05}", round * 7 % 10_000);
    let filter = Some(pb::DeliveryFilter { subject, ..Default::default() });
    let request = pb::ListDeliveriesRequest { filter, ..Default::default() };
    assert_eq!(client.list_deliveries(request).await.expect("an answer").into_inner().deliveries.len(), 100);
}
