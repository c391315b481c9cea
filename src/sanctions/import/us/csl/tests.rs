use std::io::Write as _;

use super::*;
use crate::import::Report;
use crate::sanctions::subject::model::MeasureKind;

const SDN: &str = "Specially Designated Nationals (SDN) - Treasury Department";
const ENTITIES: &str = "Entity List (EL) - Bureau of Industry and Security";

fn line(fields: &[(&str, &str)]) -> String {
    let field = |column: &str| fields.iter().find(|(name, _)| *name == column).map_or("", |(_, value)| *value);
    let mut line = "\"x\"".to_owned();
    for column in COLUMNS {
        line.push_str(&format!(",\"{}\"", field(column).replace('"', "\"\"")));
    }
    line + "\n"
}

fn attempt(rows: &str) -> (Result<(), Error>, Vec<Subject>, Report) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(format!("_id,{}\n{rows}", COLUMNS.join(",")).as_bytes()).unwrap();
    let mut report = Report::default();
    let mut listing = Listing::new(&mut report);
    let result = read(&[file.path().to_owned()], &Progress::silent(), &mut listing);
    let subjects = listing.subjects;
    (result, subjects, report)
}

fn import(rows: &str) -> (Vec<Subject>, Report) {
    let (result, subjects, report) = attempt(rows);
    result.unwrap();
    (subjects, report)
}

#[test]
fn a_row_of_ofac_has_all_its_fields() {
    let (subjects, _) = import(&line(&[
        ("source", SDN),
        ("entity_number", "4238"),
        ("type", "Individual"),
        ("programs", "CUBA; SDGT"),
        ("name", "DOE, John"),
        ("title", "Captain"),
        ("addresses", "1 Road, Havana, CU; Gaza, PS"),
        ("call_sign", "CL2192"),
        ("vessel_flag", "Cuba"),
        ("vessel_owner", "Acme S.A."),
        ("vessel_type", "Tug"),
        ("gross_tonnage", "2595"),
        ("gross_registered_tonnage", "212"),
        ("remarks", "Member; (Linked To: GUARD (IRGC)-FORCE; Linked To: ACME)"),
        ("source_list_url", "https://list"),
        ("alt_names", "DOE, Jack; JOHNNY"),
        ("citizenships", "TR"),
        ("dates_of_birth", "1951; circa 1952; in spring"),
        ("nationalities", "EG; MR"),
        ("places_of_birth", "Giza, Egypt"),
        ("source_information_url", "https://information"),
        ("ids", "Passport, A1, EG; Gender, Male"),
    ]));
    let [subject] = &subjects[..] else { panic!("one row") };
    assert_eq!((subject.uid.as_str(), subject.kind), ("SDN-4238", SubjectKind::Person));
    assert_eq!((subject.authority.as_str(), subject.source_list.as_str()), ("OFAC", "SDN"));
    let names: Vec<_> = subject.names.iter().map(|name| name.full.as_str()).collect();
    assert_eq!(names, ["John DOE", "Jack DOE", "JOHNNY"]);
    let programmes: Vec<_> = subject.programmes.iter().map(|programme| programme.code.as_str()).collect();
    assert_eq!(programmes, ["CUBA", "SDGT"]);
    let places: Vec<_> = subject.places.iter().map(|place| (place.kind, place.text.as_str())).collect();
    assert_eq!(
        places,
        [
            (PlaceKind::Address, "1 Road, Havana, CU"),
            (PlaceKind::Address, "Gaza, PS"),
            (PlaceKind::Nationality, "EG"),
            (PlaceKind::Nationality, "MR"),
            (PlaceKind::Citizenship, "TR"),
            (PlaceKind::Birth, "Giza, Egypt"),
            (PlaceKind::Flag, "Cuba"),
        ]
    );
    let ids: Vec<_> = subject.identifiers.iter().map(|id| (id.kind, id.value.as_str(), id.label.as_str())).collect();
    assert_eq!(
        ids,
        [
            (IdentifierKind::OfacUid, "4238", "SDN"),
            (IdentifierKind::Passport, "A1", "Passport"),
            (IdentifierKind::CallSign, "CL2192", "")
        ]
    );
    let births: Vec<_> = subject.dates.iter().map(|fact| fact.date.to_string()).collect();
    assert_eq!(births, ["1951", "1952~"]);
    let relations: Vec<_> = subject.relations.iter().map(|relation| (relation.kind, relation.name.as_str())).collect();
    assert_eq!(
        relations,
        [
            (RelationKind::OwnedBy, "Acme S.A."),
            (RelationKind::LinkedTo, "GUARD (IRGC)-FORCE"),
            (RelationKind::LinkedTo, "ACME")
        ]
    );
    assert_eq!(subject.measures[0].kind, MeasureKind::AssetFreeze);
    assert!(subject.remarks.starts_with("Member; "));
    let details: Vec<_> = subject.details.iter().map(|detail| format!("{}={}", detail.label, detail.value)).collect();
    assert_eq!(
        details,
        [
            "dates_of_birth=in spring",
            "title=Captain",
            "vessel type=Tug",
            "gross tonnage=2595",
            "gross registered tonnage=212",
            "source list url=https://list",
            "source information url=https://information",
            "Gender=Male"
        ]
    );
}

