//! Subjects that several rows of a list make together: a row for each address, a row for each notice.
//!
//! Also the identifier of a subject that its list gives none.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use sha2::{Digest as _, Sha256};

use super::field::{Refusal, spaced};
use super::listing::Listing;
use crate::import::file::hexadecimal;
use crate::sanctions::subject::model::{Name, NameKind, Subject};
use crate::sanctions::subject::names;

/// Subjects in the order of their first rows.
#[derive(Default)]
pub struct Joined {
    subjects: Vec<(Subject, Rc<str>, u64)>,
    places: HashMap<String, usize>,
    refused: HashSet<String>,
}

impl Joined {
    /// Takes a row that is a subject of its own, also when another has its identifier: that is the listing's to refuse.
    pub fn alone(&mut self, subject: Subject, file: &Rc<str>, line: u64) {
        self.subjects.push((subject, Rc::clone(file), line));
    }

    /// Takes a row that belongs to the subject of the same identifier, if there is one.
    pub fn join(&mut self, subject: Subject, file: &Rc<str>, line: u64, listing: &mut Listing<'_>) {
        match self.places.get(&subject.uid) {
            Some(place) => {
                listing.report.rows_read += 1;
                listing.report.skip("rows joined with an earlier one of the same list and name");
                absorb(&mut self.subjects[*place].0, subject);
            }
            None => {
                self.places.insert(subject.uid.clone(), self.subjects.len());
                self.alone(subject, file, line);
            }
        }
    }

    /// Refuses a row. What its other rows say is not a whole subject: it stays as it is stored.
    pub fn refuse(&mut self, uid: &str, file: &str, line: u64, refusal: &Refusal, listing: &mut Listing<'_>) {
        listing.refuse(file, line, refusal);
        if !uid.is_empty() {
            self.refused.insert(uid.to_owned());
        }
    }

    pub fn give(self, listing: &mut Listing<'_>) {
        for (subject, file, line) in self.subjects {
            if self.refused.contains(&subject.uid) {
                listing.report.rows_read += 1;
                listing.report.skip("subjects of which another row was refused");
                continue;
            }
            listing.take(subject, &file, line);
        }
    }
}

/// Adds what the subject does not have yet.
pub fn absorb(subject: &mut Subject, part: Subject) {
    for mut name in part.names {
        let known = subject.names.iter().any(|known| same_name(&known.full, &name.full));
        if !known {
            if name.kind == NameKind::Primary && !subject.names.is_empty() {
                name.kind = NameKind::Alias;
            }
            subject.names.push(name);
        }
    }
    extend(&mut subject.identifiers, part.identifiers);
    extend(&mut subject.dates, part.dates);
    extend(&mut subject.places, part.places);
    extend(&mut subject.programmes, part.programmes);
    extend(&mut subject.measures, part.measures);
    extend(&mut subject.relations, part.relations);
    extend(&mut subject.details, part.details);
    subject.listed_on = [subject.listed_on, part.listed_on].into_iter().flatten().min();
    subject.amended_on = subject.amended_on.max(part.amended_on);
    let said = subject.remarks.split('\n').any(|line| line == part.remarks);
    if !said && !part.remarks.is_empty() {
        if !subject.remarks.is_empty() {
            subject.remarks.push('\n');
        }
        subject.remarks.push_str(&part.remarks);
    }
}

fn extend<T: PartialEq>(into: &mut Vec<T>, from: Vec<T>) {
    for value in from {
        if !into.contains(&value) {
            into.push(value);
        }
    }
}

/// Adds a name unless it is empty or there already.
pub fn add_name(names: &mut Vec<Name>, mut name: Name) {
    name.full = spaced(&name.full);
    if name.full.is_empty() || names.iter().any(|known| same_name(&known.full, &name.full)) {
        return;
    }
    name.script = names::script(&name.full).to_owned();
    names.push(name);
}

fn same_name(one: &str, other: &str) -> bool {
    one == other || spaced(one).to_lowercase() == spaced(other).to_lowercase()
}

/// An identifier from the list and the name, whatever the name's case and spaces.
pub fn uid_of_name(list: &str, name: &str) -> String {
    let text = format!("{list}\n{}", spaced(name).to_uppercase());
    let digest = hexadecimal(&Sha256::digest(text.as_bytes()));
    format!("{list}-{}", &digest[..16])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::Report;
    use crate::sanctions::subject::model::{Place, PlaceKind};
    use crate::value::Span;

    fn row(uid: &str, address: &str, day: i8) -> Subject {
        let names = vec![Name { full: "ACME".into(), ..Name::default() }];
        let places = vec![Place { kind: PlaceKind::Address, text: address.into(), ..Place::default() }];
        Subject { uid: uid.into(), names, places, listed_on: Span::of_day(2020, 1, day), ..Subject::default() }
    }

    #[test]
    fn rows_of_one_subject_join_and_a_refused_row_takes_the_others_with_it() {
        let mut report = Report::default();
        let mut listing = Listing::new(&mut report);
        let mut joined = Joined::default();
        let file: Rc<str> = "list.csv".into();
        joined.join(row("a", "1 Road", 3), &file, 2, &mut listing);
        joined.join(row("b", "2 Road", 1), &file, 3, &mut listing);
        joined.join(row("a", "3 Road", 2), &file, 4, &mut listing);
        joined.join(row("a", "1 Road", 4), &file, 5, &mut listing);
        joined.refuse("b", &file, 6, &Refusal::new("date", "x", "is not a date"), &mut listing);
        joined.give(&mut listing);
        let [subject] = &listing.subjects[..] else { panic!("one subject is left") };
        assert_eq!(subject.uid, "a");
        assert_eq!(subject.places.len(), 2);
        assert_eq!(subject.names.len(), 1);
        assert_eq!(subject.listed_on, Span::of_day(2020, 1, 2));
        assert_eq!((report.rows_read, report.rows_rejected), (5, 1));
    }

    #[test]
    fn an_identifier_of_a_name_knows_no_case_or_spaces() {
        let uid = uid_of_name("DPL", "Acme  Trading");
        assert_eq!(uid, uid_of_name("DPL", " ACME TRADING "));
        assert_ne!(uid, uid_of_name("EL", "ACME TRADING"));
        assert_ne!(uid, uid_of_name("DPL", "ACME-TRADING"));
        assert_eq!(uid.len(), "DPL-".len() + 16);
    }
}
