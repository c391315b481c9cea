//! The graph of who names whom, and its circles.
//!
//! A node is a module, or a room of modules. An edge `a → b` means that the text of `a` names an item whose definition
//! stands in `b`, through whatever re-exports. Neither `mod b;` nor `pub use b::Item;` in a parent is an edge: both say
//! where something is and use nothing of it.

use std::collections::BTreeMap;

use super::resolve::Target;
use super::source::{Id, Program};

/// Where an edge was first seen: a line of the module it comes from.
pub type Edges = BTreeMap<Id, BTreeMap<Id, usize>>;

/// The edges between modules, each with the line that makes it.
pub fn edges(program: &Program) -> Edges {
    let mut edges = Edges::new();
    for (from, module) in program.modules.iter().enumerate() {
        for mention in module.own_names() {
            for target in program.resolve(from, &mention.path) {
                if let Target::Item { module: to, .. } = target
                    && to != from
                {
                    edges.entry(from).or_default().entry(to).or_insert(mention.line);
                }
            }
        }
    }
    edges
}

/// Nodes that can reach one another, two or more at a time (Tarjan).
pub fn circles(nodes: usize, edges: &Edges) -> Vec<Vec<Id>> {
    let (index, low) = (vec![None; nodes], vec![0; nodes]);
    let mut search = Search { edges, index, low, open: Vec::new(), met: 0, found: Vec::new() };
    for node in 0..nodes {
        if search.index[node].is_none() {
            search.visit(node);
        }
    }
    search.found
}

struct Search<'a> {
    edges: &'a Edges,
    /// In which order a node was met.
    index: Vec<Option<usize>>,
    /// The earliest node that is open and can be reached.
    low: Vec<usize>,
    open: Vec<Id>,
    met: usize,
    found: Vec<Vec<Id>>,
}

impl Search<'_> {
    fn visit(&mut self, node: Id) {
        let met = self.met;
        self.met += 1;
        (self.index[node], self.low[node]) = (Some(met), met);
        self.open.push(node);
        for next in self.edges.get(&node).into_iter().flat_map(BTreeMap::keys) {
            match self.index[*next] {
                None => {
                    self.visit(*next);
                    self.low[node] = self.low[node].min(self.low[*next]);
                }
                Some(index) if self.open.contains(next) => self.low[node] = self.low[node].min(index),
                Some(_) => {}
            }
        }
        if self.low[node] == met {
            let start = self.open.iter().position(|open| *open == node).unwrap_or_default();
            let mut circle = self.open.split_off(start);
            if circle.len() > 1 {
                circle.sort_unstable();
                self.found.push(circle);
            }
        }
    }
}
