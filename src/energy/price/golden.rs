//! Worked examples, each computed by hand in its comment.

use std::collections::BTreeMap;

use super::*;
use crate::value::decimal::{Half, d};

/// Index values by index and month.
#[derive(Default)]
struct Series(BTreeMap<(String, Month), Decimal>);

impl Series {
    fn with(mut self, index: &str, months: &[(&str, &str)]) -> Self {
        for (month, value) in months {
            self.0.insert((index.to_owned(), month.parse().unwrap()), d(value));
        }
        self
    }

    /// The same value in every month of a year.
    fn year(mut self, index: &str, year: i16, value: &str) -> Self {
        for month in 1..=12 {
            self.0.insert((index.to_owned(), Month::new(year, month).unwrap()), d(value));
        }
        self
    }
}

impl Observations for Series {
    fn mean(&self, index: &str, month: Month) -> Option<Mean> {
        self.0.get(&(index.to_owned(), month)).copied().map(Mean::published)
    }

    fn frequency(&self, index: &str) -> Option<Frequency> {
        self.0.keys().any(|(known, _)| known == index).then_some(Frequency::Monthly)
    }
}

fn parse(json: &str) -> Formula {
    serde_json::from_str(json).unwrap()
}

fn value(formula: &Formula, month: &str, series: &Series) -> Result<Decimal, Error> {
    price(formula, month.parse().unwrap(), &Named::new(), series).map(|priced| priced.value)
}

const SPOT: &str = r#""spot""#;

/// 0.80 + 0.1485 · 15 = 3.0275; 0.80 + 0.1485 · 30 = 5.2550; 0.80 + 0.1485 · 20 = 3.77.
#[test]
fn oil_link_with_floor_and_cap_on_the_index() {
    let formula = parse(&format!(
        r#"{{"sum":[{{"number":"0.80"}},{{"product":[{{"number":"0.1485"}},
            {{"corridor":{{"of":{{"index":{{"index":"brent","window":{SPOT}}}}},"floor":"15","cap":"30"}}}}]}}]}}"#
    ));
    for (brent, expected) in [
        ("10", "3.0275"),
        ("15", "3.0275"),
        ("15.01", "3.028985"),
        ("20", "3.77"),
        ("29.99", "5.253515"),
        ("30", "5.2550"),
        ("80", "5.2550"),
    ] {
        let series = Series::default().with("brent", &[("2025-01", brent)]);
        assert_eq!(value(&formula, "2025-01", &series), Ok(d(expected).normalize()), "{brent}");
    }
}

/// GAIL: 1.15 · HH + (0.85 + 0.15 · CPI(y-1)/CPI0) · 3.00. HH 4, CPI 250 over 200:
/// 4.6 + (0.85 + 0.1875) · 3 = 4.6 + 3.1125 = 7.7125.
#[test]
fn hub_with_a_fee_that_follows_prices() {
    let formula = parse(&format!(
        r#"{{"sum":[{{"product":[{{"number":"1.15"}},{{"index":{{"index":"hh","window":{SPOT}}}}}]}},
            {{"product":[{{"sum":[{{"number":"0.85"}},{{"product":[{{"number":"0.15"}},
              {{"ratio":[{{"index":{{"index":"cpi","window":{{"year":{{"years_before":1}}}}}}}},{{"number":"200"}}]}}]}}]}},
              {{"number":"3.00"}}]}}]}}"#
    ));
    let series = Series::default().with("hh", &[("2025-06", "4")]).year("cpi", 2024, "250");
    assert_eq!(value(&formula, "2025-06", &series), Ok(d("7.7125")));
    let priced = price(&formula, "2025-06".parse().unwrap(), &Named::new(), &series).unwrap();
    assert_eq!(priced.windows.len(), 2);
    assert_eq!(priced.windows[1].values.len(), 12);
    // A month of the year is missing: the price is refused and the month named.
    let mut gap = Series::default().with("hh", &[("2025-06", "4")]).year("cpi", 2024, "250");
    gap.0.remove(&("cpi".to_owned(), "2024-07".parse().unwrap()));
    assert_eq!(value(&formula, "2025-06", &gap).unwrap_err().to_string(), "cpi has no value for 2024-07");
}

/// Corpus Christi, GNF: (0.86 + 0.14 · CPI(y-1)/CPI0) · 3.50; with 240 over 200: (0.86 + 0.168) · 3.5 = 3.598.
#[test]
fn corpus_christi_fee() {
    let formula = parse(
        r#"{"product":[{"sum":[{"number":"0.86"},{"product":[{"number":"0.14"},
            {"ratio":[{"index":{"index":"cpi","window":{"year":{"years_before":1}}}},{"number":"200"}]}]}]},{"number":"3.50"}]}"#,
    );
    let series = Series::default().year("cpi", 2024, "240");
    assert_eq!(value(&formula, "2025-01", &series), Ok(d("3.598")));
}

/// BG: the charge of a month is UFC · Q / 12: with CPI unchanged UFC = 1.9125 + 0.3375 = 2.25, Q = 182.5 million MMBtu:
/// 2.25 · 182.5 / 12 = 34.21875 million USD, also in a month without a cargo.
#[test]
fn the_capacity_charge_survives_cancellation() {
    let charge = decimal::add(d("1.9125"), d("0.3375")).unwrap();
    assert_eq!(monthly_cost(d("5"), d("15"), charge, d("182.5")), Ok((d("75"), d("34.21875"))));
    assert_eq!(monthly_cost(d("5"), d("0"), charge, d("182.5")), Ok((d("0"), d("34.21875"))));
}

