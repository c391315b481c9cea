//! Routes by a filter.

use super::{Energy, Record};
use crate::energy::library::{ListedRoute, Name, Version};
use crate::energy::route::{Route, RouteKind, RouteStatus};
use crate::register::{Clocks, DatasetKind, Emptiness, Source};
use crate::rpc::{Error, Page};
use crate::store::Deadline;

pub struct Question {
    pub filter: Filter,
    pub clocks: Clocks,
    pub page: Page<Name>,
}

/// Which routes. What is empty or absent asks for nothing.
#[derive(Debug, Default)]
pub struct Filter {
    /// Names of datasets.
    pub datasets: Vec<String>,
    /// Words of the route's names, and of its owners'.
    pub query: Vec<String>,
    pub owner: Vec<String>,
    /// ISO alpha-3, here and below.
    pub countries: Vec<String>,
    pub from: Option<String>,
    pub to: Option<String>,
    /// `None` is a kind that no route has.
    pub kinds: Vec<Option<RouteKind>>,
    /// `None` asks for routes without a status.
    pub statuses: Vec<Option<RouteStatus>>,
}

pub struct Answer {
    pub routes: Vec<Record<Route>>,
    pub next_page_token: String,
    pub sources: Vec<Source>,
    pub emptiness: Option<Emptiness>,
}

pub async fn answer(energy: &Energy, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let Question { filter, clocks, page } = question;
    let opened = energy.open_page(clocks, &page, deadline).await?;
    opened.check_datasets(&filter.datasets, DatasetKind::Routes, "filter.datasets")?;
    let visible = opened.library.routes.visible(opened.moment, page.after());
    let mut versions: Vec<&Version<ListedRoute>> =
        visible.filter(|version| filter.matches(version)).take(page.limit()).collect();
    let next_page_token = page.cut(opened.moment.release, &mut versions, |last| last.name());
    let is_empty = versions.is_empty() && page.is_first();
    Ok(Answer {
        routes: versions.into_iter().map(|version| opened.record(version, version.value.route.clone())).collect(),
        next_page_token,
        sources: opened.sources_of(DatasetKind::Routes, &filter.datasets),
        emptiness: is_empty.then(|| opened.why_none(DatasetKind::Routes, "routes")),
    })
}

impl Filter {
    fn matches(&self, version: &Version<ListedRoute>) -> bool {
        let route = &version.value.route;
        let touches = |country: &String| {
            route.countries.contains(country) || route.from_country == *country || route.to_country == *country
        };
        (self.datasets.is_empty() || self.datasets.contains(&version.book))
            && (self.kinds.is_empty() || self.kinds.contains(&Some(route.kind)))
            && (self.statuses.is_empty() || self.statuses.contains(&route.status))
            && self.from.as_ref().is_none_or(|from| route.from_country == *from)
            && self.to.as_ref().is_none_or(|to| route.to_country == *to)
            && (self.countries.is_empty() || self.countries.iter().any(touches))
            && version.value.has_words(&self.query, &self.owner)
    }
}
