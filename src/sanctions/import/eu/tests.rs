//! Tests of both EU importers on files of the issuer's layouts: the same entities in both must become the same
//! subjects.

use std::io::Write as _;
use std::path::PathBuf;

use crate::import::{Error, Progress, Report};
use crate::sanctions::import::eu::{csv as eu_csv, xml as eu_xml};
use crate::sanctions::import::listing::Listing;
use crate::sanctions::subject::model::{
    IdentifierKind, MeasureKind, NameKind, PlaceKind, Strength, Subject, SubjectKind,
};

type Reader = fn(&[PathBuf], &Progress, &mut Listing<'_>) -> Result<(), Error>;

fn read(reader: Reader, text: &str) -> (Result<Vec<Subject>, Error>, Report, Option<jiff::civil::Date>) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let mut report = Report::default();
    let mut listing = Listing::new(&mut report);
    let read = reader(&[file.path().to_owned()], &Progress::silent(), &mut listing);
    let (subjects, published) = (listing.subjects, listing.published);
    (read.map(|()| subjects), report, published)
}

/// All 118 columns in the order of the issuer's file.
fn columns() -> Vec<String> {
    let regulation = [
        "Type",
        "OrganisationType",
        "PublicationDate",
        "EntryIntoForceDate",
        "NumberTitle",
        "Programme",
        "PublicationUrl",
    ];
    let groups = [
        (
            "Entity_",
            "LogicalId EU_ReferenceNumber UnitedNationId DesignationDate DesignationDetails Remark SubjectType \
             SubjectType_ClassificationCode",
        ),
        (
            "NameAlias_",
            "LastName FirstName MiddleName WholeName NameLanguage Gender Title Function LogicalId RegulationLanguage \
             Remark",
        ),
        (
            "Address_",
            "City Street PoBox ZipCode Region Place AsAtListingTime ContactInfo CountryIso2Code CountryDescription \
             LogicalId RegulationLanguage Remark",
        ),
        (
            "BirthDate_",
            "BirthDate Day Month Year YearRangeFrom YearRangeTo Circa CalendarType ZipCode Region Place City \
             CountryIso2Code CountryDescription LogicalId RegulationLanguage Remark",
        ),
        (
            "Identification_",
            "Number Diplomatic KnownExpired KnownFalse ReportedLost RevokedByIssuer IssuedBy IssuedDate ValidFrom \
             ValidTo LatinNumber NameOnDocument TypeCode TypeDescription Region CountryIso2Code CountryDescription \
             LogicalId RegulationLanguage Remark",
        ),
        ("Citizenship_", "Region CountryIso2Code CountryDescription LogicalId RegulationLanguage Remark"),
    ];
    let mut columns = vec!["fileGenerationDate".to_owned()];
    for (prefix, names) in groups {
        columns.extend(names.split(' ').map(|name| format!("{prefix}{name}")));
        columns.extend(regulation.iter().map(|name| format!("{prefix}Regulation_{name}")));
    }
    columns
}

/// A row of the CSV: `column=value` divided by `|`.
fn row(fields: &[&str]) -> String {
    let fields: Vec<(&str, &str)> =
        fields.iter().flat_map(|fields| fields.split('|')).filter_map(|field| field.split_once('=')).collect();
    let columns = columns();
    assert!(fields.iter().all(|(name, _)| columns.iter().any(|column| column == name)), "{fields:?}");
    let value = |column: &String| {
        let value = fields.iter().find(|(name, _)| name == column).map_or("", |(_, value)| value);
        if value.contains([';', '"']) { format!("\"{}\"", value.replace('"', "\"\"")) } else { value.to_owned() }
    };
    let date = |column: &String| if column == "fileGenerationDate" { "05/08/2026".to_owned() } else { value(column) };
    columns.iter().map(date).collect::<Vec<_>>().join(";")
}

fn csv(rows: &[String]) -> String {
    format!("{}\n{}", columns().join(";"), rows.join("\n"))
}

