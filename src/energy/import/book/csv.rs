//! The contract book as CSV, one fact a row,
//! `contract,field,value,unit,country,from,until,first_year,last_year,source,confidence,state,note`.
//!
//! `contract` is an identifier of letters, digits and `-`. `field` is one of `contract::Field`. `value` is empty unless the
//! state is `extracted`. Dates are EDTF (`2014-05-21`, `2019-12`, `2030`, `2014~`). `unit` says its basis (`bcm/y@20C`,
//! `Mt/y LNG`, `million MMBtu/y GCV`); a basis that nobody knows is left out, and sums over it are refused later.
//! `first_year` and `last_year` are the contract years of a step of the quantity. `state` is `extracted` (the default),
//! `redacted`, `not_found`, `not_reviewed` or `not_applicable`; `confidence` is `high`, `medium` or `low`.

use std::path::PathBuf;

use super::gathered::{Gathered, identifier};
use crate::energy::contract::{Confidence, Fact, FactState, Field};
use crate::import::own_table::{self, Row};
use crate::import::{Error, Progress, Refusal, Report};
use crate::reference::country;
use crate::value::Span;

const COLUMNS: [&str; 13] = [
    "contract",
    "field",
    "value",
    "unit",
    "country",
    "from",
    "until",
    "first_year",
    "last_year",
    "source",
    "confidence",
    "state",
    "note",
];

pub(super) fn read(
    files: &[PathBuf],
    progress: &Progress,
    report: &mut Report,
    gathered: &mut Gathered,
) -> Result<(), Error> {
    own_table::read(files, progress, report, &COLUMNS, |row, _| {
        let contract = row.required("contract")?;
        identifier(&contract)?;
        gathered.take(&contract, fact(row), row.file, row.line)
    })?;
    Ok(())
}

fn fact(row: &Row<'_>) -> Result<Fact, Refusal> {
    let name = row.required("field")?;
    let field = Field::parse(&name).ok_or_else(|| {
        Refusal::new("field", &name, "is not a field of the book format; expected seller, acq, start, ...")
    })?;
    let state: FactState = word(row, "state", "extracted, redacted, not_found, not_reviewed or not_applicable")?;
    let confidence: Confidence = word(row, "confidence", "high, medium or low")?;
    let span = |column: &'static str| -> Result<Option<Span>, Refusal> {
        let text = row.text(column);
        if text.is_empty() {
            Ok(None)
        } else {
            text.parse().map(Some).map_err(|problem| Refusal::new(column, text, problem))
        }
    };
    let year = |column: &'static str| -> Result<Option<i16>, Refusal> {
        let text = row.text(column);
        let year = text.parse().ok().filter(|year| (1900..=2200).contains(year));
        match (text, year) {
            ("", _) => Ok(None),
            (_, Some(year)) => Ok(Some(year)),
            _ => Err(Refusal::new(column, text, "is not a valid year; expected one such as 2027")),
        }
    };
    let code = row.text("country");
    let alpha3 = country::code(code);
    if !code.is_empty() && alpha3.is_empty() {
        return Err(Refusal::new("country", code, "is not a valid country; expected one such as CHN"));
    }
    Ok(Fact {
        field,
        value: row.text("value").to_owned(),
        unit: row.text("unit").to_owned(),
        country: alpha3.to_owned(),
        from: span("from")?,
        until: span("until")?,
        first_year: year("first_year")?,
        last_year: year("last_year")?,
        source: row.required("source")?,
        confidence,
        state,
        note: row.text("note").to_owned(),
    })
}

fn word<T: serde::de::DeserializeOwned + Default>(
    row: &Row<'_>,
    column: &'static str,
    right: &str,
) -> Result<T, Refusal> {
    let text = row.text(column);
    if text.is_empty() {
        return Ok(T::default());
    }
    let value = serde_json::Value::String(text.to_owned());
    serde_json::from_value(value).map_err(|_| Refusal::new(column, text, format!("is not known; expected {right}")))
}
