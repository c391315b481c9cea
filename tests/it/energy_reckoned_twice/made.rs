//! Made-up contracts: what their facts say, and the facts as the book has them.

use serde_json::{Value, json};

use super::plain::{Day, days_of_month, shown};
use crate::support::random::Random;

/// An annual quantity, and when it holds.
#[derive(Clone, Copy, Debug)]
pub struct Acq {
    pub thousandths: i64,
    pub years: (Option<i64>, Option<i64>),
    pub days: (Option<Day>, Option<Day>),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Short {
    ProRata,
    AsStated,
}

#[derive(Clone, Debug)]
pub struct Made {
    pub id: String,
    pub begins: i64,
    pub start: Day,
    pub end: Day,
    pub acq: Vec<Acq>,
    pub short: Option<Short>,
    pub facts: Vec<Value>,
}

impl Made {
    pub fn years(&self) -> (i64, i64) {
        (self.start.contract_year(self.begins), self.end.contract_year(self.begins))
    }

    pub fn fact(&mut self, field: &str, value: &str) {
        self.facts.push(json!({"field": field, "value": value, "source": "made up"}));
    }

    pub fn line(&self) -> String {
        json!({"id": self.id, "facts": self.facts}).to_string()
    }

    /// The annual quantity of a day, in thousandths: of those that hold the one that began last.
    pub fn acq_on(&self, day: Day) -> Option<i64> {
        let year = day.contract_year(self.begins);
        let holds = |acq: &&Acq| {
            acq.years.0.is_none_or(|first| first <= year)
                && acq.years.1.is_none_or(|last| year <= last)
                && acq.days.0.is_none_or(|from| from <= day)
                && acq.days.1.is_none_or(|until| day <= until)
        };
        self.acq.iter().filter(holds).max_by_key(|acq| acq.days.0).map(|acq| acq.thousandths)
    }
}

/// A contract of one to eleven years, with sides, term, quantities and the rule of short years.
pub fn contract(id: String, sides: (&str, &str), random: &mut Random) -> Made {
    let begins = random.within(1, 12);
    let start = match random.within(1, 3) {
        // A full first year, a month of its own, any day.
        1 => Day(random.within(2015, 2021), begins, 1),
        2 => Day(random.within(2015, 2021), random.within(1, 12), 1),
        _ => any_day(2015, 2021, random),
    };
    let end = match random.within(1, 3) {
        1 => start.years_later(random.within(1, 10)).before(),
        2 => {
            let (year, month) = (start.0 + random.within(1, 10), random.within(1, 12));
            Day(year, month, days_of_month(year, month))
        }
        _ => any_day(start.0 + 1, start.0 + 10, random),
    };
    let end = if end < start { start.years_later(1).before() } else { end };
    let mut made = Made { id, begins, start, end, acq: Vec::new(), short: None, facts: Vec::new() };
    for (field, name, country) in [("seller", "Wessel", sides.0), ("buyer", "Bantry", sides.1)] {
        made.facts.push(json!({"field": field, "value": name, "country": country, "source": "made up"}));
    }
    made.fact("commodity", "pipeline_gas");
    // A month or a year may stand for its first day, and for its last.
    let vague = |day: Day, is_edge: bool, random: &mut Random| {
        if is_edge && random.one_in(2) { day.text()[..7].to_owned() } else { day.text() }
    };
    let text = vague(start, start.2 == 1, random);
    made.fact("start", &text);
    let text = vague(end, end.2 == days_of_month(end.0, end.1), random);
    made.fact("end", &text);
    made.fact("year_begins", &begins.to_string());
    made.short = random.pick(&[Some(Short::ProRata), Some(Short::AsStated), None]);
    match made.short {
        Some(Short::ProRata) => made.fact("short_year", "pro_rata"),
        Some(Short::AsStated) => made.fact("short_year", "as_stated"),
        None => {}
    }
    quantities(&mut made, random);
    made
}

fn any_day(first: i64, last: i64, random: &mut Random) -> Day {
    let (year, month) = (random.within(first, last), random.within(1, 12));
    Day(year, month, random.within(1, days_of_month(year, month)))
}

/// One quantity; steps of contract years; quantities that follow one another by date; both.
fn quantities(made: &mut Made, random: &mut Random) {
    let (first, last) = made.years();
    let mut found: Vec<Acq> = Vec::new();
    let plain =
        |random: &mut Random| Acq { thousandths: random.within(0, 60_000), years: (None, None), days: (None, None) };
    match random.within(1, 5) {
        1 => found.push(plain(random)),
        2 => {
            let mut year = first;
            loop {
                let next = year + random.within(1, 4);
                let is_last = next > last;
                // The first may leave open where it begins, the last where it ends.
                let begins = (year > first || random.one_in(2)).then_some(year);
                let ends = if is_last { random.one_in(2).then_some(last) } else { Some(next - 1) };
                found.push(Acq { years: (begins, ends), ..plain(random) });
                if is_last {
                    break;
                }
                year = next;
            }
        }
        3 => {
            let mut from = None;
            for _ in 0..random.within(1, 3) {
                let change = any_day(made.start.0, made.end.0 + 1, random);
                if from.is_some_and(|from| change <= from) {
                    continue;
                }
                found.push(Acq { days: (from, Some(change.before())), ..plain(random) });
                from = Some(change);
            }
            found.push(Acq { days: (from, None), ..plain(random) });
        }
        4 => {
            // Each holds until a newer one begins to.
            found.push(plain(random));
            for _ in 0..random.within(1, 3) {
                let from = any_day(made.start.0, made.end.0, random);
                if found.iter().all(|acq| acq.days.0 != Some(from)) {
                    found.push(Acq { days: (Some(from), None), ..plain(random) });
                }
            }
        }
        _ => {
            let year = random.within(first, last);
            found.push(Acq { years: (None, Some(year)), ..plain(random) });
            if year < last {
                found.push(Acq { years: (Some(year + 1), None), ..plain(random) });
            }
            found.push(Acq { days: (Some(any_day(made.start.0, made.end.0, random)), None), ..plain(random) });
        }
    }
    for acq in &found {
        let mut fact =
            json!({"field": "acq", "value": shown(acq.thousandths), "unit": "bcm/y@20C", "source": "made up"});
        let names = [("first_year", acq.years.0), ("last_year", acq.years.1)];
        for (name, year) in names.into_iter().filter_map(|(name, year)| Some((name, year?))) {
            fact[name] = json!(year);
        }
        let names = [("from", acq.days.0), ("until", acq.days.1)];
        for (name, day) in names.into_iter().filter_map(|(name, day)| Some((name, day?))) {
            fact[name] = json!(day.text());
        }
        made.facts.push(fact);
    }
    made.acq = found;
}
