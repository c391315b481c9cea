//! Every real file of trade statistics goes in, on both backends, and the answers equal sums made without our code.
//!
//! The files may not be bundled; ENTREPOT_REAL_DATA says where they are.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::support::{Fixture, Served, published, real_data};
use entrepot::import::{Error, Report};
use entrepot::proto::entrepot::reference::v1 as reference;
use entrepot::proto::entrepot::trade::v1 as pb;

fn files(folder: &Path, begins: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(begins))
        .collect();
    found.sort();
    assert!(!found.is_empty(), "{begins} in {}", folder.display());
    found
}

async fn flows(fixture: &Fixture, format: &'static str, files: Vec<PathBuf>, day: &str) -> Result<Report, Error> {
    fixture.import(format, published(files, day)).await
}

/// Values added up digit by digit as text: thousandths, from a text with up to three decimals.
fn thousandths(text: &str) -> i128 {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    assert!(decimals.len() <= 3, "{text}");
    format!("{whole}{decimals:0<3}").parse().unwrap()
}

fn sums_of(file: &Path) -> BTreeMap<(String, String, String), (i128, i64)> {
    let reader = flate2::read::MultiGzDecoder::new(std::fs::File::open(file).unwrap());
    let mut reader = csv::Reader::from_reader(reader);
    let header = reader.headers().unwrap().clone();
    let place = |name: &str| header.iter().position(|column| column == name).unwrap();
    let (reporter, year, flow, value) =
        (place("reporterISO"), place("refYear"), place("flowCode"), place("primaryValue"));
    let mut sums: BTreeMap<_, (i128, i64)> = BTreeMap::new();
    for row in reader.records() {
        let row = row.unwrap();
        let sum = sums.entry((row[reporter].into(), row[year].into(), row[flow].into())).or_default();
        sum.0 += thousandths(&row[value]);
        sum.1 += 1;
    }
    sums
}

async fn summed(served: &Served, include_quantities: bool) -> BTreeMap<(String, String, String), (i128, i64)> {
    let request = pb::SummarizeFlowsRequest {
        filter: Some(pb::FlowFilter {
            datasets: vec!["datasets/un-comtrade".into()],
            flows: ["M", "X", "RM", "RX", "DX", "FM"].map(String::from).to_vec(),
            ..Default::default()
        }),
        group_by: [pb::Dimension::Reporter, pb::Dimension::Year, pb::Dimension::Flow].map(i32::from).to_vec(),
        include_quantities,
        ..Default::default()
    };
    let answer = served.trade().summarize_flows(request).await.unwrap().into_inner();
    let row = |row: &pb::SummaryRow| {
        let key = (row.reporter().to_owned(), row.period().to_owned(), row.flow().to_owned());
        (key, (thousandths(&row.value.as_ref().unwrap().value), row.row_count))
    };
    answer.rows.iter().map(row).collect()
}

on_each_backend!(every_real_trade_file_is_eaten_and_added_up_to_the_last_digit);
async fn every_real_trade_file_is_eaten_and_added_up_to_the_last_digit(fixture: Fixture) {
    let Some(data) = real_data() else { return };
    let trade = data.join("trade");
    let fish = files(&trade.join("comtrade"), "monthly_fish");
    let expected = sums_of(&fish[0]);
    for list in files(&trade.join("reference"), "comtrade_cmd_h") {
        let report = fixture.import("classification", published(vec![list], "2024-01-16")).await.unwrap();
        assert_eq!(report.rows_rejected, 0, "{report}");
    }
    let concordance = files(&trade.join("reference"), "hs_all_pairs");
    let report = fixture.import("concordance", published(concordance, "2024-01-01")).await.unwrap();
    assert_eq!((report.rows_new, report.skipped.values().sum::<u64>()), (112_173, 1));

    let report = flows(&fixture, "comtrade", fish.clone(), "2025-01-01").await.unwrap();
    assert_eq!((report.rows_new, report.rows_rejected), (188_516, 0));
    assert!(flows(&fixture, "comtrade", fish.clone(), "2025-01-02").await.unwrap().already_imported);
    let mut options = published(files(&trade.join("comtrade/legacy"), "in"), "2025-01-01");
    options.dataset = Some("comtrade-legacy".into());
    let report = fixture.import("comtrade", options).await.unwrap();
    assert_eq!((report.rows_new, report.rows_rejected), (8739 + 8706, 0));
    let mut baci = files(&trade.join("baci"), "BACI");
    baci.extend(files(&trade.join("baci"), "baci_country"));
    assert_eq!(flows(&fixture, "baci", baci, "2023-01-01").await.unwrap().rows_new, 71_192);
    let mut wrong = files(&trade.join("baci"), "BACI");
    wrong.extend(files(&trade.join("baci"), "baci_product"));
    let error = flows(&fixture, "baci", wrong, "2023-01-02").await.unwrap_err().to_string();
    assert!(error.contains("are not in HS1992"), "the product codes are of HS 2017: {error}");
    let report = flows(&fixture, "imts", files(&trade.join("imts"), "imts"), "2025-06-01").await.unwrap();
    assert_eq!((report.rows_new, report.rows_rejected), (3398, 0));

    let served = fixture.serve().await;
    for include_quantities in [false, true] {
        assert_eq!(summed(&served, include_quantities).await, expected);
    }
    coverage(&served, &fish[0]).await;
    known_facts(&served).await;
    conversions(&served).await;
}

