//! What each authority's ownership rule says of an entity.

use jiff::civil::Date;

use crate::register::{Clocks, Dataset};
use crate::rpc::Error;
use crate::store::{self, Deadline};

use super::Sanctions;
use super::coverage;
use super::get_subject::absent;
use super::owners::{self, Owners};
use super::provenance::{Provenance, provenance};
use crate::sanctions::ownership::{self, Graph, Resolution, Rule, Verdict, rule};
use crate::sanctions::subject::likeness::LinkStrength;
use crate::sanctions::subject::listed::SubjectName;

pub struct Question {
    /// `subjects/...` or `entities/...`.
    pub name: String,
    /// Whose rules.
    pub authorities: Vec<&'static str>,
    /// The weakest link by which subjects of two lists are one.
    pub weakest_link: LinkStrength,
    pub clocks: Clocks,
}

pub struct Answer {
    pub name: String,
    pub owners: Owners,
    pub findings: Vec<Finding>,
    pub provenance: Provenance,
}

/// What one rule says, and by which lists.
pub struct Finding {
    pub resolution: Resolution,
    /// The directives that it is or may be under, with the graph of those who are.
    pub restrictions: Vec<Restriction>,
    pub notes: Vec<String>,
}

/// What a rule says of a directive.
pub struct Restriction {
    pub directive: String,
    pub resolution: Resolution,
    pub graph: Graph,
}

pub async fn answer(sanctions: &Sanctions, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let Question { name, authorities, weakest_link, clocks } = question;
    let moment = sanctions.moment(clocks);
    let day = moment.day_in_force();
    let owners = owners::above(sanctions.store(), &name, weakest_link, &moment, deadline).await?;
    let Some(target) = owners.target else {
        return Err(match SubjectName::parse(&name) {
            Some(name) => absent(sanctions, &name, &moment, deadline).await?,
            None => Error::NotFound(name),
        });
    };
    let catalog = sanctions.register.current(deadline).await?;
    let designating = sanctions.designating.get(sanctions.store(), &catalog, deadline).await?;
    let mut findings = Vec::new();
    let mut looked_at = Vec::new();
    for authority in authorities {
        let Some(rule) = rule::applicable(authority, day) else { continue };
        let coverage = coverage::of(authority, &designating, &catalog, &moment);
        let resolution = ownership::resolve(&owners.graph, rule, target, day, coverage.gap.as_deref())
            .map_err(|error| store::Error::Other(error.to_string()))?;
        let restrictions =
            restrictions(&owners.graph, rule, target, day).map_err(|error| store::Error::Other(error.to_string()))?;
        let notes = coverage.gap.into_iter().chain(coverage.notes).collect();
        findings.push(Finding { resolution, restrictions, notes });
        looked_at.extend(coverage.lists);
    }
    let is_used = |list: &&Dataset| looked_at.contains(&list.id) || owners.lists.contains(&list.spec.name);
    let lists: Vec<&Dataset> = catalog.datasets.iter().filter(is_used).collect();
    let is_held = |dataset: &&Dataset| owners.datasets.contains(&dataset.id);
    let holdings: Vec<&Dataset> = catalog.datasets.iter().filter(is_held).collect();
    let mut provenance = provenance(&catalog, &lists, &moment);
    provenance.sources.extend(catalog.sources(&holdings, &moment));
    if owners.cut {
        provenance.notes.push("the owners are more, or stand in more levels, than are looked at".into());
    }
    Ok(Answer { name, owners, findings, provenance })
}

/// The directives of the rule's authority that those above are under, resolved each by itself. That the owners who are not
/// on record may be under one too, the rule's own finding says.
fn restrictions(graph: &Graph, rule: &Rule, target: u32, day: Date) -> Result<Vec<Restriction>, ownership::Error> {
    let mut restrictions = Vec::new();
    if rule.authority != "OFAC" {
        return Ok(restrictions);
    }
    for directive in graph.directives() {
        let under = graph.under(directive);
        let resolution = ownership::resolve(&under, rule, target, day, None)?;
        if resolution.verdict != Verdict::NotBlocked {
            restrictions.push(Restriction { directive: directive.to_owned(), resolution, graph: under });
        }
    }
    Ok(restrictions)
}
