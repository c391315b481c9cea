//! Ownership: who is blocked because of who owns or controls it.
//!
//! Holdings between persons and entities make a graph; a [`Rule`] of an authority is resolved on it for one entity and
//! one day. Pure logic: what the graph is made from, the caller has read. Never multiplies shares along a chain: the
//! rules count the holding of a blocked entity whole, and of any other entity not at all (OFAC FAQ 401).
//!
//! Shares are in ten-thousandths of a percent: 50 % is 500,000.

mod account;
mod answer;
pub mod designation;
#[cfg(test)]
mod golden;
pub mod identities;
#[cfg(test)]
mod open;
mod path;
mod resolve;
pub mod rule;
mod scope;
mod step;
#[cfg(test)]
mod worlds;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::sanctions::subject::in_force::{self, Days};

pub use answer::{Basis, Counted, Link, Note, Path, Resolution, Step, Unknown, Verdict};
pub use resolve::resolve;
pub use rule::{Period, RULES, Rule, Standing};

/// A share of 100 %.
pub const WHOLE: u32 = 1_000_000;

/// What the owner has in the owned.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum HoldingKind {
    /// Shares, or other rights of property.
    Owns,
    /// Control by other means: the right to appoint the board, a dominant influence.
    Controls,
}

/// A holding as a source states it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Holding {
    /// `subjects/{list}.{uid}` or `entities/{slug}`.
    pub owner_id: String,
    pub owner_name: String,
    pub owned_id: String,
    pub owned_name: String,
    pub kind: HoldingKind,
    /// Absent when it is not known, and for control.
    pub share: Option<u32>,
    /// First day; absent: for as long as is known.
    pub from: Option<Date>,
    /// Last day; absent: still.
    pub until: Option<Date>,
    pub source: String,
}

/// That an authority has designated somebody: a listing of the kind that its rule counts.
///
/// For OFAC, EU and UK a freeze of assets; for BIS the Entity List, the MEU List, and the SDN programmes of 15 CFR
/// 744.8(a)(1). Which listings are of that kind, the caller decides.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Designation {
    /// As [`Rule::authority`] has it.
    pub authority: String,
    pub days: Days,
    /// Since when a release shows it, where the list does not say since when it is: whether it was designated before
    /// that day is not known. Absent: it always was.
    pub seen: Option<Date>,
    /// Why it is not known to be one at all.
    pub doubt: Option<Doubt>,
    /// The directive that it stands for, where it is no designation: see [`Graph::under`]. Else empty.
    pub directive: String,
}

/// Why it is not known whether a listing is a designation.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Doubt {
    /// The measure is not known; the list's words for it, which may be none.
    Measure(String),
    /// Whose measure it is, the list does not say.
    Authority,
    /// A holding names an entry of a list that the store has never had.
    NoSuchEntry,
    /// It is the listing of one who is alike; who, and in what.
    Identity(String),
}

impl Designation {
    fn is_in_force(&self, day: Date) -> bool {
        let is_seen = self.days.from.is_some() || self.seen.is_none_or(|seen| seen <= day);
        self.doubt.is_none() && is_seen && self.days.standing(day) == in_force::Standing::InForce
    }

    fn may_be_in_force(&self, day: Date) -> bool {
        self.days.standing(day) != in_force::Standing::NotInForce
    }

    /// The first day on which it may be, to take the oldest.
    fn begin(&self) -> Option<Date> {
        self.days.from.map(|from| from.first).or(self.seen)
    }
}

/// A directive that a party is under, which does not block but passes on to what the party owns.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Directive {
    /// `EO 13662 Directive 1`.
    pub name: String,
    pub designation: Designation,
}

/// A person or entity.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Node {
    pub id: String,
    pub name: String,
    pub designations: Vec<Designation>,
    /// Directives that it is under, which do not block.
    pub directives: Vec<Directive>,
    /// A natural person, whom nobody owns.
    pub is_person: bool,
}

impl Node {
    /// The authority's designation that is in force on the day; of several the oldest.
    pub fn designation(&self, authority: &str, day: Date) -> Option<&Designation> {
        let in_force = |designation: &&Designation| designation.authority == authority && designation.is_in_force(day);
        self.designations.iter().filter(in_force).min_by_key(|designation| designation.begin())
    }

