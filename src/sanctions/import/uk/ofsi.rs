//! The older UK list: OFSI's Consolidated List of Financial Sanctions Targets, `ConList.csv` in the 2022 format (OFSI,
//! "Consolidated list: format guide"). It ended on 28 January 2026.
//!
//! The first line is `Last Updated,28/01/2026`, then comes the header. A target (its Group ID) has several rows, one for
//! each name; most values repeat. `Other Information` holds labelled parts: `(UK Sanctions List Ref):RUS0001. (UN Ref):...`.

use std::collections::HashMap;
use std::path::PathBuf;

use csv::ByteRecord;
use jiff::civil::Date;

use crate::import::{Error, Input, Progress, TableReader};
use crate::sanctions::import::ListFormat;
use crate::sanctions::import::listing::Listing;
use crate::sanctions::import::uk::facts::{self as uk_facts, NameParts, once};
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

const NEEDED: [&str; 7] = ["Name 6", "Group Type", "Alias Type", "Regime", "Listed On", "Last Updated", "Group ID"];

/// Labels in `Other Information`, and what they are.
const LABELS: [(&str, Option<IdentifierKind>); 11] = [
    ("UK Sanctions List Ref", Some(IdentifierKind::Other)),
    ("UN Ref", Some(IdentifierKind::UnReference)),
    ("IMO number", Some(IdentifierKind::Imo)),
    ("Phone number", Some(IdentifierKind::Phone)),
    ("Email address", Some(IdentifierKind::Email)),
    ("Website", Some(IdentifierKind::Website)),
    ("Business Reg No", Some(IdentifierKind::Registration)),
    ("UK Statement of Reasons", None),
    ("Gender", None),
    ("Type of entity", None),
    ("Parent company", None),
];

pub fn read(files: &[PathBuf], progress: &Progress, listing: &mut Listing<'_>) -> Result<(), Error> {
    let [path] = files else {
        return Err(Error::Refused(format!("OFSI's list is one file; {} were named", files.len())));
    };
    let mut input = Input::open(path, progress)?;
    let file = input.name();
    let mut preamble = 0;
    if input.peek()?.starts_with(b"Last Updated,") && !input.peek()?.starts_with(b"Last Updated,Name") {
        let mut line = String::new();
        let read = input.reader().read_line(&mut line);
        read.map_err(|source| Error::Read { file: file.clone(), line: 1, source })?;
        let day = line.trim().trim_end_matches(',').split_once(',').map_or("", |(_, day)| day);
        listing.published = Date::strptime("%d/%m/%Y", day).ok();
        preamble = 1;
    }
    let mut table = TableReader::open(&mut input, b',', &NEEDED)?;
    let header: HashMap<String, usize> = table.header().iter().cloned().zip(0..).collect();
    let mut record = ByteRecord::new();
    let mut subjects: Vec<(u64, Subject)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    while let Some(line) = table.read(&mut record)? {
        let row = Row { record: &record, header: &header };
        let place = *places.entry(row.text("Group ID").to_owned()).or_insert_with(|| {
            subjects.push((line + preamble, Subject::default()));
            subjects.len() - 1
        });
        if let Err(field) = add(&mut subjects[place].1, &row) {
            let reason = "is no date; 31/12/2020 or 00/00/1968 would be right";
            listing.reject(&file, line + preamble, field, row.text(field), reason);
        }
    }
    for (line, mut subject) in subjects {
        subject.names.sort_by_key(|name| name.kind != NameKind::Primary);
        listing.take(subject, &file, line);
    }
    listing.report.files.push(input.finish()?);
    Ok(())
}

struct Row<'a> {
    record: &'a ByteRecord,
    header: &'a HashMap<String, usize>,
}

impl Row<'_> {
    /// Text of a column; empty when the table has no such column.
    fn text(&self, name: &str) -> &str {
        let bytes = self.header.get(name).and_then(|place| self.record.get(*place)).unwrap_or_default();
        // TableReader takes UTF-8 only.
        std::str::from_utf8(bytes).unwrap_or_default().trim()
    }
}

