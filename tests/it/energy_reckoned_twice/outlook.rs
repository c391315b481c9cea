//! Outlooks of small books, day by day.

use std::collections::BTreeMap;

use entrepot::proto::entrepot::energy::v1 as pb;
use serde_json::json;

use super::made::{Made, Short, contract};
use super::plain::{Day, Fraction, length, read, shown};
use super::{cases, seed};
use crate::support::random::Random;
use crate::support::{Fixture, published};

const YEARS: (i64, i64) = (2018, 2036);

/// A contract of a case, and until when it counts.
struct Counted {
    made: Made,
    layer: pb::Layer,
    /// Last day on which it counts.
    until: Day,
    /// Place of what it amends.
    amends: Option<usize>,
    extension: i64,
    /// Its end is an end: it goes on in no other contract.
    expires: bool,
}

impl Counted {
    fn new(made: Made) -> Self {
        let until = made.end;
        Self { made, layer: pb::Layer::InForce, until, amends: None, extension: 0, expires: true }
    }

    fn counts_on(&self, day: Day) -> bool {
        self.made.start <= day && day <= self.until
    }

    /// The annual quantity of a day on which it counts, and the days over which it spreads.
    fn rate(&self, day: Day) -> (i64, i64) {
        let year = day.contract_year(self.made.begins);
        let full = length(year, self.made.begins);
        let own = Day(year, self.made.begins, 1).to(Day(year + 1, self.made.begins, 1).before());
        let own = own.filter(|day| self.made.start <= *day && *day <= self.made.end).count();
        let own = i64::try_from(own).unwrap();
        let spread = if self.made.short == Some(Short::AsStated) { own } else { full };
        (self.made.acq_on(day).expect("the quantities cover the term"), spread)
    }
}

type Sums = BTreeMap<(i64, pb::Layer, usize), BTreeMap<(i64, i64), i128>>;

/// Sums by year, layer and contract.
fn reckoned(all: &[Counted]) -> BTreeMap<(i64, pb::Layer, usize), i128> {
    let mut sums: Sums = BTreeMap::new();
    for (index, counted) in all.iter().enumerate() {
        let first = counted.made.start.max(Day(YEARS.0, 1, 1));
        let mut rates: BTreeMap<(usize, i64, i64), (i64, i64)> = BTreeMap::new();
        let mut rate = |which: usize, day: Day| {
            // The spread of a contract year is the same on all its days.
            let acq = all[which].made.acq_on(day).unwrap();
            *rates
                .entry((which, day.contract_year(all[which].made.begins), acq))
                .or_insert_with(|| all[which].rate(day))
        };
        for day in first.to(counted.until.min(Day(YEARS.1, 12, 31))) {
            let days = sums.entry((day.0, counted.layer, index)).or_default();
            let (acq, spread) = rate(index, day);
            *days.entry((acq, spread)).or_default() += 1;
            if let Some(base) = counted.amends.filter(|base| all[*base].counts_on(day)) {
                let (acq, spread) = rate(base, day);
                *days.entry((-acq, spread)).or_default() += 1;
            }
        }
        if counted.extension > 0 && counted.until == counted.made.end {
            let end = counted.made.end;
            let last = counted.made.acq_on(end).unwrap();
            for day in end.next().to(end.years_later(counted.extension).min(Day(YEARS.1, 12, 31))) {
                if day < Day(YEARS.0, 1, 1) {
                    continue;
                }
                let acq = counted.made.acq_on(day).unwrap_or(last);
                let spread = length(day.contract_year(counted.made.begins), counted.made.begins);
                let days = sums.entry((day.0, pb::Layer::Extension, index)).or_default();
                *days.entry((acq, spread)).or_default() += 1;
            }
        }
    }
    let total = |days: BTreeMap<(i64, i64), i128>| {
        let parts =
            days.into_iter().map(|((acq, spread), days)| Fraction(i128::from(acq) * days, i128::from(spread) * 1000));
        parts.fold(Fraction::ZERO, Fraction::plus).rounded(6)
    };
    sums.into_iter().map(|(key, days)| (key, total(days))).collect()
}