    /// A designation by the authority of which it is not known whether it was in force on the day; of several the one
    /// that is seen first.
    pub fn possible_designation(&self, authority: &str, day: Date) -> Option<&Designation> {
        if self.designation(authority, day).is_some() {
            return None;
        }
        let possible =
            |designation: &&Designation| designation.authority == authority && designation.may_be_in_force(day);
        self.designations
            .iter()
            .filter(possible)
            .min_by_key(|designation| (designation.doubt.is_some(), designation.seen))
    }

    /// Name and identifier, for texts.
    pub fn label(&self) -> String {
        if self.name.is_empty() { self.id.clone() } else { format!("{} ({})", self.name, self.id) }
    }
}

/// A holding between two nodes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Edge {
    pub owner: u32,
    pub owned: u32,
    pub kind: HoldingKind,
    pub share: Option<u32>,
    pub from: Option<Date>,
    pub until: Option<Date>,
    /// Place of the source in a list that the caller keeps.
    pub source: u32,
    /// Number of the two identifiers under which it is stated: the owner and the owned may have several.
    pub stated: u32,
}

/// Why a question cannot be answered.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Error {
    #[error("node {node} is asked for and the graph has {nodes}")]
    NoSuchNode { node: u32, nodes: usize },
    #[error("a holding names node {node} and the graph has {nodes}")]
    HoldingOfNoNode { node: u32, nodes: usize },
    #[error("the graph has {nodes} nodes, more than can be numbered")]
    TooManyNodes { nodes: usize },
}

/// Persons, entities and the holdings between them.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    /// Places of the holdings in each node.
    into: Vec<Vec<usize>>,
}

impl Graph {
    pub fn new(nodes: Vec<Node>, mut edges: Vec<Edge>) -> Result<Self, Error> {
        if u32::try_from(nodes.len()).is_err() {
            return Err(Error::TooManyNodes { nodes: nodes.len() });
        }
        // The order in which holdings were read must not show in an answer.
        edges.sort_unstable();
        let mut into = vec![Vec::new(); nodes.len()];
        for (index, edge) in edges.iter().enumerate() {
            for node in [edge.owner, edge.owned] {
                if node as usize >= nodes.len() {
                    return Err(Error::HoldingOfNoNode { node, nodes: nodes.len() });
                }
            }
            into[edge.owned as usize].push(index);
        }
        Ok(Self { nodes, edges, into })
    }

    /// Makes the graph of holdings, nodes in the order of their identifiers, and the list of sources that
    /// [`Edge::source`] counts in. `same` gives the identifier that stands for all of one entity, `known` what is known of
    /// such a one but its name.
    pub fn of<'a>(
        holdings: &'a [Holding],
        same: &dyn Fn(&'a str) -> &'a str,
        known: &dyn Fn(&str) -> Node,
    ) -> Result<(Self, Vec<String>), Error> {
        let mut names: BTreeMap<&str, &str> = BTreeMap::new();
        let mut sources: BTreeMap<&str, u32> = BTreeMap::new();
        let mut stated: BTreeMap<(&str, &str), u32> = BTreeMap::new();
        for holding in holdings {
            let ends = [(&holding.owner_id, &holding.owner_name), (&holding.owned_id, &holding.owned_name)];
            for (id, name) in ends {
                let known = names.entry(same(id)).or_default();
                // Of several names the first in the alphabet, so that the order of the rows does not matter.
                if known.is_empty() || (!name.is_empty() && name.as_str() < *known) {
                    *known = name;
                }
            }
            sources.entry(&holding.source).or_default();
            stated.entry((&holding.owner_id, &holding.owned_id)).or_default();
        }
        let numbers: BTreeMap<&str, u32> = names.keys().zip(0..).map(|(id, number)| (*id, number)).collect();
        for (number, index) in (0..).zip(sources.values_mut()) {
            *index = number;
        }
        for (number, index) in (0..).zip(stated.values_mut()) {
            *index = number;
        }
        let number = |id: &'a str| numbers.get(same(id)).copied().unwrap_or_default();
        let edges = holdings.iter().map(|holding| Edge {
            owner: number(&holding.owner_id),
            owned: number(&holding.owned_id),
            kind: holding.kind,
            share: holding.share,
            from: holding.from,
            until: holding.until,
            source: sources.get(holding.source.as_str()).copied().unwrap_or_default(),
            stated: stated.get(&(holding.owner_id.as_str(), holding.owned_id.as_str())).copied().unwrap_or_default(),
        });
        let nodes = names.iter().map(|(id, name)| Node { id: (*id).to_owned(), name: (*name).to_owned(), ..known(id) });
        let graph = Self::new(nodes.collect(), edges.collect())?;
        Ok((graph, sources.into_keys().map(str::to_owned).collect()))
    }

