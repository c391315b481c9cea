//! Reference data to messages and back.

pub mod codes;
pub mod names;
pub mod request;
pub mod response;

use crate::proto::entrepot::reference::v1 as pb;
use crate::rpc::page::paged;

paged!(pb::ListCountriesRequest, pb::ListCommoditiesRequest, pb::ListDatasetsRequest, pb::ListReleasesRequest);
