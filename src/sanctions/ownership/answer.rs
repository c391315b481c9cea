//! What a rule says of an entity, with its reasons, and the same in words.

use jiff::civil::Date;

use super::rule::{Rule, Standing};
use super::{Designation, Doubt, Graph, HoldingKind, WHOLE, percent};
use crate::value::text::truncated;

/// Owners that a note names.
const ENDS_SHOWN: usize = 10;

/// What a rule says. Later is stronger.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Verdict {
    NotBlocked,
    /// It depends on what is not known, or on what sources contradict one another in.
    Undetermined,
    Blocked,
}

/// By what an entity is blocked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Basis {
    /// It is itself designated; its owners were not looked at.
    Listed,
    Ownership,
    /// Control, without a share that would block by itself.
    Control,
}

/// How a holding goes into the sum.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Counted {
    /// With its whole share, however small the share of the designated person in the owner.
    Wholly,
    /// Whether it counts, or how much, is not known.
    Unknown,
    Not,
}

/// One owner's holding in one entity, as all sources have it together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    pub owner: u32,
    pub owned: u32,
    pub kind: HoldingKind,
    /// Lowest and highest share that a source states, mostly the same; absent when it is not known, and for control.
    pub shares: Option<(u32, u32)>,
    pub counted: Counted,
    /// Why it counts or not.
    pub reason: String,
    /// As [`super::Edge::source`].
    pub sources: Vec<u32>,
}

/// The sum of the holdings in one entity.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    pub entity: u32,
    /// Designated person for whom alone the sum is made; absent where the rule sums all together.
    pub account: Option<u32>,
    /// Fewest holdings down to the entity asked for, which is 0.
    pub level: u32,
    /// Those that count first; long lists are cut.
    pub holdings: Vec<Link>,
    pub holdings_left_out: usize,
    /// Sum of what counts wholly, by the lowest shares.
    pub sum: u64,
    /// Sum of what counts wholly or may count, by the highest shares; absent when one of them is not known.
    pub sum_at_most: Option<u64>,
    /// What the shares on record leave to others.
    pub unrecorded: u64,
    pub verdict: Verdict,
}

/// A chain of holdings from a designated person down to the entity asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Path {
    /// The designated person's first.
    pub links: Vec<Link>,
    /// The weakest of its holdings.
    pub counted: Counted,
}

/// What would have to be known for certain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unknown {
    Share {
        owner: u32,
        owned: u32,
        sources: Vec<u32>,
    },
    Conflict {
        owner: u32,
        owned: u32,
        lowest: u32,
        highest: u32,
        sources: Vec<u32>,
    },
    /// Who holds this share of an entity: no record says.
    Owners {
        entity: u32,
        share: u64,
    },
    /// More owners stand above than are looked at.
    MoreOwners,
    /// Blocking goes on below the last level that is looked at.
    MoreLevels,
    /// Whether the rule holds on the day.
    Rule(&'static str),
    /// Whether somebody was designated on the day.
    Designation {
        person: u32,
        reason: String,
    },
    /// Who was designated on the day: why the lists do not tell.
    Lists(String),
}

/// What is odd, or was left out, and did not change the verdict by itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Note {
    /// All shares in the entity together, designated owners or not, are more than there is: sources contradict one
    /// another. The shares are kept as they are.
    SumAboveWhole {
        entity: u32,
        sum: u64,
    },
    /// Counted neither for nor against; the other shares are not raised.
    HoldsItself {
        entity: u32,
    },
    Conflict {
        owner: u32,
        owned: u32,
        lowest: u32,
        highest: u32,
    },
    /// Holdings between the two are stated under several identifiers that mean the same: they may be one or several.
    UnderSeveral {
        owner: u32,
        owned: u32,
    },
    NoDesignatedOwner,
    /// The shares on record leave this much of the entity asked for to owners that nobody named.
    OwnersNotOnRecord {
        share: u64,
    },
    /// Nobody is known to own these, so that the chains end with them: they are taken for not blocked.
    Ends {
        owners: Vec<u32>,
    },
    /// The sums, or the paths, are more than are shown.
    StepsLeftOut,
    PathsLeftOut,
    NotesLeftOut,
    /// Why the rule is not simply in force.
    Standing(&'static str),
}

