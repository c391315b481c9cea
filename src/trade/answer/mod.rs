//! Answering questions: choose data in memory, read the store once, and do both again should a release have come between.

pub mod compare_mirror;
pub mod estimate_query;
pub mod list_flows;
pub mod stream_flows;
pub mod summarize_flows;

use std::sync::{Arc, PoisonError, RwLock};

use futures::future::BoxFuture;
use jiff::civil::Date;

use crate::reference::{Codes, KnownCodes};
use crate::register::{Catalog, Clocks, Emptiness, EmptyReason, Moment, Register};
use crate::rpc::Error;
use crate::store::{self, Deadline, Store};

use super::coverage::Coverage;
use super::level;
use super::query::{Filter, SummaryQuery};
use super::select::{self, Nothing, Selection};
use super::store::coverage;

/// Times that a question is asked anew when imports keep coming; one release in a request's time is rare, three are not
/// to be expected.
const ATTEMPTS: usize = 4;

/// Everything in memory that questions need, as of one newest release.
pub struct Knowledge {
    pub catalog: Arc<Catalog>,
    pub codes: Arc<Codes>,
    pub coverage: Coverage,
}

/// What questions about trade are answered from.
pub struct Trade {
    register: Arc<Register>,
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

impl Trade {
    pub fn new(register: Arc<Register>, codes: Arc<KnownCodes>) -> Self {
        Self { register, codes, knowledge: RwLock::default() }
    }

    fn store(&self) -> &Store {
        self.register.store()
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
            None => self.at_least(self.store().newest_release(deadline).await?, deadline).await?,
        };
        for _ in 0..ATTEMPTS {
            let attempted = attempt(Arc::clone(&knowledge)).await;
            let newest = match &attempted {
                Ok((_, Some(newest))) => *newest,
                // Also a refusal may be out of date.
                _ => self.store().newest_release(deadline).await?,
            };
            if newest == knowledge.catalog.newest_release {
                let (result, _) = attempted?;
                return Ok(Answered { knowledge, result });
            }
            knowledge = self.at_least(newest, deadline).await?;
        }
        Err(Error::Store(store::Error::Unavailable("imports came faster than the question could be answered".into())))
    }

    fn cached(&self) -> Option<Arc<Knowledge>> {
        self.knowledge.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn at_least(&self, newest: i64, deadline: &Deadline) -> Result<Arc<Knowledge>, Error> {
        let catalog = self.register.at_least(newest).await?;
        let codes = self.codes.at(catalog.newest_release).await?;
        let coverage = coverage::load(self.store(), deadline).await?;
        let knowledge = Arc::new(Knowledge { catalog, codes, coverage });
        *self.knowledge.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&knowledge));
        Ok(knowledge)
    }
}

/// Which release of each dataset answers: all that are out by a day, pinned to those that were in the store when a list
/// began.
#[derive(Clone, Copy, Debug, Default)]
pub struct AsOf {
    pub day: Option<Date>,
    /// Newest release that may be seen; absent where a list begins.
    pub release: Option<i64>,
}

impl AsOf {
    pub fn day(day: Option<Date>) -> Self {
        Self { day, release: None }
    }

    fn moment(self, catalog: &Catalog) -> Moment {
        let clocks = Clocks { as_of: self.day, in_force_on: None };
        // No question about trade asks what is in force today.
        clocks.at(self.release.unwrap_or(catalog.newest_release), Date::MAX)
    }
}

/// Reports that nothing was found in, or only no codes.
pub fn nothing_found<T>(answered: &Answered<T>, filter: &Filter) -> Emptiness {
    match &answered.result {
        Err(emptiness) => emptiness.clone(),
        Ok((selection, _)) => select::why_no_codes(&answered.knowledge.codes, filter, selection),
    }
}

fn choose(knowledge: &Knowledge, filter: &Filter, as_of: AsOf) -> Result<Result<Selection, Emptiness>, Error> {
    match select::select(&knowledge.catalog, &knowledge.coverage, filter, &as_of.moment(&knowledge.catalog)) {
        Ok(selection) => Ok(Ok(selection)),
        Err(Nothing::Empty(emptiness)) => Ok(Err(emptiness)),
        Err(Nothing::UnknownDataset(name)) => {
            let name = name.strip_prefix("datasets/").unwrap_or(&name);
            Err(Error::NotFound(format!("datasets/{name}")))
        }
    }
}

fn choose_for_sum(
    knowledge: &Knowledge,
    query: &SummaryQuery,
    as_of: AsOf,
) -> Result<Result<Selection, Emptiness>, Error> {
    let mut selection = match choose(knowledge, &query.filter, as_of)? {
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
