//! UN Comtrade, the record of the v1 API as CSV (47 columns), and the way in for its other forms.
//!
//! Documented at <https://comtradeplus.un.org> (API, `getFinalData`). Columns are found by name. What the record fills
//! with zero although nothing was reported is read as unknown: a quantity without unit (`qtyUnitCode` -1), and CIF, FOB,
//! net and gross weight of 0 beside a positive value.
//!
//! What pandas, R and the website make of the record is understood too: an index column, `156.0` for 156, `True`, `NA`,
//! column names in snake case (`reporter_code`), a bare list of records in JSON, a comma at the end of each row, and HS codes
//! that lost their leading zero (they have an odd number of digits, as no HS code has).
//!
//! Scope: each reporter, flow, period and chapter in the files.

mod json;
mod legacy;
mod record;

use crate::import::{Error, Input};
use crate::register::{DatasetKind, DatasetSpec, Valuation};
use crate::trade::import::scope::Rule;
use crate::trade::import::{Flows, Sink, Source};

pub const FORMAT: Flows = Flows {
    name: "comtrade",
    about: "UN Comtrade: API records as CSV or JSON, and both older bulk layouts.",
    source: |_| Box::new(Comtrade),
};

struct Comtrade;

impl Source for Comtrade {
    fn dataset(&self) -> DatasetSpec {
        DatasetSpec {
            name: "un-comtrade".into(),
            title: "UN Comtrade, merchandise trade as reported".into(),
            publisher: "United Nations Statistics Division".into(),
            license: "UN Comtrade: internal use, no redistribution".into(),
            kind: DatasetKind::Flows,
            scope: Rule::Chapter.describe().into(),
            valuation: Valuation::AsReported,
            precedence: 10,
        }
    }

    fn scope_rule(&self) -> Rule {
        Rule::Chapter
    }

    fn read(&self, input: &mut Input, sink: &mut Sink<'_>) -> Result<(), Error> {
        let head = input.peek()?.to_vec();
        let first_line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let has = |name: &[u8]| first_line.windows(name.len()).any(|window| window == name);
        if matches!(head.trim_ascii_start().first(), Some(b'{' | b'[')) {
            return json::read(input, sink);
        }
        if has(b"Trade Value (US$)") {
            return legacy::read_wide(input, sink);
        }
        if has(b"Supplementary Quantity") {
            return legacy::read_narrow(input, sink);
        }
        record::read_csv(input, sink)
    }
}
