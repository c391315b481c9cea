//! Made-up trade in the shapes of BACI and of UN Comtrade, for measuring with volumes that nobody may pass on.
//!
//! Owns the parameters, and who is called in which order. Never opens a file, never touches the store. Everything is
//! integer arithmetic on hashes of the seed and the key, so the same parameters give the same bytes on every machine,
//! and a row's fate in a second release needs no memory of the first.
//!
//! How the rows come about: a year's rows are allotted to pairs of countries by the product of their zipf weights, up
//! to a cap (`allot`); each pair then picks so many distinct codes, popular ones first (`pick`); each row gets a value
//! and a weight (`amount`) and is written (`baci`, `comtrade`). Codes are picked into a bit set, which yields them in
//! order: memory is one number a pair and one bit a code, however many rows there are.

mod allot;
mod amount;
mod baci;
mod codes;
mod comtrade;
mod generator;
mod number;
mod parameters;
mod pick;
mod popularity;

use std::io::{self, Write};

pub use self::baci::write_product_codes;
pub use self::codes::{MOST_PRODUCTS, made_up_products};
pub use self::comtrade::write_commodity_list;
pub use self::generator::Generator;
use self::generator::{Lines, PIECE, Sheet, sheets_a_year};
use self::number::{SPREAD, mixed};
pub use self::parameters::{Country, Error, Layout, Parameters, Product, countries};
use self::popularity::{Popularity, Release};

/// Changed and removed rows together must not be more than there are.
const MOST_CHANGE: u32 = 500_000;

impl Generator {
    pub fn new(mut parameters: Parameters) -> Result<Self, Error> {
        let (country_count, product_count) = (parameters.countries.len(), parameters.products.len());
        if country_count < 2 {
            return Err(Error::TooFewCountries(country_count));
        }
        if !(1..=MOST_PRODUCTS).contains(&product_count) {
            return Err(Error::Products { given: product_count, most: MOST_PRODUCTS });
        }
        parameters.years.sort_unstable();
        parameters.years.dedup();
        if parameters.years.is_empty() {
            return Err(Error::NoYears);
        }
        if parameters.change > MOST_CHANGE {
            return Err(Error::TooMuchChange);
        }
        let sheets = parameters.years.len() as u64 * sheets_a_year(parameters.layout);
        let room = (country_count * (country_count - 1) * product_count) as u64;
        let possible = room.saturating_mul(sheets);
        if parameters.rows > possible {
            return Err(Error::TooManyRows { asked: parameters.rows, possible });
        }
        parameters.countries.sort_by_key(|country| country.number);
        parameters.products.sort_by(|left, right| left.code.cmp(&right.code));

        let salt = mixed(parameters.seed ^ SPREAD);
        let (exporter_ranks, importer_ranks) = allot::ranks(&parameters.countries, salt);
        let popularity = Popularity::new(product_count, salt);
        let prices = (0..product_count as u64).map(|product| amount::price(mixed(salt ^ mixed(product)))).collect();
        let release = (parameters.change > 0).then(|| Release::new(parameters.change, salt));
        let product_parts = match parameters.layout {
            Layout::Baci => Vec::new(),
            Layout::Comtrade => parameters.products.iter().map(comtrade::product_part).collect(),
        };
        Ok(Self { parameters, salt, exporter_ranks, importer_ranks, popularity, prices, release, product_parts })
    }

    /// In ascending order.
    pub fn years(&self) -> &[u16] {
        &self.parameters.years
    }

    /// In ascending order of the codes.
    pub fn products(&self) -> &[Product] {
        &self.parameters.products
    }

    pub fn write_header(&self, out: &mut dyn Write) -> io::Result<()> {
        let header = match self.parameters.layout {
            Layout::Baci => baci::HEADER,
            Layout::Comtrade => comtrade::HEADER,
        };
        out.write_all(header.as_bytes())
    }

    /// Writes the rows of the year at an index of [`Self::years`], sorted by exporter (reporter and flow), importer
    /// (partner) and code; returns how many. `on_rows` hears of rows as they come.
    pub fn write_year(&self, index: usize, out: &mut dyn Write, on_rows: &mut dyn FnMut(u64)) -> io::Result<u64> {
        let mut lines = Lines { buffer: Vec::with_capacity(2 * PIECE), out, rows: 0 };
        match self.parameters.layout {
            Layout::Baci => self.write_baci(index, &mut lines, on_rows)?,
            Layout::Comtrade => self.write_comtrade(index, &mut lines, on_rows)?,
        }
        lines.hand_on()?;
        Ok(lines.rows)
    }

    fn sheet(&self, index: usize, side: u64) -> Sheet {
        let sides = sheets_a_year(self.parameters.layout);
        let year = u64::from(self.parameters.years[index]);
        let (number, sheets) = (index as u64 * sides + side, self.parameters.years.len() as u64 * sides);
        let (whole, rest) = (self.parameters.rows / sheets, self.parameters.rows % sheets);
        let year_salt = mixed(self.salt ^ year);
        Sheet { year_salt, salt: mixed(year_salt ^ (side + 1)), rows: whole + u64::from(number < rest) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::number::{Excess, parse};

    pub(super) fn parameters(layout: Layout, rows: u64) -> Parameters {
        Parameters {
            layout,
            countries: countries(40),
            products: made_up_products(500),
            years: vec![2020, 2019],
            rows,
            seed: 1,
            change: 0,
        }
    }

    pub(super) fn written(parameters: Parameters) -> String {
        let generator = Generator::new(parameters).unwrap();
        let mut bytes = Vec::new();
        generator.write_header(&mut bytes).unwrap();
        for index in 0..generator.years().len() {
            let mut heard = 0;
            let rows = generator.write_year(index, &mut bytes, &mut |rows| heard += rows).unwrap();
            assert_eq!(rows, heard);
        }
        String::from_utf8(bytes).unwrap()
    }

    pub(super) type Key = [u32; 4];

    /// Value in thousandths and quantity in thousandths, by key, in the order of the file.
    pub(super) fn baci_rows(text: &str) -> Vec<(Key, (i64, Option<i64>))> {
        let mut rows = Vec::new();
        for record in csv::Reader::from_reader(text.as_bytes()).records() {
            let record = record.unwrap();
            assert_eq!(record.len(), 6);
            let key = [0, 1, 2, 3].map(|column| record[column].parse().unwrap());
            let amount = |column: usize| parse(record[column].as_bytes(), 3, Excess::Refuse).unwrap();
            assert_eq!(record[5].len(), 13);
            let value = amount(4).unwrap().value;
            assert!(value > 0);
            rows.push((key, (value, amount(5).map(|quantity| quantity.value))));
        }
        rows
    }

    pub(super) fn assert_close(count: usize, expected: usize, tolerance: f64) {
        let ratio = count as f64 / expected as f64;
        assert!((ratio - 1.0).abs() <= tolerance, "{count}, not {expected}");
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        for layout in [Layout::Baci, Layout::Comtrade] {
            let first = written(parameters(layout, 20_000));
            assert!(first == written(parameters(layout, 20_000)));
            assert!(first != written(Parameters { seed: 2, ..parameters(layout, 20_000) }));
        }
    }
}
