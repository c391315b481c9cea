//! The sample has a past that can be asked, and says of itself what it is not.

use serde_json::{Value, json};

use crate::support::{Fixture, call, published, served_sample};
use entrepot::proto::entrepot::trade::v1 as pb;

/// The answer to a request, as JSON.
fn answer(address: &str, method: &str, request: Value) -> Value {
    let (succeeded, text) = call(address, &[method, &request.to_string(), "--output", "json"]);
    assert!(succeeded, "{method} {request}: {text}");
    serde_json::from_str(&text).unwrap()
}

fn texts<'a>(rows: &'a Value, field: &str) -> Vec<&'a str> {
    let rows = rows.as_array().map(Vec::as_slice).unwrap_or_default();
    rows.iter().filter_map(|row| row[field].as_str()).collect()
}

/// A day that has a release: the list's authorities, how many stand on it and who came or went.
#[test]
fn every_past_day_of_the_lists_answers_as_its_sources_have_it() {
    let server = served_sample();
    let on = |day: &str| {
        let request = json!({"filter": {"authorities": ["OFAC"]}, "clock": {"as_of": day}});
        let listed = answer(&server.address, "sanctions.ListSubjects", request);
        let mut names: Vec<String> =
            texts(&listed["subjects"], "display_name").into_iter().map(str::to_owned).collect();
        names.sort();
        names
    };
    assert_eq!(on("2022-02-23"), ["Alexey Miller", "Gennady Timchenko", "Igor Sechin"]);
    assert_eq!(on("2022-02-24"), ["Alexey Miller", "Gennady Timchenko", "Igor Sechin", "VTB Bank"]);
    assert!(on("2025-04-01").contains(&"Karina Rotenberg".to_owned()));
    assert!(!on("2025-04-02").contains(&"Karina Rotenberg".to_owned()));
    assert!(!on("2025-10-21").contains(&"Rosneft Oil Company".to_owned()));
    assert!(on("2025-10-22").contains(&"Rosneft Oil Company".to_owned()));

    let filter = json!({"authorities": ["OFAC", "UK", "EU"], "kinds": ["removed"]});
    let removed = answer(&server.address, "sanctions.ListChanges", json!({"filter": filter}));
    assert_eq!(texts(&removed["changes"], "display_name"), ["Oleg Tinkov", "Karina Rotenberg"]);
    let request = json!({"parent": "subjects/sample-ofac.sechin-igor"});
    let revisions = answer(&server.address, "sanctions.ListSubjectRevisions", request);
    assert_eq!(revisions["revisions"].as_array().map(Vec::len), Some(2), "{revisions}");
}

#[test]
fn every_answer_over_a_list_of_the_sample_says_that_it_is_a_part() {
    let server = served_sample();
    let asked = [
        ("sanctions.ListSubjects", json!({})),
        ("sanctions.ListChanges", json!({})),
        ("sanctions.ListSanctionLists", json!({})),
        ("sanctions.GetSubject", json!({"name": "subjects/sample-eu.alrosa"})),
        ("sanctions.SearchSubjects", json!({"query": "rosneft"})),
        ("sanctions.ResolveOwnership", json!({"name": "entities/slavneft"})),
    ];
    for (method, request) in asked {
        let answer = answer(&server.address, method, request);
        let notes = answer["provenance"]["notes"].to_string();
        assert!(notes.contains("a part of its list only"), "{method}: {notes}");
    }
    let nobody = answer(&server.address, "sanctions.SearchSubjects", json!({"query": "zzyzx"}));
    assert_eq!(nobody["emptiness"]["reason"], "EMPTY_REASON_NOT_IN_THIS_LIST", "{nobody}");
}

