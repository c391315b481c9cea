//! `entrepot.trade.v1.TradeService`: decode, ask, encode.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::{Stream, StreamExt as _};
use tokio::sync::mpsc;
use tonic::codec::CompressionEncoding;
use tonic::{Request, Response, Status};
use tracing::Instrument as _;

use crate::proto::entrepot::trade::v1 as pb;
use crate::proto::entrepot::trade::v1::trade_service_server::{TradeService, TradeServiceServer};
use crate::proto::entrepot::r#type::v1::Provenance;
use crate::register::Emptiness;
use crate::rpc::wire::{decimal, emptiness, thousandths};
use crate::rpc::{Error, PageToken, Violations, deadline_of, page_size, policy};
use crate::store::{self, Deadline};
use crate::value::Period;

use super::answer::stream::{self, Progress};
use super::answer::{self, Answered, SummaryAnswer, Trade};
use super::model::FlowKey;
use super::query::{Filter, SummaryQuery};
use super::select::{self, Moment};
use super::store::page::Page;
use super::store::summary::Plan;
use super::summary::{KeyPart, Row};
use super::{convert, mirror};

const LIST_FLOWS: &str = "/entrepot.trade.v1.TradeService/ListFlows";
const STREAM_FLOWS: &str = "/entrepot.trade.v1.TradeService/StreamFlows";
const SUMMARIZE_FLOWS: &str = "/entrepot.trade.v1.TradeService/SummarizeFlows";
const COMPARE_MIRROR: &str = "/entrepot.trade.v1.TradeService/CompareMirror";
/// Rows that one read of a stream takes from the store.
const STREAM_PAGE: usize = 32_768;
const CHUNK_ROWS: usize = 1000;
const CHUNK_ROWS_MAX: usize = 10_000;
/// Bytes of a row in a stream, as measured on BACI-shaped rows.
const BYTES_A_ROW: i64 = 30;

/// The service.
#[derive(Clone)]
pub struct Service {
    trade: Arc<Trade>,
}

/// The service as tonic serves it.
pub fn server(trade: Arc<Trade>, request_bytes_max: usize) -> TradeServiceServer<Service> {
    TradeServiceServer::new(Service { trade })
        .max_decoding_message_size(request_bytes_max)
        .accept_compressed(CompressionEncoding::Gzip)
        .send_compressed(CompressionEncoding::Gzip)
}

impl From<answer::Error> for Error {
    fn from(error: answer::Error) -> Self {
        match error {
            answer::Error::UnknownDataset(name) => {
                let name = name.strip_prefix("datasets/").unwrap_or(&name).to_owned();
                Self::NotFound(format!("datasets/{name}"))
            }
            answer::Error::Refused(refusal) => refusal.into(),
            answer::Error::Summary(error) => error.into(),
            answer::Error::Store(error) => error.into(),
        }
    }
}

/// Reports that nothing was found in, or only no codes.
fn nothing_found<T>(answered: &Answered<T>, filter: &Filter) -> Emptiness {
    match &answered.result {
        Err(emptiness) => emptiness.clone(),
        Ok((selection, _)) => select::why_no_codes(&answered.knowledge.codes, filter, selection),
    }
}

#[tonic::async_trait]
impl TradeService for Service {
    async fn list_flows(
        &self,
        request: Request<pb::ListFlowsRequest>,
    ) -> Result<Response<pb::ListFlowsResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let mut violations = Violations::default();
        let filter = convert::filter(request.filter.as_ref(), &mut violations);
        let as_of = violations.as_of("as_of", request.as_of.as_ref());
        violations.check()?;
        let size = page_size(request.page_size, 100, policy::rows_max(LIST_FLOWS))?;
        let bare = pb::ListFlowsRequest { page_token: String::new(), page_size: 0, ..request.clone() };
        let token = PageToken::decode(&request.page_token, "page_token", LIST_FLOWS, &bare)?;
        let after = token.as_ref().and_then(|token| Progress::from_bytes(&token.position)?.last);
        let moment = match &token {
            Some(token) => Moment::Release(token.release),
            None => as_of.map_or(Moment::Now, Moment::Day),
        };

