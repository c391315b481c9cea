//! What OFAC's CSV says only in the remarks: `DOB 02 May 1965; POB Moscow, Russia; nationality Russia; Passport 71
//! (Russia) issued 01 Mar 2010 expires 01 Mar 2020; Linked To: X.`
//!
//! The remark itself is kept whole. What of it has no field is counted.

use crate::import::Report;
use crate::reference::country;
use crate::sanctions::import::by_name::LINKED_TO;
use crate::sanctions::import::field::Refusal;
use crate::sanctions::import::ofac::dates as ofac_dates;
use crate::sanctions::import::ofac::dates::Reading;
use crate::sanctions::import::ofac::facts as ofac_facts;
use crate::sanctions::import::ofac::facts::Fact;
use crate::sanctions::import::ofac::labels::{identifier_kind, is_identifier_label};
use crate::sanctions::subject::identifier::checked;
use crate::sanctions::subject::model::{
    DateKind, DatedFact, IdentifierKind, Name, NameKind, PlaceKind, Relation, Strength, Subject, SubjectKind,
};
use crate::value::Span;

/// Longest label, in words: `Aircraft Construction Number (also called L/N or S/N or F/N)`.
const LABEL_WORDS_MAX: usize = 10;

/// Labels before an IMO number.
const IMO_LABELS: [&str; 3] = ["Vessel Registration Identification", "Identification Number", "Company Number"];

/// How the parts of a remark were read.
#[derive(PartialEq, Eq, Default, Debug)]
pub struct Reckoning {
    pub understood: u64,
    /// Stay in the remark only: titles and other free text.
    pub free_text: u64,
}

/// Takes out of the subject's remark what has a field.
pub fn read(subject: &mut Subject, report: &mut Report) -> Reckoning {
    let mut reckoning = Reckoning::default();
    let remarks = subject.remarks.clone();
    for part in parts(&remarks) {
        let part = part.strip_prefix("alt. ").unwrap_or(part);
        match take(subject, part, report) {
            Taken::Understood => reckoning.understood += 1,
            Taken::FreeText => {
                reckoning.free_text += 1;
                report.skip("parts of remarks in words, which stand in the remarks alone");
            }
        }
    }
    reckoning
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Taken {
    Understood,
    FreeText,
}

/// Divides at `; `, but not within quotes or parentheses.
fn parts(remarks: &str) -> Vec<&str> {
    let text = remarks.trim();
    let text = text.strip_suffix('.').unwrap_or(text);
    let mut found = Vec::new();
    let (mut start, mut depth) = (0, 0_i32);
    let bytes = text.as_bytes();
    for (place, byte) in bytes.iter().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = (depth - 1).max(0),
            // An unclosed parenthesis must not swallow the rest: a known beginning ends it.
            b';' if bytes.get(place + 1) == Some(&b' ') && (depth == 0 || begins_a_part(&text[place + 2..])) => {
                found.push(text[start..place].trim());
                start = place + 2;
                depth = 0;
            }
            _ => {}
        }
    }
    found.push(text[start..].trim());
    found.retain(|part| !part.is_empty());
    found
}

fn begins_a_part(text: &str) -> bool {
    ["DOB ", "POB ", "alt. ", "nationality ", "citizen ", "Gender ", "Passport ", "Linked To:", "National ID", "Tax ID"]
        .iter()
        .any(|beginning| text.starts_with(beginning))
}

fn take(subject: &mut Subject, part: &str, report: &mut Report) -> Taken {
    if let Some(text) = part.strip_prefix("DOB ") {
        return date(subject, DateKind::Birth, "Date of birth", text, report);
    }
    for (beginning, kind, label) in [
        ("Organization Established Date ", DateKind::Incorporation, "Organization Established Date"),
        ("Vessel Year of Build ", DateKind::Built, "Vessel Year of Build"),
        ("Aircraft Manufacture Date ", DateKind::Built, "Aircraft Manufacture Date"),
    ] {
        if let Some(text) = part.strip_prefix(beginning) {
            return date(subject, kind, label, text, report);
        }
    }
    for (beginning, kind) in [
        ("POB ", PlaceKind::Birth),
        ("nationality ", PlaceKind::Nationality),
        ("citizen ", PlaceKind::Citizenship),
        ("Former Vessel Flag ", PlaceKind::FormerFlag),
        ("Nationality of Registration ", PlaceKind::Registration),
    ] {
        if let Some(text) = part.strip_prefix(beginning) {
            if text == "None Identified" {
                return Taken::FreeText;
            }
            subject.places.push(ofac_facts::place(kind, text));
            return Taken::Understood;
        }
    }
    if let Some(name) = part.strip_prefix("Linked To: ") {
        let (name, text) = (name.to_owned(), LINKED_TO.to_owned());
        subject.relations.push(Relation { name, text, ..Relation::default() });
        return Taken::Understood;
    }
    for (beginning, kind) in [("a.k.a. ", NameKind::Alias), ("f.k.a. ", NameKind::Former), ("n.k.a. ", NameKind::Alias)]
    {
        if let Some(name) = part.strip_prefix(beginning) {
            return weak_alias(subject, kind, name);
        }
    }
    if let Some(rest) = part.strip_prefix("Digital Currency Address - ") {
        return currency_address(subject, rest);
    }
    if imo_number(subject, part) || labelled_identifier(subject, part, report) {
        return Taken::Understood;
    }
    labelled_detail(subject, part)
}

