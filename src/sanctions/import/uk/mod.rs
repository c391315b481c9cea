//! The UK Sanctions List as CSV, the one list of the United Kingdom since 28 January 2026 (FCDO, "UK Sanctions List:
//! guidance to the file formats").
//!
//! A line `Report Date: 28-Jan-2026` may stand before the header. A subject has several rows, one for each combination of
//! name, address and the like, so that most values repeat; rows of one subject need not follow one another. The shorter
//! table of the list (Unique ID, Name, Regime Name, Type, ...) is read as well.

pub mod facts;
mod numbered;
pub mod ofsi;
pub mod split;

use std::collections::HashMap;
use std::path::PathBuf;

use csv::ByteRecord;
use jiff::civil::Date;

use super::columns::Columns;
use super::field::Refusal;
use super::listing::Listing;
use crate::import::encoding::open_table;
use crate::import::{Error, Progress, Report, TableReader};
use crate::sanctions::import::ListFormat;
use crate::sanctions::import::uk::facts::{self as uk_facts, NameParts, once};
use crate::sanctions::import::uk::numbered::several;
use crate::sanctions::subject::identifier::checked;
use crate::sanctions::subject::model::{
    DateKind, DatedFact, IdentifierKind, NameKind, PlaceKind, Programme, Relation, RelationKind, Subject,
};

pub const FORMAT: ListFormat = ListFormat {
    name: "uk",
    about: "UK Sanctions List, CSV.",
    dataset: Some("uk-sl"),
    title: "UK Sanctions List",
    authority: "UK",
    publisher: "UK Foreign, Commonwealth and Development Office",
    license: "Open Government Licence v3.0",
    read,
};

/// Without these a file is none of the list's.
const NEEDED: [&str; 4] = ["Unique ID", "Regime Name", "Date Designated", "Sanctions Imposed"];

/// The other columns that are read.
const READ: [&str; 53] = [
    "Last Updated",
    "OFSI Group ID",
    "UN Reference Number",
    "Name 6",
    "Name 1",
    "Name 2",
    "Name 3",
    "Name 4",
    "Name 5",
    "Name type",
    "Alias strength",
    "Title",
    "Name non-latin script",
    "Non-latin script language",
    "Designation Type",
    "Designation source",
    "Other Information",
    "UK Statement of Reasons",
    "Address Line 1",
    "Address Line 2",
    "Address Line 3",
    "Address Line 4",
    "Address Line 5",
    "Address Line 6",
    "Address Postal Code",
    "Address Country",
    "Phone number",
    "Website",
    "Email address",
    "D.O.B",
    "Nationality(/ies)",
    "National Identifier number",
    "National Identifier additional information",
    "Passport number",
    "Passport additional information",
    "Position",
    "Gender",
    "Town of birth",
    "Country of birth",
    "Type of entity",
    "Subsidiaries",
    "Parent company",
    "Business registration number (s)",
    "IMO number",
    "Current owner/operator (s)",
    "Previous owner/operator (s)",
    "Current believed flag of ship",
    "Previous flags",
    "Type of ship",
    "Tonnage of ship",
    "Length of ship",
    "Year Built",
    "Hull identification number (HIN)",
];

/// Names of columns in older and shorter tables of the list.
const OTHERWISE_NAMED: [&str; 6] = [
    "Individual, Entity, Ship",
    "Type",
    "Name",
    "Business registration number",
    "Current owner/operator",
    "Previous owner/operator",
];

