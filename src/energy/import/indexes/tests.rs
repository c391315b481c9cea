use std::io::Write as _;

use super::*;
use crate::energy::price::index::Frequency;

const OWN: &str = "index,period,value,unit,title,source\n";
const PINK: &str = "month,series,unit,value\n";

type Loaded = Vec<(Series, Vec<Observation>)>;

/// Files by name, with what they hold.
fn import(files: &[(&str, String)]) -> Result<(Loaded, Report), Error> {
    import_as(files, None)
}

/// The same with `--frequency`.
fn import_as(files: &[(&str, String)], asked: Option<Frequency>) -> Result<(Loaded, Report), Error> {
    let folder = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
        paths.push(path);
    }
    let mut report = Report::default();
    let series = read(&paths, asked, &Progress::silent(), &mut report)?;
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

/// Ten values a week apart, dated as the EIA dates its weeks.
fn fridays() -> String {
    let days = ["01-07", "01-14", "01-21", "01-28", "02-04", "02-11"];
    let rows: String = days.iter().enumerate().map(|(n, day)| format!("2022-{day},{}\n", 80 + n)).collect();
    format!("Date,Price\n{rows}")
}

#[test]
fn the_name_of_a_file_or_whoever_imports_it_says_how_often() {
    let of = |name: &str, text: &str, asked: Option<Frequency>| {
        import_as(&[(name, text.to_owned())], asked).map(|(series, report)| {
            let shown: Vec<String> = series.iter().map(shown).collect();
            (shown.join("; "), rejects(&report).join("; "))
        })
    };
    let daily = "Date,Price\n2020-03-31,20.10\n2020-04-20,-36.98\n2020-04-21,8.91\n2020-04-22,\n";
    let expected = "wti $/bbl daily: 2020-03-31 20.10, 2020-04-20 -36.98, 2020-04-21 8.91".to_owned();
    assert_eq!(of("WTI-daily.csv", daily, None).unwrap(), (expected.clone(), String::new()));
    assert_eq!(of("wti.csv", daily, Some(Frequency::Daily)).unwrap().0, expected);
    let weekly = of("brent-weekly.csv", &fridays(), None).unwrap().0;
    assert!(weekly.starts_with("brent $/bbl weekly: 2022-01-07 80, 2022-01-14 81"), "{weekly}");
    let yearly = "Date,Price\n1987-06-30,18.53\n1988-06-30,14.91\n1989-06-30,18.23\n";
    let expected = "brent $/bbl yearly: 1987-01-01 18.53, 1988-01-01 14.91, 1989-01-01 18.23";
    assert_eq!(of("brent-year.csv", yearly, None).unwrap().0, expected);
    // Nothing says it: asked for, never told from the dates.
    for text in [daily, yearly, &fridays()] {
        let (series, refused) = of("brent.csv", text, None).unwrap();
        assert!(
            series.is_empty() && refused.contains("give --frequency daily, weekly, monthly or yearly"),
            "{refused}"
        );
    }
    // What is said contradicts the dates, or itself.
    for (name, text, asked, problem) in [
        (
            "brent-daily.csv",
            &fridays()[..],
            None,
            "brent: would be daily, and no two of its 6 values are nearer than 7 days",
        ),
        (
            "brent-monthly.csv",
            yearly,
            None,
            "brent: would be monthly, and no two of its 3 values are nearer than 365 days",
        ),
        (
            "wti-weekly.csv",
            daily,
            None,
            "wti: is said to be weekly, and has values of 2020-04-20 and 2020-04-21, 1 days apart",
        ),
    ] {
        let error = of(name, text, asked).unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
    }
    let (_, refused) = of("brent-weekly.csv", &fridays(), Some(Frequency::Daily)).unwrap();
    assert!(refused.contains("is weekly by the file, and --frequency says daily"), "{refused}");
    let (_, refused) = of("brent-monthly.csv", &fridays(), None).unwrap();
    assert!(refused.contains("is a period that brent has already"), "{refused}");
}

