//! Rows and fields that all layouts of indexes write alike.

use csv::ByteRecord;
use jiff::civil::Date;

use crate::import::Refusal;
use crate::import::{Error, Input, Reject, Report, TableReader};
use crate::value::Month;
use crate::value::text::truncated;

/// How sources write that they have no value.
const ABSENT: [&str; 4] = ["", "..", "…", "NA"];
/// Counted under this name.
pub const VALUES_ABSENT: &str = "values that are absent";

/// The month or the day of an observation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Period {
    Month(Month),
    Day(Date),
}

/// Years in which there may be prices: crude oil has been quoted since 1860.
const YEARS: std::ops::RangeInclusive<i16> = 1850..=2200;

/// Reads `2022-02` or `2022-02-25`.
pub fn period(column: &'static str, text: &str) -> Result<Period, Refusal> {
    let month = text.parse::<Month>().ok().filter(|month| YEARS.contains(&month.year())).map(Period::Month);
    let is_day = text.len() == "2022-02-25".len();
    let day = || text.parse::<Date>().ok().filter(|day| is_day && YEARS.contains(&day.year())).map(Period::Day);
    month
        .or_else(day)
        .ok_or_else(|| Refusal::new(column, text, "is no month or day; 2022-02 or 2022-02-25 would be right"))
}

pub fn is_absent(text: &str) -> bool {
    ABSENT.contains(&text)
}

/// A field without the white space around it. The table has refused what is not UTF-8.
fn field(record: &ByteRecord, index: usize) -> &str {
    std::str::from_utf8(record.get(index).unwrap_or_default()).unwrap_or_default().trim()
}

/// Reads a table with the columns, and takes each row that `take` does not refuse.
pub fn rows<const N: usize>(
    input: &mut Input,
    columns: [&'static str; N],
    report: &mut Report,
    mut take: impl FnMut([&str; N], u64, &mut Report) -> Result<(), Refusal>,
) -> Result<(), Error> {
    let file = input.name();
    let mut table = TableReader::open(input, b',', &columns)?;
    let mut places = [0; N];
    for (index, name) in places.iter_mut().zip(columns) {
        *index = table.column(name)?;
    }
    let mut record = ByteRecord::new();
    while let Some(line) = table.read(&mut record)? {
        report.rows_read += 1;
        let taken = take(places.map(|index| field(&record, index)), line, report);
        if let Err(refusal) = taken {
            report.reject(reject(&file, line, refusal));
        }
    }
    Ok(())
}

pub fn reject(file: &str, line: u64, refusal: Refusal) -> Reject {
    let Refusal { field, value, reason } = refusal;
    Reject { file: file.to_owned(), line, field: field.to_owned(), value: truncated(&value, 80), reason }
}
