//! The World Bank's Commodity Price Data (The Pink Sheet), monthly prices, as a long table: `month,series,unit,value`.
//!
//! The World Bank publishes a workbook with a column a series; this is that sheet with a row a value. A series has no
//! identifier there, so its name becomes one: `Crude oil, Brent` is `pink-crude-oil-brent`.

use super::gather::{Columns, Gather, Stated, When};
use super::rows::{Period, VALUES_ABSENT, is_absent, period, rows};
use crate::energy::price::Frequency;
use crate::import::Refusal;
use crate::import::{Error, Input, Report};

pub const COLUMNS: [&str; 4] = ["month", "series", "unit", "value"];

const PLACES: Columns =
    Columns { id: "series", title: "series", unit: "unit", source: "", period: "month", value: "value" };
pub const SOURCE: &str = "World Bank, Commodity Price Data (The Pink Sheet)";

pub fn read(input: &mut Input, gather: &mut Gather, report: &mut Report) -> Result<(), Error> {
    rows(input, COLUMNS, report, |[month, title, unit, value], _, report| {
        let id = slug(PREFIX, title);
        if id == PREFIX {
            return Err(Refusal::new("series", title, "is not a valid name of a series; expected `Crude oil, Brent`"));
        }
        let period = period("month", month)?;
        if !matches!(period, Period::Month(_)) {
            return Err(Refusal::new(
                "month",
                month,
                "is not a valid month, and the Pink Sheet is monthly; expected one such as 2022-02",
            ));
        }
        if is_absent(value) {
            report.skip(VALUES_ABSENT);
            return Ok(());
        }
        gather.take(
            &PLACES,
            &Stated { id: &id, title, unit, source: SOURCE },
            When { period, text: month, said: Some(Frequency::Monthly) },
            value,
        )
    })
}

pub const PREFIX: &str = "pink";

/// `Crude oil, Brent` as `pink-crude-oil-brent`: words of small letters and digits, joined by `-`.
pub fn slug(prefix: &str, title: &str) -> String {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(prefix.to_owned(), |id, word| format!("{id}-{}", word.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_identifiers() {
        for (title, id) in [
            ("Crude oil, Brent", "pink-crude-oil-brent"),
            ("Natural gas, US", "pink-natural-gas-us"),
            ("Liquefied natural gas, Japan **", "pink-liquefied-natural-gas-japan"),
            ("", "pink"),
        ] {
            assert_eq!(slug(PREFIX, title), id);
        }
    }
}
