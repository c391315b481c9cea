//! Programmes of the Swiss list and their sets: what a target is under is said by the set of its programme, not by the
//! list, which also has banks that are only kept from the capital market.

use std::collections::HashMap;

use crate::import::Element;
use crate::sanctions::import::listing::Listing;
use crate::sanctions::subject::model::{Measure, MeasureKind, Programme, Subject};

/// Programme and text of each set, by its number.
#[derive(Default)]
pub struct Sets(HashMap<String, (Programme, String)>);

impl Sets {
    /// Takes a programme with its sets; in English where it is given.
    pub fn add(&mut self, program: &Element) {
        let english = |name: &str, ssid: Option<&str>| -> String {
            let is_asked = |text: &&Element| ssid.is_none_or(|ssid| text.attribute("ssid") == ssid);
            let texts: Vec<&Element> = program.children(name).filter(is_asked).collect();
            let text = texts.iter().find(|text| ["eng", "en"].contains(&text.attribute("lang"))).or(texts.first());
            text.map_or_else(String::new, |text| text.text.clone())
        };
        let programme = Programme { code: english("program-key", None), legal_basis: english("program-name", None) };
        for set in program.children("sanctions-set") {
            let number = set.attribute("ssid");
            self.0.insert(number.to_owned(), (programme.clone(), english("sanctions-set", Some(number))));
        }
    }

    /// Gives a target the programmes and measures of its sets. One that is in no set that is known is under a measure that
    /// is not known.
    pub fn give(&self, numbers: &[String], subject: &mut Subject, listing: &mut Listing<'_>) {
        for number in numbers {
            let Some((programme, text)) = self.0.get(number) else {
                listing.report.skip("a set of sanctions that no programme has");
                continue;
            };
            if !subject.programmes.contains(programme) {
                subject.programmes.push(programme.clone());
            }
            let measures =
                kinds(text).into_iter().map(|kind| Measure { kind, text: text.clone(), ..Measure::default() });
            for measure in measures {
                if !subject.measures.contains(&measure) {
                    subject.measures.push(measure);
                }
            }
        }
        if subject.measures.is_empty() {
            subject.measures.push(Measure::default());
        }
        if subject.measures.iter().any(|measure| measure.kind == MeasureKind::Other) {
            listing.report.skip("targets of a set whose measure is not known: its text is kept");
        }
    }
}

/// What a set forbids, by its words in the languages of the list. "Restrictions on named individuals and entities" is the
/// heading of the articles that freeze assets, such as article 12 of the ordinance on Belarus. A set may be named by its
/// article alone: then what it forbids is not known.
fn kinds(text: &str) -> Vec<MeasureKind> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric() && c != '-').collect();
    let begins = |phrase: &str| words.iter().any(|word| word.starts_with(phrase));
    // A word alone must begin one of the text's: `ownership` is not a ship.
    let is_said = |phrase: &str| if phrase.contains(' ') { lower.contains(phrase) } else { begins(phrase) };
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| is_said(phrase));
    let market =
        ["capital market", "money market", "money and capital", "securities", "loans", "kapitalmarkt", "capitaux"];
    let found = [
        (
            MeasureKind::AssetFreeze,
            says(&[
                "freez",
                "frozen",
                "named individuals",
                "named persons",
                "listed individuals",
                "listed persons",
                "sperrung",
                "gel des avoirs",
                "blocco dei",
            ]),
        ),
        (MeasureKind::TravelBan, says(&["entry", "transit", "travel", "einreise", "durchreise", "entrée"])),
        (MeasureKind::Sectoral, says(&market)),
        (MeasureKind::VesselBan, says(&["vessel", "ship", "port call", "schiff", "navire"])),
        (MeasureKind::Arms, says(&["arms", "weapon", "rüstung", "armement"])),
        (MeasureKind::ExportRestriction, says(&["export", "dual-use", "dual use", "ausfuhr"])),
        (MeasureKind::CorrespondentAccount, says(&["correspondent"])),
        (MeasureKind::TrustServices, says(&["trust services", "trusts"])),
    ];
    let kinds: Vec<MeasureKind> = found.into_iter().filter(|(_, found)| *found).map(|(kind, _)| kind).collect();
    if kinds.is_empty() { vec![MeasureKind::Other] } else { kinds }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_says_what_it_forbids() {
        use MeasureKind::{AssetFreeze, Other, Sectoral, TravelBan, VesselBan};
        for (text, expected) in [
            ("article 7 -- Restrictions on named individuals and entities", &[AssetFreeze][..]),
            ("article 21 -- Restrictions on the money and capital market", &[Sectoral]),
            ("Freezing of assets and entry ban", &[AssetFreeze, TravelBan]),
            ("Vessel-related measures", &[VesselBan]),
            ("annexe 13", &[Other]),
            ("", &[Other]),
        ] {
            assert_eq!(kinds(text), expected, "{text}");
        }
    }
}
