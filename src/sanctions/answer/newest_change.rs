//! The newest change in the store: one task a server asks for it, however many watch the feed.

use std::time::Duration;

use tokio::sync::watch;

use crate::store::{Deadline, Store};

use crate::sanctions::store::changes;

/// How soon a change is seen, at the latest.
const INTERVAL: Duration = Duration::from_millis(500);
const STATEMENT_TIME: Duration = Duration::from_secs(5);

/// Sequence number of the newest change, kept up to date for as long as anybody holds the receiver.
pub fn follow(store: Store) -> watch::Receiver<i64> {
    let (sender, receiver) = watch::channel(0);
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(INTERVAL);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if sender.is_closed() {
                return;
            }
            // Nobody but the service itself listens: the store is left in peace.
            if sender.receiver_count() < 2 {
                continue;
            }
            // A store that does not answer is asked again; health reports it.
            if let Ok(newest) = changes::newest(&store, &Deadline::after(STATEMENT_TIME)).await {
                sender.send_if_modified(|known| std::mem::replace(known, newest) != newest);
            }
        }
    });
    receiver
}
