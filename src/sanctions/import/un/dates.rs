//! Days in the UN list: dates of birth, and dates within notes, such as `expired on 23 Feb. 2000`.

use crate::import::{Element, Report};
use crate::sanctions::subject::model::{DateKind, DatedFact, Subject};
use crate::value::Span;

use crate::sanctions::import::field::{Refusal, day, or_text, spaced};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Takes one INDIVIDUAL_DATE_OF_BIRTH. What is malformed in it is kept as text.
pub fn take_birth(element: &Element, subject: &mut Subject, report: &mut Report) {
    let text = |name: &str| spaced(element.text_of(name));
    let (kind, date, year, note) = (text("TYPE_OF_DATE"), text("DATE"), text("YEAR"), text("NOTE"));
    let note_says_about = note.to_lowercase().contains("approximately");
    let circa = match kind.to_uppercase().as_str() {
        "" | "EXACT" | "BETWEEN" => note_says_about,
        "APPROXIMATELY" => true,
        _ => {
            let reason = "is none of EXACT, APPROXIMATELY and BETWEEN";
            Refusal::new("TYPE_OF_DATE", &kind, reason).keep(subject, report);
            note_says_about
        }
    };

    let mut understood_note = note.is_empty() || note_says_about;
    let mut spans = Vec::new();
    spans.extend(or_text(day("DATE", &date), subject, report).map(Span::day));
    if let Some(whole) = or_text(whole_year("YEAR", &year), subject, report) {
        // The month stands in the note: `Sep.` beside the year 1958.
        let of_month = month(&note).map(|month| Span::of_month(whole.first.year(), month));
        understood_note |= of_month.is_some();
        spans.extend(of_month.unwrap_or(Some(whole)));
    }
    spans.extend(years(&text("FROM_YEAR"), &text("TO_YEAR"), subject, report));
    let is_half_given = [&date, &year, &text("FROM_YEAR"), &text("TO_YEAR")].iter().any(|text| !text.is_empty());
    if spans.is_empty() && !understood_note && !is_half_given {
        let words: Vec<&str> = note.trim_matches(['(', ')']).split_whitespace().collect();
        match date_at(&words) {
            Some((Found::Span(span), length)) if length == words.len() => {
                spans.push(span);
                understood_note = true;
            }
            Some((Found::NoDay, _)) => report.skip("a date in the remarks that does not exist"),
            _ => report.skip("a date of birth in words that give no date, kept as a detail"),
        }
    }

    for span in spans {
        let date = if circa { span.circa() } else { span };
        push_date(subject, date);
    }
    if !understood_note {
        let about = if date.is_empty() { year } else { date };
        subject.detail("date of birth", &if about.is_empty() { note } else { format!("{about}: {note}") });
    }
}

/// FROM_YEAR to TO_YEAR. Where only one of them can be read, nothing is said of the other.
fn years(from: &str, to: &str, subject: &mut Subject, report: &mut Report) -> Option<Span> {
    let first = or_text(whole_year("FROM_YEAR", from), subject, report);
    let last = or_text(whole_year("TO_YEAR", to), subject, report);
    let (reason, text) = match (first, last) {
        (Some(first), Some(last)) => match Span::between(first, last) {
            Some(span) => return Some(span),
            None => ("ends before it begins", format!("from {from} to {to}")),
        },
        (Some(_), None) => ("has no end", format!("from {from}")),
        (None, Some(_)) => ("has no beginning", format!("until {to}")),
        (None, None) => return None,
    };
    Refusal::new("date of birth", &text, reason).keep(subject, report);
    None
}

/// A date of birth that belongs to an alias: `1980-08-08` or `1955`.
pub fn take_alias_birth(text: &str, subject: &mut Subject, report: &mut Report) {
    let span = match text.len() {
        4 => whole_year("DATE_OF_BIRTH", text),
        _ => day("DATE_OF_BIRTH", text).map(|day| day.map(Span::day)),
    };
    if let Some(span) = or_text(span, subject, report) {
        push_date(subject, span);
    }
}

fn push_date(subject: &mut Subject, date: Span) {
    let fact = DatedFact { kind: DateKind::Birth, date };
    if !subject.dates.contains(&fact) {
        subject.dates.push(fact);
    }
}

fn whole_year(field: &str, text: &str) -> Result<Option<Span>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    let year = Some(text).filter(|text| text.len() == 4).and_then(|text| text.parse().ok());
    let year = year.and_then(Span::of_year);
    year.map(Some).ok_or_else(|| Refusal::new(field, text, "is not a valid year; expected one such as 1958"))
}

fn month(word: &str) -> Option<i8> {
    let word = word.trim_end_matches([',', '.']).to_lowercase();
    let word = if word == "sept" { "sep" } else { &word };
    let fits = |month: &str| word.len() >= 3 && month.starts_with(word);
    MONTHS.iter().position(|month| fits(month)).and_then(|index| i8::try_from(index + 1).ok())
}

