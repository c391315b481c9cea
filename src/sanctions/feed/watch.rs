//! The feed of changes, page by page and as a stream that goes on as imports bring more.
//!
//! One task a server asks the store for the newest change, however many watch.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use crate::proto::entrepot::sanctions::v1 as pb;
use crate::register::moment::{NO_DAY, date_of};
use crate::register::{Moment, Register};
use crate::rpc::{Error, PageToken};
use crate::store::{Deadline, Store};

use crate::sanctions::convert;
use crate::sanctions::feed::change::{self, Change};
use crate::sanctions::store::changes;

/// Cursors of the feed are bound to nothing but the feed and the day of `as_of`.
const FEED: &str = "sanctions/changes";
/// Changes in one message of the stream.
const WATCH_PAGE: usize = 500;
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// A watch ends this long before its deadline, in good order.
const BEFORE_DEADLINE: Duration = Duration::from_millis(500);

/// How soon a change is seen, at the latest.
const INTERVAL: Duration = Duration::from_millis(500);
const STATEMENT_TIME: Duration = Duration::from_secs(5);

/// Sequence number of the newest change, kept up to date for as long as anybody holds the receiver.
pub fn newest_change(store: Store) -> watch::Receiver<i64> {
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

/// Where a reader of the feed goes on who asks as of that day.
pub fn cursor(id: i64, moment: &Moment) -> String {
    let position = moment.as_of().map_or_else(Vec::new, |_| moment.day.to_le_bytes().to_vec());
    PageToken { release: id, position }.encode(FEED, &())
}

/// Behind a cursor there may be changes that its day did not show: they would be lost on another day.
pub fn read_cursor(text: &str, moment: &Moment) -> Result<Option<i64>, Error> {
    let Some(token) = PageToken::decode(text, "cursor", FEED, &())? else {
        return Ok(None);
    };
    let day = token.position.try_into().map_or(NO_DAY, i64::from_le_bytes);
    if day == moment.day {
        return Ok(Some(token.release));
    }
    let shown = |day: i64| match date_of(day) {
        Some(date) if day != NO_DAY => format!("with as_of {date}"),
        _ => "without as_of".to_owned(),
    };
    let (given, asked) = (shown(day), shown(moment.day));
    let problem = format!(
        "was given {given} and comes {asked}: changes of days between would be lost; go on {given}, or begin without cursor"
    );
    Err(Error::invalid("cursor", problem))
}

/// Changes by filter.
pub struct Feed {
    pub store: Store,
    pub filter: change::Filter,
    pub moment: Moment,
}

pub struct FeedPage {
    pub changes: Vec<Change>,
    /// Everything up to here was looked at.
    pub end: i64,
    pub more: bool,
}

impl Feed {
    pub async fn page(&self, after: i64, size: usize, deadline: &Deadline) -> Result<FeedPage, Error> {
        // The newest first: whatever has a smaller number is visible to the read that follows.
        let newest = changes::newest(&self.store, deadline).await?;
        let mut found = changes::after(&self.store, after, &self.filter, &self.moment, size + 1, deadline).await?;
        let more = found.len() > size;
        found.truncate(size);
        let last = found.last().map_or(after, |change| change.id);
        // What came after a day of the past was not looked at.
        let looked_at_all = !more && self.moment.day == NO_DAY;
        let end = if looked_at_all { last.max(newest) } else { last };
        Ok(FeedPage { changes: found, end, more })
    }
}

/// One open watch.
pub struct Watcher {
    pub feed: Feed,
    pub catalogs: Arc<Register>,
    pub newest: watch::Receiver<i64>,
    pub deadline: Deadline,
    pub sender: mpsc::Sender<Result<pb::WatchChangesResponse, Error>>,
}

impl Watcher {
    pub async fn run(mut self, mut after: i64) {
        loop {
            match self.step(after).await {
                Ok(Some(end)) => after = end,
                // The caller went away, or the time is over: it goes on with its cursor.
                Ok(None) => return,
                Err(error) => {
                    let _ = self.sender.send(Err(error)).await;
                    return;
                }
            }
        }
    }

    /// Sends what has come, and waits when there is no more. Returns where to go on.
    async fn step(&mut self, after: i64) -> Result<Option<i64>, Error> {
        let statement = Deadline::after(self.deadline.remaining().min(Duration::from_secs(30)));
        self.newest.borrow_and_update();
        let page = self.feed.page(after, WATCH_PAGE, &statement).await?;
        let catalog = self.catalogs.current(&statement).await?;
        let message = pb::WatchChangesResponse {
            changes: page.changes.iter().map(|change| convert::change(change, &catalog)).collect(),
            cursor: cursor(page.end, &self.feed.moment),
            caught_up: !page.more,
        };
        let remaining = self.deadline.remaining().saturating_sub(BEFORE_DEADLINE);
        match tokio::time::timeout(remaining, self.sender.send(Ok(message))).await {
            Ok(Ok(())) => {}
            _ => return Ok(None),
        }
        if page.more {
            return Ok(Some(page.end));
        }
        let remaining = self.deadline.remaining().saturating_sub(BEFORE_DEADLINE);
        if remaining.is_zero() {
            return Ok(None);
        }
        tokio::select! {
            _ = self.newest.changed() => {}
            () = tokio::time::sleep(SIGN_OF_LIFE.min(remaining)) => {}
            () = self.sender.closed() => return Ok(None),
        }
        let is_over = self.deadline.remaining() <= BEFORE_DEADLINE;
        Ok((!is_over).then_some(page.end))
    }
}
