//! The arithmetic of one account: for each entity below its designated persons, who holds how much in it.

use jiff::civil::Date;

use super::account::{Account, Reason};
use super::answer::{Counted, Link, Note, Step, designated, perhaps_designated};
use super::rule::Rule;
use super::scope::{Pair, Scope, TARGET};
use super::{Graph, HoldingKind, WHOLE};

/// Holdings that one sum shows; those that count come first.
const HOLDINGS_OF_A_STEP: usize = 200;

/// What the arithmetic is written from.
pub(super) struct Writer<'a> {
    pub graph: &'a Graph,
    pub rule: &'a Rule,
    pub day: Date,
    pub scope: &'a Scope,
}

/// Sums of an entity's holdings as in [`Step`].
#[derive(Clone, Copy)]
pub(super) struct Sums {
    pub sum: u64,
    pub at_most: Option<u64>,
}

impl Writer<'_> {
    pub fn sums(&self, account: &Account, entity: usize) -> Sums {
        let mut sums = Sums { sum: 0, at_most: Some(0) };
        for pair in self.scope.pairs_into(entity).filter(|pair| pair.kind == HoldingKind::Owns) {
            let counted = account.counted(self.rule, pair).0;
            if counted == Counted::Not {
                continue;
            }
            if counted == Counted::Wholly {
                sums.sum += pair.shares.map_or(0, |(lowest, _)| u64::from(lowest));
            }
            let highest = pair.shares.map(|(_, highest)| u64::from(highest));
            sums.at_most = sums.at_most.zip(highest).map(|(most, highest)| most + highest);
        }
        sums
    }

    /// Sums of all entities below the account's persons, owners before owned. Those nearest to the target are shown as
    /// far as there is `room` for holdings; then whether something is left out.
    pub fn steps(&self, account: &Account, room: &mut usize) -> (Vec<Step>, bool) {
        let mut entities: Vec<usize> = account.entities().collect();
        entities.sort_by_key(|entity| (self.scope.levels[*entity], self.scope.nodes[*entity]));
        let mut steps = Vec::new();
        for entity in entities.iter().copied() {
            if *room == 0 {
                break;
            }
            let step = self.step(account, entity);
            *room = room.saturating_sub(step.holdings.len());
            steps.push(step);
        }
        let left_out = steps.len() < entities.len();
        // Stable, so that within a level the order of the nodes stays.
        steps.sort_by_key(|step| std::cmp::Reverse(step.level));
        (steps, left_out)
    }

    fn step(&self, account: &Account, entity: usize) -> Step {
        let mut pairs: Vec<&Pair> = self.scope.pairs_into(entity).collect();
        pairs.sort_by_cached_key(|pair| account.counted(self.rule, pair).0);
        let shown = pairs.iter().take(HOLDINGS_OF_A_STEP);
        let person = account.roots.first().filter(|_| !self.rule.aggregates);
        let Sums { sum, at_most } = self.sums(account, entity);
        Step {
            entity: self.scope.nodes[entity],
            account: person.map(|person| self.scope.nodes[*person]),
            level: self.scope.levels[entity],
            holdings: shown.map(|pair| self.link(account, pair)).collect(),
            holdings_left_out: pairs.len().saturating_sub(HOLDINGS_OF_A_STEP),
            sum,
            sum_at_most: at_most,
            unrecorded: self.scope.unrecorded[entity],
            verdict: account.verdict(entity),
        }
    }

    pub fn link(&self, account: &Account, pair: &Pair) -> Link {
        let (counted, reason) = account.counted(self.rule, pair);
        let owner = self.scope.nodes[pair.owner];
        let reason = match reason {
            Reason::OwnerDesignated => self.designated(owner),
            Reason::OwnerBlocked => "the owner is itself blocked by the rule".to_owned(),
            Reason::OwnerNotBlocked if !account.below[pair.owner] && !self.rule.aggregates => {
                "it is not this person's, and the rule does not sum the holdings of several".to_owned()
            }
            Reason::OwnerNotBlocked if !account.below[pair.owner] => {
                "no designated person stands above the owner".to_owned()
            }
            Reason::OwnerNotBlocked => "the owner is not itself blocked by the rule".to_owned(),
            Reason::OwnerUndetermined => "whether the owner is itself blocked is undetermined".to_owned(),
            Reason::OwnerPerhapsDesignated => self.perhaps_designated(owner),
            Reason::ShareNotKnown => format!("the share is not known, {}", self.standing(account, pair.owner)),
            Reason::ControlDoesNotCount => "the rule speaks of ownership only".to_owned(),
            Reason::HoldsItself => "an entity's shares in itself are nobody's".to_owned(),
        };
        Link {
            owner,
            owned: self.scope.nodes[pair.owned],
            kind: pair.kind,
            shares: pair.shares.filter(|_| pair.kind == HoldingKind::Owns),
            counted,
            reason,
            sources: pair.sources.clone(),
        }
    }

    fn standing(&self, account: &Account, owner: usize) -> String {
        if account.is_designated(owner) {
            return self.designated(self.scope.nodes[owner]);
        }
        "the owner is itself blocked by the rule".to_owned()
    }

    fn designated(&self, owner: u32) -> String {
        let node = self.graph.nodes().get(owner as usize);
        let designation = node.and_then(|node| node.designation(self.rule.authority, self.day));
        designation.map_or_else(String::new, designated)
    }

    fn perhaps_designated(&self, owner: u32) -> String {
        let node = self.graph.nodes().get(owner as usize);
        let designation = node.and_then(|node| node.possible_designation(self.rule.authority, self.day));
        designation.map_or_else(String::new, perhaps_designated)
    }

    /// What is odd in the holdings of an entity.
    pub fn notes(&self, entity: usize) -> Vec<Note> {
        let scope = self.scope;
        let mut notes = Vec::new();
        let mut sum: u64 = 0;
        for pair in scope.pairs_into(entity).filter(|pair| pair.kind == HoldingKind::Owns) {
            sum += pair.shares.map_or(0, |(lowest, _)| u64::from(lowest));
            if pair.owner == pair.owned {
                notes.push(Note::HoldsItself { entity: scope.nodes[entity] });
            }
            let (owner, owned) = (scope.nodes[pair.owner], scope.nodes[pair.owned]);
            if let Some((lowest, highest)) = pair.conflict() {
                notes.push(Note::Conflict { owner, owned, lowest, highest });
            }
            if pair.under_several {
                notes.push(Note::UnderSeveral { owner, owned });
            }
        }
        if sum > u64::from(WHOLE) {
            notes.push(Note::SumAboveWhole { entity: scope.nodes[entity], sum });
        }
        notes
    }

    /// What the shares on record leave of the target.
    pub fn owners_not_on_record(&self) -> Option<Note> {
        let share = self.scope.unrecorded[TARGET];
        let all_known = !self.scope.pairs_into(TARGET).any(Pair::is_unknown);
        (share > 0 && all_known).then_some(Note::OwnersNotOnRecord { share })
    }

    /// The owners of whom no record says who owns them.
    pub fn ends(&self) -> Option<Note> {
        let ends: Vec<u32> = self.scope.ends(self.graph).map(|node| self.scope.nodes[node]).collect();
        (!ends.is_empty()).then_some(Note::Ends { owners: ends })
    }
}
