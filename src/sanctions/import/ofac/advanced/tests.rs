use crate::sanctions::import::ofac::list::OfacList;
use crate::sanctions::import::ofac::xml::tests::{Outcome, import};
use crate::sanctions::subject::model::{
    DateKind, IdentifierKind, MeasureKind, NameKind, PlaceKind, RelationKind, Strength, Subject, SubjectKind,
};
use crate::value::Span;

/// Numbers are not those of the real files: they must come from the reference values.
const HEAD: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<Sanctions xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ADVANCED_XML" Version="3">
<DateOfIssue CalendarTypeID="1"><Year>2025</Year><Month>3</Month><Day>28</Day></DateOfIssue>
<ReferenceValueSets>
<AliasTypeValues><AliasType ID="1">A.K.A.</AliasType><AliasType ID="2">F.K.A.</AliasType><AliasType ID="3">Name</AliasType></AliasTypeValues>
<AreaCodeValues><AreaCode ID="1" CountryID="1" Description="Russia">RU</AreaCode><AreaCode ID="2" CountryID="2" Description="undetermined" /></AreaCodeValues>
<CalendarTypeValues><CalendarType ID="1">Gregorian</CalendarType><CalendarType ID="2">Hijri</CalendarType></CalendarTypeValues>
<CountryValues><Country ID="1" ISO2="RU">Russia</Country><Country ID="2">undetermined</Country></CountryValues>
<DetailReferenceValues><DetailReference ID="1">Male</DetailReference><DetailReference ID="2">Crude Oil Tanker</DetailReference></DetailReferenceValues>
<DocNameStatusValues><DocNameStatus ID="1">Primary Latin</DocNameStatus><DocNameStatus ID="2">Others</DocNameStatus></DocNameStatusValues>
<EntryEventTypeValues><EntryEventType ID="1">Created</EntryEventType><EntryEventType ID="2">Amended</EntryEventType></EntryEventTypeValues>
<FeatureTypeValues>
<FeatureType ID="1">Birthdate</FeatureType><FeatureType ID="2">Place of Birth</FeatureType><FeatureType ID="3">Nationality Country</FeatureType>
<FeatureType ID="4">Location</FeatureType><FeatureType ID="5">Gender</FeatureType><FeatureType ID="6">Digital Currency Address - ETH</FeatureType>
<FeatureType ID="7">VESSEL TYPE</FeatureType><FeatureType ID="8">Vessel Flag</FeatureType><FeatureType ID="9">Vessel Call Sign</FeatureType>
<FeatureType ID="10">Secondary sanctions risk:</FeatureType><FeatureType ID="11">Listing Date (CMIC)</FeatureType>
</FeatureTypeValues>
<IDRegDocDateTypeValues><IDRegDocDateType ID="1">Issue Date</IDRegDocDateType><IDRegDocDateType ID="2">Expiration Date</IDRegDocDateType></IDRegDocDateTypeValues>
<IDRegDocTypeValues><IDRegDocType ID="1">Passport</IDRegDocType><IDRegDocType ID="2">Tax ID No.</IDRegDocType><IDRegDocType ID="3">Registration Number</IDRegDocType><IDRegDocType ID="4">Vessel Registration Identification</IDRegDocType><IDRegDocType ID="5">Quipu No.</IDRegDocType></IDRegDocTypeValues>
<LegalBasisValues><LegalBasis ID="1" LegalBasisShortRef="Unknown">Unknown</LegalBasis><LegalBasis ID="2">Executive Order 14024 (Russia)</LegalBasis><LegalBasis ID="3">Executive Order 13224 (Terrorism)</LegalBasis></LegalBasisValues>
<ListValues><List ID="1">SDN List</List><List ID="2">Consolidated List</List><List ID="3">Non-SDN CMIC List</List></ListValues>
<LocPartTypeValues><LocPartType ID="1">Unknown</LocPartType><LocPartType ID="2">ADDRESS1</LocPartType><LocPartType ID="3">CITY</LocPartType><LocPartType ID="4">POSTAL CODE</LocPartType></LocPartTypeValues>
<NamePartTypeValues><NamePartType ID="1">Last Name</NamePartType><NamePartType ID="2">First Name</NamePartType><NamePartType ID="3">Patronymic</NamePartType><NamePartType ID="4">Entity Name</NamePartType><NamePartType ID="5">Vessel Name</NamePartType></NamePartTypeValues>
<PartySubTypeValues><PartySubType ID="1" PartyTypeID="4">Vessel</PartySubType><PartySubType ID="3" PartyTypeID="2">Unknown</PartySubType><PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType></PartySubTypeValues>
<PartyTypeValues><PartyType ID="1">Individual</PartyType><PartyType ID="2">Entity</PartyType><PartyType ID="4">Transport</PartyType></PartyTypeValues>
<RelationTypeValues><RelationType ID="1">Owned or Controlled By</RelationType><RelationType ID="2">Family member of</RelationType></RelationTypeValues>
<SanctionsTypeValues><SanctionsType ID="1">Program</SanctionsType><SanctionsType ID="2">Block</SanctionsType><SanctionsType ID="3">CMIC Restrictions</SanctionsType></SanctionsTypeValues>
<ScriptValues><Script ID="1" ScriptCode="Latin">Latin</Script><Script ID="2" ScriptCode="Cyrl">Cyrillic</Script><Script ID="3" ScriptCode="Hans">Chinese Simplified</Script></ScriptValues>
<ValidityValues><Validity ID="1">Valid</Validity><Validity ID="2">Fraudulent</Validity></ValidityValues>
</ReferenceValueSets>
"#;

