//! Reading what a summary adds up: from the columns in memory where there are some, else from the store.

use std::sync::Arc;

use tokio::runtime::{Handle, RuntimeFlavor};

use super::Trade;
use crate::rpc::Error;
use crate::store::{Deadline, IntegerRows, Store};
use crate::trade::cube::{self, Cube};
use crate::trade::joined::Joins;
use crate::trade::level::Level;
use crate::trade::model::DetailKind;
use crate::trade::query::{Dimension, Filter, Plan, SummaryQuery};
use crate::trade::select::Selection;
use crate::trade::store::summary::{self as sums_sql, Groups};
use crate::value::Cell;

/// A cube of so many facts is gone through before anybody else could take the thread.
const FACTS_AT_ONCE: usize = 100_000;

/// The reads of one answer.
pub struct Reading<'a> {
    store: &'a Store,
    cube: Option<Arc<Cube>>,
    deadline: &'a Deadline,
    newest_release: Option<i64>,
}

/// Rows of a coarser level, and of the codes that are added in the same reports.
#[derive(Debug)]
pub struct ReadWhole {
    pub level: u32,
    pub whole: Groups,
    pub parts: Groups,
}

/// How the groups change where editions are joined: rows like those that were read.
#[derive(Default)]
pub struct Changes {
    pub sums: Vec<Vec<Cell>>,
    pub quantities: Vec<Vec<Cell>>,
    pub is_cut: bool,
}

/// Lets the runtime's other tasks go on meanwhile, where it has other threads.
pub(super) fn beside_the_runtime<T>(work: impl FnOnce() -> T) -> T {
    match Handle::current().runtime_flavor() {
        RuntimeFlavor::MultiThread => tokio::task::block_in_place(work),
        _ => work(),
    }
}

impl Trade {
    /// Begins to read for an answer.
    pub(super) fn reading<'a>(&'a self, selection: &Selection, deadline: &'a Deadline) -> Reading<'a> {
        Reading { store: self.store(), cube: self.cubes.of(selection), deadline, newest_release: None }
    }
}

impl Reading<'_> {
    /// The newest release that the latest read of the store saw; `None` where nothing was read there.
    pub fn newest_release(&self) -> Option<i64> {
        self.newest_release
    }

    /// The cheapest way that gives the exact answer.
    pub fn plan(&self, query: &SummaryQuery, selection: &Selection, level: &Level) -> Plan {
        let plan = sums_sql::plan(query, selection, level);
        if self.cube.is_some() && level.detail == DetailKind::Total { Plan::Cube } else { plan }
    }

    fn plan_of_facts(&self, selection: &Selection) -> Plan {
        match self.cube {
            Some(_) => Plan::Cube,
            None if selection.is_newest => Plan::Facts,
            None => Plan::History,
        }
    }

    /// Sums by group.
    pub async fn sums(
        &mut self,
        query: &SummaryQuery,
        (selection, level): (&Selection, &Level),
        plan: Plan,
    ) -> Result<Groups, Error> {
        if plan == Plan::Cube
            && let Some(groups) = self.in_memory(query, (selection, level), false, sums_sql::fold_limit(query))
        {
            return Ok(groups);
        }
        let groups = sums_sql::sums(self.store, query, selection, level, plan, self.deadline).await?;
        Ok(self.read(groups))
    }

    /// Quantities by group and unit.
    pub async fn quantities(
        &mut self,
        query: &SummaryQuery,
        (selection, level): (&Selection, &Level),
    ) -> Result<Groups, Error> {
        let groups = sums_sql::quantities(self.store, query, selection, level, self.deadline).await?;
        Ok(self.read(groups))
    }

    /// What the answer is held to: for each level of [`Level::wholes`] sums by the group's key, with the code at that
    /// level, and by report.
    pub async fn wholes(
        &mut self,
        query: &SummaryQuery,
        (selection, level): (&Selection, &Level),
    ) -> Result<Vec<ReadWhole>, Error> {
        let mut wholes = Vec::new();
        for coarser in level.wholes() {
            let query = SummaryQuery { commodity_level: coarser, ..query.clone() };
            let mut selection = selection.clone();
            let (whole, parts) = (level.at_whole(coarser), level.held_to(coarser));
            selection.keep(|report| whole.of.contains_key(report));
            let whole = self.sums_by_report(&query, (&selection, &whole)).await?;
            let parts = self.sums_by_report(&query, (&selection, &parts)).await?;
            wholes.push(ReadWhole { level: coarser, whole, parts });
        }
        Ok(wholes)
    }

    async fn sums_by_report(
        &mut self,
        query: &SummaryQuery,
        (selection, level): (&Selection, &Level),
    ) -> Result<Groups, Error> {
        let limit = sums_sql::report_limit(query);
        if let Some(groups) = self.in_memory(query, (selection, level), true, limit) {
            return Ok(groups);
        }
        let groups = sums_sql::sums_by_report(self.store, query, selection, level, self.deadline).await?;
        Ok(self.read(groups))
    }

    fn in_memory(
        &self,
        query: &SummaryQuery,
        about: (&Selection, &Level),
        by_report: bool,
        limit: usize,
    ) -> Option<Groups> {
        let cube = self.cube.as_ref()?;
        let work = || cube::sums(cube, query, about, by_report, limit);
        let found = if cube.len() > FACTS_AT_ONCE { beside_the_runtime(work) } else { work() }?;
        Some(Groups { rows: IntegerRows::of(found.columns, found.cells), is_cut: found.is_cut })
    }

    fn read(&mut self, groups: Groups) -> Groups {
        self.newest_release = Some(groups.rows.newest_release);
        groups
    }

    /// Reads again what stands in an older edition, and how that changes the groups.
    pub async fn changes(
        &mut self,
        query: &SummaryQuery,
        (selection, level): (&Selection, &Level),
        joins: &Joins,
    ) -> Result<Changes, Error> {
        let mut changes = Changes::default();
        let Some(place) = query.group_by.iter().position(|dimension| *dimension == Dimension::Commodity) else {
            return Ok(changes);
        };
        for part in joins.parts(query) {
            let filter = Filter { commodities: part.commodities.clone(), ..query.filter.clone() };
            let part_query = SummaryQuery { filter, ..query.clone() };
            let mut reports = selection.clone();
            reports.keep(|report| part.reports.contains(report));
            let of = level.of.iter().filter(|(report, _)| part.reports.contains(report));
            let of = of.map(|(report, chosen)| (*report, *chosen)).collect();
            let level = Level { detail: level.detail, of, has_other_levels: true };
            let mut add = |groups: &Groups, sums: usize| -> Vec<Vec<Cell>> {
                changes.is_cut |= groups.is_cut;
                let rows: Vec<&[Cell]> = IntegerRows::iter(&groups.rows).collect();
                joins.changes(&part, &query.filter, place, sums, &rows)
            };
            let plan = self.plan_of_facts(&reports);
            let groups = self.sums(&part_query, (&reports, &level), plan).await?;
            let keys = sums_sql::key_cells(query);
            let sums = add(&groups, keys);
            let mut quantities = Vec::new();
            if query.quantities {
                let groups = self.quantities(&part_query, (&reports, &level)).await?;
                // The unit is a key too.
                quantities = add(&groups, keys + 1);
            }
            changes.sums.extend(sums);
            changes.quantities.extend(quantities);
        }
        Ok(changes)
    }
}