/// What a year's expiring contracts had on their last day, each as a difference where what it amends counts.
fn expiring(all: &[Counted]) -> BTreeMap<i64, i128> {
    let mut years = BTreeMap::new();
    for counted in all.iter().filter(|counted| counted.expires && counted.made.start <= counted.until) {
        let last = counted.until;
        let base = counted.amends.filter(|base| all[*base].counts_on(last));
        let replaced = base.map_or(0, |base| all[base].made.acq_on(last).unwrap());
        *years.entry(last.0).or_default() += i128::from(counted.made.acq_on(last).unwrap() - replaced) * 1000;
    }
    years
}

struct Case {
    sides: (String, String),
    all: Vec<Counted>,
    inclusion: Option<(i64, Option<i64>, i64)>,
    /// The same contract in a book whose name comes later.
    again: Option<Made>,
}

fn states(made: &mut Made, from: Option<Day>, status: &str) {
    let mut fact = json!({"field": "legal_status", "value": status, "source": "s"});
    fact["from"] = json!(from.map_or("2010".to_owned(), Day::text));
    made.facts.push(fact);
}

fn day_within(made: &Made, random: &mut Random) -> Day {
    let days: Vec<Day> = made.start.to(made.end).collect();
    random.pick(&days)
}

fn case(number: usize, sides: (String, String), random: &mut Random) -> Case {
    let new = |name: &str, random: &mut Random| {
        let mut made = contract(format!("{name}{number}"), (&sides.0, &sides.1), random);
        states(&mut made, None, "in_force");
        made.facts.push(json!({"field": "physical_state", "value": "flowing", "source": "s", "from": "2010"}));
        made
    };
    let mut base = Counted::new(new("BASE", random));
    let (mut inclusion, mut again) = (None, None);
    let mut all = Vec::new();
    match random.within(1, 7) {
        1 => {
            base.extension = random.within(0, 6);
            if base.extension > 0 {
                let text = format!("up to {} years", base.extension);
                base.made.fact("extension", &text);
            }
        }
        2 => {
            let from = day_within(&base.made, random);
            states(&mut base.made, Some(from), "terminated");
            base.until = from.before();
        }
        kind @ 3..=5 => {
            let mut newer = Counted::new(new("NEW", random));
            let id = base.made.id.clone();
            let start = newer.made.start;
            let cut = start.before().min(base.until);
            match kind {
                3 => {
                    newer.made.fact("amends", &id);
                    newer.amends = Some(0);
                }
                4 => {
                    newer.made.fact("supersedes", &id);
                    base.expires = start > base.made.end;
                    base.until = cut;
                }
                _ => {
                    newer.made.fact("amends", &id);
                    newer.amends = Some(0);
                    states(&mut base.made, Some(start), "superseded");
                    base.expires = start > base.made.end;
                    base.until = cut;
                }
            }
            all.push(newer);
        }
        6 => {
            let first = random.within(YEARS.0, YEARS.1);
            let last = random.one_in(2).then(|| random.within(first, YEARS.1));
            inclusion = Some((first, last, random.within(1, 60_000)));
        }
        _ => {
            let mut other = base.made.clone();
            if random.one_in(2) {
                other.fact("note", "as another keeper has it");
                other.facts.push(json!({"field": "take_or_pay_share", "value": "85 %", "source": "s"}));
            }
            again = Some(other);
        }
    }
    all.insert(0, base);
    Case { sides, all, inclusion, again }
}

