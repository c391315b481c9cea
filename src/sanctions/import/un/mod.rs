//! UN Security Council Consolidated List, XML: `CONSOLIDATED_LIST` with `INDIVIDUALS` and `ENTITIES`.
//!
//! Documented by the schema that the list names (<https://www.un.org/sc/resources/sc-sanctions.xsd>). Left out on
//! purpose: SORT_KEY and SORT_KEY_LAST_MOD (of the list's own display) and VERSIONNUM (1 in every entry). LIST_TYPE is
//! `UN List` in every entry; another is kept as the source list.
//!
//! The list does not give the measures; they follow from the resolutions of each regime, see `measures`.

pub mod dates;
mod documents;
mod names;

use std::path::PathBuf;

use crate::import::{Element, Error, Input, Progress, Report, XmlReader};
use crate::reference::country;
use crate::sanctions::subject::identifier::checked;
use crate::sanctions::subject::model::{
    IdentifierKind, Measure, MeasureKind, Place, PlaceKind, Programme, Subject, SubjectKind,
};
use crate::value::Span;

use super::field::{day, joined, or_text, spaced};
use super::listing::Listing;
use crate::sanctions::import::ListFormat;
use crate::sanctions::import::un::dates as un_dates;
use crate::sanctions::import::un::documents as un_documents;
use crate::sanctions::import::un::names as un_names;

pub const FORMAT: ListFormat = ListFormat {
    name: "un",
    about: "UN Security Council consolidated list, XML.",
    dataset: Some("un-sc"),
    title: "United Nations Security Council Consolidated List",
    authority: "UN",
    publisher: "United Nations Security Council",
    license: "United Nations material, free with attribution",
    read,
};

pub fn read(files: &[PathBuf], progress: &Progress, listing: &mut Listing<'_>) -> Result<(), Error> {
    for path in files {
        let mut input = Input::open_text(path, progress)?;
        let file = input.name();
        let mut reader = XmlReader::open(&mut input, &["CONSOLIDATED_LIST"])?;
        let generated = reader.root.attribute("dateGenerated");
        listing.report.at(&file, reader.root.line);
        listing.dated(day("dateGenerated", generated));

        while let Some(element) = reader.next(&["INDIVIDUAL", "ENTITY"])? {
            let line = reader.line();
            listing.report.at(&file, line);
            let subject = subject(&element, listing.report);
            listing.take(subject, &file, line);
        }
        listing.report.files.push(input.finish()?);
    }
    Ok(())
}

fn subject(element: &Element, report: &mut Report) -> Subject {
    let text = |name: &str| spaced(element.text_of(name));
    let kind = if element.name == "INDIVIDUAL" { SubjectKind::Person } else { SubjectKind::Organization };
    let mut subject = Subject { uid: text("DATAID"), kind, ..Subject::default() };
    un_names::take(element, &mut subject, report);
    if is_vessel(&subject) {
        subject.kind = SubjectKind::Vessel;
    }

    let (regime, reference) = (text("UN_LIST_TYPE"), text("REFERENCE_NUMBER"));
    if !reference.is_empty() {
        subject.identifiers.push(checked(IdentifierKind::UnReference, &reference));
    }
    if !regime.is_empty() {
        subject.programmes.push(Programme { code: regime.clone(), ..Programme::default() });
    }
    let list = element.path(&["LIST_TYPE", "VALUE"]).first().map_or_else(String::new, |value| spaced(&value.text));
    if list != "UN List" {
        subject.source_list = list;
    }
    subject.listed_on = or_text(day("LISTED_ON", &text("LISTED_ON")), &mut subject, report).map(Span::day);
    subject.delisted_on = or_text(day("DELISTED_ON", &text("DELISTED_ON")), &mut subject, report).map(Span::day);
    for value in element.path(&["LAST_DAY_UPDATED", "VALUE"]) {
        let amended = or_text(day("LAST_DAY_UPDATED", &value.text), &mut subject, report).map(Span::day);
        subject.amended_on = subject.amended_on.max(amended);
    }

    for (name, label) in [("TITLE", "title"), ("DESIGNATION", "designation")] {
        for value in element.path(&[name, "VALUE"]) {
            subject.detail(label, &spaced(&value.text));
        }
    }
    for (name, label) in [("GENDER", "gender"), ("SUBMITTED_BY", "submitted by"), ("SUBMITTED_ON", "submitted on")] {
        subject.detail(label, &text(name));
    }
    take_places(element, &mut subject);
    for birth in element.children("INDIVIDUAL_DATE_OF_BIRTH") {
        un_dates::take_birth(birth, &mut subject, report);
    }
    for document in element.children("INDIVIDUAL_DOCUMENT") {
        un_documents::take(document, &mut subject, report);
    }
    subject.remarks = text("COMMENTS1");
    if kind == SubjectKind::Organization {
        take_imo_number(&mut subject);
    }
    subject.measures = measures(&regime, &subject);
    keep_unknown(element, &mut subject, report);
    subject
}

