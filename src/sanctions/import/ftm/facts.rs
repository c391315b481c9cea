//! What sanctions, documents and wallets say of the entity that they belong to: parts of a subject.

use super::super::malformed::Malformed;
use super::authority::short;
use super::entity::{Entity, country_code};
use crate::sanctions::subject::identifier::checked;
use crate::sanctions::subject::model::{Detail, Identifier, IdentifierKind, Measure, MeasureKind, Programme, Subject};
use crate::sanctions::subject::programme;
use crate::value::Span;

/// Properties that say nothing of the subject: when somebody looked, what was found in a document, links between
/// records of the publisher.
const SILENT: [&str; 5] = ["alephUrl", "indexText", "namesMentioned", "proof", "retrievedAt"];

/// A part of a subject, from an entity of its own.
#[derive(Clone, PartialEq, Debug)]
pub struct Part {
    pub subject: Subject,
    pub is_sanction: bool,
    /// Day on which a sanction ends.
    pub until: Option<Span>,
    /// Who imposes a sanction, each once.
    pub authorities: Vec<String>,
    pub malformed: Malformed,
}

/// Keeps what no field takes, by the name of its property.
pub fn keep_rest(entity: &Entity, taken: &[&str], details: &mut Vec<Detail>) {
    for property in entity.properties.keys() {
        if taken.contains(&property.as_str()) || SILENT.contains(&property.as_str()) {
            continue;
        }
        let values = entity.texts(property).into_iter();
        details.extend(values.map(|value| Detail { label: property.clone(), value: value.to_owned() }));
    }
}

pub fn programmes(entity: &Entity) -> Vec<Programme> {
    let codes = entity.texts("programId").into_iter().chain(entity.texts("program"));
    codes.map(|code| Programme { code: code.to_owned(), ..Programme::default() }).collect()
}

/// Schema Sanction.
pub fn sanction(entity: &Entity) -> Part {
    let mut malformed = Malformed::default();
    let mut subject = Subject { programmes: programmes(entity), ..Subject::default() };
    let (listed, from) = (entity.dates("listingDate", &mut malformed), entity.dates("startDate", &mut malformed));
    let until = entity.dates("endDate", &mut malformed).into_iter().max();
    let from = from.into_iter().min();
    subject.listed_on = listed.into_iter().min().or(from);
    subject.amended_on = entity.dates("modifiedAt", &mut malformed).into_iter().max();

    let mut authorities: Vec<String> = entity.texts("authority").into_iter().map(|t| short(t).to_owned()).collect();
    authorities.sort_unstable();
    authorities.dedup();

    for text in entity.texts("provisions").into_iter().filter(|text| !programme::is_name(text)) {
        for kind in measure_kinds(text) {
            subject.measures.push(Measure { kind, text: text.to_owned(), from, until, ..Measure::default() });
        }
    }
    if subject.measures.is_empty() {
        let implied = implied(entity, &authorities, &subject.programmes);
        let (kind, implied_by) = implied.unwrap_or_default();
        subject.measures.push(Measure { kind, from, until, implied_by, ..Measure::default() });
    }
    for number in entity.texts("unscId") {
        subject.identifiers.push(checked(IdentifierKind::UnReference, number));
    }
    for number in entity.texts("authorityId") {
        let kind = if number.starts_with("EU.") { IdentifierKind::EuReference } else { IdentifierKind::Other };
        let label = entity.words(&["authority"]);
        subject.identifiers.push(Identifier { label, ..checked(kind, number) });
    }
    for country in entity.texts("country") {
        subject.detail("authority country", country);
    }
    const TAKEN: [&str; 11] = [
        "authorityId",
        "country",
        "endDate",
        "entity",
        "listingDate",
        "modifiedAt",
        "program",
        "programId",
        "provisions",
        "startDate",
        "unscId",
    ];
    keep_rest(entity, &TAKEN, &mut subject.details);
    Part { subject, is_sanction: true, until, authorities, malformed }
}

