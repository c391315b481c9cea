//! Names in the UN list: up to four parts of the primary name, the name in its original script, aliases.
//!
//! One ALIAS_NAME often holds several names (`Ghasem Soleymani; Ghasim Soleymani`), a name with its spelling in
//! another script in brackets, a name with a remark, or family name and given names the other way round (`AWES,
//! Hassan`). What is taken out of a name is kept as a detail.

use crate::import::{Element, Report};
use crate::sanctions::subject::model::{Name, NameKind, Place, PlaceKind, Strength, Subject};
use crate::sanctions::subject::names::script;

use crate::sanctions::import::field::{Refusal, joined, spaced};
use crate::sanctions::import::un::dates::take_alias_birth;

/// Longer text in brackets is a remark, not a part of the name.
const BRACKET_OF_NAME_MAX: usize = 40;

/// Takes the primary name, the name in its original script and the aliases.
pub fn take(element: &Element, subject: &mut Subject, report: &mut Report) {
    let parts = ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"].map(|part| element.text_of(part));
    for (place, full) in divided(&spaced(&parts.join(" "))).into_iter().enumerate() {
        let kind = if place == 0 { NameKind::Primary } else { NameKind::Alias };
        push(subject, plain(&full, Name { kind, ..Name::default() }), report);
    }
    for full in divided(&spaced(element.text_of("NAME_ORIGINAL_SCRIPT"))) {
        let full = without_language(&full, subject);
        push(subject, plain(&full, Name { kind: NameKind::Variant, ..Name::default() }), report);
    }
    for alias in element.children(&format!("{}_ALIAS", element.name)) {
        take_alias(alias, subject, report);
    }
}

fn take_alias(element: &Element, subject: &mut Subject, report: &mut Report) {
    let text = |name: &str| spaced(element.text_of(name));
    let (whole, note) = (text("ALIAS_NAME"), text("NOTE"));
    let (kind, strength) = match text("QUALITY").as_str() {
        "Good" => (NameKind::Alias, Strength::Strong),
        "Low" => (NameKind::Alias, Strength::Weak),
        "f.k.a." => (NameKind::Former, Strength::Unknown),
        "a.k.a." | "" => (NameKind::Alias, Strength::Unknown),
        _ => {
            let reason = "is none of Good, Low, a.k.a. and f.k.a.";
            Refusal::new("QUALITY", &text("QUALITY"), reason).keep(subject, report);
            (NameKind::Alias, Strength::Unknown)
        }
    };

    let mut names = Vec::new();
    for piece in divided(&whole) {
        let (spellings, remark) = spellings(&piece);
        names.extend(spellings);
        subject.detail("alias", if remark { &piece } else { "" });
    }
    names.extend(names_in_note(&note, names.first().is_some_and(|name| !script(name).is_empty())));
    for full in &names {
        let name = Name { kind, strength, ..Name::default() };
        push(subject, if element.name == "INDIVIDUAL_ALIAS" { turned(full, name) } else { plain(full, name) }, report);
    }
    let about = names.first().cloned().unwrap_or_default();
    let remark = |value: &str| if about.is_empty() { value.to_owned() } else { format!("{about}: {value}") };
    if !note.is_empty() {
        subject.detail("alias note", &remark(&note));
    }

    let born = text("DATE_OF_BIRTH");
    take_alias_birth(&born, subject, report);
    let (city, country) = (text("CITY_OF_BIRTH"), text("COUNTRY_OF_BIRTH"));
    let place = joined(&[&city, &country]);
    if !place.is_empty() {
        let country = crate::reference::country::code(&country).to_owned();
        let place = Place { kind: PlaceKind::Birth, text: place.clone(), country, city, ..Place::default() };
        if !subject.places.contains(&place) {
            subject.places.push(place);
        }
    }
    let birth = joined(&[&born, &place]);
    if !birth.is_empty() {
        subject.detail("alias born", &remark(&birth));
    }
}

