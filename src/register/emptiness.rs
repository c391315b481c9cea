//! An empty answer says why it is empty.

/// Why an answer holds nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EmptyReason {
    NoTradeReported,
    NotYetReported,
    NotCovered,
    CodeUnknown,
    CodeNotValid,
    FilteredOut,
    NotReleased,
    NoData,
    InAnotherEdition,
    /// The lists that were asked hold a part of what their authorities list.
    NotInThisList,
}

/// An empty answer's reason, and the same in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Emptiness {
    pub reason: EmptyReason,
    pub detail: String,
}

impl Emptiness {
    pub fn new(reason: EmptyReason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }
}
