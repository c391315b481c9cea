//! Answering questions: choose data in memory, read the store once, and do both again should a release have come between.

use std::sync::{Arc, PoisonError, RwLock};

use futures::FutureExt as _;
use futures::future::BoxFuture;

use crate::reference::{Codes, KnownCodes};
use crate::register::{Catalog, Emptiness, EmptyReason, Register};
use crate::store::{self, Deadline, Store};

use super::level::{self, Level, Refusal};
use super::model::FlowKey;
use super::query::{Filter, SummaryQuery};
use super::select::{self, Moment, Nothing, Selection};
use super::store::coverage::{self, Coverage};
use super::store::page::{self, Page};
use super::store::summary::{self as sums_sql, Plan};
use super::summary::{self, Summary};

/// Times that a question is asked anew when imports keep coming; one release in a request's time is rare, three are not
/// to be expected.
const ATTEMPTS: usize = 4;

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("dataset {0} does not exist")]
    UnknownDataset(String),
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Summary(#[from] summary::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Everything in memory that questions need, as of one newest release.
pub struct Knowledge {
    pub catalog: Arc<Catalog>,
    pub codes: Arc<Codes>,
    pub coverage: Coverage,
}

/// The trade part of the store.
pub struct Trade {
    store: Store,
    catalogs: Arc<Register>,
    codes: Arc<KnownCodes>,
    knowledge: RwLock<Option<Arc<Knowledge>>>,
}

/// What a question was answered from.
pub struct Answered<T> {
    pub knowledge: Arc<Knowledge>,
    /// The data, or why there are none.
    pub result: Result<(Selection, T), Emptiness>,
}

/// The data or why there are none, and the newest release that was seen while reading.
type Attempt<T> = Result<(Result<(Selection, T), Emptiness>, Option<i64>), Error>;

/// A summary with how it was made.
pub struct SummaryAnswer {
    pub level: Level,
    pub plan: Plan,
    pub summary: Summary,
}

impl Trade {
    pub fn new(store: Store, catalogs: Arc<Register>, codes: Arc<KnownCodes>) -> Self {
        Self { store, catalogs, codes, knowledge: RwLock::default() }
    }

    /// A page of facts behind `after`.
    pub async fn page<'a>(
        &'a self,
        filter: &'a Filter,
        moment: Moment,
        after: Option<FlowKey>,
        limit: usize,
        deadline: &'a Deadline,
    ) -> Result<Answered<Page>, Error> {
        self.answer(deadline, move |knowledge: Arc<Knowledge>| {
            async move {
                let selection = match choose(&knowledge, filter, moment)? {
                    Ok(selection) => selection,
                    Err(emptiness) => return Ok((Err(emptiness), None)),
                };
                let page = page::page(&self.store, &selection, filter, after, limit, deadline).await?;
                let newest = Some(page.newest_release).filter(|newest| *newest > 0);
                Ok((Ok((selection, page)), newest))
            }
            .boxed()
        })
        .await
    }

    /// A summary.
    pub async fn summarize<'a>(
        &'a self,
        query: &'a SummaryQuery,
        moment: Moment,
        deadline: &'a Deadline,
    ) -> Result<Answered<SummaryAnswer>, Error> {
        level::check_flows(query)?;
        level::check_details(query)?;
        self.answer(deadline, move |knowledge: Arc<Knowledge>| {
            async move {
                let mut selection = match choose_for_sum(&knowledge, query, moment)? {
                    Ok(selection) => selection,
                    Err(emptiness) => return Ok((Err(emptiness), None)),
                };
                let level = match level::choose(query, &selection) {
                    Ok(level) => level,
                    Err(refusal) => {
                        // Codes that do not exist would be refused for their length, which would be no help.
                        let codes = select::why_no_codes(&knowledge.codes, &query.filter, &selection);
                        let says_more = matches!(
                            codes.reason,
                            EmptyReason::CodeUnknown | EmptyReason::CodeNotValid | EmptyReason::NotCovered
                        );
                        return if says_more { Ok((Err(codes), None)) } else { Err(refusal.into()) };
                    }
                };
                let overlap = level::overlap(query, &selection);
                if let Some(what) = overlap.filter(|_| query.top > 0) {
                    return Err(Refusal::RestOfOverlapping(what).into());
                }
                note_what_is_partial(query, &level, overlap, &mut selection);
                let plan = sums_sql::plan(query, &selection, &level);
                let sums = sums_sql::sums(&self.store, query, &selection, &level, plan, deadline).await?;
                let quantities = match query.quantities {
                    true => Some(sums_sql::quantities(&self.store, query, &selection, &level, deadline).await?),
                    false => None,
                };
                if sums.is_cut || quantities.as_ref().is_some_and(|groups| groups.is_cut) {
                    return Err(summary::Error::TooManyRows(query.row_limit).into());
                }
                let (sums, quantities) = (sums.rows, quantities.map(|groups| groups.rows));
                // Both were read as of the same release, or the later read shows that one has come between.
                let newest = quantities.as_ref().map_or(sums.newest_release, |later| later.newest_release);
                let mut summary = summary::summarize(query, &selection, &sums, quantities.as_ref())?;
                if overlap.is_some() {
                    summary.leave_out_total();
                }
                Ok((Ok((selection, SummaryAnswer { level, plan, summary })), Some(newest)))
            }
            .boxed()
        })
        .await
    }

    /// What a question would touch: the selection, and for a summary the level and plan. Reads nothing but the register.
    pub async fn select<'a>(
        &'a self,
        filter: &'a Filter,
        summary: Option<&'a SummaryQuery>,
        moment: Moment,
        deadline: &'a Deadline,
    ) -> Result<Answered<Option<(Level, Plan)>>, Error> {
        if let Some(query) = summary {
            level::check_flows(query)?;
            level::check_details(query)?;
        }
        self.answer(deadline, move |knowledge: Arc<Knowledge>| {
            async move {
                let chosen = match summary {
                    Some(query) => choose_for_sum(&knowledge, query, moment)?,
                    None => choose(&knowledge, filter, moment)?,
                };
                let selection = match chosen {
                    Ok(selection) => selection,
                    Err(emptiness) => return Ok((Err(emptiness), None)),
                };
                let how = match summary {
                    None => None,
                    Some(query) => {
                        let level = level::choose(query, &selection)?;
                        Some((level, sums_sql::plan(query, &selection, &level)))
                    }
                };
                Ok((Ok((selection, how)), None))
            }
            .boxed()
        })
        .await
    }

    /// Runs `attempt` on what is in memory; when the store turns out to have a newer release, again on that. An attempt
    /// that read nothing tells no release, and the register is asked instead.
    async fn answer<'a, T>(
        &'a self,
        deadline: &'a Deadline,
        attempt: impl Fn(Arc<Knowledge>) -> BoxFuture<'a, Attempt<T>>,
    ) -> Result<Answered<T>, Error> {
        let mut knowledge = match self.cached() {
            Some(knowledge) => knowledge,
            None => self.at_least(self.store.newest_release(deadline).await?, deadline).await?,
        };
        for _ in 0..ATTEMPTS {
            let attempted = attempt(Arc::clone(&knowledge)).await;
            let newest = match &attempted {
                Ok((_, Some(newest))) => *newest,
                // Also a refusal may be out of date.
                _ => self.store.newest_release(deadline).await?,
            };
            if newest == knowledge.catalog.newest_release {
                let (result, _) = attempted?;
                return Ok(Answered { knowledge, result });
            }
            knowledge = self.at_least(newest, deadline).await?;
        }
        Err(store::Error::Unavailable("imports came faster than the question could be answered".into()).into())
    }

    fn cached(&self) -> Option<Arc<Knowledge>> {
        self.knowledge.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn at_least(&self, newest: i64, deadline: &Deadline) -> Result<Arc<Knowledge>, Error> {
        let catalog = self.catalogs.at_least(newest).await?;
        let codes = self.codes.at(catalog.newest_release).await?;
        let coverage = coverage::load(&self.store, deadline).await?;
        let knowledge = Arc::new(Knowledge { catalog, codes, coverage });
        *self.knowledge.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&knowledge));
        Ok(knowledge)
    }
}

