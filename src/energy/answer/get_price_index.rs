//! A price index.

use super::{Energy, Record};
use crate::energy::library::Name;
use crate::energy::price::index::Series;
use crate::register::{Clocks, Source};
use crate::rpc::Error;
use crate::store::Deadline;

pub struct Question {
    pub name: Name,
    pub clocks: Clocks,
}

pub struct Answer {
    pub index: Record<Series>,
    pub sources: Vec<Source>,
}

pub async fn answer(energy: &Energy, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let Question { name, clocks } = question;
    let opened = energy.open(clocks, deadline).await?;
    let version = opened.version("indexes", &opened.library.indexes, &name)?;
    Ok(Answer {
        index: opened.record(version, version.value.clone()),
        sources: opened.sources(|used| used.id == version.dataset),
    })
}
