//! What OFAC's CSV says only in the remarks: `DOB 02 May 1965; POB Moscow, Russia; nationality Russia; Passport 71
//! (Russia) issued 01 Mar 2010 expires 01 Mar 2020; Linked To: X.`
//!
//! The remark itself is kept whole. A part that is not understood stays there and is counted by the caller.

use crate::reference::country;
use crate::sanctions::import::ofac::dates as ofac_dates;
use crate::sanctions::import::ofac::dates::Reading;
use crate::sanctions::import::ofac::facts as ofac_facts;
use crate::sanctions::import::ofac::facts::Fact;
use crate::sanctions::import::ofac::labels::{identifier_kind, is_identifier_label};
use crate::sanctions::subject::identifier::checked;
use crate::sanctions::subject::model::{
    DateKind, DatedFact, IdentifierKind, Name, NameKind, PlaceKind, Relation, Strength, Subject, SubjectKind,
};
use crate::sanctions::subject::names::script;
use crate::value::Span;

/// Longest label, in words.
const LABEL_WORDS_MAX: usize = 8;

/// How the parts of a remark were read.
#[derive(PartialEq, Eq, Default, Debug)]
pub struct Reckoning {
    pub understood: u64,
    /// Stay in the remark only: titles and other free text.
    pub free_text: u64,
    /// The parts that hold them.
    pub impossible_dates: Vec<String>,
}

