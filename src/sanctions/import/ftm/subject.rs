//! A subject from an entity: its names, identifiers, dates and places.

use super::super::joined::add_name;
use super::super::malformed::Malformed;
use super::entity::{Entity, country_code};
use super::facts::{keep_rest, programmes, wallet};
use super::links;
use crate::import::Report;
use crate::reference::country;
use crate::sanctions::subject::identifier::checked;
use crate::sanctions::subject::model::{
    DateKind, DatedFact, Identifier, IdentifierKind, Name, NameKind, Place, PlaceKind, Strength, Subject, SubjectKind,
};

pub fn subject(entity: &Entity, kind: SubjectKind, report: &mut Report) -> Subject {
    let mut malformed = Malformed::default();
    let mut subject = Subject { uid: entity.id.clone(), kind, ..Subject::default() };
    let mut taken = vec!["addressEntity", "modifiedAt", "program", "programId", "publicKey"];
    taken.extend(links::PROPERTIES.map(|(property, _)| property));
    names(entity, &mut subject, &mut taken);
    identifiers(entity, &mut subject, &mut taken);
    for (property, kind) in [
        ("birthDate", DateKind::Birth),
        ("deathDate", DateKind::Death),
        ("incorporationDate", DateKind::Incorporation),
        ("buildDate", DateKind::Built),
    ] {
        taken.push(property);
        subject.dates.extend(entity.dates(property, &mut malformed).into_iter().map(|date| DatedFact { kind, date }));
    }
    places(entity, &mut subject, &mut taken);
    subject.programmes = programmes(entity);
    subject.amended_on = entity.dates("modifiedAt", &mut malformed).into_iter().max();
    let texts = ["notes", "description", "summary"];
    taken.extend(texts);
    let remarks: Vec<&str> = texts.iter().flat_map(|property| entity.texts(property)).collect();
    subject.remarks = remarks.join("\n");
    keep_rest(entity, &taken, &mut subject.details);
    datasets(entity, &mut subject);
    malformed.keep(&mut subject, report);
    subject
}

fn names(entity: &Entity, subject: &mut Subject, taken: &mut Vec<&'static str>) {
    let caption =
        entity.caption.as_deref().map(str::trim).filter(|caption| !caption.is_empty() && *caption != entity.id);
    // What stands for a name where there is none, as in FollowTheMoney's own captions.
    let primary = caption.or_else(|| {
        let properties = ["name", "alias", "previousName", "weakAlias", "publicKey", "registrationNumber", "imoNumber"];
        properties.iter().find_map(|property| entity.in_file_order(property).next())
    });
    let mut primary = Name { full: primary.unwrap_or_default().to_owned(), kind: NameKind::Primary, ..Name::default() };
    if let ([family], [given]) = (&entity.texts("lastName")[..], &entity.texts("firstName")[..]) {
        let lower = primary.full.to_lowercase();
        if lower.contains(&family.to_lowercase()) && lower.contains(&given.to_lowercase()) {
            (primary.family, primary.given) = ((*family).to_owned(), (*given).to_owned());
            taken.extend(["lastName", "firstName"]);
        }
    }
    // The caption may be a weak alias: then that is what it is worth.
    let stands_in = |property: &str| entity.in_file_order(property).any(|full| full == primary.full);
    if stands_in("weakAlias") && !["name", "alias", "previousName"].into_iter().any(stands_in) {
        primary.strength = Strength::Weak;
    }
    add_name(&mut subject.names, primary);
    for (property, kind, strength) in [
        ("name", NameKind::Variant, Strength::Unknown),
        ("alias", NameKind::Alias, Strength::Unknown),
        ("abbreviation", NameKind::Alias, Strength::Unknown),
        ("weakAlias", NameKind::Alias, Strength::Weak),
        ("previousName", NameKind::Former, Strength::Unknown),
    ] {
        taken.push(property);
        for full in entity.texts(property) {
            add_name(&mut subject.names, Name { full: full.to_owned(), kind, strength, ..Name::default() });
        }
    }
}

