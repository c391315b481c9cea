//! OFAC's lists in the advanced XML: SDN_ADVANCED.XML and CONS_ADVANCED.XML, root `Sanctions`.
//!
//! The layout is the Advanced Sanctions Data Model of the United Nations (namespace `http://www.un.org/sanctions/1.0` in
//! older files), described in Treasury's "Advanced Sanctions Data Model XML Explanatory Notes" and advanced_xml.xsd. A
//! file has, in this order: the day of issue, the reference values that everything else points into, locations,
//! documents, parties, relationships, and the entries that put parties on lists. One of these is in memory at a time;
//! locations and documents are kept until the parties have fetched them, parties until the entries are read.
//!
//! What is left out: reliability and quality marks, the script status of names, and references back (FeatureVersion to
//! Location, document to name), which repeat what the other side says.

mod document;
pub mod entry;
mod feature;
mod listed;
mod location;
pub mod name;
mod party;
mod period;
mod reference;
pub mod relationship;

#[cfg(test)]
pub mod tests;

use std::collections::HashMap;

use crate::import::Refusal;
use crate::import::{Element, Error, Report, XmlReader};
use crate::sanctions::import::listing::Listing;
use crate::sanctions::import::malformed::Malformed;
use crate::sanctions::import::ofac::facts as ofac_facts;
use crate::sanctions::import::ofac::list::{OfacList, other_list};

use document::Document;
use listed::{Listed, Party};
use location::Location;
use reference::References;

const SECTIONS: [&str; 8] = [
    "DateOfIssue",
    "ReferenceValueSets",
    "Location",
    "IDRegDocument",
    "DistinctParty",
    "ProfileRelationship",
    "SanctionsEntry",
    "SanctionsEntryLink",
];

/// Reads a file whose root is `Sanctions`.
pub fn read(list: OfacList, reader: &mut XmlReader<'_>, file: &str, listing: &mut Listing<'_>) -> Result<(), Error> {
    if !reader.root.attribute("DeltaBaseVersion").is_empty() {
        return Err(Error::Format {
            file: file.to_owned(),
            problem: "has only what changed since another file (DeltaBaseVersion)".into(),
            remedy: "import the whole list".into(),
        });
    }
    let mut release = Release::new(list);
    while let Some(element) = reader.next(&SECTIONS)? {
        release.section(&element, file, listing)?;
    }
    release.finish(file, listing)
}

/// What was read of the file so far.
struct Release {
    list: OfacList,
    references: References,
    locations: HashMap<String, Location>,
    /// By the identity that they belong to, with the line of each.
    documents: HashMap<String, Vec<(Document, u64)>>,
    parties: Vec<Party>,
    /// Party of each profile; `None` when the party was refused.
    profiles: HashMap<String, Option<usize>>,
}

impl Release {
    fn new(list: OfacList) -> Self {
        Self {
            list,
            references: References::default(),
            locations: HashMap::new(),
            documents: HashMap::new(),
            parties: Vec::new(),
            profiles: HashMap::new(),
        }
    }

    fn section(&mut self, element: &Element, file: &str, listing: &mut Listing<'_>) -> Result<(), Error> {
        let name = element.name.as_str();
        let problem = |problem: String| Error::Line { file: file.to_owned(), line: element.line, problem };
        if self.references.is_empty() && !matches!(name, "DateOfIssue" | "ReferenceValueSets") {
            return Err(problem(format!("has a <{name}> in front of its ReferenceValueSets")));
        }
        if !self.parties.is_empty() && matches!(name, "ReferenceValueSets" | "Location" | "IDRegDocument") {
            return Err(problem(format!("has a <{name}> behind the first DistinctParty, which may need it")));
        }
        listing.report.at(file, element.line);
        let done = match name {
            "DateOfIssue" => {
                let issued = period::point(element).map_err(|refusal| problem(refusal_text(&refusal)))?;
                let issued = issued.filter(|issued| issued.is_exact());
                listing.published = Some(issued.ok_or_else(|| problem("DateOfIssue is not a valid day".into()))?.first);
                Ok(())
            }
            "ReferenceValueSets" => {
                self.references = References::read(element);
                Ok(())
            }
            "Location" => {
                let location = Location::read(&self.references, element);
                self.locations.insert(element.attribute("ID").to_owned(), location);
                Ok(())
            }
            "IDRegDocument" => {
                let document = Document::read(&self.references, &self.locations, element);
                let identity = element.attribute("IdentityID").to_owned();
                self.documents.entry(identity).or_default().push((document, element.line));
                Ok(())
            }
            "DistinctParty" => {
                self.party(element, file, listing);
                Ok(())
            }
            "ProfileRelationship" => self.relationship(element, listing),
            "SanctionsEntry" => self.entry(element, listing),
            _ => {
                listing.report.skip("a link between sanctions entries");
                Ok(())
            }
        };
        if let Err(refusal) = done {
            listing.reject(file, element.line, refusal.field, &refusal.value, refusal.reason);
        }
        Ok(())
    }

    fn party(&mut self, element: &Element, file: &str, listing: &mut Listing<'_>) {
        let mut documents = Vec::new();
        for identity in element.path(&["Profile", "Identity"]) {
            let identity = identity.attribute("ID");
            documents.extend(self.documents.remove(identity).unwrap_or_default());
        }
        let documents = documents.into_iter().map(|(document, _)| document).collect();
        let place = match party::read(&self.references, &self.locations, documents, element, listing.report) {
            Ok(subject) => {
                let line = element.line;
                self.parties.push(Party { subject: Some(subject), line, listed: Listed::default() });
                Some(self.parties.len() - 1)
            }
            Err(refusal) => {
                listing.report.rows_read += 1;
                listing.reject(file, element.line, refusal.field, &refusal.value, refusal.reason);
                None
            }
        };
        for profile in element.children("Profile") {
            self.profiles.insert(profile.attribute("ID").to_owned(), place);
        }
    }

