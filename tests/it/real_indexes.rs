//! Every real file of prices and flows goes in, and the values equal counts and sums made without our code.
//!
//! The files may not be bundled; ENTREPOT_REAL_DATA says where they are. The expected figures were counted with
//! Python's `csv` and `decimal`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::support::real_data;
use entrepot::energy::contract::Confidence;
use entrepot::energy::delivery::Delivery;
use entrepot::energy::delivery::netting::RULES;
use entrepot::energy::import::{entsog, indexes};
use entrepot::energy::price::index::{Frequency, Observation, Observed, Series};
use entrepot::energy::price::{self, Formula, Named, Observations as _};
use entrepot::import::{Progress, Report};
use entrepot::value::Month;
use rust_decimal::Decimal;

/// Identifier, unit, observations, first and last month with their values.
const SERIES: [(&str, &str, usize, &str, &str, &str, &str); 12] = [
    ("brent", "$/bbl", 471, "1987-05", "18.58", "2026-07", "83.76"),
    ("henry-hub", "$/mmbtu", 355, "1997-01", "3.45", "2026-07", "2.89"),
    ("pink-coal-australian", "$/mt", 677, "1970-01", "7.8", "2026-05", "136.86"),
    ("pink-coal-south-african", "$/mt", 509, "1984-01", "29.34", "2026-05", "95.56"),
    ("pink-crude-oil-average", "$/bbl", 797, "1960-01", "1.63", "2026-05", "100.43"),
    ("pink-crude-oil-brent", "$/bbl", 797, "1960-01", "1.63", "2026-05", "107.54"),
    ("pink-crude-oil-dubai", "$/bbl", 797, "1960-01", "1.63", "2026-05", "94.67"),
    ("pink-crude-oil-wti", "$/bbl", 533, "1982-01", "35.3", "2026-05", "99.09"),
    ("pink-liquefied-natural-gas-japan", "$/mmbtu", 593, "1977-01", "2.77", "2026-05", "15.77"),
    ("pink-natural-gas-europe", "$/mmbtu", 797, "1960-01", "0.4", "2026-05", "16.17"),
    ("pink-natural-gas-index", "2010=100", 593, "1977-01", "18.53", "2026-05", "123.16"),
    ("pink-natural-gas-us", "$/mmbtu", 797, "1960-01", "0.14", "2026-05", "2.93"),
];
const PRICE_ROWS: u64 = 471 + 355 + 6890;

const FLOW_ROWS: u64 = 29_862;
const FLOWS_ABSENT: u64 = 1843;
const FLOWS_TWICE: u64 = 2849;
const FLOWS_CONTRADICTED: u64 = 7;
const FLOWS_REPORTED_ELSEWHERE: u64 = 2204;
/// Flows of a point, direction and day; those that several operators report; those of which reports differ by over 1 %.
const FLOWS: usize = 22_959;
const FLOWS_OF_SEVERAL: usize = 1453;
const FLOWS_THAT_DIFFER: usize = 46;
/// Of the whole year, in kWh.
const YEARS: [(&str, &str); 8] = [
    // One operator, one report a day.
    ("LNG-00018-entry", "40834177809"),
    // One operator, each row twice.
    ("LNG-00014-entry", "24664095771"),
    // Nord Stream at Greifswald: three owners of one pipe, and the other pipe.
    ("ITP-00247-entry", "395227649731"),
    ("ITP-00251-entry", "225486669954"),
    // Ukraine to Poland, by both sides and at two points; Slovakia to Ukraine, by Ukraine alone.
    ("ITP-10008-entry", "43610283791"),
    ("ITP-00421-exit", "2129348133.23"),
    ("ITP-00207-entry", "9723793663.5"),
    ("ITP-00126-entry", "226573118709.49"),
];