        let answered = self.trade.page(&filter, moment, after, size, &deadline).await.map_err(Error::from)?;
        let mut response = pb::ListFlowsResponse::default();
        let catalog = &answered.knowledge.catalog;
        if let Ok((selection, page)) = &answered.result {
            let dataset = selection.dataset.resource();
            response.flows = convert::flows(&page.rows, &dataset, catalog);
            response.provenance = Some(convert::provenance(catalog, selection, None, None));
            if !page.is_last {
                let progress = Progress { last: page.rows.last().map(|stored| stored.row.key), ..Progress::default() };
                let token = PageToken { release: selection.release, position: progress.to_bytes() };
                response.next_page_token = token.encode(LIST_FLOWS, &bare);
            }
        }
        if response.flows.is_empty() && after.is_none() {
            response.emptiness = Some(emptiness(&nothing_found(&answered, &filter)));
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
        let mut violations = Violations::default();
        let filter = convert::filter(request.filter.as_ref(), &mut violations);
        let as_of = violations.as_of("as_of", request.as_of.as_ref());
        let chunk_rows = match usize::try_from(request.chunk_rows) {
            Ok(0) => CHUNK_ROWS,
            Ok(rows) => rows.min(CHUNK_ROWS_MAX),
            Err(_) => {
                violations.add("chunk_rows", format!("{} is negative", request.chunk_rows));
                CHUNK_ROWS
            }
        };
        violations.check()?;
        let bare = pb::StreamFlowsRequest { resume_token: String::new(), chunk_rows: 0, ..request.clone() };
        let token = PageToken::decode(&request.resume_token, "resume_token", STREAM_FLOWS, &bare)?;
        let progress = token.as_ref().and_then(|token| Progress::from_bytes(&token.position)).unwrap_or_default();
        let moment = match &token {
            Some(token) => Moment::Release(token.release),
            None => as_of.map_or(Moment::Now, Moment::Day),
        };

        // The first page is read here, so that a refusal is the call's status and not a broken stream.
        let first =
            self.trade.page(&filter, moment, progress.last, STREAM_PAGE, &deadline).await.map_err(Error::from)?;
        let (sender, receiver) = mpsc::channel(4);
        let provenance = first
            .result
            .as_ref()
            .ok()
            .map(|(selection, _)| convert::provenance(&first.knowledge.catalog, selection, None, None));
        let trade = Arc::clone(&self.trade);
        let ended = Arc::new(AtomicBool::new(false));
        let producer =
            Producer { trade, filter, deadline, bare, chunk_rows, provenance, sender, ended: Arc::clone(&ended) };
        tokio::spawn(producer.run(first, progress).instrument(tracing::Span::current()));
        // A reader so slow that the deadline passed finds the channel closed: that must not look like the end.
        let unless_ended = futures::stream::once(async move {
            let error = Error::Store(store::Error::DeadlineExceeded);
            (!ended.load(Ordering::Acquire)).then(|| Err(Status::from(error)))
        });
        let messages = tokio_stream::wrappers::ReceiverStream::new(receiver);
        Ok(Response::new(Box::pin(messages.chain(unless_ended.filter_map(std::future::ready)))))
    }

    async fn summarize_flows(
        &self,
        request: Request<pb::SummarizeFlowsRequest>,
    ) -> Result<Response<pb::SummarizeFlowsResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let mut violations = Violations::default();
        let as_of = violations.as_of("as_of", request.as_of.as_ref());
        let query = convert::summary_query(&request, policy::rows_max(SUMMARIZE_FLOWS));
        violations.check()?;
        let query = query?;

