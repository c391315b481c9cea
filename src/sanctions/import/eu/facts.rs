//! Parts of an EU entity: births and identifications.

use crate::import::Report;
use crate::sanctions::subject::identifier::checked;
use crate::sanctions::subject::model::{DateKind, DatedFact, IdentifierKind, PlaceKind, Subject};
use crate::value::Span;

use crate::sanctions::import::eu::part::{Field, Part};
use crate::sanctions::import::eu::parts::{Where, detail_about, flag};
use crate::sanctions::import::field::{Refusal, day, joined, or_text};

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Birth {
    id: String,
    published: String,
    place: Where,
    birthdate: String,
    day: String,
    month: String,
    year: String,
    from: String,
    to: String,
    circa: String,
    calendar: String,
    remark: String,
}

impl Part for Birth {
    fn read(field: Field<'_>) -> Self {
        Self {
            id: field("logicalId"),
            published: field("publicationDate"),
            place: Where::read(field),
            birthdate: field("birthdate"),
            day: field("dayOfMonth"),
            month: field("monthOfYear"),
            year: field("year"),
            from: field("yearRangeFrom"),
            to: field("yearRangeTo"),
            circa: field("circa"),
            calendar: field("calendarType"),
            remark: field("remark"),
        }
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn published(&self) -> &str {
        &self.published
    }
}

impl Birth {
    pub fn take(&self, subject: &mut Subject, report: &mut Report) {
        let circa = or_text(flag("circa", &self.circa), subject, report) == Some(true);
        let calendar = self.calendar.to_uppercase();
        let is_gregorian = calendar.is_empty() || calendar == "GREGORIAN";
        let written = self.written();
        let date = if is_gregorian { self.date() } else { Ok(None) };
        let is_malformed = date.is_err();
        // Whatever field is wrong, all of the date is kept.
        let whole = |refusal: Refusal| Refusal { field: "date of birth".into(), value: written.clone(), ..refusal };
        let date = or_text(date.map_err(whole), subject, report);
        if let Some(date) = date {
            let fact = DatedFact { kind: DateKind::Birth, date: if circa { date.circa() } else { date } };
            if !subject.dates.contains(&fact) {
                subject.dates.push(fact);
            }
        } else if !written.is_empty() && !is_malformed {
            report.skip("a date of birth that is half given or of another calendar, kept as a detail");
            let calendar = if is_gregorian { String::new() } else { format!(" ({calendar} calendar)") };
            subject.detail("date of birth", &format!("{written}{calendar}"));
        }
        let place = self.place.take(PlaceKind::Birth, subject);
        detail_about("birth remark", &joined(&[&written, &place]), &self.remark, subject);
    }

    /// `None` where the fields do not give a whole year, or only one end of a range.
    fn date(&self) -> Result<Option<Span>, Refusal> {
        if let Some(day) = day("birthdate", &self.birthdate)? {
            return Ok(Some(Span::day(day)));
        }
        let year = number("year", &self.year)?;
        let (month, of_month) = (number("monthOfYear", &self.month)?, number("dayOfMonth", &self.day)?);
        let small = |number: i16| i8::try_from(number).unwrap_or(i8::MAX);
        let (text, span) = match (year, month, of_month) {
            (Some(year), Some(month), Some(day)) => (&self.day, Span::of_day(year, small(month), small(day))),
            (Some(year), Some(month), None) => (&self.month, Span::of_month(year, small(month))),
            (Some(year), None, None) => (&self.year, Span::of_year(year)),
            (Some(_), None, Some(_)) => return Ok(None),
            (None, _, _) => return self.range(),
        };
        span.map(Some).ok_or_else(|| Refusal::new("birthdate", text, "makes no day or month that exists"))
    }

    fn range(&self) -> Result<Option<Span>, Refusal> {
        let (from, to) = (number("yearRangeFrom", &self.from)?, number("yearRangeTo", &self.to)?);
        let (Some(from), Some(to)) = (from, to) else { return Ok(None) };
        let span = Span::of_year(from).zip(Span::of_year(to)).and_then(|(from, to)| Span::between(from, to));
        span.map(Some).ok_or_else(|| Refusal::new("yearRangeTo", &self.to, "ends before it begins"))
    }

