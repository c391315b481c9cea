//! Contract books keep their past: what was known on a day, what held on another, and what each release changed.

use crate::support::{Fixture, Served, clock, day, published};
use entrepot::import::{Error, Report};
use entrepot::proto::entrepot::energy::v1 as pb;
use entrepot::proto::entrepot::r#type::v1::EmptyReason;
use tonic::Code;

const HEADER: &str = "contract,field,value,unit,country,from,until,first_year,last_year,source,confidence,state,note\n";

async fn book(fixture: &Fixture, rows: &str, on: &str) -> Result<Report, Error> {
    let path = fixture.write("book.csv", format!("{HEADER}{rows}"));
    fixture.import("contracts", published(vec![path], on)).await
}

/// The contract of OMV as it stood in 2023, and after its end.
const IN_2023: &str = "RU-AT-OMV,seller,Gazprom Export,,RU,,,,,press,high,,\n\
    RU-AT-OMV,buyer,OMV,,AT,,,,,press,high,,\n\
    RU-AT-OMV,commodity,pipeline_gas,,,,,,,press,high,,\n\
    RU-AT-OMV,start,2006,,,,,,,press,high,,\n\
    RU-AT-OMV,end,2040,,,,,,,press,high,,\n\
    RU-AT-OMV,legal_status,in_force,,,2006,,,,press,high,,\n\
    RU-AT-OMV,physical_state,flowing,,,2006,,,,press,medium,,\n";
const OTHER: &str = "X-1,seller,QatarEnergy,,QA,,,,,press,high,,\n\
    X-1,buyer,中国石油,,CN,,,,,press,high,,\n\
    X-1,commodity,lng,,,,,,,press,high,,\n";

fn after_the_end() -> String {
    format!(
        "{IN_2023}RU-AT-OMV,legal_status,terminated,,,2024-12-11,,,,Reuters,high,,\n\
         RU-AT-OMV,physical_state,stopped,,,2024-11-16,,,,press,high,,\n"
    )
}

async fn get(served: &Served, as_of: Option<&str>, in_force_on: Option<&str>) -> Result<pb::Contract, tonic::Status> {
    let request = pb::GetContractRequest {
        name: "contracts/contracts.RU-AT-OMV".into(),
        clock: clock(as_of.and_then(day), in_force_on.and_then(day)),
        include_names: false,
    };
    Ok(served.energy().get_contract(request).await?.into_inner().contract.unwrap())
}

/// Legal status and physical state.
fn status(contract: &pb::Contract) -> (pb::LegalStatus, pb::PhysicalState) {
    (contract.legal_status(), contract.physical_state())
}

use pb::LegalStatus::{InForce, Terminated};
use pb::PhysicalState::{Flowing, Stopped};

on_each_backend!(both_clocks_answer_for_any_day);
async fn both_clocks_answer_for_any_day(fixture: Fixture) {
    book(&fixture, &format!("{IN_2023}{OTHER}"), "2023-06-01").await.unwrap();
    book(&fixture, &format!("{}{OTHER}", after_the_end()), "2024-12-20").await.unwrap();
    let served = fixture.serve().await;
    // Today, and what was known in 2023 of today, of 2023 and of 2030.
    assert_eq!(status(&get(&served, None, None).await.unwrap()), (Terminated, Stopped));
    let in_2023 = get(&served, Some("2023-12-31"), None).await.unwrap();
    assert_eq!((status(&in_2023), in_2023.facts.len()), ((InForce, Flowing), 7));
    let of_2030 = get(&served, Some("2023-12-31"), Some("2030-01-01")).await.unwrap();
    assert_eq!(status(&of_2030), (InForce, Flowing));
    // Known today: what held in 2023, and between the stop and the termination.
    assert_eq!(status(&get(&served, None, Some("2023-12-31")).await.unwrap()), (InForce, Flowing));
    assert_eq!(status(&get(&served, None, Some("2024-12-01")).await.unwrap()), (InForce, Stopped));
    let legal = get(&served, None, None).await.unwrap().legal_status_record.unwrap();
    assert_eq!((legal.start_date.unwrap().edtf.as_str(), legal.source.as_str()), ("2024-12-11", "Reuters"));
    // Before the first release.
    let missing = get(&served, Some("2023-05-31"), None).await.unwrap_err();
    assert_eq!(missing.code(), Code::NotFound);
    assert!(missing.message().contains("2023-06-01"), "{}", missing.message());
}

