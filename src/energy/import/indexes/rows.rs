//! Rows and fields that all layouts of indexes write alike.

use csv::ByteRecord;
use jiff::civil::Date;

use crate::energy::price::Frequency;
use crate::energy::price::index::{first_day, month_of};
use crate::import::Refusal;
use crate::import::{Error, Input, Reject, Report, TableReader};
use crate::value::Month;
use crate::value::text::truncated;

/// How sources write that they have no value.
const ABSENT: [&str; 9] = ["", ".", "..", "...", "…", "-", "NA", "N/A", "null"];
/// Counted under this name.
pub const VALUES_ABSENT: &str = "values that are absent";

/// The period of an observation, as it is written. A month, quarter or year is kept by its first month.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Period {
    Day(Date),
    Month(Month),
    Quarter(Month),
    Year(Month),
}

impl Period {
    /// The frequency of an index whose periods are written so, where nothing else is said.
    pub fn frequency(self) -> Frequency {
        match self {
            Self::Day(_) => Frequency::Daily,
            Self::Month(_) => Frequency::Monthly,
            Self::Quarter(_) => Frequency::Quarterly,
            Self::Year(_) => Frequency::Yearly,
        }
    }

    /// The day under which an index of a frequency keeps the value; `None` where the period is longer than one of the
    /// index's own. Publishers date the value of a month, quarter or year by any day in it.
    pub fn day(self, frequency: Frequency) -> Option<Date> {
        let within = |month: Month| Some(first_day(frequency.period(month)));
        match (self, frequency) {
            (Self::Day(day), Frequency::Daily | Frequency::Weekly) => Some(day),
            (Self::Day(day), _) => within(month_of(day)?),
            (Self::Month(month), Frequency::Monthly | Frequency::Quarterly | Frequency::Yearly) => within(month),
            (Self::Quarter(month), Frequency::Quarterly | Frequency::Yearly) => within(month),
            (Self::Year(month), Frequency::Yearly) => within(month),
            _ => None,
        }
    }
}

/// Years in which there may be prices: crude oil has been quoted since 1860.
const YEARS: std::ops::RangeInclusive<i16> = 1850..=2200;

/// Reads `2022-02-25`, `2022-02`, `2022-Q1` or `2022`.
pub fn period(column: &'static str, text: &str) -> Result<Period, Refusal> {
    read_period(text).ok_or_else(|| {
        Refusal::new(
            column,
            text,
            "is not a valid day, month, quarter or year; expected 2022-02-25, 2022-02, 2022-Q1 or 2022",
        )
    })
}

fn read_period(text: &str) -> Option<Period> {
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    let known = |month: Month| YEARS.contains(&month.year()).then_some(month);
    if digits(text, 4) {
        return Month::new(text.parse().ok()?, 1).and_then(known).map(Period::Year);
    }
    let (year, rest) = text.split_once('-')?;
    if !digits(year, 4) {
        return None;
    }
    if let Some(quarter) = rest.strip_prefix(['Q', 'q']).filter(|quarter| digits(quarter, 1)) {
        let quarter: u8 = quarter.parse().ok().filter(|quarter| (1..=4).contains(quarter))?;
        return Month::new(year.parse().ok()?, quarter * 3 - 2).and_then(known).map(Period::Quarter);
    }
    if let Ok(month) = text.parse::<Month>() {
        return known(month).map(Period::Month);
    }
    let is_day = text.len() == "2022-02-25".len();
    text.parse::<Date>().ok().filter(|day| is_day && YEARS.contains(&day.year())).map(Period::Day)
}

/// Reads what American pages write: `01/9/1997`, `Jan-1997`, `Jan 1997`; and all that [`period`] reads.
pub fn american_period(column: &'static str, text: &str) -> Result<Period, Refusal> {
    if let Some(period) = read_period(text).or_else(|| read_american(text)) {
        return Ok(period);
    }
    Err(Refusal::new(column, text, "is not a valid period; expected 01/31/2022 (month first), Jan-2022 or 2022"))
}

fn read_american(text: &str) -> Option<Period> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let mut parts = text.splitn(3, '/');
    if let (Some(month), Some(day), Some(year)) = (parts.next(), parts.next(), parts.next()) {
        let year: i16 = year.parse().ok().filter(|year| YEARS.contains(year))?;
        return Date::new(year, month.parse().ok()?, day.parse().ok()?).ok().map(Period::Day);
    }
    let (name, year) = text.split_once(['-', ' '])?;
    let name = name.to_ascii_lowercase();
    let number = MONTHS.iter().position(|known| name.get(..3) == Some(known))?;
    let year: i16 = year.trim().parse().ok().filter(|year| YEARS.contains(year))?;
    Month::new(year, u8::try_from(number + 1).ok()?).map(Period::Month)
}

pub fn is_absent(text: &str) -> bool {
    ABSENT.contains(&text)
}

/// A field without the white space around it. The table has refused what is not UTF-8.
pub fn field(record: &ByteRecord, index: usize) -> &str {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_as_they_are_written() {
        let read = |text: &str| american_period("p", text).map(|period| format!("{period:?}")).map_err(|e| e.value);
        assert_eq!(read("2022-02-25").unwrap(), format!("{:?}", Period::Day("2022-02-25".parse().unwrap())));
        assert_eq!(read("1/9/1997"), read("1997-01-09"));
        assert_eq!(read("12/31/2024"), read("2024-12-31"));
        assert_eq!(read("Sep-2021"), read("2021-09"));
        assert_eq!(read("September 2021"), read("2021-09"));
        assert_eq!(period("p", "2021-Q3").unwrap(), Period::Quarter("2021-07".parse().unwrap()));
        assert_eq!(period("p", "2021").unwrap(), Period::Year("2021-01".parse().unwrap()));
        for text in ["31/12/2024", "1/9/97", "2021-Q5", "2021-13", "0997", "21", "", "Foo-2021", "1/9/1997 10:00"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_period_stands_for_one_that_is_as_long_or_longer() {
        let day = |text: &str, frequency| period("p", text).unwrap().day(frequency).map(|day| day.to_string());
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(day("2021-08-20", Frequency::Weekly), some("2021-08-20"));
        assert_eq!(day("2021-08-20", Frequency::Monthly), some("2021-08-01"));
        assert_eq!(day("2021-08-20", Frequency::Yearly), some("2021-01-01"));
        assert_eq!(day("2021-08", Frequency::Quarterly), some("2021-07-01"));
        assert_eq!(day("2021-08", Frequency::Daily), None);
        assert_eq!(day("2021", Frequency::Monthly), None);
    }
}
