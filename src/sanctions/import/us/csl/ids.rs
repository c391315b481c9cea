//! The `ids` of the Consolidated Screening List: `type, number, country, issued, expires`, divided by `; `. The types
//! are OFAC's labels, and some stand on what is not a number: gender, secondary sanctions, directives with their dates.

use crate::import::Report;
use crate::sanctions::import::field::Refusal;
use crate::sanctions::import::malformed::Malformed;
use crate::sanctions::import::ofac::dates as ofac_dates;
use crate::sanctions::import::ofac::dates::Reading;
use crate::sanctions::import::ofac::facts as ofac_facts;
use crate::sanctions::import::ofac::facts::Fact;
use crate::sanctions::import::ofac::labels::identifier_kind;
use crate::sanctions::subject::model::Subject;
use crate::value::Span;

pub fn read(text: &str, subject: &mut Subject, report: &mut Report) {
    for item in items(text) {
        let (label, value) = item.split_once(", ").unwrap_or((item.as_str(), ""));
        let mut malformed = Malformed::default();
        let parts = if is_number(label, value) { Parts::of(value, &mut malformed) } else { Parts::whole(value) };
        let fact = Fact {
            label,
            value: &parts.value,
            country: parts.country,
            issued_on: parts.issued_on,
            expires_on: parts.expires_on,
            note: parts.note,
            ..Fact::default()
        };
        ofac_facts::take(subject, fact, report);
        malformed.keep(subject, report);
    }
}

fn no_such_day(text: &str) -> Refusal {
    Refusal::new("ids", text, "there is not a valid such day; expected 18 Jan 1984")
}

/// A value may have a `; ` of its own: what has no type belongs to the item before.
fn items(text: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for part in text.split("; ").filter(|part| !part.trim().is_empty()) {
        match items.last_mut() {
            Some(last) if !part.contains(", ") => {
                last.push_str("; ");
                last.push_str(part);
            }
            _ => items.push(part.trim().to_owned()),
        }
    }
    items
}

/// Whether country and days may stand behind the value. Words may end in two capital letters that are not a country.
fn is_number(label: &str, value: &str) -> bool {
    let label = ofac_facts::plain(label).to_ascii_lowercase();
    const WORDS: [&str; 9] =
        ["name", "type", "information", "directive", "determination", "risk", "date", "prohibited", "operator"];
    identifier_kind(&label, value).is_some() || !WORDS.iter().any(|word| label.contains(word))
}

/// What stands behind a type.
struct Parts<'a> {
    value: String,
    country: &'a str,
    issued_on: Option<Span>,
    expires_on: Option<Span>,
    note: String,
}

impl<'a> Parts<'a> {
    fn whole(value: &str) -> Self {
        Self { value: value.to_owned(), country: "", issued_on: None, expires_on: None, note: String::new() }
    }

    fn of(value: &'a str, malformed: &mut Malformed) -> Self {
        let mut words: Vec<&str> = value.split(", ").map(str::trim).collect();
        let mut days: Vec<(&str, Span)> = Vec::new();
        while let [_, .., last] = words[..] {
            match ofac_dates::read(last) {
                Reading::Date(day) if days.len() < 2 => days.push((last, day)),
                Reading::Impossible => malformed.push(no_such_day(last)),
                _ => break,
            }
            words.pop();
        }
        let country = match words[..] {
            [_, .., last] if last.len() == 2 && last.bytes().all(|byte| byte.is_ascii_uppercase()) => {
                words.pop();
                last
            }
            _ => "",
        };
        let whole = Self { country, ..Self::whole(&words.join(", ")) };
        match days[..] {
            [] => whole,
            // The list leaves out the day that it does not have and does not say which.
            [(text, _)] => Self { note: format!("issued or expires {text}"), ..whole },
            [(_, expires), (_, issued), ..] => Self { issued_on: Some(issued), expires_on: Some(expires), ..whole },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sanctions::subject::model::{Identifier, IdentifierKind};

    fn of(text: &str) -> Subject {
        let mut subject = Subject::default();
        read(text, &mut subject, &mut Report::default());
        subject
    }

    fn one(text: &str) -> Identifier {
        let subject = of(text);
        assert_eq!(subject.identifiers.len(), 1, "{text}");
        subject.identifiers.into_iter().next().unwrap()
    }

    #[test]
    fn numbers_have_kind_and_days() {
        let id = one("Passport, E590976, TN, 19 Jun 1987, 18 Jun 1992");
        assert_eq!((id.kind, id.value.as_str(), id.label.as_str()), (IdentifierKind::Passport, "E590976", "Passport"));
        assert_eq!((id.issued_on, id.expires_on), (Span::of_day(1987, 6, 19), Span::of_day(1992, 6, 18)));
        let id = one("Identification Number, AO 2879097, IT, 30 Oct 2012");
        assert_eq!((id.issued_on, id.expires_on), (None, None));
        assert!(id.note.ends_with("issued or expires 30 Oct 2012"));
        for (text, kind, value) in [
            ("Tax ID No., 0770207013, KZ", IdentifierKind::Tax, "0770207013"),
            ("V.A.T. Number, BE 454,419,759", IdentifierKind::Tax, "BE 454,419,759"),
            ("Passport, 1999", IdentifierKind::Passport, "1999"),
            ("SWIFT/BIC, VTBRRUMM", IdentifierKind::Bic, "VTBRRUMM"),
            ("Cuota No., A, B, MX", IdentifierKind::Other, "A, B"),
        ] {
            let id = one(text);
            assert_eq!((id.kind, id.value.as_str()), (kind, value), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_a_date_a_place_or_a_detail() {
        let subject =
            of("Gender, Male; Organization Established Date, 17 Oct 1990; Nationality of Registration, Russia; \
             Secondary sanctions risk:, one; two; Directive Determination -, Subject to Directive 1; \
             Issuer Name, Acme, SA; Listing Date (CMIC), 2021-06-03");
        let details: Vec<_> =
            subject.details.iter().map(|detail| format!("{}={}", detail.label, detail.value)).collect();
        assert_eq!(
            details,
            [
                "Gender=Male",
                "Secondary sanctions risk=one; two",
                "Directive Determination=Subject to Directive 1",
                "Issuer Name=Acme, SA",
                "Listing Date (CMIC)=2021-06-03"
            ]
        );
        assert_eq!(subject.dates[0].date, Span::of_day(1990, 10, 17).unwrap());
        assert_eq!(subject.places[0].text, "Russia");
        assert!(subject.identifiers.is_empty());
    }

    #[test]
    fn days_that_do_not_exist_are_kept_as_text() {
        for (text, field) in [
            ("Passport, A1, TN, 31 Feb 1990", "ids"),
            ("Organization Established Date, 1990-02-31", "Organization Established Date"),
        ] {
            let (mut subject, mut report) = (Subject::default(), Report::default());
            read(text, &mut subject, &mut report);
            assert_eq!((report.kept_as_text.len(), report.kept_as_text[0].field.as_str()), (1, field));
            assert!(text.ends_with(&subject.details[0].value));
        }
    }
}
