//! IMF International Merchandise Trade Statistics, the wide CSV of the IMF data portal: a series a line, a period a
//! column, totals without products.
//!
//! `MG_CIF_USD` are imports CIF, `XG_FOB_USD` exports FOB (`MG_FOB_USD`, imports FOB, is left out), in powers of ten of a US dollar by
//! `SCALE.ID`. Figures that the IMF estimates carry the digits of its own arithmetic far behind the thousandth of a
//! dollar; they are rounded half to even, and the report counts them. Groups of countries are left out, the World is
//! kept. An observation is a row.
//!
//! Scope: each reporter, flow and period column in the files; an empty cell says that there is no figure.

use csv::ByteRecord;

use super::scope::Rule;
use super::{Flows, Refusal, Sink, Source, integer};
use crate::import::{Error, Input, TableReader};
use crate::reference::area::ImfArea;
use crate::reference::{Area, Classification, CommodityCode};
use crate::register::{DatasetKind, DatasetSpec, Valuation};
use crate::trade::model::{Amounts, Flags, Flow, FlowKey, FlowRow, Variant};
use crate::value::number::{self, Excess};
use crate::value::{Cell, Period};

pub const FORMAT: Flows = Flows {
    name: "imts",
    about: "IMF International Merchandise Trade Statistics, wide CSV.",
    source: |_| Box::new(Imts),
};

struct Imts;

/// What the IMF's dataset is, also for the part of it that is bundled.
pub(super) fn dataset() -> DatasetSpec {
    DatasetSpec {
        name: "imf-imts".into(),
        title: "International Merchandise Trade Statistics (IMTS), totals by partner".into(),
        publisher: "International Monetary Fund".into(),
        license: "IMF terms: free use with attribution".into(),
        kind: DatasetKind::Flows,
        scope: Rule::Report.describe().into(),
        valuation: Valuation::ByFlow,
        precedence: 30,
    }
}

impl Source for Imts {
    fn dataset(&self) -> DatasetSpec {
        dataset()
    }

    fn read(&self, input: &mut Input, sink: &mut Sink<'_>) -> Result<(), Error> {
        let names = ["COUNTRY.ID", "INDICATOR.ID", "COUNTERPART_COUNTRY.ID", "SCALE.ID"];
        let file = input.name();
        let mut table = TableReader::open(input, b',', &names)?;
        let mut places = [0; 4];
        for (place, name) in places.iter_mut().zip(names) {
            *place = table.column(name)?;
        }
        let periods: Vec<(usize, Period)> = table
            .header()
            .iter()
            .enumerate()
            .filter_map(|(place, name)| Some((place, Period::parse(&name.replace("-M", "-"))?)))
            .collect();
        if periods.is_empty() {
            return Err(Error::Format {
                file,
                problem: "has no column for a period".into(),
                remedy: "download it in the wide form, with one column a year, quarter or month".into(),
            });
        }

        let mut record = ByteRecord::new();
        while let Some(line) = table.read(&mut record)? {
            let text = |index: usize| record.get(places[index]).unwrap_or_default();
            if text(1) == b"MG_FOB_USD" {
                sink.skip("imports FOB, beside the imports CIF of the same partner");
                continue;
            }
            let series = match series(text(0), text(1), text(2), text(3)) {
                Ok(series) => series,
                Err(refusal) => {
                    sink.read();
                    sink.reject(line, refusal)?;
                    continue;
                }
            };
            for (place, period) in &periods {
                read_observation(&series, *period, record.get(*place).unwrap_or_default(), line, sink)?;
            }
        }
        Ok(())
    }
}

struct Series {
    reporter: Area,
    flow: Flow,
    partner: ImfArea,
    scale: i32,
}

fn series(reporter: &[u8], indicator: &[u8], partner: &[u8], scale: &[u8]) -> Result<Series, Refusal> {
    let flow = match indicator {
        b"MG_CIF_USD" => Flow::IMPORT,
        b"XG_FOB_USD" => Flow::EXPORT,
        _ => {
            let reason = "is not an indicator of trade in US dollars (MG_CIF_USD, XG_FOB_USD)";
            return Err(Refusal::new("INDICATOR.ID", indicator, reason));
        }
    };
    let imf_area = |field, text: &[u8]| {
        std::str::from_utf8(text)
            .ok()
            .and_then(Area::from_imf)
            .ok_or_else(|| Refusal::new(field, text, "is not a known country of the IMF's list"))
    };
    let ImfArea::Area(reporter) = imf_area("COUNTRY.ID", reporter)? else {
        return Err(Refusal::new("COUNTRY.ID", reporter, "is a group of countries, which reports nothing itself"));
    };
    let partner = imf_area("COUNTERPART_COUNTRY.ID", partner)?;
    let power = i32::try_from(integer("SCALE.ID", scale)?).ok().filter(|power| (0..=12).contains(power));
    let power = power.ok_or_else(|| Refusal::new("SCALE.ID", scale, "is not a power of ten between 0 and 12"))?;
    Ok(Series { reporter, flow, partner, scale: power + 3 })
}

fn read_observation(series: &Series, period: Period, text: &[u8], line: u64, sink: &mut Sink<'_>) -> Result<(), Error> {
    let ImfArea::Area(partner) = series.partner else {
        if !text.is_empty() {
            sink.read();
            sink.skip("partner is a group of countries, which would be counted twice");
        }
        return Ok(());
    };
    let total = CommodityCode::total(Classification::NONE);
    let key = FlowKey::new(series.reporter, series.flow, period, partner, total, Variant::TOTAL);
    sink.scope.cover_report(key);
    if text.trim_ascii().is_empty() {
        return Ok(());
    }
    sink.read();
    match number::parse(text, series.scale, Excess::Round) {
        Ok(None) => Ok(()),
        Ok(Some(scaled)) => {
            sink.report.values_rounded += u64::from(scaled.rounded);
            let amounts = Amounts { value: Cell::from(scaled.value), ..Amounts::default() };
            sink.accept(FlowRow { key, amounts, quantity_unit: 0, alt_unit: 0, flags: Flags::default() }, line)
        }
        Err(problem) => sink.reject(line, Refusal::new("OBS_VALUE", text, problem.to_string())),
    }
}
