//! From a path as written to what it means: re-exports are followed to where the item is defined.
//!
//! A name that no module knows is a macro's doing or a function's own (a generic, a prelude type). Two names for one
//! path are possible: a module and a function may have the same.

use super::source::{Id, Program};

/// What a path means.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Target {
    /// An item and the module whose text defines it; what follows it in the path is its own (`Error::Missing`).
    Item { module: Id, rest: Vec<String> },
    /// A module itself, which says nothing of its items.
    Module(Id),
    /// Something of another crate, the crate first.
    Outside(Vec<String>),
}

/// Chains of re-exports are short; this ends the ones that bite their tail.
const STEPS_MAX: usize = 24;

impl Program {
    /// What `path` means in the text of `module`. Empty for what the text itself defines within a function.
    pub fn resolve(&self, module: Id, path: &[String]) -> Vec<Target> {
        self.resolve_within(module, path, STEPS_MAX)
    }

    fn resolve_within(&self, module: Id, path: &[String], steps: usize) -> Vec<Target> {
        let Some((first, rest)) = path.split_first() else { return Vec::new() };
        let mut start = module;
        let mut rest = rest;
        match first.as_str() {
            "crate" => start = self.modules[module].root,
            "self" => {}
            "super" => start = self.modules[module].parent.unwrap_or(module),
            "Self" => return Vec::new(),
            "" => return self.outside(rest, steps),
            _ => {
                let known = self.known(module, path, steps);
                return if known.is_empty() { self.outside(path, steps) } else { known };
            }
        }
        while let Some(("super", after)) = rest.split_first().map(|(first, after)| (first.as_str(), after)) {
            (start, rest) = (self.modules[start].parent.unwrap_or(start), after);
        }
        self.walk(start, rest, steps)
    }

    /// `path` from the names in `module`; what is not there was made by a macro of that module.
    fn walk(&self, module: Id, path: &[String], steps: usize) -> Vec<Target> {
        if path.is_empty() {
            return vec![Target::Module(module)];
        }
        let known = self.known(module, path, steps);
        if known.is_empty() { vec![Target::Item { module, rest: path.to_vec() }] } else { known }
    }

    /// `path` from the names that `module` is seen to have.
    fn known(&self, module: Id, path: &[String], steps: usize) -> Vec<Target> {
        let (Some((first, rest)), Some(steps)) = (path.split_first(), steps.checked_sub(1)) else { return Vec::new() };
        let here = &self.modules[module];
        let mut found = Vec::new();
        if here.items.contains(first) {
            found.push(Target::Item { module, rest: path.to_vec() });
        }
        if let Some(child) = here.children.get(first) {
            // A function may have the name of a module, but nothing follows it.
            if !rest.is_empty() {
                return self.walk(*child, rest, steps);
            }
            found.push(Target::Module(*child));
        }
        if !found.is_empty() {
            return found;
        }
        for import in here.imports.get(first).into_iter().flatten() {
            // `use tonic::Status` in a module named `tonic` or `use config::config` name another crate.
            let whole = [import, rest].concat();
            let meant = if import.first() == Some(first) && import.len() == 1 {
                self.outside(&whole, steps)
            } else {
                self.resolve_within(module, &whole, steps)
            };
            found.extend(meant);
        }
        if found.is_empty() {
            for glob in &here.globs {
                for target in self.resolve_within(module, glob, steps) {
                    match target {
                        Target::Module(open) if open != module => found.extend(self.known(open, path, steps)),
                        _ => {}
                    }
                }
            }
        }
        found.sort();
        found.dedup();
        found
    }

    fn outside(&self, path: &[String], steps: usize) -> Vec<Target> {
        match path {
            [] => Vec::new(),
            [name, rest @ ..] => match self.crates.get(name) {
                Some(root) => self.walk(*root, rest, steps),
                // Alone it is a variable or a type of the prelude.
                None if rest.is_empty() => vec![Target::Outside(vec![name.clone()])],
                None => vec![Target::Outside(path.to_vec())],
            },
        }
    }
}
