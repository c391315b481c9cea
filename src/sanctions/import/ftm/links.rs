//! Links between entities: ownership, directorship, family and the like, and properties that name another entity. The
//! web pages and record numbers of a link's sources are not kept.

use std::collections::BTreeSet;

use super::entity::Entity;
use crate::sanctions::subject::model::RelationKind::{
    self, ActsFor, ControlledBy, Controls, Family, LeaderOf, LedBy, LinkedTo, OwnedBy, OwnedOrControlledBy, Owns,
    OwnsOrControls,
};
use crate::value::number::{self, Excess};

/// A schema of links.
struct Kind {
    schema: &'static str,
    source: &'static str,
    target: &'static str,
    /// What the entity at the source and the one at the target call the link where it is nested in them.
    nested: [&'static str; 2],
    /// What the source is to the target, and the target to the source.
    relations: [RelationKind; 2],
}

const KINDS: [Kind; 9] = [
    Kind {
        schema: "Ownership",
        source: "owner",
        target: "asset",
        nested: ["ownershipOwner", "ownershipAsset"],
        relations: [Owns, OwnedBy],
    },
    Kind {
        schema: "Control",
        source: "controller",
        target: "controlled",
        nested: ["controlController", "controlControlled"],
        relations: [Controls, ControlledBy],
    },
    Kind {
        schema: "Directorship",
        source: "director",
        target: "organization",
        nested: ["directorshipDirector", "directorshipOrganization"],
        relations: [LeaderOf, LedBy],
    },
    Kind {
        schema: "Membership",
        source: "member",
        target: "organization",
        nested: ["membershipMember", "membershipOrganization"],
        relations: [LeaderOf, LinkedTo],
    },
    Kind {
        schema: "Employment",
        source: "employee",
        target: "employer",
        nested: ["employers", "employees"],
        relations: [LinkedTo, LinkedTo],
    },
    Kind {
        schema: "Representation",
        source: "agent",
        target: "client",
        nested: ["agencyClient", "agentRepresentation"],
        relations: [ActsFor, LinkedTo],
    },
    Kind {
        schema: "Family",
        source: "person",
        target: "relative",
        nested: ["familyPerson", "familyRelative"],
        relations: [Family, Family],
    },
    Kind {
        schema: "Associate",
        source: "person",
        target: "associate",
        nested: ["associates", "associations"],
        relations: [LinkedTo, LinkedTo],
    },
    Kind {
        schema: "UnknownLink",
        source: "subject",
        target: "object",
        nested: ["unknownLinkTo", "unknownLinkFrom"],
        relations: [LinkedTo, LinkedTo],
    },
];

/// Properties that name another entity: what the entity is to the other, and the other way round.
pub const PROPERTIES: [(&str, [RelationKind; 2]); 4] = [
    ("holder", [OwnedBy, Owns]),
    ("operator", [LinkedTo, LinkedTo]),
    ("owner", [OwnedBy, Owns]),
    ("parent", [OwnedOrControlledBy, OwnsOrControls]),
];

#[derive(Debug)]
pub struct Link {
    pub id: String,
    pub relations: [RelationKind; 2],
    pub sources: BTreeSet<String>,
    pub targets: BTreeSet<String>,
    pub share: Option<u32>,
    /// For the source and for the target.
    pub texts: [String; 2],
    /// The share is not a number between 0 and 100 %: the text has it.
    pub share_in_words: bool,
}

/// The link that an entity is; `None` when its schema is none of links. `parent` is the entity that it is nested in.
pub fn link(entity: &Entity, parent: Option<(&str, &str)>) -> Option<Link> {
    let kind = KINDS.iter().find(|kind| kind.schema == entity.schema)?;
    let mut sources: BTreeSet<String> = entity.ids(kind.source).map(str::to_owned).collect();
    let mut targets: BTreeSet<String> = entity.ids(kind.target).map(str::to_owned).collect();
    // The nested form leaves out the way back.
    if let Some((id, property)) = parent {
        if property == kind.nested[0] {
            sources.insert(id.to_owned());
        } else if property == kind.nested[1] {
            targets.insert(id.to_owned());
        }
    }
    let (share, percentage) = share(entity);
    // A relative is the mother of the person: seen from there, the person has her for a mother.
    let of = if kind.relations == [Family, Family] { " of" } else { "" };
    Some(Link {
        id: entity.id.clone(),
        relations: kind.relations,
        sources,
        targets,
        share,
        share_in_words: share.is_none() && !percentage.is_empty(),
        texts: [text(entity, &percentage, ""), text(entity, &percentage, of)],
    })
}

/// Links that are properties of the entity itself.
pub fn own_links(entity: &Entity) -> Vec<Link> {
    let mut links = Vec::new();
    for (property, relations) in PROPERTIES {
        let targets: BTreeSet<String> = entity.ids(property).map(str::to_owned).collect();
        if !targets.is_empty() {
            links.push(Link {
                id: format!("{}.{property}", entity.id),
                relations,
                sources: BTreeSet::from([entity.id.clone()]),
                targets,
                share: None,
                share_in_words: false,
                texts: [property.to_owned(), property.to_owned()],
            });
        }
    }
    links
}

/// The share in ten-thousandths of a percent, and its words where a number does not say all of them.
fn share(entity: &Entity) -> (Option<u32>, String) {
    let texts = entity.texts("percentage");
    let [text] = texts[..] else {
        return (None, texts.join(" or "));
    };
    let plain = text.trim_end_matches('%').trim_end();
    match number::parse(plain.as_bytes(), 4, Excess::Round) {
        Ok(Some(share)) if share.value <= 1_000_000 => {
            let words = if share.rounded { text.to_owned() } else { String::new() };
            (u32::try_from(share.value).ok(), words)
        }
        _ => (None, text.to_owned()),
    }
}

fn text(entity: &Entity, percentage: &str, behind: &str) -> String {
    let mut said = entity.words(&[
        "role",
        "relationship",
        "ownershipType",
        "controlType",
        "legalBasis",
        "sharesType",
        "status",
        "summary",
        "description",
    ]);
    if !said.is_empty() {
        said.push_str(behind);
    }
    let mut parts = vec![said];
    if !percentage.is_empty() {
        parts.push(format!("percentage {percentage}"));
    }
    for (word, property) in [("from", "startDate"), ("until", "endDate")] {
        let days = entity.words(&[property]);
        if !days.is_empty() {
            parts.push(format!("{word} {days}"));
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}
