//! Global Energy Monitor's real files go in whole, with counts and sums made without our code.
//!
//! The files may not be bundled; ENTREPOT_REAL_DATA says where they are. Every figure below comes from a count with
//! Python (openpyxl, csv, decimal) over the same files.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::support::real_data;
use entrepot::energy::import::routes;
use entrepot::energy::route::{Owner, Route, RouteKind, RouteStatus};
use entrepot::import::{Progress, Report};
use entrepot::value::decimal;

const ASIA: &str = "asia-gas-tracker-download_2024-08.xlsx";
const MAP: &str = "ggit_pipelines_lng_2024-10-08.csv.gz";
const OIL: &str = "goit_oil_pipelines_map_2024-06.csv";

/// Reads one file; nothing, and a loud word, where there are no real files.
fn read(file: &str) -> Option<(Vec<Route>, Report)> {
    let path: PathBuf = real_data()?.join("energy/gem").join(file);
    let mut report = Report::default();
    let begun = std::time::Instant::now();
    let routes = routes::read(&[path], &Progress::silent(), &mut report).unwrap();
    eprintln!("{file}: {} rows in {:?}", report.rows_read, begun.elapsed());
    assert_eq!((report.rows_rejected, report.files.len()), (0, 1), "{:?}", report.rejects);
    Some((routes, report))
}

fn only(routes: &[Route], is: impl Fn(&Route) -> bool) -> Vec<Route> {
    routes.iter().filter(|route| is(route)).cloned().collect()
}

fn is_pipeline(route: &Route) -> bool {
    !matches!(route.kind, RouteKind::LngImportTerminal | RouteKind::LngExportTerminal)
}

/// `operating 803 3056.91`: the routes of each status, and the exact sum of a number of theirs.
fn by_status(routes: &[Route], number: impl Fn(&Route) -> Option<rust_decimal::Decimal>) -> Vec<String> {
    let mut statuses: BTreeMap<String, Vec<&Route>> = BTreeMap::new();
    for route in routes {
        let status = serde_json::to_value(route.status).unwrap();
        statuses.entry(status.as_str().unwrap_or("unknown").to_owned()).or_default().push(route);
    }
    let shown = statuses.into_iter().map(|(status, routes)| {
        let sum = decimal::sum(routes.iter().filter_map(|route| number(route))).unwrap();
        format!("{status} {} {sum}", routes.len())
    });
    shown.collect()
}

/// Owners by name, and of these the ones with a share.
fn owners(routes: &[Route], of: impl Fn(&Route) -> &Vec<Owner>) -> (usize, usize) {
    let all: Vec<&Owner> = routes.iter().flat_map(of).collect();
    (all.len(), all.iter().filter(|owner| owner.share.is_some()).count())
}

fn units(routes: &[Route]) -> BTreeMap<(&str, &str), u32> {
    let mut units = BTreeMap::new();
    for capacity in routes.iter().filter_map(|route| route.capacity.as_ref()) {
        let unit = if capacity.unit.starts_with("https://") { "a web address" } else { capacity.unit.as_str() };
        *units.entry((unit, capacity.parsed_unit.as_deref().unwrap_or("-"))).or_default() += 1;
    }
    units
}

fn route<'a>(routes: &'a [Route], id: &str) -> &'a Route {
    routes.iter().find(|route| route.id == id).unwrap()
}

