//! Sums of facts by groups.

use std::sync::Arc;

use futures::FutureExt as _;

use super::{Answered, AsOf, Knowledge, Trade, choose_for_sum, nothing_found};
use crate::register::{Emptiness, EmptyReason};
use crate::rpc::Error;
use crate::store::{Deadline, IntegerRows};
use crate::trade::level::{self, Level, Refusal};
use crate::trade::query::SummaryQuery;
use crate::trade::select::{self, Selection};
use crate::trade::store::summary::{self as sums_sql, Plan};
use crate::trade::summary::{self, Summary};

pub struct Question {
    pub query: SummaryQuery,
    pub as_of: AsOf,
}

/// A summary with how it was made.
pub struct SummaryAnswer {
    pub level: Level,
    pub plan: Plan,
    pub summary: Summary,
}

pub struct Answer {
    pub question: Question,
    pub answered: Answered<SummaryAnswer>,
    pub emptiness: Option<Emptiness>,
}

pub async fn answer(trade: &Trade, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let answered = trade.summarize(&question.query, question.as_of, deadline).await?;
    let is_empty = answered.result.as_ref().is_ok_and(|(_, answer)| answer.summary.rows.is_empty());
    let emptiness = (answered.result.is_err() || is_empty).then(|| nothing_found(&answered, &question.query.filter));
    Ok(Answer { question, answered, emptiness })
}

impl Trade {
    /// A summary.
    pub async fn summarize<'a>(
        &'a self,
        query: &'a SummaryQuery,
        as_of: AsOf,
        deadline: &'a Deadline,
    ) -> Result<Answered<SummaryAnswer>, Error> {
        level::check_flows(query)?;
        level::check_details(query)?;
        self.answer(deadline, move |knowledge: Arc<Knowledge>| {
            async move {
                let mut selection = match choose_for_sum(&knowledge, query, as_of)? {
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
                let sums = sums_sql::sums(self.store(), query, &selection, &level, plan, deadline).await?;
                let quantities = match query.quantities {
                    true => Some(sums_sql::quantities(self.store(), query, &selection, &level, deadline).await?),
                    false => None,
                };
                if sums.is_cut || quantities.as_ref().is_some_and(|groups| groups.is_cut) {
                    return Err(summary::Error::TooManyRows(query.row_limit).into());
                }
                let (sums, quantities) = (sums.rows, quantities.map(|groups| groups.rows));
                // Both were read as of the same release, or the later read shows that one has come between.
                let newest = quantities.as_ref().map_or(sums.newest_release, |later| later.newest_release);
                let quantities = quantities.iter().flat_map(IntegerRows::iter);
                let mut summary = summary::summarize(query, &selection, sums.iter(), quantities)?;
                if overlap.is_some() {
                    summary.leave_out_total();
                }
                Ok((Ok((selection, SummaryAnswer { level, plan, summary })), Some(newest)))
            }
            .boxed()
        })
        .await
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
