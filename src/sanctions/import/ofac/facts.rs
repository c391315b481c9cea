//! Where a labelled value of an OFAC entry goes. The id list of the classic XML and the documents and features of the
//! advanced XML share one set of labels (`ofac_labels`), so that a subject comes out alike from either file. A label that
//! is not known is kept with its value, as an identifier when it stands on a document, else as a detail.

use crate::import::Report;
use crate::reference::country;
use crate::sanctions::import::field::Refusal;
use crate::sanctions::import::ofac::dates as ofac_dates;
use crate::sanctions::import::ofac::dates::Reading;
use crate::sanctions::import::ofac::labels::{date_kind, identifier_kind, place_kind};
use crate::sanctions::subject::identifier::checked;
use crate::sanctions::subject::model::{
    Check, DateKind, DatedFact, Identifier, IdentifierKind, Name, NameKind, Place, PlaceKind, Relation, RelationKind,
    Subject, SubjectKind,
};
use crate::sanctions::subject::names::script;
use crate::value::Span;

/// What a label stands on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Source {
    /// A passport, a registration: its value is a number whatever the label.
    Document,
    Feature,
    /// The classic XML does not tell them apart.
    #[default]
    Either,
}

/// One labelled value of an entry.
#[derive(Default, Debug)]
pub struct Fact<'a> {
    pub source: Source,
    pub label: &'a str,
    pub value: &'a str,
    /// As the list writes it.
    pub country: &'a str,
    /// The value, where it is a date.
    pub date: Option<Span>,
    pub issued_on: Option<Span>,
    pub expires_on: Option<Span>,
    pub note: String,
}

/// Gives a fact its place in the subject. Its value, date or country must not be empty.
pub fn take(subject: &mut Subject, fact: Fact<'_>, report: &mut Report) {
    let label = plain(fact.label);
    let lower = label.to_ascii_lowercase();
    let shown = if fact.value.is_empty() { fact.country } else { fact.value };

    let structured = place_kind(&lower).is_some() || date_kind(&lower).is_some() || lower == "vessel owner";
    if structured && !fact.note.is_empty() {
        subject.detail(label, &with_note(shown, &fact.note));
    }
    if let Some(kind) = place_kind(&lower) {
        subject.places.push(place(kind, shown));
        return;
    }
    if let Some(kind) = date_kind(&lower) {
        return date(subject, kind, label, &fact, report);
    }
    if lower == "vessel owner" {
        let (name, text) = (shown.to_owned(), label.to_owned());
        subject.relations.push(Relation { kind: RelationKind::OwnedBy, name, text, ..Relation::default() });
        return;
    }
    let (value, country) = split_country(fact.value, fact.country);
    let known = identifier_kind(&lower, value);
    let numbered = match fact.source {
        Source::Document => true,
        Source::Feature => false,
        Source::Either => !country.is_empty() || ["no.", "number", "#", " id"].iter().any(|end| lower.ends_with(end)),
    };
    if value.is_empty() || (known.is_none() && !numbered) {
        let text = fact.date.map_or_else(|| shown.to_owned(), ofac_dates::words);
        subject.detail(&detail_label(label), &with_note(&text, &fact.note));
        return;
    }
    let kind = known.unwrap_or(IdentifierKind::Other);
    let value = if kind == IdentifierKind::Imo { value.strip_prefix("IMO ").unwrap_or(value).trim() } else { value };
    let mut identifier = russian(subject, kind, value, country);
    identifier.label = identifier_label(identifier.kind, subject.kind, label);
    identifier.country = country::code(country).to_owned();
    identifier.issued_on = fact.issued_on;
    identifier.expires_on = fact.expires_on;
    let unknown_country = if identifier.country.is_empty() { country } else { "" };
    identifier.note = with_note(unknown_country, &fact.note);
    subject.identifiers.push(identifier);
}

/// Without the colon or dash that leads over to the value.
pub fn plain(label: &str) -> &str {
    label.trim().trim_end_matches([':', '-']).trim_end()
}

fn detail_label(label: &str) -> String {
    // The advanced XML shouts this one.
    if label == "VESSEL TYPE" { "Vessel Type".to_owned() } else { label.to_owned() }
}

fn with_note(text: &str, note: &str) -> String {
    match (text.is_empty(), note.is_empty()) {
        (_, true) => text.to_owned(),
        (true, _) => note.to_owned(),
        _ => format!("{text}; {note}"),
    }
}

fn date(subject: &mut Subject, kind: DateKind, label: &str, fact: &Fact<'_>, report: &mut Report) {
    let reading = fact.date.map_or_else(|| ofac_dates::read(fact.value), Reading::Date);
    match reading {
        Reading::Date(date) => subject.dates.push(DatedFact { kind, date }),
        Reading::Impossible => {
            let reason = "is not a valid day that exists; expected 17 Oct 1990, 1990 or 1990 to 1992";
            Refusal::new(label, fact.value, reason).keep(subject, report);
        }
        Reading::NoDate => {
            Refusal::new(label, fact.value, "is not a valid date; expected 17 Oct 1990, 1990 or 1990 to 1992")
                .keep(subject, report);
        }
    }
}

