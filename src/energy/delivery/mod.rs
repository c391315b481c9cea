//! Deliveries, and what they come to within a range of days: they may contradict one another or leave days open.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::contract::Confidence;
use super::quantity::{FactorSet, Refusal, Unit, add, convert_exactly, text};
use super::schedule::years::days_between;
use crate::value::Ratio;
use crate::value::decimal::Overflow;

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
    /// The sum, to be rounded once.
    pub total: Ratio,
    /// Days that the deliveries cover.
    pub days: i64,
    /// Sources of what was added, in the order of preference.
    pub sources: Vec<String>,
    /// What other sources say of the same days, in words.
    pub left_aside: Vec<String>,
    /// Nothing but its name put a source before another that says something else.
    pub is_undecided: bool,
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

/// Adds the deliveries that lie wholly within the days of a year and touch its days within the term, in an amount's unit;
/// `None` when there is none.
///
/// Of several sources the one of the best confidence comes first, then the one that covers more days, then the first by
/// name; the next ones fill in days of which no source before them says anything. One source that says two things of one
/// day is refused.
pub fn within(
    deliveries: &[Delivery],
    (first, last): (Date, Date),
    term: (Date, Date),
    unit: Unit,
    set: Option<&FactorSet>,
) -> Result<Option<Delivered>, Error> {
    let is_inside = |delivery: &&Delivery| {
        first <= delivery.from && delivery.to <= last && delivery.from <= term.1 && term.0 <= delivery.to
    };
    let mut by_source: BTreeMap<&str, Vec<&Delivery>> = BTreeMap::new();
    for delivery in deliveries.iter().filter(is_inside) {
        by_source.entry(&delivery.source).or_default().push(delivery);
    }
    let days_of = |delivery: &Delivery| days_between(delivery.from.max(term.0), delivery.to.min(term.1));
    let mut sources: Vec<((u8, i64), &str)> = Vec::new();
    for (source, rows) in &mut by_source {
        rows.sort_by_key(|row| (row.from, row.to));
        rows.dedup_by(|row, before| is_same(row, before));
        if let Some(pair) = rows.windows(2).find(|pair| pair[1].from <= pair[0].to) {
            return Err(Error::Contradiction { left: shown(pair[0]), right: shown(pair[1]) });
        }
        let doubt = rows.iter().map(|row| doubt(row.confidence)).max().unwrap_or_default();
        sources.push(((doubt, -rows.iter().map(|row| days_of(row)).sum::<i64>()), source));
    }
    sources.sort_unstable();
    if sources.is_empty() {
        return Ok(None);
    }
    let mut found =
        Delivered { total: Ratio::ZERO, days: 0, sources: Vec::new(), left_aside: Vec::new(), is_undecided: false };
    let mut taken: BTreeMap<Date, (&Delivery, (u8, i64))> = BTreeMap::new();
    for (rank, source) in sources {
        for row in by_source.get(source).into_iter().flatten() {
            if let Some((_, (other, of_rank))) =
                taken.range(..=row.to).next_back().filter(|(_, (other, _))| row.from <= other.to)
            {
                if !is_same(row, other) {
                    found.left_aside.push(format!("{}, where {} counts", shown(row), shown(other)));
                    found.is_undecided |= rank == *of_rank;
                }
                continue;
            }
            found.total = add(found.total, converted(row, unit, set)?)?;
            found.days += days_of(row);
            taken.insert(row.from, (row, rank));
            if !found.sources.iter().any(|known| known == source) {
                found.sources.push(source.to_owned());
            }
        }
    }
    Ok(Some(found))
}

/// The same figure for the same days.
fn is_same(left: &Delivery, right: &Delivery) -> bool {
    (left.from, left.to, left.value, &left.unit) == (right.from, right.to, right.value, &right.unit)
}

fn doubt(confidence: Confidence) -> u8 {
    match confidence {
        Confidence::High => 0,
        Confidence::Medium => 1,
        Confidence::Low => 2,
        Confidence::Unknown => 3,
    }
}

