//! What a refusal of a subject must say of itself to become a status.
//!
//! Each subject's `refusal.rs` implements this for its own errors; `status.rs` maps it and knows no subject.

use std::fmt::Display;

/// Which kind of no it is; each has one gRPC code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Code {
    /// A field of the request cannot be taken.
    InvalidField,
    /// The request is fine, the data do not allow it.
    FailedPrecondition,
    /// The answer would be larger than allowed.
    AnswerTooLarge,
    /// A number of the answer would be larger than its type.
    OutOfRange,
}

/// An error that a caller can act on.
pub trait Refusal: Display {
    fn code(&self) -> Code;

    /// Stable, in capitals, such as `TERM_UNKNOWN`.
    fn reason(&self) -> &'static str;

    /// The field of the request, for [`Code::InvalidField`].
    fn field(&self) -> String {
        String::new()
    }

    /// What the caller reads.
    fn message(&self) -> String {
        self.to_string()
    }
}
