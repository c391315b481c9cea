//! Conversion of a quantity or a price. Factor sets are part of the program: no store is asked.

use rust_decimal::Decimal;

use crate::energy::quantity::price::{PriceUnit, convert_price};
use crate::energy::quantity::{Converted, FactorSet, Refusal, Unit, convert};
use crate::rpc::Error;

/// What is converted into what.
pub enum Units {
    Quantity(Unit, Unit),
    Price(PriceUnit, PriceUnit),
}

pub struct Question {
    pub value: Decimal,
    pub units: Units,
    pub set: Option<FactorSet>,
}

pub struct Answer {
    pub converted: Converted,
    /// With its basis.
    pub unit: String,
}

pub fn answer(question: &Question) -> Result<Answer, Error> {
    let Question { value, units, set } = question;
    match units {
        Units::Quantity(from, to) => {
            let converted = convert(*value, *from, *to, set.as_ref());
            let converted = converted.map_err(|refusal| with_sets(refusal, *from, *to))?;
            Ok(Answer { unit: converted.unit.to_string(), converted })
        }
        Units::Price(from, to) => {
            let price = convert_price(*value, *from, *to, set.as_ref());
            let price = price.map_err(|refusal| with_sets(refusal, from.amount, to.amount))?;
            Ok(Answer { unit: price.unit.to_string(), converted: price.converted })
        }
    }
}

/// Says which factor sets would do, where one could.
fn with_sets(refusal: Refusal, from: Unit, to: Unit) -> Error {
    let is_of_bases = !matches!(refusal, Refusal::DifferentCurrency { .. } | Refusal::Overflow);
    match Error::from(refusal) {
        Error::Precondition(reason, message) if is_of_bases => {
            let sets = super::sets_for(&[from], to);
            let sets = if sets.is_empty() {
                "; no factor set leads there: the request may bring `factors` or `calorific_values`".to_owned()
            } else {
                sets
            };
            Error::Precondition(reason, format!("{message}{sets}"))
        }
        other => other,
    }
}
