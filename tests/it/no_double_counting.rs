//! Totals are never added to their parts: every kind of total that trade statistics hold, on both backends.

use crate::support::comtrade::{Record, comtrade_csv, record};
use crate::support::{self, Fixture, Served};
use entrepot::proto::entrepot::trade::v1 as pb;
use tonic::Code;

async fn summarize(served: &Served, filter: pb::FlowFilter, group_by: &[pb::Dimension]) -> pb::SummarizeFlowsResponse {
    try_summarize(served, filter, group_by).await.unwrap()
}

async fn try_summarize(
    served: &Served,
    filter: pb::FlowFilter,
    group_by: &[pb::Dimension],
) -> Result<pb::SummarizeFlowsResponse, tonic::Status> {
    let group_by = group_by.iter().map(|dimension| i32::from(*dimension)).collect();
    let request = pb::SummarizeFlowsRequest { filter: Some(filter), group_by, ..Default::default() };
    served.trade().summarize_flows(request).await.map(tonic::Response::into_inner)
}

fn exports() -> pb::FlowFilter {
    pb::FlowFilter { flows: vec!["X".into()], ..Default::default() }
}

fn total(answer: &pb::SummarizeFlowsResponse) -> &str {
    answer.total.as_ref().unwrap().value.as_ref().map_or("unknown", |value| &value.value)
}

fn values(answer: &pb::SummarizeFlowsResponse) -> Vec<String> {
    let value = |row: &pb::SummaryRow| row.value.as_ref().map_or("unknown".into(), |value| value.value.clone());
    answer.rows.iter().map(value).collect()
}

async fn served_with(fixture: &Fixture, records: &[Record]) -> Served {
    fixture.load_lists().await;
    fixture.comtrade(&comtrade_csv(records), "2024-01-01").await.unwrap();
    fixture.serve().await
}

on_each_backend!(world_total_and_levels_stand_beside_their_parts);
async fn world_total_and_levels_stand_beside_their_parts(fixture: Fixture) {
    let at = |partner, commodity, value: i32| Record { partner, commodity, ..record(value) };
    let mut records = Vec::new();
    // Confidential trade makes the totals larger than the sums of their parts: 100 > 60 + 30, 60 > 50.
    for (partner, factor) in [(0, 2), (643, 1), (398, 1)] {
        records.push(at(partner, "TOTAL", 100 * factor));
        records.push(at(partner, "27", 60 * factor));
        records.push(at(partner, "2711", 60 * factor));
        records.push(at(partner, "271121", 50 * factor));
        records.push(at(partner, "29", 30 * factor));
        records.push(at(partner, "2901", 30 * factor));
        records.push(at(partner, "290110", 30 * factor));
    }
    let served = served_with(&fixture, &records).await;
    let answer = summarize(&served, exports(), &[]).await;
    assert_eq!(total(&answer), "200");
    assert!(answer.basis.unwrap().level.starts_with("totals over all commodities (TOTAL); the partner World"));
    let answer = summarize(&served, exports(), &[pb::Dimension::Partner]).await;
    assert_eq!((values(&answer), total(&answer)), (vec!["100".into(), "100".into()], "200"));
    let answer = summarize(&served, exports(), &[pb::Dimension::Commodity]).await;
    assert_eq!((values(&answer), total(&answer)), (vec!["20".into(), "120".into(), "60".into()], "200"));
    let rest = &answer.rows[0];
    assert_eq!((rest.commodity(), rest.not_detailed), ("TOTAL", true), "what stands in no chapter");
    let gas = pb::FlowFilter { commodities: vec!["27".into()], partners: vec!["RUS".into()], ..exports() };
    assert_eq!(total(&summarize(&served, gas.clone(), &[]).await), "60");
    let below = pb::FlowFilter { commodities: vec!["27".into(), "271121".into()], ..gas.clone() };
    assert_eq!(total(&summarize(&served, below, &[]).await), "60", "a code below another adds nothing");
    let six = pb::SummarizeFlowsRequest {
        filter: Some(gas),
        group_by: vec![pb::Dimension::Commodity.into()],
        commodity_level: 6,
        ..Default::default()
    };
    let answer = served.trade().summarize_flows(six).await.unwrap().into_inner();
    assert_eq!(total(&answer), "60", "what no six-digit code has stands under the chapter");
    let mixed = pb::FlowFilter { partners: vec!["WLD".into(), "RUS".into()], ..exports() };
    assert_eq!(try_summarize(&served, mixed, &[]).await.unwrap_err().code(), Code::InvalidArgument);
}

