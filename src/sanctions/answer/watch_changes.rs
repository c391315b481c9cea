//! The feed of changes as a stream that goes on as imports bring more.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;
use tracing::Instrument as _;

use crate::register::{Catalog, Clocks, Moment, Register};
use crate::rpc::Error;
use crate::store::Deadline;

use super::provenance::lists_of;
use super::{Sanctions, list_changes};
use crate::sanctions::feed::change::{Change, Filter};
use crate::sanctions::feed::cursor::Cursor;
use crate::sanctions::store::changes;

/// Changes in one part of the stream.
const PART_CHANGES: usize = 500;
/// Parts that wait for a slow reader.
const PARTS_AHEAD: usize = 4;
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// A watch ends this long before its deadline, in good order.
const BEFORE_DEADLINE: Duration = Duration::from_millis(500);
const STATEMENT_TIME: Duration = Duration::from_secs(30);

pub struct Question {
    pub filter: Filter,
    /// Where the reader goes on; absent at the beginning.
    pub cursor: Option<Cursor>,
    /// Without a cursor: whether to pass over everything that is there.
    pub only_new: bool,
}

/// A part of the stream; without changes it is a sign of life.
pub struct Part {
    pub changes: Vec<Change>,
    pub cursor: Cursor,
    pub caught_up: bool,
    pub catalog: Arc<Catalog>,
}

pub async fn answer(
    sanctions: &Sanctions,
    question: Question,
    deadline: &Deadline,
) -> Result<ReceiverStream<Result<Part, Error>>, Error> {
    let Question { filter, cursor, only_new } = question;
    let catalog = sanctions.register.current(deadline).await?;
    lists_of(&catalog, &filter.lists)?;
    let begin = match cursor {
        Some(cursor) => cursor.resume(None)?,
        None if only_new => changes::newest(sanctions.store(), deadline).await?,
        None => 0,
    };
    let (sender, receiver) = mpsc::channel(PARTS_AHEAD);
    let watcher = Watcher {
        register: Arc::clone(&sanctions.register),
        filter,
        moment: sanctions.moment(Clocks::default()),
        newest: sanctions.newest_change.clone(),
        deadline: deadline.clone(),
        sender,
    };
    tokio::spawn(watcher.run(begin).instrument(tracing::Span::current()));
    Ok(ReceiverStream::new(receiver))
}

/// One open watch.
struct Watcher {
    register: Arc<Register>,
    filter: Filter,
    moment: Moment,
    newest: watch::Receiver<i64>,
    deadline: Deadline,
    sender: mpsc::Sender<Result<Part, Error>>,
}

impl Watcher {
    async fn run(mut self, mut after: i64) {
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
        let statement = Deadline::after(self.deadline.remaining().min(STATEMENT_TIME));
        self.newest.borrow_and_update();
        let page =
            list_changes::page(self.register.store(), &self.filter, &self.moment, after, PART_CHANGES, &statement)
                .await?;
        let part = Part {
            changes: page.changes,
            cursor: Cursor { change: page.end, as_of: None },
            caught_up: !page.more,
            catalog: self.register.current(&statement).await?,
        };
        let remaining = self.deadline.remaining().saturating_sub(BEFORE_DEADLINE);
        match tokio::time::timeout(remaining, self.sender.send(Ok(part))).await {
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
