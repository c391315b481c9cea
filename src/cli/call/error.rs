//! What can go wrong in a call, and how it is told: as text for people, as JSON for scripts.
//!
//! Never prints anything itself.

use std::collections::BTreeMap;
use std::io;

use serde_json::{Value, json};
use tonic::{Code, Status};
use tonic_types::{ErrorDetail, StatusExt as _};

use super::plain;
use crate::cli::{context, exit};

/// Why a call gave no answer. `Display` is lower-case text that follows `error: ` well.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Which server, and as whom.
    #[error(transparent)]
    Context(#[from] context::Error),
    #[error("the value {name} cannot be used: {reason}")]
    Variable { name: &'static str, reason: String },
    /// The command line asks for what does not go together.
    #[error("{0}")]
    Usage(String),
    #[error("cannot reach {address}: {reason}")]
    Unreachable { address: String, reason: String },
    #[error("the server at {address} offers no reflection, neither v1 nor v1alpha")]
    NoReflection { address: String },
    #[error("the descriptors that the server offers cannot be used: {0}")]
    Descriptors(String),
    #[error("no {kind} named {asked:?}{}", indented("; nearest:", .nearest))]
    UnknownName { kind: &'static str, asked: String, nearest: Vec<String> },
    #[error("{asked:?} has several meanings:{}", indented("", .candidates))]
    Ambiguous { asked: String, candidates: Vec<String> },
    #[error("request cannot be read: {0}")]
    Request(String),
    #[error("cannot read {from}: {source}")]
    Input { from: String, source: io::Error },
    #[error("cannot write the answer: {0}")]
    Output(io::Error),
    #[error("the answer has no json form: {0}")]
    Answer(serde_json::Error),
    #[error("{}", rpc_text(.0))]
    Rpc(Status),
    /// Any of the above, asked for with `--json-errors`.
    #[error("{0}")]
    AsJson(Box<Error>),
}

impl Error {
    /// The exit code, by kind.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Context(error) => error.exit_code(),
            Error::Usage(_) | Error::UnknownName { .. } | Error::Ambiguous { .. } => exit::USAGE,
            Error::Variable { .. } => exit::CONFIG,
            Error::Request(_) => exit::DATA,
            Error::Input { .. } => exit::NOT_FOUND,
            Error::Unreachable { .. } | Error::NoReflection { .. } => exit::UNAVAILABLE,
            Error::Descriptors(_) | Error::Answer(_) => exit::SOFTWARE,
            Error::Rpc(status) => exit_code_of(status.code()),
            Error::Output(_) => exit::IO,
            Error::AsJson(inner) => inner.exit_code(),
        }
    }

    /// Everything that belongs on standard error: `error: ` and the text, or one JSON object
    /// when `--json-errors` was given.
    pub fn report(&self) -> String {
        let Error::AsJson(inner) = self else {
            return format!("error: {self}");
        };
        let body = match inner.as_ref() {
            Error::Rpc(status) => rpc_json(status),
            other => json!({
                "source": "client",
                "exit_code": other.exit_code(),
                "message": other.to_string(),
            }),
        };
        format!("{:#}", json!({ "error": body }))
    }
}

fn exit_code_of(code: Code) -> u8 {
    match code {
        Code::Ok => exit::OK,
        Code::InvalidArgument | Code::OutOfRange | Code::FailedPrecondition | Code::AlreadyExists => exit::DATA,
        Code::NotFound => exit::NOT_FOUND,
        Code::Unavailable | Code::Unimplemented => exit::UNAVAILABLE,
        Code::DeadlineExceeded | Code::ResourceExhausted | Code::Aborted | Code::Cancelled => exit::TEMPORARY,
        Code::PermissionDenied | Code::Unauthenticated => exit::PERMISSION,
        Code::Internal | Code::Unknown | Code::DataLoss => exit::SOFTWARE,
    }
}

/// The name of a code as the gRPC specification spells it, like `NOT_FOUND`.
fn code_name(code: Code) -> String {
    plain::upper_snake(&format!("{code:?}"))
}

