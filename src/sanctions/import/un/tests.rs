//! Tests of the UN importer on files of the list's own layout.

use std::io::Write as _;

use super::*;
use crate::import::Report;

fn read_text(text: &str) -> (Result<Vec<Subject>, Error>, Report, Option<jiff::civil::Date>) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let mut report = Report::default();
    let mut listing = Listing::new(&mut report);
    let read = read(&[file.path().to_owned()], &Progress::silent(), &mut listing);
    let (subjects, published) = (listing.subjects, listing.published);
    (read.map(|()| subjects), report, published)
}

fn list(individuals: &str, entities: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CONSOLIDATED_LIST \
         dateGenerated=\"2018-10-29T19:09:49.856-04:00\">\n<INDIVIDUALS>{individuals}</INDIVIDUALS>\n\
         <ENTITIES>{entities}</ENTITIES>\n</CONSOLIDATED_LIST>"
    )
}

fn only(individuals: &str, entities: &str) -> (Subject, Report) {
    let (subjects, report, _) = read_text(&list(individuals, entities));
    let mut subjects = subjects.unwrap();
    assert_eq!((subjects.len(), report.rows_rejected), (1, 0), "{:?}", report.rejects);
    (subjects.remove(0), report)
}

const PERSON: &str = "<INDIVIDUAL><DATAID>7000001</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME> NIMA </FIRST_NAME>
    <SECOND_NAME>SAMPLE</SECOND_NAME><UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>KPi.999 </REFERENCE_NUMBER>
    <LISTED_ON>2016-11-30-05:00</LISTED_ON><GENDER>Male</GENDER><SUBMITTED_BY>Nowhereland</SUBMITTED_BY>
    <NAME_ORIGINAL_SCRIPT>니마</NAME_ORIGINAL_SCRIPT><COMMENTS1>Official of the\n       sample bureau. </COMMENTS1>
    <TITLE><VALUE>Dr.</VALUE></TITLE><DESIGNATION><VALUE>a) Official</VALUE><VALUE>Major</VALUE></DESIGNATION>
    <NATIONALITY><VALUE>Nowhereland</VALUE><VALUE>na</VALUE></NATIONALITY>
    <LIST_TYPE><VALUE>UN List</VALUE></LIST_TYPE>
    <LAST_DAY_UPDATED><VALUE>2017-01-02</VALUE><VALUE>2019-03-04</VALUE><VALUE/></LAST_DAY_UPDATED>
    <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Neema</ALIAS_NAME></INDIVIDUAL_ALIAS>
    <INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
    <INDIVIDUAL_ADDRESS><STREET>1 Main Street,</STREET><CITY>Town</CITY><STATE_PROVINCE>Province</STATE_PROVINCE>
      <ZIP_CODE>123</ZIP_CODE><COUNTRY>Nowhereland</COUNTRY><NOTE>previous address</NOTE></INDIVIDUAL_ADDRESS>
    <INDIVIDUAL_ADDRESS><COUNTRY/></INDIVIDUAL_ADDRESS>
    <INDIVIDUAL_ADDRESS><NOTE>Branch Office 3: Town, Nowhereland</NOTE></INDIVIDUAL_ADDRESS>
    <INDIVIDUAL_ADDRESS><NOTE>In custody</NOTE></INDIVIDUAL_ADDRESS>
    <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1964-07-17</DATE></INDIVIDUAL_DATE_OF_BIRTH>
    <INDIVIDUAL_PLACE_OF_BIRTH><CITY>Village</CITY><COUNTRY>Nowhereland</COUNTRY></INDIVIDUAL_PLACE_OF_BIRTH>
    <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>381</NUMBER></INDIVIDUAL_DOCUMENT>
    <INDIVIDUAL_DOCUMENT/><SORT_KEY/><SORT_KEY_LAST_MOD/></INDIVIDUAL>";

