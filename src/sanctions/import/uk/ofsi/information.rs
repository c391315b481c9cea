//! `Other Information`: labelled parts, as `(UK Sanctions List Ref):RUS0001. (UN Ref):QDi.263. Also referred to as ...`,
//! or free text that begins with the reference of the United Nations, as `UN Ref QDe.004. Emir for ...`.
//!
//! The text itself stays whole in the remarks.

use crate::import::Report;
use crate::sanctions::import::field::Refusal;
use crate::sanctions::import::uk::facts::{once, registration};
use crate::sanctions::import::uk::numbered::several;
use crate::sanctions::subject::identifier::checked;
use crate::sanctions::subject::model::{IdentifierKind, Subject};

/// Labels of identifiers. Any other label is the label of a detail.
const IDENTIFIERS: [(&str, IdentifierKind); 7] = [
    ("UK Sanctions List Ref", IdentifierKind::Other),
    ("UN Ref", IdentifierKind::UnReference),
    ("IMO number", IdentifierKind::Imo),
    ("Phone number", IdentifierKind::Phone),
    ("Email address", IdentifierKind::Email),
    ("Website", IdentifierKind::Website),
    ("Business Reg No", IdentifierKind::Registration),
];

/// Longest label, in characters.
const LABEL_MAX: usize = 60;

pub fn take(subject: &mut Subject, text: &str, report: &mut Report) {
    let labels = labels(text);
    if labels.is_empty() {
        free_text(subject, text, report);
        return;
    }
    free_text(subject, &text[..labels[0].start], report);
    let ends = labels.iter().skip(1).map(|label| label.start).chain([text.len()]);
    for (label, end) in labels.iter().zip(ends) {
        let value = text[label.end..end].trim().trim_end_matches(['.', ';']).trim();
        if value.is_empty() {
            continue;
        }
        match IDENTIFIERS.iter().find(|(name, _)| name.eq_ignore_ascii_case(label.name)) {
            Some((_, IdentifierKind::UnReference)) => reference(subject, value, report),
            Some((name, kind)) => identifiers(subject, name, *kind, value),
            None => subject.detail(label.name, value),
        }
    }
}

fn identifiers(subject: &mut Subject, name: &str, kind: IdentifierKind, value: &str) {
    for value in several(value) {
        if kind == IdentifierKind::Registration {
            once(&mut subject.identifiers, registration(&value));
            continue;
        }
        for value in value.split(',').map(|value| value.trim().trim_end_matches('.')).filter(|v| !v.is_empty()) {
            let mut identifier = checked(kind, value);
            if kind == IdentifierKind::Other {
                // A reference ends where a sentence begins.
                identifier = checked(kind, value.split(". ").next().unwrap_or(value));
                name.clone_into(&mut identifier.label);
            }
            once(&mut subject.identifiers, identifier);
        }
    }
}

/// `(UN Ref):`; the `(b):` of `Article 2a(4)(b): 24.3.2011` is none.
struct Label<'a> {
    start: usize,
    end: usize,
    name: &'a str,
}

fn labels(text: &str) -> Vec<Label<'_>> {
    let opened = text.match_indices('(').filter_map(|(start, _)| {
        let (name, rest) = text[start + 1..].split_once(')')?;
        let is_name = (2..=LABEL_MAX).contains(&name.trim().len()) && !name.contains('(');
        let colon = rest.strip_prefix(':')?;
        is_name.then(|| Label { start, end: text.len() - colon.len(), name: name.trim() })
    });
    opened.collect()
}

/// `UN Ref QDe.004. Emir for ...`, `UN REF: QI.A.344.15`, `UN Reference No: TAi.172`.
fn free_text(subject: &mut Subject, text: &str, report: &mut Report) {
    // The same bytes: only ASCII letters change.
    let lower = text.to_ascii_lowercase();
    for (start, label) in lower.match_indices("un ref") {
        let is_word = !lower[..start].ends_with(|before: char| before.is_alphanumeric());
        let rest = &text[start + label.len()..];
        let rest = strip(rest, "erence").unwrap_or(rest).trim_start_matches(['.', ':', ' ', ')']);
        let rest = strip(rest, "no").filter(|rest| rest.starts_with(['.', ':', ' '])).unwrap_or(rest);
        if is_word {
            reference(subject, rest.trim_start_matches(['.', ':', ' ']), report);
        }
    }
}

fn strip<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (first, rest) = text.split_at_checked(word.len())?;
    first.eq_ignore_ascii_case(word).then_some(rest)
}

/// Takes the reference that the text begins with, and those that `,` or `and` add to it.
fn reference(subject: &mut Subject, text: &str, report: &mut Report) {
    let mut rest = text;
    let mut found = false;
    while let Some((reference, length)) = reference_at(rest) {
        found = true;
        once(&mut subject.identifiers, checked(IdentifierKind::UnReference, &reference));
        let next = rest[length..].trim_start();
        let next = next.strip_prefix(',').or_else(|| next.strip_prefix("and ")).or_else(|| next.strip_prefix(';'));
        rest = next.unwrap_or_default().trim_start();
    }
    if !found {
        let value = text.split(". ").next().unwrap_or(text);
        Refusal::new("UN Ref", value, "is not a valid reference of the United Nations; expected one such as QDi.263")
            .keep(subject, report);
    }
}

