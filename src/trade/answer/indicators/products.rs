//! What is traded, held against others: advantage, complementarity, similarity, intra-industry trade, unit values.

use super::{Answer, Ask, Scope, rows_of};
use crate::rpc::Error;
use crate::store::Deadline;
use crate::trade::answer::Trade;
use crate::trade::indicators::{advantage, intra_industry, structure, unit_value};
use crate::trade::model::Flow;
use crate::trade::query::{Dimension, Filter, Grouping};
use crate::value::Period;

/// All goods, whichever are asked for.
fn all_goods(scope: &Scope) -> Scope {
    Scope { filter: Filter { commodities: Vec::new(), ..scope.filter.clone() }, ..scope.clone() }
}

pub async fn revealed_advantage(
    trade: &Trade,
    scope: Scope,
    deadline: &Deadline,
) -> Result<Answer<Vec<advantage::Row>>, Error> {
    let scope = scope.or_flows(&[Flow::EXPORT]);
    let own = all_goods(&scope);
    let mut all = Scope {
        filter: Filter { reporters: Vec::new(), ..own.filter.clone() },
        reporter_groups: Grouping::default(),
        ..own.clone()
    };
    all.group_by.retain(|dimension| *dimension != Dimension::Reporter);
    let asks =
        vec![Ask::table(0, own.query_by_product(&[Dimension::Reporter])), Ask::table(1, all.query_by_product(&[]))];
    rows_of(trade, &scope, asks, deadline, |tables| {
        advantage::advantages(&tables[0], &tables[1], |group| scope.asks_for_product(group))
    })
    .await
}

pub async fn complementarity(
    trade: &Trade,
    scope: Scope,
    deadline: &Deadline,
) -> Result<Answer<Vec<structure::Row>>, Error> {
    let side = |reporters, reporter_groups, flow| Scope {
        filter: Filter { reporters, partners: Vec::new(), flows: vec![flow], ..scope.filter.clone() },
        reporter_groups,
        partner_groups: Grouping::default(),
        ..scope.clone()
    };
    let exporters = side(scope.filter.reporters.clone(), scope.reporter_groups.clone(), Flow::EXPORT);
    let importers = side(scope.filter.partners.clone(), scope.partner_groups.clone(), Flow::IMPORT);
    let asks = vec![
        Ask::table(0, exporters.query_by_product(&[Dimension::Reporter])),
        Ask::table(1, importers.query_by_product(&[Dimension::Reporter])),
    ];
    rows_of(trade, &scope, asks, deadline, |tables| structure::complementarity(&tables[0], &tables[1])).await
}

pub async fn similarity(
    trade: &Trade,
    scope: Scope,
    deadline: &Deadline,
) -> Result<Answer<Vec<structure::Row>>, Error> {
    let scope = scope.or_flows(&[Flow::EXPORT]);
    let asks = vec![Ask::table(0, scope.query_by_product(&[Dimension::Reporter]))];
    rows_of(trade, &scope, asks, deadline, |tables| structure::similarity(&tables[0])).await
}

pub async fn intra_industry_trade(
    trade: &Trade,
    (scope, base): (Scope, Option<Period>),
    deadline: &Deadline,
) -> Result<Answer<Vec<intra_industry::Row>>, Error> {
    let scope = scope.or_flows(&[Flow::IMPORT, Flow::EXPORT]);
    let first = scope.filter.from.and_then(|from| Period::of_month(from.months().0, scope.period));
    let last = scope.filter.to.and_then(|to| Period::of_month(to.months().1, scope.period));
    let by_product = scope.groups_by(Dimension::Commodity);
    let mut query = scope.query_by_product(&[]);
    query.filter.from = first.map(|first| {
        let before = first.year_before().unwrap_or(first);
        base.map_or(before, |base| base.min(first))
    });
    query.filter.to = last.map(|last| base.map_or(last, |base| base.max(last)));
    rows_of(trade, &scope, vec![Ask::table(0, query)], deadline, |tables| {
        intra_industry::intra_industry(&tables[0], (first, last), base, by_product)
    })
    .await
}

pub async fn unit_values(
    trade: &Trade,
    (scope, fence): (Scope, i128),
    deadline: &Deadline,
) -> Result<Answer<Vec<unit_value::Row>>, Error> {
    let scope = scope.or_flows(&[Flow::IMPORT, Flow::EXPORT]);
    let asks = vec![Ask::table(0, scope.query_by_product(&[]))];
    rows_of(trade, &scope, asks, deadline, |tables| unit_value::unit_values(&tables[0], fence)).await
}