/// A date found in words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Found {
    Span(Span),
    /// It has the form of a day, but the month has no such day.
    NoDay,
}

/// The day on which a document expires, as its note says it.
pub fn expiry(note: &str, report: &mut Report) -> Option<Span> {
    let is_key = |words: &[&str]| {
        let word = words[0].trim_start_matches('(').to_lowercase();
        word.starts_with("expir") || word == "exp." || (word == "valid" && words.get(1) == Some(&"until"))
    };
    date_after(note, is_key, &["on", "date", "date:", "of", "until"], report)
}

/// The day on which a document was issued, as its note says it.
pub fn issue(note: &str, report: &mut Report) -> Option<Span> {
    let is_key = |words: &[&str]| words[0].trim_start_matches('(').eq_ignore_ascii_case("issued");
    date_after(note, is_key, &["on", "in"], report)
}

/// The date right behind a word, but for words that may stand between.
fn date_after(note: &str, is_key: impl Fn(&[&str]) -> bool, between: &[&str], report: &mut Report) -> Option<Span> {
    let note = parted(note);
    let words: Vec<&str> = note.split_whitespace().collect();
    for index in (0..words.len()).filter(|index| is_key(&words[*index..])) {
        let rest = &words[index + 1..];
        let filling = rest.iter().take_while(|word| between.contains(word)).count();
        match date_at(&rest[filling..]) {
            Some((Found::Span(span), _)) => return Some(span),
            Some((Found::NoDay, _)) => report.skip("a date in the remarks that does not exist"),
            None => {}
        }
    }
    None
}

/// `4 Mar.1985` as `4 Mar. 1985`.
fn parted(note: &str) -> String {
    let mut parted = String::with_capacity(note.len() + 4);
    let mut characters = note.chars().peekable();
    let mut before = ' ';
    while let Some(character) = characters.next() {
        parted.push(character);
        let glued = characters.peek().is_some_and(char::is_ascii_digit);
        if character == '.' && before.is_alphabetic() && glued {
            parted.push(' ');
        }
        before = character;
    }
    parted
}

