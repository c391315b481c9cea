//! Messages to and from the model.

mod answer;
mod request;

pub use answer::{flows, provenance, put_key, summary_row};
pub use request::{filter, mirror_queries, summary_query};

use crate::proto::entrepot::trade::v1 as pb;
use crate::rpc::page::paged;

paged!(pb::ListFlowsRequest,);