#[test]
fn our_own_layout_says_how_often_by_its_periods_or_by_a_column() {
    let of = |rows: &str| {
        import(&[("x.csv", format!("{OWN}{rows}"))])
            .map(|(series, _)| series.iter().map(shown).collect::<Vec<_>>().join("; "))
    };
    let row = |period: &str| format!("ttf,{period},30,EUR/MWh,TTF,exchange\n");
    assert_eq!(of(&row("2024-Q2")).unwrap(), "ttf EUR/MWh quarterly: 2024-04-01 30");
    assert_eq!(of(&row("2024")).unwrap(), "ttf EUR/MWh yearly: 2024-01-01 30");
    assert_eq!(
        of(&[row("2024-05-02"), row("2024-05-03")].concat()).unwrap(),
        "ttf EUR/MWh daily: 2024-05-02 30, 2024-05-03 30"
    );
    let weeks = [row("2024-05-03"), row("2024-05-10"), row("2024-05-17")].concat();
    let error = of(&weeks).unwrap_err().to_string();
    assert!(error.contains("ttf: would be daily, and no two of its 3 values are nearer than 7 days"), "{error}");
    let said = |column: &str| {
        let rows: String = weeks.lines().map(|row| format!("{row},{column}\n")).collect();
        import(&[("x.csv", format!("{}{rows}", OWN.replace("source", "source,frequency")))]).unwrap()
    };
    assert_eq!(said("weekly").0[0].0.frequency, Frequency::Weekly);
    assert!(rejects(&said("fortnightly").1)[0].contains("frequency: is none; expected daily, weekly"));
}

#[test]
fn pages_of_the_eia_say_what_they_are() {
    let page = "Europe Brent Spot Price FOB\nhttps://www.eia.gov/dnav/pet/hist/RBRTED.htm\n09:10:11 GMT\n\
                Data Source: Thomson Reuters\nDay,Europe Brent Spot Price FOB Dollars per Barrel\n\
                03/4/2024,83.5\n03/1/2024,84.25\n02/29/2024,\n02/30/2024,1\n";
    let (series, report) = import(&[("download (3).csv", page.into())]).unwrap();
    assert_eq!(series.iter().map(shown).collect::<Vec<_>>(), ["brent $/bbl daily: 2024-03-01 84.25, 2024-03-04 83.5"]);
    assert_eq!((report.rows_read, report.skipped.get(rows::VALUES_ABSENT)), (4, Some(&1)));
    assert_eq!(
        rejects(&report),
        ["9 first column: is not a valid period; expected 01/31/2022 (month first), Jan-2022 or 2022"]
    );
    let several = "Spot prices\nwww.eia.gov\nMonth,WTI Spot Price (Dollars per Barrel),Europe Brent Spot Price FOB (Dollars per Barrel)\n\
                   Jan-2024,74.15,80.12\nFeb-2024,77.25,\n";
    let (series, _) = import(&[("PET.csv", several.into())]).unwrap();
    assert_eq!(
        series.iter().map(shown).collect::<Vec<_>>(),
        ["brent $/bbl monthly: 2024-01-01 80.12", "wti $/bbl monthly: 2024-01-01 74.15, 2024-02-01 77.25"]
    );
    let open = page.replace("Day,Europe", "Date,Europe");
    let error = import(&[("x.csv", open.clone())]).unwrap_err().to_string();
    assert!(error.contains("line 5: the first column is named Date"), "{error}");
    assert_eq!(import_as(&[("x.csv", open)], Some(Frequency::Daily)).unwrap().0.len(), 1);
}