fn date(subject: &mut Subject, kind: DateKind, label: &str, text: &str, report: &mut Report) -> Taken {
    let reason = match ofac_dates::read(text) {
        Reading::Date(date) => {
            subject.dates.push(DatedFact { kind, date });
            return Taken::Understood;
        }
        Reading::Impossible => "is not a valid day that exists; expected 28 Feb 1970, Feb 1970 or 1970",
        Reading::NoDate => "is not a valid date; expected 28 Feb 1970, Feb 1970 or 1970",
    };
    Refusal::new(label, text, reason).keep(subject, report);
    Taken::Understood
}

/// `Vessel Registration Identification IMO 9256860 (Russia)`, also with `Flag 12, ` before it.
fn imo_number(subject: &mut Subject, part: &str) -> bool {
    let found = IMO_LABELS.iter().find_map(|label| Some((*label, part.strip_prefix(label)?.strip_prefix(' ')?)));
    let Some((label, rest)) = found else { return false };
    let (before, number) = match rest.trim_start().strip_prefix("IMO ") {
        Some(number) => ("", number),
        None => match rest.split_once(", IMO ") {
            Some((before, number)) => (before.trim(), number),
            None => return false,
        },
    };
    let (number, behind) = number.trim().split_once(' ').unwrap_or((number.trim(), ""));
    let mut identifier = checked(IdentifierKind::Imo, number.trim_end_matches(','));
    identifier.label = if subject.kind == SubjectKind::Vessel { label.to_owned() } else { "company".into() };
    let within = behind.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or_default();
    identifier.country = country::code(within).to_owned();
    let behind = if identifier.country.is_empty() { behind } else { "" };
    identifier.note = [before, behind].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ");
    subject.identifiers.push(identifier);
    true
}

/// Quoted in the remark: too broad to match on alone.
fn weak_alias(subject: &mut Subject, kind: NameKind, name: &str) -> Taken {
    let full = name.trim().trim_matches('\'').to_owned();
    if full.is_empty() {
        return Taken::FreeText;
    }
    let name = ofac_facts::name(subject.kind, &full, kind);
    subject.names.push(Name { strength: Strength::Weak, ..name });
    Taken::Understood
}

fn currency_address(subject: &mut Subject, text: &str) -> Taken {
    let Some((currency, address)) = text.split_once(' ') else {
        return Taken::FreeText;
    };
    // `ETH 0x... ; XBT` is written with a comma or alone.
    let mut identifier = checked(IdentifierKind::CryptoAddress, address.trim().trim_end_matches(','));
    currency.clone_into(&mut identifier.label);
    subject.identifiers.push(identifier);
    Taken::Understood
}

/// The longest label that the part begins with, and the rest.
fn label(part: &str) -> Option<(&str, &str)> {
    let mut ends: Vec<usize> = part.match_indices(' ').map(|(place, _)| place).take(LABEL_WORDS_MAX).collect();
    ends.push(part.len());
    ends.into_iter().rev().find_map(|end| {
        let (label, rest) = (&part[..end], part[end..].trim_start());
        is_identifier_label(&ofac_facts::plain(label).to_ascii_lowercase()).then_some((label, rest))
    })
}

fn labelled_identifier(subject: &mut Subject, part: &str, report: &mut Report) -> bool {
    let Some((label, rest)) = label(part) else {
        return false;
    };
    let (rest, expires_on) = dated(rest, " expires ");
    let (value, issued_on) = dated(rest, " issued ");
    let (issued_on, expires_on) = term(&rest[value.len()..], issued_on, expires_on);
    let (value, country, note) = with_country(value);
    let kind = identifier_kind(&ofac_facts::plain(label).to_ascii_lowercase(), value);
    let numbered = matches!(
        kind,
        Some(
            IdentifierKind::Passport | IdentifierKind::NationalId | IdentifierKind::Tax | IdentifierKind::Registration
        )
    );
    // `passport place of issue: Al-Anbar, Iraq` says something of a number, and gives none.
    if value.is_empty() || (numbered && !has_digit(value)) {
        return false;
    }
    let (value, country, note) = match without_words(value) {
        Some((number, words)) if numbered && country.is_empty() => country_first(number, words),
        _ => (value, country, note.to_owned()),
    };
    let fact = Fact { label, value, country, issued_on, expires_on, note, ..Fact::default() };
    ofac_facts::take(subject, fact, report);
    true
}

