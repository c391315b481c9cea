//! Who reports what, and until when: a page of series, in the order of dataset, reporter, flow, frequency and edition.

use std::sync::Arc;

use super::reading::beside_the_runtime;
use super::{AsOf, Knowledge, Trade};
use crate::register::{Dataset, DatasetKind, Emptiness, EmptyReason, Source};
use crate::rpc::{Error, Page};
use crate::store::Deadline;
use crate::trade::query::Filter;
use crate::trade::reporting::{self, Reported, Series};

/// Place of a series: the dataset's number, reporter, flow, months of a period, classification.
pub type Position = (i64, u16, u8, i32, i32);

pub struct Question {
    /// Empty for all.
    pub datasets: Vec<String>,
    /// Reporters, flows and frequency.
    pub filter: Filter,
    pub as_of: AsOf,
    pub page: Page<Position>,
}

/// A series with the place of its dataset among the sources.
pub struct Row {
    pub source: usize,
    pub reported: Reported,
}

pub struct Answer {
    pub knowledge: Arc<Knowledge>,
    pub rows: Vec<Row>,
    pub sources: Vec<Source>,
    pub next_page_token: String,
    pub emptiness: Option<Emptiness>,
}

pub async fn answer(trade: &Trade, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let Question { datasets, filter, as_of, page } = question;
    let knowledge = trade.up_to_date(deadline).await?;
    let asked = asked(&knowledge, &datasets)?;
    let moment = as_of.moment(&knowledge.catalog);
    let released = |dataset: &&Dataset| knowledge.catalog.visible_release(dataset, &moment).map(|release| release.id);
    let visible: Vec<(&Dataset, i64)> =
        asked.iter().filter_map(|dataset| Some((*dataset, released(dataset)?))).collect();
    let mut rows: Vec<Row> = beside_the_runtime(|| {
        let of_dataset = |(source, (dataset, release)): (usize, &(&Dataset, i64))| {
            let reported = reporting::reported(&knowledge.coverage, &filter, dataset.id, *release);
            reported.into_iter().map(move |reported| Row { source, reported })
        };
        visible.iter().enumerate().flat_map(of_dataset).collect()
    });
    let emptiness = rows.is_empty().then(|| why_none(&knowledge, &filter, as_of, (&asked, &visible)));
    let position = |row: &Row| position(visible[row.source].0.id, &row.reported.series);
    if let Some(after) = page.after() {
        let read = rows.iter().position(|row| position(row) == *after).map_or(0, |last| last + 1);
        rows.drain(..read);
    }
    let pinned = as_of.release.unwrap_or(knowledge.catalog.newest_release);
    let next_page_token = page.cut(pinned, &mut rows, position);
    let sources = visible.iter().map(|(dataset, release)| knowledge.catalog.source(dataset.id, *release)).collect();
    Ok(Answer { rows, sources, next_page_token, emptiness, knowledge: Arc::clone(&knowledge) })
}

fn position(dataset: i64, series: &Series) -> Position {
    let Series { reporter, flow, frequency, classification } = series;
    (dataset, reporter.number(), flow.number(), frequency.months(), classification.number())
}

/// The datasets of flows that are asked for, in the order of precedence.
fn asked<'a>(knowledge: &'a Knowledge, names: &[String]) -> Result<Vec<&'a Dataset>, Error> {
    let flows = || knowledge.catalog.datasets.iter().filter(|dataset| dataset.spec.kind == DatasetKind::Flows);
    for name in names {
        let name = name.strip_prefix("datasets/").unwrap_or(name);
        if !flows().any(|dataset| dataset.spec.name == name) {
            return Err(Error::NotFound(format!("datasets/{name}")));
        }
    }
    let is_named = |dataset: &Dataset| {
        names.iter().any(|name| name.strip_prefix("datasets/").unwrap_or(name) == dataset.spec.name)
    };
    Ok(flows().filter(|dataset| names.is_empty() || is_named(dataset)).collect())
}

fn why_none(
    knowledge: &Knowledge,
    filter: &Filter,
    as_of: AsOf,
    (asked, visible): (&[&Dataset], &[(&Dataset, i64)]),
) -> Emptiness {
    if asked.is_empty() {
        return Emptiness::new(EmptyReason::NoData, "the store holds no trade flows; import some");
    }
    if visible.is_empty() {
        let names: Vec<String> = asked.iter().map(|dataset| dataset.resource()).collect();
        let when = as_of.day.map_or_else(|| "is in the store".to_owned(), |day| format!("was out on {day}"));
        return Emptiness::new(EmptyReason::NotReleased, format!("no release of {} {when}", names.join(", ")));
    }
    let any_frequency = Filter { frequency: None, ..filter.clone() };
    let has_any = |(dataset, release): &(&Dataset, i64)| {
        !reporting::reported(&knowledge.coverage, &any_frequency, dataset.id, *release).is_empty()
    };
    if filter.frequency.is_some() && visible.iter().any(has_any) {
        return Emptiness::new(EmptyReason::FilteredOut, "there are reports, but not in the frequency asked for");
    }
    Emptiness::new(EmptyReason::NotCovered, "no dataset has reports of these reporters and flows")
}
