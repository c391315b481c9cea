//! Names as the lists of the Consolidated Screening List write them: OFAC has `FAMILY, Given` for people, BIS an `and`
//! before the last alias, the State Department aliases divided by commas.

use super::lists::{List, ListKind};
use crate::sanctions::import::field::spaced;
use crate::sanctions::import::joined::add_name;
use crate::sanctions::import::us::bis_dpl;
use crate::sanctions::subject::model::{Name, NameKind, SubjectKind};

pub fn of(primary: &str, aliases: &str, list: &List, kind: SubjectKind) -> Vec<Name> {
    if list.kind == ListKind::DeniedPersons {
        let mut names = bis_dpl::names(primary);
        for alias in aliases.split(';') {
            add_name(&mut names, Name { full: alias.to_owned(), kind: NameKind::Alias, ..Name::default() });
        }
        return names;
    }
    let is_person = list.authority == "OFAC" && kind == SubjectKind::Person;
    let mut names = Vec::new();
    add_name(&mut names, name(primary, is_person, NameKind::Primary));
    for part in aliases.split(';') {
        if list.kind == ListKind::Nonproliferation {
            for alias in divided(part) {
                let inverted = alias.contains(", ") && !aliases.contains(';') && !ends_with_legal_form(&alias);
                add_former_or_alias(&mut names, &alias, inverted);
            }
            continue;
        }
        let part = part.trim();
        let alias = if list.authority == "BIS" { part.strip_prefix("and ").unwrap_or(part) } else { part };
        add_former_or_alias(&mut names, alias, is_person);
    }
    names
}

fn add_former_or_alias(names: &mut Vec<Name>, alias: &str, is_person: bool) {
    match alias.strip_prefix("F.K.A. ") {
        Some(former) => add_name(names, name(former, is_person, NameKind::Former)),
        None => add_name(names, name(alias, is_person, NameKind::Alias)),
    }
}

/// `DELOS REYES, Feliciano, Jr.` of a person: family name, given names, and what stands behind the whole.
fn name(text: &str, is_person: bool, kind: NameKind) -> Name {
    let text = spaced(text);
    let (suffixes, parts): (Vec<&str>, Vec<&str>) = text.split(", ").partition(|part| is_suffix(part));
    let [family, given] = parts[..] else {
        return Name { full: text, kind, ..Name::default() };
    };
    if !is_person {
        return Name { full: text, kind, ..Name::default() };
    }
    let mut full = format!("{given} {family}");
    for suffix in suffixes {
        full.push_str(", ");
        full.push_str(suffix);
    }
    Name { full, kind, family: family.to_owned(), given: given.to_owned(), ..Name::default() }
}

fn is_suffix(part: &str) -> bool {
    let plain = part.trim_end_matches('.').to_ascii_lowercase();
    matches!(plain.as_str(), "jr" | "sr" | "ii" | "iii" | "iv")
}

/// Aliases divided by commas. `Co., Ltd.` is not alias, and `ZAMAN, Haydar` is one.
fn divided(text: &str) -> Vec<String> {
    let mut aliases: Vec<String> = Vec::new();
    for part in text.split(',') {
        let part = part.trim();
        let part = part.strip_prefix("and ").unwrap_or(part);
        match aliases.last_mut() {
            Some(last) if is_legal_form(part) => {
                last.push_str(", ");
                last.push_str(part);
            }
            _ if part.is_empty() => {}
            _ => aliases.push(part.to_owned()),
        }
    }
    if let [family, given] = &aliases[..] {
        let is_family = family.chars().all(|c| c.is_uppercase() || c == '-' || c == ' ');
        let is_given = given.split(' ').count() <= 3 && given.chars().any(char::is_lowercase);
        if is_family && is_given {
            return vec![format!("{family}, {given}")];
        }
    }
    aliases
}

fn ends_with_legal_form(alias: &str) -> bool {
    alias.rsplit(", ").next().is_some_and(is_legal_form)
}

fn is_legal_form(part: &str) -> bool {
    let plain = part.trim_end_matches('.').to_ascii_lowercase();
    matches!(
        plain.as_str(),
        "ltd" | "limited" | "inc" | "llc" | "l.l.c" | "co" | "co. ltd" | "corp" | "s.a" | "sa" | "gmbh" | "plc" | "ag"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(source: &str, primary: &str, aliases: &str, kind: SubjectKind) -> Vec<(String, NameKind)> {
        let names = of(primary, aliases, &List::of(source), kind);
        names.into_iter().map(|name| (name.full, name.kind)).collect()
    }

    fn named(full: &[&str]) -> Vec<(String, NameKind)> {
        let kind = |place| if place == 0 { NameKind::Primary } else { NameKind::Alias };
        full.iter().enumerate().map(|(place, full)| ((*full).to_owned(), kind(place))).collect()
    }

    #[test]
    fn people_of_ofac_are_turned_round() {
        let sdn = "Specially Designated Nationals (SDN) - Treasury Department";
        let aliases = "DOE, J.; THE KNIFE; KNOWLES, JR., Sam";
        let found = names(sdn, "DE DOE, John Paul, Jr.", aliases, SubjectKind::Person);
        assert_eq!(found, named(&["John Paul DE DOE, Jr.", "J. DOE", "THE KNIFE", "Sam KNOWLES, JR."]));
        let found = names(sdn, "ACME CO., LTD.", "ACME, S.A.", SubjectKind::Organization);
        assert_eq!(found, named(&["ACME CO., LTD.", "ACME, S.A."]));
        let person = name("DOE, John", true, NameKind::Primary);
        assert_eq!((person.family.as_str(), person.given.as_str()), ("DOE", "John"));
    }

    #[test]
    fn aliases_of_bis_and_state_are_divided() {
        let entities = "Entity List (EL) - Bureau of Industry and Security";
        let found = names(entities, "Acme", "Acme One;Acme Two; and Acme Three; ACME", SubjectKind::Unknown);
        assert_eq!(found, named(&["Acme", "Acme One", "Acme Two", "Acme Three"]));
        let state = "Nonproliferation Sanctions (ISN) - State Department";
        let found = names(state, "Acme", "AB, Acme Trading Co., Ltd., and the Acme Bureau", SubjectKind::Unknown);
        assert_eq!(found, named(&["Acme", "AB", "Acme Trading Co., Ltd.", "the Acme Bureau"]));
        assert_eq!(names(state, "A Doe", "DOE, Anna Maria", SubjectKind::Unknown), named(&["A Doe", "Anna Maria DOE"]));
        let found = names(state, "A", "NADA, National Development Administration of A", SubjectKind::Unknown);
        assert_eq!(found, named(&["A", "NADA", "National Development Administration of A"]));
        let former = names(state, "A", "B, F.K.A. Office of C", SubjectKind::Unknown);
        assert_eq!(former[2], ("Office of C".to_owned(), NameKind::Former));
    }

    #[test]
    fn denied_persons_have_their_aliases_in_the_name() {
        let denied = "Denied Persons List (DPL) - Bureau of Industry and Security";
        assert_eq!(names(denied, "FU SUN A/K/A FRANK SUN", "", SubjectKind::Unknown), named(&["FU SUN", "FRANK SUN"]));
    }
}
