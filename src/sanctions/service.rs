//! `entrepot.sanctions.v1.SanctionsService`: hands each request to its question and each answer to its message.

use std::pin::Pin;
use std::sync::Arc;

use futures::{Stream, StreamExt as _};
use tonic::codec::CompressionEncoding;
use tonic::{Request, Response, Status};

use super::answer::{
    Sanctions, batch_get_subjects, check_commodity, get_controlled_good, get_subject, list_changes,
    list_controlled_goods, list_programmes, list_sanction_lists, list_subject_revisions, list_subjects,
    resolve_ownership, search_subjects, watch_changes,
};
use super::convert::{feed, goods, lists, names, ownership, subjects};
use crate::proto::entrepot::sanctions::v1 as pb;
use crate::proto::entrepot::sanctions::v1::sanctions_service_server::{SanctionsService, SanctionsServiceServer};
use crate::reference::KnownCodes;
use crate::reference::convert::names::Mentioned;
use crate::register::Register;
use crate::rpc::deadline_of;

/// The service.
#[derive(Clone)]
pub struct Service(Arc<Sanctions>);

/// The service as tonic serves it.
pub fn server(
    register: Arc<Register>,
    codes: Arc<KnownCodes>,
    stale_after_days: u32,
    request_bytes_max: usize,
) -> SanctionsServiceServer<Service> {
    let sanctions = Sanctions::start(register, codes, stale_after_days);
    SanctionsServiceServer::new(Service(Arc::new(sanctions)))
        .max_decoding_message_size(request_bytes_max)
        .accept_compressed(CompressionEncoding::Gzip)
        .send_compressed(CompressionEncoding::Gzip)
}

