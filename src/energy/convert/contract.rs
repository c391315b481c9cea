//! Contracts, lists of them and their versions.

use super::request as decode;
use crate::energy::answer::contract::{Shown, State};
use crate::energy::answer::list_contract_revisions::Revision;
use crate::energy::answer::{
    Record, batch_get_contracts, get_contract, list_contract_revisions as revisions, list_contracts,
};
use crate::energy::contract::check;
use crate::energy::contract::revision::Change;
use crate::energy::contract::{Confidence, Fact, FactState};
use crate::energy::library::{ContractFilter, Name};
use crate::proto::entrepot::energy::v1 as pb;
use crate::reference::convert::codes::Codes as _;
use crate::rpc::validate::TEXT_MAX;
use crate::rpc::wire::{day, emptiness, provenance};
use crate::rpc::{Error, Page, Violations, policy};
use crate::value::Span;
use crate::value::text::truncated;
use crate::value::words::words;

const LIST: &str = "/entrepot.energy.v1.EnergyService/ListContracts";
const BATCH: &str = "/entrepot.energy.v1.EnergyService/BatchGetContracts";
const REVISIONS: &str = "/entrepot.energy.v1.EnergyService/ListContractRevisions";

pub fn get_question(request: &pb::GetContractRequest) -> Result<get_contract::Question, Error> {
    let mut violations = Violations::default();
    let name = decode::name("contracts", "name", &request.name, &mut violations);
    let clocks = decode::clocks(request.as_of.as_ref(), request.in_force_on.as_ref(), &mut violations);
    Ok(get_contract::Question { name: decode::checked(name, violations)?, clocks })
}

pub fn get_response(answer: get_contract::Answer) -> pb::GetContractResponse {
    pb::GetContractResponse { contract: Some(contract(answer.contract)), provenance: Some(provenance(answer.sources)) }
}

pub fn batch_get_question(request: &pb::BatchGetContractsRequest) -> Result<batch_get_contracts::Question, Error> {
    let mut violations = Violations::default();
    if request.names.is_empty() {
        violations.add("names", "is empty; name at least one contract");
    }
    let mut names = Vec::new();
    if violations.at_most("names", &request.names, policy::rows_max(BATCH)) {
        for (index, name) in request.names.iter().enumerate() {
            names.extend(decode::name("contracts", &format!("names[{index}]"), name, &mut violations));
        }
    }
    let clocks = decode::clocks(request.as_of.as_ref(), request.in_force_on.as_ref(), &mut violations);
    violations.check()?;
    Ok(batch_get_contracts::Question { names, clocks })
}

pub fn batch_get_response(answer: batch_get_contracts::Answer) -> pb::BatchGetContractsResponse {
    pb::BatchGetContractsResponse {
        contracts: answer.contracts.into_iter().map(contract).collect(),
        missing_names: answer.missing.iter().map(resource).collect(),
        provenance: Some(provenance(answer.sources)),
    }
}

pub fn list_question(request: &pb::ListContractsRequest) -> Result<list_contracts::Question, Error> {
    let mut violations = Violations::default();
    let filter = filter(request.filter.as_ref(), &mut violations);
    let clocks = decode::clocks(request.as_of.as_ref(), request.in_force_on.as_ref(), &mut violations);
    violations.check()?;
    Ok(list_contracts::Question { filter, clocks, page: Page::of(LIST, request, 50)? })
}

pub fn list_response(answer: list_contracts::Answer) -> pb::ListContractsResponse {
    pb::ListContractsResponse {
        contracts: answer.contracts.into_iter().map(contract).collect(),
        next_page_token: answer.next_page_token,
        provenance: Some(provenance(answer.sources)),
        emptiness: answer.emptiness.as_ref().map(emptiness),
    }
}

pub fn revisions_question(request: &pb::ListContractRevisionsRequest) -> Result<revisions::Question, Error> {
    let mut violations = Violations::default();
    let contract = decode::name("contracts", "parent", &request.parent, &mut violations);
    let clocks = decode::clocks(request.as_of.as_ref(), None, &mut violations);
    let contract = decode::checked(contract, violations)?;
    Ok(revisions::Question { contract, clocks, page: Page::of(REVISIONS, request, 50)? })
}

