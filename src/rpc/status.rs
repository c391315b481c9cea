//! The only place where errors become gRPC statuses (AIP-193).
//!
//! Messages name what the caller sent and what would be right; they never hold SQL, paths or stacks. What the caller
//! cannot mend is logged in full and answered in general.

use std::collections::HashMap;
use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt as _};

use crate::energy::quantity::Refusal as NoConversion;
use crate::energy::term::MissingTerm;
use crate::energy::{contract_terms, outlook, price, schedule, settlement};
use crate::store;
use crate::trade::level::Refusal;
use crate::trade::summary;

/// Stable domain of our reasons.
const DOMAIN: &str = "entrepot";

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

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match &refusal {
            Refusal::FlowWithinFlow(..) => Self::invalid("filter.flows", refusal.to_string()),
            Refusal::TotalAmongPartners(_) => Self::invalid("filter.partners", refusal.to_string()),
            Refusal::TotalAmongReporters(_) => Self::invalid("filter.reporters", refusal.to_string()),
            Refusal::ModeWithinMode(..) => Self::invalid("filter.modes_of_transport", refusal.to_string()),
            Refusal::TotalAmongDetails(..) => Self::invalid("filter", refusal.to_string()),
            Refusal::OddLevel(_) => Self::invalid("commodity_level", refusal.to_string()),
            Refusal::RestOfOverlapping(_) => Self::invalid("top", refusal.to_string()),
            Refusal::NoCommonLevel(_) => Self::Precondition("NO_CONSISTENT_LEVEL", refusal.to_string()),
        }
    }
}

impl From<summary::Error> for Error {
    fn from(error: summary::Error) -> Self {
        match error {
            summary::Error::Overflow => Self::Store(store::Error::Overflow),
            summary::Error::TooManyRows(_) => {
                Self::TooLarge(format!("{error}; group by less, ask for `top` groups, or raise row_limit"))
            }
        }
    }
}

impl From<MissingTerm> for Error {
    fn from(missing: MissingTerm) -> Self {
        Self::Precondition("TERM_UNKNOWN", missing.to_string())
    }
}

impl From<NoConversion> for Error {
    fn from(refusal: NoConversion) -> Self {
        let reason = match refusal {
            NoConversion::UnknownBasis { .. } => "BASIS_UNKNOWN",
            NoConversion::DifferentBasis { .. } => "BASIS_DIFFERS",
            _ => "NO_CONVERSION",
        };
        Self::Precondition(reason, refusal.to_string())
    }
}

impl From<contract_terms::Error> for Error {
    fn from(error: contract_terms::Error) -> Self {
        match error {
            contract_terms::Error::Conflict(_) => Self::Precondition("TERMS_CONTRADICT", error.to_string()),
            contract_terms::Error::Invalid { .. } => Self::Precondition("TERM_INVALID", error.to_string()),
            contract_terms::Error::Unit(refusal) => refusal.into(),
        }
    }
}

impl From<schedule::Error> for Error {
    fn from(error: schedule::Error) -> Self {
        match error {
            schedule::Error::Missing(missing) => missing.into(),
            other => Self::Precondition("TERM_INVALID", other.to_string()),
        }
    }
}

impl From<settlement::Error> for Error {
    fn from(error: settlement::Error) -> Self {
        match error {
            settlement::Error::Missing(missing) => missing.into(),
            other => Self::Precondition("TERM_INVALID", other.to_string()),
        }
    }
}

impl From<price::Error> for Error {
    fn from(error: price::Error) -> Self {
        Self::Precondition("FORMULA_INVALID", error.to_string())
    }
}

impl From<outlook::Error> for Error {
    fn from(error: outlook::Error) -> Self {
        match error {
            outlook::Error::Unit { ref refusal, .. } => {
                let Self::Precondition(reason, _) = Self::from((**refusal).clone()) else {
                    return Self::Precondition("NO_CONVERSION", error.to_string());
                };
                Self::Precondition(reason, error.to_string())
            }
            outlook::Error::Inclusion { place, ref field, .. } => {
                Self::invalid(format!("scenario.inclusions[{place}].{field}"), error.to_string())
            }
            outlook::Error::Overflow(_) => Self::Precondition("NO_CONVERSION", error.to_string()),
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
            Error::Unimplemented(path) => {
                let message = format!("{path} is no method of this server");
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
        store::Error::Overflow => Status::with_error_details(
            Code::OutOfRange,
            "a sum does not fit 64 bits of thousandths; ask for less at once",
            info("SUM_TOO_LARGE"),
        ),
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
