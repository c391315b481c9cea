//! Codes of two editions of the HS within one group of periods: joined where they are 1:1, named where they are not.

use crate::support::comtrade::{Record, comtrade_csv, correlation_csv, record};
use crate::support::{Fixture, Served, clock, published};
use entrepot::proto::entrepot::trade::v1 as pb;
use entrepot::proto::entrepot::r#type::v1::EmptyReason;

/// HS2022 and HS2017. In HS2022, 0402 has the leaves 10, 21 and 90 in other words: 040210 was 040221, 040221 and 040290 were
/// 040210; 040310 is both 040310 and 040321; 040410 is what it was.
const PAIRS: [(&str, &str); 6] = [
    ("040210", "040221"),
    ("040221", "040210"),
    ("040290", "040210"),
    ("040310", "040310"),
    ("040310", "040321"),
    ("040410", "040410"),
];

async fn served(fixture: &Fixture, records: &[Record], with_concordance: bool) -> Served {
    fixture.load_lists().await;
    if with_concordance {
        let path = fixture.write("correlations.csv", correlation_csv(&PAIRS));
        fixture.import("concordance", published(vec![path], "2022-06-02")).await.unwrap();
    }
    fixture.comtrade(&comtrade_csv(records), "2024-01-01").await.unwrap();
    fixture.serve().await
}

/// India's twelve months of 2022, three of them in the older edition, and the United States' year in the newer.
fn changing() -> Vec<Record> {
    const MONTHS: [&str; 12] = [
        "202201", "202202", "202203", "202204", "202205", "202206", "202207", "202208", "202209", "202210", "202211",
        "202212",
    ];
    let mut records = Vec::new();
    for (index, period) in MONTHS.into_iter().enumerate() {
        let (classification, codes): (_, &[(&str, i32)]) = match index {
            0..3 => ("H5", &[("040221", 7), ("040210", 20), ("040310", 4), ("040321", 5), ("040410", 1)]),
            _ => ("H6", &[("040210", 8), ("040221", 30), ("040290", 40), ("040310", 6), ("040410", 2)]),
        };
        let of = |(commodity, value): &(&'static str, i32)| Record {
            reporter: 699,
            partner: 842,
            flow: "X",
            period,
            classification,
            commodity,
            ..record(*value)
        };
        records.extend(codes.iter().map(of));
    }
    for (commodity, value) in [("040210", 100), ("040221", 300), ("040310", 80), ("040410", 25)] {
        let of =
            Record { reporter: 842, partner: 699, flow: "M", period: "2022", classification: "H6", ..record(value) };
        records.push(Record { commodity, ..of });
    }
    records
}

fn question(commodities: &[&str], group_by: &[pb::Dimension], level: i32) -> pb::SummarizeFlowsRequest {
    let filter = pb::FlowFilter {
        reporters: vec!["IND".into()],
        flows: vec!["X".into()],
        start_period: "2022".into(),
        end_period: "2022".into(),
        commodities: commodities.iter().map(ToString::to_string).collect(),
        ..Default::default()
    };
    let group_by = group_by.iter().map(|dimension| i32::from(*dimension)).collect();
    pb::SummarizeFlowsRequest { filter: Some(filter), group_by, commodity_level: level, ..Default::default() }
}

async fn ask(served: &Served, request: pb::SummarizeFlowsRequest) -> pb::SummarizeFlowsResponse {
    served.trade().summarize_flows(request).await.unwrap().into_inner()
}

/// Edition and code, both sides' values and the gap.
type Compared = (String, String, String, String);

/// Edition and code, value, and periods reported of those expected.
type Found = (String, String, i32, i32);

fn found(answer: &pb::SummarizeFlowsResponse) -> Vec<Found> {
    let row = |row: &pb::SummaryRow| {
        let code = format!("{}-{}", row.classification(), row.commodity());
        let value = row.value.as_ref().map_or("unknown".into(), |value| value.value.clone());
        (code, value, row.periods_reported, row.periods_expected)
    };
    answer.rows.iter().map(row).collect()
}

