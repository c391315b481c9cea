//! Deliveries, those of one contract or flow or all.

use jiff::civil::Date;

use super::Energy;
use crate::energy::delivery::Delivery;
use crate::energy::delivery::netting::{RULES, Rule};
use crate::energy::store::deliveries::{self, After, Filter, Stored};
use crate::register::moment::day_number;
use crate::register::{Clocks, DatasetKind, Emptiness, Source};
use crate::rpc::{Error, Page};
use crate::store::Deadline;

pub struct Question {
    /// A contract or a flow; absent for all.
    pub subject: Option<String>,
    /// Ending on this day or later.
    pub from: Option<Date>,
    /// Beginning on this day or earlier.
    pub until: Option<Date>,
    pub clocks: Clocks,
    pub page: Page<After>,
}

pub struct Answer {
    pub deliveries: Vec<Reported>,
    /// The rules by which these were netted.
    pub rules: Vec<&'static Rule>,
    pub next_page_token: String,
    pub sources: Vec<Source>,
    pub emptiness: Option<Emptiness>,
}

/// A delivery and the resource name of the release that brought it.
pub struct Reported {
    pub delivery: Delivery,
    pub release: String,
}

pub async fn answer(energy: &Energy, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let Question { subject, from, until, clocks, page } = question;
    let opened = energy.open_page(clocks, &page, deadline).await?;
    let filter = Filter { subject, from, until };
    let mut stored =
        deliveries::list(&energy.store, &filter, &opened.moment, page.after(), page.limit(), deadline).await?;
    let next_page_token = page.cut(opened.moment.release, &mut stored, position);
    let is_empty = stored.is_empty() && page.is_first();
    let is_used = |rule: &&Rule| stored.iter().any(|stored| stored.delivery.rule == rule.id);
    Ok(Answer {
        rules: RULES.iter().filter(is_used).collect(),
        sources: opened.sources(|dataset| match stored.is_empty() {
            true => dataset.spec.kind == DatasetKind::Deliveries,
            false => stored.iter().any(|stored| stored.dataset == dataset.id),
        }),
        deliveries: stored
            .into_iter()
            .map(|stored| Reported { release: opened.catalog.release_name(stored.release), delivery: stored.delivery })
            .collect(),
        next_page_token,
        emptiness: is_empty.then(|| opened.why_none(DatasetKind::Deliveries, "deliveries")),
    })
}

fn position(last: &Stored) -> After {
    let Stored { dataset, entry, delivery, .. } = last;
    After { subject: delivery.subject.clone(), start_day: day_number(delivery.from), dataset: *dataset, entry: *entry }
}
