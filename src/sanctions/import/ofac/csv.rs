//! OFAC's CSV set: sdn.csv or cons_prim.csv with add, alt and comments, in the layout of "Specially Designated Nationals
//! list data formats and data schemas" (dat_spec.txt).
//!
//! No header; `-0- ` is an absent value; the last byte may be 0x1A. The files are told apart by their number of fields.
//! Comments are the rest of a remark that broke off at 1,000 characters, and continue it in the middle of a word.

use std::collections::HashMap;
use std::path::PathBuf;

use csv::StringRecord;

use crate::import::{Error, Progress, Report};
use crate::sanctions::import::field::Refusal;
use crate::sanctions::import::listing::Listing;
use crate::sanctions::import::ofac::facts as ofac_facts;
use crate::sanctions::import::ofac::facts::Address;
use crate::sanctions::import::ofac::list::{OfacList, is_non_sdn, label, measures, other_list};
use crate::sanctions::import::ofac::remarks as ofac_remarks;
use crate::sanctions::import::ofac::table::{Part, Table, field, read_table};
use crate::sanctions::subject::identifier::checked;
use crate::sanctions::subject::model::{
    IdentifierKind, NameKind, Place, PlaceKind, Programme, Relation, RelationKind, Strength, Subject, SubjectKind,
};

const SET: &str = "a set is sdn.csv (or cons_prim.csv) with alt, add and comments of the same day, each once";

/// Reads one set.
pub fn read(list: OfacList, files: &[PathBuf], progress: &Progress, listing: &mut Listing<'_>) -> Result<(), Error> {
    let mut tables = Vec::new();
    for path in files {
        let (table, hash) = read_table(path, progress)?;
        listing.report.files.push(hash);
        let other = tables.iter().find(|other: &&Table| other.part == table.part);
        if let Some(other) = other {
            return Err(Error::Refused(format!(
                "{} and {} are both of {} fields; {SET}",
                other.file, table.file, table.part as u8
            )));
        }
        tables.push(table);
    }
    let of_part = |part: Part| tables.iter().find(|table| table.part == part);
    let Some(primary) = of_part(Part::Primary) else {
        return Err(Error::Refused(format!("no file has the 12 fields of sdn.csv or cons_prim.csv; {SET}")));
    };
    let in_other_lists = primary.rows.iter().filter(|(_, row)| row[3].split("] [").any(is_non_sdn)).count();
    // Of the consolidated list nearly every entry has such a programme, of the SDN list two in a hundred.
    if (in_other_lists * 4 > primary.rows.len()) != (list == OfacList::Consolidated) {
        return Err(other_list(list, &primary.file));
    }

    let comments = comments(of_part(Part::Comments), primary, listing)?;
    for (line, row) in &primary.rows {
        listing.report.at(&primary.file, *line);
        let subject = subject(list, row, comments.get(row[0].trim()).copied(), listing.report);
        listing.take(subject, &primary.file, *line);
    }
    if let Some(table) = of_part(Part::Aliases) {
        aliases(table, primary, listing)?;
    }
    if let Some(table) = of_part(Part::Addresses) {
        addresses(table, primary, listing)?;
    }
    finish(list, listing);
    Ok(())
}

/// Rests of remarks by entry; those of entries that are not there are another day's.
fn comments<'a>(
    table: Option<&'a Table>,
    primary: &Table,
    listing: &mut Listing<'_>,
) -> Result<HashMap<&'a str, &'a str>, Error> {
    let Some(table) = table else {
        return Ok(HashMap::new());
    };
    let known: std::collections::HashSet<&str> = primary.rows.iter().map(|(_, row)| row[0].trim()).collect();
    let (mut found, mut orphans) = (HashMap::new(), 0);
    for (_, row) in &table.rows {
        if known.contains(row[0].trim()) {
            found.insert(row[0].trim(), row.get(1).unwrap_or_default());
        } else {
            orphans += 1;
            listing.report.skip("comments of an entry that the primary file does not have (another day's file?)");
        }
    }
    check_orphans(table, orphans, primary)?;
    Ok(found)
}

/// Another day's file has some rows without an entry; one that has mostly such rows belongs to the other list.
fn check_orphans(table: &Table, orphans: usize, primary: &Table) -> Result<(), Error> {
    let rows = table.rows.len();
    if orphans * 2 <= rows {
        return Ok(());
    }
    Err(Error::Format {
        file: table.file.clone(),
        problem: format!("has {orphans} of {rows} rows for entries that {} does not have", primary.file),
        remedy: "it is a part of another list; take all files of a set from one day".into(),
    })
}