        let moment = as_of.map_or(Moment::Now, Moment::Day);
        let answered = self.trade.summarize(&query, moment, &deadline).await.map_err(Error::from)?;
        let catalog = &answered.knowledge.catalog;
        let mut response = pb::SummarizeFlowsResponse::default();
        if let Ok((selection, answer)) = &answered.result {
            let wire = |row: &Row| {
                let mut wire = convert::summary_row(row);
                let dimensions = if row.rest_groups.is_some() { &[][..] } else { &query.group_by };
                convert::put_key(&mut wire, &row.key, dimensions);
                wire
            };
            response.rows = answer.summary.rows.iter().map(wire).collect();
            let sums = &answer.summary.total.sums;
            if sums.rows > 0 && !answer.summary.has_no_total {
                response.total = Some(convert::summary_row(&answer.summary.total));
            }
            response.provenance = Some(convert::provenance(catalog, selection, Some(&answer.level), Some(sums)));
        }
        if response.rows.is_empty() {
            response.emptiness = Some(emptiness(&nothing_found(&answered, &query.filter)));
        }
        Ok(Response::new(response))
    }

    async fn compare_mirror(
        &self,
        request: Request<pb::CompareMirrorRequest>,
    ) -> Result<Response<pb::CompareMirrorResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let mut violations = Violations::default();
        let as_of = violations.as_of("as_of", request.as_of.as_ref());
        let queries = convert::mirror_queries(&request, policy::rows_max(COMPARE_MIRROR));
        violations.check()?;
        let (exporter_query, importer_query, factor) = queries?;

        let moment = as_of.map_or(Moment::Now, Moment::Day);
        let exporter = self.trade.summarize(&exporter_query, moment, &deadline).await.map_err(Error::from)?;
        let importer = self.trade.summarize(&importer_query, moment, &deadline).await.map_err(Error::from)?;
        let rows_of = |answered: &'_ Answered<SummaryAnswer>| -> Vec<Row> {
            answered.result.as_ref().map_or_else(|_| Vec::new(), |(_, answer)| answer.summary.rows.clone())
        };
        let (exporter_rows, importer_rows) = (rows_of(&exporter), rows_of(&importer));

        let mut response = pb::CompareMirrorResponse {
            cif_fob_factor: factor.map(|factor| decimal(crate::value::exact::scaled(i128::from(factor.0), 6))),
            exporter_provenance: mirror_provenance(&exporter),
            importer_provenance: mirror_provenance(&importer),
            ..pb::CompareMirrorResponse::default()
        };
        for pair in mirror::pairs(&exporter_rows, &importer_rows) {
            let (gap, ratio) = pair.compare(factor);
            let period = pair.key.iter().find_map(|part| match part {
                KeyPart::Period(period) => Some(*period),
                _ => None,
            });
            let mut row = pb::MirrorRow {
                exporter: Some(side(pair.exporter, period, &exporter, &exporter_query.filter)),
                importer: Some(side(pair.importer, period, &importer, &importer_query.filter)),
                gap_usd: gap.map(thousandths),
                ratio: ratio.map(decimal),
                ..pb::MirrorRow::default()
            };
            for part in pair.key {
                match part {
                    KeyPart::Period(period) => row.period = period.to_string(),
                    KeyPart::Commodity(code) => {
                        row.classification = Some(code.classification().name().to_owned());
                        row.commodity = Some(code.to_string());
                    }
                    _ => {}
                }
            }
            response.rows.push(row);
        }
        if response.rows.is_empty() {
            response.emptiness = Some(emptiness(&nothing_found(&exporter, &exporter_query.filter)));
        }
        Ok(Response::new(response))
    }

    async fn estimate_query(
        &self,
        request: Request<pb::EstimateQueryRequest>,
    ) -> Result<Response<pb::EstimateQueryResponse>, Status> {
        let deadline = deadline_of(&request);
        let request = request.into_inner();
        let mut violations = Violations::default();
        let (filter, query, as_of) = match &request.query {
            None => return Err(Error::invalid("query", "is missing; give flows or summary").into()),
            Some(pb::estimate_query_request::Query::Flows(flows)) => {
                let filter = convert::filter(Some(flows), &mut violations);
                (filter, None, violations.as_of("as_of", request.as_of.as_ref()))
            }
            Some(pb::estimate_query_request::Query::Summary(summary)) => {
                let query = convert::summary_query(summary, policy::rows_max(SUMMARIZE_FLOWS))?;
                (query.filter.clone(), Some(query), violations.as_of("query.summary.as_of", summary.as_of.as_ref()))
            }
        };
        violations.check()?;
        let moment = as_of.map_or(Moment::Now, Moment::Day);
        let answered = self.trade.select(&filter, query.as_ref(), moment, &deadline).await.map_err(Error::from)?;
        Ok(Response::new(estimate(&answered, &filter, query.as_ref())))
    }
}

fn mirror_provenance(answered: &Answered<SummaryAnswer>) -> Option<Provenance> {
    let (selection, answer) = answered.result.as_ref().ok()?;
    let sums = &answer.summary.total.sums;
    Some(convert::provenance(&answered.knowledge.catalog, selection, Some(&answer.level), Some(sums)))
}

fn side(
    row: Option<&Row>,
    period: Option<Period>,
    answered: &Answered<SummaryAnswer>,
    filter: &Filter,
) -> pb::MirrorSide {
    let Some(row) = row else {
        let nothing = match (&answered.result, period) {
            (Ok((selection, _)), Some(period)) => selection.why_nothing_in(period),
            _ => nothing_found(answered, filter),
        };
        return pb::MirrorSide { emptiness: Some(emptiness(&nothing)), ..pb::MirrorSide::default() };
    };
    pb::MirrorSide {
        value_usd: (row.sums.value_rows > 0).then(|| thousandths(row.sums.value)),
        net_weight_kg: (row.sums.weight_rows > 0).then(|| thousandths(row.sums.net_weight)),
        row_count: row.sums.rows,
        periods_expected: row.periods_expected as i32,
        periods_reported: row.periods_reported as i32,
        emptiness: None,
    }
}

