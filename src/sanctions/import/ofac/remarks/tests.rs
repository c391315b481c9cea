//! Remarks as they stand in sdn.csv, with other names and numbers.

use super::*;

fn subject(kind: SubjectKind, remarks: &str) -> (Subject, Reckoning) {
    let mut subject = Subject { kind, remarks: remarks.into(), ..Subject::default() };
    let reckoning = read(&mut subject, &mut Report::default());
    (subject, reckoning)
}

#[test]
fn a_person_comes_out_of_the_remark() {
    let (person, reckoning) = subject(
        SubjectKind::Person,
        "DOB 02 May 1965; alt. DOB circa 1966; POB Moscow, Russia; nationality Russia; Gender Male; Passport A7 \
         (Russia) issued 01 Mar 2010 expires 02 Mar 2020; Deputy Chairman; a.k.a. 'BOSS'; Linked To: A COMPANY.",
    );
    assert_eq!(reckoning, Reckoning { understood: 8, free_text: 1 });
    let births: Vec<String> = person.dates.iter().map(|fact| fact.date.to_string()).collect();
    assert_eq!(births, ["1965-05-02", "1966~"]);
    let places: Vec<&str> = person.places.iter().map(|place| place.text.as_str()).collect();
    assert_eq!(places, ["Moscow, Russia", "Russia"]);
    let passport = &person.identifiers[0];
    assert_eq!((passport.kind, passport.value.as_str()), (IdentifierKind::Passport, "A7"));
    assert_eq!(passport.issued_on.unwrap().to_string(), "2010-03-01");
    assert_eq!(passport.expires_on.unwrap().to_string(), "2020-03-02");
    assert_eq!((person.names[0].full.as_str(), person.names[0].strength), ("BOSS", Strength::Weak));
    assert_eq!(person.relations[0].name, "A COMPANY");
}

#[test]
fn ships_and_companies_have_their_numbers() {
    let (ship, _) = subject(
        SubjectKind::Vessel,
        "Vessel Registration Identification IMO 9221970; MMSI 572469210; Former Vessel Flag Malta; Vessel Year of \
         Build 2003.",
    );
    let kinds: Vec<IdentifierKind> = ship.identifiers.iter().map(|identifier| identifier.kind).collect();
    assert_eq!(kinds, [IdentifierKind::Imo, IdentifierKind::Mmsi]);
    assert_eq!(ship.places[0].kind, PlaceKind::FormerFlag);
    let (company, reckoning) = subject(
        SubjectKind::Organization,
        "SWIFT/BIC VTBRRUMM; Tax ID No. 7702070139 (Russia); Unified Social Credit Code (USCC) 9111000071093019X7 \
         (China); Identification Number IMO 5342883; Digital Currency Address - XBT 1abc; Secondary sanctions risk: \
         (some; thing); Executive Order 13662 Directive Determination - Subject to Directive 1; Effective Date \
         (CMIC) 02 Aug 2021; Public Registration Number 467323, Doc. 694710 (Panama).",
    );
    assert_eq!(reckoning, Reckoning { understood: 9, free_text: 0 });
    let values: Vec<&str> = company.identifiers.iter().map(|identifier| identifier.value.as_str()).collect();
    assert_eq!(values, ["VTBRRUMM", "7702070139", "9111000071093019X7", "5342883", "1abc", "467323, Doc. 694710"]);
    assert_eq!(company.identifiers[3].label, "company");
    assert_eq!(company.identifiers[4].label, "XBT");
    let labels: Vec<&str> = company.details.iter().map(|detail| detail.label.as_str()).collect();
    assert_eq!(
        labels,
        ["Secondary sanctions risk", "Executive Order 13662 Directive Determination", "Effective Date (CMIC)"]
    );
}

#[test]
fn numbers_and_names_come_out_of_their_words() {
    let (ship, reckoning) = subject(
        SubjectKind::Vessel,
        "Vessel Registration Identification IMO 9221970 (Russia); alt. Vessel Registration Identification Flag 7, IMO \
         9187629; Identification Number IMO  9187630.",
    );
    assert_eq!(reckoning, Reckoning { understood: 3, free_text: 0 });
    let numbers: Vec<(&str, &str, &str)> =
        ship.identifiers.iter().map(|id| (id.value.as_str(), id.country.as_str(), id.note.as_str())).collect();
    assert_eq!(numbers, [("9221970", "RUS", ""), ("9187629", "", "Flag 7"), ("9187630", "", "")]);
    assert!(ship.identifiers.iter().all(|id| id.kind == IdentifierKind::Imo));

    let text = "Aircraft Construction Number (also called L/N or S/N or F/N) 1234; Aircraft Model A320.";
    let (aircraft, _) = subject(SubjectKind::Aircraft, text);
    assert_eq!((aircraft.identifiers[0].kind, &*aircraft.identifiers[0].value), (IdentifierKind::Aircraft, "1234"));

    let text = "Passport 771 (Jordan) issued 02 Feb 2009 to 01 Feb 2014; POB Khartoum Sudan; POB Kigali; a.k.a. \
                'SALIM, Abu'; nationality None Identified.";
    let (person, reckoning) = subject(SubjectKind::Person, text);
    assert_eq!(reckoning, Reckoning { understood: 4, free_text: 1 });
    let passport = &person.identifiers[0];
    let term = [passport.issued_on, passport.expires_on].map(|day| day.unwrap().to_string());
    assert_eq!((passport.value.as_str(), term), ("771", ["2009-02-02".to_owned(), "2014-02-01".to_owned()]));
    let places: Vec<(&str, &str)> =
        person.places.iter().map(|place| (place.text.as_str(), place.country.as_str())).collect();
    assert_eq!(places, [("Khartoum Sudan", "SDN"), ("Kigali", "")]);
    let alias = &person.names[0];
    assert_eq!((alias.full.as_str(), alias.family.as_str(), alias.given.as_str()), ("Abu SALIM", "SALIM", "Abu"));
}

/// Entries 10375, 11313 and 8116 of the SDN list.
#[test]
fn words_about_a_passport_are_no_number() {
    let (person, reckoning) = subject(
        SubjectKind::Person,
        "Passport H0347417 (Iraq); passport place of issue: Al-Anbar, Iraq; Passport issued in Sarajevo, \
         Bosnia-Herzegovina; National ID No.: 1372584, Kenya; Passport No.: 0310857, Eritrea, Issue Date 21 August \
         2006, Expire Date 20 August 2008).",
    );
    assert_eq!(reckoning, Reckoning { understood: 3, free_text: 2 });
    let found: Vec<(&str, &str)> =
        person.identifiers.iter().map(|id| (id.value.as_str(), id.country.as_str())).collect();
    assert_eq!(found, [("H0347417", "IRQ"), ("1372584", "KEN"), ("0310857", "ERI")]);
    assert!(person.identifiers[2].note.starts_with("Issue Date 21 August 2006"));
}

#[test]
fn a_day_that_does_not_exist_stays_text() {
    let mut person = Subject { remarks: "DOB 31 Feb 1970; POB (unclosed; DOB 1971.".into(), ..Subject::default() };
    let mut report = Report::default();
    read(&mut person, &mut report);
    assert_eq!(report.kept_as_text[0].value, "31 Feb 1970");
    assert_eq!(person.details[0].value, "31 Feb 1970");
    assert_eq!(person.dates[0].date.to_string(), "1971");
}
