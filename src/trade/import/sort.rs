//! Sorting rows of any number in bounded memory: sorted runs on disk, merged as they are read.
//!
//! Rows that all fit stay in memory. A run that begins behind the end of the one before is appended to it, so a file
//! that is sorted already makes one run. Runs are unlinked files: they vanish with the process, however it ends.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek as _, Write};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use crate::import::Error;
use crate::trade::model::{Amounts, Flags, FlowKey, FlowRow};
use crate::value::Cell;

const RUN_BUFFER: usize = 1 << 17;

/// Where a row was read: place of the file in the import, and line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Origin {
    pub file: u16,
    pub line: u32,
}

/// A row and where it was read.
#[derive(Clone, Copy, Debug)]
pub struct Sourced {
    pub row: FlowRow,
    pub origin: Origin,
}

/// Takes rows in any order; `finish` gives them back in the order of their keys.
pub struct Sorter {
    buffer: Vec<Sourced>,
    capacity: usize,
    full: SyncSender<Vec<Sourced>>,
    empty: Receiver<Vec<Sourced>>,
    worker: Option<JoinHandle<io::Result<Runs>>>,
}

struct Runs {
    in_memory: Option<Vec<Sourced>>,
    on_disk: Vec<Run>,
    temp_dir: Option<PathBuf>,
}

struct Run {
    writer: BufWriter<File>,
    last: FlowKey,
}

impl Sorter {
    pub fn new(capacity: usize, temp_dir: Option<PathBuf>) -> Self {
        let (full, inbox) = sync_channel::<Vec<Sourced>>(0);
        let (give_back, empty) = sync_channel(1);
        let worker = std::thread::spawn(move || {
            let mut runs = Runs { in_memory: None, on_disk: Vec::new(), temp_dir };
            while let Ok(mut rows) = inbox.recv() {
                // Stable, so that of two rows with one key the first stays first.
                rows.sort_by_key(|sourced| sourced.row.key);
                if let Some(spare) = runs.add(rows)? {
                    // The other side may be done already.
                    let _ = give_back.send(spare);
                }
            }
            Ok(runs)
        });
        Self { buffer: Vec::new(), capacity: capacity.max(1), full, empty, worker: Some(worker) }
    }

    pub fn push(&mut self, sourced: Sourced) -> Result<(), Error> {
        self.buffer.push(sourced);
        if self.buffer.len() < self.capacity {
            return Ok(());
        }
        let spare = self.empty.try_recv().unwrap_or_default();
        let rows = std::mem::replace(&mut self.buffer, spare);
        if self.full.send(rows).is_ok() {
            return Ok(());
        }
        // The worker only ends early with an error.
        let ended = join(self.worker.take()).err();
        Err(Error::Spill(ended.unwrap_or_else(|| io::Error::other("sorting ended early"))))
    }

    pub fn finish(self) -> Result<Sorted, Error> {
        let Self { buffer, full, worker, empty, .. } = self;
        drop(empty);
        if !buffer.is_empty() {
            // As above.
            let _ = full.send(buffer);
        }
        drop(full);
        join(worker).and_then(Runs::merge).map_err(Error::Spill)
    }
}

fn join(worker: Option<JoinHandle<io::Result<Runs>>>) -> io::Result<Runs> {
    let worker = worker.ok_or_else(|| io::Error::other("sorting ended before"))?;
    worker.join().unwrap_or_else(|_| Err(io::Error::other("sorting panicked")))
}

impl Runs {
    /// Takes a sorted batch. Returns its memory when it went to disk.
    fn add(&mut self, rows: Vec<Sourced>) -> io::Result<Option<Vec<Sourced>>> {
        if self.in_memory.is_none() && self.on_disk.is_empty() {
            self.in_memory = Some(rows);
            return Ok(None);
        }
        if let Some(first) = self.in_memory.take() {
            self.spill(&first)?;
        }
        self.spill(&rows)?;
        let mut spare = rows;
        spare.clear();
        Ok(Some(spare))
    }

    fn spill(&mut self, rows: &[Sourced]) -> io::Result<()> {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            return Ok(());
        };
        let run = match self.on_disk.last_mut() {
            Some(run) if run.last < first.row.key => run,
            _ => {
                let file = match &self.temp_dir {
                    Some(folder) => tempfile::tempfile_in(folder)?,
                    None => tempfile::tempfile()?,
                };
                self.on_disk.push(Run { writer: BufWriter::with_capacity(RUN_BUFFER, file), last: first.row.key });
                let newest = self.on_disk.len() - 1;
                &mut self.on_disk[newest]
            }
        };
        run.last = last.row.key;
        for sourced in rows {
            write_row(&mut run.writer, sourced)?;
        }
        Ok(())
    }

    fn merge(self) -> io::Result<Sorted> {
        if let Some(rows) = self.in_memory {
            return Ok(Sorted::InMemory(rows.into_iter()));
        }
        let mut merge = Merge { heads: BinaryHeap::new(), runs: Vec::new() };
        for (index, run) in self.on_disk.into_iter().enumerate() {
            let mut file = run.writer.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.rewind()?;
            let mut reader = BufReader::with_capacity(RUN_BUFFER, file);
            if let Some(head) = read_row(&mut reader)? {
                merge.heads.push(Reverse(Head { sourced: head, run: index }));
            }
            merge.runs.push(reader);
        }
        Ok(Sorted::Merged(merge))
    }
}

