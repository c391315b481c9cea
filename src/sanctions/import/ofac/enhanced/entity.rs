//! One entity: what it is, on which lists and under which programmes it stands, and where its parts go.

use super::features::{self, References};
use super::names;
use crate::import::{Element, Report};
use crate::sanctions::import::field::{Refusal, day, joined, or_text, spaced};
use crate::sanctions::import::ofac::advanced::{entry, relationship};
use crate::sanctions::import::ofac::facts as ofac_facts;
use crate::sanctions::import::ofac::facts::Address;
use crate::sanctions::import::ofac::list::{OfacList, label};
use crate::sanctions::subject::identifier::checked;
use crate::sanctions::subject::model::{IdentifierKind, Measure, Programme, Relation, Subject, SubjectKind};
use crate::value::Span;

const SDN_LIST: &str = "SDN List";
const GATHERING_LIST: &str = "Consolidated List";

/// A subject, and whether it stands on the list of the file or on one of the other kind.
pub struct Entity {
    pub subject: Subject,
    pub is_on_list: bool,
    pub is_on_other: bool,
}

/// Elements that are read or left out on purpose, by the one that holds them.
const KNOWN: [(&str, &[&str]); 7] = [
    (
        "entity",
        &[
            "generalInfo",
            "sanctionsLists",
            "sanctionsPrograms",
            "sanctionsTypes",
            "legalAuthorities",
            "names",
            "addresses",
            "features",
            "identityDocuments",
            "relationships",
        ],
    ),
    ("generalInfo", &["identityId", "entityType", "title", "remarks"]),
    ("name", &["isPrimary", "aliasType", "isLowQuality", "translations"]),
    ("address", &["country", "translations"]),
    ("feature", &["type", "versionId", "value", "valueDate", "valueRefId", "isPrimary", "comments"]),
    (
        "identityDocument",
        &[
            "type",
            "name",
            "documentNumber",
            "isValid",
            "issuingLocation",
            "issuingCountry",
            "issueDate",
            "expirationDate",
            "comments",
        ],
    ),
    ("relationship", &["type", "relatedEntity", "comments"]),
];

pub fn read(list: OfacList, references: &References, element: &Element, report: &mut Report) -> Entity {
    let mut subject = Subject { uid: element.attribute("id").to_owned(), ..Subject::default() };
    if let Some(general) = element.child("generalInfo") {
        let kind = kind(general.text_of("entityType"), &mut subject, report);
        subject.kind = kind;
        subject.detail("Title", general.text_of("title"));
        subject.remarks = spaced(general.text_of("remarks"));
    }
    for name in element.path(&["names", "name"]) {
        names::take(name, &mut subject, report);
    }
    names::arrange(&mut subject.names);
    let entity = listed(list, element, &mut subject, report);
    let mut subject = entity.subject;
    programmes(element, &mut subject);
    for address in element.path(&["addresses", "address"]) {
        take_address(address, &mut subject, report);
    }
    features::take(references, element, &mut subject, report);
    // Behind the features and addresses: a Russian address helps to tell what a number is.
    for document in element.path(&["identityDocuments", "identityDocument"]) {
        features::take_document(document, &mut subject, report);
    }
    for relationship in element.path(&["relationships", "relationship"]) {
        take_relationship(relationship, &mut subject, report);
    }
    keep_unknown(element, &mut subject, report);
    ofac_facts::shrink(&mut subject);
    Entity { subject, ..entity }
}

fn kind(text: &str, subject: &mut Subject, report: &mut Report) -> SubjectKind {
    match text {
        "Individual" => SubjectKind::Person,
        "Entity" | "Other Entity" => SubjectKind::Organization,
        "Vessel" => SubjectKind::Vessel,
        "Aircraft" => SubjectKind::Aircraft,
        other => {
            let reason = "is not a valid type of entity; expected Individual, Entity, Vessel or Aircraft";
            Refusal::new("entityType", other, reason).keep(subject, report);
            SubjectKind::Unknown
        }
    }
}

/// The lists that it stands on, since when, and its number on each kind.
fn listed(list: OfacList, element: &Element, subject: &mut Subject, report: &mut Report) -> Entity {
    let (mut own, mut foreign): (Option<Span>, Option<Span>) = (None, None);
    let (mut is_on_list, mut is_on_other) = (false, false);
    let mut parts: Vec<&str> = Vec::new();
    for listed in element.path(&["sanctionsLists", "sanctionsList"]) {
        let since = or_text(day("datePublished", listed.attribute("datePublished")), subject, report).map(Span::day);
        let is_own = (listed.text == SDN_LIST) == (list == OfacList::Sdn);
        *(if is_own { &mut is_on_list } else { &mut is_on_other }) = true;
        let days = if is_own { &mut own } else { &mut foreign };
        *days = [*days, since].into_iter().flatten().min();
        if list == OfacList::Consolidated && is_own && listed.text != GATHERING_LIST {
            parts.push(&listed.text);
        }
    }
    parts.dedup();
    subject.source_list = parts.join("; ");
    subject.listed_on = own.or(foreign);
    let other = if list == OfacList::Sdn { OfacList::Consolidated } else { OfacList::Sdn };
    // Where no list is named, the file's own is meant.
    for (list, is_on) in [(list, is_on_list || !is_on_other), (other, is_on_other)] {
        if is_on {
            let mut number = checked(IdentifierKind::OfacUid, &subject.uid);
            label(list).clone_into(&mut number.label);
            subject.identifiers.push(number);
        }
    }
    Entity { subject: std::mem::take(subject), is_on_list, is_on_other }
}