#[tonic::async_trait]
impl SanctionsService for Service {
    async fn get_subject(
        &self,
        request: Request<pb::GetSubjectRequest>,
    ) -> Result<Response<pb::GetSubjectResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let question = subjects::get_question(&request)?;
        let answer = get_subject::answer(&self.0, question, &deadline).await?;
        let mut response = subjects::get_response(answer);
        if request.include_names {
            response.names = Some(names::of_subjects(&response.subject));
        }
        Ok(Response::new(response))
    }

    async fn batch_get_subjects(
        &self,
        request: Request<pb::BatchGetSubjectsRequest>,
    ) -> Result<Response<pb::BatchGetSubjectsResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let question = subjects::batch_get_question(&request)?;
        let answer = batch_get_subjects::answer(&self.0, question, &deadline).await?;
        let mut response = subjects::batch_get_response(answer);
        if request.include_names {
            response.names = Some(names::of_subjects(&response.subjects));
        }
        Ok(Response::new(response))
    }

    async fn list_subjects(
        &self,
        request: Request<pb::ListSubjectsRequest>,
    ) -> Result<Response<pb::ListSubjectsResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let question = subjects::list_question(&request)?;
        let answer = list_subjects::answer(&self.0, question, &deadline).await?;
        let mut response = subjects::list_response(answer);
        if request.include_names {
            response.names = Some(names::of_subjects(&response.subjects));
        }
        Ok(Response::new(response))
    }

    async fn search_subjects(
        &self,
        request: Request<pb::SearchSubjectsRequest>,
    ) -> Result<Response<pb::SearchSubjectsResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let question = subjects::search_question(&request)?;
        let answer = search_subjects::answer(&self.0, question, &deadline).await?;
        let mut response = subjects::search_response(answer);
        if request.include_names {
            response.names = Some(names::of_subjects(&response.subjects));
        }
        Ok(Response::new(response))
    }

    async fn list_programmes(
        &self,
        request: Request<pb::ListProgrammesRequest>,
    ) -> Result<Response<pb::ListProgrammesResponse>, Status> {
        let deadline = deadline_of(&request);
        let question = lists::programmes_question(&request.into_inner())?;
        let answer = list_programmes::answer(&self.0, question, &deadline).await?;
        Ok(Response::new(lists::programmes_response(answer)))
    }

    async fn list_sanction_lists(
        &self,
        request: Request<pb::ListSanctionListsRequest>,
    ) -> Result<Response<pb::ListSanctionListsResponse>, Status> {
        let deadline = deadline_of(&request);
        let question = lists::lists_question(&request.into_inner())?;
        let answer = list_sanction_lists::answer(&self.0, question, &deadline).await?;
        Ok(Response::new(lists::lists_response(answer)))
    }

    async fn list_changes(
        &self,
        request: Request<pb::ListChangesRequest>,
    ) -> Result<Response<pb::ListChangesResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let question = feed::changes_question(&request)?;
        let answer = list_changes::answer(&self.0, question, &deadline).await?;
        let mut response = feed::changes_response(answer);
        if request.include_names {
            response.names = Some(names::of_changes(&response.changes).country_names());
        }
        Ok(Response::new(response))
    }

    type WatchChangesStream = Pin<Box<dyn Stream<Item = Result<pb::WatchChangesResponse, Status>> + Send>>;

    async fn watch_changes(
        &self,
        request: Request<pb::WatchChangesRequest>,
    ) -> Result<Response<Self::WatchChangesStream>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let question = feed::watch_question(&request)?;
        let parts = watch_changes::answer(&self.0, question, &deadline).await?;
        let mut seen = Mentioned::default();
        let messages = parts.map(move |part| {
            let mut response = part.map(feed::watch_response)?;
            if request.include_names {
                response.names = Some(names::of_changes(&response.changes).new_to(&mut seen).country_names());
            }
            Ok(response)
        });
        Ok(Response::new(Box::pin(messages)))
    }

    async fn list_subject_revisions(
        &self,
        request: Request<pb::ListSubjectRevisionsRequest>,
    ) -> Result<Response<pb::ListSubjectRevisionsResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let question = feed::revisions_question(&request)?;
        let answer = list_subject_revisions::answer(&self.0, question, &deadline).await?;
        let mut response = feed::revisions_response(answer);
        if request.include_names {
            response.names = Some(names::of_revisions(&response.revisions));
        }
        Ok(Response::new(response))
    }

    async fn resolve_ownership(
        &self,
        request: Request<pb::ResolveOwnershipRequest>,
    ) -> Result<Response<pb::ResolveOwnershipResponse>, Status> {
        let deadline = deadline_of(&request);
        let question = ownership::question(request.into_inner())?;
        let answer = resolve_ownership::answer(&self.0, question, &deadline).await?;
        Ok(Response::new(ownership::response(answer)))
    }

    async fn check_commodity(
        &self,
        request: Request<pb::CheckCommodityRequest>,
    ) -> Result<Response<pb::CheckCommodityResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let question = goods::check_question(&request)?;
        let answer = check_commodity::answer(&self.0, question, &deadline).await?;
        let mut response = goods::check_response(answer);
        if request.include_names {
            let mentioned = names::of_check(&request, &response.findings);
            let titles = self.0.titles(&mentioned.commodities(), &deadline).await?;
            response.names = Some(mentioned.names(&titles));
        }
        Ok(Response::new(response))
    }

    async fn get_controlled_good(
        &self,
        request: Request<pb::GetControlledGoodRequest>,
    ) -> Result<Response<pb::GetControlledGoodResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let question = goods::get_question(&request)?;
        let answer = get_controlled_good::answer(&self.0, question, &deadline).await?;
        let mut response = goods::get_response(answer);
        if request.include_names {
            let mentioned = names::of_goods(&response.controlled_good);
            let titles = self.0.titles(&mentioned.commodities(), &deadline).await?;
            response.names = Some(mentioned.names(&titles));
        }
        Ok(Response::new(response))
    }

    async fn list_controlled_goods(
        &self,
        request: Request<pb::ListControlledGoodsRequest>,
    ) -> Result<Response<pb::ListControlledGoodsResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let question = goods::list_question(&request)?;
        let answer = list_controlled_goods::answer(&self.0, question, &deadline).await?;
        let mut response = goods::list_response(answer);
        if request.include_names {
            let mentioned = names::of_goods(&response.controlled_goods);
            let titles = self.0.titles(&mentioned.commodities(), &deadline).await?;
            response.names = Some(mentioned.names(&titles));
        }
        Ok(Response::new(response))
    }
}