#[test]
fn rows_of_one_name_join_where_the_list_has_no_numbers() {
    let row = |address: &str, start: &str, requirement: &str| {
        line(&[
            ("source", ENTITIES),
            ("name", "Acme Ltd"),
            ("addresses", address),
            ("start_date", start),
            ("license_requirement", requirement),
            ("license_policy", "Presumption of denial"),
            ("federal_register_notice", start),
        ])
    };
    let rows = row("1 Road, Kiel, DE", "2012-04-25", "All") + &row("2 Road, Tehran, IR", "2008-09-22", "All items");
    let (subjects, report) = import(&rows);
    let [subject] = &subjects[..] else { panic!("one name") };
    assert_eq!(subject.uid, uid_of_name("EL", "ACME LTD"));
    assert_eq!((subject.authority.as_str(), subject.source_list.as_str()), ("BIS", "Entity List"));
    assert_eq!(subject.places.len(), 2);
    assert_eq!(subject.listed_on, Span::of_day(2008, 9, 22));
    let measures: Vec<_> = subject.measures.iter().map(|measure| (measure.text.as_str(), measure.from)).collect();
    assert_eq!(
        measures,
        [
            ("All; Presumption of denial", Span::of_day(2012, 4, 25)),
            ("All items; Presumption of denial", Span::of_day(2008, 9, 22))
        ]
    );
    assert_eq!(report.rows_read, 2);
    let moved = import(&row("3 Road, Bonn, DE", "2012-04-25", "All")).0;
    assert_eq!(moved[0].uid, subject.uid);
}

#[test]
fn each_list_has_its_measure() {
    let directive = "Executive Order 13662 Directive Determination -, Subject to Directive 1";
    let cmic = "Listing Date (CMIC), 2021-06-03; Effective Date (CMIC), 2021-08-02";
    for (source, ids, kind, text, from) in [
        (
            "Sectoral Sanctions Identifications List (SSI) - Treasury Department",
            directive,
            MeasureKind::Sectoral,
            "Executive Order 13662 Directive Determination: Subject to Directive 1",
            None,
        ),
        ("Non-SDN Menu-Based Sanctions List (NS-MBS List) - Treasury Department", "", MeasureKind::Other, "", None),
        (
            "Chinese Military-Industrial Complex (CMIC) - Treasury Department",
            cmic,
            MeasureKind::Investment,
            "",
            Span::of_day(2021, 8, 2),
        ),
        ("Capta List (CAP) - Treasury Department", "", MeasureKind::CorrespondentAccount, "", None),
        (
            "Unverified List (UVL) - Bureau of Industry and Security",
            "",
            MeasureKind::ExportRestriction,
            "unverified",
            None,
        ),
        ("ITAR Debarred (DTC) - State Department", "", MeasureKind::ExportRestriction, "debarred", None),
        ("Nonproliferation Sanctions (ISN) - State Department", "", MeasureKind::Other, "", None),
    ] {
        let (subjects, _) =
            import(&line(&[("source", source), ("name", "Acme"), ("entity_number", "1"), ("ids", ids)]));
        let measure = &subjects[0].measures[0];
        assert_eq!((measure.kind, measure.text.as_str(), measure.from), (kind, text, from), "{source}");
    }
    let denied = "Denied Persons List (DPL) - Bureau of Industry and Security";
    let row = [
        ("source", denied),
        ("name", "Acme"),
        ("start_date", "2003-06-19"),
        ("end_date", "2056-06-29"),
        ("addresses", "1 ROAD, EL PASO, TX, 79905"),
    ];
    let (subjects, _) = import(&line(&row));
    assert_eq!(subjects[0].measures[0].until, Span::of_day(2056, 6, 29));
    assert_eq!(subjects[0].places[0].country, "USA");
    assert_eq!(subjects[0].delisted_on, None);
    let (subjects, report) =
        import(&line(&[("source", "New List (NEW) - Coast Guard"), ("name", "Acme"), ("type", "Port")]));
    assert_eq!((subjects[0].authority.as_str(), subjects[0].source_list.as_str()), ("Coast Guard", "New List (NEW)"));
    assert_eq!(report.skipped.len(), 2);
}

#[test]
fn malformed_values_are_kept_as_text() {
    for (column, value, kept) in [
        ("start_date", "2020-02-30", "2020-02-30"),
        ("end_date", "2020", "2020"),
        ("dates_of_birth", "1980; 1980-02-30", "1980-02-30"),
        ("dates_of_birth", "soon", "soon"),
        ("ids", "Passport, A1, TN, 31 Feb 1990", "31 Feb 1990"),
        ("type", "Port", "Port"),
    ] {
        let (subjects, report) = import(&line(&[("source", SDN), ("name", "A"), (column, value)]));
        assert_eq!((subjects.len(), report.rows_rejected, report.kept_as_text.len()), (1, 0, 1), "{column}");
        let told = &report.kept_as_text[0];
        assert_eq!((told.field.as_str(), told.value.as_str(), told.line), (column, kept, 2));
        assert!(subjects[0].details.iter().any(|detail| detail.label == column && detail.value == kept));
    }
}

#[test]
fn bad_rows_are_rejected_and_cut_files_refused() {
    let number = |number: &'static str| [("source", SDN), ("name", "Acme"), ("entity_number", number)];
    for (row, field) in [
        (line(&[("source", SDN), ("name", " ")]), "name"),
        (line(&[("name", "A")]), "source"),
        (line(&number("1 2")), "id"),
        (line(&number("1")) + &line(&number("1")), "id"),
    ] {
        let (_, report) = import(&row);
        assert_eq!((report.rejects[0].field.as_str(), report.rows_rejected), (field, 1), "{row}");
    }
    let header = format!("_id,{}\n", COLUMNS.join(","));
    let (subjects, report) = import(&(header + &line(&number("1"))));
    assert_eq!((subjects.len(), report.skipped["the header once more"]), (1, 1));
    assert!(matches!(attempt("\"1\",\"Specially").0, Err(Error::Line { line: 2, .. })));
}