/// `issued 01 Jan 2008 to 31 Dec 2010` is a day of issue and one of expiry.
fn term(text: &str, issued_on: Option<Span>, expires_on: Option<Span>) -> (Option<Span>, Option<Span>) {
    let two = text.split_once(" to ").filter(|_| issued_on.is_some() && expires_on.is_none());
    let from = text.trim_start().strip_prefix("issued ").unwrap_or(text).split(" to ").next().unwrap_or_default();
    match two.map(|(_, to)| (ofac_dates::read(from), ofac_dates::read(to))) {
        Some((Reading::Date(from), Reading::Date(to))) => (Some(from), Some(to)),
        _ => (issued_on, expires_on),
    }
}

fn has_digit(text: &str) -> bool {
    text.contains(|character: char| character.is_ascii_digit())
}

/// The number of `0310857, Eritrea, Issue Date 21 August 2006` and the words behind it; not of `467323, Doc. 694710`.
fn without_words(value: &str) -> Option<(&str, &str)> {
    let (number, words) = value.split_once(", ")?;
    let next = words.split(", ").next().unwrap_or_default();
    (has_digit(number) && !has_digit(next)).then_some((number, words))
}

/// Number, country and note where the words behind the number begin with its country.
fn country_first<'a>(number: &'a str, words: &'a str) -> (&'a str, &'a str, String) {
    let (first, rest) = words.split_once(", ").unwrap_or((words, ""));
    if country::code(first).is_empty() { (number, "", words.to_owned()) } else { (number, first, rest.to_owned()) }
}

/// Cuts ` issued 23 Jun 1999` off the end.
fn dated<'a>(text: &'a str, word: &str) -> (&'a str, Option<Span>) {
    let found = text.rsplit_once(word);
    match found.map(|(before, date)| (before, ofac_dates::read(date))) {
        Some((before, Reading::Date(date))) => (before, Some(date)),
        _ => (text, None),
    }
}

/// `B960789 (Iran)` and `B960789 (Iran) (expired)`.
fn with_country(text: &str) -> (&str, &str, &str) {
    let text = text.trim();
    let Some((value, rest)) = text.split_once(" (") else {
        return (text, "", "");
    };
    match rest.split_once(')') {
        Some((country, note)) => (value.trim(), country, note.trim().trim_matches(['(', ')', ';', ' '])),
        None => (text, "", ""),
    }
}

/// What has a label, but no field of its own.
fn labelled_detail(subject: &mut Subject, part: &str) -> Taken {
    const WITH_COLON: [&str; 6] = [
        "Secondary sanctions risk",
        "Organization Type",
        "Transactions Prohibited For Persons Owned or Controlled By U.S. Financial Institutions",
        "Transactions Prohibited For Persons Owned or Controlled By U.S. Financial Institutions;",
        "CAATSA Section 235 Information",
        "IFCA Determination",
    ];
    const WITH_DASH: [&str; 5] = [
        "Additional Sanctions Information",
        "Executive Order 13662 Directive Determination",
        "Executive Order 13645 Determination",
        "Executive Order 13846 information",
        "IFCA Determination",
    ];
    const WITH_BLANK: [&str; 13] = [
        "Gender",
        "Target Type",
        "Issuer Name",
        "Aircraft Model",
        "Aircraft Operator",
        "Telephone",
        "Fax",
        "Vessel Type",
        "Vessel Gross Tonnage",
        "Vessel Deadweight",
        "Other Vessel Type",
        "Other Vessel Call Sign",
        "Previous Aircraft Tail Number",
    ];
    let parted = |labels: &[&'static str], between: &str| {
        labels.iter().find_map(|label| Some((*label, part.strip_prefix(label)?.strip_prefix(between)?)))
    };
    let found = parted(&WITH_COLON, ":").or_else(|| parted(&WITH_DASH, " - ")).or_else(|| parted(&WITH_BLANK, " "));
    if let Some((label, value)) = found {
        subject.detail(label.trim_end_matches(';'), value);
        return Taken::Understood;
    }
    // `Effective Date (EO 14024 Directive 3): 26 Mar 2022`, also without the colon.
    for word in ["Listing Date (", "Effective Date (", "Purchase/Sales For Divestment Date ("] {
        if let Some((label, value)) = part.strip_prefix(word).and_then(|rest| rest.split_once(')')) {
            subject.detail(&format!("{word}{label})"), value.trim_start_matches(':'));
            return Taken::Understood;
        }
    }
    Taken::FreeText
}

#[cfg(test)]
mod tests;