const PERSON: &str = "Entity_LogicalId=901|Entity_EU_ReferenceNumber=EU.1.99|Entity_UnitedNationId=KPi.999|\
    Entity_DesignationDate=2014-03-17|Entity_DesignationDetails=Annex I|Entity_SubjectType=P|\
    Entity_SubjectType_ClassificationCode=person|\
    Entity_Remark=(Date of UN designation: 2013-01-02)\\n(Second \"remark\"; more)|\
    Entity_Regulation_Type=regulation|Entity_Regulation_PublicationDate=2014-03-17|\
    Entity_Regulation_NumberTitle=269/2014 (OJ L78)|Entity_Regulation_Programme=UKR|\
    Entity_Regulation_PublicationUrl=https://example.eu/269?a&b";
const COMPANY: &str = "Entity_LogicalId=902|Entity_EU_ReferenceNumber=EU.2.98|Entity_SubjectType=E|\
    Entity_SubjectType_ClassificationCode=enterprise|Entity_Regulation_PublicationDate=2022-02-25|\
    Entity_Regulation_NumberTitle=2022/332 (OJ L53)|Entity_Regulation_Programme=UKR";

fn rows() -> Vec<String> {
    vec![
        row(&[
            PERSON,
            "NameAlias_LogicalId=12|NameAlias_WholeName=Нима Сампл|NameAlias_NameLanguage=RU",
            "NameAlias_Function=Deputy",
        ]),
        row(&[
            PERSON,
            "NameAlias_LogicalId=11|NameAlias_FirstName=Nima|NameAlias_MiddleName=I.|NameAlias_LastName=SAMPLE|\
             NameAlias_WholeName=Nima I. SAMPLE|NameAlias_Gender=M|NameAlias_Title=(a) Dr|NameAlias_Function=Deputy|\
             NameAlias_Regulation_PublicationDate=2014-03-17",
            // A part of another group may stand in the same row.
            "Citizenship_LogicalId=41|Citizenship_CountryIso2Code=ZZ|Citizenship_CountryDescription=NOWHERELAND",
        ]),
        row(&[PERSON, "NameAlias_LogicalId=13|NameAlias_WholeName=Neema|NameAlias_Remark=Low quality a.k.a."]),
        row(&[PERSON, "NameAlias_LogicalId=14|NameAlias_WholeName=Nima OLDNAME|NameAlias_Remark=formerly known as"]),
        row(&[
            PERSON,
            "BirthDate_LogicalId=21|BirthDate_BirthDate=1964-07-17|BirthDate_Day=17|BirthDate_Month=7|\
             BirthDate_Year=1964|BirthDate_Circa=false|BirthDate_CalendarType=GREGORIAN|\
             BirthDate_City=Town, near Village|\
             BirthDate_CountryIso2Code=ZZ|BirthDate_CountryDescription=NOWHERELAND|BirthDate_Remark=ex Somewhere|\
             BirthDate_Regulation_PublicationDate=2023-05-06",
        ]),
        row(&[PERSON, "BirthDate_LogicalId=22|BirthDate_Year=1965|BirthDate_Month=8|BirthDate_Circa=false"]),
        row(&[
            PERSON,
            "BirthDate_LogicalId=23|BirthDate_YearRangeFrom=1953|BirthDate_YearRangeTo=1958|BirthDate_Circa=true|\
             BirthDate_CountryIso2Code=00|BirthDate_CountryDescription=UNKNOWN",
        ]),
        row(&[PERSON, "BirthDate_LogicalId=24|BirthDate_Year=1343|BirthDate_CalendarType=ISLAMIC"]),
        row(&[PERSON, "BirthDate_LogicalId=25|BirthDate_YearRangeTo=1980|BirthDate_CalendarType=GREGORIAN"]),
        row(&[
            PERSON,
            "Identification_LogicalId=31|Identification_Number=AD001095|Identification_Diplomatic=true|\
             Identification_KnownExpired=true|Identification_KnownFalse=false|Identification_IssuedBy=Town Office|\
             Identification_IssuedDate=2004-05-06|Identification_ValidTo=2014-05-05|Identification_TypeCode=passport|\
             Identification_TypeDescription=National passport|Identification_CountryIso2Code=ZZ|\
             Identification_CountryDescription=NOWHERELAND|Identification_Remark=(passport)",
        ]),
        row(&[PERSON, "Identification_LogicalId=32|Identification_Number=-|Identification_TypeCode=id"]),
        row(&[
            COMPANY,
            "NameAlias_LogicalId=51|NameAlias_WholeName=Sample \"Trade\" JSC",
            "Address_LogicalId=61|Address_Street=1 Main Street; office 2|Address_PoBox=77|Address_ZipCode=123|\
             Address_City=Town|Address_Region=Region|Address_CountryIso2Code=ZZ|Address_CountryDescription=NOWHERELAND|\
             Address_AsAtListingTime=true|Address_ContactInfo=PHONE: +99 1\\nEMAIL[info@example.com]\\nask the porter|\
             Address_Remark=(registered address)|Address_Regulation_PublicationDate=2022-02-25",
        ]),
        // The same parts again: some exports repeat them beside others.
        row(&[
            COMPANY,
            "NameAlias_LogicalId=51|NameAlias_WholeName=Sample \"Trade\" JSC",
            "Identification_LogicalId=71|Identification_Number=1020304050607|Identification_TypeCode=regnumber|\
             Identification_TypeDescription=Registration Number|Identification_Remark=OGRN: as registered",
        ]),
    ]
}

