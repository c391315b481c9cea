//! Requests to questions, every problem named, and answers to responses; one file a room. Nothing else names messages.

pub mod contract;
pub mod delivery;
pub mod index;
pub mod names;
pub mod outlook;
pub mod price;
pub mod quantity;
mod request;
pub mod route;
mod scenario;
pub mod schedule;
pub mod settlement;

use crate::proto::entrepot::energy::v1 as pb;
use crate::rpc::page::paged;

paged!(
    pb::ListContractsRequest,
    pb::ListContractRevisionsRequest,
    pb::ListDeliveriesRequest,
    pb::ListPriceObservationsRequest,
    pb::ListPriceIndexesRequest,
    pb::ListRoutesRequest,
);
