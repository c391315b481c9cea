//! Our own layout for any index: CSV, `index,period,value,unit,title,source`.
//!
//! `index` is the identifier that formulas name: letters, digits and `-`. `period` is a month (`2024-01`) or a day
//! (`2024-01-31`), the same throughout an index. `value` is a decimal; empty, `..`, `…` or `NA` where there is none.
//! `unit`, `title` and `source` are the same in all rows of an index, and may be empty but for the source.

use super::gather::{Columns, Gather, Stated};
use super::rows::{VALUES_ABSENT, is_absent, period, rows};
use crate::import::Refusal;
use crate::import::{Error, Input, Report};

pub const COLUMNS: [&str; 6] = ["index", "period", "value", "unit", "title", "source"];

const PLACES: Columns =
    Columns { id: "index", title: "title", unit: "unit", source: "source", period: "period", value: "value" };

pub fn read(input: &mut Input, gather: &mut Gather, report: &mut Report) -> Result<(), Error> {
    rows(input, COLUMNS, report, |[id, period_text, value, unit, title, source], _, report| {
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err(Refusal::new("index", id, "is no identifier; letters, digits and `-` would be right"));
        }
        if source.is_empty() {
            return Err(Refusal::new("source", source, "is empty and must be given"));
        }
        let period = period("period", period_text)?;
        if is_absent(value) {
            report.skip(VALUES_ABSENT);
            return Ok(());
        }
        gather.take(&PLACES, &Stated { id, title, unit, source }, (period, period_text), value)
    })
}
