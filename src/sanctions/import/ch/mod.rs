//! The Swiss list: SECO's consolidated list of sanctioned persons, entities and objects as XML (SESAM export, root
//! `swiss-sanctions-list`).
//!
//! Targets refer to programmes and places by their numbers (`ssid`); places may follow the targets. Entries that were
//! delisted stay in the file with a modification that says so.

mod sets;

use std::collections::HashMap;
use std::path::PathBuf;

use super::field::{Refusal, day, or_text};
use super::listing::Listing;
use crate::import::{Element, Error, Input, Progress, Report, XmlReader};
use crate::reference::country;
use crate::sanctions::import::ListFormat;
use crate::sanctions::subject::identifier::checked;
use crate::sanctions::subject::model::{
    DateKind, DatedFact, IdentifierKind, Name, NameKind, Place, PlaceKind, Relation, RelationKind, Strength, Subject,
    SubjectKind,
};
use crate::sanctions::subject::names::script;
use crate::value::Span;

use sets::Sets;

pub const FORMAT: ListFormat = ListFormat {
    name: "seco",
    about: "Swiss SECO consolidated list, XML.",
    dataset: Some("ch-seco"),
    title: "Consolidated list of sanctioned persons, entities and objects",
    authority: "CH",
    publisher: "Swiss State Secretariat for Economic Affairs",
    license: "free with attribution",
    read,
};

pub fn read(files: &[PathBuf], progress: &Progress, listing: &mut Listing<'_>) -> Result<(), Error> {
    let [path] = files else {
        return Err(Error::Refused(format!("SECO's list is one file; {} were named", files.len())));
    };
    let mut input = Input::open_text(path, progress)?;
    let file = input.name();
    let mut reader = XmlReader::open(&mut input, &["swiss-sanctions-list"])?;
    listing.report.at(&file, reader.root.line);
    listing.dated(day("date", reader.root.attribute("date")));
    let mut sets = Sets::default();
    let mut places: HashMap<String, Place> = HashMap::new();
    let mut targets = Vec::new();
    while let Some(element) = reader.next(&["sanctions-program", "target", "place"])? {
        match element.name.as_str() {
            "sanctions-program" => sets.add(&element),
            "place" => {
                places.insert(element.attribute("ssid").to_owned(), place(&element));
            }
            _ => {
                listing.report.at(&file, element.line);
                targets.push((element.line, target(&element, listing.report)));
            }
        }
    }
    for (line, target) in targets {
        let subject = target.finish(&sets, &places, listing);
        listing.take(subject, &file, line);
    }
    listing.report.files.push(input.finish()?);
    Ok(())
}

fn place(element: &Element) -> Place {
    let (location, area) = (element.text_of("location"), element.text_of("area"));
    let named = element.child("country");
    let iso = named.map_or("", |country| country.attribute("iso-code"));
    let country = named.map_or("", |country| country.text.as_str());
    let parts: Vec<&str> = [location, area, country].into_iter().filter(|part| !part.is_empty()).collect();
    let code = country::code(iso);
    Place {
        kind: PlaceKind::Address,
        text: parts.join(", "),
        country: if code.is_empty() { country::code(country) } else { code }.to_owned(),
        city: location.to_owned(),
        postal_code: String::new(),
    }
}

/// A target whose references are not yet resolved.
struct Target {
    subject: Subject,
    sets: Vec<String>,
    /// Kind, number of the place, details of its own.
    places: Vec<(PlaceKind, String, String)>,
}