fn converted(delivery: &Delivery, unit: Unit, set: Option<&FactorSet>) -> Result<Ratio, Error> {
    let refused = |refusal| Error::Unit { from: delivery.from, to: delivery.to, refusal };
    let own = text::unit(&delivery.unit)?;
    let (value, reached) = convert_exactly(Ratio::try_from(delivery.value)?, own, unit, set).map_err(refused)?;
    // Where the target leaves its basis open, another basis would come through unseen.
    if reached != unit {
        let (from, to) = (own.to_string(), unit.to_string());
        return Err(refused(match unit.basis.unknown() {
            Some(what) => Refusal::UnknownBasis { unit: to, what },
            None => Refusal::DifferentBasis { from, to },
        }));
    }
    Ok(value)
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
        let found = within(deliveries, days, days, text::unit(unit).unwrap(), set);
        let shown = |found: Delivered| (found.total.decimal().unwrap().value, found.days);
        found.map(|found| found.map(shown)).map_err(|error| error.to_string())
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
    fn one_source_counts_where_several_speak_of_the_same_days() {
        let of = |value, source| delivery("2021-01-01", "2021-12-31", value, "bcm@20C", source);
        assert_eq!(year(&[of("10.39", "a"), of("10.390", "b")], "bcm@20C", ""), Ok(Some((d("10.39"), 365))));
        let error = year(&[of("10.39", "a"), of("7.6", "a")], "bcm@20C", "").unwrap_err();
        assert!(error.contains("10.39 bcm@20C of 2021-01-01 to 2021-12-31 (a)"), "{error}");

        let days = ("2021-01-01".parse().unwrap(), "2021-12-31".parse().unwrap());
        let found = |rows: &[Delivery], term| {
            let found = within(rows, days, term, text::unit("bcm@20C").unwrap(), None).unwrap().unwrap();
            (found.total.decimal().unwrap().value, found.days, found.left_aside.len(), found.is_undecided)
        };
        // The better confidence first, whatever the name; what is equal is undecided, and said.
        let doubtful = Delivery { confidence: Confidence::Low, ..of("10.39", "a") };
        assert_eq!(found(&[doubtful.clone(), of("7.6", "b")], days), (d("7.6"), 365, 1, false));
        assert_eq!(found(&[of("7.6", "b"), of("10.39", "a")], days), (d("10.39"), 365, 1, true));
        // Another source fills in what the first leaves open, and nothing is taken twice.
        let half = delivery("2021-01-01", "2021-06-30", "5", "bcm@20C", "b");
        let from = "2021-07-01".parse().unwrap();
        let rest = Delivery { from, value: d("2"), source: "c".into(), ..doubtful.clone() };
        assert_eq!(found(&[half.clone(), rest, doubtful], days), (d("7"), 365, 1, false));
        // Days before the term are not among those that are covered.
        let term = ("2021-04-01".parse().unwrap(), days.1);
        assert_eq!(found(&[half], term), (d("5"), 91, 0, false));
        let before = delivery("2021-01-01", "2021-03-31", "5", "bcm@20C", "b");
        assert_eq!(within(&[before], days, term, text::unit("bcm@20C").unwrap(), None), Ok(None));
    }

    #[test]
    fn another_basis_needs_a_factor_set() {
        let of = delivery("2021-01-01", "2021-12-31", "10", "bcm@20C", "a");
        assert!(year(std::slice::from_ref(&of), "bcm", "").unwrap_err().contains("does not say the temperature"));
        assert!(year(std::slice::from_ref(&of), "bcm@15C", "").unwrap_err().contains("name a factor set"));
        let at_15 = year(std::slice::from_ref(&of), "bcm@15C", "ideal-gas").unwrap().unwrap().0;
        assert_eq!(at_15.round_dp(6), d("9.829439"));
        // Months with endless digits each are added and rounded once.
        let months: Vec<Delivery> = (1..=12)
            .map(|month| Delivery {
                from: Date::constant(2021, month, 1),
                to: Date::constant(2021, month, 1).last_of_month(),
                value: d("0.833333"),
                ..of.clone()
            })
            .collect();
        assert_eq!(year(&months, "bcm@15C", "ideal-gas").unwrap().unwrap().0.round_dp(6), d("9.829435"));
    }
}

pub mod netting;
