//! Trade statistics into the store: one file a source format, and the way they all go.
//!
//! A format reads its files once and hands rows to a [`Sink`]. The rest is the same for all: sort (`sort`), compare with
//! what the store has (`diff`), write what changed (`write`), all in one release.

pub mod baci;
pub mod comtrade;
pub mod diff;
mod field;
mod flows;
pub mod imts;
pub mod run;
pub mod scope;
mod sink;
pub mod sort;
mod source;
pub mod tidy;
pub mod write;

use crate::import::Format;
pub use crate::import::Refusal;
pub use field::{amount, area, boolean, filler_is_unknown, flow, integer, period, quantity, unit};
pub use flows::Flows;
pub use sink::Sink;
pub use source::Source;

pub const FORMATS: &[&dyn Format] = &[&comtrade::FORMAT, &baci::FORMAT, &imts::FORMAT];