#[test]
fn every_field_of_a_person_is_kept() {
    let (subject, report) = only(PERSON, "");
    assert_eq!((subject.uid.as_str(), subject.kind), ("7000001", SubjectKind::Person));
    let names: Vec<&str> = subject.names.iter().map(|name| name.full.as_str()).collect();
    assert_eq!(names, ["NIMA SAMPLE", "니마", "Neema"]);
    let identifiers: Vec<_> = subject.identifiers.iter().map(|id| (id.kind, id.value.as_str())).collect();
    assert_eq!(identifiers, [(IdentifierKind::UnReference, "KPi.999"), (IdentifierKind::Passport, "381")]);
    assert_eq!(subject.programmes[0].code, "DPRK");
    assert_eq!(subject.listed_on.unwrap().to_string(), "2016-11-30");
    assert_eq!(subject.amended_on.unwrap().to_string(), "2019-03-04");
    assert_eq!(subject.delisted_on, None);
    assert_eq!(subject.dates[0].date.to_string(), "1964-07-17");
    let places: Vec<_> = subject.places.iter().map(|place| (place.kind, place.text.as_str())).collect();
    let expected = [
        (PlaceKind::Nationality, "Nowhereland"),
        (PlaceKind::Address, "1 Main Street, Town, Province, 123, Nowhereland"),
        (PlaceKind::Address, "Branch Office 3: Town, Nowhereland"),
        (PlaceKind::Birth, "Village, Nowhereland"),
    ];
    assert_eq!(places, expected);
    assert_eq!((subject.places[1].city.as_str(), subject.places[1].postal_code.as_str()), ("Town", "123"));
    let details: Vec<_> = subject.details.iter().map(|d| (d.label.as_str(), d.value.as_str())).collect();
    let expected = [
        ("title", "Dr."),
        ("designation", "a) Official"),
        ("designation", "Major"),
        ("gender", "Male"),
        ("submitted by", "Nowhereland"),
        ("address note", "1 Main Street, Town, Province, 123, Nowhereland: previous address"),
        ("address note", "In custody"),
    ];
    assert_eq!(details, expected);
    assert_eq!(subject.remarks, "Official of the sample bureau.");
    assert_eq!(subject.source_list, "");
    assert!(report.skipped.is_empty(), "{:?}", report.skipped);
    assert_eq!((report.rows_read, report.files.len()), (1, 1));
    assert_eq!(read_text(&list(PERSON, "")).2.unwrap().to_string(), "2018-10-29");
}

fn entity(name: &str, regime: &str, comments: &str) -> String {
    format!(
        "<ENTITY><DATAID>1</DATAID><FIRST_NAME>{name}</FIRST_NAME><UN_LIST_TYPE>{regime}</UN_LIST_TYPE>\
         <COMMENTS1>{comments}</COMMENTS1><ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>Old</ALIAS_NAME>\
         </ENTITY_ALIAS><ENTITY_ADDRESS><CITY>Town</CITY></ENTITY_ADDRESS></ENTITY>"
    )
}

fn kinds(subject: &Subject) -> Vec<MeasureKind> {
    subject.measures.iter().map(|measure| measure.kind).collect()
}

#[test]
fn an_entity_has_its_own_imo_number_and_not_that_of_a_ship() {
    let comments = "Manager of the tanker SAMPLE (IMO: 1111111). IMO number: 5571322.";
    let (subject, _) = only("", &entity("SAMPLE SHIPPING", "DPRK", comments));
    assert_eq!((subject.kind, subject.places[0].text.as_str()), (SubjectKind::Organization, "Town"));
    let numbers: Vec<_> = subject.identifiers.iter().map(|id| (id.value.as_str(), id.label.as_str())).collect();
    assert_eq!(numbers, [("5571322", "company")]);
    assert_eq!(kinds(&subject), [MeasureKind::AssetFreeze]);

    for (comments, number) in [
        ("Company Number IMO 5434358.", "5434358"),
        ("International Maritime Organization (IMO) Number: 1790183. More.", "1790183"),
        ("IMO Number: 5342883. The company.", "5342883"),
    ] {
        let (subject, _) = only("", &entity("SAMPLE SHIPPING", "DPRK", comments));
        assert_eq!(subject.identifiers[0].value, number);
    }
    let (subject, _) = only("", &entity("M/V SAMPLE", "DPRK", "IMO number: 5571322."));
    assert_eq!((subject.kind, subject.identifiers[0].label.as_str()), (SubjectKind::Vessel, ""));
    assert_eq!(kinds(&subject), [MeasureKind::AssetFreeze, MeasureKind::VesselBan]);
}