/// Properties that are numbers or addresses. Where the kind does not say it all, the property is the label.
const IDENTIFIERS: [(&str, IdentifierKind); 43] = [
    ("bikCode", IdentifierKind::Other),
    ("bvdId", IdentifierKind::Other),
    ("cageCode", IdentifierKind::Other),
    ("callSign", IdentifierKind::CallSign),
    ("cikCode", IdentifierKind::Other),
    ("coatoCode", IdentifierKind::Other),
    ("crsNumber", IdentifierKind::Other),
    ("dunsCode", IdentifierKind::Other),
    ("email", IdentifierKind::Email),
    ("giiNumber", IdentifierKind::Other),
    ("icijId", IdentifierKind::Other),
    ("idNumber", IdentifierKind::NationalId),
    ("imoNumber", IdentifierKind::Imo),
    ("innCode", IdentifierKind::Inn),
    ("irsCode", IdentifierKind::Tax),
    ("isin", IdentifierKind::Security),
    ("isinCode", IdentifierKind::Security),
    ("jibCode", IdentifierKind::Other),
    ("kppCode", IdentifierKind::Other),
    ("leiCode", IdentifierKind::Lei),
    ("licenseNumber", IdentifierKind::Other),
    ("mbsCode", IdentifierKind::Other),
    ("mmsi", IdentifierKind::Mmsi),
    ("npiCode", IdentifierKind::Other),
    ("ogrnCode", IdentifierKind::Ogrn),
    ("okpoCode", IdentifierKind::Other),
    ("passportNumber", IdentifierKind::Passport),
    ("permId", IdentifierKind::Other),
    ("pfrNumber", IdentifierKind::Other),
    ("phone", IdentifierKind::Phone),
    ("registrationNumber", IdentifierKind::Registration),
    ("ricCode", IdentifierKind::Security),
    ("serialNumber", IdentifierKind::Aircraft),
    ("socialSecurityNumber", IdentifierKind::NationalId),
    ("swiftBic", IdentifierKind::Bic),
    ("taxNumber", IdentifierKind::Tax),
    ("ticker", IdentifierKind::Security),
    ("uniqueEntityId", IdentifierKind::Other),
    ("uscCode", IdentifierKind::Uscc),
    ("vatCode", IdentifierKind::Tax),
    ("voenCode", IdentifierKind::Tax),
    ("website", IdentifierKind::Website),
    ("wikidataId", IdentifierKind::Other),
];

fn identifiers(entity: &Entity, subject: &mut Subject, taken: &mut Vec<&'static str>) {
    for (property, kind) in IDENTIFIERS {
        taken.push(property);
        let kind = match (property, subject.kind) {
            ("registrationNumber", SubjectKind::Aircraft) => IdentifierKind::Aircraft,
            _ => kind,
        };
        let label = match (kind, subject.kind) {
            (IdentifierKind::Imo, SubjectKind::Vessel) => "",
            (IdentifierKind::Imo, _) => "company",
            (IdentifierKind::Other | IdentifierKind::Tax | IdentifierKind::Security | IdentifierKind::Aircraft, _) => {
                property
            }
            (IdentifierKind::NationalId, _) if property != "idNumber" => property,
            _ => "",
        };
        for value in entity.texts(property) {
            subject.identifiers.push(Identifier { label: label.to_owned(), ..checked(kind, value) });
        }
    }
    subject.identifiers.extend(wallet(entity));
    if entity.schema == "CryptoWallet" {
        taken.extend(["currency", "currencySymbol"]);
    }
    // OpenSanctions names OFAC's entries by their numbers; a merged entity keeps those names.
    let mut names: Vec<&str> = entity.referents.iter().map(String::as_str).chain([entity.id.as_str()]).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let number = name.strip_prefix("ofac-").unwrap_or_default();
        if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) {
            subject.identifiers.push(checked(IdentifierKind::OfacUid, number));
        }
    }
}

