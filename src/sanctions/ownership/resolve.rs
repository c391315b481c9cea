//! From a graph, a rule and a day to what the rule says of one entity.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jiff::civil::Date;

use super::account::Account;
use super::answer::{Basis, Note, Resolution, Unknown, Verdict, perhaps_designated};
use super::rule::{Rule, Standing};
use super::scope::{Scope, TARGET};
use super::step::Writer;
use super::{Error, Graph, path};

/// Holdings that the arithmetic shows.
const HOLDINGS_SHOWN: usize = 2_000;
/// Designated persons of whom a rule that does not sum shows the arithmetic.
const ACCOUNTS_SHOWN: usize = 20;
const PATHS_SHOWN: usize = 100;
const UNKNOWNS_SHOWN: usize = 200;
const NOTES_SHOWN: usize = 200;

/// What the rule says of the target on the day. Only holdings and designations that are in force on the day count.
///
/// `gap` says why the authority's lists do not tell who was designated on the day, if they do not: then nobody is found
/// not to be blocked.
pub fn resolve(graph: &Graph, rule: &Rule, target: u32, day: Date, gap: Option<&str>) -> Result<Resolution, Error> {
    let nodes = graph.nodes();
    let Some(node) = nodes.get(target as usize) else {
        return Err(Error::NoSuchNode { node: target, nodes: nodes.len() });
    };
    let (standing, reason) = rule.standing(day);
    let mut answer = Resolution {
        rule: *rule,
        day,
        target,
        verdict: Verdict::NotBlocked,
        if_in_force: Verdict::NotBlocked,
        basis: None,
        standing,
        designation: node.designation(rule.authority, day).cloned(),
        sum: 0,
        sum_at_most: Some(0),
        unrecorded: 0,
        steps: Vec::new(),
        paths: Vec::new(),
        unknowns: Vec::new(),
        notes: Vec::new(),
    };
    if !reason.is_empty() {
        answer.notes.push(Note::Standing(reason));
    }
    if answer.designation.is_some() {
        // A listing does not need the rule.
        answer.verdict = Verdict::Blocked;
        answer.if_in_force = Verdict::Blocked;
        answer.basis = Some(Basis::Listed);
        return Ok(answer);
    }
    let scope = Scope::above(graph, target, day);
    reckon(&Writer { graph, rule, day, scope: &scope }, gap, &mut answer);
    answer.verdict = match (standing, answer.if_in_force) {
        (Standing::InForce, verdict) => verdict,
        (Standing::NotVerified, Verdict::NotBlocked) | (Standing::Suspended | Standing::NotInForce, _) => {
            Verdict::NotBlocked
        }
        (Standing::NotVerified, _) => {
            answer.unknowns.push(Unknown::Rule(reason));
            Verdict::Undetermined
        }
    };
    Ok(answer)
}

/// Fills in what the rule would say if it were in force.
fn reckon(writer: &Writer<'_>, gap: Option<&str>, answer: &mut Resolution) {
    let Writer { graph, rule, day, scope } = *writer;
    let node = |node: &usize| graph.nodes().get(scope.nodes[*node] as usize);
    let is_designated = |index: &usize| node(index).is_some_and(|node| node.designation(rule.authority, day).is_some());
    let may_be =
        |index: &usize| node(index).is_some_and(|node| node.possible_designation(rule.authority, day).is_some());
    let perhaps: BTreeSet<usize> = (0..scope.nodes.len()).filter(may_be).collect();
    let is_one = |index: &usize| is_designated(index) || perhaps.contains(index);
    let mut designated: Vec<usize> = (0..scope.nodes.len()).filter(is_one).collect();
    designated.sort_by_key(|node| scope.nodes[*node]);
    if designated.is_empty() {
        answer.notes.push(Note::NoDesignatedOwner);
    }
    let (accounts, more) = accounts(scope, rule, designated, &perhaps);
    note(&mut answer.notes, more.then_some(Note::StepsLeftOut));

    answer.if_in_force = match accounts.first().map_or(Verdict::NotBlocked, |account| account.verdict(TARGET)) {
        Verdict::NotBlocked if scope.truncated || gap.is_some() => Verdict::Undetermined,
        verdict => verdict,
    };
    if let Some(deciding) = accounts.first() {
        let sums = writer.sums(deciding, TARGET);
        answer.sum = sums.sum;
        answer.sum_at_most = sums.at_most;
    }
    if gap.is_some() {
        answer.sum_at_most = None;
    }
    let mut room = HOLDINGS_SHOWN;
    for account in &accounts {
        write_account(writer, account, &mut room, answer);
    }
    answer.unrecorded = scope.unrecorded[TARGET];
    note(&mut answer.notes, writer.owners_not_on_record());
    if answer.if_in_force == Verdict::NotBlocked {
        note(&mut answer.notes, writer.ends());
    }
    if answer.if_in_force == Verdict::Blocked {
        let owned = rule.reached(answer.sum);
        answer.basis = Some(if owned { Basis::Ownership } else { Basis::Control });
    }
    if answer.if_in_force == Verdict::Undetermined {
        answer.unknowns.extend(gap.map(|reason| Unknown::Lists(reason.to_owned())));
        answer.unknowns.extend(unknowns(writer, &accounts, &mut answer.notes));
    }
}

