//! Further real files of energy go into the store on both backends, with counts and sums made without our code.
//!
//! The files may not be bundled; ENTREPOT_REAL_DATA says where they are. Every figure below comes from a count with
//! Python (zipfile and xml.etree, csv, decimal) over the same files.

use std::path::PathBuf;

use crate::support::{Fixture, Served, published, real_data};
use entrepot::import::Report;
use entrepot::proto::entrepot::energy::v1 as pb;
use rust_decimal::Decimal;

fn folder() -> Option<PathBuf> {
    real_data().map(|folder| folder.join("energy/more"))
}

async fn import(fixture: &Fixture, format: &str, file: PathBuf, dataset: &str) -> Report {
    let mut options = published(vec![file], "2026-11-01");
    options.dataset = Some(dataset.to_owned());
    let report = fixture.import(format, options.clone()).await.unwrap();
    assert_eq!(report.rows_rejected, 0, "{:?}", report.rejects);
    eprintln!("{dataset}: {} records in {:.2} s; left out {:?}", report.rows_new, report.seconds, report.skipped);
    assert!(fixture.import(format, options).await.unwrap().already_imported, "the same file changes nothing");
    report
}

async fn routes(served: &Served, dataset: &str) -> Vec<pb::Route> {
    let filter = pb::RouteFilter { datasets: vec![dataset.to_owned()], ..Default::default() };
    let mut request = pb::ListRoutesRequest { filter: Some(filter), page_size: 1000, ..Default::default() };
    let mut found = Vec::new();
    loop {
        let page = served.energy().list_routes(request.clone()).await.unwrap().into_inner();
        found.extend(page.routes);
        if page.next_page_token.is_empty() {
            return found;
        }
        request.page_token = page.next_page_token;
    }
}

fn of_kind(routes: &[pb::Route], kind: pb::RouteKind) -> usize {
    routes.iter().filter(|route| route.kind() == kind).count()
}

fn sum<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let total: Decimal = values.map(|value| value.parse::<Decimal>().unwrap()).sum();
    total.normalize().to_string()
}

on_each_backend!(fields_of_the_extraction_tracker);
async fn fields_of_the_extraction_tracker(fixture: Fixture) {
    let Some(folder) = folder() else { return };
    let report = import(&fixture, "routes", folder.join("goget_map_2025-02-26.csv.gz"), "gem-fields").await;
    assert_eq!((report.rows_read, report.rows_new), (7396, 7396));
    let fields = routes(&fixture.serve().await, "gem-fields").await;
    assert_eq!(of_kind(&fields, pb::RouteKind::Field), 7396);
    for (of, count, total) in [("gas", 4586, "4437998.781373441387"), ("oil", 4950, "31986.18688219909460544")] {
        let of: Vec<&pb::RouteProduction> =
            fields.iter().flat_map(|field| &field.production).filter(|production| production.product == of).collect();
        let total_read = sum(of
            .iter()
            .map(|production| production.quantity.as_ref().unwrap().value.as_ref().unwrap().value.as_str()));
        assert_eq!((of.len(), total_read.as_str()), (count, total));
    }
    let status = |status: pb::RouteStatus| fields.iter().filter(|field| field.status() == status).count();
    // 476 discovered and 5 explored; 26 decommissioned and 13 abandoned; 265 unknown and 6 stores of gas.
    assert_eq!(status(pb::RouteStatus::Operating), 6160);
    assert_eq!((status(pb::RouteStatus::Proposed), status(pb::RouteStatus::Retired)), (481, 39));
    assert_eq!((status(pb::RouteStatus::Idle), status(pb::RouteStatus::Construction)), (234, 205));
    assert_eq!((status(pb::RouteStatus::Cancelled), status(pb::RouteStatus::Unspecified)), (6, 271));
    assert_eq!(fields.iter().filter(|field| field.start_year.is_some()).count(), 2572);
    let shares = |owners: &dyn Fn(&pb::Route) -> Vec<pb::RouteOwner>| {
        let all: Vec<pb::RouteOwner> = fields.iter().flat_map(owners).collect();
        (all.len(), all.iter().filter(|owner| owner.share_percent.is_some()).count())
    };
    assert_eq!(shares(&|field| field.owners.clone()), (6786, 6384));
    assert_eq!(shares(&|field| field.parents.clone()), (7627, 6932));
}