on_each_backend!(each_release_says_what_it_changed);
async fn each_release_says_what_it_changed(fixture: Fixture) {
    let three = format!("{IN_2023}{OTHER}");
    book(&fixture, &three, "2023-06-01").await.unwrap();
    let same = book(&fixture, &three, "2023-07-01").await.unwrap();
    assert!(same.already_imported);
    let second = book(&fixture, &format!("{}{OTHER}", after_the_end()), "2024-12-20").await.unwrap();
    assert_eq!((second.rows_revised, second.rows_unchanged, second.rows_withdrawn), (1, 1, 0));
    // The book drops it and takes it in again.
    let third = book(&fixture, OTHER, "2025-01-01").await.unwrap();
    assert_eq!(third.rows_withdrawn, 1);
    book(&fixture, &format!("{}{OTHER}", after_the_end()), "2025-02-01").await.unwrap();
    let served = fixture.serve().await;
    let request = |page_size, page_token| pb::ListContractRevisionsRequest {
        parent: "contracts/contracts.RU-AT-OMV".into(),
        page_size,
        page_token,
        ..Default::default()
    };
    let all = served.energy().list_contract_revisions(request(0, String::new())).await.unwrap().into_inner();
    let counts: Vec<(usize, bool)> =
        all.revisions.iter().map(|revision| (revision.changes.len(), revision.withdrawn)).collect();
    assert_eq!(counts, [(0, false), (2, true), (7, false)]);
    assert_eq!(all.revisions[1].end_date, day("2025-01-01"));
    let first = served.energy().list_contract_revisions(request(2, String::new())).await.unwrap().into_inner();
    let token = first.next_page_token;
    let rest = served.energy().list_contract_revisions(request(2, token)).await.unwrap().into_inner();
    assert_eq!((first.revisions.len(), rest.revisions.len()), (2, 1));
    // On a day between, nothing of what came later shows.
    let as_of = pb::ListContractRevisionsRequest { clock: clock(day("2024-12-31"), None), ..request(0, String::new()) };
    let then = served.energy().list_contract_revisions(as_of).await.unwrap().into_inner();
    assert_eq!((then.revisions.len(), then.revisions[0].withdrawn, then.revisions[0].end_date), (2, false, None));
    assert_eq!(get(&served, Some("2025-01-15"), None).await.unwrap_err().code(), Code::NotFound);
    assert!(get(&served, Some("2025-02-15"), None).await.is_ok());
}

fn many(count: usize) -> String {
    let rows = |number: usize| {
        format!(
            "C-{number:03},seller,Seller {number},,RU,,,,,s,,,\nC-{number:03},buyer,Buyer,,CN,,,,,s,,,\n\
             C-{number:03},commodity,lng,,,,,,,s,,,\nC-{number:03},start,2020,,,,,,,s,,,\n\
             C-{number:03},end,{},,,,,,,s,,,\n",
            2021 + number
        )
    };
    (0..count).map(rows).collect()
}