pub fn revisions_response(answer: revisions::Answer) -> pb::ListContractRevisionsResponse {
    pb::ListContractRevisionsResponse {
        revisions: answer.revisions.into_iter().map(revision).collect(),
        next_page_token: answer.next_page_token,
    }
}

fn filter(filter: Option<&pb::ContractFilter>, violations: &mut Violations) -> ContractFilter {
    let Some(filter) = filter else { return ContractFilter::default() };
    ContractFilter {
        books: violations.lists("filter.books", &filter.books),
        party: words(violations.text("filter.party", &filter.party, TEXT_MAX)),
        countries: violations.countries("filter.countries", &filter.countries),
        commodities: violations.texts("filter.commodities", &filter.commodities),
        states: states("filter.states", &filter.states, violations),
        route: words(violations.text("filter.route", &filter.route, TEXT_MAX)),
        effective_on: violations.as_of("filter.effective_on", filter.effective_on.as_ref()),
        expiring_before: violations.first_day("filter.expiring_before", filter.expiring_before.as_ref()),
    }
}

fn states(field: &str, states: &[String], violations: &mut Violations) -> Vec<String> {
    let states = violations.texts(field, states);
    for (index, state) in states.iter().enumerate() {
        let known = [check::STAGES, check::LEGAL, check::PHYSICAL];
        if !known.iter().any(|known| known.contains(&state.as_str())) {
            let known = known.concat().join(", ");
            let shown = truncated(state, 40);
            violations.add(format!("{field}[{index}]"), format!("`{shown}` is no state; one of {known}"));
        }
    }
    states
}

fn resource(name: &Name) -> String {
    name.resource("contracts")
}

fn contract(record: Record<Shown>) -> pb::Contract {
    let Record { name, release, value } = record;
    pb::Contract {
        name: resource(&name),
        book: format!("datasets/{}", name.book),
        display_name: value.title,
        facts: value.facts.into_iter().map(fact).collect(),
        stage: value.stage.map(state),
        legal_status: value.legal_status.map(state),
        physical_state: value.physical_state.map(state),
        release,
    }
}

fn state(state: State) -> pb::State {
    pb::State {
        value: state.value,
        since: span(state.since),
        source: state.source,
        confidence: confidence(state.confidence).into(),
        doubt: state.doubt,
    }
}

fn fact(fact: Fact) -> pb::Fact {
    pb::Fact {
        field: fact.field.name().to_owned(),
        value: fact.value,
        unit: fact.unit,
        country: fact.country,
        from: span(fact.from),
        until: span(fact.until),
        first_year: fact.first_year.map(i32::from),
        last_year: fact.last_year.map(i32::from),
        source: fact.source,
        confidence: confidence(fact.confidence).into(),
        state: fact_state(fact.state).into(),
        note: fact.note,
    }
}

fn span(span: Option<Span>) -> String {
    span.map(|span| span.to_string()).unwrap_or_default()
}

pub(super) fn confidence(confidence: Confidence) -> pb::Confidence {
    match confidence {
        Confidence::Unknown => pb::Confidence::Unspecified,
        Confidence::High => pb::Confidence::High,
        Confidence::Medium => pb::Confidence::Medium,
        Confidence::Low => pb::Confidence::Low,
    }
}

fn fact_state(state: FactState) -> pb::FactState {
    match state {
        FactState::Extracted => pb::FactState::Extracted,
        FactState::Redacted => pb::FactState::Redacted,
        FactState::NotFound => pb::FactState::NotFound,
        FactState::NotReviewed => pb::FactState::NotReviewed,
        FactState::NotApplicable => pb::FactState::NotApplicable,
    }
}

fn revision(revision: Revision) -> pb::ContractRevision {
    let change = |Change { from, to }| pb::FactChange { from: from.map(fact), to: to.map(fact) };
    pb::ContractRevision {
        release: revision.release,
        publication_date: Some(day(revision.since_day)),
        end_date: revision.end.as_ref().map(|end| day(end.day)),
        changes: revision.changes.into_iter().map(change).collect(),
        end_release: revision.end.map(|end| end.release).unwrap_or_default(),
        withdrawn: revision.withdrawn,
    }
}