/// Adds a row; on a date that does not exist, its column.
fn add(subject: &mut Subject, row: &Row<'_>) -> Result<(), &'static str> {
    if subject.uid.is_empty() {
        let uid = row.text("Group ID");
        uid.clone_into(&mut subject.uid);
        subject.kind = uk_facts::subject_kind(row.text("Group Type"));
        subject.identifiers.push(checked(IdentifierKind::OfsiGroup, uid));
        subject.measures.push(Measure { kind: MeasureKind::AssetFreeze, ..Measure::default() });
    }
    let date = |column: &'static str| uk_facts::date(row.text(column)).map_err(|_| column);
    let listed = date("UK Sanctions List Date Designated")?.or(date("Listed On")?);
    subject.listed_on = subject.listed_on.or(listed);
    subject.amended_on = subject.amended_on.max(date("Last Updated")?);
    if let Some(date) = date("DOB")? {
        once(&mut subject.dates, DatedFact { kind: DateKind::Birth, date });
    }
    if !row.text("Regime").is_empty() {
        let code = row.text("Regime").to_owned();
        once(&mut subject.programmes, Programme { code, ..Programme::default() });
    }
    names(subject, row);
    documents(subject, row);
    places(subject, row);
    for label in ["Title", "Position"] {
        uk_facts::add_detail(subject, label, row.text(label));
    }
    let other = row.text("Other Information");
    if uk_facts::add_remark(subject, other) {
        labelled(subject, other);
    }
    Ok(())
}

fn names(subject: &mut Subject, row: &Row<'_>) {
    let parts = NameParts {
        given: ["Name 1", "Name 2", "Name 3", "Name 4", "Name 5"].map(|name| row.text(name)),
        last: row.text("Name 6"),
        kind: uk_facts::name_kind(row.text("Alias Type")),
        strength: uk_facts::strength(row.text("Alias Quality")),
        original: row.text("Name Non-Latin Script"),
        language: row.text("Non-Latin Script Language"),
    };
    uk_facts::add_names(subject, &parts);
}

fn documents(subject: &mut Subject, row: &Row<'_>) {
    for (number, details, kind) in [
        ("Passport Number", "Passport Details", IdentifierKind::Passport),
        ("National Identification Number", "National Identification Details", IdentifierKind::NationalId),
    ] {
        for value in uk_facts::several(row.text(number)) {
            uk_facts::add_document(subject, kind, value, row.text(details));
        }
    }
}

fn places(subject: &mut Subject, row: &Row<'_>) {
    let lines = [1, 2, 3, 4, 5, 6].map(|line| format!("Address {line}"));
    let lines: Vec<&str> = lines.iter().map(|line| row.text(line)).collect();
    uk_facts::add_address(subject, &lines, row.text("Post/Zip Code"), row.text("Country"));
    uk_facts::add_birthplace(subject, row.text("Town of Birth"), row.text("Country of Birth"));
    uk_facts::add_countries(subject, PlaceKind::Nationality, row.text("Nationality"));
}

/// Takes the labelled parts out of the text, which stays whole in the remarks.
fn labelled(subject: &mut Subject, text: &str) {
    let mut starts: Vec<(usize, usize, &str, Option<IdentifierKind>)> = LABELS
        .iter()
        .filter_map(|(label, kind)| {
            let marked = format!("({label}):");
            text.find(&marked).map(|start| (start, start + marked.len(), *label, *kind))
        })
        .collect();
    starts.sort_unstable_by_key(|(start, ..)| *start);
    for (place, (_, begin, label, kind)) in starts.iter().enumerate() {
        let end = starts.get(place + 1).map_or(text.len(), |next| next.0);
        // A label that is not known ends the part too.
        let part = &text[*begin..end];
        let part = part.split(" (").next().filter(|_| kind.is_some()).unwrap_or(part);
        let value = part.trim().trim_end_matches(['.', ';']).trim();
        match kind {
            Some(kind) => {
                for value in value.split(['(', ',']).map(|value| value.trim().trim_end_matches('.')) {
                    if value.is_empty() {
                        continue;
                    }
                    let mut identifier = checked(*kind, value);
                    if *kind == IdentifierKind::Other {
                        (*label).clone_into(&mut identifier.label);
                    }
                    once(&mut subject.identifiers, identifier);
                }
            }
            None => subject.detail(label, value),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::import::Report;
    use crate::sanctions::subject::model::{Strength, SubjectKind};

    const HEADER: &str = "Name 6,Name 1,Name 2,Title,Name Non-Latin Script,DOB,Town of Birth,Country of Birth,Nationality,\
        Passport Number,Passport Details,Address 1,Country,Other Information,Group Type,Alias Type,Alias Quality,Regime,\
        Listed On,UK Sanctions List Date Designated,Last Updated,Group ID";

    fn import(rows: &str) -> Result<(Vec<Subject>, Report, Option<Date>), Error> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        write!(file, "Last Updated,28/01/2026\n{HEADER}\n{rows}").unwrap();
        let mut report = Report::default();
        let mut listing = Listing::new(&mut report);
        read(&[file.path().to_owned()], &Progress::silent(), &mut listing)?;
        let (subjects, published) = (std::mem::take(&mut listing.subjects), listing.published);
        Ok((subjects, report, published))
    }

    #[test]
    fn a_target_comes_together_from_its_rows() {
        let (subjects, report, published) = import(
            "IVANOV,Ivan,Ivanovich,Mr,Иван Иванов,00/00/1968,Minsk,Belarus,Belarus,MP1,\"Belarus, 2010\",1 Street,Belarus,\
             \"(UK Sanctions List Ref):BEL0001. (UN Ref):KPi.001. (Phone number):(1) 123 (UK Statement of Reasons):Text \
             (with brackets). (Gender):Male\",Individual,Primary name,,Belarus,01/02/2021,31/12/2020,02/02/2022,13911\n\
             VANYA,,,,,00/00/1968,Minsk,Belarus,Belarus,MP1,\"Belarus, 2010\",1 Street,Belarus,,Individual,AKA,Low,Belarus,\
             01/02/2021,31/12/2020,03/02/2022,13911\n",
        )
        .unwrap();
        assert_eq!((subjects.len(), report.rows_rejected, published), (1, 0, Date::new(2026, 1, 28).ok()));
        let target = &subjects[0];
        assert_eq!((target.name(), target.kind), ("Ivan Ivanovich IVANOV", SubjectKind::Person));
        assert!(target.names.iter().any(|name| name.full == "VANYA" && name.strength == Strength::Weak));
        assert!(target.names.iter().any(|name| name.script == "Cyrl"));
        assert_eq!(target.listed_on.unwrap().to_string(), "2020-12-31");
        assert_eq!(target.amended_on.unwrap().to_string(), "2022-02-03");
        assert_eq!(target.dates[0].date.to_string(), "1968");
        let un = target.identifiers.iter().find(|identifier| identifier.kind == IdentifierKind::UnReference);
        assert_eq!(un.unwrap().value, "KPi.001");
        let reasons = target.details.iter().find(|detail| detail.label == "UK Statement of Reasons").unwrap();
        assert_eq!(reasons.value, "Text (with brackets)");
    }

    #[test]
    fn a_day_that_does_not_exist_is_rejected_by_line() {
        let row = "A,,,,,,,,,,,,,,Entity,Primary name,,R,31/02/2021,,02/02/2022,1\n";
        let (_, report, _) = import(row).unwrap();
        assert_eq!((report.rejects[0].line, report.rejects[0].field.as_str()), (3, "Listed On"));
    }
}
