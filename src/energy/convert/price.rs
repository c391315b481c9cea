//! Prices of contracts by month.

use rust_decimal::Decimal;

use super::request as decode;
use crate::energy::answer::price_contract::{Answer, Gap, Line, Question};
use crate::energy::price::WindowUsed;
use crate::proto::entrepot::energy::v1 as pb;
use crate::rpc::wire::{decimal, provenance};
use crate::rpc::{Error, Violations};
use crate::value::Month;

pub fn price_question(request: &pb::PriceContractRequest) -> Result<Question, Error> {
    let mut violations = Violations::default();
    let name = decode::name("contracts", "name", &request.name, &mut violations);
    let months = decode::months(&request.first_month, &request.last_month, &mut violations);
    let supplied = decode::supplied(&request.supplied_terms, &mut violations);
    let datasets = violations.lists("index_datasets", &request.index_datasets);
    let clocks = decode::clocks(request.as_of.as_ref(), request.in_force_on.as_ref(), &mut violations);
    let (name, months) = decode::checked(name.zip(months), violations)?;
    Ok(Question { name, months, supplied, datasets, prices_only: request.prices_only, clocks })
}

pub fn price_response(answer: Answer) -> pb::PriceContractResponse {
    pb::PriceContractResponse {
        formula: answer.formula,
        unit: answer.unit,
        lines: answer.lines.into_iter().map(line).collect(),
        indexes: answer.indexes.iter().map(|index| index.resource("indexes")).collect(),
        notes: answer.notes,
        provenance: Some(provenance(answer.sources)),
    }
}

fn line(line: Line) -> pb::PriceLine {
    let mut wire = pb::PriceLine { month: line.month.to_string(), ..Default::default() };
    match line.price {
        Ok(priced) => {
            wire.price = Some(decimal(priced.value.to_string()));
            wire.windows = priced.windows.iter().map(window).collect();
            wire.steps = priced.steps;
        }
        Err(Gap { index, months }) => {
            let months = months.iter().map(ToString::to_string).collect();
            wire.missing = Some(pb::MissingIndex { index, months });
        }
    }
    wire
}

fn window(window: &WindowUsed) -> pb::PriceWindow {
    let month = |month: Option<&(Month, Decimal)>| month.map(|(month, _)| month.to_string()).unwrap_or_default();
    pb::PriceWindow {
        index: window.index.clone(),
        first_month: month(window.months.first()),
        last_month: month(window.months.last()),
        mean: Some(decimal(window.mean.to_string())),
        values: window.months.iter().map(|(_, value)| decimal(value.to_string())).collect(),
    }
}
