//! The worked examples of the authorities, and what graphs of holdings can have that no example shows.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::rule::{BIS, EU_HALF_OR_MORE, EU_MORE_THAN_HALF, OFAC, UK};
use super::{
    Basis, Counted, Designation, Edge, Error, Graph, HoldingKind, Node, Note, Resolution, Rule, Standing, Unknown,
    Verdict, WHOLE,
};

use crate::sanctions::subject::in_force::Days;
use crate::value::Span;

const DAY: Date = date(2025, 1, 15);

/// Holdings as `owner share owned`, divided by `;`. The share is a percentage, `?` or `control`; what stands behind
/// another `/` comes from another source. X, Y and Z are designated by all authorities since 2022.
fn graph(holdings: &str) -> Graph {
    let mut ids: Vec<&str> = Vec::new();
    let mut edges = Vec::new();
    for (source, holdings) in (0..).zip(holdings.split('/')) {
        for holding in holdings.split(';').filter(|holding| !holding.trim().is_empty()) {
            let words: Vec<&str> = holding.split_whitespace().collect();
            let [owner, share, owned] = words[..] else { panic!("{holding}") };
            let mut number = |id| {
                let index = ids.iter().position(|known| *known == id).unwrap_or_else(|| {
                    ids.push(id);
                    ids.len() - 1
                });
                index as u32
            };
            let kind = if share == "control" { HoldingKind::Controls } else { HoldingKind::Owns };
            let share = crate::value::number::parse(share.as_bytes(), 4, crate::value::number::Excess::Refuse);
            edges.push(Edge {
                owner: number(owner),
                owned: number(owned),
                kind,
                share: share.ok().flatten().map(|share| share.value as u32),
                from: None,
                until: None,
                source,
                stated: 0,
            });
        }
    }
    Graph::new(ids.into_iter().map(node).collect(), edges).unwrap()
}

fn node(id: &str) -> Node {
    let designation = |authority: &str| Designation {
        authority: authority.into(),
        days: Days { from: Span::of_day(2022, 2, 25), until: None },
        seen: None,
        doubt: None,
        directive: String::new(),
    };
    let is_designated = ["X", "Y", "Z"].contains(&id);
    let authorities = ["OFAC", "EU", "UK", "BIS"].into_iter().filter(|_| is_designated);
    Node { id: id.into(), designations: authorities.map(designation).collect(), ..Node::default() }
}

/// The lists cover every day: what they leave open stands in `open.rs`.
fn resolve(graph: &Graph, rule: &Rule, target: u32, day: Date) -> Result<Resolution, Error> {
    super::resolve(graph, rule, target, day, None)
}

fn ask(rule: &Rule, holdings: &str, entity: &str) -> Resolution {
    let graph = whole(graph(holdings));
    let target = graph.find(entity).unwrap();
    resolve(&graph, rule, target, DAY).unwrap()
}

fn verdict(rule: &Rule, holdings: &str, entity: &str) -> Verdict {
    ask(rule, holdings, entity).verdict
}

/// The graph with all owners on record: what is left of an entity whose shares are known is O's, who is not designated.
pub(super) fn whole(graph: Graph) -> Graph {
    let Graph { mut nodes, mut edges, .. } = graph;
    let others = nodes.len() as u32;
    for owned in 0..others {
        let mut held: BTreeMap<u32, Option<u32>> = BTreeMap::new();
        for edge in edges.iter().filter(|edge| edge.owned == owned && edge.kind == HoldingKind::Owns) {
            let least = held.entry(edge.owner).or_default();
            *least = (*least).into_iter().chain(edge.share).min();
        }
        let Some(held) = held.into_values().sum::<Option<u32>>() else { continue };
        let share = Some(WHOLE.saturating_sub(held));
        let (kind, from, until) = (HoldingKind::Owns, None, None);
        edges.push(Edge { owner: others, owned, kind, share, from, until, source: 0, stated: 0 });
    }
    nodes.push(node("O"));
    Graph::new(nodes, edges).unwrap()
}

