//! Contracts beside one another: what one amends or supersedes counts once, and so does a contract that two books have.

use std::collections::HashMap;

use jiff::civil::Date;

use super::plan::Plan;
use super::standing::standing;
use super::supply::{Counted, Found, Frame, counted, supplies};
use super::{Error, Layer};
use crate::energy::contract::{Confidence, Fact, Field};
use crate::energy::library::{Listed, Name};

/// A contract between the two sides.
pub struct Entry<'a> {
    pub name: Name,
    pub listed: &'a Listed,
    /// It amends a contract that its book does not have.
    pub amends_unknown: bool,
}

impl Entry<'_> {
    fn resource(&self) -> String {
        self.name.resource("contracts")
    }

    fn names(&self, field: Field) -> impl Iterator<Item = Name> {
        self.listed.facts(field).map(|fact| Name { book: self.name.book.clone(), id: fact.value.clone() })
    }
}

/// What each contract adds, in the order of the entries.
///
/// - An amendment has the whole quantity after it: it adds the difference from what it amends, as long as that counts.
/// - What supersedes another and is in force or signed ends it on its first day; a proposal or one of unknown status adds
///   the difference as an amendment does.
/// - A contract of the same identifier and parties in several books is one: the first book that can be reckoned with
///   counts.
pub fn of_entries(entries: &[Entry<'_>], successors: &[Successor], frame: &Frame<'_>) -> Result<Vec<Found>, Error> {
    let mut all: Vec<Result<Counted, String>> = Vec::with_capacity(entries.len());
    for entry in entries {
        all.push(counted(&entry.resource(), entry.listed, frame)?);
    }
    let kept = same_contracts(entries, &mut all);
    let find = |name: &Name| kept.get(&(name.book.clone(), name.id.clone())).copied();
    supersede(entries, successors, &mut all, &find);
    let bases: Vec<Option<usize>> = (0..entries.len()).map(|index| base(index, entries, &all, &find)).collect();
    for (index, entry) in entries.iter().enumerate() {
        if entry.amends_unknown && all[index].is_ok() {
            all[index] = Err("it amends a contract that the book does not have".into());
        }
        let note = match bases[index] {
            Some(base) if all[base].is_ok() => "the difference from what it amends",
            Some(_) => "the whole quantity: what it amends is in no layer",
            None => continue,
        };
        if let Ok(counted) = &mut all[index] {
            counted.note(note);
        }
    }
    let mut found = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        found.push(match &all[index] {
            Err(reason) => Found::LeftOut(reason.clone()),
            Ok(counted) => {
                let replaced: Option<&Plan> =
                    bases[index].and_then(|base| all[base].as_ref().ok()).map(|base| &base.plan);
                let extended_from = after_amendments(index, &bases, &all);
                supplies(&entry.resource(), entry.listed, counted, replaced, extended_from, frame)?
            }
        });
    }
    Ok(found)
}

/// Leaves one of each contract that several books have; where each name stands.
fn same_contracts(entries: &[Entry<'_>], all: &mut [Result<Counted, String>]) -> HashMap<(String, String), usize> {
    let mut kept: HashMap<(String, String), usize> = HashMap::new();
    let mut by_id: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, entry) in entries.iter().enumerate() {
        by_id.entry(&entry.name.id).or_default().push(index);
    }
    for (index, entry) in entries.iter().enumerate() {
        let same = by_id.get(entry.name.id.as_str()).map_or(&[][..], Vec::as_slice);
        let same: Vec<usize> =
            same.iter().copied().filter(|other| has_same_parties(entry.listed, entries[*other].listed)).collect();
        let first = same.iter().copied().find(|other| all[*other].is_ok()).or(same.first().copied()).unwrap_or(index);
        kept.insert((entry.name.book.clone(), entry.name.id.clone()), first);
    }
    for (index, entry) in entries.iter().enumerate() {
        let first = kept.get(&(entry.name.book.clone(), entry.name.id.clone())).copied().unwrap_or(index);
        if first == index {
            continue;
        }
        let differing = differing_fields(entry.listed, entries[first].listed);
        let conflict = if differing.is_empty() {
            "both books say the same".to_owned()
        } else {
            format!("the books differ in {}", differing.join(", "))
        };
        let counted = entries[first].resource();
        all[index] = Err(format!("the same contract as {counted}, which counts; {conflict}"));
    }
    kept
}

fn has_same_parties(left: &Listed, right: &Listed) -> bool {
    let parties = |listed: &Listed, field: Field| {
        let mut values: Vec<String> = listed.facts(field).map(|fact| fact.value.to_lowercase()).collect();
        values.sort_unstable();
        values.dedup();
        values
    };
    [Field::Seller, Field::Buyer].into_iter().all(|field| parties(left, field) == parties(right, field))
}

