//! Contracts, ledgers, prices, routes and outlooks to messages and back.

pub mod contract;
pub mod outlook;
pub mod question;
pub mod request;
pub mod route;

use crate::proto::entrepot::energy::v1 as pb;
use crate::rpc::page::paged;

paged!(
    pb::ListContractsRequest,
    pb::ListContractRevisionsRequest,
    pb::ListDeliveriesRequest,
    pb::GetPriceIndexRequest,
    pb::ListPriceIndexesRequest,
    pb::ListRoutesRequest,
);
