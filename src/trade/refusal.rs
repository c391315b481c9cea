//! Why trade says no, with code and reason.

use crate::rpc::status::SUM_TOO_LARGE;
use crate::rpc::{Code, Refusal};
use crate::trade::{level, summary};

impl Refusal for level::Refusal {
    fn code(&self) -> Code {
        if matches!(self, Self::NoCommonLevel(_)) { Code::FailedPrecondition } else { Code::InvalidField }
    }

    fn reason(&self) -> &'static str {
        if matches!(self, Self::NoCommonLevel(_)) { "NO_CONSISTENT_LEVEL" } else { "INVALID_FIELD" }
    }

    fn field(&self) -> String {
        let field = match self {
            Self::FlowWithinFlow(..) => "filter.flows",
            Self::TotalAmongPartners(_) => "filter.partners",
            Self::TotalAmongReporters(_) => "filter.reporters",
            Self::ModeWithinMode(..) => "filter.modes_of_transport",
            Self::TotalAmongDetails(..) => "filter",
            Self::OddLevel(_) => "commodity_level",
            Self::RestOfOverlapping(_) => "top",
            Self::NoCommonLevel(_) => "",
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
