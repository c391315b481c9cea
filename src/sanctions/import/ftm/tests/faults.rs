use serde_json::{Value as Json, json};

use super::{attempt, entity, import};
use crate::import::Error;
use crate::sanctions::subject::model::RelationKind;

#[test]
fn shares_are_exact_or_stay_words() {
    for (text, share, words) in [
        (json!(["50"]), Some(500_000), ""),
        (json!(["50%"]), Some(500_000), ""),
        (json!(["49.9"]), Some(499_000), ""),
        (json!(["100.00 %"]), Some(1_000_000), ""),
        (json!(["33.33333"]), Some(333_333), "percentage 33.33333"),
        (json!(["100.1"]), None, "percentage 100.1"),
        (json!(["50-75"]), None, "percentage 50-75"),
        (json!(["40", "60"]), None, "percentage 40 or 60"),
        (json!([]), None, ""),
    ] {
        let own = entity("o", "Ownership", json!({"owner": ["Q1"], "asset": ["Q2"], "percentage": text}));
        let owner = json!({"id": "Q1", "schema": "LegalEntity", "target": true, "properties": {"name": ["Jo"]}});
        let asset = entity("Q2", "Company", json!({"name": ["Acme"]}));
        let (subjects, report) = import(&[own, owner, asset]);
        let relation = &subjects[0].relations[0];
        assert_eq!((relation.kind, relation.share, relation.text.as_str()), (RelationKind::Owns, share, words));
        assert_eq!(
            report
                .skipped
                .contains_key("shares that are not a number between 0 and 100 %: kept in the relation's text"),
            share.is_none() && !words.is_empty()
        );
    }
}

#[test]
fn a_malformed_date_is_kept_and_only_identity_makes_an_entity_unusable() {
    let named = |id: &str, properties: Json| {
        json!({
            "id": id, "schema": "Person", "target": true, "caption": "Jo", "properties": properties
        })
    };
    for (line, field) in [
        (named("Q1", json!({"birthDate": ["1968-02-30"]})), "birthDate"),
        (named("Q1", json!({"birthDate": ["March 1968"]})), "birthDate"),
        (named("Q1", json!({"modifiedAt": ["1968/1969"]})), "modifiedAt"),
    ] {
        let (subjects, report) = import(&[entity("x", "Position", json!({})), line]);
        assert_eq!((report.kept_as_text[0].field.as_str(), report.kept_as_text[0].line), (field, 2));
        assert_eq!((subjects.len(), subjects[0].details[0].label.as_str(), report.rows_rejected), (1, field, 0));
    }
    for (line, field) in [
        (named("Q 1", json!({})), "id"),
        (json!({"id": "Q1", "schema": "Person", "target": true, "properties": {}}), "name"),
    ] {
        let (subjects, report) = import(&[entity("x", "Position", json!({})), line]);
        assert!(subjects.is_empty());
        assert_eq!((report.rejects[0].field.as_str(), report.rejects[0].line), (field, 2));
        assert_eq!((report.rows_read, report.rows_rejected), (2, 1));
    }
    let bad = |id: &str, holder: &str| {
        entity(id, "Passport", json!({"holder": [holder], "number": ["1"], "endDate": ["soon"]}))
    };
    let lines = [
        bad("p1", "Q1"),
        bad("p2", "Q3"),
        named("Q1", json!({})),
        named("Q2", json!({})),
        entity("Q3", "Person", json!({})),
    ];
    let (subjects, report) = import(&lines);
    let uids: Vec<_> = subjects.iter().map(|subject| subject.uid.as_str()).collect();
    assert_eq!(uids, ["Q1", "Q2"]);
    // The passport of somebody who is not a subject is nobody's concern.
    assert_eq!((report.kept_as_text[0].field.as_str(), report.kept_as_text.len()), ("endDate", 1));
    assert_eq!((subjects[0].identifiers[0].expires_on, report.rows_rejected), (None, 0));
    let (_, report) = import(&[named("Q1", json!({})), named("Q1", json!({}))]);
    assert!(report.rejects[0].reason.starts_with("stands twice in this release at this line and at line 1 of "));
}

#[test]
fn what_leads_out_of_the_files_is_counted() {
    let (_, report) = import(&[
        entity("s", "Sanction", json!({"entity": ["gone"]})),
        json!({
            "id": "Q1", "caption": "Jo", "schema": "Person", "target": true,
            "properties": {"addressEntity": ["gone"], "owner": ["gone"]}
        }),
        entity("l", "UnknownLink", json!({"subject": ["a"], "object": ["b"]})),
    ]);
    let reasons: Vec<_> = report.skipped.keys().map(String::as_str).collect();
    assert_eq!(
        reasons,
        [
            "addresses that are not in the files",
            "links between entities that are not subjects",
            "links to entities that are not in the files",
            "sanctions of entities that are not in the files or have no place here"
        ]
    );
}

#[test]
fn files_of_another_kind_and_cut_ones_name_the_line() {
    let good = r#"{"id":"a","schema":"Address","properties":{}}"#;
    for (text, line, said) in [
        (format!("{good}\n\n{{\"id\":\"b\",\"sche"), 3, "is not JSON, or is cut"),
        (format!("{good}\n{{\"id\":\"b\"}}\n"), 2, "missing field `schema`"),
        (
            format!("{good}\n{}\n", r#"{"id":"b","schema":"Person","properties":{"name":[1]}}"#),
            2,
            "a text or an entity",
        ),
        (format!("{good}\n{}\n", r#"{"id":"b","schema":"Person","properties":{"name":"Jo"}}"#), 2, "not an entity"),
        (format!("{good}\n\"text\"\n"), 2, "not an entity"),
        (format!("{good}\n{}", "x".repeat((16 << 20) + 1)), 2, "longer than 16 MiB"),
    ] {
        match attempt(text.as_bytes()).0 {
            Err(Error::Line { line: found, problem, .. }) => {
                assert_eq!(found, line, "{problem}");
                assert!(problem.contains(said), "{problem}");
            }
            other => panic!("{said}: {other:?}"),
        }
    }
    let deep = "{\"id\":\"a\",\"schema\":\"Person\",\"properties\":{\"owner\":[".repeat(1000);
    assert!(matches!(attempt(deep.as_bytes()).0, Err(Error::Line { line: 1, .. })));
    assert!(matches!(attempt(b"[{\"id\": \"a\"}]").0, Err(Error::Format { .. })));
    let latin = attempt(b"{\"id\":\"a\",\"schema\":\"Person\",\"caption\":\"\xe9\"}\n").0;
    assert!(matches!(latin, Err(Error::Line { line: 1, .. })));
    let long =
        format!("{{\"id\":\"a\",\"schema\":\"Address\",\"caption\":\"{}\"}}\n{good}\n", "x".repeat((16 << 20) - 60));
    assert!(attempt(long.as_bytes()).0.is_ok());
}