/// Fields of which two books say different things.
fn differing_fields(left: &Listed, right: &Listed) -> Vec<&'static str> {
    let said = |listed: &Listed| -> Vec<Fact> {
        let known = listed.contract.facts.iter().filter(|fact| fact.is_known());
        // Who says it, and how sure he is, is no difference.
        let bare = |fact: &Fact| Fact {
            source: String::new(),
            note: String::new(),
            confidence: Confidence::Unknown,
            ..fact.clone()
        };
        known.map(bare).collect()
    };
    let (left, right) = (said(left), said(right));
    let only_left = left.iter().filter(|fact| !right.contains(fact));
    let only_right = right.iter().filter(|fact| !left.contains(fact));
    let mut fields: Vec<Field> = only_left.chain(only_right).map(|fact| fact.field).collect();
    fields.retain(|field| !matches!(field, Field::Title | Field::Note | Field::Event));
    fields.sort_unstable();
    fields.dedup();
    fields.into_iter().map(Field::name).collect()
}

/// A contract in force or signed that supersedes others, whether it stands between the two sides or not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Successor {
    name: Name,
    start: Date,
    superseded: Vec<Name>,
}

impl Successor {
    /// `None` for a contract that supersedes none, that is a mere proposal, or whose start is not known.
    pub fn of(name: &Name, listed: &Listed, day: Date) -> Option<Self> {
        let beside = |fact: &Fact| Name { book: name.book.clone(), id: fact.value.clone() };
        let superseded: Vec<Name> = listed.facts(Field::Supersedes).map(beside).collect();
        let is_firm = standing(&listed.contract, day).is_ok_and(|standing| is_firm(standing.layer));
        let start = listed.contract.term_on(day).0.filter(|_| is_firm && !superseded.is_empty())?;
        Some(Self { name: name.clone(), start, superseded })
    }
}

/// Ends what others supersede on their first day, and earlier amendments of it.
fn supersede(
    entries: &[Entry<'_>],
    successors: &[Successor],
    all: &mut [Result<Counted, String>],
    find: &impl Fn(&Name) -> Option<usize>,
) {
    for Successor { name, start, superseded } in successors {
        let own = find(name);
        let reason = format!("superseded by {} from {start}", name.resource("contracts"));
        for older in superseded.iter().filter_map(find) {
            let amends = |other: &usize| {
                let mut amended = entries[*other].names(Field::Amends).filter_map(|name| find(&name));
                amended.any(|of| of == older)
            };
            let earlier = |other: &usize| all[*other].as_ref().is_ok_and(|other| other.plan.counts.0 < *start);
            let amendments = (0..entries.len()).filter(amends).filter(earlier);
            let ended: Vec<usize> = amendments.chain([older]).filter(|ended| Some(*ended) != own).collect();
            for ended in ended {
                if let Ok(counted) = &mut all[ended] {
                    counted.end_before(*start, reason.clone());
                }
            }
        }
    }
}

fn is_firm(layer: Layer) -> bool {
    matches!(layer, Layer::InForce | Layer::SignedNotFlowing)
}

/// The contract whose quantity this one replaces by the difference.
fn base(
    index: usize,
    entries: &[Entry<'_>],
    all: &[Result<Counted, String>],
    find: &impl Fn(&Name) -> Option<usize>,
) -> Option<usize> {
    let entry = &entries[index];
    let superseded = || {
        let is_tentative = all[index].as_ref().is_ok_and(|counted| !is_firm(counted.layer));
        entry.names(Field::Supersedes).filter(move |_| is_tentative)
    };
    let bases = entry.names(Field::Amends).chain(superseded());
    bases.filter_map(|name| find(&name)).find(|base| *base != index)
}

/// The day after the last amendment that goes on behind the end of what it amends.
fn after_amendments(index: usize, bases: &[Option<usize>], all: &[Result<Counted, String>]) -> Option<Date> {
    let end = all[index].as_ref().ok()?.plan.term.1?;
    let amendments =
        bases.iter().zip(all).filter(|(base, _)| **base == Some(index)).filter_map(|(_, own)| own.as_ref().ok());
    let firm = amendments.filter(|own| is_firm(own.layer) && own.plan.counts.0 <= end);
    let last = firm.map(|own| own.plan.counts.1.unwrap_or(Date::MAX)).max().filter(|last| *last > end)?;
    Some(last.tomorrow().unwrap_or(last))
}