/// `PONOMARYOV, Vyacheslav` of a person; what organizations have commas for is a part of their names.
pub fn name(kind: SubjectKind, text: &str, name_kind: NameKind) -> Name {
    let apart = text.split_once(", ").filter(|_| kind == SubjectKind::Person);
    let (full, family, given) = match apart {
        Some((family, given)) => (format!("{given} {family}"), family.to_owned(), given.to_owned()),
        None => (text.to_owned(), String::new(), String::new()),
    };
    let script = script(&full).to_owned();
    Name { full, kind: name_kind, script, family, given, ..Name::default() }
}

/// A country, or a place whose last part is its country.
pub fn place(kind: PlaceKind, text: &str) -> Place {
    let last = text.rsplit(',').next().unwrap_or_default().trim();
    let whole = country::code(text);
    let country = if whole.is_empty() { country::code(last) } else { whole };
    let country = if country.is_empty() && kind == PlaceKind::Birth { last_words(last) } else { country };
    Place { kind, text: text.to_owned(), country: country.to_owned(), ..Place::default() }
}

/// The country at the end of `Khartoum Sudan`; not of `New Mexico`, nor where the word names a state of the United States
/// as well.
fn last_words(text: &str) -> &'static str {
    let words: Vec<&str> = text.split_whitespace().collect();
    let found = (1..words.len()).find_map(|start| {
        let code = country::code(&words[start..].join(" "));
        (!code.is_empty()).then_some((start, code))
    });
    match found {
        Some((start, code)) if words[start - 1] != "New" && words[start..] != ["Georgia"] => code,
        _ => "",
    }
}

/// The parts of an address as the list has them.
#[derive(Default)]
pub struct Address<'a> {
    pub lines: [&'a str; 3],
    pub city: &'a str,
    pub state: &'a str,
    pub postal_code: &'a str,
    pub region: &'a str,
    pub country: &'a str,
}

impl Address<'_> {
    /// `None` when it says nothing.
    pub fn place(&self) -> Option<Place> {
        let [first, second, third] = self.lines;
        let parts = [first, second, third, self.city, self.state, self.postal_code, self.region, self.country];
        let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        (!said.is_empty()).then(|| Place {
            kind: PlaceKind::Address,
            text: said.join(", "),
            country: country::code(self.country).to_owned(),
            city: self.city.to_owned(),
            postal_code: self.postal_code.to_owned(),
        })
    }
}

/// Older entries write the country behind the number: `1026303117642 (Russia)`.
fn split_country<'a>(value: &'a str, country: &'a str) -> (&'a str, &'a str) {
    let behind = value.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    match behind {
        Some((number, name)) if country.is_empty() && !country::code(name.trim()).is_empty() => {
            (number.trim_end(), name.trim())
        }
        _ => (value, country),
    }
}

/// Russian tax and registration numbers, which OFAC does not tell from others, by their length. Where the country is not
/// given, a Russian address and the check digits decide.
fn russian(subject: &Subject, kind: IdentifierKind, value: &str, country: &str) -> Identifier {
    let digits = if value.bytes().all(|b| b.is_ascii_digit()) { value.len() } else { 0 };
    let candidate = match (kind, digits) {
        (IdentifierKind::Tax, 10 | 12) => IdentifierKind::Inn,
        (IdentifierKind::Registration, 13 | 15) => IdentifierKind::Ogrn,
        _ => return checked(kind, value),
    };
    if country.is_empty() {
        let at_home = subject.places.iter().any(|place| place.kind == PlaceKind::Address && place.country == "RUS");
        let guess = checked(candidate, value);
        return if at_home && guess.check == Check::Valid { guess } else { checked(kind, value) };
    }
    let said = country.eq_ignore_ascii_case("Russia") || country::code(country) == "RUS";
    checked(if said { candidate } else { kind }, value)
}

fn identifier_label(kind: IdentifierKind, subject: SubjectKind, label: &str) -> String {
    match kind {
        IdentifierKind::CryptoAddress => label.rsplit(['-', ' ']).next().unwrap_or_default().to_owned(),
        IdentifierKind::Imo if subject != SubjectKind::Vessel => "company".to_owned(),
        _ => label.to_owned(),
    }
}

/// Gives back what the vectors hold in reserve: twenty thousand subjects stay in memory together.
pub fn shrink(subject: &mut Subject) {
    subject.names.shrink_to_fit();
    subject.identifiers.shrink_to_fit();
    subject.dates.shrink_to_fit();
    subject.places.shrink_to_fit();
    subject.programmes.shrink_to_fit();
    subject.measures.shrink_to_fit();
    subject.relations.shrink_to_fit();
    subject.details.shrink_to_fit();
    subject.remarks.shrink_to_fit();
}
