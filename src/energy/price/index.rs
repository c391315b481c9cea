//! Price indexes: their observations, and the values that formulas ask for.
//!
//! The index of a month is what the source publishes for it, or the mean of the days or weeks that it publishes
//! (`super::mean`). A quarterly or yearly index has a value for its whole period and none for a month of it.
//! Never fills a gap, converts a unit or mixes two series.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Observations;
pub use super::frequency::{Frequency, first_day, month_of};
use super::mean::MonthOfDays;
pub use super::mean::{Mean, Provisional};
use crate::value::Month;

/// What an index is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Series {
    /// Letters, digits and `-`: `brent`, `henry-hub`, `pink-crude-oil-brent`. What `Formula::Index` names.
    pub id: String,
    pub title: String,
    /// As the source writes it: `$/bbl`, `$/mmbtu`, `2010=100`; empty when it does not say.
    pub unit: String,
    pub frequency: Frequency,
    /// Who publishes it; empty when unknown.
    pub source: String,
}

/// A value that the source publishes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Observation {
    /// The first day of the period when the series is monthly, quarterly or yearly.
    pub day: Date,
    pub value: Decimal,
}

/// Why observations make no series.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Error {
    #[error("index {index} has two values for {period}")]
    Twice { index: String, period: String },
    #[error("index {0} stands there twice")]
    TwoSeries(String),
    #[error("index {index}: {day} lies outside the years 1 to 9999")]
    Calendar { index: String, day: Date },
    #[error("index {index}: the sum of {month} has more digits than can be kept exactly")]
    Overflow { index: String, month: Month },
}

/// Values of loaded series, for `price::price`. A look-up is a binary search for the series and one step to the period.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// By identifier.
    series: Vec<Periods>,
}

#[derive(Clone, Debug)]
struct Periods {
    series: Series,
    /// The first period, counted in periods since the year 0.
    first: i32,
    /// From the first period to the last; `None` where the source has no value.
    means: Vec<Option<Mean>>,
}

impl Observed {
    /// Takes the observations of each series, in any order. `published` is the day of the newest release that could
    /// have changed them: a period that had not ended on it is provisional. Absent: that is not looked at.
    pub fn new(
        loaded: impl IntoIterator<Item = (Series, Vec<Observation>)>,
        published: Option<Date>,
    ) -> Result<Self, Error> {
        let loaded = loaded.into_iter().map(|(series, observations)| periods(series, &observations, published));
        let mut series: Vec<Periods> = loaded.collect::<Result<_, _>>()?;
        series.sort_by(|left, right| left.series.id.cmp(&right.series.id));
        let twice = series.windows(2).find(|pair| pair[0].series.id == pair[1].series.id);
        match twice {
            Some(pair) => Err(Error::TwoSeries(pair[0].series.id.clone())),
            None => Ok(Self { series }),
        }
    }

    pub fn series(&self, index: &str) -> Option<&Series> {
        self.find(index).map(|periods| &periods.series)
    }

    /// First month of the first and of the last period with a value; `None` for an index that is not known or has none.
    pub fn coverage(&self, index: &str) -> Option<(Month, Month)> {
        let periods = self.find(index)?;
        let months = i32::from(periods.series.frequency.months());
        let last = periods.first.checked_add(i32::try_from(periods.means.len()).ok()?)?.checked_sub(1)?;
        let month = |period: i32| Month::of_ordinal(period.checked_mul(months)?);
        month(periods.first).zip(month(last)).filter(|_| !periods.means.is_empty())
    }

    fn find(&self, index: &str) -> Option<&Periods> {
        let found = self.series.binary_search_by(|periods| periods.series.id.as_str().cmp(index)).ok()?;
        self.series.get(found)
    }
}

impl Observations for Observed {
    fn mean(&self, index: &str, period: Month) -> Option<Mean> {
        let periods = self.find(index)?;
        let number = period.ordinal().div_euclid(i32::from(periods.series.frequency.months()));
        *periods.means.get(usize::try_from(number.checked_sub(periods.first)?).ok()?)?
    }

    fn frequency(&self, index: &str) -> Option<Frequency> {
        self.find(index).map(|periods| periods.series.frequency)
    }
}

