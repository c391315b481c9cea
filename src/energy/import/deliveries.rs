//! Deliveries, in a layout of our own: CSV, `subject,period_from,period_to,value,unit,source,confidence,note`.
//!
//! `subject` is the identifier of a contract or a flow. A year, month or day (EDTF) in `period_from` alone means that
//! period. `unit` is an amount with its basis (`bcm@20C`), no rate.

use std::collections::HashSet;
use std::path::PathBuf;

use jiff::civil::Date;

use crate::energy::contract::Confidence;
use crate::energy::delivery::Delivery;
use crate::energy::import::unread;
use crate::energy::import::write::{Records, refuse_empty, write_deliveries};
use crate::energy::quantity;
use crate::import::own_table::{self, Row};
use crate::import::{Error, Progress, Refusal, Report};
use crate::register::DatasetKind;
use crate::value::{Span, decimal};

pub const FORMAT: Records = Records {
    name: "deliveries",
    about: "Deliveries of energy, CSV of our own: subject, period_from, value, unit, source and more.",
    kind: DatasetKind::Deliveries,
    dataset: "deliveries",
    title: "Deliveries of energy",
    publisher: "the operator",
    license: "as its sources say",
    scope: "the whole dataset",
    write: |job, progress| {
        let deliveries = read(&job.options.files, progress, job.report)?;
        refuse_empty(&deliveries, job.report)?;
        write_deliveries(job, deliveries, true)
    },
};

const COLUMNS: [&str; 8] = ["subject", "period_from", "period_to", "value", "unit", "source", "confidence", "note"];

pub fn read(files: &[PathBuf], progress: &Progress, report: &mut Report) -> Result<Vec<Delivery>, Error> {
    let mut seen: HashSet<(String, Date, Date, String)> = HashSet::new();
    unread::refuse_any(files)?;
    own_table::read(files, progress, report, &COLUMNS, |row, _| {
        let delivery = delivery(row)?;
        let key = (delivery.subject.clone(), delivery.from, delivery.to, delivery.source.clone());
        if !seen.insert(key) {
            return Err(Refusal::new("subject", &delivery.subject, "has this period from this source twice"));
        }
        Ok(delivery)
    })
}

fn delivery(row: &Row<'_>) -> Result<Delivery, Refusal> {
    let subject = row.required("subject")?;
    if !subject.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err(Refusal::new("subject", &subject, "is not a valid identifier; expected letters, digits and `-`"));
    }
    let span = |column: &'static str, text: &str| -> Result<Span, Refusal> {
        text.parse().map_err(|problem| Refusal::new(column, text, problem))
    };
    let first = span("period_from", &row.required("period_from")?)?;
    let last = match row.text("period_to") {
        "" => first,
        text => span("period_to", text)?,
    };
    if last.last < first.first {
        return Err(Refusal::new("period_to", row.text("period_to"), "lies before the beginning"));
    }
    let text = row.required("value")?;
    let value = decimal::read(&text).map_err(|problem| Refusal::new("value", &text, problem))?;
    let unit = row.required("unit")?;
    let parsed = quantity::text::unit(&unit).map_err(|error| Refusal::new("unit", &unit, error.reason))?;
    if parsed.per.is_some() {
        return Err(Refusal::new("unit", &unit, "is a rate; expected an amount such as bcm@20C"));
    }
    let confidence = match row.text("confidence") {
        "" => Confidence::Unknown,
        "high" => Confidence::High,
        "medium" => Confidence::Medium,
        "low" => Confidence::Low,
        other => return Err(Refusal::new("confidence", other, "is not known; expected high, medium or low")),
    };
    Ok(Delivery {
        subject,
        from: first.first,
        to: last.last,
        value,
        unit,
        source: row.required("source")?,
        confidence,
        rule: String::new(),
        note: row.text("note").to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::own_table::tests::read_text;

    #[test]
    fn periods_are_read_and_bad_rows_named() {
        let header = "subject,period_from,period_to,value,unit,source,confidence,note\n";
        let rows = "POS1,2020,,4.1,bcm@20C,press,high,\nPOS1,2021-01,2021-06,5,bcm@20C,press,,\nPOS1,2020,,4.1,bcm@20C,press,high,\n\
                    POS1,2022,,x,bcm@20C,press,,\nPOS1,2023,,1,bcm/y@20C,press,,\nPOS1,2024,,1,bcm@20C,,,\n";
        let (deliveries, _, rejects) = read_text(&format!("{header}{rows}"), read).unwrap();
        assert_eq!(rejects, ["4 subject", "5 value", "6 unit", "7 source"]);
        assert_eq!(deliveries[0].to.to_string(), "2020-12-31");
        assert_eq!(
            (deliveries[1].from.to_string(), deliveries[1].to.to_string()),
            ("2021-01-01".into(), "2021-06-30".into())
        );
    }
}