const PLACES: &str = r#"<Locations>
<Location ID="10"><LocationAreaCode AreaCodeID="1" /><LocationCountry CountryID="1" CountryRelevanceID="1" />
  <LocationPart LocPartTypeID="4"><LocationPartValue Primary="true"><Comment /><Value>125047</Value></LocationPartValue></LocationPart>
  <LocationPart LocPartTypeID="2"><LocationPartValue Primary="true"><Value>ul. Lesnaya 5</Value></LocationPartValue></LocationPart>
  <LocationPart LocPartTypeID="3"><LocationPartValue Primary="false"><Value>Москва</Value></LocationPartValue><LocationPartValue Primary="true"><Value>Moscow</Value></LocationPartValue></LocationPart>
  <FeatureVersionReference FeatureVersionID="1" /></Location>
<Location ID="11"><LocationPart LocPartTypeID="1"><LocationPartValue Primary="true"><Value>Russia</Value></LocationPartValue></LocationPart></Location>
<Location ID="12"><LocationAreaCode AreaCodeID="2" /></Location>
</Locations>
<IDRegDocuments>
<IDRegDocument ID="1" IDRegDocTypeID="1" IdentityID="100" IssuedBy-CountryID="1" ValidityID="2"><Comment>seen once</Comment>
  <IDRegistrationNo>750000001</IDRegistrationNo><IssuingAuthority>MVD</IssuingAuthority>
  <DocumentDate IDRegDocDateTypeID="1"><DatePeriod CalendarTypeID="1"><Start Approximate="false"><From><Year>2015</Year><Month>2</Month><Day>1</Day></From><To><Year>2015</Year><Month>2</Month><Day>1</Day></To></Start></DatePeriod></DocumentDate>
  <DocumentDate IDRegDocDateTypeID="2"><DatePeriod CalendarTypeID="1"><End Approximate="false"><From><Year>2025</Year><Month>2</Month><Day>1</Day></From></End></DatePeriod></DocumentDate></IDRegDocument>
<IDRegDocument ID="2" IDRegDocTypeID="2" IdentityID="100" IssuedBy-CountryID="1" ValidityID="1"><IDRegistrationNo>500100732259</IDRegistrationNo></IDRegDocument>
<IDRegDocument ID="3" IDRegDocTypeID="3" IdentityID="200" IssuedBy-CountryID="1" IssuedIn-LocationID="11" ValidityID="1"><IDRegistrationNo>1027700132195</IDRegistrationNo></IDRegDocument>
<IDRegDocument ID="4" IDRegDocTypeID="4" IdentityID="300" ValidityID="1"><IDRegistrationNo>IMO 9074729</IDRegistrationNo></IDRegDocument>
<IDRegDocument ID="5" IDRegDocTypeID="5" IdentityID="200" ValidityID="1"><IDRegistrationNo>K-17</IDRegistrationNo></IDRegDocument>
<IDRegDocument ID="6" IDRegDocTypeID="5" IdentityID="200" ValidityID="1"><IDRegistrationNo /></IDRegDocument>
</IDRegDocuments>
"#;