use Verdict::{Blocked, NotBlocked, Undetermined};

#[test]
fn ofac_faq_401_examples() {
    // Example 1: a chain of halves.
    assert_eq!(verdict(&OFAC, "X 50 A; A 50 B", "B"), Blocked);
    // Example 2: two quarters through two blocked entities.
    assert_eq!(verdict(&OFAC, "X 50 A; X 50 B; A 25 C; B 25 C", "C"), Blocked);
    // Example 3: 10 directly and 40 through a blocked entity.
    assert_eq!(verdict(&OFAC, "X 50 A; X 10 B; A 40 B", "B"), Blocked);
    // Example 4: B is owned 25 and so not blocked; only A's 25 count.
    assert_eq!(verdict(&OFAC, "X 50 A; X 25 B; A 25 C; B 25 C", "C"), NotBlocked);
    // Example 5: neither A nor B is blocked, so that nothing in C counts.
    assert_eq!(verdict(&OFAC, "X 25 A; X 25 B; A 50 C; B 50 C", "C"), NotBlocked);
}

#[test]
fn ofac_faq_398_399_and_402() {
    // FAQ 398: control alone does not block.
    let controlled = ask(&OFAC, "X control A; X 49.9999 A", "A");
    assert_eq!((controlled.verdict, controlled.sum), (NotBlocked, 499_999));
    // FAQ 399: the shares of all blocked persons are summed.
    assert_eq!(verdict(&OFAC, "X 25 A; Y 25 A", "A"), Blocked);
    assert_eq!(verdict(&OFAC, "X 25 A; Y 24.9999 A; B 50 A", "A"), NotBlocked);
    // FAQ 402: after a sale that brings the sum below the half, the entity is no longer blocked.
    let holding = |share, from, until| Edge {
        owner: 0,
        owned: 1,
        kind: HoldingKind::Owns,
        share: Some(share),
        from,
        until,
        source: 0,
        stated: 0,
    };
    let of_others = |share, from, until| Edge { owner: 2, ..holding(share, from, until) };
    let edges = vec![
        holding(600_000, Some(date(2020, 1, 1)), Some(date(2023, 6, 30))),
        of_others(1_000_000, None, Some(date(2019, 12, 31))),
        of_others(400_000, Some(date(2020, 1, 1)), Some(date(2023, 6, 30))),
        holding(400_000, Some(date(2023, 7, 1)), None),
        of_others(600_000, Some(date(2023, 7, 1)), None),
    ];
    let graph = Graph::new(["X", "A", "O"].map(node).to_vec(), edges).unwrap();
    let on = |day| resolve(&graph, &OFAC, 1, day).unwrap().verdict;
    assert_eq!(on(date(2022, 2, 24)), NotBlocked, "X was not designated yet");
    assert_eq!(on(date(2022, 2, 25)), Blocked);
    assert_eq!(on(date(2023, 6, 30)), Blocked);
    assert_eq!(on(date(2023, 7, 1)), NotBlocked);
    assert_eq!(on(date(2019, 12, 31)), NotBlocked);
}

#[test]
fn eu_before_and_after_july_2024() {
    let on = |rule: &Rule, holdings: &str, day| {
        let graph = whole(graph(holdings));
        resolve(&graph, rule, graph.find("A").unwrap(), day).unwrap()
    };
    let before = |holdings: &str| on(&EU_MORE_THAN_HALF, holdings, date(2024, 7, 2)).verdict;
    let after = |holdings: &str| on(&EU_HALF_OR_MORE, holdings, date(2024, 7, 3)).verdict;
    assert_eq!((before("X 50 A"), after("X 50 A")), (NotBlocked, Blocked));
    assert_eq!((before("X 50.01 A"), after("X 49.9999 A")), (Blocked, NotBlocked));
    // Commission's FAQ on asset freezes, question 8: 30 and 25 of two listed persons.
    assert_eq!((before("X 30 A; Y 25 A"), after("X 30 A; Y 25 A")), (Blocked, Blocked));
    assert_eq!((before("X control A"), after("X control A")), (Blocked, Blocked));
    // Before the Commission's answer of March 2022 the sum of several is not verified.
    let earlier = on(&EU_MORE_THAN_HALF, "X 100 A", date(2022, 3, 1));
    assert_eq!((earlier.verdict, earlier.if_in_force), (Undetermined, Blocked));
    assert!(matches!(earlier.unknowns[..], [Unknown::Rule(_)]));
}

