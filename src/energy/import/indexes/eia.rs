//! Spot prices of the U.S. Energy Information Administration, as they are passed on: `Date,Price` or `Month,Price`.
//!
//! Such a file names neither its series nor its unit: the name of the file says them, by `NAMES`. Nor does it say how
//! often it observes. A monthly value is dated `1997-01`, or with a day in the middle of the month; so a file is daily
//! when most of its months have several days, and monthly when none has. Between the two, a month with several values
//! is a mistake, and what is too much in it is refused.

use std::collections::BTreeMap;

use super::gather::{Columns, Gather, Stated};
use super::rows::{Period, VALUES_ABSENT, is_absent, period, reject, rows};
use crate::energy::price::index::month_of;
use crate::import::{Error, Input, Report};
use crate::value::Month;

/// A series by the name of the file that it is passed on in.
struct Name {
    /// What the name of the file begins with, in small letters.
    begins: &'static str,
    id: &'static str,
    title: &'static str,
    unit: &'static str,
    source: &'static str,
}

/// The identifier of the EIA stands in the source.
const NAMES: [Name; 4] = [
    Name {
        begins: "brent",
        id: "brent",
        title: "Europe Brent spot price FOB",
        unit: "$/bbl",
        source: "U.S. Energy Information Administration, RBRTE",
    },
    Name {
        begins: "wti",
        id: "wti",
        title: "Cushing, OK WTI spot price FOB",
        unit: "$/bbl",
        source: "U.S. Energy Information Administration, RWTC",
    },
    HENRY_HUB,
    // As the data hub of Frictionless Data names the series of Henry Hub.
    Name { begins: "natural-gas", ..HENRY_HUB },
];

const HENRY_HUB: Name = Name {
    begins: "henry-hub",
    id: "henry-hub",
    title: "Henry Hub natural gas spot price",
    unit: "$/mmbtu",
    source: "U.S. Energy Information Administration, RNGWHHD",
};

/// Stands for a column in refusals.
const NAMED_BY: &str = "file name";

/// A row with a value.
struct Row {
    line: u64,
    period: Period,
    period_text: String,
    value: String,
}

pub fn read(
    input: &mut Input,
    period_column: &'static str,
    gather: &mut Gather,
    report: &mut Report,
) -> Result<(), Error> {
    let file = input.name();
    let name = named(input)?;
    let stated = Stated { id: name.id, title: name.title, unit: name.unit, source: name.source };
    let (id, title, unit, source) = (NAMED_BY, NAMED_BY, NAMED_BY, NAMED_BY);
    let columns = Columns { id, title, unit, source, period: period_column, value: "Price" };
    let mut read = Vec::new();
    rows(input, [period_column, "Price"], report, |[period_text, value], line, report| {
        let period = period(period_column, period_text)?;
        if is_absent(value) {
            report.skip(VALUES_ABSENT);
            return Ok(());
        }
        read.push(Row { line, period, period_text: period_text.to_owned(), value: value.to_owned() });
        Ok(())
    })?;
    let daily = is_daily(&read);
    for row in read {
        let period = match row.period {
            Period::Day(day) if !daily => month_of(day).map_or(row.period, Period::Month),
            period => period,
        };
        let taken = gather.take(&columns, &stated, (period, &row.period_text), &row.value);
        if let Err(refusal) = taken {
            report.reject(reject(&file, row.line, refusal));
        }
    }
    Ok(())
}

fn named(input: &Input) -> Result<&'static Name, Error> {
    let stem = input.path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let is = |name: &&Name| {
        stem.strip_prefix(name.begins).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    };
    NAMES.iter().find(is).ok_or_else(|| {
        let known: Vec<&str> = NAMES.iter().map(|name| name.begins).collect();
        Error::Format {
            file: input.name(),
            problem: "has the columns of an EIA series, and its name does not say which series it is".into(),
            remedy: format!(
                "let the name begin with {}, or give the file the columns {}",
                known.join(", "),
                super::own::COLUMNS.join(", ")
            ),
        }
    })
}

/// Whether the rows are of days: most months have several.
fn is_daily(rows: &[Row]) -> bool {
    let mut days: BTreeMap<Month, (Period, bool)> = BTreeMap::new();
    for row in rows {
        let Period::Day(day) = row.period else { continue };
        let Some(month) = month_of(day) else { continue };
        // The same day twice is a mistake, and says nothing of the frequency.
        let (first, several) = days.entry(month).or_insert((row.period, false));
        *several |= *first != row.period;
    }
    let several = days.values().filter(|(_, several)| *several).count();
    several > 0 && several * 2 >= days.len()
}