fn push(subject: &mut Subject, name: Name, report: &mut Report) {
    if subject.names.iter().any(|other| other.full == name.full) {
        report.skip("an alias that repeats another name of its entry");
    } else if !name.full.is_empty() {
        subject.names.push(name);
    }
}

fn plain(full: &str, name: Name) -> Name {
    Name { full: full.to_owned(), script: script(full).to_owned(), ..name }
}

/// `AWES, Hassan` as `Hassan AWES`; `Sample, Jr.` stays.
fn turned(full: &str, name: Name) -> Name {
    const SUFFIXES: [&str; 6] = ["jr", "sr", "ii", "iii", "iv", "third"];
    let (family, given) = full.split_once(',').unwrap_or_default();
    let (family, given) = (family.trim(), given.trim());
    let first = given.split([' ', '.']).next().unwrap_or_default().to_lowercase();
    if given.is_empty() || given.contains(',') || family.contains('(') || SUFFIXES.contains(&first.as_str()) {
        return plain(full, name);
    }
    plain(&format!("{given} {family}"), Name { family: family.to_owned(), given: given.to_owned(), ..name })
}

/// The names of a field: divided by `;` outside of brackets, or by `b)`, `c)` and so on.
fn divided(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut depth = 0_u32;
    for word in text.split_inclusive([' ', ';']) {
        let bare = word.trim();
        let is_mark = bare.len() == 2 && bare.ends_with(')') && bare.as_bytes()[0].is_ascii_lowercase();
        if depth == 0 && is_mark {
            pieces.push(String::new());
            continue;
        }
        for character in word.chars() {
            match character {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                ';' if depth == 0 => {
                    pieces.push(String::new());
                    continue;
                }
                _ => {}
            }
            if let Some(piece) = pieces.last_mut() {
                piece.push(character);
            }
        }
    }
    pieces.iter().map(|piece| bare(piece).to_owned()).filter(|piece| !piece.is_empty()).collect()
}

/// Without a closing bracket or comma that is too many, the quotes of a nickname, and `original script:`.
fn bare(piece: &str) -> &str {
    let piece = piece.trim().trim_start_matches(')').trim_end_matches([',', ' ']).trim();
    let quoted = [("\"", "\""), ("“", "”")];
    let piece =
        quoted.into_iter().find_map(|(open, close)| piece.strip_prefix(open)?.strip_suffix(close)).unwrap_or(piece);
    piece.trim_start_matches("original script:").trim()
}

/// The spellings that one name is given in, and whether something that is not a name was left out.
fn spellings(piece: &str) -> (Vec<String>, bool) {
    if let Some((name, _)) = piece.split_once(", born ") {
        return (vec![name.trim().to_owned()], true);
    }
    let Some((name, bracket)) = last_bracket(piece) else { return (vec![piece.to_owned()], false) };
    if name.is_empty() {
        return (vec![piece.to_owned()], false);
    }
    if bracket.contains(';') {
        let others = divided(bracket);
        let names = others.iter().map(|other| other.trim_end_matches("(original script)").trim().to_owned());
        return (std::iter::once(name.to_owned()).chain(names).collect(), false);
    }
    let bracket = bare(bracket);
    let has_digits = bracket.bytes().any(|byte| byte.is_ascii_digit());
    // Only one of the two in Latin letters: the same name twice.
    if !has_digits && script(name).is_empty() != script(bracket).is_empty() {
        return (vec![name.to_owned(), bracket.to_owned()], false);
    }
    if has_digits || bracket.chars().count() > BRACKET_OF_NAME_MAX {
        return (vec![name.to_owned()], true);
    }
    (vec![piece.to_owned()], false)
}

/// Divides `name (text)` before the bracket that closes it.
fn last_bracket(piece: &str) -> Option<(&str, &str)> {
    let inner = piece.strip_suffix(')')?;
    let mut depth = 1_u32;
    for (place, character) in inner.char_indices().rev() {
        match character {
            ')' => depth += 1,
            '(' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((inner[..place].trim(), inner[place + 1..].trim()));
        }
    }
    None
}

