//! The first groups over all periods are the same in each of them, and what they leave is a row of each period.

use crate::support::Fixture;
use crate::support::comtrade::{Record, comtrade_csv, record};
use entrepot::proto::entrepot::trade::v1 as pb;
use tonic::Code;
use tonic_types::StatusExt as _;

fn to(partner: u16, period: &'static str, value: i32) -> Record {
    Record { partner, period, commodity: "TOTAL", ..record(value) }
}

fn request(group_by: &[pb::Dimension], top: i32) -> pb::SummarizeFlowsRequest {
    pb::SummarizeFlowsRequest {
        filter: Some(pb::FlowFilter { flows: vec!["X".into()], ..Default::default() }),
        group_by: group_by.iter().map(|dimension| i32::from(*dimension)).collect(),
        top,
        top_over_all_periods: true,
        ..Default::default()
    }
}

on_each_backend!(the_first_groups_are_those_of_all_periods_together);
async fn the_first_groups_are_those_of_all_periods_together(fixture: Fixture) {
    fixture.load_lists().await;
    // Armenia leads in 2020, Germany over both years, with nothing in 2021 but for Kazakhstan and Georgia.
    let years = [
        to(276, "2020", 60),
        to(51, "2020", 70),
        to(398, "2020", 5),
        to(398, "2021", 40),
        to(268, "2021", 41),
        to(276, "2021", 20),
    ];
    fixture.comtrade(&comtrade_csv(&years), "2024-01-01").await.unwrap();
    let served = fixture.serve().await;
    let ask = async |request: pb::SummarizeFlowsRequest| {
        let answer = served.trade().summarize_flows(request).await.unwrap().into_inner();
        let row = |row: &pb::SummaryRow| {
            let who = if row.rest { format!("rest of {}", row.rest_group_count) } else { row.partner().to_owned() };
            format!("{} {who} {}", row.period(), row.value.as_ref().unwrap().value)
        };
        assert_eq!(answer.total.as_ref().unwrap().value.as_ref().unwrap().value, "236");
        answer.rows.iter().map(row).collect::<Vec<_>>()
    };
    let by_year = [pb::Dimension::Year, pb::Dimension::Partner];
    let fixed = ["2020 DEU 60", "2020 ARM 70", "2020 rest of 1 5", "2021 DEU 20", "2021 rest of 2 81"];
    assert_eq!(ask(request(&by_year, 2)).await, fixed);
    let each = pb::SummarizeFlowsRequest { top_over_all_periods: false, ..request(&by_year, 2) };
    let of_each = ["2020 ARM 70", "2020 DEU 60", "2020 rest of 1 5", "2021 GEO 41", "2021 KAZ 40", "2021 rest of 1 20"];
    assert_eq!(ask(each).await, of_each);
    let smallest = pb::SummarizeFlowsRequest { ascending: true, ..request(&by_year, 1) };
    assert_eq!(ask(smallest).await, ["2020 rest of 3 135", "2021 GEO 41", "2021 rest of 2 60"]);

    for request in [request(&by_year, 0), request(&by_year[1..], 2)] {
        let status = served.trade().summarize_flows(request).await.unwrap_err();
        let details = status.get_error_details();
        let violation = &details.bad_request().unwrap().field_violations[0];
        let told = (status.code(), violation.field.as_str(), violation.description.as_str());
        let right = "needs top, and a year, quarter or month in group_by";
        assert_eq!(told, (Code::InvalidArgument, "top_over_all_periods", right));
    }
}
