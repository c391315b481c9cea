//! OFAC's lists as SDN_ENHANCED.XML and CONS_ENHANCED.XML, root `sanctionsData`: the layout of the Sanctions List Service.
//!
//! The schema stands at the service's `exports/ENHANCED_XML.xsd`. A file has what it is of (`publicationInfo`), reference
//! values that features may point into, and one `entity` a subject with all that belongs to it. Its `id` is the entry
//! number of the other layouts, and labels of features and documents are those of the advanced XML. An element that is
//! not known here stays as a detail and is counted.
//!
//! Left out on purpose: `identityId`, `versionId` and the numbers of parts, which say nothing of a subject; `nameParts`,
//! which repeat the formatted name; the filters of the publication.

mod entity;
mod features;
mod names;

#[cfg(test)]
mod tests;

use crate::import::{Element, Error, XmlReader};
use crate::sanctions::import::field::day;
use crate::sanctions::import::listing::Listing;
use crate::sanctions::import::ofac::list::{OfacList, other_list};

use features::References;

/// Reads a file whose root is `sanctionsData`.
pub fn read(list: OfacList, reader: &mut XmlReader<'_>, file: &str, listing: &mut Listing<'_>) -> Result<(), Error> {
    let format = |problem: &str, remedy: &str| Error::Format {
        file: file.to_owned(),
        problem: problem.into(),
        remedy: remedy.into(),
    };
    if reader.root.attribute("xmlns").contains("DeltaFile") {
        return Err(format("has only what changed since another publication (a delta file)", "import the whole list"));
    }
    let mut references = References::new();
    let mut subjects = Vec::new();
    let (mut on_list, mut on_other) = (0_usize, 0_usize);
    while let Some(element) = reader.next(&["publicationInfo", "referenceValues", "entity"])? {
        listing.report.at(file, element.line);
        match element.name.as_str() {
            "publicationInfo" => {
                let said = [element.text_of("dataAsOf"), element.text_of("datePublished")];
                let text = said.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
                listing.dated(day("dataAsOf", text));
            }
            "referenceValues" => refer(&element, &mut references),
            _ => {
                let entity = entity::read(list, &references, &element, listing.report);
                on_list += usize::from(entity.is_on_list);
                on_other += usize::from(entity.is_on_other && !entity.is_on_list);
                subjects.push((entity.subject, element.line));
            }
        }
    }
    if subjects.is_empty() {
        return Err(format("has no entity", "it is cut or damaged; fetch it again"));
    }
    // Nearly everybody in a file is on its list.
    if on_other * 4 > on_list + on_other {
        return Err(other_list(list, file));
    }
    for (subject, line) in subjects {
        listing.take(subject, file, line);
    }
    Ok(())
}

fn refer(element: &Element, references: &mut References) {
    for value in element.children("referenceValue") {
        let text = value.text_of("value");
        let text = if text.is_empty() { value.text.as_str() } else { text };
        references.insert(value.attribute("refId").to_owned(), text.to_owned());
    }
}
