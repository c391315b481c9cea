//! The only place where errors become gRPC statuses (AIP-193).
//!
//! Messages name what the caller sent and what is expected; they never hold SQL, paths or stacks. What the caller
//! cannot mend is logged in full and answered in general.

use std::collections::HashMap;
use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt as _};

use super::refusal::{Code as Kind, Refusal};
use crate::store;

/// Stable domain of our reasons.
const DOMAIN: &str = "entrepot";

/// Sums in the store and sums in memory alike.
pub const SUM_TOO_LARGE: &str = "a sum does not fit 64 bits of thousandths; ask for less at once";

/// What can go wrong with a request.
#[derive(Debug)]
pub enum Error {
    /// Fields of the request that cannot be taken: field and what is wrong with it.
    Invalid(Vec<(String, String)>),
    /// A resource that does not exist, by its name.
    NotFound(String),
    /// A resource that cannot be answered with, and why: not on that day, no longer.
    Absent {
        name: String,
        why: String,
    },
    /// The request is fine, the data do not allow it: stable reason and message.
    Precondition(&'static str, String),
    /// The answer would be larger than allowed.
    TooLarge(String),
    /// A number of the answer does not fit: stable reason and message.
    OutOfRange(&'static str, String),
    /// No such method.
    Unimplemented(String),
    /// Nobody said who is calling, or wrongly.
    Unauthenticated,
    /// The caller may not do this; names the scope that is missing.
    Forbidden(&'static str),
    /// Too many requests at once.
    Busy,
    Store(store::Error),
}

impl Error {
    pub fn invalid(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Invalid(vec![(field.into(), problem.into())])
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl<R: Refusal> From<R> for Error {
    fn from(refusal: R) -> Self {
        let message = refusal.message();
        match refusal.code() {
            Kind::InvalidField => Self::invalid(refusal.field(), message),
            Kind::FailedPrecondition => Self::Precondition(refusal.reason(), message),
            Kind::AnswerTooLarge => Self::TooLarge(message),
            Kind::OutOfRange => Self::OutOfRange(refusal.reason(), message),
        }
    }
}

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        match error {
            Error::Invalid(violations) => {
                let message = violations
                    .iter()
                    .map(|(field, problem)| format!("{field}: {problem}"))
                    .collect::<Vec<_>>()
                    .join("; ");
                let violations: Vec<FieldViolation> =
                    violations.into_iter().map(|(field, problem)| FieldViolation::new(field, problem)).collect();
                let mut details = info("INVALID_FIELD");
                details.set_bad_request(violations);
                Self::with_error_details(Code::InvalidArgument, message, details)
            }
            Error::NotFound(name) => Error::Absent { name, why: "does not exist".into() }.into(),
            Error::Absent { name, why } => {
                let mut details = info("NOT_FOUND");
                details.set_resource_info("", &name, "", "");
                Self::with_error_details(Code::NotFound, format!("{name} {why}"), details)
            }
            Error::Precondition(reason, message) => {
                Self::with_error_details(Code::FailedPrecondition, message, info(reason))
            }
            Error::TooLarge(message) => {
                Self::with_error_details(Code::ResourceExhausted, message, info("ANSWER_TOO_LARGE"))
            }
            Error::OutOfRange(reason, message) => Self::with_error_details(Code::OutOfRange, message, info(reason)),
            Error::Unimplemented(path) => {
                let message = format!("{path} is not a method of this server");
                Self::with_error_details(Code::Unimplemented, message, info("UNIMPLEMENTED"))
            }
            Error::Unauthenticated => Self::with_error_details(
                Code::Unauthenticated,
                "send `authorization: Bearer <token>` with a token that is configured",
                info("UNAUTHENTICATED"),
            ),
            Error::Forbidden(scope) => Self::with_error_details(
                Code::PermissionDenied,
                format!("the token lacks the scope {scope}"),
                info("SCOPE_MISSING"),
            ),
            Error::Busy => {
                let mut details = info("TOO_MANY_REQUESTS");
                details.set_retry_info(Some(Duration::from_secs(1)));
                let message = "too many requests at once; retry after a second";
                Self::with_error_details(Code::ResourceExhausted, message, details)
            }
            Error::Store(error) => store_status(&error),
        }
    }
}

fn store_status(error: &store::Error) -> Status {
    let retry_soon = |reason: &str| {
        let mut details = info(reason);
        details.set_retry_info(Some(Duration::from_secs(1)));
        details
    };
    match error {
        store::Error::DeadlineExceeded => Status::with_error_details(
            Code::DeadlineExceeded,
            "the deadline passed before the answer was ready; ask for less or allow more time",
            info("DEADLINE_EXCEEDED"),
        ),
        store::Error::Cancelled => Status::with_error_details(Code::Cancelled, "cancelled", info("CANCELLED")),
        store::Error::Overflow => Status::with_error_details(Code::OutOfRange, SUM_TOO_LARGE, info("SUM_TOO_LARGE")),
        store::Error::Busy(_) | store::Error::Unavailable(_) => {
            tracing::error!(%error, "the store does not answer");
            let message = "the store does not answer; retry";
            Status::with_error_details(Code::Unavailable, message, retry_soon("STORE_UNAVAILABLE"))
        }
        _ => {
            tracing::error!(%error, "the store failed");
            let message = "internal error; the server's log has it under this request's id";
            Status::with_error_details(Code::Internal, message, info("INTERNAL"))
        }
    }
}

fn info(reason: impl Into<String>) -> ErrorDetails {
    ErrorDetails::with_error_info(reason, DOMAIN, HashMap::new())
}