fn subject(list: OfacList, row: &StringRecord, comment: Option<&str>, report: &mut Report) -> Subject {
    let uid = field(row, 0);
    let mut subject = Subject { uid: uid.to_owned(), ..Subject::default() };
    let kind = match field(row, 2).to_ascii_lowercase().as_str() {
        "individual" => SubjectKind::Person,
        "vessel" => SubjectKind::Vessel,
        "aircraft" => SubjectKind::Aircraft,
        "" | "entity" => SubjectKind::Organization,
        _ => {
            let reason = "is none of individual, vessel, aircraft and -0-, which an organization has";
            Refusal::new("sdn_type", field(row, 2), reason).keep(&mut subject, report);
            SubjectKind::Unknown
        }
    };
    subject.kind = kind;
    if !field(row, 1).is_empty() {
        subject.names.push(ofac_facts::name(kind, field(row, 1), NameKind::Primary));
    }
    let mut identifier = checked(IdentifierKind::OfacUid, uid);
    identifier.label = label(list).to_owned();
    subject.identifiers.push(identifier);
    for code in field(row, 3).split("] [").map(|code| code.trim_matches(['[', ']', ' '])) {
        let programme = Programme { code: code.to_owned(), ..Programme::default() };
        if !code.is_empty() && !subject.programmes.contains(&programme) {
            subject.programmes.push(programme);
        }
    }
    subject.detail("Title", field(row, 4));
    if !field(row, 5).is_empty() {
        let mut identifier = checked(IdentifierKind::CallSign, field(row, 5));
        identifier.label = "Vessel Call Sign".into();
        subject.identifiers.push(identifier);
    }
    subject.detail("Vessel Type", field(row, 6));
    subject.detail("Vessel Tonnage", field(row, 7));
    subject.detail("Vessel Gross Registered Tonnage", field(row, 8));
    if !field(row, 9).is_empty() {
        subject.places.push(ofac_facts::place(PlaceKind::Flag, field(row, 9)));
    }
    if !field(row, 10).is_empty() {
        let (name, text) = (field(row, 10).to_owned(), "Vessel Owner".to_owned());
        subject.relations.push(Relation { kind: RelationKind::OwnedBy, name, text, ..Relation::default() });
    }
    subject.remarks = match comment {
        // The rest goes on where the remark broke off, in the middle of a word or behind a blank.
        Some(rest) => format!("{}{}", row.get(11).unwrap_or_default().trim_start(), rest.trim_end()),
        None => field(row, 11).to_owned(),
    };
    subject
}

fn aliases(table: &Table, primary: &Table, listing: &mut Listing<'_>) -> Result<(), Error> {
    let mut orphans = 0;
    for (line, row) in &table.rows {
        let text = field(row, 3);
        listing.report.at(&table.file, *line);
        let Some((subject, report)) = listing.subject_and_report(field(row, 0)) else {
            orphans += 1;
            listing.report.skip("aliases of an entry that the primary file does not have (another day's file?)");
            continue;
        };
        if text.is_empty() {
            report.skip("an alias without a name");
            continue;
        }
        let kind = match field(row, 2).to_ascii_lowercase().as_str() {
            "aka" | "nka" => NameKind::Alias,
            "fka" => NameKind::Former,
            _ => {
                let reason = "is not a valid type of alias; expected aka, fka or nka";
                Refusal::new("alt_type", field(row, 2), reason).keep(subject, report);
                NameKind::Alias
            }
        };
        let mut alias = ofac_facts::name(subject.kind, text, kind);
        // Weak aliases stand in the remarks: what has a row of its own is strong.
        alias.strength = Strength::Strong;
        subject.names.push(alias);
    }
    check_orphans(table, orphans, primary)
}

fn addresses(table: &Table, primary: &Table, listing: &mut Listing<'_>) -> Result<(), Error> {
    let mut orphans = 0;
    for (_, row) in &table.rows {
        let address = Address {
            lines: [field(row, 2), "", ""],
            city: field(row, 3),
            country: field(row, 4),
            ..Address::default()
        };
        let place: Option<Place> = address.place();
        let remark = field(row, 5);
        let Some(subject) = listing.subject(field(row, 0)) else {
            orphans += 1;
            listing.report.skip("addresses of an entry that the primary file does not have (another day's file?)");
            continue;
        };
        subject.detail("Address remark", remark);
        match place {
            Some(place) => subject.places.push(place),
            None => listing.report.skip("an address that says nothing"),
        }
    }
    check_orphans(table, orphans, primary)
}

