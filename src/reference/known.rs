//! Which commodity codes the store knows.

use super::{Classification, CommodityCode};

/// All current commodity codes as of one newest release.
#[derive(Debug, Default)]
pub struct Codes {
    release: i64,
    /// Their numbers, sorted.
    numbers: Vec<i32>,
}

impl Codes {
    /// `numbers` must be sorted.
    pub fn new(release: i64, numbers: Vec<i32>) -> Self {
        Self { release, numbers }
    }

    pub fn release(&self) -> i64 {
        self.release
    }

    /// Numbers of all codes, in order.
    pub fn numbers(&self) -> &[i32] {
        &self.numbers
    }

    pub fn knows(&self, code: CommodityCode) -> bool {
        self.numbers.binary_search(&code.number()).is_ok()
    }

    /// Whether a code or one below it is known.
    pub fn knows_within(&self, code: CommodityCode) -> bool {
        let (first, last) = code.range();
        let index = self.numbers.partition_point(|known| *known < first);
        self.numbers.get(index).is_some_and(|known| *known <= last)
    }

    /// Whether a full list of the classification is in the store, and not only some bundled headings.
    pub fn is_loaded(&self, classification: Classification) -> bool {
        self.codes_at_level(classification, 6) > 1000 || self.codes_at_level(classification, 3) > 50
    }

    /// How many codes of this many characters a classification has in the store.
    pub fn codes_at_level(&self, classification: Classification, level: u32) -> usize {
        self.at_level(classification, level).count()
    }

    /// Numbers of the six-digit codes of an edition that are known.
    pub fn subheadings(&self, classification: Classification) -> impl Iterator<Item = i32> {
        self.at_level(classification, 6).map(CommodityCode::number)
    }

    fn at_level(&self, classification: Classification, level: u32) -> impl Iterator<Item = CommodityCode> {
        let (first, last) = CommodityCode::total(classification).range();
        let start = self.numbers.partition_point(|code| *code < first);
        let end = self.numbers.partition_point(|code| *code <= last);
        let codes = self.numbers[start..end].iter().filter_map(|number| CommodityCode::from_number(*number));
        codes.filter(move |code| code.level() == level)
    }
}