    /// The directives that anybody in it is under, each once.
    pub fn directives(&self) -> BTreeSet<&str> {
        let all = self.nodes.iter().flat_map(|node| &node.directives);
        all.map(|directive| directive.name.as_str()).collect()
    }

    /// The same graph with those who are under a directive in place of the designated ones.
    pub fn under(&self, directive: &str) -> Self {
        let mut graph = self.clone();
        for node in &mut graph.nodes {
            let own = node.directives.iter().filter(|own| own.name == directive);
            let stands_for = |own: &Directive| Designation { directive: own.name.clone(), ..own.designation.clone() };
            node.designations = own.map(stands_for).collect();
        }
        graph
    }

    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Number of the node with this identifier.
    pub fn find(&self, id: &str) -> Option<u32> {
        (0..).zip(&self.nodes).find(|(_, node)| node.id == id).map(|(number, _)| number)
    }

    /// Holdings in a node that are in force on the day.
    fn holdings_in(&self, node: u32, day: Date) -> impl Iterator<Item = &Edge> {
        let indexes = self.into.get(node as usize).map_or(&[][..], Vec::as_slice);
        indexes.iter().map(|index| &self.edges[*index]).filter(move |edge| covers(edge.from, edge.until, day))
    }

    fn label(&self, node: u32) -> String {
        self.nodes.get(node as usize).map_or_else(String::new, Node::label)
    }
}

/// A share as text: `50 %`, `33.3333 %`.
pub fn percent(share: u64) -> String {
    format!("{} %", crate::value::exact::scaled(i128::from(share), 4))
}

/// Whether a day lies within, both ends included.
fn covers(from: Option<Date>, until: Option<Date>, day: Date) -> bool {
    from.is_none_or(|from| from <= day) && until.is_none_or(|until| day <= until)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_shown_exactly() {
        for (share, text) in
            [(500_000, "50 %"), (333_333, "33.3333 %"), (500_100, "50.01 %"), (1, "0.0001 %"), (0, "0 %")]
        {
            assert_eq!(percent(share), text);
        }
    }

    #[test]
    fn a_graph_of_holdings_does_not_depend_on_their_order() {
        let holding = |owner: &str, name: &str, owned: &str, source: &str| Holding {
            owner_id: owner.into(),
            owner_name: name.into(),
            owned_id: owned.into(),
            owned_name: String::new(),
            kind: HoldingKind::Owns,
            share: Some(1),
            from: None,
            until: None,
            source: source.into(),
        };
        let mut holdings = vec![
            holding("entities/b", "Beta Trading", "entities/c", "register"),
            holding("entities/a", "Alpha", "entities/b", "annual report"),
            holding("entities/b", "Beta", "entities/d", "register"),
        ];
        let none = |_: &str| Node::default();
        let (graph, sources) = Graph::of(&holdings, &|id| id, &none).unwrap();
        assert_eq!(sources, ["annual report", "register"]);
        assert_eq!(graph.nodes()[1].label(), "Beta (entities/b)");
        assert_eq!(graph.nodes()[2].label(), "entities/c");
        assert_eq!(graph.find("entities/d"), Some(3));
        holdings.reverse();
        let (again, _) = Graph::of(&holdings, &|id| id, &none).unwrap();
        assert_eq!((again.nodes(), &again.edges), (graph.nodes(), &graph.edges));
        let (same, _) = Graph::of(&holdings, &|id| if id == "entities/d" { "entities/c" } else { id }, &none).unwrap();
        assert_eq!((same.nodes().len(), same.find("entities/d"), same.edges.len()), (3, None, 3));
    }

    #[test]
    fn a_holding_of_no_node_is_an_error() {
        let edge = Edge {
            owner: 0,
            owned: 7,
            kind: HoldingKind::Owns,
            share: None,
            from: None,
            until: None,
            source: 0,
            stated: 0,
        };
        let graph = Graph::new(vec![Node::default()], vec![edge]);
        assert_eq!(graph.unwrap_err(), Error::HoldingOfNoNode { node: 7, nodes: 1 });
    }
}
