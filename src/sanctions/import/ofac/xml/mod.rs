//! OFAC's lists as XML: SDN.XML and CONSOLIDATED.XML (root `sdnList`) here, SDN_ADVANCED.XML and CONS_ADVANCED.XML
//! (root `Sanctions`) in `advanced`, SDN_ENHANCED.XML and CONS_ENHANCED.XML (root `sanctionsData`) in `enhanced`. The
//! root element tells which it is.
//!
//! The classic layout is that of Treasury's sdn.xsd. It does not say whose list it is: programmes tell.

use std::path::PathBuf;

use jiff::civil::Date;

use crate::import::{Element, Error, Input, Progress, Report, XmlReader};
use crate::sanctions::import::by_name::LINKED_TO;
use crate::sanctions::import::field::{Refusal, or_text};
use crate::sanctions::import::listing::Listing;
use crate::sanctions::import::ofac::advanced as ofac_advanced;
use crate::sanctions::import::ofac::dates as ofac_dates;
use crate::sanctions::import::ofac::enhanced as ofac_enhanced;
use crate::sanctions::import::ofac::facts as ofac_facts;
use crate::sanctions::import::ofac::facts::{Address, Fact};
use crate::sanctions::import::ofac::list::{OfacList, is_non_sdn, label, measures, other_list};
use crate::sanctions::subject::identifier::checked;
use crate::sanctions::subject::model::{
    DateKind, DatedFact, IdentifierKind, Name, NameKind, PlaceKind, Programme, Relation, Strength, Subject, SubjectKind,
};
use crate::sanctions::subject::names::script;
use crate::value::Span;

#[cfg(test)]
pub(super) mod tests;

/// Reads one file, classic or advanced. A file of the other list is refused.
pub fn read(list: OfacList, files: &[PathBuf], progress: &Progress, listing: &mut Listing<'_>) -> Result<(), Error> {
    let path = files.first().ok_or_else(|| Error::Refused("no file was named".into()))?;
    let mut input = Input::open_text(path, progress)?;
    let file = input.name();
    // Before the files are counted: a page of HTML among the tables of a set is not a list in XML.
    let mut reader = XmlReader::open(&mut input, &["sdnList", "Sanctions", "sanctionsData"])?;
    if files.len() > 1 {
        let names: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
        let problem = format!("an OFAC list in XML is one file, and {} were given: {}", files.len(), names.join(", "));
        return Err(Error::Refused(problem));
    }
    match reader.root.name.as_str() {
        "Sanctions" => ofac_advanced::read(list, &mut reader, &file, listing)?,
        "sanctionsData" => ofac_enhanced::read(list, &mut reader, &file, listing)?,
        _ => classic(list, &mut reader, &file, listing)?,
    }
    listing.report.files.push(input.finish()?);
    Ok(())
}

fn classic(list: OfacList, reader: &mut XmlReader<'_>, file: &str, listing: &mut Listing<'_>) -> Result<(), Error> {
    let mut count = None;
    let (mut entries, mut of_other_lists) = (0_u64, 0_u64);
    while let Some(element) = reader.next(&["publshInformation", "sdnEntry"])? {
        if element.name == "publshInformation" {
            let problem = |problem| Error::Line { file: file.to_owned(), line: element.line, problem };
            listing.published = Some(published(element.text_of("Publish_Date")).map_err(problem)?);
            count = Some(record_count(element.text_of("Record_Count")).map_err(problem)?);
            continue;
        }
        entries += 1;
        of_other_lists +=
            u64::from(element.path(&["programList", "program"]).iter().any(|code| is_non_sdn(&code.text)));
        listing.report.at(file, element.line);
        let subject = entry(list, &element, listing.report);
        listing.take(subject, file, element.line);
    }
    let format =
        |problem: String, remedy: &str| Error::Format { file: file.to_owned(), problem, remedy: remedy.into() };
    let Some(count) = count else {
        return Err(format("has no publshInformation with Publish_Date and Record_Count".into(), "fetch it again"));
    };
    if count != entries {
        let problem = format!("has {entries} entries, but its Record_Count is {count}");
        return Err(format(problem, "it is cut or damaged; fetch it again"));
    }
    if entries == 0 {
        return Err(format("has no entry".into(), "fetch it again"));
    }
    // Of the consolidated list nearly every entry has such a programme, of the SDN list two in a hundred.
    let consolidated = of_other_lists * 4 > entries;
    if consolidated != matches!(list, OfacList::Consolidated) {
        return Err(other_list(list, file));
    }
    Ok(())
}