/// The date that the words begin with, and of how many words it is: `23 Feb. 2000`, `March 22, 2018`, `2023-06-04`,
/// `Nov. 1973`, `1974`.
fn date_at(words: &[&str]) -> Option<(Found, usize)> {
    let number = |index: usize, length: std::ops::RangeInclusive<usize>| -> Option<i16> {
        let word = words.get(index)?.trim_end_matches([',', '.', ';', ')', ':']);
        let fits = length.contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
        word.parse().ok().filter(|_| fits)
    };
    let year = |index: usize| number(index, 4..=4).filter(|year| (1800..=2200).contains(year));
    let month_day = |index: usize| number(index, 1..=2).and_then(|day| i8::try_from(day).ok());
    let named = |index: usize| words.get(index).and_then(|word| month(word));
    let of_day = |year, month, day| Span::of_day(year, month, day).map_or(Found::NoDay, Found::Span);

    if let (Some(day), Some(month), Some(year)) = (month_day(0), named(1), year(2)) {
        return Some((of_day(year, month, day), 3));
    }
    if let (Some(month), Some(day), Some(year)) = (named(0), month_day(1), year(2)) {
        return Some((of_day(year, month, day), 3));
    }
    if let (Some(month), Some(year)) = (named(0), year(1)) {
        return Span::of_month(year, month).map(|span| (Found::Span(span), 2));
    }
    if let Some(year) = year(0) {
        return Span::of_year(year).map(|span| (Found::Span(span), 1));
    }
    let word = words.first()?.trim_end_matches([',', '.', ';', ')']);
    let parts: Vec<&str> = word.split('-').collect();
    let [year, month, day] = parts[..] else { return None };
    let date = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    (year.len() == 4).then(|| (of_day(date.0, date.1, date.2), 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(children: &[(&str, &str)]) -> Element {
        let child = |(name, text): &(&str, &str)| Element {
            name: (*name).to_owned(),
            text: (*text).to_owned(),
            ..Element::default()
        };
        Element { children: children.iter().map(child).collect(), ..Element::default() }
    }

    fn births(children: &[(&str, &str)]) -> (Vec<String>, Vec<String>, Report) {
        let (mut subject, mut report) = (Subject::default(), Report::default());
        take_birth(&element(children), &mut subject, &mut report);
        let dates = subject.dates.iter().map(|fact| fact.date.to_string()).collect();
        (dates, subject.details.into_iter().map(|detail| detail.value).collect(), report)
    }

    #[test]
    fn dates_of_birth_keep_their_precision() {
        for (children, date) in [
            (vec![("TYPE_OF_DATE", "EXACT"), ("DATE", "1964-07-17")], "1964-07-17"),
            (vec![("TYPE_OF_DATE", "EXACT"), ("DATE", "1960-01-01-05:00")], "1960-01-01"),
            (vec![("TYPE_OF_DATE", "EXACT"), ("YEAR", "1968")], "1968"),
            (vec![("TYPE_OF_DATE", "APPROXIMATELY"), ("YEAR", "1968")], "1968~"),
            (vec![("TYPE_OF_DATE", "BETWEEN"), ("FROM_YEAR", "1955"), ("TO_YEAR", "1958")], "1955/1958"),
            (
                vec![
                    ("TYPE_OF_DATE", "BETWEEN"),
                    ("FROM_YEAR", "1955"),
                    ("TO_YEAR", "1958"),
                    ("NOTE", "Approximately"),
                ],
                "1955~/1958~",
            ),
            (vec![("TYPE_OF_DATE", "EXACT"), ("YEAR", "1958"), ("NOTE", "Sep.")], "1958-09"),
            (vec![("TYPE_OF_DATE", "EXACT"), ("NOTE", "Nov. 1973 ")], "1973-11"),
            (vec![("TYPE_OF_DATE", "EXACT"), ("NOTE", "(July 1997)")], "1997-07"),
        ] {
            let (dates, details, report) = births(&children);
            assert_eq!((dates, details), (vec![date.to_owned()], vec![]), "{children:?}");
            assert!(report.skipped.is_empty());
        }
    }

    #[test]
    fn words_that_give_no_date_are_kept() {
        let (dates, details, report) = births(&[("TYPE_OF_DATE", "EXACT"), ("NOTE", "24/06/1402 (Hijri Calendar)")]);
        assert_eq!((dates, details), (vec![], vec!["24/06/1402 (Hijri Calendar)".to_owned()]));
        assert_eq!(report.skipped.len(), 1);

        let (dates, details, _) = births(&[("DATE", "1979-03-03"), ("NOTE", "from false passport")]);
        assert_eq!((dates, details), (vec!["1979-03-03".into()], vec!["1979-03-03: from false passport".to_owned()]));
        assert_eq!(births(&[]).0, Vec::<String>::new());
    }

    #[test]
    fn what_is_malformed_is_kept_as_text() {
        for (children, field, value, left) in [
            (vec![("DATE", "1964-02-31")], "DATE", "1964-02-31", vec![]),
            (vec![("YEAR", "64"), ("NOTE", "Sep.")], "YEAR", "64", vec![]),
            (vec![("FROM_YEAR", "1958"), ("TO_YEAR", "1955")], "date of birth", "from 1958 to 1955", vec![]),
            (vec![("FROM_YEAR", "1958")], "date of birth", "from 1958", vec![]),
            (vec![("TYPE_OF_DATE", "about"), ("YEAR", "1958")], "TYPE_OF_DATE", "about", vec!["1958"]),
            (vec![("TYPE_OF_DATE", "Exact"), ("YEAR", "58"), ("DATE", "1958-01-02")], "YEAR", "58", vec!["1958-01-02"]),
        ] {
            let (mut subject, mut report) = (Subject::default(), Report::default());
            take_birth(&element(&children), &mut subject, &mut report);
            let kept = &report.kept_as_text[0];
            assert_eq!((kept.field.as_str(), kept.value.as_str()), (field, value), "{children:?}");
            assert!(subject.details.iter().any(|detail| detail.label == field && detail.value == value));
            let dates: Vec<String> = subject.dates.iter().map(|fact| fact.date.to_string()).collect();
            assert_eq!(dates, left, "{children:?}");
        }
        let (mut subject, mut report) = (Subject::default(), Report::default());
        take_alias_birth("1968-02-30", &mut subject, &mut report);
        assert_eq!((subject.dates.len(), report.kept_as_text.len()), (0, 1));
    }

    #[test]
    fn notes_tell_when_a_document_expires() {
        for (note, date) in [
            ("expired on 23 Feb. 2000", "2000-02-23"),
            ("Expires 09 May 2018", "2018-05-09"),
            ("letter O), expires 30 Dec. 2019", "2019-12-30"),
            ("Passport expiration date: March 22, 2018", "2018-03-22"),
            ("Expiration date: 2023-06-04.", "2023-06-04"),
            ("valid until 4 April 2018", "2018-04-04"),
            ("with expiry date of 16 Jun. 2019, cancelled", "2019-06-16"),
            ("exp. 20 Aug 2017", "2017-08-20"),
            ("expired on 4 Mar.1985", "1985-03-04"),
        ] {
            let mut report = Report::default();
            assert_eq!(expiry(note, &mut report).unwrap().to_string(), date, "{note}");
        }
        let mut report = Report::default();
        assert_eq!(issue("issued in 1974", &mut report).unwrap().to_string(), "1974");
        for note in ["", "expired", "expiry date in Hijri Calendar 21/03/1431", "officially cancelled as of 2013"] {
            assert_eq!(expiry(note, &mut report), None, "{note}");
        }
        assert!(report.skipped.is_empty());
        assert_eq!(expiry("expired on 31 Feb. 2003", &mut report), None);
        assert_eq!(report.skipped.get("a date in the remarks that does not exist"), Some(&1));
    }
}
