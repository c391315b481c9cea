//! One account: designated persons whose holdings are summed, and whom they block by the rule.
//!
//! Blocking spreads level by level until nothing is added, so cycles need no care: an entity joins only when owners
//! that joined before it reach the threshold. It is done twice, once with the lowest shares that may be true and once
//! with the highest; an entity in the second and not in the first is undetermined.

use std::collections::BTreeSet;

use super::answer::{Counted, Verdict};
use super::rule::Rule;
use super::scope::{Pair, Scope, TARGET};
use super::{HoldingKind, WHOLE};

/// Levels below the designated persons that are looked at.
const LEVELS_MAX: u32 = 64;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bound {
    Lowest,
    Highest,
}

impl Bound {
    /// What a pair adds to a sum.
    fn share(self, pair: &Pair) -> u64 {
        let share = match (self, pair.shares) {
            (Self::Lowest, shares) => shares.map_or(0, |(lowest, _)| lowest),
            (Self::Highest, shares) => shares.map_or(WHOLE, |(_, highest)| highest),
        };
        u64::from(share)
    }
}

/// Entities that are blocked.
struct Reached {
    /// By number in the scope.
    nodes: Vec<bool>,
    /// The last level that is looked at would block more below it.
    deeper: bool,
}

pub(super) struct Account {
    pub roots: BTreeSet<usize>,
    /// Those among them of whom it is not known whether they were designated on the day.
    perhaps: BTreeSet<usize>,
    /// All that the persons hold anything in, directly or indirectly, and the persons themselves.
    pub below: Vec<bool>,
    certain: Reached,
    possible: Reached,
    /// A limit kept part of the graph from being looked at.
    is_limited: bool,
}

impl Account {
    /// `perhaps` may have others than the roots.
    pub fn new(scope: &Scope, rule: &Rule, roots: BTreeSet<usize>, perhaps: &BTreeSet<usize>) -> Self {
        let perhaps: BTreeSet<usize> = roots.intersection(perhaps).copied().collect();
        let certain = spread(scope, rule, &(&roots - &perhaps), Bound::Lowest);
        let possible = spread(scope, rule, &roots, Bound::Highest);
        let is_limited = possible.deeper || scope.truncated;
        Self { below: below(scope, &roots), roots, perhaps, certain, possible, is_limited }
    }

    /// What one person's holdings may do to the target: less work than an account, for there can be thousands.
    pub fn may_block(scope: &Scope, rule: &Rule, person: usize) -> bool {
        let possible = spread(scope, rule, &BTreeSet::from([person]), Bound::Highest);
        possible.nodes[TARGET] || possible.deeper || scope.truncated
    }

    /// Entities below the persons, without those that are certainly designated.
    pub fn entities(&self) -> impl Iterator<Item = usize> {
        (0..self.below.len()).filter(|node| self.below[*node] && !self.is_designated(*node))
    }

    pub fn is_designated(&self, node: usize) -> bool {
        self.roots.contains(&node) && !self.perhaps.contains(&node)
    }

    pub fn verdict(&self, node: usize) -> Verdict {
        if self.certain.nodes[node] {
            Verdict::Blocked
        } else if self.possible.nodes[node] || (self.is_limited && self.below[node]) {
            Verdict::Undetermined
        } else {
            Verdict::NotBlocked
        }
    }

    /// Blocking would go on below the last level that is looked at.
    pub fn goes_deeper(&self) -> bool {
        self.certain.deeper || self.possible.deeper
    }

