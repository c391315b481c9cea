//! Questions about changes: the feed with its cursors, and the past of one subject.

use serde_json::{Value as Json, json};

use crate::proto::entrepot::sanctions::v1 as pb;
use crate::register::moment::{date_of, day_number};
use crate::register::{Catalog, Source};
use crate::rpc::page::{Binding, Token};
use crate::rpc::wire::{self, day, emptiness};
use crate::rpc::{Error, Page, Violations, page, policy};
use crate::sanctions::answer::{list_changes, list_subject_revisions, watch_changes};
use crate::sanctions::feed::change::{Change, ChangeKind};
use crate::sanctions::feed::cursor::Cursor;
use crate::sanctions::subject::difference::FieldChange;
use crate::sanctions::subject::model::Subject;

use super::request::{change_filter, subject_name};
use super::{checked, provenance, subject};

/// Cursors are bound to nothing but the feed: a reader may go on with another filter.
const FEED: &str = "sanctions/changes";
const LIST_CHANGES: &str = "/entrepot.sanctions.v1.SanctionsService/ListChanges";
const LIST_REVISIONS: &str = "/entrepot.sanctions.v1.SanctionsService/ListSubjectRevisions";

pub fn changes_question(request: &pb::ListChangesRequest) -> Result<list_changes::Question, Error> {
    let mut violations = Violations::of(request);
    let clocks = violations.store_clock(request.clock.as_ref());
    let filter = change_filter(request.filter.as_ref(), &mut violations);
    violations.check()?;
    let size = page::size(request.page_size, 100, policy::rows_max(LIST_CHANGES));
    Ok(list_changes::Question { filter, clocks, cursor: read_cursor(&request.cursor)?, size })
}

pub fn changes_response(answer: list_changes::Answer) -> pb::ListChangesResponse {
    pb::ListChangesResponse {
        changes: answer.changes.iter().map(|change| change_message(change, &answer.catalog)).collect(),
        cursor: cursor(answer.cursor),
        more: answer.more,
        emptiness: answer.emptiness.as_ref().map(emptiness),
        provenance: Some(provenance(answer.provenance)),
        names: None,
    }
}

pub fn watch_question(request: &pb::WatchChangesRequest) -> Result<watch_changes::Question, Error> {
    let mut violations = Violations::of(request);
    let filter = change_filter(request.filter.as_ref(), &mut violations);
    violations.check()?;
    let cursor = read_cursor(&request.cursor)?;
    Ok(watch_changes::Question { filter, cursor, only_new: request.only_new })
}

pub fn watch_response(part: watch_changes::Part) -> pb::WatchChangesResponse {
    pb::WatchChangesResponse {
        changes: part.changes.iter().map(|change| change_message(change, &part.catalog)).collect(),
        cursor: cursor(part.cursor),
        caught_up: part.caught_up,
        provenance: Some(wire::provenance(sources(&part), Vec::new())),
        names: None,
    }
}

/// The releases of a part's changes, each once.
fn sources(part: &watch_changes::Part) -> Vec<Source> {
    let mut releases: Vec<(&str, i64)> =
        part.changes.iter().map(|change| (change.list.as_str(), change.release)).collect();
    releases.sort_unstable();
    releases.dedup();
    let source = |(list, release): (&str, i64)| Some(part.catalog.source(part.catalog.dataset(list)?.id, release));
    releases.into_iter().filter_map(source).collect()
}

pub fn revisions_question(
    request: &pb::ListSubjectRevisionsRequest,
) -> Result<list_subject_revisions::Question, Error> {
    let mut violations = Violations::of(request);
    let parent = subject_name("parent", &request.parent, &mut violations);
    let clocks = violations.store_clock(request.clock.as_ref());
    let parent = checked("parent", parent, violations)?;
    Ok(list_subject_revisions::Question { parent, clocks, page: Page::of(LIST_REVISIONS, request, 50)? })
}

