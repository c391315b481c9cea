//! Contracts, lists of them and their versions.

use super::request as decode;
use crate::energy::answer::contract::{Shown, State};
use crate::energy::answer::list_contract_revisions::Revision;
use crate::energy::answer::{
    Record, batch_get_contracts, get_contract, list_contract_revisions as revisions, list_contracts,
};
use crate::energy::contract::revision::Change;
use crate::energy::contract::{Confidence, Fact, FactState};
use crate::energy::library::{ContractFilter, Name};
use crate::proto::entrepot::energy::v1 as pb;
use crate::reference::convert::codes::Codes as _;
use crate::rpc::wire::{day, emptiness, provenance, span};
use crate::rpc::{Error, Page, Violations};
use crate::value::words::words;

const LIST: &str = "/entrepot.energy.v1.EnergyService/ListContracts";
const REVISIONS: &str = "/entrepot.energy.v1.EnergyService/ListContractRevisions";

pub fn get_question(request: &pb::GetContractRequest) -> Result<get_contract::Question, Error> {
    let mut violations = Violations::of(request);
    let name = decode::name("contracts", "name", &request.name, &mut violations);
    let clocks = violations.clocks(request.clock.as_ref());
    Ok(get_contract::Question { name: decode::checked(name, violations)?, clocks })
}

pub fn get_response(answer: get_contract::Answer) -> pb::GetContractResponse {
    pb::GetContractResponse {
        contract: Some(contract(answer.contract)),
        provenance: Some(provenance(answer.sources, Vec::new())),
        names: None,
    }
}

pub fn batch_get_question(request: &pb::BatchGetContractsRequest) -> Result<batch_get_contracts::Question, Error> {
    let mut violations = Violations::of(request);
    if request.names.is_empty() {
        violations.add("names", "is empty; name at least one contract");
    }
    let mut names = Vec::new();
    if violations.keeps_rules("names") {
        for (index, name) in request.names.iter().enumerate() {
            names.extend(decode::name("contracts", &format!("names[{index}]"), name, &mut violations));
        }
    }
    let clocks = violations.clocks(request.clock.as_ref());
    violations.check()?;
    Ok(batch_get_contracts::Question { names, clocks })
}

pub fn batch_get_response(answer: batch_get_contracts::Answer) -> pb::BatchGetContractsResponse {
    pb::BatchGetContractsResponse {
        contracts: answer.contracts.into_iter().map(contract).collect(),
        missing_names: answer.missing.iter().map(resource).collect(),
        provenance: Some(provenance(answer.sources, Vec::new())),
        names: None,
    }
}

pub fn list_question(request: &pb::ListContractsRequest) -> Result<list_contracts::Question, Error> {
    let mut violations = Violations::of(request);
    let filter = filter(request.filter.as_ref(), &mut violations);
    let clocks = violations.clocks(request.clock.as_ref());
    violations.check()?;
    Ok(list_contracts::Question { filter, clocks, page: Page::of(LIST, request, 50)? })
}

pub fn list_response(answer: list_contracts::Answer) -> pb::ListContractsResponse {
    pb::ListContractsResponse {
        contracts: answer.contracts.into_iter().map(contract).collect(),
        next_page_token: answer.next_page_token,
        provenance: Some(provenance(answer.sources, Vec::new())),
        emptiness: answer.emptiness.as_ref().map(emptiness),
        names: None,
    }
}

pub fn revisions_question(request: &pb::ListContractRevisionsRequest) -> Result<revisions::Question, Error> {
    let mut violations = Violations::of(request);
    let contract = decode::name("contracts", "parent", &request.parent, &mut violations);
    let clocks = violations.store_clock(request.clock.as_ref());
    let contract = decode::checked(contract, violations)?;
    Ok(revisions::Question { contract, clocks, page: Page::of(REVISIONS, request, 50)? })
}

pub fn revisions_response(answer: revisions::Answer) -> pb::ListContractRevisionsResponse {
    pb::ListContractRevisionsResponse {
        revisions: answer.revisions.into_iter().map(revision).collect(),
        next_page_token: answer.next_page_token,
        provenance: Some(provenance(answer.sources, Vec::new())),
        names: None,
    }
}

