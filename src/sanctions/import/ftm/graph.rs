//! What a first reading of the files gathers: which entities are subjects, and what others say of them.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::super::joined::absorb;
use super::super::listing::Listing;
use super::super::malformed::Malformed;
use super::entity::Entity;
use super::facts::{self, Part};
use super::links::{self, Link};
use super::subject;
use crate::sanctions::subject::model::{Measure, Place, PlaceKind, Relation, Subject};
use crate::value::Span;

#[derive(Default)]
pub struct Graph {
    /// Entities that are targets, are marked as sanctioned, or have a sanction.
    selected: HashSet<String>,
    addresses: HashMap<String, Vec<Place>>,
    parts: HashMap<String, Gathered>,
    links: HashMap<String, Link>,

    /// Parts of each subject in the order of their identifiers.
    parts_of: HashMap<String, Vec<Part>>,
    ordered_links: Vec<Link>,
    /// Names of what the subjects are linked to.
    names: HashMap<String, String>,
}

/// An entity that belongs to others.
struct Gathered {
    holders: BTreeSet<String>,
    part: Part,
}

impl Graph {
    /// Takes an entity and what is nested in it. `parent` is the entity that it is nested in and the property there.
    pub fn add(
        &mut self,
        entity: &Entity,
        parent: Option<(&str, &str)>,
        (file, line): (&Rc<str>, u64),
        listing: &mut Listing<'_>,
    ) {
        let is_subject = entity.subject_kind().is_some();
        if is_subject {
            if entity.target == Some(true) || entity.has_sanction_topic() {
                self.selected.insert(entity.id.clone());
            }
            for link in links::own_links(entity) {
                self.link(link);
            }
        }
        match entity.schema.as_str() {
            "Address" => {
                self.addresses.entry(entity.id.clone()).or_insert_with(|| subject::address(entity));
            }
            "Sanction" => {
                let holders = holders(entity, "entity", parent.filter(|(_, property)| *property == "sanctions"));
                self.selected.extend(holders.iter().cloned());
                self.part(entity, holders, facts::sanction(entity));
            }
            "Identification" | "Passport" => {
                let holders = holders(entity, "holder", parent);
                self.part(entity, holders, facts::document(entity));
            }
            "CryptoWallet" => {
                let holders = holders(entity, "holder", parent.filter(|(_, property)| *property == "cryptoWallets"));
                let subject = Subject { identifiers: facts::wallet(entity), ..Subject::default() };
                let (authorities, malformed) = (Vec::new(), Malformed::default());
                let part = Part { subject, is_sanction: false, until: None, authorities, malformed };
                self.part(entity, holders, part);
            }
            _ => match links::link(entity, parent) {
                Some(link) => self.link(link),
                None if !is_subject && parent.is_none() => skip_schema(&entity.schema, listing),
                None => {}
            },
        }
        if !is_subject && parent.is_none() {
            listing.report.rows_read += 1;
        }
        for (property, nested) in entity.nested() {
            self.add(nested, Some((&entity.id, property)), (file, line), listing);
        }
    }

    /// The same entity may be nested in several: each knows its own way to it.
    fn part(&mut self, entity: &Entity, holders: BTreeSet<String>, part: Part) {
        if holders.is_empty() {
            return;
        }
        if let Some(known) = self.parts.get_mut(&entity.id) {
            known.holders.extend(holders);
            return;
        }
        self.parts.insert(entity.id.clone(), Gathered { holders, part });
    }

    fn link(&mut self, link: Link) {
        if let Some(known) = self.links.get_mut(&link.id) {
            known.sources.extend(link.sources);
            known.targets.extend(link.targets);
            return;
        }
        self.links.insert(link.id.clone(), link);
    }

    /// Ends the first reading: what belongs to no subject is let go.
    pub fn settle(&mut self, listing: &mut Listing<'_>) {
        let mut parts: Vec<(String, Gathered)> = std::mem::take(&mut self.parts).into_iter().collect();
        parts.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        for (_, gathered) in parts {
            let subjects: Vec<String> = gathered.holders.into_iter().filter(|id| self.selected.contains(id)).collect();
            for id in subjects {
                self.parts_of.entry(id).or_default().push(gathered.part.clone());
            }
        }
        let mut links: Vec<Link> = std::mem::take(&mut self.links).into_values().collect();
        links.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        for link in links {
            let ends = || link.sources.iter().chain(&link.targets);
            if !ends().any(|id| self.selected.contains(id)) {
                listing.report.skip("links between entities that are not subjects");
                continue;
            }
            if link.share_in_words {
                listing.report.skip("shares that are not a number between 0 and 100 %: kept in the relation's text");
            }
            self.names.extend(ends().map(|id| (id.clone(), String::new())));
            self.ordered_links.push(link);
        }
    }

    pub fn is_subject(&self, id: &str) -> bool {
        self.selected.contains(id)
    }

