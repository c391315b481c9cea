//! Passports and national numbers, which the older layout has in words: `Passport No: 592667 (Qatari passport issued on
//! 3 May 2007)`, `D 000763 (Afghan). Issued on 9 Jan 1997`, `Italian Fiscal Code HDDFTH63H28Z352V`.

use crate::import::Report;
use crate::reference::country;
use crate::sanctions::import::field::Refusal;
use crate::sanctions::import::uk::facts::once;
use crate::sanctions::import::uk::numbered::several;
use crate::sanctions::import::un::dates::{expiry, issue};
use crate::sanctions::subject::identifier::checked;
use crate::sanctions::subject::model::{IdentifierKind, Subject};

/// Takes the numbers that a field has in words. Whatever words stand beside a number are its note; words without one
/// are kept as a detail.
pub fn take(subject: &mut Subject, field: &str, kind: IdentifierKind, text: &str, report: &mut Report) {
    for part in several(text) {
        let parts = if is_numbers(&part) { part.split(" and ").collect() } else { vec![part.as_str()] };
        for whole in parts {
            let Some((number, before, behind)) = number(whole) else {
                Refusal::new(field, whole, "has no number that can be told from its words").keep(subject, report);
                continue;
            };
            let mut identifier = checked(of_words(kind, whole), &number);
            let words = format!("{before} {behind}");
            identifier.country = country_of(&before, &behind).to_owned();
            identifier.issued_on = issue(&words, report);
            identifier.expires_on = expiry(&words, report);
            if whole != number {
                whole.clone_into(&mut identifier.note);
            }
            once(&mut subject.identifiers, identifier);
        }
    }
}

/// `381420565 and 654120219`: nothing but numbers.
fn is_numbers(text: &str) -> bool {
    let parts: Vec<&str> = text.split(" and ").collect();
    parts.len() > 1 && parts.iter().all(|part| is_number(part.trim_end_matches(['.', ','])))
}

fn is_number(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-/".contains(&byte))
}

/// The first number of a text, with what stands before and behind it: a word with a digit, and the letters of a series
/// or the digits that belong to it (`D 000763`, `L 191609`).
fn number(text: &str) -> Option<(String, String, String)> {
    // `no.00966737`, `number:F50859`, `issued:10/8/2001`.
    let spread = spread(text);
    let words: Vec<&str> = spread.split_whitespace().collect();
    let bare = |word: &str| word.trim_matches(['(', ')', ',', '.', ':', ';']).to_owned();
    let mut end = words.iter().position(|word| is_number(&bare(word)))?;
    let mut start = end;
    let series = |word: &str| (1..=3).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let closes = |word: &str| word.ends_with([',', '.', ';', ':', ')']);
    if start > 0 && series(words[start - 1]) {
        start -= 1;
    }
    while !closes(words[end]) && words.get(end + 1).is_some_and(|word| is_digits(&bare(word)) && !word.contains('(')) {
        end += 1;
    }
    let first = words[..start].join(" ");
    let number: Vec<String> = words[start..=end].iter().map(|word| bare(word)).collect();
    let number = number.join(" ");
    // `issued on 9 Jan 1997` is not a number, and neither is `50`.
    let dated = ["issued", "expire", "valid", "date"].iter().any(|word| first.to_lowercase().contains(word));
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    (!dated && digits >= 2).then(|| (number, first, words[end + 1..].join(" ")))
}

fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// With a blank behind the point or colon that ends a word of letters.
fn spread(text: &str) -> String {
    let mut spread = String::with_capacity(text.len() + 4);
    let mut letters = 0;
    for character in text.chars() {
        let is_end = matches!(character, '.' | ':') && letters > 1;
        spread.push(character);
        if is_end {
            spread.push(' ');
        }
        letters = if character.is_alphabetic() { letters + 1 } else { 0 };
    }
    spread
}

/// Whose it is: what stands in brackets behind the number, or the words before it.
fn country_of(before: &str, behind: &str) -> &'static str {
    let within = behind.strip_prefix('(').and_then(|rest| rest.split([')', ',']).next()).unwrap_or_default();
    for text in [within, before] {
        let words: Vec<&str> = text.split_whitespace().collect();
        // The longest beginning that names a country: `Saudi Arabian passport`.
        let found = (1..=words.len()).rev().map(|length| country::code(&words[..length].join(" ")));
        if let Some(code) = found.into_iter().find(|code| !code.is_empty()) {
            return code;
        }
    }
    ""
}

/// What the words say that it is, where that is something else than its column.
fn of_words(kind: IdentifierKind, text: &str) -> IdentifierKind {
    let lower = text.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if says(&["fiscal code", "tax"]) {
        IdentifierKind::Tax
    } else if says(&["birth certificate", "driver", "residential card", "ration card"]) {
        IdentifierKind::Other
    } else if says(&["passport"]) {
        IdentifierKind::Passport
    } else {
        kind
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(kind: IdentifierKind, text: &str) -> (Subject, Report) {
        let (mut subject, mut report) = (Subject::default(), Report::default());
        take(&mut subject, "Passport Details", kind, text, &mut report);
        (subject, report)
    }

    #[test]
    fn numbers_are_found_in_words() {
        use IdentifierKind::{NationalId, Other, Passport, Tax};
        for (kind, text, expected) in [
            (
                Passport,
                "Passport No: 592667 (Qatari passport issued on 3 May 2007).",
                vec![(Passport, "592667", "QAT")],
            ),
            (Passport, "D 000763 (Afghan). Issued on 9 Jan 1997", vec![(Passport, "D 000763", "AFG")]),
            (Passport, "Saudi Arabian passport no.E126785. issued: 27.5.2002", vec![(Passport, "E126785", "SAU")]),
            (Passport, "Passport number:F50859", vec![(Passport, "F50859", "")]),
            (Passport, "381420565 and 654120219", vec![(Passport, "381420565", ""), (Passport, "654120219", "")]),
            (
                Passport,
                "(1) C20 (Iran) (2) 477845448 (USA)",
                vec![(Passport, "C20", "IRN"), (Passport, "477845448", "USA")],
            ),
            (Passport, "A-333602 (Indian) issued on 4 June 1985", vec![(Passport, "A-333602", "IND")]),
            (NationalId, "no 3603251708570001", vec![(NationalId, "3603251708570001", "")]),
            (NationalId, "Italian Fiscal Code HDDFTH63H28Z352V", vec![(Tax, "HDDFTH63H28Z352V", "ITA")]),
            (NationalId, "640120-01- 5529", vec![(NationalId, "640120-01- 5529", "")]),
            (NationalId, "Ration card no. 0094195", vec![(Other, "0094195", "")]),
        ] {
            let (subject, _) = taken(kind, text);
            let found: Vec<(IdentifierKind, &str, &str)> =
                subject.identifiers.iter().map(|id| (id.kind, id.value.as_str(), id.country.as_str())).collect();
            assert_eq!(found, expected, "{text}");
        }
        let (subject, _) = taken(Passport, "5208323009 (German). Issued in Bonn on 2 Feb 2007. Expired on 1 Feb 2012.");
        assert_eq!(subject.identifiers[0].expires_on.unwrap().to_string(), "2012-02-01");
        assert!(subject.identifiers[0].note.contains("Issued in Bonn"));
    }

    #[test]
    fn words_without_a_number_are_kept() {
        let (subject, report) = taken(IdentifierKind::Passport, "Passport issued on 9 Jan 1997");
        assert_eq!((subject.identifiers.len(), report.kept_as_text.len()), (0, 1));
        assert_eq!(subject.details[0].value, "Passport issued on 9 Jan 1997");
    }
}