/// Each thing once: a message that only lists the violations of fields gives way to them, and a detail that the message
/// has said already is left out.
fn rpc_text(status: &Status) -> String {
    let mut text = code_name(status.code());
    let mut details = status.get_error_details_vec();
    details.sort_by_key(reading_order);
    let mut lines: Vec<String> = details.iter().flat_map(|detail| detail_lines(detail, status)).collect();
    let violations = violations(&details);
    if violations.len() > 1 && status.message() == violations.join("; ") {
        text.push_str(&format!(": {} fields of the request cannot be used", violations.len()));
    } else {
        if !status.message().is_empty() {
            text.push_str(": ");
            text.push_str(status.message());
        }
        lines.retain(|line| !status.message().contains(line.as_str()));
    }
    for line in lines {
        text.push_str("\n  ");
        text.push_str(&line);
    }
    text
}

fn violations(details: &[ErrorDetail]) -> Vec<String> {
    let mut lines = Vec::new();
    for detail in details {
        if let ErrorDetail::BadRequest(bad) = detail {
            lines.extend(bad.field_violations.iter().map(|found| format!("{}: {}", found.field, found.description)));
        }
    }
    lines
}

/// The reason, then what to mend, then the rest, then when to come back.
fn reading_order(detail: &ErrorDetail) -> u8 {
    match detail {
        ErrorDetail::ErrorInfo(_) => 0,
        ErrorDetail::BadRequest(_) => 1,
        ErrorDetail::RetryInfo(_) => 3,
        _ => 2,
    }
}

fn rpc_json(status: &Status) -> Value {
    let details = status.get_error_details_vec();
    json!({
        "source": "rpc",
        "code": code_name(status.code()),
        "message": status.message(),
        "details": details.iter().map(detail_json).collect::<Vec<_>>(),
    })
}

fn detail_lines(detail: &ErrorDetail, status: &Status) -> Vec<String> {
    match detail {
        ErrorDetail::ErrorInfo(info) => {
            let mut lines = Vec::new();
            // A reason that is no narrower than the code says nothing new.
            if info.reason != code_name(status.code()) {
                lines.push(format!("reason: {} ({})", info.reason, info.domain));
            }
            let metadata: BTreeMap<_, _> = info.metadata.iter().collect();
            for (key, value) in metadata {
                lines.push(format!("{key} = {value}"));
            }
            lines
        }
        ErrorDetail::BadRequest(_) => violations(std::slice::from_ref(detail)),
        ErrorDetail::RetryInfo(retry) => {
            retry.retry_delay.map(|delay| format!("retry after {delay:?}")).into_iter().collect()
        }
        ErrorDetail::ResourceInfo(info) if info.description.is_empty() => vec![info.resource_name.clone()],
        // The rarer kinds are shown whole rather than each in a wording of its own.
        other => vec![detail_json(other).to_string()],
    }
}

/// One detail in the JSON mapping of its google.rpc message.
fn detail_json(detail: &ErrorDetail) -> Value {
    match detail {
        ErrorDetail::ErrorInfo(info) => json!({
            "@type": "google.rpc.ErrorInfo",
            "reason": info.reason,
            "domain": info.domain,
            "metadata": info.metadata.iter().collect::<BTreeMap<_, _>>(),
        }),
        ErrorDetail::BadRequest(bad) => {
            let violations: Vec<Value> = bad
                .field_violations
                .iter()
                .map(|found| json!({ "field": found.field, "description": found.description }))
                .collect();
            json!({ "@type": "google.rpc.BadRequest", "field_violations": violations })
        }
        ErrorDetail::RetryInfo(retry) => json!({
            "@type": "google.rpc.RetryInfo",
            "retry_delay": retry.retry_delay.map(|delay| format!("{}s", delay.as_secs_f64())),
        }),
        ErrorDetail::QuotaFailure(quota) => {
            let violations: Vec<Value> = quota
                .violations
                .iter()
                .map(|found| json!({ "subject": found.subject, "description": found.description }))
                .collect();
            json!({ "@type": "google.rpc.QuotaFailure", "violations": violations })
        }
        ErrorDetail::PreconditionFailure(failure) => {
            let violations: Vec<Value> = failure
                .violations
                .iter()
                .map(|found| {
                    json!({
                        "type": found.r#type,
                        "subject": found.subject,
                        "description": found.description,
                    })
                })
                .collect();
            json!({ "@type": "google.rpc.PreconditionFailure", "violations": violations })
        }
        ErrorDetail::RequestInfo(info) => json!({
            "@type": "google.rpc.RequestInfo",
            "request_id": info.request_id,
            "serving_data": info.serving_data,
        }),
        ErrorDetail::ResourceInfo(info) => json!({
            "@type": "google.rpc.ResourceInfo",
            "resource_type": info.resource_type,
            "resource_name": info.resource_name,
            "owner": info.owner,
            "description": info.description,
        }),
        ErrorDetail::Help(help) => {
            let links: Vec<Value> =
                help.links.iter().map(|link| json!({ "description": link.description, "url": link.url })).collect();
            json!({ "@type": "google.rpc.Help", "links": links })
        }
        ErrorDetail::LocalizedMessage(text) => json!({
            "@type": "google.rpc.LocalizedMessage",
            "locale": text.locale,
            "message": text.message,
        }),
        ErrorDetail::DebugInfo(debug) => json!({
            "@type": "google.rpc.DebugInfo",
            "detail": debug.detail,
            "stack_entries": debug.stack_entries,
        }),
        // tonic-types marks the enum open; a kind it learns later still shows that it is there.
        _ => json!({ "@type": "unknown" }),
    }
}

