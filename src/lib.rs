//! Trade volumes, energy contracts and sanction records over gRPC.

pub mod app;
pub mod cli;
pub mod config;
pub mod energy;
pub mod import;
pub mod proto;
pub mod reference;
pub mod register;
pub mod rpc;
pub mod sanctions;
pub mod store;
pub mod telemetry;
pub mod trade;
pub mod value;
