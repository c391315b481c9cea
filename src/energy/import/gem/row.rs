//! A row of a table, whatever file it comes from, and the plain values of its cells.
//!
//! Empty cells, `--`, `N/A`, `unknown` and the like are unknown. What is neither known nor unknown is refused with the
//! column, or, where releases have it in passing, left unknown and counted.

use csv::ByteRecord;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::columns::Columns;
use super::names::{self, is_unknown};
use crate::energy::route::Route;
use crate::value::decimal;

/// Formulas that came to nothing, as workbooks write them.
const FAULTS: [&str; 8] = ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#GETTING_DATA"];
const YEARS: std::ops::RangeInclusive<i16> = 1850..=2150;

const NO_YEAR: &str = "years that are a word or a lone digit: taken as unknown";
const SEVERAL_YEARS: &str = "cells that hold several years: the first is kept";
const NO_DAY: &str = "days that are none, or may be read in two ways: taken as unknown";
const NO_ADDRESS: &str = "pages that are not a web address: left out";

/// Why a row is not taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// Our name of the column.
    pub column: &'static str,
    pub value: String,
    pub reason: String,
}

impl Refusal {
    pub fn new(column: &'static str, value: &str, reason: impl Into<String>) -> Self {
        Self { column, value: value.to_owned(), reason: reason.into() }
    }
}

/// What of a row was left out though the row is taken, each to be counted.
#[derive(Default)]
pub struct Notices(pub Vec<&'static str>);

impl Notices {
    pub fn count(&mut self, reason: &'static str) {
        self.0.push(reason);
    }
}

/// One row, by our names of the columns.
pub struct Row<'a> {
    pub record: &'a ByteRecord,
    pub columns: &'a Columns,
}