    /// Notes the names of an entity and of those nested in it, where a link asks for them.
    pub fn name(&mut self, entity: &Entity) {
        if let Some(name) = self.names.get_mut(&entity.id).filter(|name| name.is_empty()) {
            let caption = entity.caption.as_deref().map(str::trim).filter(|caption| !caption.is_empty());
            let caption = caption.or_else(|| entity.in_file_order("name").next());
            caption.unwrap_or_default().clone_into(name);
        }
        for (_, nested) in entity.nested() {
            self.name(nested);
        }
    }

    /// Adds to a subject what belongs to it.
    pub fn complete(&self, subject: &mut Subject, entity: &Entity, listing: &mut Listing<'_>) {
        for id in entity.ids("addressEntity").collect::<BTreeSet<_>>() {
            match self.addresses.get(id) {
                Some(places) => subject.places.extend(places.iter().cloned()),
                None => listing.report.skip("addresses that are not in the files"),
            }
        }
        only_new(&mut subject.places);
        for text in entity.texts("country") {
            let place = subject::country_place(PlaceKind::Address, text);
            if !place.country.is_empty() && subject.places.iter().all(|known| known.country != place.country) {
                subject.places.push(place);
            }
        }
        let parts = self.parts_of.get(&subject.uid).map_or(&[][..], Vec::as_slice);
        let mut last_days: Vec<Option<Span>> = Vec::new();
        let authorities: BTreeSet<&String> = parts.iter().flat_map(|part| &part.authorities).collect();
        for part in parts {
            if part.is_sanction {
                last_days.push(part.until);
            }
            let mut add = part.subject.clone();
            if authorities.len() > 1 {
                add.measures = measures_by_authority(part);
            }
            absorb(subject, add);
            part.malformed.keep(subject, listing.report);
        }
        if authorities.len() == 1 {
            subject.authority = authorities.into_iter().cloned().collect();
        }
        // Marked as sanctioned, a subject is so whatever the days of the sanctions that are known.
        let ended: Option<Vec<Span>> = last_days.into_iter().collect();
        let is_listed = entity.target == Some(true) || entity.has_sanction_topic();
        if let Some(days) = ended.filter(|_| !is_listed) {
            subject.delisted_on = days.into_iter().max();
        }
    }

    /// Adds the relations, once all subjects are there.
    pub fn relate(&self, listing: &mut Listing<'_>) {
        for link in &self.ordered_links {
            for source in &link.sources {
                for target in &link.targets {
                    self.relation(source, target, link, 0, listing);
                    self.relation(target, source, link, 1, listing);
                }
            }
        }
    }

    fn relation(&self, of: &str, to: &str, link: &Link, side: usize, listing: &mut Listing<'_>) {
        let other = listing.subject(to).map(|subject| (subject.uid.clone(), subject.name().to_owned()));
        let (uid, name) = other.unwrap_or_else(|| (String::new(), self.names.get(to).cloned().unwrap_or_default()));
        let Some(subject) = listing.subject(of) else { return };
        if uid.is_empty() && name.is_empty() {
            listing.report.skip("links to entities that are not in the files");
            return;
        }
        let (kind, text) = (link.relations[side], link.texts[side].clone());
        let relation = Relation { kind, uid, name, share: link.share, text, by_name: false };
        if !subject.relations.contains(&relation) {
            subject.relations.push(relation);
        }
    }

    /// Counts the sanctions whose entities did not become subjects.
    pub fn count_lost(&self, listing: &mut Listing<'_>) {
        for (id, parts) in &self.parts_of {
            if listing.subject(id).is_none() {
                for _ in parts.iter().filter(|part| part.is_sanction) {
                    listing.report.skip("sanctions of entities that are not in the files or have no place here");
                }
            }
        }
    }
}

/// The measures of a sanction, each with who imposes it and since when: an entity may have those of several.
fn measures_by_authority(part: &Part) -> Vec<Measure> {
    let own = |authority: &String| {
        let authority = authority.clone();
        let of_it = |measure: &Measure| Measure {
            authority: authority.clone(),
            from: measure.from.or(part.subject.listed_on),
            ..measure.clone()
        };
        part.subject.measures.iter().map(of_it).collect::<Vec<_>>()
    };
    if part.authorities.is_empty() {
        return part.subject.measures.clone();
    }
    part.authorities.iter().flat_map(own).collect()
}

fn holders(entity: &Entity, property: &str, parent: Option<(&str, &str)>) -> BTreeSet<String> {
    entity.ids(property).chain(parent.map(|(id, _)| id)).map(str::to_owned).collect()
}

fn only_new(places: &mut Vec<Place>) {
    let mut seen = HashSet::new();
    places.retain(|place| seen.insert(place.clone()));
}

/// Schemata are counted by name, but not without end: a file may be of anything.
fn skip_schema(schema: &str, listing: &mut Listing<'_>) {
    let is_name = schema.len() <= 40 && schema.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_name && listing.report.skipped.len() < 100 {
        *listing.report.skipped.entry(format!("entities of the schema {schema}")).or_default() += 1;
    } else {
        listing.report.skip("entities of other schemata");
    }
}