/// What the list or the programmes of a sanction imply, where it names no measure and one authority, and why.
fn implied(entity: &Entity, authorities: &[String], programmes: &[Programme]) -> Option<(MeasureKind, String)> {
    let [authority] = authorities else { return None };
    let by_list = match &entity.datasets[..] {
        [list] => programme::implied_by_list(authority, list).map(|implied| (list, implied)),
        _ => None,
    };
    let by_programme = || {
        let all = programmes.iter().map(|programme| &programme.code);
        all.filter_map(|code| programme::implied(authority, code).map(|implied| (code, implied))).next()
    };
    let (name, implied) = by_list.or_else(by_programme)?;
    Some((implied.kind, format!("{name}: {}", implied.because)))
}

/// What a text of provisions forbids; a text may name several.
fn measure_kinds(text: &str) -> Vec<MeasureKind> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| lower.contains(phrase));
    let has = |wanted: &[&str]| wanted.iter().any(|word| words.contains(word));
    let found = [
        (MeasureKind::AssetFreeze, says(&["freez", "frozen"]) || has(&["block", "blocked", "blocking"])),
        (MeasureKind::TravelBan, says(&["travel", "visa", "entry ban", "ban on entry", "entry restriction"])),
        (MeasureKind::Arms, has(&["arms"])),
        (MeasureKind::ExportRestriction, has(&["export", "exports"])),
        (MeasureKind::CorrespondentAccount, says(&["correspondent account", "payable-through"])),
        (MeasureKind::Sectoral, has(&["sectoral", "debt", "equity"])),
        (MeasureKind::Investment, has(&["investment", "investments", "securities"])),
        (MeasureKind::VesselBan, has(&["vessel", "vessels", "ship", "ships", "port", "ports"])),
        (MeasureKind::TrustServices, says(&["trust service"])),
        (MeasureKind::DirectorDisqualification, says(&["director disqualification"])),
    ];
    let kinds: Vec<MeasureKind> = found.into_iter().filter(|(_, found)| *found).map(|(kind, _)| kind).collect();
    if kinds.is_empty() { vec![MeasureKind::Other] } else { kinds }
}

/// Schemata Identification and Passport.
pub fn document(entity: &Entity) -> Part {
    let mut malformed = Malformed::default();
    let mut subject = Subject::default();
    let label = entity.words(&["type"]);
    let kind = if entity.schema == "Passport" { IdentifierKind::Passport } else { document_kind(&label) };
    let issued_on = entity.dates("startDate", &mut malformed).into_iter().min();
    let expires_on = entity.dates("endDate", &mut malformed).into_iter().max();
    let country = entity.texts("country").into_iter().map(country_code).find(|code| !code.is_empty());
    let note = entity.words(&["authority", "summary", "description"]);
    let mut numbers = entity.texts("number");
    numbers.extend(entity.texts("passportNumber"));
    numbers.sort_unstable();
    numbers.dedup();
    for number in numbers {
        subject.identifiers.push(Identifier {
            country: country.unwrap_or_default().to_owned(),
            label: label.clone(),
            issued_on,
            expires_on,
            note: note.clone(),
            ..checked(kind, number)
        });
    }
    for number in entity.texts("personalNumber") {
        let country = country.unwrap_or_default().to_owned();
        subject.identifiers.push(Identifier { country, ..checked(IdentifierKind::NationalId, number) });
    }
    const TAKEN: [&str; 11] = [
        "authority",
        "country",
        "description",
        "endDate",
        "holder",
        "number",
        "passportNumber",
        "personalNumber",
        "startDate",
        "summary",
        "type",
    ];
    keep_rest(entity, &TAKEN, &mut subject.details);
    Part { subject, is_sanction: false, until: None, authorities: Vec::new(), malformed }
}

fn document_kind(label: &str) -> IdentifierKind {
    let lower = label.to_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| lower.contains(phrase));
    match () {
        () if says(&["passport"]) => IdentifierKind::Passport,
        () if says(&["tax"]) => IdentifierKind::Tax,
        () if says(&["national", "identity", "id card"]) => IdentifierKind::NationalId,
        () if says(&["registration"]) => IdentifierKind::Registration,
        () => IdentifierKind::Other,
    }
}

/// Addresses of a CryptoWallet, for the wallet and for its holder.
pub fn wallet(entity: &Entity) -> Vec<Identifier> {
    let currency = entity.words(&["currency", "currencySymbol"]);
    let keys = entity.texts("publicKey").into_iter();
    keys.map(|key| Identifier { label: currency.clone(), ..checked(IdentifierKind::CryptoAddress, key) }).collect()
}