pub fn revisions_response(answer: list_subject_revisions::Answer) -> pb::ListSubjectRevisionsResponse {
    let revision = |change: &Change| pb::SubjectRevision {
        kind: change_kind(change.kind).into(),
        release: answer.catalog.release_name(change.release),
        publication_date: Some(day(change.day)),
        fields: field_changes(change),
        initial: change.initial,
    };
    pb::ListSubjectRevisionsResponse {
        revisions: answer.revisions.iter().map(revision).collect(),
        next_page_token: answer.next_page_token,
        provenance: Some(provenance(answer.provenance)),
        names: None,
    }
}

fn cursor(cursor: Cursor) -> String {
    let token = Token { release: cursor.change, after: cursor.as_of.map(day_number) };
    Binding::new(FEED, &()).encode(&token)
}

fn read_cursor(text: &str) -> Result<Option<Cursor>, Error> {
    let Some(token) = Binding::new(FEED, &()).decode::<Option<i64>>("cursor", text)? else {
        return Ok(None);
    };
    let no_day =
        |day: i64| Error::invalid("cursor", format!("holds {day}, which is not a valid day; begin without one"));
    let as_of = token.after.map(|day| date_of(day).ok_or_else(|| no_day(day))).transpose()?;
    Ok(Some(Cursor { change: token.release, as_of }))
}

fn change_message(change: &Change, catalog: &Catalog) -> pb::Change {
    pb::Change {
        sequence: change.id,
        subject: format!("subjects/{}.{}", change.list, change.uid),
        display_name: change.name.clone(),
        subject_kind: subject::kind_by_number(change.subject_kind).into(),
        kind: change_kind(change.kind).into(),
        release: catalog.release_name(change.release),
        publication_date: Some(day(change.day)),
        initial: change.initial,
        fields: field_changes(change),
        authorities: change.entry.authorities.clone(),
        programmes: change.entry.programmes.clone(),
        measures: change.entry.measures.iter().map(|kind| subject::measure_kind(*kind).into()).collect(),
    }
}

fn change_kind(kind: ChangeKind) -> pb::ChangeKind {
    match kind {
        ChangeKind::Added => pb::ChangeKind::Added,
        ChangeKind::Changed => pb::ChangeKind::Changed,
        ChangeKind::Removed => pb::ChangeKind::Removed,
    }
}

fn field_changes(change: &Change) -> Vec<pb::FieldChange> {
    let of = |difference: &FieldChange| pb::FieldChange {
        field: wire_field(&difference.field).to_owned(),
        old_value: difference.from.as_deref().and_then(|text| value(&difference.field, text, &change.list)),
        new_value: difference.to.as_deref().and_then(|text| value(&difference.field, text, &change.list)),
    };
    change.fields.iter().map(of).collect()
}

/// A subject with one field alone. A difference holds the text of a scalar, or the JSON of one entry or of all of a list.
fn value(field: &str, text: &str, list: &str) -> Option<pb::Subject> {
    let record = |value: Json| serde_json::from_value::<Subject>(json!({ field: value }));
    let entry = serde_json::from_str::<Json>(text).ok();
    let entries = entry.map(|entry| if entry.is_array() { entry } else { json!([entry]) });
    let read = entries.map(record).and_then(Result::ok);
    let read = read.or_else(|| record(Json::String(text.to_owned())).ok())?;
    Some(subject::of_record(&read, list))
}

