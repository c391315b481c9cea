//! Documents in the UN list: passports, national identity numbers and what else INDIVIDUAL_DOCUMENT holds.

use crate::import::{Element, Report};
use crate::reference::country;
use crate::sanctions::subject::identifier::checked;
use crate::sanctions::subject::model::{IdentifierKind, Subject};
use crate::value::Span;

use crate::sanctions::import::field::{day, joined, or_text, spaced};
use crate::sanctions::import::un::dates::{expiry, issue};

/// Takes one INDIVIDUAL_DOCUMENT.
pub fn take(element: &Element, subject: &mut Subject, report: &mut Report) {
    let text = |name: &str| spaced(element.text_of(name));
    let (first, second) = (text("TYPE_OF_DOCUMENT"), text("TYPE_OF_DOCUMENT2"));
    let (mut number, note) = (text("NUMBER"), text("NOTE"));
    let mut label = if second.is_empty() { first.clone() } else { second.clone() };
    if number.is_empty() {
        (label, number) = number_in_label(&label);
    }
    if number.is_empty() {
        number = number_in_note(&note);
    }
    let issued_on = or_text(day("DATE_OF_ISSUE", &text("DATE_OF_ISSUE")), subject, report).map(Span::day);
    let (city, of_country, in_country) = (text("CITY_OF_ISSUE"), text("ISSUING_COUNTRY"), text("COUNTRY_OF_ISSUE"));

    if number.is_empty() {
        let rest = joined(&[&note, &text("DATE_OF_ISSUE"), &city, &of_country, &in_country]);
        if !label.is_empty() || !rest.is_empty() {
            report.skip("a document without a number, kept as a detail");
            subject
                .detail(if label.is_empty() { "document" } else { &label }, if rest.is_empty() { "-" } else { &rest });
        }
        return;
    }

    let mut identifier = checked(kind(&first, &second), &number);
    let codes = [country::code(&of_country), country::code(&in_country)];
    identifier.country = codes.into_iter().find(|code| !code.is_empty()).unwrap_or_default().to_owned();
    // Whose document it is and where it was issued are two things; both stay readable.
    let place = if in_country == of_country { joined(&[&city]) } else { joined(&[&city, &in_country]) };
    let place = if place.is_empty() { place } else { format!("issued in {place}") };
    let unknown_country = if identifier.country.is_empty() { of_country } else { String::new() };
    identifier.note = joined(&[&unknown_country, &place, &note]);
    identifier.label = label;
    identifier.issued_on = issued_on.or_else(|| issue(&note, report));
    identifier.expires_on = expiry(&note, report);
    if !subject.identifiers.contains(&identifier) {
        subject.identifiers.push(identifier);
    }
}

/// The list knows two types; the second field says more.
fn kind(first: &str, second: &str) -> IdentifierKind {
    let (first, second) = (first.to_lowercase(), second.to_lowercase());
    let has = |words: &[&str]| words.iter().any(|word| second.contains(word));
    if has(&["fiscal code"]) {
        IdentifierKind::Tax
    } else if has(&["birth", "certificate", "driver", "voter", "student"]) {
        IdentifierKind::Other
    } else if has(&["passport"]) || first.contains("passeport") || first.contains("pasaporte") {
        IdentifierKind::Passport
    } else if first.starts_with("national identification") || !second.is_empty() && first != "passport" {
        IdentifierKind::NationalId
    } else if first == "passport" {
        IdentifierKind::Passport
    } else {
        IdentifierKind::Other
    }
}

/// `Afghan national identification card (tazkira) number 545167`: the number stands behind the type.
fn number_in_label(label: &str) -> (String, String) {
    let is_number = |word: &str| word.len() >= 3 && word.bytes().all(|byte| byte.is_ascii_digit());
    match label.rsplit_once(' ') {
        Some((words, number)) if is_number(number) => (words.to_owned(), number.to_owned()),
        None if is_number(label) => ("document".to_owned(), label.to_owned()),
        _ => (label.to_owned(), String::new()),
    }
}

