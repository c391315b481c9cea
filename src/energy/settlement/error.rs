//! Why there is no settlement.

use crate::energy::term::MissingTerm;
use crate::value::decimal::Overflow;

/// Why there is no settlement.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Missing(#[from] MissingTerm),
    #[error("{field} of {year} `{value}`: {reason}")]
    Invalid { year: i16, field: &'static str, value: String, reason: String },
    #[error(transparent)]
    Overflow(#[from] Overflow),
}