    /// Whether a pair counts towards blocking the owned, and why.
    pub fn counted(&self, rule: &Rule, pair: &Pair) -> (Counted, Reason) {
        if pair.owner == pair.owned {
            return (Counted::Not, Reason::HoldsItself);
        }
        let owner = self.verdict(pair.owner);
        if owner == Verdict::NotBlocked {
            return (Counted::Not, Reason::OwnerNotBlocked);
        }
        if pair.kind == HoldingKind::Controls && !rule.counts_control {
            return (Counted::Not, Reason::ControlDoesNotCount);
        }
        if owner == Verdict::Undetermined {
            let is_root = self.perhaps.contains(&pair.owner);
            let reason = if is_root { Reason::OwnerPerhapsDesignated } else { Reason::OwnerUndetermined };
            return (Counted::Unknown, reason);
        }
        if pair.is_unknown() {
            return (Counted::Unknown, Reason::ShareNotKnown);
        }
        let reason = if self.is_designated(pair.owner) { Reason::OwnerDesignated } else { Reason::OwnerBlocked };
        (Counted::Wholly, reason)
    }

    /// What would have to be known for certain on undetermined chains down to the entity asked for: pairs, and persons of
    /// whom it is not known whether they were designated.
    pub fn open<'a>(&self, scope: &'a Scope, rule: &Rule) -> (Vec<&'a Pair>, Vec<usize>) {
        let mut open = Vec::new();
        let mut seen = BTreeSet::from([TARGET]);
        let mut waiting = vec![TARGET];
        while let Some(node) = waiting.pop() {
            if self.verdict(node) != Verdict::Undetermined {
                continue;
            }
            for pair in scope.pairs_into(node) {
                if self.counted(rule, pair).0 == Counted::Not {
                    continue;
                }
                if pair.is_unknown() || pair.conflict().is_some() {
                    open.push(pair);
                }
                if seen.insert(pair.owner) {
                    waiting.push(pair.owner);
                }
            }
        }
        open.sort_by_key(|pair| (scope.levels[pair.owned], scope.nodes[pair.owned], scope.nodes[pair.owner]));
        let is_open = |person: &usize| seen.contains(person) && self.verdict(*person) == Verdict::Undetermined;
        let mut persons: Vec<usize> = self.perhaps.iter().copied().filter(is_open).collect();
        persons.sort_by_key(|person| scope.nodes[*person]);
        (open, persons)
    }
}

/// Why a pair counts or not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reason {
    OwnerDesignated,
    OwnerBlocked,
    OwnerNotBlocked,
    OwnerUndetermined,
    OwnerPerhapsDesignated,
    ShareNotKnown,
    ControlDoesNotCount,
    HoldsItself,
}

fn below(scope: &Scope, roots: &BTreeSet<usize>) -> Vec<bool> {
    let mut below = marked(scope, roots);
    let mut waiting: Vec<usize> = roots.iter().copied().collect();
    while let Some(node) = waiting.pop() {
        for pair in scope.pairs_out_of(node) {
            if !std::mem::replace(&mut below[pair.owned], true) {
                waiting.push(pair.owned);
            }
        }
    }
    below
}

fn spread(scope: &Scope, rule: &Rule, roots: &BTreeSet<usize>, bound: Bound) -> Reached {
    let mut reached = Reached { nodes: marked(scope, roots), deeper: false };
    let mut sums: Vec<u64> = vec![0; scope.nodes.len()];
    let mut newest: Vec<usize> = roots.iter().copied().collect();
    let mut level = 0;
    while !newest.is_empty() {
        level += 1;
        let mut joining = Vec::new();
        for pair in newest.iter().flat_map(|owner| scope.pairs_out_of(*owner)) {
            if reached.nodes[pair.owned] {
                continue;
            }
            let blocks = match pair.kind {
                HoldingKind::Controls => rule.counts_control,
                HoldingKind::Owns => {
                    sums[pair.owned] += bound.share(pair);
                    rule.reached(sums[pair.owned])
                }
            };
            if !blocks {
                continue;
            }
            if level > LEVELS_MAX {
                reached.deeper = true;
                return reached;
            }
            reached.nodes[pair.owned] = true;
            joining.push(pair.owned);
        }
        newest = joining;
    }
    reached
}

fn marked(scope: &Scope, nodes: &BTreeSet<usize>) -> Vec<bool> {
    let mut marked = vec![false; scope.nodes.len()];
    for node in nodes {
        marked[*node] = true;
    }
    marked
}