/// `some passport number L 191609 issued on 28 Feb. 1996`: the number stands in the note, or begins it.
fn number_in_note(note: &str) -> String {
    let bare = |word: &str| word.trim_end_matches([',', ';', ')', '.', ':']).to_owned();
    let is_part = |word: &str| {
        word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"-/".contains(&byte))
    };
    let mut words = note.split(' ').skip_while(|word| !bare(word).eq_ignore_ascii_case("number")).skip(1).peekable();
    let mut parts = Vec::new();
    while let Some(word) = words.next_if(|word| is_part(&bare(word))) {
        parts.push(bare(word));
        if word.ends_with([',', ';']) {
            break;
        }
    }
    if parts.is_empty() {
        parts.extend(note.split(' ').next().filter(|word| word.len() >= 6).map(str::to_owned));
    }
    let number = parts.join(" ");
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let only_digits = digits == number.len();
    if is_part(&number.replace(' ', "")) && (digits >= 4 && note.contains("number") || digits >= 6 && only_digits) {
        number
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(fields: &[(&str, &str)]) -> (Subject, Report) {
        let child = |(name, text): &(&str, &str)| Element {
            name: (*name).to_owned(),
            text: (*text).to_owned(),
            ..Element::default()
        };
        let element = Element { children: fields.iter().map(child).collect(), ..Element::default() };
        let (mut subject, mut report) = (Subject::default(), Report::default());
        take(&element, &mut subject, &mut report);
        (subject, report)
    }

    #[test]
    fn every_field_of_a_document_is_kept() {
        let fields = [
            ("TYPE_OF_DOCUMENT", "Passport"),
            ("NUMBER", "A12345"),
            ("ISSUING_COUNTRY", "Nowhereland"),
            ("COUNTRY_OF_ISSUE", "Elsewhereland"),
            ("CITY_OF_ISSUE", "Town"),
            ("DATE_OF_ISSUE", "1998-09-13"),
            ("NOTE", "expired on 12 Sep. 2003"),
        ];
        let (subject, _) = taken(&fields);
        let passport = &subject.identifiers[0];
        assert_eq!((passport.kind, passport.value.as_str()), (IdentifierKind::Passport, "A12345"));
        assert_eq!(passport.label, "Passport");
        assert_eq!(passport.issued_on.unwrap().to_string(), "1998-09-13");
        assert_eq!(passport.expires_on.unwrap().to_string(), "2003-09-12");
        assert_eq!(passport.note, "Nowhereland, issued in Town, Elsewhereland, expired on 12 Sep. 2003");
        let (subject, report) = taken(&[("NUMBER", "1"), ("DATE_OF_ISSUE", "1998-02-30")]);
        assert_eq!((subject.identifiers[0].issued_on, report.kept_as_text.len()), (None, 1));
        assert_eq!(subject.details[0].value, "1998-02-30");
    }

    #[test]
    fn the_second_type_says_more() {
        for (first, second, expected) in [
            ("National Identification Number", "", IdentifierKind::NationalId),
            ("National Identification Number", "national passport", IdentifierKind::Passport),
            ("National Identification Number", "Italian Fiscal Code:", IdentifierKind::Tax),
            ("National Identification Number", "Birth certificate", IdentifierKind::Other),
            ("National Identification Number", "Ration card no.", IdentifierKind::NationalId),
            ("National identification no.", "", IdentifierKind::NationalId),
            ("Número de pasaporte", "", IdentifierKind::Passport),
            ("Passport", "number:", IdentifierKind::Passport),
            ("", "", IdentifierKind::Other),
        ] {
            assert_eq!(kind(first, second), expected, "{first}, {second}");
        }
    }

    #[test]
    fn numbers_are_found_in_notes() {
        for (note, number) in [
            ("some passport number L 191609 issued on 28 Feb. 1996, expired on 27 Feb. 2001", "L 191609"),
            ("some passport number 347834, issued under name A", "347834"),
            ("04643632 issued on 18 Jun. 1999", "04643632"),
            ("issued in 1993, under name A", ""),
            ("number unknown", ""),
            ("1993", ""),
            ("", ""),
        ] {
            assert_eq!(number_in_note(note), number, "{note}");
        }
        let note = "some passport number L 191609 issued on 28 Feb. 1996";
        let (subject, _) = taken(&[("TYPE_OF_DOCUMENT", "Passport"), ("NOTE", note)]);
        let passport = &subject.identifiers[0];
        assert_eq!((passport.value.as_str(), passport.note.as_str()), ("L 191609", note));
        assert_eq!(passport.issued_on.unwrap().to_string(), "1996-02-28");
    }

    #[test]
    fn documents_without_number_are_details() {
        let fields = [("TYPE_OF_DOCUMENT", "Passport"), ("NOTE", "issued in 1993, under name A")];
        let (subject, report) = taken(&fields);
        assert_eq!((subject.identifiers.len(), subject.details[0].label.as_str()), (0, "Passport"));
        assert_eq!(report.skipped.len(), 1);

        let fields = [("TYPE_OF_DOCUMENT", "x"), ("TYPE_OF_DOCUMENT2", "card (tazkira) number 545167")];
        let (subject, _) = taken(&fields);
        assert_eq!(subject.identifiers[0].value, "545167");
        assert_eq!(subject.identifiers[0].label, "card (tazkira) number");
        assert!(taken(&[]).0.details.is_empty());
    }
}
