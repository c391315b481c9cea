//! Commodity codes as numbers: classification and code in one integer, in the order of the codes.
//!
//! A code of up to six characters is read as a number of base 14 (0 = no character, 1 to 10 = digits, 11 to 13 = A, B,
//! X), padded on the right. So every code below a prefix lies in one range, the level is arithmetic, and the store needs
//! no lookup to filter or to group. `TOTAL`, all goods, is the empty code: 0.

use std::fmt;

/// Characters that a code may have, after "no character".
const ALPHABET: &[u8; 13] = b"0123456789ABX";
const BASE: i32 = 14;
const CODE_LENGTH: u32 = 6;
/// Numbers that one classification takes: 14^6.
pub const SPAN: i32 = BASE.pow(CODE_LENGTH);

/// A commodity classification or one edition of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Classification(u8);

struct Entry {
    code: &'static str,
    name: &'static str,
    title: &'static str,
}

/// Position is identity: the number in the store. Never reorder.
const CLASSIFICATIONS: [Entry; 14] = [
    Entry { code: "H0", name: "HS1992", title: "Harmonized System 1988/1992" },
    Entry { code: "H1", name: "HS1996", title: "Harmonized System 1996" },
    Entry { code: "H2", name: "HS2002", title: "Harmonized System 2002" },
    Entry { code: "H3", name: "HS2007", title: "Harmonized System 2007" },
    Entry { code: "H4", name: "HS2012", title: "Harmonized System 2012" },
    Entry { code: "H5", name: "HS2017", title: "Harmonized System 2017" },
    Entry { code: "H6", name: "HS2022", title: "Harmonized System 2022" },
    Entry { code: "S1", name: "SITC1", title: "Standard International Trade Classification, revision 1" },
    Entry { code: "S2", name: "SITC2", title: "Standard International Trade Classification, revision 2" },
    Entry { code: "S3", name: "SITC3", title: "Standard International Trade Classification, revision 3" },
    Entry { code: "S4", name: "SITC4", title: "Standard International Trade Classification, revision 4" },
    Entry { code: "B4", name: "BEC4", title: "Broad Economic Categories, revision 4" },
    Entry { code: "B5", name: "BEC5", title: "Broad Economic Categories, revision 5" },
    Entry { code: "ALL", name: "", title: "All goods, without a classification" },
];

impl Classification {
    pub const HS1992: Self = Self(0);
    pub const HS2022: Self = Self(6);
    /// Totals without products.
    pub const NONE: Self = Self(13);

    pub fn all() -> impl Iterator<Item = Self> {
        (0..CLASSIFICATIONS.len() as u8).map(Self)
    }

    /// Reads Comtrade's letters (`H5`), our name (`HS2017`), or a short form (`HS17`, `HS92`), whatever the case.
    pub fn parse(text: &str) -> Option<Self> {
        let upper = text.trim().to_ascii_uppercase();
        if upper.is_empty() {
            return None;
        }
        let short_year = upper.strip_prefix("HS").filter(|year| year.len() == 2);
        Self::all().filter(|classification| *classification != Self::NONE).find(|classification| {
            let entry = classification.entry();
            entry.code == upper
                || entry.name == upper
                || short_year.is_some_and(|year| entry.name.starts_with("HS") && entry.name.ends_with(year))
        })
    }

    pub fn from_number(number: i32) -> Option<Self> {
        let number = u8::try_from(number).ok()?;
        (usize::from(number) < CLASSIFICATIONS.len()).then_some(Self(number))
    }

    pub fn number(self) -> i32 {
        i32::from(self.0)
    }

    /// Comtrade's letters.
    pub fn code(self) -> &'static str {
        self.entry().code
    }

    /// The name that answers use; empty for totals without products.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// Name of the dataset that holds its codes.
    pub fn dataset(self) -> String {
        format!("classification-{}", self.name().to_ascii_lowercase())
    }

    pub fn title(self) -> &'static str {
        self.entry().title
    }

    pub fn is_hs(self) -> bool {
        self.0 <= Self::HS2022.0
    }

    fn entry(self) -> &'static Entry {
        &CLASSIFICATIONS[usize::from(self.0)]
    }
}

impl fmt::Display for Classification {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A code of a classification.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CommodityCode(i32);

impl CommodityCode {
    /// `TOTAL`: all goods.
    pub fn total(classification: Classification) -> Self {
        Self(classification.number() * SPAN)
    }

    /// Reads a code with its leading zeros. `None` when it is longer than six characters or has others than digits, A, B
    /// and X.
    pub fn parse(classification: Classification, code: &[u8]) -> Option<Self> {
        if code == b"TOTAL" {
            return Some(Self::total(classification));
        }
        if code.is_empty() || code.len() > CODE_LENGTH as usize {
            return None;
        }
        let mut number = 0;
        for position in 0..CODE_LENGTH as usize {
            let digit = match code.get(position) {
                None => 0,
                Some(character @ b'0'..=b'9') => i32::from(character - b'0') + 1,
                Some(b'A') => 11,
                Some(b'B') => 12,
                Some(b'X') => 13,
                Some(_) => return None,
            };
            number = number * BASE + digit;
        }
        Some(Self(classification.number() * SPAN + number))
    }

