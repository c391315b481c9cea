//! Whom a remark links to, where the list gives only a name.
//!
//! OFAC writes `Linked To: KORMANOV, Pavel` and means an entry by its primary name. Where exactly one entry of the same
//! list has that primary name, the link leads to it, marked as found by the name; where none or several have it, it stays a
//! name and is counted. The link may change when others come and go, as the list's own meaning does.

use std::collections::HashMap;

use super::field::spaced;
use super::listing::Listing;
use crate::sanctions::subject::model::{NameKind, Subject};

/// The list's own word for such a link.
pub const LINKED_TO: &str = "Linked To";

/// Leads each link by name to the one entry that has it.
pub fn resolve(listing: &mut Listing<'_>) {
    let mut places: HashMap<(String, String), Vec<usize>> = HashMap::new();
    for (place, subject) in listing.subjects.iter().enumerate() {
        if let Some(name) = primary_name(subject) {
            places.entry((subject.source_list.clone(), name)).or_default().push(place);
        }
    }
    let uids: Vec<String> = listing.subjects.iter().map(|subject| subject.uid.clone()).collect();
    for subject in &mut listing.subjects {
        let list = subject.source_list.clone();
        for relation in &mut subject.relations {
            if relation.text != LINKED_TO || !relation.uid.is_empty() {
                continue;
            }
            // The point that ends the remark may be that of `CO.`.
            let name = spaced(&relation.name);
            let spellings = [name.clone(), format!("{name}.")];
            let fits: Vec<usize> = spellings
                .into_iter()
                .filter_map(|spelling| places.get(&(list.clone(), spelling)))
                .flatten()
                .copied()
                .collect();
            match fits[..] {
                [place] => {
                    relation.uid.clone_from(&uids[place]);
                    relation.by_name = true;
                }
                [] => listing.report.skip("links to a name that no entry has as its primary one"),
                _ => listing.report.skip("links to a name that several entries have as their primary one"),
            }
        }
    }
}

/// As the list writes it: `KORMANOV, Pavel` of a person.
fn primary_name(subject: &Subject) -> Option<String> {
    let name = subject.names.iter().find(|name| name.kind == NameKind::Primary)?;
    let apart = !name.family.is_empty() && !name.given.is_empty();
    Some(spaced(&if apart { format!("{}, {}", name.family, name.given) } else { name.full.clone() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::Report;
    use crate::sanctions::import::ofac::facts;
    use crate::sanctions::subject::model::{Relation, SubjectKind};

    #[test]
    fn a_name_that_one_entry_has_is_that_entry() {
        let mut report = Report::default();
        let mut listing = Listing::new(&mut report);
        let entries = [
            ("1", SubjectKind::Person, "KORMANOV, Pavel", "", "ACME CO"),
            ("2", SubjectKind::Organization, "ACME CO.", "", "KORMANOV, Pavel"),
            ("3", SubjectKind::Organization, "TWIN", "", "TWIN"),
            ("4", SubjectKind::Organization, "TWIN", "", "NOBODY"),
            ("5", SubjectKind::Organization, "OTHER", "another list", "ACME CO."),
        ];
        for (uid, kind, name, list, linked) in entries {
            let relation = Relation { name: linked.into(), text: LINKED_TO.into(), ..Relation::default() };
            let subject = Subject {
                uid: uid.into(),
                kind,
                source_list: list.into(),
                names: vec![facts::name(kind, name, NameKind::Primary)],
                relations: vec![relation],
                ..Subject::default()
            };
            listing.take(subject, "sdn.csv", 1);
        }
        resolve(&mut listing);
        let found: Vec<(&str, bool)> = listing
            .subjects
            .iter()
            .map(|subject| (subject.relations[0].uid.as_str(), subject.relations[0].by_name))
            .collect();
        assert_eq!(found, [("2", true), ("1", true), ("", false), ("", false), ("", false)]);
        assert_eq!(report.skipped.values().sum::<u64>(), 3);
    }
}
