//! Passports, registrations and other documents with a number.

use std::collections::HashMap;

use super::location::Location;
use super::period;
use super::reference::References;
use crate::import::{Element, Refusal, Report};
use crate::sanctions::import::malformed::Malformed;
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
    malformed: Malformed,
}

impl Document {
    pub fn read(references: &References, locations: &HashMap<String, Location>, element: &Element) -> Self {
        let mut malformed = Malformed::default();
        let label = malformed.read(references.text("IDRegDocType", element, "IDRegDocTypeID"));
        let mut document = Self {
            label: if label.is_empty() { "document of an unknown type" } else { label }.to_owned(),
            number: element.text_of("IDRegistrationNo").to_owned(),
            country: malformed.read(references.country(element, "IssuedBy-CountryID")).to_owned(),
            issued_on: None,
            expires_on: None,
            note: String::new(),
            malformed,
        };
        let malformed = &mut document.malformed;
        let mut notes = vec![element.text_of("Comment").to_owned()];
        let authority = element.text_of("IssuingAuthority");
        if !authority.is_empty() {
            notes.push(format!("issued by {authority}"));
        }
        let place = element.attribute("IssuedIn-LocationID");
        if !place.is_empty() {
            let location = locations.get(place);
            if location.is_none() {
                malformed.push(Refusal::new("IssuedIn-LocationID", place, "is no Location's ID"));
            }
            // A place that is only the issuing country adds nothing.
            let place = location.and_then(|location| location.places.first());
            let place = place.filter(|place| place.text != document.country);
            notes.extend(place.map(|place| format!("issued in {}", place.text)));
        }
        let validity = malformed.read(references.optional("Validity", element, "ValidityID"));
        if !validity.is_empty() && validity != "Valid" {
            notes.push(validity.to_owned());
        }
        for date in element.children("DocumentDate") {
            let kind = malformed.read(references.text("IDRegDocDateType", date, "IDRegDocDateTypeID"));
            let Some(period) = date.child("DatePeriod") else { continue };
            let Some(day) = malformed.read(period::span(references, period)) else { continue };
            match kind {
                "Issue Date" => document.issued_on = Some(day),
                "Expiration Date" => document.expires_on = Some(day),
                other => notes.push(format!("{other} {}", ofac_dates::words(day))),
            }
        }
        notes.retain(|note| !note.is_empty());
        document.note = notes.join("; ");
        document
    }

    pub fn give(&self, subject: &mut Subject, report: &mut Report) {
        self.malformed.keep(subject, report);
        if self.number.is_empty() {
            report.skip("a document without a number");
            return;
        }
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
        ofac_facts::take(subject, fact, report);
    }
}
