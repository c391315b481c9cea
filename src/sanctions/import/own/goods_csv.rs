//! Controlled goods, in a layout of our own:
//! `authority,regime,classification,code,tier,destinations,from,until,title,source`.
//!
//! `regime` is a slug (`common-high-priority-list`), `classification` an edition of the Harmonized System (`HS2022`).
//! `code` has 4 or 6 digits, or as a national code 8 to 10, without points. `tier` may be empty. `destinations` are ISO
//! 3166-1 alpha-3 codes divided by `;`, empty for all. `from` and `until` are the first and the last day.

use std::collections::HashMap;
use std::path::PathBuf;

use crate::import::own_table::{self, Row};
use crate::import::{Error, Progress, Refusal, Report};
use crate::sanctions::goods::ControlledGood;

const COLUMNS: [&str; 10] =
    ["authority", "regime", "classification", "code", "tier", "destinations", "from", "until", "title", "source"];

/// Reads the goods in the order of the files.
pub fn read(files: &[PathBuf], progress: &Progress, report: &mut Report) -> Result<Vec<ControlledGood>, Error> {
    // Where each good stands first. Tier, end, title and source may differ and the good is still the same.
    let mut places: HashMap<ControlledGood, String> = HashMap::new();
    own_table::read(files, progress, report, &COLUMNS, |row, _| {
        let good = good(row)?;
        let key = ControlledGood {
            tier: String::new(),
            until: None,
            title: String::new(),
            source: String::new(),
            ..good.clone()
        };
        if let Some(place) = places.get(&key) {
            return Err(Refusal::new(
                "code",
                &good.code,
                format!("is a row that stands there twice, first at {place}"),
            ));
        }
        places.insert(key, format!("{}, line {}", row.file, row.line));
        Ok(good)
    })
}

fn good(row: &Row<'_>) -> Result<ControlledGood, Refusal> {
    let authority = row.required("authority")?;
    let regime = regime(row)?;
    let edition = edition(row)?;
    let code = code(row)?;
    let destinations = destinations(row)?;
    let (from, until) = row.period()?;
    let title = row.required("title")?;
    let source = row.required("source")?;
    let tier = row.text("tier").to_owned();
    Ok(ControlledGood { authority, regime, edition, code, tier, destinations, from, until, title, source })
}

fn regime(row: &Row<'_>) -> Result<String, Refusal> {
    let text = row.required("regime")?;
    let is_known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !text.bytes().all(is_known) || text.starts_with('-') || text.ends_with('-') {
        let reason =
            "is not a valid slug of small letters, digits and `-`; expected one such as common-high-priority-list";
        return Err(Refusal::new("regime", &text, reason));
    }
    Ok(text)
}

fn edition(row: &Row<'_>) -> Result<String, Refusal> {
    let text = row.required("classification")?;
    let is_year = |year: &str| year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    if !text.strip_prefix("HS").is_some_and(is_year) {
        return Err(Refusal::new("classification", &text, "is not a valid edition; expected one such as HS2022"));
    }
    Ok(text)
}

fn code(row: &Row<'_>) -> Result<String, Refusal> {
    let text = row.required("code")?;
    let is_code = matches!(text.len(), 4 | 6 | 8..=10) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_code {
        return Err(Refusal::new(
            "code",
            &text,
            "is not a valid code of 4, 6 or 8 to 10 digits; expected one such as 854231",
        ));
    }
    Ok(text)
}

