//! `entrepot.trade.v1.TradeService`: decode, ask, encode.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;

use futures::{Stream, StreamExt as _};
use tonic::codec::CompressionEncoding;
use tonic::metadata::MetadataValue;
use tonic::{Request, Response, Status};

use super::answer::{
    Trade, compare_mirror, estimate_query, indicators, list_coverage, list_flows, stream_flows, stream_summary,
    summarize_flows,
};
use super::convert::{
    coverage, indicator_names, indicator_request, indicator_response, names, request as decode, response as encode,
};
use crate::proto::entrepot::trade::v1 as pb;
use crate::proto::entrepot::trade::v1::indicator_service_server::{IndicatorService, IndicatorServiceServer};
use crate::proto::entrepot::trade::v1::trade_service_server::{TradeService, TradeServiceServer};
use crate::reference::convert::names::Mentioned;
use crate::rpc::{Error, deadline_of};

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

/// The service of indicators as tonic serves it.
pub fn indicator_server(trade: Arc<Trade>, request_bytes_max: usize) -> IndicatorServiceServer<Service> {
    IndicatorServiceServer::new(Service(trade))
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
        let request = request.into_inner();
        let question = decode::list_flows(&request)?;
        let answer = list_flows::answer(&self.0, question, &deadline).await?;
        let mut response = encode::list_flows(answer);
        if request.include_names {
            let mentioned = names::of_flows(&response.flows);
            let titles = self.0.titles(&mentioned.commodities(), &deadline).await?;
            response.names = Some(mentioned.names(&titles));
        }
        Ok(Response::new(response))
    }

    type StreamFlowsStream = Pin<Box<dyn Stream<Item = Result<pb::StreamFlowsResponse, Status>> + Send>>;

    async fn stream_flows(
        &self,
        request: Request<pb::StreamFlowsRequest>,
    ) -> Result<Response<Self::StreamFlowsStream>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let question = decode::stream_flows(&request)?;
        let parts = stream_flows::begin(Arc::clone(&self.0), question, deadline.clone(), encode::stream_flows).await?;
        if !request.include_names {
            return Ok(Response::new(Box::pin(parts.map(|part| part.map_err(Status::from)))));
        }
        let trade = Arc::clone(&self.0);
        let named = parts.scan(Mentioned::default(), move |seen, part| {
            let new = part.as_ref().map(|part| names::of_part(part).new_to(seen)).unwrap_or_default();
            let (trade, deadline) = (Arc::clone(&trade), deadline.clone());
            let titled = async move {
                let titles = trade.titles(&new.commodities(), &deadline).await?;
                Ok::<_, Error>(names::put_into(part?, new.names(&titles)))
            };
            async move { Some(titled.await.map_err(Status::from)) }
        });
        Ok(Response::new(Box::pin(named)))
    }

    async fn summarize_flows(
        &self,
        request: Request<pb::SummarizeFlowsRequest>,
    ) -> Result<Response<pb::SummarizeFlowsResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let question = decode::summarize_flows(&request)?;
        let answer = summarize_flows::answer(&self.0, question, &deadline).await?;
        let plan = encode::plan(answer.plan()).as_str_name();
        let mut message = encode::summarize_flows(&answer);
        if request.include_names {
            let mentioned = names::of_summary(&message.rows);
            let titles = self.0.titles(&mentioned.commodities(), &deadline).await?;
            message.names = Some(mentioned.names(&titles));
        }
        let mut response = Response::new(message);
        // Not in the message: the same question has the same answer, whichever way it is found.
        response.metadata_mut().insert(PLAN, MetadataValue::from_static(plan));
        Ok(response)
    }

    type StreamSummaryStream = Pin<Box<dyn Stream<Item = Result<pb::StreamSummaryResponse, Status>> + Send>>;

    async fn stream_summary(
        &self,
        request: Request<pb::StreamSummaryRequest>,
    ) -> Result<Response<Self::StreamSummaryStream>, Status> {
        let deadline = deadline_of(&request);
        let question = decode::stream_summary(&request.into_inner())?;
        let parts = stream_summary::begin(&self.0, question, deadline, encode::stream_summary).await?;
        Ok(Response::new(Box::pin(parts.map(|part| part.map_err(Status::from)))))
    }

    async fn compare_mirror(
        &self,
        request: Request<pb::CompareMirrorRequest>,
    ) -> Result<Response<pb::CompareMirrorResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let question = decode::compare_mirror(&request)?;
        let answer = compare_mirror::answer(&self.0, question, &deadline).await?;
        let mut response = encode::compare_mirror(&answer);
        if request.include_names {
            let mentioned = names::of_comparison(&request, &response.rows);
            let titles = self.0.titles(&mentioned.commodities(), &deadline).await?;
            response.names = Some(mentioned.names(&titles));
        }
        Ok(Response::new(response))
    }

    async fn list_coverage(
        &self,
        request: Request<pb::ListCoverageRequest>,
    ) -> Result<Response<pb::ListCoverageResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let question = coverage::list_coverage(&request)?;
        let mut response = coverage::coverage(list_coverage::answer(&self.0, question, &deadline).await?);
        if request.include_names {
            response.names = Some(names::of_coverage(&response.coverage).names(&HashMap::new()));
        }
        Ok(Response::new(response))
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