/// `03/28/2025`: month first.
fn published(text: &str) -> Result<Date, String> {
    let wrong = || format!("Publish_Date `{text}` is not a valid date; expected mm/dd/yyyy");
    let parts: Vec<&str> = text.split('/').collect();
    let [month, day, year] = parts[..] else { return Err(wrong()) };
    match (year.parse(), month.parse(), day.parse()) {
        (Ok(year), Ok(month), Ok(day)) if year > 1990 => Date::new(year, month, day).map_err(|_| wrong()),
        _ => Err(wrong()),
    }
}

fn record_count(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("Record_Count `{text}` is not a number of entries"))
}

fn entry(list: OfacList, entry: &Element, report: &mut Report) -> Subject {
    let uid = entry.text_of("uid");
    let mut subject = Subject { uid: uid.to_owned(), ..Subject::default() };
    subject.kind = kind(entry.text_of("sdnType"), &mut subject, report);
    subject.names.extend(name(entry, NameKind::Primary, Strength::Unknown));
    for aka in entry.path(&["akaList", "aka"]) {
        match alias(aka, &mut subject, report) {
            Some(alias) => subject.names.push(alias),
            None => report.skip("an alias without a name"),
        }
    }
    let mut uid = checked(IdentifierKind::OfacUid, uid);
    uid.label = label(list).to_owned();
    subject.identifiers.push(uid);

    for program in entry.path(&["programList", "program"]) {
        let programme = Programme { code: program.text.clone(), ..Programme::default() };
        if !programme.code.is_empty() && !subject.programmes.contains(&programme) {
            subject.programmes.push(programme);
        }
    }
    subject.detail("Title", entry.text_of("title"));
    for address in entry.path(&["addressList", "address"]) {
        match address_of(address).place() {
            Some(place) => subject.places.push(place),
            None => report.skip("an address that says nothing"),
        }
    }
    for (path, kind, field) in [
        (["placeOfBirthList", "placeOfBirthItem"], PlaceKind::Birth, "placeOfBirth"),
        (["nationalityList", "nationality"], PlaceKind::Nationality, "country"),
        (["citizenshipList", "citizenship"], PlaceKind::Citizenship, "country"),
    ] {
        for item in main_first(entry, &path) {
            match item.text_of(field) {
                "" => report.skip("a place that is not named"),
                text => subject.places.push(ofac_facts::place(kind, text)),
            }
        }
    }
    for item in main_first(entry, &["dateOfBirthList", "dateOfBirthItem"]) {
        birth(&mut subject, item.text_of("dateOfBirth"), report);
    }
    if let Some(vessel) = entry.child("vesselInfo") {
        vessel_facts(&mut subject, vessel, report);
    }
    for id in entry.path(&["idList", "id"]) {
        identity(&mut subject, id, report);
    }
    entry.text_of("remarks").clone_into(&mut subject.remarks);
    let linked = linked_to(&subject.remarks);
    subject.relations.extend(linked);
    subject.measures = measures(list, &subject);
    ofac_facts::shrink(&mut subject);
    subject
}

fn kind(text: &str, subject: &mut Subject, report: &mut Report) -> SubjectKind {
    match text {
        "Individual" => SubjectKind::Person,
        "Entity" => SubjectKind::Organization,
        "Vessel" => SubjectKind::Vessel,
        "Aircraft" => SubjectKind::Aircraft,
        other => {
            let reason = "is not a valid type of entry; expected Individual, Entity, Vessel or Aircraft";
            Refusal::new("sdnType", other, reason).keep(subject, report);
            SubjectKind::Unknown
        }
    }
}

/// The main entry stands first, the others in the order of the file.
fn main_first<'a>(entry: &'a Element, path: &[&str]) -> Vec<&'a Element> {
    let mut items = entry.path(path);
    items.sort_by_key(|item| item.text_of("mainEntry") != "true");
    items
}

fn name(element: &Element, kind: NameKind, strength: Strength) -> Option<Name> {
    let (given, family) = (element.text_of("firstName"), element.text_of("lastName"));
    let full = match (given, family) {
        ("", "") => return None,
        ("", only) | (only, "") => only.to_owned(),
        _ => format!("{given} {family}"),
    };
    // Names of companies and ships stand in lastName too.
    let apart = !given.is_empty();
    Some(Name {
        kind,
        strength,
        script: script(&full).to_owned(),
        language: String::new(),
        family: if apart { family.to_owned() } else { String::new() },
        given: given.to_owned(),
        full,
    })
}

