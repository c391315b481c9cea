//! Who stands above an entity: the graph of its owners, from imported holdings and from what the lists say themselves.
//!
//! One entity may be a subject of several lists; those that are linked strongly enough count as one. Those linked more
//! weakly may be the same, and so leave open whether it is designated.

use std::collections::{HashMap, HashSet};

use crate::register::Moment;
use crate::register::moment::date_of;
use crate::store::{Deadline, Error, Store};

use super::links;
use crate::sanctions::ownership::designation::{designations, directives, no_such_entry};
use crate::sanctions::ownership::identities::Identities;
use crate::sanctions::ownership::{Designation, Directive, Doubt, Graph, Holding, HoldingKind, Node};
use crate::sanctions::store::subjects;
use crate::sanctions::store::{holdings, may_answer};
use crate::sanctions::subject::likeness::LinkStrength;
use crate::sanctions::subject::listed::{Link, Listed, SubjectName};
use crate::sanctions::subject::model::{Relation, SubjectKind};

/// Entities that are looked at; the rules themselves look at no more.
const ENTITIES_MAX: usize = 10_000;
const LEVELS_MAX: usize = 64;
const HOLDINGS_MAX: usize = 50_000;
/// Subjects that one statement asks for.
const SUBJECTS_A_STATEMENT: usize = 200;

/// What was found of an entity and of all above it.
pub struct Owners {
    pub graph: Graph,
    pub sources: Vec<String>,
    /// The node asked for; `None` when nothing is known of it.
    pub target: Option<u32>,
    /// Lists and datasets of holdings that were used, by name and by number.
    pub lists: HashSet<String>,
    pub datasets: HashSet<i64>,
    pub alike: Vec<Alike>,
    /// Whether the search ended at a limit.
    pub cut: bool,
}

/// A subject of another list that is like one of the entities and shares no identifier with it.
pub struct Alike {
    /// `subjects/...` among the entities.
    pub id: String,
    pub link: Link,
    /// Whether the two are counted as one.
    pub followed: bool,
    /// The other, and those with which it shares an identifier.
    others: Vec<Listed>,
}

/// What is gathered level by level.
#[derive(Default)]
struct Gathered {
    /// The weakest link by which two are one.
    weakest: LinkStrength,
    identities: Identities,
    subjects: HashMap<String, Listed>,
    holdings: Vec<Holding>,
    lists: HashSet<String>,
    datasets: HashSet<i64>,
    /// Entries of lists that holdings name and the store has never had.
    missing: HashSet<String>,
    alike: Vec<Alike>,
    /// The subject asked for, where it was not listed on the day in force, but is by the newest release that may be seen.
    of_another_day: Option<Listed>,
    /// Name of the entity asked for as holdings have it that it has in others; absent where there is none.
    owner_name: Option<String>,
}

/// Gathers the owners of `id`, which is `subjects/...` or `entities/...`.
pub async fn above(
    store: &Store,
    id: &str,
    weakest: LinkStrength,
    moment: &Moment,
    deadline: &Deadline,
) -> Result<Owners, Error> {
    let mut gathered = Gathered { weakest, ..Gathered::default() };
    let mut frontier = vec![id.to_owned()];
    let mut levels = 0;
    while !frontier.is_empty() && levels < LEVELS_MAX && gathered.identities.all().len() < ENTITIES_MAX {
        let all = gathered.look_up(store, frontier, moment, deadline).await?;
        let mut owners = gathered.imported(store, &all, moment, deadline).await?;
        owners.extend(gathered.listed(store, &all, moment, deadline).await?);
        let mut seen = HashSet::new();
        owners.retain(|owner| !gathered.identities.has(owner) && seen.insert(owner.clone()));
        frontier = owners;
        levels += 1;
    }
    let cut = !frontier.is_empty();
    // A subject of another day is the same case whether something is known of its owners or not.
    if let Some(name) = SubjectName::parse(id).filter(|_| !gathered.subjects.contains_key(id)) {
        let now = Moment { in_force: None, ..*moment };
        let found = subjects::by_name(store, std::slice::from_ref(&name), &now, may_answer, deadline).await?;
        gathered.of_another_day = found.into_iter().next();
    }
    if gathered.holdings.is_empty()
        && let Some(stored) = holdings::of_owner(store, &[id.to_owned()], moment, deadline).await?
    {
        gathered.datasets.insert(stored.dataset);
        gathered.owner_name = Some(stored.holding.owner_name);
    }
    gathered.finish(id, cut)
}

