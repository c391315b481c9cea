//! Features: dates and places of birth, addresses, nationalities, digital currency addresses, and much else.

use std::collections::HashMap;

use super::location::Location;
use super::period;
use super::reference::References;
use crate::import::{Element, Refusal, Report};
use crate::sanctions::import::malformed::Malformed;
use crate::sanctions::import::ofac::facts as ofac_facts;
use crate::sanctions::import::ofac::facts::{Fact, Source};
use crate::sanctions::subject::model::Subject;
use crate::value::Span;

/// Takes each version of a feature.
pub fn read(
    references: &References,
    locations: &HashMap<String, Location>,
    feature: &Element,
    subject: &mut Subject,
    report: &mut Report,
) {
    let mut malformed = Malformed::default();
    let label = malformed.read(references.text("FeatureType", feature, "FeatureTypeID"));
    let label = if label.is_empty() { "feature of an unknown type" } else { label };
    for version in feature.children("FeatureVersion") {
        let found = Version::read(references, locations, version, &mut malformed);
        if ofac_facts::plain(label) == "Location" {
            if found.locations.iter().all(|location| location.places.is_empty()) {
                report.skip("an address that says nothing");
            }
            for location in found.locations {
                subject.places.extend(location.places.iter().cloned());
            }
            subject.detail("Comment on the address", version.text_of("Comment"));
            continue;
        }
        if found.says_nothing() {
            report.skip("a feature that says nothing");
            continue;
        }
        for value in found.values() {
            let fact = Fact {
                source: Source::Feature,
                label,
                value,
                country: found.country(),
                date: found.date,
                note: version.text_of("Comment").to_owned(),
                ..Fact::default()
            };
            ofac_facts::take(subject, fact, report);
        }
    }
    malformed.keep(subject, report);
}

struct Version<'a> {
    details: Vec<&'a str>,
    date: Option<Span>,
    locations: Vec<&'a Location>,
}

impl<'a> Version<'a> {
    fn read(
        references: &'a References,
        locations: &'a HashMap<String, Location>,
        version: &'a Element,
        malformed: &mut Malformed,
    ) -> Self {
        let mut found = Self { details: Vec::new(), date: None, locations: Vec::new() };
        for period in version.children("DatePeriod") {
            found.date = malformed.read(period::span(references, period));
        }
        for detail in version.children("VersionDetail") {
            let referred = malformed.read(references.optional("DetailReference", detail, "DetailReferenceID"));
            let text = if detail.text.is_empty() { referred } else { detail.text.as_str() };
            found.details.extend(Some(text).filter(|text| !text.is_empty()));
        }
        for location in version.children("VersionLocation") {
            let id = location.attribute("LocationID");
            match locations.get(id) {
                Some(known) => {
                    malformed.extend(&known.malformed);
                    found.locations.push(known);
                }
                None => malformed.push(Refusal::new("LocationID", id, "is no Location's ID")),
            }
        }
        found
    }

    fn says_nothing(&self) -> bool {
        self.details.is_empty() && self.date.is_none() && self.values() == [""]
    }

    /// A version without text is one fact: of its place, or of its date only.
    fn values(&self) -> Vec<&'a str> {
        if !self.details.is_empty() {
            return self.details.clone();
        }
        let place = self.locations.first().and_then(|location| location.places.first());
        vec![place.map_or("", |place| place.text.as_str())]
    }

    fn country(&self) -> &'a str {
        self.locations.first().map_or("", |location| location.country.as_str())
    }
}
