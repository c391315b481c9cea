//! When a request stops waiting: an instant, or the moment its caller goes away.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Carried from the RPC to the statement.
#[derive(Clone, Debug)]
pub struct Deadline {
    at: Instant,
    cancelled: Arc<AtomicBool>,
}

/// Cancels a statement when dropped.
#[derive(Debug)]
pub struct CancelOnDrop(Arc<AtomicBool>);

impl Deadline {
    pub fn after(duration: Duration) -> Self {
        Self { at: Instant::now() + duration, cancelled: Arc::default() }
    }

    pub fn remaining(&self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }

    pub fn is_over(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed) || Instant::now() >= self.at
    }

    /// The deadline of one statement, and what cancels it when the future that waits for the statement is dropped.
    pub fn for_statement(&self) -> (Self, CancelOnDrop) {
        let statement = Self { at: self.at, cancelled: Arc::default() };
        let cancel = CancelOnDrop(Arc::clone(&statement.cancelled));
        (statement, cancel)
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
