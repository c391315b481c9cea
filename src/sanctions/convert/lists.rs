//! Questions about whole lists: their programmes, and the authorities that designate by them.

use crate::proto::entrepot::sanctions::v1 as pb;
use crate::rpc::wire::{date, emptiness, timestamp};
use crate::rpc::{Error, Page, Violations};
use crate::sanctions::answer::list_programmes;
use crate::sanctions::answer::list_sanction_lists::{self, SanctionList};

use super::provenance;

const LIST_PROGRAMMES: &str = "/entrepot.sanctions.v1.SanctionsService/ListProgrammes";
const LIST_SANCTION_LISTS: &str = "/entrepot.sanctions.v1.SanctionsService/ListSanctionLists";

pub fn programmes_question(request: &pb::ListProgrammesRequest) -> Result<list_programmes::Question, Error> {
    let mut violations = Violations::of(request);
    let lists = request.filter.as_ref().map_or(&[][..], |filter| &filter.lists);
    let lists = violations.lists("filter.lists", lists);
    let clocks = violations.store_clock(request.clock.as_ref());
    violations.check()?;
    Ok(list_programmes::Question { lists, clocks, page: Page::of(LIST_PROGRAMMES, request, 100)? })
}

pub fn programmes_response(answer: list_programmes::Answer) -> pb::ListProgrammesResponse {
    let programmes = answer.programmes.into_iter().map(|programme| pb::Programme {
        programme: programme.programme,
        list: format!("datasets/{}", programme.list),
        subject_count: programme.subjects,
    });
    pb::ListProgrammesResponse {
        programmes: programmes.collect(),
        next_page_token: answer.next_page_token,
        provenance: Some(provenance(answer.provenance)),
        emptiness: answer.emptiness.as_ref().map(emptiness),
    }
}

pub fn lists_question(request: &pb::ListSanctionListsRequest) -> Result<list_sanction_lists::Question, Error> {
    let mut violations = Violations::of(request);
    let clocks = violations.store_clock(request.clock.as_ref());
    violations.check()?;
    Ok(list_sanction_lists::Question { clocks, page: Page::of(LIST_SANCTION_LISTS, request, 100)? })
}

pub fn lists_response(answer: list_sanction_lists::Answer) -> pb::ListSanctionListsResponse {
    pb::ListSanctionListsResponse {
        sanction_lists: answer.authorities.into_iter().map(sanction_list).collect(),
        next_page_token: answer.next_page_token,
        emptiness: answer.emptiness.as_ref().map(emptiness),
        provenance: Some(provenance(answer.provenance)),
    }
}

fn sanction_list(authority: SanctionList) -> pb::SanctionList {
    let name = authority.list.resource();
    let spec = authority.list.spec;
    pb::SanctionList {
        authority: authority.authority,
        name,
        display_name: spec.title,
        publisher: spec.publisher,
        license: spec.license,
        release: authority.release,
        publication_date: authority.published_on.map(date),
        age_days: authority.age_days,
        check_time: authority.checked_at_ms.map(timestamp),
        stale: authority.is_stale,
        subject_count: authority.subjects,
        first_publication_date: authority.first_published_on.map(date),
    }
}