impl Gathered {
    /// Reads the subjects with these identifiers, those that are linked with them, and so on. Returns the identifiers of all.
    async fn look_up(
        &mut self,
        store: &Store,
        ids: Vec<String>,
        moment: &Moment,
        deadline: &Deadline,
    ) -> Result<Vec<String>, Error> {
        let mut all = Vec::new();
        let mut waiting = ids;
        while !waiting.is_empty() {
            for id in &waiting {
                self.identities.add(id);
            }
            let mut aliases = Vec::new();
            let names: Vec<SubjectName> = waiting.iter().filter_map(|id| SubjectName::parse(id)).collect();
            for batch in names.chunks(SUBJECTS_A_STATEMENT) {
                let found = subjects::by_name(store, batch, moment, may_answer, deadline).await?;
                let mut links = subjects::links(store, &found, moment, may_answer, deadline).await?;
                let by_number: HashMap<i64, String> = found.iter().map(|found| (found.number, found.name())).collect();
                let alike = self.look_alike(store, &found, &links, &by_number, moment, deadline).await?;
                links.extend(alike);
                for link in &links {
                    let alias = link.name();
                    if self.identities.add(&alias) {
                        aliases.push(alias.clone());
                    }
                    if let Some(name) = by_number.get(&link.subject) {
                        self.identities.join(name, &alias);
                    }
                }
                self.lists.extend(found.iter().map(|stored| stored.list.clone()));
                self.subjects.extend(found.into_iter().map(|stored| (stored.name(), stored)));
                let absent: Vec<SubjectName> =
                    batch.iter().filter(|name| !self.subjects.contains_key(&name.resource())).cloned().collect();
                let ever = subjects::ever_known(store, &absent, moment, deadline).await?;
                self.missing.extend(absent.iter().map(SubjectName::resource).filter(|name| !ever.contains(name)));
            }
            all.extend(waiting);
            let is_full = self.identities.all().len() >= ENTITIES_MAX;
            waiting = if is_full { Vec::new() } else { aliases };
        }
        Ok(all)
    }

