//! Contracts by name and by filter, and their versions.

use super::{Energy, Opened};
use crate::energy::convert::{contract as encode, request as decode};
use crate::energy::library::{Listed, Name, Version};
use crate::proto::entrepot::energy::v1 as pb;
use crate::register::{Clocks, DatasetKind, Emptiness, EmptyReason};
use crate::rpc::wire::emptiness;
use crate::rpc::{Error, PageToken, Violations, page_size, policy};
use crate::store::Deadline;

const LIST: &str = "/entrepot.energy.v1.EnergyService/ListContracts";
const BATCH: &str = "/entrepot.energy.v1.EnergyService/BatchGetContracts";
const REVISIONS: &str = "/entrepot.energy.v1.EnergyService/ListContractRevisions";

fn encoded(version: &Version<Listed>, opened: &Opened) -> pb::Contract {
    let Clocks { in_force_on, .. } = opened.clocks;
    encode::contract(version, opened.moment.day_in_force(), in_force_on.is_some(), &opened.catalog)
}

pub async fn get(
    energy: &Energy,
    request: pb::GetContractRequest,
    deadline: &Deadline,
) -> Result<pb::GetContractResponse, Error> {
    let mut violations = Violations::default();
    let name = decode::name("contracts", "name", &request.name, &mut violations);
    let clocks = decode::clocks(request.as_of.as_ref(), request.in_force_on.as_ref(), &mut violations);
    violations.check()?;
    let opened = energy.open(clocks, None, deadline).await?;
    let name = name.ok_or_else(|| Error::NotFound(request.name.clone()))?;
    let version = opened.contract(&name)?;
    Ok(pb::GetContractResponse {
        contract: Some(encoded(version, &opened)),
        provenance: Some(opened.provenance(|dataset| dataset.id == version.dataset)),
    })
}

pub async fn batch_get(
    energy: &Energy,
    request: pb::BatchGetContractsRequest,
    deadline: &Deadline,
) -> Result<pb::BatchGetContractsResponse, Error> {
    let mut violations = Violations::default();
    if request.names.is_empty() {
        violations.add("names", "is empty; name at least one contract");
    }
    let mut names = Vec::new();
    if violations.at_most("names", &request.names, policy::rows_max(BATCH)) {
        for (place, name) in request.names.iter().enumerate() {
            names.extend(decode::name("contracts", &format!("names[{place}]"), name, &mut violations));
        }
    }
    let clocks = decode::clocks(request.as_of.as_ref(), request.in_force_on.as_ref(), &mut violations);
    violations.check()?;
    let opened = energy.open(clocks, None, deadline).await?;
    let mut response = pb::BatchGetContractsResponse::default();
    let mut datasets = Vec::new();
    for (name, text) in names.iter().zip(&request.names) {
        match opened.library.contracts.get(name, &opened.moment) {
            Some(version) => {
                datasets.push(version.dataset);
                response.contracts.push(encoded(version, &opened));
            }
            None => response.missing_names.push(text.clone()),
        }
    }
    response.provenance = Some(opened.provenance(|dataset| datasets.contains(&dataset.id)));
    Ok(response)
}

pub async fn list(
    energy: &Energy,
    request: pb::ListContractsRequest,
    deadline: &Deadline,
) -> Result<pb::ListContractsResponse, Error> {
    let mut violations = Violations::default();
    let filter = decode::contract_filter(request.filter.as_ref(), &mut violations);
    let clocks = decode::clocks(request.as_of.as_ref(), request.in_force_on.as_ref(), &mut violations);
    violations.check()?;
    let size = page_size(request.page_size, 50, policy::rows_max(LIST))?;
    let bare = pb::ListContractsRequest { page_token: String::new(), page_size: 0, ..request.clone() };
    let token = PageToken::decode(&request.page_token, "page_token", LIST, &bare)?;
    let opened = energy.open(clocks, token.as_ref().map(|token| token.release), deadline).await?;
    opened.known_books(&filter.books, DatasetKind::ContractBook, "filter.books")?;
    let after = token.and_then(|token| behind(&token));
    let is_first = after.is_none();
    let day = opened.moment.day_in_force();
    let visible = opened.library.candidates(&filter, opened.moment, after.as_ref());
    let mut page: Vec<&Version<Listed>> =
        visible.filter(|version| filter.matches(version, day)).take(size + 1).collect();
    let more = page.len() > size;
    page.truncate(size);
    let mut response = pb::ListContractsResponse {
        contracts: page.iter().map(|version| encoded(version, &opened)).collect(),
        provenance: Some(opened.provenance(|dataset| {
            dataset.spec.kind == DatasetKind::ContractBook
                && (filter.books.is_empty() || filter.books.contains(&dataset.spec.name))
        })),
        ..Default::default()
    };
    if let (true, Some(last)) = (more, page.last()) {
        response.next_page_token = token_behind(last, &opened).encode(LIST, &bare);
    }
    if page.is_empty() && is_first {
        response.emptiness = Some(emptiness(&opened.why_none(DatasetKind::ContractBook, "contracts")));
    }
    Ok(response)
}