const XML: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-08-05T16:47:04.449+02:00" globalFileId="1">
  <sanctionEntity designationDate="2014-03-17" designationDetails="Annex I" unitedNationId="KPi.999"
    euReferenceNumber="EU.1.99" logicalId="901">
    <remark>(Date of UN designation: 2013-01-02)</remark>
    <remark>(Second &quot;remark&quot;; more)</remark>
    <regulation regulationType="regulation" publicationDate="2014-03-17" entryIntoForceDate="2014-03-17"
      numberTitle="269/2014 (OJ L78)" programme="UKR" logicalId="9">
      <publicationUrl>https://example.eu/269?a&amp;b</publicationUrl>
    </regulation>
    <subjectType code="person" classificationCode="P"/>
    <nameAlias firstName="Nima" middleName="I." lastName="SAMPLE" wholeName="Nima I. SAMPLE" function="Deputy"
      gender="M" title="(a) Dr" nameLanguage="" strong="true" regulationLanguage="en" logicalId="11">
      <regulationSummary regulationType="regulation" publicationDate="2014-03-17" numberTitle="269/2014 (OJ L78)"
        publicationUrl="https://example.eu/269"/>
    </nameAlias>
    <nameAlias firstName="" middleName="" lastName="" wholeName="Neema" function="" title="" strong="false"
      logicalId="13"><remark>Low quality a.k.a.</remark></nameAlias>
    <nameAlias wholeName="Нима Сампл" function="Deputy" nameLanguage="RU" strong="true" logicalId="12"/>
    <nameAlias wholeName="Nima OLDNAME" strong="true" logicalId="14"><remark>formerly known as</remark></nameAlias>
    <citizenship region="" countryIso2Code="ZZ" countryDescription="NOWHERELAND" regulationLanguage="en"
      logicalId="41"/>
    <birthdate circa="true" yearRangeFrom="1953" yearRangeTo="1958" countryIso2Code="00"
      countryDescription="UNKNOWN" logicalId="23"/>
    <birthdate circa="false" calendarType="GREGORIAN" city="Town, near Village" zipCode="" birthdate="1964-07-17"
      dayOfMonth="17" monthOfYear="7" year="1964" region="" place="" countryIso2Code="ZZ"
        countryDescription="NOWHERELAND" logicalId="21">
      <remark>ex Somewhere</remark>
      <regulationSummary regulationType="amendment" publicationDate="2023-05-06" numberTitle="2023/1 (OJ L1)"/>
    </birthdate>
    <birthdate circa="false" monthOfYear="8" year="1965" logicalId="22"/>
    <birthdate calendarType="ISLAMIC" year="1343" logicalId="24"/>
    <birthdate calendarType="GREGORIAN" yearRangeTo="1980" logicalId="25"/>
    <identification diplomatic="true" knownExpired="true" knownFalse="false" reportedLost="false"
      revokedByIssuer="false" issuedBy="Town Office" issueDate="2004-05-06" validTo="2014-05-05" latinNumber=""
        nameOnDocument="" number="AD001095" region="" countryIso2Code="ZZ" countryDescription="NOWHERELAND"
          identificationTypeCode="passport" identificationTypeDescription="National passport"
            regulationLanguage="en" logicalId="31">
      <remark>(passport)</remark>
    </identification>
    <identification number="-" identificationTypeCode="id" logicalId="32"/>
  </sanctionEntity>
  <sanctionEntity designationDetails="" unitedNationId="" euReferenceNumber="EU.2.98" logicalId="902">
    <regulation publicationDate="2022-02-25" numberTitle="2022/332 (OJ L53)"
      programme="UKR"><publicationUrl/></regulation>
    <subjectType code="enterprise" classificationCode="E"/>
    <nameAlias wholeName="Sample &quot;Trade&quot; JSC" strong="true" logicalId="51"/>
    <address city="Town" street="1 Main Street; office 2" poBox="77" zipCode="123" region="Region" place=""
      asAtListingTime="true" countryIso2Code="ZZ" countryDescription="NOWHERELAND" logicalId="61">
      <remark>(registered address)</remark>
      <contactInfo key="PHONE" value="+99 1"/>
      <contactInfo key="EMAIL" value="info@example.com"/>
      <contactInfo key="ask the porter" value=""/>
      <regulationSummary publicationDate="2022-02-25"/>
    </address>
    <identification number="1020304050607" identificationTypeCode="regnumber"
      identificationTypeDescription="Registration Number"
        logicalId="71"><remark>OGRN: as registered</remark></identification>
  </sanctionEntity>