fn decimal(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

type Loaded = Vec<(Series, Vec<Observation>)>;

fn prices() -> Option<(Loaded, Report)> {
    let folder = real_data()?.join("energy/prices");
    let files: Vec<PathBuf> = ["brent-monthly.csv", "henry-hub-monthly.csv", "pinksheet_energy_monthly.csv"]
        .iter()
        .map(|name| folder.join(name))
        .collect();
    let mut report = Report::default();
    let series = indexes::read(&files, None, &Progress::silent(), &mut report).unwrap();
    Some((series, report))
}

#[test]
fn every_real_price_is_read() {
    let Some((series, report)) = prices() else { return };
    assert_eq!((report.rows_read, report.rows_rejected, report.skipped.len()), (PRICE_ROWS, 0, 0), "{report}");
    assert_eq!(report.files.len(), 3);
    let found: Vec<_> =
        series.iter().map(|(series, values)| (series.id.as_str(), series.unit.as_str(), values.len())).collect();
    let expected: Vec<_> = SERIES.iter().map(|(id, unit, count, ..)| (*id, *unit, *count)).collect();
    assert_eq!(found, expected);
    assert!(series.iter().all(|(series, _)| series.frequency == Frequency::Monthly && !series.source.is_empty()));
    let observed = Observed::new(series, None).unwrap();
    for (id, _, _, first, first_value, last, last_value) in SERIES {
        assert_eq!(observed.coverage(id), Some((month(first), month(last))), "{id}");
        for (at, value) in [(first, first_value), (last, last_value)] {
            let mean = observed.mean(id, month(at)).unwrap();
            assert_eq!((mean.value, mean.observed), (decimal(value), None), "{id} {at}");
        }
    }
}

#[test]
fn real_prices_price_a_formula() {
    let Some((series, _)) = prices() else { return };
    let observed = Observed::new(series, None).unwrap();
    let part = |weight: &str, index: &str| {
        let window = r#"{"lagged":{"months":6,"lag":3,"validity":3}}"#;
        format!(r#"{{"product":[{{"number":"{weight}"}},{{"index":{{"index":"{index}","window":{window}}}}}]}}"#)
    };
    let formula = format!(r#"{{"sum":[{},{}]}}"#, part("0.1", "brent"), part("0.5", "henry-hub"));
    let formula: Formula = serde_json::from_str(&formula).unwrap();
    let priced = price::price(&formula, month("2022-01"), &Named::new(), &observed).unwrap();
    // April to September 2021: Brent 64.81, 68.53, 73.16, 75.17, 70.75, 74.49; Henry Hub 2.66, 2.91, 3.26, 3.84, 4.07,
    // 5.16.
    assert_eq!(priced.windows[0].mean.round_dp(6), decimal("71.151667"));
    assert_eq!(priced.windows[1].mean, decimal("3.65"));
    assert_eq!(priced.value.round_dp(7), decimal("8.9401667"));
}

fn flows() -> Option<(Vec<Delivery>, Report)> {
    let file = real_data()?.join("energy/flows/entsog_physical_flows_2021.csv.gz");
    let mut report = Report::default();
    let deliveries = entsog::read(&[file], &Progress::silent(), &mut report).unwrap();
    Some((deliveries, report))
}

#[test]
fn every_real_flow_counts_once() {
    let Some((deliveries, report)) = flows() else { return };
    assert_eq!((report.rows_read, report.rows_rejected), (FLOW_ROWS, 0), "{report}");
    let skipped: Vec<(&str, u64)> = report.skipped.iter().map(|(reason, count)| (reason.as_str(), *count)).collect();
    assert_eq!(
        skipped,
        [
            ("reports of a point that another operator or point reports too", FLOWS_REPORTED_ELSEWHERE),
            ("reports that the same operator contradicts", FLOWS_CONTRADICTED),
            ("rows that stand there twice", FLOWS_TWICE),
            ("values that are absent", FLOWS_ABSENT),
        ]
    );
    assert_eq!(deliveries.len(), FLOWS);
    let once: BTreeSet<_> = deliveries.iter().map(|delivery| (&delivery.subject, delivery.from)).collect();
    assert_eq!(once.len(), FLOWS);
    let count = |of: &dyn Fn(&Delivery) -> bool| deliveries.iter().filter(|delivery| of(delivery)).count();
    assert_eq!(count(&|d| d.rule == "entsog-one-report" && d.note.contains("; ")), FLOWS_OF_SEVERAL);
    assert_eq!(count(&|d| d.rule == "entsog-own-contradiction"), 7);
    assert_eq!(count(&|d| d.rule == "entsog-total"), 365);
    assert_eq!(count(&|d| d.confidence == Confidence::Medium), FLOWS_THAT_DIFFER);
    assert_eq!(count(&|d| d.confidence == Confidence::Low), 7);
    assert!(deliveries.iter().all(|d| d.rule.is_empty() || RULES.iter().any(|rule| rule.id == d.rule)));
}

#[test]
fn the_year_of_a_point_adds_up_to_the_last_digit() {
    let Some((deliveries, _)) = flows() else { return };
    let mut years: BTreeMap<&str, Decimal> = BTreeMap::new();
    for delivery in &deliveries {
        *years.entry(delivery.subject.as_str()).or_default() += delivery.value;
    }
    for (subject, expected) in YEARS {
        assert_eq!(years.get(subject), Some(&decimal(expected)), "{subject}");
    }
    // The others of a flow have no subject of their own; the two sides of a border stand apart.
    for point in ["ITP-00491", "ITP-00297", "ITP-00188", "ITP-00525", "ITP-00089"] {
        assert!(!years.keys().any(|subject| subject.starts_with(point)), "{point}");
    }
    assert_eq!(years.get("ITP-00421-entry"), Some(&Decimal::ZERO));
}
