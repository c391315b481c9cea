//! Streams the trade of a country and checks that nothing is missing or doubled:
//! `cargo run --example stream_flows -- http://127.0.0.1:50551 RUS M`.
//!
//! A stream that was cut goes on behind the last chunk by its token; what came is compared with the rows and the checksum
//! of the end. Totals are left out (`parts_only`), so that all rows may be added up.

use std::error::Error;

use entrepot::proto::entrepot::trade::v1::stream_flows_response::Part;
use entrepot::proto::entrepot::trade::v1::trade_service_client::TradeServiceClient;
use entrepot::proto::entrepot::trade::v1::{FlowChunk, FlowFilter, FlowStreamEnd, StreamFlowsRequest};
use tonic::transport::Channel;

/// How often a stream may be cut.
const ATTEMPTS: usize = 5;

/// What has come so far.
#[derive(Default)]
struct Received {
    rows: i64,
    checksum: crc32fast::Hasher,
    resume_token: String,
    /// Thousandths of a dollar. More digits than one value, for it is a sum.
    value_milli: i128,
    unknown_values: i64,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let server = arguments.next().unwrap_or_else(|| "http://127.0.0.1:50551".to_owned());
    let reporter = arguments.next().unwrap_or_else(|| "RUS".to_owned());
    let flow = arguments.next().unwrap_or_else(|| "M".to_owned());
    let filter = FlowFilter { reporters: vec![reporter], flows: vec![flow], parts_only: true, ..FlowFilter::default() };
    let mut client = TradeServiceClient::connect(server).await?;
    let (received, end) = stream(&mut client, filter).await?;
    if let Some(emptiness) = end.emptiness {
        println!("no rows: {}", emptiness.detail);
        return Ok(());
    }
    println!("{} rows, {} of them of unknown value", received.rows, received.unknown_values);
    println!("value in all: {}.{:03} USD", received.value_milli / 1000, received.value_milli % 1000);
    let provenance = end.provenance.unwrap_or_default();
    provenance.sources.iter().for_each(|source| println!("source: {}, {}", source.display_name, source.publisher));
    provenance.notes.iter().for_each(|note| println!("note: {note}"));
    Ok(())
}

/// Reads to the end of the stream, however often it is cut, and checks the whole.
async fn stream(
    client: &mut TradeServiceClient<Channel>,
    filter: FlowFilter,
) -> Result<(Received, FlowStreamEnd), Box<dyn Error>> {
    let mut received = Received::default();
    for _ in 0..ATTEMPTS {
        match until_end_or_cut(client, &filter, &mut received).await {
            Ok(Some(end)) => {
                received.check(&end)?;
                return Ok((received, end));
            }
            // A stream that ends without its end was cut as well.
            Ok(None) => {}
            Err(status) if matches!(status.code(), tonic::Code::Unavailable | tonic::Code::DeadlineExceeded) => {}
            Err(status) => return Err(status.into()),
        }
    }
    Err("the stream was cut too often".into())
}

async fn until_end_or_cut(
    client: &mut TradeServiceClient<Channel>,
    filter: &FlowFilter,
    received: &mut Received,
) -> Result<Option<FlowStreamEnd>, tonic::Status> {
    let resume_token = received.resume_token.clone();
    let request = StreamFlowsRequest { filter: Some(filter.clone()), resume_token, ..StreamFlowsRequest::default() };
    let mut messages = client.stream_flows(request).await?.into_inner();
    while let Some(message) = messages.message().await? {
        match message.part {
            Some(Part::Chunk(chunk)) => received.take(chunk),
            Some(Part::End(end)) => return Ok(Some(end)),
            None => {}
        }
    }
    Ok(None)
}

impl Received {
    fn take(&mut self, chunk: FlowChunk) {
        let rows = usize::try_from(chunk.row_count).unwrap_or_default();
        let is_reported = chunk.value_milli.is_some();
        let column = chunk.value_milli.unwrap_or_default();
        for row in 0..rows {
            // An absent column is unknown in every row, and counts as zeros in the checksum.
            let value = column.values.get(row).copied().unwrap_or_default();
            let is_known = is_reported
                && (column.known.is_empty()
                    || column.known.get(row / 8).is_some_and(|byte| byte >> (row % 8) & 1 == 1));
            self.checksum.update(&value.to_le_bytes());
            if is_known {
                self.value_milli += i128::from(value);
            } else {
                self.unknown_values += 1;
            }
        }
        self.rows += i64::from(chunk.row_count);
        self.resume_token = chunk.resume_token;
    }

    fn check(&self, end: &FlowStreamEnd) -> Result<(), String> {
        let checksum = self.checksum.clone().finalize();
        if (self.rows, checksum) == (end.row_count, end.value_checksum) {
            return Ok(());
        }
        let (rows, sum) = (end.row_count, end.value_checksum);
        Err(format!("{} rows with the checksum {checksum} came, and the server sent {rows} with {sum}", self.rows))
    }
}
