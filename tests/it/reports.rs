//! What an import says of itself is complete, readable, and the same on both backends.

use crate::support::comtrade::{Record, comtrade_csv, made_up_list, record};
use crate::support::sdn::{entry, import, list, sdn};
use crate::support::{Fixture, published};
use entrepot::import::{Error, Options, Report};

/// The report as it is written, with one second for the time it took and files by their names alone.
fn told(fixture: &Fixture, what: &str, outcome: Result<Report, Error>) -> String {
    let text = match outcome {
        Ok(report) => format!("{what}\n{}\n", Report { seconds: 1.0, ..report }),
        Err(error) => format!("{what}\nerror: {error}\n\n"),
    };
    fixture.without_folder(&text)
}

on_each_backend!(reports_of_flows);
async fn reports_of_flows(fixture: Fixture) {
    let list = fixture.write("list_H5.csv", made_up_list("H5"));
    let list = fixture.import("classification", published(vec![list], "2022-06-01")).await;
    let mut text = told(&fixture, "a classification", list);
    let first = [record("1"), Record { partner: 398, ..record("2") }, Record { partner: 51, ..record("3") }];
    text += &told(&fixture, "the first release", fixture.comtrade(&comtrade_csv(&first), "2024-01-01").await);
    text += &told(&fixture, "the same file again", fixture.comtrade(&comtrade_csv(&first), "2024-02-01").await);
    let second = [record("1.5"), Record { partner: 398, ..record("2") }, Record { partner: 268, ..record("4") }];
    let path = fixture.write("second.csv", comtrade_csv(&second));
    let dry = Options { dry_run: true, ..published(vec![path], "2024-02-01") };
    text += &told(&fixture, "a dry run", fixture.import("comtrade", dry).await);
    text += &told(&fixture, "the second release", fixture.comtrade(&comtrade_csv(&second), "2024-02-01").await);
    let bad = [record("1.5"), Record { partner: 999, ..record("2") }, Record { partner: 51, ..record("-2") }];
    let path = fixture.write("bad.csv", comtrade_csv(&bad));
    let strict = published(vec![path.clone()], "2024-03-01");
    text += &told(&fixture, "bad rows", fixture.import("comtrade", strict).await);
    let tolerant = Options { max_rejects: 2, ..published(vec![path], "2024-03-01") };
    text += &told(&fixture, "bad rows, allowed", fixture.import("comtrade", tolerant).await);
    text += &told(&fixture, "an earlier day", fixture.comtrade(&comtrade_csv(&first), "2023-01-01").await);
    insta::assert_snapshot!("flows", text);
}

on_each_backend!(reports_of_sanction_lists);
async fn reports_of_sanction_lists(fixture: Fixture) {
    let first = [entry(1, "OIL COMPANY", "RUSSIA-EO14024", ""), entry(2, "BANK, A", "UKRAINE-EO13662", "")];
    let second = [
        entry(1, "OIL COMPANY", "RUSSIA-EO14024", "Website www.example.ru"),
        entry(3, "TANKER", "IRAN", "Vessel Registration Identification IMO 9221970"),
    ];
    let mut text = String::new();
    for (what, list, day) in [
        ("the first release", list(&first), "2024-01-01"),
        ("the same list again", list(&first), "2024-02-01"),
        ("one changes, one goes, one comes", list(&second), "2024-02-01"),
        ("a list that all but vanishes", sdn(&second), "2024-03-01"),
    ] {
        text += &told(&fixture, what, import(&fixture, &list, day).await);
    }
    insta::assert_snapshot!("sanction_lists", text);
}

on_each_backend!(reports_of_energy);
async fn reports_of_energy(fixture: Fixture) {
    let mut text = String::new();
    for (name, format, content) in [
        ("contracts.csv", "contracts", include_str!("../../src/energy/sample/contracts.csv")),
        ("deliveries.csv", "deliveries", include_str!("../../src/energy/sample/deliveries.csv")),
        ("routes.csv", "routes", include_str!("../../src/energy/sample/routes.csv")),
        ("contracts again", "contracts", include_str!("../../src/energy/sample/contracts.csv")),
    ] {
        let path = fixture.write(name, content);
        let report = fixture.import(format, published(vec![path], "2026-11-24")).await;
        text += &told(&fixture, name, report);
    }
    insta::assert_snapshot!("energy", text);
}