/// Periods, rows and lengths of codes of each reporter's flow and edition, and the last periods by partner and of the World, as
/// counted in the file.
async fn coverage(served: &Served, file: &Path) {
    type Counted = (BTreeSet<String>, i64, BTreeSet<usize>, [String; 2]);
    let mut counted: BTreeMap<[String; 3], Counted> = BTreeMap::new();
    let mut reader = csv::Reader::from_reader(flate2::read::MultiGzDecoder::new(std::fs::File::open(file).unwrap()));
    let header = reader.headers().unwrap().clone();
    let place = |name: &str| header.iter().position(|column| column == name).unwrap();
    let [reporter, flow, edition, period, code, partner] =
        ["reporterISO", "flowCode", "classificationCode", "period", "cmdCode", "partnerCode"].map(place);
    for row in reader.records() {
        let row = row.unwrap();
        let edition = ["H3", "H4", "H5", "H6"].iter().position(|known| *known == &row[edition]).unwrap();
        let key = [&row[reporter], &row[flow], ["HS2007", "HS2012", "HS2017", "HS2022"][edition]].map(String::from);
        let (periods, rows, levels, last) = counted.entry(key).or_default();
        let period = format!("{}-{}", &row[period][..4], &row[period][4..]);
        let last = &mut last[usize::from(&row[partner] == "0")];
        *last = (*last).clone().max(period.clone());
        periods.insert(period);
        *rows += 1;
        levels.insert(if &row[code] == "TOTAL" { 0 } else { row[code].len() });
    }
    let datasets = vec!["datasets/un-comtrade".into()];
    let filter = Some(pb::CoverageFilter { datasets, ..Default::default() });
    let request = pb::ListCoverageRequest { filter, page_size: 1000, ..Default::default() };
    let answer = served.trade().list_coverage(request).await.unwrap().into_inner();
    assert_eq!(answer.coverage.len(), counted.len());
    let newest = counted.values().filter_map(|counted| counted.0.last()).max().cloned();
    for row in &answer.coverage {
        let (periods, rows, levels, last) =
            &counted[&[&row.reporter, &row.flow, &row.classification].map(Clone::clone)];
        let found: BTreeSet<usize> = row.commodity_levels.iter().map(|level| *level as usize).collect();
        assert_eq!((row.period_count as usize, row.row_count, &found), (periods.len(), *rows, levels), "{row:?}");
        assert_eq!((Some(&row.start_period), Some(&row.end_period)), (periods.first(), periods.last()), "{row:?}");
        assert_eq!([&row.partner_end_period, &row.world_end_period], [&last[0], &last[1]], "{row:?}");
        let of_flow = counted.iter().filter(|(key, _)| (&key[0], &key[1]) == (&row.reporter, &row.flow));
        let reached = of_flow.filter_map(|(_, counted)| counted.0.last()).max().cloned();
        assert_eq!(row.state() == pb::ReportingState::Reporting, reached == newest, "{row:?}");
    }
    let russia = answer.coverage.iter().filter(|row| row.reporter == "RUS");
    assert!(
        russia
            .map(|row| (row.state(), row.end_period.as_str()))
            .all(|(state, last)| { state == pb::ReportingState::Stopped && last <= "2021-12" })
    );
}