const PERSON: &str = r#"<DistinctParty FixedRef="7101"><Comment>a remark</Comment><Profile ID="71" PartySubTypeID="4">
<Identity ID="100" FixedRef="7101" Primary="true" False="false">
<Alias FixedRef="7101" AliasTypeID="1" Primary="false" LowQuality="true"><DocumentedName ID="1" DocNameStatusID="2"><DocumentedNamePart><NamePartValue NamePartGroupID="1" ScriptID="1">VANYA</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
<Alias FixedRef="7101" AliasTypeID="3" Primary="true" LowQuality="false">
<DocumentedName ID="2" DocNameStatusID="2"><DocumentedNamePart><NamePartValue NamePartGroupID="1" ScriptID="2">ПРИМЕРОВ</NamePartValue></DocumentedNamePart><DocumentedNamePart><NamePartValue NamePartGroupID="3" ScriptID="2">Петрович</NamePartValue></DocumentedNamePart><DocumentedNamePart><NamePartValue NamePartGroupID="2" ScriptID="2">Иван</NamePartValue></DocumentedNamePart></DocumentedName>
<DocumentedName ID="3" DocNameStatusID="1"><DocumentedNamePart><NamePartValue NamePartGroupID="1" ScriptID="1">PRIMEROV</NamePartValue></DocumentedNamePart><DocumentedNamePart><NamePartValue NamePartGroupID="2" ScriptID="1">Ivan</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
<Alias FixedRef="7101" AliasTypeID="2" Primary="false" LowQuality="false"><DocumentedName ID="4" DocNameStatusID="2"><DocumentedNamePart><NamePartValue NamePartGroupID="1" ScriptID="3">孙</NamePartValue></DocumentedNamePart><DocumentedNamePart><NamePartValue NamePartGroupID="2" ScriptID="3">敬</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
<NamePartGroups><MasterNamePartGroup><NamePartGroup ID="1" NamePartTypeID="1" /></MasterNamePartGroup><MasterNamePartGroup><NamePartGroup ID="2" NamePartTypeID="2" /></MasterNamePartGroup><MasterNamePartGroup><NamePartGroup ID="3" NamePartTypeID="3" /></MasterNamePartGroup></NamePartGroups>
</Identity>
<Feature ID="1" FeatureTypeID="1"><FeatureVersion ID="1" ReliabilityID="1"><Comment /><DatePeriod CalendarTypeID="1"><Start Approximate="true"><From><Year>1965</Year><Month>1</Month><Day>1</Day></From><To><Year>1965</Year><Month>12</Month><Day>31</Day></To></Start><End Approximate="true"><From><Year>1968</Year><Month>1</Month><Day>1</Day></From><To><Year>1968</Year><Month>12</Month><Day>31</Day></To></End></DatePeriod><VersionDetail DetailTypeID="1" /></FeatureVersion></Feature>
<Feature ID="2" FeatureTypeID="2"><FeatureVersion ID="2"><VersionDetail DetailTypeID="2">Omsk, Russia</VersionDetail></FeatureVersion></Feature>
<Feature ID="3" FeatureTypeID="3"><FeatureVersion ID="3"><VersionDetail DetailTypeID="3" /><VersionLocation LocationID="11" /></FeatureVersion></Feature>
<Feature ID="4" FeatureTypeID="4"><FeatureVersion ID="4"><VersionLocation LocationID="10" /></FeatureVersion></Feature>
<Feature ID="5" FeatureTypeID="4"><FeatureVersion ID="5"><VersionLocation LocationID="12" /></FeatureVersion></Feature>
<Feature ID="6" FeatureTypeID="5"><FeatureVersion ID="6"><VersionDetail DetailTypeID="4" DetailReferenceID="1" /></FeatureVersion></Feature>
<Feature ID="7" FeatureTypeID="6"><FeatureVersion ID="7"><VersionDetail DetailTypeID="2">0x0000000000000000000000000000000000000001</VersionDetail></FeatureVersion></Feature>
<Feature ID="8" FeatureTypeID="10"><FeatureVersion ID="8"><VersionDetail DetailTypeID="2">See Section 11.</VersionDetail></FeatureVersion></Feature>
<Feature ID="9" FeatureTypeID="11"><FeatureVersion ID="9"><DatePeriod CalendarTypeID="1"><Start><From><Year>2021</Year><Month>6</Month><Day>3</Day></From></Start></DatePeriod></FeatureVersion></Feature>
<Feature ID="10" FeatureTypeID="5"><FeatureVersion ID="10"><Comment /></FeatureVersion></Feature>
</Profile></DistinctParty>
"#;

