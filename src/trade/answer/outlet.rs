//! Where the messages of a stream go out: few at a time, and never so that a stream that was cut looks whole.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::{Stream, StreamExt as _};
use tokio::sync::mpsc;

use crate::rpc::Error;
use crate::store::{self, Deadline};
use crate::value::Cell;

/// Messages that wait for a reader.
const WAITING: usize = 4;

/// The end at which messages are put in.
pub struct Outlet<Message> {
    sender: mpsc::Sender<Result<Message, Error>>,
    deadline: Deadline,
    /// Set when the stream ended with its end message or with an error of its own.
    ended: Arc<AtomicBool>,
}

/// An outlet and what comes out of it.
pub fn outlet<Message: Send + 'static>(
    deadline: Deadline,
) -> (Outlet<Message>, impl Stream<Item = Result<Message, Error>> + Send + use<Message>) {
    let (sender, receiver) = mpsc::channel(WAITING);
    let ended = Arc::new(AtomicBool::new(false));
    let outlet = Outlet { sender, deadline, ended: Arc::clone(&ended) };
    // A reader so slow that the deadline passed finds the channel closed: that must not look like the end.
    let unless_ended = futures::stream::once(async move {
        (!ended.load(Ordering::Acquire)).then_some(Err(Error::Store(store::Error::DeadlineExceeded)))
    });
    let messages = tokio_stream::wrappers::ReceiverStream::new(receiver);
    (outlet, messages.chain(unless_ended.filter_map(std::future::ready)))
}

impl<Message> Outlet<Message> {
    /// False when the caller has gone or the time is over.
    pub async fn send(&self, message: Message) -> bool {
        !self.deadline.is_over() && self.sender.send_timeout(Ok(message), self.deadline.remaining()).await.is_ok()
    }

    /// The end message, or the error with which the stream ends.
    pub async fn end(self, message: Result<Message, Error>) {
        let sent = self.sender.send_timeout(message, self.deadline.remaining()).await;
        self.ended.store(sent.is_ok(), Ordering::Release);
    }
}

/// CRC-32 over the little-endian numbers of a column, unknown ones as 0, behind what there was so far.
pub fn checksum(so_far: u32, cells: impl ExactSizeIterator<Item = Cell>) -> u32 {
    let mut bytes = Vec::with_capacity(cells.len() * 8);
    for cell in cells {
        bytes.extend_from_slice(&cell.get().unwrap_or(0).to_le_bytes());
    }
    // Goes on where the part before ended: CRC-32 is a running sum.
    let mut hasher = crc32fast::Hasher::new_with_initial(so_far);
    hasher.update(&bytes);
    hasher.finalize()
}