/// Each indicator in the same three steps.
macro_rules! indicators {
    ($($method:ident($request:ident) -> $response:ident by $answer:ident;)+) => {
        #[tonic::async_trait]
        impl IndicatorService for Service {
            $(async fn $method(&self, request: Request<pb::$request>) -> Result<Response<pb::$response>, Status> {
                let deadline = deadline_of(&request);
                let request = request.into_inner();
                let question = indicator_request::$method(&request)?;
                let answer = indicators::$answer(&self.0, question, &deadline).await?;
                let mut response = indicator_response::$method(&answer);
                if request.scope.is_some_and(|scope| scope.include_names) {
                    let mentioned = indicator_names::mentioned(&response.rows);
                    let titles = self.0.titles(&mentioned.commodities(), &deadline).await?;
                    response.names = Some(mentioned.names(&titles));
                }
                Ok(Response::new(response))
            })+
        }
    };
}

indicators! {
    compute_balances(ComputeBalancesRequest) -> ComputeBalancesResponse by balances;
    compute_growth(ComputeGrowthRequest) -> ComputeGrowthResponse by growth;
    rank_flows(RankFlowsRequest) -> RankFlowsResponse by rank_flows;
    compute_dependence(ComputeDependenceRequest) -> ComputeDependenceResponse by dependence;
    compute_concentration(ComputeConcentrationRequest) -> ComputeConcentrationResponse by concentration;
    compute_revealed_advantage(ComputeRevealedAdvantageRequest) -> ComputeRevealedAdvantageResponse by revealed_advantage;
    compute_intensity(ComputeIntensityRequest) -> ComputeIntensityResponse by intensity;
    compute_complementarity(ComputeComplementarityRequest) -> ComputeComplementarityResponse by complementarity;
    compute_intra_industry_trade(ComputeIntraIndustryTradeRequest) -> ComputeIntraIndustryTradeResponse
        by intra_industry_trade;
    compute_similarity(ComputeSimilarityRequest) -> ComputeSimilarityResponse by similarity;
    compute_extensive_margin(ComputeExtensiveMarginRequest) -> ComputeExtensiveMarginResponse by extensive_margin;
    compute_unit_values(ComputeUnitValuesRequest) -> ComputeUnitValuesResponse by unit_values;
    decompose_change(DecomposeChangeRequest) -> DecomposeChangeResponse by decompose_change;
    rank_movers(RankMoversRequest) -> RankMoversResponse by rank_movers;
}
