//! Brings the rows of all files together by index, and refuses what contradicts what stands there already.
//!
//! Never decides between two values of a period: the second one is refused and named.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::rows::Period;
use crate::energy::price::index::{Frequency, Observation, Series};
use crate::import::Refusal;
use crate::value::decimal;

/// What a row says of its index.
pub struct Stated<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub unit: &'a str,
    pub source: &'a str,
}

/// The columns of a layout, for refusals; empty where it has none.
pub struct Columns {
    pub id: &'static str,
    pub title: &'static str,
    pub unit: &'static str,
    pub source: &'static str,
    pub period: &'static str,
    pub value: &'static str,
}

#[derive(Default)]
pub struct Gather {
    series: BTreeMap<String, (Series, BTreeMap<Date, Decimal>)>,
}

impl Gather {
    /// Takes the value of a period, or says what it contradicts. `period_text` is that of the file.
    pub fn take(
        &mut self,
        columns: &Columns,
        stated: &Stated<'_>,
        (period, period_text): (Period, &str),
        value_text: &str,
    ) -> Result<(), Refusal> {
        let value = decimal::read(value_text).map_err(|problem| Refusal::new(columns.value, value_text, problem))?;
        let (frequency, day) = match period {
            Period::Month(month) => (Frequency::Monthly, first_day(month)),
            Period::Day(day) => (Frequency::Daily, day),
        };
        let Stated { id, title, unit, source } = *stated;
        let (series, values) = self.series.entry(id.to_owned()).or_insert_with(|| {
            let series = Series {
                id: id.to_owned(),
                title: title.to_owned(),
                unit: unit.to_owned(),
                frequency,
                source: source.to_owned(),
            };
            (series, BTreeMap::new())
        });
        for (column, found, known, what) in [
            (columns.unit, unit, series.unit.as_str(), "unit"),
            (columns.title, title, series.title.as_str(), "title"),
            (columns.source, source, series.source.as_str(), "source"),
        ] {
            if found != known {
                let column = if column.is_empty() { columns.id } else { column };
                let reason = format!("is a second {what} of {id}, which has `{known}`; an index has one");
                return Err(Refusal::new(column, found, reason));
            }
        }
        if frequency != series.frequency {
            let (known, found) = (series.frequency.text(), frequency.text());
            let reason = format!("is {found}, and {id} is {known}; an index of its own would be right");
            return Err(Refusal::new(columns.period, period_text, reason));
        }
        if let Some(known) = values.get(&day) {
            let reason = format!("is a period that {id} has already, with the value {known}; one value is right");
            return Err(Refusal::new(columns.period, period_text, reason));
        }
        values.insert(day, value);
        Ok(())
    }

    /// By identifier and day.
    pub fn finish(self) -> Vec<(Series, Vec<Observation>)> {
        let observations = |values: BTreeMap<Date, Decimal>| {
            values.into_iter().map(|(day, value)| Observation { day, value }).collect()
        };
        self.series.into_values().map(|(series, values)| (series, observations(values))).collect()
    }
}

fn first_day(month: crate::value::Month) -> Date {
    // A month of the years 1 to 9999 has a first day.
    i8::try_from(month.month()).ok().and_then(|number| Date::new(month.year(), number, 1).ok()).unwrap_or_default()
}
