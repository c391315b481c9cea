//! What a fact must be to stand in a contract, whether a book or a request says it: values that its field can have.

use rust_decimal::Decimal;

use super::reading::{self, percentage};
use super::{Fact, FactState, Field};
use crate::energy::price::Formula;
use crate::energy::quantity::text;
use crate::value::{Span, decimal};

/// Values of [`Field::Stage`].
pub const STAGES: &[&str] = &[
    "memorandum",
    "letter_of_intent",
    "heads_of_agreement",
    "sale_and_purchase_agreement",
    "gas_supply_agreement",
    "tolling_agreement",
    "transit_agreement",
    "term_supply",
    "prepayment",
    "power_purchase_agreement",
    "intergovernmental_agreement",
    "amendment",
];
/// Values of [`Field::LegalStatus`].
pub const LEGAL: &[&str] = &[
    "proposed",
    "signed",
    "conditions_pending",
    "in_force",
    "suspended",
    "force_majeure",
    "expired",
    "terminated",
    "superseded",
    "announced",
];
/// Values of [`Field::PhysicalState`].
pub const PHYSICAL: &[&str] = &["none", "building", "flowing", "reduced", "stopped"];

/// What is wrong with a fact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// As the book format names it.
    pub field: &'static str,
    pub value: String,
    pub reason: String,
}

impl Problem {
    fn new(field: &'static str, value: &str, reason: impl Into<String>) -> Self {
        Self { field, value: value.to_owned(), reason: reason.into() }
    }
}

/// What a fact can be checked for by itself.
pub fn check(fact: &Fact) -> Result<(), Problem> {
    let wrong = |column: &'static str, value: &str, reason: String| Err(Problem::new(column, value, reason));
    let value = fact.value.as_str();
    if (fact.state == FactState::Extracted) == value.is_empty() {
        let reason = "an extracted fact has a value, and any other has none (a note may hold it)";
        return wrong("value", value, reason.into());
    }
    if let (Some(from), Some(until)) = (fact.from, fact.until)
        && until.last < from.first
    {
        return wrong("until", &until.to_string(), format!("lies before the beginning, {from}"));
    }
    if let (Some(first), Some(last)) = (fact.first_year, fact.last_year)
        && last < first
    {
        return wrong("last_year", &last.to_string(), format!("lies before the first year, {first}"));
    }
    if value.is_empty() {
        return Ok(());
    }
    let among = |words: &[&str]| -> Result<(), Problem> {
        if words.contains(&value) {
            return Ok(());
        }
        wrong("value", value, format!("is not known; expected {}", words.join(", ")))
    };
    match fact.field {
        Field::Signed | Field::Start | Field::End => {
            value.parse::<Span>().map(|_| ()).map_err(|problem| Problem::new("value", value, problem))
        }
        Field::Acq | Field::Dcq | Field::TotalQuantity => amount(fact),
        Field::TakeOrPayShare => percentage(value).map(|_| ()).map_err(|problem| Problem::new("value", value, problem)),
        Field::DownwardTolerance | Field::UpwardOption | Field::Swing | Field::CarryForwardCap => {
            if value.ends_with('%') {
                return percentage(value).map(|_| ()).map_err(|problem| Problem::new("value", value, problem));
            }
            if ["unlimited", "none"].contains(&value) { Ok(()) } else { amount(fact) }
        }
        Field::SeasonalProfile => {
            seasonal_profile(value).map(|_| ()).map_err(|problem| Problem::new("value", value, problem))
        }
        Field::ShortYear => among(&["pro_rata", "as_stated"]),
        Field::MakeUpOrder => among(&["after_acq", "after_take_or_pay", "first", "none"]),
        Field::Stage => among(STAGES),
        Field::LegalStatus => among(LEGAL),
        Field::PhysicalState => among(PHYSICAL),
        Field::PriceFormula => {
            let formula: Formula = serde_json::from_str(value)
                .map_err(|error| Problem::new("value", value, format!("is not a valid price formula: {error}")))?;
            formula.check().map_err(|error| Problem::new("value", value, error.to_string()))
        }
        // Whatever a schedule, a ledger or an outlook would read must be readable, or it would be passed over there.
        _ => match reading::problem(fact) {
            Some(reason) => wrong("value", value, reason),
            None => Ok(()),
        },
    }
}

/// Twelve percentages from January on, divided by blanks, which come to 100: `9 9 8.5 ...`.
fn seasonal_profile(text: &str) -> Result<Vec<Decimal>, String> {
    let shares: Vec<_> = text.split_whitespace().map(decimal::read).collect::<Result<_, _>>()?;
    let total = decimal::sum(shares.iter().copied()).map_err(|error| error.to_string())?;
    if shares.len() != 12 || total != Decimal::ONE_HUNDRED || shares.iter().any(|share| share.is_sign_negative()) {
        return Err(format!("{} shares that come to {total} %; expected twelve that come to 100", shares.len()));
    }
    Ok(shares)
}

/// A quantity that is not negative, with a unit.
fn amount(fact: &Fact) -> Result<(), Problem> {
    let number = decimal::read(&fact.value).map_err(|problem| Problem::new("value", &fact.value, problem))?;
    if number.is_sign_negative() {
        return Err(Problem::new("value", &fact.value, "is negative"));
    }
    text::unit(&fact.unit).map(|_| ()).map_err(|error| Problem::new("unit", &fact.unit, error.reason))
}