#[test]
fn uk_counts_for_each_person_alone() {
    assert_eq!(verdict(&UK, "X 50 A", "A"), NotBlocked);
    assert_eq!(verdict(&UK, "X 50.01 A", "A"), Blocked);
    assert_eq!(verdict(&UK, "X 30 A; Y 25 A", "A"), NotBlocked, "OFSI guidance, chapter 4: no aggregation");
    let controlled = ask(&UK, "X control A; A control B", "B");
    assert_eq!((controlled.verdict, controlled.basis), (Blocked, Some(Basis::Control)));
    // Schedule 1: what is held through a majority stake is held indirectly, and added to what is held directly.
    let both = ask(&UK, "X 60 A; A 30 B; X 25 B; Y 45 B", "B");
    assert_eq!((both.verdict, both.basis, both.sum), (Blocked, Some(Basis::Ownership), 550_000));
    assert_eq!(both.steps[0].account, Some(both.paths[0].links[0].owner));
    // Through a minority nothing is held.
    assert_eq!(verdict(&UK, "X 50 A; A 100 B", "B"), NotBlocked);
    // A and B are blocked on different accounts, so that their shares in C are not summed.
    assert_eq!(verdict(&UK, "X 60 A; Y 60 B; A 30 C; B 30 C", "C"), NotBlocked);
    assert_eq!(verdict(&EU_HALF_OR_MORE, "X 60 A; Y 60 B; A 30 C; B 30 C", "C"), Blocked);
}

#[test]
fn bis_holds_suspends_and_is_not_verified_after() {
    let graph = graph("X 25 A; Y 25 A; B 30 A");
    let target = graph.find("A").unwrap();
    let on = |day| {
        let answer = resolve(&graph, &BIS, target, day).unwrap();
        (answer.verdict, answer.if_in_force, answer.standing)
    };
    assert_eq!(on(date(2025, 9, 28)), (NotBlocked, Blocked, Standing::NotInForce));
    assert_eq!(on(date(2025, 9, 29)), (Blocked, Blocked, Standing::InForce));
    assert_eq!(on(date(2026, 1, 1)), (NotBlocked, Blocked, Standing::Suspended));
    assert_eq!(on(date(2026, 11, 10)), (Undetermined, Blocked, Standing::NotVerified));
    // A listing needs no rule.
    let listed = resolve(&graph, &BIS, graph.find("X").unwrap(), date(2026, 1, 1)).unwrap();
    assert_eq!((listed.verdict, listed.basis), (Blocked, Some(Basis::Listed)));
    assert_eq!(listed.arithmetic(&graph), ["X is designated by BIS since 2022-02-25"]);
}

#[test]
fn designations_of_other_authorities_do_not_count() {
    let mut x = node("X");
    x.designations.retain(|designation| designation.authority == "EU");
    let edge = Edge {
        owner: 0,
        owned: 1,
        kind: HoldingKind::Owns,
        share: Some(WHOLE),
        from: None,
        until: None,
        source: 0,
        stated: 0,
    };
    let graph = Graph::new(vec![x, node("A")], vec![edge]).unwrap();
    let answer = resolve(&graph, &OFAC, 1, DAY).unwrap();
    let notes = [Note::NoDesignatedOwner, Note::Ends { owners: vec![0] }];
    assert_eq!((answer.verdict, &answer.notes[..]), (NotBlocked, &notes[..]));
    assert_eq!(resolve(&graph, &EU_HALF_OR_MORE, 1, DAY).unwrap().verdict, Blocked);
    assert!(resolve(&graph, &OFAC, 2, DAY).is_err());
}