fn target(element: &Element, report: &mut Report) -> Target {
    let mut subject = Subject { uid: element.attribute("ssid").to_owned(), ..Subject::default() };
    let mut places = Vec::new();
    for (name, kind) in
        [("individual", SubjectKind::Person), ("entity", SubjectKind::Organization), ("object", SubjectKind::Unknown)]
    {
        let Some(body) = element.child(name) else { continue };
        subject.kind = match body.attribute("object-type") {
            "vessel" => SubjectKind::Vessel,
            "aircraft" => SubjectKind::Aircraft,
            _ => kind,
        };
        subject.detail("gender", body.attribute("sex"));
        let mut identities: Vec<&Element> = body.children("identity").collect();
        identities.sort_by_key(|identity| identity.attribute("main") != "true");
        for identity in identities {
            self::identity(&mut subject, identity, &mut places, report);
        }
        for justification in body.children("justification") {
            if !subject.remarks.is_empty() {
                subject.remarks.push('\n');
            }
            subject.remarks.push_str(&justification.text);
        }
        for other in body.children("other-information") {
            other_information(&mut subject, &other.text);
        }
        for relation in body.children("relation") {
            subject.relations.push(Relation {
                kind: relation_kind(relation.attribute("relation-type")),
                uid: relation.attribute("target-id").to_owned(),
                text: relation.attribute("relation-type").to_owned(),
                name: relation.text_of("remark").to_owned(),
                share: None,
                by_name: false,
            });
        }
        for attribute in body.children("generic-attribute") {
            subject.detail(attribute.attribute("name"), &attribute.text);
        }
    }
    for foreign in element.children("foreign-identifier") {
        let kind = if foreign.text.contains("EU.") { IdentifierKind::EuReference } else { IdentifierKind::Other };
        let kind = if is_un_reference(&foreign.text) { IdentifierKind::UnReference } else { kind };
        subject.identifiers.push(checked(kind, &foreign.text));
    }
    modifications(&mut subject, element, report);
    let sets = element.children("sanctions-set-id").map(|set| set.text.clone()).collect();
    Target { subject, sets, places }
}

