//! Ledgers, year by year.

use std::collections::BTreeMap;

use entrepot::proto::entrepot::energy::v1 as pb;
use entrepot::rpc::wire::decimal;

use super::made::{Made, Short, contract};
use super::plain::{read, shown};
use super::schedule::{Rules, by_days};
use super::{cases, seed};
use crate::support::random::Random;
use crate::support::{Fixture, Served, published};

/// Quantities in hundred-millionths, prices in thousandths, shares in percent: what they make is exact.
const UNIT: i128 = 100_000_000;

#[derive(Clone, Copy, Debug)]
enum Last {
    Forfeited,
    Refunded,
    Extended(i64),
}

#[derive(Clone, Copy, Debug)]
enum Cap {
    Unlimited,
    Percent(i64),
    Thousandths(i64),
}

#[derive(Clone, Debug)]
struct Ledger {
    share: i64,
    /// Order, and years; `None` years: to the end of the term.
    make_up: Option<(&'static str, Option<i64>)>,
    carry: Option<(Cap, Option<i64>)>,
    last: Last,
    /// Percent of the mean price, or of a fixed one.
    price_percent: i64,
    fixed: Option<i64>,
}

/// A year's input.
#[derive(Clone, Debug, Default)]
struct Of {
    taken: i128,
    maintenance: i128,
    price: i64,
}

type Right = (i64, i128, i128, Option<i64>);

/// What a year comes to by item, and what is there at its end.
#[derive(Clone, Debug, Default)]
struct Settled {
    items: BTreeMap<&'static str, i128>,
    bank: Vec<Right>,
    carried: Vec<Right>,
}

fn take_oldest(rights: &mut Vec<Right>, mut quantity: i128) {
    while quantity > 0 {
        let taken = quantity.min(rights[0].1);
        rights[0].1 -= taken;
        quantity -= taken;
        if rights[0].1 == 0 {
            rights.remove(0);
        }
    }
}

fn sum(rights: &[Right]) -> i128 {
    rights.iter().map(|right| right.1).sum()
}

/// The definitions of `settlement`, one after another. `of` gives a year's input, from its bank.
fn settle(
    ledger: &Ledger,
    (first, last): (i64, i64),
    acq: impl Fn(i64) -> i128,
    mut of: impl FnMut(i64, i128, i128) -> Of,
) -> BTreeMap<i64, Settled> {
    let (mut bank, mut carried): (Vec<Right>, Vec<Right>) = (Vec::new(), Vec::new());
    let mut years = BTreeMap::new();
    let extended = if let Last::Extended(years) = ledger.last { years } else { 0 };
    for year in first..=last + extended {
        let mut items: BTreeMap<&'static str, i128> = BTreeMap::new();
        let mut note = |item: &'static str, value: i128| *items.entry(item).or_default() += value;
        let quantity = if year > last { 0 } else { acq(year) };
        let input = of(year, quantity, sum(&bank));
        let adjusted = quantity - input.maintenance;
        let full = adjusted * i128::from(ledger.share) / 100;
        let mut made_up = 0;
        if let (Some((order, _)), false) = (ledger.make_up, bank.is_empty()) {
            let above = match order {
                "after_acq" => adjusted,
                "after_take_or_pay" => full,
                _ => 0,
            };
            made_up = (input.taken - above).clamp(0, sum(&bank));
            take_oldest(&mut bank, made_up);
        }
        let own = input.taken - made_up;
        let mut used = 0;
        if let Some((cap, _)) = ledger.carry {
            let cap = match cap {
                Cap::Unlimited => i128::MAX,
                Cap::Percent(percent) => quantity * i128::from(percent) / 100,
                Cap::Thousandths(thousandths) => i128::from(thousandths) * UNIT / 1000,
            };
            used = (full - own).max(0).min(sum(&carried)).min(cap);
            take_oldest(&mut carried, used);
        }
        let take_or_pay = full - used;
        let deficiency = (take_or_pay - own).max(0);
        let price = i128::from(ledger.fixed.unwrap_or(input.price)) * i128::from(ledger.price_percent);
        note("adjusted_acq", adjusted);
        note("taken", input.taken);
        note("make_up_taken", made_up);
        note("carry_forward_used", used);
        note("take_or_pay", take_or_pay);
        note("deficiency", deficiency);
        note("deficiency_payment", deficiency * price);
        let goes_on = year != last || matches!(ledger.last, Last::Extended(_));
        match ledger.make_up {
            Some((_, years)) if deficiency > 0 && goes_on => {
                note("make_up_added", deficiency);
                bank.push((year, deficiency, price, years.map(|years| year + years)));
            }
            _ => note("make_up_forfeited", deficiency),
        }
        if let Some((_, years)) = ledger.carry.filter(|_| own > adjusted && year != last) {
            note("carry_forward_earned", own - adjusted);
            carried.push((year, own - adjusted, 0, years.map(|years| year + years)));
        }
        let is_over = |right: &Right| right.3.is_some_and(|through| through <= year);
        note("make_up_expired", sum(&bank.iter().copied().filter(is_over).collect::<Vec<_>>()));
        bank.retain(|right| !is_over(right));
        note("carry_forward_expired", sum(&carried.iter().copied().filter(is_over).collect::<Vec<_>>()));
        carried.retain(|right| !is_over(right));
        if year >= last {
            note("carry_forward_expired", sum(&carried));
            carried.clear();
            match ledger.last {
                Last::Extended(years) if year < last + years => {}
                Last::Refunded => {
                    note("make_up_refunded", sum(&bank));
                    note("refund", bank.iter().map(|right| right.1 * right.2).sum());
                    bank.clear();
                }
                _ => {
                    note("make_up_forfeited", sum(&bank));
                    bank.clear();
                }
            }
        }
        note("make_up_balance", sum(&bank));
        note("carry_forward_balance", sum(&carried));
        years.insert(year, Settled { items, bank: bank.clone(), carried: carried.clone() });
    }
    years
}

const ITEMS: [&str; 15] = [
    "adjusted_acq",
    "taken",
    "make_up_taken",
    "carry_forward_used",
    "take_or_pay",
    "deficiency",
    "make_up_added",
    "make_up_expired",
    "make_up_forfeited",
    "make_up_refunded",
    "make_up_balance",
    "carry_forward_earned",
    "carry_forward_expired",
    "carry_forward_balance",
    "deficiency_payment",
];

/// Items in hundred-millionths, money in units of 10^-13.
fn found(year: &pb::LedgerYear, item: &str) -> i128 {
    let lines = year.lines.iter().filter(|line| crate::support::item(line) == item);
    let digits = |money: bool| if money { 13 } else { 8 };
    lines
        .map(|line| {
            let (value, is_money) = crate::support::amount(line);
            read(value, digits(is_money))
        })
        .sum()
}

fn terms(random: &mut Random) -> Ledger {
    let years = |random: &mut Random| (!random.one_in(3)).then(|| random.within(0, 5));
    let cap = match random.within(1, 3) {
        1 => Cap::Unlimited,
        2 => Cap::Percent(random.within(0, 30)),
        _ => Cap::Thousandths(random.within(0, 9_000)),
    };
    let order = random.pick(&["after_acq", "after_take_or_pay", "first"]);
    Ledger {
        share: random.within(40, 100),
        make_up: (!random.one_in(6)).then(|| (order, years(random))),
        carry: (!random.one_in(4)).then(|| (cap, years(random))),
        last: match random.within(1, 3) {
            1 => Last::Forfeited,
            2 => Last::Refunded,
            _ => Last::Extended(random.within(0, 3)),
        },
        price_percent: random.within(1, 100),
        fixed: random.one_in(2).then(|| random.within(1, 20_000)),
    }
}

fn write(ledger: &Ledger, made: &mut Made) {
    let years = |years: Option<i64>| years.map_or("end_of_term".to_owned(), |years| years.to_string());
    made.fact("take_or_pay_share", &format!("{} %", ledger.share));
    match ledger.make_up {
        None => made.fact("make_up_order", "none"),
        Some((order, expiry)) => {
            made.fact("make_up_order", order);
            made.fact("make_up_years", &years(expiry));
        }
    }
    match ledger.carry {
        None => made.fact("carry_forward_cap", "none"),
        Some((cap, expiry)) => {
            match cap {
                Cap::Unlimited => made.fact("carry_forward_cap", "unlimited"),
                Cap::Percent(percent) => made.fact("carry_forward_cap", &format!("{percent} %")),
                Cap::Thousandths(thousandths) => made.facts.push(serde_json::json!({
                    "field": "carry_forward_cap", "value": shown(thousandths), "unit": "bcm/y@20C", "source": "s"
                })),
            }
            made.fact("carry_forward_years", &years(expiry));
        }
    }
    match ledger.last {
        Last::Forfeited => made.fact("end_of_term", "forfeited"),
        Last::Refunded => made.fact("end_of_term", "refunded"),
        Last::Extended(years) => made.fact("end_of_term", &format!("extended {years}")),
    }
    match ledger.fixed {
        // A fixed price is paid whole.
        Some(price) => made.fact("deficiency_price", &format!("fixed {}", shown(price))),
        None => made.fact("deficiency_price", &format!("mean_of_year {} %", ledger.price_percent)),
    }
}

fn request(name: &str, years: (i64, i64), of: &BTreeMap<i64, Of>) -> pb::SettleContractRequest {
    let exact = |quantity: i128| {
        decimal(
            format!("{}.{:08}", quantity / UNIT, quantity % UNIT)
                .trim_end_matches('0')
                .trim_end_matches('.')
                .to_owned(),
        )
    };
    let facts = of.iter().filter(|(year, _)| **year <= years.1).map(|(year, of)| pb::YearFacts {
        year: i32::try_from(*year).unwrap(),
        taken: Some(exact(of.taken)),
        reductions: (of.maintenance > 0)
            .then(|| pb::Reduction {
                kind: pb::ReductionKind::Maintenance.into(),
                quantity: Some(exact(of.maintenance)),
                note: String::new(),
            })
            .into_iter()
            .collect(),
        mean_price: Some(decimal(shown(of.price))),
        last_month_price: None,
    });
    pb::SettleContractRequest {
        name: name.to_owned(),
        start_year: i32::try_from(years.0).unwrap(),
        end_year: i32::try_from(years.1).unwrap(),
        scope: pb::SettlementScope::Payment.into(),
        years: facts.collect(),
        ..Default::default()
    }
}

async fn asked(served: &Served, request: pb::SettleContractRequest, of: &str) -> pb::SettleContractResponse {
    match served.energy().settle_contract(request).await {
        Ok(answer) => answer.into_inner(),
        Err(status) => panic!("{of}: {}", status.message()),
    }
}

fn compare(answer: &pb::SettleContractResponse, expected: &BTreeMap<i64, Settled>, of: &str) -> usize {
    for year in &answer.years {
        let expected = &expected[&i64::from(year.year)].items;
        for item in ITEMS.into_iter().chain(["refund"]) {
            let right = expected.get(item).copied().unwrap_or_default();
            assert_eq!(found(year, item), right, "{item} of {} of {of}", year.year);
        }
    }
    answer.years.len()
}

fn tranches(rights: &[Right]) -> Vec<pb::OpeningTranche> {
    let tranche = |(year, quantity, price, _): &Right| pb::OpeningTranche {
        year: i32::try_from(*year).unwrap(),
        quantity: Some(decimal(format!("{}.{:08}", quantity / UNIT, quantity % UNIT))),
        price_paid: Some(decimal(format!("{}.{:05}", price / 100_000, price % 100_000))),
    };
    rights.iter().map(tranche).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_item_of_a_ledger_follows_from_the_definitions() {
    let (seed, cases) = (seed(), cases(500));
    let mut random = Random(seed);
    let mut book = Vec::new();
    while book.len() < cases {
        let mut made = contract(format!("L{}", book.len()), ("NO", "DE"), &mut random);
        if made.short.is_none() {
            made.short = Some(Short::ProRata);
            made.fact("short_year", "pro_rata");
        }
        let mut ledger = terms(&mut random);
        if ledger.fixed.is_some() {
            ledger.price_percent = 100;
        }
        write(&ledger, &mut made);
        book.push((made, ledger));
    }
    let fixture = Fixture::sqlite().await;
    let lines: Vec<String> = book.iter().map(|(made, _)| made.line()).collect();
    let path = fixture.write("book.jsonl", lines.join("\n"));
    fixture.import("contracts", published(vec![path], "2026-01-15")).await.unwrap();
    let served = fixture.serve().await;
    let (mut compared, mut asked_times) = (0, 0);
    for (made, ledger) in &book {
        let rules = Rules { take_or_pay_percent: 0, downward_percent: 0, upward_thousandths: 0 };
        let by_year = by_days(made, &rules, |day| day.contract_year(made.begins));
        // A year's quantity enters the ledger to six digits.
        let acq = |year: i64| by_year[&year].unwrap()[0].rounded(6) * 100;
        let mut inputs: BTreeMap<i64, Of> = BTreeMap::new();
        let (first, last) = made.years();
        let expected = settle(ledger, (first, last), acq, |year, quantity, bank| {
            let millionths = |quantity: i128| i64::try_from(quantity / 100).unwrap();
            let maintenance = if random.one_in(4) { random.within(0, millionths(quantity)) } else { 0 };
            // Mostly around the quantity; behind the term only what is in the bank.
            let most = if year > last { millionths(bank) } else { millionths(quantity) * 14 / 10 };
            let least = if year > last { 0 } else { millionths(quantity) * 3 / 10 };
            let taken = random.within(least.min(most), most);
            let input = Of {
                taken: i128::from(taken) * 100,
                maintenance: i128::from(maintenance) * 100,
                price: random.within(1, 30_000),
            };
            inputs.insert(year, input.clone());
            input
        });
        let name = format!("contracts/contracts.{}", made.id);
        let of = format!("seed {seed}: {} with {inputs:?}", made.line());
        let last_settled = *expected.keys().next_back().unwrap();
        let whole = asked(&served, request(&name, (first, last_settled), &inputs), &of).await;
        assert_eq!(whole.years.len(), expected.len(), "{of}");
        compared += compare(&whole, &expected, &of);
        asked_times += 1;
        // From the middle: the beginning is reckoned first.
        let middle = random.within(first, last_settled);
        let part = asked(&served, request(&name, (middle, last_settled), &inputs), &of).await;
        compared += compare(&part, &expected, &of);
        assert_eq!(i64::try_from(part.years.len()).unwrap(), last_settled - middle + 1, "{of}");
        // Or it is given. What is usable no more by the terms is not in it.
        if middle > first {
            let before = &expected[&(middle - 1)];
            let only: BTreeMap<i64, Of> = inputs.range(middle..).map(|(year, of)| (*year, of.clone())).collect();
            let opening =
                pb::OpeningBalances { make_up: tranches(&before.bank), carry_forward: tranches(&before.carried) };
            let bare = request(&name, (middle, last_settled), &only);
            let with = pb::SettleContractRequest { opening_balances: Some(opening), ..bare.clone() };
            compared += compare(&asked(&served, with, &of).await, &expected, &of);
            let refused = served.energy().settle_contract(bare).await.unwrap_err();
            assert!(refused.message().contains("opening_balances"), "{of}: {}", refused.message());
            asked_times += 2;
        }
        asked_times += 1;
        // There is no year behind the last.
        inputs.insert(last_settled + 1, Of::default());
        let refused = served.energy().settle_contract(request(&name, (first, last_settled + 1), &inputs)).await;
        assert!(refused.unwrap_err().message().contains("lies behind the last contract year"), "{of}");
    }
    println!("seed {seed}: {cases} contracts, {asked_times} settlements, {compared} years, 0 differences");
}

/// The same contract in years that begin in each month: the ledger is the same, to the words.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_does_not_depend_on_the_month_in_which_its_years_begin() {
    let (seed, cases) = (seed(), cases(500) / 10);
    let mut random = Random(seed);
    let fixture = Fixture::sqlite().await;
    let (mut lines, mut inputs) = (Vec::new(), Vec::new());
    for case in 0..cases {
        let ledger = terms(&mut random);
        let (first, count) = (random.within(2015, 2022), random.within(1, 8));
        let steps: Vec<i64> = (0..count).map(|_| random.within(1, 40_000)).collect();
        let extension = if let Last::Extended(years) = ledger.last { years } else { 0 };
        let of: BTreeMap<i64, Of> = (first..first + count + extension)
            .map(|year| {
                let taken = if year < first + count { i128::from(random.within(0, 50_000)) * UNIT / 1000 } else { 0 };
                (year, Of { taken, maintenance: 0, price: random.within(1, 30_000) })
            })
            .collect();
        for begins in 1..=12 {
            let start = super::plain::Day(first, begins, 1);
            let end = start.years_later(count).before();
            let id = format!("T{case}-{begins}");
            let mut made = Made { id, begins, start, end, acq: Vec::new(), short: None, facts: Vec::new() };
            made.fact("seller", "Wessel");
            made.fact("start", &start.text());
            made.fact("end", &end.text());
            made.fact("year_begins", &begins.to_string());
            for (index, step) in steps.iter().enumerate() {
                let year = first + i64::try_from(index).unwrap();
                made.facts.push(serde_json::json!({
                    "field": "acq", "value": shown(*step), "unit": "bcm/y@20C", "source": "s", "first_year": year,
                    "last_year": year
                }));
            }
            write(&ledger, &mut made);
            lines.push(made.line());
        }
        inputs.push((first, first + count + extension - 1, of));
    }
    let path = fixture.write("book.jsonl", lines.join("\n"));
    fixture.import("contracts", published(vec![path], "2026-01-15")).await.unwrap();
    let served = fixture.serve().await;
    for (case, (first, last, of)) in inputs.iter().enumerate() {
        let mut calendar = None;
        for begins in 1..=12 {
            let name = format!("contracts/contracts.T{case}-{begins}");
            let what = format!("seed {seed}: {name}");
            let answer = asked(&served, request(&name, (*first, *last), of), &what).await.years;
            assert_eq!(*calendar.get_or_insert_with(|| answer.clone()), answer, "{what}");
        }
    }
    println!("seed {seed}: {} twins, 0 differences", cases * 12);
}
