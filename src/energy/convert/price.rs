//! Prices of contracts by month.

use super::index::frequency;
use super::request as decode;
use crate::energy::answer::price_contract::{Answer, Line, Question};
use crate::energy::price::{Error as NoPrice, Frequency, Mean, WindowUsed};
use crate::proto::entrepot::energy::v1 as pb;
use crate::rpc::wire::{decimal, provenance};
use crate::rpc::{Error, Violations};
use crate::value::Month;

pub fn price_question(request: &pb::PriceContractRequest) -> Result<Question, Error> {
    let mut violations = Violations::of(request);
    let name = decode::name("contracts", "name", &request.name, &mut violations);
    let months = decode::months(request.start_month.as_ref(), request.end_month.as_ref(), &mut violations);
    let supplied = decode::supplied(&request.supplied_terms, &mut violations);
    let datasets = violations.lists("index_datasets", &request.index_datasets);
    let clocks = violations.clocks(request.clock.as_ref());
    let (name, months) = decode::checked(name.zip(months), violations)?;
    Ok(Question { name, months, supplied, datasets, prices_only: request.prices_only, clocks })
}

pub fn price_response(answer: Answer) -> pb::PriceContractResponse {
    pb::PriceContractResponse {
        formula: answer.formula,
        unit: answer.unit,
        lines: answer.lines.into_iter().map(line).collect(),
        indexes: answer.indexes.iter().map(|index| index.resource("indexes")).collect(),
        provenance: Some(provenance(answer.sources, answer.notes)),
    }
}

fn line(line: Line) -> pb::PriceLine {
    let mut wire = pb::PriceLine {
        month: Some(decode::wire_month(line.month)),
        provisional: !line.provisional.is_empty(),
        provisional_reasons: line.provisional,
        ..Default::default()
    };
    match line.price {
        Ok(priced) => {
            wire.price = Some(decimal(priced.value.to_string()));
            wire.windows = priced.windows.iter().map(window).collect();
            wire.steps = priced.steps;
        }
        Err(error) => {
            wire.no_price = Some(pb::NoPrice { reason: reason(&error).into(), detail: error.to_string() });
            wire.missing = match error {
                NoPrice::Missing { index, periods } => Some(pb::MissingIndex { index, periods }),
                NoPrice::UnknownIndex(index) => Some(pb::MissingIndex { index, periods: Vec::new() }),
                _ => None,
            };
        }
    }
    wire
}

fn reason(error: &NoPrice) -> pb::NoPriceReason {
    match error {
        NoPrice::Missing { .. } => pb::NoPriceReason::ValueMissing,
        NoPrice::UnknownIndex(_) => pb::NoPriceReason::IndexUnknown,
        NoPrice::TooCoarse { .. } => pb::NoPriceReason::IndexTooCoarse,
        NoPrice::DivisionByZero(_) => pb::NoPriceReason::DivisionByZero,
        NoPrice::Overflow(_) => pb::NoPriceReason::TooManyDigits,
        NoPrice::Calendar(_) => pb::NoPriceReason::BeyondCalendar,
        // These refuse the whole request.
        NoPrice::UnknownFormula(_) | NoPrice::Cycle(_) | NoPrice::Invalid(_) => pb::NoPriceReason::Unspecified,
    }
}

fn window(window: &WindowUsed) -> pb::PriceWindow {
    let (first, last) = window.months;
    pb::PriceWindow {
        index: window.index.clone(),
        start_month: Some(decode::wire_month(first)),
        end_month: Some(decode::wire_month(last)),
        mean: Some(decimal(window.mean.to_string())),
        values: window.values.iter().map(|(first, mean)| value(window.frequency, *first, *mean)).collect(),
        frequency: frequency(window.frequency).into(),
    }
}

fn value(frequency: Frequency, first: Month, mean: Mean) -> pb::WindowValue {
    let count = |count: Option<u32>| count.map(|count| i32::try_from(count).unwrap_or(i32::MAX));
    pb::WindowValue {
        period: frequency.period_text(first),
        value: Some(decimal(mean.value.to_string())),
        days_observed: count(mean.observed),
        weekdays: count(mean.weekdays),
        provisional: mean.provisional.map(|why| why.to_string()).unwrap_or_default(),
    }
}
