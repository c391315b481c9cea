//! Each bad file ends in one clear error or a counted reject with its line, and leaves the store as it was.

use std::io::Write as _;

use crate::support::comtrade::{HEADER, Record, comtrade_csv, record};
use crate::support::{Fixture, published};
use entrepot::import::{Error, Report};

async fn import(
    fixture: &Fixture,
    format: &'static str,
    name: &str,
    content: impl AsRef<[u8]>,
) -> Result<Report, Error> {
    let path = fixture.write(name, content);
    fixture.import(format, published(vec![path], "2024-02-01")).await
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// Everything in the store that an import could touch.
async fn contents(fixture: &Fixture) -> Vec<Vec<Option<i64>>> {
    let deadline = entrepot::store::Deadline::after(std::time::Duration::from_secs(10));
    let mut found = Vec::new();
    for sql in [
        "SELECT reporter, partner, commodity, period, value, release FROM flows ORDER BY 1, 2, 3, 4, 5, 6",
        "SELECT reporter, partner, commodity, period, value, until_release FROM flow_history ORDER BY 1, 2, 3, 4, 5, 6",
        "SELECT reporter, partner, cut, period, value, rows FROM flow_pairs ORDER BY 1, 2, 3, 4, 5, 6",
        "SELECT flow, detail, commodity, period, value, rows FROM flow_world ORDER BY 1, 2, 3, 4, 5, 6",
        "SELECT reporter, flow, period, level, since_release, rows FROM flow_strata ORDER BY 1, 2, 3, 4, 5, 6",
        "SELECT id, dataset, rows_read, rows_new, rows_revised, rows_withdrawn FROM releases ORDER BY 1",
    ] {
        let rows = fixture.store.integers(sql, 6, &deadline).await.unwrap();
        found.extend(rows.iter().map(|row| row.iter().map(|cell| cell.get()).collect()));
    }
    found
}

on_each_backend!(bad_files_leave_the_store_as_it_was);
async fn bad_files_leave_the_store_as_it_was(fixture: Fixture) {
    let good = comtrade_csv(&[record("1.5"), Record { partner: 398, ..record("2") }]);
    let long: Vec<Record> = (0..3000).map(|index| Record { partner: 643, ..record(index) }).collect();
    let long = comtrade_csv(&long);
    let cut = |mut bytes: Vec<u8>| {
        bytes.truncate(bytes.len() * 2 / 3);
        bytes
    };
    let with = |change: &dyn Fn(&mut Record)| {
        let mut changed = record("7");
        change(&mut changed);
        comtrade_csv(&[record("1"), changed]).into_bytes()
    };
    let latin1 = {
        let mut bytes = good.clone().into_bytes();
        let place = bytes.windows(3).position(|window| window == b"Gas").unwrap();
        bytes[place] = 0xe9;
        bytes
    };
    let no_value_column = HEADER.replace("primaryValue", "somethingElse");
    let cases: Vec<(&str, &str, Vec<u8>, &[&str])> = vec![
        ("comtrade", "cut.csv.gz", cut(gzip(&long)), &["cut.csv.gz", "breaks off"]),
        ("comtrade", "semicolon.csv", good.replace(',', ";").into_bytes(), &["divided by `;`"]),
        ("comtrade", "latin1.csv", latin1, &["line 2", "UTF-8"]),
        (
            "comtrade",
            "column.csv",
            good.replace(HEADER, &no_value_column).into_bytes(),
            &["lacks the column primaryValue"],
        ),
        ("comtrade", "negative.csv", with(&|r| r.value = "-5".into()), &["line 3", "primaryValue", "`-5`", "negative"]),
        (
            "comtrade",
            "precise.csv",
            with(&|r| r.value = "1.123456789012".into()),
            &["line 3", "primaryValue", "more decimals"],
        ),
        ("comtrade", "country.csv", with(&|r| r.partner = 999), &["line 3", "partnerCode", "`999`"]),
        (
            "comtrade",
            "commodity.csv",
            with(&|r| r.commodity = "019999"),
            &["line 3", "commodity", "`019999`", "not a code of HS2017"],
        ),
        ("comtrade", "period.csv", with(&|r| r.period = "201313"), &["line 3", "period", "`201313`"]),
        ("comtrade", "flow.csv", with(&|r| r.flow = "Y"), &["line 3", "flowCode", "`Y`"]),
        ("comtrade", "text.csv", with(&|r| r.value = "about 5".into()), &["line 3", "primaryValue", "not a number"]),
        (
            "comtrade",
            "twice.csv",
            comtrade_csv(&[record("1"), record("2")]).into_bytes(),
            &["line 3", "stands already at line 2"],
        ),
        ("comtrade", "page.csv", b"<!DOCTYPE html><html><body>503</body></html>".to_vec(), &["HTML"]),
        ("comtrade", "empty.csv", Vec::new(), &["empty (0 bytes)"]),
        ("comtrade", "blank.csv", b"\n\n  \n".to_vec(), &["white space"]),
        ("comtrade", "header.csv", format!("{HEADER}\n").into_bytes(), &["no rows"]),
        (
            "comtrade",
            "other.csv",
            b"t,i,j,k,v,q\n2021,4,24,382390,1,2\n".to_vec(),
            &["lacks the columns", "found t, i, j, k, v, q"],
        ),
        ("comtrade", "short.csv", format!("{good}C,A,0,2021\n").into_bytes(), &["line 4", "4 fields", "47"]),
        ("comtrade", "cut.json", b"{\"data\":[{\"period\":\"2021\"".to_vec(), &["cut.json", "breaks off"]),
        ("comtrade", "nodata.json", b"{\"error\":\"quota\"}".to_vec(), &["without a list `data`"]),
        ("baci", "BACI_HS17_Y2021.csv", good.clone().into_bytes(), &["lacks the columns t, i, j, k, v, q"]),
        (
            "baci",
            "BACI_HS17_Y2021.csv",
            b"t,i,j,k,v,q\n2021,156,643,271121,1.1234567,1\n".to_vec(),
            &["line 2", "v `1.1234567`"],
        ),
        ("baci", "something.csv", b"t,i,j,k,v,q\n2021,156,643,271121,1,1\n".to_vec(), &["HS edition"]),
        ("imts", "imts.csv", good.clone().into_bytes(), &["lacks the columns COUNTRY.ID"]),
        ("comtrade", "sheet.csv", b"PK\x03\x04rest".to_vec(), &["spreadsheet"]),
    ];
    fixture.load_lists().await;
    fixture.comtrade(&good, "2024-01-01").await.unwrap();
    let before = contents(&fixture).await;
    let mut texts = String::new();
    for (format, name, content, expected) in &cases {
        let error = match import(&fixture, format, name, content).await {
            Err(error) => error.to_string(),
            Ok(report) => panic!("{name} was imported: {report}"),
        };
        for part in *expected {
            assert!(error.contains(part), "{name}: `{part}` is not in: {error}");
        }
        assert!(error.contains(name) || error.contains("no rows"), "{name} is not named in: {error}");
        assert_eq!(contents(&fixture).await, before, "{name}");
        texts += &format!("{name}\n  {}\n", fixture.without_folder(&error));
    }
    insta::assert_snapshot!("refusals", texts);
    // And the next import works without a repair.
    fixture.comtrade(&comtrade_csv(&[record("3")]), "2024-03-01").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn order_of_columns_and_marks_of_order_do_not_matter() {
    let fixture = Fixture::sqlite().await;
    fixture.load_lists().await;
    let csv = comtrade_csv(&[record("1.5"), Record { partner: 398, ..record("2") }]);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let mut turned = csv::Writer::from_writer(Vec::new());
    turned.write_record(reader.headers().unwrap().iter().rev()).unwrap();
    for row in reader.records() {
        turned.write_record(row.unwrap().iter().rev()).unwrap();
    }
    let turned = turned.into_inner().unwrap();
    let with_mark = [&b"\xef\xbb\xbf"[..], &turned].concat();
    let windows = String::from_utf8(with_mark).unwrap().replace('\n', "\r\n");
    let report = import(&fixture, "comtrade", "turned.csv", windows).await.unwrap();
    assert_eq!((report.rows_new, report.rows_rejected), (2, 0));
    let packed = import(&fixture, "comtrade", "packed.csv.gz", gzip(&csv)).await.unwrap();
    assert_eq!((packed.rows_unchanged, packed.rows_new), (2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn tolerated_rejects_are_counted_with_their_lines() {
    let fixture = Fixture::sqlite().await;
    fixture.load_lists().await;
    let csv =
        comtrade_csv(&[record("1"), Record { partner: 999, ..record("2") }, Record { partner: 51, ..record("-2") }]);
    let path = fixture.write("some.csv", &csv);
    let mut options = published(vec![path], "2024-01-01");
    options.max_rejects = 2;
    let report = fixture.import("comtrade", options).await.unwrap();
    assert_eq!((report.rows_read, report.rows_new, report.rows_rejected), (3, 1, 2));
    let lines: Vec<u64> = report.rejects.iter().map(|reject| reject.line).collect();
    assert_eq!(lines, [3, 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn json_and_both_legacy_layouts_give_the_same_facts_as_csv() {
    let fixture = Fixture::sqlite().await;
    fixture.load_lists().await;
    let json = r#"{"elapsedTime":"1","count":1,"data":[{"typeCode":"C","freqCode":"A","period":"2021","reporterCode":156,
        "flowCode":"X","partnerCode":643,"partner2Code":0,"classificationCode":"H5","isOriginalClassification":true,
        "cmdCode":"271121","customsCode":"C00","mosCode":"0","motCode":0,"qtyUnitCode":8,"qty":10.5,"isQtyEstimated":false,
        "altQtyUnitCode":-1,"altQty":0,"isAltQtyEstimated":false,"netWgt":10.5,"isNetWgtEstimated":false,"grossWgt":0,
        "isGrossWgtEstimated":false,"cifvalue":null,"fobvalue":2.5E0,"primaryValue":2.500,"legacyEstimationFlag":0,
        "isReported":true,"isAggregate":false}],"error":""}"#;
    import(&fixture, "comtrade", "one.csv", comtrade_csv(&[record("2.5")])).await.unwrap();
    let report = import(&fixture, "comtrade", "one.json", json).await.unwrap();
    assert_eq!((report.rows_unchanged, report.rows_read), (1, 1), "{report}");
    let narrow = "Year,Reporter Code,Trade Flow Code,Partner Code,Classification,Commodity Code,Quantity Unit Code,\
        Supplementary Quantity,Netweight (kg),Value,Estimation Code\r\n2021,156,2,643,\"H5\",\"271121\",8,10.5,10.5,2.5,6\r\n";
    let report = import(&fixture, "comtrade", "narrow.csv", narrow).await.unwrap();
    // The same amounts with other marks: the older layout says what is estimated and not what was reported.
    assert_eq!((report.rows_revised, report.rows_rejected), (1, 0), "{report}");
}

/// `names` entries of sdn.csv, and with each an alias and an address in files of their own.
fn sanction_set(names: usize) -> [String; 3] {
    let rows = |row: &dyn Fn(usize) -> String| (1..=names).map(row).collect::<String>();
    let absent = "-0- ,".repeat(7);
    [
        rows(&|n| format!("{n},\"COMPANY {n}\",-0- ,\"SDGT\",{absent}-0- \r\n")),
        rows(&|n| format!("{n},{n},\"aka\",\"ALSO {n}\",-0- \r\n")),
        rows(&|n| format!("{n},{n},\"Street {n}\",\"Havana\",\"Cuba\",-0- \r\n")),
    ]
}

on_each_backend!(a_set_that_lacks_a_part_is_refused_and_one_of_another_day_is_not);
/// A set that lacks a file, or has one that is cut or of another list, would take names away from everybody.
async fn a_set_that_lacks_a_part_is_refused_and_one_of_another_day_is_not(fixture: Fixture) {
    let [sdn, alt, add] = sanction_set(40);
    let half = |text: &str| text.split_inclusive('\n').take(20).collect::<String>();
    let other_list: String = alt.split_inclusive('\n').map(|line| format!("9{line}")).collect();
    let import = async |files: &[(&str, &str)], on: &str, allowed: &[&str]| {
        let files = files.iter().map(|(name, text)| fixture.write(name, text)).collect();
        let mut options = published(files, on);
        options.allow_shrink = allowed.iter().map(|list| (*list).to_owned()).collect();
        fixture.import("ofac-sdn", options).await
    };
    let whole = [("sdn.csv", &*sdn), ("alt.csv", &*alt), ("add.csv", &*add)];
    assert_eq!(import(&whole, "2024-01-01", &[]).await.unwrap().rows_new, 40);
    let (half_alt, half_add) = (half(&alt), half(&add));
    for (files, expected) in [
        (&[("sdn.csv", &*sdn)][..], "take 40 of 40 aliases"),
        (&[("sdn.csv", &*sdn), ("alt.csv", &*alt)], "take 40 of 40 addresses"),
        (&[("sdn.csv", &*sdn), ("alt.csv", &*half_alt), ("add.csv", &*add)], "take 20 of 40 aliases"),
        (&[("sdn.csv", &*sdn), ("alt.csv", &*alt), ("add.csv", &*half_add)], "take 20 of 40 addresses"),
        (&[("sdn.csv", &*sdn), ("alt.csv", &*other_list), ("add.csv", &*add)], "40 of 40 rows for entries that"),
    ] {
        let error = import(files, "2024-02-01", &[]).await.unwrap_err().to_string();
        assert!(error.contains(expected), "`{expected}` is not in: {error}");
    }
    // Of another day: three entries have gone meanwhile, and their aliases and addresses are counted.
    let fewer = sdn.split_inclusive('\n').take(37).collect::<String>();
    let report = import(&[("sdn.csv", &fewer), whole[1], whole[2]], "2024-02-01", &[]).await.unwrap();
    assert_eq!((report.rows_withdrawn, report.skipped.values().sum::<u64>()), (3, 6));
    let report = import(&[("sdn.csv", &fewer)], "2024-03-01", &["us-ofac-sdn"]).await.unwrap();
    assert_eq!(report.rows_revised, 37, "forced by name");
}

on_each_backend!(a_nul_is_refused_with_its_file_and_line);
async fn a_nul_is_refused_with_its_file_and_line(fixture: Fixture) {
    let [sdn, alt, _] = sanction_set(2);
    let cases: [(&str, &str, String, &str); 4] = [
        ("ofac-sdn", "sdn.csv", sdn.replace("ANY 2", "A\0Y 2"), "line 2"),
        ("ofac-sdn", "alt.csv", alt.replace("ALSO 2", "\0LSO"), "line 2"),
        (
            "ftm",
            "entities.json",
            "\n{\"id\":\"Q1\",\"schema\":\"Person\",\"properties\":{\"name\":[\"A\\u0000B\"]}}\n".into(),
            "line 2",
        ),
        (
            "holdings",
            "holdings.csv",
            "owner_id,owner_name,owned_id,owned_name,kind,share_percent,from,until,source\n\
             entities/a,A,entities/b,B,owns,50,,,register\nentities/c,C\0,entities/b,B,owns,50,,,register\n"
                .into(),
            "line 3",
        ),
    ];
    for (format, name, text, line) in &cases {
        let mut files = vec![fixture.write(name, text)];
        if *name == "alt.csv" {
            files.push(fixture.write("sdn.csv", &sdn));
        }
        let mut options = published(files, "2024-01-01");
        options.dataset = Some("made-up".into());
        let error = fixture.import(format, options).await.unwrap_err();
        assert!(matches!(error, Error::Line { .. }), "{error}");
        let error = error.to_string();
        assert!(error.contains(name) && error.contains(line) && error.contains("NUL"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_names_no_list_or_holds_no_row_is_refused() {
    let fixture = Fixture::sqlite().await;
    let entity = "{\"id\":\"Q1\",\"schema\":\"Person\",\"properties\":{\"name\":[\"A\"]}}\n";
    let files = vec![fixture.write("entities.json", entity)];
    let error = fixture.import("ftm", published(files, "2024-01-01")).await.unwrap_err();
    assert!(error.to_string().contains("--dataset"), "{error}");
    let header = "owner_id,owner_name,owned_id,owned_name,kind,share_percent,from,until,source\n";
    let files = vec![fixture.write("holdings.csv", header)];
    let error = fixture.import("holdings", published(files, "2024-01-01")).await.unwrap_err();
    assert!(error.to_string().contains("hold no row"), "{error}");
}
