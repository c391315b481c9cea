//! A series of the U.S. Energy Information Administration as its pages give it: lines that say what it is, then a table
//! of periods and one or more columns of values.
//!
//! ```text
//! Henry Hub Natural Gas Spot Price
//! https://www.eia.gov/dnav/ng/hist/rngwhhdd.htm
//! 19:46:12 GMT+0530 (India Standard Time)
//! Data Source: Thomson Reuters
//! Day,Henry Hub Natural Gas Spot Price Dollars per Million Btu
//! 01/13/2025,4.4
//! ```
//!
//! The first column's name says how often the series is published (`Day`, `Week of`, `Month`, `Year`), the other names
//! say series and unit. The last line but one of the address is the EIA's own identifier.

use csv::ByteRecord;

use super::eia::NAMES;
use super::gather::{Columns, Gather, Stated, When};
use super::pink_sheet::slug;
use super::rows::{VALUES_ABSENT, american_period, field, is_absent, reject};
use crate::energy::price::Frequency;
use crate::import::{Error, Input, Refusal, Report, TableReader};
use crate::value::text::truncated;

const PERIOD: &str = "first column";
const PLACES: Columns =
    Columns { id: "header", title: "header", unit: "header", source: "header", period: PERIOD, value: "value" };

/// Endings of a column's name that are its unit, and how we write it.
const UNITS: [(&str, &str); 6] = [
    ("dollars per million btu", "$/mmbtu"),
    ("dollars per barrel", "$/bbl"),
    ("dollars per gallon", "$/gal"),
    ("dollars per thousand cubic feet", "$/thousand ft3"),
    ("$/mmbtu", "$/mmbtu"),
    ("$/bbl", "$/bbl"),
];

/// Lines before the header, and the frequency that its first column names; `None` where the text is of something else.
pub fn header_of(head: &str) -> Option<(usize, Option<Frequency>)> {
    let mut is_of_eia = false;
    for (number, line) in head.lines().take(12).enumerate() {
        let first = line.split(',').next().unwrap_or_default().trim().trim_matches('"').to_ascii_lowercase();
        let names_a_period = matches!(
            first.as_str(),
            "day"
                | "date"
                | "week of"
                | "week"
                | "month"
                | "quarter"
                | "year"
                | "daily"
                | "weekly"
                | "monthly"
                | "annual"
        );
        if number > 0 && is_of_eia && names_a_period && line.contains(',') {
            return Some((number, Frequency::read(first.trim_end_matches(" of"))));
        }
        is_of_eia |= line.to_ascii_lowercase().contains("eia.gov");
    }
    None
}

/// A column of values.
struct Column {
    id: String,
    title: String,
    unit: String,
    source: String,
}

pub fn read(
    input: &mut Input,
    (preamble, said): (usize, Option<Frequency>),
    gather: &mut Gather,
    report: &mut Report,
) -> Result<(), Error> {
    let file = input.name();
    let mut key = String::new();
    for number in 0..preamble {
        let mut line = String::new();
        let read = input.reader().read_line(&mut line);
        read.map_err(|source| Error::Read { file: file.clone(), line: number as u64 + 1, source })?;
        if let Some(found) = key_of(&line) {
            key = found;
        }
    }
    if said.is_none() && gather.asked.is_none() {
        return Err(Error::Format {
            file,
            problem: format!(
                "line {}: the first column is named Date, which says not how often the series is published",
                preamble + 1
            ),
            remedy: "give --frequency daily, weekly, monthly or yearly".into(),
        });
    }
    let mut table = TableReader::open(input, b',', &[])?;
    let names: Vec<String> = table.header().iter().skip(1).filter(|name| !name.is_empty()).cloned().collect();
    let columns: Vec<Column> =
        names.iter().map(|name| column(name, if names.len() == 1 { &key } else { "" })).collect();
    let mut record = ByteRecord::new();
    while let Some(line) = table.read(&mut record)? {
        report.rows_read += 1;
        if let Err(refusal) = take(&record, &columns, said, gather, report) {
            report.reject(reject(&file, line + preamble as u64, refusal));
        }
    }
    Ok(())
}