on_each_backend!(modes_procedures_and_second_partners_are_parts);
async fn modes_procedures_and_second_partners_are_parts(fixture: Fixture) {
    let by = |mode, procedure, partner2, value: i32| Record { mode, procedure, partner2, ..record(value) };
    let records = [
        by(0, "C00", 0, 100),
        by(3000, "C00", 0, 70), // land
        by(3100, "C00", 0, 40), // of which rail
        by(3200, "C00", 0, 30), // of which road
        by(2000, "C00", 0, 30), // water, no more detail
        by(0, "C01", 0, 90),
        by(0, "C05", 0, 10),
        by(0, "C00", 398, 100),
        by(3100, "C01", 398, 40),
    ];
    let served = served_with(&fixture, &records).await;
    assert_eq!(total(&summarize(&served, exports(), &[]).await), "100");
    let answer = summarize(&served, exports(), &[pb::Dimension::ModeOfTransport]).await;
    let modes: Vec<i32> = answer.rows.iter().map(|row| row.mode_of_transport()).collect();
    assert_eq!((modes, total(&answer)), (vec![2000, 3100, 3200], "100"));
    let answer = summarize(&served, exports(), &[pb::Dimension::CustomsProcedure]).await;
    assert_eq!((values(&answer), total(&answer)), (vec!["90".into(), "10".into()], "100"));
    let land = pb::FlowFilter { modes_of_transport: vec![3000], ..exports() };
    assert_eq!(total(&summarize(&served, land, &[]).await), "70");
    let twice = pb::FlowFilter { modes_of_transport: vec![3000, 3100], ..exports() };
    assert_eq!(try_summarize(&served, twice, &[]).await.unwrap_err().code(), Code::InvalidArgument);
    let via = pb::FlowFilter { second_partners: vec!["KAZ".into()], ..exports() };
    assert_eq!(total(&summarize(&served, via, &[]).await), "100");
    let listed = pb::ListFlowsRequest { filter: Some(exports()), ..Default::default() };
    let listed = served.trade().list_flows(listed).await.unwrap().into_inner();
    assert_eq!(listed.flows.len(), records.len(), "a list holds totals and parts alike");
}

on_each_backend!(parts_of_flows_are_not_added_to_their_whole);
async fn parts_of_flows_are_not_added_to_their_whole(fixture: Fixture) {
    let with = |flow, value: i32| Record { flow, ..record(value) };
    let served = served_with(&fixture, &[with("X", 100), with("RX", 20), with("DX", 80), with("M", 7)]).await;
    let asked = |flows: &[&str]| pb::FlowFilter { flows: flows.iter().map(ToString::to_string).collect(), ..exports() };
    assert_eq!(total(&summarize(&served, asked(&["X"]), &[]).await), "100");
    for flows in [&["X", "RX"][..], &["X", "RX", "DX"]] {
        let status = try_summarize(&served, asked(flows), &[]).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument, "{flows:?}");
        assert!(status.message().contains("count twice"));
    }
    let apart = summarize(&served, asked(&["X", "RX", "DX"]), &[pb::Dimension::Flow]).await;
    assert_eq!(values(&apart), ["100", "20", "80"]);
    assert_eq!(total(&summarize(&served, asked(&["X", "M"]), &[]).await), "107", "turnover");
    assert_eq!(total(&summarize(&served, asked(&["RX", "DX"]), &[]).await), "100", "the two parts of X");
    let parts = summarize(&served, asked(&["RX", "DX"]), &[pb::Dimension::Flow]).await;
    assert_eq!((values(&parts), total(&parts)), (vec!["20".into(), "80".into()], "100"));
    for flows in [["DX", "XIP"], ["FM", "MOP"]] {
        let status = try_summarize(&served, asked(&flows), &[]).await.unwrap_err();
        assert!(status.message().contains("may hold the same goods"), "{flows:?}: {}", status.message());
    }
}

