//! What is not known of designations and holdings: it leaves the answer open, and is never taken for a no.

use jiff::civil::{Date, date};

use super::golden::whole;
use super::rule::{OFAC, UK};
use super::{
    Basis, Designation, Directive, Doubt, Graph, Holding, HoldingKind, Node, Resolution, Rule, Unknown, Verdict,
    resolve,
};
use crate::sanctions::subject::in_force::Days;
use crate::value::Span;
use Verdict::{Blocked, NotBlocked, Undetermined};

const DAY: Date = date(2022, 3, 15);

/// `X` is designated, `Z` listed by a release after the day, which does not say since when. `k1` and `k2` mean `X`.
fn designations(id: &str) -> Vec<Designation> {
    let designation = |authority: &str, from, seen| Designation {
        authority: authority.into(),
        days: Days { from, until: None },
        seen,
        doubt: None,
        directive: String::new(),
    };
    let (from, seen) = match id {
        "X" => (Span::of_day(2014, 3, 20), None),
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
    let known = |id: &str| Node { designations: designations(id), ..Node::default() };
    Graph::of(&all, &|id| if id.starts_with('k') { "X" } else { id }, &known).unwrap().0
}

fn ask(rule: &Rule, holdings: &str, entity: &str, gap: Option<&str>) -> Resolution {
    let graph = whole(graph(holdings));
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

#[test]
fn owners_that_are_not_on_record_leave_it_open_where_they_could_reach_the_threshold() {
    for (rule, holdings, verdict) in [
        (&OFAC, "X 30 A", Undetermined),
        (&OFAC, "X 30 A; B 50 A", Undetermined),
        (&OFAC, "X 30 A; B 51 A", NotBlocked),
        (&OFAC, "B 50 A", Undetermined),
        (&OFAC, "B 51 A", NotBlocked),
        (&UK, "B 50 A", NotBlocked),
        // X may hold it all himself, and for the UK only X.
        (&UK, "X 30 A; B 40 A", Undetermined),
        (&UK, "X 30 A; B 50 A", NotBlocked),
        // Of B, too, only a part is on record.
        (&OFAC, "X 10 B; B 60 A; C 40 A", Undetermined),
        (&OFAC, "X 10 B; B 40 A; C 60 A", NotBlocked),
        (&OFAC, "X 50 A", Blocked),
    ] {
        let graph = graph(holdings);
        let answer = resolve(&graph, rule, graph.find("A").unwrap(), DAY, None).unwrap();
        assert_eq!(answer.verdict, verdict, "{} {holdings}: {:?}", rule.authority, answer.unknowns);
        let asks = answer.unknowns.iter().any(|unknown| matches!(unknown, Unknown::Owners { .. }));
        assert_eq!(asks, verdict == Undetermined, "{holdings}");
    }
    let graph = graph("X 30 A; B 10 A");
    let answer = resolve(&graph, &OFAC, graph.find("A").unwrap(), DAY, None).unwrap();
    assert_eq!(answer.unrecorded, 600_000);
    assert_eq!(answer.unknown_texts(&graph, &[]), ["who owns the other 60 % of A: no record says"]);
    // Nothing is on record of B, and nobody owns a natural person.
    let itself = resolve(&graph, &OFAC, graph.find("B").unwrap(), DAY, None).unwrap();
    assert_eq!(itself.verdict, Undetermined);
    assert_eq!(itself.unknown_texts(&graph, &[]), ["who owns B: no share in it is on record"]);
    let person = Node { id: "B".into(), is_person: true, ..Node::default() };
    let alone = Graph::new(vec![person], Vec::new()).unwrap();
    assert_eq!(resolve(&alone, &OFAC, 0, DAY, None).unwrap().verdict, NotBlocked);
}

#[test]
fn an_owner_whose_listing_is_in_doubt_leaves_it_open() {
    for doubt in
        [Doubt::Measure("Something new".into()), Doubt::Measure(String::new()), Doubt::Authority, Doubt::NoSuchEntry]
    {
        let mut graph = whole(graph("Q 60 A; Q 40 B"));
        let (q, a, b) = (graph.find("Q").unwrap(), graph.find("A").unwrap(), graph.find("B").unwrap());
        graph.nodes[q as usize].designations = vec![Designation {
            authority: "OFAC".into(),
            days: Days::default(),
            seen: None,
            doubt: Some(doubt),
            directive: String::new(),
        }];
        let verdict = |node| resolve(&graph, &OFAC, node, DAY, None).unwrap().verdict;
        assert_eq!((verdict(a), verdict(b), verdict(q)), (Undetermined, NotBlocked, Undetermined));
    }
}

#[test]
fn directives_reach_what_is_owned_and_block_nobody() {
    let mut graph = whole(graph("Q 30 A; R 30 A; Q 60 B; B 50 C"));
    for (id, name) in [("Q", "EO 13662 Directive 1"), ("R", "EO 13662 Directive 4")] {
        let designation =
            Designation { days: Days { from: Span::of_day(2014, 7, 16), until: None }, ..designations("X").remove(0) };
        let node = graph.find(id).unwrap() as usize;
        graph.nodes[node].directives = vec![Directive { name: name.into(), designation }];
    }
    let names: Vec<&str> = graph.directives().into_iter().collect();
    assert_eq!(names, ["EO 13662 Directive 1", "EO 13662 Directive 4"]);
    let under = graph.under(names[0]);
    for (entity, blocked, restricted) in
        [("A", NotBlocked, NotBlocked), ("C", NotBlocked, Blocked), ("Q", NotBlocked, Blocked)]
    {
        let node = graph.find(entity).unwrap();
        assert_eq!(resolve(&graph, &OFAC, node, DAY, None).unwrap().verdict, blocked, "{entity}");
        assert_eq!(resolve(&under, &OFAC, node, DAY, None).unwrap().verdict, restricted, "{entity}");
    }
    let lines = resolve(&under, &OFAC, graph.find("B").unwrap(), DAY, None).unwrap().arithmetic(&under);
    assert!(lines[0].contains("under EO 13662 Directive 1 of OFAC since 2014-07-16"), "{lines:?}");
}
