//! Which measures are in force, beside a plain reckoning that looks at one day after the other: random subjects with several
//! measures each, their days known to the day, the month or the year, or not at all.

use std::collections::BTreeSet;

use entrepot::import::Options;
use entrepot::proto::entrepot::sanctions::v1 as pb;
use jiff::civil::{Date, date};

use crate::support::random::Random;
use crate::support::{Fixture, Served, clock, day, published};

const SEED: u64 = 20_261_128;
const SUBJECTS: usize = 150;
/// Days asked, most of them days on which something begins or ends.
const DAYS: usize = 60;

/// A day as a list writes it: with its month and day, with its month, or the year alone.
#[derive(Clone, Copy)]
struct Written {
    day: Date,
    precision: u64,
}

impl Written {
    fn draw(random: &mut Random) -> Self {
        let month = i8::try_from(random.within(1, 12)).unwrap();
        let year = i16::try_from(random.within(2014, 2019)).unwrap();
        let day = date(year, month, i8::try_from(random.within(1, 28)).unwrap());
        Self { day, precision: random.pick(&[0, 0, 0, 1, 2]) }
    }

    fn text(self) -> String {
        let text = self.day.to_string();
        text[..[10, 7, 4][usize::try_from(self.precision).unwrap()]].to_owned()
    }

    /// All days that may be meant.
    fn meant(self) -> Vec<Date> {
        let all = (0..366).map(|days| self.day.first_of_year().checked_add(jiff::Span::new().days(days)).unwrap());
        all.filter(|day| day.to_string().starts_with(&self.text())).collect()
    }
}

struct Measure {
    from: Option<Written>,
    until: Option<Written>,
}

impl Measure {
    /// Whether there are a beginning and an end among those that may be meant between which the day lies. Days that
    /// contradict each other leave it open from the beginning on.
    fn may_hold(&self, day: Date) -> bool {
        let from = self.from.map(Written::meant);
        let until = self.until.map(Written::meant);
        let has_begun = from.as_ref().is_none_or(|from| from.iter().any(|from| *from <= day));
        let has_not_ended = until.as_ref().is_none_or(|until| until.iter().any(|until| day < *until));
        let contradict = from
            .zip(until)
            .is_some_and(|(from, until)| from.iter().all(|from| until.iter().all(|until| until <= from)));
        has_begun && (has_not_ended || contradict)
    }
}

fn subject(id: usize, measures: &[Measure]) -> String {
    let mut text = format!(
        "{{\"id\":\"{id}\",\"schema\":\"Company\",\"properties\":{{\"name\":[\"Firm {id}\"]}},\"target\":true}}\n"
    );
    for (number, measure) in measures.iter().enumerate() {
        let property = |name: &str, written: Option<Written>| {
            written.map_or_else(String::new, |written| format!(",\"{name}\":[\"{}\"]", written.text()))
        };
        text.push_str(&format!(
            "{{\"id\":\"s-{id}-{number}\",\"schema\":\"Sanction\",\"datasets\":[\"some_list\"],\"properties\":{{\
             \"entity\":[\"{id}\"],\"authority\":[\"Office of Foreign Assets Control\"],\"provisions\":[\"Block\"]{}{}}}}}\n",
            property("startDate", measure.from),
            property("endDate", measure.until),
        ));
    }
    text
}

async fn in_force(served: &Served, on: Date) -> BTreeSet<usize> {
    let request =
        pb::ListSubjectsRequest { clock: clock(None, day(&on.to_string())), page_size: 500, ..Default::default() };
    let page = served.sanctions().list_subjects(request).await.unwrap().into_inner();
    assert!(page.next_page_token.is_empty());
    page.subjects.iter().map(|subject| subject.uid.parse().unwrap()).collect()
}

on_each_backend!(a_subject_is_in_force_on_the_days_of_its_measures);
async fn a_subject_is_in_force_on_the_days_of_its_measures(fixture: Fixture) {
    let mut random = Random(SEED);
    let measures: Vec<Vec<Measure>> = (0..SUBJECTS)
        .map(|_| {
            (0..random.within(1, 4))
                .map(|_| {
                    let mut written = |percent| random.percent(percent).then(|| Written::draw(&mut random));
                    Measure { from: written(85), until: written(75) }
                })
                .collect()
        })
        .collect();
    let text: String = measures.iter().enumerate().map(|(id, measures)| subject(id, measures)).collect();
    let path = fixture.write("firms.json", text);
    // Published before all of it, so that no day is one before the list.
    let options = Options { dataset: Some("firms".into()), whole: true, ..published(vec![path], "2012-01-01") };
    fixture.import("ftm", options).await.unwrap();
    let served = fixture.serve().await;

    let edges: Vec<Date> = measures
        .iter()
        .flatten()
        .flat_map(|measure| [measure.from, measure.until])
        .flatten()
        .flat_map(|written| [written.meant()[0], *written.meant().last().unwrap()])
        .collect();
    let mut compared = 0;
    for _ in 0..DAYS {
        let edge = random.pick(&edges);
        let on = edge.checked_add(jiff::Span::new().days(random.within(-1, 1))).unwrap();
        let expected: BTreeSet<usize> =
            (0..SUBJECTS).filter(|id| measures[*id].iter().any(|measure| measure.may_hold(on))).collect();
        assert_eq!(in_force(&served, on).await, expected, "{on}");
        compared += SUBJECTS;
    }
    println!("seed {SEED}: {compared} subjects and days, none differs");
}
