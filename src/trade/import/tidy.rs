//! The bundled sample's own layout: `reporter,partner,flow,year,value_usd,source`, totals without products, a fact a
//! line with where it comes from.
//!
//! Scope: each reporter, flow and year in the file.

use csv::ByteRecord;

use super::scope::Rule;
use super::{Flows, Refusal, Sink, Source, amount, flow, imts, period};
use crate::import::{Error, Input, TableReader};
use crate::reference::{Area, Classification, CommodityCode};
use crate::register::{DatasetKind, DatasetSpec, Valuation};
use crate::trade::model::{Amounts, Flags, FlowKey, FlowRow, Variant};

/// Russia's trade by partner. No format of the command line: its name is the sample's own.
pub const IMF_IMTS: Flows = Flows {
    name: "sample-imf-imts",
    about: "Russia's trade by partner, as bundled.",
    source: |_| Box::new(Tidy::ImfImts),
};

/// China's trade with Russia by its own customs.
pub const GACC: Flows =
    Flows { name: "sample-gacc", about: "China's trade with Russia, as bundled.", source: |_| Box::new(Tidy::Gacc) };

/// Which bundled facts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Tidy {
    /// Russia's trade by partner.
    ImfImts,
    /// China's trade with Russia by its own customs.
    Gacc,
}

impl Source for Tidy {
    fn dataset(&self) -> DatasetSpec {
        match self {
            Self::ImfImts => DatasetSpec {
                name: "sample-imf-imts".into(),
                title: "IMF IMTS, Russia by partner 2016 to 2024 (bundled sample)".into(),
                precedence: 90,
                ..imts::dataset()
            },
            Self::Gacc => DatasetSpec {
                name: "sample-gacc".into(),
                title: "China Customs, trade with Russia 2018 to 2024, to 10 million USD (bundled sample)".into(),
                publisher: "General Administration of Customs of China".into(),
                license: "published facts, entered by hand".into(),
                kind: DatasetKind::Flows,
                scope: Rule::Report.describe().into(),
                valuation: Valuation::ByFlow,
                precedence: 91,
            },
        }
    }

    fn read(&self, input: &mut Input, sink: &mut Sink<'_>) -> Result<(), Error> {
        let names = ["reporter", "partner", "flow", "year", "value_usd", "source"];
        let mut table = TableReader::open(input, b',', &names)?;
        let mut places = [0; 6];
        for (place, name) in places.iter_mut().zip(names) {
            *place = table.column(name)?;
        }
        let mut record = ByteRecord::new();
        while let Some(line) = table.read(&mut record)? {
            sink.read();
            let text = |index: usize| record.get(places[index]).unwrap_or_default();
            match row(text(0), text(1), text(2), text(3), text(4)) {
                Ok(row) => sink.accept(row, line)?,
                Err(refusal) => sink.reject(line, refusal)?,
            }
        }
        Ok(())
    }
}

fn row(reporter: &[u8], partner: &[u8], flow_code: &[u8], year: &[u8], value: &[u8]) -> Result<FlowRow, Refusal> {
    let key = FlowKey::new(
        country("reporter", reporter)?,
        flow("flow", flow_code)?,
        period("year", year)?,
        country("partner", partner)?,
        CommodityCode::total(Classification::NONE),
        Variant::TOTAL,
    );
    let amounts = Amounts { value: amount("value_usd", value, 3)?, ..Amounts::default() };
    Ok(FlowRow { key, amounts, quantity_unit: 0, alt_unit: 0, flags: Flags::default() })
}

fn country(field: &'static str, text: &[u8]) -> Result<Area, Refusal> {
    std::str::from_utf8(text)
        .ok()
        .and_then(Area::parse)
        .ok_or_else(|| Refusal::new(field, text, "is not a known country code"))
}
