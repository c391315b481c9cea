//! How the United Kingdom's lists write kinds, dates, names and measures.

use crate::import::Report;
use crate::reference::country;
use crate::sanctions::import::field::{Refusal, or_text};
use crate::sanctions::import::uk::numbered::several;
use crate::sanctions::subject::identifier::checked;
use crate::sanctions::subject::model::{
    Check, Identifier, IdentifierKind, Measure, MeasureKind, Name, NameKind, Place, PlaceKind, Strength, Subject,
    SubjectKind,
};
use crate::sanctions::subject::names::script;
use crate::value::Span;

/// Written like no date, or like a day that does not exist.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoDate;

/// What the list says a subject is; a word that is none of its three is kept.
pub fn take_kind(subject: &mut Subject, field: &str, text: &str, report: &mut Report) {
    let kind = match text.to_ascii_lowercase().as_str() {
        "individual" => Ok(Some(SubjectKind::Person)),
        "entity" => Ok(Some(SubjectKind::Organization)),
        "ship" => Ok(Some(SubjectKind::Vessel)),
        "" => Ok(None),
        _ => Err(Refusal::new(field, text, "is none of Individual, Entity and Ship")),
    };
    if let Some(kind) = or_text(kind, subject, report) {
        subject.kind = kind;
    }
}

/// A name of a type that is not known is one beside the others.
pub fn name_kind(subject: &mut Subject, field: &str, text: &str, report: &mut Report) -> NameKind {
    match text.to_ascii_lowercase().replace('_', " ").as_str() {
        "" | "primary" | "primary name" | "prime alias" => NameKind::Primary,
        "alias" | "aka" | "a.k.a" | "a.k.a." => NameKind::Alias,
        "primary name variation" | "primary variation" => NameKind::Variant,
        "fka" | "f.k.a" | "f.k.a." | "former name" => NameKind::Former,
        _ => {
            let reason =
                "is not a valid type of name; expected Primary Name, Primary Name Variation, Alias, AKA or FKA";
            Refusal::new(field, text, reason).keep(subject, report);
            NameKind::Alias
        }
    }
}

pub fn strength(subject: &mut Subject, field: &str, text: &str, report: &mut Report) -> Strength {
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("good") {
        Strength::Strong
    } else if lower.starts_with("low") {
        Strength::Weak
    } else {
        if !text.is_empty() {
            Refusal::new(field, text, "is neither good nor low quality").keep(subject, report);
        }
        Strength::Unknown
    }
}

/// Given names, then the family name, which for all but persons is the whole.
pub fn name(given: &str, last: &str, kind: NameKind, strength: Strength, subject: SubjectKind) -> Option<Name> {
    let full = match (given, last) {
        ("", "") => return None,
        ("", only) | (only, "") => only.to_owned(),
        _ => format!("{given} {last}"),
    };
    let apart = subject == SubjectKind::Person && !given.is_empty() && !last.is_empty();
    Some(Name {
        kind,
        strength,
        script: script(&full).to_owned(),
        language: String::new(),
        family: if apart { last.to_owned() } else { String::new() },
        given: if apart { given.to_owned() } else { String::new() },
        full,
    })
}

/// The parts of a name that stand in columns of their own: given names, then the name in the original script and its
/// language.
pub struct NameParts<'a> {
    pub given: [&'a str; 5],
    pub last: &'a str,
    pub kind: NameKind,
    pub strength: Strength,
    pub original: &'a str,
    pub language: &'a str,
}

/// Adds a name and its spelling in the original script; rows of one subject repeat them.
pub fn add_names(subject: &mut Subject, parts: &NameParts<'_>) {
    let given: Vec<&str> = parts.given.into_iter().filter(|part| !part.is_empty()).collect();
    if let Some(name) = name(&given.join(" "), parts.last, parts.kind, parts.strength, subject.kind) {
        once(&mut subject.names, name);
    }
    if !parts.original.is_empty() {
        let name = Name {
            full: parts.original.to_owned(),
            kind: NameKind::Variant,
            script: script(parts.original).to_owned(),
            language: parts.language.to_owned(),
            ..Name::default()
        };
        once(&mut subject.names, name);
    }
}

/// Adds an address of some lines, the last of which is the country.
pub fn add_address(subject: &mut Subject, lines: &[&str], postal_code: &str, country: &str) {
    let parts: Vec<&str> =
        lines.iter().copied().chain([postal_code, country]).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        return;
    }
    let place = Place {
        kind: PlaceKind::Address,
        text: parts.join(", "),
        country: country::code(country).to_owned(),
        postal_code: postal_code.to_owned(),
        city: String::new(),
    };
    once(&mut subject.places, place);
}

