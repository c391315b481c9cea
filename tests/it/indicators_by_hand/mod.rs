//! Indicators beside a second, slow and plain implementation: every sum is a scan over all facts, every ratio a division of floating
//! point numbers. Random small files, random questions, a fixed seed, so that a failure comes again.

mod countries;
mod goods;
mod made_up;
mod plain;

use std::collections::BTreeMap;

use crate::support::random::Random;
use crate::support::{Fixture, Served};
use entrepot::proto::entrepot::trade::v1 as pb;
use made_up::{Fact, PARTNERS, REPORTERS, file, made_up, months_of};
use plain::{Asked, Number, Of, Reports, World, reports};

const SEED: u64 = 20_241_128;
const FILES: u64 = 3;
/// Questions about each file and indicator.
const QUESTIONS: usize = 12;

#[track_caller]
fn same(what: &str, found: &Option<pb::Figure>, expected: Number) {
    let found = found.as_ref().unwrap_or_else(|| panic!("{what} is unset, expected {expected:?}"));
    match (&found.value, expected) {
        (Some(text), Ok(number)) => {
            let value: f64 = text.value.parse().unwrap();
            assert!((value - number).abs() <= 6e-7 + number.abs() * 1e-9, "{what}: {value} and {number}");
        }
        (None, Err(why)) => assert_eq!(found.absent_reason(), why, "{what}"),
        (found, expected) => panic!("{what}: {found:?} and {expected:?}"),
    }
}

/// One question in all its forms.
struct Question {
    scope: pb::IndicatorScope,
    asked: Asked,
    by: Vec<i32>,
    level: usize,
    is_monthly: bool,
}

fn code_of(number: u16) -> String {
    let all = REPORTERS.iter().chain(&PARTNERS);
    all.clone().find(|(of, _)| *of == number).unwrap().1.to_owned()
}

fn number_of(code: &str) -> u16 {
    REPORTERS.iter().chain(&PARTNERS).find(|(_, of)| *of == code).unwrap().0
}

fn question(random: &mut Random, dimensions: &[i32], with_filters: bool) -> Question {
    let mut by = random.some(dimensions, 50);
    if by.is_empty() {
        by.push(4);
    }
    by.retain(|dimension| dimensions.contains(dimension) || *dimension == 4);
    let level = random.pick(&[2, 4, 6]);
    let is_monthly = random.one_in(5);
    let mut asked = Asked::default();
    if with_filters {
        asked.reporters = random.some(&REPORTERS.map(|(number, _)| number), 40);
        asked.partners = random.some(&PARTNERS.map(|(number, _)| number), 20);
        if random.one_in(3) {
            asked.codes = vec![random.pick(&["27", "29"]).to_owned()];
        }
    }
    if is_monthly {
        asked.reporters = vec![268];
    }
    let scope = pb::IndicatorScope {
        filter: Some(pb::FlowFilter {
            reporters: asked.reporters.iter().map(|number| code_of(*number)).collect(),
            partners: asked.partners.iter().map(|number| code_of(*number)).collect(),
            commodities: asked.codes.clone(),
            ..Default::default()
        }),
        group_by: by.clone(),
        commodity_level: level as i32,
        period_dimension: if is_monthly { 3 } else { 0 },
        ..Default::default()
    };
    Question { scope, asked, by, level, is_monthly }
}

/// What a row's key is of.
fn of(key: &Option<pb::IndicatorKey>) -> (Of, (i32, i32)) {
    let key = key.clone().unwrap();
    let flow = match key.flow.as_deref() {
        Some("M") => "M",
        Some("X") => "X",
        _ => "",
    };
    let months = if key.period.is_empty() { (0, 0) } else { months_of(&key.period.replace('-', "")) };
    let number = |code: Option<String>| code.map(|code| number_of(&code));
    (Of { reporter: number(key.reporter), partner: number(key.partner), flow, code: key.commodity }, months)
}

fn before(months: (i32, i32)) -> (i32, i32) {
    (months.0 - 12, months.1 - 12)
}

on_each_backend!(indicators_equal_plain_ones);

async fn indicators_equal_plain_ones(fixture: Fixture) {
    fixture.load_lists().await;
    let mut random = Random(SEED);
    let mut rows = BTreeMap::new();
    for file_number in 0..FILES {
        let facts = made_up(&mut random);
        let path = fixture.write("made_up.csv", file(&facts));
        let options = entrepot::import::Options {
            dataset: Some(format!("made-up-{file_number}")),
            ..crate::support::published(vec![path], "2024-01-15")
        };
        fixture.import("comtrade", options).await.unwrap();
        let served = fixture.serve().await;
        let dataset = format!("datasets/made-up-{file_number}");
        let asking = Asking { served: &served, facts: &facts, reports: reports(&facts), dataset };
        for _ in 0..QUESTIONS {
            asking.each(&mut random, &mut rows).await;
        }
    }
    assert!(rows.len() == 14 && rows.values().all(|rows| *rows > 20), "{rows:?}");
    eprintln!("rows compared: {rows:?}");
}

struct Asking<'a> {
    served: &'a Served,
    facts: &'a [Fact],
    reports: Reports,
    dataset: String,
}

impl Asking<'_> {
    fn scope(&self, question: &Question) -> Option<pb::IndicatorScope> {
        let mut scope = question.scope.clone();
        scope.filter.as_mut().unwrap().datasets = vec![self.dataset.clone()];
        Some(scope)
    }

    fn world(&self, asked: Asked) -> World<'_> {
        World { facts: self.facts, reports: &self.reports, asked }
    }

    async fn each(&self, random: &mut Random, rows: &mut BTreeMap<&'static str, usize>) {
        let mut count = |what: &'static str, more: usize| *rows.entry(what).or_default() += more;
        count("balances", self.balances(random).await);
        count("growth", self.growth(random).await);
        count("ranks", self.ranks(random).await);
        count("dependence", self.dependence(random).await);
        count("concentration", self.concentration(random).await);
        count("advantage", self.advantage(random).await);
        count("intensity", self.intensity(random).await);
        count("complementarity", self.complementarity(random).await);
        count("similarity", self.similarity(random).await);
        count("intra-industry", self.intra_industry(random).await);
        count("margin", self.margin(random).await);
        count("unit values", self.unit_values(random).await);
        count("decomposition", self.decomposition(random).await);
        count("movers", self.movers(random).await);
    }
}
