//! Indicators of trade: plain functions over tables of sums. Each formula stands with its source in `formula`.
//!
//! Pure. A figure that cannot be given says why; nothing is ever infinite or silently zero.

pub mod advantage;
pub mod balance;
pub mod concentration;
pub mod decomposition;
pub mod dependence;
pub mod figure;
pub mod formula;
pub mod growth;
pub mod intensity;
pub mod intra_industry;
pub mod margin;
pub mod movers;
pub mod rank;
pub mod structure;
pub mod table;
pub mod unit_value;

pub use figure::{Absent, Figure};
pub use table::{Group, Key, Party, Product, Table};
