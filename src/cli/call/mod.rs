//! `entrepot call`: calls any method of any running gRPC server, learning what it needs through
//! server reflection, so that a new user needs no other tool.
//!
//! Owns the flags, the connection and the way from JSON to the wire and back. Never uses
//! Entrepôt's generated code or its store: what works here works for every client.

mod codec;
mod connection;
mod describe;
mod descriptors;
mod error;
mod names;

use std::fs::File;
use std::io::{self, Read, Write};
use std::time::Duration;

use futures::stream;
use http::uri::PathAndQuery;
use prost_reflect::{DynamicMessage, MethodDescriptor};
use tokio::time::{Instant, timeout_at};
use tonic::metadata::{Ascii, MetadataKey, MetadataMap, MetadataValue};

use codec::DynamicCodec;
use connection::{Connection, deadline_exceeded};
use descriptors::Catalog;
pub use error::Error;

const TOKEN_VARIABLE: &str = "ENTREPOT_TOKEN";
/// grpc-timeout cannot say more than eight digits of a unit, and nobody waits longer.
const MAX_DEADLINE: Duration = Duration::from_secs(7 * 24 * 60 * 60);
const MAX_INPUT_BYTES: u64 = 64 << 20;

/// Call a method of a running server, or look at what it offers
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Address of the server; without TLS
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:50551")]
    server: String,

    /// Time for everything together, like 30s or 5m; 0s waits for ever
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = parse_deadline)]
    deadline: Duration,

    /// Bearer token; better kept in the variable ENTREPOT_TOKEN, where `ps` does not show it
    #[arg(long, value_parser = parse_token)]
    token: Option<MetadataValue<Ascii>>,

    /// Metadata sent along; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = parse_metadata)]
    metadata: Vec<(MetadataKey<Ascii>, MetadataValue<Ascii>)>,

    /// Write errors as one JSON object
    #[arg(long)]
    json_errors: bool,

    /// List every service and method of the server
    #[arg(long, conflicts_with_all = ["describe", "method"])]
    list: bool,

    /// Show a message, enum, service or method, and a JSON skeleton of the request
    #[arg(long, value_name = "NAME", conflicts_with = "method")]
    describe: Option<String>,

    /// Method: trade.SummarizeFlows, TradeService/SummarizeFlows, or the full name
    #[arg(required_unless_present_any = ["list", "describe"])]
    method: Option<String>,

    /// Request as JSON, `-` for standard input, `@file` for a file. A method that takes a stream
    /// reads one object a line
    json: Option<String>,
}

/// Does what the arguments say and writes the answer to standard output. Writes no error: that
/// is for the caller, with [`Error::report`] and [`Error::exit_code`].
pub async fn run(args: Args) -> Result<(), Error> {
    let as_json = args.json_errors;
    match execute(args).await {
        // The reader has seen enough, as `head` does.
        Err(Error::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) if as_json => Err(Error::AsJson(Box::new(error))),
        outcome => outcome,
    }
}

async fn execute(args: Args) -> Result<(), Error> {
    // Read before the clock starts: someone may be typing.
    let input = args.json.as_deref().map(read_input).transpose()?;
    let deadline = (!args.deadline.is_zero()).then(|| Instant::now() + args.deadline);
    let work = converse(&args, input, deadline);
    let Some(at) = deadline else {
        return work.await;
    };
    match timeout_at(at, work).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Error::Rpc(deadline_exceeded())),
    }
}

async fn converse(args: &Args, input: Option<String>, deadline: Option<Instant>) -> Result<(), Error> {
    let connection = Connection::open(&args.server, metadata(args)?, deadline).await?;
    let catalog = Catalog::load(&connection).await?;
    if let Some(name) = &args.describe {
        return write_out(describe::describe(&catalog, name)?.as_bytes());
    }
    let Some(asked) = &args.method else {
        return write_out(describe::list(&catalog).as_bytes());
    };
    let method = catalog.method(asked)?;
    let requests = read_requests(&method, input)?;
    invoke(&connection, &method, requests).await
}

/// All four kinds of method are one exchange of streams; only the number of messages differs.
async fn invoke(
    connection: &Connection,
    method: &MethodDescriptor,
    requests: Vec<DynamicMessage>,
) -> Result<(), Error> {
    let path = format!("/{}", descriptors::method_path(method));
    let path = PathAndQuery::try_from(path).map_err(|e| Error::Descriptors(e.to_string()))?;
    let request = connection.request(stream::iter(requests));
    let codec = DynamicCodec::new(method.output());
    let mut grpc = connection.grpc().await?;

    if !method.is_server_streaming() {
        let answer = grpc.client_streaming(request, path, codec).await;
        let answer = answer.map_err(|status| connection.failure(status))?;
        return write_out(&codec::to_json(answer.get_ref(), false)?);
    }

    let answers = grpc.streaming(request, path, codec).await;
    let mut answers = answers.map_err(|status| connection.failure(status))?.into_inner();
    loop {
        let answer = answers.message().await;
        let Some(answer) = answer.map_err(|status| connection.failure(status))? else {
            return Ok(());
        };
        write_out(&codec::to_json(&answer, true)?)?;
    }
}