#[test]
fn measures_follow_from_the_regime() {
    use MeasureKind::{Arms, AssetFreeze, TravelBan};
    for (regime, comments, expected) in [
        ("DPRK", "", vec![AssetFreeze, TravelBan]),
        ("Al-Qaida", "", vec![AssetFreeze, TravelBan, Arms]),
        ("Iraq", "", vec![AssetFreeze]),
        ("GB", "", vec![TravelBan]),
        ("Libya", "Listed pursuant to paragraph 15 (Travel Ban).", vec![TravelBan]),
        ("Libya", "Listed pursuant to paragraph 17 ( Asset Freeze). His travel ban ended.", vec![AssetFreeze]),
        ("Libya", "Paragraph 15 (Travel Ban). Paragraph 17 (Asset Freeze).", vec![AssetFreeze, TravelBan]),
        ("Libya", "", vec![AssetFreeze, TravelBan]),
    ] {
        let remarks = comments.to_owned();
        let subject = Subject { kind: SubjectKind::Person, remarks, ..Subject::default() };
        let found: Vec<_> = measures(regime, &subject).iter().map(|measure| measure.kind).collect();
        assert_eq!(found, expected, "{regime} {comments}");
    }
}

#[test]
fn what_the_schema_does_not_have_is_kept() {
    let new = "<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>A</FIRST_NAME><EYES><VALUE>grey</VALUE></EYES><NEW/>\
               <INDIVIDUAL_ADDRESS><CITY>Town</CITY><FLOOR>3</FLOOR></INDIVIDUAL_ADDRESS></INDIVIDUAL>";
    let (subject, report) = only(new, "");
    let details: Vec<_> = subject.details.iter().map(|d| (d.label.as_str(), d.value.as_str())).collect();
    assert_eq!(details, [("EYES", "grey"), ("FLOOR", "3")]);
    assert_eq!(report.skipped.values().sum::<u64>(), 2);
}

#[test]
fn entries_that_cannot_be_taken_are_rejected() {
    let entry = |uid: &str, fields: &str| format!("<INDIVIDUAL><DATAID>{uid}</DATAID>{fields}</INDIVIDUAL>");
    let name = "<FIRST_NAME>A</FIRST_NAME>";
    let individuals = [
        entry("1", name),
        entry("1", name),
        entry("", name),
        entry("2", ""),
        entry("3", &format!("{name}<LISTED_ON>2016-02-31</LISTED_ON>")),
        entry("4", &format!("{name}<LAST_DAY_UPDATED><VALUE>soon</VALUE></LAST_DAY_UPDATED>")),
    ];
    let (subjects, report, _) = read_text(&list(&individuals.join("\n"), ""));
    assert_eq!(subjects.unwrap().len(), 3);
    assert_eq!((report.rows_read, report.rows_rejected), (6, 3));
    let fields: Vec<&str> = report.rejects.iter().map(|reject| reject.field.as_str()).collect();
    assert_eq!(fields, ["id", "id", "name"]);
    let kept: Vec<&str> = report.kept_as_text.iter().map(|kept| kept.field.as_str()).collect();
    assert_eq!(kept, ["LISTED_ON", "LAST_DAY_UPDATED"]);
    assert_eq!((report.kept_as_text[0].value.as_str(), report.kept_as_text[0].line), ("2016-02-31", 7));
}

#[test]
fn damaged_and_foreign_files_are_refused() {
    let whole = list(PERSON, "");
    // Wherever it is cut, be it within a tag, nothing of it is taken.
    let places = whole.char_indices().map(|(place, _)| place).filter(|place| place % 7 == 0).skip(1);
    for cut in places.chain([whole.len() - "</CONSOLIDATED_LIST>".len()]).map(|place| &whole[..place]) {
        let error = read_text(cut).0.unwrap_err().to_string();
        assert!(["breaks off", "well-formed", "begin with"].iter().any(|says| error.contains(says)), "{error}");
    }
    assert!(read_text(&format!("\u{feff}{whole}\n")).0.is_ok());
    let wrong_day = whole.replace("2018-10-29T19", "2018-02-31T19");
    let (subjects, report, published) = read_text(&wrong_day);
    assert_eq!((subjects.unwrap().len(), published), (1, None));
    assert_eq!(report.kept_as_text[0].field, "dateGenerated");
    for (text, says) in [
        ("<sdnList><x/></sdnList>", "its root is <sdnList>"),
        ("<!DOCTYPE x><CONSOLIDATED_LIST></CONSOLIDATED_LIST>", "document type declaration"),
        ("DATAID,FIRST_NAME\n1,A\n", "does not begin with an element"),
    ] {
        let error = read_text(text).0.unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
}
