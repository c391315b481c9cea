//! OFAC's labels and what they stand for in our terms.
//!
//! They are those of the reference sets IDRegDocTypeValues and FeatureTypeValues at the head of SDN_ADVANCED.XML and
//! CONS_ADVANCED.XML; `idType` of the classic XML uses the same words.

use crate::sanctions::subject::model::{DateKind, IdentifierKind, PlaceKind};

/// Places; labels in small letters, without what leads over to the value.
pub fn place_kind(label: &str) -> Option<PlaceKind> {
    Some(match label {
        "place of birth" => PlaceKind::Birth,
        "nationality country" => PlaceKind::Nationality,
        "citizenship country" => PlaceKind::Citizenship,
        "nationality of registration" | "registration country" => PlaceKind::Registration,
        "vessel flag" | "other vessel flag" => PlaceKind::Flag,
        "former vessel flag" => PlaceKind::FormerFlag,
        _ => return None,
    })
}

pub fn date_kind(label: &str) -> Option<DateKind> {
    Some(match label {
        "birthdate" => DateKind::Birth,
        "date of death" | "deathdate" => DateKind::Death,
        "organization established date" => DateKind::Incorporation,
        "vessel year of build" | "aircraft manufacture date" => DateKind::Built,
        _ => return None,
    })
}

/// Numbers and addresses that identify; `None` for what is no such thing or not known.
pub fn identifier_kind(label: &str, value: &str) -> Option<IdentifierKind> {
    let letters = value.chars().filter(char::is_ascii_alphanumeric).count();
    let digits = value.chars().filter(char::is_ascii_digit).count();
    Some(match label {
        _ if label.starts_with("digital currency address") => IdentifierKind::CryptoAddress,
        _ if label.contains("passport") => IdentifierKind::Passport,
        _ if label.contains("ogrn") => IdentifierKind::Ogrn,
        _ if label.contains("social credit code") => IdentifierKind::Uscc,
        _ if label.contains("call sign") => IdentifierKind::CallSign,
        "swift/bic" => IdentifierKind::Bic,
        "mmsi" => IdentifierKind::Mmsi,
        "isin" | "equity ticker" | "micex code" => IdentifierKind::Security,
        // `LE Number` is Peru's electoral book, unless it has the length of an identifier of ISO 17442.
        "legal entity number" | "le number" if letters == 20 => IdentifierKind::Lei,
        "legal entity number" => IdentifierKind::Registration,
        "vessel registration identification" | "imo number" if digits == 7 => IdentifierKind::Imo,
        "vessel registration identification" | "imo number" => IdentifierKind::Registration,
        _ if label.contains("aircraft") && AIRCRAFT.iter().any(|word| label.contains(word)) => IdentifierKind::Aircraft,
        "email address" => IdentifierKind::Email,
        "website" => IdentifierKind::Website,
        "phone number" | "fax number" => IdentifierKind::Phone,
        _ if TAX.contains(&label) => IdentifierKind::Tax,
        _ if NATIONAL.contains(&label) => IdentifierKind::NationalId,
        _ if REGISTRATION.contains(&label) => IdentifierKind::Registration,
        _ if OTHER.contains(&label) => IdentifierKind::Other,
        _ => return None,
    })
}

/// Whether a text, in small letters, is exactly the label of a number or address that identifies.
pub fn is_identifier_label(label: &str) -> bool {
    const ALONE: [&str; 16] = [
        "passport",
        "passport no.",
        "stateless person passport",
        "diplomatic passport",
        "british national overseas passport",
        "unified social credit code (uscc)",
        "swift/bic",
        "mmsi",
        "isin",
        "equity ticker",
        "micex code",
        "legal entity number",
        "vessel registration identification",
        "email address",
        "website",
        "phone number",
    ];
    const AIRCRAFT_NUMBERS: [&str; 4] = [
        "aircraft manufacturer's serial number (msn)",
        "aircraft construction number (also called l/n or s/n or f/n)",
        "aircraft tail number",
        "aircraft mode s transponder code",
    ];
    [&ALONE[..], &AIRCRAFT_NUMBERS, &TAX, &NATIONAL, &REGISTRATION, &OTHER].iter().any(|set| set.contains(&label))
}

const AIRCRAFT: [&str; 4] = ["serial", "construction number", "tail number", "transponder"];

const TAX: [&str; 17] = [
    "tax id no.",
    "v.a.t. number",
    "us fein",
    "nit #",
    "ruc #",
    "rif #",
    "r.f.c.",
    "rfc",
    "c.u.i.t.",
    "c.i.f.",
    "n.i.f.",
    "rtn",
    "fiscal code",
    "italian fiscal code",
    "paraguayan tax identification number",
    "romanian tax registration",
    "numero unico de identificacao tributaria (nuit)",
];

const NATIONAL: [&str; 29] = [
    "national id no.",
    "identification number",
    "national foreign id number",
    "personal id card",
    "federal id card",
    "citizen's card number",
    "cedula no.",
    "ssn",
    "d.n.i.",
    "n.i.e.",
    "c.u.r.p.",
    "c.u.r.p",
    "c.u.i.p.",
    "c.u.i.",
    "i.f.e.",
    "credencial electoral",
    "electoral registry no.",
    "numero de identidad",
    "tarjeta de identidad",
    "bosnian personal id no.",
    "kenyan id no.",
    "moroccan personal id no.",
    "turkish identification number",
    "uae identification",
    "cnp (personal numerical code)",
    "tazkira national id card",
    "residency number",
    "stateless person id card",
    "le number",
];

const REGISTRATION: [&str; 29] = [
    "registration id",
    "registration number",
    "public registration number",
    "business registration number",
    "business registration document #",
    "business number",
    "company number",
    "uk company number",
    "enterprise number",
    "commercial registry number",
    "certificate of incorporation number",
    "chamber of commerce number",
    "dubai chamber of commerce membership no.",
    "istanbul chamber of comm. no.",
    "registered charity no.",
    "c.r. no.",
    "romanian c.r.",
    "matricula mercantil no",
    "folio mercantil no.",
    "registration certificate number (dubai)",
    "government gazette number",
    "organization code",
    "central registration system number",
    "economic register number (cbls)",
    "primary state registration number",
    "state registration number",
    "msb registration number",
    "rsin",
    "entity code",
];

/// Numbers that identify, but are of no kind of their own.
const OTHER: [&str; 29] = [
    "d-u-n-s number",
    "bik (ru)",
    "license",
    "driver's license no.",
    "trade license no.",
    "tourism license no.",
    "pilot license number",
    "afghan money service provider license number",
    "birth certificate number",
    "branch unit number",
    "c.i.n.",
    "cartilla de servicio militar nacional",
    "chinese commercial code",
    "file number",
    "global intermediary identification number",
    "immigration no.",
    "public security and immigration no.",
    "military registration number",
    "permit number",
    "refugee id card",
    "romanian permanent resident",
    "seafarer's identification document",
    "serial no.",
    "sre permit no.",
    "sre permit no",
    "tarjeta profesional",
    "trademark number",
    "travel document number",
    "visanumberid",
];
