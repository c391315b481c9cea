//! The older UK list: OFSI's Consolidated List of Financial Sanctions Targets, `ConList.csv` (OFSI, "Consolidated list:
//! format guide"). It ended on 28 January 2026.
//!
//! The first line is `Last Updated,28/01/2026`, then comes the header. A target (its Group ID) has several rows, one for
//! each name; most values repeat. The format of 2022 has columns of their own for numbers of documents and the original
//! script, and labels in `Other Information`; the one before it, in Windows-1252, has documents in words (`documents`)
//! and the reference of the United Nations at the beginning of the text (`information`).

mod documents;
mod information;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::PathBuf;

use csv::ByteRecord;
use jiff::civil::Date;

use crate::import::encoding::open_table;
use crate::import::{Error, Progress, Report, TableReader};
use crate::sanctions::import::ListFormat;
use crate::sanctions::import::columns::Columns;
use crate::sanctions::import::field::Refusal;
use crate::sanctions::import::listing::Listing;
use crate::sanctions::import::uk::facts::{self as uk_facts, NameParts, once};
use crate::sanctions::import::uk::numbered::several;
use crate::sanctions::subject::identifier::checked;
use crate::sanctions::subject::model::{
    DateKind, DatedFact, IdentifierKind, Measure, MeasureKind, NameKind, PlaceKind, Programme, Subject,
};

pub const FORMAT: ListFormat = ListFormat {
    name: "ofsi",
    about: "The older list of OFSI, CSV (ConList.csv).",
    dataset: Some("uk-ofsi"),
    title: "Consolidated List of Financial Sanctions Targets (until 28 January 2026)",
    authority: "UK",
    publisher: "HM Treasury, Office of Financial Sanctions Implementation",
    license: "Open Government Licence v3.0",
    read,
};

/// Without these a file is none of the list's.
const NEEDED: [&str; 6] = ["Name 6", "Group Type", "Alias Type", "Regime", "Last Updated", "Group ID"];

/// The other columns that are read: those of both formats.
const READ: [&str; 22] = [
    "Name 1",
    "Name 2",
    "Name 3",
    "Name 4",
    "Name 5",
    "Title",
    "DOB",
    "Town of Birth",
    "Country of Birth",
    "Nationality",
    "Passport Details",
    "Position",
    "Address 1",
    "Address 2",
    "Address 3",
    "Address 4",
    "Address 5",
    "Address 6",
    "Post/Zip Code",
    "Country",
    "Other Information",
    "Listed On",
];

/// Columns that only one of the formats has.
const OF_ONE_FORMAT: [&str; 8] = [
    "NI Number",
    "Name Non-Latin Script",
    "Non-Latin Script Language",
    "Passport Number",
    "National Identification Number",
    "National Identification Details",
    "Alias Quality",
    "UK Sanctions List Date Designated",
];

pub fn read(files: &[PathBuf], progress: &Progress, listing: &mut Listing<'_>) -> Result<(), Error> {
    let [path] = files else {
        return Err(Error::Refused(format!("OFSI's list is one file; {} were named", files.len())));
    };
    let mut input = open_table(path, progress, listing.report)?;
    let file = input.name();
    let mut preamble = 0;
    if input.peek()?.starts_with(b"Last Updated,") && !input.peek()?.starts_with(b"Last Updated,Name") {
        let mut line = String::new();
        let read = input.reader().read_line(&mut line);
        read.map_err(|source| Error::Read { file: file.clone(), line: 1, source })?;
        let day = line.trim().trim_end_matches(',').split_once(',').map_or("", |(_, day)| day);
        let date = Date::strptime("%d/%m/%Y", day).map(Some);
        listing.report.at(&file, 1);
        listing.dated(
            date.map_err(|_| Refusal::new("Last Updated", day, "is not a valid day; expected one such as 28/01/2026")),
        );
        preamble = 1;
    }
    let mut table = TableReader::open(&mut input, b',', &[])?;
    let layout = "OFSI's consolidated list: Name 6, Name 1, ..., Group ID";
    let place = (file.as_str(), preamble + 1);
    let columns = Columns::of(&table, layout, place, &NEEDED, (&READ, &OF_ONE_FORMAT), listing.report)?;
    let mut record = ByteRecord::new();
    let mut subjects: Vec<(u64, Subject)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    while let Some(line) = table.read(&mut record)? {
        let row = Row { record: &record, columns: &columns };
        let place = *places.entry(row.text("Group ID").to_owned()).or_insert_with(|| {
            subjects.push((line + preamble, Subject::default()));
            subjects.len() - 1
        });
        listing.report.at(&file, line + preamble);
        add(&mut subjects[place].1, &row, listing.report);
    }
    for (line, mut subject) in subjects {
        arrange(&mut subject);
        listing.take(subject, &file, line);
    }
    listing.report.files.push(input.finish()?);
    Ok(())
}

