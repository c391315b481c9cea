//! What lies between two periods: price and quantity, products that came and went, whose trade moved.

use super::{Answer, Ask, Periods, Scope, rows_of};
use crate::rpc::Error;
use crate::store::Deadline;
use crate::trade::answer::Trade;
use crate::trade::indicators::{decomposition, margin, movers};
use crate::trade::model::Flow;
use crate::trade::query::{Dimension, SummaryQuery};

/// The same sums of each of two periods, in one table.
fn both(query: &SummaryQuery, periods: Periods) -> Vec<Ask> {
    let of = |period| {
        let mut query = query.clone();
        (query.filter.from, query.filter.to) = (Some(period), Some(period));
        Ask { period: Some(period), ..Ask::optional(0, query) }
    };
    vec![of(periods.period), of(periods.base)]
}

pub async fn decompose_change(
    trade: &Trade,
    (scope, periods): (Scope, Periods),
    deadline: &Deadline,
) -> Result<Answer<Vec<decomposition::Row>>, Error> {
    let scope = scope.or_flows(&[Flow::IMPORT, Flow::EXPORT]);
    let asks = both(&scope.query_by_product(&[]), periods);
    rows_of(trade, &scope, asks, deadline, |tables| {
        decomposition::decompositions(&tables[0], (periods.base, periods.period))
    })
    .await
}

pub async fn extensive_margin(
    trade: &Trade,
    (scope, periods, top): (Scope, Periods, usize),
    deadline: &Deadline,
) -> Result<Answer<Vec<margin::Row>>, Error> {
    let scope = scope.or_flows(&[Flow::IMPORT, Flow::EXPORT]);
    let asks = both(&scope.query_by_product(&[]), periods);
    rows_of(trade, &scope, asks, deadline, |tables| margin::margins(&tables[0], (periods.base, periods.period), top))
        .await
}

pub async fn rank_movers(
    trade: &Trade,
    (scope, periods, across, top): (Scope, Periods, Dimension, usize),
    deadline: &Deadline,
) -> Result<Answer<Vec<movers::Row>>, Error> {
    let scope = scope.or_flows(&[Flow::IMPORT, Flow::EXPORT]);
    let query = match across {
        Dimension::Commodity => scope.query_by_product(&[]),
        _ => scope.query(&[across]),
    };
    rows_of(trade, &scope, both(&query, periods), deadline, |tables| {
        movers::movers(&tables[0], (periods.base, periods.period), across, top)
    })
    .await
}
