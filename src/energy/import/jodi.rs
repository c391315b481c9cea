//! The world databases of the Joint Organisations Data Initiative (JODI Gas, JODI Oil): what each country produced, took in,
//! sent out and used in a month. CSV with the columns `REF_AREA,TIME_PERIOD,ENERGY_PRODUCT,FLOW_BREAKDOWN,UNIT_MEASURE,
//! OBS_VALUE,ASSESSMENT_CODE`, as the site publishes it.
//!
//! A row is a delivery of a month, with the subject `JP-NATGAS-IMPLNG`: area, product and flow by JODI's own codes. Each
//! figure stands there in several units, and one of them is read, which is counted for the others: gas in million cubic
//! metres (at 15 °C and 760 mm Hg by JODI's answers to questions of 28 May 2014), oil in thousand barrels. Stocks are not flows and
//! differences no quantity: both are counted and left out. `-`, `x` and `N/A` are absent, never zero.

use std::collections::HashSet;
use std::path::PathBuf;

use crate::energy::contract::Confidence;
use crate::energy::delivery::Delivery;
use crate::energy::import::unread;
use crate::energy::import::write::{Records, refuse_empty, write_deliveries};
use crate::import::own_table::{self, Row};
use crate::import::{Error, Progress, Refusal, Report};
use crate::register::DatasetKind;
use crate::value::{Span, decimal};

pub const FORMAT: Records = Records {
    name: "jodi",
    about: "Monthly oil and gas flows of countries: JODI's world databases, CSV.",
    kind: DatasetKind::Deliveries,
    dataset: "jodi",
    title: "JODI oil and gas flows by country and month",
    publisher: "Joint Organisations Data Initiative",
    license: "as JODI says; to be named as the source",
    scope: "each area, product and flow in the files, from its first to its last month",
    write: |job, progress| {
        let flows = read(&job.options.files, progress, job.report)?;
        refuse_empty(&flows, job.report)?;
        write_deliveries(job, flows, job.options.whole)
    },
};

const COLUMNS: [&str; 7] =
    ["REF_AREA", "TIME_PERIOD", "ENERGY_PRODUCT", "FLOW_BREAKDOWN", "UNIT_MEASURE", "OBS_VALUE", "ASSESSMENT_CODE"];

/// Production, receipts, imports, exports, refinery intake and output, demand: what moves within a month.
const FLOWS: [&str; 15] = [
    "INDPROD", "OSOURCES", "NETRECTS", "TOTIMPSB", "IMPLNG", "IMPPIP", "TOTEXPSB", "EXPLNG", "EXPPIP", "TOTDEMO",
    "TOTDEMC", "MAINTOT", "DIRECUSE", "REFINOBS", "REFGROUT",
];
/// Levels and differences.
const OTHERS: [&str; 7] = ["CLOSTLV", "STOCKCH", "STATDIFF", "PTRANSF", "PTRANSFBF", "INTPRODTRANSF", "CONVER"];

const OTHER_FLOWS: &str = "stocks, transfers and differences: no flow of a month";
const OTHER_UNITS: &str = "figures in another unit than the one that is read";
const ABSENT: &str = "values that are absent";

pub fn read(files: &[PathBuf], progress: &Progress, report: &mut Report) -> Result<Vec<Delivery>, Error> {
    let mut seen: HashSet<(String, jiff::civil::Date)> = HashSet::new();
    unread::refuse_any(files)?;
    let read = own_table::read(files, progress, report, &COLUMNS, |row, report| {
        let delivery = match flow(row)? {
            Ok(delivery) => delivery,
            Err(reason) => {
                report.skip(reason);
                return Ok(None);
            }
        };
        if !seen.insert((delivery.subject.clone(), delivery.from)) {
            return Err(Refusal::new(
                "TIME_PERIOD",
                row.text("TIME_PERIOD"),
                "has this flow twice; one value is right",
            ));
        }
        Ok(Some(delivery))
    })?;
    Ok(read.into_iter().flatten().collect())
}

