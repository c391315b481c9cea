//! FollowTheMoney entities, one JSON object a line: `entities.ftm.json` (flat) and `targets.nested.json` (nested) of
//! OpenSanctions, and what else is written in this format.
//!
//! The schemata are described at followthemoney.tech/explorer, the files at opensanctions.org/docs/bulk/json. A subject
//! is a person, legal entity, organization, company, public body, vessel, airplane or wallet that is a target, carries
//! a topic `sanction...`, or has a Sanction. Sanctions, documents, addresses and wallets add to the subject that they
//! belong to, links become relations. As lines stand in any order, the files are read twice: first for what belongs to
//! others, then for the subjects.
//!
//! Values of a property are a set, and their order may change from file to file: they are taken in alphabetical order,
//! so that the same entity gives the same subject. `first_seen`, `last_seen` and `last_change` tell of the publisher's
//! work, not of the subject, and are not kept: with them every subject would change with every file.

mod authority;
mod entity;
mod facts;
mod graph;
mod lines;
mod links;
mod subject;

use std::path::PathBuf;
use std::rc::Rc;

use super::listing::Listing;
use crate::import::{Error, Input, Progress};

use crate::sanctions::import::ListFormat;
use entity::Entity;
use graph::Graph;

pub const FORMAT: ListFormat = ListFormat {
    name: "ftm",
    about: "FollowTheMoney entities, JSON lines (OpenSanctions and others). Needs --dataset.",
    dataset: None,
    title: "Entities of FollowTheMoney",
    authority: "",
    publisher: "as the operator says (--dataset, --license)",
    license: "as the operator says (--license)",
    read,
};

pub fn read(files: &[PathBuf], progress: &Progress, listing: &mut Listing<'_>) -> Result<(), Error> {
    let mut graph = Graph::default();
    let first = listing.report.files.len();
    for path in files {
        let mut input = Input::open(path, progress)?;
        let file: Rc<str> = input.name().into();
        lines::each(&mut input, |entity, line| {
            graph.add(&entity, None, (&file, line), listing);
            Ok(())
        })?;
        listing.report.files.push(input.finish()?);
    }
    graph.settle(listing);
    for (index, path) in files.iter().enumerate() {
        let mut input = Input::open(path, &Progress::silent())?;
        let file = input.name();
        lines::each(&mut input, |entity, line| {
            graph.name(&entity);
            take(&entity, &graph, (&file, line), listing);
            Ok(())
        })?;
        let again = input.finish()?;
        if listing.report.files.get(first + index).is_none_or(|before| before.sha256 != again.sha256) {
            let (problem, remedy) = ("changed while it was read", "import it when it is complete");
            return Err(Error::Format { file, problem: problem.into(), remedy: remedy.into() });
        }
    }
    graph.relate(listing);
    graph.count_lost(listing);
    Ok(())
}

fn take(entity: &Entity, graph: &Graph, (file, line): (&str, u64), listing: &mut Listing<'_>) {
    let Some(kind) = entity.subject_kind() else { return };
    if !graph.is_subject(&entity.id) {
        listing.report.rows_read += 1;
        listing.report.skip("entities that are not targets and have no sanction");
        return;
    }
    listing.report.at(file, line);
    let mut subject = subject::subject(entity, kind, listing.report);
    graph.complete(&mut subject, entity, listing);
    listing.take(subject, file, line);
}

#[cfg(test)]
mod tests;
