//! Physical flows of the ENTSOG Transparency Platform: what crossed each point on each gas day, by each operator. CSV
//! with the columns `dates,values,direction,operator,location,country,exportcountry`; others are not read. The
//! platform's `operationalData`, which knows no exporting country, is read by `operational`.
//!
//! A delivery is of a point, a direction and a gas day (06:00 to 06:00, CET). Its subject is the point's key and the
//! direction as the importing side sees it: `ITP-10008-entry` is gas that comes from the exporting country, whether the
//! Polish operator reports its entry or the Ukrainian one its exit; `ITP-10008-exit` is gas that goes back. Entry and
//! exit of a point are subjects of their own and are never subtracted. `energy::netting` says which report counts;
//! every report stands in the note.
//!
//! Values are kilowatt-hours on the gross calorific value, combustion at 25 °C and volume at 0 °C: the common units for
//! what operators publish (Regulation (EU) 2015/703, Article 13); the platform gives daily flows in kWh/d.

mod operational;

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::civil::Date;

use crate::energy::delivery::Delivery;
use crate::energy::delivery::netting::{self, Direction, Netted, Reported, TOTALS};
use crate::energy::import::unread;
use crate::energy::import::write::{Records, refuse_empty, write_deliveries};
use crate::import::own_table::{self, Row};
use crate::import::{Error, Input, Progress, Refusal, Report};
use crate::reference::country;
use crate::register::DatasetKind;
use crate::value::decimal;
pub use operational::UNIT;

pub const FORMAT: Records = Records {
    name: "entsog-flows",
    about: "Physical flows of ENTSOG by point and day, CSV; operationalData, CSV with `;` or `,`.",
    kind: DatasetKind::Deliveries,
    dataset: "entsog-flows",
    title: "Physical flows by point and day",
    publisher: "ENTSOG",
    license: "as ENTSOG says",
    scope: "each point and direction in the files, from its first to its last day",
    write: |job, progress| {
        let flows = read(&job.options.files, progress, job.report)?;
        refuse_empty(&flows, job.report)?;
        write_deliveries(job, flows, job.options.whole)
    },
};

const COLUMNS: [&str; 7] = ["dates", "values", "direction", "operator", "location", "country", "exportcountry"];

/// Stands for a country in `exportcountry`: what comes from a terminal.
const LNG: &str = "Liquefied Natural Gas";

/// Operators whose system is not that of the country in their code, with that of their system.
const SYSTEMS: [(&str, &str); 1] = [
    // BBL company: registered under UK, its system is that of the Netherlands (operatorPointDirections, tSOCountry).
    ("UK-TSO-0004", "NLD"),
];

/// Reads files into deliveries, by subject and day. Two files may report the same day: the same values count once.
pub fn read(files: &[PathBuf], progress: &Progress, report: &mut Report) -> Result<Vec<Delivery>, Error> {
    let (mut flows, mut operational) = (Vec::new(), operational::Seen::new());
    for file in files {
        let mut input = Input::open(file, progress)?;
        unread::refuse(&mut input)?;
        let head = String::from_utf8_lossy(input.peek()?).into_owned();
        match operational::delimiter(head.lines().next().unwrap_or_default()) {
            None => flows.push(file.clone()),
            Some(delimiter) => {
                operational::read(&mut input, delimiter, &mut operational, report)?;
                report.files.push(input.finish()?);
            }
        }
    }
    let mut deliveries: Vec<Delivery> = operational.into_values().collect();
    deliveries.sort_by(|left, right| (&left.subject, left.from).cmp(&(&right.subject, right.from)));
    if files.is_empty() || !flows.is_empty() {
        deliveries.extend(netted(&flows, progress, report)?);
    }
    Ok(deliveries)
}

/// Flows of the files that name both countries, each once.
fn netted(files: &[PathBuf], progress: &Progress, report: &mut Report) -> Result<Vec<Delivery>, Error> {
    let mut countries = Countries::default();
    let reported = own_table::read(files, progress, report, &COLUMNS, |row, report| {
        let reported = reported(row, &mut countries)?;
        if reported.is_none() {
            report.skip("values that are absent");
        }
        Ok(reported)
    })?;
    let netted = netting::net(reported.into_iter().flatten().collect());
    let mut deliveries = Vec::with_capacity(netted.len());
    for flow in &netted {
        for (count, reason) in [
            (flow.left_out, "reports of a point that another operator or point reports too"),
            (flow.contradicting, "reports that the same operator contradicts"),
            (flow.repeating, "rows that stand there twice"),
        ] {
            (0..count).for_each(|_| report.skip(reason));
        }
        deliveries.extend(delivery(flow));
    }
    Ok(deliveries)
}