</export>"#;

#[test]
fn both_layouts_give_the_same_subjects() {
    assert_eq!(columns().len(), 118);
    let (from_csv, csv_report, csv_day) = read(eu_csv::read, &csv(&rows()));
    let (from_xml, xml_report, xml_day) = read(eu_xml::read, XML);
    let (from_csv, from_xml) = (from_csv.unwrap(), from_xml.unwrap());
    for (one, other) in from_csv.iter().zip(&from_xml) {
        assert_eq!(serde_json::to_string_pretty(one).unwrap(), serde_json::to_string_pretty(other).unwrap());
    }
    assert_eq!((from_csv.len(), from_xml.len()), (2, 2));
    assert_eq!(csv_report.skipped, xml_report.skipped);
    assert_eq!((csv_report.rows_read, csv_report.rows_rejected), (2, 0));
    assert_eq!(csv_day, xml_day);
    assert_eq!(csv_day.unwrap().to_string(), "2026-08-05");
}

#[test]
fn every_field_of_a_person_is_kept() {
    let subject = read(eu_csv::read, &csv(&rows())).0.unwrap().remove(0);
    assert_eq!((subject.uid.as_str(), subject.kind), ("901", SubjectKind::Person));
    let names: Vec<_> = subject.names.iter().map(|name| (name.full.as_str(), name.kind, name.strength)).collect();
    let expected = [
        ("Nima I. SAMPLE", NameKind::Primary, Strength::Unknown),
        ("Нима Сампл", NameKind::Alias, Strength::Unknown),
        ("Neema", NameKind::Alias, Strength::Weak),
        ("Nima OLDNAME", NameKind::Former, Strength::Unknown),
    ];
    assert_eq!(names, expected);
    assert_eq!((subject.names[0].family.as_str(), subject.names[0].given.as_str()), ("SAMPLE", "Nima I."));
    assert_eq!((subject.names[1].language.as_str(), subject.names[1].script.as_str()), ("ru", "Cyrl"));
    let identifiers: Vec<_> = subject.identifiers.iter().map(|id| (id.kind, id.value.as_str())).collect();
    let expected = [
        (IdentifierKind::EuReference, "EU.1.99"),
        (IdentifierKind::UnReference, "KPi.999"),
        (IdentifierKind::Passport, "AD001095"),
    ];
    assert_eq!(identifiers, expected);
    let passport = &subject.identifiers[2];
    assert_eq!(passport.label, "National passport");
    assert_eq!(passport.issued_on.unwrap().to_string(), "2004-05-06");
    assert_eq!(passport.expires_on.unwrap().to_string(), "2014-05-05");
    assert_eq!(passport.note, "issued by Town Office, NOWHERELAND, diplomatic, known to be expired, (passport)");
    let dates: Vec<String> = subject.dates.iter().map(|fact| fact.date.to_string()).collect();
    assert_eq!(dates, ["1964-07-17", "1965-08", "1953~/1958~"]);
    let places: Vec<_> = subject.places.iter().map(|place| (place.kind, place.text.as_str())).collect();
    let expected = [(PlaceKind::Citizenship, "NOWHERELAND"), (PlaceKind::Birth, "Town, near Village, NOWHERELAND")];
    assert_eq!(places, expected);
    assert_eq!(
        (subject.programmes[0].code.as_str(), subject.programmes[0].legal_basis.as_str()),
        ("UKR", "269/2014 (OJ L78)")
    );
    assert_eq!(subject.listed_on.unwrap().to_string(), "2014-03-17");
    assert_eq!(subject.amended_on.unwrap().to_string(), "2023-05-06");
    assert_eq!(subject.measures[0].kind, MeasureKind::AssetFreeze);
    assert_eq!(subject.remarks, "(Date of UN designation: 2013-01-02)\n(Second \"remark\"; more)");
    let details: Vec<_> = subject.details.iter().map(|d| (d.label.as_str(), d.value.as_str())).collect();
    let expected = [
        ("designation details", "Annex I"),
        ("title", "(a) Dr"),
        ("function", "Deputy"),
        ("gender", "M"),
        ("name remark", "Neema: Low quality a.k.a."),
        ("name remark", "Nima OLDNAME: formerly known as"),
        ("birth remark", "1964-07-17, Town, near Village, NOWHERELAND: ex Somewhere"),
        ("date of birth", "1343 (ISLAMIC calendar)"),
        ("date of birth", "until 1980"),
        ("publication", "https://example.eu/269?a&b"),
    ];
    assert_eq!(details, expected);
}

