//! Each report is added at the level that it has: what is asked beside it changes no figure, and what is missing, mixed or
//! in another edition is said.

use crate::support::comtrade::{HEADER, Record, comtrade_csv, record};
use crate::support::{Fixture, Served, clock};
use entrepot::proto::entrepot::trade::v1 as pb;
use entrepot::proto::entrepot::r#type::v1::EmptyReason;
use tonic::Code;

fn filter(reporters: &[&str], flow: &str, from: &str, to: &str) -> pb::FlowFilter {
    pb::FlowFilter {
        reporters: reporters.iter().map(ToString::to_string).collect(),
        flows: vec![flow.into()],
        start_period: from.into(),
        end_period: to.into(),
        ..Default::default()
    }
}

fn by(filter: pb::FlowFilter, group_by: &[pb::Dimension], commodity_level: i32) -> pb::SummarizeFlowsRequest {
    let group_by = group_by.iter().map(|dimension| i32::from(*dimension)).collect();
    pb::SummarizeFlowsRequest { filter: Some(filter), group_by, commodity_level, ..Default::default() }
}

async fn ask(served: &Served, request: pb::SummarizeFlowsRequest) -> pb::SummarizeFlowsResponse {
    served.trade().summarize_flows(request).await.unwrap().into_inner()
}

fn value(row: &pb::SummaryRow) -> &str {
    row.value.as_ref().map_or("unknown", |value| &value.value)
}

fn total(answer: &pb::SummarizeFlowsResponse) -> &str {
    answer.total.as_ref().map_or("none", value)
}

fn notes(answer: &pb::SummarizeFlowsResponse) -> String {
    answer.provenance.as_ref().map_or_else(String::new, |provenance| provenance.notes.join("\n"))
}

async fn served_with(fixture: &Fixture, records: &[Record]) -> Served {
    fixture.load_lists().await;
    fixture.comtrade(&comtrade_csv(records), "2024-01-01").await.unwrap();
    fixture.serve().await
}

fn total_of(flow: &'static str, period: &'static str, partner: u16, value: i32) -> Record {
    Record { flow, period, partner, commodity: "TOTAL", ..record(value) }
}

on_each_backend!(a_weight_of_zero_beside_a_value_is_unknown);
async fn a_weight_of_zero_beside_a_value_is_unknown(fixture: Fixture) {
    let zero = Record { partner: 398, net_weight: "0.0", quantity: "320", ..record(900) };
    let weighed = Record { net_weight: "120", quantity: "120", ..record(300) };
    let nothing = Record { partner: 51, net_weight: "0.0", ..record(0) };
    let served = served_with(&fixture, &[zero, weighed, nothing]).await;
    for include_quantities in [false, true] {
        let request = pb::SummarizeFlowsRequest {
            include_quantities,
            ..by(filter(&["CHN"], "X", "2021", "2021"), &[pb::Dimension::Partner], 0)
        };
        let answer = ask(&served, request).await;
        let weight = |row: &pb::SummaryRow| row.net_weight_kg.clone().map_or("unknown".into(), |weight| weight.value);
        let found: Vec<(&str, String, i64)> =
            answer.rows.iter().map(|row| (row.partner(), weight(row), row.net_weight_row_count)).collect();
        assert_eq!(
            found,
            [("ARM", "0".into(), 1), ("KAZ", "unknown".into(), 0), ("RUS", "120".into(), 1)],
            "no goods weigh nothing, no value does"
        );
        let total = answer.total.unwrap();
        assert_eq!((weight(&total), total.net_weight_row_count, total.row_count), ("120".into(), 2, 3));
        assert_eq!(total.unit_value_per_kg.unwrap().value, "2.5", "over the weighed facts alone");
        let Some(kilograms) = total.quantities.iter().find(|sum| sum.quantity.as_ref().unwrap().unit == "kg") else {
            assert!(!include_quantities);
            continue;
        };
        assert_eq!(kilograms.without_net_weight.as_ref().unwrap().value, "320", "may stand in for the weight");
        assert_eq!(kilograms.without_net_weight_row_count, 1);
    }
}

