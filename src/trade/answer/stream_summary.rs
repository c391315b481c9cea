//! All groups of a summary, in chunks with a running checksum.
//!
//! The groups are all found before the first goes out. A resumed stream finds them again, as of the release that it began on,
//! and goes on behind those that went out.

use futures::Stream;
use serde::{Deserialize, Serialize};
use tracing::Instrument as _;

use super::outlet::{Outlet, checksum, outlet};
use super::summarize_flows::{self, Answer};
use super::{AsOf, Trade};
use crate::rpc::Error;
use crate::rpc::page::{Binding, Token};
use crate::store::Deadline;
use crate::trade::query::SummaryQuery;
use crate::trade::summary::Row;
use crate::value::Cell;

/// Most groups that are found for one stream: some 300 MB while it lasts.
pub const GROUPS_MAX: usize = 1_000_000;

pub struct Question {
    pub query: SummaryQuery,
    pub as_of: AsOf,
    pub chunk_rows: usize,
    pub progress: Progress,
    pub binding: Binding,
}

/// What has gone out so far; travels in the resume token so that the end covers the whole stream.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Progress {
    pub rows: usize,
    pub value_checksum: u32,
    pub net_weight_checksum: u32,
}

impl Progress {
    fn add(&mut self, rows: &[Row]) {
        self.rows += rows.len();
        self.value_checksum = checksum(self.value_checksum, rows.iter().map(value));
        self.net_weight_checksum = checksum(self.net_weight_checksum, rows.iter().map(net_weight));
    }
}

/// The sum of the known values of a group.
pub fn value(row: &Row) -> Cell {
    Cell::new((row.sums.value_rows > 0).then_some(row.sums.value))
}

/// The sum of the known weights of a group.
pub fn net_weight(row: &Row) -> Cell {
    Cell::new((row.sums.weight_rows > 0).then_some(row.sums.net_weight))
}

/// A part of the stream.
pub enum Part<'a> {
    Chunk { rows: &'a [Row], answer: &'a Answer, resume_token: String },
    End { progress: Progress, answer: &'a Answer },
}

/// Begins a stream of what `encode` makes of its parts.
pub async fn begin<Message: Send + 'static>(
    trade: &Trade,
    question: Question,
    deadline: Deadline,
    encode: fn(Part<'_>) -> Message,
) -> Result<impl Stream<Item = Result<Message, Error>> + Send + use<Message>, Error> {
    let Question { query, as_of, chunk_rows, progress, binding } = question;
    let answer = summarize_flows::answer(trade, summarize_flows::Question { query, as_of }, &deadline).await?;
    let release = as_of.release.unwrap_or(answer.answered.knowledge.catalog.newest_release);
    let (outlet, messages) = outlet(deadline);
    let producer = Producer { answer, release, chunk_rows, binding, encode };
    tokio::spawn(producer.run(progress, outlet).instrument(tracing::Span::current()));
    Ok(messages)
}

struct Producer<Message> {
    answer: Answer,
    release: i64,
    chunk_rows: usize,
    binding: Binding,
    encode: fn(Part<'_>) -> Message,
}

impl<Message: Send> Producer<Message> {
    async fn run(self, mut progress: Progress, outlet: Outlet<Message>) {
        let answer = &self.answer;
        let rows = answer.answered.result.as_ref().map_or(&[][..], |(_, found)| &found.summary.rows);
        for rows in rows.get(progress.rows..).unwrap_or_default().chunks(self.chunk_rows) {
            progress.add(rows);
            let resume_token = self.binding.encode(&Token { release: self.release, after: progress });
            if !outlet.send((self.encode)(Part::Chunk { rows, answer, resume_token })).await {
                return;
            }
        }
        outlet.end(Ok((self.encode)(Part::End { progress, answer }))).await;
    }
}
