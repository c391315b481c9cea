//! Indicators: the sums that each needs, read from one dataset and release, and handed to the plain functions as tables.

mod change;
mod partners;
mod products;
mod series;

use std::collections::BTreeSet;
use std::sync::Arc;

use futures::FutureExt as _;

use super::summarize_flows::SummaryAnswer;
use super::{Answered, AsOf, Attempt, Knowledge, Trade, choose_for_sum, nothing_found};
use crate::reference::Area;
use crate::register::{Emptiness, EmptyReason};
use crate::rpc::Error;
use crate::store::Deadline;
use crate::trade::indicators::table::{Group, Party, Table};
use crate::trade::level::Level;
use crate::trade::model::Flow;
use crate::trade::query::{Dimension, Filter, Grouping, SummaryQuery};
use crate::trade::select::Selection;
use crate::trade::summary;
use crate::trade::sums::Sums;
use crate::value::{Frequency, Period};

pub use change::{decompose_change, extensive_margin, rank_movers};
pub use partners::{concentration, dependence, intensity};
pub use products::{complementarity, intra_industry_trade, revealed_advantage, similarity, unit_values};
pub use series::{balances, growth, rank_flows};

/// Most groups that are read for one answer.
const GROUPS_MAX: usize = 1_000_000;

/// What indicators are reckoned over.
#[derive(Clone, Debug)]
pub struct Scope {
    pub filter: Filter,
    /// Any of reporter, partner and commodity.
    pub group_by: Vec<Dimension>,
    pub period: Frequency,
    /// Digits of commodity codes; absent where each indicator has its own.
    pub level: Option<u32>,
    pub reporter_groups: Grouping,
    pub partner_groups: Grouping,
    pub as_of: AsOf,
    pub rows_max: usize,
}

impl Scope {
    pub fn groups_by(&self, dimension: Dimension) -> bool {
        self.group_by.contains(&dimension)
    }

    /// The sums by period and flow, by what the scope keeps apart, and by `more`.
    fn query(&self, more: &[Dimension]) -> SummaryQuery {
        let mut group_by = vec![Dimension::Period(self.period)];
        let own = self.group_by.iter().chain(more).copied();
        for dimension in [Dimension::Reporter, Dimension::Partner, Dimension::Flow, Dimension::Commodity] {
            if dimension == Dimension::Flow || own.clone().any(|wanted| wanted == dimension) {
                group_by.push(dimension);
            }
        }
        let commodities = group_by.contains(&Dimension::Commodity);
        SummaryQuery {
            filter: self.filter.clone(),
            commodity_level: if commodities { self.level.unwrap_or(2) } else { 0 },
            group_by,
            reporter_groups: self.reporter_groups.clone(),
            partner_groups: self.partner_groups.clone(),
            row_limit: GROUPS_MAX,
            ..SummaryQuery::default()
        }
    }

    /// The same, with products of six digits unless others are asked for.
    fn query_by_product(&self, more: &[Dimension]) -> SummaryQuery {
        let by_product = Self { level: Some(self.level.unwrap_or(6)), ..self.clone() };
        by_product.query(&[more, &[Dimension::Commodity]].concat())
    }

    /// Imports and exports, each by itself, where no flows are named.
    pub fn or_flows(mut self, flows: &[Flow]) -> Self {
        if self.filter.flows.is_empty() {
            self.filter.flows = flows.to_vec();
        }
        self
    }

    /// Whether a group's partner is among those asked for.
    fn asks_for_partner(&self, group: &Group) -> bool {
        is_asked(&self.filter.partners, &self.partner_groups, group.partner.as_ref())
    }

    /// Whether a group's commodity is among those asked for, or below one.
    fn asks_for_product(&self, group: &Group) -> bool {
        let asked = &self.filter.commodities;
        let digits = group.product.map(|product| product.digits()).unwrap_or_default();
        asked.is_empty() || asked.iter().any(|code| code == "TOTAL" || digits.starts_with(code.as_str()))
    }
}

fn is_asked(asked: &[Area], groups: &Grouping, party: Option<&Party>) -> bool {
    asked.is_empty()
        || match party {
            Some(Party::Area(area)) => asked.contains(area),
            Some(Party::Group(name)) => groups.has(name),
            None => true,
        }
}

