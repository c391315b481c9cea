//! Questions about subjects, by name and by filter.

use crate::proto::entrepot::sanctions::v1 as pb;
use crate::rpc::wire::emptiness;
use crate::rpc::{Error, Page, Violations};
use crate::sanctions::answer::{batch_get_subjects, get_subject, list_subjects, search_subjects};
use crate::sanctions::subject::search::Search;

use super::request::{filter, subject_name};
use super::subject::subject;
use super::{checked, provenance};

const LIST_SUBJECTS: &str = "/entrepot.sanctions.v1.SanctionsService/ListSubjects";
const SEARCH_SUBJECTS: &str = "/entrepot.sanctions.v1.SanctionsService/SearchSubjects";

pub fn get_question(request: &pb::GetSubjectRequest) -> Result<get_subject::Question, Error> {
    let mut violations = Violations::of(request);
    let name = subject_name("name", &request.name, &mut violations);
    let clocks = violations.clocks_of_records(request.clock.as_ref());
    let name = checked("name", name, violations)?;
    Ok(get_subject::Question { name, clocks })
}

pub fn get_response(answer: get_subject::Answer) -> pb::GetSubjectResponse {
    pb::GetSubjectResponse {
        subject: Some(subject(&answer.subject, &answer.links, &answer.catalog)),
        provenance: Some(provenance(answer.provenance)),
        names: None,
    }
}

pub fn batch_get_question(request: &pb::BatchGetSubjectsRequest) -> Result<batch_get_subjects::Question, Error> {
    let mut violations = Violations::of(request);
    let mut names = Vec::new();
    if request.names.is_empty() {
        violations.add("names", "is empty; name at least one subject");
    }
    if violations.keeps_rules("names") {
        for (index, name) in request.names.iter().enumerate() {
            names.extend(subject_name(&format!("names[{index}]"), name, &mut violations));
        }
    }
    let clocks = violations.clocks_of_records(request.clock.as_ref());
    violations.check()?;
    Ok(batch_get_subjects::Question { names, clocks })
}

pub fn batch_get_response(answer: batch_get_subjects::Answer) -> pb::BatchGetSubjectsResponse {
    let subjects = answer.subjects.iter();
    pb::BatchGetSubjectsResponse {
        subjects: subjects.map(|stored| subject(stored, &answer.links, &answer.catalog)).collect(),
        missing_names: answer.missing,
        provenance: Some(provenance(answer.provenance)),
        names: None,
    }
}

pub fn list_question(request: &pb::ListSubjectsRequest) -> Result<list_subjects::Question, Error> {
    let mut violations = Violations::of(request);
    let filter = filter(request.filter.as_ref(), &mut violations);
    let clocks = violations.clocks_of_records(request.clock.as_ref());
    violations.check()?;
    Ok(list_subjects::Question { filter, clocks, page: Page::of(LIST_SUBJECTS, request, 50)? })
}

pub fn list_response(answer: list_subjects::Answer) -> pb::ListSubjectsResponse {
    pb::ListSubjectsResponse {
        subjects: answer.subjects.iter().map(|stored| subject(stored, &[], &answer.catalog)).collect(),
        next_page_token: answer.next_page_token,
        provenance: Some(provenance(answer.provenance)),
        emptiness: answer.emptiness.as_ref().map(emptiness),
        names: None,
    }
}

pub fn search_question(request: &pb::SearchSubjectsRequest) -> Result<search_subjects::Question, Error> {
    let mut violations = Violations::of(request);
    let search = Search::parse(violations.text("query", &request.query).trim());
    if search.is_none() {
        violations.add("query", "has no word to look for; two letters or digits are the least");
    }
    let filter = filter(request.filter.as_ref(), &mut violations);
    let clocks = violations.clocks_of_records(request.clock.as_ref());
    let search = checked("query", search, violations)?;
    Ok(search_subjects::Question { search, filter, clocks, page: Page::of(SEARCH_SUBJECTS, request, 20)? })
}

pub fn search_response(found: search_subjects::Found) -> pb::SearchSubjectsResponse {
    let search_subjects::Found { page: answer, near } = found;
    let near = near
        .iter()
        .map(|listed| pb::NearSubject { subject: listed.name(), display_name: listed.subject.name().to_owned() });
    pb::SearchSubjectsResponse {
        subjects: answer.subjects.iter().map(|stored| subject(stored, &[], &answer.catalog)).collect(),
        next_page_token: answer.next_page_token,
        provenance: Some(provenance(answer.provenance)),
        near_subjects: near.collect(),
        emptiness: answer.emptiness.as_ref().map(emptiness),
        names: None,
    }
}
