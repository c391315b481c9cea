//! Values that cannot be read while the subject that they belong to is not at hand: it keeps them as text later.

use super::field::Refusal;
use crate::import::Report;
use crate::sanctions::subject::model::Subject;

/// Values that cannot be read, with the reason.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Malformed(Vec<Refusal>);

impl Malformed {
    /// The value, or the empty one in its stead.
    pub fn read<T: Default, E: Into<Refusal>>(&mut self, value: Result<T, E>) -> T {
        value.unwrap_or_else(|refusal| {
            self.push(refusal);
            T::default()
        })
    }

    pub fn push(&mut self, refusal: impl Into<Refusal>) {
        self.0.push(refusal.into());
    }

    pub fn extend(&mut self, other: &Self) {
        self.0.extend(other.0.iter().cloned());
    }

    pub fn keep(&self, subject: &mut Subject, report: &mut Report) {
        for refusal in &self.0 {
            refusal.clone().keep(subject, report);
        }
    }
}
