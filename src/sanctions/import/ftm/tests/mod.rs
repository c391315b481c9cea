mod faults;

use std::io::Write as _;

use serde_json::{Value as Json, json};

use super::*;
use crate::import::Report;
use crate::sanctions::subject::model::{
    Check, DateKind, IdentifierKind, MeasureKind, NameKind, PlaceKind, Relation, Strength, Subject, SubjectKind,
};
use crate::value::Span;

fn attempt(bytes: &[u8]) -> (Result<(), Error>, Vec<Subject>, Report) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let mut report = Report::default();
    let mut listing = Listing::new(&mut report);
    let result = read(&[file.path().to_owned()], &Progress::silent(), &mut listing);
    let subjects = listing.subjects;
    (result, subjects, report)
}

fn import(lines: &[Json]) -> (Vec<Subject>, Report) {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let (result, subjects, report) = attempt(text.as_bytes());
    result.unwrap();
    (subjects, report)
}

fn entity(id: &str, schema: &str, properties: Json) -> Json {
    json!({ "id": id, "schema": schema, "properties": properties })
}

fn company() -> Json {
    json!({
        "id": "NK-acme", "caption": "Acme Shipping", "schema": "Company", "target": true,
        "datasets": ["us_ofac_sdn", "eu_fsf"], "referents": ["ofac-36", "eu-fsf-1"],
        "first_seen": "2020-01-01", "last_seen": "2026-01-01", "last_change": "2025-01-01",
        "properties": {
            "name": ["Акме Шиппинг", "Acme Shipping"],
            "alias": ["Acme Lines"], "weakAlias": ["AS"], "previousName": ["Old Acme"],
            "incorporationDate": ["1999-03"], "modifiedAt": ["2024-05-06T07:08:09"],
            "imoNumber": ["2041999"], "leiCode": ["HWUPKR0MPOU8FGXBT394"], "swiftBic": ["DEUTDEFF"],
            "innCode": ["7707083893"], "ogrnCode": ["1027700132195"], "registrationNumber": ["R-1"],
            "taxNumber": ["T-1"], "uscCode": ["914403001922038216"], "isin": ["US0378331005"],
            "phone": ["+7 1"], "email": ["a@example.com"], "website": ["https://example.com"],
            "jurisdiction": ["ru"], "country": ["ru", "suhh"], "addressEntity": ["addr-1"], "topics": ["sanction"],
            "notes": ["A note."], "sector": ["Shipping"], "retrievedAt": ["2026-01-01"], "program": ["SDGT"]
        }
    })
}

fn around() -> Vec<Json> {
    vec![
        entity(
            "own-1",
            "Ownership",
            json!({
                "owner": ["Q7"], "asset": ["NK-acme"], "percentage": ["49.9 %"], "role": ["shareholder"],
                "startDate": ["2010"]
            }),
        ),
        entity("fam-1", "Family", json!({"person": ["Q7"], "relative": ["Q8"], "relationship": ["mother"]})),
        entity("dir-1", "Directorship", json!({"director": ["Q8"], "organization": ["NK-acme"], "role": ["chair"]})),
        entity(
            "sanc-2",
            "Sanction",
            json!({
                "entity": ["NK-acme"], "authority": ["Council of the EU"], "programId": ["EU-UKR"],
                "provisions": ["Asset freeze and travel ban"], "listingDate": ["2019-02-03"],
                "startDate": ["2019-03-01"], "endDate": ["2030"], "reason": ["Reasons."],
                "sourceUrl": ["https://eu"], "country": ["eu"], "authorityId": ["EU.27.28"], "unscId": ["KPe.001"]
            }),
        ),
        entity(
            "sanc-1",
            "Sanction",
            json!({
                "entity": ["Q7", "NK-acme"], "authority": ["OFAC"], "program": ["SDGT"], "startDate": ["2018-01-02"]
            }),
        ),
        entity(
            "addr-1",
            "Address",
            json!({"full": ["1 Pier, Kiel"], "city": ["Kiel"], "postalCode": ["24143"], "country": ["de"]}),
        ),
        company(),
        entity(
            "pass-1",
            "Passport",
            json!({
                "holder": ["Q7"], "number": ["P1"], "country": ["ru"], "startDate": ["2001-02-03"],
                "endDate": ["2011-02-03"]
            }),
        ),
        entity("idn-1", "Identification", json!({"holder": ["Q7"], "number": ["N1"], "type": ["National ID card"]})),
        entity(
            "wallet-1",
            "CryptoWallet",
            json!({
                "holder": ["Q7"], "publicKey": ["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"], "currency": ["XBT"],
                "topics": ["sanction"]
            }),
        ),
        json!({"id": "Q7", "caption": "Ivan Doe", "schema": "Person", "properties": {
            "name": ["Ivan Doe"], "firstName": ["Ivan"], "lastName": ["Doe"], "birthDate": ["1968", "1968-03-05"],
            "birthPlace": ["Kazan"], "birthCountry": ["ru"], "nationality": ["ru"], "citizenship": ["cy"],
            "passportNumber": ["P0"], "idNumber": ["I0"], "address": ["2 Road, Limassol, Cyprus"], "gender": ["male"]
        }}),
        json!({
            "id": "Q8", "caption": "Maria Doe", "schema": "Person", "target": false,
            "properties": {"name": ["Maria Doe"]}
        }),
        json!({"id": "ship-1", "caption": "SEA STAR", "schema": "Vessel", "target": true, "properties": {
            "name": ["SEA STAR"], "imoNumber": ["IMO9074729"], "mmsi": ["572469210"], "callSign": ["ABCD"],
            "flag": ["pa"],
            "pastFlags": ["lr"], "buildDate": ["1994"], "owner": ["NK-acme"], "type": ["Tanker"]
        }}),
        json!({
            "id": "plane-1", "schema": "Airplane", "target": true,
            "properties": {"registrationNumber": ["EP-ABC"], "serialNumber": ["123"]}
        }),
        entity("pos-1", "Position", json!({"name": ["Minister"]})),
    ]
}