on_each_backend!(years_months_and_second_classifications_are_chosen_between);
async fn years_months_and_second_classifications_are_chosen_between(fixture: Fixture) {
    let mut records = vec![
        Record { period: "2021", ..record(120) },
        Record { period: "2021", classification: "H6", ..record(119) },
        Record { period: "2021", classification: "H6", commodity: "271110", ..record(1) },
    ];
    for month in ["202101", "202102", "202103"] {
        records.push(Record { period: month, ..record(10) });
    }
    let served = served_with(&fixture, &records).await;
    // The classification with more rows, the frequency that covers the year.
    let answer = summarize(&served, exports(), &[pb::Dimension::Year]).await;
    assert_eq!(total(&answer), "120");
    let provenance = answer.provenance.unwrap();
    assert_eq!(answer.basis.unwrap().classifications, ["HS2022"]);
    assert_eq!(provenance.notes.len(), 4, "{:?}", provenance.notes);
    let answer = summarize(&served, pb::FlowFilter { classification: "HS2017".into(), ..exports() }, &[]).await;
    assert_eq!((total(&answer), answer.rows[0].row_count), ("120", 1));
    let answer = summarize(&served, exports(), &[pb::Dimension::Quarter]).await;
    assert_eq!(values(&answer), ["30"]);
    assert_eq!((answer.rows[0].periods_reported, answer.rows[0].periods_expected), (3, 3));
    let monthly = pb::FlowFilter { frequency: 3, ..exports() };
    let answer = summarize(&served, monthly, &[pb::Dimension::Year]).await;
    assert_eq!(
        (answer.rows[0].periods_reported, answer.rows[0].periods_expected),
        (3, 12),
        "an incomplete year says so"
    );
}

on_each_backend!(what_has_no_common_level_is_refused_with_the_reason);
async fn what_has_no_common_level_is_refused_with_the_reason(fixture: Fixture) {
    let records = [
        Record { commodity: "TOTAL", reporter: 643, partner: 156, ..record(5) },
        Record { commodity: "271121", ..record(5) },
    ];
    let served = served_with(&fixture, &records).await;
    let gas = pb::FlowFilter { commodities: vec!["2711".into()], ..exports() };
    let russia = pb::FlowFilter { reporters: vec!["RUS".into()], ..gas.clone() };
    let status = try_summarize(&served, russia, &[]).await.unwrap_err();
    assert_eq!(status.code(), Code::FailedPrecondition);
    use tonic_types::StatusExt as _;
    assert_eq!(status.get_error_details().error_info().unwrap().reason, "NO_CONSISTENT_LEVEL");
    assert!(status.message().contains("RUS X 2021 has only TOTAL as totals over modes"), "{}", status.message());
    // Beside another that has it, it is left out by name.
    let answer = summarize(&served, gas, &[pb::Dimension::Reporter]).await;
    assert_eq!(values(&answer), ["5"]);
    let notes = answer.provenance.unwrap().notes;
    assert!(
        notes.iter().any(|note| note.starts_with("left out: one report without rows of 4 or more digits")),
        "{notes:?}"
    );
    // All goods can be had of both, from rows of different kinds, and each row says of which.
    let answer = summarize(&served, exports(), &[pb::Dimension::Reporter]).await;
    let kinds: Vec<&str> = answer.rows.iter().map(|row| &row.levels[0][..6]).collect();
    assert_eq!((values(&answer), kinds), (vec!["5".into(), "5".into()], vec!["6-digi", "totals"]));
    let one = pb::FlowFilter { reporters: vec!["RUS".into()], ..exports() };
    assert_eq!(total(&summarize(&served, one, &[]).await), "5");
}

on_each_backend!(unknown_is_not_zero);
async fn unknown_is_not_zero(fixture: Fixture) {
    let unknown = Record { partner: 398, value: String::new(), net_weight: "", ..record(0) };
    let served = served_with(&fixture, &[record(0), unknown]).await;
    let answer = summarize(&served, exports(), &[pb::Dimension::Partner]).await;
    assert_eq!(values(&answer), ["unknown", "0"]);
    assert_eq!((answer.rows[0].row_count, answer.rows[0].value_row_count), (1, 0));
    assert!(answer.rows[0].net_weight_kg.is_none());
}

