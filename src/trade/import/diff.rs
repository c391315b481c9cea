//! Comparing what a release has with what the store has: two streams in the order of their keys, read once.

use crate::import::{Error, Reject, Report};
use crate::trade::model::{FlowKey, FlowRow, StoredFlow};

use super::sink::check_rejects;
use super::sort::Sourced;

/// What a release does to one row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    New(FlowRow),
    Revised { old: StoredFlow, new: FlowRow },
    Unchanged,
    Withdrawn(StoredFlow),
}

/// What a comparison needs besides the rows.
pub struct Rules<'a> {
    pub file_names: &'a [String],
    pub max_rejects: u64,
    /// Whether rows that the release does not have are withdrawn, or held back because some of its rows were rejected.
    pub withdraws: bool,
}

/// Walks both streams and hands every change to `each`. A key that the files have twice is rejected, all but the first.
pub fn changes(
    incoming: impl Iterator<Item = Result<Sourced, Error>>,
    stored: impl Iterator<Item = Result<StoredFlow, Error>>,
    rules: &Rules<'_>,
    report: &mut Report,
    mut each: impl FnMut(Change) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut stored = stored.peekable();
    let mut previous: Option<Sourced> = None;
    for sourced in incoming {
        let sourced = sourced?;
        if let Some(first) = previous.filter(|first| first.row.key == sourced.row.key) {
            report.reject(duplicate(&first, &sourced, rules.file_names));
            // By far too many: the rest would say nothing new.
            check_rejects(report, rules.max_rejects.saturating_add(1000))?;
            continue;
        }
        previous = Some(sourced);
        let new = sourced.row;

        while let Some(old) = next_if(&mut stored, |old| old < new.key)? {
            withdraw(old, rules, report, &mut each)?;
        }
        match next_if(&mut stored, |old| old == new.key)? {
            None => {
                report.rows_new += 1;
                each(Change::New(new))?;
            }
            Some(old) if old.row == new => {
                report.rows_unchanged += 1;
                each(Change::Unchanged)?;
            }
            Some(old) => {
                report.rows_revised += 1;
                each(Change::Revised { old, new })?;
            }
        }
    }
    for old in stored {
        withdraw(old?, rules, report, &mut each)?;
    }
    Ok(())
}

fn withdraw(
    old: StoredFlow,
    rules: &Rules<'_>,
    report: &mut Report,
    each: &mut impl FnMut(Change) -> Result<(), Error>,
) -> Result<(), Error> {
    if !rules.withdraws {
        report.rows_held_back += 1;
        return Ok(());
    }
    report.rows_withdrawn += 1;
    each(Change::Withdrawn(old))
}

/// Takes the next stored row when its key fits; an error in the stream always fits.
fn next_if(
    stored: &mut std::iter::Peekable<impl Iterator<Item = Result<StoredFlow, Error>>>,
    fits: impl Fn(FlowKey) -> bool,
) -> Result<Option<StoredFlow>, Error> {
    stored.next_if(|row| row.as_ref().map_or(true, |stored| fits(stored.row.key))).transpose()
}

fn duplicate(first: &Sourced, second: &Sourced, file_names: &[String]) -> Reject {
    let name = |sourced: &Sourced| file_names.get(usize::from(sourced.origin.file)).cloned().unwrap_or_default();
    let same_file = first.origin.file == second.origin.file;
    let place = if same_file { String::new() } else { format!("{}, ", name(first)) };
    Reject {
        file: name(second),
        line: u64::from(second.origin.line),
        field: "key".into(),
        value: second.row.key.to_string(),
        reason: format!("stands already at {place}line {}", first.origin.line),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::trade::import::sort::Origin;
    use crate::trade::model::{Amounts, Flags};
    use crate::value::Cell;

    const RULES: Rules<'static> = Rules { file_names: &[], max_rejects: 0, withdraws: true };

    fn row(key: u8, value: u8) -> FlowRow {
        let amounts = Amounts { value: Cell::from(i64::from(value)), ..Amounts::default() };
        let key = FlowKey::from_number(u128::from(key));
        FlowRow { key, amounts, quantity_unit: 0, alt_unit: 0, flags: Flags::default() }
    }

    proptest! {
        #[test]
        fn changes_turn_the_stored_rows_into_the_incoming(
            stored in prop::collection::btree_map(0_u8..30, 0_u8..3, 0..20),
            incoming in prop::collection::btree_map(0_u8..30, 0_u8..3, 0..20),
        ) {
            let mut result = stored.clone();
            let mut report = Report::default();
            let number = |row: FlowRow| (row.key.number() as u8, row.amounts.value.known() as u8);
            changes(
                incoming.iter().map(|(key, value)| Ok(Sourced { row: row(*key, *value), origin: Origin::default() })),
                stored.iter().map(|(key, value)| Ok(StoredFlow { row: row(*key, *value), release: 1 })),
                &RULES,
                &mut report,
                |change| {
                    match change {
                        Change::New(new) => prop_assert_none(result.insert(number(new).0, number(new).1)),
                        Change::Revised { old, new } => {
                            assert_eq!(result.insert(number(new).0, number(new).1), Some(number(old.row).1));
                            assert_ne!(old.row, new);
                        }
                        Change::Withdrawn(old) => assert_eq!(result.remove(&number(old.row).0), Some(number(old.row).1)),
                        Change::Unchanged => {}
                    }
                    Ok(())
                },
            ).unwrap();
            prop_assert_eq!(&result, &incoming);
            let counted = report.rows_new + report.rows_revised + report.rows_unchanged;
            prop_assert_eq!(counted as usize, incoming.len());
        }
    }

    fn prop_assert_none(previous: Option<u8>) {
        assert_eq!(previous, None);
    }

    #[test]
    fn the_second_of_two_equal_keys_is_rejected_with_both_lines() {
        let rows =
            [(1, 2), (1, 3)].map(|(key, line)| Ok(Sourced { row: row(key, 0), origin: Origin { file: 0, line } }));
        let mut report = Report::default();
        changes(rows.into_iter(), std::iter::empty(), &RULES, &mut report, |_| Ok(())).unwrap();
        assert_eq!((report.rows_new, report.rows_rejected, report.rejects[0].line), (1, 1, 3));
        assert!(report.rejects[0].reason.ends_with("line 2"));
    }
}