/// The accounts that are shown, the one that decides first, and whether there are more. Without a designated person those
/// who are not on record have one.
fn accounts(scope: &Scope, rule: &Rule, designated: Vec<usize>, perhaps: &BTreeSet<usize>) -> (Vec<Account>, bool) {
    if designated.is_empty() {
        let unrecorded = Account::new(scope, rule, BTreeSet::new(), perhaps);
        let may_block = unrecorded.verdict(TARGET) != Verdict::NotBlocked;
        return (if may_block { vec![unrecorded] } else { Vec::new() }, false);
    }
    if rule.aggregates {
        return (vec![Account::new(scope, rule, designated.into_iter().collect(), perhaps)], false);
    }
    let persons = designated.len();
    let mut designated = designated;
    // Stable: of equals, the order of the nodes stays.
    designated.sort_by_cached_key(|person| {
        let is_certain = !perhaps.contains(person);
        Reverse(Account::effect(scope, rule, *person, is_certain))
    });
    designated.truncate(ACCOUNTS_SHOWN);
    let account = |person| Account::new(scope, rule, BTreeSet::from([person]), perhaps);
    let accounts: Vec<Account> = designated.into_iter().map(account).collect();
    let more = persons > accounts.len();
    (accounts, more)
}

fn write_account(writer: &Writer<'_>, account: &Account, room: &mut usize, answer: &mut Resolution) {
    let (steps, left_out) = writer.steps(account, room);
    answer.steps.extend(steps);
    note(&mut answer.notes, left_out.then_some(Note::StepsLeftOut));

    let (paths, more) = path::paths(writer, account, PATHS_SHOWN.saturating_sub(answer.paths.len()));
    answer.paths.extend(paths);
    note(&mut answer.notes, more.then_some(Note::PathsLeftOut));

    for entity in account.entities() {
        note(&mut answer.notes, writer.notes(entity));
    }
}

/// Adds what is not there yet, as far as there is room.
fn note(notes: &mut Vec<Note>, new: impl IntoIterator<Item = Note>) {
    for new in new {
        if notes.contains(&new) {
            continue;
        }
        let is_full = notes.len() >= NOTES_SHOWN;
        if !is_full {
            notes.push(new);
        } else if notes.last() != Some(&Note::NotesLeftOut) {
            notes.push(Note::NotesLeftOut);
        }
    }
}

fn unknowns(writer: &Writer<'_>, accounts: &[Account], notes: &mut Vec<Note>) -> Vec<Unknown> {
    let scope = writer.scope;
    let mut unknowns = Vec::new();
    let mut taken = BTreeSet::new();
    let (mut pairs, mut persons) = (Vec::new(), BTreeSet::new());
    let mut entities = BTreeSet::new();
    for account in accounts {
        let open = account.open(scope, writer.rule);
        pairs.extend(open.pairs);
        persons.extend(open.persons.into_iter().map(|person| scope.nodes[person]));
        entities.extend(open.entities.into_iter().map(|entity| (scope.levels[entity], entity)));
    }
    for person in persons.into_iter().take(UNKNOWNS_SHOWN) {
        let node = writer.graph.nodes().get(person as usize);
        let designation = node.and_then(|node| node.possible_designation(writer.rule.authority, writer.day));
        let reason = designation.map_or_else(String::new, perhaps_designated);
        unknowns.push(Unknown::Designation { person, reason });
    }
    for pair in pairs {
        let (owner, owned) = (scope.nodes[pair.owner], scope.nodes[pair.owned]);
        if !taken.insert((owner, owned)) {
            continue;
        }
        if unknowns.len() >= UNKNOWNS_SHOWN {
            note(notes, [Note::NotesLeftOut]);
            break;
        }
        let sources = pair.sources.clone();
        unknowns.push(match pair.conflict() {
            Some((lowest, highest)) => Unknown::Conflict { owner, owned, lowest, highest, sources },
            None => Unknown::Share { owner, owned, sources },
        });
    }
    for (_, entity) in entities.into_iter().take(UNKNOWNS_SHOWN) {
        unknowns.push(Unknown::Owners { entity: scope.nodes[entity], share: scope.unrecorded[entity] });
    }
    if accounts.iter().any(Account::goes_deeper) {
        unknowns.push(Unknown::MoreLevels);
    }
    if scope.truncated {
        unknowns.push(Unknown::MoreOwners);
    }
    unknowns
}
