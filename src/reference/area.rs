//! Countries and other areas: bundled facts, kept in memory for the life of the program.
//!
//! An area is identified by its UN Comtrade number, which is M49 for most. Requests may name it by ISO alpha-3, alpha-2,
//! M49 or Comtrade number; answers use `code`.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

/// Area numbers have three digits.
const NUMBERS: usize = 1000;
const BUNDLED: &str = include_str!("data/areas.csv");

/// A country or other area, by its Comtrade number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Area(u16);

/// What kind of area it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AreaKind {
    Country,
    Historical,
    Special,
    Group,
    World,
}

impl AreaKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Historical => "historical",
            Self::Special => "special",
            Self::Group => "group",
            Self::World => "world",
        }
    }
}

/// Everything that is known of an area.
#[derive(Debug, serde::Deserialize)]
pub struct AreaFacts {
    pub number: u16,
    pub code: String,
    pub alpha2: Option<String>,
    pub alpha3: Option<String>,
    pub m49: Option<u16>,
    pub kind: AreaKind,
    pub name: String,
    pub entry_year: Option<i32>,
    pub exit_year: Option<i32>,
    pub source: String,
    pub note: String,
}

struct Gazetteer {
    areas: Vec<AreaFacts>,
    /// Place of each number below 1,000: asked for every row of an import and of an answer.
    by_number: Vec<Option<u16>>,
    by_text: HashMap<String, usize>,
    by_m49: HashMap<u16, usize>,
    imf: HashMap<String, ImfArea>,
}

/// Codes that are in use beside those of ISO: for the European Union ISO 3166-1's reserved EU, Comtrade's EUR, and the World
/// Bank's EUN (WITS).
const OTHER_CODES: [(&str, u16); 3] = [("EU", 97), ("EUR", 97), ("EUN", 97)];

/// Residuals of regions and of the world, bunkers (837), free zones (838), special categories (839).
const UNSPECIFIED: [u16; 19] =
    [129, 221, 290, 471, 472, 473, 492, 527, 568, 577, 636, 637, 697, 837, 838, 839, 879, 899, 995];

/// Where an IMF counterpart code leads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ImfArea {
    Area(Area),
    /// A sum of countries that has no place among partners.
    Group,
}

#[derive(serde::Deserialize)]
struct ImfRow {
    imf_code: String,
    number: Option<u16>,
}

static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| {
    let mut areas: Vec<AreaFacts> = super::bundled_rows(BUNDLED);
    areas.sort_by(|left, right| left.code.cmp(&right.code));
    let mut by_number = vec![None; NUMBERS];
    let mut by_text = HashMap::new();
    let mut by_m49 = HashMap::new();
    for (index, area) in areas.iter().enumerate() {
        by_number[usize::from(area.number)] = Some(index as u16);
        by_text.insert(area.code.clone(), index);
        for text in [&area.alpha2, &area.alpha3].into_iter().flatten() {
            by_text.entry(text.clone()).or_insert(index);
        }
        if let Some(m49) = area.m49 {
            by_m49.insert(m49, index);
        }
    }
    for (name, number) in OTHER_CODES {
        if let Some(index) = by_number.get(usize::from(number)).copied().flatten() {
            by_text.entry(name.to_owned()).or_insert(usize::from(index));
        }
    }
    let imf_rows: Vec<ImfRow> = super::bundled_rows(include_str!("data/imf_areas.csv"));
    let imf = imf_rows
        .into_iter()
        .map(|row| {
            let area = row.number.map_or(ImfArea::Group, |number| ImfArea::Area(Area(number)));
            (row.imf_code, area)
        })
        .collect();
    Gazetteer { areas, by_number, by_text, by_m49, imf }
});

impl Gazetteer {
    fn place(&self, number: u16) -> Option<usize> {
        self.by_number.get(usize::from(number)).copied().flatten().map(usize::from)
    }
}

impl Area {
    pub const WORLD: Self = Self(0);
    /// Reports itself, beside its members.
    pub const EUROPEAN_UNION: Self = Self(97);

    /// Every area, in the order of the codes.
    pub fn all() -> &'static [AreaFacts] {
        &GAZETTEER.areas
    }

    /// An area by its Comtrade number.
    pub fn from_comtrade(number: u16) -> Option<Self> {
        GAZETTEER.place(number).map(|_| Self(number))
    }

    /// An area by any code that a request may use. A number is M49 first, then Comtrade's.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix("countries/").unwrap_or(text).trim();
        let index = match text.parse::<u16>() {
            Ok(number) if text.len() <= 3 => GAZETTEER.by_m49.get(&number).copied().or_else(|| GAZETTEER.place(number)),
            _ => GAZETTEER.by_text.get(&text.to_ascii_uppercase()).copied(),
        }?;
        Some(Self(GAZETTEER.areas[index].number))
    }

    /// Where a code of the IMF's counterpart list leads.
    pub fn from_imf(code: &str) -> Option<ImfArea> {
        if let Some(area) = GAZETTEER.imf.get(code) {
            return Some(*area);
        }
        let index = GAZETTEER.by_text.get(code)?;
        Some(ImfArea::Area(Self(GAZETTEER.areas[*index].number)))
    }

    pub fn number(self) -> u16 {
        self.0
    }

    pub fn facts(self) -> &'static AreaFacts {
        // `Area` is only made from numbers of the gazetteer; the first area stands in should that ever fail.
        &GAZETTEER.areas[GAZETTEER.place(self.0).unwrap_or(0)]
    }

    pub fn code(self) -> &'static str {
        &self.facts().code
    }

    /// Whether trade with it names no country: what is not specified or withheld, bunkers, free zones.
    pub fn is_unspecified(self) -> bool {
        UNSPECIFIED.contains(&self.0)
    }

    /// Whether the area is a sum of others, which may never be added to them.
    pub fn is_total(self) -> bool {
        matches!(self.facts().kind, AreaKind::World | AreaKind::Group)
    }
}

impl fmt::Display for Area {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

impl fmt::Debug for Area {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_naming_a_country_is_understood() {
        for text in ["USA", "us", "840", "842", "countries/USA"] {
            assert_eq!(Area::parse(text).map(Area::number), Some(842), "{text}");
        }
        for (text, number) in
            [("CHN", 156), ("356", 699), ("TWN", 490), ("SUN", 810), ("WLD", 0), ("0", 0), ("FR", 251)]
        {
            assert_eq!(Area::parse(text).map(Area::number), Some(number), "{text}");
        }
        for text in ["", "ZZZ", "Россия", "9999", "-1"] {
            assert_eq!(Area::parse(text), None, "{text}");
        }
    }

    #[test]
    fn codes_are_unique_and_lead_back() {
        assert!(Area::all().len() > 280);
        for facts in Area::all() {
            assert_eq!(Area::parse(&facts.code).map(Area::number), Some(facts.number), "{}", facts.code);
        }
    }
}
