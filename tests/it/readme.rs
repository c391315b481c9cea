//! Every fenced block of the README is run, parsed or named here with the reason why not.
//!
//! Commands that ask a server are run against the sample; commands that would need files are parsed by the program's own command
//! line; JSON is compared with the answer that it shortens, Python with the example that `.ci/check-examples` runs.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use clap::{CommandFactory as _, Parser as _};
use entrepot::cli::Arguments;
use serde_json::Value;

use crate::support::{entrepot, served_sample};

/// Words that commands begin with, other than ours, and why they are not run here.
const NOT_OURS: &[(&str, &str)] = &[
    ("cargo run", "builds a release; what it starts is the sample that this test asks"),
    ("cargo test", "this is one of its suites"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// Language, first line and text of each fenced block.
fn blocks(text: &str) -> Vec<(String, usize, String)> {
    let mut found = Vec::new();
    let mut open: Option<(String, usize, String)> = None;
    for (index, line) in text.lines().enumerate() {
        match (open.as_mut(), line.strip_prefix("```")) {
            (None, Some(language)) => open = Some((language.to_owned(), index + 2, String::new())),
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some((.., block)), None) => *block += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block that does not end");
    found
}

/// The commands of a shell snippet as words: quotes, comments, `;`, ends of lines and continued lines are what the README uses.
fn commands(snippet: &str) -> Vec<Vec<String>> {
    let mut commands = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = snippet.chars().peekable();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(mark), letter) if mark == letter => quote = None,
            (Some(_), letter) => word.get_or_insert_default().push(letter),
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, '\\') if letters.peek() == Some(&'\n') => drop(letters.next()),
            (None, '#') if word.is_none() => while letters.next_if(|letter| *letter != '\n').is_some() {},
            (None, ' ' | '\n' | ';') => {
                commands.last_mut().unwrap().extend(word.take());
                if letter != ' ' {
                    commands.push(Vec::new());
                }
            }
            (None, '|' | '&' | '$' | '`' | '<' | '>') => panic!("the test reads no `{letter}`: {snippet}"),
            (None, letter) => word.get_or_insert_default().push(letter),
        }
    }
    assert!(quote.is_none(), "a quote that does not end: {snippet}");
    commands.last_mut().unwrap().extend(word);
    commands.retain(|command| !command.is_empty());
    commands
}

#[test]
fn snippets_are_cut_into_words() {
    let text = "# no `command`\na 'b c' \"d\" # e\nf 'g\n  h' ; i \\\n  j\n";
    let expected: [&[&str]; 3] = [&["a", "b c", "d"], &["f", "g\n  h"], &["i", "j"]];
    assert_eq!(commands(text), expected);
    assert_eq!(blocks("x\n```sh\na\nb\n```\ny\n"), [("sh".to_owned(), 3, "a\nb\n".to_owned())]);
}

#[test]
fn every_command_of_the_readme_runs_or_is_parsed() {
    let server = served_sample();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (language, first_line, block) in blocks(&readme()) {
        if language != "sh" {
            continue;
        }
        for command in commands(&block) {
            let shown = format!("README.md, block at line {first_line}: {}", command.join(" "));
            let words: Vec<&str> = command.iter().map(String::as_str).collect();
            let done = match words[0] {
                "entrepot" if ["call", "get"].contains(&words[1]) => {
                    let output = entrepot(&words[1..]).env("ENTREPOT_SERVER", &server.address).output().unwrap();
                    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
                    assert_eq!(output.status.code(), Some(0), "{shown}\n{text}");
                    assert!(!text.trim().is_empty(), "{shown}: no answer");
                    "run"
                }
                "entrepot" => {
                    let parsed = Arguments::try_parse_from(&words);
                    assert!(parsed.is_ok(), "{shown}\n{}", parsed.unwrap_err());
                    if words[1] == "import" {
                        assert!(entrepot::app::format(words[2]).is_some(), "{shown}: no such format");
                    }
                    "parsed"
                }
                _ => {
                    let is_known = NOT_OURS.iter().any(|(begin, _)| words.join(" ").starts_with(begin));
                    assert!(is_known, "{shown}: neither ours nor listed in NOT_OURS");
                    "left out"
                }
            };
            *counts.entry(done).or_default() += 1;
        }
    }
    // A block that is no longer found must not pass for one that holds.
    let at_least = [("run", 20), ("parsed", 20), ("left out", NOT_OURS.len())];
    assert!(at_least.iter().all(|(done, count)| counts.get(done) >= Some(count)), "{counts:?}");
}

