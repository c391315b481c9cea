//! Made-up lists in OFAC's layout, and releases of them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{Fixture, Served, clock, day, published};
use entrepot::import::{Error, Report};
use entrepot::proto::entrepot::sanctions::v1 as pb;

/// One entry of sdn.csv.
#[derive(Clone)]
pub struct Entry {
    pub number: u32,
    pub name: &'static str,
    pub kind: &'static str,
    pub programme: &'static str,
    pub remarks: String,
}

pub fn entry(number: u32, name: &'static str, programme: &'static str, remarks: &str) -> Entry {
    Entry { number, name, kind: "-0- ", programme, remarks: remarks.into() }
}

pub fn sdn(entries: &[Entry]) -> String {
    let mut text = String::new();
    for Entry { number, name, kind, programme, remarks } in entries {
        let remarks = if remarks.is_empty() { "-0- ".to_owned() } else { format!("\"{remarks}\"") };
        let kind = if *kind == "-0- " { (*kind).to_owned() } else { format!("\"{kind}\"") };
        let _ =
            write!(text, "{number},\"{name}\",{kind},\"{programme}\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,{remarks}\r\n");
    }
    text.push('\u{1a}');
    text
}

/// Enough others that one more or less is not a sign of a vanished list.
pub fn crowd() -> Vec<Entry> {
    (1000..1040).map(|number| entry(number, "COMPANY IN A CROWD", "SDGT", "")).collect()
}

pub fn list(entries: &[Entry]) -> String {
    sdn(&[crowd().as_slice(), entries].concat())
}

pub async fn import(fixture: &Fixture, text: &str, on: &str) -> Result<Report, Error> {
    import_with(fixture, text, on, &[]).await
}

pub async fn import_with(fixture: &Fixture, text: &str, on: &str, allow_shrink: &[&str]) -> Result<Report, Error> {
    let path = fixture.write("sdn.csv", text);
    let mut options = published(vec![path], on);
    options.allow_shrink = allow_shrink.iter().map(|list| (*list).to_owned()).collect();
    fixture.import("ofac-sdn", options).await
}

/// Three releases: one comes, one changes, one goes and comes back.
pub async fn three_releases(fixture: &Fixture) {
    let rosneft = |remarks: &str| entry(17001, "OIL COMPANY", "RUSSIA-EO14024", remarks);
    let bank = entry(17002, "BANK, A", "RUSSIA-EO14024] [UKRAINE-EO13662", "SWIFT/BIC ABCDRUMM");
    let ship = entry(17003, "TANKER", "IRAN", "Vessel Registration Identification IMO 9221970");
    let first = import(fixture, &list(&[rosneft(""), bank.clone()]), "2022-01-05").await.unwrap();
    assert_eq!((first.rows_new, first.rows_withdrawn), (42, 0));
    let second =
        import(fixture, &list(&[rosneft("Website www.example.ru"), ship.clone()]), "2022-04-01").await.unwrap();
    assert_eq!((second.rows_new, second.rows_revised, second.rows_withdrawn, second.rows_unchanged), (1, 1, 1, 40));
    let third = import(fixture, &list(&[rosneft("Website www.example.ru"), bank, ship]), "2022-07-06").await.unwrap();
    assert_eq!((third.rows_new, third.rows_revised, third.rows_withdrawn, third.rows_unchanged), (1, 0, 0, 42));
}

pub async fn uids(served: &Served, as_of: Option<&str>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut request =
        pb::ListSubjectsRequest { page_size: 7, clock: clock(as_of.and_then(day), None), ..Default::default() };
    loop {
        let page = served.sanctions().list_subjects(request.clone()).await.unwrap().into_inner();
        for subject in page.subjects {
            assert!(found.insert(subject.uid), "one subject comes once");
        }
        if page.next_page_token.is_empty() {
            return found;
        }
        request.page_token = page.next_page_token;
    }
}