fn programmes(element: &Element, subject: &mut Subject) {
    for program in element.path(&["sanctionsPrograms", "sanctionsProgram"]) {
        let programme = Programme { code: program.text.clone(), ..Programme::default() };
        if !programme.code.is_empty() && !subject.programmes.contains(&programme) {
            subject.programmes.push(programme);
        }
    }
    let bases: Vec<&str> = element
        .path(&["legalAuthorities", "legalAuthority"])
        .into_iter()
        .map(|basis| basis.text.as_str())
        .filter(|basis| !basis.is_empty() && *basis != "Unknown")
        .collect();
    entry::pair(&mut subject.programmes, &bases);
    for measure in element.path(&["sanctionsTypes", "sanctionsType"]) {
        let text = measure.text.clone();
        let measure = Measure { kind: entry::measure_kind(&text), text, ..Measure::default() };
        if !measure.text.is_empty() && !subject.measures.contains(&measure) {
            subject.measures.push(measure);
        }
    }
}

/// An address as Latin letters have it, then in its own script where the list has that too.
fn take_address(element: &Element, subject: &mut Subject, report: &mut Report) {
    let country = element.text_of("country");
    let mut translations = element.path(&["translations", "translation"]);
    translations.sort_by_key(|translation| translation.text_of("isPrimary") == "false");
    let mut said = false;
    for translation in &translations {
        let mut address = Address { country, ..Address::default() };
        for part in translation.path(&["addressParts", "addressPart"]) {
            let value = part.text_of("value");
            let place = match part.text_of("type") {
                "ADDRESS1" => &mut address.lines[0],
                "ADDRESS2" => &mut address.lines[1],
                "ADDRESS3" => &mut address.lines[2],
                "CITY" => &mut address.city,
                "STATE/PROVINCE" => &mut address.state,
                "POSTAL CODE" => &mut address.postal_code,
                "REGION" | "Unknown" => &mut address.region,
                other => {
                    let text = joined(&[other, value]);
                    Refusal::new("addressPart", &text, "is not a known part of an address").keep(subject, report);
                    continue;
                }
            };
            *place = value;
        }
        let places = address.place().filter(|place| !subject.places.contains(place));
        said |= places.is_some();
        subject.places.extend(places);
    }
    if translations.is_empty() {
        let place = Address { country, ..Address::default() }.place();
        said = place.is_some();
        subject.places.extend(place);
    }
    if !said {
        report.skip("an address that says nothing");
    }
}

fn take_relationship(element: &Element, subject: &mut Subject, report: &mut Report) {
    let related = element.child("relatedEntity");
    let uid = related.map_or("", |related| related.attribute("entityId")).to_owned();
    let name = related.map_or_else(String::new, |related| spaced(&related.text));
    if uid.is_empty() && name.is_empty() {
        report.skip("a relationship with nobody");
        return;
    }
    let comments = element.text_of("comments");
    let kind = element.text_of("type");
    let text = if comments.is_empty() { kind.to_owned() } else { format!("{kind}: {comments}") };
    subject.relations.push(Relation { kind: relationship::kind(kind), uid, name, text, ..Relation::default() });
}

fn keep_unknown(element: &Element, subject: &mut Subject, report: &mut Report) {
    let holders = [element].into_iter().chain(element.children("generalInfo")).chain(
        [
            ["names", "name"],
            ["addresses", "address"],
            ["features", "feature"],
            ["identityDocuments", "identityDocument"],
            ["relationships", "relationship"],
        ]
        .iter()
        .flat_map(|path| element.path(path)),
    );
    for holder in holders {
        let known = KNOWN.iter().find(|(name, _)| *name == holder.name).map_or(&[][..], |(_, known)| *known);
        for child in holder.children.iter().filter(|child| !known.contains(&child.name.as_str())) {
            let text = whole_text(child);
            if !text.is_empty() {
                report.skip(&format!("an element that is not known, kept as a detail: {}", child.name));
                subject.detail(&child.name, &text);
            }
        }
    }
}

fn whole_text(element: &Element) -> String {
    let parts: Vec<String> = element.children.iter().map(whole_text).collect();
    spaced(&format!("{} {}", element.text, parts.join(" ")))
}