on_each_backend!(the_other_map_of_gas);
async fn the_other_map_of_gas(fixture: Fixture) {
    let Some(folder) = folder() else { return };
    let report = import(&fixture, "routes", folder.join("ggit_map_2024-10-04.csv.gz"), "gem-gas-map").await;
    // 17 rows stand there twice, in every column.
    assert_eq!((report.rows_read, report.rows_new), (4899, 4882));
    let found = routes(&fixture.serve().await, "gem-gas-map").await;
    let kinds = [pb::RouteKind::GasPipeline, pb::RouteKind::LngImportTerminal, pb::RouteKind::LngExportTerminal];
    assert_eq!(kinds.map(|kind| of_kind(&found, kind)), [3587, 677, 618]);
    let capacity = |is_pipeline: bool| {
        let of = found.iter().filter(|route| (route.kind() == pb::RouteKind::GasPipeline) == is_pipeline);
        let values: Vec<&str> =
            of.filter_map(|route| route.capacity.as_ref()).map(|c| c.value.as_ref().unwrap().value.as_str()).collect();
        (values.len(), sum(values.into_iter()))
    };
    assert_eq!(capacity(false), (1160, "6799.17999999999999701".to_owned()));
    assert_eq!(capacity(true), (2206, "1052957.07999999990004087".to_owned()));
    let status = |status: pb::RouteStatus| found.iter().filter(|route| route.status() == status).count();
    assert_eq!((status(pb::RouteStatus::Operating), status(pb::RouteStatus::Unspecified)), (2828, 1));
}

on_each_backend!(the_workbook_of_africa);
async fn the_workbook_of_africa(fixture: Fixture) {
    let Some(folder) = folder() else { return };
    let report =
        import(&fixture, "routes", folder.join("Africa-Energy-Tracker-data-July-2024.xlsx"), "gem-africa").await;
    assert_eq!((report.rows_read, report.rows_new), (185 + 115 + 156 + 119, 185 + 115 + 156 + 119));
    let found = routes(&fixture.serve().await, "gem-africa").await;
    let kinds = [
        pb::RouteKind::Field,
        pb::RouteKind::OilPipeline,
        pb::RouteKind::NglPipeline,
        pb::RouteKind::GasPipeline,
        pb::RouteKind::LngExportTerminal,
        pb::RouteKind::LngImportTerminal,
    ];
    assert_eq!(kinds.map(|kind| of_kind(&found, kind)), [185, 112, 3, 156, 93, 26]);
    // `2023//01/18` and `2023/07/2023` are not days; `50,000,00` is not a number.
    let unread: u64 =
        report.skipped.iter().filter(|(reason, _)| reason.contains("days that are none")).map(|(_, count)| count).sum();
    assert_eq!(unread, 2, "{:?}", report.skipped);
    assert_eq!(found.iter().filter(|route| route.note.contains("50,000,00")).count(), 1);
}