fn estimate(
    answered: &Answered<Option<(super::level::Level, Plan)>>,
    filter: &Filter,
    query: Option<&SummaryQuery>,
) -> pb::EstimateQueryResponse {
    let (selection, how) = match &answered.result {
        Err(nothing) => {
            let plan = pb::Plan::Nothing.into();
            return pb::EstimateQueryResponse { plan, emptiness: Some(emptiness(nothing)), ..Default::default() };
        }
        Ok((selection, how)) => (selection, how),
    };
    let rows_max: i64 = selection
        .reports
        .values()
        .flatten()
        .filter(|(kind, _)| how.is_none_or(|(level, _)| kind.level == level.commodity && kind.detail == level.detail))
        .map(|(_, held)| held.rows)
        .sum();
    // Partners and commodities are taken as evenly spread, which they are not; the bound above is exact.
    let among = |named: usize, all: i64| if named == 0 { 1.0 } else { (named as f64 / all as f64).min(1.0) };
    let share_of = |code: &String| if code == "TOTAL" { 1.0 } else { 100_f64.powi(-((code.len() as i32 + 1) / 2)) };
    let codes_named: f64 = filter.commodities.iter().map(share_of).sum();
    let commodity_share = if filter.commodities.is_empty() { 1.0 } else { codes_named.min(1.0) };
    let rows_estimated = rows_max as f64 * among(filter.partners.len(), 220) * commodity_share;
    let plan = match how {
        Some((_, Plan::Pairs | Plan::World)) => pb::Plan::Rollup,
        _ if !selection.is_newest => pb::Plan::History,
        _ => pb::Plan::Facts,
    };
    let rows_estimated = rows_estimated.ceil() as i64;
    let bytes_estimated = if query.is_some() { 0 } else { rows_estimated * BYTES_A_ROW };
    pb::EstimateQueryResponse {
        rows_max,
        rows_estimated,
        reports: selection.reports.len() as i64,
        plan: plan.into(),
        bytes_estimated,
        dataset: selection.dataset.resource(),
        emptiness: None,
    }
}

/// Reads page after page and sends chunks. The next page is read while the one before is sent; a caller that does not
/// read holds no connection, because each page is a read of its own.
struct Producer {
    trade: Arc<Trade>,
    filter: Filter,
    deadline: Deadline,
    bare: pb::StreamFlowsRequest,
    chunk_rows: usize,
    /// Of the first page; the later ones are pinned to its release.
    provenance: Option<Provenance>,
    sender: mpsc::Sender<Result<pb::StreamFlowsResponse, Status>>,
    /// Set when the stream ended with its end message or with an error of its own.
    ended: Arc<AtomicBool>,
}

impl Producer {
    async fn run(self, first: Answered<Page>, mut progress: Progress) {
        let mut answered = first;
        while let Ok((selection, page)) = &answered.result {
            let moment = Moment::Release(selection.release);
            let last_key: Option<FlowKey> = page.rows.last().map(|stored| stored.row.key);
            let read_ahead = async {
                if page.is_last {
                    return None;
                }
                Some(self.trade.page(&self.filter, moment, last_key, STREAM_PAGE, &self.deadline).await)
            };
            let send = self.send_page(page, selection.release, &mut progress);
            let (next, sent) = tokio::join!(read_ahead, send);
            if !sent {
                return;
            }
            match next {
                None => break,
                Some(Ok(page)) => answered = page,
                Some(Err(error)) => return self.send_last(Err(Error::from(error).into())).await,
            }
        }
        self.send_end(&answered, progress).await;
    }

    /// False when the caller has gone.
    async fn send_page(&self, page: &Page, release: i64, progress: &mut Progress) -> bool {
        for rows in page.rows.chunks(self.chunk_rows) {
            if self.deadline.is_over() {
                return false;
            }
            progress.add(rows);
            let mut chunk = stream::chunk(rows);
            let token = PageToken { release, position: progress.to_bytes() };
            chunk.resume_token = token.encode(STREAM_FLOWS, &self.bare);
            let part = Some(pb::stream_flows_response::Part::Chunk(chunk));
            let send = self.sender.send_timeout(Ok(pb::StreamFlowsResponse { part }), self.deadline.remaining());
            if send.await.is_err() {
                return false;
            }
        }
        true
    }

    async fn send_end(&self, answered: &Answered<Page>, progress: Progress) {
        let mut end = pb::FlowStreamEnd {
            rows: progress.rows,
            value_checksum: progress.value_checksum,
            net_weight_checksum: progress.net_weight_checksum,
            ..pb::FlowStreamEnd::default()
        };
        end.provenance.clone_from(&self.provenance);
        if progress.rows == 0 {
            end.emptiness = Some(emptiness(&nothing_found(answered, &self.filter)));
        }
        let part = Some(pb::stream_flows_response::Part::End(end));
        self.send_last(Ok(pb::StreamFlowsResponse { part })).await;
    }

    async fn send_last(&self, message: Result<pb::StreamFlowsResponse, Status>) {
        let sent = self.sender.send_timeout(message, self.deadline.remaining()).await;
        self.ended.store(sent.is_ok(), Ordering::Release);
    }
}
