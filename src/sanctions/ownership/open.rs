//! What is not known of designations and holdings: it leaves the answer open, and is never taken for a no.

use jiff::civil::{Date, date};

use super::rule::{OFAC, UK};
use super::{Basis, Designation, Graph, Holding, HoldingKind, Resolution, Rule, Unknown, Verdict, resolve};
use Verdict::{Blocked, NotBlocked, Undetermined};

const DAY: Date = date(2022, 3, 15);

/// `X` is designated, `Z` listed by a release after the day, which does not say since when. `k1` and `k2` mean `X`.
fn designations(id: &str) -> Vec<Designation> {
    let designation =
        |authority: &str, from, seen| Designation { authority: authority.into(), from, seen, until: None };
    let (from, seen) = match id {
        "X" => (Some(date(2014, 3, 20)), None),
        "Z" => (None, Some(date(2022, 4, 7))),
        _ => return Vec::new(),
    };
    ["OFAC", "UK"].map(|authority| designation(authority, from, seen)).into()
}

/// Holdings as `owner share owned`, those behind another `/` from another source.
fn graph(holdings: &str) -> Graph {
    let mut all = Vec::new();
    for (source, holdings) in holdings.split('/').enumerate() {
        for holding in holdings.split(';') {
            let words: Vec<&str> = holding.split_whitespace().collect();
            let [owner, share, owned] = words[..] else { panic!("{holding}") };
            all.push(Holding {
                owner_id: owner.into(),
                owner_name: String::new(),
                owned_id: owned.into(),
                owned_name: String::new(),
                kind: HoldingKind::Owns,
                share: share.parse().ok().map(|percent: u32| percent * 10_000),
                from: None,
                until: None,
                source: source.to_string(),
            });
        }
    }
    Graph::of(&all, &|id| if id.starts_with('k') { "X" } else { id }, &designations).unwrap().0
}

fn ask(rule: &Rule, holdings: &str, entity: &str, gap: Option<&str>) -> Resolution {
    let graph = graph(holdings);
    resolve(&graph, rule, graph.find(entity).unwrap(), DAY, gap).unwrap()
}

#[test]
fn who_may_have_been_designated_may_block() {
    for rule in [&OFAC, &UK] {
        for (holdings, verdict) in [
            ("Z 60 A", Undetermined),
            ("Z 40 A", NotBlocked),
            ("X 60 A; Z 40 A", Blocked),
            // Only with the other one's share, where the rule sums.
            ("X 30 A; Z 30 A", if rule.aggregates { Undetermined } else { NotBlocked }),
            ("Z 60 B; B 60 A", Undetermined),
            // Z is blocked by its owner, whatever the list says of itself.
            ("X 60 Z; Z 60 A", Blocked),
        ] {
            let answer = ask(rule, holdings, "A", None);
            assert_eq!(answer.verdict, verdict, "{} {holdings}: {answer:?}", rule.authority);
            let asks = answer.unknowns.iter().any(|unknown| matches!(unknown, Unknown::Designation { .. }));
            assert_eq!(asks, verdict == Undetermined, "{holdings}");
        }
    }
    let holdings = graph("Z 60 A");
    let itself = resolve(&holdings, &OFAC, holdings.find("Z").unwrap(), DAY, None).unwrap();
    assert_eq!((itself.verdict, itself.basis), (Undetermined, None));
    let texts = itself.unknown_texts(&holdings, &[]);
    assert!(texts[0].contains("whether Z was designated") && texts[0].contains("2022-04-07"), "{texts:?}");
    let later = resolve(&holdings, &OFAC, holdings.find("Z").unwrap(), date(2022, 4, 7), None).unwrap();
    assert_eq!(later.basis, Some(Basis::Listed));
    assert!(later.arithmetic(&holdings)[0].contains("2022-04-07 at the latest"), "{:?}", later.arithmetic(&holdings));
}

#[test]
fn without_the_authoritys_list_nobody_is_not_blocked() {
    let gap = Some("no list of it is in the store");
    for (holdings, verdict) in [("B 60 A", Undetermined), ("X 40 A", Undetermined), ("X 60 A", Blocked)] {
        let answer = ask(&OFAC, holdings, "A", gap);
        assert_eq!(answer.verdict, verdict, "{holdings}");
        assert_eq!(answer.sum_at_most, None, "{holdings}: who else is designated is not known");
        let asks = answer.unknowns.iter().any(|unknown| matches!(unknown, Unknown::Lists(_)));
        assert_eq!(asks, verdict == Undetermined);
    }
}

#[test]
fn holdings_under_several_identifiers_of_one_are_one_or_several() {
    for (holdings, verdict) in [
        ("k1 60 A; k2 1 A", Blocked),
        ("k1 30 A; k2 20 A", Undetermined),
        ("k1 30 A; k2 30 A", Undetermined),
        ("k1 30 A; k2 19 A", NotBlocked),
        ("k1 30 A; k2 ? A", Undetermined),
        // Two sources that may speak of the same holding contradict one another.
        ("k1 60 A / k2 1 A", Undetermined),
        ("k1 60 A / k2 55 A", Blocked),
        ("k1 60 B; k2 60 C; B 30 A; C 30 A", Blocked),
        // Under one identifier several sources speak of one holding.
        ("k1 30 A / k1 20 A", NotBlocked),
    ] {
        assert_eq!(ask(&OFAC, holdings, "A", None).verdict, verdict, "{holdings}");
    }
}
