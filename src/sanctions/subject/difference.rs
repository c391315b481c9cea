//! What changed between two versions of a subject, field by field.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A difference in one field. Scalars as text, entries of lists as JSON.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FieldChange {
    pub field: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// Compares two records, given as their JSON. Nothing when they say the same.
pub fn between(old: &Map<String, Value>, new: &Map<String, Value>) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    let only_new = new.keys().filter(|field| !old.contains_key(*field));
    for field in old.keys().chain(only_new) {
        let (from, to) = (old.get(field), new.get(field));
        if from == to {
            continue;
        }
        match (from, to) {
            (Some(Value::Array(_)) | None, Some(Value::Array(_)) | None) => {
                compare_lists(field, list(from), list(to), &mut changes);
            }
            _ => changes.push(change(field, from.map(shown), to.map(shown))),
        }
    }
    changes
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Entries that one side has and the other has not, each as often as it stands there.
fn compare_lists(field: &str, old: &[Value], new: &[Value], changes: &mut Vec<FieldChange>) {
    let mut added: Vec<&Value> = new.iter().collect();
    let mut removed = Vec::new();
    for entry in old {
        match added.iter().position(|other| *other == entry) {
            Some(index) => {
                added.remove(index);
            }
            None => removed.push(entry),
        }
    }
    match (removed.as_slice(), added.as_slice()) {
        // The same entries in another order: the order may matter to a reader of names.
        ([], []) => changes.push(change(field, Some(json(old)), Some(json(new)))),
        ([from], [to]) => changes.push(change(field, Some(shown(from)), Some(shown(to)))),
        _ => {
            changes.extend(removed.iter().map(|from| change(field, Some(shown(from)), None)));
            changes.extend(added.iter().map(|to| change(field, None, Some(shown(to)))));
        }
    }
}

fn change(field: &str, from: Option<String>, to: Option<String>) -> FieldChange {
    FieldChange { field: field.to_owned(), from, to }
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn json(values: &[Value]) -> String {
    Value::Array(values.to_vec()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(old: &str, new: &str) -> Vec<(String, Option<String>, Option<String>)> {
        let parse = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap();
        between(&parse(old), &parse(new)).into_iter().map(|c| (c.field, c.from, c.to)).collect()
    }

    #[test]
    fn each_field_tells_what_it_was_and_is() {
        let text = |value: &str| Some(value.to_owned());
        assert_eq!(changes(r#"{"a":[1,2],"b":"x"}"#, r#"{"a":[1,2],"b":"x"}"#), []);
        assert_eq!(changes(r#"{"b":"x"}"#, r#"{"b":"y"}"#), [("b".into(), text("x"), text("y"))]);
        assert_eq!(changes(r"{}", r#"{"b":"y"}"#), [("b".into(), None, text("y"))]);
        assert_eq!(changes(r#"{"a":[1,2]}"#, r#"{"a":[2,3]}"#), [("a".into(), text("1"), text("3"))]);
        assert_eq!(
            changes(r#"{"a":[1,1]}"#, r#"{"a":[1,2,3]}"#),
            [("a".into(), text("1"), None), ("a".into(), None, text("2")), ("a".into(), None, text("3"))]
        );
        assert_eq!(changes(r#"{"a":[1]}"#, r"{}"), [("a".into(), text("1"), None)]);
        assert_eq!(changes(r#"{"a":[1,2]}"#, r#"{"a":[2,1]}"#), [("a".into(), text("[1,2]"), text("[2,1]"))]);
    }
}
