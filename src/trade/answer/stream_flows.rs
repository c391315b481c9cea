//! All facts of a question, in chunks with a running checksum.
//!
//! The next page is read while the one before is sent. A caller that does not read holds no connection, because each page
//! is a read of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::{Stream, StreamExt as _};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tracing::Instrument as _;

use super::{Answered, AsOf, Knowledge, Trade, nothing_found};
use crate::register::Emptiness;
use crate::rpc::Error;
use crate::rpc::page::{Binding, Token};
use crate::store::{self, Deadline};
use crate::trade::level::Level;
use crate::trade::model::{FlowKey, StoredFlow};
use crate::trade::query::Filter;
use crate::trade::select::Selection;
use crate::trade::store::page::FactPage;
use crate::value::Cell;

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
        self.value_checksum = checksum(self.value_checksum, rows, |stored| stored.row.amounts.value);
        self.net_weight_checksum = checksum(self.net_weight_checksum, rows, |stored| stored.row.amounts.net_weight);
        self.last = rows.last().map_or(self.last, |stored| Some(stored.row.key.number()));
    }
}

fn checksum(so_far: u32, rows: &[StoredFlow], column: impl Fn(&StoredFlow) -> Cell) -> u32 {
    let mut bytes = Vec::with_capacity(rows.len() * 8);
    for stored in rows {
        bytes.extend_from_slice(&column(stored).get().unwrap_or(0).to_le_bytes());
    }
    // Goes on where the part before ended: CRC-32 is a running sum.
    let mut hasher = crc32fast::Hasher::new_with_initial(so_far);
    hasher.update(&bytes);
    hasher.finalize()
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
    let (sender, receiver) = mpsc::channel(4);
    let origin = first
        .result
        .as_ref()
        .ok()
        .map(|(chosen, page)| (Arc::clone(&first.knowledge), chosen.clone(), page.level.clone()));
    let pinned = AsOf { release: Some(as_of.release.unwrap_or(first.knowledge.catalog.newest_release)), ..as_of };
    let ended = Arc::new(AtomicBool::new(false));
    let producer = Producer {
        trade,
        filter,
        pinned,
        deadline,
        binding,
        chunk_rows,
        origin,
        encode,
        sender,
        ended: Arc::clone(&ended),
    };
    tokio::spawn(producer.run(first, progress).instrument(tracing::Span::current()));
    // A reader so slow that the deadline passed finds the channel closed: that must not look like the end.
    let unless_ended = futures::stream::once(async move {
        (!ended.load(Ordering::Acquire)).then_some(Err(Error::Store(store::Error::DeadlineExceeded)))
    });
    let messages = tokio_stream::wrappers::ReceiverStream::new(receiver);
    Ok(messages.chain(unless_ended.filter_map(std::future::ready)))
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
    sender: mpsc::Sender<Result<Message, Error>>,
    /// Set when the stream ended with its end message or with an error of its own.
    ended: Arc<AtomicBool>,
}

impl<Message: Send> Producer<Message> {
    async fn run(self, first: Answered<FactPage>, mut progress: Progress) {
        let mut answered = first;
        while let Ok((_, page)) = &answered.result {
            let last_key: Option<FlowKey> = page.rows.last().map(|stored| stored.row.key);
            let read_ahead = async {
                if page.is_last {
                    return None;
                }
                Some(self.trade.page(&self.filter, self.pinned, last_key, READ_ROWS, &self.deadline).await)
            };
            let send = self.send_page(page, &mut progress);
            let (next, sent) = tokio::join!(read_ahead, send);
            if !sent {
                return;
            }
            match next {
                None => break,
                Some(Ok(page)) => answered = page,
                Some(Err(error)) => return self.send_last(Err(error)).await,
            }
        }
        let emptiness = (progress.rows == 0).then(|| nothing_found(&answered, &self.filter));
        let end = End { progress, origin: self.origin.as_ref(), emptiness };
        self.send_last(Ok((self.encode)(Part::End(end)))).await;
    }

    /// False when the caller has gone.
    async fn send_page(&self, page: &FactPage, progress: &mut Progress) -> bool {
        let release = self.pinned.release.unwrap_or(0);
        for rows in page.rows.chunks(self.chunk_rows) {
            if self.deadline.is_over() {
                return false;
            }
            progress.add(rows);
            let resume_token = self.binding.encode(&Token { release, after: *progress });
            let message = (self.encode)(Part::Chunk { rows, resume_token });
            if self.sender.send_timeout(Ok(message), self.deadline.remaining()).await.is_err() {
                return false;
            }
        }
        true
    }

    async fn send_last(&self, message: Result<Message, Error>) {
        let sent = self.sender.send_timeout(message, self.deadline.remaining()).await;
        self.ended.store(sent.is_ok(), Ordering::Release);
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
