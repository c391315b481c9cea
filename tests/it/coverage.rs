//! Who reports what, in which frequency and edition, from when until when: as counted from the files.

use crate::support::comtrade::{Record, comtrade_csv, record};
use crate::support::{Fixture, Served, clock, day, published};
use entrepot::proto::entrepot::trade::v1 as pb;
use entrepot::proto::entrepot::r#type::v1::EmptyReason;
use tonic::Code;

fn gas(reporter: u16, period: &'static str, classification: &'static str) -> Record {
    Record { reporter, period, classification, partner: 276, ..record(7) }
}

/// The world's total alone.
fn total(reporter: u16, period: &'static str) -> Record {
    Record { partner: 0, commodity: "TOTAL", ..gas(reporter, period, "H5") }
}

/// China changes its edition and has gaps, years and months; Russia gives but totals; Kazakhstan has stopped.
fn first_release() -> Vec<Record> {
    let years = ["2015", "2018", "2019", "2022"].map(|year| gas(156, year, "H5"));
    let months = ["202301", "202302", "202306"].map(|month| gas(156, month, "H6"));
    let others =
        [gas(156, "2023", "H6"), total(156, "2023"), total(643, "2020"), total(643, "2021"), gas(398, "2020", "H5")];
    let others =
        others.into_iter().map(|one| if one.period == "2023" { Record { classification: "H6", ..one } } else { one });
    years.into_iter().chain(months).chain(others).collect()
}

fn filter(change: impl FnOnce(&mut pb::CoverageFilter)) -> Option<pb::CoverageFilter> {
    let mut filter = pb::CoverageFilter::default();
    change(&mut filter);
    Some(filter)
}

async fn ask(served: &Served, request: pb::ListCoverageRequest) -> pb::ListCoverageResponse {
    served.trade().list_coverage(request).await.unwrap().into_inner()
}

/// A row in one line.
fn line(row: &pb::Coverage) -> String {
    let gaps: Vec<String> =
        row.missing_periods.iter().map(|gap| format!("{}/{}", gap.start_period, gap.end_period)).collect();
    let levels: Vec<String> = row.commodity_levels.iter().map(ToString::to_string).collect();
    let after = |text: &'static str, of: &'static str| of.strip_prefix(text).unwrap();
    format!(
        "{} {} {} {} {}: {} to {}, {} periods, {} missing [{}], {} rows of [{}], by partner to [{}], World to [{}], {}",
        row.dataset,
        row.reporter,
        row.flow,
        after("FREQUENCY_", row.frequency().as_str_name()),
        row.classification,
        row.start_period,
        row.end_period,
        row.period_count,
        row.missing_period_count,
        gaps.join(" "),
        row.row_count,
        levels.join(" "),
        row.partner_end_period,
        row.world_end_period,
        after("REPORTING_STATE_", row.state().as_str_name()),
    )
}

const FIRST: [&str; 5] = [
    "datasets/un-comtrade CHN X ANNUAL HS2017: 2015 to 2022, 4 periods, 4 missing [2016/2017 2020/2021], 4 rows of [6], by \
     partner to [2022], World to [], REPORTING",
    "datasets/un-comtrade CHN X ANNUAL HS2022: 2023 to 2023, 1 periods, 0 missing [], 2 rows of [0 6], by partner to [2023], \
     World to [2023], REPORTING",
    "datasets/un-comtrade CHN X MONTHLY HS2022: 2023-01 to 2023-06, 3 periods, 3 missing [2023-03/2023-05], 3 rows of [6], by \
     partner to [2023-06], World to [], REPORTING",
    "datasets/un-comtrade KAZ X ANNUAL HS2017: 2020 to 2020, 1 periods, 0 missing [], 1 rows of [6], by partner to [2020], \
     World to [], STOPPED",
    "datasets/un-comtrade RUS X ANNUAL HS2017: 2020 to 2021, 2 periods, 0 missing [], 2 rows of [0], by partner to [], World \
     to [2021], NOT_YET",
];