/// Codes of countries by how the file writes them: few, and looked up in every row.
#[derive(Default)]
struct Countries(BTreeMap<String, &'static str>);

impl Countries {
    fn code(&mut self, text: &str) -> &'static str {
        if let Some(code) = self.0.get(text) {
            return code;
        }
        let code = country::code(text);
        self.0.insert(text.to_owned(), code);
        code
    }
}

/// What a row reports; `None` when its value is absent.
fn reported(row: &Row<'_>, countries: &mut Countries) -> Result<Option<Reported>, Refusal> {
    let day = day(row)?;
    let direction = match row.text("direction") {
        "entry" => Direction::Entry,
        "exit" => Direction::Exit,
        other => return Err(Refusal::new("direction", other, "is not known; expected entry or exit")),
    };
    let (point, operator) = (key(row, "location")?, key(row, "operator")?);
    let stated = countries.code(row.text("country"));
    if stated.is_empty() {
        return Err(Refusal::new("country", row.text("country"), "is not a valid country; expected one such as PL"));
    }
    let system = SYSTEMS.iter().find(|(known, _)| *known == operator).map_or(stated, |(_, system)| *system);
    let exporter = row.text("exportcountry");
    let of_exporter = match countries.code(exporter) {
        "" if exporter == LNG => false,
        "" => {
            let reason = format!("is not a valid country; expected Norway or {LNG}");
            return Err(Refusal::new("exportcountry", exporter, reason));
        }
        exporter => exporter == system,
    };
    let text = row.text("values");
    if text.is_empty() {
        return Ok(None);
    }
    let value = decimal::read(text).map_err(|problem| Refusal::new("values", text, problem))?.normalize();
    if value.is_sign_negative() {
        return Err(Refusal::new("values", text, "is negative; what flows back is reported in the other direction"));
    }
    Ok(Some(Reported { point, operator, direction, of_exporter, day, value }))
}

fn day(row: &Row<'_>) -> Result<Date, Refusal> {
    let text = row.text("dates");
    let is_day = text.len() == "2021-06-01".len();
    let day = text.parse::<Date>().ok().filter(|_| is_day);
    day.ok_or_else(|| Refusal::new("dates", text, "is not a valid day; expected one such as 2021-06-01"))
}

fn key(row: &Row<'_>, column: &'static str) -> Result<String, Refusal> {
    let text = row.text(column);
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err(Refusal::new(column, text, "is not a valid key; expected letters, digits and `-`, as ITP-10008"));
    }
    Ok(text.to_owned())
}

fn delivery(flow: &Netted) -> Option<Delivery> {
    let counted = flow.counted()?;
    Some(Delivery {
        subject: format!("{}-{}", counted.main_point(), counted.flow().text()),
        from: counted.day,
        to: counted.day,
        value: counted.value,
        unit: UNIT.to_owned(),
        source: format!("ENTSOG Transparency Platform, physical flow, operator {}", counted.operator),
        confidence: flow.confidence,
        rule: flow.rule.map_or_else(String::new, |rule| rule.id.to_owned()),
        note: note(flow, counted),
    })
}

