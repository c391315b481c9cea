//! Spot prices of the U.S. Energy Information Administration, as they are passed on: `Date,Price` or `Month,Price`.
//!
//! Such a file names neither its series nor its unit: the name of the file says them, by `NAMES`. Nor does it say how
//! often it observes, for a value of a month, a week or a year is dated by a day in it: the name of the file says that
//! too (`brent-weekly.csv`), or the column of the period, or `--frequency`. It is never told from the dates.

use super::gather::{Columns, Gather, Stated, When};
use super::rows::{Period, VALUES_ABSENT, is_absent, period, rows};
use crate::energy::price::Frequency;
use crate::import::{Error, Input, Refusal, Report};

/// A series by the name of the file that it is passed on in.
pub struct Name {
    /// What the name of the file begins with, in small letters.
    pub begins: &'static str,
    /// The EIA's own identifier.
    pub key: &'static str,
    pub id: &'static str,
    pub title: &'static str,
    pub unit: &'static str,
    pub source: &'static str,
}

/// The identifier of the EIA stands in the source.
pub const NAMES: [Name; 4] = [
    Name {
        begins: "brent",
        key: "RBRTE",
        id: "brent",
        title: "Europe Brent spot price FOB",
        unit: "$/bbl",
        source: "U.S. Energy Information Administration, RBRTE",
    },
    Name {
        begins: "wti",
        key: "RWTC",
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
    key: "RNGWHHD",
    id: "henry-hub",
    title: "Henry Hub natural gas spot price",
    unit: "$/mmbtu",
    source: "U.S. Energy Information Administration, RNGWHHD",
};

/// Stands for a column in refusals.
const NAMED_BY: &str = "file name";

pub fn read(
    input: &mut Input,
    period_column: &'static str,
    gather: &mut Gather,
    report: &mut Report,
) -> Result<(), Error> {
    let (name, said) = named(input)?;
    let said = said.or_else(|| Frequency::read(period_column));
    let stated = Stated { id: name.id, title: name.title, unit: name.unit, source: name.source };
    let (id, title, unit, source) = (NAMED_BY, NAMED_BY, NAMED_BY, NAMED_BY);
    let columns = Columns { id, title, unit, source, period: period_column, value: "Price" };
    rows(input, [period_column, "Price"], report, |[text, value], _, report| {
        let period = period(period_column, text)?;
        if matches!(period, Period::Day(_)) && said.is_none() && gather.asked.is_none() {
            let reason = "is a day, and neither the file nor its name says how often it observes; give --frequency daily, \
                          weekly, monthly or yearly, or let the name say it, as brent-weekly.csv does";
            return Err(Refusal::new(period_column, text, reason));
        }
        if is_absent(value) {
            report.skip(VALUES_ABSENT);
            return Ok(());
        }
        gather.take(&columns, &stated, When { period, text, said }, value)
    })
}

/// The series that the name of a file begins with, and the frequency that a word behind it says.
fn named(input: &Input) -> Result<(&'static Name, Option<Frequency>), Error> {
    let file_name = input.path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let behind = |name: &'static Name| {
        let rest = file_name.strip_prefix(name.begins)?;
        (!rest.starts_with(|c: char| c.is_ascii_alphanumeric())).then_some((name, rest))
    };
    let (name, rest) = NAMES.iter().find_map(behind).ok_or_else(|| {
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
    })?;
    // A single letter may stand for anything.
    let words = rest.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() > 1);
    Ok((name, words.into_iter().find_map(Frequency::read)))
}
