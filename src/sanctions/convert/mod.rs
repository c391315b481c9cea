//! Requests to questions, and answers to messages; every problem of a request is named.
//!
//! Alone in naming the messages of sanctions.

pub mod feed;
pub mod goods;
pub mod lists;
pub mod ownership;
mod request;
mod subject;
pub mod subjects;

use crate::proto::entrepot::sanctions::v1 as pb;
use crate::proto::entrepot::r#type::v1 as types;
use crate::rpc::page::paged;
use crate::rpc::{Error, Violations, wire};

use super::answer::provenance::Provenance;

paged!(
    pb::ListControlledGoodsRequest,
    pb::ListSubjectsRequest,
    pb::SearchSubjectsRequest,
    pb::ListProgrammesRequest,
    pb::ListAuthoritiesRequest,
    pb::ListSubjectRevisionsRequest,
);

/// What could be read of a field, once no problem is left; a field that cannot be read is one.
fn checked<T>(field: &str, value: Option<T>, violations: Violations) -> Result<T, Error> {
    violations.check()?;
    value.ok_or_else(|| Error::invalid(field, "is missing"))
}

fn provenance(provenance: Provenance) -> types::Provenance {
    types::Provenance {
        classifications: provenance.classifications,
        notes: provenance.notes,
        ..wire::provenance(provenance.sources)
    }
}
