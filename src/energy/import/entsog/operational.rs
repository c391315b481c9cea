//! `operationalData` of the ENTSOG Transparency Platform: what one operator reports of a point, a direction and a gas day,
//! by indicator. Columns as the API names them (`pointKey`) or with underscores (`point_key`), divided by `;` or `,`.
//!
//! A row does not say which side of the point exports, so two operators' reports of one flow cannot be told from two
//! flows: nothing is netted. The subject names the operator, and the direction is the operator's own:
//! `ITP-00297-DE-TSO-0018-entry` is what Fluxys Deutschland reports as its entry. Physical flows and allocations are
//! flows; nominations, capacities and calorific values are counted and left out. An allocation has `-allocation` behind
//! its subject, for it is not what the meters show.

use std::collections::HashMap;

use csv::ByteRecord;
use jiff::civil::Date;

use crate::energy::contract::Confidence;
use crate::energy::delivery::Delivery;
use crate::import::{Error, Input, Refusal, Reject, Report, TableReader};
use crate::value::decimal;
use crate::value::text::truncated;

/// Our names of the columns, and theirs without signs and case.
const COLUMNS: [(&str, &str); 10] = [
    ("point_key", "pointkey"),
    ("operator_key", "operatorkey"),
    ("direction_key", "directionkey"),
    ("indicator", "indicator"),
    ("period_from", "periodfrom"),
    ("period_to", "periodto"),
    ("period_type", "periodtype"),
    ("unit", "unit"),
    ("value", "value"),
    ("flow_status", "flowstatus"),
];

/// Kilowatt-hours as operators publish them.
pub const UNIT: &str = "kWh GCV 25C/0C";

const OTHER: &str = "rows of another indicator than a flow (nominations, capacities, calorific values): left out";
const ABSENT: &str = "values that are absent";
const ALIKE: &str = "rows that stand there twice";

fn folded(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The delimiter of such a file; `None` for a header of something else.
pub fn delimiter(first_line: &str) -> Option<u8> {
    [b';', b','].into_iter().find(|delimiter| {
        let names: Vec<String> = first_line.split(char::from(*delimiter)).map(folded).collect();
        ["pointkey", "operatorkey", "indicator", "periodfrom"].iter().all(|name| names.iter().any(|n| n == name))
    })
}

/// Flows that were read, by subject and day.
pub type Seen = HashMap<(String, Date), Delivery>;

pub fn read(input: &mut Input, delimiter: u8, seen: &mut Seen, report: &mut Report) -> Result<(), Error> {
    let file = input.name();
    let mut table = TableReader::open(input, delimiter, &[])?;
    let header: Vec<String> = table.header().iter().map(|name| folded(name)).collect();
    let place = |theirs: &str| header.iter().position(|name| name == theirs);
    let mut places = Vec::new();
    for (ours, theirs) in COLUMNS {
        match place(theirs) {
            Some(index) => places.push((ours, index)),
            None if ours == "flow_status" => {}
            None => {
                return Err(Error::Format {
                    file,
                    problem: format!("line 1 lacks the column {ours}"),
                    remedy: "fetch operationalData with all its columns".into(),
                });
            }
        }
    }
    let mut record = ByteRecord::new();
    while let Some(line) = table.read(&mut record)? {
        report.rows_read += 1;
        let row = Row { record: &record, places: &places };
        if let Err(Refusal { field, value, reason }) = take(&row, seen, report) {
            let value = truncated(&value, 80);
            report.reject(Reject { file: file.clone(), line, field: field.to_owned(), value, reason });
        }
    }
    Ok(())
}

struct Row<'a> {
    record: &'a ByteRecord,
    places: &'a [(&'static str, usize)],
}

impl Row<'_> {
    fn text(&self, name: &str) -> &str {
        let place = self.places.iter().find(|(ours, _)| *ours == name).map(|(_, place)| *place);
        let bytes = place.and_then(|place| self.record.get(place)).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default().trim()
    }

    fn key(&self, name: &'static str) -> Result<&str, Refusal> {
        let text = self.text(name);
        let is_key = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let refusal = || Refusal::new(name, text, "is not a valid key; expected letters, digits and `-`, as ITP-00297");
        is_key.then_some(text).ok_or_else(refusal)
    }
}

