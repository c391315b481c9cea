//! Conversions of quantities and prices.

use super::request as decode;
use crate::energy::answer::convert_quantity::{Answer, Question, Units};
use crate::energy::quantity::factor::Kind;
use crate::energy::quantity::{Factor, Refusal, own, price};
use crate::proto::entrepot::energy::v1 as pb;
use crate::rpc::wire::quantity;
use crate::rpc::{Error, Violations};
use crate::value::Ratio;

pub fn convert_question(request: &pb::ConvertQuantityRequest) -> Result<Question, Error> {
    let mut violations = Violations::of(request);
    if request.quantity.as_ref().is_none_or(|quantity| quantity.value.is_none()) {
        violations.add("quantity.value", "is missing");
    }
    let value = decode::value("quantity", request.quantity.as_ref(), &mut violations);
    let units = units(request, &mut violations);
    let named = decode::factor_set("factor_set", &request.factor_set, &mut violations);
    let own_factors = own_factors(request, &mut violations);
    let set = if own_factors.is_empty() {
        named
    } else {
        own::with(own_factors, named.as_ref()).map_err(|problem| violations.add("factors", problem)).ok()
    };
    let question = value.zip(units).map(|(value, units)| Question { value, units, set });
    decode::checked(question, violations)
}

/// Both units; a price goes to a price.
fn units(request: &pb::ConvertQuantityRequest, violations: &mut Violations) -> Option<Units> {
    let (from, to) = (request.quantity.as_ref().map_or("", |quantity| &quantity.unit), &request.target_unit);
    let mut price = |field: &str, text: &str| {
        price::unit(text).map(|unit| match unit {
            Ok(unit) => Some(unit),
            Err(error) => {
                violations.add(field, error.to_string());
                None
            }
        })
    };
    match (price("quantity.unit", from), price("target_unit", to)) {
        (Some(from), Some(to)) => from.zip(to).map(|(from, to)| Units::Price(from, to)),
        (None, None) => {
            let from = decode::unit("quantity.unit", from, violations);
            from.zip(decode::unit("target_unit", to, violations)).map(|(from, to)| Units::Quantity(from, to))
        }
        _ => {
            violations
                .add("target_unit", Refusal::PriceAndQuantity { from: from.to_owned(), to: to.clone() }.to_string());
            None
        }
    }
}

fn own_factors(request: &pb::ConvertQuantityRequest, violations: &mut Violations) -> Vec<Factor> {
    if !violations.keeps_rules("factors") || !violations.keeps_rules("calorific_values") {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (index, factor) in request.factors.iter().enumerate() {
        let at = |field: &str| format!("factors[{index}].{field}");
        let from = decode::unit(&at("source_unit"), &factor.source_unit, violations);
        let to = decode::unit(&at("target_unit"), &factor.target_unit, violations);
        let ratio = violations.text(&at("factor"), &factor.factor).parse::<Ratio>();
        let ratio = ratio.map_err(|problem| violations.add(at("factor"), problem)).ok();
        let Some(((from, to), ratio)) = from.zip(to).zip(ratio) else { continue };
        match own::factor(from, to, ratio) {
            Ok(factor) => found.push(factor),
            Err(problem) => violations.add(at("factor"), problem),
        }
    }
    for (index, calorific) in request.calorific_values.iter().enumerate() {
        let at = |field: &str| format!("calorific_values[{index}].{field}");
        if calorific.value.is_none() {
            violations.add(at("value"), "is missing");
        }
        let Some(value) = decode::decimal(&at("value"), calorific.value.as_ref(), violations) else { continue };
        match own::calorific_value(value, violations.text(&at("unit"), &calorific.unit)) {
            Ok(factor) => found.push(factor),
            Err(problem) => violations.add(at("unit"), problem),
        }
    }
    found
}

/// `request` is repeated in the answer where it brought factors of its own.
pub fn convert_response(answer: Answer, request: &pb::ConvertQuantityRequest) -> pb::ConvertQuantityResponse {
    let Answer { converted, unit } = answer;
    let steps = converted.path.into_iter().map(|step| pb::ConversionStep {
        source_unit: step.from,
        target_unit: step.to,
        factor: step.factor.to_string(),
        kind: kind(step.kind).into(),
        source: step.source,
    });
    pb::ConvertQuantityResponse {
        quantity: Some(quantity(converted.value.to_string(), unit)),
        factor_set: converted.factor_set,
        exact: converted.exact,
        rounded: converted.rounded,
        steps: steps.collect(),
        factors: request.factors.clone(),
        calorific_values: request.calorific_values.clone(),
    }
}

fn kind(kind: Kind) -> pb::ConversionKind {
    match kind {
        Kind::Exact => pb::ConversionKind::Exact,
        Kind::IdealGas => pb::ConversionKind::IdealGas,
        Kind::Tabulated => pb::ConversionKind::Tabulated,
        Kind::Convention => pb::ConversionKind::Convention,
        Kind::Contract => pb::ConversionKind::Contract,
        Kind::Typical => pb::ConversionKind::Typical,
        Kind::Assumed => pb::ConversionKind::Assumed,
        Kind::Unverified => pb::ConversionKind::Unverified,
    }
}
