//! One account: designated persons whose holdings are summed, and whom they block by the rule.
//!
//! Blocking spreads level by level until nothing is added, so cycles need no care: an entity joins only when owners
//! that joined before it reach the threshold. It is done twice, once with the lowest shares that may be true and once
//! with the highest; an entity in the second and not in the first is undetermined. The highest share that blocked owners
//! may have is what the others do not hold for certain: owners that are not on record may be designated too.

use std::collections::BTreeSet;

use super::HoldingKind;
use super::answer::{Counted, Verdict};
use super::rule::Rule;
use super::scope::{Pair, Scope, TARGET};

/// Levels below the designated persons that are looked at.
const LEVELS_MAX: u32 = 64;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bound {
    Lowest,
    Highest,
}

/// What blocked owners have of an entity.
#[derive(Clone, Copy, Default)]
struct Sum {
    lowest: u64,
    highest: u64,
}

impl Sum {
    fn add(&mut self, pair: &Pair) {
        // An unknown share is a part of what nobody on record holds for certain.
        let (lowest, highest) = pair.shares.unwrap_or_default();
        self.lowest += u64::from(lowest);
        self.highest += u64::from(highest);
    }

    fn of(self, bound: Bound, unrecorded: u64) -> u64 {
        match bound {
            Bound::Lowest => self.lowest,
            Bound::Highest => self.highest.max(self.lowest + unrecorded),
        }
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
        let begin = &roots | &open_by_themselves(scope, rule);
        Self { below: below(scope, &begin), roots, perhaps, certain, possible, is_limited }
    }

    /// What one person's holdings do to the target: less work than an account, for there can be thousands.
    pub fn effect(scope: &Scope, rule: &Rule, person: usize, is_certain: bool) -> Verdict {
        let person = BTreeSet::from([person]);
        if is_certain && spread(scope, rule, &person, Bound::Lowest).nodes[TARGET] {
            return Verdict::Blocked;
        }
        let possible = spread(scope, rule, &person, Bound::Highest);
        let may_block = possible.nodes[TARGET] || possible.deeper || scope.truncated;
        if may_block { Verdict::Undetermined } else { Verdict::NotBlocked }
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

    /// What would have to be known for certain on undetermined chains down to the entity asked for.
    pub fn open<'a>(&self, scope: &'a Scope, rule: &Rule) -> Open<'a> {
        let (mut open, mut entities) = (Vec::new(), Vec::new());
        let mut seen = BTreeSet::from([TARGET]);
        let mut waiting = vec![TARGET];
        while let Some(node) = waiting.pop() {
            if self.verdict(node) != Verdict::Undetermined {
                continue;
            }
            if scope.unrecorded[node] > 0 {
                entities.push(node);
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
        entities.sort_by_key(|entity| (scope.levels[*entity], scope.nodes[*entity]));
        Open { pairs: open, persons, entities }
    }
}

/// What is not known of an account.
pub(super) struct Open<'a> {
    pub pairs: Vec<&'a Pair>,
    /// Persons of whom it is not known whether they were designated.
    pub persons: Vec<usize>,
    /// Entities that have owners who are not on record.
    pub entities: Vec<usize>,
}

/// Entities that owners who are not on record would block alone.
fn open_by_themselves(scope: &Scope, rule: &Rule) -> BTreeSet<usize> {
    (0..scope.nodes.len()).filter(|node| rule.reached(scope.unrecorded[*node])).collect()
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
    let begin = match bound {
        Bound::Lowest => roots.clone(),
        Bound::Highest => roots | &open_by_themselves(scope, rule),
    };
    let mut reached = Reached { nodes: marked(scope, &begin), deeper: false };
    let mut sums: Vec<Sum> = vec![Sum::default(); scope.nodes.len()];
    let mut newest: Vec<usize> = begin.into_iter().collect();
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
                    sums[pair.owned].add(pair);
                    rule.reached(sums[pair.owned].of(bound, scope.unrecorded[pair.owned]))
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
