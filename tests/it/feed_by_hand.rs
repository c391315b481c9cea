//! The feed of changes filtered by what an entry is under, beside a plain comparison of the lists themselves: random lists,
//! one after the other.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::random::Random;
use crate::support::sdn::{Entry, entry, import_with, list};
use crate::support::{Fixture, Served};
use entrepot::proto::entrepot::sanctions::v1 as pb;

const SEED: u64 = 20_261_129;
const RELEASES: [&str; 6] = ["2022-01-05", "2022-02-05", "2022-03-05", "2022-04-05", "2022-05-05", "2022-06-05"];
/// OFAC's tags, some entries with several; the last is of the sectoral list, which freezes nothing.
const PROGRAMMES: [&str; 5] = ["IRAN", "SDGT", "RUSSIA-EO14024", "IRAN] [SDGT", "UKRAINE-EO13662"];

fn programmes(tags: &str) -> BTreeSet<String> {
    tags.split("] [").map(str::to_owned).collect()
}

fn draw(random: &mut Random, before: &[Entry]) -> Vec<Entry> {
    let mut entries = Vec::new();
    for number in 1..=30 {
        let old = before.iter().find(|entry| entry.number == number);
        match (old, random.below(4)) {
            (_, 0) => {}
            (Some(old), 1) => entries.push(old.clone()),
            (Some(old), 2) => {
                entries.push(Entry { remarks: format!("Website www.a{}.ru", random.below(9)), ..old.clone() })
            }
            _ => entries.push(entry(number, "SOME COMPANY", random.pick(&PROGRAMMES), "")),
        }
    }
    entries
}

/// `(day, uid, kind)` of all changes that a filter leaves.
async fn asked(served: &Served, filter: pb::ChangeFilter) -> BTreeSet<(String, String, i32)> {
    let mut found = BTreeSet::new();
    let mut request = pb::ListChangesRequest { filter: Some(filter), page_size: 7, ..Default::default() };
    loop {
        let page = served.sanctions().list_changes(request.clone()).await.unwrap().into_inner();
        for change in page.changes {
            let day = change.publication_date.unwrap();
            let day = format!("{:04}-{:02}-{:02}", day.year, day.month, day.day);
            let uid = change.subject.rsplit_once('.').unwrap().1.to_owned();
            assert_eq!(change.authorities, ["OFAC"]);
            assert_eq!(change.measures.is_empty(), change.programmes.is_empty(), "{change:?}");
            assert!(found.insert((day, uid, change.kind)), "a change comes once");
        }
        request.cursor = page.cursor;
        if !page.more {
            return found;
        }
    }
}

on_each_backend!(a_filtered_feed_has_what_comes_to_a_programme_and_what_leaves_it);
async fn a_filtered_feed_has_what_comes_to_a_programme_and_what_leaves_it(fixture: Fixture) {
    let mut random = Random(SEED);
    let served = fixture.serve().await;
    let mut releases: Vec<Vec<Entry>> = Vec::new();
    for on in RELEASES {
        let entries = draw(&mut random, releases.last().map_or(&[], Vec::as_slice));
        import_with(&fixture, &list(&entries), on, &["us-ofac-sdn"]).await.unwrap();
        releases.push(entries);
    }
    let mut compared = 0;
    for wanted in ["IRAN", "SDGT", "RUSSIA-EO14024", "UKRAINE-EO13662"] {
        let mut expected = BTreeSet::new();
        for (index, (on, now)) in RELEASES.iter().zip(&releases).enumerate() {
            let before = if index == 0 { &[][..] } else { &releases[index - 1] };
            let by_number = |entries: &[Entry]| -> BTreeMap<u32, Entry> {
                entries.iter().map(|entry| (entry.number, entry.clone())).collect()
            };
            let (before, now) = (by_number(before), by_number(now));
            for number in 1..=30 {
                let (old, new) = (before.get(&number), now.get(&number));
                let kind = match (old, new) {
                    (None, Some(_)) => pb::ChangeKind::Added,
                    (Some(_), None) => pb::ChangeKind::Removed,
                    (Some(old), Some(new)) if (old.programme, &old.remarks) != (new.programme, &new.remarks) => {
                        pb::ChangeKind::Changed
                    }
                    _ => continue,
                };
                if old.into_iter().chain(new).any(|entry| programmes(entry.programme).contains(wanted)) {
                    expected.insert(((*on).to_owned(), number.to_string(), i32::from(kind)));
                }
            }
        }
        let filter = pb::ChangeFilter { programmes: vec![wanted.into()], ..Default::default() };
        let mut found = asked(&served, filter.clone()).await;
        // The crowd is of one programme, and does not change.
        found.retain(|(_, uid, _)| uid.len() < 4);
        assert_eq!(found, expected, "{wanted}");
        compared += found.len();
        let later = asked(&served, pb::ChangeFilter { skip_initial: true, ..filter.clone() }).await;
        assert!(later.iter().all(|(day, ..)| day > &RELEASES[0].to_owned()));
        let other = pb::ChangeFilter { authorities: vec!["EU".into()], ..filter.clone() };
        assert!(asked(&served, other).await.is_empty());
        let own = pb::ChangeFilter { authorities: vec!["EU".into(), "OFAC".into()], ..filter };
        assert!(asked(&served, own).await.len() >= found.len());
    }
    assert!(compared > 150, "{compared}");
    println!("{compared} changes compared, seed {SEED}");
    let freezes = pb::ChangeFilter { measures: vec![pb::MeasureKind::AssetFreeze.into()], ..Default::default() };
    let all = asked(&served, pb::ChangeFilter::default()).await;
    assert_eq!(asked(&served, freezes).await.len(), all.len(), "entries of the SDN list are all frozen");
    let bans = pb::ChangeFilter { measures: vec![pb::MeasureKind::TravelBan.into()], ..Default::default() };
    assert!(asked(&served, bans).await.is_empty());
    let ships = pb::ChangeFilter { subject_kinds: vec![pb::SubjectKind::Vessel.into()], ..Default::default() };
    assert!(asked(&served, ships).await.is_empty());
}
