//! Price indexes: their observations, and the monthly values that formulas ask for.
//!
//! Owns the mean of a month. The index of a month is what the source publishes for it, or the mean of the days that it
//! publishes, as contracts have it ("the arithmetic average of the published quotations"). Holidays have no quotation,
//! so a month is never called complete or incomplete: the number of days that went into its mean stands beside it.
//! Never fills a gap, converts a unit or mixes two series.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Observations;
use crate::value::{Month, decimal};

/// How often an index is observed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frequency {
    Monthly,
    Daily,
}

impl Frequency {
    /// `monthly`, `daily`: as stored and shown.
    pub fn text(self) -> &'static str {
        match self {
            Self::Monthly => "monthly",
            Self::Daily => "daily",
        }
    }
}

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
    /// The first day of the month when the series is monthly.
    pub day: Date,
    pub value: Decimal,
}

/// The value of a month.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mean {
    /// A monthly series' own value; else the mean, to 28 significant digits.
    pub value: Decimal,
    /// How many observations it is the mean of: 1 for a monthly series.
    pub observations: u32,
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

/// Monthly values of loaded series, for `price::price`. A look-up is a binary search for the series and one step to the
/// month.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// By identifier.
    series: Vec<Months>,
}

#[derive(Clone, Debug)]
struct Months {
    series: Series,
    /// Ordinal of the first month.
    first: i32,
    /// From the first month to the last; `None` where the source has no value.
    means: Vec<Option<Mean>>,
}

impl Observed {
    /// Takes the observations of each series, in any order.
    pub fn new(loaded: impl IntoIterator<Item = (Series, Vec<Observation>)>) -> Result<Self, Error> {
        let mut series: Vec<Months> =
            loaded.into_iter().map(|(series, observations)| months(series, &observations)).collect::<Result<_, _>>()?;
        series.sort_by(|left, right| left.series.id.cmp(&right.series.id));
        let twice = series.windows(2).find(|pair| pair[0].series.id == pair[1].series.id);
        match twice {
            Some(pair) => Err(Error::TwoSeries(pair[0].series.id.clone())),
            None => Ok(Self { series }),
        }
    }

    /// The value of a month and of how many observations it is the mean; `None` when the source has none.
    pub fn mean(&self, index: &str, month: Month) -> Option<Mean> {
        let months = self.find(index)?;
        let index = usize::try_from(month.ordinal().checked_sub(months.first)?).ok()?;
        *months.means.get(index)?
    }

    pub fn series(&self, index: &str) -> Option<&Series> {
        self.find(index).map(|months| &months.series)
    }

    /// First and last month with a value; `None` for an index that is not known or has none.
    pub fn coverage(&self, index: &str) -> Option<(Month, Month)> {
        let months = self.find(index)?;
        let last = months.first.checked_add(i32::try_from(months.means.len()).ok()?)?.checked_sub(1)?;
        Month::of_ordinal(months.first).zip(Month::of_ordinal(last)).filter(|_| !months.means.is_empty())
    }

    fn find(&self, index: &str) -> Option<&Months> {
        let found = self.series.binary_search_by(|months| months.series.id.as_str().cmp(index)).ok()?;
        self.series.get(found)
    }
}

impl Observations for Observed {
    fn monthly(&self, index: &str, month: Month) -> Option<Decimal> {
        self.mean(index, month).map(|mean| mean.value)
    }

    fn knows(&self, index: &str) -> bool {
        self.find(index).is_some()
    }
}

/// The month of a day; `None` outside the years 1 to 9999.
pub fn month_of(day: Date) -> Option<Month> {
    Month::new(day.year(), u8::try_from(day.month()).ok()?)
}

fn months(series: Series, observations: &[Observation]) -> Result<Months, Error> {
    let mut days: BTreeMap<Month, BTreeMap<Date, Decimal>> = BTreeMap::new();
    for Observation { day, value } in observations {
        let month = month_of(*day).ok_or_else(|| Error::Calendar { index: series.id.clone(), day: *day })?;
        let of_month = days.entry(month).or_default();
        let twice = |period: String| Error::Twice { index: series.id.clone(), period };
        if series.frequency == Frequency::Monthly && !of_month.is_empty() {
            return Err(twice(month.to_string()));
        }
        if of_month.insert(*day, *value).is_some() {
            return Err(twice(day.to_string()));
        }
    }
    let first = days.first_key_value().map_or(0, |(month, _)| month.ordinal());
    let mut means = Vec::new();
    for (month, values) in days {
        let index = usize::try_from(month.ordinal() - first).unwrap_or_default();
        means.resize(index, None);
        let mean = mean(values.values()).ok_or_else(|| Error::Overflow { index: series.id.clone(), month })?;
        means.push(Some(mean));
    }
    Ok(Months { series, first, means })
}

/// The mean of at least one value; `None` when the sum has too many digits.
fn mean<'a>(values: impl ExactSizeIterator<Item = &'a Decimal>) -> Option<Mean> {
    let observations = u32::try_from(values.len()).ok()?;
    let total = decimal::sum(values.copied()).ok()?;
    let value = total.checked_div(Decimal::from(observations))?.normalize();
    Some(Mean { value, observations })
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
        let observed = Observed::new([
            (series("wti", Frequency::Daily), days.to_vec()),
            (series("brent", Frequency::Monthly), vec![at("2020-01-01", "63.60"), at("2020-03-01", "32.01")]),
        ])
        .unwrap();
        // (-36.98 + 18.31 + 8.91) / 3 = -9.76 / 3
        let expected = d("-3.2533333333333333333333333333");
        assert_eq!(observed.mean("wti", m("2020-04")), Some(Mean { value: expected, observations: 3 }));
        assert_eq!(observed.mean("wti", m("2020-05")), None);
        assert_eq!(observed.mean("brent", m("2020-01")), Some(Mean { value: d("63.6"), observations: 1 }));
        assert_eq!((observed.monthly("brent", m("2020-02")), observed.monthly("brent", m("2019-12"))), (None, None));
        assert_eq!(observed.monthly("brent", m("2020-03")), Some(d("32.01")));
        assert_eq!(observed.coverage("brent"), Some((m("2020-01"), m("2020-03"))));
        assert!(observed.knows("brent") && !observed.knows("jcc"));
        assert_eq!(observed.series("wti").unwrap().unit, "$/bbl");
    }

    #[test]
    fn what_is_no_series_says_why() {
        let refused = |loaded: Vec<(Series, Vec<Observation>)>| Observed::new(loaded).unwrap_err().to_string();
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
        assert!(Observed::new([monthly(&[])]).unwrap().coverage("b").is_none());
    }

    #[test]
    fn formulas_are_priced_from_it() {
        let months: Vec<Observation> =
            (1..=12).map(|month| at(&format!("2024-{month:02}-01"), &(month * 10).to_string())).collect();
        let observed = Observed::new([(series("oil", Frequency::Monthly), months)]).unwrap();
        let formula: Formula =
            serde_json::from_str(r#"{"index":{"index":"oil","window":{"lagged":{"months":6,"lag":3,"validity":3}}}}"#)
                .unwrap();
        let price = |month| price::price(&formula, m(month), &Named::new(), &observed);
        // April to September: (40 + 50 + 60 + 70 + 80 + 90) / 6 = 65.
        assert_eq!(price("2025-01").unwrap().value, d("65"));
        assert_eq!(price("2025-07").unwrap_err().to_string(), "oil has no value for 2025-01, 2025-02, 2025-03");
    }
}
