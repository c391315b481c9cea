//! Answering questions: choose data in memory, read the store once, and do both again should a release have come between.

pub mod compare_mirror;
mod cubes;
mod editions;
pub mod estimate_query;
pub mod indicators;
mod keep_cubes;
pub mod list_coverage;
pub mod list_flows;
mod outlet;
mod reading;
pub mod stream_flows;
pub mod stream_summary;
pub mod summarize_flows;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use futures::future::BoxFuture;
use jiff::civil::Date;

use crate::reference::{self, Codes, CommodityCode, KnownCodes};
use crate::register::{Catalog, Clocks, Emptiness, EmptyReason, Moment, Register};
use crate::rpc::Error;
use crate::store::{self, Deadline, Store};

use cubes::Cubes;

use super::coverage::Coverage;
use super::level::{self, Level};
use super::query::{Filter, Listed, SummaryQuery};
use super::select::{self, Nothing, Selection};
use super::store::coverage;
use super::{balanced, caveat, completeness, duplicate, edition, overlap};

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
    cubes: Cubes,
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
    /// `cube_bytes_max` is what the cubes of all datasets together may take; 0 for none.
    pub fn new(register: Arc<Register>, codes: Arc<KnownCodes>, cube_bytes_max: usize) -> Self {
        Self { register, codes, knowledge: RwLock::default(), cubes: Cubes::new(cube_bytes_max) }
    }

    fn store(&self) -> &Store {
        self.register.store()
    }

    /// Titles of commodities by their number, of those that have one.
    pub async fn titles(&self, codes: &[CommodityCode], deadline: &Deadline) -> Result<HashMap<i32, String>, Error> {
        Ok(reference::store::titles(self.store(), codes, deadline).await?)
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

    /// What is in memory, as of the newest release.
    async fn up_to_date(&self, deadline: &Deadline) -> Result<Arc<Knowledge>, Error> {
        let newest = self.store().newest_release(deadline).await?;
        match self.cached().filter(|knowledge| knowledge.catalog.newest_release == newest) {
            Some(knowledge) => Ok(knowledge),
            None => Ok(self.at_least(newest, deadline).await?),
        }
    }

    fn cached(&self) -> Option<Arc<Knowledge>> {
        self.knowledge.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn at_least(&self, newest: i64, deadline: &Deadline) -> Result<Arc<Knowledge>, store::Error> {
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
        Err(nothing) => none(nothing),
    }
}

/// Data for a list: all rows of all reports, or the parts or totals of each.
fn choose_for_list(
    knowledge: &Knowledge,
    filter: &Filter,
    as_of: AsOf,
) -> Result<Result<(Selection, Option<Level>), Emptiness>, Error> {
    let mut selection = match choose(knowledge, filter, as_of)? {
        Ok(selection) => selection,
        Err(emptiness) => return Ok(Err(emptiness)),
    };
    selection.notes.extend(completeness::note_groups(filter, &selection));
    selection.notes.extend(caveat::notes(filter, &selection));
    if filter.listed == Listed::All {
        return Ok(Ok((selection, None)));
    }
    let query = SummaryQuery { filter: filter.clone(), ..SummaryQuery::default() };
    overlap::check_details(&query)?;
    if !filter.reporters.iter().any(|area| area.is_total()) {
        overlap::leave_out_groups(&query, &mut selection)?;
    }
    overlap::leave_out_parts_of_flows(filter, &mut selection);
    duplicate::keep_one_frequency(&mut selection, None);
    duplicate::keep_one_classification(&mut selection, filter);
    let level = level::choose_listed(filter, &mut selection)?;
    Ok(Ok((selection, level)))
}

fn none<T>(nothing: Nothing) -> Result<Result<T, Emptiness>, Error> {
    match nothing {
        Nothing::Empty(emptiness) => Ok(Err(emptiness)),
        Nothing::UnknownDataset(name) => {
            let name = name.strip_prefix("datasets/").unwrap_or(&name);
            Err(Error::NotFound(format!("datasets/{name}")))
        }
    }
}

/// Dataset, reports and the rows to add in each; of several datasets the first that can answer.
fn choose_for_sum(
    knowledge: &Knowledge,
    query: &SummaryQuery,
    as_of: AsOf,
) -> Result<Result<(Selection, Level), Emptiness>, Error> {
    let filter = &query.filter;
    let selections =
        select::select_each(&knowledge.catalog, &knowledge.coverage, filter, &as_of.moment(&knowledge.catalog));
    let selections = match selections {
        Ok(selections) => selections,
        Err(nothing) => return none(nothing),
    };
    let mut passed_over = Vec::new();
    let mut first = None;
    for (index, selection) in selections.iter().enumerate() {
        let others = || selections.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, other)| other);
        let found = choose_rows(knowledge, query, selection.clone())?.and_then(|(chosen, level)| {
            // Before reports are left out that the dataset has.
            let further: Vec<_> = others().filter_map(|other| select::note_what_another_has(&chosen, other)).collect();
            let (chosen, level) = hold_to_conditions(query, chosen, level).map_err(No::Empty)?;
            Ok((chosen, level, further))
        });
        let (mut chosen, level, further) = match found {
            Ok(found) => found,
            Err(no) => {
                passed_over.push(format!("{} is passed over: {}", selection.dataset.resource(), no.in_words()));
                first.get_or_insert(no);
                continue;
            }
        };
        chosen.alternatives = others().map(|other| other.dataset.resource()).collect();
        chosen.notes.extend(passed_over);
        chosen.notes.extend(further);
        chosen.notes.extend(edition::note_changes(query, &chosen));
        return Ok(Ok((chosen, level)));
    }
    match first {
        Some(No::Empty(emptiness)) => Ok(Err(emptiness)),
        Some(No::Refused(refusal)) => Err(refusal.into()),
        None => {
            none(Nothing::Empty(Emptiness::new(EmptyReason::NoData, "the store holds no trade flows; import some")))
        }
    }
}