fn take(
    record: &ByteRecord,
    columns: &[Column],
    said: Option<Frequency>,
    gather: &mut Gather,
    report: &mut Report,
) -> Result<(), Refusal> {
    let text = field(record, 0);
    let period = american_period(PERIOD, text)?;
    for (index, column) in columns.iter().enumerate() {
        let value = field(record, index + 1);
        if is_absent(value) {
            report.skip(VALUES_ABSENT);
            continue;
        }
        let Column { id, title, unit, source } = column;
        gather.take(&PLACES, &Stated { id, title, unit, source }, When { period, text, said }, value)?;
    }
    Ok(())
}

/// `https://www.eia.gov/dnav/ng/hist/rngwhhdd.htm` is `RNGWHHD`, daily: the last letter of the page is the frequency's.
fn key_of(line: &str) -> Option<String> {
    let address = line.split('"').find(|part| part.contains("eia.gov"))?.trim();
    let page = address.rsplit('/').next()?.split('.').next()?;
    let key = page.get(..page.len().checked_sub(1)?)?;
    let is_key = key.len() > 3 && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_key.then(|| key.to_ascii_uppercase())
}

fn column(name: &str, key: &str) -> Column {
    let lower = name.to_ascii_lowercase();
    let ending = lower.trim_end_matches([')', ' ']);
    let (title, unit) = UNITS
        .iter()
        .find(|(words, _)| ending.ends_with(words))
        .and_then(|(words, unit)| Some((name.get(..ending.len() - words.len())?, *unit)))
        .unwrap_or((name, ""));
    let title = title.trim_end_matches(['(', ' ', ',']);
    let known =
        NAMES.iter().find(|known| if key.is_empty() { is_named(known.begins, title) } else { known.key == key });
    let source = |key: &str| {
        format!(
            "U.S. Energy Information Administration{}",
            if key.is_empty() { String::new() } else { format!(", {key}") }
        )
    };
    let id = match known {
        Some(known) => known.id.to_owned(),
        None if key.is_empty() => slug("eia", title),
        None => format!("eia-{}", key.to_ascii_lowercase()),
    };
    let source = known.map_or_else(|| source(key), |known| known.source.to_owned());
    Column { id, title: truncated(title, 200), unit: unit.to_owned(), source }
}

/// `Europe Brent Spot Price FOB` is brent's, and a futures contract is not.
fn is_named(begins: &str, title: &str) -> bool {
    let title = title.to_ascii_lowercase();
    title.contains("spot price") && begins.split('-').all(|word| title.contains(word)) && begins != "natural-gas"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_and_units_are_in_the_names_of_columns() {
        let of = |name: &str, key: &str| {
            let column = column(name, key);
            format!("{} | {} | {} | {}", column.id, column.title, column.unit, column.source)
        };
        assert_eq!(
            of("Henry Hub Natural Gas Spot Price Dollars per Million Btu", "RNGWHHD"),
            "henry-hub | Henry Hub Natural Gas Spot Price | $/mmbtu | U.S. Energy Information Administration, RNGWHHD"
        );
        assert_eq!(
            of("Europe Brent Spot Price FOB (Dollars per Barrel)", ""),
            "brent | Europe Brent Spot Price FOB | $/bbl | U.S. Energy Information Administration, RBRTE"
        );
        assert_eq!(
            of("Natural Gas Futures Contract 1 (Dollars per Million Btu)", "RNGC1"),
            "eia-rngc1 | Natural Gas Futures Contract 1 | $/mmbtu | U.S. Energy Information Administration, RNGC1"
        );
        assert_eq!(
            of("Los Angeles Reformulated RBOB Spot Price (Dollars per Gallon)", "").split(" | ").next(),
            Some("eia-los-angeles-reformulated-rbob-spot-price")
        );
        assert_eq!(of("Stocks Thousand Barrels", "").split(" | ").nth(2), Some(""));
    }

    #[test]
    fn the_header_stands_behind_lines_that_name_the_source() {
        let page = "Title\nhttps://www.eia.gov/dnav/ng/hist/rngwhhdw.htm\n10:00\nWeek of,Price Dollars per Barrel\n";
        assert_eq!(header_of(page), Some((3, Some(Frequency::Weekly))));
        assert_eq!(header_of("Date,Price\n2020-01-01,1\n"), None);
        assert_eq!(key_of("https://www.eia.gov/dnav/pet/hist/RBRTED.htm\n"), Some("RBRTE".to_owned()));
        assert_eq!(key_of("Data Source: Thomson Reuters"), None);
    }
}