on_each_backend!(pages_stay_on_their_release_and_filters_hold_together);
async fn pages_stay_on_their_release_and_filters_hold_together(fixture: Fixture) {
    book(&fixture, &many(40), "2024-01-01").await.unwrap();
    let served = fixture.serve().await;
    let mut request = pb::ListContractsRequest { page_size: 7, ..Default::default() };
    let mut names = Vec::new();
    loop {
        let page = served.energy().list_contracts(request.clone()).await.unwrap().into_inner();
        names.extend(page.contracts.into_iter().map(|contract| contract.name));
        if names.len() == 7 {
            // Three go and one comes while the list is being read.
            let changed = format!("{}{OTHER}", many(37));
            book(&fixture, &changed, "2024-02-01").await.unwrap();
        }
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    let expected: Vec<String> = (0..40).map(|number| format!("contracts/contracts.C-{number:03}")).collect();
    assert_eq!(names, expected);

    let listed = async |filter: pb::ContractFilter| {
        let request = pb::ListContractsRequest { filter: Some(filter), page_size: 500, ..Default::default() };
        served.energy().list_contracts(request).await.unwrap().into_inner()
    };
    let count = async |filter| listed(filter).await.contracts.len();
    let by = pb::ContractFilter::default;
    assert_eq!(count(by()).await, 38);
    assert_eq!(count(pb::ContractFilter { party: "中国石油".into(), ..by() }).await, 1);
    assert_eq!(count(pb::ContractFilter { countries: vec!["643".into()], ..by() }).await, 37);
    assert_eq!(count(pb::ContractFilter { commodities: vec!["gas".into()], ..by() }).await, 38);
    assert_eq!(count(pb::ContractFilter { expiring_before: day("2023-01-01"), ..by() }).await, 2);
    assert_eq!(count(pb::ContractFilter { effective_on: day("2022-06-01"), ..by() }).await, 36);
    let none = listed(pb::ContractFilter { legal_statuses: vec![pb::LegalStatus::Terminated.into()], ..by() }).await;
    assert_eq!(none.emptiness.unwrap().reason(), EmptyReason::FilteredOut);
    let request = pb::ListContractsRequest { clock: clock(day("2023-12-31"), None), ..Default::default() };
    let early = served.energy().list_contracts(request).await.unwrap().into_inner();
    assert_eq!(early.emptiness.unwrap().reason(), EmptyReason::NotReleased);
}

on_each_backend!(a_bad_book_changes_nothing);
async fn a_bad_book_changes_nothing(fixture: Fixture) {
    book(&fixture, &many(40), "2024-01-01").await.unwrap();
    for (rows, expected) in [
        (format!("{}C-001,acq,-5,bcm/y@20C,,,,,,s,,,\n", many(40)), "line 202, value `-5`: is negative"),
        (format!("{}C-001,acq,5,furlong/y,,,,,,s,,,\n", many(40)), "line 202, unit `furlong/y`"),
        (many(20), "would remove 20 of 40 records, more than 10 %"),
        (String::new(), "the files hold no record"),
        (OTHER.to_owned(), "would remove 40 of 40 records"),
    ] {
        let error = book(&fixture, &rows, "2024-02-01").await.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let xlsx = fixture.write("book.csv", b"PK\x03\x04 a workbook");
    let options = published(vec![xlsx], "2024-02-01");
    assert!(fixture.import("contracts", options).await.is_err());
    let served = fixture.serve().await;
    let request = pb::ListContractsRequest { page_size: 500, ..Default::default() };
    let all = served.energy().list_contracts(request).await.unwrap().into_inner();
    assert_eq!(all.contracts.len(), 40);
    assert_eq!(all.provenance.unwrap().sources[0].publication_date, day("2024-01-01"));
}

#[tokio::test]
async fn an_empty_store_says_so() {
    let fixture = Fixture::sqlite().await;
    let served = fixture.serve().await;
    let mut energy = served.energy();
    let listed = energy.list_contracts(pb::ListContractsRequest::default()).await.unwrap().into_inner();
    assert_eq!(listed.emptiness.unwrap().reason(), EmptyReason::NoData);
    let routes = energy.list_routes(pb::ListRoutesRequest::default()).await.unwrap().into_inner();
    assert_eq!(routes.emptiness.unwrap().reason(), EmptyReason::NoData);
    let indexes = energy.list_price_indexes(pb::ListPriceIndexesRequest::default()).await.unwrap().into_inner();
    assert_eq!(indexes.emptiness.unwrap().reason(), EmptyReason::NoData);
    let deliveries = energy.list_deliveries(pb::ListDeliveriesRequest::default()).await.unwrap().into_inner();
    assert_eq!(deliveries.emptiness.unwrap().reason(), EmptyReason::NoData);
    let request = pb::ProjectOutlookRequest {
        origins: vec!["RUS".into()],
        destinations: vec!["CHN".into()],
        commodities: vec!["gas".into()],
        start_year: 2025,
        end_year: 2030,
        unit: "bcm/y@20C".into(),
        ..Default::default()
    };
    let outlook = energy.project_outlook(request).await.unwrap().into_inner();
    assert_eq!((outlook.emptiness.unwrap().reason(), outlook.years.len()), (EmptyReason::NoData, 6));
}
