//! A slow second reckoning: a verdict must hold in every world that what is on record leaves possible, and what is
//! undetermined must come out both ways.
//!
//! In a world every share is known: what the record leaves of an entity goes to one holder, who may be nobody's concern,
//! a designated person on record, or one whom nobody named.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::rule::{EU_HALF_OR_MORE, OFAC, UK};
use super::{Designation, Edge, Graph, HoldingKind, Node, Rule, Verdict, WHOLE, resolve};
use crate::sanctions::subject::in_force::Days;

const DAY: Date = date(2025, 1, 15);
/// `X` and `Y` are designated, the others entities.
const NAMES: [&str; 6] = ["X", "Y", "A", "B", "C", "D"];
const PERSONS: usize = 2;
/// A designated person whom no record names, and somebody who is not designated.
const HIDDEN: usize = 6;
const OTHERS: usize = 7;

/// Owner and owned with a share in percent that may not be known.
type Records = BTreeMap<(usize, usize), Option<u32>>;

fn graph(records: &Records) -> Graph {
    let node = |name: &str| {
        let designation = |authority: &str| Designation {
            authority: authority.into(),
            days: Days::default(),
            seen: None,
            doubt: None,
            directive: String::new(),
        };
        let is_person = ["X", "Y"].contains(&name);
        let designations = ["OFAC", "EU", "UK"].into_iter().filter(|_| is_person).map(designation).collect();
        Node { id: name.into(), designations, ..Node::default() }
    };
    let edges = records.iter().map(|((owner, owned), share)| Edge {
        owner: *owner as u32,
        owned: *owned as u32,
        kind: HoldingKind::Owns,
        share: share.map(|percent| percent * WHOLE / 100),
        from: None,
        until: None,
        source: 0,
        stated: 0,
    });
    Graph::new(NAMES.map(node).to_vec(), edges.collect()).unwrap()
}

/// Whether the entity is blocked where all shares are known: adding until nothing changes.
fn is_blocked(rule: &Rule, shares: &BTreeMap<(usize, usize), u32>, entity: usize) -> bool {
    let persons = [0, 1, HIDDEN];
    let accounts: Vec<Vec<usize>> =
        if rule.aggregates { vec![persons.to_vec()] } else { persons.iter().map(|person| vec![*person]).collect() };
    accounts.into_iter().any(|mut blocked| {
        loop {
            let sum = |owned: usize| -> u32 {
                let into = shares.iter().filter(|((owner, other), _)| *other == owned && blocked.contains(owner));
                into.map(|(_, share)| *share).sum()
            };
            let reaches = |owned: &usize| if rule.inclusive { sum(*owned) >= 50 } else { sum(*owned) > 50 };
            let joining = (PERSONS..NAMES.len()).find(|owned| !blocked.contains(owned) && reaches(owned));
            match joining {
                Some(joining) => blocked.push(joining),
                None => return blocked.contains(&entity),
            }
        }
    })
}

/// Whether it is blocked in each possible world, or in which of them: never, sometimes, always.
fn in_all_worlds(rule: &Rule, records: &Records, entity: usize) -> Verdict {
    let mut known: BTreeMap<(usize, usize), u32> = BTreeMap::new();
    // Entities with something left, how much, and to whom it may go.
    let mut open: Vec<(usize, u32, Vec<usize>)> = Vec::new();
    for owned in PERSONS..NAMES.len() {
        let into: Vec<(usize, Option<u32>)> = records
            .iter()
            .filter(|((_, other), _)| *other == owned)
            .map(|((owner, _), share)| (*owner, *share))
            .collect();
        known.extend(into.iter().map(|(owner, share)| ((*owner, owned), share.unwrap_or(0))));
        let held: u32 = into.iter().filter_map(|(_, share)| *share).sum();
        let is_end = into.is_empty() && owned != entity;
        if held < 100 && !is_end {
            let mut holders = vec![0, 1, HIDDEN, OTHERS];
            holders.extend(into.iter().filter(|(_, share)| share.is_none()).map(|(owner, _)| *owner));
            open.push((owned, 100 - held, holders));
        }
    }
    let worlds: usize = open.iter().map(|(.., holders)| holders.len()).product();
    let (mut blocked, mut free) = (false, false);
    for mut world in 0..worlds {
        let mut shares = known.clone();
        for (owned, left, holders) in &open {
            *shares.entry((holders[world % holders.len()], *owned)).or_default() += left;
            world /= holders.len();
        }
        if is_blocked(rule, &shares, entity) {
            blocked = true;
        } else {
            free = true;
        }
    }
    match (blocked, free) {
        (true, true) => Verdict::Undetermined,
        (true, false) => Verdict::Blocked,
        (false, _) => Verdict::NotBlocked,
    }
}

fn some_records() -> impl Strategy<Value = Records> {
    let share = prop_oneof![1 => Just(None), 5 => (0..=10_u32).prop_map(|tenth| Some(tenth * 10))];
    let pair =
        (0..NAMES.len(), PERSONS..NAMES.len()).prop_filter("nobody holds itself", |(owner, owned)| owner != owned);
    prop::collection::btree_map(pair, share, 0..10)
}

/// Sources that give more than there is contradict themselves: of that no world is left.
fn is_possible(records: &Records) -> bool {
    (PERSONS..NAMES.len()).all(|owned| {
        let into = records.iter().filter(|((_, other), _)| *other == owned);
        into.filter_map(|(_, share)| *share).sum::<u32>() <= 100
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_verdict_holds_in_every_world_that_is_possible(records in some_records()) {
        prop_assume!(is_possible(&records));
        let graph = graph(&records);
        for rule in [&OFAC, &EU_HALF_OR_MORE, &UK] {
            for (entity, name) in NAMES.iter().enumerate().skip(PERSONS) {
                let answer = resolve(&graph, rule, entity as u32, DAY, None).unwrap();
                let expected = in_all_worlds(rule, &records, entity);
                prop_assert_eq!(answer.verdict, expected, "{} {} {:?}", rule.authority, name, records);
                prop_assert_eq!(answer.verdict == Verdict::Undetermined, !answer.unknowns.is_empty());
                if answer.verdict == Verdict::Blocked {
                    prop_assert!(!answer.paths.is_empty());
                }
            }
        }
    }
}
