//! What the layers gave, key by key: refuses what the config crate would let pass, and turns its
//! errors into ones that say key, value, origin and what is expected.
//!
//! It never shows a secret, and never reads a layer itself.

use std::collections::BTreeMap;

use config::{ConfigError, Value, ValueKind};

use super::{Config, Error, schema, secret};

/// What was set by any layer, for error messages.
pub(super) struct Values {
    by_key: BTreeMap<String, Given>,
    schema: serde_json::Value,
}

struct Given {
    /// As TOML would write it; none where that could show a secret.
    shown: Option<String>,
    origin: String,
    /// Written as an integer, or as a text that is one.
    is_integer: bool,
}

impl Values {
    pub(super) fn collect(merged: &Value, file_origin: &str) -> Values {
        let mut values = Values { by_key: BTreeMap::new(), schema: Config::schema() };
        values.collect_below(merged, "", file_origin);
        values
    }

    fn collect_below(&mut self, value: &Value, key: &str, file_origin: &str) {
        if let ValueKind::Table(table) = &value.kind {
            for (name, child) in table {
                let child_key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                self.collect_below(child, &child_key, file_origin);
            }
            return;
        }
        let given = Given {
            shown: shown(key, value),
            // A text source, and only the file is one, leaves the origin out.
            origin: value.origin().unwrap_or(file_origin).to_owned(),
            is_integer: is_integer(&value.kind),
        };
        self.by_key.insert(key.to_owned(), given);
    }

    pub(super) fn origins(&self) -> BTreeMap<String, String> {
        let mut origins = BTreeMap::new();
        for (key, given) in &self.by_key {
            origins.insert(key.clone(), given.origin.clone());
        }
        origins
    }

    pub(super) fn refuse_unknown_keys(&self) -> Result<(), Error> {
        for (key, given) in &self.by_key {
            if schema::of_key(&self.schema, key).is_some() {
                continue;
            }
            let section = key.split('.').next().unwrap_or_default();
            let reason = match schema::keys_of_section(&self.schema, section) {
                Some(keys) if section == key => {
                    format!("{section} is a section; its keys are {}", names(keys))
                }
                Some(keys) => format!("the keys of {section} are {}", names(keys)),
                None => match schema::sections(&self.schema) {
                    Some(sections) => format!("the sections are {}", names(sections)),
                    None => "there is no such section".to_owned(),
                },
            };
            return Err(Error::UnknownKey { key: key.clone(), origin: given.origin.clone(), reason });
        }
        Ok(())
    }

    /// The config crate would round 4.7 to 5 and read `true` as 1.
    pub(super) fn refuse_rounding(&self) -> Result<(), Error> {
        for (key, given) in &self.by_key {
            let Some(key_schema) = schema::of_key(&self.schema, key) else {
                continue;
            };
            if key_schema["type"] != "integer" || given.is_integer {
                continue;
            }
            let expectation = schema::expectation(&self.schema, key).unwrap_or_default();
            return Err(Error::Invalid {
                key: key.clone(),
                value: given.shown.clone(),
                origin: Some(given.origin.clone()),
                reason: format!("not an integer; {expectation}"),
            });
        }
        Ok(())
    }

    /// Turns the config crate's error into one that says key, value, origin and what would be
    /// right.
    pub(super) fn explain(&self, error: ConfigError) -> Error {
        let (key, complaint) = match error {
            // What was found stands in `shown`, where a secret is masked.
            ConfigError::Type { key: Some(key), expected, .. } => (key, format!("not {expected}")),
            ConfigError::At { key: Some(key), error, .. } => (key, error.to_string()),
            ConfigError::NotFound(key) => (with_dots(&key), "missing".to_owned()),
            other => return Error::Layers(other.to_string()),
        };
        // `auth.tokens[0].name` was given by whoever gave `auth.tokens`.
        let given_key = key.split('[').next().unwrap_or_default();
        let given = self.by_key.get(given_key);
        let expectation = schema::expectation(&self.schema, &key);
        let reason = match expectation {
            // The config crate's words for an unknown variant name Rust types.
            Some(expectation) if complaint.starts_with("enum ") => expectation,
            Some(expectation) => format!("{complaint}; {expectation}"),
            None => complaint,
        };
        Error::Invalid {
            key,
            value: given.and_then(|given| given.shown.clone()),
            origin: given.map(|given| given.origin.clone()),
            reason,
        }
    }
}

fn is_integer(kind: &ValueKind) -> bool {
    match kind {
        ValueKind::I64(_) | ValueKind::U64(_) | ValueKind::I128(_) | ValueKind::U128(_) => true,
        ValueKind::String(text) => text.parse::<i128>().is_ok(),
        _ => false,
    }
}

/// The config crate names a missing field of a list item `auth.tokens[0]name`.
fn with_dots(key: &str) -> String {
    key.replace(']', "].")
}

fn names(map: &serde_json::Map<String, serde_json::Value>) -> String {
    map.keys().cloned().collect::<Vec<_>>().join(", ")
}

fn shown(key: &str, value: &Value) -> Option<String> {
    match &value.kind {
        ValueKind::String(text) if key == "store.url" => Some(format!("{:?}", secret::masked_url(text))),
        ValueKind::String(text) => Some(format!("{text:?}")),
        // Tables are walked into; the one list holds hashes.
        ValueKind::Array(_) | ValueKind::Table(_) | ValueKind::Nil => None,
        _ => Some(value.to_string()),
    }
}
