//! Why reference says no, with code and reason.

use super::Classification;
use crate::rpc::{Code, Refusal};

/// No concordance of two editions is in the store.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("no concordance between {} and {} is loaded; `entrepot import concordance`", .from.name(), .to.name())]
pub struct NoConcordance {
    pub from: Classification,
    pub to: Classification,
}

impl Refusal for NoConcordance {
    fn code(&self) -> Code {
        Code::FailedPrecondition
    }

    fn reason(&self) -> &'static str {
        "CONCORDANCE_MISSING"
    }
}