/// Reads the list.
pub fn read(files: &[PathBuf], progress: &Progress, listing: &mut Listing<'_>) -> Result<(), Error> {
    let [path] = files else {
        return Err(Error::Refused(format!("the UK list is one file; {} were named", files.len())));
    };
    let mut input = open_table(path, progress, listing.report)?;
    let file = input.name();
    let mut preamble = 0;
    if input.peek()?.trim_ascii_start().starts_with(b"Report Date") || input.peek()?.starts_with(b"\"Report Date") {
        let mut line = String::new();
        let read = input.reader().read_line(&mut line);
        read.map_err(|source| Error::Read { file: file.clone(), line: 1, source })?;
        listing.report.at(&file, 1);
        listing.dated(report_date(&line));
        preamble = 1;
    }
    let mut table = TableReader::open(&mut input, b',', &[])?;
    let layout = "the UK Sanctions List: Last Updated, Unique ID, OFSI Group ID, ...";
    let place = (file.as_str(), preamble + 1);
    let columns = Columns::of(&table, layout, place, &NEEDED, (&READ, &OTHERWISE_NAMED), listing.report)?;
    let mut record = ByteRecord::new();
    let mut subjects: Vec<(u64, Gathered)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    while let Some(line) = table.read(&mut record)? {
        let row = Row { record: &record, columns: &columns };
        let uid = row.text("Unique ID");
        let place = *places.entry(uid.to_owned()).or_insert_with(|| {
            subjects.push((line + preamble, Gathered::default()));
            subjects.len() - 1
        });
        listing.report.at(&file, line + preamble);
        subjects[place].1.add(&row, listing.report);
    }
    for (line, gathered) in subjects {
        listing.take(gathered.finish(), &file, line);
    }
    listing.report.files.push(input.finish()?);
    Ok(())
}

/// `Report Date: 28-Jan-2026`.
fn report_date(line: &str) -> Result<Option<Date>, Refusal> {
    let (_, text) = line.split_once(':').unwrap_or(("", line));
    let text = text.trim_matches([' ', '"', ',', '\r', '\n']);
    let forms = ["%d-%b-%Y", "%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d"];
    let date = forms.iter().find_map(|form| Date::strptime(form, text).ok());
    date.map(Some)
        .ok_or_else(|| Refusal::new("Report Date", text, "is not a valid day; expected one such as 28-Jan-2026"))
}

struct Row<'a> {
    record: &'a ByteRecord,
    columns: &'a Columns,
}

impl Row<'_> {
    fn text(&self, name: &str) -> &str {
        self.columns.text(self.record, name)
    }

    fn first(&self, names: &[&str]) -> &str {
        names.iter().map(|name| self.text(name)).find(|text| !text.is_empty()).unwrap_or_default()
    }
}

/// A subject whose rows come one by one.
#[derive(Default)]
struct Gathered {
    subject: Subject,
}

impl Gathered {
    fn add(&mut self, row: &Row<'_>, report: &mut Report) {
        let subject = &mut self.subject;
        if subject.uid.is_empty() {
            row.text("Unique ID").clone_into(&mut subject.uid);
            let columns = ["Designation Type", "Individual, Entity, Ship", "Type"];
            uk_facts::take_kind(subject, columns[0], row.first(&columns), report);
        }
        let programme = Programme { code: row.text("Regime Name").to_owned(), ..Programme::default() };
        if !programme.code.is_empty() {
            once(&mut subject.programmes, programme);
        }
        for measure in uk_facts::measures(row.text("Sanctions Imposed")) {
            once(&mut subject.measures, measure);
        }
        for (column, kind) in [
            ("UN Reference Number", IdentifierKind::UnReference),
            ("OFSI Group ID", IdentifierKind::OfsiGroup),
            ("IMO number", IdentifierKind::Imo),
            ("Phone number", IdentifierKind::Phone),
            ("Website", IdentifierKind::Website),
            ("Email address", IdentifierKind::Email),
            ("Hull identification number (HIN)", IdentifierKind::Other),
        ] {
            for value in several(row.text(column)) {
                let mut identifier = checked(kind, &value);
                if kind == IdentifierKind::Other {
                    column.clone_into(&mut identifier.label);
                }
                once(&mut subject.identifiers, identifier);
            }
        }
        for (number, note, kind) in [
            ("Passport number", "Passport additional information", IdentifierKind::Passport),
            ("National Identifier number", "National Identifier additional information", IdentifierKind::NationalId),
        ] {
            uk_facts::add_document(subject, kind, row.text(number), row.text(note));
        }
        for value in several(row.first(&["Business registration number (s)", "Business registration number"])) {
            once(&mut subject.identifiers, uk_facts::registration(&value));
        }
        names(subject, row, report);
        places(subject, row);
        dates(subject, row, report);
        relations(subject, row);
        for label in [
            "Title",
            "Position",
            "Gender",
            "Type of entity",
            "Type of ship",
            "Tonnage of ship",
            "Length of ship",
            "Designation source",
            "UK Statement of Reasons",
        ] {
            uk_facts::add_detail(subject, label, row.text(label));
        }
        uk_facts::add_remark(subject, row.text("Other Information"));
        row.columns.keep_unread(row.record, subject, report);
    }