/// Pairs of countries, one a case, so that a case has its outlook to itself.
fn sides(number: usize) -> (String, String) {
    const CODES: [&str; 24] = [
        "NO", "DE", "GB", "FR", "IT", "ES", "PT", "NL", "BE", "DK", "SE", "FI", "EE", "LV", "LT", "PL", "CZ", "SK",
        "AT", "HU", "RO", "BG", "GR", "HR",
    ];
    let (seller, buyer) = (number % CODES.len(), (number / CODES.len()) % CODES.len());
    (CODES[seller].to_owned(), CODES[(seller + 1 + buyer) % CODES.len()].to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_quantity_of_an_outlook_is_the_sum_of_its_days() {
    // A seller and a buyer of one country each would have no case to itself.
    let (seed, cases) = (seed(), cases(500).min(24 * 23));
    let mut random = Random(seed);
    let all: Vec<Case> = (0..cases).map(|number| case(number, sides(number), &mut random)).collect();
    let fixture = Fixture::sqlite().await;
    let lines: Vec<String> = all.iter().flat_map(|case| &case.all).map(|counted| counted.made.line()).collect();
    let path = fixture.write("book.jsonl", lines.join("\n"));
    fixture.import("contracts", published(vec![path], "2026-01-15")).await.unwrap();
    let again: Vec<String> = all.iter().filter_map(|case| case.again.as_ref()).map(Made::line).collect();
    let path = fixture.write("again.jsonl", again.join("\n"));
    let mut options = published(vec![path], "2026-01-16");
    options.dataset = Some("second-keeper".into());
    fixture.import("contracts", options).await.unwrap();
    let served = fixture.serve().await;
    let mut compared = 0;
    for case in &all {
        let books: Vec<String> = case.all.iter().map(|counted| counted.made.line()).collect();
        let of = format!("seed {seed}: {books:?} {:?}", case.inclusion);
        let mut request = pb::ProjectOutlookRequest {
            origins: vec![case.sides.0.clone()],
            destinations: vec![case.sides.1.clone()],
            commodities: vec!["pipeline_gas".into()],
            start_year: i32::try_from(YEARS.0).unwrap(),
            end_year: i32::try_from(YEARS.1).unwrap(),
            unit: "bcm/y@20C".into(),
            ..Default::default()
        };
        let base = format!("contracts/contracts.{}", case.all[0].made.id);
        if let Some((first, last, quantity)) = case.inclusion {
            let inclusion = pb::Inclusion {
                name: base.clone(),
                start_year: i32::try_from(first).unwrap(),
                end_year: i32::try_from(last.unwrap_or(0)).unwrap(),
                quantity: crate::support::quantity(&shown(quantity), "bcm/y@20C"),
                ..Default::default()
            };
            request.scenario = Some(pb::Scenario { inclusions: vec![inclusion], ..Default::default() });
        }
        let answer = match served.energy().project_outlook(request).await {
            Ok(answer) => answer.into_inner(),
            Err(status) => panic!("{of}: {}", status.message()),
        };
        let mut expected = reckoned(&case.all);
        let mut ends = expiring(&case.all);
        if let Some((first, last, quantity)) = case.inclusion {
            let includes = |year: i64| first <= year && last.is_none_or(|last| year <= last);
            expected.retain(|(year, ..), _| !includes(*year));
            ends.retain(|year, _| !includes(*year));
            for year in first..=last.unwrap_or(YEARS.1) {
                expected.insert((year, pb::Layer::Scenario, 0), i128::from(quantity) * 1000);
            }
        }
        let names: Vec<String> =
            case.all.iter().map(|counted| format!("contracts/contracts.{}", counted.made.id)).collect();
        let mut found = BTreeMap::new();
        for year in &answer.years {
            let mut total = 0;
            for layer in &year.layers {
                for part in &layer.contributions {
                    let index = names.iter().position(|name| *name == part.contract);
                    let index = index.unwrap_or_else(|| panic!("{}: {of}", part.contract));
                    let quantity = read(&part.quantity.as_ref().unwrap().value, 6);
                    total += quantity;
                    found.insert((i64::from(year.year), layer.layer(), index), quantity);
                }
            }
            assert_eq!(read(&year.total.as_ref().unwrap().value, 6), total, "{} of {of}", year.year);
            let right = ends.get(&i64::from(year.year)).copied().unwrap_or_default();
            assert_eq!(read(&year.expiring.as_ref().unwrap().value, 6), right, "what ends in {} of {of}", year.year);
            compared += 1;
        }
        assert_eq!(found, expected, "{of}");
        if case.again.is_some() {
            let left = answer.left_out.iter().find(|left| left.contract.starts_with("contracts/second-keeper."));
            assert!(
                left.is_some_and(|left| left.reason.contains("the same contract as")),
                "{:?}: {of}",
                answer.left_out
            );
        }
    }
    println!("seed {seed}: {cases} books, {compared} years, 0 differences");
}