/// `heading` and the names below it, one a line; nothing when there are no names.
fn indented(heading: &str, names: &[String]) -> String {
    if names.is_empty() {
        return String::new();
    }
    format!("{heading}\n  {}", names.join("\n  "))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tonic_types::ErrorDetails;

    use super::*;

    fn refused() -> Error {
        let mut details =
            ErrorDetails::with_error_info("BAD_PERIOD", "entrepot", [("period".to_owned(), "2099".to_owned())]);
        details
            .add_bad_request_violation("filter.period", "lies in the future")
            .set_retry_info(Some(Duration::from_millis(1500)));
        Error::Rpc(Status::with_error_details(Code::InvalidArgument, "period is not valid", details))
    }

    #[test]
    fn a_status_is_told_with_its_details() {
        let report = refused().report();
        assert!(report.starts_with("error: INVALID_ARGUMENT: period is not valid\n"));
        assert!(report.contains("\n  reason: BAD_PERIOD (entrepot)\n  period = 2099"));
        assert!(report.contains("\n  filter.period: lies in the future"));
        assert!(report.contains("\n  retry after 1.5s"));
    }

    #[test]
    fn nothing_is_told_twice() {
        let mut details = ErrorDetails::with_error_info("INVALID_FIELD", "entrepot", []);
        details.add_bad_request_violation("top", "-1 is not 0 to 9");
        let one = Status::with_error_details(Code::InvalidArgument, "top: -1 is not 0 to 9", details.clone());
        let expected = "error: INVALID_ARGUMENT: top: -1 is not 0 to 9\n  reason: INVALID_FIELD (entrepot)";
        assert_eq!(Error::Rpc(one).report(), expected);

        details.add_bad_request_violation("flows", "is empty");
        let message = "top: -1 is not 0 to 9; flows: is empty";
        let two = Status::with_error_details(Code::InvalidArgument, message, details);
        let report = Error::Rpc(two).report();
        assert!(report.starts_with("error: INVALID_ARGUMENT: 2 fields of the request cannot be used\n"), "{report}");
        assert_eq!(report.matches("-1 is not").count(), 1, "{report}");

        let mut details = ErrorDetails::with_error_info("NOT_FOUND", "entrepot", []);
        details.set_resource_info("", "subjects/a.b", "", "");
        let missing = Status::with_error_details(Code::NotFound, "subjects/a.b does not exist", details);
        assert_eq!(Error::Rpc(missing).report(), "error: NOT_FOUND: subjects/a.b does not exist");
    }

    #[test]
    fn the_same_status_as_json() {
        let error = Error::AsJson(Box::new(refused()));
        let report: Value = serde_json::from_str(&error.report()).unwrap();
        assert_eq!(report["error"]["code"], "INVALID_ARGUMENT");
        let details = report["error"]["details"].as_array().unwrap();
        assert_eq!(details.len(), 3);
        assert_eq!(error.exit_code(), 65);
    }

    #[test]
    fn codes_are_spelt_as_in_the_specification() {
        assert_eq!(code_name(Code::Ok), "OK");
        assert_eq!(code_name(Code::DeadlineExceeded), "DEADLINE_EXCEEDED");
    }
}
