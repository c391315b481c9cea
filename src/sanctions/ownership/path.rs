//! Chains of holdings from an account's designated persons down to the entity asked for.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::account::Account;
use super::answer::{Counted, Path};
use super::scope::{Scope, TARGET};
use super::step::Writer;

/// Chains that are tried in looking for more than one a person.
const TRIES_MAX: usize = 20_000;

/// A chain as places of pairs, the designated person's first.
type Chain = Vec<usize>;

/// Paths sorted, those that count wholly first, at most `room`, and whether there are more.
///
/// Each designated person has the shortest of its strongest chains among them, as far as there is room; the others are
/// gathered from the target upwards, shorter ones first.
pub(super) fn paths(writer: &Writer<'_>, account: &Account, room: usize) -> (Vec<Path>, bool) {
    let scope = writer.scope;
    let counted: Vec<Counted> = scope.pairs.iter().map(|pair| account.counted(writer.rule, pair).0).collect();
    let (mut chains, mut more) = all_chains(scope, account, room);
    for weakest in [Counted::Wholly, Counted::Unknown, Counted::Not] {
        chains.extend(shortest_chains(scope, account, |pair| counted[pair] <= weakest));
    }
    let strength = |chain: &Chain| chain.iter().map(|pair| counted[*pair]).max().unwrap_or(Counted::Not);
    let mut sorted: Vec<(Counted, usize, Chain)> =
        chains.into_iter().map(|chain| (strength(&chain), chain.len(), chain)).collect();
    sorted.sort_unstable();
    more |= sorted.len() > room;
    sorted.truncate(room);
    let paths = sorted.into_iter().map(|(counted, _, chain)| Path {
        links: chain.iter().map(|pair| writer.link(account, &scope.pairs[*pair])).collect(),
        counted,
    });
    (paths.collect(), more)
}

/// The shortest chain of each designated person over pairs that are allowed.
fn shortest_chains(scope: &Scope, account: &Account, allowed: impl Fn(usize) -> bool) -> Vec<Chain> {
    // The pair that leads down from each node.
    let mut down: BTreeMap<usize, usize> = BTreeMap::new();
    let mut waiting = VecDeque::from([TARGET]);
    while let Some(node) = waiting.pop_front() {
        for pair in scope.into[node].iter().copied().filter(|pair| allowed(*pair)) {
            let owner = scope.pairs[pair].owner;
            if owner != TARGET && !down.contains_key(&owner) {
                down.insert(owner, pair);
                waiting.push_back(owner);
            }
        }
    }
    let chain_of = |root: &usize| {
        let mut chain = Chain::new();
        let mut node = *root;
        while let Some(pair) = down.get(&node) {
            chain.push(*pair);
            node = scope.pairs[*pair].owned;
        }
        chain
    };
    account.roots.iter().map(chain_of).filter(|chain| !chain.is_empty()).collect()
}

/// Chains that pass no node twice, shorter ones first, and whether the search was given up.
fn all_chains(scope: &Scope, account: &Account, room: usize) -> (BTreeSet<Chain>, bool) {
    let mut found = BTreeSet::new();
    // From the target upwards, so the other way round than what is found.
    let mut waiting: VecDeque<Chain> = VecDeque::from([Chain::new()]);
    let mut tries = 0;
    while let Some(chain) = waiting.pop_front() {
        tries += 1;
        if tries > TRIES_MAX || found.len() > room {
            return (found, true);
        }
        let top = chain.last().map_or(TARGET, |pair| scope.pairs[*pair].owner);
        if !chain.is_empty() && account.roots.contains(&top) {
            found.insert(chain.iter().rev().copied().collect());
        }
        for pair in scope.into[top].iter().copied() {
            let owner = scope.pairs[pair].owner;
            if waiting.len() >= TRIES_MAX {
                break;
            }
            let passed = owner == TARGET || chain.iter().any(|passed| scope.pairs[*passed].owner == owner);
            if !passed && account.below[owner] {
                waiting.push_back(chain.iter().copied().chain([pair]).collect());
            }
        }
    }
    (found, false)
}
