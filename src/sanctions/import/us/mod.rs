//! Lists of United States authorities other than OFAC.

pub mod bis_dpl;
pub mod csl;