/// Figures that the publishers state themselves, in billions of dollars to one decimal.
async fn known_facts(served: &Served) {
    for (flow, figures) in [("M", ["72.7", "82.0", "119.8", "124.3"]), ("X", ["68.4", "98.0", "111.5", "112.1"])] {
        let request = pb::SummarizeFlowsRequest {
            filter: Some(pb::FlowFilter {
                datasets: vec!["imf-imts".into()],
                reporters: vec!["RUS".into()],
                partners: vec!["CHN".into()],
                flows: vec![flow.into()],
                start_period: "2021".into(),
                ..Default::default()
            }),
            group_by: vec![pb::Dimension::Year.into()],
            ..Default::default()
        };
        let answer = served.trade().summarize_flows(request).await.unwrap().into_inner();
        let billions = |row: &pb::SummaryRow| {
            let tenths = (thousandths(&row.value.as_ref().unwrap().value) + 50_000_000_000) / 100_000_000_000;
            format!("{}.{}", tenths / 10, tenths % 10)
        };
        assert_eq!(answer.rows.iter().map(billions).collect::<Vec<_>>(), figures);
    }
    // The IMF's imports of Russia from Uganda are a tenth of all its imports in 2024, and the answer says what that is.
    let request = pb::SummarizeFlowsRequest {
        filter: Some(pb::FlowFilter {
            datasets: vec!["imf-imts".into()],
            reporters: vec!["RUS".into()],
            flows: vec!["M".into()],
            start_period: "2024".into(),
            ..Default::default()
        }),
        group_by: vec![pb::Dimension::Partner.into()],
        top: 2,
        ..Default::default()
    };
    let answer = served.trade().summarize_flows(request).await.unwrap().into_inner();
    let share = (answer.rows[1].partner(), answer.rows[1].share.as_ref().unwrap().value.as_str());
    assert_eq!(share, ("UGA", "0.100713"));
    let notes = answer.provenance.unwrap().notes;
    assert!(notes.iter().any(|note| note.contains("imports of RUS from UGA")), "{notes:?}");
    // Fish 2021: China reports 1,039 million of imports from Russia, Russia 452 million of exports to China.
    let request = pb::CompareMirrorRequest {
        exporter: "RUS".into(),
        importer: "CHN".into(),
        start_period: "2021".into(),
        end_period: "2021".into(),
        commodities: vec!["03".into(), "16".into()],
        exporter_datasets: vec!["un-comtrade".into()],
        importer_datasets: vec!["un-comtrade".into()],
        ..Default::default()
    };
    let answer = served.trade().compare_mirror(request).await.unwrap().into_inner();
    let millions = |side: &Option<pb::MirrorSide>| {
        let value = side.as_ref().unwrap().value.as_ref().unwrap();
        (thousandths(&value.value) + 500_000_000) / 1_000_000_000
    };
    assert_eq!((millions(&answer.rows[0].exporter), millions(&answer.rows[0].importer)), (452, 1039));
}

async fn conversions(served: &Served) {
    let request = reference::ConvertCommodityRequest {
        name: "commodities/HS2012-271121".into(),
        target_classification: "HS2022".into(),
        clock: None,
    };
    let answer = served.reference().convert_commodity(request).await.unwrap().into_inner();
    let found: Vec<(&str, reference::Relation)> =
        answer.matches.iter().map(|found| (found.target_commodity.as_str(), found.relation())).collect();
    assert_eq!(found, [("commodities/HS2022-271121", reference::Relation::OneToOne)]);
    assert!(!answer.matches[0].target_display_name.is_empty());
}

on_each_backend!(correlations_and_lists_of_sitc_and_bec_go_in_whole);
async fn correlations_and_lists_of_sitc_and_bec_go_in_whole(fixture: Fixture) {
    let Some(data) = real_data() else { return };
    let folder = data.join("trade/reference");
    for name in ["s1", "s2", "s3", "s4", "b4", "b5"] {
        let list = folder.join(format!("comtrade_cmd_{name}.csv"));
        let counted = csv::Reader::from_path(&list).unwrap().records().count() as u64;
        let report = fixture.import("classification", published(vec![list], "2024-11-20")).await.unwrap();
        assert_eq!((report.rows_new, report.rows_rejected), (counted, 0), "{name}");
    }
    let table = folder.join("hs_correlations.csv.gz");
    let reader = flate2::read::MultiGzDecoder::new(std::fs::File::open(&table).unwrap());
    let mut pairs = std::collections::BTreeSet::new();
    let mut of_sitc = 0;
    for row in csv::Reader::from_reader(reader).records().map(Result::unwrap) {
        match &row[3] {
            "1992 to 1988" | "1988 to 1976" | "1976 to 1962" => of_sitc += 1,
            _ => drop(pairs.insert(row.iter().map(ToOwned::to_owned).collect::<Vec<_>>())),
        }
    }
    let report = fixture.import("concordance", published(vec![table], "2024-01-01")).await.unwrap();
    assert_eq!((report.rows_new, report.rows_rejected), (pairs.len() as u64, 0));
    assert_eq!(report.skipped.values().sum::<u64>(), of_sitc);
    let served = fixture.serve().await;
    let request = reference::ConvertCommodityRequest {
        name: "commodities/HS2012-690890".into(),
        target_classification: "HS2017".into(),
        clock: None,
    };
    let answer = served.reference().convert_commodity(request).await.unwrap().into_inner();
    let found: Vec<&str> = answer.matches.iter().map(|found| found.target_commodity.as_str()).collect();
    let right = ["690721", "690722", "690723", "690730", "690740"].map(|code| format!("commodities/HS2017-{code}"));
    assert_eq!(found, right);
}