    /// What the fields say, for a detail.
    fn written(&self) -> String {
        if !self.birthdate.is_empty() {
            return self.birthdate.clone();
        }
        let parts = [&self.year, &self.month, &self.day].map(|part| if part == "0" { "" } else { part.as_str() });
        let day: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        match (day.is_empty(), self.from.as_str(), self.to.as_str()) {
            (false, ..) => day.join("-"),
            (_, "", "") => String::new(),
            (_, "", to) => format!("until {to}"),
            (_, from, "") => format!("from {from}"),
            (_, from, to) => format!("from {from} to {to}"),
        }
    }
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Identification {
    id: String,
    published: String,
    place: Where,
    number: String,
    latin_number: String,
    type_code: String,
    type_description: String,
    issued_by: String,
    issued: String,
    valid_from: String,
    valid_to: String,
    name_on_document: String,
    flags: [String; 5],
    remark: String,
}

/// Marks on a document, and how the note says them.
const FLAGS: [(&str, &str); 5] = [
    ("diplomatic", "diplomatic"),
    ("knownExpired", "known to be expired"),
    ("knownFalse", "known to be false"),
    ("reportedLost", "reported lost"),
    ("revokedByIssuer", "revoked by the issuer"),
];

impl Part for Identification {
    fn read(field: Field<'_>) -> Self {
        Self {
            id: field("logicalId"),
            published: field("publicationDate"),
            place: Where::read(field),
            number: field("number"),
            latin_number: field("latinNumber"),
            type_code: field("identificationTypeCode"),
            type_description: field("identificationTypeDescription"),
            issued_by: field("issuedBy"),
            issued: field("issueDate"),
            valid_from: field("validFrom"),
            valid_to: field("validTo"),
            name_on_document: field("nameOnDocument"),
            flags: FLAGS.map(|(name, _)| field(name)),
            remark: field("remark"),
        }
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn published(&self) -> &str {
        &self.published
    }
}

impl Identification {
    pub fn take(&self, subject: &mut Subject, report: &mut Report) {
        let number = if self.number.is_empty() { &self.latin_number } else { &self.number };
        let issued = or_text(day("issueDate", &self.issued), subject, report);
        let expires = or_text(day("validTo", &self.valid_to), subject, report);
        or_text(day("validFrom", &self.valid_from), subject, report);
        let label = if self.type_description.is_empty() { &self.type_code } else { &self.type_description };
        let note = self.note(subject, report);
        if !number.chars().any(char::is_alphanumeric) {
            report.skip("an identification without a number");
            subject.detail(if label.is_empty() { "identification" } else { label }, &note);
            return;
        }
        let mut identifier = checked(self.kind(), number);
        self.place.country_code().clone_into(&mut identifier.country);
        identifier.label.clone_from(label);
        (identifier.issued_on, identifier.expires_on) = (issued.map(Span::day), expires.map(Span::day));
        identifier.note = note;
        if !subject.identifiers.contains(&identifier) {
            subject.identifiers.push(identifier);
        }
    }

    fn kind(&self) -> IdentifierKind {
        let remark = self.remark.to_uppercase();
        let says = |word: &str| remark.split(|c: char| !c.is_alphanumeric()).any(|part| part == word);
        match self.type_code.to_lowercase().as_str() {
            "passport" => IdentifierKind::Passport,
            "imo" => IdentifierKind::Imo,
            "swiftbic" => IdentifierKind::Bic,
            _ if says("OGRN") => IdentifierKind::Ogrn,
            _ if says("INN") => IdentifierKind::Inn,
            "id" | "nrn" | "ssn" => IdentifierKind::NationalId,
            "regnumber" | "tradelic" => IdentifierKind::Registration,
            "fiscalcode" | "taxid" | "euvat" => IdentifierKind::Tax,
            _ => IdentifierKind::Other,
        }
    }

    /// What has no field of its own.
    fn note(&self, subject: &mut Subject, report: &mut Report) -> String {
        let said = |words: &str, value: &str| if value.is_empty() { String::new() } else { format!("{words} {value}") };
        let latin = if self.number.is_empty() || self.number == self.latin_number { "" } else { &self.latin_number };
        let country = if self.place.country_code().is_empty() { self.place.text() } else { self.place.region.clone() };
        let mut parts = vec![
            said("latin number", latin),
            said("issued by", &self.issued_by),
            said("name on document", &self.name_on_document),
            said("valid from", &self.valid_from),
            country,
        ];
        for ((field, words), value) in FLAGS.iter().zip(&self.flags) {
            let is_so = or_text(flag(field, value), subject, report) == Some(true);
            parts.push(if is_so { (*words).to_owned() } else { String::new() });
        }
        parts.push(self.remark.clone());
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        joined(&parts)
    }
}

/// A year, month or day; `0` stands for none.
fn number(field: &str, text: &str) -> Result<Option<i16>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    let number = text.parse::<i16>().ok().filter(|number| *number >= 0);
    let number = number.ok_or_else(|| Refusal::new(field, text, "is not a valid number of a year, month or day"))?;
    Ok(Some(number).filter(|number| *number > 0))
}
