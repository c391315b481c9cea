//! Deliveries, and what they come to within a range of days: they may contradict one another or leave days open.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::contract::Confidence;
use super::quantity::{FactorSet, Refusal, Unit, convert, text};
use super::schedule::years::days_between;
use crate::value::decimal::{self, Overflow};

/// What was delivered in a period.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Delivery {
    pub subject: String,
    pub from: Date,
    pub to: Date,
    pub value: Decimal,
    pub unit: String,
    pub source: String,
    pub confidence: Confidence,
    /// Identifier of the netting rule (`energy::netting::RULES`) by which this figure counts; empty when it is the
    /// source's own and needed none.
    pub rule: String,
    pub note: String,
}

/// What lies wholly within the days.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Delivered {
    pub total: Decimal,
    /// Days that the deliveries cover.
    pub days: i64,
}

/// Why there is no figure.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Error {
    #[error("deliveries contradict one another: {left} and {right}")]
    Contradiction { left: String, right: String },
    #[error("a delivery of {from} to {to}: {refusal}")]
    Unit { from: Date, to: Date, refusal: Refusal },
    /// The importer takes none such.
    #[error(transparent)]
    Unreadable(#[from] text::UnitError),
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

fn shown(delivery: &Delivery) -> String {
    let Delivery { from, to, value, unit, source, .. } = delivery;
    format!("{value} {unit} of {from} to {to} ({source})")
}

/// Adds the deliveries that lie wholly within the days, in an amount's unit; `None` when there is none. The same figure for
/// the same days from two sources counts once; other overlaps are refused, for which of them is right nobody can say.
pub fn within(
    deliveries: &[Delivery],
    (first, last): (Date, Date),
    unit: Unit,
    set: Option<&FactorSet>,
) -> Result<Option<Delivered>, Error> {
    let mut inside: Vec<&Delivery> =
        deliveries.iter().filter(|delivery| first <= delivery.from && delivery.to <= last).collect();
    inside.sort_by_key(|delivery| (delivery.from, delivery.to));
    let mut counted: Option<Delivered> = None;
    let mut previous: Option<&Delivery> = None;
    for delivery in inside {
        if let Some(previous) = previous.filter(|previous| delivery.from <= previous.to) {
            let is_same = (previous.from, previous.to, previous.value, &previous.unit)
                == (delivery.from, delivery.to, delivery.value, &delivery.unit);
            if is_same {
                continue;
            }
            return Err(Error::Contradiction { left: shown(previous), right: shown(delivery) });
        }
        let value = converted(delivery, unit, set)?;
        let total = counted.get_or_insert(Delivered { total: Decimal::ZERO, days: 0 });
        total.total = decimal::add(total.total, value)?;
        total.days += days_between(delivery.from, delivery.to);
        previous = Some(delivery);
    }
    Ok(counted)
}

fn converted(delivery: &Delivery, unit: Unit, set: Option<&FactorSet>) -> Result<Decimal, Error> {
    let refused = |refusal| Error::Unit { from: delivery.from, to: delivery.to, refusal };
    let own = text::unit(&delivery.unit)?;
    // Of the same unit even without a basis: nothing is converted.
    if own == unit {
        return Ok(delivery.value);
    }
    let converted = convert(delivery.value, own, unit, set).map_err(refused)?;
    // Where the target leaves its basis open, another basis would come through unseen.
    if converted.unit != unit {
        let (from, to) = (own.to_string(), unit.to_string());
        return Err(refused(match unit.basis.unknown() {
            Some(what) => Refusal::UnknownBasis { unit: to, what },
            None => Refusal::DifferentBasis { from, to },
        }));
    }
    Ok(converted.value)
}

#[cfg(test)]
mod tests {
    use super::super::quantity::factor;
    use super::*;
    use crate::value::decimal::d;

    fn delivery(from: &str, to: &str, value: &str, unit: &str, source: &str) -> Delivery {
        Delivery {
            subject: "A".into(),
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
            value: d(value),
            unit: unit.into(),
            source: source.into(),
            confidence: Confidence::High,
            rule: String::new(),
            note: String::new(),
        }
    }

    fn year(deliveries: &[Delivery], unit: &str, set: &str) -> Result<Option<(Decimal, i64)>, String> {
        let sets = factor::standard().unwrap();
        let set = sets.iter().find(|known| known.name == set);
        let days = ("2021-01-01".parse().unwrap(), "2021-12-31".parse().unwrap());
        let found = within(deliveries, days, text::unit(unit).unwrap(), set);
        found.map(|found| found.map(|found| (found.total, found.days))).map_err(|error| error.to_string())
    }

    #[test]
    fn deliveries_within_the_days_are_added() {
        let halves = [
            delivery("2021-07-01", "2021-12-31", "6.5", "bcm@20C", "a"),
            delivery("2021-01-01", "2021-06-30", "5000", "mcm@20C", "b"),
            delivery("2020-12-01", "2021-01-31", "9", "bcm@20C", "c"),
        ];
        assert_eq!(year(&halves, "bcm@20C", ""), Ok(Some((d("11.5"), 365))));
        assert_eq!(year(&halves[..1], "bcm@20C", ""), Ok(Some((d("6.5"), 184))));
        assert_eq!(year(&[], "bcm@20C", ""), Ok(None));
    }

    #[test]
    fn sources_that_agree_count_once_and_others_are_refused() {
        let of = |value, source| delivery("2021-01-01", "2021-12-31", value, "bcm@20C", source);
        assert_eq!(year(&[of("10.39", "a"), of("10.390", "b")], "bcm@20C", ""), Ok(Some((d("10.39"), 365))));
        let error = year(&[of("10.39", "a"), of("7.6", "b")], "bcm@20C", "").unwrap_err();
        assert!(error.contains("10.39 bcm@20C of 2021-01-01 to 2021-12-31 (a) and 7.6"), "{error}");
    }

    #[test]
    fn another_basis_needs_a_factor_set() {
        let of = delivery("2021-01-01", "2021-12-31", "10", "bcm@20C", "a");
        assert!(year(std::slice::from_ref(&of), "bcm", "").unwrap_err().contains("does not say the temperature"));
        assert!(year(std::slice::from_ref(&of), "bcm@15C", "").unwrap_err().contains("name a factor set"));
        let at_15 = year(&[of], "bcm@15C", "ideal-gas").unwrap().unwrap().0;
        assert_eq!(at_15.round_dp(6), d("9.829439"));
    }
}

pub mod netting;