on_each_backend!(only_a_value_that_is_estimated_counts_as_such);
async fn only_a_value_that_is_estimated_counts_as_such(fixture: Fixture) {
    let mut text = comtrade_csv(&[Record { partner: 398, ..record(700) }, record(300)]);
    // The mark of an estimated net weight, on the second row.
    text = text.replacen(",10.5,false,0.0,false,,300", ",10.5,true,0.0,false,,300", 1);
    assert!(text.starts_with(HEADER) && text.contains(",true,0.0"));
    fixture.load_lists().await;
    fixture.comtrade(&text, "2024-01-01").await.unwrap();
    let served = fixture.serve().await;
    let basis = ask(&served, by(filter(&["CHN"], "X", "2021", "2021"), &[], 0)).await.basis.unwrap();
    assert!(basis.estimated_value_share.is_none(), "the source says nothing of values");
    assert_eq!(basis.quantity_estimated_value_share.unwrap().value, "0.3");
}

on_each_backend!(a_figure_is_the_same_whatever_the_range);
async fn a_figure_is_the_same_whatever_the_range(fixture: Fixture) {
    let records = [
        total_of("M", "2020", 0, 800),
        total_of("M", "2020", 643, 300),
        total_of("M", "2020", 398, 450),
        total_of("M", "2021", 643, 200),
        total_of("M", "2021", 398, 350),
    ];
    let served = served_with(&fixture, &records).await;
    let alone = ask(&served, by(filter(&["CHN"], "M", "2020", "2020"), &[pb::Dimension::Year], 0)).await;
    assert_eq!((value(&alone.rows[0]), alone.rows[0].levels.len()), ("800", 0));
    let both = ask(&served, by(filter(&["CHN"], "M", "2020", "2021"), &[pb::Dimension::Year], 0)).await;
    assert_eq!(both.rows.iter().map(value).collect::<Vec<_>>(), ["800", "550"]);
    assert!(both.rows[0].levels[0].contains("the partner World"), "{:?}", both.rows[0].levels);
    assert!(both.rows[1].levels[0].contains("single partners"), "{:?}", both.rows[1].levels);
    assert_eq!((total(&both), both.total.as_ref().unwrap().levels.len()), ("1350", 2), "the total mixes both");
    assert!(both.basis.unwrap().level.contains(" | "));
}

on_each_backend!(what_no_detailed_code_holds_is_a_row_of_its_own);
async fn what_no_detailed_code_holds_is_a_row_of_its_own(fixture: Fixture) {
    let at = |commodity, value: i32| Record { commodity, net_weight: "", quantity: "", ..record(value) };
    let records = [
        at("29", 250),
        at("2901", 170),
        at("290110", 90),
        at("290121", 60),
        at("27", 40),
        at("2711", 40),
        at("271121", 40),
    ];
    let served = served_with(&fixture, &records).await;
    let answer = ask(&served, by(filter(&["CHN"], "X", "2021", "2021"), &[pb::Dimension::Commodity], 6)).await;
    let found: Vec<(&str, &str, bool)> =
        answer.rows.iter().map(|row| (row.commodity(), value(row), row.not_detailed)).collect();
    assert_eq!(found, [("271121", "40", false), ("29", "100", true), ("290110", "90", false), ("290121", "60", false)]);
    assert_eq!(total(&answer), "290");
    let shares: Vec<&str> = answer.rows.iter().map(|row| row.share.as_ref().unwrap().value.as_str()).collect();
    assert_eq!(shares, ["0.137931", "0.344828", "0.310345", "0.206897"]);
    let heading = pb::FlowFilter { commodities: vec!["2901".into()], ..filter(&["CHN"], "X", "2021", "2021") };
    let answer = ask(&served, by(heading, &[pb::Dimension::Commodity], 6)).await;
    assert_eq!((total(&answer), answer.rows[0].commodity(), value(&answer.rows[0])), ("170", "2901", "20"));
}

