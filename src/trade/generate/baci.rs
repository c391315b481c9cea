//! CEPII's layout: `t,i,j,k,v,q`, each flow once, and the list of product codes.
//!
//! Owns how BACI writes its lines. Never decides which rows there are, never opens a file.

use std::io::{self, Write};

use super::generator::{Generator, Lines};
use super::number::push_thousandths;
use super::parameters::{Parameters, Product};
use super::pick::Selection;

pub(super) const HEADER: &str = "t,i,j,k,v,q\n";

/// CEPII's list of product codes, which BACI's importer reads beside the data.
pub fn write_product_codes(products: &[Product], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\"code\",\"description\"")?;
    for Product { code, title } in products {
        // CEPII's codes are numbers: without leading zeros.
        writeln!(out, "\"{}\",\"{}\"", code.trim_start_matches('0'), title.replace('"', "\"\""))?;
    }
    Ok(())
}

impl Generator {
    pub(super) fn write_baci(
        &self,
        index: usize,
        lines: &mut Lines<'_>,
        on_rows: &mut dyn FnMut(u64),
    ) -> io::Result<()> {
        let Parameters { countries, products, years, .. } = &self.parameters;
        let codes: Vec<&[u8]> =
            products.iter().map(|product| product.code.trim_start_matches('0').as_bytes()).collect();
        let sheet = self.sheet(index, 0);
        let allotment = self.allot(sheet);
        let mut selection = Selection::new(products.len());
        for (exporter, from) in countries.iter().enumerate() {
            for (importer, to) in countries.iter().enumerate() {
                let count = allotment[exporter * countries.len() + importer];
                if count == 0 {
                    continue;
                }
                let pair = self.pair_salt(exporter, importer);
                self.select(sheet, pair, count as usize, &mut selection);
                let start = format!("{},{},{},", years[index], from.number, to.number);
                let rows_before = lines.rows;
                for product in selection.chosen.iter() {
                    let trade = self.trade(sheet, pair, product);
                    let line = lines.begin()?;
                    line.extend_from_slice(start.as_bytes());
                    line.extend_from_slice(codes[product]);
                    line.push(b',');
                    push_thousandths(line, trade.value);
                    line.push(b',');
                    push_tonnes(line, trade.kilograms);
                    line.push(b'\n');
                }
                on_rows(lines.rows - rows_before);
            }
        }
        Ok(())
    }
}

/// As CEPII writes quantities: quoted, padded to thirteen characters.
fn push_tonnes(line: &mut Vec<u8>, kilograms: Option<u64>) {
    const WIDTH: usize = 13;
    let Some(kilograms) = kilograms else {
        line.extend_from_slice(b"\"           NA\"");
        return;
    };
    let whole_digits = (kilograms / 1000).checked_ilog10().unwrap_or(0) as usize + 1;
    line.push(b'"');
    line.extend(std::iter::repeat_n(b' ', WIDTH.saturating_sub(whole_digits + 4)));
    push_thousandths(line, kilograms);
    line.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trade::generate::tests::{Key, assert_close, baci_rows, parameters, written};
    use crate::trade::generate::{Error, Layout};

    #[test]
    fn baci_rows_are_unique_sorted_and_as_many_as_asked() {
        for rows in [0, 1, 999, 100_000, 1_200_000, 40 * 39 * 500 * 2] {
            let text = written(parameters(Layout::Baci, rows));
            let keys: Vec<Key> = baci_rows(&text).into_iter().map(|(key, _)| key).collect();
            assert!(keys.is_sorted_by(|left, right| left < right), "{rows} rows");
            assert_eq!(keys.len() as u64, rows);
            assert!(keys.iter().all(|[_, exporter, importer, _]| exporter != importer));
        }
        let error = Generator::new(parameters(Layout::Baci, 40 * 39 * 500 * 2 + 1)).err().unwrap();
        assert!(matches!(error, Error::TooManyRows { .. }), "{error}");
    }

    #[test]
    fn lines_look_like_cepii() {
        let text = written(parameters(Layout::Baci, 50_000));
        assert!(text.starts_with("t,i,j,k,v,q\n2019,4,8,"));
        let unknown = text.lines().filter(|line| line.ends_with(",\"           NA\"")).count();
        assert_close(unknown, 1_500, 0.15);
        let mut line = Vec::new();
        push_tonnes(&mut line, Some(13_235));
        assert_eq!(line, b"\"       13.235\"");
    }
}
