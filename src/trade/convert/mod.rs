//! Messages to questions, and answers to messages.

mod chunk;
mod columns;
pub mod coverage;
mod filter;
pub mod indicator_names;
pub mod indicator_request;
pub mod indicator_response;
pub mod names;
pub mod request;
pub mod response;
mod summary_chunk;

use crate::proto::entrepot::trade::v1 as pb;
use crate::rpc::page::paged;

paged!(pb::ListFlowsRequest, pb::ListCoverageRequest);
