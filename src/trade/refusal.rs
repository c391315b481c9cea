//! Why trade says no, with code and reason.

use crate::rpc::status::SUM_TOO_LARGE;
use crate::rpc::{Code, Refusal};
use crate::trade::overlap::Overlap;
use crate::trade::{level, summary};

impl Refusal for Overlap {
    fn code(&self) -> Code {
        Code::InvalidField
    }

    fn reason(&self) -> &'static str {
        "INVALID_FIELD"
    }

    fn field(&self) -> String {
        let field = match self {
            Self::FlowWithinFlow(..) | Self::Flows(..) => "filter.flows",
            Self::TotalAmongReporters(_) => "filter.reporters",
            Self::ModeWithinMode(..) => "filter.modes_of_transport",
            Self::TotalAmongDetails(..) => "filter",
            Self::RestOfOverlapping(_) => "top",
        };
        field.to_owned()
    }
}

impl Refusal for level::Refusal {
    fn code(&self) -> Code {
        if matches!(self, Self::NoLevel(_)) { Code::FailedPrecondition } else { Code::InvalidField }
    }

    fn reason(&self) -> &'static str {
        if matches!(self, Self::NoLevel(_)) { "NO_CONSISTENT_LEVEL" } else { "INVALID_FIELD" }
    }

    fn field(&self) -> String {
        let field = match self {
            Self::TotalAmongPartners(_) => "filter.partners",
            Self::OddLevel(_) => "commodity_level",
            Self::NoLevel(_) => "",
        };
        field.to_owned()
    }
}

impl Refusal for summary::Error {
    fn code(&self) -> Code {
        match self {
            Self::Overflow => Code::OutOfRange,
            Self::TooManyRows(_) => Code::AnswerTooLarge,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Overflow => "SUM_TOO_LARGE",
            Self::TooManyRows(_) => "ANSWER_TOO_LARGE",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Overflow => SUM_TOO_LARGE.to_owned(),
            Self::TooManyRows(_) => format!("{self}; group by less, ask for `top` groups, or raise row_limit"),
        }
    }
}