fn note_what_is_partial(query: &SummaryQuery, level: &Level, overlap: Option<&str>, selection: &mut Selection) {
    if let Some(what) = overlap {
        selection.notes.push(format!("{what} overlap: there is no total and there are no shares"));
    }
    let sums_all_goods = query.filter.commodities.is_empty() && level.commodity > 0;
    if let Some(chapters) = selection.few_chapters().filter(|_| sums_all_goods) {
        selection
            .notes
            .push(format!("the dataset holds the chapters {chapters} only; this is no total over all goods"));
    }
}

fn choose(knowledge: &Knowledge, filter: &Filter, moment: Moment) -> Result<Result<Selection, Emptiness>, Error> {
    match select::select(&knowledge.catalog, &knowledge.coverage, filter, moment) {
        Ok(selection) => Ok(Ok(selection)),
        Err(Nothing::Empty(emptiness)) => Ok(Err(emptiness)),
        Err(Nothing::UnknownDataset(name)) => Err(Error::UnknownDataset(name)),
    }
}

fn choose_for_sum(
    knowledge: &Knowledge,
    query: &SummaryQuery,
    moment: Moment,
) -> Result<Result<Selection, Emptiness>, Error> {
    let mut selection = match choose(knowledge, &query.filter, moment)? {
        Ok(selection) => selection,
        Err(emptiness) => return Ok(Err(emptiness)),
    };
    level::leave_out_groups(query, &mut selection)?;
    let frequencies = selection.frequencies();
    level::keep_one_frequency(&mut selection, query.period());
    level::keep_one_classification(&mut selection, &query.filter);
    selection.note_silent_reporters(&query.filter);
    if selection.reports.is_empty() {
        let detail = format!("the reports are {frequencies}, which cannot be divided into the periods to group by");
        return Ok(Err(Emptiness::new(EmptyReason::FilteredOut, detail)));
    }
    Ok(Ok(selection))
}

pub mod stream;
