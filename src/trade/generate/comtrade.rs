//! UN Comtrade's layout: 47 columns, imports and exports as two reports, and the list of commodities.
//!
//! Owns how Comtrade writes its lines. Never decides which rows there are, never opens a file.

use std::io::{self, Write};

use super::amount::Trade;
use super::generator::{Generator, Lines};
use super::number::push_thousandths;
use super::parameters::{Country, Parameters, Product};
use super::pick::Selection;

pub(super) const HEADER: &str = "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,\
    reporterDesc,flowCode,flowDesc,partnerCode,partnerISO,partnerDesc,partner2Code,partner2ISO,partner2Desc,\
    classificationCode,classificationSearchCode,isOriginalClassification,cmdCode,cmdDesc,aggrLevel,isLeaf,customsCode,\
    customsDesc,mosCode,motCode,motDesc,qtyUnitCode,qtyUnitAbbr,qty,isQtyEstimated,altQtyUnitCode,altQtyUnitAbbr,\
    altQty,isAltQtyEstimated,netWgt,isNetWgtEstimated,grossWgt,isGrossWgtEstimated,cifvalue,fobvalue,primaryValue,\
    legacyEstimationFlag,isReported,isAggregate\n";

/// Comtrade's commodity list, so that made-up codes can be imported before the data that uses them.
pub fn write_commodity_list(products: &[Product], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "id,text,parent,isLeaf,aggrlevel,standardUnitAbbr,last_modified")?;
    writeln!(out, "TOTAL,Total - All H0 Commodities,#,0,0,n/a,2024-01-16")?;
    let (mut last_chapter, mut last_heading) = ("", "");
    for Product { code, title } in products {
        let (Some(chapter), Some(heading)) = (code.get(..2), code.get(..4)) else {
            continue;
        };
        if chapter != last_chapter {
            writeln!(out, "{chapter},{chapter} - Made-up chapter {chapter},TOTAL,0,2,n/a,2024-01-16")?;
        }
        if heading != last_heading {
            writeln!(out, "{heading},{heading} - Made-up heading {heading},{chapter},0,4,n/a,2024-01-16")?;
        }
        (last_chapter, last_heading) = (chapter, heading);
        writeln!(out, "{code},{},{heading},1,6,kg,2024-01-16", quoted(&format!("{code} - {title}")))?;
    }
    Ok(())
}

impl Generator {
    pub(super) fn write_comtrade(
        &self,
        index: usize,
        lines: &mut Lines<'_>,
        on_rows: &mut dyn FnMut(u64),
    ) -> io::Result<()> {
        let Parameters { countries, products, years, .. } = &self.parameters;
        let year = years[index];
        let partner_parts: Vec<String> = countries
            .iter()
            .map(|Country { number, code, name }| format!("{number},{code},{},0,W00,World,H0,HS,true,", quoted(name)))
            .collect();
        let sides = [("M,Import", self.sheet(index, 0)), ("X,Export", self.sheet(index, 1))];
        let allotments = sides.map(|(_, sheet)| self.allot(sheet));
        // Rows that one release owes are owed by its side.
        let mut selections = [Selection::new(products.len()), Selection::new(products.len())];
        for (reporter, Country { number, code, name }) in countries.iter().enumerate() {
            for (side, (flow, sheet)) in sides.into_iter().enumerate() {
                // 52 is Comtrade's month of a whole year.
                let reporter_part = format!("C,A,{year}0101,{year},52,{year},{number},{code},{},{flow},", quoted(name));
                for (partner, partner_part) in partner_parts.iter().enumerate() {
                    let is_import = side == 0;
                    let (exporter, importer) = if is_import { (partner, reporter) } else { (reporter, partner) };
                    let count = allotments[side][exporter * countries.len() + importer];
                    if count == 0 {
                        continue;
                    }
                    let pair = self.pair_salt(exporter, importer);
                    let selection = &mut selections[side];
                    self.select(sheet, pair, count as usize, selection);
                    let rows_before = lines.rows;
                    for product in selection.chosen.iter() {
                        let trade = self.trade(sheet, pair, product);
                        let line = lines.begin()?;
                        line.extend_from_slice(reporter_part.as_bytes());
                        line.extend_from_slice(partner_part.as_bytes());
                        line.extend_from_slice(self.product_parts[product].as_bytes());
                        push_amounts(line, trade, is_import);
                    }
                    on_rows(lines.rows - rows_before);
                }
            }
        }
        Ok(())
    }
}

