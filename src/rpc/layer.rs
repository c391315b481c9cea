//! What happens to every request before and after its method: id, policy, token, deadline, a place among the requests in
//! flight, a line in the log.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use http::{HeaderMap, HeaderValue, Request, Response};
use sha2::{Digest as _, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::Status;
use tonic::body::Body;
use tower::{Layer, Service};
use tracing::Instrument as _;

use super::policy::{self, Policy, Span};
use super::status::Error;
use crate::config::{AuthMode, Config};
use crate::store::Deadline;

const REQUEST_ID: &str = "x-request-id";

/// What the layer needs to know.
#[derive(Debug)]
struct Rules {
    in_flight: Arc<Semaphore>,
    default_deadline: Duration,
    max_deadline: Duration,
    stream_deadline: Duration,
    /// Hashes of tokens with their scopes; absent when calls need none.
    tokens: Option<Vec<([u8; 32], Vec<String>)>>,
    /// Begins the ids of this process.
    start: i64,
    counter: AtomicU64,
}

/// Wraps the whole server.
#[derive(Clone, Debug)]
pub struct RequestLayer(Arc<Rules>);

impl RequestLayer {
    pub fn new(config: &Config) -> Self {
        let server = &config.server;
        let tokens = (config.auth.mode == AuthMode::Tokens).then(|| {
            let hashed = config.auth.tokens.iter().filter_map(|token| Some((token.digest()?, token.scopes.clone())));
            hashed.collect()
        });
        Self(Arc::new(Rules {
            in_flight: Arc::new(Semaphore::new(server.max_requests_in_flight)),
            default_deadline: Duration::from_millis(server.default_deadline_ms),
            max_deadline: Duration::from_millis(server.max_deadline_ms),
            stream_deadline: Duration::from_millis(server.stream_deadline_ms),
            tokens,
            start: jiff::Timestamp::now().as_microsecond(),
            counter: AtomicU64::new(0),
        }))
    }
}

impl<S> Layer<S> for RequestLayer {
    type Service = RequestService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        RequestService { inner, rules: Arc::clone(&self.0) }
    }
}

#[derive(Clone, Debug)]
pub struct RequestService<S> {
    inner: S,
    rules: Arc<Rules>,
}

impl<S> Service<Request<Body>> for RequestService<S>
where
    S: Service<Request<Body>, Response = Response<Body>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Send,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        // The clone that was polled ready must be the one that is called.
        let ready = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, ready);
        let rules = Arc::clone(&self.rules);
        let id = rules.request_id(request.headers());
        let path = request.uri().path().to_owned();
        let span = tracing::info_span!("request", request_id = %id, method = %path);
        let work = async move {
            let started = Instant::now();
            let admitted = rules.admit(&path, request.headers());
            let mut response = match admitted {
                Err(error) => Status::from(error).into_http(),
                Ok((policy, deadline, permit)) => {
                    request.extensions_mut().insert(deadline.clone());
                    let call = inner.call(request);
                    match tokio::time::timeout(deadline.remaining(), call).await {
                        Ok(response) => response?.map(|body| Body::new(HoldingBody::new(body, permit, &path, started))),
                        Err(_) => {
                            drop(permit);
                            tracing::warn!(?policy.span, "deadline passed");
                            Status::from(Error::Store(crate::store::Error::DeadlineExceeded)).into_http()
                        }
                    }
                }
            };
            let status = Status::from_header_map(response.headers());
            if let Some(status) = status.filter(|status| status.code() != tonic::Code::Ok) {
                let milliseconds = started.elapsed().as_millis() as u64;
                tracing::info!(code = ?status.code(), reason = status.message(), milliseconds, "refused");
                count(&path, status.code(), started);
            }
            if let Ok(value) = HeaderValue::from_str(&id) {
                response.headers_mut().insert(REQUEST_ID, value);
            }
            Ok(response)
        };
        Box::pin(work.instrument(span))
    }
}

