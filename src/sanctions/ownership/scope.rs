//! What lies above one entity on one day: its owners, their owners, and so on, holdings of one pair taken together.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Edge, Graph, HoldingKind, WHOLE};

/// Nodes that are looked at; what lies beyond is not known.
const NODES_MAX: usize = 10_000;
/// Pairs that are looked at.
const PAIRS_MAX: usize = 200_000;

/// What one owner has in one entity, as all sources have it. Nodes are numbered within the scope.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub owner: usize,
    pub owned: usize,
    pub kind: HoldingKind,
    /// Lowest and highest share that may be true; none when no source knows it.
    pub shares: Option<(u32, u32)>,
    pub sources: Vec<u32>,
    /// The owner or the owned has several identifiers, and holdings are stated under more than one of them.
    pub under_several: bool,
}

impl Pair {
    /// Sources, or rows of one source, do not agree.
    pub fn conflict(&self) -> Option<(u32, u32)> {
        self.shares.filter(|(lowest, highest)| lowest != highest)
    }

    pub fn is_unknown(&self) -> bool {
        self.kind == HoldingKind::Owns && self.shares.is_none()
    }
}

/// Nodes from which the entity asked for can be reached, and the pairs between them.
pub(super) struct Scope {
    /// Number in the graph by number in the scope; the entity asked for is the first.
    pub nodes: Vec<u32>,
    /// Fewest holdings down to the entity asked for.
    pub levels: Vec<u32>,
    pub pairs: Vec<Pair>,
    /// Places of the pairs into each node, in the order of the owners in the graph.
    pub into: Vec<Vec<usize>>,
    /// Places of the pairs out of each node.
    pub out_of: Vec<Vec<usize>>,
    /// What of each node no owner on record holds for certain: it may be anybody's, also a designated person's. Nothing of
    /// one that no record has as owned, which is taken for the end of a chain, unless it is the entity asked for.
    pub unrecorded: Vec<u64>,
    /// There is more above than was looked at.
    pub truncated: bool,
}

/// The entity asked for, within a scope.
pub(super) const TARGET: usize = 0;

impl Scope {
    pub fn above(graph: &Graph, target: u32, day: Date) -> Self {
        let mut scope = Self {
            nodes: vec![target],
            levels: vec![0],
            pairs: Vec::new(),
            into: vec![Vec::new()],
            out_of: vec![Vec::new()],
            unrecorded: Vec::new(),
            truncated: false,
        };
        let mut numbers = BTreeMap::from([(target, TARGET)]);
        let mut owned = 0;
        while let Some(node) = scope.nodes.get(owned).copied() {
            let holdings: Vec<&Edge> = graph.holdings_in(node, day).collect();
            // Holdings are sorted, so those of one owner and kind stand together.
            for same in holdings.chunk_by(|left, right| (left.owner, left.kind) == (right.owner, right.kind)) {
                let Some(owner) = scope.number(same[0].owner, owned, &mut numbers) else {
                    scope.truncated = true;
                    continue;
                };
                scope.take(owner, owned, same);
            }
            owned += 1;
        }
        // Nobody owns a natural person.
        let is_owned = graph.nodes().get(target as usize).is_some_and(|node| !node.is_person);
        scope.unrecorded = (0..scope.nodes.len()).map(|node| scope.left_by_owners(node, is_owned)).collect();
        scope
    }

    fn number(&mut self, node: u32, owned: usize, numbers: &mut BTreeMap<u32, usize>) -> Option<usize> {
        if self.pairs.len() >= PAIRS_MAX {
            return None;
        }
        if let Some(number) = numbers.get(&node) {
            return Some(*number);
        }
        let number = self.nodes.len();
        if number >= NODES_MAX {
            return None;
        }
        numbers.insert(node, number);
        self.nodes.push(node);
        self.levels.push(self.levels[owned] + 1);
        self.into.push(Vec::new());
        self.out_of.push(Vec::new());
        Some(number)
    }

    /// `same` has at least one holding, all of one owner and kind.
    fn take(&mut self, owner: usize, owned: usize, same: &[&Edge]) {
        let mut sources: Vec<u32> = same.iter().map(|edge| edge.source).collect();
        sources.sort_unstable();
        sources.dedup();
        let pair = self.pairs.len();
        self.into[owned].push(pair);
        self.out_of[owner].push(pair);
        let under_several = same.iter().any(|edge| edge.stated != same[0].stated);
        self.pairs.push(Pair { owner, owned, kind: same[0].kind, shares: shares(same), sources, under_several });
    }

    fn left_by_owners(&self, node: usize, target_is_owned: bool) -> u64 {
        let mut is_open = node == TARGET && target_is_owned;
        let mut held: u64 = 0;
        for pair in self.pairs_into(node).filter(|pair| pair.kind == HoldingKind::Owns) {
            is_open = true;
            held += pair.shares.map_or(0, |(lowest, _)| u64::from(lowest));
        }
        if is_open { u64::from(WHOLE).saturating_sub(held) } else { 0 }
    }

    /// Owners that no record has as owned, and that are not natural persons as far as is known.
    pub fn ends<'a>(&'a self, graph: &'a Graph) -> impl Iterator<Item = usize> + 'a {
        let is_person = |node: usize| graph.nodes().get(self.nodes[node] as usize).is_some_and(|node| node.is_person);
        (1..self.nodes.len()).filter(move |node| self.into[*node].is_empty() && !is_person(*node))
    }

    pub fn pairs_into(&self, node: usize) -> impl Iterator<Item = &Pair> {
        self.into[node].iter().map(|pair| &self.pairs[*pair])
    }

    pub fn pairs_out_of(&self, node: usize) -> impl Iterator<Item = &Pair> {
        self.out_of[node].iter().map(|pair| &self.pairs[*pair])
    }
}

/// Lowest and highest share that the holdings of a pair may come to.
///
/// A source that does not know the share says nothing against one that does. Under one pair of identifiers all speak of
/// the same holding. Under several it may be the same holding again, or another: a source then states at least the
/// largest of its shares, and all together at most the sum.
fn shares(same: &[&Edge]) -> Option<(u32, u32)> {
    // By source and by the identifiers the lowest share, by the identifiers the highest.
    let mut lowest: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    let mut highest: BTreeMap<u32, Option<u32>> = BTreeMap::new();
    for edge in same {
        let most = highest.entry(edge.stated).or_default();
        *most = (*most).max(edge.share);
        if let Some(share) = edge.share {
            let least = lowest.entry((edge.source, edge.stated)).or_insert(share);
            *least = share.min(*least);
        }
    }
    let mut by_source: BTreeMap<u32, u32> = BTreeMap::new();
    for ((source, _), share) in lowest {
        let most = by_source.entry(source).or_default();
        *most = share.max(*most);
    }
    let sum: u32 = highest.values().fold(0, |sum, share| sum.saturating_add(share.unwrap_or(WHOLE)));
    let largest = highest.values().flatten().max()?;
    Some((*by_source.values().min()?, sum.min(WHOLE).max(*largest)))
}
