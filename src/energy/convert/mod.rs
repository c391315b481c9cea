//! Contracts, ledgers, prices, routes and outlooks to messages and back.

pub mod contract;
pub mod outlook;
pub mod question;
pub mod request;
pub mod route;
