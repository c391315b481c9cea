//! What the ownership rules say, to messages.

use crate::proto::entrepot::sanctions::v1 as pb;
use crate::rpc::wire::decimal;
use crate::sanctions::ownership::{Basis, Graph, HoldingKind, Link, Resolution, Standing, Verdict};
use crate::value::exact;

pub fn finding(resolution: &Resolution, graph: &Graph, sources: &[String]) -> pb::OwnershipFinding {
    let verdict = match resolution.standing {
        Standing::Suspended | Standing::NotInForce if resolution.basis != Some(Basis::Listed) => {
            pb::OwnershipVerdict::NotInForce
        }
        _ => verdict_of(resolution.verdict, resolution.basis),
    };
    let known_sum = resolution.sum_at_most == Some(resolution.sum) && resolution.basis != Some(Basis::Listed);
    let mut notes = resolution.note_texts(graph);
    notes.push(resolution.rule.caveat.to_owned());
    pb::OwnershipFinding {
        authority: resolution.rule.authority.to_owned(),
        rule: resolution.rule.name.to_owned(),
        citation: resolution.rule.source.to_owned(),
        verdict: verdict.into(),
        blocked_share_percent: known_sum.then(|| decimal(exact::scaled(i128::from(resolution.sum), 4))),
        arithmetic: resolution.arithmetic(graph),
        paths: resolution
            .paths
            .iter()
            .map(|path| pb::OwnershipPath {
                holdings: path.links.iter().map(|link| holding(link, graph, sources)).collect(),
            })
            .collect(),
        unknowns: resolution.unknown_texts(graph, sources),
        notes,
        verdict_if_in_force: verdict_of(resolution.if_in_force, resolution.basis).into(),
    }
}

fn verdict_of(verdict: Verdict, basis: Option<Basis>) -> pb::OwnershipVerdict {
    match (verdict, basis) {
        (_, Some(Basis::Listed)) => pb::OwnershipVerdict::Designated,
        (Verdict::Blocked, _) => pb::OwnershipVerdict::Blocked,
        (Verdict::NotBlocked, _) => pb::OwnershipVerdict::NotBlocked,
        (Verdict::Undetermined, _) => pb::OwnershipVerdict::Undetermined,
    }
}

fn holding(link: &Link, graph: &Graph, sources: &[String]) -> pb::Holding {
    let end = |node: u32| {
        let node = graph.nodes().get(node as usize);
        node.map_or_else(Default::default, |node| (node.id.clone(), node.name.clone()))
    };
    let (owner, owner_display_name) = end(link.owner);
    let (owned, owned_display_name) = end(link.owned);
    let known = link.shares.filter(|(lowest, highest)| lowest == highest).map(|(share, _)| share);
    let source = link.sources.iter().filter_map(|place| sources.get(*place as usize)).map(String::as_str);
    pb::Holding {
        owner,
        owner_display_name,
        owned,
        owned_display_name,
        share_percent: known.map(|share| decimal(exact::scaled(i128::from(share), 4))),
        control: link.kind == HoldingKind::Controls,
        source: source.collect::<Vec<_>>().join("; "),
    }
}
