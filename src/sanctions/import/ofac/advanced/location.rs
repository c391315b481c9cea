//! Locations: addresses in parts, or only a country.

use super::reference::References;
use crate::import::{Element, Refusal};
use crate::sanctions::import::malformed::Malformed;
use crate::sanctions::import::ofac::facts::Address;
use crate::sanctions::subject::model::Place;

/// A location, as features point to it.
pub struct Location {
    /// As the list writes it; empty when it names none.
    pub country: String,
    /// The address; first as Latin letters have it, then in its own script where the list has that too.
    pub places: Vec<Place>,
    pub malformed: Malformed,
}

impl Location {
    pub fn read(references: &References, element: &Element) -> Self {
        let mut malformed = Malformed::default();
        let mut country = "";
        for named in element.children("LocationCountry") {
            country = first_said(country, malformed.read(references.country(named, "CountryID")));
        }
        for area in element.children("LocationAreaCode") {
            country = first_said(country, malformed.read(references.area(area)));
        }
        let mut latin = Address::default();
        let mut original = Address::default();
        let mut differs = false;
        for part in element.children("LocationPart") {
            let kind = malformed.read(references.text("LocPartType", part, "LocPartTypeID"));
            let (mut main, mut other) = ("", "");
            for value in part.children("LocationPartValue") {
                let text = value.text_of("Value");
                if value.attribute("Primary") == "false" {
                    other = first_said(other, text);
                } else {
                    main = first_said(main, text);
                }
            }
            differs |= !other.is_empty() && !main.is_empty();
            // A location of a nationality has the country's name in a part of unknown type.
            if kind == "Unknown" && country.is_empty() {
                country = main;
                continue;
            }
            if !set(&mut latin, kind, first_said(main, other)) {
                let reason = "is not a known part of an address; expected ADDRESS1 to ADDRESS3, CITY, STATE/PROVINCE, POSTAL \
                              CODE or REGION";
                let text = format!("{kind} {}", first_said(main, other));
                malformed.push(Refusal::new("LocPartTypeID", text.trim(), reason));
            }
            set(&mut original, kind, first_said(other, main));
        }
        (latin.country, original.country) = (country, country);
        let mut places: Vec<Place> = latin.place().into_iter().collect();
        if differs {
            places.extend(original.place());
        }
        let comment = element.text_of("Comment");
        if !comment.is_empty() {
            places.iter_mut().for_each(|place| place.text = format!("{} ({comment})", place.text));
        }
        Self { country: country.to_owned(), places, malformed }
    }
}

fn first_said<'a>(one: &'a str, other: &'a str) -> &'a str {
    if one.is_empty() { other } else { one }
}

/// Whether the kind of part is one that is known.
fn set<'a>(address: &mut Address<'a>, kind: &str, text: &'a str) -> bool {
    let part = match kind {
        "ADDRESS1" => &mut address.lines[0],
        "ADDRESS2" => &mut address.lines[1],
        "ADDRESS3" => &mut address.lines[2],
        "CITY" => &mut address.city,
        "STATE/PROVINCE" => &mut address.state,
        "POSTAL CODE" => &mut address.postal_code,
        "REGION" | "Unknown" => &mut address.region,
        _ => return false,
    };
    *part = text;
    true
}