fn take(row: &Row<'_>, seen: &mut Seen, report: &mut Report) -> Result<(), Refusal> {
    let (ending, words) = match folded(row.text("indicator")).as_str() {
        "physicalflow" => ("", "physical flow"),
        "allocation" => ("-allocation", "allocation"),
        "" => return Err(Refusal::new("indicator", "", "is empty and must be given")),
        _ => {
            report.skip(OTHER);
            return Ok(());
        }
    };
    let (point, operator) = (row.key("point_key")?, row.key("operator_key")?);
    let direction = match row.text("direction_key") {
        direction @ ("entry" | "exit") => direction,
        other => return Err(Refusal::new("direction_key", other, "is not known; expected entry or exit")),
    };
    let day = gas_day(row)?;
    let text = row.text("value");
    if text.is_empty() {
        report.skip(ABSENT);
        return Ok(());
    }
    let unit = row.text("unit");
    if unit != "kWh/d" {
        return Err(Refusal::new("unit", unit, "is not read; expected kWh/d, of whole gas days"));
    }
    let value = decimal::read(text).map_err(|problem| Refusal::new("value", text, problem))?.normalize();
    if value.is_sign_negative() {
        return Err(Refusal::new("value", text, "is negative; what flows back is reported in the other direction"));
    }
    let subject = format!("{point}-{operator}-{direction}{ending}");
    let status = row.text("flow_status");
    let note = if status.is_empty() { String::new() } else { format!("{}; ", status.to_lowercase()) };
    let delivery = Delivery {
        subject: subject.clone(),
        from: day,
        to: day,
        value,
        unit: UNIT.to_owned(),
        source: format!("ENTSOG Transparency Platform, {words}, operator {operator}"),
        confidence: Confidence::Unknown,
        rule: String::new(),
        note: format!(
            "{note}the operator's own {direction}; not netted with other operators, since the file does not say who exports"
        ),
    };
    match seen.get(&(subject.clone(), day)) {
        None => _ = seen.insert((subject, day), delivery),
        Some(known) if known.value == delivery.value => report.skip(ALIKE),
        Some(known) => {
            let reason = format!("is a second value of {subject} on {day}, which has {}; one is right", known.value);
            return Err(Refusal::new("value", text, reason));
        }
    }
    Ok(())
}

/// `2018-01-01T06:00:00+01:00` to 06:00 of the next day.
fn gas_day(row: &Row<'_>) -> Result<Date, Refusal> {
    let kind = row.text("period_type");
    if !kind.eq_ignore_ascii_case("day") {
        return Err(Refusal::new("period_type", kind, "is not read; expected day"));
    }
    let read = |name: &'static str| -> Result<Date, Refusal> {
        let text = row.text(name);
        let date = text.get(..10).and_then(|date| date.parse::<Date>().ok());
        date.ok_or_else(|| {
            Refusal::new(name, text, "is not a valid day; expected one such as 2018-01-01T06:00:00+01:00")
        })
    };
    let (from, to) = (read("period_from")?, read("period_to")?);
    if from.tomorrow().ok() != Some(to) {
        let reason = format!("is not the day after period_from, {from}; expected one gas day in a row");
        return Err(Refusal::new("period_to", row.text("period_to"), reason));
    }
    Ok(from)
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use crate::import::own_table::tests::read_text;

    const HEADER: &str =
        ";direction_key;flow_status;indicator;operator_key;period_from;period_to;period_type;point_key;unit;value\n";

    fn row(direction: &str, indicator: &str, value: &str) -> String {
        format!(
            "0;{direction};Confirmed;{indicator};NL-TSO-0001;2020-02-29T06:00:00+01:00;2020-03-01T06:00:00+01:00;day;ITP-00081;kWh/d;{value}\n"
        )
    }

    #[test]
    fn an_operators_flows_keep_their_operator() {
        let rows = [
            row("entry", "Physical Flow", "123456.5"),
            row("exit", "Physical Flow", "0"),
            row("entry", "Allocation", "123000"),
            row("entry", "Nomination", "1"),
            row("exit", "Physical Flow", "0"),
            row("exit", "Allocation", ""),
            row("entry", "Physical Flow", "9"),
            row("both", "Physical Flow", "9"),
            row("exit", "Allocation", "5").replace("kWh/d", "kWh/h"),
            row("exit", "Allocation", "5").replace("day", "hour"),
        ];
        let (deliveries, report, _) = read_text(&format!("{HEADER}{}", rows.concat()), read).unwrap();
        let shown: Vec<String> =
            deliveries.iter().map(|d| format!("{} {} {} {}", d.subject, d.from, d.value, d.unit)).collect();
        assert_eq!(
            shown,
            [
                "ITP-00081-NL-TSO-0001-entry 2020-02-29 123456.5 kWh GCV 25C/0C",
                "ITP-00081-NL-TSO-0001-entry-allocation 2020-02-29 123000 kWh GCV 25C/0C",
                "ITP-00081-NL-TSO-0001-exit 2020-02-29 0 kWh GCV 25C/0C",
            ]
        );
        assert_eq!((report.rows_read, report.rows_rejected), (10, 4));
        assert_eq!(report.skipped.values().copied().collect::<Vec<u64>>(), [1, 1, 1], "{:?}", report.skipped);
        let reasons: Vec<&str> = report.rejects.iter().map(|reject| reject.reason.as_str()).collect();
        let expected = [
            "is a second value of",
            "is not known; expected entry",
            "kWh/d, of whole gas days",
            "is not read; expected day",
        ];
        for (reason, words) in reasons.iter().zip(expected) {
            assert!(reason.contains(words), "{reason}");
        }
        // The API's own names, with commas.
        let api = "pointKey,operatorKey,directionKey,indicator,periodFrom,periodTo,periodType,unit,value\n\
                   ITP-1,BE-TSO-0001,exit,Physical Flow,2020-01-01T06:00:00+01:00,2020-01-02T06:00:00+01:00,day,kWh/d,7\n";
        let (deliveries, ..) = read_text(api, read).unwrap();
        assert_eq!(deliveries[0].subject, "ITP-1-BE-TSO-0001-exit");
        assert!(deliveries[0].note.starts_with("the operator's own exit"));
    }
}