fn destinations(row: &Row<'_>) -> Result<Vec<String>, Refusal> {
    let text = row.text("destinations");
    let mut destinations: Vec<String> = Vec::new();
    if text.is_empty() {
        return Ok(destinations);
    }
    for destination in text.split(';').map(str::trim) {
        if destination.len() != 3 || !destination.bytes().all(|byte| byte.is_ascii_uppercase()) {
            let reason =
                format!("has `{destination}`, which is not a code of ISO alpha-3; expected codes such as RUS;BLR");
            return Err(Refusal::new("destinations", text, reason));
        }
        destinations.push(destination.to_owned());
    }
    destinations.sort_unstable();
    destinations.dedup();
    Ok(destinations)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use jiff::civil::date;

    use super::*;
    use crate::import::own_table::tests::read_text;
    use crate::sanctions::goods::{Certainty, Code, assess};

    const HEADER: &str = "authority,regime,classification,code,tier,destinations,from,until,title,source\n";

    #[test]
    fn every_field_is_read() {
        let text = format!(
            "{HEADER}BIS,some-list,HS2022,854231,3.A,RUS; BLR;RUS,2024-02-23,2025-12-31,\"circuits, processors\",\
             made up\n\
             EU,annex-23,HS2022,84862010,,,,,machines,made up\n"
        );
        let (goods, report, rejects) = read_text(&text, read).unwrap();
        assert_eq!((rejects.len(), report.rows_read, goods.len()), (0, 2, 2));
        assert_eq!(
            goods[0],
            ControlledGood {
                authority: "BIS".into(),
                regime: "some-list".into(),
                edition: "HS2022".into(),
                code: "854231".into(),
                tier: "3.A".into(),
                destinations: vec!["BLR".into(), "RUS".into()],
                from: Some(date(2024, 2, 23)),
                until: Some(date(2025, 12, 31)),
                title: "circuits, processors".into(),
                source: "made up".into(),
            }
        );
        assert!(goods[1].is_national() && goods[1].destinations.is_empty() && goods[1].from.is_none());
    }

    #[test]
    fn bad_rows_are_rejected_each_with_its_reason() {
        let rows = [
            (",some-list,HS2022,854231,1,RUS,,,t,s", "authority"),
            ("BIS,Some List,HS2022,854231,1,RUS,,,t,s", "regime"),
            ("BIS,,HS2022,854231,1,RUS,,,t,s", "regime"),
            ("BIS,some-list,H6,854231,1,RUS,,,t,s", "classification"),
            ("BIS,some-list,HS22,854231,1,RUS,,,t,s", "classification"),
            ("BIS,some-list,HS2022,8542.31,1,RUS,,,t,s", "code"),
            ("BIS,some-list,HS2022,85423,1,RUS,,,t,s", "code"),
            ("BIS,some-list,HS2022,8542310,1,RUS,,,t,s", "code"),
            ("BIS,some-list,HS2022,85423100000,1,RUS,,,t,s", "code"),
            ("BIS,some-list,HS2022,,1,RUS,,,t,s", "code"),
            ("BIS,some-list,HS2022,854231,1,Russia,,,t,s", "destinations"),
            ("BIS,some-list,HS2022,854231,1,RUS;,,,t,s", "destinations"),
            ("BIS,some-list,HS2022,854231,1,RUS,2024-13-01,,t,s", "from"),
            ("BIS,some-list,HS2022,854231,1,RUS,2024-02-23,2024-02-22,t,s", "until"),
            ("BIS,some-list,HS2022,854231,1,RUS,,,,s", "title"),
            ("BIS,some-list,HS2022,854231,1,RUS,,,t,", "source"),
            ("BIS,some-list,HS2022,854231,1,RUS,,,first,s", ""),
            ("BIS,some-list,HS2022,854231,2,RUS,,,second,other", "code"),
        ];
        let text: String = rows.iter().map(|(row, _)| format!("{row}\n")).collect();
        let (goods, _, rejects) = read_text(&format!("{HEADER}{text}"), read).unwrap();
        let expected: Vec<String> = (2..)
            .zip(rows)
            .filter(|(_, (_, field))| !field.is_empty())
            .map(|(line, (_, field))| format!("{line} {field}"))
            .collect();
        assert_eq!((goods.len(), rejects), (1, expected));
        assert!(read_text("regime,code\nx,1\n", read).is_err());
    }

    #[test]
    fn the_bundled_list_has_fifty_codes() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sanctions/data/common_high_priority.csv");
        let mut report = Report::default();
        let goods = read(&[path], &Progress::silent(), &mut report).unwrap();
        assert_eq!((goods.len(), report.rejects.len(), report.rows_read), (50, 0, 50));
        let mut tiers: BTreeMap<&str, u32> = BTreeMap::new();
        for good in &goods {
            *tiers.entry(&good.tier).or_default() += 1;
            assert_eq!((good.code.len(), good.edition.as_str(), good.from), (6, "HS2022", Some(date(2024, 2, 23))));
        }
        let expected = [("1", 4), ("2", 5), ("3.A", 16), ("3.B", 9), ("4.A", 11), ("4.B", 5)];
        assert_eq!(tiers.into_iter().collect::<Vec<_>>(), expected);
        let asked = Code { edition: "HS2022".into(), digits: "854231".into() };
        let findings = assess(&goods, &asked, &|_| None, Some("RUS"), date(2025, 1, 15));
        assert_eq!((findings.len(), findings[0].certainty), (1, Certainty::Certain));
    }
}
