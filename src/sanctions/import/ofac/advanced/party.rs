//! A party with its profile: what it is, its names, features and documents.

use std::collections::HashMap;

use super::document::Document;
use super::location::Location;
use super::reference::References;
use super::{feature, name};
use crate::import::Refusal;
use crate::import::{Element, Report};
use crate::sanctions::import::malformed::Malformed;
use crate::sanctions::subject::model::{Subject, SubjectKind};

pub fn read(
    references: &References,
    locations: &HashMap<String, Location>,
    documents: Vec<Document>,
    party: &Element,
    report: &mut Report,
) -> Result<Subject, Refusal> {
    let mut malformed = Malformed::default();
    let mut subject = Subject { uid: party.attribute("FixedRef").to_owned(), ..Subject::default() };
    let mut remarks = vec![party.text_of("Comment")];
    for profile in party.children("Profile") {
        subject.kind = kind(references, profile, &mut malformed);
        for identity in profile.children("Identity") {
            subject.names.extend(name::of_identity(references, identity, &mut malformed));
            remarks.push(identity.text_of("Comment"));
        }
        for element in profile.children("Feature") {
            feature::read(references, locations, element, &mut subject, report);
        }
    }
    if party.child("Profile").is_none() {
        return Err(Refusal::new("Profile", &subject.uid, "is a DistinctParty without a Profile"));
    }
    name::arrange(&mut subject.names);
    // Behind the features: a Russian address helps to tell what a number is.
    for document in documents {
        document.give(&mut subject, report);
    }
    malformed.keep(&mut subject, report);
    remarks.retain(|remark| !remark.is_empty());
    subject.remarks = remarks.join("; ");
    Ok(subject)
}

/// The subtype where it says something, else the type above it.
fn kind(references: &References, profile: &Element, malformed: &mut Malformed) -> SubjectKind {
    let subtype = match references.value("PartySubType", profile, "PartySubTypeID") {
        Ok(subtype) => subtype,
        Err(refusal) => {
            malformed.push(refusal);
            return SubjectKind::Unknown;
        }
    };
    let text = match subtype.text.as_str() {
        "Unknown" | "" => {
            let above = subtype.attribute("PartyTypeID");
            let above = references.find("PartyType", above, "PartyTypeID", "PartySubType");
            malformed.read(above.map(|above| above.text.as_str()))
        }
        text => text,
    };
    match text {
        "Individual" => SubjectKind::Person,
        "Entity" | "Other Entity" => SubjectKind::Organization,
        "Vessel" => SubjectKind::Vessel,
        "Aircraft" => SubjectKind::Aircraft,
        _ => SubjectKind::Unknown,
    }
}
