//! The feed of changes, page by page.

use std::sync::Arc;

use crate::register::moment::NO_DAY;
use crate::register::{Catalog, Clocks, Emptiness, EmptyReason, Moment};
use crate::rpc::Error;
use crate::store::{Deadline, Store};

use super::Sanctions;
use super::provenance::{Provenance, lists_of, provenance, why_empty};
use crate::sanctions::feed::change::{Change, Filter};
use crate::sanctions::feed::cursor::Cursor;
use crate::sanctions::store::changes;

pub struct Question {
    pub filter: Filter,
    pub clocks: Clocks,
    /// Where the reader goes on; absent at the beginning.
    pub cursor: Option<Cursor>,
    pub size: usize,
}

pub struct Answer {
    pub changes: Vec<Change>,
    pub cursor: Cursor,
    /// Whether there is a next page already.
    pub more: bool,
    pub emptiness: Option<Emptiness>,
    pub provenance: Provenance,
    pub catalog: Arc<Catalog>,
}

pub async fn answer(sanctions: &Sanctions, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let Question { filter, clocks, cursor, size } = question;
    let begin = cursor.map(|cursor| cursor.resume(clocks.as_of)).transpose()?;
    let moment = sanctions.moment(clocks);
    let page = page(sanctions.store(), &filter, &moment, begin.unwrap_or(0), size, deadline).await?;
    let catalog = sanctions.register.current(deadline).await?;
    let lists = lists_of(&catalog, &filter.lists)?;
    let emptiness = page.changes.is_empty().then(|| match begin {
        Some(_) => Emptiness::new(EmptyReason::FilteredOut, "no such change has come behind the cursor"),
        None => why_empty(&catalog, &lists, &moment),
    });
    let cursor = Cursor { change: page.end, as_of: clocks.as_of };
    let provenance = provenance(&catalog, &lists, &moment);
    Ok(Answer { changes: page.changes, cursor, more: page.more, emptiness, provenance, catalog })
}

/// Changes that follow one another.
pub(super) struct Changes {
    pub changes: Vec<Change>,
    /// Everything up to here was looked at.
    pub end: i64,
    pub more: bool,
}

/// Changes after a sequence number.
pub(super) async fn page(
    store: &Store,
    filter: &Filter,
    moment: &Moment,
    after: i64,
    size: usize,
    deadline: &Deadline,
) -> Result<Changes, Error> {
    // The newest first: whatever has a smaller number is visible to the read that follows.
    let newest = changes::newest(store, deadline).await?;
    let mut changes = changes::after(store, after, filter, moment, size + 1, deadline).await?;
    let more = changes.len() > size;
    changes.truncate(size);
    let last = changes.last().map_or(after, |change| change.id);
    // What came after a day of the past was not looked at.
    let looked_at_all = !more && moment.day == NO_DAY;
    let end = if looked_at_all { last.max(newest) } else { last };
    Ok(Changes { changes, end, more })
}
