//! The observations of a price index.

use jiff::civil::Date;

use super::Energy;
use crate::energy::library::{Name, Version};
use crate::energy::price::index::Observation;
use crate::energy::store::observations::{self, Days};
use crate::register::moment::{date_of, day_number};
use crate::register::{Clocks, Emptiness, EmptyReason, Source};
use crate::rpc::{Error, Page};
use crate::store::Deadline;

pub struct Question {
    pub name: Name,
    pub from: Option<Date>,
    pub until: Option<Date>,
    pub clocks: Clocks,
    /// Goes on after the day (YYYYMMDD) of an observation.
    pub page: Page<i64>,
}

pub struct Answer {
    pub observations: Vec<Observation>,
    pub next_page_token: String,
    pub sources: Vec<Source>,
    pub emptiness: Option<Emptiness>,
}

pub async fn answer(energy: &Energy, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let Question { name, from, until, clocks, page } = question;
    let resumed = page.after().map(|day| day_after(*day)).transpose()?;
    let opened = energy.open_page(clocks, &page, deadline).await?;
    let version = opened.version("indexes", &opened.library.indexes, &name)?;
    let Version { dataset, number, .. } = *version;
    let days = Days { from: resumed.or(from), until };
    let mut observations =
        observations::list(&energy.store, dataset, number, days, &opened.moment, page.limit(), deadline).await?;
    let next_page_token = page.cut(opened.moment.release, &mut observations, |last| day_number(last.day));
    let is_empty = observations.is_empty() && page.is_first();
    Ok(Answer {
        observations,
        next_page_token,
        sources: opened.sources(|used| used.id == dataset),
        emptiness: is_empty.then(|| {
            let detail = format!("{} has no observation in these days", name.resource("indexes"));
            Emptiness::new(EmptyReason::NotCovered, detail)
        }),
    })
}

fn day_after(day: i64) -> Result<Date, Error> {
    let next = date_of(day).and_then(|day| day.tomorrow().ok());
    next.ok_or_else(|| {
        Error::invalid("page_token", format!("goes on after {day}, which is not a valid day; begin without one"))
    })
}
