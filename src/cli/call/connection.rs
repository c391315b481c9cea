//! A channel to a server, and what goes along with every request on it.

use std::time::Duration;

use tokio::time::Instant;
use tonic::client::Grpc;
use tonic::codec::CompressionEncoding;
use tonic::metadata::MetadataMap;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Status};

use super::error::Error;
use crate::cli::context;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const MAX_MESSAGE_BYTES: usize = 64 << 20;
/// Clocks and the rounding of grpc-timeout let the other side give up this much earlier.
const DEADLINE_SLACK: Duration = Duration::from_millis(100);

/// An open channel and what goes along with every request on it.
pub struct Connection {
    pub address: String,
    channel: Channel,
    metadata: MetadataMap,
    deadline: Option<Instant>,
}

impl Connection {
    pub async fn open(address: String, metadata: MetadataMap, deadline: Option<Instant>) -> Result<Self, Error> {
        let endpoint = Endpoint::from_shared(address.clone()).map_err(|error| {
            let reason = chain(&error);
            context::Error::Address { address: address.clone(), reason }
        })?;
        let connecting = endpoint.connect_timeout(CONNECT_TIMEOUT).connect().await;
        let channel =
            connecting.map_err(|error| Error::Unreachable { address: address.clone(), reason: chain(&error) })?;
        Ok(Self { address, channel, metadata, deadline })
    }

    /// A client that is ready to send.
    pub async fn grpc(&self) -> Result<Grpc<Channel>, Error> {
        let mut grpc = Grpc::new(self.channel.clone())
            .accept_compressed(CompressionEncoding::Gzip)
            .max_decoding_message_size(MAX_MESSAGE_BYTES);
        grpc.ready()
            .await
            .map_err(|error| Error::Unreachable { address: self.address.clone(), reason: chain(&error) })?;
        Ok(grpc)
    }

    pub fn request<T>(&self, content: T) -> Request<T> {
        let mut request = Request::new(content);
        *request.metadata_mut() = self.metadata.clone();
        if let Some(at) = self.deadline {
            request.set_timeout(at.saturating_duration_since(Instant::now()));
        }
        request
    }

    /// tonic ends an expired call as CANCELLED; whoever set a deadline looks for the other code.
    pub fn failure(&self, status: Status) -> Error {
        let is_late = self.deadline.is_some_and(|at| Instant::now() + DEADLINE_SLACK >= at);
        if status.code() == Code::Cancelled && is_late {
            return Error::Rpc(deadline_exceeded());
        }
        Error::Rpc(status)
    }
}

pub fn deadline_exceeded() -> Status {
    Status::deadline_exceeded("no complete answer in time; --deadline allows more")
}

/// An error with its causes: tonic's own text is only `transport error`.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut parts = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(inner) = cause {
        let text = inner.to_string();
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
        cause = inner.source();
    }
    parts.join(": ")
}
