//! Made-up entities in the layout of the Sanctions List Service.

use crate::sanctions::import::ofac::list::OfacList;
use crate::sanctions::import::ofac::xml::tests::{Outcome, import};
use crate::sanctions::subject::model::{
    IdentifierKind, MeasureKind, NameKind, PlaceKind, RelationKind, Strength, SubjectKind,
};
use crate::value::Span;

const HEAD: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<sanctionsData xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ENHANCED_XML">
<publicationInfo><dataAsOf>2026-07-27T00:00:00</dataAsOf><filters><sanctionsLists><sanctionsList refId="1">SDN List</sanctionsList></sanctionsLists></filters></publicationInfo>
<referenceValues><referenceValue refId="91526"><type>Gender</type><value>Female</value></referenceValue></referenceValues><entities>"#;

const PERSON: &str = r#"<entity id="7101"><generalInfo><identityId>5</identityId><entityType refId="600">Individual</entityType><title>Director</title><remarks>Text.</remarks></generalInfo>
<sanctionsLists><sanctionsList refId="1" id="9" datePublished="2022-03-11">SDN List</sanctionsList><sanctionsList refId="2" id="10" datePublished="2014-10-10">Consolidated List</sanctionsList></sanctionsLists>
<sanctionsPrograms><sanctionsProgram refId="3" id="1">RUSSIA-EO14024</sanctionsProgram></sanctionsPrograms><sanctionsTypes><sanctionsType refId="4" id="1">Block</sanctionsType></sanctionsTypes>
<legalAuthorities><legalAuthority refId="5" id="1">Executive Order 14024 (Russia)</legalAuthority></legalAuthorities>
<names><name id="2"><isPrimary>false</isPrimary><aliasType refId="1400">A.K.A.</aliasType><isLowQuality>true</isLowQuality><translations><translation id="1"><isPrimary>true</isPrimary><script refId="6">Latin</script><formattedFullName>ANYA</formattedFullName></translation></translations></name>
<name id="1"><isPrimary>true</isPrimary><isLowQuality>false</isLowQuality><translations><translation id="2"><isPrimary>true</isPrimary><script refId="6">Latin</script><formattedFirstName>Anna Pavlovna</formattedFirstName><formattedLastName>KORMANOVA</formattedLastName><formattedFullName>KORMANOVA, Anna Pavlovna</formattedFullName></translation>
<translation id="3"><isPrimary>false</isPrimary><script refId="7">Cyrillic</script><formattedFullName>КОРМАНОВА, Анна</formattedFullName></translation></translations></name></names>
<addresses><address id="1"><country refId="8">Russia</country><translations><translation id="4"><isPrimary>true</isPrimary><addressParts><addressPart id="1"><type>ADDRESS1</type><value>ul. Lesnaya 5</value></addressPart><addressPart id="2"><type>CITY</type><value>Moscow</value></addressPart></addressParts></translation></translations></address></addresses>
<features><feature id="1"><type featureTypeId="8">Birthdate</type><versionId>1</versionId><value>circa 1961</value><valueDate id="1"><fromDateBegin>1961-01-01</fromDateBegin><toDateEnd>1961-12-31</toDateEnd></valueDate><isPrimary>true</isPrimary></feature>
<feature id="2"><type featureTypeId="9">Place of Birth</type><value>Tver, Russia</value></feature><feature id="3"><type featureTypeId="224">Gender</type><valueRefId>91526</valueRefId></feature>
<feature id="4"><type featureTypeId="344">Digital Currency Address - XBT</type><value>1BoatSLRHtKNngkdXEeobR76b53LETtpyT</value></feature>
<feature id="5"><type featureTypeId="8">Birthdate</type><value/><valueDate id="2"><fromDateBegin>1962-01-01</fromDateBegin><fromDateEnd>1962-01-01</fromDateEnd><toDateBegin>1963-12-31</toDateBegin><toDateEnd>1963-12-31</toDateEnd></valueDate></feature></features>
<identityDocuments><identityDocument id="1"><type refId="1571">Passport</type><documentNumber>750000001</documentNumber><isValid>false</isValid><issuingCountry refId="8">Russia</issuingCountry><issueDate>2015-02-01</issueDate><expirationDate>2025-02-01</expirationDate></identityDocument></identityDocuments>
<relationships><relationship id="1"><type refId="1555">Leader or official of</type><relatedEntity entityId="7102">ROMASHKA LLC</relatedEntity></relationship></relationships>
<novelty><part>new</part></novelty></entity>"#;