fn find<'a>(subjects: &'a [Subject], uid: &str) -> &'a Subject {
    subjects.iter().find(|subject| subject.uid == uid).unwrap()
}

fn shown<'a>(relations: impl Iterator<Item = &'a Relation>) -> Vec<String> {
    relations.map(|r| format!("{:?} {} {} {:?} {}", r.kind, r.uid, r.name, r.share, r.text)).collect()
}

#[test]
fn a_company_has_all_its_fields() {
    let (subjects, report) = import(&around());
    let uids: Vec<_> = subjects.iter().map(|subject| subject.uid.as_str()).collect();
    assert_eq!(uids, ["NK-acme", "wallet-1", "Q7", "ship-1", "plane-1"]);
    let acme = find(&subjects, "NK-acme");
    assert_eq!(acme.kind, SubjectKind::Organization);
    let names: Vec<_> = acme.names.iter().map(|name| (name.full.as_str(), name.kind, name.strength)).collect();
    assert_eq!(
        names,
        [
            ("Acme Shipping", NameKind::Primary, Strength::Unknown),
            ("Акме Шиппинг", NameKind::Variant, Strength::Unknown),
            ("Acme Lines", NameKind::Alias, Strength::Unknown),
            ("AS", NameKind::Alias, Strength::Weak),
            ("Old Acme", NameKind::Former, Strength::Unknown),
        ]
    );
    assert_eq!(acme.names[1].script, "Cyrl");
    let ids: Vec<_> = acme.identifiers.iter().map(|id| (id.kind, id.value.as_str(), id.label.as_str())).collect();
    assert_eq!(
        ids,
        [
            (IdentifierKind::Email, "a@example.com", ""),
            (IdentifierKind::Imo, "2041999", "company"),
            (IdentifierKind::Inn, "7707083893", ""),
            (IdentifierKind::Security, "US0378331005", "isin"),
            (IdentifierKind::Lei, "HWUPKR0MPOU8FGXBT394", ""),
            (IdentifierKind::Ogrn, "1027700132195", ""),
            (IdentifierKind::Phone, "+7 1", ""),
            (IdentifierKind::Registration, "R-1", ""),
            (IdentifierKind::Bic, "DEUTDEFF", ""),
            (IdentifierKind::Tax, "T-1", "taxNumber"),
            (IdentifierKind::Uscc, "914403001922038216", ""),
            (IdentifierKind::Website, "https://example.com", ""),
            (IdentifierKind::OfacUid, "36", ""),
            (IdentifierKind::UnReference, "KPe.001", ""),
            (IdentifierKind::EuReference, "EU.27.28", "Council of the EU"),
        ]
    );
    assert_ne!(acme.identifiers[2].check, Check::Invalid);
    assert_eq!(acme.dates[0].kind, DateKind::Incorporation);
    assert_eq!(acme.dates[0].date, Span::of_month(1999, 3).unwrap());
    assert_eq!(acme.amended_on, Span::of_day(2024, 5, 6));
    assert_eq!(acme.listed_on, Span::of_day(2018, 1, 2));
    assert_eq!(acme.delisted_on, None);
    let places: Vec<_> = acme.places.iter().map(|place| (place.kind, place.text.as_str())).collect();
    assert_eq!(places[..2], [(PlaceKind::Registration, "ru"), (PlaceKind::Address, "1 Pier, Kiel")]);
    assert_eq!((acme.places[1].city.as_str(), acme.places[1].postal_code.as_str()), ("Kiel", "24143"));
    let programmes: Vec<_> = acme.programmes.iter().map(|programme| programme.code.as_str()).collect();
    assert_eq!(programmes, ["SDGT", "EU-UKR"]);
    let measures: Vec<_> =
        acme.measures.iter().map(|m| (m.kind, m.text.as_str(), m.from, m.until, m.authority.as_str())).collect();
    let (from, until) = (Span::of_day(2019, 3, 1), Span::of_year(2030));
    assert_eq!(
        measures,
        [
            (MeasureKind::AssetFreeze, "", Span::of_day(2018, 1, 2), None, "OFAC"),
            (MeasureKind::AssetFreeze, "Asset freeze and travel ban", from, until, "EU"),
            (MeasureKind::TravelBan, "Asset freeze and travel ban", from, until, "EU"),
        ]
    );
    assert!(acme.measures[0].implied_by.starts_with("SDGT: a tag of OFAC's SDN list"));
    assert_eq!((acme.authority.as_str(), acme.source_list.as_str(), acme.remarks.as_str()), ("", "", "A note."));
    let details: Vec<_> = acme.details.iter().map(|detail| format!("{}={}", detail.label, detail.value)).collect();
    assert_eq!(
        details,
        [
            "country=ru",
            "country=suhh",
            "sector=Shipping",
            "topics=sanction",
            "dataset=eu_fsf",
            "dataset=us_ofac_sdn",
            "referents=eu-fsf-1 ofac-36",
            "authority=OFAC",
            "authority country=eu",
            "authority=Council of the EU",
            "reason=Reasons.",
            "sourceUrl=https://eu"
        ]
    );
    assert_eq!(
        shown(acme.relations.iter()),
        [
            "LedBy  Maria Doe None chair",
            "OwnedBy Q7 Ivan Doe Some(499000) shareholder, from 2010",
            "Owns ship-1 SEA STAR None owner",
        ]
    );
    assert_eq!(report.rows_read, 15);
    assert_eq!(report.skipped["entities of the schema Position"], 1);
    assert_eq!(report.skipped["entities that are not targets and have no sanction"], 1);
}

