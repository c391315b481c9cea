//! A question may be held to reporters that are there in every period, and to complete years or quarters: what stays has the
//! value that it has without that, and who or what was left out is named.

use crate::support::comtrade::{Record, comtrade_csv, record};
use crate::support::{Fixture, Served};
use entrepot::proto::entrepot::trade::v1 as pb;
use entrepot::proto::entrepot::r#type::v1::EmptyReason;
use tonic::Code;
use tonic_types::StatusExt as _;

const MONTHS: [&str; 12] = [
    "202201", "202202", "202203", "202204", "202205", "202206", "202207", "202208", "202209", "202210", "202211",
    "202212",
];

fn total_of(reporter: u16, period: &'static str, value: i32) -> Record {
    Record { reporter, period, partner: 0, commodity: "TOTAL", ..record(value) }
}

/// China's exports of three years, the last by months; Kazakhstan's of two; Russia's of 2021 and of the first seven months of
/// 2022.
async fn served(fixture: &Fixture) -> Served {
    let china = [total_of(156, "2020", 10), total_of(156, "2021", 20)].into_iter();
    let china = china.chain(MONTHS.map(|month| total_of(156, month, 3)));
    let kazakhstan = [total_of(398, "2020", 100), total_of(398, "2022", 300)].into_iter();
    let russia = [total_of(643, "2021", 5000)].into_iter();
    let russia = russia.chain(MONTHS[..7].iter().map(|month| total_of(643, month, 1000)));
    let records: Vec<Record> = china.chain(kazakhstan).chain(russia).collect();
    fixture.load_lists().await;
    fixture.comtrade(&comtrade_csv(&records), "2024-01-01").await.unwrap();
    fixture.serve().await
}

fn filter(from: &str, to: &str) -> pb::FlowFilter {
    pb::FlowFilter { flows: vec!["X".into()], start_period: from.into(), end_period: to.into(), ..Default::default() }
}

async fn ask(served: &Served, filter: pb::FlowFilter, group_by: &[pb::Dimension]) -> pb::SummarizeFlowsResponse {
    let group_by = group_by.iter().map(|dimension| i32::from(*dimension)).collect();
    let request = pb::SummarizeFlowsRequest { filter: Some(filter), group_by, ..Default::default() };
    served.trade().summarize_flows(request).await.unwrap().into_inner()
}

/// Reporter, period and value of each row.
fn cells(answer: &pb::SummarizeFlowsResponse) -> Vec<String> {
    let value = |row: &pb::SummaryRow| row.value.as_ref().map_or("unknown".to_owned(), |value| value.value.clone());
    answer.rows.iter().map(|row| format!("{} {} {}", row.reporter(), row.period(), value(row))).collect()
}

fn notes(answer: &pb::SummarizeFlowsResponse) -> &[String] {
    answer.provenance.as_ref().map_or(&[], |provenance| &provenance.notes)
}

const BY_YEAR: [pb::Dimension; 2] = [pb::Dimension::Reporter, pb::Dimension::Year];

