//! What subjects are found by. The same text gives the same key from a list and from a request.

use jiff::civil::Date;

use super::identifier;
use super::in_force::Gap;
use super::model::{MeasureKind, Subject};
use crate::value::words::words;

/// What a key is about. Numbers are stored.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum KeyKind {
    /// A word of a name.
    Word = 1,
    /// All words of a name, in alphabetical order.
    FullName = 2,
    /// The value of an identifier of whatever kind.
    Identifier = 3,
    /// An identifier strong enough to say that two subjects are the same.
    Link = 4,
    Programme = 5,
    /// ISO alpha-3 of a place or an issuer.
    Country = 6,
    Measure = 7,
    /// Identifier, in the same list, of one that it owns or controls.
    Owns = 8,
    /// Who imposes a measure, where the entry has those of several.
    Authority = 9,
    /// A time in which none of its measures holds: its first day and the day that ends it, `YYYYMMDD-YYYYMMDD`.
    Gap = 10,
}

/// Longest key: an index of PostgreSQL takes no row of more than 2,700 bytes.
const LENGTH_MAX: usize = 300;

/// All keys of a subject, each once, in order.
pub fn of(subject: &Subject) -> Vec<(KeyKind, String)> {
    let mut keys = Vec::with_capacity(16 + subject.names.len() * 4);
    for name in &subject.names {
        let words = words(&name.full);
        keys.push((KeyKind::FullName, full_name(&words)));
        keys.extend(words.into_iter().map(|word| (KeyKind::Word, word)));
    }
    for id in &subject.identifiers {
        keys.push((KeyKind::Identifier, identifier::key(id)));
        keys.extend(identifier::link_key(id).map(|key| (KeyKind::Link, key)));
        keys.push((KeyKind::Country, id.country.clone()));
    }
    keys.extend(subject.places.iter().map(|place| (KeyKind::Country, place.country.clone())));
    keys.extend(subject.programmes.iter().map(|programme| (KeyKind::Programme, programme.code.clone())));
    keys.extend(subject.measures.iter().map(|measure| (KeyKind::Measure, measure_key(measure.kind))));
    keys.extend(subject.measures.iter().map(|measure| (KeyKind::Authority, measure.authority.clone())));
    keys.extend(subject.gaps().into_iter().map(|gap| (KeyKind::Gap, gap_key(gap))));
    let owned = subject.relations.iter().filter(|relation| relation.kind.is_owner());
    keys.extend(owned.map(|relation| (KeyKind::Owns, relation.uid.clone())));
    keys.retain(|(_, key)| !key.is_empty());
    for (_, key) in &mut keys {
        shorten(key);
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

pub fn measure_key(kind: MeasureKind) -> String {
    (kind as i32).to_string()
}

fn gap_key((from, until): Gap) -> String {
    let digits = |day: Date| format!("{:04}{:02}{:02}", day.year().max(0), day.month(), day.day());
    let (from, until) = (from.unwrap_or(Date::ZERO), until.unwrap_or(Date::MAX));
    format!("{}-{}", digits(from), digits(until))
}

/// A whole name, whatever the order of its words.
pub fn full_name(words: &[String]) -> String {
    let mut sorted: Vec<&str> = words.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    let mut name = sorted.join(" ");
    shorten(&mut name);
    name
}

fn shorten(key: &mut String) {
    if key.len() > LENGTH_MAX {
        key.truncate(key.floor_char_boundary(LENGTH_MAX));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_any_script_and_order_meet() {
        assert_eq!(full_name(&words("SECHIN, Igor")), full_name(&words("Игорь Сечин")));
        assert!(full_name(&words(&"слово ".repeat(200))).len() <= LENGTH_MAX);
    }
}