on_each_backend!(groups_tops_and_shares_add_up);
async fn groups_tops_and_shares_add_up(fixture: Fixture) {
    let to = |partner, value: i32| Record { partner, ..record(value) };
    let served = served_with(&fixture, &[to(643, 50), to(398, 30), to(51, 15), to(268, 5)]).await;
    let request = pb::SummarizeFlowsRequest {
        filter: Some(exports()),
        group_by: vec![pb::Dimension::Partner.into()],
        top: 2,
        ..Default::default()
    };
    let answer = served.trade().summarize_flows(request).await.unwrap().into_inner();
    assert_eq!(values(&answer), ["50", "30", "20"]);
    assert_eq!((answer.rows[2].rest, answer.rows[2].rest_group_count), (true, 2));
    let shares: Vec<&str> = answer.rows.iter().map(|row| row.share.as_ref().unwrap().value.as_str()).collect();
    assert_eq!(shares, ["0.5", "0.3", "0.2"]);
    let group = |members: &[&str]| pb::CountryGroup {
        name: "groups/caucasus".into(),
        members: members.iter().map(ToString::to_string).collect(),
    };
    let request = |partners: &[&str]| pb::SummarizeFlowsRequest {
        filter: Some(pb::FlowFilter { partners: partners.iter().map(ToString::to_string).collect(), ..exports() }),
        group_by: vec![pb::Dimension::Partner.into()],
        groups: vec![group(&["ARM", "GEO"])],
        ..Default::default()
    };
    let answer = served.trade().summarize_flows(request(&["groups/caucasus", "RUS"])).await.unwrap().into_inner();
    let found: Vec<(&str, &str)> =
        answer.rows.iter().map(|row| (row.partner(), row.value.as_ref().unwrap().value.as_str())).collect();
    assert_eq!(found, [("RUS", "50"), ("groups/caucasus", "20")]);
    let twice = served.trade().summarize_flows(request(&["groups/caucasus", "ARM"])).await.unwrap_err();
    assert_eq!(twice.code(), Code::InvalidArgument);
}

on_each_backend!(groups_of_countries_do_not_report_beside_their_members);
async fn groups_of_countries_do_not_report_beside_their_members(fixture: Fixture) {
    let germany = Record { reporter: 276, ..record(7) };
    let union = Record { reporter: 97, ..record(100) };
    let served = served_with(&fixture, &[germany, union]).await;
    for group_by in [&[][..], &[pb::Dimension::Commodity], &[pb::Dimension::Partner]] {
        let answer = summarize(&served, exports(), group_by).await;
        assert_eq!(total(&answer), "7", "{group_by:?}");
        assert!(answer.provenance.unwrap().notes.iter().any(|note| note.contains("groups of countries")));
    }
    let union = pb::FlowFilter { reporters: vec!["X097".into()], ..exports() };
    assert_eq!(total(&summarize(&served, union.clone(), &[]).await), "100");
    let both = pb::FlowFilter { reporters: vec!["X097".into(), "DEU".into()], ..exports() };
    assert_eq!(try_summarize(&served, both, &[]).await.unwrap_err().code(), Code::InvalidArgument);
}

on_each_backend!(a_sum_that_a_limit_would_cut_is_refused);
async fn a_sum_that_a_limit_would_cut_is_refused(fixture: Fixture) {
    let mut records = Vec::new();
    for partner in [643, 398, 51, 268, 792, 276, 380, 724, 616, 528, 56] {
        for period in ["2015", "2016", "2017", "2018", "2019", "2020", "2021", "2022"] {
            records.push(Record { partner, period, ..record(1) });
        }
    }
    let served = served_with(&fixture, &records).await;
    let request = |row_limit| pb::SummarizeFlowsRequest {
        filter: Some(exports()),
        group_by: vec![pb::Dimension::Year.into(), pb::Dimension::Partner.into()],
        top: 1,
        row_limit,
        include_quantities: true,
        ..Default::default()
    };
    let status = served.trade().summarize_flows(request(2)).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    let answer = served.trade().summarize_flows(request(16)).await.unwrap().into_inner();
    assert_eq!((total(&answer), answer.rows.len()), ("88", 16));
}