on_each_backend!(prices_in_other_layouts);
async fn prices_in_other_layouts(fixture: Fixture) {
    let Some(folder) = folder() else { return };
    let files = [
        ("Henry_Hub_Natural_Gas_Spot_Price.csv", "eia-henry-hub-daily", 7040),
        ("brent-weekly.csv", "eia-brent-weekly", 2049),
        ("brent-year.csv", "eia-brent-yearly", 39),
        ("CMO-Historical-Data-Monthly.xlsx", "cmo", 48_945),
    ];
    for (file, dataset, values) in files {
        let report = import(&fixture, "indexes", folder.join(file), dataset).await;
        assert_eq!(report.rows_new, values, "{dataset}");
    }
    let served = fixture.serve().await;
    let request = pb::ListPriceIndexesRequest { page_size: 1000, ..Default::default() };
    let listed = served.energy().list_price_indexes(request).await.unwrap().into_inner().indexes;
    assert_eq!(listed.len(), 3 + 71);
    let frequency = |name: &str| listed.iter().find(|index| index.name == name).unwrap().frequency();
    assert_eq!(frequency("indexes/eia-henry-hub-daily.henry-hub"), pb::IndexFrequency::Daily);
    assert_eq!(frequency("indexes/eia-brent-weekly.brent"), pb::IndexFrequency::Weekly);
    assert_eq!(frequency("indexes/eia-brent-yearly.brent"), pb::IndexFrequency::Yearly);
    let total = async |name: &str| {
        let mut request =
            pb::ListPriceObservationsRequest { parent: name.into(), page_size: 10_000, ..Default::default() };
        let mut values = Vec::new();
        loop {
            let page = served.energy().list_price_observations(request.clone()).await.unwrap().into_inner();
            values.extend(page.observations.into_iter().map(|observation| observation.value.unwrap().value));
            if page.next_page_token.is_empty() {
                return (values.len(), sum(values.iter().map(String::as_str)));
            }
            request.page_token = page.next_page_token;
        }
    };
    assert_eq!(total("indexes/eia-henry-hub-daily.henry-hub").await, (7040, "28897.63".to_owned()));
    assert_eq!(total("indexes/eia-brent-weekly.brent").await, (2049, "105480.18".to_owned()));
    assert_eq!(total("indexes/eia-brent-yearly.brent").await, (39, "1972.82".to_owned()));
    for (index, count) in
        [("pink-crude-oil-wti", 515), ("pink-liquefied-natural-gas-japan", 575), ("pink-natural-gas-europe", 779)]
    {
        assert_eq!(total(&format!("indexes/cmo.{index}")).await.0, count, "{index}");
    }

    let book = "contract,field,value,unit,country,from,until,first_year,last_year,source,confidence,state,note\nA,seller,S,,QA,,,,,s,,,\n";
    import(&fixture, "contracts", fixture.write("contracts.csv", book), "contracts").await;
    let served = fixture.serve().await;
    let price = async |index: &str, window: &str, dataset: &str, month: &str| {
        let formula = format!(r#"{{"index":{{"index":"{index}","window":{window}}}}}"#);
        let term = pb::SuppliedTerm { field: "price_formula".into(), value: formula, ..Default::default() };
        let request = pb::PriceContractRequest {
            name: "contracts/contracts.A".into(),
            start_month: crate::support::month(month),
            end_month: crate::support::month(month),
            supplied_terms: vec![term],
            index_datasets: vec![dataset.into()],
            ..Default::default()
        };
        served.energy().price_contract(request).await.unwrap().into_inner().lines.remove(0)
    };
    let value = |line: &pb::PriceLine| line.price.clone().map(|price| price.value).unwrap_or_default();
    let december = price("henry-hub", r#""spot""#, "eia-henry-hub-daily", "2024-12").await;
    assert_eq!(value(&december), "3.0057142857142857142857142857");
    assert_eq!((december.windows[0].values[0].days_observed, december.provisional), (Some(21), false));
    // The file ends on 2025-01-13, with 8 days.
    let january = price("henry-hub", r#""spot""#, "eia-henry-hub-daily", "2025-01").await;
    assert_eq!((january.windows[0].values[0].days_observed, january.provisional), (Some(8), true));
    assert_eq!(january.provisional_reasons, ["henry-hub: 2025-01 is observed on 8 of its 23 weekdays"]);
    // (80.26 + 78.84 + 82.47 + 79.57 + 80.83) / 5
    let august = price("brent", r#""spot""#, "eia-brent-weekly", "2024-08").await;
    assert_eq!((value(&august).as_str(), august.provisional), ("80.394", false));
    let year = price("brent", r#"{"year":{"years_before":1}}"#, "eia-brent-yearly", "2025-03").await;
    assert_eq!(value(&year), "80.52");
    let month = price("brent", r#""spot""#, "eia-brent-yearly", "2024-03").await;
    assert_eq!(month.no_price.unwrap().reason(), pb::NoPriceReason::IndexTooCoarse);
}

on_each_backend!(operational_data_of_entsog);
async fn operational_data_of_entsog(fixture: Fixture) {
    let Some(folder) = folder() else { return };
    let report =
        import(&fixture, "entsog-flows", folder.join("entsog_operational_DE_head.csv"), "entsog-operational").await;
    assert_eq!((report.rows_read, report.rows_new), (2, 2));
    let served = fixture.serve().await;
    let flow = async |direction: &str| {
        let subject = format!("ITP-00297-DE-TSO-0018-{direction}-allocation");
        let filter = Some(pb::DeliveryFilter { subject, ..Default::default() });
        let request = pb::ListDeliveriesRequest { filter, ..Default::default() };
        let found = served.energy().list_deliveries(request).await.unwrap().into_inner().deliveries.remove(0);
        let quantity = found.quantity.unwrap();
        (quantity.value.unwrap().value, quantity.unit)
    };
    assert_eq!(flow("entry").await, ("163950864".to_owned(), "kWh GCV 25C/0C".to_owned()));
    assert_eq!(flow("exit").await.0, "0");
}

on_each_backend!(inventories_are_refused_by_name);
async fn inventories_are_refused_by_name(fixture: Fixture) {
    let Some(folder) = folder() else { return };
    for (file, name) in [("AGSI_2024-01-20.csv", "is AGSI"), ("ALSI_LNG_EU.csv", "is ALSI")] {
        for format in ["indexes", "routes", "entsog-flows", "deliveries", "jodi"] {
            let refused = fixture.import(format, published(vec![folder.join(file)], "2026-11-01")).await;
            let refused = refused.unwrap_err().to_string();
            assert!(refused.contains(name) && refused.contains("no question here"), "{format}: {refused}");
        }
    }
}