/// What the person gives along with every request.
fn metadata(args: &Args) -> Result<MetadataMap, Error> {
    let mut metadata = MetadataMap::new();
    for (key, value) in &args.metadata {
        metadata.append(key, value.clone());
    }
    let token = match &args.token {
        Some(token) => Some(token.clone()),
        None => token_from_environment()?,
    };
    if let Some(token) = token {
        metadata.insert("authorization", token);
    }
    Ok(metadata)
}

fn read_requests(method: &MethodDescriptor, input: Option<String>) -> Result<Vec<DynamicMessage>, Error> {
    if !method.is_client_streaming() {
        let text = input.as_deref().unwrap_or("{}");
        return Ok(vec![codec::from_json(&method.input(), text)?]);
    }
    let Some(text) = input else {
        let reason = "the method takes a stream: give `-` or `@file` with one object a line";
        return Err(Error::Request(reason.to_owned()));
    };
    codec::from_json_lines(&method.input(), &text)
}

fn read_input(json: &str) -> Result<String, Error> {
    let (from, read) = if json == "-" {
        ("standard input".to_owned(), read_limited(io::stdin()))
    } else if let Some(path) = json.strip_prefix('@') {
        (path.to_owned(), File::open(path).and_then(read_limited))
    } else {
        return Ok(json.to_owned());
    };
    read.map_err(|source| Error::Input { from, source })
}

fn read_limited(source: impl Read) -> io::Result<String> {
    let mut text = String::new();
    source.take(MAX_INPUT_BYTES + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MAX_INPUT_BYTES {
        let reason = format!("more than {MAX_INPUT_BYTES} bytes");
        return Err(io::Error::other(reason));
    }
    Ok(text)
}

/// Flushed each time, so that a reader behind a pipe sees every message as it comes.
fn write_out(bytes: &[u8]) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(Error::Output)
}

fn parse_deadline(text: &str) -> Result<Duration, String> {
    let parsed: jiff::SignedDuration = text.parse().map_err(|e: jiff::Error| e.to_string())?;
    let deadline = Duration::try_from(parsed).map_err(|_| "must not be negative".to_owned())?;
    if deadline > MAX_DEADLINE {
        return Err("must not be above 7 days; 0s waits for ever".to_owned());
    }
    Ok(deadline)
}

fn parse_metadata(text: &str) -> Result<(MetadataKey<Ascii>, MetadataValue<Ascii>), String> {
    let (key, value) = text.split_once('=').ok_or_else(|| "must look like KEY=VALUE".to_owned())?;
    let key =
        key.to_ascii_lowercase().parse().map_err(|_| "the key must be a header name and not end in -bin".to_owned())?;
    let value = sensitive(value)?;
    Ok((key, value))
}

fn parse_token(token: &str) -> Result<MetadataValue<Ascii>, String> {
    sensitive(&format!("Bearer {token}"))
}

fn token_from_environment() -> Result<Option<MetadataValue<Ascii>>, Error> {
    let refuse = |reason: String| Error::Token { name: TOKEN_VARIABLE, reason };
    match std::env::var(TOKEN_VARIABLE) {
        Ok(token) if !token.is_empty() => parse_token(&token).map(Some).map_err(refuse),
        Ok(_) | Err(std::env::VarError::NotPresent) => Ok(None),
        Err(_) => Err(refuse("it is not text".to_owned())),
    }
}

/// Marked so that neither `Debug` nor HTTP/2 header compression keeps it.
fn sensitive(text: &str) -> Result<MetadataValue<Ascii>, String> {
    let mut value: MetadataValue<Ascii> = text.parse().map_err(|_| "the value must be visible ascii".to_owned())?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deadlines_are_durations_with_a_unit() {
        assert_eq!(parse_deadline("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(parse_deadline("1m 30s"), Ok(Duration::from_secs(90)));
        assert_eq!(parse_deadline("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(parse_deadline("0s"), Ok(Duration::ZERO));
        for refused in ["30", "-5s", "200h", "soon"] {
            assert!(parse_deadline(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn metadata_keys_are_lowered_and_binary_ones_refused() {
        let (key, value) = parse_metadata("X-Team=a=b").unwrap();
        assert_eq!((key.as_str(), value.to_str().unwrap()), ("x-team", "a=b"));
        assert!(parse_metadata("no-value").is_err());
        assert!(parse_metadata("trace-bin=AA").is_err());
    }

    #[test]
    fn a_token_does_not_show_in_debug_output() {
        let token = parse_token("secret").unwrap();
        assert_eq!(token.to_str().unwrap(), "Bearer secret");
        assert!(!format!("{token:?}").contains("secret"));
    }
}