/// The flow of a row, or why it is left out.
fn flow(row: &Row<'_>) -> Result<Result<Delivery, &'static str>, Refusal> {
    let code = |column: &'static str| -> Result<String, Refusal> {
        let text = row.required(column)?;
        let is_code = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_code
            .then_some(text.clone())
            .ok_or_else(|| Refusal::new(column, &text, "is not a valid code; expected letters and digits"))
    };
    let (area, product, flow) = (code("REF_AREA")?, code("ENERGY_PRODUCT")?, code("FLOW_BREAKDOWN")?);
    if OTHERS.contains(&flow.as_str()) {
        return Ok(Err(OTHER_FLOWS));
    }
    if !FLOWS.contains(&flow.as_str()) {
        return Err(Refusal::new("FLOW_BREAKDOWN", &flow, "is not a known flow; expected TOTIMPSB or INDPROD"));
    }
    let unit = match (row.text("UNIT_MEASURE"), product.as_str()) {
        ("M3", "NATGAS") => "mcm@15C",
        ("KTONS", "LNG") => "kt LNG",
        ("KBBL", "CRUDEOIL") => "kb crude",
        ("KBBL", _) => "kb",
        ("M3" | "TJ" | "KTONS" | "KBD" | "KL" | "CONVBBL" | "MTOE", _) => return Ok(Err(OTHER_UNITS)),
        (other, _) => {
            return Err(Refusal::new("UNIT_MEASURE", other, "is not a known unit; expected M3 or KBBL"));
        }
    };
    let month = row.required("TIME_PERIOD")?;
    let is_month = month.len() == "2024-05".len();
    let span = month.parse::<Span>().ok().filter(|_| is_month);
    let span =
        span.ok_or_else(|| Refusal::new("TIME_PERIOD", &month, "is not a valid month; expected one such as 2024-05"))?;
    let text = row.text("OBS_VALUE");
    if ["", "-", "x", "N/A", "NA"].contains(&text) {
        return Ok(Err(ABSENT));
    }
    let value = decimal::read(text).map_err(|problem| Refusal::new("OBS_VALUE", text, problem))?.normalize();
    let assessment = row.text("ASSESSMENT_CODE");
    let (confidence, words) = match assessment {
        "1" => (Confidence::High, "comparable by JODI's assessment"),
        "2" => (Confidence::Low, "to be used with caution by JODI's assessment"),
        _ => (Confidence::Unknown, "not assessed by JODI"),
    };
    Ok(Ok(Delivery {
        subject: format!("{area}-{product}-{flow}"),
        from: span.first,
        to: span.last,
        value,
        unit: unit.to_owned(),
        source: "JODI World Database".to_owned(),
        confidence,
        rule: String::new(),
        note: words.to_owned(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::own_table::tests::read_text;

    const HEADER: &str = "REF_AREA,TIME_PERIOD,ENERGY_PRODUCT,FLOW_BREAKDOWN,UNIT_MEASURE,OBS_VALUE,ASSESSMENT_CODE\n";

    #[test]
    fn one_unit_of_each_flow_is_read() {
        let rows = "JP,2024-02,NATGAS,IMPLNG,M3,7346.5000,1\nJP,2024-02,NATGAS,IMPLNG,TJ,290000,1\n\
                    JP,2024-02,NATGAS,CLOSTLV,M3,6706,1\nJP,2024-03,NATGAS,IMPLNG,M3,x,1\nJP,2024-04,NATGAS,IMPLNG,M3,N/A,3\n\
                    SA,2024-02,CRUDEOIL,TOTEXPSB,KBBL,183000,2\nSA,2024-02,CRUDEOIL,TOTEXPSB,KBD,6310,2\n\
                    SA,2024-02,GASDIES,TOTDEMO,KBBL,0,3\n";
        let (flows, report, _) = read_text(&format!("{HEADER}{rows}"), read).unwrap();
        let shown: Vec<String> =
            flows.iter().map(|f| format!("{} {} {} {} {}", f.subject, f.from, f.to, f.value, f.unit)).collect();
        assert_eq!(
            shown,
            [
                "JP-NATGAS-IMPLNG 2024-02-01 2024-02-29 7346.5 mcm@15C",
                "SA-CRUDEOIL-TOTEXPSB 2024-02-01 2024-02-29 183000 kb crude",
                "SA-GASDIES-TOTDEMO 2024-02-01 2024-02-29 0 kb",
            ]
        );
        assert_eq!((flows[1].confidence, report.rows_read, report.rows_rejected), (Confidence::Low, 8, 0));
        let skipped: Vec<(&str, u64)> =
            report.skipped.iter().map(|(reason, count)| (reason.as_str(), *count)).collect();
        assert_eq!(skipped, [(OTHER_UNITS, 2), (OTHER_FLOWS, 1), (ABSENT, 2)]);
        assert!(flows.iter().all(|flow| crate::energy::quantity::text::unit(&flow.unit).is_ok()));
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for (row, reject) in [
            ("JP,2024,NATGAS,IMPLNG,M3,1,1", "2 TIME_PERIOD"),
            ("JP,2024-02,NATGAS,DREAMS,M3,1,1", "2 FLOW_BREAKDOWN"),
            ("JP,2024-02,NATGAS,IMPLNG,CUPS,1,1", "2 UNIT_MEASURE"),
            ("JP,2024-02,NATGAS,IMPLNG,M3,1e3,1", "2 OBS_VALUE"),
            ("J P,2024-02,NATGAS,IMPLNG,M3,1,1", "2 REF_AREA"),
        ] {
            assert_eq!(read_text(&format!("{HEADER}{row}\n"), read).unwrap().2, [reject], "{row}");
        }
        let twice = "JP,2024-02,NATGAS,IMPLNG,M3,1,1\n".repeat(2);
        assert_eq!(read_text(&format!("{HEADER}{twice}"), read).unwrap().2, ["3 TIME_PERIOD"]);
    }
}