on_each_backend!(a_report_without_detailed_codes_keeps_no_other_from_being_answered);
async fn a_report_without_detailed_codes_keeps_no_other_from_being_answered(fixture: Fixture) {
    let of = |reporter, commodity, value: i32| Record { reporter, commodity, ..record(value) };
    // China has all levels, India only a heading, Kazakhstan one chapter in detail and one not.
    let records = [
        of(156, "27", 100),
        of(156, "2711", 100),
        of(156, "271121", 100),
        of(699, "2709", 50),
        of(398, "27", 30),
        of(398, "2709", 30),
        of(398, "270910", 30),
        of(398, "85", 7),
    ];
    let served = served_with(&fixture, &records).await;
    let asked = || filter(&[], "X", "2021", "2021");
    assert_eq!(total(&ask(&served, by(asked(), &[], 0)).await), "187");
    let answer = ask(&served, by(asked(), &[pb::Dimension::Reporter], 0)).await;
    assert_eq!(answer.rows.iter().map(value).collect::<Vec<_>>(), ["100", "37", "50"]);
    let answer = ask(&served, by(asked(), &[pb::Dimension::Commodity], 6)).await;
    let found: Vec<(&str, &str, bool)> =
        answer.rows.iter().map(|row| (row.commodity(), value(row), row.not_detailed)).collect();
    let right = [("2709", "50", true), ("270910", "30", false), ("271121", "100", false), ("85", "7", true)];
    assert_eq!((found, total(&answer)), (right.to_vec(), "187"));
    // A six-digit code cannot be had of India: it is left out by name, and alone it is refused by name.
    let code = pb::FlowFilter { commodities: vec!["271121".into()], ..asked() };
    let answer = ask(&served, by(code.clone(), &[], 0)).await;
    assert_eq!(total(&answer), "100");
    assert!(notes(&answer).contains("left out: one report without rows of 6 or more digits"), "{}", notes(&answer));
    assert!(notes(&answer).contains("IND X 2021 has only 4-digit codes"), "{}", notes(&answer));
    let india = pb::FlowFilter { reporters: vec!["IND".into()], ..code };
    let status = served.trade().summarize_flows(by(india, &[], 0)).await.unwrap_err();
    assert_eq!(status.code(), Code::FailedPrecondition);
    assert!(status.message().contains("IND X 2021 has only 4-digit codes"), "{}", status.message());
}

on_each_backend!(a_report_with_details_only_is_named);
async fn a_report_with_details_only_is_named(fixture: Fixture) {
    let by_both = |mode, value: i32| Record { mode, procedure: "C01", ..record(value) };
    let served = served_with(&fixture, &[by_both(2100, 30), by_both(3200, 12)]).await;
    let asked = || filter(&["CHN"], "X", "2021", "2021");
    let status = served.trade().summarize_flows(by(asked(), &[], 0)).await.unwrap_err();
    let message = status.message();
    assert!(message.contains("CHN X 2021 has only 6-digit codes as rows by several of mode"), "{message}");
    assert!(!message.contains("0 digits"), "{message}");
    let both = [pb::Dimension::ModeOfTransport, pb::Dimension::CustomsProcedure];
    assert_eq!(total(&ask(&served, by(asked(), &both, 0)).await), "42");
}

