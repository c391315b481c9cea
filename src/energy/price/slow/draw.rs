//! Random formulas, windows and indexes, and the JSON of a formula.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::energy::price::Frequency;

/// A formula as it is drawn; numbers are hundredths.
#[derive(Clone, Debug)]
pub enum Plain {
    Number(i64),
    Index(usize, Window),
    Sum(Vec<Plain>),
    Product(Vec<Plain>),
    Ratio(Box<Plain>, Box<Plain>),
    /// Weights that come to 100.
    Basket(Vec<(i64, Plain)>),
    Corridor(Box<Plain>, Option<i64>, Option<i64>),
    /// Kinks, slopes and the value at the first kink.
    SCurve(Box<Plain>, Vec<i64>, Vec<i64>, i64),
    Greatest(Vec<Plain>),
    Least(Vec<Plain>),
    /// Digits, and whether a half goes to the even digit.
    Rounded(Box<Plain>, u32, bool),
}

#[derive(Clone, Copy, Debug)]
pub enum Window {
    Spot,
    /// X, Y, Z and the month, counted from the year 0, in which a block begins.
    Lagged(u8, u8, u8, Option<i32>),
    YearsBefore(u8),
    Fixed(i32),
}

/// An index: how often it is published, and its values in hundredths by year, month and day.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub frequency: Frequency,
    pub values: BTreeMap<(i32, i32, i32), i64>,
}

/// From the year 0; the first month of the drawn indexes.
pub const FIRST: i32 = 2000 * 12;
pub const MONTHS: i32 = 48;

pub fn month_text(month: i32) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

pub fn decimal(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths.abs() / 100, hundredths.abs() % 100)
}