impl<'a> Row<'a> {
    /// The cell as it stands, without white space around it; empty when the table has no such column.
    pub fn cell(&self, column: &str) -> &'a str {
        let index = self.columns.index(column);
        let bytes = index.and_then(|index| self.record.get(index)).unwrap_or_default();
        // Both readers have refused what is not UTF-8.
        std::str::from_utf8(bytes).unwrap_or_default().trim()
    }

    /// The cell, empty when its value is not known.
    pub fn known(&self, column: &str) -> &'a str {
        let text = self.cell(column);
        if is_unknown(text) { "" } else { text }
    }

    /// A text on one line.
    pub fn text(&self, column: &'static str) -> Result<String, Refusal> {
        let text = self.known(column);
        if FAULTS.contains(&text) {
            return Err(Refusal::new(column, text, "is a fault of the workbook's formula"));
        }
        Ok(names::on_one_line(text))
    }

    pub fn required(&self, column: &'static str) -> Result<String, Refusal> {
        let text = self.text(column)?;
        if text.is_empty() {
            return Err(Refusal::new(column, self.cell(column), "is not given, and must be"));
        }
        Ok(text)
    }

    /// An identifier of GEM: `P0734`, `T020501`.
    pub fn identifier(&self, column: &'static str) -> Result<String, Refusal> {
        let id = self.required(column)?;
        if id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Ok(id);
        }
        Err(Refusal::new(column, &id, "is not a valid identifier; expected letters, digits and `-`, as in P0734"))
    }

    /// A number that is not negative, exactly as it is written.
    pub fn decimal(&self, column: &'static str) -> Result<Option<Decimal>, Refusal> {
        let text = self.known(column);
        if text.is_empty() {
            return Ok(None);
        }
        let value = decimal::read(text)
            .map_err(|_| Refusal::new(column, text, "is not a valid number; expected one such as 12.5"))?;
        if value.is_sign_negative() && !value.is_zero() {
            return Err(Refusal::new(column, text, "is negative"));
        }
        Ok(Some(value.normalize()))
    }

    /// A year. Releases have a few cells that slipped from the column beside (`Presumed`, `Nov`, `1`): with fewer digits
    /// than any year has they are not an attempt at one, and the year is unknown.
    pub fn year(&self, column: &'static str, notices: &mut Notices) -> Result<Option<i16>, Refusal> {
        let text = self.known(column);
        if text.is_empty() {
            return Ok(None);
        }
        // `2027.0` comes from tables that once held numbers.
        let whole = text.strip_suffix(".0").or_else(|| text.strip_suffix(" (expected)")).unwrap_or(text);
        let year = whole.parse().ok().filter(|year| whole.len() == 4 && YEARS.contains(year));
        if year.is_some() {
            return Ok(year);
        }
        let years: Vec<i16> = text.split(',').filter_map(|year| year.trim().parse().ok()).collect();
        if years.len() > 1 && years.len() == text.split(',').count() && years.iter().all(|year| YEARS.contains(year)) {
            notices.count(SEVERAL_YEARS);
            return Ok(years.first().copied());
        }
        if text.bytes().filter(u8::is_ascii_digit).count() < 3 && !FAULTS.contains(&text) {
            notices.count(NO_YEAR);
            return Ok(None);
        }
        Err(Refusal::new(column, text, "is not a valid year; expected one such as 2027"))
    }

    /// The years of a route. The first start is the one that GEM reckons with (`StartYearEarliest`), which is the delayed
    /// one where there was a delay; a planned one only where no other is known.
    pub fn life(&self, route: &mut Route, notices: &mut Notices) -> Result<(), Refusal> {
        let mut first = None;
        for column in ["StartYearEarliest", "DelayedStartYear", "StartYear1", "LatestPlannedStartYear"] {
            let year = self.year(column, notices)?;
            first = first.or(year);
        }
        for year in [first, self.year("StartYear2", notices)?, self.year("StartYear3", notices)?].into_iter().flatten()
        {
            if !route.start_years.contains(&year) {
                route.start_years.push(year);
            }
        }
        route.stop_year = self.year("StopYear", notices)?;
        route.shelved_year = self.year("ShelvedYear", notices)?;
        route.cancelled_year = self.year("CancelledYear", notices)?;
        Ok(())
    }

    /// The page of the tracker about it; empty when the cell holds something else.
    pub fn address(&self, column: &'static str, notices: &mut Notices) -> String {
        let text = self.known(column);
        if names::is_address(text) {
            return text.to_owned();
        }
        if !text.is_empty() {
            notices.count(NO_ADDRESS);
        }
        String::new()
    }

    /// A day: `2024-07-12`, with a time of day behind it or not, or `7/15/2024`, the month first.
    /// A day. One that is none, or that may be read in two ways, is unknown: no question depends on it alone.
    pub fn day(&self, column: &'static str, notices: &mut Notices) -> Result<Option<Date>, Refusal> {
        let text = self.known(column);
        if text.is_empty() {
            return Ok(None);
        }
        if FAULTS.contains(&text) {
            return Err(Refusal::new(column, text, "is a fault of the workbook's formula"));
        }
        let day = day(text);
        if day.is_none() {
            notices.count(NO_DAY);
        }
        Ok(day)
    }
}

/// `2024-07-12`, `2024/07/12`, and with the year behind the day before the month or behind it, where only one of the two
/// is a day: `24/08/2023`, `7/15/2024`.
fn day(text: &str) -> Option<Date> {
    let date = text.split([' ', 'T']).next().unwrap_or(text);
    let parts: Vec<&str> = date.split('/').collect();
    if let [first, second, third] = parts.as_slice() {
        let of = |year: &str, month: &str, day: &str| {
            let is_year = year.len() == 4;
            Date::new(year.parse().ok().filter(|_| is_year)?, month.parse().ok()?, day.parse().ok()?).ok()
        };
        return match (of(third, first, second), of(third, second, first)) {
            (Some(american), Some(european)) => (american == european).then_some(american),
            (american, european) => american.or(european).or_else(|| of(first, second, third)),
        };
    }
    let is_day = date.len() == "2024-07-12".len();
    date.parse::<Date>().ok().filter(|_| is_day)
}

