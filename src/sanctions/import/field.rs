//! A field of an entry as a list writes it: its white space, its days, and what becomes of a value that is malformed.
//!
//! Only what tells an entry from all others, its identifier and its name, makes it unusable. Any other value that cannot
//! be read stays as a detail by the name of its field, and is counted.

use jiff::civil::Date;

use crate::import::{self, Reject, Report};
use crate::sanctions::subject::model::Subject;
use crate::value::text::truncated;

/// A field whose value is not as it must be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    pub field: String,
    pub value: String,
    pub reason: String,
}

impl Refusal {
    pub fn new(field: &str, value: &str, reason: impl Into<String>) -> Self {
        Self { field: field.to_owned(), value: value.to_owned(), reason: reason.into() }
    }

    /// Keeps the value as a detail of the subject, and counts it once however many rows of the subject repeat it.
    pub fn keep(self, subject: &mut Subject, report: &mut Report) {
        let Self { field, value, reason } = self;
        if subject.details.iter().any(|detail| detail.label == field && detail.value == value.trim()) {
            return;
        }
        subject.detail(&field, &value);
        let (file, line) = report.reading.clone();
        let value = truncated(&value, 80);
        report.keep_as_text(Reject { file, line, field, value, reason: format!("{reason}; kept as text") });
    }
}

impl From<import::Refusal> for Refusal {
    fn from(refusal: import::Refusal) -> Self {
        Self { field: refusal.field.to_owned(), value: refusal.value, reason: refusal.reason }
    }
}

/// An optional value; where it is malformed there is none, and its text is kept.
pub fn or_text<T, E: Into<Refusal>>(
    value: Result<Option<T>, E>,
    subject: &mut Subject,
    report: &mut Report,
) -> Option<T> {
    value.unwrap_or_else(|refusal| {
        refusal.into().keep(subject, report);
        None
    })
}

/// The text with each run of white space as one space: exports indent and break long texts at will.
pub fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The lines of a text, each without needless white space. Some exports write a line's end as the two characters `\n`.
pub fn lined(text: &str) -> String {
    let text = text.replace("\\n", "\n");
    let lines = text.lines().map(spaced).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// What is there of the parts, divided by `, `.
pub fn joined(parts: &[&str]) -> String {
    let parts = parts.iter().map(|part| part.trim().trim_end_matches(',')).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(", ")
}

/// A day as `2014-09-23`, with or without time or zone behind it, or as `23/09/2014`; `None` when the field is empty.
pub fn day(field: &str, text: &str) -> Result<Option<Date>, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let reason = "is not a day that exists; expected one such as 2014-09-23";
    parse_day(text).map(Some).ok_or_else(|| Refusal::new(field, text, reason))
}

fn parse_day(text: &str) -> Option<Date> {
    let (day, rest) = text.split_at_checked(10)?;
    let behind = rest.bytes().all(|byte| byte.is_ascii_digit() || b"TZ:.+-".contains(&byte));
    let divider = *day.as_bytes().get(2)?;
    let parts: Vec<&str> = day.split(if divider == b'/' { '/' } else { '-' }).collect();
    let [first, middle, last] = parts[..] else { return None };
    let (year, month, day) = if divider == b'/' { (last, middle, first) } else { (first, middle, last) };
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    if !behind || !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_the_forms_that_exports_have() {
        for text in ["2014-09-23", " 2014-09-23\n", "2014-09-23-04:00", "2014-09-23T19:09:49.856-04:00", "23/09/2014"] {
            assert_eq!(day("d", text).unwrap().unwrap().to_string(), "2014-09-23", "{text}");
        }
        assert_eq!(day("d", " ").unwrap(), None);
        for text in
            ["2014-02-31", "31/02/2014", "9/23/14", "2014-9-3", "2014-09-23 or so", "2014", "äöüäöü", "+014-09-2"]
        {
            assert_eq!(day("d", text).unwrap_err().value, text);
        }
    }

    #[test]
    fn a_malformed_value_is_kept_and_counted_once_a_subject() {
        let (mut subject, mut report) = (Subject::default(), Report::default());
        report.at("list.csv", 7);
        for text in ["2014-02-31", "2014-02-31", "2014-02-28", "soon"] {
            or_text(day("born", text), &mut subject, &mut report);
        }
        let details: Vec<_> = subject.details.iter().map(|detail| (&*detail.label, &*detail.value)).collect();
        assert_eq!(details, [("born", "2014-02-31"), ("born", "soon")]);
        assert_eq!((report.kept_as_text.len(), report.kept_as_text[0].line), (2, 7));
        assert!(report.kept_as_text[0].to_string().ends_with("expected one such as 2014-09-23; kept as text"));
    }

    #[test]
    fn parts_are_joined_without_empty_ones() {
        assert_eq!(joined(&["1 Main Street,", "", " Kabul "]), "1 Main Street, Kabul");
        assert_eq!(spaced(" a\n   b "), "a b");
        assert_eq!(lined(" a  b\\n\n c"), "a b\nc");
    }
}
