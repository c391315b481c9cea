//! What follows from the house: each rule looks at the whole program and gives every place that breaks it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::graph::{self, Edges};
use super::house::Room;
use super::mentions::Place;
use super::resolve::Target;
use super::source::{Id, Module, Program};

/// A place that breaks a rule.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Violation {
    /// A file, with or without a line, or a room of the table.
    pub at: String,
    pub says: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.at, self.says)
    }
}

pub fn violation(at: impl Into<String>, says: impl Into<String>) -> Violation {
    Violation { at: at.into(), says: says.into() }
}

/// Whether `path` is `room` or lies in it.
pub fn is_within(path: &str, room: &str) -> bool {
    path == room || path.strip_prefix(room).is_some_and(|rest| rest.starts_with('/'))
}

/// The room in which `path` lies: the longest of `rooms` that it is within.
fn room_of<'a>(rooms: &[&'a str], path: &str) -> Option<&'a str> {
    rooms.iter().copied().filter(|room| is_within(path, room)).max_by_key(|room| room.len())
}

fn names(house: &[Room]) -> Vec<&str> {
    house.iter().map(|room| room.name.as_str()).collect()
}

/// The line of the table that speaks for a module.
fn line_of<'a>(house: &'a [Room], path: &str) -> Option<&'a Room> {
    let name = room_of(&names(house), path)?;
    house.iter().find(|room| room.name == name)
}

/// Who names what, once a module and name: the first line that does, and how many do.
type Named = BTreeMap<(Id, String), (usize, usize)>;

fn count(named: &mut Named, module: Id, name: String, line: usize) {
    named.entry((module, name)).or_insert((line, 0)).1 += 1;
}

/// What each module names of other rooms and of the crates in `guarded`.
fn named(program: &Program, rooms: &[&str], guarded: &[(&str, &[&str])]) -> Named {
    let mut named = Named::new();
    for (id, module) in program.modules.iter().enumerate() {
        let own = room_of(rooms, &module.path);
        for mention in &module.said.names {
            // A `mod.rs` may hand on what lies inside it.
            let is_public = matches!(mention.place, Place::Use { public: true, .. });
            for target in program.resolve(id, &mention.path) {
                match target {
                    Target::Item { module: to, .. } | Target::Module(to) => {
                        let to = &program.modules[to].path;
                        if is_public && is_within(to, &module.path) {
                            continue;
                        }
                        let to = room_of(rooms, to).unwrap_or(to);
                        if own != Some(to) && !to.is_empty() {
                            count(&mut named, id, to.to_owned(), mention.line);
                        }
                    }
                    Target::Outside(path) if path.len() > 1 || matches!(mention.place, Place::Use { .. }) => {
                        let guard = guarded.iter().find(|(_, crates)| crates.contains(&path[0].as_str()));
                        if let Some((guard, _)) = guard {
                            count(&mut named, id, (*guard).to_owned(), mention.line);
                        }
                    }
                    Target::Outside(_) => {}
                }
            }
        }
    }
    named
}

/// Each room names only what its line lists; each room has a line; each line and each name in it is used.
pub fn rooms(program: &Program, house: &[Room], guarded: &[(&str, &[&str])]) -> Vec<Violation> {
    let mut found = BTreeSet::new();
    // Rooms that have a file, and what they name.
    let mut rooms: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for module in program.modules.iter().filter(|module| !module.path.is_empty()) {
        match line_of(house, &module.path) {
            Some(room) => _ = rooms.entry(&room.name).or_default(),
            None => _ = found.insert(violation(&module.file, "no line of the table speaks for this room")),
        }
    }
    for ((id, name), (line, times)) in named(program, &names(house), guarded) {
        let module = &program.modules[id];
        let Some(room) = line_of(house, &module.path) else { continue };
        if !room.rooms.contains(&name) && !room.crates.contains(&name) {
            let says = format!("`{}` may not name `{name}` ({times} times)", room.name);
            found.insert(violation(format!("{}:{line}", module.file), says));
        }
        rooms.entry(&room.name).or_default().insert(name);
    }
    for room in house {
        let Some(used) = rooms.get(room.name.as_str()) else {
            found.insert(violation(&room.name, "stale line of the table: it has no file"));
            continue;
        };
        let listed = room.rooms.iter().chain(&room.crates).map(String::as_str);
        let stale: Vec<&str> = listed.filter(|name| !used.contains(*name)).collect();
        if !stale.is_empty() {
            found
                .insert(violation(&room.name, format!("stale line of the table: it never names {}", stale.join(", "))));
        }
    }
    found.into_iter().collect()
}

