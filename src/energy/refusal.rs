//! Why energy says no, with code and reason.

use crate::energy::contract::terms;
use crate::energy::quantity::Refusal as NoConversion;
use crate::energy::term::MissingTerm;
use crate::energy::{outlook, price, schedule, settlement};
use crate::rpc::{Code, Refusal};

impl Refusal for MissingTerm {
    fn code(&self) -> Code {
        Code::FailedPrecondition
    }

    fn reason(&self) -> &'static str {
        "TERM_UNKNOWN"
    }
}

impl Refusal for NoConversion {
    fn code(&self) -> Code {
        Code::FailedPrecondition
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::UnknownBasis { .. } => "BASIS_UNKNOWN",
            Self::DifferentBasis { .. } => "BASIS_DIFFERS",
            Self::DifferentCurrency { .. } => "CURRENCY_DIFFERS",
            _ => "NO_CONVERSION",
        }
    }
}

impl Refusal for terms::Error {
    fn code(&self) -> Code {
        Code::FailedPrecondition
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Conflict(_) => "TERMS_CONTRADICT",
            Self::Invalid { .. } => "TERM_INVALID",
            Self::Unit(refusal) => refusal.reason(),
        }
    }
}

impl Refusal for schedule::Error {
    fn code(&self) -> Code {
        Code::FailedPrecondition
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Missing(missing) => missing.reason(),
            Self::Contradiction { .. } => "TERMS_CONTRADICT",
            _ => "TERM_INVALID",
        }
    }
}

impl Refusal for settlement::Error {
    fn code(&self) -> Code {
        Code::FailedPrecondition
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Missing(missing) => missing.reason(),
            _ => "TERM_INVALID",
        }
    }
}

impl Refusal for price::Error {
    fn code(&self) -> Code {
        Code::FailedPrecondition
    }

    fn reason(&self) -> &'static str {
        "FORMULA_INVALID"
    }
}

impl Refusal for outlook::Error {
    fn code(&self) -> Code {
        if matches!(self, Self::Inclusion { .. }) { Code::InvalidField } else { Code::FailedPrecondition }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Unit { refusal, .. } => refusal.reason(),
            Self::Inclusion { .. } => "INVALID_FIELD",
            Self::Overflow(_) => "NO_CONVERSION",
        }
    }

    fn field(&self) -> String {
        match self {
            Self::Inclusion { index, field, .. } => format!("scenario.inclusions[{index}].{field}"),
            _ => String::new(),
        }
    }
}