fn right(rows: &[(&str, &str, i32)]) -> Vec<Found> {
    rows.iter().map(|(code, value, reported)| (code.to_string(), value.to_string(), *reported, 12)).collect()
}

fn notes(provenance: &Option<entrepot::proto::entrepot::r#type::v1::Provenance>) -> String {
    provenance.as_ref().map_or_else(String::new, |provenance| provenance.notes.join("\n"))
}

const BY_YEAR: [pb::Dimension; 2] = [pb::Dimension::Year, pb::Dimension::Commodity];

on_each_backend!(codes_that_are_one_to_one_are_one_row_of_twelve_months);
async fn codes_that_are_one_to_one_are_one_row_of_twelve_months(fixture: Fixture) {
    let served = served(&fixture, &changing(), true).await;
    let answer = ask(&served, question(&[], &BY_YEAR, 6)).await;
    let rows = right(&[
        ("HS2017-040210", "60", 3),
        ("HS2017-040310", "12", 3),
        ("HS2017-040321", "15", 3),
        ("HS2022-040210", "93", 12),
        ("HS2022-040221", "270", 9),
        ("HS2022-040290", "360", 9),
        ("HS2022-040310", "54", 9),
        ("HS2022-040410", "21", 12),
    ]);
    assert_eq!(found(&answer), rows);
    assert_eq!(answer.total.as_ref().unwrap().value.as_ref().unwrap().value, "885");
    let said = notes(&answer.provenance);
    assert!(said.contains("joined under the later edition") && said.contains("IND X (HS2017 and HS2022)"), "{said}");
    // The same cell, whatever is asked beside it: by its code, by the older one, without periods, with quantities, of the past.
    let cell = right(&[("HS2022-040210", "93", 12)]);
    for codes in [&["040210"][..], &["040221"], &["040210", "040410"], &["0402"]] {
        let answer = ask(&served, question(codes, &BY_YEAR, 6)).await;
        let of_cell: Vec<Found> = found(&answer).into_iter().filter(|row| row.0 == cell[0].0).collect();
        assert_eq!(of_cell, cell, "{codes:?}");
    }
    let ungrouped = ask(&served, question(&["0402"], &[pb::Dimension::Commodity], 6)).await;
    assert_eq!(found(&ungrouped)[1], cell[0]);
    let past = pb::SummarizeFlowsRequest {
        clock: clock(crate::support::day("2024-01-02"), None),
        include_quantities: true,
        ..question(&[], &BY_YEAR, 6)
    };
    let past = ask(&served, past).await;
    assert_eq!(found(&past), rows);
    let kilograms: Vec<i64> = past.rows.iter().map(|row| row.quantities[0].row_count).collect();
    assert_eq!(kilograms, [3, 3, 3, 12, 9, 9, 9, 12]);
    // By month there is one edition in each group.
    let months = ask(&served, question(&["040410"], &[pb::Dimension::Month, pb::Dimension::Commodity], 6)).await;
    assert_eq!(
        (months.rows.len(), months.rows[0].classification(), months.rows[11].classification()),
        (12, "HS2017", "HS2022")
    );
}

on_each_backend!(headings_are_joined_where_all_their_goods_are_the_same);
async fn headings_are_joined_where_all_their_goods_are_the_same(fixture: Fixture) {
    // Every leaf of the lists has its pair, but for one of 0404.
    let mut pairs = Vec::new();
    for heading in ["0402", "0403", "0404"] {
        pairs.extend(["10", "21", "90"].map(|leaf| (format!("{heading}{leaf}"), format!("{heading}{leaf}"))));
    }
    pairs.pop();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(newer, older)| (newer.as_str(), older.as_str())).collect();
    let path = fixture.write("correlations.csv", correlation_csv(&[&pairs[..], &[("040221", "040210")]].concat()));
    fixture.import("concordance", published(vec![path], "2022-06-02")).await.unwrap();
    let served = served(&fixture, &changing(), false).await;
    let rows =
        [("HS2017-0404", "3", 3), ("HS2022-0402", "783", 12), ("HS2022-0403", "81", 12), ("HS2022-0404", "18", 9)];
    assert_eq!(found(&ask(&served, question(&[], &BY_YEAR, 4)).await), right(&rows));
}

