//! All facts of a question, in chunks with a running checksum.
//!
//! The next page is read while the one before is sent. A caller that does not read holds no connection, because each page
//! is a read of its own.

use std::sync::Arc;

use futures::Stream;
use serde::{Deserialize, Serialize};
use tracing::Instrument as _;

use super::outlet::{Outlet, checksum, outlet};
use super::{Answered, AsOf, Knowledge, Trade, nothing_found};
use crate::register::Emptiness;
use crate::rpc::Error;
use crate::rpc::page::{Binding, Token};
use crate::store::Deadline;
use crate::trade::level::Level;
use crate::trade::model::{FlowKey, StoredFlow};
use crate::trade::query::Filter;
use crate::trade::select::Selection;
use crate::trade::store::page::FactPage;

/// Rows that one read takes from the store.
const READ_ROWS: usize = 32_768;

pub struct Question {
    pub filter: Filter,
    pub as_of: AsOf,
    pub chunk_rows: usize,
    pub progress: Progress,
    pub binding: Binding,
}

/// What has gone out so far; travels in the resume token so that the end covers the whole stream.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Progress {
    pub rows: i64,
    pub value_checksum: u32,
    pub net_weight_checksum: u32,
    /// Number of the last key.
    last: Option<u128>,
}

impl Progress {
    /// Takes the rows of a chunk into account.
    fn add(&mut self, rows: &[StoredFlow]) {
        self.rows += rows.len() as i64;
        self.value_checksum = checksum(self.value_checksum, rows.iter().map(|stored| stored.row.amounts.value));
        let weights = rows.iter().map(|stored| stored.row.amounts.net_weight);
        self.net_weight_checksum = checksum(self.net_weight_checksum, weights);
        self.last = rows.last().map_or(self.last, |stored| Some(stored.row.key.number()));
    }
}

/// A part of the stream.
pub enum Part<'a> {
    Chunk { rows: &'a [StoredFlow], resume_token: String },
    End(End<'a>),
}

/// What a stream was chosen from, and the rows of each report that it shows, where not all.
pub type Origin = (Arc<Knowledge>, Selection, Option<Level>);

/// What the whole stream held.
pub struct End<'a> {
    pub progress: Progress,
    /// What the first page was chosen from; the later ones are pinned to its release.
    pub origin: Option<&'a Origin>,
    pub emptiness: Option<Emptiness>,
}

/// Begins a stream of what `encode` makes of its parts. The first page is read here, so that a refusal is the call's and
/// not a broken stream.
pub async fn begin<Message: Send + 'static>(
    trade: Arc<Trade>,
    question: Question,
    deadline: Deadline,
    encode: fn(Part<'_>) -> Message,
) -> Result<impl Stream<Item = Result<Message, Error>> + Send + use<Message>, Error> {
    let Question { filter, as_of, chunk_rows, progress, binding } = question;
    let after = progress.last.map(FlowKey::from_number);
    let first = trade.page(&filter, as_of, after, READ_ROWS, &deadline).await?;
    let (outlet, messages) = outlet(deadline.clone());
    let origin = first
        .result
        .as_ref()
        .ok()
        .map(|(chosen, page)| (Arc::clone(&first.knowledge), chosen.clone(), page.level.clone()));
    let pinned = AsOf { release: Some(as_of.release.unwrap_or(first.knowledge.catalog.newest_release)), ..as_of };
    let producer = Producer { trade, filter, pinned, deadline, binding, chunk_rows, origin, encode };
    tokio::spawn(producer.run(first, progress, outlet).instrument(tracing::Span::current()));
    Ok(messages)
}

struct Producer<Message> {
    trade: Arc<Trade>,
    filter: Filter,
    pinned: AsOf,
    deadline: Deadline,
    binding: Binding,
    chunk_rows: usize,
    origin: Option<Origin>,
    encode: fn(Part<'_>) -> Message,
}

impl<Message: Send> Producer<Message> {
    async fn run(self, first: Answered<FactPage>, mut progress: Progress, outlet: Outlet<Message>) {
        let mut answered = first;
        while let Ok((_, page)) = &answered.result {
            let last_key: Option<FlowKey> = page.rows.last().map(|stored| stored.row.key);
            let read_ahead = async {
                if page.is_last {
                    return None;
                }
                Some(self.trade.page(&self.filter, self.pinned, last_key, READ_ROWS, &self.deadline).await)
            };
            let send = self.send_page(page, &mut progress, &outlet);
            let (next, sent) = tokio::join!(read_ahead, send);
            if !sent {
                return;
            }
            match next {
                None => break,
                Some(Ok(page)) => answered = page,
                Some(Err(error)) => return outlet.end(Err(error)).await,
            }
        }
        let emptiness = (progress.rows == 0).then(|| nothing_found(&answered, &self.filter));
        let end = End { progress, origin: self.origin.as_ref(), emptiness };
        outlet.end(Ok((self.encode)(Part::End(end)))).await;
    }

    /// False when the caller has gone.
    async fn send_page(&self, page: &FactPage, progress: &mut Progress, outlet: &Outlet<Message>) -> bool {
        let release = self.pinned.release.unwrap_or(0);
        for rows in page.rows.chunks(self.chunk_rows) {
            progress.add(rows);
            let resume_token = self.binding.encode(&Token { release, after: *progress });
            let message = (self.encode)(Part::Chunk { rows, resume_token });
            if !outlet.send(message).await {
                return false;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resume_state_survives_its_token() {
        let after =
            Progress { rows: 12_345, value_checksum: 0xdead_beef, net_weight_checksum: 7, last: Some(u128::MAX / 3) };
        let binding = Binding::new("Stream", &());
        let text = binding.encode(&Token { release: 1, after });
        assert_eq!(binding.decode("resume_token", &text).unwrap(), Some(Token { release: 1, after }));
    }
}
