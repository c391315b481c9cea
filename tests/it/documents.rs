//! The documents are true where a test can tell: their links lead somewhere, and the README has the calls that the sample
//! prints.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All documents below a folder, but for what git, cargo and editors keep there.
fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with('.') || name == "target" {
            continue;
        }
        if path.is_dir() {
            found.extend(documents(&path));
        } else if name.ends_with(".md") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The text without what stands in fences or between backticks.
fn prose(text: &str) -> String {
    let mut lines = Vec::new();
    let mut in_fence = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_fence = !in_fence;
        } else if !in_fence {
            lines.push(line);
        }
    }
    lines.join("\n").split('`').step_by(2).collect()
}

/// Where the links of a text lead.
fn links(text: &str) -> Vec<String> {
    let prose = prose(text);
    prose.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0.to_owned())).collect()
}

/// The anchor of a heading, as forges make it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    let kept = kept.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
    kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

fn has_section(text: &str, section: &str) -> bool {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| anchor(line.trim_start_matches('#'))).any(|found| found == section)
}

/// Whether a relative link of a document leads to a file or folder, and to a heading where it names one.
fn leads_somewhere(document: &Path, link: &str) -> bool {
    let (path, section) = link.split_once('#').unwrap_or((link, ""));
    let target = if path.is_empty() { document.to_owned() } else { document.parent().unwrap().join(path) };
    if section.is_empty() {
        return target.exists();
    }
    fs::read_to_string(&target).is_ok_and(|text| has_section(&text, section))
}

#[test]
fn links_are_found_and_checked() {
    let text = "# A `b` c\n[one](x.md) `[two](y.md)`\n```\n[three](z.md)\n```\n[`four`](#a-b-c), [five](https://example.org)\n";
    assert_eq!(links(text), ["x.md", "#a-b-c", "https://example.org"]);
    assert!(has_section(text, "a-b-c") && !has_section(text, "a-b"));
    let readme = root().join("README.md");
    assert!(leads_somewhere(&readme, "src") && leads_somewhere(&readme, "ARCHITECTURE.md#glossary"));
    assert!(
        !leads_somewhere(&readme, "no-such-file.md") && !leads_somewhere(&readme, "ARCHITECTURE.md#no-such-heading")
    );
}

#[test]
fn every_relative_link_leads_somewhere() {
    let mut checked = 0;
    let mut broken = Vec::new();
    for document in documents(root()) {
        let text = fs::read_to_string(&document).unwrap();
        for link in links(&text) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            checked += 1;
            if !leads_somewhere(&document, &link) {
                broken.push(format!("{}: {link}", document.strip_prefix(root()).unwrap().display()));
            }
        }
    }
    assert!(checked > 0, "there are relative links");
    assert!(broken.is_empty(), "links that lead nowhere:\n{}", broken.join("\n"));
}

fn without_white_space(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn the_readme_has_the_calls_that_the_sample_prints() {
    let source = fs::read_to_string(root().join("src/cli/serve.rs")).unwrap();
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    // A method in one line, its request as a raw text in the next.
    let calls = lines.windows(2).filter_map(|pair| {
        let method = pair[0].strip_prefix('"')?.strip_suffix("\",")?;
        let request = pair[1].strip_prefix("r#\"")?.strip_suffix("\"#,")?;
        Some((method, request))
    });
    let calls: Vec<(&str, &str)> = calls.collect();
    assert_eq!(calls.len(), 10, "the README says how many there are");
    let readme = without_white_space(&fs::read_to_string(root().join("README.md")).unwrap());
    for (method, request) in calls {
        let call = without_white_space(&format!("entrepot call {method} '{request}'"));
        assert!(readme.contains(&call), "README.md lacks the call of {method} with {request}");
    }
}
