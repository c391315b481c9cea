//! The invariants of ARCHITECTURE.md that can be read off the sources and the protos.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use entrepot::proto::DESCRIPTOR_SET;
use entrepot::rpc::policy::{self, POLICIES};
use prost_reflect::DescriptorPool;

fn sources() -> Vec<(PathBuf, String)> {
    fn collect(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                // What stands behind is tests.
                let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
                found.push((path, code));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    collect(&root, &mut found);
    assert!(found.len() > 40, "the sources are there");
    found.into_iter().map(|(path, text)| (path.strip_prefix(&root).unwrap().to_owned(), text)).collect()
}

/// Lines that are code and name one of `names`, outside the files that may.
fn offenders(names: &[&str], may: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in sources() {
        let path = path.to_string_lossy().replace('\\', "/");
        if may(&path) {
            continue;
        }
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in lines.filter(|line| names.iter().any(|name| line.contains(name))) {
            found.push(format!("{path}: {}", line.trim()));
        }
    }
    found
}

#[test]
fn subjects_never_import_one_another() {
    for subject in ["trade", "energy", "sanctions"] {
        let others: Vec<String> = ["trade", "energy", "sanctions"]
            .iter()
            .filter(|other| **other != subject)
            .map(|o| format!("crate::{o}"))
            .collect();
        let others: Vec<&str> = others.iter().map(String::as_str).collect();
        let found = offenders(&others, |path| !path.starts_with(&format!("{subject}/")));
        assert_eq!(found, Vec::<String>::new());
    }
}

#[test]
fn only_stores_and_entities_name_sea_orm() {
    let found = offenders(&["sea_orm", "sqlx::", "rusqlite"], |path| {
        path.starts_with("store/")
            || path.ends_with("/store.rs")
            || path.contains("/store/")
            || path.ends_with("/entity.rs")
            // Compares a list with what is stored, through the entities.
            || path == "reference/import/classification.rs"
    });
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn only_services_and_rpc_name_tonic() {
    let found = offenders(&["tonic::", "tonic_"], |path| {
        path.starts_with("rpc/")
            || path.starts_with("cli/call/")
            || path.ends_with("/service.rs")
            || path.ends_with("/convert.rs")
            || path.contains("/convert/")
            || path == "proto.rs"
    });
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn statuses_are_made_in_one_file() {
    let made = [
        "Status::with_error_details",
        "Status::new(",
        "Status::invalid_argument",
        "Status::internal",
        "Status::not_found",
    ];
    let found = offenders(&made, |path| path == "rpc/status.rs" || path.starts_with("cli/call/"));
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn pure_logic_knows_neither_store_nor_wire() {
    let pure = [
        "trade/level.rs",
        "trade/select.rs",
        "trade/summary.rs",
        "trade/mirror.rs",
        "trade/query.rs",
        "trade/model.rs",
        "trade/import/diff.rs",
        "trade/import/scope.rs",
        "exact.rs",
        "reference/conversion.rs",
        "sanctions/goods.rs",
        "sanctions/difference.rs",
        "sanctions/keys.rs",
        "sanctions/model.rs",
        "span.rs",
    ];
    let rooms = ["sanctions/ownership/", "energy/"];
    let edges = ["energy/answer/", "energy/convert/", "energy/store/", "energy/service.rs", "energy/import/write.rs"];
    let is_edge = |path: &str| edges.iter().any(|edge| path.starts_with(edge));
    let is_pure =
        |path: &str| pure.contains(&path) || rooms.iter().any(|room| path.starts_with(room) && !is_edge(path));
    let found = offenders(&["sea_orm", "sqlx", "tonic", "proto::", "async "], |path| !is_pure(path));
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn every_rpc_has_scope_and_limit() {
    let pool = DescriptorPool::decode(DESCRIPTOR_SET).unwrap();
    let mut methods = BTreeSet::new();
    for service in pool.services().filter(|service| service.full_name().starts_with("entrepot.")) {
        for method in service.methods() {
            let path = format!("/{}/{}", service.full_name(), method.name());
            let policy = policy::of(&path).unwrap_or_else(|| panic!("{path} has no policy"));
            assert!(policy.scope.is_some(), "{path} is open to everybody");
            assert!(policy.rows_max > 0, "{path} has no limit");
            assert_eq!(method.is_server_streaming(), policy.span == policy::Span::Stream, "{path}");
            methods.insert(path);
        }
    }
    assert!(methods.len() >= 13);
    let stale: Vec<&str> = POLICIES
        .iter()
        .map(|policy| policy.path)
        .filter(|path| path.starts_with("/entrepot.") && !methods.contains(*path))
        .collect();
    assert_eq!(stale, Vec::<&str>::new(), "policies of methods that do not exist");
}

#[test]
fn every_scope_can_be_granted() {
    for policy in POLICIES {
        if let Some(scope) = policy.scope {
            assert!(entrepot::config::SCOPES.contains(&scope), "{scope}");
        }
    }
}
