//! Our own layout for any index: CSV, `index,period,value,unit,title,source`, and perhaps `frequency`.
//!
//! `index` is the identifier that formulas name: letters, digits and `-`. `period` is a day (`2024-01-31`), a month
//! (`2024-01`), a quarter (`2024-Q1`) or a year (`2024`), the same throughout an index, and says how often it is
//! published; a weekly index is dated by days, so the column `frequency` says `weekly`. `value` is a decimal; empty,
//! `..`, `…` or `NA` where there is none. `unit`, `title`, `source` and `frequency` are the same in all rows of an
//! index, and may be empty but for the source.

use csv::ByteRecord;

use super::gather::{Columns, Gather, Stated, When};
use super::rows::{VALUES_ABSENT, field, is_absent, period, reject};
use crate::energy::price::Frequency;
use crate::import::{Error, Input, Refusal, Report, TableReader};

pub const COLUMNS: [&str; 6] = ["index", "period", "value", "unit", "title", "source"];

const PLACES: Columns =
    Columns { id: "index", title: "title", unit: "unit", source: "source", period: "period", value: "value" };

pub fn read(input: &mut Input, gather: &mut Gather, report: &mut Report) -> Result<(), Error> {
    let file = input.name();
    let mut table = TableReader::open(input, b',', &COLUMNS)?;
    let mut places = [0; COLUMNS.len()];
    for (index, name) in places.iter_mut().zip(COLUMNS) {
        *index = table.column(name)?;
    }
    let frequency = table.optional_column("frequency");
    let mut record = ByteRecord::new();
    while let Some(line) = table.read(&mut record)? {
        report.rows_read += 1;
        let fields = places.map(|index| field(&record, index));
        let said = frequency.map_or("", |index| field(&record, index));
        if let Err(refusal) = take(fields, said, gather, report) {
            report.reject(reject(&file, line, refusal));
        }
    }
    Ok(())
}

fn take(fields: [&str; 6], said: &str, gather: &mut Gather, report: &mut Report) -> Result<(), Refusal> {
    let [id, text, value, unit, title, source] = fields;
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err(Refusal::new("index", id, "is not a valid identifier; expected letters, digits and `-`"));
    }
    if source.is_empty() {
        return Err(Refusal::new("source", source, "is empty and must be given"));
    }
    let period = period("period", text)?;
    let said = match said {
        "" => None,
        said => Some(Frequency::read(said).ok_or_else(|| {
            Refusal::new("frequency", said, "is none; expected daily, weekly, monthly, quarterly or yearly")
        })?),
    };
    if is_absent(value) {
        report.skip(VALUES_ABSENT);
        return Ok(());
    }
    gather.take(&PLACES, &Stated { id, title, unit, source }, When { period, text, said }, value)
}
