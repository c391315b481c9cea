//! One route by its name.

use super::{Energy, Record};
use crate::energy::library::Name;
use crate::energy::route::Route;
use crate::register::{Clocks, Source};
use crate::rpc::Error;
use crate::store::Deadline;

pub struct Question {
    pub name: Name,
    pub clocks: Clocks,
}

pub struct Answer {
    pub route: Record<Route>,
    pub sources: Vec<Source>,
}

pub async fn answer(energy: &Energy, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let opened = energy.open(question.clocks, deadline).await?;
    let version = opened.version("routes", &opened.library.routes, &question.name)?;
    Ok(Answer {
        route: opened.record(version, version.value.route.clone()),
        sources: opened.sources(|dataset| dataset.id == version.dataset),
    })
}
