//! EU consolidated list of financial sanctions, XML 1.1: `export` with one `sanctionEntity` an entity.
//!
//! Documented by the schema of the European Commission's Financial Sanctions Files (FSF), `xmlFullSanctionsList_1_1`.

use std::path::PathBuf;

use crate::import::{Element, Error, Input, Progress, Report, XmlReader};

use crate::sanctions::import::eu::entity::{Entity, Head, Regulation};
use crate::sanctions::import::eu::part::Part;
use crate::sanctions::import::field::{day, lined, spaced};
use crate::sanctions::import::listing::Listing;

pub fn read(files: &[PathBuf], progress: &Progress, listing: &mut Listing<'_>) -> Result<(), Error> {
    for path in files {
        let mut input = Input::open_text(path, progress)?;
        let file = input.name();
        let mut reader = XmlReader::open(&mut input, &["export"])?;
        let wrong = |problem: String| Error::Format {
            file: file.clone(),
            problem,
            remedy: "expected the EU's xmlFullSanctionsList_1_1".into(),
        };
        let namespace = reader.root.attribute("xmlns");
        if !namespace.is_empty() && !namespace.contains("/fsd/export") {
            return Err(wrong(format!("its <export> is of the namespace {namespace}")));
        }
        let generated = reader.root.attribute("generationDate");
        listing.report.at(&file, reader.root.line);
        listing.dated(day("generationDate", generated));

        while let Some(element) = reader.next(&["sanctionEntity"])? {
            let line = reader.line();
            listing.report.at(&file, line);
            let subject = entity(&element, listing.report).subject(listing.report);
            listing.take(subject, &file, line);
        }
        listing.report.files.push(input.finish()?);
    }
    Ok(())
}

fn entity(element: &Element, report: &mut Report) -> Entity {
    let subject_type = element.child("subjectType");
    let head = Head::read(&|name| match name {
        "code" | "classificationCode" => subject_type.map_or_else(String::new, |kind| kind.attribute(name).to_owned()),
        _ => field(element, name),
    });
    let mut entity = Entity { head, ..Entity::default() };
    for child in &element.children {
        let field = |name: &str| field(child, name);
        match child.name.as_str() {
            "regulation" => entity.regulations.push(Regulation::read(&|name| match name {
                "publicationUrl" => spaced(child.text_of(name)),
                "publicationDate" => child.attribute(name).to_owned(),
                _ => field(name),
            })),
            "nameAlias" => entity.names.push(Part::read(&field)),
            "address" => entity.addresses.push(Part::read(&field)),
            "birthdate" => entity.births.push(Part::read(&field)),
            "identification" => entity.identifications.push(Part::read(&field)),
            "citizenship" => entity.citizenships.push(Part::read(&field)),
            "remark" | "subjectType" => {}
            _ => entity.others.push((child.name.clone(), written(child))),
        }
    }
    let parts = element.children.iter().filter(|child| PARTS.contains(&child.name.as_str()));
    for other in parts.flat_map(|part| &part.children) {
        if !KNOWN_WITHIN.contains(&other.name.as_str()) {
            entity.others.push((other.name.clone(), written(other)));
        }
    }
    entity.others.retain(|(_, value)| !value.is_empty());
    for _ in &entity.others {
        report.skip("an element that only the XML has, kept as a detail");
    }
    entity
}

const PARTS: [&str; 6] = ["regulation", "nameAlias", "address", "birthdate", "identification", "citizenship"];

/// Elements within parts that are read.
const KNOWN_WITHIN: [&str; 4] = ["remark", "regulationSummary", "contactInfo", "publicationUrl"];

/// A field of a part: an attribute, or what stands in elements.
fn field(element: &Element, name: &str) -> String {
    match name {
        "remark" => lined(&element.children(name).map(|remark| remark.text.as_str()).collect::<Vec<_>>().join("\n")),
        "contactInfo" => lined(&element.children(name).map(contact).collect::<Vec<_>>().join("\n")),
        "publicationDate" => {
            let days = element.children("regulationSummary").map(|summary| summary.attribute("publicationDate"));
            days.max().unwrap_or_default().to_owned()
        }
        "issueDate" if element.attribute(name).is_empty() => element.attribute("issuedDate").to_owned(),
        _ => spaced(element.attribute(name)),
    }
}

fn contact(element: &Element) -> String {
    let (key, value) = (spaced(element.attribute("key")), spaced(element.attribute("value")));
    if key.is_empty() || value.is_empty() { key + &value } else { format!("{key}: {value}") }
}

/// An element that is not read, as text.
fn written(element: &Element) -> String {
    let (key, value) = (element.attribute("key"), element.attribute("value"));
    let attributes = if key.is_empty() { String::new() } else { format!("{key}: {value}") };
    let within: Vec<String> = element.children.iter().map(written).collect();
    spaced(&format!("{attributes} {} {}", element.text, within.join(" ")))
}
