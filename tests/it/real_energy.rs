//! Every real energy file goes into the store on both backends, with counts made without our code, and answers.
//!
//! The files may not be bundled; ENTREPOT_REAL_DATA says where they are.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::support::{Fixture, Served, published, real_data};
use entrepot::import::Report;
use entrepot::proto::entrepot::energy::v1 as pb;

fn folder() -> Option<PathBuf> {
    real_data().map(|folder| folder.join("energy"))
}

fn text(path: &Path) -> String {
    let mut text = String::new();
    let file = std::fs::File::open(path).unwrap();
    if path.extension().is_some_and(|extension| extension == "gz") {
        flate2::read::MultiGzDecoder::new(file).read_to_string(&mut text).unwrap();
    } else {
        std::io::BufReader::new(file).read_to_string(&mut text).unwrap();
    }
    text
}

/// Records behind the header, by a reader that is not the importer's.
fn records(path: &Path) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(text(path).as_bytes()).records().map(Result::unwrap).collect()
}

async fn import(fixture: &Fixture, format: &str, file: PathBuf, dataset: &str) -> Report {
    let mut options = published(vec![file], "2026-11-01");
    options.dataset = Some(dataset.to_owned());
    let report = fixture.import(format, options.clone()).await.unwrap();
    assert_eq!(report.rows_rejected, 0, "{:?}", report.rejects);
    eprintln!("{dataset}: {} records in {:.2} s", report.rows_new, report.seconds);
    let again = fixture.import(format, options).await.unwrap();
    assert!(again.already_imported, "the same file changes nothing");
    report
}

