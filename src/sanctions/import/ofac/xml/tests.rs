use super::*;
use crate::import::Report;
use crate::sanctions::subject::model::MeasureKind;

pub struct Outcome {
    pub result: Result<(), Error>,
    pub report: Report,
    pub published: Option<Date>,
    pub subjects: Vec<Subject>,
}

/// What the importer makes of a file with this text.
pub fn import(list: OfacList, xml: &str) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list.xml");
    std::fs::write(&path, xml).unwrap();
    let mut report = Report::default();
    let mut listing = Listing::new(&mut report);
    let result = read(list, &[path], &Progress::silent(), &mut listing);
    let (published, subjects) = (listing.published, std::mem::take(&mut listing.subjects));
    Outcome { result, report, published, subjects }
}

fn classic_file(count: u32, entries: &str) -> String {
    format!(
        r#"<?xml version="1.0" standalone="yes"?>
<sdnList xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML">
  <publshInformation><Publish_Date>03/28/2025</Publish_Date><Record_Count>{count}</Record_Count></publshInformation>
  {entries}
</sdnList>"#
    )
}

const PERSON: &str = r"<sdnEntry>
  <uid>7101</uid><firstName>Ivan Petrovich</firstName><lastName>PRIMEROV</lastName><title>Director</title>
  <sdnType>Individual</sdnType><remarks>(Linked To: ROMASHKA (HOLDING) LLC); (Linked To: SECOND CO)</remarks>
  <programList><program>RUSSIA-EO14024</program><program>RUSSIA-EO14024</program><program>CYBER2</program></programList>
  <idList>
    <id><uid>1</uid><idType>Passport</idType><idNumber>750000001</idNumber><idCountry>Russia</idCountry>
      <issueDate>01 Feb 2015</issueDate><expirationDate>01 Feb 2025</expirationDate></id>
    <id><uid>2</uid><idType>Tax ID No.</idType><idNumber>500100732259</idNumber><idCountry>Russia</idCountry></id>
    <id><uid>3</uid><idType>Gender</idType><idNumber>Male</idNumber></id>
    <id><uid>4</uid><idType>Digital Currency Address - XBT</idType><idNumber>1BoatSLRHtKNngkdXEeobR76b53LETtpyT</idNumber></id>
    <id><uid>5</uid><idType>Secondary sanctions risk:</idType><idNumber>See Section 11.</idNumber></id>
    <id><uid>6</uid><idType>Some New Number</idType><idNumber>42</idNumber></id>
    <id><uid>7</uid><idType>Some New Remark</idType><idNumber>of words</idNumber></id>
  </idList>
  <akaList>
    <aka><uid>1</uid><type>a.k.a.</type><category>strong</category><lastName>PRIMEROFF</lastName><firstName>Ivan</firstName></aka>
    <aka><uid>2</uid><type>f.k.a.</type><category>weak</category><lastName>VANYA</lastName></aka>
  </akaList>
  <addressList>
    <address><uid>1</uid><address1>ul. Lesnaya 5</address1><address2>Bldg. 1</address2><city>Moscow</city>
      <stateOrProvince>Moscow Oblast</stateOrProvince><postalCode>125047</postalCode><country>Russia</country></address>
    <address><uid>2</uid></address>
  </addressList>
  <nationalityList>
    <nationality><uid>1</uid><country>Cyprus</country><mainEntry>false</mainEntry></nationality>
    <nationality><uid>2</uid><country>Russia</country><mainEntry>true</mainEntry></nationality>
  </nationalityList>
  <citizenshipList><citizenship><uid>1</uid><country>Malta</country><mainEntry>true</mainEntry></citizenship></citizenshipList>
  <dateOfBirthList>
    <dateOfBirthItem><uid>1</uid><dateOfBirth>circa 1968</dateOfBirth><mainEntry>false</mainEntry></dateOfBirthItem>
    <dateOfBirthItem><uid>2</uid><dateOfBirth>17 Oct 1967</dateOfBirth><mainEntry>true</mainEntry></dateOfBirthItem>
    <dateOfBirthItem><uid>3</uid><dateOfBirth>in the sixties</dateOfBirth><mainEntry>false</mainEntry></dateOfBirthItem>
  </dateOfBirthList>
  <placeOfBirthList><placeOfBirthItem><uid>1</uid><placeOfBirth>Omsk, Russia</placeOfBirth><mainEntry>true</mainEntry></placeOfBirthItem></placeOfBirthList>
</sdnEntry>";

const VESSEL: &str = r"<sdnEntry>
  <uid>7102</uid><lastName>LUNA</lastName><sdnType>Vessel</sdnType>
  <programList><program>IRAN</program></programList>
  <vesselInfo><callSign>T2AB3</callSign><vesselType>Crude Oil Tanker</vesselType><vesselFlag>Panama</vesselFlag>
    <vesselOwner>LUNA SHIPPING LTD</vesselOwner><tonnage>318,000</tonnage>
    <grossRegisteredTonnage>160,000</grossRegisteredTonnage></vesselInfo>
  <idList><id><uid>9</uid><idType>Vessel Registration Identification</idType><idNumber>IMO 9074729</idNumber></id></idList>