/// Takes out of the subject's remark what has a field.
pub fn read(subject: &mut Subject) -> Reckoning {
    let mut reckoning = Reckoning::default();
    let remarks = subject.remarks.clone();
    for part in parts(&remarks) {
        let part = part.strip_prefix("alt. ").unwrap_or(part);
        match take(subject, part) {
            Taken::Understood => reckoning.understood += 1,
            Taken::FreeText => reckoning.free_text += 1,
            Taken::ImpossibleDate => reckoning.impossible_dates.push(part.to_owned()),
        }
    }
    reckoning
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Taken {
    Understood,
    FreeText,
    ImpossibleDate,
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

fn take(subject: &mut Subject, part: &str) -> Taken {
    if let Some(text) = part.strip_prefix("DOB ") {
        return date(subject, DateKind::Birth, "Date of birth", text);
    }
    for (beginning, kind, label) in [
        ("Organization Established Date ", DateKind::Incorporation, "Organization Established Date"),
        ("Vessel Year of Build ", DateKind::Built, "Vessel Year of Build"),
        ("Aircraft Manufacture Date ", DateKind::Built, "Aircraft Manufacture Date"),
    ] {
        if let Some(text) = part.strip_prefix(beginning) {
            return date(subject, kind, label, text);
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
            let text = if text == "None Identified" { "" } else { text };
            if !text.is_empty() {
                subject.places.push(ofac_facts::place(kind, text));
            }
            return Taken::Understood;
        }
    }
    if let Some(name) = part.strip_prefix("Linked To: ") {
        let (name, text) = (name.to_owned(), "Linked To".to_owned());
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
    for label in ["Vessel Registration Identification", "Identification Number", "Company Number"] {
        let number = part.strip_prefix(label).and_then(|rest| rest.trim_start().strip_prefix("IMO "));
        if let Some(number) = number {
            let mut identifier = checked(IdentifierKind::Imo, number);
            identifier.label = if subject.kind == SubjectKind::Vessel { label.to_owned() } else { "company".into() };
            subject.identifiers.push(identifier);
            return Taken::Understood;
        }
    }
    if labelled_identifier(subject, part) {
        return Taken::Understood;
    }
    labelled_detail(subject, part)
}

fn date(subject: &mut Subject, kind: DateKind, label: &str, text: &str) -> Taken {
    match ofac_dates::read(text) {
        Reading::Date(date) => {
            subject.dates.push(DatedFact { kind, date });
            Taken::Understood
        }
        Reading::Impossible => {
            subject.detail(label, text);
            Taken::ImpossibleDate
        }
        Reading::NoDate => {
            subject.detail(label, text);
            Taken::Understood
        }
    }
}

/// Quoted in the remark: too broad to match on alone.
fn weak_alias(subject: &mut Subject, kind: NameKind, name: &str) -> Taken {
    let full = name.trim().trim_matches('\'').to_owned();
    if full.is_empty() {
        return Taken::FreeText;
    }
    let script = script(&full).to_owned();
    subject.names.push(Name { full, kind, strength: Strength::Weak, script, ..Name::default() });
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

fn labelled_identifier(subject: &mut Subject, part: &str) -> bool {
    let Some((label, rest)) = label(part) else {
        return false;
    };
    let (rest, expires_on) = dated(rest, " expires ");
    let (value, issued_on) = dated(rest, " issued ");
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
    ofac_facts::take(subject, fact).is_ok()
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
    if part.starts_with("For more information on directives") || part.eq_ignore_ascii_case("all offices worldwide") {
        return Taken::Understood;
    }
    Taken::FreeText
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(kind: SubjectKind, remarks: &str) -> (Subject, Reckoning) {
        let mut subject = Subject { kind, remarks: remarks.into(), ..Subject::default() };
        let reckoning = read(&mut subject);
        (subject, reckoning)
    }

    #[test]
    fn a_person_comes_out_of_the_remark() {
        let (person, reckoning) = subject(
            SubjectKind::Person,
            "DOB 02 May 1965; alt. DOB circa 1966; POB Moscow, Russia; nationality Russia; Gender Male; Passport A7 \
             (Russia) issued 01 Mar 2010 expires 02 Mar 2020; Deputy Chairman; a.k.a. 'BOSS'; Linked To: A COMPANY.",
        );
        assert_eq!(reckoning, Reckoning { understood: 8, free_text: 1, impossible_dates: vec![] });
        let births: Vec<String> = person.dates.iter().map(|fact| fact.date.to_string()).collect();
        assert_eq!(births, ["1965-05-02", "1966~"]);
        let places: Vec<&str> = person.places.iter().map(|place| place.text.as_str()).collect();
        assert_eq!(places, ["Moscow, Russia", "Russia"]);
        let passport = &person.identifiers[0];
        assert_eq!((passport.kind, passport.value.as_str()), (IdentifierKind::Passport, "A7"));
        assert_eq!(passport.issued_on.unwrap().to_string(), "2010-03-01");
        assert_eq!(passport.expires_on.unwrap().to_string(), "2020-03-02");
        assert_eq!((person.names[0].full.as_str(), person.names[0].strength), ("BOSS", Strength::Weak));
        assert_eq!(person.relations[0].name, "A COMPANY");
    }

    #[test]
    fn ships_and_companies_have_their_numbers() {
        let (ship, _) = subject(
            SubjectKind::Vessel,
            "Vessel Registration Identification IMO 9221970; MMSI 572469210; Former Vessel Flag Malta; Vessel Year of \
             Build 2003.",
        );
        let kinds: Vec<IdentifierKind> = ship.identifiers.iter().map(|identifier| identifier.kind).collect();
        assert_eq!(kinds, [IdentifierKind::Imo, IdentifierKind::Mmsi]);
        assert_eq!(ship.places[0].kind, PlaceKind::FormerFlag);
        let (company, reckoning) = subject(
            SubjectKind::Organization,
            "SWIFT/BIC VTBRRUMM; Tax ID No. 7702070139 (Russia); Unified Social Credit Code (USCC) 9111000071093019X7 \
             (China); Identification Number IMO 5342883; Digital Currency Address - XBT 1abc; Secondary sanctions risk: \
             (some; thing); Executive Order 13662 Directive Determination - Subject to Directive 1; Effective Date \
             (CMIC) 02 Aug 2021; Public Registration Number 467323, Doc. 694710 (Panama).",
        );
        assert_eq!(reckoning, Reckoning { understood: 9, free_text: 0, impossible_dates: vec![] });
        let values: Vec<&str> = company.identifiers.iter().map(|identifier| identifier.value.as_str()).collect();
        assert_eq!(values, ["VTBRRUMM", "7702070139", "9111000071093019X7", "5342883", "1abc", "467323, Doc. 694710"]);
        assert_eq!(company.identifiers[3].label, "company");
        assert_eq!(company.identifiers[4].label, "XBT");
        let labels: Vec<&str> = company.details.iter().map(|detail| detail.label.as_str()).collect();
        assert_eq!(
            labels,
            ["Secondary sanctions risk", "Executive Order 13662 Directive Determination", "Effective Date (CMIC)"]
        );
    }

    /// Entries 10375, 11313 and 8116 of the SDN list.
    #[test]
    fn words_about_a_passport_are_no_number() {
        let (person, reckoning) = subject(
            SubjectKind::Person,
            "Passport H0347417 (Iraq); passport place of issue: Al-Anbar, Iraq; Passport issued in Sarajevo, \
             Bosnia-Herzegovina; National ID No.: 1372584, Kenya; Passport No.: 0310857, Eritrea, Issue Date 21 August \
             2006, Expire Date 20 August 2008).",
        );
        assert_eq!(reckoning, Reckoning { understood: 3, free_text: 2, impossible_dates: vec![] });
        let found: Vec<(&str, &str)> =
            person.identifiers.iter().map(|id| (id.value.as_str(), id.country.as_str())).collect();
        assert_eq!(found, [("H0347417", "IRQ"), ("1372584", "KEN"), ("0310857", "ERI")]);
        assert!(person.identifiers[2].note.starts_with("Issue Date 21 August 2006"));
    }

    #[test]
    fn a_day_that_does_not_exist_stays_text() {
        let (person, reckoning) = subject(SubjectKind::Person, "DOB 31 Feb 1970; POB (unclosed; DOB 1971.");
        assert_eq!(reckoning.impossible_dates, ["DOB 31 Feb 1970"]);
        assert_eq!(person.details[0].value, "31 Feb 1970");
        assert_eq!(person.dates[0].date.to_string(), "1971");
    }
}
