//! One contract by its name.

use super::contract::Shown;
use super::{Energy, Record};
use crate::energy::library::Name;
use crate::register::{Clocks, Source};
use crate::rpc::Error;
use crate::store::Deadline;

pub struct Question {
    pub name: Name,
    pub clocks: Clocks,
}

pub struct Answer {
    pub contract: Record<Shown>,
    pub sources: Vec<Source>,
}

pub async fn answer(energy: &Energy, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let opened = energy.open(question.clocks, deadline).await?;
    let version = opened.contract(&question.name)?;
    Ok(Answer { contract: opened.shown(version), sources: opened.sources(|dataset| dataset.id == version.dataset) })
}
