//! Rules about files: where they lie, what they are called, and that every subject has the same.

use std::collections::BTreeSet;

use super::rules::{Violation, violation};
use super::source::Program;

/// A module with children is `x/mod.rs`; every file is declared where its name says; no name is empty.
pub fn style(program: &Program, empty_names: &[&str]) -> Vec<Violation> {
    let folders: BTreeSet<&str> =
        program.files.keys().filter_map(|file| file.rsplit_once('/')).map(|(folder, _)| folder).collect();
    let mut found: Vec<Violation> =
        program.undeclared.iter().map(|file| violation(file, "no module declares this file")).collect();
    for (file, text) in &program.files {
        let module = file.trim_end_matches(".rs");
        if folders.contains(module) {
            found.push(violation(file, format!("stands beside its folder; it is `{module}/mod.rs`")));
        }
        if module.split('/').any(|part| empty_names.contains(&part)) {
            found.push(violation(file, "has a name that says nothing"));
        }
        if text.lines().any(|line| line.trim_start().starts_with("#[path")) {
            found.push(violation(file, "declares a module whose file has another name"));
        }
    }
    for file in program.modules.iter().map(|module| &module.file).collect::<BTreeSet<_>>() {
        if !program.files[file].starts_with("//!") {
            found.push(violation(file, "does not begin with what it owns (`//!`)"));
        }
    }
    found
}

/// Every subject has the files of `shape`, and no service is longer than `lines_max`.
pub fn subjects(program: &Program, subjects: &[&str], shape: &[&str], lines_max: usize) -> Vec<Violation> {
    let mut found = Vec::new();
    for subject in subjects {
        for file in shape {
            let file = format!("src/{subject}/{file}");
            if !program.files.contains_key(&file) {
                found.push(violation(file, "is not there"));
            }
        }
    }
    for (file, text) in program.files.iter().filter(|(file, _)| file.ends_with("/service.rs")) {
        let lines = text.lines().count();
        if lines > lines_max {
            found.push(violation(file, format!("{lines} lines; a service only dispatches, in {lines_max} at most")));
        }
    }
    found
}
