//! Sanction records to messages and back.

pub mod goods;
pub mod ownership;
pub mod request;
pub mod subject;

use crate::proto::entrepot::sanctions::v1 as pb;
use crate::register::Catalog;
use crate::rpc::page::paged;
use crate::rpc::wire::day;

use super::feed::change::{Change, ChangeKind};

paged!(
    pb::ListControlledGoodsRequest,
    pb::ListSubjectsRequest,
    pb::SearchSubjectsRequest,
    pb::ListProgrammesRequest,
    pb::ListAuthoritiesRequest,
    pb::ListSubjectRevisionsRequest,
);

pub fn change_kind(kind: ChangeKind) -> pb::ChangeKind {
    match kind {
        ChangeKind::Added => pb::ChangeKind::Added,
        ChangeKind::Changed => pb::ChangeKind::Changed,
        ChangeKind::Removed => pb::ChangeKind::Removed,
    }
}

pub fn field_changes(change: &Change) -> Vec<pb::FieldChange> {
    let fields = change.fields.iter();
    fields
        .map(|difference| pb::FieldChange {
            field: wire_field(&difference.field).to_owned(),
            from: difference.from.clone(),
            to: difference.to.clone(),
        })
        .collect()
}

/// Stored fields that the message calls otherwise.
fn wire_field(field: &str) -> &str {
    match field {
        "listed_on" => "listing_date",
        "amended_on" => "amendment_date",
        "delisted_on" => "delisting_date",
        other => other,
    }
}

pub fn change(change: &Change, catalog: &Catalog) -> pb::Change {
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
    }
}

pub fn revision(change: &Change, catalog: &Catalog) -> pb::SubjectRevision {
    pb::SubjectRevision {
        kind: change_kind(change.kind).into(),
        release: catalog.release_name(change.release),
        publication_date: Some(day(change.day)),
        fields: field_changes(change),
        initial: change.initial,
    }
}