/// Names that stand in the note of an alias: `original script: Север`, or the Latin spellings of a name in another
/// script.
fn names_in_note(note: &str, alias_is_in_other_script: bool) -> Vec<String> {
    for (place, _) in note.match_indices(':') {
        let before = note[..place].to_lowercase();
        let names_follow = before.ends_with("original script") || before.ends_with("arabic script");
        if names_follow || before.ends_with("in arabic") {
            let name = note[place + 1..].trim().trim_end_matches('.');
            return if script(name).is_empty() { Vec::new() } else { divided(name) };
        }
    }
    let only_names = note.chars().all(|character| character.is_alphabetic() || " ;'’‘-".contains(character));
    if alias_is_in_other_script && note.contains(';') && only_names { divided(note) } else { Vec::new() }
}

/// Without the language in brackets that some names in original script have behind them.
fn without_language(full: &str, subject: &mut Subject) -> String {
    match last_bracket(full) {
        Some((name, language)) if !script(name).is_empty() && script(language).is_empty() => {
            subject.detail("language of the original script", language);
            name.to_owned()
        }
        _ => full.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, text: &str) -> Element {
        Element { name: name.to_owned(), text: text.to_owned(), ..Element::default() }
    }

    fn taken(children: Vec<Element>) -> (Subject, Report) {
        let element = Element { name: "INDIVIDUAL".into(), children, ..Element::default() };
        let (mut subject, mut report) = (Subject::default(), Report::default());
        take(&element, &mut subject, &mut report);
        (subject, report)
    }

    fn alias(fields: &[(&str, &str)]) -> Element {
        let children = fields.iter().map(|(name, text)| named(name, text)).collect();
        Element { name: "INDIVIDUAL_ALIAS".into(), children, ..Element::default() }
    }

    fn fulls(subject: &Subject) -> Vec<&str> {
        subject.names.iter().map(|name| name.full.as_str()).collect()
    }

    #[test]
    fn names_are_joined_and_divided() {
        let parts = vec![
            named("FIRST_NAME", " NIMA "),
            named("SECOND_NAME", "BIN\n      SAMPLE"),
            named("FOURTH_NAME", "AL-NOWHERE"),
            named("NAME_ORIGINAL_SCRIPT", "نيما (Tigrinya)"),
        ];
        let (subject, _) = taken(parts);
        assert_eq!(fulls(&subject), ["NIMA BIN SAMPLE AL-NOWHERE", "نيما"]);
        assert_eq!(subject.names[1].kind, NameKind::Variant);
        assert_eq!(subject.names[1].script, "Arab");

        let (subject, _) = taken(vec![named("FIRST_NAME", "SAMPLE LINES (SL) ; LIGNES D'EXEMPLE (LE)")]);
        assert_eq!(fulls(&subject), ["SAMPLE LINES (SL)", "LIGNES D'EXEMPLE (LE)"]);
        assert_eq!(subject.names[1].kind, NameKind::Alias);
    }

    #[test]
    fn the_quality_of_aliases_is_kept() {
        for (quality, kind, strength) in [
            ("Good", NameKind::Alias, Strength::Strong),
            ("Low", NameKind::Alias, Strength::Weak),
            ("a.k.a.", NameKind::Alias, Strength::Unknown),
            ("f.k.a.", NameKind::Former, Strength::Unknown),
        ] {
            let (subject, _) = taken(vec![alias(&[("QUALITY", quality), ("ALIAS_NAME", "Some One")])]);
            assert_eq!((subject.names[0].kind, subject.names[0].strength), (kind, strength), "{quality}");
        }
        let (subject, report) = taken(vec![alias(&[("QUALITY", "Fair"), ("ALIAS_NAME", "Some One")])]);
        assert_eq!((subject.names.len(), report.skipped.len()), (1, 1));
    }

    #[test]
    fn one_field_may_hold_several_names() {
        for (text, names) in [
            ("Nima A; Neema A; Nima B", vec!["Nima A", "Neema A", "Nima B"]),
            ("Nima A; Nima B b) Neema C; Neema D", vec!["Nima A", "Nima B", "Neema C", "Neema D"]),
            ("Sample Front (SF)", vec!["Sample Front (SF)"]),
            ("أبو (Abu A; Abu B)", vec!["أبو", "Abu A", "Abu B"]),
            ("Sample (SF) (أبو (original script); Samples)", vec!["Sample (SF)", "أبو", "Samples"]),
            ("Nima A (نيما),", vec!["Nima A", "نيما"]),
            ("Nima A (false name, number 12)", vec!["Nima A"]),
            ("Nima A, born 1 Jan. 1953 (Nowhere)", vec!["Nima A"]),
            ("Nima ) A", vec!["Nima ) A"]),
            ("(Nima)", vec!["(Nima)"]),
            (") Nima (original script: Нима)", vec!["Nima", "Нима"]),
            ("“Nima”; \"Neema\"", vec!["Nima", "Neema"]),
            ("SAMPLE, Nima; Sample, Jr.", vec!["Nima SAMPLE", "Sample, Jr."]),
        ] {
            let (subject, _) = taken(vec![alias(&[("ALIAS_NAME", text)])]);
            assert_eq!(fulls(&subject), names, "{text}");
            let whole_is_kept = subject.details.iter().any(|detail| detail.value == text);
            assert_eq!(whole_is_kept, text.contains("born") || text.contains("12"), "{text}");
        }
    }

    #[test]
    fn family_names_that_stand_first_are_told() {
        let (subject, _) = taken(vec![alias(&[("ALIAS_NAME", "SAMPLE, Nima Bin")])]);
        let name = &subject.names[0];
        let parts = (name.full.as_str(), name.family.as_str(), name.given.as_str());
        assert_eq!(parts, ("Nima Bin SAMPLE", "SAMPLE", "Nima Bin"));
        let mut company = alias(&[("ALIAS_NAME", "Sample Trading, Ltd")]);
        company.name = "ENTITY_ALIAS".into();
        let element = Element { name: "ENTITY".into(), children: vec![company], ..Element::default() };
        let mut subject = Subject::default();
        take(&element, &mut subject, &mut Report::default());
        assert_eq!(fulls(&subject), ["Sample Trading, Ltd"]);
    }

    #[test]
    fn what_belongs_to_an_alias_is_kept() {
        let fields = [
            ("QUALITY", "Low"),
            ("ALIAS_NAME", "Sever"),
            ("DATE_OF_BIRTH", "1980-08-08"),
            ("CITY_OF_BIRTH", "Town"),
            ("COUNTRY_OF_BIRTH", "Nowhereland"),
            ("NOTE", "original script: Север"),
        ];
        let (subject, _) = taken(vec![alias(&fields), alias(&[("ALIAS_NAME", "Sever")])]);
        assert_eq!(fulls(&subject), ["Sever", "Север"]);
        assert_eq!(subject.names[1].strength, Strength::Weak);
        assert_eq!(subject.dates[0].date.to_string(), "1980-08-08");
        assert_eq!(subject.places[0].text, "Town, Nowhereland");
        let details: Vec<&str> = subject.details.iter().map(|detail| detail.value.as_str()).collect();
        assert_eq!(details, ["Sever: original script: Север", "Sever: 1980-08-08, Town, Nowhereland"]);

        let (subject, _) = taken(vec![alias(&[("ALIAS_NAME", "نيما"), ("NOTE", "Nima A; Neema A")])]);
        assert_eq!(fulls(&subject), ["نيما", "Nima A", "Neema A"]);
    }
}
