//! CEPII BACI: reconciled trade, `t,i,j,k,v,q`: year, exporter, importer, HS6 code, thousand US dollars, tonnes.
//!
//! Documented in CEPII's BACI readme. Codes may have lost their leading zeros and numbers may be padded; `NA` and empty
//! are unknown, and so is 0 tonnes beside a value: less than half a kilogram, or not known. The HS edition stands only in the file name (`BACI_HS92_Y2021_V202301.csv`). BACI's country numbers are
//! Comtrade's. The country and product code files may be given with the data: the first is checked against our areas,
//! the codes of the second are taken as known.
//!
//! Scope: each exporter and year in the files.

use std::path::PathBuf;

use csv::ByteRecord;

use super::scope::Rule;
use super::{Flows, Refusal, Sink, Source, amount, area, filler_is_unknown, period};
use crate::import::{Error, Input, TableReader};
use crate::reference::{Area, Classification, CommodityCode};
use crate::register::{DatasetKind, DatasetSpec, Valuation};
use crate::trade::model::{Amounts, Flags, Flow, FlowKey, FlowRow, Variant};

pub const FORMAT: Flows = Flows {
    name: "baci",
    about: "CEPII BACI, with its country and product code files if given.",
    source: |files| Box::new(Baci::for_files(files)),
};

struct Baci {
    edition: Option<Classification>,
}

impl Baci {
    /// Takes the HS edition from the first file name that tells it.
    pub fn for_files(files: &[PathBuf]) -> Self {
        let edition = files.iter().find_map(|path| {
            let name = path.file_name()?.to_str()?.to_ascii_uppercase();
            if !name.starts_with("BACI_HS") {
                return None;
            }
            Classification::parse(name.split('_').nth(1)?)
        });
        Self { edition }
    }
}

impl Source for Baci {
    fn dataset(&self) -> DatasetSpec {
        let edition = self.edition.unwrap_or(Classification::HS1992);
        DatasetSpec {
            name: format!("cepii-baci-{}", edition.name().to_ascii_lowercase()),
            title: format!("BACI, reconciled bilateral trade, {}", edition.title()),
            publisher: "CEPII".into(),
            license: "Etalab 2.0".into(),
            kind: DatasetKind::Flows,
            scope: Rule::Report.describe().into(),
            valuation: Valuation::Fob,
            precedence: 20,
        }
    }

    fn arrange(&self, files: &mut Vec<PathBuf>) {
        // Code files first: what they say is needed to read the data.
        files.sort_by_key(|path| {
            let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_uppercase()).unwrap_or_default();
            name.starts_with("BACI_HS")
        });
    }

    fn read(&self, input: &mut Input, sink: &mut Sink<'_>) -> Result<(), Error> {
        let head = input.peek()?.to_vec();
        if head.starts_with(b"country_code") {
            return check_countries(input, if head.starts_with(b"country_code;") { b';' } else { b',' });
        }
        let Some(edition) = self.edition else {
            return Err(Error::Format {
                file: input.name(),
                problem: "no file name tells the HS edition".into(),
                remedy: "keep CEPII's name, such as BACI_HS92_Y2021_V202301.csv".into(),
            });
        };
        if head.starts_with(b"code,") || head.starts_with(b"\"code\"") {
            return read_products(input, edition, sink);
        }
        read_flows(input, edition, sink)
    }
}

fn read_flows(input: &mut Input, edition: Classification, sink: &mut Sink<'_>) -> Result<(), Error> {
    let names = ["t", "i", "j", "k", "v", "q"];
    let mut table = TableReader::open(input, b',', &names)?;
    let mut places = [0; 6];
    for (place, name) in places.iter_mut().zip(names) {
        *place = table.column(name)?;
    }
    let mut record = ByteRecord::new();
    while let Some(line) = table.read(&mut record)? {
        sink.read();
        let text = |index: usize| record.get(places[index]).unwrap_or_default().trim_ascii();
        let fields = [text(0), text(1), text(2), text(3), text(4), text(5)];
        match row(fields, edition, sink) {
            Ok(row) => sink.accept(row, line)?,
            Err(refusal) => sink.reject(line, refusal)?,
        }
    }
    Ok(())
}

fn row([t, i, j, k, v, q]: [&[u8]; 6], edition: Classification, sink: &Sink<'_>) -> Result<FlowRow, Refusal> {
    let key = FlowKey::new(
        area("i", i)?,
        Flow::EXPORT,
        period("t", t)?,
        area("j", j)?,
        sink.commodity(edition, &padded(k)?)?,
        Variant::TOTAL,
    );
    let value = amount("v", v, 6)?;
    let net_weight = filler_is_unknown(amount("q", q, 6)?, value);
    let amounts = Amounts { value, net_weight, ..Amounts::default() };
    Ok(FlowRow { key, amounts, quantity_unit: 0, alt_unit: 0, flags: Flags::default() })
}

/// Gives a code its leading zeros back.
fn padded(code: &[u8]) -> Result<[u8; 6], Refusal> {
    let mut padded = [b'0'; 6];
    let Some(start) = padded.len().checked_sub(code.len()).filter(|_| !code.is_empty()) else {
        return Err(Refusal::new("k", code, "is not a code of six digits"));
    };
    padded[start..].copy_from_slice(code);
    Ok(padded)
}

fn read_products(input: &mut Input, edition: Classification, sink: &mut Sink<'_>) -> Result<(), Error> {
    let file = input.name();
    let mut table = TableReader::open(input, b',', &["code", "description"])?;
    let code_column = table.column("code")?;
    let mut record = ByteRecord::new();
    let mut codes = Vec::new();
    let mut unknown = 0;
    while let Some(line) = table.read(&mut record)? {
        let text = record.get(code_column).unwrap_or_default();
        let parsed = padded(text).ok().and_then(|code| CommodityCode::parse(edition, &code));
        let Some(code) = parsed else {
            let problem = format!("code `{}` is not a code of six digits", String::from_utf8_lossy(text));
            return Err(Error::Line { file, line, problem });
        };
        unknown += u64::from(sink.refuses(code));
        codes.push(code);
    }
    // The list of another edition would make wrong codes pass: with the edition's own list loaded, a few codes of
    // CEPII's may differ, not a good part of them.
    if unknown * 50 > codes.len() as u64 {
        return Err(Error::Format {
            file,
            problem: format!("{unknown} of its {} codes are not in {}", codes.len(), edition.name()),
            remedy: format!("give the product codes of {}, the edition of the data", edition.name()),
        });
    }
    for code in codes {
        sink.allow(code);
    }
    Ok(())
}

fn check_countries(input: &mut Input, delimiter: u8) -> Result<(), Error> {
    let file = input.name();
    let mut table = TableReader::open(input, delimiter, &["country_code"])?;
    let code_column = table.column("country_code")?;
    let mut record = ByteRecord::new();
    while let Some(line) = table.read(&mut record)? {
        let text = String::from_utf8_lossy(record.get(code_column).unwrap_or_default()).into_owned();
        if text.trim().parse().ok().and_then(Area::from_comtrade).is_none() {
            let problem = format!("country_code `{text}` is not a known area number of UN Comtrade");
            return Err(Error::Line { file, line, problem });
        }
    }
    Ok(())
}
