//! Contracts by their names; names without a contract are given back.

use super::contract::Shown;
use super::{Energy, Record};
use crate::energy::library::Name;
use crate::register::{Clocks, Source};
use crate::rpc::Error;
use crate::store::Deadline;

pub struct Question {
    pub names: Vec<Name>,
    pub clocks: Clocks,
}

pub struct Answer {
    /// In the order of the names.
    pub contracts: Vec<Record<Shown>>,
    pub missing: Vec<Name>,
    pub sources: Vec<Source>,
}

pub async fn answer(energy: &Energy, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let opened = energy.open(question.clocks, deadline).await?;
    let (mut contracts, mut missing, mut datasets) = (Vec::new(), Vec::new(), Vec::new());
    for name in question.names {
        match opened.library.contracts.get(&name, &opened.moment) {
            Some(version) => {
                datasets.push(version.dataset);
                contracts.push(opened.shown(version));
            }
            None => missing.push(name),
        }
    }
    Ok(Answer { contracts, missing, sources: opened.sources(|dataset| datasets.contains(&dataset.id)) })
}