/// How many routes of a dataset there are, page by page, and the sum of their stated capacities in bcm a year.
async fn routes(served: &Served, filter: pb::RouteFilter) -> Vec<pb::Route> {
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

on_each_backend!(routes_of_global_energy_monitor);
async fn routes_of_global_energy_monitor(fixture: Fixture) {
    let Some(folder) = folder() else { return };
    // Rows by Python's csv and openpyxl: 1,297 pipelines and 427 terminals; 4,358; 1,018.
    let files = [
        ("gem/asia-gas-tracker-download_2024-08.xlsx", "gem-asia-gas", 1297 + 427),
        ("gem/ggit_pipelines_lng_2024-10-08.csv.gz", "gem-gas", 4358),
        ("gem/goit_oil_pipelines_map_2024-06.csv", "gem-oil", 1018),
    ];
    for (file, dataset, rows) in files {
        let report = import(&fixture, "routes", folder.join(file), dataset).await;
        let left_out: u64 = report
            .skipped
            .iter()
            .filter(|(reason, _)| reason.contains("no kind of route"))
            .map(|(_, count)| count)
            .sum();
        assert_eq!(report.rows_read, rows, "{dataset}");
        let served = fixture.serve().await;
        let filter = pb::RouteFilter { datasets: vec![dataset.into()], ..Default::default() };
        let listed = routes(&served, filter).await.len() as u64;
        assert_eq!((listed, report.rows_new), (rows - left_out, rows - left_out), "{dataset}");
    }
    let served = fixture.serve().await;
    let siberia =
        pb::RouteFilter { query: "power siberia".into(), datasets: vec!["gem-gas".into()], ..Default::default() };
    let names: Vec<String> = routes(&served, siberia).await.into_iter().map(|route| route.name).collect();
    let expected = ["P0734", "P2352", "P2353", "P3208", "P3603", "P5409"];
    assert_eq!(names, expected.map(|id| format!("routes/gem-gas.{id}")));
    let operating = pb::RouteFilter {
        datasets: vec!["gem-gas".into()],
        statuses: vec![pb::RouteStatus::Operating.into()],
        ..Default::default()
    };
    // By a count over the column `status` with Python.
    assert_eq!(routes(&served, operating).await.len(), 2557);
    let request = pb::GetRouteRequest { name: "routes/gem-gas.P2352".into(), clock: None, include_names: false };
    let route = served.energy().get_route(request).await.unwrap().into_inner().route.unwrap();
    let capacity = route.capacity.unwrap();
    assert_eq!(
        (capacity.value.unwrap().value.as_str(), capacity.unit.as_str(), route.start_year),
        ("38", "bcm/y", Some(2019))
    );
}

on_each_backend!(prices_of_the_eia_and_the_world_bank);
async fn prices_of_the_eia_and_the_world_bank(fixture: Fixture) {
    let Some(folder) = folder() else { return };
    let mut expected = 0;
    for (file, dataset) in [
        ("brent-monthly.csv", "eia-brent"),
        ("henry-hub-monthly.csv", "eia-henry-hub"),
        ("pinksheet_energy_monthly.csv", "pink-sheet"),
    ] {
        let path = folder.join("prices").join(file);
        let rows = records(&path);
        expected += rows.len();
        let report = import(&fixture, "indexes", path, dataset).await;
        assert_eq!(report.rows_new as usize, rows.len(), "{dataset}");
    }
    assert_eq!(expected, 471 + 355 + 6890);
    let served = fixture.serve().await;
    let request = pb::ListPriceIndexesRequest::default();
    let listed = served.energy().list_price_indexes(request).await.unwrap().into_inner().indexes;
    let mut total = 0;
    for index in &listed {
        let mut request =
            pb::ListPriceObservationsRequest { parent: index.name.clone(), page_size: 500, ..Default::default() };
        loop {
            let page = served.energy().list_price_observations(request.clone()).await.unwrap().into_inner();
            total += page.observations.len();
            if page.next_page_token.is_empty() {
                break;
            }
            request.page_token = page.next_page_token;
        }
    }
    assert_eq!((listed.len(), total), (12, expected));
    // 6-3-3 of Brent for January 2025: the mean of April to September 2024, by hand from the file.
    let brent = records(&folder.join("prices/brent-monthly.csv"));
    let of = |month: &str| brent.iter().find(|row| row[0].starts_with(month)).unwrap()[1].to_owned();
    let months = ["2024-04", "2024-05", "2024-06", "2024-07", "2024-08", "2024-09"].map(of);
    let cents = |text: &String| -> i64 {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        whole.parse::<i64>().unwrap() * 100 + format!("{fraction:0<2}").parse::<i64>().unwrap()
    };
    let sum: i64 = months.iter().map(cents).sum();
    let contract = fixture.write(
            "contracts.csv",
            "contract,field,value,unit,country,from,until,first_year,last_year,source,confidence,state,note\n\
             OIL,seller,S,,QA,,,,,s,,,\n\
             OIL,price_formula,\"{\"\"index\"\":{\"\"index\"\":\"\"brent\"\",\"\"window\"\":{\"\"lagged\"\":{\"\"months\"\":6,\"\"lag\"\":3,\"\"validity\"\":3}}}}\",,,,,,,s,,,\n",
        );
    import(&fixture, "contracts", contract, "contracts").await;
    let request = pb::PriceContractRequest {
        name: "contracts/contracts.OIL".into(),
        start_month: crate::support::month("2025-01"),
        end_month: crate::support::month("2025-04"),
        ..Default::default()
    };
    let priced = served.energy().price_contract(request).await.unwrap().into_inner();
    let window = &priced.lines[0].windows[0];
    let month = crate::support::month;
    assert_eq!((window.start_month, window.end_month), (month("2024-04"), month("2024-09")));
    let prices: Vec<String> = priced.lines.iter().map(|line| line.price.clone().unwrap().value).collect();
    // Six values of two decimals: six times the mean is their sum, to the digits that a decimal holds.
    let mean: rust_decimal::Decimal = prices[0].parse().unwrap();
    let six_times = (mean * rust_decimal::Decimal::from(600)).round_dp(10).normalize();
    assert_eq!(six_times, rust_decimal::Decimal::from(sum));
    // Valid to March; another mean in April.
    assert!(prices[0] == prices[1] && prices[1] == prices[2] && prices[2] != prices[3], "{prices:?}");
}

on_each_backend!(flows_of_entsog);
async fn flows_of_entsog(fixture: Fixture) {
    let Some(folder) = folder() else { return };
    let path = folder.join("flows/entsog_physical_flows_2021.csv.gz");
    let report = import(&fixture, "entsog-flows", path, "entsog-flows").await;
    // Of 29,862 rows; the rest are absent, repeat one another, or are reported from both sides.
    assert_eq!((report.rows_read, report.rows_new), (29_862, 22_959));
    let served = fixture.serve().await;
    let mut request = pb::ListDeliveriesRequest { filter: of("LNG-00018-entry"), page_size: 100, ..Default::default() };
    let mut total = rust_decimal::Decimal::ZERO;
    loop {
        let page = served.energy().list_deliveries(request.clone()).await.unwrap().into_inner();
        for delivery in &page.deliveries {
            let quantity = delivery.quantity.clone().unwrap();
            assert_eq!(quantity.unit, "kWh GCV 25C/0C");
            total += quantity.value.unwrap().value.parse::<rust_decimal::Decimal>().unwrap();
        }
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    // By Python's decimal over the file.
    assert_eq!(total.normalize().to_string(), "40834177809");
    let request = pb::ListDeliveriesRequest { filter: of("ITP-10008-entry"), ..Default::default() };
    let page = served.energy().list_deliveries(request).await.unwrap().into_inner();
    assert_eq!(page.netting_rules[0].id, "entsog-one-report");
}

#[tokio::test]
async fn every_fact_of_the_compiled_files_is_in_the_sample() {
    let Some(folder) = folder() else { return };
    let sample = |text: &str| -> Vec<csv::StringRecord> {
        csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap).collect()
    };
    let facts = sample(include_str!("../../src/energy/sample/contracts.csv"));
    let has = |contract: &str, field: &str, value: &str| {
        facts.iter().any(|fact| &fact[0] == contract && &fact[1] == field && (value.is_empty() || &fact[2] == value))
    };
    let contracts = records(&folder.join("contract_facts.csv"));
    assert_eq!(contracts.len(), 33);
    for contract in &contracts {
        let (id, acq, unverified) = (&contract[0], &contract[11], &contract[20]);
        assert!(has(id, "seller", "") && has(id, "buyer", "") && has(id, "commodity", &contract[5]), "{id}");
        assert!(acq.is_empty() || has(id, "acq", acq) || has(id, "total_quantity", acq), "{id} {acq}");
        if unverified.contains("volume_basis") {
            let basis = facts.iter().find(|fact| &fact[0] == id && &fact[1] == "volume_basis").unwrap();
            assert_eq!((&basis[2], &basis[11]), ("", "not_reviewed"), "{id}");
        }
    }
    let deliveries = sample(include_str!("../../src/energy/sample/deliveries.csv"));
    let compiled = records(&folder.join("deliveries.csv"));
    assert_eq!((deliveries.len(), compiled.len()), (17, 17));
    for row in &compiled {
        let same = |own: &csv::StringRecord| own[0] == row[0] && own[1] == row[1] && own[3] == row[2];
        assert!(deliveries.iter().any(same), "{row:?}");
    }
}

#[tokio::test]
async fn conversion_factors_are_those_of_the_compiled_file() {
    let Some(folder) = folder() else { return };
    let fixture = Fixture::sqlite().await;
    let served = fixture.serve().await;
    // What converts exactly or through a set, beside the figure that the file gives to so many digits.
    let pairs = [
        ("MMBtu(IT)", "MWh", "MMBtu GCV", "MWh GCV", ""),
        ("toe", "GJ", "toe GCV", "GJ GCV", ""),
        ("toe", "MWh", "toe GCV", "MWh GCV", ""),
        ("ft3", "m3", "ft3@15C", "m3@15C", ""),
        ("bbl", "m3", "bbl crude", "m3 liquid crude", ""),
        ("m3@20C", "m3@15C", "m3@20C", "m3@15C", "ideal-gas"),
        ("m3@20C", "m3@0C", "m3@20C", "m3@0C", "ideal-gas"),
        ("m3@15C", "m3@0C", "m3@15C", "m3@0C", "ideal-gas"),
        ("m3@60F", "m3@15C", "m3@60F", "m3@15C", "ideal-gas"),
    ];
    let factors = records(&folder.join("conversion_factors.csv"));
    assert_eq!(factors.len(), 24);
    for (from, to, source_unit, target_unit, set) in pairs {
        let row = factors.iter().find(|row| &row[0] == from && &row[1] == to).unwrap();
        let request = pb::ConvertQuantityRequest {
            quantity: crate::support::quantity("1", source_unit),
            target_unit: target_unit.into(),
            factor_set: set.into(),
            ..Default::default()
        };
        let converted = served.energy().convert_quantity(request).await.unwrap().into_inner();
        let own: rust_decimal::Decimal = converted.quantity.unwrap().value.unwrap().value.parse().unwrap();
        let given: rust_decimal::Decimal = row[2].parse().unwrap();
        assert_eq!(own.round_dp(given.scale()), given, "{from} to {to}");
    }
}

fn of(subject: &str) -> Option<pb::DeliveryFilter> {
    Some(pb::DeliveryFilter { subject: subject.into(), ..Default::default() })
}