    fn finish(mut self) -> Subject {
        // The primary name may stand in a later row.
        self.subject.names.sort_by_key(|name| name.kind != NameKind::Primary);
        self.subject
    }
}

fn names(subject: &mut Subject, row: &Row<'_>, report: &mut Report) {
    let parts = NameParts {
        given: ["Name 1", "Name 2", "Name 3", "Name 4", "Name 5"].map(|name| row.text(name)),
        last: row.first(&["Name 6", "Name"]),
        kind: uk_facts::name_kind(subject, "Name type", row.text("Name type"), report),
        strength: uk_facts::strength(subject, "Alias strength", row.text("Alias strength"), report),
        original: row.text("Name non-latin script"),
        language: row.text("Non-latin script language"),
    };
    uk_facts::add_names(subject, &parts);
}

fn places(subject: &mut Subject, row: &Row<'_>) {
    let lines = [1, 2, 3, 4, 5, 6].map(|line| format!("Address Line {line}"));
    let lines: Vec<&str> = lines.iter().map(|line| row.text(line)).collect();
    uk_facts::add_address(subject, &lines, row.text("Address Postal Code"), row.text("Address Country"));
    uk_facts::add_birthplaces(subject, row.text("Town of birth"), row.text("Country of birth"));
    for (column, kind) in [
        ("Nationality(/ies)", PlaceKind::Nationality),
        ("Current believed flag of ship", PlaceKind::Flag),
        ("Previous flags", PlaceKind::FormerFlag),
    ] {
        uk_facts::add_countries(subject, kind, row.text(column));
    }
}

fn dates(subject: &mut Subject, row: &Row<'_>, report: &mut Report) {
    let mut read =
        |subject: &mut Subject, column: &str| uk_facts::optional_date(subject, column, row.text(column), report);
    for (column, kind) in [("D.O.B", DateKind::Birth), ("Year Built", DateKind::Built)] {
        if let Some(date) = read(subject, column) {
            once(&mut subject.dates, DatedFact { kind, date });
        }
    }
    let designated = read(subject, "Date Designated");
    subject.listed_on = subject.listed_on.or(designated);
    let updated = read(subject, "Last Updated");
    subject.amended_on = subject.amended_on.max(updated);
}

