//! What is generated, and for which countries and products.

use crate::reference::{Area, AreaKind};

/// Numbers from here on are our own, not Comtrade's.
pub const FIRST_OWN_NUMBER: u16 = 900;

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
    #[error("codes: {given} given; from 1 to {most} are possible")]
    Products { given: usize, most: usize },
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
