//! Dependence on partners, concentration on members, intensity of trade.

use super::{Answer, Ask, Scope, rows_of, world};
use crate::rpc::Error;
use crate::store::Deadline;
use crate::trade::answer::Trade;
use crate::trade::indicators::{concentration as pure, dependence as shares, intensity as relative};
use crate::trade::model::Flow;
use crate::trade::query::{Dimension, Filter};

/// The scope with all single partners.
fn all_partners(scope: &Scope) -> Scope {
    Scope { filter: Filter { partners: Vec::new(), ..scope.filter.clone() }, ..scope.clone() }
}

pub async fn dependence(trade: &Trade, scope: Scope, deadline: &Deadline) -> Result<Answer<Vec<shares::Row>>, Error> {
    let scope = scope.or_flows(&[Flow::IMPORT, Flow::EXPORT]);
    let asks = vec![Ask::table(0, all_partners(&scope).query(&[Dimension::Partner])), Ask::optional(1, world(&scope))];
    rows_of(trade, &scope, asks, deadline, |tables| {
        shares::dependence(&tables[0], &tables[1], |group| scope.asks_for_partner(group))
    })
    .await
}

pub async fn concentration(
    trade: &Trade,
    (scope, across): (Scope, Dimension),
    deadline: &Deadline,
) -> Result<Answer<Vec<pure::Row>>, Error> {
    let scope = scope.or_flows(&[Flow::IMPORT, Flow::EXPORT]);
    let query = match across {
        Dimension::Commodity => scope.query_by_product(&[]),
        _ => scope.query(&[across]),
    };
    let mut asks = vec![Ask::table(0, query)];
    if across == Dimension::Partner && scope.filter.partners.is_empty() {
        asks.push(Ask::optional(1, world(&scope)));
    }
    rows_of(trade, &scope, asks, deadline, |tables| pure::concentration(&tables[0], tables.get(1), across)).await
}

pub async fn intensity(trade: &Trade, scope: Scope, deadline: &Deadline) -> Result<Answer<Vec<relative::Row>>, Error> {
    let scope = scope.or_flows(&[Flow::EXPORT]);
    let own = all_partners(&scope);
    let mut all = Scope { filter: Filter { reporters: Vec::new(), ..own.filter.clone() }, ..own.clone() };
    all.group_by.retain(|dimension| *dimension != Dimension::Reporter);
    let asks = vec![
        Ask::table(0, own.query(&[Dimension::Reporter, Dimension::Partner])),
        Ask::table(1, all.query(&[Dimension::Partner])),
    ];
    rows_of(trade, &scope, asks, deadline, |tables| {
        relative::intensities(&tables[0], &tables[1], |group| scope.asks_for_partner(group))
    })
    .await
}