on_each_backend!(the_frequency_is_that_of_each_reporter_and_year);
async fn the_frequency_is_that_of_each_reporter_and_year(fixture: Fixture) {
    let mut records = vec![total_of("M", "2021", 643, 100), total_of("M", "2022", 643, 110)];
    for period in ["202201", "202301", "202302", "202303"] {
        records.push(total_of("M", period, 643, 9));
    }
    for period in ["202101", "202102"] {
        records.push(Record { reporter: 792, ..total_of("M", period, 643, 5) });
    }
    let served = served_with(&fixture, &records).await;
    let years = [pb::Dimension::Reporter, pb::Dimension::Year];
    let answer = ask(&served, by(filter(&["CHN", "TUR"], "M", "2021", "2023"), &years, 0)).await;
    let found: Vec<(&str, &str, &str, i32, i32)> = answer
        .rows
        .iter()
        .map(|row| (row.reporter(), row.period(), value(row), row.periods_reported, row.periods_expected))
        .collect();
    let right = [
        ("CHN", "2021", "100", 1, 1),
        ("CHN", "2022", "110", 1, 1),
        ("CHN", "2023", "27", 3, 12),
        ("TUR", "2021", "10", 2, 12),
    ];
    assert_eq!(found, right, "a year that has only begun is marked");
    assert_eq!(total(&answer), "247");
    assert!(notes(&answer).contains("has no report of TUR M of 2022, 2023"), "{}", notes(&answer));
    let months = ask(&served, by(filter(&["CHN"], "M", "2022", "2023"), &[pb::Dimension::Month], 0)).await;
    assert_eq!(months.rows.iter().map(value).collect::<Vec<_>>(), ["9", "9", "9", "9"]);
}

on_each_backend!(a_report_replaces_the_same_report_in_another_edition);
async fn a_report_replaces_the_same_report_in_another_edition(fixture: Fixture) {
    fixture.load_lists().await;
    let older = [Record { commodity: "271110", ..record(70) }, Record { commodity: "271121", ..record(30) }];
    fixture.comtrade(&comtrade_csv(&older), "2024-01-01").await.unwrap();
    let newer = Record { classification: "H6", ..record(140) };
    fixture.comtrade(&comtrade_csv(std::slice::from_ref(&newer)), "2024-02-01").await.unwrap();
    let served = fixture.serve().await;
    let asked = || by(filter(&["CHN"], "X", "2021", "2021"), &[], 0);
    let answer = ask(&served, asked()).await;
    assert_eq!((total(&answer), answer.rows[0].row_count), ("140", 1), "the newer one, though it has fewer rows");
    let before = pb::SummarizeFlowsRequest { clock: clock(crate::support::day("2024-01-15"), None), ..asked() };
    assert_eq!(total(&ask(&served, before).await), "100");
    // A later word on the older edition makes that one the newer, also where only a value changes.
    let revised = [Record { commodity: "271110", ..record(75) }, Record { commodity: "271121", ..record(30) }];
    fixture.comtrade(&comtrade_csv(&revised), "2024-03-01").await.unwrap();
    assert_eq!(total(&ask(&served, asked()).await), "105");
    // What the source converted never replaces what was reported.
    let converted = comtrade_csv(std::slice::from_ref(&newer)).replace("H6,HS,true", "H6,HS,false");
    fixture.comtrade(&converted, "2024-04-01").await.unwrap();
    assert_eq!(total(&ask(&served, asked()).await), "105");
}

on_each_backend!(an_edition_that_changes_within_a_year_is_marked);
async fn an_edition_that_changes_within_a_year_is_marked(fixture: Fixture) {
    let mut records = Vec::new();
    for (period, classification) in [("202201", "H5"), ("202202", "H5"), ("202203", "H6"), ("202204", "H6")] {
        records.push(Record { period, classification, ..record(10) });
        records.push(Record { reporter: 643, partner: 156, flow: "M", period, classification: "H6", ..record(11) });
    }
    let served = served_with(&fixture, &records).await;
    let grouped = [pb::Dimension::Year, pb::Dimension::Commodity];
    let answer = ask(&served, by(filter(&["CHN"], "X", "2022", "2022"), &grouped, 6)).await;
    let found: Vec<(&str, &str, &str, i32, i32)> = answer
        .rows
        .iter()
        .map(|row| (row.classification(), row.commodity(), value(row), row.periods_reported, row.periods_expected))
        .collect();
    assert_eq!(found, [("HS2017", "271121", "20", 2, 12), ("HS2022", "271121", "20", 2, 12)]);
    assert!(
        notes(&answer).contains("CHN X is in HS2017 for 2022-01 to 2022-02 and in HS2022 for"),
        "{}",
        notes(&answer)
    );
    let request = pb::CompareMirrorRequest {
        exporter: "CHN".into(),
        importer: "RUS".into(),
        start_period: "2022".into(),
        end_period: "2022".into(),
        commodity_level: 6,
        ..Default::default()
    };
    let mirror = served.trade().compare_mirror(request).await.unwrap().into_inner();
    let reasons: Vec<(&str, Option<EmptyReason>)> = mirror
        .rows
        .iter()
        .map(|row| {
            let importer = row.importer.as_ref().unwrap();
            (row.classification(), importer.emptiness.as_ref().map(|emptiness| emptiness.reason()))
        })
        .collect();
    assert_eq!(reasons, [("HS2017", Some(EmptyReason::InAnotherEdition)), ("HS2022", None)]);
}

