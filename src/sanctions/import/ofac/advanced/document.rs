//! Passports, registrations and other documents with a number.

use std::collections::HashMap;

use super::location::Location;
use super::period;
use super::reference::References;
use crate::import::{Element, Refusal};
use crate::sanctions::import::ofac::dates as ofac_dates;
use crate::sanctions::import::ofac::facts as ofac_facts;
use crate::sanctions::import::ofac::facts::{Fact, Source};
use crate::sanctions::subject::model::Subject;
use crate::value::Span;

/// A document, kept until the party that it belongs to is read.
pub struct Document {
    label: String,
    number: String,
    country: String,
    issued_on: Option<Span>,
    expires_on: Option<Span>,
    note: String,
}

impl Document {
    pub fn read(
        references: &References,
        locations: &HashMap<String, Location>,
        element: &Element,
    ) -> Result<Self, Refusal> {
        let mut document = Self {
            label: references.text("IDRegDocType", element, "IDRegDocTypeID")?.to_owned(),
            number: element.text_of("IDRegistrationNo").to_owned(),
            country: references.country(element, "IssuedBy-CountryID")?.to_owned(),
            issued_on: None,
            expires_on: None,
            note: String::new(),
        };
        let mut notes = vec![element.text_of("Comment").to_owned()];
        let authority = element.text_of("IssuingAuthority");
        if !authority.is_empty() {
            notes.push(format!("issued by {authority}"));
        }
        let place = element.attribute("IssuedIn-LocationID");
        if !place.is_empty() {
            let location = locations.get(place);
            let location = location.ok_or_else(|| Refusal::new("IssuedIn-LocationID", place, "is no Location's ID"))?;
            // A place that is only the issuing country adds nothing.
            let place = location.places.first().filter(|place| place.text != document.country);
            notes.extend(place.map(|place| format!("issued in {}", place.text)));
        }
        let validity = references.optional("Validity", element, "ValidityID")?;
        if !validity.is_empty() && validity != "Valid" {
            notes.push(validity.to_owned());
        }
        for date in element.children("DocumentDate") {
            let kind = references.text("IDRegDocDateType", date, "IDRegDocDateTypeID")?;
            let Some(period) = date.child("DatePeriod") else { continue };
            let Some(day) = period::span(references, period)? else { continue };
            match kind {
                "Issue Date" => document.issued_on = Some(day),
                "Expiration Date" => document.expires_on = Some(day),
                other => notes.push(format!("{other} {}", ofac_dates::words(day))),
            }
        }
        notes.retain(|note| !note.is_empty());
        document.note = notes.join("; ");
        Ok(document)
    }

    pub fn give(&self, subject: &mut Subject) -> Result<(), Refusal> {
        let fact = Fact {
            source: Source::Document,
            label: &self.label,
            value: &self.number,
            country: &self.country,
            date: None,
            issued_on: self.issued_on,
            expires_on: self.expires_on,
            note: self.note.clone(),
        };
        ofac_facts::take(subject, fact)
    }

    pub fn has_number(&self) -> bool {
        !self.number.is_empty()
    }
}