/// Sorts observations into their periods.
fn periods(series: Series, observations: &[Observation], published: Option<Date>) -> Result<Periods, Error> {
    let frequency = series.frequency;
    let mut days: Vec<(Date, Decimal)> = observations.iter().map(|observed| (observed.day, observed.value)).collect();
    days.sort_unstable_by_key(|(day, _)| *day);
    let mut of_period: BTreeMap<Month, Vec<usize>> = BTreeMap::new();
    for (number, (day, _)) in days.iter().enumerate() {
        let month = month_of(*day).ok_or_else(|| Error::Calendar { index: series.id.clone(), day: *day })?;
        let period = frequency.period(month);
        let others = of_period.entry(period).or_default();
        let twice = |period: String| Error::Twice { index: series.id.clone(), period };
        if matches!(frequency, Frequency::Daily | Frequency::Weekly) {
            if number > 0 && days[number - 1].0 == *day {
                return Err(twice(day.to_string()));
            }
        } else if !others.is_empty() {
            return Err(twice(frequency.period_text(period)));
        }
        others.push(number);
    }
    let months = i32::from(frequency.months());
    let first = of_period.first_key_value().map_or(0, |(period, _)| period.ordinal().div_euclid(months));
    let mut means = Vec::new();
    for (period, numbers) in of_period {
        let place = usize::try_from(period.ordinal().div_euclid(months) - first).unwrap_or_default();
        means.resize(place, None);
        let mean = mean(frequency, period, &days, &numbers);
        let mean = mean.ok_or_else(|| Error::Overflow { index: series.id.clone(), month: period })?;
        means.push(Some(match published {
            Some(published) => mean.known_on(published, period, frequency.months()),
            None => mean,
        }));
    }
    Ok(Periods { series, first, means })
}