/// Reads the remarks and draws the measures from all of it.
fn finish(list: OfacList, listing: &mut Listing<'_>) {
    listing.complete(|subject, report| {
        ofac_remarks::read(subject, report);
        subject.measures = measures(list, subject);
        ofac_facts::shrink(subject);
    });
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn import(list: OfacList, files: &[&str]) -> Result<(Vec<Subject>, Report), Error> {
        let folder = tempfile::tempdir().unwrap();
        let mut paths = Vec::new();
        for (place, text) in files.iter().enumerate() {
            let path = folder.path().join(format!("file{place}.csv"));
            std::fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
            paths.push(path);
        }
        let mut report = Report::default();
        let mut listing = Listing::new(&mut report);
        read(list, &paths, &Progress::silent(), &mut listing)?;
        let subjects = std::mem::take(&mut listing.subjects);
        Ok((subjects, report))
    }

    const PRIMARY: &str = "1,\"DOE, John\",\"individual\",\"SDGT] [IFSR\",\"Chief\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB 1960; Linked To: AC\"\r\n\
                           2,\"ACME, S.A.\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n\u{1a}";

    #[test]
    fn a_set_comes_together() {
        let alt = "1,10,\"aka\",\"ROE, Richard\",-0- \r\n9,11,\"aka\",\"GONE\",-0- \r\n";
        let add = "2,20,\"Main Street 1\",\"Havana\",\"Cuba\",-0- \r\n1,21,-0- ,-0- ,-0- ,-0- \r\n";
        let comments = "1,\"ME, S.A.; nationality Cuba.\"\r\n";
        let (subjects, report) = import(OfacList::Sdn, &[add, comments, alt, PRIMARY]).unwrap();
        assert_eq!(report.rows_read, 2);
        assert_eq!(report.skipped.len(), 2, "{:?}", report.skipped);
        let john = &subjects[0];
        assert_eq!(john.name(), "John DOE");
        assert_eq!(john.remarks, "DOB 1960; Linked To: ACME, S.A.; nationality Cuba.");
        assert_eq!(john.relations[0].name, "ACME, S.A.");
        let programmes: Vec<&str> = john.programmes.iter().map(|programme| programme.code.as_str()).collect();
        assert_eq!(programmes, ["SDGT", "IFSR"]);
        assert_eq!(john.names[1].full, "Richard ROE");
        assert_eq!(subjects[1].name(), "ACME, S.A.");
        assert_eq!(subjects[1].places[0].text, "Main Street 1, Havana, Cuba");
    }

    #[test]
    fn bad_sets_are_refused_with_their_reason() {
        let problem = |files: &[&str]| import(OfacList::Sdn, files).unwrap_err().to_string();
        assert!(problem(&["1,10,\"aka\",\"X\",-0- \r\n"]).contains("no file has the 12 fields"));
        assert!(problem(&[PRIMARY, PRIMARY]).contains("both of 12 fields"));
        assert!(problem(&["1,2,3\r\n"]).contains("rows of 3 fields"));
        assert!(problem(&["\u{1a}"]).contains("holds no row"));
        let cut = &PRIMARY[..PRIMARY.len() - 30];
        assert!(problem(&[cut]).contains("line 2"), "{}", problem(&[cut]));
        for end in ["-", "-0", "-0-", "-0- ", "-0- \r"] {
            let cut = format!("{}{end}", PRIMARY.strip_suffix("-0- \r\n\u{1a}").unwrap());
            assert!(problem(&[&cut]).contains("line 2: the file is cut"), "{end}: {}", problem(&[&cut]));
        }
        let nul = PRIMARY.replace("DOE", "D\0E");
        assert!(problem(&[&nul]).contains("line 1: holds a NUL"), "{}", problem(&[&nul]));
        // All rows but one of an alias file are of entries of the other list.
        let other = "1,1,\"aka\",\"A\",-0- \r\n8,2,\"aka\",\"B\",-0- \r\n9,3,\"aka\",\"C\",-0- \r\n";
        assert!(problem(&[PRIMARY, other]).contains("2 of 3 rows"), "{}", problem(&[PRIMARY, other]));
        let other = "8,1,\"Street\",\"Havana\",\"Cuba\",-0- \r\n";
        assert!(problem(&[PRIMARY, other]).contains("1 of 1 rows"), "{}", problem(&[PRIMARY, other]));
        assert!(problem(&[PRIMARY, "8,\"more\"\r\n"]).contains("1 of 1 rows"));
        let in_quotes = &PRIMARY[..130];
        assert!(problem(&[in_quotes]).contains("breaks off within quotes"), "{}", problem(&[in_quotes]));
        let other = import(OfacList::Consolidated, &[PRIMARY]).unwrap_err().to_string();
        assert!(other.contains("is the SDN list"), "{other}");
        let doubled = PRIMARY.replace("2,\"ACME", "1,\"ACME");
        let (_, report) = import(OfacList::Sdn, &[&doubled]).unwrap();
        assert_eq!((report.rows_rejected, report.rejects[0].line), (1, 2));
        assert!(report.rejects[0].reason.contains("and at line 1 of"), "{}", report.rejects[0]);
    }

    #[test]
    fn a_date_that_does_not_exist_is_reported_with_its_place() {
        let text = PRIMARY.replace("-0- \r\n\u{1a}", "\"DOB 31 Feb 1970.\"\r\n");
        let (subjects, report) = import(OfacList::Sdn, &[&text]).unwrap();
        assert_eq!(subjects[1].details[0].value, "31 Feb 1970");
        let place = &report.kept_as_text[0];
        let expected = (2, "Date of birth", "31 Feb 1970");
        assert_eq!((place.line, place.field.as_str(), place.value.as_str()), expected);
        assert!(report.to_string().contains("line 2, Date of birth `31 Feb 1970`"), "{report}");
    }
}