on_each_backend!(both_sides_are_compared_in_one_edition);
async fn both_sides_are_compared_in_one_edition(fixture: Fixture) {
    let mut records = changing();
    // A year that one side reports in the older edition as a whole.
    let older = Record { reporter: 699, partner: 842, flow: "X", period: "2021", classification: "H5", ..record(50) };
    records.push(Record { commodity: "040221", ..older.clone() });
    records.push(Record { commodity: "040210", ..older });
    let newer = Record { reporter: 842, partner: 699, flow: "M", period: "2021", classification: "H6", ..record(60) };
    records.push(Record { commodity: "040210", ..newer.clone() });
    records.push(Record { commodity: "040410", ..newer });
    let served = served(&fixture, &records, true).await;
    let mirror = |period: &str, commodities: &[&str]| pb::CompareMirrorRequest {
        exporter: "IND".into(),
        importer: "USA".into(),
        start_period: period.into(),
        end_period: period.into(),
        commodity_level: 6,
        commodities: commodities.iter().map(ToString::to_string).collect(),
        ..Default::default()
    };
    let rows = async |request| -> (Vec<Compared>, Vec<pb::MirrorRow>) {
        let answer = served.trade().compare_mirror(request).await.unwrap().into_inner();
        assert!(notes(&answer.exporter_provenance).contains("joined under the later edition"));
        let value = |side: &Option<pb::MirrorSide>| match side.as_ref().and_then(|side| side.value.as_ref()) {
            Some(value) => value.value.clone(),
            None => "none".into(),
        };
        let shown = answer.rows.iter().map(|row| {
            let code = format!("{}-{}", row.classification(), row.commodity());
            let gap = row.gap.as_ref().map_or("none".into(), |gap| gap.value.clone());
            (code, value(&row.exporter), value(&row.importer), gap)
        });
        (shown.collect(), answer.rows.clone())
    };
    let right = |rows: &[[&str; 4]]| -> Vec<Compared> {
        rows.iter()
            .map(|[code, one, other, gap]| (code.to_string(), one.to_string(), other.to_string(), gap.to_string()))
            .collect()
    };
    let (found, _) = rows(mirror("2022", &[])).await;
    let of_2022 = right(&[
        ["HS2017-040210", "60", "none", "none"],
        ["HS2017-040310", "12", "none", "none"],
        ["HS2017-040321", "15", "none", "none"],
        ["HS2022-040210", "93", "100", "7"],
        ["HS2022-040221", "270", "300", "none"],
        ["HS2022-040290", "360", "none", "none"],
        ["HS2022-040310", "54", "80", "none"],
        ["HS2022-040410", "21", "25", "4"],
    ]);
    assert_eq!(found, of_2022, "nine months are not held against twelve");
    let (found, sides) = rows(mirror("2021", &[])).await;
    let of_2021 = right(&[
        ["HS2017-040210", "50", "none", "none"],
        ["HS2022-040210", "50", "60", "10"],
        ["HS2022-040410", "none", "60", "none"],
    ]);
    assert_eq!(found, of_2021);
    let reason = |side: &Option<pb::MirrorSide>| side.as_ref().unwrap().emptiness.as_ref().unwrap().reason();
    assert_eq!(reason(&sides[0].importer), EmptyReason::InAnotherEdition);
    assert_eq!(reason(&sides[2].exporter), EmptyReason::NoTradeReported, "1:1, and none of it");
    for code in ["040210", "040221"] {
        let (found, _) = rows(mirror("2021", &[code])).await;
        assert!(found.contains(&of_2021[1]), "{code}: {found:?}");
    }
}