/// As the book has it.
pub fn json(formula: &Plain) -> String {
    let list = |parts: &[Plain]| parts.iter().map(json).collect::<Vec<_>>().join(",");
    let decimals =
        |numbers: &[i64]| numbers.iter().map(|n| format!("\"{}\"", decimal(*n))).collect::<Vec<_>>().join(",");
    match formula {
        Plain::Number(number) => format!(r#"{{"number":"{}"}}"#, decimal(*number)),
        Plain::Index(number, window) => {
            let window = match window {
                Window::Spot => r#""spot""#.to_owned(),
                Window::Lagged(x, y, z, None) => format!(r#"{{"lagged":{{"months":{x},"lag":{y},"validity":{z}}}}}"#),
                Window::Lagged(x, y, z, Some(begins)) => format!(
                    r#"{{"lagged":{{"months":{x},"lag":{y},"validity":{z},"begins":"{}"}}}}"#,
                    month_text(*begins)
                ),
                Window::YearsBefore(years) => format!(r#"{{"year":{{"years_before":{years}}}}}"#),
                Window::Fixed(month) => format!(r#"{{"fixed":"{}"}}"#, month_text(*month)),
            };
            format!(r#"{{"index":{{"index":"i{number}","window":{window}}}}}"#)
        }
        Plain::Sum(parts) => format!(r#"{{"sum":[{}]}}"#, list(parts)),
        Plain::Product(parts) => format!(r#"{{"product":[{}]}}"#, list(parts)),
        Plain::Ratio(above, below) => format!(r#"{{"ratio":[{},{}]}}"#, json(above), json(below)),
        Plain::Basket(parts) => {
            let part =
                |(weight, of): &(i64, Plain)| format!(r#"{{"weight":"{}","of":{}}}"#, decimal(*weight), json(of));
            format!(r#"{{"basket":[{}]}}"#, parts.iter().map(part).collect::<Vec<_>>().join(","))
        }
        Plain::Corridor(of, floor, cap) => {
            let end = |name: &str, end: &Option<i64>| {
                end.map_or(String::new(), |end| format!(r#","{name}":"{}""#, decimal(end)))
            };
            format!(r#"{{"corridor":{{"of":{}{}{}}}}}"#, json(of), end("floor", floor), end("cap", cap))
        }
        Plain::SCurve(of, kinks, slopes, at) => format!(
            r#"{{"s_curve":{{"of":{},"kinks":[{}],"slopes":[{}],"at_first_kink":"{}"}}}}"#,
            json(of),
            decimals(kinks),
            decimals(slopes),
            decimal(*at)
        ),
        Plain::Greatest(parts) => format!(r#"{{"greatest":[{}]}}"#, list(parts)),
        Plain::Least(parts) => format!(r#"{{"least":[{}]}}"#, list(parts)),
        Plain::Rounded(of, digits, even) => {
            let half = if *even { "even" } else { "up" };
            format!(r#"{{"rounded":{{"of":{},"rounding":{{"digits":{digits},"half":"{half}"}}}}}}"#, json(of))
        }
    }
}

pub fn windows() -> impl Strategy<Value = Window> {
    let begins = prop_oneof![Just(None), (FIRST - 30..FIRST + 30).prop_map(Some)];
    let lagged = (1_u8..=12, 0_u8..=6, 1_u8..=12, begins).prop_map(|(x, y, z, begins)| {
        // A validity that does not divide the year needs the beginning of a block.
        let begins = if 12 % z == 0 { begins } else { Some(begins.unwrap_or(FIRST)) };
        Window::Lagged(x, y, z, begins)
    });
    prop_oneof![
        2 => Just(Window::Spot),
        5 => lagged,
        // Whole quarters and years, for indexes that have no months.
        2 => (1_u8..=4, 0_u8..=2).prop_map(|(x, y)| Window::Lagged(x * 3, y * 3, 3, None)),
        2 => (0_u8..=3).prop_map(Window::YearsBefore),
        1 => (FIRST..FIRST + MONTHS).prop_map(Window::Fixed),
    ]
}

pub fn formulas() -> impl Strategy<Value = Plain> {
    let leaf = prop_oneof![
        1 => (-20_000_i64..20_000).prop_map(Plain::Number),
        // The last one is of no index.
        4 => (0_usize..6, windows()).prop_map(|(index, window)| Plain::Index(if index == 5 { index * 9 } else { index }, window)),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        let several = || prop::collection::vec(inner.clone(), 1..4);
        let kinks = prop::collection::btree_set(-5_000_i64..15_000, 1..4);
        let curve = (boxed(), kinks, prop::collection::vec(-50_i64..80, 4), -500_i64..5_000);
        prop_oneof![
            several().prop_map(Plain::Sum),
            several().prop_map(Plain::Product),
            (boxed(), boxed()).prop_map(|(above, below)| Plain::Ratio(above, below)),
            (0_i64..=100, inner.clone(), inner.clone())
                .prop_map(|(weight, one, other)| Plain::Basket(vec![(weight, one), (100 - weight, other)])),
            (boxed(), prop::option::of(-5_000_i64..5_000), prop::option::of(5_000_i64..15_000))
                .prop_map(|(of, floor, cap)| Plain::Corridor(of, floor, cap)),
            curve.prop_map(|(of, kinks, slopes, at)| {
                let kinks: Vec<i64> = kinks.into_iter().collect();
                let slopes = slopes[..=kinks.len()].to_vec();
                Plain::SCurve(of, kinks, slopes, at)
            }),
            several().prop_map(Plain::Greatest),
            several().prop_map(Plain::Least),
            (boxed(), 0_u32..4, any::<bool>()).prop_map(|(of, digits, even)| Plain::Rounded(of, digits, even)),
        ]
    })
}

/// An index of each frequency in turn, with gaps, and sometimes with zeros.
pub fn indexes() -> impl Strategy<Value = Vec<Drawn>> {
    let value = prop_oneof![9 => -2_000_i64..15_000, 1 => Just(0)];
    let of = |frequency: Frequency| {
        let step = match frequency {
            Frequency::Daily => 1,
            Frequency::Weekly => 7,
            Frequency::Monthly => 31,
            Frequency::Quarterly => 93,
            Frequency::Yearly => 372,
        };
        let count = (MONTHS * 31 / step) as usize;
        // One in `gaps` is missing; none where it is 0.
        (prop::collection::vec((value.clone(), 0_u8..100), count), prop_oneof![Just(0_u8), Just(1), Just(4)]).prop_map(
            move |(drawn, gaps)| {
                let mut values = BTreeMap::new();
                for (number, (value, chance)) in drawn.into_iter().enumerate() {
                    // Months of 31 days, of which those that a month lacks have no value.
                    let day = number as i32 * step;
                    let (month, day) = (FIRST + day / 31, day % 31 + 1);
                    let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
                    let is_day = jiff::civil::Date::new(year as i16, month as i8, day as i8).is_ok();
                    if chance >= gaps && is_day {
                        values.insert((year, month, day), value);
                    }
                }
                Drawn { frequency, values }
            },
        )
    };
    Frequency::ALL.map(of).to_vec()
}