const ENTITY: &str = r#"<DistinctParty FixedRef="7102"><Comment /><Profile ID="72" PartySubTypeID="3"><Identity ID="200" Primary="true" False="false">
<Alias AliasTypeID="3" Primary="true" LowQuality="false"><DocumentedName ID="5" DocNameStatusID="1"><DocumentedNamePart><NamePartValue NamePartGroupID="4" ScriptID="1">ROMASHKA LLC</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
<NamePartGroups><MasterNamePartGroup><NamePartGroup ID="4" NamePartTypeID="4" /></MasterNamePartGroup></NamePartGroups></Identity></Profile></DistinctParty>
"#;

const VESSEL: &str = r#"<DistinctParty FixedRef="7103"><Comment /><Profile ID="73" PartySubTypeID="1"><Identity ID="300" Primary="true" False="false">
<Alias AliasTypeID="3" Primary="true" LowQuality="false"><DocumentedName ID="6" DocNameStatusID="1"><DocumentedNamePart><NamePartValue NamePartGroupID="5" ScriptID="1">LUNA</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
<NamePartGroups><MasterNamePartGroup><NamePartGroup ID="5" NamePartTypeID="5" /></MasterNamePartGroup></NamePartGroups></Identity>
<Feature ID="20" FeatureTypeID="7"><FeatureVersion ID="20"><VersionDetail DetailTypeID="4" DetailReferenceID="2" /></FeatureVersion></Feature>
<Feature ID="21" FeatureTypeID="8"><FeatureVersion ID="21"><VersionDetail DetailTypeID="2">Panama</VersionDetail></FeatureVersion></Feature>
<Feature ID="22" FeatureTypeID="9"><FeatureVersion ID="22"><VersionDetail DetailTypeID="2">T2AB3</VersionDetail></FeatureVersion></Feature>
</Profile></DistinctParty>
"#;

const RELATIONSHIPS: &str = r#"<ProfileRelationships>
<ProfileRelationship ID="1" From-ProfileID="72" To-ProfileID="71" RelationTypeID="1" RelationQualityID="1" Former="false" SanctionsEntryID="1"><Comment /></ProfileRelationship>
<ProfileRelationship ID="2" From-ProfileID="73" To-ProfileID="72" RelationTypeID="1" Former="true"><Comment>until the sale</Comment></ProfileRelationship>
</ProfileRelationships>
"#;

fn entry(profile: u32, list: u32, year: u32, measures: &str) -> String {
    format!(
        r#"<SanctionsEntry ID="1" ProfileID="{profile}" ListID="{list}"><EntryEvent ID="1" EntryEventTypeID="1" LegalBasisID="2"><Comment />
        <Date CalendarTypeID="1"><Year>{year}</Year><Month>2</Month><Day>24</Day></Date></EntryEvent>
        <EntryEvent ID="2" EntryEventTypeID="2" LegalBasisID="3"><Date CalendarTypeID="1"><Year>2024</Year><Month>1</Month><Day>9</Day></Date></EntryEvent>
        {measures}</SanctionsEntry>"#
    )
}

const BLOCK: &str = r#"<SanctionsMeasure ID="1" SanctionsTypeID="2"><DatePeriod CalendarTypeID="1" YearFixed="true" /></SanctionsMeasure>
<SanctionsMeasure ID="2" SanctionsTypeID="1"><Comment>RUSSIA-EO14024</Comment></SanctionsMeasure>
<SanctionsMeasure ID="3" SanctionsTypeID="1"><Comment>SDGT</Comment></SanctionsMeasure>"#;

pub fn file() -> String {
    let entries: String = [71, 72, 73].map(|profile| entry(profile, 1, 2022, BLOCK)).concat();
    format!(
        "{HEAD}{PLACES}<DistinctParties>{PERSON}{ENTITY}{VESSEL}</DistinctParties>{RELATIONSHIPS}\
         <SanctionsEntries>{entries}</SanctionsEntries><SanctionsEntryLinks /></Sanctions>"
    )
}

