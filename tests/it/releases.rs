//! A release is whole or absent; every answer can be asked as of a day; same files change nothing. On both backends.

use crate::support::comtrade::{Record, comtrade_csv, made_up_list, record};
use crate::support::{self, Fixture, published};
use entrepot::import::Error;
use entrepot::proto::entrepot::trade::v1 as pb;
use entrepot::proto::google::r#type::Date;

fn by_partner(reporters: &[&str]) -> pb::SummarizeFlowsRequest {
    pb::SummarizeFlowsRequest {
        filter: Some(pb::FlowFilter {
            reporters: reporters.iter().map(ToString::to_string).collect(),
            flows: vec!["X".into()],
            ..Default::default()
        }),
        group_by: vec![pb::Dimension::Partner.into(), pb::Dimension::Commodity.into()],
        commodity_level: 6,
        ..Default::default()
    }
}

/// `partner commodity value` of each row, as of a day.
async fn seen(served: &support::Served, day: Option<(i32, i32, i32)>, quantities: bool) -> Vec<String> {
    let request = pb::SummarizeFlowsRequest {
        clock: crate::support::clock(day.map(|(year, month, day)| Date { year, month, day }), None),
        include_quantities: quantities,
        ..by_partner(&["CHN"])
    };
    let answer = served.trade().summarize_flows(request).await.unwrap().into_inner();
    let text = |row: &pb::SummaryRow| {
        let value = row.value.as_ref().map_or("unknown", |value| &value.value);
        format!("{} {} {value}", row.partner(), row.commodity())
    };
    answer.rows.iter().map(text).collect()
}

async fn listed(served: &support::Served, day: Option<(i32, i32, i32)>) -> Vec<String> {
    let request = pb::ListFlowsRequest {
        filter: by_partner(&["CHN"]).filter,
        clock: crate::support::clock(day.map(|(year, month, day)| Date { year, month, day }), None),
        ..Default::default()
    };
    let answer = served.trade().list_flows(request).await.unwrap().into_inner();
    let text = |flow: &pb::Flow| {
        let value = flow.value.as_ref().map_or("unknown", |value| &value.value);
        format!("{} {} {value}", flow.partner, flow.commodity)
    };
    answer.flows.iter().map(text).collect()
}

fn to(partner: u16, commodity: &'static str, value: &str) -> Record {
    Record { partner, commodity, ..record(value) }
}

on_each_backend!(a_later_release_revises_adds_and_withdraws_and_the_past_stays);
async fn a_later_release_revises_adds_and_withdraws_and_the_past_stays(fixture: Fixture) {
    fixture.load_lists().await;
    let first = [
        to(643, "271121", "100.5"),
        to(643, "271110", "7"),
        to(398, "271121", "3"),
        to(398, "270110", "11"), // another heading of the same chapter
        to(398, "290110", "13"), // another chapter, which the second release does not speak of
    ];
    let report = fixture.comtrade(&comtrade_csv(&first), "2024-01-10").await.unwrap();
    assert_eq!((report.rows_new, report.rows_revised), (5, 0));

    // The first revised, the second and the coal gone, one unchanged, one new.
    let second = [to(643, "271121", "100.501"), to(398, "271121", "3"), to(51, "271121", "2")];
    let report = fixture.comtrade(&comtrade_csv(&second), "2024-02-20").await.unwrap();
    let counts = (report.rows_new, report.rows_revised, report.rows_unchanged, report.rows_withdrawn);
    assert_eq!(counts, (1, 1, 1, 2));

    // The coal comes back.
    let third = [second.to_vec(), vec![to(398, "270110", "12")]].concat();
    let report = fixture.comtrade(&comtrade_csv(&third), "2024-03-01").await.unwrap();
    assert_eq!((report.rows_new, report.rows_unchanged), (1, 3));

    let served = fixture.serve().await;
    let old = ["KAZ 270110 11", "KAZ 271121 3", "KAZ 290110 13", "RUS 271110 7", "RUS 271121 100.5"];
    let mid = ["ARM 271121 2", "KAZ 271121 3", "KAZ 290110 13", "RUS 271121 100.501"];
    let new = ["ARM 271121 2", "KAZ 270110 12", "KAZ 271121 3", "KAZ 290110 13", "RUS 271121 100.501"];
    let sorted = |mut rows: Vec<String>| {
        rows.sort();
        rows
    };
    for (day, expected) in [
        (Some((2024, 1, 9)), &[][..]),
        (Some((2024, 1, 10)), &old[..]),
        (Some((2024, 2, 19)), &old[..]),
        (Some((2024, 2, 20)), &mid[..]),
        (Some((2024, 0, 0)), &new[..]),
        (None, &new[..]),
    ] {
        for quantities in [false, true] {
            let found = sorted(seen(&served, day, quantities).await);
            assert_eq!(found, expected, "summary as of {day:?}");
        }
        assert_eq!(sorted(listed(&served, day).await), expected, "list as of {day:?}");
    }
}

