//! `entrepot.energy.v1.EnergyService`: each method is a question, its answer and nothing else.

use std::sync::Arc;

use tonic::codec::CompressionEncoding;
use tonic::{Request, Response, Status};

use super::answer::{
    Energy, batch_get_contracts, compute_schedule, convert_quantity, get_contract, get_price_index, get_route,
    list_contract_revisions, list_contracts, list_deliveries, list_price_indexes, list_price_observations, list_routes,
    price_contract, project_outlook, settle_contract,
};
use super::convert::{contract, delivery, index, names, outlook, price, quantity, route, schedule, settlement};
use crate::proto::entrepot::energy::v1 as pb;
use crate::proto::entrepot::energy::v1::energy_service_server::{EnergyService, EnergyServiceServer};
use crate::register::Register;
use crate::rpc::deadline_of;
use crate::store::Store;

/// The service.
#[derive(Clone)]
pub struct Service(Arc<Energy>);

/// The service as tonic serves it.
pub fn server(store: Store, catalogs: Arc<Register>, request_bytes_max: usize) -> EnergyServiceServer<Service> {
    EnergyServiceServer::new(Service(Arc::new(Energy::new(store, catalogs))))
        .max_decoding_message_size(request_bytes_max)
        .accept_compressed(CompressionEncoding::Gzip)
        .send_compressed(CompressionEncoding::Gzip)
}

#[tonic::async_trait]
impl EnergyService for Service {
    async fn get_contract(
        &self,
        request: Request<pb::GetContractRequest>,
    ) -> Result<Response<pb::GetContractResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let question = contract::get_question(&request)?;
        let answer = get_contract::answer(&self.0, question, &deadline).await?;
        let mut response = contract::get_response(answer);
        if request.include_names {
            response.names = Some(names::of_contracts(&response.contract));
        }
        Ok(Response::new(response))
    }

    async fn batch_get_contracts(
        &self,
        request: Request<pb::BatchGetContractsRequest>,
    ) -> Result<Response<pb::BatchGetContractsResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let question = contract::batch_get_question(&request)?;
        let answer = batch_get_contracts::answer(&self.0, question, &deadline).await?;
        let mut response = contract::batch_get_response(answer);
        if request.include_names {
            response.names = Some(names::of_contracts(&response.contracts));
        }
        Ok(Response::new(response))
    }

    async fn list_contracts(
        &self,
        request: Request<pb::ListContractsRequest>,
    ) -> Result<Response<pb::ListContractsResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let question = contract::list_question(&request)?;
        let answer = list_contracts::answer(&self.0, question, &deadline).await?;
        let mut response = contract::list_response(answer);
        if request.include_names {
            response.names = Some(names::of_contracts(&response.contracts));
        }
        Ok(Response::new(response))
    }

    async fn list_contract_revisions(
        &self,
        request: Request<pb::ListContractRevisionsRequest>,
    ) -> Result<Response<pb::ListContractRevisionsResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let question = contract::revisions_question(&request)?;
        let answer = list_contract_revisions::answer(&self.0, question, &deadline).await?;
        let mut response = contract::revisions_response(answer);
        if request.include_names {
            response.names = Some(names::of_revisions(&response.revisions));
        }
        Ok(Response::new(response))
    }

    async fn compute_schedule(
        &self,
        request: Request<pb::ComputeScheduleRequest>,
    ) -> Result<Response<pb::ComputeScheduleResponse>, Status> {
        let deadline = deadline_of(&request);
        let question = schedule::get_question(&request.into_inner())?;
        let answer = compute_schedule::answer(&self.0, question, &deadline).await?;
        Ok(Response::new(schedule::get_response(answer)))
    }

    async fn settle_contract(
        &self,
        request: Request<pb::SettleContractRequest>,
    ) -> Result<Response<pb::SettleContractResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let question = settlement::settle_question(&request)?;
        let answer = settle_contract::answer(&self.0, question, &deadline).await?;
        Ok(Response::new(settlement::settle_response(answer, &request.currency_code)))
    }

    async fn price_contract(
        &self,
        request: Request<pb::PriceContractRequest>,
    ) -> Result<Response<pb::PriceContractResponse>, Status> {
        let deadline = deadline_of(&request);
        let question = price::price_question(&request.into_inner())?;
        let answer = price_contract::answer(&self.0, question, &deadline).await?;
        Ok(Response::new(price::price_response(answer)))
    }

    async fn get_route(&self, request: Request<pb::GetRouteRequest>) -> Result<Response<pb::GetRouteResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let question = route::get_question(&request)?;
        let answer = get_route::answer(&self.0, question, &deadline).await?;
        let mut response = route::get_response(answer);
        if request.include_names {
            response.names = Some(names::of_routes(&response.route));
        }
        Ok(Response::new(response))
    }

    async fn list_routes(
        &self,
        request: Request<pb::ListRoutesRequest>,
    ) -> Result<Response<pb::ListRoutesResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let question = route::list_question(&request)?;
        let answer = list_routes::answer(&self.0, question, &deadline).await?;
        let mut response = route::list_response(answer);
        if request.include_names {
            response.names = Some(names::of_routes(&response.routes));
        }
        Ok(Response::new(response))
    }

    async fn project_outlook(
        &self,
        request: Request<pb::ProjectOutlookRequest>,
    ) -> Result<Response<pb::ProjectOutlookResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let question = outlook::get_question(&request)?;
        let answer = project_outlook::answer(&self.0, question, &deadline).await?;
        let mut response = outlook::get_response(answer);
        if request.include_names {
            response.names = Some(names::of_sides(&request));
        }
        Ok(Response::new(response))
    }

    async fn get_price_index(
        &self,
        request: Request<pb::GetPriceIndexRequest>,
    ) -> Result<Response<pb::GetPriceIndexResponse>, Status> {
        let deadline = deadline_of(&request);
        let question = index::get_question(&request.into_inner())?;
        let answer = get_price_index::answer(&self.0, question, &deadline).await?;
        Ok(Response::new(index::get_response(answer)))
    }

    async fn list_price_observations(
        &self,
        request: Request<pb::ListPriceObservationsRequest>,
    ) -> Result<Response<pb::ListPriceObservationsResponse>, Status> {
        let deadline = deadline_of(&request);
        let question = index::observations_question(&request.into_inner())?;
        let answer = list_price_observations::answer(&self.0, question, &deadline).await?;
        Ok(Response::new(index::observations_response(answer)))
    }

    async fn list_price_indexes(
        &self,
        request: Request<pb::ListPriceIndexesRequest>,
    ) -> Result<Response<pb::ListPriceIndexesResponse>, Status> {
        let deadline = deadline_of(&request);
        let question = index::list_question(&request.into_inner())?;
        let answer = list_price_indexes::answer(&self.0, question, &deadline).await?;
        Ok(Response::new(index::list_response(answer)))
    }

    async fn list_deliveries(
        &self,
        request: Request<pb::ListDeliveriesRequest>,
    ) -> Result<Response<pb::ListDeliveriesResponse>, Status> {
        let deadline = deadline_of(&request);
        let question = delivery::list_question(&request.into_inner())?;
        let answer = list_deliveries::answer(&self.0, question, &deadline).await?;
        Ok(Response::new(delivery::list_response(answer)))
    }

    async fn convert_quantity(
        &self,
        request: Request<pb::ConvertQuantityRequest>,
    ) -> Result<Response<pb::ConvertQuantityResponse>, Status> {
        let request = request.into_inner();
        let answer = convert_quantity::answer(&quantity::convert_question(&request)?)?;
        Ok(Response::new(quantity::convert_response(answer, &request)))
    }
}
