//! What changes while the service runs: the feed of changes, and the age of the lists.

pub mod change;
pub mod freshness;
pub mod watch;