on_each_backend!(rollups_equal_the_facts_after_every_release);
async fn rollups_equal_the_facts_after_every_release(fixture: Fixture) {
    fixture.load_lists().await;
    let releases = [
        vec![to(643, "271121", "5"), to(643, "271110", "6"), to(398, "290110", "7")],
        vec![to(643, "271121", "4"), to(398, "290110", "7")],
        vec![to(643, "271121", "4"), to(643, "271110", "9"), to(398, "290110", "1")],
    ];
    let served = fixture.serve().await;
    for (number, records) in releases.iter().enumerate() {
        fixture.comtrade(&comtrade_csv(records), &format!("2024-01-{:02}", number + 1)).await.unwrap();
        let groupings: [(&[pb::Dimension], i32); 3] = [
            (&[pb::Dimension::Partner, pb::Dimension::Year], 0),
            (&[pb::Dimension::Commodity, pb::Dimension::Year], 2),
            (&[pb::Dimension::Reporter], 0),
        ];
        for (group_by, commodity_level) in groupings {
            let request = |include_quantities| pb::SummarizeFlowsRequest {
                filter: Some(pb::FlowFilter { flows: vec!["X".into()], ..Default::default() }),
                group_by: group_by.iter().map(|dimension| i32::from(*dimension)).collect(),
                commodity_level,
                include_quantities,
                ..Default::default()
            };
            let rollup = served.trade().summarize_flows(request(false)).await.unwrap().into_inner();
            // Quantities can only be added up from the facts.
            let mut facts = served.trade().summarize_flows(request(true)).await.unwrap().into_inner();
            facts.rows.iter_mut().for_each(|row| row.quantities.clear());
            facts.total.iter_mut().for_each(|row| row.quantities.clear());
            assert_eq!(rollup, facts, "release {number} by {group_by:?}");
            assert!(!rollup.rows.is_empty());
        }
    }
}

on_each_backend!(the_same_files_again_change_nothing);
async fn the_same_files_again_change_nothing(fixture: Fixture) {
    fixture.load_lists().await;
    let csv = comtrade_csv(&[record("1"), to(398, "271121", "2")]);
    fixture.comtrade(&csv, "2024-01-01").await.unwrap();
    let again = fixture.comtrade(&csv, "2024-05-01").await.unwrap();
    assert!(again.already_imported && again.release.is_none());
    assert_eq!(seen(&fixture.serve().await, None, false).await.len(), 2);
}

on_each_backend!(a_dry_run_counts_and_writes_nothing);
async fn a_dry_run_counts_and_writes_nothing(fixture: Fixture) {
    fixture.load_lists().await;
    fixture.comtrade(&comtrade_csv(&[record("1")]), "2024-01-01").await.unwrap();
    let path = fixture.write("next.csv", comtrade_csv(&[record("2"), to(398, "271121", "2")]));
    let mut options = published(vec![path], "2024-02-01");
    options.dry_run = true;
    let report = fixture.import("comtrade", options).await.unwrap();
    assert_eq!((report.rows_new, report.rows_revised, report.release), (1, 1, None));
    assert_eq!(seen(&fixture.serve().await, None, false).await, ["RUS 271121 1"]);
}

on_each_backend!(a_release_of_an_earlier_day_is_refused);
async fn a_release_of_an_earlier_day_is_refused(fixture: Fixture) {
    fixture.load_lists().await;
    fixture.comtrade(&comtrade_csv(&[record("1")]), "2024-03-01").await.unwrap();
    let error = fixture.comtrade(&comtrade_csv(&[record("2")]), "2024-02-01").await.unwrap_err();
    assert!(matches!(error, Error::Refused(_)), "{error}");
    assert_eq!(seen(&fixture.serve().await, None, false).await, ["RUS 271121 1"]);
}

