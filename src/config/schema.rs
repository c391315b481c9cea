//! The configuration described for machines: JSON Schema 2020-12, made from the types and their
//! comments, so it cannot disagree with what is read.
//!
//! It is also where loading and checking look up what a key means, which values it may have and
//! in which range: there is no second list of keys anywhere.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::Config;

/// What every environment variable that sets a key begins with.
pub(super) const ENVIRONMENT_PREFIX: &str = "ENTREPOT__";

/// The environment variable that sets `section.key`.
pub(super) fn environment_variable(key: &str) -> String {
    let name = key.replace('.', "__").to_ascii_uppercase();
    format!("{ENVIRONMENT_PREFIX}{name}")
}

impl Config {
    /// JSON Schema of the configuration file. Each key's `x-env` is the environment variable that
    /// sets it.
    pub fn schema() -> Value {
        let settings = SchemaSettings::draft2020_12().with(|settings| {
            // Sections are used once each: written in place they are easier to read.
            settings.inline_subschemas = true;
        });
        let mut schema = settings.into_generator().into_root_schema_for::<Config>().to_value();
        if let Some(sections) = properties_mut(&mut schema) {
            for (section, section_schema) in sections {
                describe_section(section, section_schema);
            }
        }
        schema
    }
}

fn describe_section(section: &str, schema: &mut Value) {
    if let Some(section_object) = schema.as_object_mut() {
        // It only repeats the defaults of the section's keys.
        section_object.remove("default");
    }
    let Some(keys) = properties_mut(schema) else {
        return;
    };
    for (key, key_schema) in keys {
        if let Some(key_object) = key_schema.as_object_mut() {
            let variable = environment_variable(&format!("{section}.{key}"));
            key_object.insert("x-env".to_owned(), Value::String(variable));
        }
    }
}

fn properties_mut(schema: &mut Value) -> Option<&mut Map<String, Value>> {
    schema.get_mut("properties")?.as_object_mut()
}

/// The schema of `section.key`, if there is such a key.
pub(super) fn of_key<'a>(schema: &'a Value, key: &str) -> Option<&'a Value> {
    let (section, name) = key.split_once('.')?;
    keys_of_section(schema, section)?.get(name)
}

/// The keys of a section with their schemas, if there is such a section.
pub(super) fn keys_of_section<'a>(schema: &'a Value, section: &str) -> Option<&'a Map<String, Value>> {
    sections(schema)?.get(section)?.get("properties")?.as_object()
}

/// The sections with their schemas. Present in every schema that [`Config::schema`] makes.
pub(super) fn sections(schema: &Value) -> Option<&Map<String, Value>> {
    schema.get("properties")?.as_object()
}

/// What a key may hold, in words: the names it may have, or its description.
pub(super) fn expectation(schema: &Value, key: &str) -> Option<String> {
    let key_schema = of_key(schema, key)?;
    let names = allowed_names(key_schema);
    if !names.is_empty() {
        return Some(format!("expected {}", names.join(" or ")));
    }
    let description = key_schema.get("description")?.as_str()?;
    let on_one_line = description.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(format!("expected: {on_one_line}"))
}

/// The values of an enum as JSON writes them; empty for every other type.
fn allowed_names(key_schema: &Value) -> Vec<String> {
    let mut names = Vec::new();
    if let Some(values) = key_schema.get("enum").and_then(Value::as_array) {
        for value in values {
            names.push(value.to_string());
        }
    }
    // Variants that have a comment each.
    if let Some(variants) = key_schema.get("oneOf").and_then(Value::as_array) {
        for variant in variants {
            if let Some(value) = variant.get("const") {
                names.push(value.to_string());
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_a_description_a_default_and_its_variable() {
        let schema = Config::schema();
        let mut count = 0;
        for section in sections(&schema).expect("sections").keys() {
            for (name, key_schema) in keys_of_section(&schema, section).expect("keys") {
                let key = format!("{section}.{name}");
                let description = key_schema["description"].as_str().unwrap_or_default();
                assert!(description.contains("Default"), "{key}: {description}");
                if !["import.temp_dir", "server.metrics_listen"].contains(&key.as_str()) {
                    assert!(key_schema.get("default").is_some(), "{key} has no default");
                }
                assert_eq!(key_schema["x-env"], environment_variable(&key));
                count += 1;
            }
        }
        assert!(count >= 20, "only {count} keys");
        assert_eq!(schema["properties"]["server"]["properties"]["listen"]["x-env"], "ENTREPOT__SERVER__LISTEN");
        assert_eq!(schema["additionalProperties"], false);
    }

    #[test]
    fn described_defaults_are_the_real_ones() {
        let schema = Config::schema();
        for section in sections(&schema).expect("sections").keys() {
            for (name, key_schema) in keys_of_section(&schema, section).expect("keys") {
                let description = key_schema["description"].as_str().unwrap_or_default();
                let Some(default) = key_schema.get("default").filter(|value| !value.is_null()) else {
                    continue;
                };
                if default.is_array() {
                    continue;
                }
                let written = match default.as_str() {
                    Some(text) => text.to_owned(),
                    None => default.to_string(),
                };
                let (_, said) = description.split_once("Default").expect("a default is said");
                let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
                let plain = said.replace('"', "");
                assert!(plain.starts_with(&written), "{section}.{name} says {said:?} but the default is {written}");
            }
        }
    }

    #[test]
    fn expectation_names_the_values_of_an_enum() {
        let schema = Config::schema();
        assert_eq!(expectation(&schema, "auth.mode").as_deref(), Some(r#"expected "none" or "tokens""#));
        assert_eq!(expectation(&schema, "auth.nothing"), None);
    }
}