fn relations(subject: &mut Subject, row: &Row<'_>) {
    for (columns, kind) in [
        (&["Parent company"][..], RelationKind::OwnedBy),
        (&["Subsidiaries"], RelationKind::Owns),
        (&["Current owner/operator (s)", "Current owner/operator"], RelationKind::OwnedOrControlledBy),
        (&["Previous owner/operator (s)", "Previous owner/operator"], RelationKind::LinkedTo),
    ] {
        for name in several(row.first(columns)) {
            let text = columns[0].to_owned();
            once(&mut subject.relations, Relation { kind, name, text, ..Relation::default() });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::import::Report;
    use crate::sanctions::subject::model::{Strength, SubjectKind};

    fn import(text: &str) -> Result<(Vec<Subject>, Report, Option<Date>), Error> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let mut report = Report::default();
        let mut listing = Listing::new(&mut report);
        read(&[file.path().to_owned()], &Progress::silent(), &mut listing)?;
        let (subjects, published) = (std::mem::take(&mut listing.subjects), listing.published);
        Ok((subjects, report, published))
    }

    const HEADER: &str = "Last Updated,Unique ID,OFSI Group ID,UN Reference Number,Name 6,Name 1,Name 2,Name type,Alias strength,Name non-latin script,Regime Name,Designation Type,Sanctions Imposed,Other Information,Date Designated,D.O.B,\"Nationality(/ies)\",Passport number,Passport additional information,Country of birth,IMO number,Current believed flag of ship,\"Current owner/operator (s)\"\n";

    #[test]
    fn rows_of_one_subject_come_together() {
        let text = format!(
            "Report Date: 28-Jan-2026\n{HEADER}\
             09/04/2025,RUS0001,12345,,ALIAS,,,Alias,Low quality a.k.a,,Russia,Individual,\"Asset freeze, Travel Ban\",Text,31/12/2020,dd/mm/1968,Russia,A1,\"Russia, expired\",USSR,,,\n\
             09/04/2025,SHP0001,,,TANKER,,,Primary Name,,,Russia,Ship,\"Shipping sanctions: (see \"\"Other information\"\")\",,01/02/2025,,,,,,9221970,Panama,OWNER LTD; OTHER LTD\n\
             10/04/2025,RUS0001,12345,,Petrov,Ivan,Ivanovich,Primary Name,,Иван Петров,Russia,Individual,\"Asset freeze, Travel Ban\",Text,31/12/2020,05/03/1968,Russia,A1,\"Russia, expired\",USSR,,,\n"
        );
        let (subjects, report, published) = import(&text).unwrap();
        assert_eq!((subjects.len(), report.rows_rejected, published), (2, 0, Date::new(2026, 1, 28).ok()));
        let petrov = &subjects[0];
        assert_eq!(petrov.name(), "Ivan Ivanovich Petrov");
        let names: Vec<(&str, NameKind, Strength)> =
            petrov.names.iter().map(|name| (name.full.as_str(), name.kind, name.strength)).collect();
        assert!(names.contains(&("ALIAS", NameKind::Alias, Strength::Weak)));
        assert!(names.contains(&("Иван Петров", NameKind::Variant, Strength::Unknown)));
        let births: Vec<String> = petrov.dates.iter().map(|fact| fact.date.to_string()).collect();
        assert_eq!(births, ["1968", "1968-03-05"]);
        assert_eq!(petrov.measures.len(), 2);
        assert_eq!(petrov.amended_on.unwrap().to_string(), "2025-04-10");
        assert_eq!(petrov.identifiers.iter().filter(|i| i.kind == IdentifierKind::Passport).count(), 1);
        let ship = &subjects[1];
        assert_eq!((ship.kind, ship.relations.len()), (SubjectKind::Vessel, 2));
        assert_eq!(ship.identifiers[0].kind, IdentifierKind::Imo);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let row = "09/04/2025,RUS0001,1,,N,,,Primary Name,,,Russia,Person,Asset freeze,,31/02/2020,07/06/19yy,,,,,,,\n";
        let (subjects, report, _) = import(&format!("Report Date: 1-Jan-2026\n{HEADER}{row}{row}")).unwrap();
        assert_eq!((subjects.len(), report.rows_rejected), (1, 0));
        let kept: Vec<(u64, &str, &str)> =
            report.kept_as_text.iter().map(|kept| (kept.line, kept.field.as_str(), kept.value.as_str())).collect();
        let expected =
            [(3, "Designation Type", "Person"), (3, "D.O.B", "07/06/19yy"), (3, "Date Designated", "31/02/2020")];
        assert_eq!(kept, expected);
        assert!(subjects[0].details.iter().any(|detail| detail.label == "D.O.B" && detail.value == "07/06/19yy"));
        let error = import("a,b\n1,2\n").unwrap_err().to_string();
        assert!(error.contains("lacks the columns Unique ID"), "{error}");
    }
}