    /// The party of a profile that an entry or relationship names; `None` when it was refused.
    fn party_of(&self, element: &Element, field: &'static str) -> Result<Option<usize>, Refusal> {
        let profile = element.attribute(field);
        let known = self.profiles.get(profile).copied();
        known.ok_or_else(|| Refusal::new(field, profile, "is the ID of no Profile in this file"))
    }

    fn relationship(&mut self, element: &Element, listing: &mut Listing<'_>) -> Result<(), Refusal> {
        let Some(from) = self.party_of(element, "From-ProfileID")? else {
            listing.report.skip("a relationship with a rejected party");
            return Ok(());
        };
        let mut malformed = Malformed::default();
        let to = match self.party_of(element, "To-ProfileID") {
            Ok(to) => to,
            Err(refusal) => {
                malformed.push(refusal);
                let relation = relationship::read(&self.references, element, String::new(), &mut malformed);
                if let Some(subject) = &mut self.parties[from].subject {
                    subject.detail("relationship with nobody", &relation.text);
                }
                self.keep(from, &malformed, listing.report);
                return Ok(());
            }
        };
        let Some(uid) = to.and_then(|to| self.parties[to].subject.as_ref()).map(|other| other.uid.clone()) else {
            listing.report.skip("a relationship with a rejected party");
            return Ok(());
        };
        let relation = relationship::read(&self.references, element, uid, &mut malformed);
        if let Some(subject) = &mut self.parties[from].subject {
            subject.relations.push(relation);
        }
        self.keep(from, &malformed, listing.report);
        Ok(())
    }

    fn keep(&mut self, place: usize, malformed: &Malformed, report: &mut Report) {
        if let Some(subject) = &mut self.parties[place].subject {
            malformed.keep(subject, report);
        }
    }

    fn entry(&mut self, element: &Element, listing: &mut Listing<'_>) -> Result<(), Refusal> {
        let Some(place) = self.party_of(element, "ProfileID")? else {
            listing.report.skip("an entry of a rejected party");
            return Ok(());
        };
        let entry = entry::read(&self.references, element, listing.report);
        // A party of which it is not known what list it is on is not taken at all.
        match entry {
            Ok(entry) => entry.give(self.list, &mut self.parties[place], listing.report),
            Err(refusal) => {
                self.parties[place].subject = None;
                return Err(refusal);
            }
        }
        Ok(())
    }

    fn finish(mut self, file: &str, listing: &mut Listing<'_>) -> Result<(), Error> {
        let format = |problem: &str, remedy: &str| Error::Format {
            file: file.to_owned(),
            problem: problem.into(),
            remedy: remedy.into(),
        };
        if self.references.is_empty() || self.profiles.is_empty() {
            return Err(format(
                "has no ReferenceValueSets or no DistinctParty",
                "it is cut or damaged; fetch it again",
            ));
        }
        if listing.published.is_none() {
            return Err(format("has no DateOfIssue", "fetch it again"));
        }
        let whole = self.parties.iter().filter(|party| party.subject.is_some());
        let (mut known, mut listed, mut elsewhere) = (0_usize, 0_usize, 0_usize);
        for party in whole {
            known += 1;
            let anywhere = party.listed.on_sdn || party.listed.on_other;
            listed += usize::from(anywhere);
            elsewhere += usize::from(anywhere && !party.listed.is_on(self.list));
        }
        if known > 0 && listed == 0 {
            return Err(format("puts nobody on a list: it has no SanctionsEntry", "fetch it again"));
        }
        // Nearly everybody in a file is on its list; some are on lists of the other kind too.
        if elsewhere * 4 > listed {
            return Err(other_list(self.list, file));
        }
        let mut orphans: Vec<(String, u64)> = std::mem::take(&mut self.documents)
            .into_iter()
            .flat_map(|(identity, documents)| documents.into_iter().map(move |(_, line)| (identity.clone(), line)))
            .collect();
        orphans.sort_by(|one, other| one.1.cmp(&other.1).then_with(|| one.0.cmp(&other.0)));
        for (identity, line) in orphans {
            listing.reject(file, line, "IdentityID", &identity, "is the ID of no Identity in this file");
        }
        for party in self.parties {
            let Party { subject, line, listed } = party;
            let Some(mut subject) = subject else {
                // Its reject stands where the part of it was read.
                listing.report.rows_read += 1;
                continue;
            };
            if !listed.is_on(self.list) {
                let wanted = match self.list {
                    OfacList::Sdn => "the SDN List",
                    OfacList::Consolidated => "a list other than the SDN List",
                };
                listing.report.rows_read += 1;
                listing.reject(file, line, "FixedRef", &subject.uid, format!("has no SanctionsEntry of {wanted}"));
                continue;
            }
            subject.listed_on = listed.own.or(listed.foreign);
            listed.number(self.list, &mut subject);
            ofac_facts::shrink(&mut subject);
            listing.take(subject, file, line);
        }
        Ok(())
    }
}

fn refusal_text(refusal: &Refusal) -> String {
    format!("{} `{}` {}", refusal.field, refusal.value, refusal.reason)
}