fn read(xml: &str) -> Outcome {
    import(OfacList::Sdn, xml)
}

fn subjects() -> Vec<Subject> {
    let outcome = read(&file());
    outcome.result.unwrap();
    assert_eq!(outcome.report.rejects.len(), 0, "{:?}", outcome.report.rejects);
    assert_eq!(outcome.report.rows_read, 3);
    assert_eq!(outcome.published.unwrap().to_string(), "2025-03-28");
    for (reason, count) in
        [("an address that says nothing", 1), ("a feature that says nothing", 1), ("a document without a number", 1)]
    {
        assert_eq!(outcome.report.skipped[reason], count, "{reason}");
    }
    outcome.subjects
}

#[test]
fn names_have_their_kind_script_and_order() {
    let person = &subjects()[0];
    assert_eq!((person.uid.as_str(), person.kind), ("7101", SubjectKind::Person));
    let names: Vec<_> =
        person.names.iter().map(|name| (name.full.as_str(), name.kind, name.strength, name.script.as_str())).collect();
    assert_eq!(
        names,
        [
            ("Ivan PRIMEROV", NameKind::Primary, Strength::Unknown, ""),
            ("VANYA", NameKind::Alias, Strength::Weak, ""),
            ("Иван Петрович ПРИМЕРОВ", NameKind::Variant, Strength::Unknown, "Cyrl"),
            ("孙敬", NameKind::Former, Strength::Strong, "Hani"),
        ]
    );
    assert_eq!((person.names[2].given.as_str(), person.names[2].family.as_str()), ("Иван Петрович", "ПРИМЕРОВ"));
    assert_eq!((person.names[1].given.as_str(), person.names[1].family.as_str()), ("", ""));
}

#[test]
fn features_become_dates_places_addresses_and_details() {
    let subjects = subjects();
    let person = &subjects[0];
    assert_eq!((person.dates[0].kind, person.dates[0].date.to_string().as_str()), (DateKind::Birth, "1965~/1968~"));
    let places: Vec<_> = person.places.iter().map(|place| (place.kind, place.text.as_str())).collect();
    assert_eq!(
        places,
        [
            (PlaceKind::Birth, "Omsk, Russia"),
            (PlaceKind::Nationality, "Russia"),
            (PlaceKind::Address, "ul. Lesnaya 5, Moscow, 125047, Russia"),
            (PlaceKind::Address, "ul. Lesnaya 5, Москва, 125047, Russia"),
        ]
    );
    assert_eq!((person.places[2].city.as_str(), person.places[2].postal_code.as_str()), ("Moscow", "125047"));
    let details: Vec<_> = person.details.iter().map(|detail| (detail.label.as_str(), detail.value.as_str())).collect();
    assert_eq!(
        details,
        [
            ("Gender", "Male"),
            ("Secondary sanctions risk", "See Section 11."),
            ("Listing Date (CMIC)", "03 Jun 2021"),
            ("Amended", "09 Jan 2024"),
        ]
    );
    assert_eq!(person.remarks, "a remark");
    let vessel = &subjects[2];
    assert_eq!((vessel.kind, vessel.places[0].kind), (SubjectKind::Vessel, PlaceKind::Flag));
    assert_eq!(
        (vessel.details[0].label.as_str(), vessel.details[0].value.as_str()),
        ("Vessel Type", "Crude Oil Tanker")
    );
}

