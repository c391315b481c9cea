//! `entrepot.energy.v1.EnergyService`: decode, ask, encode.

use std::sync::Arc;

use tonic::codec::CompressionEncoding;
use tonic::{Request, Response, Status};

use super::answer::{Energy, contracts, deliveries, indexes, outlook, price, quantity, routes, schedule, settlement};
use super::convert::{self, question, request as decode};
use crate::proto::entrepot::energy::v1 as pb;
use crate::proto::entrepot::energy::v1::energy_service_server::{EnergyService, EnergyServiceServer};
use crate::register::Register;
use crate::rpc::{Error, Violations, deadline_of};
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

/// What `violations` let through.
fn checked<T>(question: Option<T>, violations: Violations) -> Result<T, Error> {
    violations.check()?;
    question.ok_or_else(|| Error::invalid("name", "is missing"))
}

#[tonic::async_trait]
impl EnergyService for Service {
    async fn get_contract(
        &self,
        request: Request<pb::GetContractRequest>,
    ) -> Result<Response<pb::GetContractResponse>, Status> {
        let deadline = deadline_of(&request);
        Ok(Response::new(contracts::get(&self.0, request.into_inner(), &deadline).await?))
    }

    async fn batch_get_contracts(
        &self,
        request: Request<pb::BatchGetContractsRequest>,
    ) -> Result<Response<pb::BatchGetContractsResponse>, Status> {
        let deadline = deadline_of(&request);
        Ok(Response::new(contracts::batch_get(&self.0, request.into_inner(), &deadline).await?))
    }

    async fn list_contracts(
        &self,
        request: Request<pb::ListContractsRequest>,
    ) -> Result<Response<pb::ListContractsResponse>, Status> {
        let deadline = deadline_of(&request);
        Ok(Response::new(contracts::list(&self.0, request.into_inner(), &deadline).await?))
    }

    async fn list_contract_revisions(
        &self,
        request: Request<pb::ListContractRevisionsRequest>,
    ) -> Result<Response<pb::ListContractRevisionsResponse>, Status> {
        let deadline = deadline_of(&request);
        Ok(Response::new(contracts::revisions(&self.0, request.into_inner(), &deadline).await?))
    }

    async fn get_schedule(
        &self,
        request: Request<pb::GetScheduleRequest>,
    ) -> Result<Response<pb::GetScheduleResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let mut violations = Violations::default();
        let question = question::schedule(&request, &mut violations);
        let clocks = decode::clocks(request.as_of.as_ref(), request.in_force_on.as_ref(), &mut violations);
        let question = checked(question, violations)?;
        let opened = self.0.open(clocks, None, &deadline).await?;
        Ok(Response::new(schedule::answer(&self.0, &opened, &question, &deadline).await?))
    }

    async fn settle_contract(
        &self,
        request: Request<pb::SettleContractRequest>,
    ) -> Result<Response<pb::SettleContractResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let mut violations = Violations::default();
        let question = question::settlement(&request, &mut violations);
        let clocks = decode::clocks(request.as_of.as_ref(), request.in_force_on.as_ref(), &mut violations);
        let question = checked(question, violations)?;
        let opened = self.0.open(clocks, None, &deadline).await?;
        Ok(Response::new(settlement::answer(&self.0, &opened, &question, &deadline).await?))
    }

    async fn price_contract(
        &self,
        request: Request<pb::PriceContractRequest>,
    ) -> Result<Response<pb::PriceContractResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let mut violations = Violations::default();
        let question = question::price(&request, &mut violations);
        let clocks = decode::clocks(request.as_of.as_ref(), request.in_force_on.as_ref(), &mut violations);
        let question = checked(question, violations)?;
        let opened = self.0.open(clocks, None, &deadline).await?;
        Ok(Response::new(price::answer(&self.0, &opened, &question, &deadline).await?))
    }

    async fn get_route(&self, request: Request<pb::GetRouteRequest>) -> Result<Response<pb::GetRouteResponse>, Status> {
        let deadline = deadline_of(&request);
        Ok(Response::new(routes::get(&self.0, request.into_inner(), &deadline).await?))
    }

    async fn list_routes(
        &self,
        request: Request<pb::ListRoutesRequest>,
    ) -> Result<Response<pb::ListRoutesResponse>, Status> {
        let deadline = deadline_of(&request);
        Ok(Response::new(routes::list(&self.0, request.into_inner(), &deadline).await?))
    }

    async fn get_outlook(
        &self,
        request: Request<pb::GetOutlookRequest>,
    ) -> Result<Response<pb::GetOutlookResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let mut violations = Violations::default();
        let question = question::outlook(&request, &mut violations);
        let clocks = decode::clocks(request.as_of.as_ref(), request.in_force_on.as_ref(), &mut violations);
        let question = checked(question, violations)?;
        let opened = self.0.open(clocks, None, &deadline).await?;
        let outlook = outlook::answer(&opened, &question)?;
        Ok(Response::new(convert::outlook::outlook(&outlook, &question, &opened)?))
    }

    async fn get_price_index(
        &self,
        request: Request<pb::GetPriceIndexRequest>,
    ) -> Result<Response<pb::GetPriceIndexResponse>, Status> {
        let deadline = deadline_of(&request);
        Ok(Response::new(indexes::get(&self.0, request.into_inner(), &deadline).await?))
    }

    async fn list_price_indexes(
        &self,
        request: Request<pb::ListPriceIndexesRequest>,
    ) -> Result<Response<pb::ListPriceIndexesResponse>, Status> {
        let deadline = deadline_of(&request);
        Ok(Response::new(indexes::list(&self.0, request.into_inner(), &deadline).await?))
    }

    async fn list_deliveries(
        &self,
        request: Request<pb::ListDeliveriesRequest>,
    ) -> Result<Response<pb::ListDeliveriesResponse>, Status> {
        let deadline = deadline_of(&request);
        Ok(Response::new(deliveries::list(&self.0, request.into_inner(), &deadline).await?))
    }

    async fn convert_quantity(
        &self,
        request: Request<pb::ConvertQuantityRequest>,
    ) -> Result<Response<pb::ConvertQuantityResponse>, Status> {
        Ok(Response::new(quantity::answer(&request.into_inner())?))
    }
}
