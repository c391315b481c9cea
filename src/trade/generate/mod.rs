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
mod number;
mod pick;

use std::io::{self, Write};

pub use self::baci::write_product_codes;
pub use self::codes::{MOST_PRODUCTS, made_up_products};
pub use self::comtrade::write_commodity_list;
use self::number::{SPREAD, mixed};
use self::pick::{Popularity, Release};
use crate::reference::{Area, AreaKind};

/// Numbers from here on are our own, not Comtrade's.
const FIRST_OWN_NUMBER: u16 = 900;
/// Changed and removed rows together must not be more than there are.
const MOST_CHANGE: u32 = 500_000;
/// Rows are handed on in pieces of about this size.
const PIECE: usize = 1 << 16;

/// Which publisher's file is imitated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layout {
    /// `t,i,j,k,v,q`, each flow once.
    Baci,
    /// 47 columns, annual; imports and exports as two reports that mostly, not wholly, mirror each other.
    Comtrade,
}

#[derive(Clone, Debug)]
pub struct Country {
    /// Comtrade's number.
    pub number: u16,
    pub code: String,
    pub name: String,
}

#[derive(Clone, Debug)]
pub struct Product {
    /// Six digits of HS 1992.
    pub code: String,
    pub title: String,
}

#[derive(Clone, Debug)]
pub struct Parameters {
    pub layout: Layout,
    pub countries: Vec<Country>,
    pub products: Vec<Product>,
    pub years: Vec<u16>,
    /// Rows of all years together.
    pub rows: u64,
    pub seed: u64,
    /// Share of rows with another value than the release without change, in millionths. Half as many are removed and
    /// half as many added.
    pub change: u32,
}

/// Why nothing can be generated.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("countries: {0} given; trade needs at least two")]
    TooFewCountries(usize),
    #[error("codes: {0} given; from 1 to {MOST_PRODUCTS} are possible")]
    Products(usize),
    #[error("years: none given")]
    NoYears,
    #[error("rows: {asked} asked, but so few countries, codes and years have room for {possible}")]
    TooManyRows { asked: u64, possible: u64 },
    #[error("change: at most 0.5 is possible, since rows are removed too")]
    TooMuchChange,
}

/// The first countries in the order of their codes; fewer when there are not so many.
pub fn countries(count: usize) -> Vec<Country> {
    Area::all()
        .iter()
        .filter(|facts| facts.kind == AreaKind::Country && facts.number < FIRST_OWN_NUMBER)
        .take(count)
        .map(|facts| Country { number: facts.number, code: facts.code.clone(), name: facts.name.clone() })
        .collect()
}

/// Makes the rows of one set of parameters.
pub struct Generator {
    parameters: Parameters,
    salt: u64,
    exporter_ranks: Vec<u64>,
    importer_ranks: Vec<u64>,
    popularity: Popularity,
    /// Price of each code's kilogram in US dollars, as a logarithm of base 2 in 65536ths.
    prices: Vec<i64>,
    release: Option<Release>,
    /// Each product's part of a Comtrade line; empty for BACI.
    product_parts: Vec<String>,
}

/// One report: a year of BACI, or a year of one side of Comtrade.
#[derive(Clone, Copy)]
struct Sheet {
    /// What is peculiar to the year.
    year_salt: u64,
    /// What is peculiar to the year and side.
    salt: u64,
    rows: u64,
}

impl Generator {
    pub fn new(mut parameters: Parameters) -> Result<Self, Error> {
        let (country_count, product_count) = (parameters.countries.len(), parameters.products.len());
        if country_count < 2 {
            return Err(Error::TooFewCountries(country_count));
        }
        if !(1..=MOST_PRODUCTS).contains(&product_count) {
            return Err(Error::Products(product_count));
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

    /// Writes the rows of the year at a place in [`Self::years`], sorted by exporter (reporter and flow), importer
    /// (partner) and code; returns how many. `on_rows` hears of rows as they come.
    pub fn write_year(&self, place: usize, out: &mut dyn Write, on_rows: &mut dyn FnMut(u64)) -> io::Result<u64> {
        let mut lines = Lines { buffer: Vec::with_capacity(2 * PIECE), out, rows: 0 };
        match self.parameters.layout {
            Layout::Baci => self.write_baci(place, &mut lines, on_rows)?,
            Layout::Comtrade => self.write_comtrade(place, &mut lines, on_rows)?,
        }
        lines.hand_on()?;
        Ok(lines.rows)
    }

    fn sheet(&self, place: usize, side: u64) -> Sheet {
        let sides = sheets_a_year(self.parameters.layout);
        let year = u64::from(self.parameters.years[place]);
        let (index, sheets) = (place as u64 * sides + side, self.parameters.years.len() as u64 * sides);
        let (whole, rest) = (self.parameters.rows / sheets, self.parameters.rows % sheets);
        let year_salt = mixed(self.salt ^ year);
        Sheet { year_salt, salt: mixed(year_salt ^ (side + 1)), rows: whole + u64::from(index < rest) }
    }
}

/// Lines on their way out, in pieces that are worth a call.
struct Lines<'a> {
    buffer: Vec<u8>,
    out: &'a mut dyn Write,
    rows: u64,
}

impl Lines<'_> {
    fn begin(&mut self) -> io::Result<&mut Vec<u8>> {
        if self.buffer.len() >= PIECE {
            self.hand_on()?;
        }
        self.rows += 1;
        Ok(&mut self.buffer)
    }

    fn hand_on(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}

fn sheets_a_year(layout: Layout) -> u64 {
    match layout {
        Layout::Baci => 1,
        Layout::Comtrade => 2,
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
        for place in 0..generator.years().len() {
            let mut heard = 0;
            let rows = generator.write_year(place, &mut bytes, &mut |rows| heard += rows).unwrap();
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