#[test]
fn unknown_shares_leave_it_undetermined_unless_they_cannot_matter() {
    let open = ask(&OFAC, "X ? A; Y 20 A", "A");
    assert_eq!(open.verdict, Undetermined);
    assert_eq!((open.sum, open.sum_at_most), (200_000, None));
    assert!(matches!(open.unknowns[..], [Unknown::Share { .. }, Unknown::Owners { share: 800_000, .. }]));
    // The known part reaches the half already.
    assert_eq!(verdict(&OFAC, "X ? A; Y 50 A", "A"), Blocked);
    // Who is not blocked may hold what he likes, but what he does not hold may be anybody's.
    assert_eq!(verdict(&OFAC, "B ? A; X 20 A", "A"), Undetermined);
    assert_eq!(verdict(&OFAC, "B ? A; X 20 A; C 51 A", "A"), NotBlocked);
    // What the others hold leaves too little.
    assert_eq!(verdict(&OFAC, "X ? A; B 60 A", "A"), NotBlocked);
    // An undetermined owner makes what it owns undetermined, as far as its share could matter.
    let chain = ask(&OFAC, "X ? A; A 60 B; B 60 C", "C");
    assert_eq!((chain.verdict, chain.unknowns.len()), (Undetermined, 2));
    assert_eq!(verdict(&OFAC, "X ? A; A 40 B", "B"), NotBlocked);
    assert_eq!(verdict(&UK, "X ? A; Y 30 A", "A"), Undetermined);
    // OFAC asks for no control, so a controller's unknown share is the only open question.
    assert_eq!(verdict(&OFAC, "X control A; A 100 B", "B"), NotBlocked);
}

#[test]
fn sources_that_contradict_one_another() {
    let differs = ask(&OFAC, "X 60 A / X 40 A", "A");
    assert_eq!((differs.verdict, differs.sum, differs.sum_at_most), (Undetermined, 400_000, Some(600_000)));
    assert_eq!(
        differs.unknowns,
        [Unknown::Conflict { owner: 0, owned: 1, lowest: 400_000, highest: 600_000, sources: vec![0, 1] }]
    );
    // Both say the same of the outcome; the contradiction is only noted.
    let agrees = ask(&OFAC, "X 60 A / X 55 A", "A");
    assert_eq!((agrees.verdict, agrees.unknowns.len()), (Blocked, 0));
    assert!(agrees.notes.contains(&Note::Conflict { owner: 0, owned: 1, lowest: 550_000, highest: 600_000 }));
    assert_eq!(verdict(&OFAC, "X 20 A / X 40 A", "A"), NotBlocked);
    // A source that does not know the share contradicts nobody.
    assert_eq!(verdict(&OFAC, "X ? A / X 40 A; B 60 A", "A"), NotBlocked);

    let graph = whole(graph("X 60 A / X 40 A"));
    let texts = differs.unknown_texts(&graph, &["register".into(), "annual report".into()]);
    assert_eq!(texts, ["which share X has in A: it is given as 40 % to 60 % (sources: register; annual report)"]);
}

#[test]
fn sums_above_the_whole_are_kept_and_noted() {
    let answer = ask(&OFAC, "X 30 A; B 90 A", "A");
    assert_eq!(answer.verdict, NotBlocked);
    assert!(answer.notes.contains(&Note::SumAboveWhole { entity: 1, sum: 1_200_000 }));
    let blocked = ask(&OFAC, "X 90 A; Y 90 A", "A");
    assert_eq!((blocked.verdict, blocked.sum), (Blocked, 1_800_000));
}

