//! Conversion of a quantity. Factor sets are part of the program: no store is asked.

use crate::energy::convert::request as decode;
use crate::energy::quantity::{Converted, Refusal, Unit, convert};
use crate::proto::entrepot::energy::v1 as pb;
use crate::rpc::wire::decimal;
use crate::rpc::{Error, Violations};

pub fn answer(request: &pb::ConvertQuantityRequest) -> Result<pb::ConvertQuantityResponse, Error> {
    let mut violations = Violations::default();
    if request.value.is_none() {
        violations.add("value", "is missing");
    }
    let value = decode::decimal("value", request.value.as_ref(), &mut violations);
    let from = decode::unit("from_unit", &request.from_unit, &mut violations);
    let to = decode::unit("to_unit", &request.to_unit, &mut violations);
    let set = decode::factor_set("factor_set", &request.factor_set, &mut violations);
    violations.check()?;
    let (Some(value), Some(from), Some(to)) = (value, from, to) else {
        return Err(Error::invalid("value", "is missing"));
    };
    let Converted { value, unit, path, factor_set, exact, rounded, .. } =
        convert(value, from, to, set.as_ref()).map_err(|refusal| with_sets(refusal, from, to))?;
    let steps = path.into_iter().map(|step| pb::ConversionStep {
        from_unit: step.from,
        to_unit: step.to,
        factor: step.factor.to_string(),
        kind: step.kind.text().to_owned(),
        source: step.source,
    });
    Ok(pb::ConvertQuantityResponse {
        value: Some(decimal(value.to_string())),
        unit: unit.to_string(),
        factor_set,
        exact,
        rounded,
        steps: steps.collect(),
    })
}

/// Says which factor sets would do.
fn with_sets(refusal: Refusal, from: Unit, to: Unit) -> Error {
    match Error::from(refusal) {
        Error::Precondition(reason, message) => {
            let sets = super::sets_for(&[from], to);
            let sets = if sets.is_empty() { "; no factor set leads there".to_owned() } else { sets };
            Error::Precondition(reason, format!("{message}{sets}"))
        }
        other => other,
    }
}
