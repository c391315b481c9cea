//! Questions about owners, and what the rules say of them.

use crate::proto::entrepot::sanctions::v1 as pb;
use crate::rpc::wire::decimal;
use crate::rpc::{Error, Violations};
use crate::sanctions::answer::owners::Alike;
use crate::sanctions::answer::resolve_ownership::{Answer, Finding, Question, Restriction};
use crate::sanctions::ownership::{Basis, Graph, HoldingKind, Link, Standing, Verdict};
use crate::value::exact;

use super::request::{link_strength, rule_authorities, subject_name};
use super::{provenance, subject};

const IDENTITY_LINKS_MAX: usize = 100;

pub fn question(request: pb::ResolveOwnershipRequest) -> Result<Question, Error> {
    let mut violations = Violations::of(&request);
    let is_id = |id: &str| !id.is_empty() && id.len() <= 200 && !id.contains('\0');
    if !request.name.strip_prefix("entities/").is_some_and(is_id) {
        subject_name("name", &request.name, &mut violations);
    }
    let clocks = violations.clocks_of_records(request.clock.as_ref());
    let authorities = rule_authorities("authorities", &request.authorities, &mut violations);
    let weakest_link = link_strength(request.weakest_link());
    violations.check()?;
    Ok(Question { name: request.name, authorities, weakest_link, clocks })
}

pub fn response(answer: Answer) -> pb::ResolveOwnershipResponse {
    let Answer { name, owners, findings, provenance: sources } = answer;
    let node = owners.target.and_then(|target| owners.graph.nodes().get(target as usize));
    pb::ResolveOwnershipResponse {
        display_name: node.map_or_else(String::new, |node| node.name.clone()),
        name,
        identity_links: owners.alike.iter().take(IDENTITY_LINKS_MAX).map(identity_link).collect(),
        findings: findings.into_iter().map(|each| finding(each, &owners.graph, &owners.sources)).collect(),
        provenance: Some(provenance(sources)),
    }
}

fn identity_link(alike: &Alike) -> pb::IdentityLink {
    let Alike { id, link, followed, .. } = alike;
    pb::IdentityLink {
        subject: id.clone(),
        other_subject: link.name(),
        other_display_name: link.display_name.clone(),
        strength: subject::link_strength(link.strength).into(),
        reason: link.reason.clone(),
        followed: *followed,
    }
}

fn finding(finding: Finding, graph: &Graph, sources: &[String]) -> pb::OwnershipFinding {
    let Finding { resolution, restrictions, notes: list_notes } = finding;
    let verdict = match resolution.standing {
        Standing::Suspended | Standing::NotInForce if resolution.basis != Some(Basis::Listed) => {
            pb::OwnershipVerdict::NotInForce
        }
        _ => verdict_of(resolution.verdict, resolution.basis),
    };
    let restrictions: Vec<pb::OwnershipRestriction> =
        restrictions.iter().map(|each| restriction(each, sources)).collect();
    let verdict = weighed(verdict, &restrictions);
    let is_listed = resolution.basis == Some(Basis::Listed);
    let known_sum = resolution.sum_at_most == Some(resolution.sum) && resolution.basis != Some(Basis::Listed);
    let mut notes = resolution.note_texts(graph);
    notes.push(resolution.rule.caveat.to_owned());
    notes.extend(list_notes);
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
        verdict_if_in_force: weighed(verdict_of(resolution.if_in_force, resolution.basis), &restrictions).into(),
        restrictions,
        unrecorded_share_percent: (!is_listed).then(|| decimal(exact::scaled(i128::from(resolution.unrecorded), 4))),
    }
}

/// Not blocked is not free where a directive applies, or may apply.
fn weighed(verdict: pb::OwnershipVerdict, restrictions: &[pb::OwnershipRestriction]) -> pb::OwnershipVerdict {
    let is_certain = |each: &pb::OwnershipRestriction| each.verdict() != pb::OwnershipVerdict::Undetermined;
    match verdict {
        pb::OwnershipVerdict::NotBlocked if restrictions.iter().any(is_certain) => pb::OwnershipVerdict::Restricted,
        pb::OwnershipVerdict::NotBlocked if !restrictions.is_empty() => pb::OwnershipVerdict::Undetermined,
        verdict => verdict,
    }
}

fn restriction(restriction: &Restriction, sources: &[String]) -> pb::OwnershipRestriction {
    let Restriction { directive, resolution, graph } = restriction;
    let verdict = match verdict_of(resolution.verdict, resolution.basis) {
        pb::OwnershipVerdict::Blocked => pb::OwnershipVerdict::Restricted,
        verdict => verdict,
    };
    pb::OwnershipRestriction {
        directive: directive.clone(),
        verdict: verdict.into(),
        arithmetic: resolution.arithmetic(graph).into_iter().map(of_directive).collect(),
        unknowns: resolution.unknown_texts(graph, sources),
    }
}

/// A line of the arithmetic of a directive, which restricts and blocks nobody.
fn of_directive(line: String) -> String {
    for (blocked, restricted) in [
        (": not blocked", ": not restricted"),
        (": blocked", ": restricted"),
        ("the owner is itself blocked by the rule", "the owner is itself restricted by the rule"),
    ] {
        if let Some(rest) = line.strip_suffix(blocked) {
            return format!("{rest}{restricted}");
        }
    }
    line
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
    let source = link.sources.iter().filter_map(|index| sources.get(*index as usize)).map(String::as_str);
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
