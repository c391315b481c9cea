//! Countries and classifications in requests: checked with every other field of a request.

use crate::reference::area::AreaFacts;
use crate::reference::{Area, Classification, country};
use crate::rpc::Violations;
use crate::value::text::truncated;

/// Codes that a request names.
pub trait Codes {
    /// ISO alpha-3 of the countries of a repeated field.
    fn countries(&mut self, field: &str, countries: &[String]) -> Vec<String>;
    fn area(&mut self, field: &str, text: &str) -> Option<Area>;
    /// Empty is none.
    fn classification(&mut self, field: &str, text: &str) -> Option<Classification>;
}

impl Codes for Violations {
    fn countries(&mut self, field: &str, countries: &[String]) -> Vec<String> {
        if !self.keeps_rules(field) {
            return Vec::new();
        }
        let areas = countries.iter().enumerate();
        areas
            .filter_map(|(index, text)| self.area(&format!("{field}[{index}]"), text))
            .map(|area| area.facts().code.clone())
            .collect()
    }

    fn area(&mut self, field: &str, text: &str) -> Option<Area> {
        let area = Area::parse(text);
        if area.is_none() {
            let shown = truncated(text, 40);
            let meant = meant(text).map(|area| format!("did you mean {} ({})? ", area.code(), area.facts().name));
            let right = "expected ISO alpha-3 (CHN), alpha-2 (CN), M49 (156) or Comtrade number, see ListCountries";
            self.add(field, format!("`{shown}` is not a known country; {}{right}", meant.unwrap_or_default()));
        }
        area
    }

    fn classification(&mut self, field: &str, text: &str) -> Option<Classification> {
        if text.is_empty() {
            return None;
        }
        let classification = Classification::parse(text);
        if classification.is_none() {
            let shown = truncated(text, 40);
            self.add(
                field,
                format!("`{shown}` is not a known classification; expected HS1992 to HS2022 (H0 to H6), SITC1 to SITC4, BEC4 or BEC5"),
            );
        }
        classification
    }
}

/// The area that a text may mean which is not a code: by a name that a list would write, or by one that is written almost so.
fn meant(text: &str) -> Option<Area> {
    const ERRORS: usize = 2;
    const LONGEST: usize = 60;
    if text.len() > LONGEST {
        return None;
    }
    let typed = text.to_lowercase();
    let distance = |facts: &&AreaFacts| strsim::osa_distance(&facts.name.to_lowercase(), &typed);
    let nearest = || Area::all().iter().min_by_key(distance).filter(|facts| distance(facts) <= ERRORS);
    let is_telling = typed.len() > 2 * ERRORS;
    Area::parse(country::code(text)).or_else(|| Area::parse(&is_telling.then(nearest)??.code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_or_a_slip_is_answered_with_the_code() {
        let code = |text: &str| meant(text).map(Area::code);
        for (text, expected) in [
            ("Russia", Some("RUS")),
            ("Россия", None),
            ("Germny", Some("DEU")),
            ("Atlantis", None),
            ("XQ", None),
            ("", None),
        ] {
            assert_eq!(code(text), expected, "{text}");
        }
    }
}