on_each_backend!(coverage_is_told_reporter_by_reporter);
async fn coverage_is_told_reporter_by_reporter(fixture: Fixture) {
    fixture.load_lists().await;
    fixture.comtrade(&comtrade_csv(&first_release()), "2024-01-01").await.unwrap();
    let served = fixture.serve().await;
    let answer = ask(&served, pb::ListCoverageRequest { include_names: true, ..Default::default() }).await;
    assert_eq!(answer.coverage.iter().map(line).collect::<Vec<_>>(), FIRST);
    let release = answer.provenance.as_ref().unwrap().sources[0].release.clone();
    for row in &answer.coverage {
        assert_eq!((&row.changed_release, row.changed_date), (&release, day("2024-01-01")));
    }
    assert_eq!(answer.names.unwrap().countries.len(), 3);

    let russia =
        pb::ListCoverageRequest { filter: filter(|one| one.reporters = vec!["RU".into()]), ..Default::default() };
    assert_eq!(ask(&served, russia).await.coverage.iter().map(line).collect::<Vec<_>>(), FIRST[4..]);
    let monthly = |reporter: &str| pb::ListCoverageRequest {
        filter: filter(|one| {
            one.reporters = vec![reporter.into()];
            one.frequency = pb::Frequency::Monthly.into();
        }),
        ..Default::default()
    };
    assert_eq!(ask(&served, monthly("CHN")).await.coverage.iter().map(line).collect::<Vec<_>>(), FIRST[2..3]);
    for (request, reason) in [
        (monthly("RUS"), EmptyReason::FilteredOut),
        (monthly("ARM"), EmptyReason::NotCovered),
        (
            pb::ListCoverageRequest { clock: clock(day("2023-12-31"), None), ..Default::default() },
            EmptyReason::NotReleased,
        ),
    ] {
        let empty = ask(&served, request).await;
        assert_eq!((empty.emptiness.unwrap().reason(), empty.coverage.len()), (reason, 0));
    }
    let unknown = filter(|one| one.datasets = vec!["datasets/atlantis".into()]);
    let request = pb::ListCoverageRequest { filter: unknown, ..Default::default() };
    assert_eq!(served.trade().list_coverage(request).await.unwrap_err().code(), Code::NotFound);
}

on_each_backend!(coverage_is_as_of_a_day_and_its_pages_are_of_one_release);
async fn coverage_is_as_of_a_day_and_its_pages_are_of_one_release(fixture: Fixture) {
    fixture.load_lists().await;
    fixture.comtrade(&comtrade_csv(&first_release()), "2024-01-01").await.unwrap();
    let served = fixture.serve().await;
    let mut request = pb::ListCoverageRequest { page_size: 2, ..Default::default() };
    let mut pages = vec![ask(&served, request.clone()).await];
    // Kazakhstan goes on, and another dataset comes.
    fixture.comtrade(&comtrade_csv(&[gas(398, "2022", "H5")]), "2024-06-01").await.unwrap();
    let mut other = published(vec![fixture.write("other.csv", comtrade_csv(&[gas(51, "2021", "H5")]))], "2024-06-02");
    other.dataset = Some("other".into());
    fixture.import("comtrade", other).await.unwrap();
    while let Some(token) = pages.last().map(|page| page.next_page_token.clone()).filter(|token| !token.is_empty()) {
        request.page_token = token;
        pages.push(ask(&served, request.clone()).await);
    }
    let lines = |answer: &pb::ListCoverageResponse| answer.coverage.iter().map(line).collect::<Vec<_>>();
    assert_eq!(pages.iter().map(|page| page.coverage.len()).collect::<Vec<_>>(), [2, 2, 1]);
    assert_eq!(pages.iter().flat_map(lines).collect::<Vec<_>>(), FIRST);
    let before = pb::ListCoverageRequest { clock: clock(day("2024-05-31"), None), ..Default::default() };
    assert_eq!(lines(&ask(&served, before).await), FIRST);

    let now = ask(&served, pb::ListCoverageRequest::default()).await;
    let kazakhstan = now.coverage.iter().find(|row| row.reporter == "KAZ").unwrap();
    assert_eq!(kazakhstan.changed_date, day("2024-06-01"));
    assert_eq!((kazakhstan.end_period.as_str(), kazakhstan.state()), ("2022", pb::ReportingState::NotYet));
    let armenia = now.coverage.last().unwrap();
    assert_eq!(
        (armenia.dataset.as_str(), armenia.reporter.as_str(), armenia.source_index),
        ("datasets/other", "ARM", 1)
    );
    assert_eq!(armenia.state(), pb::ReportingState::Reporting, "its dataset has nothing newer");
    assert_eq!(now.coverage.len(), 6);
    let changed = pb::ListCoverageRequest { page_size: 2, page_token: request.page_token, ..Default::default() };
    let of_other_request = pb::ListCoverageRequest { filter: filter(|one| one.flows = vec!["X".into()]), ..changed };
    let refused = served.trade().list_coverage(of_other_request).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
}