on_each_backend!(missing_years_are_counted_and_named);
async fn missing_years_are_counted_and_named(fixture: Fixture) {
    let served = served_with(&fixture, &[total_of("M", "2017", 643, 3), total_of("M", "2020", 643, 4)]).await;
    let answer = ask(&served, by(filter(&["CHN"], "M", "2015", "2021"), &[], 0)).await;
    let row = answer.total.as_ref().unwrap();
    assert_eq!((value(row), row.periods_reported, row.periods_expected), ("7", 2, 7));
    assert!(notes(&answer).contains("has no report of CHN M of 2015, 2016, 2018, 2019, 2021"), "{}", notes(&answer));
    let from_there = ask(&served, by(filter(&["CHN"], "M", "", ""), &[], 0)).await;
    assert_eq!(from_there.total.unwrap().periods_expected, 4);
}

on_each_backend!(the_dataset_that_can_answer_answers);
async fn the_dataset_that_can_answer_answers(fixture: Fixture) {
    fixture.load_lists().await;
    let products =
        [Record { flow: "M", period: "2020", ..record(5) }, Record { flow: "M", period: "2021", ..record(6) }];
    fixture.comtrade(&comtrade_csv(&products), "2024-01-01").await.unwrap();
    let totals = "COUNTRY.ID,INDICATOR.ID,COUNTERPART_COUNTRY.ID,SCALE.ID,2020,2021,2022\n\
                  CHN,MG_CIF_USD,RUS,6,77,88,99\n";
    let path = fixture.write("imts.csv", totals);
    fixture.import("imts", crate::support::published(vec![path], "2024-01-02")).await.unwrap();
    let served = fixture.serve().await;
    let goods = pb::FlowFilter { commodities: vec!["TOTAL".into()], ..filter(&["CHN"], "M", "2020", "2022") };
    let answer = ask(&served, by(goods, &[], 0)).await;
    assert_eq!(total(&answer), "264000000");
    let provenance = answer.provenance.unwrap();
    assert_eq!(
        (provenance.sources[0].dataset.as_str(), &answer.basis.as_ref().unwrap().alternative_datasets[..]),
        ("datasets/imf-imts", &["datasets/un-comtrade".to_owned()][..])
    );
    assert!(provenance.notes.iter().any(|note| note.starts_with("datasets/un-comtrade is passed over")));
    // Without TOTAL by name the first answers, for the part of the range that it has.
    let answer = ask(&served, by(filter(&["CHN"], "M", "2020", "2022"), &[], 0)).await;
    assert_eq!(total(&answer), "11");
    let notes = notes(&answer);
    assert!(notes.contains("datasets/imf-imts has reports that datasets/un-comtrade lacks: CHN M of 2022"), "{notes}");
}