/// 6-3-3 for January to March: the mean of April to September, (60 + 66 + 72 + 78 + 84 + 90) / 6 = 75.
#[test]
fn six_three_three() {
    let formula = parse(r#"{"index":{"index":"oil","window":{"lagged":{"months":6,"lag":3,"validity":3}}}}"#);
    let months = [
        ("2024-04", "60"),
        ("2024-05", "66"),
        ("2024-06", "72"),
        ("2024-07", "78"),
        ("2024-08", "84"),
        ("2024-09", "90"),
    ];
    let series = Series::default().with("oil", &months);
    assert_eq!(value(&formula, "2025-01", &series), Ok(d("75")));
    assert_eq!(value(&formula, "2025-03", &series), Ok(d("75")));
    assert!(matches!(value(&formula, "2025-04", &series), Err(Error::Missing { periods, .. }) if periods.len() == 3));
}

/// S-curve: slope 0.05 below 60, 0.14 to 90, 0.07 above; 9 at 60. At 50: 9 - 0.5 = 8.5; at 80: 9 + 2.8 = 11.8; at 90:
/// 13.2; at 100: 13.2 + 0.7 = 13.9.
#[test]
fn s_curve_with_inclusive_kinks() {
    let formula = parse(&format!(
        r#"{{"s_curve":{{"of":{{"index":{{"index":"oil","window":{SPOT}}}}},"kinks":["60","90"],
            "slopes":["0.05","0.14","0.07"],"at_first_kink":"9"}}}}"#
    ));
    for (oil, expected) in [("50", "8.5"), ("60", "9"), ("80", "11.8"), ("90", "13.2"), ("100", "13.9")] {
        let series = Series::default().with("oil", &[("2025-01", oil)]);
        assert_eq!(value(&formula, "2025-01", &series), Ok(d(expected)), "{oil}");
    }
}

/// P = BP · (0.5 · gasoil/100 + 0.5 · fuel oil/50): 4 · (0.5 · 1.2 + 0.5 · 0.8) = 4.
#[test]
fn base_price_times_a_basket_of_ratios() {
    let ratio = |index: &str, base: &str| {
        format!(r#"{{"ratio":[{{"index":{{"index":"{index}","window":{SPOT}}}}},{{"number":"{base}"}}]}}"#)
    };
    let (gasoil, fuel) = (ratio("gasoil", "100"), ratio("fuel", "50"));
    let basket = |weights: [&str; 2]| {
        parse(&format!(
            r#"{{"product":[{{"number":"4"}},{{"basket":[{{"weight":"{}","of":{gasoil}}},{{"weight":"{}","of":{fuel}}}]}}]}}"#,
            weights[0], weights[1]
        ))
    };
    let series = Series::default().with("gasoil", &[("2025-01", "120")]).with("fuel", &[("2025-01", "40")]);
    assert_eq!(value(&basket(["0.5", "0.5"]), "2025-01", &series), Ok(d("4")));
    let wrong = value(&basket(["0.5", "0.4"]), "2025-01", &series).unwrap_err().to_string();
    assert!(wrong.contains("come to 0.9"), "{wrong}");
}

#[test]
fn what_cannot_be_priced_says_why() {
    let series = Series::default().with("oil", &[("2025-01", "70")]);
    let unknown = parse(&format!(r#"{{"index":{{"index":"jcc","window":{SPOT}}}}}"#));
    assert_eq!(value(&unknown, "2025-01", &series), Err(Error::UnknownIndex("jcc".into())));
    let mut named = Named::new();
    named.insert("a".into(), parse(r#"{"sum":[{"named":"b"},{"number":"1"}]}"#));
    named.insert("b".into(), parse(r#"{"named":"a"}"#));
    let cycle = price(&parse(r#"{"named":"a"}"#), "2025-01".parse().unwrap(), &named, &series).unwrap_err();
    assert_eq!(cycle.to_string(), "the formula leads back to itself: a -> b -> a");
    let zero = parse(r#"{"ratio":[{"number":"1"},{"number":"0"}]}"#);
    assert!(matches!(value(&zero, "2025-01", &series), Err(Error::DivisionByZero(_))));
    assert!(serde_json::from_str::<Formula>(r#"{"number":1.5}"#).is_err(), "a JSON number may have lost digits");
    let rounded = Formula::Rounded {
        of: Box::new(parse(r#"{"number":"3.14159"}"#)),
        rounding: Rounding { digits: 2, half: Half::Even },
    };
    assert_eq!(value(&rounded, "2025-01", &series), Ok(d("3.14")));
}

/// Means of daily values have 28 digits each; their mean has no more, and is rounded instead of refused.
#[test]
fn means_of_means_keep_28_digits() {
    let months = [
        ("2024-04", "70.333333333333333333333333333"),
        ("2024-05", "9.666666666666666666666666667"),
        ("2024-06", "9.111111111111111111111111111"),
    ];
    let formula = parse(r#"{"index":{"index":"oil","window":{"lagged":{"months":3,"lag":0,"validity":3}}}}"#);
    let series = Series::default().with("oil", &months);
    let mean = value(&formula, "2024-07", &series).unwrap();
    // (70 1/3 + 9 2/3 + 9 1/9) / 3 = 89 1/9 / 3 = 29.703703...
    assert_eq!(mean.round_dp(20), d("29.70370370370370370370"));
}
