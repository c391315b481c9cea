//! Balances, growth and ranks.

use super::{Answer, Ask, Scope, read, rows_of};
use crate::rpc::Error;
use crate::store::Deadline;
use crate::trade::answer::{Trade, summarize_flows};
use crate::trade::indicators::{balance, growth, rank};
use crate::trade::model::Flow;
use crate::trade::query::{Dimension, Filter};
use crate::trade::summary;
use crate::value::Period;

pub async fn balances(trade: &Trade, scope: Scope, deadline: &Deadline) -> Result<Answer<Vec<balance::Row>>, Error> {
    let scope = scope.or_flows(&[Flow::IMPORT, Flow::EXPORT]);
    let asks = vec![Ask::table(0, scope.query(&[]))];
    rows_of(trade, &scope, asks, deadline, |tables| balance::balances(&tables[0])).await
}

/// Rows, and each series as a whole.
pub type Growth = (Vec<growth::Row>, Vec<growth::Series>);

/// Years before the first period that a rate may need.
const LOOK_BACK: i32 = 2;

pub async fn growth(
    trade: &Trade,
    (scope, base): (Scope, Option<Period>),
    deadline: &Deadline,
) -> Result<Answer<Growth>, Error> {
    let scope = scope.or_flows(&[Flow::IMPORT, Flow::EXPORT]);
    let within = |period: Period| period.within(scope.period).unwrap_or(period);
    let first = scope.filter.from.and_then(|from| Period::of_month(from.months().0, scope.period));
    let last = scope.filter.to.and_then(|to| Period::of_month(to.months().1, scope.period));
    let mut query = scope.query(&[]);
    let back = |period: Period| period.shifted(-LOOK_BACK * period.frequency().per_year() as i32).unwrap_or(period);
    query.filter.from = first.map(|first| base.map_or(back(first), |base| back(first).min(base)));
    query.filter.to = last.map(|last| base.map_or(last, |base| last.max(base)));
    let mut answer = read(trade, &scope, vec![Ask::table(0, query)], deadline, |tables| {
        let periods = tables[0].periods();
        let first = first.or_else(|| periods.first().copied());
        let last = last.or_else(|| periods.last().copied());
        let Some((first, last)) = first.zip(last) else { return Growth::default() };
        growth::growth(&tables[0], (first, last), base.map(within))
    })
    .await?;
    if answer.rows.0.is_empty() && answer.emptiness.is_none() {
        // What lies before the periods asked for does not say why there is nothing in them.
        let question = summarize_flows::Question { query: scope.query(&[]), as_of: scope.as_of };
        answer.emptiness = summarize_flows::answer(trade, question, deadline).await?.emptiness;
    }
    if answer.rows.0.len() > scope.rows_max {
        return Err(summary::Error::TooManyRows(scope.rows_max).into());
    }
    Ok(answer)
}

pub async fn rank_flows(
    trade: &Trade,
    (scope, across, top): (Scope, Dimension, usize),
    deadline: &Deadline,
) -> Result<Answer<Vec<rank::Row>>, Error> {
    let scope = scope.or_flows(&[Flow::IMPORT, Flow::EXPORT]);
    let mut whole = Scope { filter: without_filter(scope.filter.clone(), across), ..scope.clone() };
    whole.group_by.retain(|dimension| *dimension != across);
    let first = scope.filter.from.and_then(|from| Period::of_month(from.months().0, scope.period));
    let mut query = scope.query(&[across]);
    // For the rank before.
    query.filter.from = first.map(|first| first.shifted(-1).unwrap_or(first));
    let asks = vec![Ask::table(0, query), Ask::optional(1, whole.query(&[]))];
    rows_of(trade, &scope, asks, deadline, |tables| rank::ranks(&tables[0], &tables[1], across, (first, top))).await
}

fn without_filter(filter: Filter, across: Dimension) -> Filter {
    match across {
        Dimension::Reporter => Filter { reporters: Vec::new(), ..filter },
        Dimension::Partner => Filter { partners: Vec::new(), ..filter },
        _ => Filter { commodities: Vec::new(), ..filter },
    }
}