on_each_backend!(balanced_keeps_who_is_there_in_every_period);
async fn balanced_keeps_who_is_there_in_every_period(fixture: Fixture) {
    let served = served(&fixture).await;
    let balanced = |from, to| pb::FlowFilter { balanced: true, ..filter(from, to) };
    let answer = ask(&served, balanced("", ""), &BY_YEAR).await;
    assert_eq!(cells(&answer), ["CHN 2020 10", "CHN 2021 20", "CHN 2022 36"]);
    let note = "left out by balanced: not there in every period of 2020 to 2022: KAZ X lacks 2021; RUS X lacks 2020";
    assert!(notes(&answer).iter().any(|said| said == note), "{:?}", notes(&answer));
    assert!(!notes(&answer).iter().any(|said| said.contains("has no report of")), "{:?}", notes(&answer));

    // Of seven months a year is there, by this condition alone.
    let answer = ask(&served, balanced("2021", ""), &BY_YEAR).await;
    assert_eq!(cells(&answer), ["CHN 2021 20", "CHN 2022 36", "RUS 2021 5000", "RUS 2022 7000"]);
    let both = pb::FlowFilter { complete_periods_only: true, ..balanced("2021", "") };
    assert_eq!(cells(&ask(&served, both, &BY_YEAR).await), ["CHN 2021 20", "CHN 2022 36"]);

    // By months only months count.
    let answer = ask(&served, balanced("2022-01", "2022-07"), &[pb::Dimension::Reporter, pb::Dimension::Month]).await;
    assert_eq!(answer.rows.len(), 14);
    let answer = ask(&served, balanced("", ""), &[pb::Dimension::Reporter, pb::Dimension::Month]).await;
    let note = "left out by balanced: not there in every period of 2022-01 to 2022-12: RUS X lacks 2022-08 to 2022-12";
    assert!(answer.rows.len() == 12 && notes(&answer).iter().any(|said| said == note), "{:?}", notes(&answer));

    // Nothing grouped by: the same reporters.
    assert_eq!(ask(&served, balanced("", ""), &[]).await.total.unwrap().value.unwrap().value, "66");
    let nobody = ask(&served, balanced("2019", ""), &BY_YEAR).await;
    let emptiness = nobody.emptiness.clone().unwrap();
    assert_eq!(emptiness.reason(), EmptyReason::FilteredOut);
    let detail = "balanced leaves nothing: not there in every period of 2019 to 2022: CHN X lacks 2019; KAZ X lacks 2019, 2021; \
                  RUS X lacks 2019 to 2020";
    assert_eq!((emptiness.detail.as_str(), nobody.rows.len(), nobody.total), (detail, 0, None));
}

on_each_backend!(complete_periods_are_those_of_which_every_month_is_reported);
async fn complete_periods_are_those_of_which_every_month_is_reported(fixture: Fixture) {
    let served = served(&fixture).await;
    let complete = |from, to| pb::FlowFilter { complete_periods_only: true, ..filter(from, to) };
    let answer = ask(&served, complete("2022", ""), &BY_YEAR).await;
    assert_eq!(cells(&answer), ["CHN 2022 36", "KAZ 2022 300"]);
    let note = "left out by complete_periods_only: not all months are reported of RUS X 2022 (7 of 12)";
    assert!(notes(&answer).iter().any(|said| said == note), "{:?}", notes(&answer));
    // A quarter may be complete where its year is not.
    let answer = ask(&served, complete("", ""), &[pb::Dimension::Reporter, pb::Dimension::Quarter]).await;
    let russia: Vec<String> = cells(&answer).into_iter().filter(|cell| cell.starts_with("RUS")).collect();
    assert_eq!(russia, ["RUS 2022-Q1 3000", "RUS 2022-Q2 3000"]);
    // A range that cuts the year leaves none.
    let cut = ask(&served, complete("2022-02", ""), &[pb::Dimension::Month]).await;
    let detail = "complete_periods_only leaves nothing: not all months are reported of CHN X 2022 (11 of 12); RUS X 2022 (6 of 12)";
    assert_eq!(cut.emptiness.unwrap().detail, detail);
}

on_each_backend!(lists_and_streams_refuse_conditions_of_summaries);
async fn lists_and_streams_refuse_conditions_of_summaries(fixture: Fixture) {
    let served = fixture.serve().await;
    let both = pb::FlowFilter { balanced: true, complete_periods_only: true, ..Default::default() };
    let listed = pb::ListFlowsRequest { filter: Some(both.clone()), ..Default::default() };
    let streamed = pb::StreamFlowsRequest { filter: Some(both), ..Default::default() };
    let refusals = [
        served.trade().list_flows(listed).await.unwrap_err(),
        served.trade().stream_flows(streamed).await.unwrap_err(),
    ];
    for status in refusals {
        assert_eq!(status.code(), Code::InvalidArgument);
        let details = status.get_error_details();
        let fields: Vec<&str> =
            details.bad_request().unwrap().field_violations.iter().map(|violation| violation.field.as_str()).collect();
        assert_eq!(fields, ["filter.balanced", "filter.complete_periods_only"]);
    }
}