on_each_backend!(years_cannot_be_divided_into_months);
async fn years_cannot_be_divided_into_months(fixture: Fixture) {
    let served = served_with(&fixture, &[record(1)]).await;
    let answer = summarize(&served, exports(), &[pb::Dimension::Month]).await;
    let reason = answer.emptiness.unwrap().reason();
    assert_eq!(reason, entrepot::proto::entrepot::r#type::v1::EmptyReason::FilteredOut);
}

on_each_backend!(a_release_in_one_edition_leaves_the_other_alone);
async fn a_release_in_one_edition_leaves_the_other_alone(fixture: Fixture) {
    fixture.load_lists().await;
    fixture.comtrade(&comtrade_csv(&[record(5)]), "2024-01-01").await.unwrap();
    let newer = Record { classification: "H6", ..record(6) };
    let report = fixture.comtrade(&comtrade_csv(&[newer]), "2024-02-01").await.unwrap();
    assert_eq!((report.rows_new, report.rows_withdrawn), (1, 0));
    let served = fixture.serve().await;
    let only = pb::ListFlowsRequest {
        filter: Some(pb::FlowFilter { classification: "HS2017".into(), ..exports() }),
        ..Default::default()
    };
    let answer = served.trade().list_flows(only).await.unwrap().into_inner();
    assert_eq!(answer.flows.iter().map(|flow| flow.classification.as_str()).collect::<Vec<_>>(), ["HS2017"]);
}

on_each_backend!(chapters_of_different_detail_are_added_whole_or_not_at_all);
async fn chapters_of_different_detail_are_added_whole_or_not_at_all(fixture: Fixture) {
    let at = |commodity, partner, value: i32| Record { commodity, partner, ..record(value) };
    // Chapter 03 at all levels and with its World, chapter 27 at six digits and by single partners only.
    let mut records = vec![at("271121", 643, 1500), at("030390", 0, 60), at("030390", 643, 60)];
    records.extend([at("03", 643, 100), at("0303", 643, 100)]);
    let served = served_with(&fixture, &records).await;
    assert_eq!(total(&summarize(&served, exports(), &[]).await), "1560");
    let gas = pb::FlowFilter { commodities: vec!["27".into()], ..exports() };
    assert_eq!(total(&summarize(&served, gas, &[]).await), "1500");
    let fish = pb::FlowFilter { commodities: vec!["03".into()], partners: vec!["RUS".into()], ..exports() };
    assert_eq!(total(&summarize(&served, fish, &[]).await), "100");
    let answer = summarize(&served, exports(), &[pb::Dimension::Commodity]).await;
    assert_eq!(values(&answer), ["60", "1500"]);
    assert!(answer.provenance.unwrap().notes.iter().any(|note| note.contains("03, 27")), "a part is no total");
    let by_name = pb::FlowFilter { commodities: vec!["TOTAL".into()], ..exports() };
    assert_eq!(try_summarize(&served, by_name, &[]).await.unwrap_err().code(), Code::FailedPrecondition);
    let never_loaded = pb::FlowFilter { commodities: vec!["8411".into()], ..exports() };
    let reason = summarize(&served, never_loaded, &[]).await.emptiness.unwrap().reason();
    assert_eq!(reason, entrepot::proto::entrepot::r#type::v1::EmptyReason::NotCovered);
}

on_each_backend!(overlapping_groups_have_no_total_and_no_shares);
async fn overlapping_groups_have_no_total_and_no_shares(fixture: Fixture) {
    let with = |flow, value: i32| Record { flow, ..record(value) };
    let served = served_with(&fixture, &[with("X", 100), with("RX", 20)]).await;
    let both = pb::FlowFilter { flows: vec!["X".into(), "RX".into()], ..exports() };
    let answer = summarize(&served, both.clone(), &[pb::Dimension::Flow]).await;
    assert_eq!(values(&answer), ["100", "20"]);
    assert!(answer.total.is_none() && answer.rows.iter().all(|row| row.share.is_none()));
    let top = pb::SummarizeFlowsRequest {
        filter: Some(both),
        group_by: vec![pb::Dimension::Flow.into()],
        top: 1,
        ..Default::default()
    };
    assert_eq!(served.trade().summarize_flows(top).await.unwrap_err().code(), Code::InvalidArgument);
    let procedures = pb::FlowFilter { customs_procedures: vec!["C00".into(), "C01".into()], ..exports() };
    assert_eq!(try_summarize(&served, procedures, &[]).await.unwrap_err().code(), Code::InvalidArgument);
}

on_each_backend!(a_small_limit_refuses_no_small_answer);
async fn a_small_limit_refuses_no_small_answer(fixture: Fixture) {
    let partners = [643, 398, 51, 268, 792, 276, 380, 724, 616, 528, 56];
    let records: Vec<Record> = partners.iter().map(|partner| Record { partner: *partner, ..record(1) }).collect();
    let served = served_with(&fixture, &records).await;
    for include_quantities in [false, true] {
        let request = pb::SummarizeFlowsRequest {
            filter: Some(exports()),
            group_by: vec![pb::Dimension::Year.into()],
            row_limit: 1,
            include_quantities,
            ..Default::default()
        };
        let answer = served.trade().summarize_flows(request).await.unwrap().into_inner();
        assert_eq!((total(&answer), answer.rows.len()), ("11", 1));
    }
}

on_each_backend!(world_sums_are_the_same_from_rollups_and_facts);
/// Chapters enough to count as all goods, as BACI has them: six digits, single partners, no totals.
async fn world_sums_are_the_same_from_rollups_and_facts(fixture: Fixture) {
    let mut products = "\"code\",\"description\"\n".to_owned();
    let mut flows = "t,i,j,k,v,q\n".to_owned();
    for chapter in (1..=97).filter(|chapter| *chapter != 77) {
        for leaf in ["0110", "0210"] {
            products += &format!("\"{chapter:02}{leaf}\",\"x\"\n");
            for (exporter, importer) in [(156, 643), (643, 156), (156, 398)] {
                flows += &format!("2021,{exporter},{importer},{chapter:02}{leaf},{chapter}.5,\"   1.250\"\n");
            }
        }
    }
    let files = vec![fixture.write("product_codes.csv", products), fixture.write("BACI_HS17_Y2021.csv", flows)];
    let options = support::published(files, "2024-01-01");
    fixture.import("baci", options).await.unwrap();
    let served = fixture.serve().await;
    for commodities in [vec![], vec!["TOTAL".to_owned()], vec!["27".to_owned()], vec!["2701".to_owned()]] {
        for (group_by, commodity_level) in [(vec![], 0), (vec![6], 2), (vec![6], 4), (vec![6, 1], 6), (vec![1], 0)] {
            let request = |include_quantities| pb::SummarizeFlowsRequest {
                filter: Some(pb::FlowFilter { commodities: commodities.clone(), ..exports() }),
                group_by: group_by.clone(),
                commodity_level,
                include_quantities,
                ..Default::default()
            };
            let rollup = served.trade().summarize_flows(request(false)).await.unwrap().into_inner();
            let facts = served.trade().summarize_flows(request(true)).await.unwrap().into_inner();
            assert_eq!(rollup, facts, "{commodities:?} by {group_by:?} at {commodity_level}");
            assert!(rollup.rows.iter().all(|row| row.value.is_some()) && !rollup.rows.is_empty());
        }
    }
}

on_each_backend!(modes_beside_procedures_keep_their_rows);
async fn modes_beside_procedures_keep_their_rows(fixture: Fixture) {
    let by = |mode, procedure, value: i32| Record { mode, procedure, ..record(value) };
    let served = served_with(&fixture, &[by(0, "C00", 10), by(2000, "C01", 6), by(2100, "C04", 4)]).await;
    let dimensions = [pb::Dimension::ModeOfTransport, pb::Dimension::CustomsProcedure];
    let answer = summarize(&served, exports(), &dimensions).await;
    assert_eq!((values(&answer), total(&answer)), (vec!["6".into(), "4".into()], "10"));
    let both = pb::FlowFilter { modes_of_transport: vec![2000, 2100], ..exports() };
    let refused = try_summarize(&served, both, &[pb::Dimension::ModeOfTransport]).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
}