/// Sums to read, and the table that they go into.
struct Ask {
    query: SummaryQuery,
    table: usize,
    /// The indicator can do without them: where they cannot be added, the table stays empty.
    is_optional: bool,
    /// The period that they are of, where each has its own: notes name it.
    period: Option<Period>,
}

impl Ask {
    fn table(table: usize, query: SummaryQuery) -> Self {
        Self { query, table, is_optional: false, period: None }
    }

    fn optional(table: usize, query: SummaryQuery) -> Self {
        Self { query, table, is_optional: true, period: None }
    }
}

/// What was read: the level and total of the first sums, and all tables.
pub struct Read {
    pub level: Level,
    pub total: Sums,
    pub tables: Vec<Table>,
    /// Why one of the further tables is empty.
    pub lacking: Option<Emptiness>,
}

/// Rows of an indicator, and what they were made of.
pub struct Answer<Rows> {
    pub answered: Answered<Read>,
    pub rows: Rows,
    pub emptiness: Option<Emptiness>,
}

impl<Rows> Answer<Rows> {
    /// The table with the rows' products.
    pub fn table(&self) -> Option<&Table> {
        self.answered.result.as_ref().ok()?.1.tables.first()
    }
}

/// Reads all sums and makes rows of their tables.
async fn rows_of<Row>(
    trade: &Trade,
    scope: &Scope,
    asks: Vec<Ask>,
    deadline: &Deadline,
    make: impl FnOnce(&[Table]) -> Vec<Row>,
) -> Result<Answer<Vec<Row>>, Error> {
    let mut answer = read(trade, scope, asks, deadline, make).await?;
    if let (true, None, Ok((_, read))) = (answer.rows.is_empty(), &answer.emptiness, &answer.answered.result) {
        let none = || Emptiness::new(EmptyReason::FilteredOut, "nothing of what was read is among what was asked for");
        answer.emptiness = Some(read.lacking.clone().unwrap_or_else(none));
    }
    if answer.rows.len() > scope.rows_max {
        return Err(summary::Error::TooManyRows(scope.rows_max).into());
    }
    Ok(answer)
}

async fn read<Rows: Default>(
    trade: &Trade,
    scope: &Scope,
    asks: Vec<Ask>,
    deadline: &Deadline,
    make: impl FnOnce(&[Table]) -> Rows,
) -> Result<Answer<Rows>, Error> {
    let asks = &asks;
    check_codes(scope, asks)?;
    let answered = trade
        .answer(deadline, move |knowledge: Arc<Knowledge>| {
            async move { trade.read_once(&knowledge, asks, scope.as_of, deadline).await }.boxed()
        })
        .await?;
    let rows = answered.result.as_ref().map(|(_, read)| make(&read.tables)).unwrap_or_default();
    let is_empty = answered.result.as_ref().map_or(true, |(_, read)| read.tables[0].cells().next().is_none());
    let mut emptiness = None;
    if is_empty {
        let filter = &asks[0].query.filter;
        let nothing = nothing_found(&answered, filter);
        emptiness = Some(trade.explain_codes(&answered.knowledge, filter, scope.as_of, nothing, deadline).await?);
    }
    Ok(Answer { answered, rows, emptiness })
}

/// A sum of a longer code would stand under the shorter one of its group.
fn check_codes(scope: &Scope, asks: &[Ask]) -> Result<(), Error> {
    let by_commodity = asks.iter().map(|ask| &ask.query).find(|query| query.groups_by(Dimension::Commodity));
    let Some(level) = by_commodity.map(|query| query.commodity_level as usize) else { return Ok(()) };
    let longer = scope.filter.commodities.iter().find(|code| *code != "TOTAL" && code.len() > level);
    longer.map_or(Ok(()), |code| {
        let problem =
            format!("`{code}` has more digits than commodity_level, which is {level} here; name a longer level");
        Err(Error::invalid("scope.filter.commodities", problem))
    })
}

