//! Conversion of a quantity. Factor sets are part of the program: no store is asked.

use rust_decimal::Decimal;

use crate::energy::quantity::{Converted, FactorSet, Refusal, Unit, convert};
use crate::rpc::Error;

pub struct Question {
    pub value: Decimal,
    pub from: Unit,
    pub to: Unit,
    pub set: Option<FactorSet>,
}

pub fn answer(question: &Question) -> Result<Converted, Error> {
    let Question { value, from, to, set } = question;
    convert(*value, *from, *to, set.as_ref()).map_err(|refusal| with_sets(refusal, *from, *to))
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