    /// Notes who is like these, and returns the links that are strong enough.
    async fn look_alike(
        &mut self,
        store: &Store,
        found: &[Listed],
        links: &[Link],
        by_number: &HashMap<i64, String>,
        moment: &Moment,
        deadline: &Deadline,
    ) -> Result<Vec<Link>, Error> {
        let mut strong = Vec::new();
        for (link, other) in links::alike(store, found, links, moment, may_answer, deadline).await? {
            let Some(id) = by_number.get(&link.subject).cloned() else { continue };
            // Seen from the other one's side already.
            if self.alike.iter().any(|alike| alike.id == link.name() && alike.link.name() == id) {
                continue;
            }
            let followed = link.strength >= self.weakest;
            let mut others = vec![other];
            if followed {
                strong.push(link.clone());
            } else {
                let links = subjects::links(store, &others, moment, may_answer, deadline).await?;
                let names: Vec<SubjectName> =
                    links.iter().filter_map(|link| SubjectName::parse(&link.name())).collect();
                others.extend(subjects::by_name(store, &names, moment, may_answer, deadline).await?);
            }
            self.lists.extend(others.iter().map(|other| other.list.clone()));
            self.alike.push(Alike { id, link, followed, others });
        }
        Ok(strong)
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
        for batch in ids.chunks(500) {
            for stored in holdings::in_any(store, batch, moment, HOLDINGS_MAX, deadline).await? {
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
        let known: Vec<Listed> = ids.iter().filter_map(|id| self.subjects.get(id)).cloned().collect();
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
        for owner in subjects::owners_of(store, &names, moment, may_answer, deadline).await? {
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
        let identities = &self.identities;
        // Those of one entity together, in the order in which they were found.
        let mut listed: HashMap<&str, Vec<&Listed>> = HashMap::new();
        for id in identities.all() {
            if let Some(stored) = self.subjects.get(id) {
                listed.entry(identities.of(id)).or_default().push(stored);
            }
        }
        let other_day = self.of_another_day.as_ref();
        let name = |id: &str| {
            let first = listed.get(identities.of(id)).and_then(|listed| listed.first()).copied();
            first.or(other_day.filter(|listed| listed.name() == id)).map(|listed| listed.subject.name())
        };
        let is_known =
            listed.contains_key(id) || other_day.is_some() || !self.holdings.is_empty() || self.owner_name.is_some();
        // An entity that is its own owner through two lists says nothing.
        self.holdings.retain(|holding| identities.of(&holding.owner_id) != identities.of(&holding.owned_id));
        for holding in &mut self.holdings {
            if let Some(name) = name(&holding.owner_id) {
                name.clone_into(&mut holding.owner_name);
            }
            if let Some(name) = name(&holding.owned_id) {
                name.clone_into(&mut holding.owned_name);
            }
        }
        // Of an entity and of its like, each listing that is not its own is one that may be.
        let doubted = |id: &str| {
            let of_like = self.alike.iter().filter(|alike| !alike.followed && identities.of(&alike.id) == id);
            let mut doubted: Vec<(&Listed, Doubt)> = Vec::new();
            for alike in of_like {
                for other in alike.others.iter().filter(|other| identities.of(&other.name()) != id) {
                    doubted.push((other, Doubt::Identity(alike.text(other))));
                }
            }
            doubted
        };
        let known = |id: &str| -> Node {
            let all = listed.get(id).map_or(&[][..], Vec::as_slice);
            let each = all.iter().map(|stored| (&stored.subject, &stored.authority, date_of(stored.spell_day)));
            let mut designations: Vec<Designation> =
                each.clone().flat_map(|(subject, authority, seen)| designations(subject, authority, seen)).collect();
            if all.is_empty() && self.missing.contains(id) {
                designations.extend(no_such_entry());
            }
            let of_other_day = other_day.filter(|listed| listed.name() == id);
            let mut kinds = all.iter().copied().chain(of_other_day).map(|stored| stored.subject.kind);
            let is_person = kinds.any(|kind| kind == SubjectKind::Person);
            let mut directives: Vec<Directive> =
                each.flat_map(|(subject, authority, seen)| directives(subject, authority, seen)).collect();
            for (other, doubt) in doubted(id) {
                let (subject, authority, seen) = (&other.subject, &other.authority, date_of(other.spell_day));
                let in_doubt = |designation| Designation { doubt: Some(doubt.clone()), ..designation };
                designations.extend(self::designations(subject, authority, seen).into_iter().map(in_doubt));
                let of_other = self::directives(subject, authority, seen).into_iter();
                directives.extend(of_other.map(|each| Directive { designation: in_doubt(each.designation), ..each }));
            }
            Node { designations, directives, is_person, ..Node::default() }
        };
        let failed = |error: crate::sanctions::ownership::Error| Error::Other(error.to_string());
        let is_end =
            |holding: &Holding| [&holding.owner_id, &holding.owned_id].iter().any(|end| identities.of(end) == id);
        let (graph, sources) = if self.holdings.iter().any(is_end) {
            Graph::of(&self.holdings, &|id| identities.of(id), &known).map_err(failed)?
        } else {
            // Without any holding the entity itself must still be a node.
            let name = name(id).or(self.owner_name.as_deref());
            let name = name.unwrap_or_default().to_owned();
            let node = Node { id: id.to_owned(), name, ..known(id) };
            (Graph::new(vec![node], Vec::new()).map_err(failed)?, Vec::new())
        };
        let target = graph.find(id).filter(|_| is_known);
        let Self { lists, datasets, alike, .. } = self;
        Ok(Owners { graph, sources, target, lists, datasets, alike, cut })
    }
}

impl Alike {
    /// Who may be the same, for a listing of `other`: the subject that is alike, or one that shares an identifier with it.
    fn text(&self, other: &Listed) -> String {
        let (like, reason) = (self.link.name(), &self.link.reason);
        let through =
            if other.name() == like { String::new() } else { format!(", which shares an identifier with {like}") };
        let name = other.subject.name();
        format!("{name} ({}){through}; {reason}, and no identifier, so that it may be another", other.name())
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