/// Empty for a report that stands alone and says by itself what it is.
fn note(flow: &Netted, counted: &Reported) -> String {
    let of = |report: &Reported| {
        let Reported { operator, direction, point, value, .. } = report;
        format!("{operator} {} at {point} {value}", direction.text())
    };
    if flow.reports.len() > 1 {
        let all: Vec<String> = flow.reports.iter().map(of).collect();
        return format!("reports in kWh, the first counts: {}", all.join("; "));
    }
    if let Some((_, parts)) = TOTALS.iter().find(|(point, _)| *point == counted.point) {
        return format!("a total of {parts}, never to be added to them");
    }
    let stands_elsewhere = counted.main_point() != counted.point || counted.flow() != counted.direction;
    if stands_elsewhere { format!("reported as: {}", of(counted)) } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::energy::contract::Confidence;
    use crate::energy::quantity;
    use crate::import::own_table::tests::read_text;

    const HEADER: &str = ",dates,values,direction,operator,location,label,country,exportcountry,IEAname\n";

    fn import(rows: &str) -> (Vec<Delivery>, Report, Vec<String>) {
        read_text(&format!("{HEADER}{rows}"), read).unwrap()
    }

    #[test]
    fn the_unit_is_one_that_sums_understand() {
        let unit = quantity::text::unit(UNIT).unwrap();
        assert_eq!((unit.to_string().as_str(), unit.per.is_some()), (UNIT, false));
    }

    #[test]
    fn one_operator_alone_keeps_its_figure() {
        let (deliveries, report, rejects) = import(
            "0,2021-01-02,,entry,ES-TSO-0006,LNG-00018,Huelva,ES,Liquefied Natural Gas,Huelva\n\
             1,2021-01-01,87649960.0,entry,ES-TSO-0006,LNG-00018,Huelva,ES,Liquefied Natural Gas,Huelva\n\
             2,2021-01-01,87649960.0,entry,ES-TSO-0006,LNG-00018,Huelva,ES,Liquefied Natural Gas,Huelva\n",
        );
        assert_eq!((rejects.len(), deliveries.len()), (0, 1));
        let expected = Delivery {
            subject: "LNG-00018-entry".into(),
            from: "2021-01-01".parse().unwrap(),
            to: "2021-01-01".parse().unwrap(),
            value: decimal::d("87649960"),
            unit: UNIT.into(),
            source: "ENTSOG Transparency Platform, physical flow, operator ES-TSO-0006".into(),
            confidence: Confidence::High,
            rule: String::new(),
            note: String::new(),
        };
        assert_eq!(deliveries[0], expected);
        assert_eq!(report.skipped.get("values that are absent"), Some(&1));
        assert_eq!(report.skipped.get("rows that stand there twice"), Some(&1));
    }

    #[test]
    fn both_sides_of_a_border_are_one_flow_in_each_direction() {
        let (deliveries, report, _) = import(
            "0,2021-06-01,116438635.9,exit,UA-TSO-0001,ITP-10008,GCP,UA,Ukraine,D\n\
             1,2021-06-01,116446323.0,entry,PL-TSO-0002,ITP-10008,GCP,PL,Ukraine,D\n\
             2,2021-06-01,0.0,entry,UA-TSO-0001,ITP-10008,GCP,UA,Ukraine,D\n",
        );
        let shown: Vec<String> =
            deliveries.iter().map(|d| format!("{} {} {} | {}", d.subject, d.value, d.rule, d.note)).collect();
        assert_eq!(
            shown,
            [
                "ITP-10008-entry 116446323 entsog-one-report | reports in kWh, the first counts: PL-TSO-0002 entry at \
                 ITP-10008 116446323; UA-TSO-0001 exit at ITP-10008 116438635.9",
                "ITP-10008-exit 0  | reported as: UA-TSO-0001 entry at ITP-10008 0",
            ]
        );
        assert!(deliveries[0].source.ends_with("operator PL-TSO-0002"));
        assert_eq!(report.skipped.get("reports of a point that another operator or point reports too"), Some(&1));
    }

    /// BBL company has a British code, and stands on the other side of Bacton.
    #[test]
    fn an_operator_stands_where_its_system_is() {
        let (deliveries, _, _) = import(
            "0,2021-06-04,19271820.0,exit,UK-TSO-0001,ITP-00207,Bacton (BBL),UK,United Kingdom,BBL\n\
             1,2021-06-04,19279078.5,entry,UK-TSO-0004,ITP-00207,Bacton (BBL),UK,United Kingdom,BBL\n",
        );
        assert_eq!(deliveries.len(), 1);
        assert_eq!(
            (deliveries[0].subject.as_str(), deliveries[0].value),
            ("ITP-00207-entry", decimal::d("19279078.5"))
        );
    }

    #[test]
    fn a_total_says_so() {
        let (deliveries, _, _) =
            import("0,2021-01-01,371088623.0,entry,ES-TSO-0006,VTP-00043,TVB,ES,Liquefied Natural Gas,x\n");
        assert_eq!(deliveries[0].rule, "entsog-total");
        assert_eq!(deliveries[0].note, "a total of the Spanish LNG terminals, never to be added to them");
    }

    #[test]
    fn each_bad_row_is_named() {
        for (row, expected) in [
            ("0,2021-06-31,1,entry,PL-TSO-0002,ITP-1,l,PL,Ukraine,n", "2 dates"),
            ("0,20210601,1,entry,PL-TSO-0002,ITP-1,l,PL,Ukraine,n", "2 dates"),
            ("0,2021-06-01,1e6,entry,PL-TSO-0002,ITP-1,l,PL,Ukraine,n", "2 values"),
            ("0,2021-06-01,-1,entry,PL-TSO-0002,ITP-1,l,PL,Ukraine,n", "2 values"),
            ("0,2021-06-01,1,in,PL-TSO-0002,ITP-1,l,PL,Ukraine,n", "2 direction"),
            ("0,2021-06-01,1,entry,,ITP-1,l,PL,Ukraine,n", "2 operator"),
            ("0,2021-06-01,1,entry,PL-TSO-0002,ITP 1,l,PL,Ukraine,n", "2 location"),
            ("0,2021-06-01,1,entry,PL-TSO-0002,ITP-1,l,,Ukraine,n", "2 country"),
            ("0,2021-06-01,1,entry,PL-TSO-0002,ITP-1,l,PL,missing,n", "2 exportcountry"),
        ] {
            let (deliveries, _, rejects) = import(&format!("{row}\n"));
            assert_eq!((deliveries.len(), rejects), (0, vec![expected.to_owned()]), "{row}");
        }
        assert!(read_text("dates,values\n", read).unwrap_err().to_string().contains("lacks the columns direction"));
    }
}