/// Rows in the order of their keys; equal keys in the order in which they were read.
pub enum Sorted {
    InMemory(std::vec::IntoIter<Sourced>),
    Merged(Merge),
}

pub struct Merge {
    heads: BinaryHeap<Reverse<Head>>,
    runs: Vec<BufReader<File>>,
}

struct Head {
    sourced: Sourced,
    run: usize,
}

impl Head {
    fn order(&self) -> (FlowKey, usize) {
        (self.sourced.row.key, self.run)
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.order() == other.order()
    }
}

impl Eq for Head {}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.order().cmp(&other.order())
    }
}

impl Iterator for Sorted {
    type Item = Result<Sourced, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::InMemory(rows) => rows.next().map(Ok),
            Self::Merged(merge) => merge.next_row().map_err(Error::Spill).transpose(),
        }
    }
}

impl Merge {
    fn next_row(&mut self) -> io::Result<Option<Sourced>> {
        let Some(mut head) = self.heads.peek_mut() else {
            return Ok(None);
        };
        let run = head.0.run;
        match read_row(&mut self.runs[run])? {
            // Replacing the head in place sifts once where pop and push would sift twice.
            Some(next) => Ok(Some(std::mem::replace(&mut head.0.sourced, next))),
            None => Ok(Some(std::collections::binary_heap::PeekMut::pop(head).0.sourced)),
        }
    }
}

/// Key, origin, a mask of what is known, and then only that.
fn write_row(writer: &mut impl Write, sourced: &Sourced) -> io::Result<()> {
    let row = &sourced.row;
    let mut buffer = [0_u8; 16 + 6 + 2 + 4 + 7 * 8];
    buffer[..16].copy_from_slice(&row.key.number().to_le_bytes());
    buffer[16..18].copy_from_slice(&sourced.origin.file.to_le_bytes());
    buffer[18..22].copy_from_slice(&sourced.origin.line.to_le_bytes());
    let mut mask = 0_u8;
    buffer[24..26].copy_from_slice(&row.flags.number().to_le_bytes());
    buffer[26] = row.quantity_unit;
    buffer[27] = row.alt_unit;
    let mut length = 28;
    for (index, amount) in row.amounts.in_order().into_iter().enumerate() {
        if let Some(number) = amount.get() {
            mask |= 1 << index;
            buffer[length..length + 8].copy_from_slice(&number.to_le_bytes());
            length += 8;
        }
    }
    buffer[22] = mask;
    writer.write_all(&buffer[..length])
}

fn read_row(reader: &mut impl Read) -> io::Result<Option<Sourced>> {
    let mut head = [0_u8; 28];
    if let Err(error) = reader.read_exact(&mut head) {
        // A run ends between rows: it was written by this process, whole.
        return if error.kind() == io::ErrorKind::UnexpectedEof { Ok(None) } else { Err(error) };
    }
    let array = |start: usize| -> [u8; 2] { [head[start], head[start + 1]] };
    let mut key = [0_u8; 16];
    key.copy_from_slice(&head[..16]);
    let mut amounts = [Cell::UNKNOWN; 7];
    for (index, amount) in amounts.iter_mut().enumerate() {
        if head[22] & (1 << index) != 0 {
            let mut number = [0_u8; 8];
            reader.read_exact(&mut number)?;
            *amount = Cell::from(i64::from_le_bytes(number));
        }
    }
    let row = FlowRow {
        key: FlowKey::from_number(u128::from_le_bytes(key)),
        amounts: Amounts::from_order(amounts),
        quantity_unit: head[26],
        alt_unit: head[27],
        flags: Flags::from_number(u16::from_le_bytes(array(24))),
    };
    let line = u32::from_le_bytes([head[18], head[19], head[20], head[21]]);
    Ok(Some(Sourced { row, origin: Origin { file: u16::from_le_bytes(array(16)), line } }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(key: u128, line: u32) -> Sourced {
        let amounts = Amounts { value: Cell::from(key as i64), ..Amounts::default() };
        let row = FlowRow {
            key: FlowKey::from_number(key),
            amounts,
            quantity_unit: 0,
            alt_unit: 3,
            flags: Flags::from_number(7),
        };
        Sourced { row, origin: Origin { file: 1, line } }
    }

    proptest! {
        #[test]
        fn rows_come_back_sorted_and_whole(keys in prop::collection::vec(0_u128..50, 0..200), capacity in 1_usize..40) {
            let mut sorter = Sorter::new(capacity, None);
            for (line, key) in keys.iter().enumerate() {
                sorter.push(row(*key, line as u32)).unwrap();
            }
            let sorted: Vec<Sourced> = sorter.finish().unwrap().collect::<Result<_, _>>().unwrap();
            let found: Vec<(u128, u32)> =
                sorted.iter().map(|sourced| (sourced.row.key.number(), sourced.origin.line)).collect();
            let mut expected: Vec<(u128, u32)> =
                keys.iter().enumerate().map(|(line, key)| (*key, line as u32)).collect();
            expected.sort();
            prop_assert_eq!(found, expected);
            for sourced in &sorted {
                prop_assert_eq!(sourced.row.amounts.value.get(), Some(sourced.row.key.number() as i64));
                prop_assert_eq!(sourced.row.alt_unit, 3);
            }
        }
    }
}