</sdnEntry>";

fn sdn(xml: &str) -> Outcome {
    import(OfacList::Sdn, &classic_file(1, xml))
}

#[test]
fn every_field_of_a_person_is_read() {
    let outcome = sdn(PERSON);
    outcome.result.unwrap();
    assert_eq!(outcome.published, Some(Date::constant(2025, 3, 28)));
    let subject = &outcome.subjects[0];
    assert_eq!((subject.uid.as_str(), subject.kind), ("7101", SubjectKind::Person));
    let names: Vec<_> = subject.names.iter().map(|name| (name.full.as_str(), name.kind, name.strength)).collect();
    assert_eq!(
        names,
        [
            ("Ivan Petrovich PRIMEROV", NameKind::Primary, Strength::Unknown),
            ("Ivan PRIMEROFF", NameKind::Alias, Strength::Strong),
            ("VANYA", NameKind::Former, Strength::Weak),
        ]
    );
    assert_eq!((subject.names[0].family.as_str(), subject.names[2].family.as_str()), ("PRIMEROV", ""));
    let identifiers: Vec<_> =
        subject.identifiers.iter().map(|id| (id.kind, id.value.as_str(), id.label.as_str())).collect();
    assert_eq!(
        identifiers,
        [
            (IdentifierKind::OfacUid, "7101", "SDN"),
            (IdentifierKind::Passport, "750000001", "Passport"),
            (IdentifierKind::Inn, "500100732259", "Tax ID No."),
            (IdentifierKind::CryptoAddress, "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "XBT"),
            (IdentifierKind::Other, "42", "Some New Number"),
        ]
    );
    assert_eq!(subject.identifiers[1].issued_on, Span::of_day(2015, 2, 1));
    assert_eq!(subject.identifiers[1].expires_on, Span::of_day(2025, 2, 1));
    let dates: Vec<String> = subject.dates.iter().map(|fact| fact.date.to_string()).collect();
    assert_eq!(dates, ["1967-10-17", "1968~"]);
    let places: Vec<_> = subject.places.iter().map(|place| (place.kind, place.text.as_str())).collect();
    assert_eq!(
        places,
        [
            (PlaceKind::Address, "ul. Lesnaya 5, Bldg. 1, Moscow, Moscow Oblast, 125047, Russia"),
            (PlaceKind::Birth, "Omsk, Russia"),
            (PlaceKind::Nationality, "Russia"),
            (PlaceKind::Nationality, "Cyprus"),
            (PlaceKind::Citizenship, "Malta"),
        ]
    );
    assert_eq!((subject.places[0].city.as_str(), subject.places[0].postal_code.as_str()), ("Moscow", "125047"));
    let programmes: Vec<_> = subject.programmes.iter().map(|programme| programme.code.as_str()).collect();
    assert_eq!(programmes, ["RUSSIA-EO14024", "CYBER2"]);
    assert_eq!(subject.measures[0].kind, MeasureKind::AssetFreeze);
    let details: Vec<_> = subject.details.iter().map(|detail| (detail.label.as_str(), detail.value.as_str())).collect();
    assert_eq!(
        details,
        [
            ("Title", "Director"),
            ("dateOfBirth", "in the sixties"),
            ("Gender", "Male"),
            ("Secondary sanctions risk", "See Section 11."),
            ("Some New Remark", "of words"),
        ]
    );
    let linked: Vec<_> = subject.relations.iter().map(|relation| relation.name.as_str()).collect();
    assert_eq!(linked, ["ROMASHKA (HOLDING) LLC", "SECOND CO"]);
    assert_eq!(outcome.report.skipped["an address that says nothing"], 1);
    assert_eq!(outcome.report.kept_as_text.len(), 1);
    assert_eq!(outcome.report.files.len(), 1);
}

#[test]
fn a_vessel_has_its_numbers_flag_and_owner() {
    let outcome = sdn(VESSEL);
    let subject = &outcome.subjects[0];
    assert_eq!(subject.kind, SubjectKind::Vessel);
    let identifiers: Vec<_> = subject.identifiers.iter().map(|id| (id.kind, id.value.as_str())).collect();
    assert_eq!(identifiers[1..], [(IdentifierKind::CallSign, "T2AB3"), (IdentifierKind::Imo, "9074729")]);
    assert_eq!(subject.identifiers[2].label, "Vessel Registration Identification");
    assert_eq!((subject.places[0].kind, subject.places[0].text.as_str()), (PlaceKind::Flag, "Panama"));
    assert_eq!(subject.relations[0].name, "LUNA SHIPPING LTD");
    let labels: Vec<_> = subject.details.iter().map(|detail| detail.label.as_str()).collect();
    assert_eq!(labels, ["Vessel Type", "Vessel Tonnage", "Vessel Gross Registered Tonnage"]);
    // The number of a ship's manager is told apart.
    let manager = sdn(&VESSEL.replace("<sdnType>Vessel", "<sdnType>Entity"));
    assert_eq!(manager.subjects[0].identifiers[2].label, "company");
}

#[test]
fn measures_of_the_consolidated_list_follow_from_directives_and_programmes() {
    let entry = r"<sdnEntry><uid>1</uid><lastName>BANK A</lastName><sdnType>Entity</sdnType>
      <programList><program>UKRAINE-EO13662</program><program>CMIC-EO13959</program></programList><idList>
      <id><idType>Executive Order 13662 Directive Determination -</idType><idNumber>Subject to Directive 1</idNumber></id>
      <id><idType>Effective Date (CMIC)</idType><idNumber>02 Aug 2021</idNumber></id>
      <id><idType>Effective Date (EO 14024 Directive 2):</idType><idNumber>26 Mar 2022</idNumber></id>
      </idList></sdnEntry>";
    let outcome = import(OfacList::Consolidated, &classic_file(1, entry));
    let subject = &outcome.subjects[0];
    let measures: Vec<_> = subject.measures.iter().map(|measure| (measure.kind, measure.from)).collect();
    assert_eq!(
        measures,
        [
            (MeasureKind::Sectoral, None),
            (MeasureKind::Investment, Span::of_day(2021, 8, 2)),
            (MeasureKind::CorrespondentAccount, Span::of_day(2022, 3, 26)),
        ]
    );
    assert_eq!(subject.measures[0].text, "Executive Order 13662 Directive Determination: Subject to Directive 1");
    assert_eq!(subject.identifiers[0].label, "non-SDN");
}

#[test]
fn a_malformed_value_is_kept_and_only_a_bad_identifier_rejected() {
    for (good, bad, field, value) in [
        ("17 Oct 1967", "31 Feb 1967", "dateOfBirth", "31 Feb 1967"),
        ("<category>weak", "<category>feeble", "category", "feeble"),
        ("<type>f.k.a.", "<type>q.k.a.", "type", "q.k.a."),
        ("<sdnType>Individual", "<sdnType>Spirit", "sdnType", "Spirit"),
        ("01 Feb 2015", "30 Feb 2015", "issueDate", "30 Feb 2015"),
    ] {
        let outcome = sdn(&PERSON.replace(good, bad));
        outcome.result.unwrap();
        let kept = outcome.report.kept_as_text.iter().map(|kept| (kept.field.as_str(), kept.value.as_str(), kept.line));
        assert!(kept.into_iter().any(|kept| kept == (field, value, 4)), "{}", outcome.report);
        assert_eq!((outcome.report.rows_read, outcome.report.rows_rejected), (1, 0), "{bad}");
        let details = &outcome.subjects[0].details;
        assert!(details.iter().any(|detail| detail.label == field && detail.value == value), "{bad}");
    }
    let outcome = sdn(&PERSON.replace("<uid>7101</uid>", "<uid>71 01</uid>"));
    assert_eq!((outcome.subjects.len(), outcome.report.rejects[0].field.as_str()), (0, "id"));
    let twice = import(OfacList::Sdn, &classic_file(2, &[PERSON, PERSON].concat()));
    assert!(twice.report.rejects[0].reason.starts_with("stands twice in this release at this line and at line 4 of "));
}

#[test]
fn a_damaged_or_wrong_file_is_refused() {
    let whole = classic_file(2, &[PERSON, VESSEL].concat());
    assert!(import(OfacList::Sdn, &whole).result.is_ok());
    let russia = "<program>RUSSIA-EO14024</program>";
    for (xml, expected) in [
        (classic_file(3, &[PERSON, VESSEL].concat()), "has 2 entries, but its Record_Count is 3"),
        (whole.split("<vesselInfo>").next().unwrap().to_owned(), "breaks off"),
        (whole.replace("03/28/2025", "28/03/2025"), "Publish_Date `28/03/2025` is not a valid date"),
        (whole.replace("<Record_Count>2", "<Record_Count>two"), "Record_Count `two` is not a number"),
        (whole.replace("publshInformation", "information"), "has no publshInformation"),
        (classic_file(0, ""), "has no entry"),
        (whole.replace("sdnList", "list"), "its root is <list>"),
        (whole.replace(russia, "<program>NS-PLC</program>"), "is the consolidated (non-SDN) list"),
    ] {
        let error = import(OfacList::Sdn, &xml).result.unwrap_err().to_string();
        assert!(error.contains(expected), "{expected}: {error}");
    }
    let error = import(OfacList::Consolidated, &whole).result.unwrap_err().to_string();
    assert!(error.contains("is the SDN list; expected cons_prim.csv, CONSOLIDATED.XML"), "{error}");
}

#[test]
fn one_file_is_wanted() {
    let mut report = Report::default();
    let mut listing = Listing::new(&mut report);
    let mut problem = |text: &str| {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, text).unwrap();
        let files = [file.path().to_owned(), "alt.csv".into()];
        read(OfacList::Sdn, &files, &Progress::silent(), &mut listing).unwrap_err().to_string()
    };
    assert!(problem("<sdnList><sdnEntry/></sdnList>").contains("is one file, and 2 were given"));
    // An error page that was saved as sdn.csv.
    assert!(problem("<html><body>404</body></html>").contains("root is <html>"));
    assert!(problem("<!DOCTYPE html><html><body>404</body></html>").contains("page of HTML"));
}