impl Trade {
    /// All sums from the dataset that answers the first.
    async fn read_once(&self, knowledge: &Knowledge, asks: &[Ask], as_of: AsOf, deadline: &Deadline) -> Attempt<Read> {
        let mut found: Option<(Selection, Read)> = None;
        let mut newest = None;
        for ask in asks {
            let mut query = ask.query.clone();
            if let Some((selection, _)) = &found {
                query.filter.dataset = Some(selection.dataset.resource());
            }
            if ask.is_optional && !matches!(choose_for_sum(knowledge, &query, as_of), Ok(Ok(_))) {
                continue;
            }
            let (result, seen) = self.summarize_once(knowledge, &query, None, as_of, deadline).await?;
            newest = newest.max(seen);
            let (selection, SummaryAnswer { level, summary, .. }) = match (result, &mut found) {
                (Ok(answered), _) => answered,
                (Err(nothing), Some((_, read))) => {
                    read.lacking.get_or_insert(nothing);
                    continue;
                }
                (Err(nothing), None) => return Ok((Err(nothing), newest)),
            };
            let (first, read) = found.get_or_insert_with(|| {
                let tables = (0..=asks.iter().map(|ask| ask.table).max().unwrap_or(0)).map(|_| Table::default());
                (
                    Selection { notes: Vec::new(), ..selection.clone() },
                    Read { level, total: summary.total.sums, tables: tables.collect(), lacking: None },
                )
            });
            let mut notes = selection.notes.clone();
            if let Some(period) = ask.period {
                notes.iter_mut().for_each(|note| *note = format!("of {period}: {note}"));
            }
            notes.retain(|note| !first.notes.contains(note));
            first.notes.extend(notes);
            let added = read.tables[ask.table].add(&query, &selection, &summary, &knowledge.codes);
            added.map_err(|_| summary::Error::Overflow)?;
        }
        let Some((mut selection, read)) = found else {
            // None of them could be chosen: the first says why.
            let (result, seen) = self.summarize_once(knowledge, &asks[0].query, None, as_of, deadline).await?;
            let nothing =
                result.map_or_else(|nothing| nothing, |_| Emptiness::new(EmptyReason::NoData, "there are no sums"));
            return Ok((Err(nothing), newest.max(seen)));
        };
        selection.notes.extend(note_incomplete(&read.tables[0]));
        let by_product = asks.iter().any(|ask| ask.query.groups_by(Dimension::Commodity));
        selection.notes.extend(by_product.then(|| note_editions(&read.tables)).flatten());
        Ok((Ok((selection, read)), newest))
    }
}

/// Reports that the note of incomplete periods names at most.
const NAMED: usize = 10;

/// Says which reports tell of a part of their period alone.
fn note_incomplete(table: &Table) -> Option<String> {
    let incomplete = table.incomplete();
    let named = incomplete.iter().take(NAMED).map(|((area, flow, period), months)| {
        let flow = flow.map_or_else(String::new, |flow| format!(" {flow}"));
        let all = period.months().1 - period.months().0 + 1;
        format!("{area}{flow} {period} ({months} of {all} months)")
    });
    let named = named.collect::<Vec<_>>().join(", ");
    let more = match incomplete.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} others"),
    };
    (!named.is_empty()).then(|| format!("incomplete periods: {named}{more}"))
}

fn note_editions(tables: &[Table]) -> Option<String> {
    let editions: BTreeSet<_> = tables.iter().flat_map(Table::editions).collect();
    let names: Vec<&str> = editions.iter().map(|edition| edition.name()).collect();
    (names.len() > 1).then(|| {
        format!(
            "commodities of {} are compared by their digits, as reported: a code may not hold the same goods in each edition",
            names.join(", ")
        )
    })
}

/// The reporters' own totals over partners, or all their partners where they have no row of the World.
fn world(scope: &Scope) -> SummaryQuery {
    let mut lifted = Scope {
        filter: Filter { partners: Vec::new(), ..scope.filter.clone() },
        partner_groups: Grouping::default(),
        ..scope.clone()
    };
    lifted.group_by.retain(|dimension| *dimension != Dimension::Partner);
    lifted.query(&[])
}

/// A question about two periods.
#[derive(Clone, Copy, Debug)]
pub struct Periods {
    pub base: Period,
    pub period: Period,
}