#[test]
fn people_ships_airplanes_and_wallets_have_theirs() {
    let (subjects, _) = import(&around());
    let ivan = find(&subjects, "Q7");
    assert_eq!((ivan.kind, ivan.authority.as_str()), (SubjectKind::Person, "OFAC"));
    assert_eq!((ivan.names[0].family.as_str(), ivan.names[0].given.as_str()), ("Doe", "Ivan"));
    let births: Vec<_> = ivan.dates.iter().map(|fact| fact.date.to_string()).collect();
    assert_eq!(births, ["1968", "1968-03-05"]);
    let ids: Vec<_> = ivan.identifiers.iter().map(|id| (id.kind, id.value.as_str(), id.label.as_str())).collect();
    assert_eq!(
        ids,
        [
            (IdentifierKind::NationalId, "I0", ""),
            (IdentifierKind::Passport, "P0", ""),
            (IdentifierKind::NationalId, "N1", "National ID card"),
            (IdentifierKind::Passport, "P1", ""),
            (IdentifierKind::CryptoAddress, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "XBT"),
        ]
    );
    assert_eq!(ivan.identifiers[3].issued_on, Span::of_day(2001, 2, 3));
    assert_eq!(ivan.identifiers[3].expires_on, Span::of_day(2011, 2, 3));
    let kinds: Vec<_> = ivan.places.iter().map(|place| place.kind).collect();
    assert_eq!(kinds, [PlaceKind::Address, PlaceKind::Nationality, PlaceKind::Citizenship, PlaceKind::Birth]);
    assert_eq!(
        shown(ivan.relations.iter()),
        [
            "Family  Maria Doe None mother",
            "Owns NK-acme Acme Shipping Some(499000) shareholder, from 2010",
            "Owns wallet-1 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa None holder",
        ]
    );
    let ship = find(&subjects, "ship-1");
    let ids: Vec<_> = ship.identifiers.iter().map(|id| (id.kind, id.value.as_str(), id.label.as_str())).collect();
    assert_eq!(
        ids,
        [
            (IdentifierKind::CallSign, "ABCD", ""),
            (IdentifierKind::Imo, "IMO9074729", ""),
            (IdentifierKind::Mmsi, "572469210", "")
        ]
    );
    assert_eq!(ship.dates[0].kind, DateKind::Built);
    assert_eq!(ship.places[1].kind, PlaceKind::FormerFlag);
    assert_eq!(shown(ship.relations.iter()), ["OwnedBy NK-acme Acme Shipping None owner"]);
    let plane = find(&subjects, "plane-1");
    assert_eq!((plane.kind, plane.name()), (SubjectKind::Aircraft, "EP-ABC"));
    assert!(plane.identifiers.iter().all(|id| id.kind == IdentifierKind::Aircraft));
    let wallet = find(&subjects, "wallet-1");
    assert_eq!((wallet.name(), wallet.identifiers.len()), ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", 1));
}

#[test]
fn the_order_of_lines_and_of_values_says_nothing() {
    let (mut subjects, _) = import(&around());
    let mut turned = around();
    turned.reverse();
    for line in &mut turned {
        for values in line["properties"].as_object_mut().unwrap().values_mut() {
            values.as_array_mut().unwrap().reverse();
        }
    }
    let (mut others, _) = import(&turned);
    subjects.sort_by(|one, other| one.uid.cmp(&other.uid));
    others.sort_by(|one, other| one.uid.cmp(&other.uid));
    assert_eq!(subjects, others);
}

/// What the publisher does: the entities around a target take the place of their identifiers, without the way back.
fn nested(flat: &[Json]) -> Vec<Json> {
    let by_id = |id: &str| flat.iter().find(|line| line["id"] == id).unwrap().clone();
    let within = |id: &str, end: &str, other: &[(&str, &str)]| {
        let mut line = by_id(id);
        line["properties"].as_object_mut().unwrap().remove(end);
        for (property, id) in other {
            line["properties"][property] = json!([by_id(id)]);
        }
        line
    };
    let mut acme = by_id("NK-acme");
    acme["properties"]["addressEntity"] = json!([by_id("addr-1")]);
    acme["properties"]["sanctions"] =
        json!([within("sanc-1", "entity", &[("entity", "Q7")]), within("sanc-2", "entity", &[])]);
    acme["properties"]["ownershipAsset"] = json!([within("own-1", "asset", &[("owner", "Q7")])]);
    acme["properties"]["directorshipOrganization"] = json!([within("dir-1", "organization", &[("director", "Q8")])]);
    let mut ivan = by_id("Q7");
    // Of OpenSanctions: targets carry the mark.
    ivan["properties"]["sanctions"] = json!([within("sanc-1", "entity", &[])]);
    ivan["properties"]["ownershipOwner"] = json!([within("own-1", "owner", &[("asset", "NK-acme")])]);
    ivan["properties"]["familyPerson"] = json!([within("fam-1", "person", &[("relative", "Q8")])]);
    ivan["properties"]["identification"] = json!([within("pass-1", "holder", &[]), within("idn-1", "holder", &[])]);
    ivan["properties"]["cryptoWallets"] = json!([within("wallet-1", "holder", &[])]);
    let mut ship = by_id("ship-1");
    ship["properties"]["owner"] = json!([by_id("NK-acme")]);
    vec![ship, ivan, by_id("wallet-1"), acme, by_id("plane-1")]
}

#[test]
fn the_nested_form_says_the_same() {
    let flat = around();
    let (mut subjects, _) = import(&flat);
    let (mut others, report) = import(&nested(&flat));
    subjects.sort_by(|one, other| one.uid.cmp(&other.uid));
    others.sort_by(|one, other| one.uid.cmp(&other.uid));
    assert_eq!(subjects, others);
    assert_eq!((report.rows_read, report.rows_rejected), (5, 0));
}

#[test]
fn a_subject_without_mark_whose_sanctions_are_over_is_delisted() {
    let person = |topics: Json| entity("Q1", "Person", json!({"name": ["Jo"], "topics": topics}));
    let sanction = |id: &str, end: &str| entity(id, "Sanction", json!({"entity": ["Q1"], "endDate": [end]}));
    let (subjects, _) = import(&[person(json!([])), sanction("s1", "2020-01-02"), sanction("s2", "2021-03-04")]);
    assert_eq!(subjects[0].delisted_on, Span::of_day(2021, 3, 4));
    let (subjects, _) = import(&[person(json!(["sanction.linked"])), sanction("s1", "2020-01-02")]);
    assert_eq!(subjects[0].delisted_on, None);
    let open = entity("s2", "Sanction", json!({"entity": ["Q1"]}));
    let (subjects, _) = import(&[person(json!([])), sanction("s1", "2020-01-02"), open]);
    assert_eq!(subjects[0].delisted_on, None);
}
