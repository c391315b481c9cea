//! Targets from made-up rows in the layouts of 2022 and 2018.

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
fn a_day_that_does_not_exist_is_kept_as_text() {
    let row = "A,,,,,,,,,,,,,,Entity,Primary name,,R,31/02/2021,,02/02/2022,1\n";
    let (subjects, report, _) = import(row).unwrap();
    assert_eq!((subjects.len(), report.rows_rejected, subjects[0].listed_on), (1, 0, None));
    assert_eq!((report.kept_as_text[0].line, report.kept_as_text[0].field.as_str()), (3, "Listed On"));
}

#[test]
fn the_older_layout_has_documents_in_words_and_another_encoding() {
    let text = "Last Updated,13/04/2018,,\nName 6,Name 1,DOB,Passport Details,NI Number,Hair,Other Information,Group Type,Alias \
        Type,Regime,Listed On,Last Updated,Group ID\n\
        \u{a0}GARC\u{cd}A,Jos\u{e9},00/00/1961,Passport No: 4711 (Chilean),no 5512,red,UN Ref QI.A.15.01. See Article 2a\
        (4) (b): 24.3.2011. A \u{201c}name\u{201d},\
        Individual,Prime Alias,R,01/04/2016,01/04/2016,77\nPEPE,,00/00/1961,Passport No: 4711 (Chilean),no 5512,red,,\
        Individual,AKA,R,01/04/2016,01/04/2016,77\n";
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&bytes).unwrap();
    let mut report = Report::default();
    let mut listing = Listing::new(&mut report);
    read(&[file.path().to_owned()], &Progress::silent(), &mut listing).unwrap();
    let subjects = listing.subjects;
    let [target] = &subjects[..] else { panic!("one group") };
    assert_eq!(target.name(), "Jos\u{e9} GARC\u{cd}A");
    assert!(target.remarks.ends_with("\u{201c}name\u{201d}"));
    let numbers: Vec<(IdentifierKind, &str)> =
        target.identifiers.iter().map(|id| (id.kind, id.value.as_str())).collect();
    let expected = [
        (IdentifierKind::OfsiGroup, "77"),
        (IdentifierKind::Passport, "4711"),
        (IdentifierKind::NationalId, "5512"),
        (IdentifierKind::UnReference, "QI.A.15.01"),
    ];
    assert_eq!(numbers, expected);
    assert!(target.details.iter().all(|detail| detail.label != "b"), "{:?}", target.details);
    assert_eq!(report.skipped["values of the column Hair, which no field takes: kept as details"], 1);
    assert_eq!(report.skipped["files in Windows-1252 (Latin-1), as their bytes show"], 1);
}
