//! Messages to questions, and answers to messages.

mod chunk;
mod filter;
pub mod names;
pub mod request;
pub mod response;

use crate::proto::entrepot::trade::v1 as pb;
use crate::rpc::page::paged;

paged!(pb::ListFlowsRequest);
