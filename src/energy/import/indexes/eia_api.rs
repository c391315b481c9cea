//! Answers of the EIA's open data, API v2 (JSON; <https://www.eia.gov/opendata/documentation.php>).
//!
//! `response.frequency` says how often the series are published, `response.data` holds a row a value: `period`, the
//! facets of the route, `series` with `series-description`, `value` (a text in newer answers, a number in older ones, or
//! null) and `units`. An answer that was cut off at the server's limit says so in `warnings` and is refused: what is
//! missing would be taken for withdrawn.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::eia::NAMES;
use super::gather::{Columns, Gather, Stated, When};
use super::rows::{VALUES_ABSENT, is_absent, period, reject};
use crate::energy::price::Frequency;
use crate::import::{Error, Input, Refusal, Report};

const PLACES: Columns = Columns {
    id: "series",
    title: "series-description",
    unit: "units",
    source: "series",
    period: "period",
    value: "value",
};
/// An answer has 5,000 rows.
const BYTES_MAX: u64 = 64 << 20;

#[derive(Deserialize)]
struct Answer {
    response: Response,
}

#[derive(Deserialize)]
struct Response {
    frequency: Option<String>,
    data: Vec<Row>,
    #[serde(default)]
    warnings: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Row {
    period: String,
    #[serde(alias = "seriesId", alias = "series-id")]
    series: Option<String>,
    #[serde(alias = "seriesDescription", alias = "series-name")]
    series_description: Option<String>,
    /// As it is written: a number must not pass through binary floating point.
    value: Option<Box<RawValue>>,
    #[serde(alias = "value-units", alias = "unit")]
    units: Option<String>,
}

pub fn read(input: &mut Input, gather: &mut Gather, report: &mut Report) -> Result<(), Error> {
    use std::io::Read as _;
    let file = input.name();
    let refuse = |problem: String, remedy: &str| Error::Format { file: file.clone(), problem, remedy: remedy.into() };
    let mut text = String::new();
    let read = input.reader().take(BYTES_MAX + 1).read_to_string(&mut text);
    read.map_err(|source| Error::Read { file: file.clone(), line: 0, source })?;
    if text.len() as u64 > BYTES_MAX {
        return Err(refuse(
            format!("is more than {} MiB of JSON", BYTES_MAX >> 20),
            "ask for fewer rows in each answer",
        ));
    }
    let answer: Answer = serde_json::from_str(&text).map_err(|error| {
        refuse(
            format!("is not an answer of the EIA's API v2: {error}"),
            "expected `response` with `frequency` and `data`",
        )
    })?;
    let Response { frequency, data, warnings } = answer.response;
    if !warnings.is_empty() {
        let warning = serde_json::to_string(&warnings).unwrap_or_default();
        return Err(refuse(
            format!("the API warns of this answer: {}", crate::value::text::truncated(&warning, 200)),
            "ask for the rest with `offset`, or for fewer series, so that each answer is whole",
        ));
    }
    let said = match frequency.as_deref() {
        None => None,
        Some(text) => Some(Frequency::read(text).ok_or_else(|| {
            refuse(
                format!("response.frequency `{text}` is none that is read"),
                "expected daily, weekly, monthly, quarterly or annual",
            )
        })?),
    };
    for (index, row) in data.iter().enumerate() {
        report.rows_read += 1;
        if let Err(refusal) = take(row, said, gather, report) {
            // JSON has no lines that matter: the number of the row in `data`, from 1.
            report.reject(reject(&format!("{file} [response.data]"), index as u64 + 1, refusal));
        }
    }
    Ok(())
}

fn take(row: &Row, said: Option<Frequency>, gather: &mut Gather, report: &mut Report) -> Result<(), Refusal> {
    let Some(key) = row.series.as_deref().filter(|key| !key.is_empty()) else {
        return Err(Refusal::new("series", "", "is missing; expected a route with the facet `series`"));
    };
    let text = row.period.as_str();
    let period = period("period", text)?;
    let value = row.value.as_ref().map_or("", |value| value.get()).trim_matches('"');
    if is_absent(value) {
        report.skip(VALUES_ABSENT);
        return Ok(());
    }
    let description = row.series_description.as_deref().unwrap_or_default();
    let units = row.units.as_deref().unwrap_or_default().to_ascii_lowercase();
    let known = NAMES.iter().find(|known| known.key.eq_ignore_ascii_case(key));
    let id = known.map_or_else(|| super::pink_sheet::slug("eia", key), |known| known.id.to_owned());
    let source = format!("U.S. Energy Information Administration, {key}");
    let stated = Stated { id: &id, title: description, unit: &units, source: &source };
    gather.take(&PLACES, &stated, When { period, text, said }, value)
}