#[test]
fn documents_become_identifiers_of_their_party() {
    let subjects = subjects();
    let all: Vec<_> = subjects
        .iter()
        .flat_map(|subject| &subject.identifiers)
        .map(|id| (id.kind, id.value.as_str(), id.label.as_str()))
        .collect();
    assert_eq!(
        all,
        [
            (IdentifierKind::OfacUid, "7101", "SDN"),
            (IdentifierKind::CryptoAddress, "0x0000000000000000000000000000000000000001", "ETH"),
            (IdentifierKind::Passport, "750000001", "Passport"),
            (IdentifierKind::Inn, "500100732259", "Tax ID No."),
            (IdentifierKind::OfacUid, "7102", "SDN"),
            (IdentifierKind::Ogrn, "1027700132195", "Registration Number"),
            (IdentifierKind::Other, "K-17", "Quipu No."),
            (IdentifierKind::OfacUid, "7103", "SDN"),
            (IdentifierKind::CallSign, "T2AB3", "Vessel Call Sign"),
            (IdentifierKind::Imo, "9074729", "Vessel Registration Identification"),
        ]
    );
    let passport = &subjects[0].identifiers[2];
    assert_eq!(passport.issued_on, Span::of_day(2015, 2, 1));
    assert_eq!(passport.expires_on, Span::of_day(2025, 2, 1));
    assert!(passport.note.ends_with("seen once; issued by MVD; Fraudulent"), "{}", passport.note);
}

#[test]
fn entries_give_day_programmes_legal_basis_and_measures() {
    let subjects = subjects();
    let person = &subjects[0];
    assert_eq!(person.listed_on, Span::of_day(2022, 2, 24));
    let programmes: Vec<_> =
        person.programmes.iter().map(|programme| (programme.code.as_str(), programme.legal_basis.as_str())).collect();
    assert_eq!(
        programmes,
        [("RUSSIA-EO14024", "Executive Order 14024 (Russia)"), ("SDGT", "Executive Order 13224 (Terrorism)")]
    );
    let measures: Vec<_> = person.measures.iter().map(|measure| (measure.kind, measure.text.as_str())).collect();
    assert_eq!(measures, [(MeasureKind::AssetFreeze, "Block")]);
    assert_eq!(person.source_list, "");

    let relation = &subjects[1].relations[0];
    assert_eq!((relation.kind, relation.uid.as_str()), (RelationKind::OwnedOrControlledBy, "7101"));
    assert_eq!(relation.text, "Owned or Controlled By");
    assert_eq!(subjects[2].relations[0].text, "Owned or Controlled By (former): until the sale");
}

#[test]
fn the_consolidated_list_names_its_parts_and_may_share_parties_with_the_sdn_list() {
    let cmic = r#"<SanctionsMeasure ID="1" SanctionsTypeID="3" />"#;
    let entries =
        [entry(72, 2, 2014, cmic), entry(72, 3, 2021, cmic), entry(72, 1, 2001, cmic), entry(73, 2, 2014, cmic)]
            .concat();
    let places = PLACES.split("<IDRegDocuments>").next().unwrap();
    let xml = format!(
        "{HEAD}{places}<DistinctParties>{ENTITY}{VESSEL}</DistinctParties>\
         <SanctionsEntries>{entries}</SanctionsEntries></Sanctions>"
    );
    let outcome = import(OfacList::Consolidated, &xml);
    outcome.result.unwrap();
    let bank = &outcome.subjects[0];
    assert_eq!(bank.source_list, "Non-SDN CMIC List");
    assert_eq!(bank.listed_on, Span::of_day(2014, 2, 24));
    assert_eq!((bank.measures.len(), bank.measures[0].kind), (1, MeasureKind::Investment));
    let labels: Vec<_> = bank.identifiers.iter().map(|id| id.label.as_str()).collect();
    assert_eq!(labels, ["non-SDN", "SDN"]);
    let error = read(&xml).result.unwrap_err().to_string();
    assert!(error.contains("is the consolidated (non-SDN) list; expected sdn.csv, SDN.XML"), "{error}");
    let error = import(OfacList::Consolidated, &file()).result.unwrap_err().to_string();
    assert!(error.contains("is the SDN list"), "{error}");
}

