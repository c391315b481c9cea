//! Random small trade, with reports missing and others that have no row of the World.

use crate::support::comtrade::{Record, comtrade_csv, record};
use crate::support::random::Random;

pub const WORLD: u16 = 0;
/// The last but one is not specified.
pub const PARTNERS: [(u16, &str); 5] = [(276, "DEU"), (51, "ARM"), (643, "RUS"), (899, "X899"), (156, "CHN")];
pub const REPORTERS: [(u16, &str); 4] = [(156, "CHN"), (643, "RUS"), (398, "KAZ"), (268, "GEO")];
pub const CODES: [&str; 6] = ["271110", "271121", "270910", "290110", "290121", "010110"];

#[derive(Clone, Debug)]
pub struct Fact {
    pub reporter: u16,
    pub flow: &'static str,
    pub partner: u16,
    /// Months of its period, counted from year 0.
    pub months: (i32, i32),
    pub period: &'static str,
    pub code: &'static str,
    pub value: i128,
    pub weight: Option<i128>,
}

pub const YEARS: [&str; 4] = ["2019", "2020", "2021", "2022"];

pub fn months_of(period: &str) -> (i32, i32) {
    let year: i32 = period[..4].parse().unwrap();
    match period[4..].parse::<i32>() {
        Ok(month) => (year * 12 + month - 1, year * 12 + month - 1),
        Err(_) => (year * 12, year * 12 + 11),
    }
}

/// Georgia reports months, the others years; some reports are missing, some have no row of the World.
pub fn made_up(random: &mut Random) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (reporter, _) in REPORTERS {
        let months: Vec<&'static str> =
            YEARS.iter().flat_map(|year| (1..=12).map(move |month| &*format!("{year}{month:02}").leak())).collect();
        let periods: &[&'static str] = if reporter == 268 { &months } else { &YEARS };
        for flow in ["M", "X"] {
            for period in periods {
                // One report of years in ten, one of months in forty.
                if random.one_in(if period.len() == 4 { 10 } else { 40 }) {
                    continue;
                }
                let has_world = random.percent(60);
                for code in CODES {
                    if random.percent(if reporter == 268 { 60 } else { 25 }) {
                        continue;
                    }
                    let mut sum = (0, 0);
                    for (partner, _) in PARTNERS.iter().filter(|(partner, _)| *partner != reporter) {
                        if random.percent(35) {
                            continue;
                        }
                        let value = i128::from(random.within(1, 9_000_000));
                        let weight = (!random.one_in(5)).then(|| i128::from(random.within(1, 4_000_000)));
                        sum = (sum.0 + value, sum.1 + weight.unwrap_or(0));
                        facts.push(Fact {
                            reporter,
                            flow,
                            partner: *partner,
                            months: months_of(period),
                            period,
                            code,
                            value,
                            weight,
                        });
                    }
                    if has_world && sum.0 > 0 {
                        let value = sum.0 + i128::from(random.within(0, 1) * random.within(0, 900_000));
                        let weight = (sum.1 > 0).then_some(sum.1);
                        facts.push(Fact {
                            reporter,
                            flow,
                            partner: WORLD,
                            months: months_of(period),
                            period,
                            code,
                            value,
                            weight,
                        });
                    }
                }
            }
        }
    }
    facts
}

pub fn decimal(number: i128) -> String {
    format!("{}.{:03}", number / 1000, number % 1000)
}

pub fn file(facts: &[Fact]) -> String {
    let records: Vec<Record> = facts
        .iter()
        .map(|fact| Record {
            period: fact.period,
            reporter: fact.reporter,
            flow: fact.flow,
            partner: fact.partner,
            commodity: fact.code,
            net_weight: fact.weight.map_or("", |weight| decimal(weight).leak()),
            quantity: "",
            ..record(decimal(fact.value))
        })
        .collect();
    comtrade_csv(&records)
}
