//! Parts of an EU entity: names, addresses, citizenships. Births and identifications stand in `eu_facts`.
//!
//! The XML has a mark `strong` on each name, the CSV has none. Nearly all names are strong, so that the mark alone does
//! not make a name [`Strength::Strong`]: `strong="false"` or a remark such as `low quality a.k.a.` make it weak, the
//! remark `good quality a.k.a.` makes it strong.

use crate::import::Report;
use crate::reference::country;
use crate::sanctions::subject::identifier::checked;
use crate::sanctions::subject::model::{IdentifierKind, Name, NameKind, Place, PlaceKind, Strength, Subject};
use crate::sanctions::subject::names::script;

use crate::sanctions::import::eu::part::{Field, Part};
use crate::sanctions::import::field::{Refusal, joined, or_text, spaced};

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NameAlias {
    id: String,
    published: String,
    whole: String,
    first: String,
    middle: String,
    last: String,
    language: String,
    gender: String,
    title: String,
    function: String,
    strong: String,
    remark: String,
}

impl Part for NameAlias {
    fn read(field: Field<'_>) -> Self {
        Self {
            id: field("logicalId"),
            published: field("publicationDate"),
            whole: field("wholeName"),
            first: field("firstName"),
            middle: field("middleName"),
            last: field("lastName"),
            language: field("nameLanguage"),
            gender: field("gender"),
            title: field("title"),
            function: field("function"),
            strong: field("strong"),
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

impl NameAlias {
    /// `None` when there is no name in it.
    pub fn name(&self, subject: &mut Subject, report: &mut Report) -> Option<Name> {
        let parts = spaced(&[self.first.as_str(), &self.middle, &self.last].join(" "));
        let full = if self.whole.is_empty() { parts } else { self.whole.clone() };
        if !full.chars().any(char::is_alphanumeric) {
            report.skip("an alias without a name");
            return None;
        }
        let remark = self.remark.to_lowercase();
        let is_weak = or_text(flag("strong", &self.strong), subject, report) == Some(false);
        // The list itself misspells both.
        let strength = if is_weak || remark.contains("low quality") || remark.contains("lo quality") {
            Strength::Weak
        } else if ["ood quality", "god quality", "high quality"].iter().any(|words| remark.contains(words)) {
            Strength::Strong
        } else {
            Strength::Unknown
        };
        let was_so = remark.contains("formerly") || remark.contains("f.k.a") || remark.contains("former name");
        Some(Name {
            kind: if was_so { NameKind::Former } else { NameKind::Alias },
            strength,
            script: script(&full).to_owned(),
            language: self.language.to_lowercase(),
            family: self.last.clone(),
            given: spaced(&[self.first.as_str(), &self.middle].join(" ")),
            full,
        })
    }

    pub fn take_details(&self, full: &str, subject: &mut Subject) {
        for (label, value) in [("title", &self.title), ("function", &self.function), ("gender", &self.gender)] {
            if !subject.details.iter().any(|detail| detail.label == label && detail.value == *value) {
                subject.detail(label, value);
            }
        }
        detail_about("name remark", full, &self.remark, subject);
    }
}

/// Where something is: the fields that addresses, births, identifications and citizenships share.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Where {
    street: String,
    po_box: String,
    place: String,
    city: String,
    pub region: String,
    zip_code: String,
    iso2: String,
    country: String,
}

impl Where {
    pub fn read(field: Field<'_>) -> Self {
        Self {
            street: field("street"),
            po_box: field("poBox"),
            place: field("place"),
            city: field("city"),
            region: field("region"),
            zip_code: field("zipCode"),
            iso2: field("countryIso2Code"),
            country: field("countryDescription"),
        }
    }

    /// `00` and `UNKNOWN` stand for no country.
    fn country_name(&self) -> &str {
        if self.country == "UNKNOWN" { "" } else { &self.country }
    }

    pub fn country_code(&self) -> &'static str {
        let code = country::code(self.country_name());
        if code.is_empty() && self.iso2 != "00" { country::code(&self.iso2) } else { code }
    }

    pub fn text(&self) -> String {
        let po_box = if self.po_box.is_empty() { String::new() } else { format!("PO box {}", self.po_box) };
        let named = if self.country.is_empty() { &self.iso2 } else { self.country_name() };
        let country = if named == "00" { "" } else { named };
        joined(&[&self.street, &po_box, &self.place, &self.city, &self.zip_code, &self.region, country])
    }

    /// Gives the text of the place that was added; empty when there is none.
    pub fn take(&self, kind: PlaceKind, subject: &mut Subject) -> String {
        let text = self.text();
        let (country, city) = (self.country_code().to_owned(), self.city.clone());
        let place = Place { kind, text: text.clone(), country, city, postal_code: self.zip_code.clone() };
        if !text.is_empty() && !subject.places.contains(&place) {
            subject.places.push(place);
        }
        text
    }
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Address {
    id: String,
    published: String,
    place: Where,
    as_at_listing_time: String,
    contact_info: String,
    remark: String,
}

impl Part for Address {
    fn read(field: Field<'_>) -> Self {
        Self {
            id: field("logicalId"),
            published: field("publicationDate"),
            place: Where::read(field),
            as_at_listing_time: field("asAtListingTime"),
            contact_info: field("contactInfo"),
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

impl Address {
    pub fn take(&self, subject: &mut Subject, report: &mut Report) {
        let text = self.place.take(PlaceKind::Address, subject);
        if or_text(flag("asAtListingTime", &self.as_at_listing_time), subject, report) == Some(true) {
            subject.detail("address at the time of listing", &text);
        }
        detail_about("address remark", &text, &self.remark, subject);
        for line in self.contact_info.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let Some((kind, label, value)) = contact(line) else {
                report.skip("contact information of no kind that is known, kept as a detail");
                subject.detail("contact information", line);
                continue;
            };
            let mut identifier = checked(kind, value);
            label.clone_into(&mut identifier.label);
            if !subject.identifiers.contains(&identifier) {
                subject.identifiers.push(identifier);
            }
        }
    }
}

/// `EMAIL: info@example.com`, as both layouts are brought to.
fn contact(line: &str) -> Option<(IdentifierKind, &'static str, &str)> {
    const KEYS: [(&str, IdentifierKind, &str); 4] = [
        ("PHONE", IdentifierKind::Phone, ""),
        ("FAX", IdentifierKind::Phone, "fax"),
        ("EMAIL", IdentifierKind::Email, ""),
        ("WEB", IdentifierKind::Website, ""),
    ];
    let (kind, label, rest) =
        KEYS.iter().find_map(|(key, kind, label)| Some((*kind, *label, line.strip_prefix(key)?)))?;
    // Behind the word something must divide it from the value: `WEBER` is not a web site.
    let value = rest.trim_start_matches([':', '=', '[', '(', ' ']);
    let value_ends = if rest.starts_with('[') { value.trim_end_matches(']') } else { value };
    (value.len() < rest.len() && !value_ends.is_empty()).then(|| (kind, label, value_ends.trim()))
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Citizenship {
    id: String,
    published: String,
    place: Where,
    remark: String,
}

impl Part for Citizenship {
    fn read(field: Field<'_>) -> Self {
        let (id, published) = (field("logicalId"), field("publicationDate"));
        Self { id, published, place: Where::read(field), remark: field("remark") }
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn published(&self) -> &str {
        &self.published
    }
}

impl Citizenship {
    pub fn take(&self, subject: &mut Subject) {
        let text = self.place.take(PlaceKind::Citizenship, subject);
        detail_about("citizenship remark", &text, &self.remark, subject);
    }
}

/// A detail that says what it is about.
pub fn detail_about(label: &str, about: &str, remark: &str, subject: &mut Subject) {
    if about.is_empty() || remark.is_empty() {
        subject.detail(label, remark);
    } else {
        subject.detail(label, &format!("{about}: {remark}"));
    }
}

pub fn flag(field: &str, text: &str) -> Result<Option<bool>, Refusal> {
    match text.to_lowercase().as_str() {
        "true" | "1" | "yes" | "y" => Ok(Some(true)),
        "false" | "0" | "no" | "n" => Ok(Some(false)),
        "" => Ok(None),
        _ => Err(Refusal::new(field, text, "is neither true nor false")),
    }
}
