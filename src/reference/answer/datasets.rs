//! Datasets by name and as a list.

use std::sync::Arc;

use jiff::civil::Date;

use super::{Reference, existing};
use crate::register::{Dataset, Release};
use crate::rpc::{Error, Page};
use crate::store::Deadline;

pub struct GetQuestion {
    pub id: String,
    pub as_of: Option<Date>,
}

/// A dataset with its newest release by the day.
pub type Found = (Dataset, Option<Release>);

pub async fn get(reference: &Reference, question: GetQuestion, deadline: &Deadline) -> Result<Found, Error> {
    let catalog = reference.catalog(deadline).await?;
    let dataset = existing(&catalog, &question.id)?;
    let latest = catalog.release_at(dataset.id, question.as_of).ok_or_else(|| Error::NotFound(dataset.resource()))?;
    Ok((dataset.clone(), Some(latest.clone())))
}

pub struct ListQuestion {
    pub as_of: Option<Date>,
    /// Goes on after a name.
    pub page: Page<String>,
}

pub struct List {
    pub datasets: Vec<Found>,
    pub next_page_token: String,
}

pub async fn list(reference: &Reference, question: ListQuestion, deadline: &Deadline) -> Result<List, Error> {
    let ListQuestion { as_of, page } = question;
    let catalog = Arc::clone(&reference.catalog(deadline).await?);
    let mut datasets: Vec<Found> = catalog
        .datasets
        .iter()
        .filter(|dataset| page.after().is_none_or(|after| dataset.spec.name > *after))
        .filter_map(|dataset| Some((dataset.clone(), Some(catalog.release_at(dataset.id, as_of)?.clone()))))
        .collect();
    datasets.sort_by(|(left, _), (right, _)| left.spec.name.cmp(&right.spec.name));
    let next_page_token = page.cut(0, &mut datasets, |(last, _)| last.spec.name.clone());
    Ok(List { datasets, next_page_token })
}