/// The list has no vessels of its own kind; one among the entities begins as ships do.
fn is_vessel(subject: &Subject) -> bool {
    let name = subject.name().to_uppercase();
    subject.kind == SubjectKind::Organization
        && ["M/V ", "MV ", "M/T ", "MT "].iter().any(|sign| name.starts_with(sign))
}

fn take_places(element: &Element, subject: &mut Subject) {
    for value in element.path(&["NATIONALITY", "VALUE"]) {
        let text = spaced(&value.text);
        // `na` is the list's "not available".
        if !text.is_empty() && text != "na" {
            let country = country::code(&text).to_owned();
            push_place(subject, Place { kind: PlaceKind::Nationality, text, country, ..Place::default() });
        }
    }
    for address in element.children(&format!("{}_ADDRESS", element.name)) {
        take_place(address, PlaceKind::Address, "address note", subject);
    }
    for birth in element.children("INDIVIDUAL_PLACE_OF_BIRTH") {
        take_place(birth, PlaceKind::Birth, "place of birth note", subject);
    }
}

fn take_place(element: &Element, kind: PlaceKind, note_label: &str, subject: &mut Subject) {
    let text = |name: &str| spaced(element.text_of(name));
    let (street, city, state) = (text("STREET"), text("CITY"), text("STATE_PROVINCE"));
    let (postal_code, country, note) = (text("ZIP_CODE"), text("COUNTRY"), text("NOTE"));
    let whole = joined(&[&street, &city, &state, &postal_code, &country]);
    if !whole.is_empty() {
        let code = country::code(&country).to_owned();
        push_place(subject, Place { kind, text: whole.clone(), country: code, city, postal_code });
        if !note.is_empty() {
            subject.detail(note_label, &format!("{whole}: {note}"));
        }
        return;
    }
    // A note alone is an address when it has parts, as `Branch Office 14: Dubai, United Arab Emirates`; else it is
    // something like `in custody`.
    match note.rsplit_once(',') {
        Some((_, last)) => {
            let country = country::code(last.trim()).to_owned();
            push_place(subject, Place { kind, text: note.clone(), country, ..Place::default() });
        }
        None => subject.detail(note_label, &note),
    }
}

fn push_place(subject: &mut Subject, place: Place) {
    if !subject.places.contains(&place) {
        subject.places.push(place);
    }
}

/// The IMO number that the comments give as the entity's own: a sentence of its own, unlike that of a ship it names.
fn take_imo_number(subject: &mut Subject) {
    const OPENINGS: [&str; 4] =
        ["imo number", "imo no", "company number imo", "international maritime organization (imo) number"];
    let comments = subject.remarks.to_lowercase();
    let mut sentences = comments.split(". ");
    let rest = sentences.find_map(|sentence| OPENINGS.iter().find_map(|opening| sentence.trim().strip_prefix(opening)));
    let number = rest.unwrap_or_default().trim_start_matches([':', '.', ' ']);
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    if digits.len() == 7 {
        let mut identifier = checked(IdentifierKind::Imo, &digits);
        if subject.kind != SubjectKind::Vessel {
            identifier.label = "company".into();
        }
        subject.identifiers.push(identifier);
    }
}