#[test]
fn cycles_and_self_holdings_block_nobody_by_themselves() {
    // A circle of two with 45 from a blocked person stays below.
    assert_eq!(verdict(&OFAC, "X 45 A; A 100 B; B 48 A", "A"), NotBlocked);
    assert_eq!(verdict(&OFAC, "A 60 B; B 60 A; X 10 A", "B"), NotBlocked);
    // Once one of the circle is blocked, all are.
    assert_eq!(verdict(&OFAC, "X 50 A; A 60 B; B 60 C; C 40 A", "C"), Blocked);
    let own = ask(&OFAC, "X 40 A; A 20 A", "A");
    assert_eq!(own.verdict, NotBlocked);
    assert!(own.notes.contains(&Note::HoldsItself { entity: 1 }));
}

#[test]
fn the_arithmetic_is_shown_line_by_line() {
    let graph = graph("X 50 A; X 10 B; A 40 B; C 33.3333 B");
    let answer = resolve(&graph, &OFAC, graph.find("B").unwrap(), DAY).unwrap();
    assert_eq!(
        answer.arithmetic(&graph),
        [
            "X owns 50 % of A: counted wholly, designated by OFAC since 2022-02-25",
            "A: sum 50 %, threshold 50 % or more: blocked",
            "X owns 10 % of B: counted wholly, designated by OFAC since 2022-02-25",
            "A owns 40 % of B: counted wholly, the owner is itself blocked by the rule",
            "C owns 33.3333 % of B: not counted, no designated person stands above the owner",
            "B: sum 50 %, threshold 50 % or more: blocked",
        ]
    );
    let owners: Vec<Vec<u32>> =
        answer.paths.iter().map(|path| path.links.iter().map(|link| link.owner).collect()).collect();
    assert_eq!(owners, [vec![0], vec![0, 1]], "X in B, and X through A");
    assert!(answer.paths.iter().all(|path| path.counted == Counted::Wholly));
    assert_eq!(answer.note_texts(&graph), ["the owners of 16.6667 % of it are not on record"]);
}

#[test]
fn the_arithmetic_of_a_rule_that_does_not_sum_begins_with_who_decides() {
    let graph = graph("X 30 A; Y control A; Y ? A");
    let answer = resolve(&graph, &UK, graph.find("A").unwrap(), DAY).unwrap();
    assert_eq!(
        answer.arithmetic(&graph),
        [
            "Y controls A: counted wholly, designated by UK since 2022-02-25",
            "Y owns an unknown share of A: unknown, the share is not known, designated by UK since 2022-02-25",
            "X owns 30 % of A: not counted, it is not this person's, and the rule does not sum the holdings of several",
            "A for Y: sum 0 % and an unknown share, threshold more than 50 %, controlled: blocked",
            "X owns 30 % of A: counted wholly, designated by UK since 2022-02-25",
            "Y owns an unknown share of A: not counted, it is not this person's, and the rule does not sum the holdings of several",
            "Y controls A: not counted, it is not this person's, and the rule does not sum the holdings of several",
            "A for X: sum 30 %, owners of 70 % not on record, threshold more than 50 %: undetermined",
        ]
    );
}

/// A chain of entities, each wholly owned by the one before; the first by X.
fn chain(entities: u32) -> Graph {
    let nodes = std::iter::once(node("X")).chain((1..=entities).map(|number| node(&format!("E{number}")))).collect();
    let edges = (0..entities).map(|owner| Edge {
        owner,
        owned: owner + 1,
        kind: HoldingKind::Owns,
        share: Some(WHOLE),
        from: None,
        until: None,
        source: 0,
        stated: 0,
    });
    Graph::new(nodes, edges.collect()).unwrap()
}

#[test]
fn limits_leave_it_undetermined() {
    assert_eq!(resolve(&chain(64), &OFAC, 64, DAY).unwrap().verdict, Blocked);
    let deeper = resolve(&chain(65), &OFAC, 65, DAY).unwrap();
    assert_eq!((deeper.verdict, &deeper.unknowns[..]), (Undetermined, &[Unknown::MoreLevels][..]));
    let too_many = resolve(&chain(20_000), &OFAC, 20_000, DAY).unwrap();
    assert_eq!((too_many.verdict, &too_many.unknowns[..]), (Undetermined, &[Unknown::MoreOwners][..]));
}