#[test]
fn answers_of_the_eia_api_are_read() {
    let row = |period: &str, value: &str| {
        format!(
            r#"{{"period":"{period}","duoarea":"RGC","product":"EPG0","process":"PS0","series":"RNGWHHD",
            "series-description":"Henry Hub Natural Gas Spot Price (Dollars per Million Btu)","value":{value},"units":"$/MMBTU"}}"#
        )
    };
    let answer = |frequency: &str, rows: &[String], more: &str| {
        format!(
            r#"{{"response":{{"total":"2","dateFormat":"YYYY-MM-DD","frequency":"{frequency}",{more}"data":[{}]}},
            "request":{{"command":"/v2/natural-gas/pri/fut/data/"}},"apiVersion":"2.1.12"}}"#,
            rows.join(",")
        )
    };
    let rows = [row("2024-05-02", "\"2.13\""), row("2024-05-03", "2.10"), row("2024-05-06", "null")];
    let (series, report) = import(&[("eia.json", answer("daily", &rows, ""))]).unwrap();
    assert_eq!(
        series.iter().map(shown).collect::<Vec<_>>(),
        ["henry-hub $/mmbtu daily: 2024-05-02 2.13, 2024-05-03 2.10"]
    );
    assert_eq!((report.rows_read, report.skipped.get(rows::VALUES_ABSENT)), (3, Some(&1)));
    assert_eq!(series[0].0.source, "U.S. Energy Information Administration, RNGWHHD");
    let annual = answer("annual", &[row("2023", "\"2.53\"")], "");
    assert_eq!(import(&[("a.json", annual)]).unwrap().0[0].0.frequency, Frequency::Yearly);
    let cut = answer("daily", &rows, r#""warnings":[{"warning":"incomplete return"}],"#);
    assert!(import(&[("a.json", cut)]).unwrap_err().to_string().contains("the API warns of this answer"));
    let nameless = answer("daily", &[row("2024-05-02", "1").replace("\"series\"", "\"ser\"")], "");
    assert!(rejects(&import(&[("a.json", nameless)]).unwrap().1)[0].starts_with("1 series: is missing"));
    assert!(
        import(&[("a.json", "{\"error\":1}".into())])
            .unwrap_err()
            .to_string()
            .contains("not an answer of the EIA's API v2")
    );
}

#[test]
fn graphs_of_fred_are_read() {
    let text = "observation_date,DCOILBRENTEU,DHHNGSP\n2024-05-02,83.1,1.9\n2024-05-03,.,2.01\n2024-05-06,82.5,\n";
    let (series, report) = import(&[("fredgraph.csv", text.into())]).unwrap();
    assert_eq!(
        series.iter().map(shown).collect::<Vec<_>>(),
        [
            "fred-dcoilbrenteu $/bbl daily: 2024-05-02 83.1, 2024-05-06 82.5",
            "fred-dhhngsp $/mmbtu daily: 2024-05-02 1.9, 2024-05-03 2.01"
        ]
    );
    assert_eq!((report.rows_read, report.skipped.get(rows::VALUES_ABSENT)), (3, Some(&2)));
    let monthly = "DATE,PNGASEUUSDM\n2023-12-01,11.5\n2024-01-01,9.6\n".to_owned();
    assert_eq!(
        import(&[("a.csv", monthly)]).unwrap().0.iter().map(shown).collect::<Vec<_>>(),
        ["fred-pngaseuusdm $/mmbtu monthly: 2023-12-01 11.5, 2024-01-01 9.6"]
    );
    let unknown = "observation_date,CPIAUCSL\n2024-01-01,309.685\n".to_owned();
    let refused = rejects(&import(&[("a.csv", unknown.clone())]).unwrap().1);
    assert!(refused[0].contains("header: is a series of which the file does not say how often"), "{refused:?}");
    let asked = import_as(&[("a.csv", unknown)], Some(Frequency::Monthly)).unwrap().0;
    assert_eq!(asked[0].0.id, "fred-cpiaucsl");
}