    /// `commodities/HS2022-271121`, with or without the collection, the classification also in Comtrade's letters.
    pub fn parse_name(name: &str) -> Option<Self> {
        let id = name.strip_prefix("commodities/").unwrap_or(name);
        let (classification, code) = id.split_once('-')?;
        Self::parse(Classification::parse(classification)?, code.as_bytes())
    }

    pub fn from_number(number: i32) -> Option<Self> {
        Classification::from_number(number.div_euclid(SPAN)).map(|_| Self(number))
    }

    pub fn number(self) -> i32 {
        self.0
    }

    pub fn classification(self) -> Classification {
        Classification((self.0 / SPAN) as u8)
    }

    /// Number of characters of the code; 0 for `TOTAL`.
    pub fn level(self) -> u32 {
        let mut rest = self.0 % SPAN;
        if rest == 0 {
            return 0;
        }
        let mut level = CODE_LENGTH;
        while rest % BASE == 0 {
            rest /= BASE;
            level -= 1;
        }
        level
    }

    /// The code of `level` characters that this one is or lies below.
    pub fn ancestor(self, level: u32) -> Self {
        let unit = level_unit(level);
        Self(self.0 - self.0 % unit)
    }

    /// First and last number of this code and all below it.
    pub fn range(self) -> (i32, i32) {
        (self.0, self.0 + level_unit(self.level()) - 1)
    }

    /// The code in another edition, as if it meant the same there.
    pub fn in_classification(self, classification: Classification) -> Self {
        Self(classification.number() * SPAN + self.0 % SPAN)
    }

    /// The first two characters as a number below 100, or 100 for everything else: what "chapter" means to scopes.
    pub fn chapter(self) -> u32 {
        let first_two = (self.0 % SPAN) / level_unit(2);
        let (tens, ones) = (first_two / BASE, first_two % BASE);
        if !(1..=10).contains(&tens) || !(1..=10).contains(&ones) {
            return 100;
        }
        ((tens - 1) * 10 + ones - 1) as u32
    }

    /// Resource name.
    pub fn name(self) -> String {
        format!("commodities/{}-{}", self.classification().name(), self)
    }
}

/// How many numbers one code of this level spans; grouping by level subtracts the remainder.
pub fn level_unit(level: u32) -> i32 {
    BASE.pow(CODE_LENGTH.saturating_sub(level))
}

impl fmt::Display for CommodityCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = self.level();
        if level == 0 {
            return formatter.write_str("TOTAL");
        }
        let mut characters = [0u8; CODE_LENGTH as usize];
        let mut rest = self.0 % SPAN;
        for slot in characters.iter_mut().rev() {
            let digit = (rest % BASE) as usize;
            *slot = if digit == 0 { b' ' } else { ALPHABET[digit - 1] };
            rest /= BASE;
        }
        let text = &characters[..level as usize];
        formatter.write_str(std::str::from_utf8(text).unwrap_or_default())
    }
}

impl fmt::Debug for CommodityCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{self}", self.classification().code())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(text: &str) -> CommodityCode {
        CommodityCode::parse(Classification::HS2022, text.as_bytes()).unwrap()
    }

    #[test]
    fn prefix_is_a_range_and_level_is_length() {
        let (first, last) = code("2711").range();
        for inside in ["2711", "271121", "271199", "2711A", "27119X"] {
            assert!((first..=last).contains(&code(inside).number()), "{inside}");
            assert_eq!(code(inside).level() as usize, inside.len());
            assert_eq!(code(inside).ancestor(4), code("2711"));
            assert_eq!(code(inside).chapter(), 27);
        }
        for outside in ["27", "2710", "271099", "2712", "TOTAL", "28"] {
            assert!(!(first..=last).contains(&code(outside).number()), "{outside}");
        }
        assert_eq!(code("TOTAL").chapter(), 100);
        assert_eq!(code("9999AA").to_string(), "9999AA");
    }

    #[test]
    fn names_are_read_in_every_form() {
        for name in ["commodities/HS2022-271121", "H6-271121", "commodities/hs22-271121"] {
            assert_eq!(CommodityCode::parse_name(name), Some(code("271121")), "{name}");
        }
        assert_eq!(CommodityCode::parse_name("HS2023-271121"), None);
        assert_eq!(CommodityCode::parse_name("HS2022-2711211"), None);
        assert_eq!(Classification::parse("HS92"), Some(Classification::HS1992));
        assert_eq!(Classification::parse(""), None);
        assert_eq!(Classification::parse("All"), None);
    }

    proptest! {
        #[test]
        fn order_of_numbers_is_order_of_codes(left in "[0-9ABX]{1,6}", right in "[0-9ABX]{1,6}") {
            prop_assert_eq!(left.cmp(&right), code(&left).cmp(&code(&right)));
            prop_assert_eq!(code(&left).to_string(), left);
        }
    }
}