/// Puts the primary names first. A second one is another spelling of the first.
fn arrange(subject: &mut Subject) {
    subject.names.sort_by_key(|name| name.kind != NameKind::Primary);
    for name in subject.names.iter_mut().skip(1).filter(|name| name.kind == NameKind::Primary) {
        name.kind = NameKind::Variant;
    }
}

struct Row<'a> {
    record: &'a ByteRecord,
    columns: &'a Columns,
}

impl Row<'_> {
    fn text(&self, name: &str) -> &str {
        self.columns.text(self.record, name)
    }
}

fn add(subject: &mut Subject, row: &Row<'_>, report: &mut Report) {
    if subject.uid.is_empty() {
        let uid = row.text("Group ID");
        uid.clone_into(&mut subject.uid);
        uk_facts::take_kind(subject, "Group Type", row.text("Group Type"), report);
        subject.identifiers.push(checked(IdentifierKind::OfsiGroup, uid));
        subject.measures.push(Measure { kind: MeasureKind::AssetFreeze, ..Measure::default() });
    }
    let mut date =
        |subject: &mut Subject, column: &str| uk_facts::optional_date(subject, column, row.text(column), report);
    let designated = date(subject, "UK Sanctions List Date Designated");
    let listed = date(subject, "Listed On");
    subject.listed_on = subject.listed_on.or(designated).or(listed);
    let updated = date(subject, "Last Updated");
    subject.amended_on = subject.amended_on.max(updated);
    if let Some(date) = date(subject, "DOB") {
        once(&mut subject.dates, DatedFact { kind: DateKind::Birth, date });
    }
    if !row.text("Regime").is_empty() {
        let code = row.text("Regime").to_owned();
        once(&mut subject.programmes, Programme { code, ..Programme::default() });
    }
    names(subject, row, report);
    documents(subject, row, report);
    places(subject, row);
    for label in ["Title", "Position"] {
        uk_facts::add_detail(subject, label, row.text(label));
    }
    let other = row.text("Other Information");
    if uk_facts::add_remark(subject, other) {
        information::take(subject, other, report);
    }
    row.columns.keep_unread(row.record, subject, report);
}

fn names(subject: &mut Subject, row: &Row<'_>, report: &mut Report) {
    let parts = NameParts {
        given: ["Name 1", "Name 2", "Name 3", "Name 4", "Name 5"].map(|name| row.text(name)),
        last: row.text("Name 6"),
        kind: uk_facts::name_kind(subject, "Alias Type", row.text("Alias Type"), report),
        strength: uk_facts::strength(subject, "Alias Quality", row.text("Alias Quality"), report),
        original: row.text("Name Non-Latin Script"),
        language: row.text("Non-Latin Script Language"),
    };
    uk_facts::add_names(subject, &parts);
}

/// Where the number has no column of its own, it stands among the details.
fn documents(subject: &mut Subject, row: &Row<'_>, report: &mut Report) {
    for (number, details, kind) in [
        ("Passport Number", "Passport Details", IdentifierKind::Passport),
        ("National Identification Number", "National Identification Details", IdentifierKind::NationalId),
        ("", "NI Number", IdentifierKind::NationalId),
    ] {
        let (number, words) = (row.text(number), row.text(details));
        if number.is_empty() {
            documents::take(subject, details, kind, words, report);
        }
        for value in several(number) {
            uk_facts::add_document(subject, kind, &value, words);
        }
    }
}

fn places(subject: &mut Subject, row: &Row<'_>) {
    let lines = [1, 2, 3, 4, 5, 6].map(|line| format!("Address {line}"));
    let lines: Vec<&str> = lines.iter().map(|line| row.text(line)).collect();
    uk_facts::add_address(subject, &lines, row.text("Post/Zip Code"), row.text("Country"));
    uk_facts::add_birthplaces(subject, row.text("Town of Birth"), row.text("Country of Birth"));
    uk_facts::add_countries(subject, PlaceKind::Nationality, row.text("Nationality"));
}
