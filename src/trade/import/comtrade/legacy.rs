//! UN Comtrade's older bulk layouts: 35 columns with texts, and 11 columns of codes.
//!
//! Flow codes 1 to 4 are imports, exports, re-exports and re-imports. The flag says what was estimated: 2 the quantity,
//! 4 the net weight, 6 both. Empty dimensions are totals.

use csv::ByteRecord;

use super::record::{Fields, take};
use crate::import::{Error, Input, TableReader};
use crate::trade::import::{Refusal, Sink};

const WIDE: [&str; 12] = [
    "Classification",
    "Period",
    "Trade Flow Code",
    "Reporter Code",
    "Partner Code",
    "Commodity Code",
    "Qty Unit Code",
    "Qty",
    "Netweight (kg)",
    "Trade Value (US$)",
    "Flag",
    "2nd Partner Code",
];

/// Columns that some downloads leave out.
const WIDE_OPTIONAL: [&str; 7] = [
    "Customs Proc. Code",
    "Mode of Transport Code",
    "Alt Qty Unit Code",
    "Alt Qty",
    "Gross weight (kg)",
    "CIF Trade Value (US$)",
    "FOB Trade Value (US$)",
];

const NARROW: [&str; 11] = [
    "Classification",
    "Year",
    "Trade Flow Code",
    "Reporter Code",
    "Partner Code",
    "Commodity Code",
    "Quantity Unit Code",
    "Supplementary Quantity",
    "Netweight (kg)",
    "Value",
    "Estimation Code",
];

pub(super) fn read_wide(input: &mut Input, sink: &mut Sink<'_>) -> Result<(), Error> {
    read(input, sink, &WIDE, &WIDE_OPTIONAL)
}

pub(super) fn read_narrow(input: &mut Input, sink: &mut Sink<'_>) -> Result<(), Error> {
    read(input, sink, &NARROW, &[])
}

fn read(input: &mut Input, sink: &mut Sink<'_>, required: &[&str], optional: &[&str]) -> Result<(), Error> {
    let mut table = TableReader::open(input, b',', required)?;
    let mut places = Vec::new();
    for name in required {
        places.push(Some(table.column(name)?));
    }
    places.resize(WIDE.len(), None);
    places.extend(optional.iter().map(|name| table.optional_column(name)));
    places.resize(WIDE.len() + WIDE_OPTIONAL.len(), None);

    let mut record = ByteRecord::new();
    while let Some(line) = table.read(&mut record)? {
        sink.read();
        let text = |index: usize| places[index].and_then(|place| record.get(place)).unwrap_or_default();
        let Some(flow) = flow_letters(text(2)) else {
            let reason = "is not a flow (1 import, 2 export, 3 re-export, 4 re-import)";
            sink.reject(line, Refusal::new("Trade Flow Code", text(2), reason))?;
            continue;
        };
        let flag = text(10);
        let fields = Fields {
            classification: text(0),
            period: text(1),
            flow,
            reporter: text(3),
            partner: text(4),
            commodity: text(5),
            quantity_unit: text(6),
            quantity: text(7),
            net_weight: text(8),
            value: text(9),
            legacy_flag: flag,
            quantity_estimated: if matches!(flag, b"2" | b"6") { b"true" } else { b"" },
            net_weight_estimated: if matches!(flag, b"4" | b"6") { b"true" } else { b"" },
            second_partner: text(11),
            procedure: text(12),
            transport: text(13),
            alt_unit: text(14),
            alt_quantity: text(15),
            gross_weight: text(16),
            cif_value: text(17),
            fob_value: text(18),
            ..Fields::default()
        };
        take(&fields, line, sink)?;
    }
    Ok(())
}

fn flow_letters(code: &[u8]) -> Option<&'static [u8]> {
    match code {
        b"1" => Some(b"M"),
        b"2" => Some(b"X"),
        b"3" => Some(b"RX"),
        b"4" => Some(b"RM"),
        _ => None,
    }
}