#[test]
fn the_workbook_of_asia() {
    let Some((routes, report)) = read(ASIA) else { return };
    assert_eq!((routes.len(), report.rows_read), (1297 + 427, 1297 + 427));
    let (pipelines, terminals) = (only(&routes, is_pipeline), only(&routes, |route| !is_pipeline(route)));
    assert!(pipelines.iter().all(|route| route.kind == RouteKind::GasPipeline));
    assert_eq!(only(&terminals, |route| route.kind == RouteKind::LngImportTerminal).len(), 366);
    let expected = [
        "cancelled 26 66.28",
        "construction 182 794.76000000000000001",
        "operating 803 3056.91000000000000381",
        "proposed 261 657.30000000000000091",
        "retired 3 3.48",
        "shelved 22 78.48",
    ];
    assert_eq!(by_status(&pipelines, |route| route.capacity_bcm), expected);
    let expected = [
        "cancelled 80 343.63",
        "construction 54 269.350000000000001",
        "idle 2 7.62",
        "mothballed 3 2.72",
        "operating 150 1008.679999999999999",
        "proposed 83 363.859999999999999",
        "retired 11 43.91",
        "shelved 44 132.88",
    ];
    assert_eq!(by_status(&terminals, |route| route.capacity_bcm), expected);

    let inferred = only(&routes, |route| route.status_inferred);
    assert_eq!(by_status(&inferred, |_| None), ["cancelled 53 0", "shelved 20 0"]);
    let length = decimal::sum(pipelines.iter().filter_map(|route| route.length_km)).unwrap();
    assert_eq!(length.to_string(), "305948.229999999999961");
    assert_eq!((owners(&pipelines, |r| &r.owners), owners(&pipelines, |r| &r.parents)), ((1273, 1263), (2041, 2019)));
    assert_eq!((owners(&terminals, |r| &r.owners), owners(&terminals, |r| &r.parents)), ((574, 470), (861, 718)));
    assert_eq!(only(&routes, |route| route.last_updated.is_some()).len(), 1204 + 427);
    assert_eq!(only(&routes, |route| !route.start_years.is_empty()).len(), 802 + 313);
    assert!(routes.iter().all(|route| !route.countries.is_empty()));

    // Of 900 + 382 units beside pipelines and terminals: one has no capacity beside it, three have a range.
    let expected = [
        (("", "-"), 1),
        (("MMSCMD", "mcm/d"), 69),
        (("MMcf/d", "MMcf/d"), 142),
        (("a web address", "-"), 1),
        (("bcf/d", "bcf/d"), 4),
        (("bcm/y", "bcm/y"), 684 - 3 + 2),
        (("gal/day", "gal/d LNG"), 1),
        (("mill.Sm3/day", "mcm/d@15C"), 5 - 1),
        (("mtpa", "Mt/y LNG"), 374),
    ];
    assert_eq!(units(&routes), BTreeMap::from(expected));
    let ranges: Vec<&str> = routes.iter().map(|r| r.capacity_text.as_str()).filter(|text| !text.is_empty()).collect();
    assert_eq!(ranges, ["45-48 mill.Sm3/day", "14.5/8.0 bcm/y", "30/13.6 bcm/y"]);
    // Years: `Nov` in P4832, `Presumed` in three terminals. 0 bcm/y of nothing: P5023.
    assert_eq!(report.skipped.values().copied().collect::<Vec<u64>>(), [1, 3, 1, 4], "{:?}", report.skipped);
    assert_eq!(route(&routes, "P5023").capacity_bcm, None);
}

#[test]
fn the_map_of_gas() {
    let Some((routes, report)) = read(MAP) else { return };
    assert_eq!((routes.len(), report.rows_read), (4358, 4358));
    let pipelines = only(&routes, is_pipeline);
    let imports = only(&routes, |route| route.kind == RouteKind::LngImportTerminal);
    assert_eq!((pipelines.len(), imports.len()), (3067, 674));
    // Four rows of 101,358.74 bcm/y are in the sum, as they are in the file.
    let expected = [
        "cancelled 470 1062.15",
        "construction 329 1128.48000000000000211",
        "idle 18 58.99",
        "mothballed 23 178.7",
        "operating 2557 417792.26000000000003382",
        "proposed 778 2184.03000000000000294",
        "retired 33 3.48",
        "shelved 150 348.82",
    ];
    assert_eq!(by_status(&routes, |route| route.capacity_bcm), expected);
    let terminals = only(&routes, |route| !is_pipeline(route));
    let operating = only(&terminals, |route| route.status == Some(RouteStatus::Operating));
    let mass = operating.iter().filter_map(|route| route.capacity.as_ref()).map(|capacity| capacity.value);
    assert_eq!(decimal::sum(mass).unwrap().to_string(), "1580.939999999999997");
    assert_eq!(units(&routes), BTreeMap::from([(("MTPA", "Mt/y LNG"), 1159), (("bcm/y", "bcm/y"), 1884)]));
    assert_eq!((owners(&routes, |r| &r.owners), owners(&routes, |r| &r.parents)), ((5417, 4736), (7378, 6376)));
    assert_eq!(only(&routes, |route| !route.start_years.is_empty()).len(), 2901);
    // The Joint Petroleum Development Area, beside Timor-Leste and alone; the four capacities above; one year `1`.
    assert_eq!(report.skipped.values().copied().collect::<Vec<u64>>(), [2, 4, 1], "{:?}", report.skipped);
    // Two rows name no area.
    assert_eq!(only(&routes, |route| route.countries.is_empty()).len(), 2 + 1);

    for (id, status, capacity, countries) in [
        ("P2352", RouteStatus::Operating, "38", vec!["RUS"]),
        ("P0734", RouteStatus::Proposed, "80", vec!["RUS"]),
        ("P5409", RouteStatus::Proposed, "50", vec!["RUS", "MNG", "CHN"]),
    ] {
        let route = route(&routes, id);
        assert!(route.name.starts_with("Power of Siberia"), "{id}");
        assert_eq!((route.status, route.capacity_bcm.unwrap().to_string().as_str()), (Some(status), capacity), "{id}");
        assert_eq!(route.countries, countries, "{id}");
        assert_eq!(route.owners[0].name, "Gazprom", "{id}");
    }
}

