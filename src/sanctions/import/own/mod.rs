//! Tables of our own layout: who owns whom, and controlled goods.

pub mod goods_csv;
pub mod ownership_csv;
pub mod tables;