pub async fn revisions(
    energy: &Energy,
    request: pb::ListContractRevisionsRequest,
    deadline: &Deadline,
) -> Result<pb::ListContractRevisionsResponse, Error> {
    let mut violations = Violations::default();
    let name = decode::name("contracts", "parent", &request.parent, &mut violations);
    let clocks = decode::clocks(request.as_of.as_ref(), None, &mut violations);
    violations.check()?;
    let size = page_size(request.page_size, 50, policy::rows_max(REVISIONS))?;
    let bare = pb::ListContractRevisionsRequest { page_token: String::new(), page_size: 0, ..request.clone() };
    let token = PageToken::decode(&request.page_token, "page_token", REVISIONS, &bare)?;
    let opened = energy.open(clocks, token.as_ref().map(|token| token.release), deadline).await?;
    let name = name.ok_or_else(|| Error::NotFound(request.parent.clone()))?;
    let all = opened.library.contracts.versions_of(&name);
    let before = token.and_then(|token| Some(i64::from_le_bytes(token.position.as_slice().try_into().ok()?)));
    // Those that had come by the moment; whether one was ended by then shows only if its end had come too.
    let known = all.iter().enumerate().filter(|(_, version)| opened.moment.sees(version.since, None));
    let mut page: Vec<(usize, &Version<Listed>)> = known
        .rev()
        .filter(|(_, version)| before.is_none_or(|before| version.since.0 < before))
        .take(size + 1)
        .collect();
    if page.is_empty() && before.is_none() {
        // Names the day of the first version, if one came later.
        return Err(opened.contract(&name).err().unwrap_or(Error::NotFound(request.parent)));
    }
    let more = page.len() > size;
    page.truncate(size);
    let mut response = pb::ListContractRevisionsResponse::default();
    if let (true, Some((_, last))) = (more, page.last()) {
        let position = last.since.0.to_le_bytes().to_vec();
        let token = PageToken { release: opened.moment.release, position };
        response.next_page_token = token.encode(REVISIONS, &bare);
    }
    for (place, version) in page {
        let ended = version.until.filter(|until| opened.moment.sees(*until, None));
        let shown = Version { until: ended, ..version.clone() };
        let before = place.checked_sub(1).and_then(|place| all.get(place));
        response.revisions.push(encode::revision(&shown, before, all.get(place + 1), &opened.catalog));
    }
    Ok(response)
}

/// The token of the page behind a record.
pub(super) fn token_behind<T>(last: &Version<T>, opened: &Opened) -> PageToken {
    let position = format!("{}.{}", last.book, last.id).into_bytes();
    PageToken { release: opened.moment.release, position }
}

/// The record that a page goes on behind.
pub(super) fn behind(token: &PageToken) -> Option<Name> {
    let text = std::str::from_utf8(&token.position).ok()?;
    let (book, id) = text.split_once('.')?;
    Some(Name { book: book.to_owned(), id: id.to_owned() })
}

impl Opened {
    /// Refuses the name of a dataset that is not there.
    pub fn known_books(&self, names: &[String], kind: DatasetKind, field: &str) -> Result<(), Error> {
        for (place, name) in names.iter().enumerate() {
            if self.catalog.dataset(name).is_none_or(|dataset| dataset.spec.kind != kind) {
                let datasets = self.catalog.datasets.iter().filter(|dataset| dataset.spec.kind == kind);
                let known: Vec<&str> = datasets.map(|dataset| dataset.spec.name.as_str()).collect();
                let right = if known.is_empty() { "none is in the store".to_owned() } else { known.join(", ") };
                let shown = crate::value::text::truncated(name, 60);
                return Err(Error::invalid(
                    format!("{field}[{place}]"),
                    format!("`{shown}` is no such dataset; {right}"),
                ));
            }
        }
        Ok(())
    }

    /// Why there are no records of a kind.
    pub fn why_none(&self, kind: DatasetKind, what: &str) -> Emptiness {
        let is_kind = |dataset: i64| self.catalog.dataset_by_id(dataset).is_some_and(|found| found.spec.kind == kind);
        let days = self.catalog.releases.iter().filter(|release| is_kind(release.dataset));
        match days.map(|release| release.publication_date).min() {
            None => Emptiness::new(EmptyReason::NoData, format!("no dataset of {what} is in the store")),
            Some(first) if self.clocks.as_of.is_some_and(|as_of| as_of < first) => {
                let detail = format!("no release of {what} was out on that day; the first is of {first}");
                Emptiness::new(EmptyReason::NotReleased, detail)
            }
            Some(_) => Emptiness::new(EmptyReason::FilteredOut, format!("there are {what}, and none fits the request")),
        }
    }
}