/// Adds the places of birth; where towns and countries are numbered alike, the first town lies in the first country.
pub fn add_birthplaces(subject: &mut Subject, town: &str, born_in: &str) {
    let (towns, countries) = (several(town), several(born_in));
    if towns.len() > 1 && towns.len() == countries.len() {
        towns.iter().zip(&countries).for_each(|(town, country)| add_birthplace(subject, town, country));
    } else {
        add_birthplace(subject, town, born_in);
    }
}

fn add_birthplace(subject: &mut Subject, town: &str, born_in: &str) {
    let parts: Vec<&str> = [town, born_in].into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        return;
    }
    let place = Place {
        kind: PlaceKind::Birth,
        text: parts.join(", "),
        country: country::code(born_in).to_owned(),
        city: town.to_owned(),
        postal_code: String::new(),
    };
    once(&mut subject.places, place);
}

/// Adds nationalities or flags, several in one field.
pub fn add_countries(subject: &mut Subject, kind: PlaceKind, text: &str) {
    for text in several(text) {
        let country = country::code(&text).to_owned();
        once(&mut subject.places, Place { kind, text, country, ..Place::default() });
    }
}

/// Adds a passport or the like; what is said of it mostly begins with its country.
pub fn add_document(subject: &mut Subject, kind: IdentifierKind, value: &str, note: &str) {
    if value.is_empty() {
        return;
    }
    let mut identifier = checked(kind, value);
    note.clone_into(&mut identifier.note);
    country_in(note).clone_into(&mut identifier.country);
    once(&mut subject.identifiers, identifier);
}

/// `Iran passport, expires 2020` names its country at the beginning.
pub fn country_in(note: &str) -> &'static str {
    let first = note.split([',', '.', '(', ';']).next().unwrap_or_default();
    let whole = country::code(first);
    if whole.is_empty() { country::code(first.split_whitespace().next().unwrap_or_default()) } else { whole }
}

/// Adds free text that may repeat, a line each.
pub fn add_remark(subject: &mut Subject, text: &str) -> bool {
    if text.is_empty() || subject.remarks.contains(text) {
        return false;
    }
    if !subject.remarks.is_empty() {
        subject.remarks.push('\n');
    }
    subject.remarks.push_str(text);
    true
}

pub fn add_detail(subject: &mut Subject, label: &str, value: &str) {
    let is_there = subject.details.iter().any(|detail| detail.label == label && detail.value == value);
    if !is_there {
        subject.detail(label, value);
    }
}

/// Values repeat over the rows of a subject.
pub fn once<T: PartialEq>(list: &mut Vec<T>, value: T) {
    if !list.contains(&value) {
        list.push(value);
    }
}

/// The date in a field; one that is malformed is kept as text.
pub fn optional_date(subject: &mut Subject, field: &str, text: &str, report: &mut Report) -> Option<Span> {
    let reason = "is not a valid date; expected 31/12/2020, dd/12/1968 or dd/mm/1968";
    or_text(date(text).map_err(|NoDate| Refusal::new(field, text, reason)), subject, report)
}

/// `31/12/2020`, `dd/mm/1968`, `00/00/1968`, `dd/03/1968`, `1968`, also with `-`. Empty is none.
pub fn date(text: &str) -> Result<Option<Span>, NoDate> {
    if text.is_empty() {
        return Ok(None);
    }
    let parts: Vec<&str> = text.split(['/', '-']).map(str::trim).collect();
    let number = |part: &str| part.parse::<i8>().ok();
    let is_open = |part: &str| part.bytes().all(|byte| byte == b'0' || byte.is_ascii_alphabetic());
    // Fewer digits are what is left of a year in a file that breaks off there.
    let four_digits = |part: &str| {
        let fits = part.len() == 4 && !part.starts_with('0') && part.bytes().all(|byte| byte.is_ascii_digit());
        if fits { part.parse::<i16>().map_err(|_| NoDate) } else { Err(NoDate) }
    };
    let span = match parts[..] {
        [year] => Span::of_year(four_digits(year)?),
        [day, month, year] => {
            let year = four_digits(year)?;
            match (is_open(day), is_open(month)) {
                (_, true) => Span::of_year(year),
                (true, false) => number(month).and_then(|month| Span::of_month(year, month)),
                (false, false) => {
                    number(day).zip(number(month)).and_then(|(day, month)| Span::of_day(year, month, day))
                }
            }
        }
        _ => None,
    };
    span.map(Some).ok_or(NoDate)
}

