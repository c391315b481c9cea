//! Who stands above an entity: the graph of its owners, from imported holdings and from what the lists say themselves.
//!
//! One entity may be a subject of several lists; those that are linked count as one.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use crate::store::{Deadline, Error, Moment, Store, date_of};

use super::model::{MeasureKind, Relation};
use super::ownership::{Designation, Graph, Holding, HoldingKind};
use super::store::holdings;
use super::store::subjects::{self, Stored, SubjectName};

/// Entities that are looked at; the rules themselves look at no more.
const ENTITIES_MAX: usize = 10_000;
const LEVELS_MAX: usize = 64;
const HOLDINGS_MAX: usize = 50_000;

/// What was found of an entity and of all above it.
pub struct Owners {
    pub graph: Graph,
    pub sources: Vec<String>,
    /// The node asked for; `None` when nothing is known of it.
    pub target: Option<u32>,
    /// Lists and datasets of holdings that were used, by name and by number.
    pub lists: HashSet<String>,
    pub datasets: HashSet<i64>,
    /// Whether the search ended at a limit.
    pub cut: bool,
}

/// What is gathered level by level.
#[derive(Default)]
struct Gathered {
    /// Every identifier by the one that stands for all that are the same.
    canonical: HashMap<String, String>,
    subjects: HashMap<String, Vec<Stored>>,
    holdings: Vec<Holding>,
    lists: HashSet<String>,
    datasets: HashSet<i64>,
}

/// Gathers the owners of `id`, which is `subjects/...` or `entities/...`.
pub async fn above(store: &Store, id: &str, moment: &Moment, deadline: &Deadline) -> Result<Owners, Error> {
    let mut gathered = Gathered::default();
    let mut frontier = vec![id.to_owned()];
    let mut levels = 0;
    while !frontier.is_empty() && levels < LEVELS_MAX && gathered.canonical.len() < ENTITIES_MAX {
        let aliases = gathered.look_up(store, &frontier, moment, deadline).await?;
        let all: Vec<String> = frontier.iter().chain(&aliases).cloned().collect();
        let mut owners = gathered.imported(store, &all, moment, deadline).await?;
        owners.extend(gathered.listed(store, &all, moment, deadline).await?);
        let mut seen = HashSet::new();
        owners.retain(|owner| !gathered.canonical.contains_key(owner) && seen.insert(owner.clone()));
        frontier = owners;
        levels += 1;
    }
    let cut = !frontier.is_empty();
    gathered.finish(id, cut)
}

impl Gathered {
    /// Reads the subjects behind identifiers and those that are linked with them. Returns the identifiers of the latter.
    async fn look_up(
        &mut self,
        store: &Store,
        ids: &[String],
        moment: &Moment,
        deadline: &Deadline,
    ) -> Result<Vec<String>, Error> {
        for id in ids {
            self.canonical.entry(id.clone()).or_insert_with(|| id.clone());
        }
        let names: Vec<SubjectName> = ids.iter().filter_map(|id| SubjectName::parse(id)).collect();
        let mut found = Vec::new();
        for some in names.chunks(200) {
            found.extend(subjects::by_name(store, some, moment, deadline).await?);
        }
        let links = subjects::links(store, &found, moment, deadline).await?;
        let by_number: HashMap<i64, String> = found.iter().map(|stored| (stored.number, stored.name())).collect();
        let mut aliases = Vec::new();
        for link in &links {
            let alias = format!("subjects/{}.{}", link.list, link.uid);
            let Some(canonical) = by_number.get(&link.of).and_then(|name| self.canonical.get(name)).cloned() else {
                continue;
            };
            if !self.canonical.contains_key(&alias) {
                self.canonical.insert(alias.clone(), canonical);
                aliases.push(alias);
            }
        }
        let alias_names: Vec<SubjectName> = aliases.iter().filter_map(|id| SubjectName::parse(id)).collect();
        for some in alias_names.chunks(200) {
            found.extend(subjects::by_name(store, some, moment, deadline).await?);
        }
        for stored in found {
            self.lists.insert(stored.list.clone());
            let name = stored.name();
            let canonical = self.canonical.get(&name).cloned().unwrap_or(name);
            self.subjects.entry(canonical).or_default().push(stored);
        }
        Ok(aliases)
    }

    /// Imported holdings in these. Returns their owners.
    async fn imported(
        &mut self,
        store: &Store,
        ids: &[String],
        moment: &Moment,
        deadline: &Deadline,
    ) -> Result<Vec<String>, Error> {
        let mut owners = Vec::new();
        for some in ids.chunks(500) {
            for stored in holdings::of(store, some, true, moment, HOLDINGS_MAX, deadline).await? {
                self.datasets.insert(stored.dataset);
                owners.push(stored.holding.owner_id.clone());
                self.holdings.push(stored.holding);
            }
        }
        Ok(owners)
    }