const VESSEL: &str = r#"<entity id="7103"><generalInfo><entityType>Vessel</entityType></generalInfo><sanctionsLists><sanctionsList datePublished="2022-03-11">SDN List</sanctionsList></sanctionsLists>
<names><name><isPrimary>true</isPrimary><translations><translation><formattedFullName>LADA, THE</formattedFullName></translation></translations></name></names>
<features><feature><type>VESSEL TYPE</type><value>Tanker</value></feature><feature><type>Vessel Flag</type><value>Panama</value></feature></features>
<identityDocuments><identityDocument><type>Vessel Registration Identification</type><documentNumber>IMO 9221970</documentNumber></identityDocument></identityDocuments>
<relationships><relationship><type>Owned or Controlled By</type><relatedEntity entityId="7101"/></relationship></relationships></entity>"#;

fn file(entities: &str) -> String {
    format!("{HEAD}{entities}</entities></sanctionsData>")
}

fn read(entities: &str) -> Outcome {
    let outcome = import(OfacList::Sdn, &file(entities));
    assert_eq!(outcome.report.rows_rejected, 0, "{}", outcome.report);
    outcome
}

#[test]
fn an_entity_comes_with_all_its_parts() {
    let outcome = read(&[PERSON, VESSEL].concat());
    outcome.result.unwrap();
    assert_eq!(outcome.published.unwrap().to_string(), "2026-07-27");
    let [person, vessel] = &outcome.subjects[..] else { panic!("two entities") };
    assert_eq!(
        (person.uid.as_str(), person.kind, person.name()),
        ("7101", SubjectKind::Person, "Anna Pavlovna KORMANOVA")
    );
    let names: Vec<(&str, NameKind, Strength, &str)> =
        person.names.iter().map(|name| (name.full.as_str(), name.kind, name.strength, name.script.as_str())).collect();
    let expected = [
        ("Anna Pavlovna KORMANOVA", NameKind::Primary, Strength::Unknown, ""),
        ("ANYA", NameKind::Alias, Strength::Weak, ""),
        ("Анна КОРМАНОВА", NameKind::Variant, Strength::Unknown, "Cyrl"),
    ];
    assert_eq!(names, expected);
    assert_eq!(person.listed_on, Span::of_day(2022, 3, 11));
    let programme = &person.programmes[0];
    assert_eq!(
        (programme.code.as_str(), &*programme.legal_basis),
        ("RUSSIA-EO14024", "Executive Order 14024 (Russia)")
    );
    assert_eq!(person.measures[0].kind, MeasureKind::AssetFreeze);
    let dates: Vec<String> = person.dates.iter().map(|fact| fact.date.to_string()).collect();
    assert_eq!(dates, ["1961~", "1962/1963"]);
    let places: Vec<(PlaceKind, &str, &str)> =
        person.places.iter().map(|place| (place.kind, place.text.as_str(), place.country.as_str())).collect();
    let expected =
        [(PlaceKind::Address, "ul. Lesnaya 5, Moscow, Russia", "RUS"), (PlaceKind::Birth, "Tver, Russia", "RUS")];
    assert_eq!(places, expected);
    let kinds: Vec<(IdentifierKind, &str)> = person.identifiers.iter().map(|id| (id.kind, id.value.as_str())).collect();
    let expected = [
        (IdentifierKind::OfacUid, "7101"),
        (IdentifierKind::OfacUid, "7101"),
        (IdentifierKind::CryptoAddress, "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"),
        (IdentifierKind::Passport, "750000001"),
    ];
    assert_eq!(kinds, expected);
    let passport = &person.identifiers[3];
    assert_eq!((passport.country.as_str(), passport.note.as_str()), ("RUS", "not valid"));
    assert_eq!((passport.issued_on, passport.expires_on), (Span::of_day(2015, 2, 1), Span::of_day(2025, 2, 1)));
    let relation = &person.relations[0];
    assert_eq!(
        (relation.kind, relation.uid.as_str(), &*relation.name),
        (RelationKind::LeaderOf, "7102", "ROMASHKA LLC")
    );
    let details: Vec<(&str, &str)> =
        person.details.iter().map(|detail| (detail.label.as_str(), detail.value.as_str())).collect();
    assert_eq!(details, [("Title", "Director"), ("Gender", "Female"), ("novelty", "new")]);
    assert_eq!(outcome.report.skipped["an element that is not known, kept as a detail: novelty"], 1);

    assert_eq!((vessel.kind, vessel.name()), (SubjectKind::Vessel, "LADA, THE"));
    assert_eq!((vessel.identifiers[1].kind, vessel.identifiers[1].value.as_str()), (IdentifierKind::Imo, "9221970"));
    assert_eq!(
        (vessel.relations[0].kind, vessel.relations[0].uid.as_str()),
        (RelationKind::OwnedOrControlledBy, "7101")
    );
}