/// Whether an answer holds what a snippet shows of it. A text that ends in `...` was shortened, and so was every list.
fn holds(answer: &Value, shown: &Value) -> bool {
    match (answer, shown) {
        (Value::Object(answer), Value::Object(shown)) => {
            shown.iter().all(|(field, shown)| answer.get(field).is_some_and(|answer| holds(answer, shown)))
        }
        (Value::Array(answer), Value::Array(shown)) => {
            shown.iter().all(|shown| answer.iter().any(|answer| holds(answer, shown)))
        }
        (Value::String(answer), Value::String(shown)) => {
            shown.strip_suffix("...").map_or(answer == shown, |begin| answer.starts_with(begin))
        }
        _ => answer == shown,
    }
}

#[test]
fn the_answer_that_the_readme_shows_is_the_answer() {
    let text = readme();
    let all = blocks(&text);
    let shown: Vec<&String> = all.iter().filter(|(language, ..)| language == "json").map(|(.., block)| block).collect();
    let [shown] = shown[..] else { panic!("{} blocks of JSON, of which this test knows one", shown.len()) };
    let shown: Value = serde_json::from_str(shown).unwrap();
    let snippets = all.iter().filter(|(language, ..)| language == "sh");
    let mut commands = snippets.flat_map(|(.., block)| commands(block));
    let command =
        commands.find(|command| command.get(2).is_some_and(|method| method == "trade.CompareMirror")).unwrap();
    let server = served_sample();
    let words: Vec<&str> = command[1..].iter().map(String::as_str).collect();
    let output = entrepot(&words).env("ENTREPOT_SERVER", &server.address).output().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(holds(&answer, &shown), "the README shows\n{shown:#}\nand the answer is\n{answer:#}");
}

#[test]
fn the_python_of_the_readme_is_the_example() {
    let example = fs::read_to_string(root().join("examples/python/flows.py")).unwrap();
    let (_, part) = example.split_once("# README: from here\n").unwrap();
    let (part, _) = part.split_once("# README: to here").unwrap();
    let all = blocks(&readme());
    let python: Vec<&String> =
        all.iter().filter(|(language, ..)| language == "python").map(|(.., block)| block).collect();
    assert_eq!(python, [part], "README.md and examples/python/flows.py");
}

#[test]
fn no_block_of_the_readme_is_in_a_language_that_nobody_looks_at() {
    for (language, first_line, _) in blocks(&readme()) {
        assert!(["sh", "json", "python"].contains(&language.as_str()), "block at line {first_line}: `{language}`");
    }
}

#[test]
fn every_key_of_the_configuration_that_the_readme_names_exists() {
    let output = entrepot(&["config", "schema"]).output().unwrap();
    let schema: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = readme();
    let (_, section) = text.split_once("### Configuration and operations").unwrap();
    let (section, _) = section.split_once("\n### ").unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once(" | "));
    let mut keys = 0;
    for (names, default) in rows {
        for (index, key) in names.split(',').map(|name| name.trim().trim_matches('`')).enumerate() {
            let known = property(&schema, key).unwrap_or_else(|| panic!("`{key}` is no key of the configuration"));
            let default = default.split(" | ").next().unwrap().split(", ").nth(index).unwrap_or_default();
            let said = match &known["default"] {
                Value::String(text) if !text.is_empty() => text.clone(),
                Value::Number(number) => number.to_string(),
                // None, or said in words.
                _ => default.to_owned(),
            };
            assert_eq!(default.trim_matches('`'), said.trim_matches('`'), "the default of `{key}`");
            keys += 1;
        }
    }
    assert!(keys >= 8, "{keys}");
    // Values that are TOML themselves.
    let tokens = section.split('`').find(|code| code.starts_with("[{")).unwrap();
    let parsed: toml::Table = toml::from_str(&format!("tokens = {tokens}")).unwrap();
    let known = property(&schema, "auth.tokens").unwrap();
    assert!(parsed["tokens"].is_array() && known.is_object(), "{parsed}");
    Arguments::command().debug_assert();
}

/// What the schema says of a key such as `server.listen`.
fn property<'a>(schema: &'a Value, key: &str) -> Option<&'a Value> {
    key.split('.').try_fold(schema, |at, name| {
        let at = match at["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
            Some(pointer) => schema.pointer(pointer)?,
            None => at,
        };
        at["properties"].get(name)
    })
}