/// A reference at the beginning of a text, and its length there: `QDi.263`, `KPI. 076`, or of the old form
/// `QI.A.15.01`, `E.29.I.3`, `I.AC.50.20.12.12.(1)`.
fn reference_at(text: &str) -> Option<(String, usize)> {
    let mut parts: Vec<&str> = Vec::new();
    let mut length = 0;
    loop {
        let rest = &text[length..];
        let part_length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '(' && c != ')').unwrap_or(rest.len());
        let part = &rest[..part_length];
        let is_part = match part.as_bytes() {
            [] => false,
            [b'(', digits @ .., b')'] => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
            letters if letters.iter().all(u8::is_ascii_alphabetic) => letters.len() <= 3,
            other => other.len() <= 4 && other.iter().all(u8::is_ascii_alphanumeric),
        };
        if !is_part {
            break;
        }
        parts.push(part);
        length += part_length;
        let new_form = parts.len() == 1 && part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
        match &text.as_bytes()[length..] {
            // `KPI. 076` and `KPe 070`.
            [b'.', b' ', digit, ..] if new_form && digit.is_ascii_digit() => length += 2,
            [b' ', digit, ..] if new_form && digit.is_ascii_digit() => length += 1,
            [b'.', ..] => length += 1,
            _ => break,
        }
    }
    length -= usize::from(text[..length].ends_with('.'));
    let begins = parts.first().is_some_and(|first| first.bytes().all(|byte| byte.is_ascii_alphabetic()));
    let numbered = parts.last().is_some_and(|last| last.contains(|c: char| c.is_ascii_digit()));
    (begins && numbered && parts.len() > 1).then(|| (parts.join("."), length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(text: &str) -> (Subject, Report) {
        let (mut subject, mut report) = (Subject::default(), Report::default());
        take(&mut subject, text, &mut report);
        (subject, report)
    }

    fn references(text: &str) -> Vec<String> {
        let (subject, _) = taken(text);
        let of_un = subject.identifiers.into_iter().filter(|id| id.kind == IdentifierKind::UnReference);
        of_un.map(|id| id.value).collect()
    }

    #[test]
    fn references_of_the_united_nations_end_where_a_sentence_begins() {
        for (text, expected) in [
            ("(UN Ref):QDi.301. Also referred to as Abu A. (UK Sanctions List Ref):AQD0007", &["QDi.301"][..]),
            ("(UN Ref):QDi.301, QDi.302. (Gender):Male", &["QDi.301", "QDi.302"]),
            ("UN Ref QDe.004. Emir for the east.", &["QDe.004"]),
            ("Annex XIII. UN Ref. KPe.005.  Owned by X.", &["KPe.005"]),
            ("UN REF: QI.A.344.15. Facilitator (QE.A.4.01).", &["QI.A.344.15"]),
            ("UN Reference No: TAi.172. Belongs to", &["TAi.172"]),
            ("UN Ref.KPI. 076. Ri is", &["KPI.076"]),
            ("UN Ref TI.A.128.01.Financial advisor", &["TI.A.128.01"]),
            ("UN Ref E.29.I.3. Subsidiary of DIO.", &["E.29.I.3"]),
            ("UN Ref. I.AC.50.20.12.12.(1). Used as", &["I.AC.50.20.12.12.(1)"]),
            ("UN Ref QI.A.317.13 Mothers name", &["QI.A.317.13"]),
            ("UN Ref No. YEi.001", &["YEi.001"]),
            ("UN referendum of 1999", &[]),
            ("EU listing. Not UN.", &[]),
        ] {
            assert_eq!(references(text), expected, "{text}");
        }
        let (subject, report) = taken("UN Ref.075. Ri is an overseas representative.");
        assert_eq!((subject.identifiers.len(), subject.details[0].value.as_str()), (0, "075"));
        assert_eq!(report.kept_as_text.len(), 1);
    }

    #[test]
    fn labelled_parts_are_told_apart() {
        let (subject, _) = taken(
            "(Phone number):(1) 0098-21 (2) 0098-22. (Business Reg No):1234567 (Russia). (Hair colour):Red (dyed). (IMO \
             number):9221970",
        );
        let found: Vec<(IdentifierKind, &str)> =
            subject.identifiers.iter().map(|id| (id.kind, id.value.as_str())).collect();
        assert_eq!(found[..2], [(IdentifierKind::Phone, "0098-21"), (IdentifierKind::Phone, "0098-22")]);
        assert_eq!(found[2], (IdentifierKind::Registration, "1234567 (Russia)"));
        assert_eq!(found[3], (IdentifierKind::Imo, "9221970"));
        assert_eq!(
            (subject.details[0].label.as_str(), subject.details[0].value.as_str()),
            ("Hair colour", "Red (dyed)")
        );
    }
}