fn alias(aka: &Element, subject: &mut Subject, report: &mut Report) -> Option<Name> {
    let kind = match aka.text_of("type") {
        "a.k.a." | "n.k.a." => NameKind::Alias,
        "f.k.a." => NameKind::Former,
        other => {
            let reason = "is not a valid type of alias; expected a.k.a., f.k.a. or n.k.a.";
            Refusal::new("type", other, reason).keep(subject, report);
            NameKind::Alias
        }
    };
    let strength = match aka.text_of("category") {
        "strong" => Strength::Strong,
        "weak" => Strength::Weak,
        other => {
            let reason = "is not a valid category of alias; expected strong or weak";
            Refusal::new("category", other, reason).keep(subject, report);
            Strength::Unknown
        }
    };
    name(aka, kind, strength)
}

fn address_of(address: &Element) -> Address<'_> {
    Address {
        lines: [address.text_of("address1"), address.text_of("address2"), address.text_of("address3")],
        city: address.text_of("city"),
        state: address.text_of("stateOrProvince"),
        postal_code: address.text_of("postalCode"),
        region: "",
        country: address.text_of("country"),
    }
}

fn birth(subject: &mut Subject, text: &str, report: &mut Report) {
    match ofac_dates::read(text) {
        ofac_dates::Reading::Date(date) => subject.dates.push(DatedFact { kind: DateKind::Birth, date }),
        ofac_dates::Reading::Impossible => {
            let reason = "is not a valid day of the calendar; expected 17 Oct 1990, 1990, circa 1990 or 1990 to 1992";
            Refusal::new("dateOfBirth", text, reason).keep(subject, report);
        }
        ofac_dates::Reading::NoDate => {
            let reason = "is not a valid date; expected 17 Oct 1990, 1990, circa 1990 or 1990 to 1992";
            Refusal::new("dateOfBirth", text, reason).keep(subject, report);
        }
    }
}

fn vessel_facts(subject: &mut Subject, vessel: &Element, report: &mut Report) {
    for (field, label) in [
        ("callSign", "Vessel Call Sign"),
        ("vesselType", "Vessel Type"),
        ("vesselFlag", "Vessel Flag"),
        ("vesselOwner", "Vessel Owner"),
        ("tonnage", "Vessel Tonnage"),
        ("grossRegisteredTonnage", "Vessel Gross Registered Tonnage"),
    ] {
        let value = vessel.text_of(field);
        if !value.is_empty() {
            ofac_facts::take(subject, Fact { label, value, ..Fact::default() }, report);
        }
    }
}

fn identity(subject: &mut Subject, id: &Element, report: &mut Report) {
    let fact = Fact {
        label: id.text_of("idType"),
        value: id.text_of("idNumber"),
        country: id.text_of("idCountry"),
        issued_on: or_text(day(id, "issueDate"), subject, report),
        expires_on: or_text(day(id, "expirationDate"), subject, report),
        ..Fact::default()
    };
    if fact.value.is_empty() && fact.country.is_empty() {
        report.skip("an identification without a number");
        return;
    }
    ofac_facts::take(subject, fact, report);
}

fn day(id: &Element, field: &'static str) -> Result<Option<Span>, Refusal> {
    match (id.text_of(field), ofac_dates::read(id.text_of(field))) {
        ("", _) => Ok(None),
        (_, ofac_dates::Reading::Date(span)) => Ok(Some(span)),
        (text, _) => Err(Refusal::new(field, text, "is not a valid day of the calendar; expected 17 Oct 1990")),
    }
}

/// `(Linked To: NAME)` in the remarks; names may have parentheses of their own.
fn linked_to(remarks: &str) -> Vec<Relation> {
    const LINKED: &str = "(Linked To:";
    let mut relations = Vec::new();
    let mut rest = remarks;
    while let Some(start) = rest.find(LINKED) {
        rest = &rest[start + LINKED.len()..];
        let mut depth = 1;
        let end = rest.char_indices().find(|(_, character)| {
            depth += i32::from(*character == '(') - i32::from(*character == ')');
            depth == 0
        });
        let Some((end, _)) = end else { break };
        let name = rest[..end].trim().to_owned();
        rest = &rest[end..];
        if !name.is_empty() {
            relations.push(Relation { name, text: LINKED_TO.into(), ..Relation::default() });
        }
    }
    relations
}
