//! Sums of facts by groups.

use std::sync::Arc;

use futures::FutureExt as _;

use super::reading::{ReadWhole, beside_the_runtime};
use super::{Answered, AsOf, Attempt, Knowledge, Trade, choose_for_sum, nothing_found};
use crate::register::Emptiness;
use crate::rpc::Error;
use crate::store::{Deadline, IntegerRows};
use crate::trade::joined::Joins;
use crate::trade::level::Level;
use crate::trade::overlap::{self, Overlap};
use crate::trade::query::{Plan, SummaryQuery};
use crate::trade::select::Selection;
use crate::trade::summary::{self, Summary};
use crate::trade::undetailed::{self, Rest, Whole};
use crate::value::Cell;

/// So many groups are made rows of before anybody else could take the thread.
const GROUPS_AT_ONCE: usize = 10_000;

pub struct Question {
    pub query: SummaryQuery,
    pub as_of: AsOf,
}

/// A summary with how it was made.
pub struct SummaryAnswer {
    pub level: Level,
    pub plan: Plan,
    pub summary: Summary,
    pub joins: Joins,
}

pub struct Answer {
    pub question: Question,
    pub answered: Answered<SummaryAnswer>,
    pub emptiness: Option<Emptiness>,
}

impl Answer {
    /// How it was found.
    pub fn plan(&self) -> Option<Plan> {
        self.answered.result.as_ref().ok().map(|(_, answer)| answer.plan)
    }
}

pub async fn answer(trade: &Trade, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let answered = trade.summarize(&question.query, None, question.as_of, deadline).await?;
    let is_empty = answered.result.as_ref().is_ok_and(|(_, answer)| answer.summary.rows.is_empty());
    let mut emptiness = None;
    if answered.result.is_err() || is_empty {
        let filter = &question.query.filter;
        let nothing = nothing_found(&answered, filter);
        emptiness = Some(trade.explain_codes(&answered.knowledge, filter, question.as_of, nothing, deadline).await?);
    }
    Ok(Answer { question, answered, emptiness })
}

impl Trade {
    /// A summary. `beside` is the other side of a comparison: the editions of both are joined alike.
    pub async fn summarize<'a>(
        &'a self,
        query: &'a SummaryQuery,
        beside: Option<&'a SummaryQuery>,
        as_of: AsOf,
        deadline: &'a Deadline,
    ) -> Result<Answered<SummaryAnswer>, Error> {
        self.answer(deadline, move |knowledge: Arc<Knowledge>| {
            async move { self.summarize_once(&knowledge, query, beside, as_of, deadline).await }.boxed()
        })
        .await
    }

    /// A summary of what is known as of one newest release, and the newest that was seen while reading.
    pub(super) async fn summarize_once(
        &self,
        knowledge: &Knowledge,
        query: &SummaryQuery,
        beside: Option<&SummaryQuery>,
        as_of: AsOf,
        deadline: &Deadline,
    ) -> Attempt<SummaryAnswer> {
        overlap::check_flows(query)?;
        overlap::check_details(query)?;
        let (mut selection, level) = match choose_for_sum(knowledge, query, as_of)? {
            Ok(chosen) => chosen,
            Err(emptiness) => return Ok((Err(emptiness), None)),
        };
        let overlapping = overlap::overlap(query, &selection);
        if let Some(what) = overlapping.filter(|_| query.top > 0) {
            return Err(Overlap::RestOfOverlapping(what).into());
        }
        note_what_is_partial(query, &level, overlapping, &mut selection);
        let beside = beside.and_then(|beside| choose_for_sum(knowledge, beside, as_of).ok()?.ok());
        let beside = beside.as_ref().map(|(beside, _)| beside);
        let joins = self.joins(knowledge, query, (&selection, &level), beside, as_of, deadline).await?;
        selection.notes.extend(joins.note());
        let noted = (&mut selection, &joins);
        self.note_successions(knowledge, &query.filter, as_of, noted, deadline).await?;
        let mut reading = self.reading(&selection, deadline);
        let plan = reading.plan(query, &selection, &level);
        let sums = reading.sums(query, (&selection, &level), plan).await?;
        let quantities = match query.quantities {
            true => Some(reading.quantities(query, (&selection, &level)).await?),
            false => None,
        };
        let changes = reading.changes(query, (&selection, &level), &joins).await?;
        let wholes = reading.wholes(query, (&selection, &level)).await?;
        let is_cut = sums.is_cut
            || changes.is_cut
            || quantities.as_ref().is_some_and(|groups| groups.is_cut)
            || wholes.iter().any(|whole| whole.whole.is_cut || whole.parts.is_cut);
        if is_cut {
            return Err(summary::Error::TooManyRows(query.row_limit).into());
        }
        let rest = undetailed::rest(query, wholes.iter().map(whole_of), |place, key| joins.renamed(place, key));
        let rest = rest.ok_or(summary::Error::Overflow)?;
        note_what_exceeds(&rest, &mut selection);
        let (sums, quantities) = (sums.rows, quantities.map(|groups| groups.rows));
        let quantities = quantities.iter().flat_map(IntegerRows::iter);
        let quantities = quantities.chain(changes.quantities.iter().map(Vec::as_slice));
        let is_wide = sums.len() > GROUPS_AT_ONCE;
        let sums = sums.iter().chain(changes.sums.iter().map(Vec::as_slice));
        let work = || summary::summarize(query, &selection, (&level, &joins), sums, quantities, &rest.groups);
        let mut summary = if is_wide { beside_the_runtime(work) } else { work() }?;
        if overlapping.is_some() {
            summary.leave_out_total();
        }
        Ok((Ok((selection, SummaryAnswer { level, plan, summary, joins })), reading.newest_release()))
    }
}

fn whole_of(read: &ReadWhole) -> Whole<'_, Box<dyn Iterator<Item = &[Cell]> + Send + '_>> {
    Whole { level: read.level, whole: Box::new(read.whole.rows.iter()), parts: Box::new(read.parts.rows.iter()) }
}

fn note_what_exceeds(rest: &Rest, selection: &mut Selection) {
    if rest.exceeded > 0 {
        selection.notes.push(format!(
            "in {} cases detailed codes add up to more than the coarser row above them; the detailed ones were taken",
            rest.exceeded
        ));
    }
}

fn note_what_is_partial(query: &SummaryQuery, level: &Level, overlap: Option<&str>, selection: &mut Selection) {
    if let Some(what) = overlap {
        selection.notes.push(format!("{what} overlap: there is no total and there are no shares"));
    }
    let sums_all_goods = query.filter.commodities.is_empty() && level.of.values().any(|chosen| chosen.commodity > 0);
    if let Some(chapters) = selection.few_chapters().filter(|_| sums_all_goods) {
        selection
            .notes
            .push(format!("the dataset holds the chapters {chapters} only; this is not a total over all goods"));
    }
}
