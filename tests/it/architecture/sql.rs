//! SQL that is written as text: found by its words, in capitals anywhere or in any letters at the start.

use std::collections::BTreeMap;

use super::rules::{Violation, violation};
use super::source::Program;

/// What a text is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Raw {
    /// It has the verb of a statement.
    Statement,
    /// A piece that only makes sense within a statement, or a file of SQL.
    Piece,
}

/// Verbs, with the word that must follow where the verb alone is also an English word in capitals.
const VERBS: &[(&str, &[&str])] = &[
    ("SELECT", &[]),
    ("INSERT", &["INTO", "OR"]),
    ("UPDATE", &[]),
    ("DELETE", &["FROM"]),
    ("COPY", &[]),
    ("PRAGMA", &[]),
    ("ANALYZE", &[]),
    ("TRUNCATE", &[]),
    ("CREATE", &["TABLE", "INDEX", "UNIQUE", "TEMP", "TEMPORARY", "UNLOGGED", "VIEW", "TRIGGER", "DATABASE", "SCHEMA"]),
    ("ALTER", &["TABLE", "INDEX"]),
    ("DROP", &["TABLE", "INDEX", "VIEW", "DATABASE", "SCHEMA"]),
];

const PIECES: &[(&str, &[&str])] = &[
    ("FROM", &[]),
    ("WHERE", &[]),
    ("JOIN", &[]),
    ("HAVING", &[]),
    ("VALUES", &[]),
    ("RETURNING", &[]),
    ("UNION", &["ALL"]),
    ("GROUP", &["BY"]),
    ("ORDER", &["BY"]),
    ("ON", &["CONFLICT"]),
];

fn has(words: &[&str], known: &[(&str, &[&str])]) -> bool {
    words.iter().enumerate().any(|(index, word)| {
        let follows = |next: &&[&str]| next.is_empty() || words.get(index + 1).is_some_and(|word| next.contains(word));
        known.iter().any(|(verb, next)| verb == word && follows(next))
    })
}

/// Whether `text` is SQL.
pub fn raw(text: &str) -> Option<Raw> {
    let words: Vec<&str> =
        text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|word| !word.is_empty()).collect();
    let loud: Vec<String> = words.iter().take(4).map(|word| word.to_uppercase()).collect();
    let is_quiet = match loud.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["SELECT", ..] => words.iter().any(|word| word.eq_ignore_ascii_case("from")) && words[0] != "Select",
        ["INSERT", "INTO", ..] | ["DELETE", "FROM", ..] | ["UPDATE", _, "SET", ..] => true,
        [verb @ ("CREATE" | "DROP" | "ALTER"), "TABLE" | "INDEX" | "VIEW", ..] => words[0] != *verb || words.len() > 2,
        _ => false,
    };
    if is_quiet || has(&words, VERBS) {
        return Some(Raw::Statement);
    }
    (has(&words, PIECES) || text.ends_with(".sql")).then_some(Raw::Piece)
}

/// How many texts of each file are statements, and how many pieces.
pub fn counts(program: &Program) -> BTreeMap<&str, (usize, usize)> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for module in &program.modules {
        for (_, text) in &module.said.texts {
            let Some(raw) = raw(text) else { continue };
            let (statements, pieces) = counts.entry(&module.file).or_default();
            *(if raw == Raw::Statement { statements } else { pieces }) += 1;
        }
    }
    counts
}

/// SQL stands as text only in `allowed`, each with its reason, and each of those has some.
pub fn rule(program: &Program, allowed: &[(&str, &str)]) -> Vec<Violation> {
    let mut found = Vec::new();
    for module in &program.modules {
        if allowed.iter().any(|(place, _)| module.file.starts_with(place)) {
            continue;
        }
        for (line, text) in &module.said.texts {
            if raw(text).is_some() {
                let start: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(60).collect();
                found.push(violation(format!("{}:{line}", module.file), format!("SQL as text: {start}")));
            }
        }
    }
    let counts = counts(program);
    for (place, _) in allowed {
        if !counts.keys().any(|file| file.starts_with(place)) {
            found.push(violation(*place, "no SQL stands here: strike it from the list"));
        }
    }
    found
}