#[test]
fn a_reference_that_leads_nowhere_is_kept_as_text_by_its_party() {
    for (good, bad, field, value) in [
        (r#"Feature ID="2" FeatureTypeID="2""#, r#"Feature ID="2" FeatureTypeID="999""#, "FeatureTypeID", "999"),
        (r#"AliasTypeID="2" Primary"#, r#"AliasTypeID="77" Primary"#, "AliasTypeID", "77"),
        (r#"NamePartGroupID="3" ScriptID="2""#, r#"NamePartGroupID="31" ScriptID="2""#, "NamePartGroupID", "31"),
        (r#"NamePartGroupID="3" ScriptID="2""#, r#"NamePartGroupID="3" ScriptID="9""#, "ScriptID", "9"),
        (r#"DetailReferenceID="1""#, r#"DetailReferenceID="5""#, "DetailReferenceID", "5"),
        (r#"VersionLocation LocationID="10""#, r#"VersionLocation LocationID="1000""#, "LocationID", "1000"),
        (r#"Profile ID="71" PartySubTypeID="4""#, r#"Profile ID="71" PartySubTypeID="8""#, "PartySubTypeID", "8"),
        (r#"IDRegDocTypeID="1" IdentityID"#, r#"IDRegDocTypeID="55" IdentityID"#, "IDRegDocTypeID", "55"),
        (
            r#"ProfileID="71" ListID="1"><EntryEvent ID="1" EntryEventTypeID="1" LegalBasisID="2""#,
            r#"ProfileID="71" ListID="1"><EntryEvent ID="1" EntryEventTypeID="1" LegalBasisID="20""#,
            "LegalBasisID",
            "20",
        ),
        (
            "<Year>1965</Year><Month>1</Month><Day>1</Day>",
            "<Year>1965</Year><Month>2</Month><Day>30</Day>",
            "DatePeriod",
            "1965-2-30 to 1965-12-31 to 1968-1-1 to 1968-12-31",
        ),
        ("<Year>1965</Year>", "<Year>1975</Year>", "DatePeriod", "1975-01-01 to 1968-12-31"),
        (
            r#"<FeatureVersion ID="9"><DatePeriod CalendarTypeID="1">"#,
            r#"<FeatureVersion ID="9"><DatePeriod CalendarTypeID="2">"#,
            "CalendarTypeID",
            "Hijri",
        ),
    ] {
        let whole = file();
        assert!(whole.contains(good), "{good}");
        let outcome = read(&whole.replace(good, bad));
        outcome.result.unwrap();
        let kept = &outcome.report.kept_as_text[0];
        assert_eq!((kept.field.as_str(), kept.value.as_str()), (field, value));
        let uids: Vec<_> = outcome.subjects.iter().map(|subject| subject.uid.as_str()).collect();
        assert_eq!(uids, ["7101", "7102", "7103"], "{bad}");
        assert_eq!((outcome.report.rows_read, outcome.report.rows_rejected), (3, 0), "{bad}");
        let details = outcome.subjects.iter().flat_map(|subject| &subject.details);
        assert!(details.into_iter().any(|detail| detail.label == field && detail.value == value), "{bad}");
    }
}

#[test]
fn an_entry_or_document_of_nobody_is_rejected() {
    for (good, bad, field) in [
        (r#"ProfileID="73" ListID"#, r#"ProfileID="79" ListID"#, "ProfileID"),
        (r#"IDRegDocTypeID="5" IdentityID="200""#, r#"IDRegDocTypeID="5" IdentityID="79""#, "IdentityID"),
    ] {
        let outcome = read(&file().replace(good, bad));
        let rejected: Vec<_> = outcome.report.rejects.iter().map(|reject| reject.field.as_str()).collect();
        outcome.result.unwrap();
        assert_eq!(rejected[0], field, "{rejected:?}");
    }
}

#[test]
fn a_damaged_file_or_a_delta_is_refused() {
    let whole = file();
    for (xml, expected) in [
        (whole.split("<SanctionsEntries>").next().unwrap().to_owned(), "breaks off"),
        (whole.replace(r#"Version="3""#, r#"Version="3" DeltaBaseVersion="2""#), "only what changed"),
        (whole.replace("ReferenceValueSets", "Values"), "in front of its ReferenceValueSets"),
        (whole.replace("DateOfIssue", "Date"), "has no DateOfIssue"),
        (
            whole.replace("<Year>2025</Year><Month>3</Month><Day>28</Day></DateOfIssue>", "</DateOfIssue>"),
            "is not a valid day",
        ),
        (whole.replace("SanctionsEntry ", "Entry ").replace("/SanctionsEntry>", "/Entry>"), "puts nobody on a list"),
        (format!("{HEAD}</Sanctions>"), "no DistinctParty"),
        (whole.replace("<SanctionsEntryLinks />", r#"<Location ID="99" />"#), "behind the first DistinctParty"),
    ] {
        let error = read(&xml).result.unwrap_err().to_string();
        assert!(error.contains(expected), "{expected}: {error}");
    }
}
