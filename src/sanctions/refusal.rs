//! Why sanctions say no, with code and reason.

use crate::rpc::{Code, Refusal};
use crate::sanctions::feed::cursor;
use crate::sanctions::goods;

impl Refusal for cursor::Refusal {
    fn code(&self) -> Code {
        Code::InvalidField
    }

    fn reason(&self) -> &'static str {
        "INVALID_FIELD"
    }

    fn field(&self) -> String {
        "cursor".to_owned()
    }
}

impl Refusal for goods::Refusal {
    fn code(&self) -> Code {
        Code::FailedPrecondition
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::ConcordanceMissing { .. } => "CONCORDANCE_MISSING",
        }
    }
}