/// What follows from being listed under a regime.
///
/// An asset freeze for all and a travel ban for individuals, but: the Iraq list (resolutions 1483, 1518) freezes assets
/// only, the Guinea-Bissau list (2048) bans travel only, the Libya list says in its comments which of the two applies,
/// and those on the Al-Qaida (1267, 1989, 2253), Taliban (1988) and Yemen (2216) lists are under an arms embargo too.
fn measures(regime: &str, subject: &Subject) -> Vec<Measure> {
    let person = subject.kind == SubjectKind::Person;
    let (mut freeze, mut travel) = (regime != "GB", person && regime != "Iraq");
    if regime == "Libya" {
        let said = |words: &str| {
            let comments = subject.remarks.to_lowercase();
            comments.split('(').skip(1).any(|text| text.split(')').next().is_some_and(|text| text.contains(words)))
        };
        let (freeze_said, travel_said) = (said("asset freeze"), said("travel ban"));
        if freeze_said || travel_said {
            (freeze, travel) = (freeze_said, travel_said);
        }
    }
    let kinds = [
        (MeasureKind::AssetFreeze, freeze),
        (MeasureKind::TravelBan, travel),
        (MeasureKind::Arms, matches!(regime, "Al-Qaida" | "Taliban" | "Yemen")),
        (MeasureKind::VesselBan, subject.kind == SubjectKind::Vessel),
    ];
    kinds.into_iter().filter(|(_, applies)| *applies).map(|(kind, _)| Measure { kind, ..Measure::default() }).collect()
}

/// Elements that this importer reads or leaves out on purpose, and what they hold.
const KNOWN: &[(&str, &[&str])] = &[
    ("DATAID", &[]),
    ("VERSIONNUM", &[]),
    ("FIRST_NAME", &[]),
    ("SECOND_NAME", &[]),
    ("THIRD_NAME", &[]),
    ("FOURTH_NAME", &[]),
    ("NAME_ORIGINAL_SCRIPT", &[]),
    ("UN_LIST_TYPE", &[]),
    ("REFERENCE_NUMBER", &[]),
    ("LISTED_ON", &[]),
    ("DELISTED_ON", &[]),
    ("SUBMITTED_BY", &[]),
    ("SUBMITTED_ON", &[]),
    ("GENDER", &[]),
    ("COMMENTS1", &[]),
    ("SORT_KEY", &[]),
    ("SORT_KEY_LAST_MOD", &[]),
    ("TITLE", &["VALUE"]),
    ("DESIGNATION", &["VALUE"]),
    ("NATIONALITY", &["VALUE"]),
    ("LIST_TYPE", &["VALUE"]),
    ("LAST_DAY_UPDATED", &["VALUE"]),
    ("_ALIAS", &["QUALITY", "ALIAS_NAME", "DATE_OF_BIRTH", "CITY_OF_BIRTH", "COUNTRY_OF_BIRTH", "NOTE"]),
    ("_ADDRESS", &["STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY", "NOTE"]),
    ("_DATE_OF_BIRTH", &["TYPE_OF_DATE", "DATE", "YEAR", "FROM_YEAR", "TO_YEAR", "NOTE"]),
    ("_PLACE_OF_BIRTH", &["STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY", "NOTE"]),
    (
        "_DOCUMENT",
        &[
            "TYPE_OF_DOCUMENT",
            "TYPE_OF_DOCUMENT2",
            "NUMBER",
            "ISSUING_COUNTRY",
            "DATE_OF_ISSUE",
            "CITY_OF_ISSUE",
            "COUNTRY_OF_ISSUE",
            "NOTE",
        ],
    ),
];

/// Keeps what the schema does not have as details, so that a new element is not lost.
fn keep_unknown(element: &Element, subject: &mut Subject, report: &mut Report) {
    let mut keep = |unknown: &Element| {
        let text = whole_text(unknown);
        if !text.is_empty() {
            report.skip("an element that the schema does not have, kept as a detail");
            subject.detail(&unknown.name, &text);
        }
    };
    for child in &element.children {
        let name = child.name.strip_prefix(element.name.as_str()).unwrap_or(&child.name);
        match KNOWN.iter().find(|(known, _)| *known == name) {
            None => keep(child),
            Some((_, parts)) => {
                child.children.iter().filter(|part| !parts.contains(&part.name.as_str())).for_each(&mut keep);
            }
        }
    }
}

fn whole_text(element: &Element) -> String {
    let parts: Vec<String> = element.children.iter().map(whole_text).collect();
    spaced(&format!("{} {}", element.text, parts.join(" ")))
}

#[cfg(test)]
mod tests;
