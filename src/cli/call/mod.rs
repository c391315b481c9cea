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
mod options;
mod output;
mod plain;
mod shorthand;

use std::fs::File;
use std::io::{self, Read, Write};

use futures::stream;
use http::uri::PathAndQuery;
use prost_reflect::{DynamicMessage, MethodDescriptor};
use tokio::time::{Instant, timeout_at};

use codec::DynamicCodec;
use connection::{Connection, deadline_exceeded};
use descriptors::Catalog;
pub use error::Error;
pub use options::Options;
use options::Target;
use output::Format;

const MAX_INPUT_BYTES: u64 = 64 << 20;

/// Call a method of a running server, or look at what it offers
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    options: Options,

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
    /// reads one object a line. Days may be written as "2024-01-31", decimals as 10 or "10"
    json: Option<String>,
}

/// What is wanted of the server.
enum Wish<'a> {
    List,
    Describe(&'a str),
    Answer { method: &'a str, input: Option<String> },
}

/// Does what the arguments say and writes the answer to standard output. Writes no error: that
/// is for the caller, with [`Error::report`] and [`Error::exit_code`].
pub async fn run(args: Args) -> Result<(), Error> {
    let options = &args.options;
    // Read before the clock starts: someone may be typing.
    let input = args.json.as_deref().map(read_input).transpose().map_err(|error| options.dressed(error))?;
    let wish = match (&args.describe, &args.method) {
        (Some(name), _) => Wish::Describe(name),
        (None, Some(method)) => Wish::Answer { method, input },
        (None, None) => Wish::List,
    };
    fulfil(options, wish).await
}

/// Asks one question, whose request is `json`, and writes the answer to standard output.
pub async fn ask(options: &Options, method: &str, json: String) -> Result<(), Error> {
    fulfil(options, Wish::Answer { method, input: Some(json) }).await
}

async fn fulfil(options: &Options, wish: Wish<'_>) -> Result<(), Error> {
    let deadline = (!options.deadline.is_zero()).then(|| Instant::now() + options.deadline);
    let work = converse(options, wish, deadline);
    let outcome = match deadline {
        None => work.await,
        Some(at) => timeout_at(at, work).await.unwrap_or_else(|_| Err(Error::Rpc(deadline_exceeded()))),
    };
    match outcome {
        // The reader has seen enough, as `head` does.
        Err(Error::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome.map_err(|error| options.dressed(error)),
    }
}

async fn converse(options: &Options, wish: Wish<'_>, deadline: Option<Instant>) -> Result<(), Error> {
    let Target { address, metadata } = options.target()?;
    let connection = Connection::open(address, metadata, deadline).await?;
    let catalog = Catalog::load(&connection).await?;
    let (asked, input) = match wish {
        Wish::Describe(name) => return write_out(describe::describe(&catalog, name)?.as_bytes()),
        Wish::List => return write_out(describe::list(&catalog).as_bytes()),
        Wish::Answer { method, input } => (method, input),
    };
    let method = catalog.method(asked)?;
    let format = Format::chosen(options.output, method.is_server_streaming())?;
    let said = input.clone().unwrap_or_default();
    let mut requests = read_requests(&method, input)?;
    if format == Format::Table {
        requests.iter_mut().for_each(|request| output::ask_for_names(request, &said));
    }
    invoke(&connection, &method, requests, format).await
}

/// All four kinds of method are one exchange of streams; only the number of messages differs.
async fn invoke(
    connection: &Connection,
    method: &MethodDescriptor,
    requests: Vec<DynamicMessage>,
    format: Format,
) -> Result<(), Error> {
    let path = format!("/{}", descriptors::method_path(method));
    let path = PathAndQuery::try_from(path).map_err(|e| Error::Descriptors(e.to_string()))?;
    let request = connection.request(stream::iter(requests));
    let codec = DynamicCodec::new(method.output());
    let mut grpc = connection.grpc().await?;

    if !method.is_server_streaming() {
        let answer = grpc.client_streaming(request, path, codec).await;
        let answer = answer.map_err(|status| connection.failure(status))?;
        let written = output::write(answer.get_ref(), format)?;
        write_out(written.answer.as_bytes())?;
        // Beside a file that a program reads, what it does not hold is told to the person.
        eprint!("{}", written.beside);
        return Ok(());
    }

    let answers = grpc.streaming(request, path, codec).await;
    let mut answers = answers.map_err(|status| connection.failure(status))?.into_inner();
    loop {
        let answer = answers.message().await;
        let Some(answer) = answer.map_err(|status| connection.failure(status))? else {
            return Ok(());
        };
        write_out(codec::to_json(&answer, true)?.as_bytes())?;
    }
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

/// Writes a text to standard output; a reader that has seen enough is not an error.
pub fn print(text: &str) -> Result<(), Error> {
    match write_out(text.as_bytes()) {
        Err(Error::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
}

/// Flushed each time, so that a reader behind a pipe sees every message as it comes.
fn write_out(bytes: &[u8]) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(Error::Output)
}
