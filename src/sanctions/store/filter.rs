//! Which subjects a question is about, as conditions.

use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, Func, Query};

use super::entity::key::{self, Column as Key};
use super::entity::record::Column as Record;
use super::keys;
use crate::register::Moment;
use crate::register::entity::dataset;
use crate::register::moment::day_number;
use crate::sanctions::subject::identifier;
use crate::sanctions::subject::keys::{KeyKind, measure_key};
use crate::sanctions::subject::listed::Filter;
use crate::sanctions::subject::search::Wanted;

/// Keys that a filter wants, but for an identifier.
pub fn wanted_by(filter: &Filter) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    if !filter.programmes.is_empty() {
        wanted.push(Wanted::one_of(KeyKind::Programme, &filter.programmes));
    }
    if !filter.countries.is_empty() {
        wanted.push(Wanted::one_of(KeyKind::Country, &filter.countries));
    }
    if !filter.measures.is_empty() {
        let measures: Vec<String> = filter.measures.iter().map(|kind| measure_key(*kind)).collect();
        wanted.push(Wanted::one_of(KeyKind::Measure, &measures));
    }
    wanted
}

/// The condition that a record `r` of a list `d` is among those that the filter leaves.
pub fn leaves(filter: &Filter, moment: &Moment) -> Condition {
    let record = |column: Record| Expr::col(("r", column));
    let mut condition = Condition::all();
    if !filter.lists.is_empty() {
        condition = condition.add(Expr::col(("d", dataset::Column::Name)).is_in(&filter.lists));
    }
    if !filter.authorities.is_empty() {
        let keys = Query::select()
            .column(("k", Key::Subject))
            .from_as(key::Entity, "k")
            .and_where(Expr::col(("k", Key::Subject)).equals(("r", Record::Subject)))
            .and_where(Expr::col(("k", Key::Kind)).eq(KeyKind::Authority as i64))
            .and_where(Expr::col(("k", Key::Key)).is_in(&filter.authorities))
            .cond_where(keys::is_of_version())
            .take();
        condition = condition.add(record(Record::Authority).is_in(&filter.authorities).or(Expr::exists(keys)));
    }
    if !filter.kinds.is_empty() {
        condition = condition.add(record(Record::Kind).is_in(filter.kinds.iter().map(|kind| *kind as i64)));
    }
    for wanted in wanted_by(filter) {
        condition = condition.add(keys::version_has(&wanted));
    }
    if !filter.identifier.is_empty() {
        // So few have it that the planner may begin with them.
        let wanted = Wanted::one_of(KeyKind::Identifier, &[identifier::normalized_query(&filter.identifier)]);
        let holders = keys::subjects(&wanted);
        condition = condition.add(record(Record::Subject).in_subquery(holders)).add(keys::version_has(&wanted));
    }
    if let Some(day) = filter.listed_since {
        condition = condition.add(record(Record::ListedDay).gte(day));
    }
    if let Some(day) = filter.changed_since {
        condition = condition.add(record(Record::SinceDay).gte(day));
    }
    if !filter.include_delisted {
        let today = day_number(moment.day_in_force());
        let delisted = || record(Record::DelistedDay);
        condition = condition.add(delisted().is_null().or(delisted().gt(today)));
        if let Some(day) = moment.in_force {
            condition = condition.add(lies_in_a_gap(day).not());
        }
    }
    condition
}

/// None of the measures of the record `r` holds on the day.
fn lies_in_a_gap(day: i64) -> Expr {
    let part = |begin: i32| {
        let key = Expr::col(("k", Key::Key));
        Expr::from(Func::cust("SUBSTR").arg(key).arg(begin).arg(8))
    };
    let day = format!("{day:08}");
    let gaps = Query::select()
        .column(("k", Key::Subject))
        .from_as(key::Entity, "k")
        .and_where(Expr::col(("k", Key::Subject)).equals(("r", Record::Subject)))
        .and_where(Expr::col(("k", Key::Kind)).eq(KeyKind::Gap as i64))
        // `YYYYMMDD-YYYYMMDD`: digits sort as their numbers do.
        .and_where(part(1).lte(day.as_str()))
        .and_where(part(10).gt(day.as_str()))
        .cond_where(keys::is_of_version())
        .take();
    Expr::exists(gaps)
}
