//! The UK Sanctions List as redistributors split it: tables of subjects, names, dates of birth and identifiers, told apart
//! by their headers. Content and words are those of the official list.

use std::path::PathBuf;

use csv::ByteRecord;

use crate::import::encoding::open_table;
use crate::import::{Error, Input, Progress, Report, TableReader};
use crate::sanctions::import::ListFormat;
use crate::sanctions::import::field::Refusal;
use crate::sanctions::import::listing::Listing;
use crate::sanctions::import::uk::facts as uk_facts;
use crate::sanctions::subject::identifier::checked;
use crate::sanctions::subject::model::{DateKind, DatedFact, IdentifierKind, NameKind, Subject};
use crate::value::Span;

pub const FORMAT: ListFormat = ListFormat {
    name: "uk-split",
    about: "UK Sanctions List as a redistributor splits it: subjects, names, dobs, identifiers.",
    dataset: Some("uk-sl-split"),
    title: "UK Sanctions List, split into tables by a redistributor",
    authority: "UK",
    publisher: "UK Foreign, Commonwealth and Development Office, split by others",
    license: "Open Government Licence v3.0",
    read,
};

/// The tables, in the order in which they are read, each with the column that no other has.
const TABLES: [(&str, &[&str]); 4] = [
    ("subjects", &["unique_id", "subject_type", "date_designated"]),
    ("names", &["unique_id", "name_type", "full_name", "name_6"]),
    ("dates of birth", &["unique_id", "year", "month", "day"]),
    ("identifiers", &["unique_id", "raw_value", "identifier_type"]),
];

const ORPHANS: &str = "rows of a subject that is not among the subjects (another day's file?)";

/// One row with its columns by name.
struct Row<'a> {
    record: &'a ByteRecord,
    header: &'a [String],
}

impl Row<'_> {
    fn text(&self, name: &str) -> &str {
        let place = self.header.iter().position(|column| column == name);
        let bytes = place.and_then(|place| self.record.get(place)).unwrap_or_default();
        // TableReader takes UTF-8 only.
        std::str::from_utf8(bytes).unwrap_or_default().trim()
    }
}

/// Reads the tables; subjects and names are needed.
pub fn read(files: &[PathBuf], progress: &Progress, listing: &mut Listing<'_>) -> Result<(), Error> {
    let mut by_table: [Option<&PathBuf>; 4] = [None; 4];
    for path in files {
        let table = which(path)?;
        if by_table[table].replace(path).is_some() {
            return Err(Error::Refused(format!("{}: the {} were given twice", path.display(), TABLES[table].0)));
        }
    }
    if by_table[0].is_none() || by_table[1].is_none() {
        return Err(Error::Refused("the tables of subjects and of names are needed".into()));
    }
    let mut subjects: Vec<(u64, String, Subject)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for (table, path) in by_table.into_iter().enumerate() {
        let Some(path) = path else { continue };
        let mut input = open_table(path, progress, listing.report)?;
        let file = input.name();
        let mut reader = TableReader::open(&mut input, b',', TABLES[table].1)?;
        let header = reader.header().to_vec();
        let mut record = ByteRecord::new();
        while let Some(line) = reader.read(&mut record)? {
            let row = Row { record: &record, header: &header };
            listing.report.at(&file, line);
            let uid = row.text("unique_id").to_owned();
            if table == 0 {
                places.entry(uid).or_insert(subjects.len());
                subjects.push((line, file.clone(), subject(&row, listing.report)));
                continue;
            }
            let Some(place) = places.get(&uid) else {
                listing.report.skip(ORPHANS);
                continue;
            };
            let subject = &mut subjects[*place].2;
            match table {
                1 => name(subject, &row, listing.report),
                2 => birth(subject, &row, listing.report),
                _ => identifier(subject, &row),
            }
        }
        listing.report.files.push(input.finish()?);
    }
    for (line, file, mut subject) in subjects {
        subject.names.sort_by_key(|name| name.kind != NameKind::Primary);
        listing.take(subject, &file, line);
    }
    Ok(())
}

