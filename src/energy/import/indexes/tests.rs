use std::io::Write as _;

use super::*;
use crate::energy::price::index::Frequency;

const OWN: &str = "index,period,value,unit,title,source\n";
const PINK: &str = "month,series,unit,value\n";

type Loaded = Vec<(Series, Vec<Observation>)>;

/// Files by name, with what they hold.
fn import(files: &[(&str, String)]) -> Result<(Loaded, Report), Error> {
    let folder = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
        paths.push(path);
    }
    let mut report = Report::default();
    let series = read(&paths, &Progress::silent(), &mut report)?;
    Ok((series, report))
}

fn rejects(report: &Report) -> Vec<String> {
    report.rejects.iter().map(|reject| format!("{} {}: {}", reject.line, reject.field, reject.reason)).collect()
}

fn shown((series, observations): &(Series, Vec<Observation>)) -> String {
    let values: Vec<String> =
        observations.iter().map(|observation| format!("{} {}", observation.day, observation.value)).collect();
    format!("{} {} {}: {}", series.id, series.unit, series.frequency.text(), values.join(", "))
}

#[test]
fn layouts_are_told_by_their_header_and_come_together() {
    let (series, report) = import(&[
        ("brent-monthly.csv", "Date,Price\r\n1987-06-15,18.86\r\n1987-05-15,18.58\r\n".into()),
        ("natural-gas-monthly.csv", "Month,Price\n1997-01,3.45\n".into()),
        (
            "prices.csv",
            format!("{PINK}1960-01,\"Crude oil, Brent\",$/bbl,1.63\n1960-02,\"Crude oil, Brent\",$/bbl,…\n"),
        ),
        ("mine.csv", format!("{OWN}jcc,2024-01,86.40,$/bbl,Japan crude cocktail,Japan customs\n")),
    ])
    .unwrap();
    assert_eq!(
        series.iter().map(shown).collect::<Vec<_>>(),
        [
            "brent $/bbl monthly: 1987-05-01 18.58, 1987-06-01 18.86",
            "henry-hub $/mmbtu monthly: 1997-01-01 3.45",
            "jcc $/bbl monthly: 2024-01-01 86.40",
            "pink-crude-oil-brent $/bbl monthly: 1960-01-01 1.63",
        ]
    );
    assert_eq!((report.rows_read, report.rows_rejected, report.files.len()), (6, 0, 4));
    assert_eq!(report.skipped.get(rows::VALUES_ABSENT), Some(&1));
    assert_eq!(series[3].0.title, "Crude oil, Brent");
}

#[test]
fn the_days_tell_a_daily_series() {
    let daily = "Date,Price\n2020-03-31,20.10\n2020-04-20,-36.98\n2020-04-21,8.91\n2020-04-22,\n";
    let (series, report) = import(&[("WTI-daily.csv", daily.into())]).unwrap();
    assert_eq!(
        series.iter().map(shown).collect::<Vec<_>>(),
        ["wti $/bbl daily: 2020-03-31 20.10, 2020-04-20 -36.98, 2020-04-21 8.91"]
    );
    assert_eq!((report.rows_rejected, report.skipped.get(rows::VALUES_ABSENT)), (0, Some(&1)));
    // One month of many with two values: a monthly series with a mistake.
    let mistake = "Date,Price\n2020-03-15,1\n2020-04-15,2\n2020-04-16,3\n2020-05-15,4\n";
    let (series, report) = import(&[("brent.csv", mistake.into())]).unwrap();
    assert_eq!(
        series.iter().map(shown).collect::<Vec<_>>(),
        ["brent $/bbl monthly: 2020-03-01 1, 2020-04-01 2, 2020-05-01 4"]
    );
    assert_eq!(rejects(&report), ["4 Date: is a period that brent has already, with the value 2; one value is right"]);
    // The same day twice does not make it daily.
    let (series, report) = import(&[("brent.csv", "Date,Price\n2020-03-15,1\n2020-03-15,1\n".into())]).unwrap();
    assert_eq!((series[0].0.frequency, report.rows_rejected), (Frequency::Monthly, 1));
}

#[test]
fn a_name_that_says_no_series_is_refused_with_what_to_do() {
    for name in ["prices.csv", "brentwood.csv"] {
        let error = import(&[(name, "Date,Price\n2020-01-15,1\n".into())]).unwrap_err().to_string();
        assert!(
            error.contains("does not say which series it is; let the name begin with brent, wti, henry-hub"),
            "{error}"
        );
    }
}

