//! Names of the codes that an answer holds, for those who asked for them.

use std::collections::{BTreeSet, HashMap};

use crate::proto::entrepot::r#type::v1 as types;
use crate::reference::{Area, Classification, CommodityCode};

/// Codes that an answer holds, each once and in order.
#[derive(Clone, Default, Debug)]
pub struct Mentioned {
    countries: BTreeSet<String>,
    commodities: BTreeSet<CommodityCode>,
}

impl Mentioned {
    pub fn country(&mut self, code: &str) {
        if !code.is_empty() && !self.countries.contains(code) {
            self.countries.insert(code.to_owned());
        }
    }

    /// A country that a request names by any code: by the one that answers use.
    pub fn country_asked(&mut self, text: &str) {
        if let Some(area) = Area::parse(text) {
            self.country(area.code());
        }
    }

    /// A code of a classification; the empty one is that of totals without products.
    pub fn commodity(&mut self, classification: &str, code: &str) {
        let classification =
            if classification.is_empty() { Some(Classification::NONE) } else { Classification::parse(classification) };
        let code = classification.and_then(|classification| CommodityCode::parse(classification, code.as_bytes()));
        self.commodities.extend(code);
    }

    /// A commodity by its resource name.
    pub fn commodity_named(&mut self, name: &str) {
        self.commodities.extend(CommodityCode::parse_name(name));
    }

    /// Those whose titles are needed.
    pub fn commodities(&self) -> Vec<CommodityCode> {
        self.commodities.iter().copied().collect()
    }

    /// Those that were not mentioned before; from now on they were.
    pub fn new_to(mut self, seen: &mut Self) -> Self {
        self.countries.retain(|code| seen.countries.insert(code.clone()));
        self.commodities.retain(|code| seen.commodities.insert(*code));
        self
    }

    /// The names that are known; `titles` are those of commodities, by their number.
    pub fn names(&self, titles: &HashMap<i32, String>) -> types::Names {
        let country = |code: &String| {
            let area = Area::parse(code)?;
            Some(types::CountryName { code: code.clone(), display_name: area.facts().name.clone() })
        };
        let commodity = |code: &CommodityCode| {
            let title = titles.get(&code.number()).cloned();
            // `TOTAL` is no entry of any list.
            let title = title.or_else(|| (code.level() == 0).then(|| "All goods".to_owned()));
            Some(types::CommodityName {
                classification: code.classification().name().to_owned(),
                code: code.to_string(),
                display_name: title.filter(|title| !title.is_empty())?,
            })
        };
        types::Names {
            countries: self.countries.iter().filter_map(country).collect(),
            commodities: self.commodities.iter().filter_map(commodity).collect(),
        }
    }

    /// Of answers that hold no commodities.
    pub fn country_names(&self) -> types::Names {
        self.names(&HashMap::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_known_code_has_its_name_once() {
        let mut mentioned = Mentioned::default();
        for code in ["UZB", "", "KAZ", "groups/steppe", "UZB", "WLD"] {
            mentioned.country(code);
        }
        mentioned.country_asked("498");
        for (classification, code) in [("HS2012", "0902"), ("", "TOTAL"), ("HS2012", "0902"), ("HS2017", "0902")] {
            mentioned.commodity(classification, code);
        }
        mentioned.commodity_named("commodities/HS2022-100630");
        let tea = CommodityCode::parse(Classification::parse("HS2012").unwrap(), b"0902").unwrap();
        let names = mentioned.names(&HashMap::from([(tea.number(), "Tea".to_owned())]));
        let countries: Vec<&str> = names.countries.iter().map(|country| country.code.as_str()).collect();
        assert_eq!(countries, ["KAZ", "MDA", "UZB", "WLD"], "a group of the request has no name to tell");
        let commodities: Vec<(&str, &str, &str)> = names
            .commodities
            .iter()
            .map(|named| (named.classification.as_str(), named.code.as_str(), named.display_name.as_str()))
            .collect();
        assert_eq!(
            commodities,
            [("HS2012", "0902", "Tea"), ("", "TOTAL", "All goods")],
            "no title is not an empty one"
        );
    }

    #[test]
    fn a_stream_names_each_code_once() {
        let mut seen = Mentioned::default();
        let named = |codes: &[&str], seen: &mut Mentioned| {
            let mut mentioned = Mentioned::default();
            codes.iter().for_each(|code| mentioned.country(code));
            let names = mentioned.new_to(seen).country_names();
            names.countries.into_iter().map(|country| country.code).collect::<Vec<_>>()
        };
        assert_eq!(named(&["TJK", "KGZ"], &mut seen), ["KGZ", "TJK"]);
        assert_eq!(named(&["TJK", "MNG"], &mut seen), ["MNG"]);
    }
}