fn filter(filter: Option<&pb::ContractFilter>, violations: &mut Violations) -> ContractFilter {
    let Some(filter) = filter else { return ContractFilter::default() };
    ContractFilter {
        books: violations.lists("filter.books", &filter.books),
        party: words(violations.text("filter.party", &filter.party)),
        countries: violations.countries("filter.countries", &filter.countries),
        commodities: violations.texts("filter.commodities", &filter.commodities),
        stages: each_of(&filter.stages, stage_word),
        legal_statuses: each_of(&filter.legal_statuses, legal_status_word),
        physical_states: each_of(&filter.physical_states, physical_state_word),
        route: words(violations.text("filter.route", &filter.route)),
        effective_on: violations.last_day("filter.effective_on", filter.effective_on.as_ref()),
        expiring_before: violations.first_day("filter.expiring_before", filter.expiring_before.as_ref()),
    }
}

/// Words of the book format for the numbers of an enum, each once.
fn each_of(numbers: &[i32], word: fn(i32) -> Option<String>) -> Vec<String> {
    let mut words = Vec::new();
    for word in numbers.iter().filter_map(|number| word(*number)) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

// The book format's words are the names of the enums' values without their prefix, which a test holds.

fn stage_word(number: i32) -> Option<String> {
    word(pb::ContractStage::try_from(number).ok()?.as_str_name(), "CONTRACT_STAGE_")
}

fn legal_status_word(number: i32) -> Option<String> {
    word(pb::LegalStatus::try_from(number).ok()?.as_str_name(), "LEGAL_STATUS_")
}

fn physical_state_word(number: i32) -> Option<String> {
    word(pb::PhysicalState::try_from(number).ok()?.as_str_name(), "PHYSICAL_STATE_")
}

fn word(name: &str, prefix: &str) -> Option<String> {
    let word = name.strip_prefix(prefix)?;
    (word != "UNSPECIFIED").then(|| word.to_lowercase())
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
        stage: number(value.stage.as_ref(), "CONTRACT_STAGE_", pb::ContractStage::from_str_name)
            .unwrap_or_default()
            .into(),
        stage_record: value.stage.map(state),
        legal_status: number(value.legal_status.as_ref(), "LEGAL_STATUS_", pb::LegalStatus::from_str_name)
            .unwrap_or_default()
            .into(),
        legal_status_record: value.legal_status.map(state),
        physical_state: number(value.physical_state.as_ref(), "PHYSICAL_STATE_", pb::PhysicalState::from_str_name)
            .unwrap_or_default()
            .into(),
        physical_state_record: value.physical_state.map(state),
        release,
    }
}

/// The value of an enum that a word of the book format is.
fn number<T>(state: Option<&State>, prefix: &str, read: fn(&str) -> Option<T>) -> Option<T> {
    read(&format!("{prefix}{}", state?.value.to_uppercase()))
}

fn state(state: State) -> pb::StateRecord {
    pb::StateRecord {
        start_date: state.since.map(span),
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
        start_date: fact.from.map(span),
        end_date: fact.until.map(span),
        start_year: fact.first_year.map(i32::from),
        end_year: fact.last_year.map(i32::from),
        source: fact.source,
        confidence: confidence(fact.confidence).into(),
        state: fact_state(fact.state).into(),
        note: fact.note,
    }
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
    let change = |Change { from, to }| pb::FactChange { old_fact: from.map(fact), new_fact: to.map(fact) };
    pb::ContractRevision {
        release: revision.release,
        publication_date: Some(day(revision.since_day)),
        end_date: revision.end.as_ref().map(|end| day(end.day)),
        changes: revision.changes.into_iter().map(change).collect(),
        end_release: revision.end.map(|end| end.release).unwrap_or_default(),
        withdrawn: revision.withdrawn,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::energy::contract::check;

    #[test]
    fn every_state_of_the_book_format_has_its_number_and_no_other() {
        let words = |word: fn(i32) -> Option<String>| (1..).map_while(word).collect::<Vec<String>>();
        assert_eq!(words(stage_word), check::STAGES);
        assert_eq!(words(legal_status_word), check::LEGAL);
        assert_eq!(words(physical_state_word), check::PHYSICAL);
    }
}
