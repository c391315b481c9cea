//! Price indexes and their observations.

use super::Energy;
use super::contracts::{behind, token_behind};
use crate::energy::convert::request as decode;
use crate::energy::library::Version;
use crate::energy::price::index::{Frequency, Series};
use crate::energy::store::observations::{self, Days};
use crate::proto::entrepot::energy::v1 as pb;
use crate::register::moment::{date_of, day_number};
use crate::register::{DatasetKind, Emptiness, EmptyReason};
use crate::rpc::wire::{date, decimal, emptiness};
use crate::rpc::{Error, PageToken, Violations, page_size, policy};
use crate::store::Deadline;
use crate::value::words::words;

const LIST: &str = "/entrepot.energy.v1.EnergyService/ListPriceIndexes";
const GET: &str = "/entrepot.energy.v1.EnergyService/GetPriceIndex";

fn index(version: &Version<Series>) -> pb::PriceIndex {
    let Series { id, title, unit, frequency, .. } = &version.value;
    let frequency = match frequency {
        Frequency::Monthly => pb::IndexFrequency::Monthly,
        Frequency::Daily => pb::IndexFrequency::Daily,
    };
    pb::PriceIndex {
        name: format!("indexes/{}.{id}", version.book),
        id: id.clone(),
        dataset: format!("datasets/{}", version.book),
        display_name: title.clone(),
        unit: unit.clone(),
        frequency: frequency.into(),
        source: version.value.source.clone(),
    }
}

pub async fn get(
    energy: &Energy,
    request: pb::GetPriceIndexRequest,
    deadline: &Deadline,
) -> Result<pb::GetPriceIndexResponse, Error> {
    let mut violations = Violations::default();
    let name = decode::name("indexes", "name", &request.name, &mut violations);
    let (from, until) = decode::days(request.start_date.as_ref(), request.end_date.as_ref(), &mut violations);
    let clocks = decode::clocks(request.as_of.as_ref(), None, &mut violations);
    violations.check()?;
    let size = page_size(request.page_size, 1_000, policy::rows_max(GET))?;
    let bare = pb::GetPriceIndexRequest { page_token: String::new(), page_size: 0, ..request.clone() };
    let token = PageToken::decode(&request.page_token, "page_token", GET, &bare)?;
    let opened = energy.open(clocks, token.as_ref().map(|token| token.release), deadline).await?;
    let name = name.ok_or_else(|| Error::NotFound(request.name.clone()))?;
    let version = opened.record("indexes", &opened.library.indexes, &name)?;
    // The day behind the last one given.
    let resumed = token.and_then(|token| date_of(i64::from_le_bytes(token.position.as_slice().try_into().ok()?)));
    let days = Days { from: resumed.or(from), until };
    let Version { dataset, number, .. } = *version;
    let mut page = observations::list(&energy.store, dataset, number, days, &opened.moment, size + 1, deadline).await?;
    let mut response = pb::GetPriceIndexResponse {
        index: Some(index(version)),
        provenance: Some(opened.provenance(|used| used.id == dataset)),
        ..Default::default()
    };
    if let Some(next) = page.get(size).filter(|_| page.len() > size) {
        let position = day_number(next.day).to_le_bytes().to_vec();
        response.next_page_token = PageToken { release: opened.moment.release, position }.encode(GET, &bare);
    }
    page.truncate(size);
    if page.is_empty() && resumed.is_none() {
        let detail = format!("{} has no observation in these days", request.name);
        response.emptiness = Some(emptiness(&Emptiness::new(EmptyReason::NotCovered, detail)));
    }
    let wire = |observation: &crate::energy::price::index::Observation| pb::Observation {
        date: Some(date(observation.day)),
        value: Some(decimal(observation.value.to_string())),
    };
    response.observations = page.iter().map(wire).collect();
    Ok(response)
}

pub async fn list(
    energy: &Energy,
    request: pb::ListPriceIndexesRequest,
    deadline: &Deadline,
) -> Result<pb::ListPriceIndexesResponse, Error> {
    let mut violations = Violations::default();
    let asked = words(violations.text("query", &request.query, 200));
    let clocks = decode::clocks(request.as_of.as_ref(), None, &mut violations);
    violations.check()?;
    let size = page_size(request.page_size, 100, policy::rows_max(LIST))?;
    let bare = pb::ListPriceIndexesRequest { page_token: String::new(), page_size: 0, ..request.clone() };
    let token = PageToken::decode(&request.page_token, "page_token", LIST, &bare)?;
    let opened = energy.open(clocks, token.as_ref().map(|token| token.release), deadline).await?;
    let after = token.and_then(|token| behind(&token));
    let is_first = after.is_none();
    let fits = |version: &&Version<Series>| {
        let own = words(&format!("{} {}", version.value.id, version.value.title));
        asked.iter().all(|word| own.contains(word))
    };
    let visible = opened.library.indexes.visible(opened.moment, after.as_ref());
    let mut page: Vec<&Version<Series>> =
        visible.filter(|version| asked.is_empty() || fits(version)).take(size + 1).collect();
    let more = page.len() > size;
    page.truncate(size);
    let mut response = pb::ListPriceIndexesResponse {
        indexes: page.iter().map(|version| index(version)).collect(),
        provenance: Some(opened.provenance(|dataset| dataset.spec.kind == DatasetKind::PriceIndexes)),
        ..Default::default()
    };
    if let (true, Some(last)) = (more, page.last()) {
        response.next_page_token = token_behind(last, &opened).encode(LIST, &bare);
    }
    if page.is_empty() && is_first {
        response.emptiness = Some(emptiness(&opened.why_none(DatasetKind::PriceIndexes, "price indexes")));
    }
    Ok(response)
}