on_each_backend!(the_european_union_reports_itself);
async fn the_european_union_reports_itself(fixture: Fixture) {
    let of = |reporter, partner, flow, value: i32| Record { reporter, ..total_of(flow, "2022", partner, value) };
    let records = [of(97, 156, "M", 310), of(276, 156, "M", 120), of(156, 97, "X", 280), of(156, 276, "X", 100)];
    let served = served_with(&fixture, &records).await;
    for name in ["EU", "eur", "EUN", "X097", "97", "countries/EU"] {
        let request = pb::CompareMirrorRequest {
            exporter: "CHN".into(),
            importer: name.into(),
            start_period: "2022".into(),
            end_period: "2022".into(),
            ..Default::default()
        };
        let answer = served.trade().compare_mirror(request).await.unwrap().into_inner();
        let value = |side: &Option<pb::MirrorSide>| side.as_ref().unwrap().value.clone().unwrap().value;
        let row = &answer.rows[0];
        assert_eq!((value(&row.exporter), value(&row.importer)), ("280".into(), "310".into()), "{name}");
        assert_eq!(total(&ask(&served, by(filter(&[name], "M", "2022", "2022"), &[], 0)).await), "310", "{name}");
    }
    assert_eq!(total(&ask(&served, by(filter(&[], "M", "2022", "2022"), &[], 0)).await), "120", "beside its members");
    let world = pb::CompareMirrorRequest { exporter: "CHN".into(), importer: "WLD".into(), ..Default::default() };
    assert_eq!(served.trade().compare_mirror(world).await.unwrap_err().code(), Code::InvalidArgument);
}

on_each_backend!(groups_by_date_are_their_members);
async fn groups_by_date_are_their_members(fixture: Fixture) {
    let of =
        |reporter, partner, flow, period, value: i32| Record { reporter, ..total_of(flow, period, partner, value) };
    let records = [
        of(156, 276, "X", "2012", 100),
        of(156, 826, "X", "2012", 30),
        of(156, 191, "X", "2012", 4),
        of(156, 97, "X", "2012", 131),
        of(156, 58, "X", "1998", 9),
        of(156, 56, "X", "2012", 6),
        of(156, 643, "X", "2012", 50),
        of(276, 156, "M", "2012", 110),
        of(826, 156, "M", "2012", 35),
        of(97, 156, "M", "2012", 140),
    ];
    let served = served_with(&fixture, &records).await;
    let partners = |names: &[&str], from: &str| pb::FlowFilter {
        partners: names.iter().map(ToString::to_string).collect(),
        ..filter(&["CHN"], "X", from, "2012")
    };
    let answer = ask(&served, by(partners(&["EU28", "RUS"], "2012"), &[pb::Dimension::Partner], 0)).await;
    let found: Vec<(&str, &str)> = answer.rows.iter().map(|row| (row.partner(), value(row))).collect();
    assert_eq!(found, [("RUS", "50"), ("groups/EU28", "140")]);
    let said = "groups/EU28 is the 28 members that the European Union had from 2013-07-01 until 2020-01-31, in every period, \
                and the trade between them is not taken out; not members throughout the periods answered for: HRV (from \
                2013-07-01)";
    assert!(notes(&answer).contains(said), "{}", notes(&answer));
    for (name, right) in [("groups/EU27_2020", "110"), ("eu27_2007", "136"), ("EU25", "136"), ("EU15", "136")] {
        assert_eq!(total(&ask(&served, by(partners(&[name], "2012"), &[], 0)).await), right, "{name}");
    }
    // Belgium and Luxembourg were one until 1998.
    assert_eq!(total(&ask(&served, by(partners(&["EU15"], "1998"), &[], 0)).await), "145");
    let imports = |names: &[&str]| by(filter(names, "M", "2012", "2012"), &[pb::Dimension::Reporter], 0);
    let answer = ask(&served, imports(&["EU27_2007"])).await;
    assert_eq!((answer.rows[0].reporter(), total(&answer)), ("groups/EU27_2007", "145"));
    assert!(!notes(&answer).contains("X058"), "{}", notes(&answer));
    // The Union itself is never added to its members, nor two compositions to each other.
    let beside = ask(&served, imports(&["EU", "EU27_2007"])).await;
    assert_eq!((beside.rows.len(), beside.total), (2, None));
    let added = pb::SummarizeFlowsRequest { group_by: Vec::new(), ..imports(&["EU", "EU27_2007"]) };
    for request in [added, by(partners(&["EU", "EU28"], "2012"), &[], 0), imports(&["EU28", "EU27_2020"])] {
        assert!(served.trade().summarize_flows(request).await.is_err());
    }
    let status = served.trade().summarize_flows(by(partners(&["groups/EU14"], "2012"), &[], 0)).await.unwrap_err();
    assert!(format!("{status:?}").contains("EU27_2020"), "{status:?}");
    // Who defines a group of that name means his own.
    let own = pb::CountryGroup { name: "groups/EU28".into(), members: vec!["RUS".into()] };
    let request = pb::SummarizeFlowsRequest { groups: vec![own], ..by(partners(&["groups/EU28"], "2012"), &[], 0) };
    let answer = ask(&served, request).await;
    assert_eq!((total(&answer), notes(&answer).contains("European Union")), ("50", false));
    let list = pb::ListFlowsRequest { filter: Some(partners(&["EU27_2020"], "2012")), ..Default::default() };
    assert_eq!(served.trade().list_flows(list).await.unwrap().into_inner().flows.len(), 3);
    use entrepot::proto::entrepot::reference::v1::GetCountryRequest;
    let of = async |name: &str| {
        let answer = served.reference().get_country(GetCountryRequest { name: name.into() }).await.unwrap();
        answer.into_inner().country.unwrap().memberships
    };
    let croatia = of("HRV").await;
    assert_eq!(
        croatia.iter().map(|group| group.group.as_str()).collect::<Vec<_>>(),
        ["groups/EU27_2020", "groups/EU28"]
    );
    assert_eq!(croatia[0].member_start_date, crate::support::day("2013-07-01"));
    assert_eq!(
        (of("EU").await.len(), of("CHE").await.len(), of("GBR").await[0].member_end_date.unwrap().year),
        (5, 0, 2020)
    );
}