#[test]
fn malformed_values_are_kept_as_text() {
    for (good, bad, field, value) in [
        (">Individual<", ">Spirit<", "entityType", "Spirit"),
        ("A.K.A.", "Q.K.A.", "aliasType", "Q.K.A."),
        ("<isLowQuality>true", "<isLowQuality>maybe", "isLowQuality", "maybe"),
        ("datePublished=\"2022-03-11\"", "datePublished=\"2022-13-11\"", "datePublished", "2022-13-11"),
        ("circa 1961", "31 Feb 1961", "Birthdate", "31 Feb 1961"),
        ("<issueDate>2015-02-01", "<issueDate>2015-02-31", "issueDate", "2015-02-31"),
        ("<type>CITY", "<type>TOWN", "addressPart", "TOWN, Moscow"),
    ] {
        let person = PERSON.replace(good, bad);
        // The days beside the words must not help.
        let person = if field == "Birthdate" {
            person.replace("<fromDateBegin>1961-01-01</fromDateBegin><toDateEnd>1961-12-31</toDateEnd>", "")
        } else {
            person
        };
        let outcome = read(&person);
        outcome.result.unwrap();
        let kept = &outcome.report.kept_as_text[0];
        assert_eq!((kept.field.as_str(), kept.value.as_str()), (field, value));
        assert!(outcome.subjects[0].details.iter().any(|detail| detail.label == field && detail.value == value));
    }
}

#[test]
fn another_file_is_refused() {
    let error = import(OfacList::Consolidated, &file(&[PERSON, VESSEL].concat())).result.unwrap_err().to_string();
    assert!(error.contains("is the SDN list"), "{error}");
    let delta = file(PERSON).replace("exports/ENHANCED_XML", "DeltaFile/1.0");
    let error = import(OfacList::Sdn, &delta).result.unwrap_err().to_string();
    assert!(error.contains("delta file"), "{error}");
    let error = import(OfacList::Sdn, &file("")).result.unwrap_err().to_string();
    assert!(error.contains("has no entity"), "{error}");
    let text = file(PERSON);
    let error = import(OfacList::Sdn, &text[..text.len() - 30]).result.unwrap_err().to_string();
    assert!(error.contains("breaks off"), "{error}");

    let consolidated = PERSON.replace("SDN List", "Non-SDN Menu-Based Sanctions List");
    let outcome = import(OfacList::Consolidated, &file(&consolidated));
    outcome.result.unwrap();
    let subject = &outcome.subjects[0];
    assert_eq!(subject.source_list, "Non-SDN Menu-Based Sanctions List");
    assert_eq!(subject.identifiers[0].label, "non-SDN");
}