/// What one rule says of one entity on one day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resolution {
    pub rule: Rule,
    pub day: Date,
    pub target: u32,
    pub verdict: Verdict,
    /// What the rule would say if it were in force.
    pub if_in_force: Verdict,
    pub basis: Option<Basis>,
    pub standing: Standing,
    /// The target's own, where it is listed.
    pub designation: Option<Designation>,
    /// The target's sum, as in its step; of several accounts the one that decides.
    pub sum: u64,
    pub sum_at_most: Option<u64>,
    /// What the shares on record leave of the target to owners that nobody named.
    pub unrecorded: u64,
    /// Owners before owned, the target's last.
    pub steps: Vec<Step>,
    /// Those that count wholly first, then the shorter ones.
    pub paths: Vec<Path>,
    /// Filled when something is undetermined.
    pub unknowns: Vec<Unknown>,
    pub notes: Vec<Note>,
}

impl Resolution {
    /// The arithmetic, one holding or one sum a line, owners before owned.
    pub fn arithmetic(&self, graph: &Graph) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(designation) = &self.designation {
            lines.push(format!("{} is {}", graph.label(self.target), designated(designation)));
        }
        for step in &self.steps {
            lines.extend(step.holdings.iter().map(|link| link.text(graph)));
            if step.holdings_left_out > 0 {
                lines.push(format!("{} more holdings in {}", step.holdings_left_out, graph.label(step.entity)));
            }
            lines.push(step.text(&self.rule, graph));
        }
        lines
    }

    /// What would have to be known, in words. `sources` is what [`super::Edge::source`] counts in.
    pub fn unknown_texts(&self, graph: &Graph, sources: &[String]) -> Vec<String> {
        self.unknowns.iter().map(|unknown| unknown.text(graph, sources)).collect()
    }

    pub fn note_texts(&self, graph: &Graph) -> Vec<String> {
        self.notes.iter().map(|note| note.text(graph)).collect()
    }
}

/// `designated by OFAC since 2022-02-25`, `under EO 13662 Directive 1 of OFAC since 2014-07-16`.
pub(super) fn designated(designation: &Designation) -> String {
    let Designation { authority, days, seen, directive, .. } = designation;
    let what = if directive.is_empty() {
        format!("designated by {authority}")
    } else {
        format!("under {directive} of {authority}")
    };
    match (days.from, seen) {
        (Some(from), _) => format!("{what} since {from}"),
        (None, Some(seen)) => format!("{what} since {seen} at the latest, the first release in the store that has it"),
        (None, None) => format!("{what}, the list does not say since when"),
    }
}

/// Of one that [`super::Node::possible_designation`] gives.
pub(super) fn perhaps_designated(designation: &Designation) -> String {
    let Designation { authority, days, seen, doubt, .. } = designation;
    match doubt {
        Some(Doubt::Measure(text)) if text.is_empty() => {
            format!("{authority} lists it, and the list does not say under which measure")
        }
        Some(Doubt::Measure(text)) => {
            format!("{authority} lists it, and what its measure does is not known: `{}`", truncated(text, 200))
        }
        Some(Doubt::Authority) => "it is listed, and the list does not say who imposes the measure".to_owned(),
        Some(Doubt::NoSuchEntry) => {
            "a holding names it as an entry of a list, and the store has no such entry, nor had one before".to_owned()
        }
        Some(Doubt::Identity(text)) => format!("{authority} lists {text}"),
        None if days.from.is_some() => {
            let until = days.until.map_or_else(String::new, |until| format!(", until {until}"));
            let from = days.from.map_or_else(String::new, |from| from.to_string());
            format!("{authority} lists it from {from} on{until}, which leaves that day open")
        }
        None => {
            let seen = seen.map_or_else(String::new, |seen| format!(" of {seen}"));
            format!("{authority} lists it since the release{seen} at the latest, and does not say since when")
        }
    }
}

fn shares_text(shares: Option<(u32, u32)>) -> String {
    match shares {
        None => "an unknown share".to_owned(),
        Some((lowest, highest)) if lowest == highest => percent(u64::from(lowest)),
        Some((lowest, highest)) => format!("{} to {}", percent(u64::from(lowest)), percent(u64::from(highest))),
    }
}

impl Link {
    fn text(&self, graph: &Graph) -> String {
        let (owner, owned) = (graph.label(self.owner), graph.label(self.owned));
        let holds = match self.kind {
            HoldingKind::Owns => format!("{owner} owns {} of {owned}", shares_text(self.shares)),
            HoldingKind::Controls => format!("{owner} controls {owned}"),
        };
        let counted = match self.counted {
            Counted::Wholly => "counted wholly",
            Counted::Unknown => "unknown",
            Counted::Not => "not counted",
        };
        format!("{holds}: {counted}, {}", self.reason)
    }
}