#[test]
fn every_field_of_a_company_is_kept() {
    let subject = read(eu_xml::read, XML).0.unwrap().remove(1);
    assert_eq!((subject.kind, subject.name()), (SubjectKind::Organization, "Sample \"Trade\" JSC"));
    let address = &subject.places[0];
    assert_eq!(address.text, "1 Main Street; office 2, PO box 77, Town, 123, Region, NOWHERELAND");
    assert_eq!((address.city.as_str(), address.postal_code.as_str()), ("Town", "123"));
    let identifiers: Vec<_> = subject.identifiers.iter().map(|id| (id.kind, id.value.as_str())).collect();
    let expected = [
        (IdentifierKind::EuReference, "EU.2.98"),
        (IdentifierKind::Phone, "+99 1"),
        (IdentifierKind::Email, "info@example.com"),
        (IdentifierKind::Ogrn, "1020304050607"),
    ];
    assert_eq!(identifiers, expected);
    assert_eq!((subject.listed_on, subject.amended_on.unwrap().to_string()), (None, "2022-02-25".to_owned()));
    let details: Vec<&str> = subject.details.iter().map(|detail| detail.label.as_str()).collect();
    assert_eq!(details, ["address at the time of listing", "address remark", "contact information"]);
}

#[test]
fn rows_that_contradict_others_are_kept_beside_them() {
    let name = "NameAlias_LogicalId=11|NameAlias_WholeName=A";
    for (fields, field, value) in [
        ("Entity_LogicalId=901|Entity_DesignationDate=2014-03-18", "Entity_DesignationDate", "2014-03-18"),
        ("Entity_LogicalId=901|Entity_SubjectType=E", "Entity_SubjectType", "E"),
        ("Entity_LogicalId=901|NameAlias_LogicalId=11|NameAlias_WholeName=B", "NameAlias_LogicalId", "11"),
    ] {
        let company = row(&[COMPANY, "NameAlias_LogicalId=51|NameAlias_WholeName=C"]);
        let rows = [row(&[PERSON, name]), company, row(&[fields]), row(&[fields])];
        let (subjects, report, _) = read(eu_csv::read, &csv(&rows));
        let uids: Vec<String> = subjects.unwrap().into_iter().map(|subject| subject.uid).collect();
        assert_eq!(uids, ["901", "902"], "{fields}");
        let kept = &report.kept_as_text[0];
        assert_eq!((report.kept_as_text.len(), kept.field.as_str(), kept.value.as_str()), (1, field, value));
        assert!(kept.reason.starts_with("at line 4 contradicts the row at line 2 of the same entity 901"), "{kept}");
        assert_eq!(report.rows_rejected, 0);
    }
    let nobody = row(&["Entity_DesignationDate=2014-03-18"]);
    let (subjects, report, _) = read(eu_csv::read, &csv(&[row(&[PERSON, name]), nobody]));
    assert_eq!((subjects.unwrap().len(), report.rows_rejected), (1, 1));
    assert_eq!((report.rejects[0].field.as_str(), report.rejects[0].line), ("Entity_LogicalId", 3));
    // An empty field says nothing.
    let rows = [row(&["Entity_LogicalId=901", name]), row(&[PERSON])];
    assert_eq!(read(eu_csv::read, &csv(&rows)).0.unwrap()[0].listed_on.unwrap().to_string(), "2014-03-17");
}