#[test]
fn the_map_of_oil() {
    let Some((routes, report)) = read(OIL) else { return };
    assert_eq!((routes.len(), report.rows_read), (1018, 1018));
    let barrels = |route: &Route| route.capacity.as_ref().map(|capacity| capacity.value);
    let oil = only(&routes, |route| route.kind == RouteKind::OilPipeline);
    let liquids = only(&routes, |route| route.kind == RouteKind::NglPipeline);
    // Five pipelines in Thailand of thousands of millions of barrels a day are in the sums, as they are in the file.
    let expected = [
        "cancelled 70 29119400",
        "construction 25 5445016353.51",
        "idle 6 565000",
        "mothballed 8 2481000",
        "operating 773 54714962226.72",
        "proposed 61 30939000",
        "retired 25 2604490.54",
        "shelved 11 4165000",
    ];
    assert_eq!(by_status(&oil, barrels), expected);
    let expected = ["cancelled 2 800000", "operating 33 4781503", "proposed 4 0"];
    assert_eq!(by_status(&liquids, barrels), expected);
    assert_eq!(units(&routes), BTreeMap::from([(("boe/d", "boe/d"), 28), (("bpd", "bbl/d"), 490)]));
    assert_eq!(owners(&routes, |route| &route.parents), (1875, 1666));
    assert_eq!(only(&routes, |route| !route.start_years.is_empty()).len(), 674);
    assert_eq!(report.skipped.values().copied().collect::<Vec<u64>>(), [5], "{:?}", report.skipped);
    // No project has two units of one name, so no identifier is numbered.
    assert!(routes.iter().all(|route| !route.id.contains("---")));
    let espo = "eastern-siberia-pacific-ocean-oil-pipeline--russia-china-crude-oil-pipeline-1";
    assert_eq!(route(&routes, espo).kind, RouteKind::OilPipeline);
}

#[test]
fn what_is_stored_reads_back() {
    for file in [ASIA, MAP, OIL] {
        let Some((routes, _)) = read(file) else { return };
        for route in routes {
            let json = serde_json::to_string(&route).unwrap();
            assert_eq!(serde_json::from_str::<Route>(&json).unwrap(), route);
        }
    }
}

#[test]
fn one_route_of_two_files_is_refused_and_named() {
    let Some(folder) = real_data() else { return };
    let files: Vec<PathBuf> = [ASIA, MAP].iter().map(|file| folder.join("energy/gem").join(file)).collect();
    let mut report = Report::default();
    let routes = routes::read(&files, &Progress::silent(), &mut report).unwrap();
    // 1,141 pipelines and 425 terminals of Asia stand on the map too.
    assert_eq!((report.rows_rejected, routes.len()), (1141 + 425, 1724 + 4358 - 1141 - 425));
    assert!(report.rejects[0].reason.contains("[LNG Terminals], line "), "{}", report.rejects[0]);
}
