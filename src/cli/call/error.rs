//! What can go wrong in a call, and how it is told: as text for people, as JSON for scripts.
//!
//! Never prints anything itself.

use std::collections::BTreeMap;
use std::io;

use serde_json::{Value, json};
use tonic::{Code, Status};
use tonic_types::{ErrorDetail, StatusExt as _};

/// Why a call gave no answer. `Display` is lower-case text that follows `error: ` well.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("server address {address:?} cannot be used: {reason}")]
    Address { address: String, reason: String },
    #[error("variable {name} cannot be used as a token: {reason}")]
    Token { name: &'static str, reason: String },
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
    /// The exit code, after `sysexits.h`: 64 usage, 65 request, 66 input, 69 server out of
    /// reach, 70 the RPC failed, 74 output.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Address { .. } | Error::Token { .. } => 64,
            Error::UnknownName { .. } | Error::Ambiguous { .. } | Error::Request(_) => 65,
            Error::Input { .. } => 66,
            Error::Unreachable { .. } | Error::NoReflection { .. } => 69,
            Error::Descriptors(_) | Error::Answer(_) | Error::Rpc(_) => 70,
            Error::Output(_) => 74,
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

/// The name of a code as the gRPC specification spells it, like `NOT_FOUND`.
fn code_name(code: Code) -> String {
    let mut name = String::new();
    for letter in format!("{code:?}").chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

fn rpc_text(status: &Status) -> String {
    let mut text = code_name(status.code());
    if !status.message().is_empty() {
        text.push_str(": ");
        text.push_str(status.message());
    }
    let mut details = status.get_error_details_vec();
    details.sort_by_key(reading_order);
    for detail in details {
        for line in detail_lines(&detail) {
            text.push_str("\n  ");
            text.push_str(&line);
        }
    }
    text
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

fn detail_lines(detail: &ErrorDetail) -> Vec<String> {
    match detail {
        ErrorDetail::ErrorInfo(info) => {
            let mut lines = vec![format!("reason: {} ({})", info.reason, info.domain)];
            let metadata: BTreeMap<_, _> = info.metadata.iter().collect();
            for (key, value) in metadata {
                lines.push(format!("{key} = {value}"));
            }
            lines
        }
        ErrorDetail::BadRequest(bad) => bad
            .field_violations
            .iter()
            .map(|violation| format!("{}: {}", violation.field, violation.description))
            .collect(),
        ErrorDetail::RetryInfo(retry) => {
            retry.retry_delay.map(|delay| format!("retry after {delay:?}")).into_iter().collect()
        }
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
    fn the_same_status_as_json() {
        let error = Error::AsJson(Box::new(refused()));
        let report: Value = serde_json::from_str(&error.report()).unwrap();
        assert_eq!(report["error"]["code"], "INVALID_ARGUMENT");
        let details = report["error"]["details"].as_array().unwrap();
        assert_eq!(details.len(), 3);
        assert_eq!(error.exit_code(), 70);
    }

    #[test]
    fn codes_are_spelt_as_in_the_specification() {
        assert_eq!(code_name(Code::Ok), "OK");
        assert_eq!(code_name(Code::DeadlineExceeded), "DEADLINE_EXCEEDED");
    }
}