#[test]
fn wrong_values_are_kept_as_text() {
    for (fields, field) in [
        ("Entity_DesignationDate=2014-02-31", "designationDate"),
        ("BirthDate_BirthDate=1964-02-31", "date of birth"),
        ("BirthDate_Year=1964|BirthDate_Month=13", "date of birth"),
        ("BirthDate_Year=soon", "date of birth"),
        ("BirthDate_YearRangeFrom=1958|BirthDate_YearRangeTo=1953", "date of birth"),
        ("BirthDate_Year=1958|BirthDate_Circa=maybe", "circa"),
        ("Identification_Number=1|Identification_KnownFalse=unclear", "knownFalse"),
        ("Identification_Number=1|Identification_ValidTo=11/30/16", "validTo"),
        ("NameAlias_Regulation_PublicationDate=never", "publicationDate"),
        ("Entity_SubjectType=thing", "subject type"),
    ] {
        let entity = "Entity_LogicalId=1|NameAlias_WholeName=A|NameAlias_LogicalId=1|Entity_SubjectType=P";
        let (subjects, report, _) = read(eu_csv::read, &csv(&[row(&[fields, entity])]));
        assert_eq!((subjects.unwrap().len(), report.rows_read, report.rows_rejected), (1, 1, 0), "{fields}");
        assert_eq!((report.kept_as_text[0].field.as_str(), report.kept_as_text[0].line), (field, 2), "{fields}");
    }
    let nameless = row(&["Entity_LogicalId=1|NameAlias_WholeName=-|NameAlias_LogicalId=1|Entity_SubjectType=P"]);
    let (_, report, _) = read(eu_csv::read, &csv(&[nameless]));
    assert_eq!((report.rows_rejected, report.rejects[0].field.as_str()), (1, "name"));
}