/// Measures by their words; one that is not known keeps them.
pub fn measures(text: &str) -> Vec<Measure> {
    let mut found = Vec::new();
    for part in split_measures(text) {
        let lower = part.to_ascii_lowercase();
        let kind = match lower.as_str() {
            _ if lower.starts_with("asset freeze") => MeasureKind::AssetFreeze,
            _ if lower.starts_with("travel ban") => MeasureKind::TravelBan,
            _ if lower.starts_with("trust services") => MeasureKind::TrustServices,
            _ if lower.starts_with("director disqualification") => MeasureKind::DirectorDisqualification,
            _ if lower.starts_with("arms") => MeasureKind::Arms,
            _ if ["ship", "port", "vessel"].iter().any(|word| lower.contains(word)) => MeasureKind::VesselBan,
            _ if lower.contains("correspondent") => MeasureKind::CorrespondentAccount,
            _ if ["loan", "securities", "money-market", "capital market"].iter().any(|word| lower.contains(word)) => {
                MeasureKind::Sectoral
            }
            _ => MeasureKind::Other,
        };
        let text = if kind == MeasureKind::AssetFreeze && lower == "asset freeze" { "" } else { part };
        let measure = Measure { kind, text: text.to_owned(), ..Measure::default() };
        if !found.contains(&measure) {
            found.push(measure);
        }
    }
    found
}

/// Divided by `,`, `|` or `;`, but not within quotes or parentheses.
fn split_measures(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut depth) = (0, 0_i32);
    for (place, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth = (depth - 1).max(0),
            ',' | '|' | ';' if depth == 0 => {
                found.push(text[start..place].trim());
                start = place + 1;
            }
            _ => {}
        }
    }
    found.push(text[start..].trim());
    found.retain(|part| !part.is_empty());
    found
}

/// A company's number: Russian ones are known by their length and check digits.
pub fn registration(text: &str) -> Identifier {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    for (lengths, kind) in [(&[13, 15][..], IdentifierKind::Ogrn), (&[10, 12], IdentifierKind::Inn)] {
        let says_so = text.to_ascii_uppercase().contains(match kind {
            IdentifierKind::Inn => "INN",
            _ => "OGRN",
        });
        if lengths.contains(&digits.len()) && says_so {
            let identifier = checked(kind, &digits);
            if identifier.check == Check::Valid {
                return Identifier { note: text.to_owned(), country: "RUS".into(), ..identifier };
            }
        }
    }
    let behind = text.rsplit_once('(').map_or("", |(_, country)| country.trim_end_matches(')'));
    let mut identifier = checked(IdentifierKind::Registration, text);
    country::code(behind).clone_into(&mut identifier.country);
    identifier
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_the_precision_that_is_written() {
        for (text, expected) in [
            ("31/12/2020", "2020-12-31"),
            ("29-06-2012", "2012-06-29"),
            ("dd/mm/1968", "1968"),
            ("00/00/1968", "1968"),
            ("dd/03/1968", "1968-03"),
            ("1968", "1968"),
        ] {
            assert_eq!(date(text).unwrap().unwrap().to_string(), expected, "{text}");
        }
        assert_eq!(date(""), Ok(None));
        for text in ["31/02/2020", "12/13/2020", "yesterday", "1/2", "29/04/20", "29/04/202", "29/04/0000", "196"] {
            assert_eq!(date(text), Err(NoDate), "{text}");
        }
    }

    #[test]
    fn measures_are_told_apart() {
        let kinds = |text: &str| measures(text).into_iter().map(|measure| measure.kind).collect::<Vec<_>>();
        assert_eq!(
            kinds("Asset freeze, Director Disqualification Sanction, Travel Ban, Trust Services Sanctions"),
            [
                MeasureKind::AssetFreeze,
                MeasureKind::DirectorDisqualification,
                MeasureKind::TravelBan,
                MeasureKind::TrustServices
            ]
        );
        assert_eq!(kinds("Shipping sanctions: (see \"Other information\", below)"), [MeasureKind::VesselBan]);
        assert_eq!(kinds("Something new"), [MeasureKind::Other]);
    }
}