/// `KPi.033`, `QDe.001`: three letters, a point, three digits.
fn is_un_reference(text: &str) -> bool {
    let (letters, digits) = text.split_once('.').unwrap_or_default();
    letters.len() == 3
        && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
        && digits.len() == 3
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Listing, amendment and delisting by what the list says it did.
fn modifications(subject: &mut Subject, element: &Element, report: &mut Report) {
    let mut newest: Option<(Span, &str)> = None;
    for modification in element.children("modification") {
        let day = ["effective-date", "publication-date", "enactment-date"]
            .iter()
            .map(|name| modification.attribute(name))
            .find(|day| !day.is_empty())
            .unwrap_or_default();
        if day.is_empty() {
            continue;
        }
        let kind = modification.attribute("modification-type");
        if !["listed", "amended", "de-listed", ""].contains(&kind) {
            let reason = "is none of listed, amended and de-listed";
            Refusal::new("modification-type", &format!("{kind} {day}"), reason).keep(subject, report);
        }
        let Some(span) = optional_date(subject, "modification", day, report) else { continue };
        match kind {
            "listed" => subject.listed_on = Some(subject.listed_on.map_or(span, |first| first.min(span))),
            "amended" => subject.amended_on = subject.amended_on.max(Some(span)),
            _ => {}
        }
        // Of two of one day the later in the file.
        if newest.is_none_or(|(day, _)| day <= span) {
            newest = Some((span, kind));
        }
    }
    if let Some((day, "de-listed")) = newest {
        subject.delisted_on = Some(day);
    }
}

/// A date of the list, with or without a time behind it.
fn optional_date(subject: &mut Subject, field: &str, text: &str, report: &mut Report) -> Option<Span> {
    if text.is_empty() {
        return None;
    }
    let date: Option<Span> = text.get(..10).unwrap_or(text).parse().ok();
    or_text(
        date.map(Some).ok_or_else(|| Refusal::new(field, text, "is not a valid date; expected one such as 2022-02-28")),
        subject,
        report,
    )
}

fn identity(
    subject: &mut Subject,
    identity: &Element,
    places: &mut Vec<(PlaceKind, String, String)>,
    report: &mut Report,
) {
    let is_main = identity.attribute("main") == "true";
    for name in identity.children("name") {
        names(subject, name, is_main, report);
    }
    for date in identity.children("day-month-year") {
        let part = |name: &str| date.attribute(name);
        let parts = ["year", "month", "day"].map(part);
        let Some(span) = or_text(day_month_year(parts), subject, report) else { continue };
        let span = if part("quality") == "circa" { span.circa() } else { span };
        let kind = if subject.kind == SubjectKind::Person { DateKind::Birth } else { DateKind::Incorporation };
        subject.dates.push(DatedFact { kind, date: span });
    }
    for nationality in identity.children("nationality") {
        let named = nationality.child("country").unwrap_or(nationality);
        let code = country::code(named.attribute("iso-code")).to_owned();
        let text = if named.text.is_empty() { named.attribute("iso-code") } else { &named.text };
        let place = Place { kind: PlaceKind::Nationality, text: text.to_owned(), country: code, ..Place::default() };
        subject.places.push(place);
    }
    for (name, kind) in [("place-of-birth", PlaceKind::Birth), ("address", PlaceKind::Address)] {
        for element in identity.children(name) {
            let details = [element.text_of("address-details"), element.text_of("zip-code")];
            let details: Vec<&str> = details.into_iter().filter(|part| !part.is_empty()).collect();
            places.push((kind, element.attribute("place-id").to_owned(), details.join(", ")));
        }
    }
    for document in identity.children("identification-document") {
        let kind = match document.attribute("document-type") {
            "passport" | "diplomatic-passport" | "service-passport" => IdentifierKind::Passport,
            "id-card" | "national-identity-card" => IdentifierKind::NationalId,
            _ => IdentifierKind::Other,
        };
        let mut identifier = checked(kind, document.text_of("number"));
        document.attribute("document-type").clone_into(&mut identifier.label);
        let issuer = document.child("issuer").map_or("", |issuer| issuer.attribute("code"));
        country::code(issuer).clone_into(&mut identifier.country);
        identifier.issued_on = optional_date(subject, "date-of-issue", document.text_of("date-of-issue"), report);
        identifier.expires_on = optional_date(subject, "expiry-date", document.text_of("expiry-date"), report);
        document.text_of("remark").clone_into(&mut identifier.note);
        if !identifier.value.is_empty() {
            subject.identifiers.push(identifier);
        }
    }
}

/// A year, a year with its month, or a day; `None` where all parts are empty.
fn day_month_year(parts: [&str; 3]) -> Result<Option<Span>, Refusal> {
    let span = match parts {
        ["", "", ""] => return Ok(None),
        [year, "", ""] => year.parse().ok().and_then(Span::of_year),
        [year, month, ""] => year.parse().ok().zip(month.parse().ok()).and_then(|(y, m)| Span::of_month(y, m)),
        [year, month, day] => match (year.parse(), month.parse(), day.parse()) {
            (Ok(year), Ok(month), Ok(day)) => Span::of_day(year, month, day),
            _ => None,
        },
    };
    let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    span.map(Some).ok_or_else(|| Refusal::new("day-month-year", &text, "is not a day, month or year of the calendar"))
}

/// A name and its spellings in other scripts.
fn names(subject: &mut Subject, element: &Element, is_main: bool, report: &mut Report) {
    let kind = match element.attribute("name-type") {
        "primary-name" if is_main => NameKind::Primary,
        "formerly-known-as" | "maiden-name" => NameKind::Former,
        "" | "primary-name" | "alias" => NameKind::Alias,
        other => {
            let reason = "is none of primary-name, alias, formerly-known-as and maiden-name";
            Refusal::new("name-type", other, reason).keep(subject, report);
            NameKind::Alias
        }
    };
    let strength = match element.attribute("quality") {
        "good" => Strength::Strong,
        "low" => Strength::Weak,
        "" => Strength::Unknown,
        other => {
            Refusal::new("quality", other, "is neither good nor low").keep(subject, report);
            Strength::Unknown
        }
    };
    let mut parts: Vec<&Element> = element.children("name-part").collect();
    parts.sort_by_key(|part| part.attribute("order").parse::<u32>().unwrap_or(u32::MAX));
    let is_family = |part: &Element| part.attribute("name-part-type") == "family-name";
    // Given names first; the family name stands first in the list.
    let ordered: Vec<&Element> = parts
        .iter()
        .copied()
        .filter(|part| !is_family(part))
        .chain(parts.iter().copied().filter(|part| is_family(part)))
        .collect();
    let joined = |parts: &[&Element], text: &dyn Fn(&Element) -> String| -> String {
        let texts: Vec<String> = parts.iter().map(|part| text(part)).filter(|text| !text.is_empty()).collect();
        texts.join(" ")
    };
    let value = |part: &Element| part.text_of("value").to_owned();
    let full = joined(&ordered, &value);
    if full.is_empty() {
        return;
    }
    let families: Vec<&Element> = parts.iter().copied().filter(|part| is_family(part)).collect();
    let others: Vec<&Element> = parts.iter().copied().filter(|part| !is_family(part)).collect();
    let apart = !families.is_empty();
    subject.names.push(Name {
        script: script(&full).to_owned(),
        family: joined(&families, &value),
        given: if apart { joined(&others, &value) } else { String::new() },
        full,
        kind,
        strength,
        language: element.attribute("lang").to_owned(),
    });
    let mut scripts: Vec<&str> = ordered
        .iter()
        .flat_map(|part| part.children("spelling-variant"))
        .map(|variant| variant.attribute("script"))
        .collect();
    scripts.sort_unstable();
    scripts.dedup();
    for wanted in scripts {
        let spelt = |part: &Element| {
            let variant = part.children("spelling-variant").find(|variant| variant.attribute("script") == wanted);
            variant.map_or_else(|| part.text_of("value").to_owned(), |variant| variant.text.clone())
        };
        let full = joined(&ordered, &spelt);
        let name =
            Name { script: script(&full).to_owned(), full, kind: NameKind::Variant, strength, ..Name::default() };
        if !subject.names.contains(&name) {
            subject.names.push(name);
        }
    }
}

/// `IMO number: 9221970` and the like; the rest is a detail.
fn other_information(subject: &mut Subject, text: &str) {
    let lower = text.to_ascii_lowercase();
    let number: String = text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    let known = [
        ("imo", 7..=7, IdentifierKind::Imo),
        ("mmsi", 9..=9, IdentifierKind::Mmsi),
        ("inn", 10..=12, IdentifierKind::Inn),
        ("tax", 10..=12, IdentifierKind::Inn),
        ("ogrn", 13..=15, IdentifierKind::Ogrn),
    ];
    for (word, lengths, kind) in known {
        let says = lower.split(|c: char| !c.is_ascii_alphabetic()).any(|part| part == word);
        if says && lengths.contains(&number.len()) {
            subject.identifiers.push(checked(kind, &number));
            break;
        }
    }
    subject.detail("Other information", text);
}

fn relation_kind(text: &str) -> RelationKind {
    match text {
        "owned-by" => RelationKind::OwnedBy,
        "owner-of" | "owns" => RelationKind::Owns,
        "controlled-by" => RelationKind::ControlledBy,
        "controls" => RelationKind::Controls,
        "acting-on-behalf-of" | "acts-for" => RelationKind::ActsFor,
        "family-member-of" | "related-to-family" => RelationKind::Family,
        _ => RelationKind::LinkedTo,
    }
}

impl Target {
    fn finish(mut self, sets: &Sets, places: &HashMap<String, Place>, listing: &mut Listing<'_>) -> Subject {
        sets.give(&self.sets, &mut self.subject, listing);
        for (kind, number, details) in self.places {
            let mut place = match places.get(&number) {
                Some(place) => Place { kind, ..place.clone() },
                None => {
                    if !number.is_empty() {
                        listing.report.skip("a place that the file does not have");
                    }
                    Place { kind, ..Place::default() }
                }
            };
            if !details.is_empty() {
                place.text = if place.text.is_empty() { details } else { format!("{details}, {}", place.text) };
            }
            if !place.text.is_empty() {
                self.subject.places.push(place);
            }
        }
        self.subject
    }
}

#[cfg(test)]
mod tests;