#[test]
fn columns_are_found_by_name() {
    let text = csv(&rows());
    let whole = read(eu_csv::read, &text).0.unwrap();
    let mut reader = ::csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_reader(text.as_bytes());
    let mut writer = ::csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    for record in reader.records() {
        writer.write_record(record.unwrap().iter().rev()).unwrap();
    }
    let turned = String::from_utf8(writer.into_inner().unwrap()).unwrap();
    assert_eq!(read(eu_csv::read, &turned).0.unwrap(), whole);
    // With or without a byte order mark, and `\r\n`, and an end of the last line.
    assert_eq!(read(eu_csv::read, &format!("\u{feff}{}\r\n", text.replace('\n', "\r\n"))).0.unwrap(), whole);

    let lacking = text.replace("BirthDate_Year;", "BirthYear;").replace("Address_City;", "City;");
    let (subjects, report, _) = read(eu_csv::read, &lacking);
    assert_eq!(subjects.unwrap().len(), whole.len());
    assert_eq!(report.skipped["a column that the file does not have: BirthDate_Year"], 1);
    let error = read(eu_csv::read, "Entity_logical_id;Subject_type\n1;P\n").0.unwrap_err().to_string();
    assert!(error.contains("lacks the columns fileGenerationDate, Entity_LogicalId"), "{error}");
    let (subjects, report, published) = read(eu_csv::read, &text.replace("05/08/2026", "08/2026"));
    assert_eq!((subjects.unwrap().len(), published), (whole.len(), None));
    let told = report.kept_as_text[0].to_string();
    assert!(told.contains("line 2, fileGenerationDate `08/2026`: is not a day that exists"), "{told}");
}

#[test]
fn cut_and_foreign_files_are_refused() {
    let text = csv(&rows());
    let last_line = text.rfind('\n').unwrap();
    for cut in [last_line + 40, last_line + 150, text.find("more)").unwrap()] {
        let error = read(eu_csv::read, &text[..cut]).0.unwrap_err().to_string();
        assert!(error.contains("fields, and the header has 118"), "{error}");
    }
    for cut in [1, 10, 300, 2000].map(|bytes| XML.len() - bytes) {
        let error = read(eu_xml::read, &XML[..cut]).0.unwrap_err().to_string();
        assert!(error.contains("breaks off") || error.contains("well-formed"), "{error}");
    }
    assert!(read(eu_xml::read, &format!("\u{feff}{XML}\n")).0.is_ok());
    for (reader, text, says) in [
        (eu_xml::read as Reader, "<WHOLE><ENTITY/></WHOLE>".to_owned(), "its root is <WHOLE>"),
        (eu_xml::read, "<export xmlns=\"urn:x\"><a/></export>".into(), "of the namespace urn:x"),
        (eu_csv::read, XML.into(), "is a page of HTML or XML"),
    ] {
        let error = read(reader, &text).0.unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn what_only_the_xml_has_is_kept() {
    let text = r#"<export><sanctionEntity logicalId="1" delistingDate="2020-01-02"><subjectType code="thing"/>
        <nameAlias wholeName="A" strong="false" logicalId="1"><additionalInformation key="k" value="v"/></nameAlias>
        <novelty>new <b>words</b></novelty></sanctionEntity></export>"#;
    let (subjects, report, _) = read(eu_xml::read, text);
    let subject = subjects.unwrap().remove(0);
    assert_eq!((subject.kind, subject.names[0].strength), (SubjectKind::Unknown, Strength::Weak));
    assert_eq!(subject.delisted_on.unwrap().to_string(), "2020-01-02");
    let details: Vec<_> = subject.details.iter().map(|d| (d.label.as_str(), d.value.as_str())).collect();
    assert_eq!(details, [("subject type", "thing"), ("novelty", "new words"), ("additionalInformation", "k: v")]);
    assert_eq!(report.skipped.len(), 2);
}
