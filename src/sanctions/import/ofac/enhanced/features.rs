//! Features and documents, whose labels are those of the advanced XML.

use std::collections::HashMap;

use crate::import::{Element, Report};
use crate::sanctions::import::field::{Refusal, day, or_text, spaced};
use crate::sanctions::import::ofac::dates::{self as ofac_dates, Reading};
use crate::sanctions::import::ofac::facts as ofac_facts;
use crate::sanctions::import::ofac::facts::{Fact, Source};
use crate::sanctions::import::ofac::labels::date_kind;
use crate::sanctions::subject::model::{PlaceKind, Subject};
use crate::value::Span;

/// What the numbers of reference values stand for.
pub type References = HashMap<String, String>;

/// Takes all features, the primary ones first.
pub fn take(references: &References, entity: &Element, subject: &mut Subject, report: &mut Report) {
    let mut features = entity.path(&["features", "feature"]);
    features.sort_by_key(|feature| feature.text_of("isPrimary") == "false");
    for feature in features {
        let label = feature.text_of("type");
        let label = if label.is_empty() { "feature of an unknown type" } else { label };
        let referred = references.get(feature.text_of("valueRefId")).map_or("", String::as_str);
        let text = feature.text_of("value");
        let value = if text.is_empty() { referred } else { text };
        if label == "Location" {
            // The addresses say it in parts.
            let is_known = subject.places.iter().any(|place| place.text == value);
            if !value.is_empty() && !is_known {
                subject.places.push(ofac_facts::place(PlaceKind::Address, value));
            }
            continue;
        }
        let is_date = date_kind(&ofac_facts::plain(label).to_ascii_lowercase()).is_some();
        let date = if is_date { date(value, feature, subject, report) } else { None };
        if value.is_empty() && date.is_none() {
            report.skip("a feature that says nothing");
            continue;
        }
        let note = spaced(feature.text_of("comments"));
        ofac_facts::take(
            subject,
            Fact { source: Source::Feature, label, value, date, note, ..Fact::default() },
            report,
        );
    }
}

/// The date in the list's words, which have its precision; else that of the days beside them.
fn date(value: &str, feature: &Element, subject: &mut Subject, report: &mut Report) -> Option<Span> {
    match ofac_dates::read(value) {
        Reading::Date(date) => return Some(date),
        _ if value.is_empty() => {}
        _ => {
            let reason = "is not a valid date; expected 17 Oct 1990, 1990 or 1990 to 1992";
            Refusal::new(ofac_facts::plain(feature.text_of("type")), value, reason).keep(subject, report);
        }
    }
    let period = feature.child("valueDate")?;
    const POINTS: [&str; 4] = ["fromDateBegin", "fromDateEnd", "toDateBegin", "toDateEnd"];
    let points = POINTS.map(|name| day(name, period.text_of(name)));
    if let Some(Err(refusal)) = points.iter().find(|point| point.is_err()) {
        // The other days alone would say something else.
        let texts: Vec<&str> = POINTS.map(|name| period.text_of(name)).into_iter().filter(|t| !t.is_empty()).collect();
        Refusal::new("valueDate", &texts.join(" to "), refusal.reason.as_str()).keep(subject, report);
        return None;
    }
    let [first, first_end, last_begin, last] = points.map(Result::unwrap_or_default);
    let last = last.or(last_begin).or(first_end).or(first)?;
    let span = Span::between(Span::day(first.or(first_end).unwrap_or(last)), Span::day(last))?;
    Some(if period.text_of("isApproximate") == "true" { span.circa() } else { span })
}

pub fn take_document(document: &Element, subject: &mut Subject, report: &mut Report) {
    let text = |name: &str| spaced(document.text_of(name));
    let number = text("documentNumber");
    let mut notes = vec![text("name"), text("comments")];
    let place = text("issuingLocation");
    if !place.is_empty() {
        notes.push(format!("issued in {place}"));
    }
    match document.text_of("isValid") {
        "" | "true" => {}
        "false" => notes.push("not valid".to_owned()),
        other => Refusal::new("isValid", other, "is neither true nor false").keep(subject, report),
    }
    let issued_on = document_day("issueDate", document, subject, report);
    let expires_on = document_day("expirationDate", document, subject, report);
    notes.retain(|note| !note.is_empty());
    let note = notes.join("; ");
    let label = text("type");
    let label = if label.is_empty() { "document of an unknown type" } else { &label };
    if number.is_empty() {
        report.skip("a document without a number");
        subject.detail(label, &note);
        return;
    }
    let (country, source) = (text("issuingCountry"), Source::Document);
    let fact = Fact { source, label, value: &number, country: &country, date: None, issued_on, expires_on, note };
    ofac_facts::take(subject, fact, report);
}

fn document_day(field: &'static str, document: &Element, subject: &mut Subject, report: &mut Report) -> Option<Span> {
    let text = document.text_of(field);
    if let Reading::Date(date) = ofac_dates::read(text) {
        return Some(date);
    }
    or_text(day(field, text), subject, report).map(Span::day)
}