#[test]
fn the_contract_book_answers_as_it_was_known() {
    let server = served_sample();
    let on = |day: &str| {
        let request = json!({"name": "contracts/sample-contracts.RU-CN-POS2", "clock": {"as_of": day}});
        let answer = answer(&server.address, "energy.GetContract", request).to_string();
        (answer.contains("proposed"), answer.contains("2025-09-02") || answer.contains("memorandum"))
    };
    assert_eq!(on("2025-09-02"), (true, false));
    assert_eq!(on("2025-09-03"), (false, true));
    let (found, text) = call(
        &server.address,
        &["energy.GetContract", r#"{"name":"contracts/sample-contracts.RU-CN-POS2","clock":{"as_of":"2024-10-07"}}"#],
    );
    assert!(!found && text.contains("NOT_FOUND"), "{text}");
    let request = json!({"parent": "contracts/sample-contracts.RU-CN-POS2"});
    let revisions = answer(&server.address, "energy.ListContractRevisions", request);
    assert_eq!(texts(&revisions["revisions"], "release").len(), 3, "{revisions}");
}

#[test]
fn figures_of_china_come_year_by_year() {
    let server = served_sample();
    let reported = |day: &str| {
        let filter =
            json!({"datasets": ["datasets/sample-gacc"], "reporters": ["CHN"], "flows": ["M"], "start_period": "2023"});
        let request = json!({"filter": filter, "group_by": ["year"], "clock": {"as_of": day}});
        let answer = answer(&server.address, "trade.SummarizeFlows", request);
        texts(&answer["rows"], "period").join(" ")
    };
    assert_eq!(reported("2024-01-30"), "");
    assert_eq!(reported("2024-01-31"), "2023");
    assert_eq!(reported("2025-01-31"), "2023 2024");
}

on_each_backend!(an_implausible_figure_says_so_wherever_it_is_shown_or_summed);
async fn an_implausible_figure_says_so_wherever_it_is_shown_or_summed(fixture: Fixture) {
    let columns = "COUNTRY.ID,INDICATOR.ID,COUNTERPART_COUNTRY.ID,SCALE.ID,2021,2022,2024\n";
    let rows = "RUS,MG_CIF_USD,G001,6,511,1302.25,1503\nRUS,MG_CIF_USD,UGA,6,11,702.25,803\nRUS,MG_CIF_USD,CHN,6,500,600,700\nRUS,XG_FOB_USD,UGA,6,3,4,5\n\
        UGA,MG_CIF_USD,RUS,6,7,8,9\n";
    let path = fixture.write("imts.csv", format!("{columns}{rows}"));
    let report = fixture.import("imts", published(vec![path], "2025-06-01")).await.unwrap();
    assert_eq!((report.rows_new, report.rows_rejected), (15, 0));
    let served = fixture.serve().await;
    let filter = |reporter: &str, flow: &str, partners: &[&str], start: &str, end: &str| pb::FlowFilter {
        reporters: vec![reporter.into()],
        flows: vec![flow.into()],
        partners: partners.iter().map(|&partner| partner.into()).collect(),
        start_period: start.into(),
        end_period: end.into(),
        ..pb::FlowFilter::default()
    };
    let cases = [
        (filter("RUS", "M", &[], "2021", "2024"), true),
        (filter("RUS", "M", &["UGA"], "2022", "2022"), true),
        (filter("RUS", "M", &["UGA", "CHN"], "2024", "2024"), true),
        (filter("RUS", "M", &["WLD"], "2024", "2024"), true),
        (filter("RUS", "M", &[], "2021", "2021"), false),
        (filter("RUS", "M", &["CHN"], "2021", "2024"), false),
        (filter("RUS", "X", &[], "2021", "2024"), false),
        (filter("UGA", "M", &["RUS"], "2021", "2024"), false),
    ];
    for (filter, expected) in cases {
        let says = |notes: Vec<String>| notes.iter().any(|note| note.starts_with("implausible in the source: "));
        let summary = pb::SummarizeFlowsRequest {
            filter: Some(filter.clone()),
            group_by: vec![pb::Dimension::Year.into()],
            ..pb::SummarizeFlowsRequest::default()
        };
        let summary = served.trade().summarize_flows(summary).await.unwrap().into_inner();
        assert_eq!(says(summary.provenance.unwrap().notes), expected, "summary: {filter:?}");
        let list = pb::ListFlowsRequest { filter: Some(filter.clone()), ..pb::ListFlowsRequest::default() };
        let list = served.trade().list_flows(list).await.unwrap().into_inner();
        assert_eq!(says(list.provenance.unwrap().notes), expected, "list: {filter:?}");
    }
}