/// Leaves out what the question's conditions on whole reporters and periods keep out, and notes what is true of the rest.
fn hold_to_conditions(
    query: &SummaryQuery,
    mut selection: Selection,
    mut level: Level,
) -> Result<(Selection, Level), Emptiness> {
    balanced::leave_out(query, &mut selection)?;
    level.of.retain(|report, _| selection.reports.contains_key(report));
    selection.notes.extend(completeness::note_groups(&query.filter, &selection));
    selection.notes.extend(completeness::note_missing_years(query, &selection));
    selection.notes.extend(caveat::notes(&query.filter, &selection));
    Ok((selection, level))
}

/// Why one dataset cannot answer.
enum No {
    Empty(Emptiness),
    Refused(level::Refusal),
}

impl No {
    fn in_words(&self) -> String {
        match self {
            Self::Empty(emptiness) => emptiness.detail.clone(),
            Self::Refused(refusal) => refusal.to_string(),
        }
    }
}

/// Reports and rows within one dataset.
fn choose_rows(
    knowledge: &Knowledge,
    query: &SummaryQuery,
    mut selection: Selection,
) -> Result<Result<(Selection, Level), No>, Error> {
    let filter = &query.filter;
    overlap::leave_out_groups(query, &mut selection)?;
    let frequencies = selection.frequencies();
    duplicate::keep_one_frequency(&mut selection, query.period());
    duplicate::keep_one_classification(&mut selection, filter);
    if selection.reports.is_empty() {
        let detail = format!("the reports are {frequencies}, which cannot be divided into the periods to group by");
        return Ok(Err(No::Empty(Emptiness::new(EmptyReason::FilteredOut, detail))));
    }
    let codes = select::why_no_codes(&knowledge.codes, filter, &selection);
    // Codes that do not exist would be refused for their length, which would be no help.
    let says_more =
        matches!(codes.reason, EmptyReason::CodeUnknown | EmptyReason::CodeNotValid | EmptyReason::NotCovered);
    if codes.reason == EmptyReason::NotCovered {
        return Ok(Err(No::Empty(codes)));
    }
    match level::choose(query, &mut selection) {
        Ok(level) => {
            selection.note_silent_reporters(filter);
            Ok(Ok((selection, level)))
        }
        Err(_) if says_more => Ok(Err(No::Empty(codes))),
        Err(refusal) => Ok(Err(No::Refused(refusal))),
    }
}
