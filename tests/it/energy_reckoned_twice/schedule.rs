//! Schedules, day by day.

use std::collections::BTreeMap;

use entrepot::proto::entrepot::energy::v1 as pb;

use super::made::{Made, Short, contract};
use super::plain::{Day, Fraction, length};
use super::{cases, seed, trillionths};
use crate::support::random::Random;
use crate::support::{Fixture, published};

/// What the days of a year come to: contracted, take-or-pay, least, most, in thousandths; `None` where nothing can be said.
pub type Line = Option<[Fraction; 4]>;

pub struct Rules {
    pub take_or_pay_percent: i64,
    pub downward_percent: i64,
    pub upward_thousandths: i64,
}

/// Each day has its annual quantity by the days over which it spreads; `name` is the year that it counts in.
pub fn by_days(made: &Made, rules: &Rules, name: impl Fn(Day) -> i64) -> BTreeMap<i64, Line> {
    let mut lines: BTreeMap<i64, Line> = BTreeMap::new();
    let mut counts: BTreeMap<(i64, i64, i64), i128> = BTreeMap::new();
    let mut own_days: BTreeMap<i64, i64> = BTreeMap::new();
    for day in made.start.to(made.end) {
        let of = day.contract_year(made.begins);
        *own_days.entry(of).or_default() += 1;
        *counts.entry((name(day), of, made.acq_on(day).expect("the quantities cover the term"))).or_default() += 1;
    }
    for ((year, of, acq), days) in counts {
        let line = lines.entry(year).or_insert(Some([Fraction::ZERO; 4]));
        let full = length(of, made.begins);
        let spread = match (own_days[&of] == full, made.short) {
            (true, _) | (false, Some(Short::ProRata)) => full,
            (false, Some(Short::AsStated)) => own_days[&of],
            (false, None) => {
                *line = None;
                continue;
            }
        };
        if let Some(figures) = line {
            let acq = i128::from(acq);
            let hundredths = [
                acq * 100,
                acq * i128::from(rules.take_or_pay_percent),
                acq * i128::from(100 - rules.downward_percent),
                (acq + i128::from(rules.upward_thousandths)) * 100,
            ];
            for (figure, hundredths) in figures.iter_mut().zip(hundredths) {
                *figure = figure.plus(Fraction(hundredths * days, i128::from(spread) * 100_000));
            }
        }
    }
    lines
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_line_of_a_schedule_is_the_sum_of_its_days() {
    let (seed, cases) = (seed(), cases(500));
    let mut random = Random(seed);
    let rules: Vec<Rules> = (0..cases)
        .map(|_| Rules {
            take_or_pay_percent: random.within(0, 100),
            downward_percent: random.within(0, 100),
            upward_thousandths: random.within(0, 5_000),
        })
        .collect();
    let book: Vec<Made> = rules
        .iter()
        .enumerate()
        .map(|(index, rules)| {
            let mut made = contract(format!("S{index}"), ("NO", "DE"), &mut random);
            made.fact("take_or_pay_share", &format!("{} %", rules.take_or_pay_percent));
            made.fact("downward_tolerance", &format!("{} %", rules.downward_percent));
            let upward = super::plain::shown(rules.upward_thousandths);
            let unit = "bcm/y@20C";
            made.facts
                .push(serde_json::json!({"field": "upward_option", "value": upward, "unit": unit, "source": "s"}));
            made
        })
        .collect();
    let fixture = Fixture::sqlite().await;
    let lines: Vec<String> = book.iter().map(Made::line).collect();
    let path = fixture.write("book.jsonl", lines.join("\n"));
    fixture.import("contracts", published(vec![path], "2026-01-15")).await.unwrap();
    let served = fixture.serve().await;
    let mut compared = 0;
    for (made, rules) in book.iter().zip(&rules) {
        for calendar_years in [false, true] {
            let request = pb::ComputeScheduleRequest {
                name: format!("contracts/contracts.{}", made.id),
                calendar_years,
                digits: 12,
                ..Default::default()
            };
            let answer = served.energy().compute_schedule(request).await.unwrap_or_else(|status| {
                panic!("seed {seed}: {}: {}", made.line(), status.message());
            });
            let name = |day: Day| if calendar_years { day.0 } else { day.contract_year(made.begins) };
            let expected = by_days(made, rules, name);
            let answer = answer.into_inner();
            assert_eq!(answer.lines.len(), expected.len(), "seed {seed}: {}", made.line());
            for (line, (year, expected)) in answer.lines.iter().zip(expected) {
                assert_eq!(i64::from(line.year), year);
                let found = [&line.contracted, &line.take_or_pay, &line.least, &line.most];
                let found = found.map(|figure| trillionths(figure.as_ref()));
                let expected = expected.map_or([None; 4], |figures| figures.map(|figure| Some(figure.rounded(12))));
                assert_eq!(found, expected, "seed {seed}: {year} of {}", made.line());
                compared += 1;
            }
        }
    }
    println!("seed {seed}: {cases} contracts, {compared} lines, 0 differences");
}
