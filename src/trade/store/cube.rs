//! Reads the current facts of a dataset for a cube.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use crate::reference::Area;
use crate::store::{Error, Store};
use crate::trade::cube::{Builder, Cube, Fact, Unfit};

const COLUMNS: usize = 8;

/// Facts that are read as one part, at least: what is not put away yet stands beside the columns. Few where the tests run.
const FACTS_A_PART: i64 = if cfg!(debug_assertions) { 20 } else { 1_000_000 };

/// Some reporters, from one number to another, both included.
type Part = (u16, u16);

/// Reads all facts of a dataset that are totals over modes, procedures and second partners. Blocks, where blocking is
/// allowed. `facts_of` says how many there are by reporter, roughly: several parts are read at once, each in a snapshot of its
/// own. All are of one release if the dataset had the same newest one before and after.
pub fn load(store: &Store, dataset: i64, facts_of: &BTreeMap<Area, i64>) -> Result<Result<Cube, Unfit>, Error> {
    let parts = parts(facts_of);
    let next = AtomicUsize::new(0);
    let mut all = Builder::with_capacity(facts_of.values().sum::<i64>().unsigned_abs() as usize);
    let (sender, read) = sync_channel(0);
    thread::scope(|scope| {
        for _ in 0..store.scans_at_once().min(parts.len()) {
            let (sender, next, parts) = (sender.clone(), &next, &parts);
            let reads = move || read_parts(store, dataset, parts, next, &sender);
            let thread = thread::Builder::new().name("cube-read".into()).spawn_scoped(scope, reads);
            thread.map_err(|error| Error::Other(error.to_string()))?;
        }
        drop(sender);
        // Of those that were read before their turn.
        let mut early: BTreeMap<usize, Builder> = BTreeMap::new();
        let mut turn = 0;
        // Ends with the last part, or where the first that could not be read leaves: the others then find nobody to hand theirs to.
        for (place, part) in read {
            match part? {
                Ok(part) => early.insert(place, part),
                Err(unfit) => return Ok(Err(unfit)),
            };
            while let Some(part) = early.remove(&turn) {
                turn += 1;
                if let Err(unfit) = all.append(part) {
                    return Ok(Err(unfit));
                }
            }
        }
        Ok(Ok(()))
    })
    .map(|read| read.and_then(|()| all.finish()))
}

/// Parts of about equal size that together have all reporters there can be.
fn parts(facts_of: &BTreeMap<Area, i64>) -> Vec<Part> {
    let mut parts = Vec::new();
    let (mut first, mut facts) = (0, 0);
    for (area, more) in facts_of {
        facts += more;
        if facts >= FACTS_A_PART {
            parts.push((first, area.number()));
            (first, facts) = (area.number() + 1, 0);
        }
    }
    parts.push((first, u16::MAX));
    parts
}

type Read = (usize, Result<Result<Builder, Unfit>, Error>);

fn read_parts(store: &Store, dataset: i64, parts: &[Part], next: &AtomicUsize, sender: &SyncSender<Read>) {
    loop {
        let place = next.fetch_add(1, Ordering::Relaxed);
        let Some(part) = parts.get(place) else { return };
        // Nobody waits for it once another could not be read.
        if sender.send((place, read_part(store, dataset, *part))).is_err() {
            return;
        }
    }
}

fn read_part(store: &Store, dataset: i64, (first, last): Part) -> Result<Result<Builder, Unfit>, Error> {
    let sql = format!(
        "SELECT reporter, flow, period, partner, commodity, value, net_weight, flags FROM flows
         WHERE dataset = {dataset} AND variant = 0 AND reporter >= {first} AND reporter <= {last}"
    );
    let mut builder = Builder::default();
    for batch in store.scan(vec![sql], COLUMNS)? {
        for cells in batch?.iter() {
            let number = |column: usize| cells[column].known();
            let fact = Fact {
                reporter: number(0) as u16,
                flow: number(1) as u8,
                period: number(2) as i32,
                partner: number(3) as u16,
                commodity: number(4) as i32,
                value: cells[5],
                net_weight: cells[6],
                flags: cells[7].get().unwrap_or(0) as u16,
            };
            if let Err(unfit) = builder.push(fact) {
                return Ok(Err(unfit));
            }
        }
    }
    Ok(Ok(builder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_every_reporter_once() {
        let area = |number: u16| Area::from_comtrade(number).unwrap();
        let enough = FACTS_A_PART;
        let facts_of = BTreeMap::from([(area(4), enough - 1), (area(156), 1), (area(276), enough * 3), (area(842), 5)]);
        assert_eq!(parts(&facts_of), [(0, 156), (157, 276), (277, u16::MAX)]);
        assert_eq!(parts(&BTreeMap::new()), [(0, u16::MAX)]);
    }
}