/// The mean of a period, of which `numbers` are the places of its days; `None` when the sum has too many digits.
fn mean(frequency: Frequency, period: Month, days: &[(Date, Decimal)], numbers: &[usize]) -> Option<Mean> {
    let (first, last) = (*numbers.first()?, *numbers.last()?);
    match frequency {
        Frequency::Daily | Frequency::Weekly => {
            let before = first.checked_sub(1).and_then(|before| days.get(before)).map(|(day, _)| *day);
            let after = days.get(last + 1).map(|(day, _)| *day);
            MonthOfDays { month: period, days: &days[first..=last], before, after }.mean(frequency)
        }
        Frequency::Monthly | Frequency::Quarterly | Frequency::Yearly => Some(Mean::published(days[first].1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::energy::price::{self, Formula, Named};
    use crate::value::decimal::d;
    use crate::value::m;

    fn series(id: &str, frequency: Frequency) -> Series {
        Series { id: id.into(), title: String::new(), unit: "$/bbl".into(), frequency, source: String::new() }
    }

    fn at(day: &str, value: &str) -> Observation {
        Observation { day: day.parse().unwrap(), value: d(value) }
    }

    #[test]
    fn a_month_is_the_mean_of_its_days() {
        let days = [at("2020-04-21", "-36.98"), at("2020-04-20", "18.31"), at("2020-04-22", "8.91")];
        let observed = Observed::new(
            [
                (series("wti", Frequency::Daily), days.to_vec()),
                (series("brent", Frequency::Monthly), vec![at("2020-01-01", "63.60"), at("2020-03-01", "32.01")]),
            ],
            None,
        )
        .unwrap();
        let mean = |index: &str, month: &str| observed.mean(index, m(month));
        // (-36.98 + 18.31 + 8.91) / 3 = -9.76 / 3
        let expected = d("-3.2533333333333333333333333333");
        let april = mean("wti", "2020-04").unwrap();
        assert_eq!((april.value, april.observed, april.weekdays), (expected, Some(3), Some(22)));
        assert_eq!(april.provisional, Some(Provisional::Weekdays { observed: 3, weekdays: 22 }));
        assert_eq!(mean("wti", "2020-05"), None);
        assert_eq!(mean("brent", "2020-01"), Some(Mean::published(d("63.6"))));
        assert_eq!((mean("brent", "2020-02"), mean("brent", "2019-12")), (None, None));
        assert_eq!(mean("brent", "2020-03"), Some(Mean::published(d("32.01"))));
        assert_eq!(observed.coverage("brent"), Some((m("2020-01"), m("2020-03"))));
        assert_eq!((observed.frequency("brent"), observed.frequency("jcc")), (Some(Frequency::Monthly), None));
        assert_eq!(observed.series("wti").unwrap().unit, "$/bbl");
    }

    #[test]
    fn what_is_no_series_says_why() {
        let refused = |loaded: Vec<(Series, Vec<Observation>)>| Observed::new(loaded, None).unwrap_err().to_string();
        let monthly = |observations: &[Observation]| (series("b", Frequency::Monthly), observations.to_vec());
        let daily = |observations: &[Observation]| (series("b", Frequency::Daily), observations.to_vec());
        let (one, other) = (at("2020-01-01", "1"), at("2020-01-15", "1"));
        assert_eq!(refused(vec![monthly(&[one, other])]), "index b has two values for 2020-01");
        assert_eq!(refused(vec![daily(&[one, one])]), "index b has two values for 2020-01-01");
        assert_eq!(refused(vec![monthly(&[one]), daily(&[other])]), "index b stands there twice");
        assert_eq!(
            refused(vec![daily(&[at("-000001-01-01", "1")])]),
            "index b: -000001-01-01 lies outside the years 1 to 9999"
        );
        let large = Observation { day: one.day, value: Decimal::MAX };
        assert!(refused(vec![daily(&[large, other])]).starts_with("index b: the sum of 2020-01 has more digits"));
        assert!(Observed::new([monthly(&[])], None).unwrap().coverage("b").is_none());
    }

    #[test]
    fn formulas_are_priced_from_it() {
        let months: Vec<Observation> =
            (1..=12).map(|month| at(&format!("2024-{month:02}-01"), &(month * 10).to_string())).collect();
        let observed = Observed::new([(series("oil", Frequency::Monthly), months)], None).unwrap();
        let formula: Formula =
            serde_json::from_str(r#"{"index":{"index":"oil","window":{"lagged":{"months":6,"lag":3,"validity":3}}}}"#)
                .unwrap();
        let price = |month| price::price(&formula, m(month), &Named::new(), &observed);
        // April to September: (40 + 50 + 60 + 70 + 80 + 90) / 6 = 65.
        assert_eq!(price("2025-01").unwrap().value, d("65"));
        assert_eq!(price("2025-07").unwrap_err().to_string(), "oil has no value for 2025-01, 2025-02, 2025-03");
    }

    #[test]
    fn longer_periods_have_one_value_and_months_of_them_none() {
        let observed = Observed::new(
            [
                (series("y", Frequency::Yearly), vec![at("2021-01-01", "60"), at("2023-01-01", "90")]),
                (series("q", Frequency::Quarterly), vec![at("2022-10-01", "4"), at("2023-01-01", "8")]),
            ],
            Some("2023-11-20".parse().unwrap()),
        )
        .unwrap();
        let value = |index: &str, month: &str| observed.mean(index, m(month)).map(|mean| mean.value);
        assert_eq!(
            (value("y", "2021-01"), value("y", "2022-01"), value("q", "2023-01")),
            (Some(d("60")), None, Some(d("8")))
        );
        assert_eq!(observed.coverage("q"), Some((m("2022-10"), m("2023-01"))));
        assert!(observed.mean("y", m("2023-01")).unwrap().provisional.is_some());
        assert_eq!(observed.mean("y", m("2021-01")).unwrap().provisional, None);
        let price = |window: &str, month: &str| {
            let formula = |index: &str| format!(r#"{{"index":{{"index":"{index}","window":{window}}}}}"#);
            let formula: Formula =
                serde_json::from_str(&format!(r#"{{"sum":[{},{}]}}"#, formula("y"), formula("q"))).unwrap();
            price::price(&formula, m(month), &Named::new(), &observed)
        };
        assert_eq!(
            price(r#"{"year":{"years_before":1}}"#, "2024-05").unwrap_err().to_string(),
            "q has no value for 2023-Q2, 2023-Q3, 2023-Q4"
        );
        assert_eq!(
            price(r#"{"lagged":{"months":3,"lag":0,"validity":3}}"#, "2023-04").unwrap_err().to_string(),
            "y is yearly and has no value for 2023-01 to 2023-03 alone; expected a window of whole calendar years"
        );
    }
}