on_each_backend!(a_code_that_ends_with_its_edition_is_said_to);
async fn a_code_that_ends_with_its_edition_is_said_to(fixture: Fixture) {
    let list = crate::support::comtrade::made_up_list("H6").replace("290121,", "290155,").replace("290121 ", "290155 ");
    fixture.load_lists().await;
    let path = fixture.write("newer_H6.csv", list);
    fixture.import("classification", crate::support::published(vec![path], "2022-07-01")).await.unwrap();
    let ends = |period, classification, commodity| Record { period, classification, commodity, ..record(10) };
    let records = [
        ends("2020", "H5", "290121"),
        ends("2021", "H5", "290121"),
        ends("2022", "H6", "290155"),
        ends("2023", "H6", "290155"),
    ];
    fixture.comtrade(&comtrade_csv(&records), "2024-01-01").await.unwrap();
    let served = fixture.serve().await;
    let code = pb::FlowFilter { commodities: vec!["290121".into()], ..filter(&["CHN"], "X", "2020", "2023") };
    let answer = ask(&served, by(code, &[pb::Dimension::Year], 0)).await;
    assert_eq!(answer.rows.iter().map(value).collect::<Vec<_>>(), ["10", "10"]);
    let note = "290121 is a code of HS2017 and not of HS2022, in which the reports of 2022 to 2023 are";
    assert!(notes(&answer).contains(note), "{}", notes(&answer));
    let edition = pb::FlowFilter { classification: "HS2017".into(), ..filter(&["CHN"], "X", "2020", "2023") };
    let answer = ask(&served, by(edition, &[pb::Dimension::Year], 0)).await;
    assert_eq!(total(&answer), "20");
    let note = "not in HS2017, and so not in this answer: CHN X of 2022 to 2023 in HS2022";
    assert!(notes(&answer).contains(note), "{}", notes(&answer));
}