on_each_backend!(without_a_concordance_editions_are_kept_apart);
async fn without_a_concordance_editions_are_kept_apart(fixture: Fixture) {
    let served = served(&fixture, &changing(), false).await;
    let answer = ask(&served, question(&["040410"], &BY_YEAR, 6)).await;
    assert_eq!(found(&answer), right(&[("HS2017-040410", "3", 3), ("HS2022-040410", "18", 9)]));
}

on_each_backend!(what_a_code_became_is_named);
async fn what_a_code_became_is_named(fixture: Fixture) {
    let list = crate::support::comtrade::made_up_list("H6").replace("060190,", "060195,").replace("060290,", "060295,");
    fixture.load_lists().await;
    let path = fixture.write("newer_H6.csv", list);
    fixture.import("classification", published(vec![path], "2022-07-01")).await.unwrap();
    let at = |period, classification, commodity| Record { period, classification, commodity, ..record(10) };
    let records = [
        at("2020", "H5", "060190"),
        at("2021", "H5", "060190"),
        at("2021", "H5", "060290"),
        at("2022", "H6", "060110"),
        at("2023", "H6", "060195"),
    ];
    fixture.comtrade(&comtrade_csv(&records), "2024-01-01").await.unwrap();
    let served = fixture.serve().await;
    let asked = |code: &str, from: &str, classification: &str| pb::SummarizeFlowsRequest {
        filter: Some(pb::FlowFilter {
            reporters: vec!["CHN".into()],
            flows: vec!["X".into()],
            start_period: from.into(),
            commodities: vec![code.into()],
            classification: classification.into(),
            ..Default::default()
        }),
        group_by: vec![pb::Dimension::Year.into()],
        ..Default::default()
    };
    let said = async |request| notes(&ask(&served, request).await.provenance);
    let pointer = said(asked("060190", "2020", "")).await;
    assert!(pointer.contains("(ConvertCommodity gives them, once a concordance is loaded)"), "{pointer}");

    let pairs = [("060110", "060190"), ("060195", "060190"), ("060110", "060110"), ("060295", "060290")];
    let path = fixture.write("correlations.csv", correlation_csv(&pairs));
    fixture.import("concordance", published(vec![path], "2024-01-02")).await.unwrap();
    let split = said(asked("060190", "2020", "")).await;
    let right = "060190 is a code of HS2017 and not of HS2022, in which the reports of 2022 to 2023 are: its goods stand there \
                 under other codes and are not in this answer (060190 of HS2017 went into 060110 and 060195, some of which hold \
                 other goods too, of HS2022, from 2022)";
    assert!(split.contains(right), "{split}");
    let renamed = said(asked("060290", "2020", "")).await;
    assert!(renamed.contains("(060290 of HS2017 became 060295 (1:1) of HS2022, from 2022)"), "{renamed}");
    let back = said(asked("060195", "2020", "")).await;
    assert!(back.contains("(060195 of HS2022 was a part of 060190 of HS2017, until 2021)"), "{back}");
    let edition = said(asked("060290", "2020", "HS2017")).await;
    assert!(edition.contains("CHN X of 2022 to 2023 in HS2022 (060290 of HS2017 became 060295 (1:1)"), "{edition}");
    // Where no report has the code, the reason says it.
    let none = ask(&served, asked("060290", "2022", "")).await.emptiness.unwrap();
    assert_eq!(none.reason(), EmptyReason::CodeNotValidInClassification);
    assert!(none.detail.contains("060290 of HS2017 became 060295 (1:1) of HS2022, from 2022"), "{}", none.detail);
    let list = pb::ListFlowsRequest { filter: asked("060290", "2022", "").filter, ..Default::default() };
    let none = served.trade().list_flows(list).await.unwrap().into_inner().emptiness.unwrap();
    assert!(none.detail.contains("became 060295 (1:1)"), "{}", none.detail);
}
