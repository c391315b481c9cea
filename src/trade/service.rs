//! `entrepot.trade.v1.TradeService`: decode, ask, encode.

use std::pin::Pin;
use std::sync::Arc;

use futures::{Stream, StreamExt as _};
use tonic::codec::CompressionEncoding;
use tonic::metadata::MetadataValue;
use tonic::{Request, Response, Status};

use super::answer::{Trade, compare_mirror, estimate_query, list_flows, stream_flows, summarize_flows};
use super::convert::{request as decode, response as encode};
use crate::proto::entrepot::trade::v1 as pb;
use crate::proto::entrepot::trade::v1::trade_service_server::{TradeService, TradeServiceServer};
use crate::rpc::deadline_of;

/// How a summary was found.
const PLAN: &str = "entrepot-plan";

/// The service.
#[derive(Clone)]
pub struct Service(Arc<Trade>);

/// The service as tonic serves it.
pub fn server(trade: Arc<Trade>, request_bytes_max: usize) -> TradeServiceServer<Service> {
    TradeServiceServer::new(Service(trade))
        .max_decoding_message_size(request_bytes_max)
        .accept_compressed(CompressionEncoding::Gzip)
        .send_compressed(CompressionEncoding::Gzip)
}

#[tonic::async_trait]
impl TradeService for Service {
    async fn list_flows(
        &self,
        request: Request<pb::ListFlowsRequest>,
    ) -> Result<Response<pb::ListFlowsResponse>, Status> {
        let deadline = deadline_of(&request);
        let question = decode::list_flows(&request.into_inner())?;
        let answer = list_flows::answer(&self.0, question, &deadline).await?;
        Ok(Response::new(encode::list_flows(answer)))
    }

    type StreamFlowsStream = Pin<Box<dyn Stream<Item = Result<pb::StreamFlowsResponse, Status>> + Send>>;

    async fn stream_flows(
        &self,
        request: Request<pb::StreamFlowsRequest>,
    ) -> Result<Response<Self::StreamFlowsStream>, Status> {
        let deadline = deadline_of(&request);
        let question = decode::stream_flows(&request.into_inner())?;
        let parts = stream_flows::begin(Arc::clone(&self.0), question, deadline, encode::stream_flows).await?;
        Ok(Response::new(Box::pin(parts.map(|part| part.map_err(Status::from)))))
    }

    async fn summarize_flows(
        &self,
        request: Request<pb::SummarizeFlowsRequest>,
    ) -> Result<Response<pb::SummarizeFlowsResponse>, Status> {
        let deadline = deadline_of(&request);
        let question = decode::summarize_flows(&request.into_inner())?;
        let answer = summarize_flows::answer(&self.0, question, &deadline).await?;
        let plan = answer.plan();
        let mut response = Response::new(encode::summarize_flows(&answer));
        // Not in the message: the same question has the same answer, whichever way it is found.
        response.metadata_mut().insert(PLAN, MetadataValue::from_static(encode::plan(plan).as_str_name()));
        Ok(response)
    }

    async fn compare_mirror(
        &self,
        request: Request<pb::CompareMirrorRequest>,
    ) -> Result<Response<pb::CompareMirrorResponse>, Status> {
        let deadline = deadline_of(&request);
        let question = decode::compare_mirror(&request.into_inner())?;
        let answer = compare_mirror::answer(&self.0, question, &deadline).await?;
        Ok(Response::new(encode::compare_mirror(&answer)))
    }

    async fn estimate_query(
        &self,
        request: Request<pb::EstimateQueryRequest>,
    ) -> Result<Response<pb::EstimateQueryResponse>, Status> {
        let deadline = deadline_of(&request);
        let question = decode::estimate_query(&request.into_inner())?;
        let answer = estimate_query::answer(&self.0, question, &deadline).await?;
        Ok(Response::new(encode::estimate_query(answer)))
    }
}