#[test]
fn the_workbook_of_the_world_bank_is_read() {
    use crate::import::xlsx::tests::{Cell, made_up};
    let text = Cell::Text;
    let number = Cell::Number;
    let sheet = |name: &'static str| {
        (
            name,
            vec![
                vec![text("World Bank Commodity Price Data (The Pink Sheet)")],
                vec![text("Updated on March 04, 2025")],
                vec![text(""), text("Crude oil, Brent"), text("Natural gas, Europe **"), text("Natural gas index")],
                vec![text(""), text("($/bbl)"), text("($/mmbtu)"), text("(2010=100)")],
                vec![text(""), text("CRUDE_BRENT"), text("NGAS_EUR"), text("iNATGAS")],
                vec![text("2024M11"), number("74.394999999999996"), text("…"), number("88.1")],
                vec![text("2024M12"), number("73.83"), number("13.9"), text("..")],
            ],
        )
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("CMO-Historical-Data-Monthly.xlsx");
    let write = |name| std::fs::write(&path, made_up(&[sheet(name), ("Description", vec![vec![text("a")]])])).unwrap();
    write("Monthly Prices");
    let mut report = Report::default();
    let series = read(std::slice::from_ref(&path), None, &Progress::silent(), &mut report).unwrap();
    assert_eq!(
        series.iter().map(shown).collect::<Vec<_>>(),
        [
            "pink-crude-oil-brent $/bbl monthly: 2024-11-01 74.395, 2024-12-01 73.83",
            "pink-natural-gas-europe $/mmbtu monthly: 2024-12-01 13.9",
            "pink-natural-gas-index 2010=100 monthly: 2024-11-01 88.1",
        ]
    );
    assert_eq!((report.rows_read, report.rows_rejected, report.files.len()), (2, 0, 1));
    assert_eq!(report.skipped.get(rows::VALUES_ABSENT), Some(&2));
    write("Annual Prices");
    let error = read(std::slice::from_ref(&path), None, &Progress::silent(), &mut report).unwrap_err().to_string();
    assert!(
        error.contains("no sheet of the workbook holds price indexes; its sheets are Annual Prices, Description"),
        "{error}"
    );
}

#[test]
fn inventories_are_refused_by_name() {
    for (text, name) in [
        (
            "\"Type\";\"Status\";\"Name\";\"Gas in storage (TWh)\";\"Full (%)\";\"Withdrawal (GWh/d)\"\n\"EU\";\"E\";\"EU\";\"1\";\"2\";\"3\"\n",
            "is AGSI",
        ),
        ("# Data source\nName;LNG Inventory (1000 m3);Send-out (GWh/d);DTMI (1000 m3)\nEU;1;2;3\n", "is ALSI"),
    ] {
        let error = import(&[("x.csv", text.into())]).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains("no question here"), "{error}");
    }
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
    assert!(read(&[], None, &Progress::silent(), &mut Report::default()).is_err());
}

#[test]
fn each_bad_row_is_named() {
    const GOOD: &str = "jcc,2024-01,86.4,$/bbl,JCC,customs";
    for (row, expected) in [
        ("jcc,2024-02,86.4x,$/bbl,JCC,customs", "3 value: `86.4x` is not a valid decimal; expected 12, 12.5 or -0.25"),
        ("jcc,2024-02,1e3,$/bbl,JCC,customs", "3 value: `1e3` is not a valid decimal; expected 12, 12.5 or -0.25"),
        (
            "jcc,2024-13,86.4,$/bbl,JCC,customs",
            "3 period: is not a valid day, month, quarter or year; expected 2022-02-25, 2022-02, 2022-Q1 or 2022",
        ),
        (
            "jcc,2024-02-30,86.4,$/bbl,JCC,customs",
            "3 period: is not a valid day, month, quarter or year; expected 2022-02-25, 2022-02, 2022-Q1 or 2022",
        ),
        (
            "jcc,0024-02,86.4,$/bbl,JCC,customs",
            "3 period: is not a valid day, month, quarter or year; expected 2022-02-25, 2022-02, 2022-Q1 or 2022",
        ),
        (
            "jcc,2024-01,99,$/bbl,JCC,customs",
            "3 period: is a period that jcc has already, with the value 86.4; one value is right",
        ),
        ("jcc,2024-02-01,99,$/bbl,JCC,customs", "3 period: is daily, and jcc is monthly; expected an index of its own"),
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
        ("j c,2024-02,99,$/bbl,JCC,customs", "3 index: is not a valid identifier; expected letters, digits and `-`"),
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
    let (series, report) = import(&[
        ("brent-monthly-1.csv", monthly.into()),
        ("brent-monthly-2.csv", "Date,Price\n2020-02-15,2\n".into()),
    ])
    .unwrap();
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
