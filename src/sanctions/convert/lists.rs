//! Questions about whole lists: their programmes, and the authorities that designate by them.

use crate::proto::entrepot::sanctions::v1 as pb;
use crate::rpc::wire::{date, emptiness, timestamp};
use crate::rpc::{Error, Page, Violations};
use crate::sanctions::answer::list_authorities::{self, Authority};
use crate::sanctions::answer::list_programmes;

use super::provenance;

const LIST_PROGRAMMES: &str = "/entrepot.sanctions.v1.SanctionsService/ListProgrammes";
const LIST_AUTHORITIES: &str = "/entrepot.sanctions.v1.SanctionsService/ListAuthorities";

pub fn programmes_question(request: &pb::ListProgrammesRequest) -> Result<list_programmes::Question, Error> {
    let mut violations = Violations::default();
    let lists = violations.lists("lists", &request.lists);
    let clocks = violations.clocks(request.as_of.as_ref(), None);
    violations.check()?;
    Ok(list_programmes::Question { lists, clocks, page: Page::of(LIST_PROGRAMMES, request, 100)? })
}

pub fn programmes_response(answer: list_programmes::Answer) -> pb::ListProgrammesResponse {
    let programmes = answer.programmes.into_iter().map(|programme| pb::Programme {
        programme: programme.programme,
        list: format!("datasets/{}", programme.list),
        subjects: programme.subjects,
    });
    pb::ListProgrammesResponse {
        programmes: programmes.collect(),
        next_page_token: answer.next_page_token,
        provenance: Some(provenance(answer.provenance)),
        emptiness: answer.emptiness.as_ref().map(emptiness),
    }
}

pub fn authorities_question(request: &pb::ListAuthoritiesRequest) -> Result<list_authorities::Question, Error> {
    let mut violations = Violations::default();
    let clocks = violations.clocks(request.as_of.as_ref(), None);
    violations.check()?;
    Ok(list_authorities::Question { clocks, page: Page::of(LIST_AUTHORITIES, request, 100)? })
}

pub fn authorities_response(answer: list_authorities::Answer) -> pb::ListAuthoritiesResponse {
    pb::ListAuthoritiesResponse {
        authorities: answer.authorities.into_iter().map(authority).collect(),
        next_page_token: answer.next_page_token,
        emptiness: answer.emptiness.as_ref().map(emptiness),
    }
}

fn authority(authority: Authority) -> pb::Authority {
    let list = authority.list.resource();
    let spec = authority.list.spec;
    pb::Authority {
        authority: authority.authority,
        list,
        title: spec.title,
        publisher: spec.publisher,
        license: spec.license,
        release: authority.release,
        publication_date: authority.published_on.map(date),
        age_days: authority.age_days,
        check_time: authority.checked_at_ms.map(timestamp),
        stale: authority.is_stale,
        subjects: authority.subjects,
        first_publication_date: authority.first_published_on.map(date),
    }
}
