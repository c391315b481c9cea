//! What the exporter says beside what the importer says. Pure.
//!
//! Ratio = importer's value / exporter's value, gap = importer's value - exporter's value. With a CIF/FOB factor the
//! importer's value is divided by it first. Source: UNSD, International Merchandise Trade Statistics: Compilers Manual,
//! Revision 1 (2013), chapter IX, on comparing mirror statistics.

use std::collections::BTreeMap;

use crate::value::exact;

use super::key::Key;
use super::summary::Row;

/// A factor in millionths.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Factor(pub i64);

/// One line of a comparison.
#[derive(Debug)]
pub struct Pair<'a> {
    pub key: Key,
    pub exporter: Option<&'a Row>,
    pub importer: Option<&'a Row>,
}

/// Sets rows with the same key side by side.
pub fn pairs<'a>(exporter: &'a [Row], importer: &'a [Row]) -> Vec<Pair<'a>> {
    let mut pairs: BTreeMap<Key, Pair<'a>> = BTreeMap::new();
    for row in exporter {
        pairs.insert(row.key, Pair { key: row.key, exporter: Some(row), importer: None });
    }
    for row in importer {
        let empty = Pair { key: row.key, exporter: None, importer: None };
        pairs.entry(row.key).or_insert(empty).importer = Some(row);
    }
    pairs.into_values().collect()
}

impl Pair<'_> {
    /// Gap in thousandths of a dollar and ratio to six decimals; absent where a side is unknown, or tells of other months than
    /// the other does: nine months are never held against twelve.
    pub fn compare(&self, factor: Option<Factor>) -> (Option<i64>, Option<String>) {
        let months = |row: Option<&Row>| row.map(|row| row.reports.months.clone());
        if months(self.exporter) != months(self.importer) {
            return (None, None);
        }
        let value = |row: Option<&Row>| row.filter(|row| row.sums.value_rows > 0).map(|row| i128::from(row.sums.value));
        let (Some(exported), Some(imported)) = (value(self.exporter), value(self.importer)) else {
            return (None, None);
        };
        let millionths = factor.map_or(1_000_000, |factor| i128::from(factor.0));
        let adjusted = exact::divided(imported * 1_000_000, millionths);
        let gap = adjusted.and_then(|adjusted| i64::try_from(adjusted - exported).ok());
        // From the unrounded quotient, so that gap and ratio do not round twice.
        let ratio =
            exported.checked_mul(millionths).and_then(|scaled| exact::ratio(imported.checked_mul(1_000_000)?, scaled));
        (gap, ratio)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::trade::completeness::Reports;
    use crate::trade::sums::Sums;

    fn row(value: i64, value_rows: i64) -> Row {
        Row {
            key: Key::default(),
            rest_groups: None,
            sums: Sums { rows: 1, value_rows, value, ..Sums::default() },
            quantities: Vec::new(),
            period_value: None,
            reports: Arc::new(Reports { expected: 1, reported: 1, ..Reports::default() }),
            is_not_detailed: false,
        }
    }

    #[test]
    fn ratio_and_gap_of_china_and_russia() {
        // China's 129.14 against Russia's 111.4553 billion of 2023.
        let (exported, imported) = (row(111_455_315_100_089, 1), row(129_140_000_000_000, 1));
        let (exporter, importer) = ([exported], [imported]);
        let pairs = pairs(&exporter, &importer);
        let (gap, ratio) = pairs[0].compare(None);
        assert_eq!(gap, Some(17_684_684_899_911));
        assert_eq!(ratio.as_deref(), Some("1.158671"));
        let (gap, ratio) = pairs[0].compare(Some(Factor(1_060_000)));
        assert_eq!(gap, Some(121_830_188_679_245 - 111_455_315_100_089));
        assert_eq!(ratio.as_deref(), Some("1.093085"));
    }

    #[test]
    fn an_unknown_side_has_neither() {
        let (exporter, importer) = ([row(0, 0)], [row(5, 1)]);
        assert_eq!(pairs(&exporter, &importer)[0].compare(None), (None, None));
        assert_eq!(pairs(&[], &importer)[0].compare(None), (None, None));
        let zero = [row(0, 1)];
        assert_eq!(pairs(&zero, &importer)[0].compare(None), (Some(5), None));
    }
}
