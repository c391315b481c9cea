//! Price indexes and their observations.

use super::request as decode;
use crate::energy::answer::{Record, get_price_index, list_price_indexes};
use crate::energy::price::index::{Frequency, Observation, Series};
use crate::proto::entrepot::energy::v1 as pb;
use crate::rpc::validate::TEXT_MAX;
use crate::rpc::wire::{date, decimal, emptiness, provenance};
use crate::rpc::{Error, Page, Violations};
use crate::value::words::words;

const GET: &str = "/entrepot.energy.v1.EnergyService/GetPriceIndex";
const LIST: &str = "/entrepot.energy.v1.EnergyService/ListPriceIndexes";

pub fn get_question(request: &pb::GetPriceIndexRequest) -> Result<get_price_index::Question, Error> {
    let mut violations = Violations::default();
    let name = decode::name("indexes", "name", &request.name, &mut violations);
    let (from, until) = decode::days(request.start_date.as_ref(), request.end_date.as_ref(), &mut violations);
    let clocks = decode::clocks(request.as_of.as_ref(), None, &mut violations);
    let name = decode::checked(name, violations)?;
    Ok(get_price_index::Question { name, from, until, clocks, page: Page::of(GET, request, 1_000)? })
}

pub fn get_response(answer: get_price_index::Answer) -> pb::GetPriceIndexResponse {
    let observation =
        |Observation { day, value }| pb::Observation { date: Some(date(day)), value: Some(decimal(value.to_string())) };
    pb::GetPriceIndexResponse {
        index: Some(index(answer.index)),
        observations: answer.observations.into_iter().map(observation).collect(),
        next_page_token: answer.next_page_token,
        provenance: Some(provenance(answer.sources)),
        emptiness: answer.emptiness.as_ref().map(emptiness),
    }
}

pub fn list_question(request: &pb::ListPriceIndexesRequest) -> Result<list_price_indexes::Question, Error> {
    let mut violations = Violations::default();
    let query = words(violations.text("query", &request.query, TEXT_MAX));
    let clocks = decode::clocks(request.as_of.as_ref(), None, &mut violations);
    violations.check()?;
    Ok(list_price_indexes::Question { query, clocks, page: Page::of(LIST, request, 100)? })
}

pub fn list_response(answer: list_price_indexes::Answer) -> pb::ListPriceIndexesResponse {
    pb::ListPriceIndexesResponse {
        indexes: answer.indexes.into_iter().map(index).collect(),
        next_page_token: answer.next_page_token,
        provenance: Some(provenance(answer.sources)),
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