#[test]
fn a_header_of_no_layout_is_refused() {
    let error = import(&[("x.csv", "a,b\n1,2\n".into())]).unwrap_err().to_string();
    assert!(
        error.contains("expected index, period, value, unit, title, source, or month, series, unit, value"),
        "{error}"
    );
    let error = import(&[("x.csv", "index,period\n".into())]).unwrap_err().to_string();
    assert!(error.contains("line 1 lacks the columns value, unit, title, source"), "{error}");
    let error = import(&[("x.csv", OWN.replace(',', ";"))]).unwrap_err().to_string();
    assert!(error.contains("divided by `;`"), "{error}");
    assert!(read(&[], &Progress::silent(), &mut Report::default()).is_err());
}

#[test]
fn each_bad_row_is_named() {
    const GOOD: &str = "jcc,2024-01,86.4,$/bbl,JCC,customs";
    for (row, expected) in [
        ("jcc,2024-02,86.4x,$/bbl,JCC,customs", "3 value: `86.4x` is no decimal; 12, 12.5 or -0.25 would be right"),
        ("jcc,2024-02,1e3,$/bbl,JCC,customs", "3 value: `1e3` is no decimal; 12, 12.5 or -0.25 would be right"),
        ("jcc,2024-13,86.4,$/bbl,JCC,customs", "3 period: is no month or day; 2022-02 or 2022-02-25 would be right"),
        ("jcc,2024-02-30,86.4,$/bbl,JCC,customs", "3 period: is no month or day; 2022-02 or 2022-02-25 would be right"),
        ("jcc,0024-02,86.4,$/bbl,JCC,customs", "3 period: is no month or day; 2022-02 or 2022-02-25 would be right"),
        (
            "jcc,2024-01,99,$/bbl,JCC,customs",
            "3 period: is a period that jcc has already, with the value 86.4; one value is right",
        ),
        (
            "jcc,2024-02-01,99,$/bbl,JCC,customs",
            "3 period: is daily, and jcc is monthly; an index of its own would be right",
        ),
        ("jcc,2024-02,99,$/t,JCC,customs", "3 unit: is a second unit of jcc, which has `$/bbl`; an index has one"),
        (
            "jcc,2024-02,99,$/bbl,Cocktail,customs",
            "3 title: is a second title of jcc, which has `JCC`; an index has one",
        ),
        (
            "jcc,2024-02,99,$/bbl,JCC,press",
            "3 source: is a second source of jcc, which has `customs`; an index has one",
        ),
        ("jcc,2024-02,99,$/bbl,JCC,", "3 source: is empty and must be given"),
        ("j c,2024-02,99,$/bbl,JCC,customs", "3 index: is no identifier; letters, digits and `-` would be right"),
    ] {
        let (series, report) = import(&[("x.csv", format!("{OWN}{GOOD}\n{row}\n"))]).unwrap();
        assert_eq!(rejects(&report), [expected], "{row}");
        assert_eq!(series.len(), 1, "{row}");
    }
    let (_, report) = import(&[("p.csv", format!("{PINK}1960-01-01,Coal,$/mt,1\n1960-01,***,$/mt,1\n"))]).unwrap();
    assert_eq!(report.rejects.iter().map(|r| r.field.as_str()).collect::<Vec<_>>(), ["month", "series"]);
}

#[test]
fn two_files_of_one_index_go_on_or_contradict() {
    let (monthly, daily) = ("Date,Price\n2020-01-15,1\n", "Date,Price\n2020-02-03,2\n2020-02-04,3\n");
    let (series, report) =
        import(&[("brent-1.csv", monthly.into()), ("brent-2.csv", "Date,Price\n2020-02-15,2\n".into())]).unwrap();
    assert_eq!((series[0].1.len(), report.rows_rejected), (2, 0));
    let (_, report) = import(&[("brent-monthly.csv", monthly.into()), ("brent-daily.csv", daily.into())]).unwrap();
    assert_eq!(report.rows_rejected, 2);
    assert!(rejects(&report)[0].contains("is daily, and brent is monthly"));
}

#[test]
fn absent_values_are_counted_and_never_zero() {
    let rows: String =
        ["", "..", "…", "NA"].iter().enumerate().map(|(n, text)| format!("jcc,2024-0{},{text},,,s\n", n + 1)).collect();
    let (series, report) = import(&[("x.csv", format!("{OWN}{rows}jcc,2024-05,0,,,s\n"))]).unwrap();
    assert_eq!(series.iter().map(shown).collect::<Vec<_>>(), ["jcc  monthly: 2024-05-01 0"]);
    assert_eq!(report.skipped.get(rows::VALUES_ABSENT), Some(&4));
}