on_each_backend!(whole_withdraws_what_the_files_do_not_have);
async fn whole_withdraws_what_the_files_do_not_have(fixture: Fixture) {
    fixture.load_lists().await;
    let first = [record("1"), Record { reporter: 643, partner: 156, ..record("5") }];
    fixture.comtrade(&comtrade_csv(&first), "2024-01-01").await.unwrap();
    let path = fixture.write("whole.csv", comtrade_csv(&[record("1")]));
    let mut options = published(vec![path], "2024-02-01");
    options.whole = true;
    let report = fixture.import("comtrade", options).await.unwrap();
    assert_eq!((report.rows_unchanged, report.rows_withdrawn), (1, 1));
}

on_each_backend!(two_writers_wait_for_one_another);
async fn two_writers_wait_for_one_another(fixture: Fixture) {
    fixture.load_lists().await;
    let one = fixture.write("one.csv", comtrade_csv(&[record("1")]));
    let two = fixture.write("two.csv", comtrade_csv(&[record("2")]));
    let in_dataset = |path, dataset: &str| {
        let mut options = published(vec![path], "2024-01-01");
        options.dataset = Some(dataset.into());
        options
    };
    let (one, two) = tokio::join!(
        fixture.import("comtrade", in_dataset(one, "first")),
        fixture.import("comtrade", in_dataset(two, "second")),
    );
    let (one, two) = (one.unwrap().release.unwrap(), two.unwrap().release.unwrap());
    assert_ne!(one, two);
}

on_each_backend!(a_rejected_row_withdraws_nothing);
async fn a_rejected_row_withdraws_nothing(fixture: Fixture) {
    fixture.load_lists().await;
    let first = [record("50"), to(398, "271121", "7")];
    fixture.comtrade(&comtrade_csv(&first), "2024-01-01").await.unwrap();
    let path = fixture.write("bad.csv", comtrade_csv(&[record("-5"), to(51, "271121", "9")]));
    let mut options = published(vec![path], "2024-02-01");
    options.max_rejects = 1;
    let report = fixture.import("comtrade", options).await.unwrap();
    assert_eq!((report.rows_new, report.rows_withdrawn, report.rows_held_back), (1, 0, 2));
    assert_eq!(seen(&fixture.serve().await, None, false).await.len(), 3);
}

on_each_backend!(a_dataset_keeps_its_kind_and_publisher_and_the_future_is_refused);
async fn a_dataset_keeps_its_kind_and_publisher_and_the_future_is_refused(fixture: Fixture) {
    fixture.load_lists().await;
    let path = fixture.write("flows.csv", comtrade_csv(&[record("1")]));
    for name in ["classification-hs2022", "classification-hs2017"] {
        let mut options = published(vec![path.clone()], "2024-01-01");
        options.dataset = Some(name.into());
        let error = fixture.import("comtrade", options).await.unwrap_err();
        assert!(error.to_string().contains("another kind"), "{error}");
    }
    let options = published(vec![path], "2199-01-01");
    let error = fixture.import("comtrade", options).await.unwrap_err();
    assert!(error.to_string().contains("future"), "{error}");
}

on_each_backend!(what_was_rejected_can_come_in_later_from_the_same_file);
async fn what_was_rejected_can_come_in_later_from_the_same_file(fixture: Fixture) {
    fixture.load_lists().await;
    let missing = Record { commodity: "991310", ..record("2") };
    let path = fixture.write("flows.csv", comtrade_csv(&[record("1"), missing]));
    let tolerant = || {
        let mut options = published(vec![path.clone()], "2024-01-01");
        options.max_rejects = 1;
        options
    };
    let report = fixture.import("comtrade", tolerant()).await.unwrap();
    assert_eq!((report.rows_new, report.rows_rejected), (1, 1));
    let longer = made_up_list("H5") + "991310,991310 - Later,9913,1,6\n";
    let list = fixture.write("longer_H5.csv", longer);
    fixture.import("classification", published(vec![list], "2024-02-01")).await.unwrap();
    let report = fixture.import("comtrade", tolerant()).await.unwrap();
    assert_eq!((report.rows_new, report.rows_unchanged, report.rows_rejected), (1, 1, 0));
    assert!(fixture.import("comtrade", tolerant()).await.unwrap().already_imported);
}