    /// Holdings in these that the lists themselves speak of. Returns their owners.
    async fn listed(
        &mut self,
        store: &Store,
        ids: &[String],
        moment: &Moment,
        deadline: &Deadline,
    ) -> Result<Vec<String>, Error> {
        let mut owners = Vec::new();
        let asked: HashSet<&String> = ids.iter().collect();
        let known: Vec<Stored> =
            self.subjects.values().flatten().filter(|s| asked.contains(&s.name())).cloned().collect();
        for owned in &known {
            for relation in owned.subject.relations.iter().filter(|r| r.kind.is_owned() && !r.uid.is_empty()) {
                let owner = format!("subjects/{}.{}", owned.list, relation.uid);
                self.holdings.push(holding(
                    &owner,
                    &relation.name,
                    &owned.name(),
                    owned.subject.name(),
                    relation,
                    &owned.list,
                ));
                owners.push(owner);
            }
        }
        let names: Vec<SubjectName> = known.iter().filter_map(|stored| SubjectName::parse(&stored.name())).collect();
        for owner in subjects::owners_of(store, &names, moment, deadline).await? {
            for relation in owner.subject.relations.iter().filter(|relation| relation.kind.is_owner()) {
                let owned = format!("subjects/{}.{}", owner.list, relation.uid);
                if asked.contains(&owned) {
                    let name = owner.name();
                    self.holdings.push(holding(
                        &name,
                        owner.subject.name(),
                        &owned,
                        &relation.name,
                        relation,
                        &owner.list,
                    ));
                    owners.push(name);
                }
            }
        }
        Ok(owners)
    }

    fn finish(mut self, id: &str, cut: bool) -> Result<Owners, Error> {
        let is_known = self.subjects.contains_key(id) || !self.holdings.is_empty();
        for holding in &mut self.holdings {
            for end in [&mut holding.owner_id, &mut holding.owned_id] {
                if let Some(canonical) = self.canonical.get(end.as_str()) {
                    end.clone_from(canonical);
                }
            }
        }
        // An entity that is its own owner through two lists says nothing.
        self.holdings.retain(|holding| holding.owner_id != holding.owned_id);
        for holding in &mut self.holdings {
            for (end, name) in
                [(&holding.owner_id, &mut holding.owner_name), (&holding.owned_id, &mut holding.owned_name)]
            {
                if let Some(stored) = self.subjects.get(end).and_then(|stored| stored.first()) {
                    stored.subject.name().clone_into(name);
                }
            }
        }
        // Without any holding the entity itself must still be a node.
        let lone = self.holdings.iter().all(|holding| holding.owner_id != id && holding.owned_id != id);
        let designations = |id: &str| -> Vec<Designation> {
            self.subjects.get(id).map_or_else(Vec::new, |listed| listed.iter().filter_map(designation).collect())
        };
        let failed = |error: super::ownership::Error| Error::Other(error.to_string());
        let (graph, sources) = if lone {
            let name = self.subjects.get(id).and_then(|s| s.first()).map_or("", |s| s.subject.name());
            let node =
                super::ownership::Node { id: id.to_owned(), name: name.to_owned(), designations: designations(id) };
            (Graph::new(vec![node], Vec::new()).map_err(failed)?, Vec::new())
        } else {
            Graph::of(&self.holdings, &designations).map_err(failed)?
        };
        let target = graph.find(id).filter(|_| is_known);
        Ok(Owners { graph, sources, target, lists: self.lists, datasets: self.datasets, cut })
    }
}

fn holding(owner: &str, owner_name: &str, owned: &str, owned_name: &str, relation: &Relation, list: &str) -> Holding {
    Holding {
        owner_id: owner.to_owned(),
        owner_name: owner_name.to_owned(),
        owned_id: owned.to_owned(),
        owned_name: owned_name.to_owned(),
        kind: if relation.kind.is_control() { HoldingKind::Controls } else { HoldingKind::Owns },
        share: relation.share,
        from: None,
        until: None,
        source: format!("datasets/{list}: {}", relation.text),
    }
}

/// The listing, if it is of the kind that the authority's ownership rule counts: a freeze of assets, and for BIS a
/// restriction of exports that names the subject itself.
fn designation(stored: &Stored) -> Option<Designation> {
    let wanted = if stored.authority == "BIS" { MeasureKind::ExportRestriction } else { MeasureKind::AssetFreeze };
    stored.subject.measures.iter().find(|measure| measure.kind == wanted)?;
    let listed: Option<Date> = stored.subject.listed_on.map(|span| span.first);
    // A list that gives no listing date had it on the first release that is known.
    let from = listed.or_else(|| date_of(stored.spell_day));
    let until = stored.subject.delisted_on.map(|span| span.first);
    Some(Designation { authority: stored.authority.clone(), from, until })
}