/// Listed fields that the message calls otherwise.
fn wire_field(field: &str) -> &str {
    match field {
        "listed_on" => "listing_date",
        "amended_on" => "amendment_date",
        "delisted_on" => "delisting_date",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sanctions::subject::difference::between;

    #[test]
    fn a_cursor_whose_day_cannot_be_read_is_refused() {
        let token = |day: serde_json::Value| Binding::new(FEED, &()).encode(&Token { release: 7, after: day });
        let day = jiff::civil::date(2026, 3, 1);
        let own = cursor(Cursor { change: 7, as_of: Some(day) });
        assert_eq!(read_cursor(&own).unwrap(), Some(Cursor { change: 7, as_of: Some(day) }));
        assert!(read_cursor(&token(20_261_340.into())).is_err());
        assert!(read_cursor(&token("2026-03-01".into())).is_err());
        assert_eq!(read_cursor("").unwrap(), None);
    }

    /// A subject with everything, in two entries or more where it is a list.
    const RICH: &str = r#"{"uid":"a-1","kind":"person","authority":"OFAC","source_list":"SDN","gender":"male",
        "names":[{"full":"Ivan Petrov","kind":"primary","family":"Petrov","given":"Ivan"},
            {"full":"Иван Петров","kind":"variant","script":"Cyrl","language":"ru"}],
        "identifiers":[{"kind":"passport","value":"12 345","country":"RUS","issued_on":"2011-02-03","expires_on":"2021"},
            {"kind":"inn","value":"7706107510","check":"valid","label":"tax"}],
        "dates":[{"kind":"birth","date":"1961-02~"},{"kind":"death","date":"2019"}],
        "places":[{"kind":"address","text":"Moscow, Russia","country":"RUS","city":"Moscow","postal_code":"101000"},
            {"kind":"nationality","text":"Russia","country":"RUS"}],
        "programmes":[{"code":"P-1","legal_basis":"Order 1"},{"code":"P-2"}],
        "measures":[{"kind":"asset_freeze","text":"freeze","from":"2014-03-20","until":"2024-01-01","authority":"OFAC"},
            {"kind":"travel_ban","implied_by":"P-1"}],
        "listed_on":"2014-03-20","amended_on":"2016-05","delisted_on":"2024-01-01",
        "relations":[{"kind":"owns","uid":"b-2","name":"B","share":500000,"text":"holds"},{"kind":"family","name":"C"}],
        "details":[{"label":"title","value":"Director"},{"label":"note","value":"12"}],"remarks":"as it stands"}"#;
    /// A subject with nothing but what every one has.
    const POOR: &str = r#"{"uid":"a-1","kind":"unknown","names":[{"full":"A","kind":"primary"}]}"#;
    /// Another value in every field, of which some texts read as JSON.
    const OTHER: &str = r#"{"uid":"a-2","kind":"vessel","authority":"BIS","source_list":"Entity List","gender":"female",
        "names":[{"full":"SEA STAR","kind":"primary"},{"full":"OLD STAR","kind":"former","strength":"weak"},
            {"full":"7","kind":"alias","strength":"strong"}],
        "identifiers":[{"kind":"imo","value":"9074729","check":"invalid","note":"of the hull"}],
        "dates":[{"kind":"built","date":"1995"},{"kind":"incorporation","date":"1990/1992"}],
        "places":[{"kind":"flag","text":"Panama","country":"PAN"},{"kind":"former_flag","text":"Nowhere"}],
        "programmes":[{"code":"Q-7"}],
        "measures":[{"kind":"vessel_ban","text":"ports closed"},{"kind":"other"},{"kind":"sectoral","text":"7"}],
        "listed_on":"2020","amended_on":"2021-01-02","delisted_on":"2025-06",
        "relations":[{"kind":"owned_by","uid":"x","by_name":true}],
        "details":[{"label":"vessel type","value":"Tanker"}],"remarks":"[1,2]"}"#;

    #[test]
    fn every_difference_has_its_old_and_its_new_value() {
        let records = [RICH, POOR, OTHER].map(|text| {
            let subject: Subject = serde_json::from_str(text).unwrap();
            serde_json::to_value(&subject).unwrap().as_object().unwrap().clone()
        });
        let mut compared = 0;
        for (old, new) in [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)] {
            for difference in between(&records[old], &records[new]) {
                for text in [&difference.from, &difference.to].into_iter().flatten() {
                    let read = value(&difference.field, text, "a-list");
                    assert!(read.is_some(), "{}: {text}", difference.field);
                    compared += 1;
                }
            }
        }
        assert!(compared > 60, "{compared}");
        let unknown = value("no_such_field", "text", "a-list").unwrap();
        assert_eq!(unknown, value("another_one", "[1,2]", "a-list").unwrap(), "a field that is not known says nothing");
        assert!(unknown.names.is_empty() && unknown.remarks.is_empty(), "{unknown:?}");
    }
}
