//! `entrepot.reference.v1.ReferenceService`: decode, ask, encode.

use std::sync::Arc;

use tonic::codec::CompressionEncoding;
use tonic::{Request, Response, Status};

use super::KnownCodes;
use super::answer::{Reference, convert_commodity, countries, datasets, get_commodity, list_commodities, releases};
use super::convert::{request as decode, response as encode};
use crate::proto::entrepot::reference::v1 as pb;
use crate::proto::entrepot::reference::v1::reference_service_server::{ReferenceService, ReferenceServiceServer};
use crate::register::Register;
use crate::rpc::deadline_of;

/// The service.
#[derive(Clone)]
pub struct Service(Arc<Reference>);

/// The service as tonic serves it.
pub fn server(
    register: Arc<Register>,
    codes: Arc<KnownCodes>,
    request_bytes_max: usize,
) -> ReferenceServiceServer<Service> {
    ReferenceServiceServer::new(Service(Arc::new(Reference::new(register, codes))))
        .max_decoding_message_size(request_bytes_max)
        .accept_compressed(CompressionEncoding::Gzip)
        .send_compressed(CompressionEncoding::Gzip)
}

#[tonic::async_trait]
impl ReferenceService for Service {
    async fn get_country(
        &self,
        request: Request<pb::GetCountryRequest>,
    ) -> Result<Response<pb::GetCountryResponse>, Status> {
        let name = decode::get_country(request.into_inner())?;
        Ok(Response::new(encode::get_country(countries::get(name)?)))
    }

    async fn list_countries(
        &self,
        request: Request<pb::ListCountriesRequest>,
    ) -> Result<Response<pb::ListCountriesResponse>, Status> {
        let question = decode::list_countries(&request.into_inner())?;
        Ok(Response::new(encode::list_countries(countries::list(&question))))
    }

    async fn get_commodity(
        &self,
        request: Request<pb::GetCommodityRequest>,
    ) -> Result<Response<pb::GetCommodityResponse>, Status> {
        let deadline = deadline_of(&request);
        let question = decode::get_commodity(&request.into_inner())?;
        let answer = get_commodity::answer(&self.0, question, &deadline).await?;
        Ok(Response::new(encode::get_commodity(answer)))
    }

    async fn list_commodities(
        &self,
        request: Request<pb::ListCommoditiesRequest>,
    ) -> Result<Response<pb::ListCommoditiesResponse>, Status> {
        let deadline = deadline_of(&request);
        let question = decode::list_commodities(&request.into_inner())?;
        let answer = list_commodities::answer(&self.0, question, &deadline).await?;
        Ok(Response::new(encode::list_commodities(answer)))
    }

    async fn convert_commodity(
        &self,
        request: Request<pb::ConvertCommodityRequest>,
    ) -> Result<Response<pb::ConvertCommodityResponse>, Status> {
        let deadline = deadline_of(&request);
        let question = decode::convert_commodity(&request.into_inner())?;
        let answer = convert_commodity::answer(&self.0, question, &deadline).await?;
        Ok(Response::new(encode::convert_commodity(answer)))
    }

    async fn get_dataset(
        &self,
        request: Request<pb::GetDatasetRequest>,
    ) -> Result<Response<pb::GetDatasetResponse>, Status> {
        let deadline = deadline_of(&request);
        let question = decode::get_dataset(&request.into_inner())?;
        let answer = datasets::get(&self.0, question, &deadline).await?;
        Ok(Response::new(encode::get_dataset(&answer)))
    }

    async fn list_datasets(
        &self,
        request: Request<pb::ListDatasetsRequest>,
    ) -> Result<Response<pb::ListDatasetsResponse>, Status> {
        let deadline = deadline_of(&request);
        let question = decode::list_datasets(&request.into_inner())?;
        let answer = datasets::list(&self.0, question, &deadline).await?;
        Ok(Response::new(encode::list_datasets(answer)))
    }

    async fn list_releases(
        &self,
        request: Request<pb::ListReleasesRequest>,
    ) -> Result<Response<pb::ListReleasesResponse>, Status> {
        let deadline = deadline_of(&request);
        let question = decode::list_releases(&request.into_inner())?;
        let answer = releases::answer(&self.0, question, &deadline).await?;
        Ok(Response::new(encode::list_releases(answer)))
    }
}
