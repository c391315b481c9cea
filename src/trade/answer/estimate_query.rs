//! What a question would touch, before it is asked.

use std::sync::Arc;

use futures::FutureExt as _;

use super::{Answered, AsOf, Knowledge, Trade, choose_for_list, choose_for_sum};
use crate::register::Emptiness;
use crate::rpc::Error;
use crate::store::Deadline;
use crate::trade::level::Level;
use crate::trade::overlap;
use crate::trade::query::{Filter, Plan, SummaryQuery};
use crate::trade::select::{Kind, Report};

/// Bytes of a row in a stream, as measured on BACI-shaped rows.
const BYTES_A_ROW: i64 = 30;

/// A question whose cost is asked.
pub struct Question {
    pub filter: Filter,
    /// Present for a summary.
    pub summary: Option<SummaryQuery>,
    pub as_of: AsOf,
}

pub struct Answer {
    /// How it would be answered; `None` where there is nothing to read.
    pub plan: Option<Plan>,
    pub rows_max: i64,
    pub rows_estimated: i64,
    pub bytes_estimated: i64,
    pub reports: i64,
    pub dataset: String,
    pub emptiness: Option<Emptiness>,
}

pub async fn answer(trade: &Trade, question: Question, deadline: &Deadline) -> Result<Answer, Error> {
    let Question { filter, summary, as_of } = question;
    let answered = trade.select(&filter, summary.as_ref(), as_of, deadline).await?;
    Ok(estimate(&answered, &filter, summary.as_ref()))
}

impl Trade {
    /// What a question would touch: the selection, and for a summary the level and plan. Reads nothing but the register.
    pub async fn select<'a>(
        &'a self,
        filter: &'a Filter,
        summary: Option<&'a SummaryQuery>,
        as_of: AsOf,
        deadline: &'a Deadline,
    ) -> Result<Answered<Option<(Level, Plan)>>, Error> {
        if let Some(query) = summary {
            overlap::check_flows(query)?;
            overlap::check_details(query)?;
        }
        self.answer(deadline, move |knowledge: Arc<Knowledge>| {
            async move {
                let (selection, how) = match summary {
                    None => match choose_for_list(&knowledge, filter, as_of)? {
                        Ok((selection, level)) => (selection, level.map(|level| (level, Plan::Facts))),
                        Err(emptiness) => return Ok((Err(emptiness), None)),
                    },
                    Some(query) => match choose_for_sum(&knowledge, query, as_of)? {
                        Ok((selection, level)) => {
                            let plan = self.reading(&selection, deadline).plan(query, &selection, &level);
                            (selection, Some((level, plan)))
                        }
                        Err(emptiness) => return Ok((Err(emptiness), None)),
                    },
                };
                Ok((Ok((selection, how)), None))
            }
            .boxed()
        })
        .await
    }
}

fn estimate(answered: &Answered<Option<(Level, Plan)>>, filter: &Filter, query: Option<&SummaryQuery>) -> Answer {
    let (selection, how) = match &answered.result {
        Err(nothing) => {
            return Answer {
                plan: None,
                rows_max: 0,
                rows_estimated: 0,
                bytes_estimated: 0,
                reports: 0,
                dataset: String::new(),
                emptiness: Some(nothing.clone()),
            };
        }
        Ok((selection, how)) => (selection, how),
    };
    let is_read = |report: &Report, kind: &Kind| {
        how.as_ref().is_none_or(|(level, _)| {
            let chosen = level.of.get(report);
            kind.detail == level.detail
                && chosen.is_some_and(|chosen| chosen.commodity == kind.level || chosen.is_held_to(kind.level))
        })
    };
    let rows_max: i64 = selection
        .reports
        .iter()
        .flat_map(|(report, kinds)| kinds.iter().filter(|(kind, _)| is_read(report, kind)))
        .map(|(_, held)| held.rows)
        .sum();
    // Partners and commodities are taken as evenly spread, which they are not; the bound above is exact.
    let among = |named: usize, all: i64| if named == 0 { 1.0 } else { (named as f64 / all as f64).min(1.0) };
    let share_of = |code: &String| if code == "TOTAL" { 1.0 } else { 100_f64.powi(-((code.len() as i32 + 1) / 2)) };
    let codes_named: f64 = filter.commodities.iter().map(share_of).sum();
    let commodity_share = if filter.commodities.is_empty() { 1.0 } else { codes_named.min(1.0) };
    let rows_estimated = rows_max as f64 * among(filter.partners.len(), 220) * commodity_share;
    let plan = match how {
        Some((_, plan @ (Plan::Cube | Plan::Pairs | Plan::World))) => *plan,
        _ if !selection.is_newest => Plan::History,
        _ => Plan::Facts,
    };
    let rows_estimated = rows_estimated.ceil() as i64;
    let bytes_estimated = if query.is_some() { 0 } else { rows_estimated * BYTES_A_ROW };
    Answer {
        plan: Some(plan),
        rows_max,
        rows_estimated,
        reports: selection.reports.len() as i64,
        bytes_estimated,
        dataset: selection.dataset.resource(),
        emptiness: None,
    }
}