/// Pure rooms name only pure ones and no guarded crate, and nothing in them is asynchronous.
pub fn pure(program: &Program, house: &[Room], guarded: &[(&str, &[&str])]) -> Vec<Violation> {
    let is_pure = |path: &str| line_of(house, path).is_some_and(|room| room.is_pure);
    let mut found = Vec::new();
    for ((id, name), (line, _)) in named(program, &names(house), guarded) {
        let module = &program.modules[id];
        if is_pure(&module.path) && !is_pure(&name) {
            found.push(violation(format!("{}:{line}", module.file), format!("pure, but names `{name}`")));
        }
    }
    for module in program.modules.iter().filter(|module| is_pure(&module.path)) {
        found.extend(
            module.said.waits.iter().map(|line| violation(format!("{}:{line}", module.file), "pure, but `async`")),
        );
    }
    found
}

/// Generated messages are named only in `rooms` (`*` for any subject), and a service names them in the heads of its trait alone.
pub fn messages(program: &Program, rooms: &[&str]) -> Vec<Violation> {
    let may = |path: &str| {
        rooms.iter().any(|room| match room.strip_prefix("*/") {
            Some(inner) => path.split_once('/').is_some_and(|(_, rest)| is_within(rest, inner)),
            None => is_within(path, room),
        })
    };
    let mut found = BTreeMap::new();
    for (id, module) in program.modules.iter().enumerate() {
        let is_service = module.path.ends_with("/service");
        for mention in &module.said.names {
            let message = program.resolve(id, &mention.path).into_iter().find_map(|target| match target {
                Target::Item { module: to, rest } if program.modules[to].path == "proto" => Some(rest),
                Target::Module(to) if program.modules[to].path == "proto" => Some(Vec::new()),
                _ => None,
            });
            let Some(message) = message else { continue };
            let says = if !may(&module.path) {
                "names generated messages"
            } else if is_service
                && matches!(mention.place, Place::Body | Place::Head)
                && !message.iter().any(|part| part.ends_with("_server"))
            {
                "names a generated message outside the heads of its trait"
            } else {
                continue;
            };
            found.entry((&module.file, says)).or_insert((mention.line, 0)).1 += 1;
        }
    }
    let line = |((file, says), (line, times)): ((&String, &str), (usize, usize))| {
        violation(format!("{file}:{line}"), format!("{says} ({times} times)"))
    };
    found.into_iter().map(line).collect()
}

/// Subjects name no other subject, and the rooms below them name none.
pub fn subjects(program: &Program, subjects: &[&str], floors: &[&[&str]]) -> Vec<Violation> {
    let below = floors.iter().take_while(|floor| **floor != subjects).copied();
    let rooms = below.chain([subjects]).flatten().copied().collect::<Vec<&str>>();
    let mut found = Vec::new();
    for ((id, name), (line, times)) in named(program, &rooms, &[]) {
        let module = &program.modules[id];
        if room_of(&rooms, &module.path).is_some() && subjects.contains(&name.as_str()) {
            let at = format!("{}:{line}", module.file);
            found.push(violation(at, format!("names the subject `{name}` ({times} times)")));
        }
    }
    found
}

/// No text names anything of a floor above its own.
pub fn arrows(program: &Program, floors: &[&[&str]]) -> Vec<Violation> {
    let floor = |path: &str| floors.iter().position(|rooms| room_of(rooms, path).is_some());
    let rooms = floors.iter().copied().flatten().copied().collect::<Vec<&str>>();
    let mut found = Vec::new();
    for module in program.modules.iter().filter(|module| !module.path.is_empty()) {
        if floor(&module.path).is_none() {
            found.push(violation(&module.file, "stands on no floor"));
        }
    }
    for ((id, name), (line, times)) in named(program, &rooms, &[]) {
        let module = &program.modules[id];
        if floor(&module.path).is_some_and(|from| floor(&name).is_some_and(|to| to > from)) {
            let at = format!("{}:{line}", module.file);
            found.push(violation(at, format!("names `{name}`, which stands above ({times} times)")));
        }
    }
    found
}

