use std::io::Write as _;

use super::*;
use crate::import::Report;
use crate::sanctions::subject::model::MeasureKind;

const LIST: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<swiss-sanctions-list list-type="full-de-listed" date="2026-02-27">
 <sanctions-program ssid="10"><program-key lang="eng">Ukraine</program-key><program-key lang="ger">Ukraine (de)</program-key>
  <program-name lang="eng">Ordinance of 4 March 2022</program-name><sanctions-set lang="eng" ssid="11">Art. 15</sanctions-set></sanctions-program>
 <target ssid="100" sanctions-set-id="11"><sanctions-set-id>11</sanctions-set-id><foreign-identifier>KPi.033</foreign-identifier>
  <individual sex="male"><identity ssid="101" main="true">
   <name ssid="102" name-type="primary-name"><name-part order="1" name-part-type="family-name"><value>Petrov</value>
    <spelling-variant lang="rus" script="Cyrillic">Петров</spelling-variant></name-part>
    <name-part order="2" name-part-type="given-name"><value>Ivan</value><spelling-variant lang="rus" script="Cyrillic">Иван</spelling-variant></name-part></name>
   <name ssid="103" name-type="alias" quality="low"><name-part order="1" name-part-type="whole-name"><value>VANYA</value></name-part></name>
   <day-month-year ssid="104" day="5" month="3" year="1968" calendar="Gregorian"/>
   <nationality ssid="105"><country iso-code="RU">Russian Federation</country></nationality>
   <place-of-birth ssid="106" place-id="500"/>
   <identification-document ssid="107" document-type="passport"><number>71 1234567</number><issuer code="RU">Russia</issuer></identification-document>
  </identity><justification ssid="108">Because.</justification><relation relation-type="related-to" target-id="200" ssid="1"/></individual>
  <modification modification-type="listed" effective-date="2022-03-04"/><modification modification-type="amended" effective-date="2023-01-02"/></target>
 <target ssid="200"><sanctions-set-id>11</sanctions-set-id><object object-type="vessel"><identity main="true">
   <name name-type="primary-name"><name-part order="1" name-part-type="whole-name"><value>TANKER</value></name-part></name></identity>
   <other-information>IMO: 9221970</other-information></object>
  <modification modification-type="listed" publication-date="2022-03-04"/><modification modification-type="de-listed" effective-date="2024-05-06"/></target>
 <place ssid="500"><location>Minsk</location><country iso-code="BY">Belarus</country></place>
</swiss-sanctions-list>"#;

fn import(text: &str) -> Result<(Vec<Subject>, Report), Error> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let mut report = Report::default();
    let mut listing = Listing::new(&mut report);
    read(&[file.path().to_owned()], &Progress::silent(), &mut listing)?;
    let subjects = std::mem::take(&mut listing.subjects);
    Ok((subjects, report))
}

#[test]
fn persons_and_ships_come_with_their_places_and_days() {
    let (subjects, report) = import(LIST).unwrap();
    assert_eq!((subjects.len(), report.rows_rejected, report.skipped.len()), (2, 0, 1));
    let petrov = &subjects[0];
    assert_eq!((petrov.name(), petrov.kind), ("Ivan Petrov", SubjectKind::Person));
    assert!(petrov.names.iter().any(|name| name.full == "Иван Петров" && name.script == "Cyrl"));
    assert!(petrov.names.iter().any(|name| name.full == "VANYA" && name.strength == Strength::Weak));
    assert_eq!(petrov.programmes[0].code, "Ukraine");
    assert_eq!(petrov.dates[0].date.to_string(), "1968-03-05");
    assert_eq!(petrov.listed_on.unwrap().to_string(), "2022-03-04");
    assert_eq!((petrov.amended_on.unwrap().to_string(), petrov.delisted_on), ("2023-01-02".into(), None));
    let birth = petrov.places.iter().find(|place| place.kind == PlaceKind::Birth).unwrap();
    assert_eq!((birth.text.as_str(), birth.country.as_str()), ("Minsk, Belarus", "BLR"));
    assert_eq!(petrov.identifiers.len(), 2);
    let ship = &subjects[1];
    assert_eq!((ship.kind, ship.delisted_on.unwrap().to_string()), (SubjectKind::Vessel, "2024-05-06".into()));
    assert_eq!(ship.identifiers[0].kind, IdentifierKind::Imo);
}

/// A bank that may not borrow on the capital market is not frozen.
#[test]
fn each_target_has_the_measures_of_its_set() {
    let list = LIST
        .replace(
            "<sanctions-set lang=\"eng\" ssid=\"11\">Art. 15</sanctions-set>",
            "<sanctions-set lang=\"ger\" ssid=\"11\">Art. 15: Sperrung</sanctions-set>\
             <sanctions-set lang=\"eng\" ssid=\"11\">Art. 15: Freezing of assets</sanctions-set>\
             <sanctions-set lang=\"eng\" ssid=\"12\">Art. 20: capital market</sanctions-set>",
        )
        .replace("<target ssid=\"200\"><sanctions-set-id>11<", "<target ssid=\"200\"><sanctions-set-id>12<");
    let (subjects, report) = import(&list).unwrap();
    let measures = |subject: &Subject| -> Vec<(MeasureKind, String)> {
        subject.measures.iter().map(|measure| (measure.kind, measure.text.clone())).collect()
    };
    assert_eq!(measures(&subjects[0]), [(MeasureKind::AssetFreeze, "Art. 15: Freezing of assets".to_owned())]);
    assert_eq!(measures(&subjects[1]), [(MeasureKind::Sectoral, "Art. 20: capital market".to_owned())]);
    assert!(report.skipped.is_empty(), "{:?}", report.skipped);
    // Named by its article alone: kept in its words, and not taken for a freeze.
    let (subjects, report) = import(LIST).unwrap();
    assert_eq!(measures(&subjects[0]), [(MeasureKind::Other, "Art. 15".to_owned())]);
    assert_eq!(report.skipped.values().sum::<u64>(), 2);
}

#[test]
fn what_is_wrong_is_named() {
    let (subjects, report) = import(&LIST.replace("month=\"3\"", "month=\"13\"")).unwrap();
    assert_eq!((report.kept_as_text[0].line, report.kept_as_text[0].value.as_str()), (5, "1968-13-5"));
    assert_eq!((subjects.len(), report.rows_rejected), (2, 0));
    assert!(import(&LIST[..LIST.len() - 60]).unwrap_err().to_string().contains("breaks off"));
    assert!(import("<list/>").is_err());
}