fn places(entity: &Entity, subject: &mut Subject, taken: &mut Vec<&'static str>) {
    taken.push("address");
    for text in entity.texts("address") {
        let last = text.rsplit(',').next().unwrap_or_default();
        let country = country::code(last).to_owned();
        subject.places.push(Place { kind: PlaceKind::Address, text: text.to_owned(), country, ..Place::default() });
    }
    for (property, kind) in [
        ("nationality", PlaceKind::Nationality),
        ("citizenship", PlaceKind::Citizenship),
        ("flag", PlaceKind::Flag),
        ("pastFlags", PlaceKind::FormerFlag),
        ("jurisdiction", PlaceKind::Registration),
    ] {
        taken.push(property);
        subject.places.extend(entity.texts(property).into_iter().map(|text| country_place(kind, text)));
    }
    births(entity, subject, taken);
}

pub fn country_place(kind: PlaceKind, text: &str) -> Place {
    Place { kind, text: text.to_owned(), country: country_code(text).to_owned(), ..Place::default() }
}

/// Place and country of birth stand in two properties; they belong together where there is one of each.
fn births(entity: &Entity, subject: &mut Subject, taken: &mut Vec<&'static str>) {
    taken.extend(["birthPlace", "birthCountry"]);
    let (places, countries) = (entity.texts("birthPlace"), entity.texts("birthCountry"));
    for text in &places {
        let last = text.rsplit(',').next().unwrap_or_default();
        let code = match (country::code(last), &countries[..]) {
            ("", [country]) if places.len() == 1 => country_code(country),
            (code, _) => code,
        };
        let (kind, country) = (PlaceKind::Birth, code.to_owned());
        subject.places.push(Place { kind, text: (*text).to_owned(), country, ..Place::default() });
    }
    for country in countries {
        let place = country_place(PlaceKind::Birth, country);
        let said = subject.places.iter().any(|known| known.kind == PlaceKind::Birth && known.country == place.country);
        if !said || place.country.is_empty() {
            subject.places.push(place);
        }
    }
}

fn datasets(entity: &Entity, subject: &mut Subject) {
    let mut datasets: Vec<&str> = entity.datasets.iter().map(String::as_str).collect();
    datasets.sort_unstable();
    datasets.dedup();
    if let [dataset] = datasets[..] {
        subject.source_list = dataset.to_owned();
    } else {
        for dataset in datasets {
            subject.detail("dataset", dataset);
        }
    }
    let mut referents: Vec<&str> = entity.referents.iter().map(String::as_str).filter(|id| *id != entity.id).collect();
    referents.sort_unstable();
    referents.dedup();
    subject.detail("referents", &referents.join(" "));
}

/// Schema Address: a place for each way that it is written.
pub fn address(entity: &Entity) -> Vec<Place> {
    let [city, postal_code] = ["city", "postalCode"].map(|property| entity.words(&[property]));
    let countries = entity.texts("country");
    let code = countries.iter().map(|country| country_code(country)).find(|code| !code.is_empty());
    let mut texts: Vec<String> = entity.texts("full").into_iter().map(str::to_owned).collect();
    if texts.is_empty() {
        let parts =
            ["remarks", "postOfficeBox", "street", "street2", "city", "postalCode", "region", "state", "country"];
        let parts: Vec<String> =
            parts.iter().map(|part| entity.words(&[part])).filter(|part| !part.is_empty()).collect();
        texts.push(parts.join(", "));
    }
    if texts == [""] {
        texts = vec![entity.caption.clone().unwrap_or_default()];
    }
    texts.retain(|text| !text.trim().is_empty());
    let place = |text| Place {
        kind: PlaceKind::Address,
        text,
        country: code.unwrap_or_default().to_owned(),
        city: city.clone(),
        postal_code: postal_code.clone(),
    };
    texts.into_iter().map(place).collect()
}