#[test]
fn wide_graphs_are_answered_in_short() {
    // A tree of 9,000 persons and entities above A, half of them designated.
    let mut nodes = vec![node("A")];
    let mut edges = Vec::new();
    let holding = |owner, owned, share| Edge {
        owner,
        owned,
        kind: HoldingKind::Owns,
        share: Some(share),
        from: None,
        until: None,
        source: 0,
        stated: 0,
    };
    for number in 1..9_000 {
        nodes.push(node(if number % 2 == 0 { "X" } else { "E" }));
        edges.push(holding(number, if number % 3 == 0 { 0 } else { number / 2 }, 500_001));
    }
    let graph = Graph::new(nodes, edges).unwrap();
    for rule in [&OFAC, &UK] {
        let answer = resolve(&graph, rule, 0, DAY).unwrap();
        assert_eq!(answer.verdict, Blocked);
        assert!(answer.paths.len() <= 100 && answer.arithmetic(&graph).len() < 5_000);
        let left_out = if rule.aggregates { Note::PathsLeftOut } else { Note::StepsLeftOut };
        assert!(answer.notes.contains(&left_out));
    }
}

/// Holdings between eight nodes, of which X, Y and Z are designated.
fn some_edges() -> impl Strategy<Value = Vec<Edge>> {
    let share = prop_oneof![1 => Just(None), 6 => (0..=10_u32).prop_map(|tenth| Some(tenth * 100_000))];
    let kind = prop_oneof![5 => Just(HoldingKind::Owns), 1 => Just(HoldingKind::Controls)];
    let edge = (0..8_u32, 0..8_u32, kind, share, 0..2_u32);
    prop::collection::vec(edge, 0..20).prop_map(|edges| {
        let edge = |(owner, owned, kind, share, source)| Edge {
            owner,
            owned,
            kind,
            share,
            from: None,
            until: None,
            source,
            stated: 0,
        };
        edges.into_iter().map(edge).collect()
    })
}

fn in_two_orders() -> impl Strategy<Value = (Vec<Edge>, Vec<Edge>)> {
    some_edges().prop_flat_map(|edges| (Just(edges.clone()), Just(edges).prop_shuffle()))
}

fn eight(edges: Vec<Edge>) -> Graph {
    Graph::new(["X", "Y", "Z", "A", "B", "C", "D", "E"].map(node).to_vec(), edges).unwrap()
}

proptest! {
    #[test]
    fn raising_a_share_never_unblocks(
        edges in some_edges(),
        which in any::<prop::sample::Index>(),
        by in 0..500_000_u32,
    ) {
        prop_assume!(!edges.is_empty());
        // What is not known of a share may go to anybody, and less of it does when another's is raised.
        let mut edges = edges;
        for edge in &mut edges {
            edge.share = edge.share.or(Some(0));
        }
        let mut raised = edges.clone();
        let index = which.index(raised.len());
        raised[index].share = raised[index].share.map(|share| share + by);
        for rule in [&OFAC, &EU_HALF_OR_MORE, &UK] {
            for entity in 0..8 {
                let before = resolve(&whole(eight(edges.clone())), rule, entity, DAY).unwrap().verdict;
                let after = resolve(&whole(eight(raised.clone())), rule, entity, DAY).unwrap().verdict;
                prop_assert!(after >= before, "{} {entity}: {before:?}, then {after:?}", rule.authority);
            }
        }
    }

    #[test]
    fn the_order_of_holdings_does_not_matter((edges, shuffled) in in_two_orders()) {
        let (one, other) = (eight(edges), eight(shuffled));
        for rule in [&OFAC, &EU_MORE_THAN_HALF, &UK] {
            for entity in 3..8 {
                prop_assert_eq!(resolve(&one, rule, entity, DAY), resolve(&other, rule, entity, DAY));
            }
        }
    }
}