/// Which table a file is, by its header.
fn which(path: &std::path::Path) -> Result<usize, Error> {
    let mut input = Input::open(path, &Progress::silent())?;
    let file = input.name();
    let reader = TableReader::open(&mut input, b',', &[])?;
    let has = |columns: &[&str]| columns.iter().all(|column| reader.header().iter().any(|name| name == column));
    TABLES.iter().position(|(_, columns)| has(columns)).ok_or_else(|| Error::Format {
        file,
        problem: "is none of the four tables".into(),
        remedy: "subjects have subject_type, names name_type, dates year, identifiers identifier_type".into(),
    })
}

fn subject(row: &Row<'_>, report: &mut Report) -> Subject {
    let mut subject = Subject { uid: row.text("unique_id").to_owned(), ..Subject::default() };
    uk_facts::take_kind(&mut subject, "subject_type", row.text("subject_type"), report);
    let mut date = |subject: &mut Subject, field| uk_facts::optional_date(subject, field, row.text(field), report);
    subject.listed_on = date(&mut subject, "date_designated");
    subject.amended_on = date(&mut subject, "last_updated");
    for (field, kind) in
        [("un_reference_number", IdentifierKind::UnReference), ("ofsi_group_id", IdentifierKind::OfsiGroup)]
    {
        if !row.text(field).is_empty() {
            subject.identifiers.push(checked(kind, row.text(field)));
        }
    }
    subject
}

fn name(subject: &mut Subject, row: &Row<'_>, report: &mut Report) {
    let given: Vec<&str> =
        ["name_1", "name_2", "name_3", "name_4", "name_5"].iter().map(|name| row.text(name)).collect();
    let given = given.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let kind = uk_facts::name_kind(subject, "name_type", row.text("name_type"), report);
    let strength = uk_facts::strength(subject, "alias_strength", row.text("alias_strength"), report);
    let name = uk_facts::name(&given, row.text("name_6"), kind, strength, subject.kind)
        .or_else(|| uk_facts::name("", row.text("full_name"), kind, strength, subject.kind));
    if let Some(name) = name.filter(|name| !subject.names.contains(name)) {
        subject.names.push(name);
    }
}

/// Months and days that are not numbers are left empty by whoever split the table.
fn birth(subject: &mut Subject, row: &Row<'_>, report: &mut Report) {
    let parts = ["year", "month", "day"].map(|field| row.text(field));
    let date = match parts {
        ["", "", ""] => return,
        [year, "", ""] => year.parse().ok().and_then(Span::of_year),
        [year, month, ""] => year.parse().ok().zip(month.parse().ok()).and_then(|(y, m)| Span::of_month(y, m)),
        [year, month, day] => match (year.parse(), month.parse(), day.parse()) {
            (Ok(year), Ok(month), Ok(day)) => Span::of_day(year, month, day),
            _ => None,
        },
    };
    match date.map(|date| DatedFact { kind: DateKind::Birth, date }) {
        Some(fact) => uk_facts::once(&mut subject.dates, fact),
        None => {
            let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
            let reason = "is not a date that exists; expected year, month and day";
            Refusal::new("date of birth", &text, reason).keep(subject, report);
        }
    }
}

/// One row for each combination with names and addresses: the same number comes many times.
fn identifier(subject: &mut Subject, row: &Row<'_>) {
    let (value, note) = (row.text("raw_value"), row.text("additional_info"));
    let kind = match row.text("identifier_type") {
        "passport" => IdentifierKind::Passport,
        "national" => IdentifierKind::NationalId,
        "imo" => IdentifierKind::Imo,
        "business_registration_numbers" => IdentifierKind::Registration,
        _ => IdentifierKind::Other,
    };
    let mut identifier =
        if kind == IdentifierKind::Registration { uk_facts::registration(value) } else { checked(kind, value) };
    if identifier.country.is_empty() {
        uk_facts::country_in(note).clone_into(&mut identifier.country);
    }
    if kind == IdentifierKind::Other {
        row.text("identifier_type").clone_into(&mut identifier.label);
    }
    if !note.is_empty() {
        note.clone_into(&mut identifier.note);
    }
    if !value.is_empty() && !subject.identifiers.contains(&identifier) {
        subject.identifiers.push(identifier);
    }
}
