//! Work in parts on several threads, within what the machine has.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::thread;

/// Threads that may help at once, whoever asks: one less than there are cores, as each asking thread works too. Questions that
/// come together find no help and take a core each.
static HELPERS: LazyLock<AtomicUsize> =
    LazyLock::new(|| AtomicUsize::new(thread::available_parallelism().map_or(1, NonZero::get) - 1));

/// A thread that may help, until it is dropped.
struct Helper;

impl Helper {
    fn hire() -> Option<Self> {
        let less = |free: usize| free.checked_sub(1);
        HELPERS.fetch_update(Ordering::AcqRel, Ordering::Acquire, less).ok().map(|_| Self)
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        HELPERS.fetch_add(1, Ordering::AcqRel);
    }
}

/// How many parts of a work are worth making.
pub fn parts_wanted() -> usize {
    // Parts differ in size: who is done with one takes another.
    HELPERS.load(Ordering::Acquire) * 4 + 1
}

/// Items, all in order, in parts that have about equally much work each and not less than is worth a thread.
pub fn parts_of<Item>(items: Vec<Item>, work_of: impl Fn(&Item) -> usize, least: usize) -> Vec<Vec<Item>> {
    let all: usize = items.iter().map(&work_of).sum();
    let a_part = all.div_ceil(parts_wanted()).max(least);
    if all <= a_part {
        return vec![items];
    }
    let mut parts = vec![Vec::new()];
    let mut work = 0;
    for item in items {
        if work >= a_part {
            parts.push(Vec::new());
            work = 0;
        }
        work += work_of(&item);
        if let Some(part) = parts.last_mut() {
            part.push(item);
        }
    }
    parts
}

/// What the work makes of each part, in the order of the parts.
pub fn in_parallel<Part: Send, Made: Send>(parts: Vec<Part>, work: impl Fn(Part) -> Made + Sync) -> Vec<Made> {
    let most = parts.len().saturating_sub(1);
    let helpers: Vec<Helper> = std::iter::from_fn(Helper::hire).take(most).collect();
    if helpers.is_empty() {
        return parts.into_iter().map(work).collect();
    }
    let waiting = Mutex::new(parts.into_iter().enumerate());
    let made = Mutex::new(Vec::new());
    let work_on = || {
        loop {
            let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((place, part)) = next else { return };
            let one = work(part);
            made.lock().unwrap_or_else(PoisonError::into_inner).push((place, one));
        }
    };
    thread::scope(|scope| {
        for helper in helpers {
            let help = || {
                let _helper = helper;
                work_on();
            };
            // Without a thread the others do its part.
            let _ = thread::Builder::new().name("cube".into()).spawn_scoped(scope, help);
        }
        work_on();
    });
    let mut made = made.into_inner().unwrap_or_else(PoisonError::into_inner);
    made.sort_by_key(|(place, _)| *place);
    made.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_comes_in_the_order_of_the_parts() {
        for parts in [0, 1, 2, 100] {
            let made = in_parallel((0..parts).collect(), |part: usize| part * 2);
            assert_eq!(made, (0..parts).map(|part| part * 2).collect::<Vec<_>>());
        }
        assert!(parts_wanted() > 0);
    }

    #[test]
    fn parts_have_all_items_in_order() {
        for least in [1, 10, 1000] {
            let parts = parts_of((0..100).collect(), |item: &usize| item % 7, least);
            let work = |part: &Vec<usize>| part.iter().map(|item| item % 7).sum::<usize>();
            assert!(parts.split_last().unwrap().1.iter().all(|part| work(part) >= least), "{parts:?}");
            assert_eq!(parts.concat(), (0..100).collect::<Vec<_>>());
        }
        assert_eq!(parts_of(Vec::<u8>::new(), |_| 1, 1), [Vec::<u8>::new()]);
    }
}