pub(super) fn product_part(product: &Product) -> String {
    format!("{},{},6,true,C00,TOTAL CPC,0,0,TOTAL MOT,", product.code, quoted(&product.title))
}

/// The end of a Comtrade line, from `qtyUnitCode` on.
fn push_amounts(line: &mut Vec<u8>, trade: Trade, is_import: bool) {
    let fob = trade.value * 1000 + (trade.hash >> 48) % 1000;
    match trade.kilograms {
        Some(kilograms) => {
            let grams = kilograms * 1000 + (trade.hash >> 43) % 1000;
            line.extend_from_slice(b"8,kg,");
            push_decimal(line, grams);
            line.extend_from_slice(b",false,-1,N/A,0.0,false,");
            push_decimal(line, grams);
            line.extend_from_slice(b",false,0.0,false,");
        }
        None => line.extend_from_slice(b"-1,N/A,,false,-1,N/A,,false,,false,,false,"),
    }
    if is_import {
        // Freight and insurance: up to a quarter on top.
        let cif = fob + fob / 1024 * ((trade.hash >> 56) & 0xff);
        push_decimal(line, cif);
        line.extend_from_slice(b",0.0,");
        push_decimal(line, cif);
    } else {
        line.extend_from_slice(b"0.0,");
        push_decimal(line, fob);
        line.push(b',');
        push_decimal(line, fob);
    }
    line.extend_from_slice(b",0,true,false\n");
}

/// As Comtrade writes numbers: no more decimals than needed, but one.
fn push_decimal(line: &mut Vec<u8>, thousandths: u64) {
    push_thousandths(line, thousandths);
    let unneeded = if thousandths.is_multiple_of(100) { 2 } else { usize::from(thousandths.is_multiple_of(10)) };
    line.truncate(line.len() - unneeded);
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trade::generate::Layout;
    use crate::trade::generate::tests::{parameters, written};
    use crate::value::number::{Excess, parse};

    #[test]
    fn comtrade_rows_parse_and_are_unique() {
        let text = written(parameters(Layout::Comtrade, 60_000));
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().unwrap().clone();
        assert_eq!(header.len(), 47);
        let column = |name: &str| header.iter().position(|other| other == name).unwrap();
        let mut last = None;
        let mut rows = 0;
        for record in reader.records() {
            let record = record.unwrap();
            let field = |name: &str| record[column(name)].to_owned();
            let number = |name: &str| field(name).parse::<u32>().unwrap();
            let key =
                (number("period"), number("reporterCode"), field("flowCode"), number("partnerCode"), field("cmdCode"));
            assert!(last.as_ref() < Some(&key), "{key:?}");
            last = Some(key);
            rows += 1;

            let amount = |name: &str| parse(field(name).as_bytes(), 3, Excess::Refuse).unwrap();
            let side = if field("flowCode") == "M" { "cifvalue" } else { "fobvalue" };
            assert!(amount("primaryValue").is_some_and(|value| value.value > 0));
            assert_eq!(amount("primaryValue"), amount(side));
            assert_eq!(field("qtyUnitCode") == "8", amount("netWgt").is_some());
            assert_eq!((field("isReported"), field("isAggregate")), ("true".into(), "false".into()));
        }
        assert_eq!(rows, 60_000);
    }

    #[test]
    fn decimals_are_as_short_as_comtrade_writes_them() {
        for (thousandths, text) in [(950_000, "950.0"), (2_435_850, "2435.85"), (1, "0.001"), (0, "0.0"), (70, "0.07")]
        {
            let mut line = Vec::new();
            push_decimal(&mut line, thousandths);
            assert_eq!(String::from_utf8(line).unwrap(), text);
        }
    }
}