#[cfg(test)]
pub mod tests {
    use super::super::detect::detect;
    use super::super::layout::Layout;
    use super::*;

    /// A row of a made-up table with the needed columns of a layout and those given.
    pub fn with_row<T>(layout: &Layout, cells: &[(&str, &str)], then: impl FnOnce(&Row<'_>) -> T) -> T {
        let needed = layout.columns.iter().filter(|column| column.needed).map(|column| column.name);
        let others = cells.iter().map(|(name, _)| *name);
        let mut header: Vec<String> = Vec::new();
        for name in needed.chain(others) {
            if !header.iter().any(|known| known == name) {
                header.push(name.to_owned());
            }
        }
        let cell = |name: &str| cells.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| *value);
        let record: ByteRecord = header.iter().map(|name| cell(name)).collect::<Vec<&str>>().into();
        let columns = detect(&header).unwrap().columns;
        then(&Row { record: &record, columns: &columns })
    }

    #[test]
    fn days_and_what_is_none() {
        for (text, expected) in [
            ("2024-07-12", Some("2024-07-12")),
            ("2024-07-12 00:00:00", Some("2024-07-12")),
            ("2024-07-12T00:00:00", Some("2024-07-12")),
            ("7/15/2024", Some("2024-07-15")),
            ("15/7/2024", Some("2024-07-15")),
            ("24/08/2023", Some("2023-08-24")),
            ("2023/08/24", Some("2023-08-24")),
            ("5/8/2024", None),
            ("8/8/2024", Some("2024-08-08")),
            ("2023//01/18", None),
            ("2023/07/2023", None),
            ("2024-02-31", None),
            ("2024", None),
            ("yesterday", None),
        ] {
            assert_eq!(day(text).map(|day| day.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn years_numbers_and_texts() {
        let layout = &super::super::pipelines::LAYOUT;
        let year = |text: &str| {
            with_row(layout, &[("StopYear", text)], |row| {
                let mut notices = Notices::default();
                let year = row.year("StopYear", &mut notices);
                (year.map_err(|refusal| refusal.column), notices.0.len())
            })
        };
        assert_eq!(year("2027"), (Ok(Some(2027)), 0));
        assert_eq!(year("2027.0"), (Ok(Some(2027)), 0));
        for unknown in ["", "--", "N/A", "Unknown", "TBD"] {
            assert_eq!(year(unknown), (Ok(None), 0), "{unknown}");
        }
        for slipped in ["Presumed", "Nov", "1"] {
            assert_eq!(year(slipped), (Ok(None), 1), "{slipped}");
        }
        for wrong in ["20x7", "20271", "2025-2027", "1066", "202", "2027.5", "#DIV/0!"] {
            assert_eq!(year(wrong), (Err("StopYear"), 0), "{wrong}");
        }
        let number = |text: &str| {
            with_row(layout, &[("LengthMergedKm", text)], |row| {
                row.decimal("LengthMergedKm")
                    .map(|number| number.map(|number| number.to_string()))
                    .map_err(|refusal| refusal.reason)
            })
        };
        assert_eq!(number("608.8200000000001"), Ok(Some("608.8200000000001".to_owned())));
        assert_eq!(number("38.0"), Ok(Some("38".to_owned())));
        assert_eq!(number("--"), Ok(None));
        assert_eq!(number("-5"), Err("is negative".to_owned()));
        assert_eq!(number("5 km"), Err("is not a valid number; expected one such as 12.5".to_owned()));
        with_row(layout, &[("PipelineName", " A\n  B "), ("ProjectID", "P 1"), ("Owner", "#REF!")], |row| {
            assert_eq!(row.required("PipelineName"), Ok("A B".to_owned()));
            assert_eq!(row.identifier("ProjectID").unwrap_err().value, "P 1");
            assert!(row.text("Owner").unwrap_err().reason.contains("fault"));
            assert!(row.required("Status").unwrap_err().reason.contains("is not given"));
        });
    }
}