impl Rules {
    /// The caller's id when it is a plain short text, else one of ours.
    fn request_id(&self, headers: &HeaderMap) -> String {
        let given = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok()).filter(|id| {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
            !id.is_empty() && id.len() <= 64 && id.bytes().all(is_plain)
        });
        match given {
            Some(id) => id.to_owned(),
            None => format!("{:x}-{:x}", self.start, self.counter.fetch_add(1, Ordering::Relaxed)),
        }
    }

    fn admit(
        &self,
        path: &str,
        headers: &HeaderMap,
    ) -> Result<(&'static Policy, Deadline, OwnedSemaphorePermit), Error> {
        let policy = policy::of(path).ok_or_else(|| Error::Unimplemented(path.to_owned()))?;
        self.authorize(policy, headers)?;
        let permit = Arc::clone(&self.in_flight).try_acquire_owned().map_err(|_| Error::Busy)?;
        let asked = headers.get("grpc-timeout").and_then(|value| parse_timeout(value.to_str().ok()?));
        let (default, longest) = match policy.span {
            Span::Unary => (self.default_deadline, self.max_deadline),
            Span::Stream => (self.stream_deadline, self.stream_deadline),
        };
        let allowed = asked.unwrap_or(default).min(longest);
        Ok((policy, Deadline::after(allowed), permit))
    }

    fn authorize(&self, policy: &Policy, headers: &HeaderMap) -> Result<(), Error> {
        let (Some(tokens), Some(scope)) = (&self.tokens, policy.scope) else {
            return Ok(());
        };
        let header = headers.get(http::header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let (scheme, token) = header.and_then(|header| header.split_once(' ')).ok_or(Error::Unauthenticated)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Error::Unauthenticated);
        }
        let digest: [u8; 32] = Sha256::digest(token).into();
        // Comparing hashes takes a time that says nothing of the token.
        let scopes = tokens.iter().find(|(hash, _)| *hash == digest).map(|(_, scopes)| scopes);
        let scopes = scopes.ok_or(Error::Unauthenticated)?;
        let is_allowed = scopes.iter().any(|held| held == scope || held == "admin");
        if is_allowed { Ok(()) } else { Err(Error::Forbidden(scope)) }
    }
}

/// gRPC's form: up to eight digits and a unit.
fn parse_timeout(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.len() > 8 {
        return None;
    }
    let number: u64 = digits.parse().ok()?;
    Some(match unit {
        "H" => Duration::from_secs(number * 3600),
        "M" => Duration::from_secs(number * 60),
        "S" => Duration::from_secs(number),
        "m" => Duration::from_millis(number),
        "u" => Duration::from_micros(number),
        "n" => Duration::from_nanos(number),
        _ => return None,
    })
}

/// Only methods of ours: whoever calls others must not fill the memory with their names.
fn count(path: &str, code: tonic::Code, started: Instant) {
    let Some(policy) = policy::of(path) else {
        return;
    };
    metrics::counter!("entrepot_requests_total", "method" => policy.path, "code" => code_name(code)).increment(1);
    metrics::histogram!("entrepot_request_seconds", "method" => policy.path).record(started.elapsed().as_secs_f64());
}

fn code_name(code: tonic::Code) -> &'static str {
    use tonic::Code;
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

/// Keeps the request's place in flight until the last byte of the answer is out or nobody wants it, and logs the end.
struct HoldingBody {
    inner: Body,
    _permit: OwnedSemaphorePermit,
    span: tracing::Span,
    path: String,
    started: Instant,
    code: Option<tonic::Code>,
}

impl HoldingBody {
    fn new(inner: Body, permit: OwnedSemaphorePermit, path: &str, started: Instant) -> Self {
        Self { inner, _permit: permit, span: tracing::Span::current(), path: path.to_owned(), started, code: None }
    }
}

impl http_body::Body for HoldingBody {
    type Data = <Body as http_body::Body>::Data;
    type Error = <Body as http_body::Body>::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
        let frame = Pin::new(&mut self.inner).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &frame
            && let Some(trailers) = frame.trailers_ref()
        {
            self.code = Status::from_header_map(trailers).map(|status| status.code());
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for HoldingBody {
    fn drop(&mut self) {
        let milliseconds = self.started.elapsed().as_millis() as u64;
        let _entered = self.span.enter();
        if let Some(code) = self.code {
            count(&self.path, code, self.started);
        }
        match self.code {
            // Probes come every few seconds and say nothing.
            Some(tonic::Code::Ok) if self.path.starts_with("/grpc.") => {}
            Some(code) => tracing::info!(?code, milliseconds, "answered"),
            None if self.inner_is_done() => {}
            None => tracing::info!(milliseconds, "the caller went away"),
        }
    }
}

impl HoldingBody {
    /// A refusal has its status in the headers and no body; it was logged already.
    fn inner_is_done(&self) -> bool {
        http_body::Body::is_end_stream(&self.inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_are_read_as_grpc_writes_them() {
        assert_eq!(parse_timeout("30S"), Some(Duration::from_secs(30)));
        assert_eq!(parse_timeout("250m"), Some(Duration::from_millis(250)));
        for text in ["", "S", "123456789S", "5x", "-1S", "１S"] {
            assert_eq!(parse_timeout(text), None, "{text}");
        }
    }
}
