//! Conversions of quantities.

use super::request as decode;
use crate::energy::answer::convert_quantity::Question;
use crate::energy::quantity::Converted;
use crate::proto::entrepot::energy::v1 as pb;
use crate::rpc::wire::decimal;
use crate::rpc::{Error, Violations};

pub fn convert_question(request: &pb::ConvertQuantityRequest) -> Result<Question, Error> {
    let mut violations = Violations::default();
    if request.value.is_none() {
        violations.add("value", "is missing");
    }
    let value = decode::decimal("value", request.value.as_ref(), &mut violations);
    let from = decode::unit("from_unit", &request.from_unit, &mut violations);
    let to = decode::unit("to_unit", &request.to_unit, &mut violations);
    let set = decode::factor_set("factor_set", &request.factor_set, &mut violations);
    let units = from.zip(to);
    let question = value.zip(units).map(|(value, (from, to))| Question { value, from, to, set });
    decode::checked(question, violations)
}

pub fn convert_response(answer: Converted) -> pb::ConvertQuantityResponse {
    let steps = answer.path.into_iter().map(|step| pb::ConversionStep {
        from_unit: step.from,
        to_unit: step.to,
        factor: step.factor.to_string(),
        kind: step.kind.text().to_owned(),
        source: step.source,
    });
    pb::ConvertQuantityResponse {
        value: Some(decimal(answer.value.to_string())),
        unit: answer.unit.to_string(),
        factor_set: answer.factor_set,
        exact: answer.exact,
        rounded: answer.rounded,
        steps: steps.collect(),
    }
}