impl Step {
    fn text(&self, rule: &Rule, graph: &Graph) -> String {
        let entity = graph.label(self.entity);
        let account = self.account.map(|person| format!(" for {}", graph.label(person))).unwrap_or_default();
        let sum = percent(self.sum);
        let sum = match self.sum_at_most {
            Some(most) if most == self.sum => sum,
            Some(most) => format!("{sum} to {}", percent(most)),
            None => format!("{sum} and an unknown share"),
        };
        let controls = |counted| self.holdings.iter().any(|link| link.counts_by_control(counted));
        let control = if controls(Counted::Wholly) {
            ", controlled"
        } else if controls(Counted::Unknown) {
            ", perhaps controlled"
        } else {
            ""
        };
        let verdict = match self.verdict {
            Verdict::Blocked => "blocked",
            Verdict::NotBlocked => "not blocked",
            Verdict::Undetermined => "undetermined",
        };
        let rest = if self.unrecorded > 0 && self.verdict == Verdict::Undetermined {
            format!(", owners of {} not on record", percent(self.unrecorded))
        } else {
            String::new()
        };
        format!("{entity}{account}: sum {sum}{rest}, threshold {}{control}: {verdict}", rule.threshold_text())
    }
}

impl Link {
    fn counts_by_control(&self, counted: Counted) -> bool {
        self.kind == HoldingKind::Controls && self.counted == counted
    }
}

impl Unknown {
    fn text(&self, graph: &Graph, sources: &[String]) -> String {
        let named = |indexes: &[u32]| {
            let names: Vec<&str> =
                indexes.iter().filter_map(|index| sources.get(*index as usize)).map(String::as_str).collect();
            if names.is_empty() { String::new() } else { format!(" (sources: {})", names.join("; ")) }
        };
        match self {
            Self::Share { owner, owned, sources } => {
                let (owner, owned) = (graph.label(*owner), graph.label(*owned));
                format!("the share of {owner} in {owned}{}", named(sources))
            }
            Self::Conflict { owner, owned, lowest, highest, sources } => {
                let (owner, owned) = (graph.label(*owner), graph.label(*owned));
                let shares = shares_text(Some((*lowest, *highest)));
                format!("which share {owner} has in {owned}: it is given as {shares}{}", named(sources))
            }
            Self::Owners { entity, share } if *share == u64::from(WHOLE) => {
                format!("who owns {}: no share in it is on record", graph.label(*entity))
            }
            Self::Owners { entity, share } => {
                format!("who owns the other {} of {}: no record says", percent(*share), graph.label(*entity))
            }
            Self::MoreOwners => "owners beyond the number that is looked at".to_owned(),
            Self::MoreLevels => "owners beyond the number of levels that is looked at".to_owned(),
            Self::Rule(note) => format!("whether the rule holds on that day: {note}"),
            Self::Designation { person, reason } => {
                format!("whether {} was designated on that day: {reason}", graph.label(*person))
            }
            Self::Lists(reason) => format!("who was designated on that day: {reason}"),
        }
    }
}

impl Note {
    fn text(&self, graph: &Graph) -> String {
        match self {
            Self::SumAboveWhole { entity, sum } => {
                format!(
                    "the shares in {} come to {}: the sources contradict one another",
                    graph.label(*entity),
                    percent(*sum)
                )
            }
            Self::HoldsItself { entity } => {
                format!(
                    "{} holds shares in itself, which are not counted; the others are not raised",
                    graph.label(*entity)
                )
            }
            Self::Conflict { owner, owned, lowest, highest } => {
                let shares = shares_text(Some((*lowest, *highest)));
                format!("the share of {} in {} is given as {shares}", graph.label(*owner), graph.label(*owned))
            }
            Self::UnderSeveral { owner, owned } => format!(
                "{} or {} has several identifiers, and holdings are stated under more than one: whether they are one \
                 holding or several is not known",
                graph.label(*owner),
                graph.label(*owned)
            ),
            Self::NoDesignatedOwner => "no designated person is known among its direct and indirect owners".to_owned(),
            Self::OwnersNotOnRecord { share } => format!("the owners of {} of it are not on record", percent(*share)),
            Self::Ends { owners } => {
                let shown: Vec<String> = owners.iter().take(ENDS_SHOWN).map(|owner| graph.label(*owner)).collect();
                let more = owners.len().saturating_sub(ENDS_SHOWN);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                format!(
                    "who owns its owners {}{more} is not on record: they are taken for not blocked by owners of their own",
                    shown.join(", ")
                )
            }
            Self::StepsLeftOut => "there are more sums than are shown".to_owned(),
            Self::PathsLeftOut => "there are more paths than are shown".to_owned(),
            Self::NotesLeftOut => "there are more remarks, or more that is not known, than is shown".to_owned(),
            Self::Standing(note) => (*note).to_owned(),
        }
    }
}