fn circle(program: &Program, circle: &[Id], edges: &Edges) -> Violation {
    let inner = circle.iter().flat_map(|from| {
        let to = edges.get(from).into_iter().flatten().filter(|(to, _)| circle.contains(to));
        to.map(|(to, line)| format!("\n    {}:{line} -> {}", program.modules[*from].file, program.modules[*to].path))
    });
    let names: Vec<&str> = circle.iter().map(|id| program.modules[*id].path.as_str()).collect();
    violation(
        &program.modules[circle[0]].file,
        format!("a circle of {}{}", names.join(", "), inner.collect::<String>()),
    )
}

fn is_family(a: &Module, b: &Module) -> bool {
    a.root == b.root
        && (b.parent.is_none() || a.parent.is_none() || is_within(&a.path, &b.path) || is_within(&b.path, &a.path))
}

/// No circle of modules that lie beside one another.
pub fn circles(program: &Program) -> Vec<Violation> {
    let mut edges = graph::edges(program);
    for (from, targets) in &mut edges {
        targets.retain(|to, _| !is_family(&program.modules[*from], &program.modules[*to]));
    }
    let found = graph::circles(program.modules.len(), &edges);
    found.iter().map(|found| circle(program, found, &edges)).collect()
}

/// No circle of a module and those inside it: a `mod.rs` has what its files share, or puts its files together, never both.
pub fn families(program: &Program) -> Vec<Violation> {
    let edges = graph::edges(program);
    let mut found = graph::circles(program.modules.len(), &edges);
    found.retain(|ids| {
        ids.iter().any(|a| ids.iter().any(|b| a != b && is_family(&program.modules[*a], &program.modules[*b])))
    });
    found.iter().map(|found| circle(program, found, &edges)).collect()
}

/// No circle of rooms, as the table cuts them.
pub fn room_circles(program: &Program, house: &[Room]) -> Vec<Violation> {
    let room = |id: Id| {
        house
            .iter()
            .position(|room| line_of(house, &program.modules[id].path).is_some_and(|line| line.name == room.name))
    };
    let mut edges = Edges::new();
    let mut seen: BTreeMap<(Id, Id), String> = BTreeMap::new();
    for (from, targets) in graph::edges(program) {
        for (to, line) in targets {
            if let (Some(a), Some(b)) = (room(from), room(to))
                && a != b
            {
                edges.entry(a).or_default().insert(b, line);
                let example = || format!("{}:{line} -> {}", program.modules[from].file, program.modules[to].path);
                seen.entry((a, b)).or_insert_with(example);
            }
        }
    }
    let mut found = Vec::new();
    for circle in graph::circles(house.len(), &edges) {
        let names: Vec<&str> = circle.iter().map(|room| house[*room].name.as_str()).collect();
        let inner = seen.iter().filter(|((a, b), _)| circle.contains(a) && circle.contains(b));
        let inner: String = inner.map(|(_, example)| format!("\n    {example}")).collect();
        found.push(violation(names[0], format!("a circle of the rooms {}{inner}", names.join(", "))));
    }
    found
}

/// These hand on a status that was made elsewhere: by a conversion, which stands in one of the files, or by the peer.
const MADE_ELSEWHERE: [&str; 2] = ["from", "from_header_map"];

/// Statuses are made in `files` alone.
pub fn statuses(program: &Program, files: &[&str]) -> Vec<Violation> {
    let mut found = Vec::new();
    for (id, module) in program.modules.iter().enumerate() {
        if files.iter().any(|file| module.file.starts_with(file)) {
            continue;
        }
        for mention in &module.said.names {
            for target in program.resolve(id, &mention.path) {
                if let Target::Outside(path) = target
                    && let [_, status, function] = path.as_slice()
                    && status == "Status"
                    && !MADE_ELSEWHERE.contains(&function.as_str())
                    && function.starts_with(|first: char| first.is_lowercase())
                {
                    found.push(violation(
                        format!("{}:{}", module.file, mention.line),
                        format!("makes a status by `{function}`"),
                    ));
                }
            }
        }
    }
    found
}
