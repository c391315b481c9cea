//! Countries and classifications in requests: checked with every other field of a request.

use crate::reference::{Area, Classification};
use crate::rpc::Violations;
use crate::rpc::validate::{ENTRIES_MAX, TEXT_MAX};
use crate::value::text::truncated;

/// Codes that a request names.
pub trait Codes {
    /// ISO alpha-3 of the countries of a repeated field.
    fn countries(&mut self, field: &str, countries: &[String]) -> Vec<String>;
    fn countries_up_to(&mut self, most: usize, field: &str, countries: &[String]) -> Vec<String>;
    fn area(&mut self, field: &str, text: &str) -> Option<Area>;
    /// Empty is none.
    fn classification(&mut self, field: &str, text: &str) -> Option<Classification>;
}

impl Codes for Violations {
    fn countries(&mut self, field: &str, countries: &[String]) -> Vec<String> {
        self.countries_up_to(ENTRIES_MAX, field, countries)
    }

    fn countries_up_to(&mut self, most: usize, field: &str, countries: &[String]) -> Vec<String> {
        if !self.at_most(field, countries, most) {
            return Vec::new();
        }
        let areas = countries.iter().enumerate();
        areas
            .filter_map(|(index, text)| self.area(&format!("{field}[{index}]"), text))
            .map(|area| area.facts().code.clone())
            .collect()
    }

    fn area(&mut self, field: &str, text: &str) -> Option<Area> {
        let area = if text.len() <= TEXT_MAX { Area::parse(text) } else { None };
        if area.is_none() {
            let shown = truncated(text, 40);
            let right = "ISO alpha-3 (CHN), alpha-2 (CN), M49 (156) or Comtrade number, see ListCountries";
            self.add(field, format!("`{shown}` is no known country; {right}"));
        }
        area
    }

    fn classification(&mut self, field: &str, text: &str) -> Option<Classification> {
        if text.is_empty() {
            return None;
        }
        let classification = if text.len() <= TEXT_MAX { Classification::parse(text) } else { None };
        if classification.is_none() {
            let shown = truncated(text, 40);
            self.add(
                field,
                format!("`{shown}` is no classification; HS1992 to HS2022 (H0 to H6), SITC1 to SITC4, BEC4, BEC5"),
            );
        }
        classification
    }
}
