//! Requests to questions, and answers to messages; every problem of a request is named.
//!
//! Alone in naming the messages of sanctions.

pub mod feed;
pub mod goods;
pub mod lists;
pub mod names;
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
    pb::ListSanctionListsRequest,
    pb::ListSubjectRevisionsRequest,
);

/// What could be read of a field, once no problem is left; a field that cannot be read is one.
fn checked<T>(field: &str, value: Option<T>, violations: Violations) -> Result<T, Error> {
    violations.check()?;
    value.ok_or_else(|| Error::invalid(field, "is missing"))
}

fn provenance(provenance: Provenance) -> types::Provenance {
    wire::provenance(provenance.sources, provenance.notes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpc::page::{Binding, Paged, Token};

    /// A token that is bound to the request and has a position that no list has.
    fn is_refused<R: Paged, Q>(method: &str, mut request: R, question: fn(&R) -> Result<Q, Error>) -> bool {
        assert!(question(&request).is_ok(), "{method} takes the request itself");
        let method = format!("/entrepot.sanctions.v1.SanctionsService/{method}");
        *request.page_token() = Binding::new(&method, &request).encode(&Token { release: 1, after: true });
        matches!(question(&request), Err(Error::Invalid(fields)) if fields[0].0 == "page_token")
    }

    #[test]
    fn a_position_that_cannot_be_read_is_never_page_one() {
        let search = pb::SearchSubjectsRequest { query: "ivan".into(), ..Default::default() };
        let revisions = pb::ListSubjectRevisionsRequest { parent: "subjects/un-sc.1".into(), ..Default::default() };
        assert!(is_refused("ListSubjects", pb::ListSubjectsRequest::default(), subjects::list_question));
        assert!(is_refused("SearchSubjects", search, subjects::search_question));
        assert!(is_refused("ListProgrammes", pb::ListProgrammesRequest::default(), lists::programmes_question));
        assert!(is_refused("ListSanctionLists", pb::ListSanctionListsRequest::default(), lists::lists_question));
        assert!(is_refused("ListSubjectRevisions", revisions, feed::revisions_question));
        assert!(is_refused("ListControlledGoods", pb::ListControlledGoodsRequest::default(), goods::list_question));
    }
}
