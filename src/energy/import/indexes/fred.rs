//! Series of the Federal Reserve Bank of St. Louis (FRED) as its graphs give them: `observation_date` (`DATE` until
//! 2024) and a column a series, named by its identifier; `.` or nothing where there is no value.
//!
//! Such a file says neither title nor unit, nor how often a series is published: for the energy series below that is
//! known, by their pages; of any other, whoever imports it says it with `--frequency`.

use csv::ByteRecord;

use super::gather::{Columns, Gather, Stated, When};
use super::pink_sheet::slug;
use super::rows::{VALUES_ABSENT, field, is_absent, period, reject};
use crate::energy::price::Frequency;
use crate::import::{Error, Input, Refusal, Report, TableReader};

/// Names of the first column.
pub const DATES: [&str; 2] = ["observation_date", "DATE"];

const PLACES: Columns = Columns {
    id: "header",
    title: "header",
    unit: "header",
    source: "header",
    period: "observation_date",
    value: "value",
};

struct Known {
    key: &'static str,
    title: &'static str,
    unit: &'static str,
    frequency: Frequency,
}

const fn known(key: &'static str, title: &'static str, unit: &'static str, frequency: Frequency) -> Known {
    Known { key, title, unit, frequency }
}

/// From the series' pages at fred.stlouisfed.org.
const KNOWN: [Known; 15] = [
    known("DCOILBRENTEU", "Crude Oil Prices: Brent - Europe", "$/bbl", Frequency::Daily),
    known("WCOILBRENTEU", "Crude Oil Prices: Brent - Europe", "$/bbl", Frequency::Weekly),
    known("MCOILBRENTEU", "Crude Oil Prices: Brent - Europe", "$/bbl", Frequency::Monthly),
    known("ACOILBRENTEU", "Crude Oil Prices: Brent - Europe", "$/bbl", Frequency::Yearly),
    known(
        "DCOILWTICO",
        "Crude Oil Prices: West Texas Intermediate (WTI) - Cushing, Oklahoma",
        "$/bbl",
        Frequency::Daily,
    ),
    known(
        "WCOILWTICO",
        "Crude Oil Prices: West Texas Intermediate (WTI) - Cushing, Oklahoma",
        "$/bbl",
        Frequency::Weekly,
    ),
    known(
        "MCOILWTICO",
        "Crude Oil Prices: West Texas Intermediate (WTI) - Cushing, Oklahoma",
        "$/bbl",
        Frequency::Monthly,
    ),
    known(
        "ACOILWTICO",
        "Crude Oil Prices: West Texas Intermediate (WTI) - Cushing, Oklahoma",
        "$/bbl",
        Frequency::Yearly,
    ),
    known("DHHNGSP", "Henry Hub Natural Gas Spot Price", "$/mmbtu", Frequency::Daily),
    known("WHHNGSP", "Henry Hub Natural Gas Spot Price", "$/mmbtu", Frequency::Weekly),
    known("MHHNGSP", "Henry Hub Natural Gas Spot Price", "$/mmbtu", Frequency::Monthly),
    known("AHHNGSP", "Henry Hub Natural Gas Spot Price", "$/mmbtu", Frequency::Yearly),
    known("PNGASEUUSDM", "Global price of Natural gas, EU", "$/mmbtu", Frequency::Monthly),
    known("PNGASJPUSDM", "Global price of LNG, Asia", "$/mmbtu", Frequency::Monthly),
    known("POILBREUSDM", "Global price of Brent Crude", "$/bbl", Frequency::Monthly),
];

/// Whether a header is of such a file: its other columns are identifiers.
pub fn is_header(names: &[&str]) -> bool {
    let is_key = |name: &&str| {
        name.len() > 2 && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    };
    names
        .split_first()
        .is_some_and(|(first, others)| DATES.contains(first) && !others.is_empty() && others.iter().all(is_key))
}

pub fn read(input: &mut Input, gather: &mut Gather, report: &mut Report) -> Result<(), Error> {
    let file = input.name();
    let mut table = TableReader::open(input, b',', &[])?;
    let keys: Vec<String> = table.header().iter().skip(1).cloned().collect();
    let mut record = ByteRecord::new();
    while let Some(line) = table.read(&mut record)? {
        report.rows_read += 1;
        if let Err(refusal) = take(&record, &keys, gather, report) {
            report.reject(reject(&file, line, refusal));
        }
    }
    Ok(())
}

fn take(record: &ByteRecord, keys: &[String], gather: &mut Gather, report: &mut Report) -> Result<(), Refusal> {
    let text = field(record, 0);
    let period = period("observation_date", text)?;
    for (index, key) in keys.iter().enumerate() {
        let value = field(record, index + 1);
        if is_absent(value) {
            report.skip(VALUES_ABSENT);
            continue;
        }
        let known = KNOWN.iter().find(|known| known.key == key);
        let said = known.map(|known| known.frequency);
        if said.is_none() && gather.asked.is_none() {
            let reason = "is a series of which the file does not say how often it is published; give --frequency daily, \
                          weekly, monthly, quarterly or yearly";
            return Err(Refusal::new("header", key, reason));
        }
        let (title, unit) = known.map_or((key.as_str(), ""), |known| (known.title, known.unit));
        let (id, source) = (slug("fred", key), format!("FRED, Federal Reserve Bank of St. Louis, {key}"));
        gather.take(&PLACES, &Stated { id: &id, title, unit, source: &source }, When { period, text, said }, value)?;
    }
    Ok(())
}
