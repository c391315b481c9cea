//! Price indexes and their observations.

use super::request as decode;
use crate::energy::answer::{Record, get_price_index, list_price_indexes, list_price_observations};
use crate::energy::price::index::{Frequency, Observation, Series};
use crate::proto::entrepot::energy::v1 as pb;
use crate::rpc::wire::{date, decimal, emptiness, provenance};
use crate::rpc::{Error, Page, Violations};
use crate::value::words::words;

const OBSERVATIONS: &str = "/entrepot.energy.v1.EnergyService/ListPriceObservations";
const LIST: &str = "/entrepot.energy.v1.EnergyService/ListPriceIndexes";

pub fn get_question(request: &pb::GetPriceIndexRequest) -> Result<get_price_index::Question, Error> {
    let mut violations = Violations::of(request);
    let name = decode::name("indexes", "name", &request.name, &mut violations);
    let clocks = violations.store_clock(request.clock.as_ref());
    Ok(get_price_index::Question { name: decode::checked(name, violations)?, clocks })
}

pub fn get_response(answer: get_price_index::Answer) -> pb::GetPriceIndexResponse {
    pb::GetPriceIndexResponse {
        index: Some(index(answer.index)),
        provenance: Some(provenance(answer.sources, Vec::new())),
    }
}

pub fn observations_question(
    request: &pb::ListPriceObservationsRequest,
) -> Result<list_price_observations::Question, Error> {
    let mut violations = Violations::of(request);
    let name = decode::name("indexes", "parent", &request.parent, &mut violations);
    let filter = request.filter.unwrap_or_default();
    let (from, until) = decode::days(filter.start_date.as_ref(), filter.end_date.as_ref(), &mut violations);
    let clocks = violations.store_clock(request.clock.as_ref());
    let name = decode::checked(name, violations)?;
    let page = Page::of(OBSERVATIONS, request, 1_000)?;
    Ok(list_price_observations::Question { name, from, until, clocks, page })
}

pub fn observations_response(answer: list_price_observations::Answer) -> pb::ListPriceObservationsResponse {
    let observation =
        |Observation { day, value }| pb::Observation { date: Some(date(day)), value: Some(decimal(value.to_string())) };
    pb::ListPriceObservationsResponse {
        observations: answer.observations.into_iter().map(observation).collect(),
        next_page_token: answer.next_page_token,
        provenance: Some(provenance(answer.sources, Vec::new())),
        emptiness: answer.emptiness.as_ref().map(emptiness),
    }
}

pub fn list_question(request: &pb::ListPriceIndexesRequest) -> Result<list_price_indexes::Question, Error> {
    let mut violations = Violations::of(request);
    let query = request.filter.as_ref().map_or("", |filter| filter.query.as_str());
    let query = words(violations.text("filter.query", query));
    let clocks = violations.store_clock(request.clock.as_ref());
    violations.check()?;
    Ok(list_price_indexes::Question { query, clocks, page: Page::of(LIST, request, 100)? })
}

pub fn list_response(answer: list_price_indexes::Answer) -> pb::ListPriceIndexesResponse {
    pb::ListPriceIndexesResponse {
        indexes: answer.indexes.into_iter().map(index).collect(),
        next_page_token: answer.next_page_token,
        provenance: Some(provenance(answer.sources, Vec::new())),
        emptiness: answer.emptiness.as_ref().map(emptiness),
    }
}

pub fn frequency(frequency: Frequency) -> pb::IndexFrequency {
    match frequency {
        Frequency::Daily => pb::IndexFrequency::Daily,
        Frequency::Weekly => pb::IndexFrequency::Weekly,
        Frequency::Monthly => pb::IndexFrequency::Monthly,
        Frequency::Quarterly => pb::IndexFrequency::Quarterly,
        Frequency::Yearly => pb::IndexFrequency::Yearly,
    }
}

fn index(record: Record<Series>) -> pb::PriceIndex {
    let Record { name, value, .. } = record;
    pb::PriceIndex {
        name: name.resource("indexes"),
        id: value.id,
        dataset: format!("datasets/{}", name.book),
        display_name: value.title,
        unit: value.unit,
        frequency: frequency(value.frequency).into(),
        source: value.source,
    }
}
