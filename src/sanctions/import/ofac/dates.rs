//! Dates as OFAC writes them in words: `17 Oct 1990`, `Mar 1968`, `circa 1965`, `1965 to 1968`.

use crate::value::Span;

/// What a text is as a date.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reading {
    Date(Span),
    /// Written like a date, but there is no such day: 31 Feb 1970.
    Impossible,
    NoDate,
}

pub fn read(text: &str) -> Reading {
    let words = text.trim().trim_end_matches(['.', ';']).to_ascii_lowercase();
    let (words, about) = without_circa(&words);
    let reading = match words.strip_prefix("between ").and_then(|rest| rest.split_once(" and ")) {
        Some((from, to)) => range(from, to),
        None => match words.split_once(" to ").or_else(|| years(words)) {
            Some((from, to)) => range(from, to),
            None => single(words),
        },
    };
    match reading {
        Reading::Date(span) if about => Reading::Date(span.circa()),
        other => other,
    }
}

/// The date in OFAC's words, for what stays text: `03 Jun 2021`.
pub fn words(span: Span) -> String {
    if span.is_exact() { span.first.strftime("%d %b %Y").to_string() } else { span.to_string() }
}

fn without_circa(words: &str) -> (&str, bool) {
    for prefix in ["circa ", "approximately ", "ca. ", "c. "] {
        if let Some(rest) = words.strip_prefix(prefix) {
            return (rest.trim(), true);
        }
    }
    (words, false)
}

/// `1965-1968`, but not `1965-03-01`.
fn years(words: &str) -> Option<(&str, &str)> {
    words.split_once('-').filter(|(from, to)| from.trim().len() == 4 && to.trim().len() == 4)
}

fn range(from: &str, to: &str) -> Reading {
    let (from, about_from) = without_circa(from.trim());
    let (to, about_to) = without_circa(to.trim());
    match (single(from), single(to)) {
        (Reading::Date(first), Reading::Date(last)) => match Span::between(first, last) {
            Some(span) if about_from || about_to => Reading::Date(span.circa()),
            Some(span) => Reading::Date(span),
            None => Reading::Impossible,
        },
        (Reading::NoDate, _) | (_, Reading::NoDate) => Reading::NoDate,
        _ => Reading::Impossible,
    }
}

fn single(words: &str) -> Reading {
    let parts: Vec<&str> = words.split_whitespace().collect();
    let year =
        |text: &str| text.parse::<i16>().ok().filter(|_| text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()));
    let span = match parts[..] {
        [text] => match year(text) {
            Some(year) => Span::of_year(year),
            None => return iso(text),
        },
        [name, text] => match (month(name), year(text)) {
            (Some(month), Some(year)) => Span::of_month(year, month),
            _ => return Reading::NoDate,
        },
        [day, name, text] => match (day.parse::<i8>(), month(name), year(text)) {
            (Ok(day), Some(month), Some(year)) => Span::of_day(year, month, day),
            _ => return Reading::NoDate,
        },
        _ => return Reading::NoDate,
    };
    span.map_or(Reading::Impossible, Reading::Date)
}

fn iso(text: &str) -> Reading {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let shaped = text.len() == 10 && digits == 8 && text.split('-').count() == 3;
    match text.parse() {
        Ok(span) if shaped => Reading::Date(span),
        _ if shaped => Reading::Impossible,
        _ => Reading::NoDate,
    }
}

fn month(name: &str) -> Option<i8> {
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
    let name = name.trim_end_matches(['.', ',']);
    let index = MONTHS.iter().position(|month| name.len() >= 3 && month.starts_with(name))?;
    i8::try_from(index + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        for (text, expected) in [
            ("17 Oct 1990", "1990-10-17"),
            ("8 Sept 1961", "1961-09-08"),
            ("Mar 1968", "1968-03"),
            ("1968", "1968"),
            ("circa 1965", "1965~"),
            ("circa 07 Jul 1966", "1966-07-07~"),
            ("1965 to 1968", "1965/1968"),
            ("between 1965 and 1968", "1965/1968"),
            ("1979-1982", "1979/1982"),
            ("26 Sep 1946 to 07 Dec 1946", "1946-09-26/1946-12-07"),
            ("1990-10-17", "1990-10-17"),
        ] {
            let Reading::Date(span) = read(text) else { panic!("{text}: {:?}", read(text)) };
            assert_eq!(span.to_string(), expected, "{text}");
        }
        for text in ["31 Feb 1970", "1968 to 1965", "1990-02-30"] {
            assert_eq!(read(text), Reading::Impossible, "{text}");
        }
        for text in ["", "unknown", "Feb", "12 34 1970", "1970s", "+968"] {
            assert_eq!(read(text), Reading::NoDate, "{text}");
        }
    }

    #[test]
    fn a_day_is_written_as_in_the_list() {
        assert_eq!(words("2021-06-03".parse().unwrap()), "03 Jun 2021");
        assert_eq!(words("2021-06".parse().unwrap()), "2021-06");
    }
}
