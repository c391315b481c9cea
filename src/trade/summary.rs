//! From sums by key to the rows of a summary: country groups, order, top and rest, shares. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::reference::codes;
use crate::value::Cell;

use super::completeness::{Completeness, Reports};
use super::joined::Joins;
use super::key::{Fields, Key, Place};
use super::level::Level;
use super::query::{Dimension, KeyPart, Measure, SummaryQuery};
use super::select::Selection;
use super::sums::{SUM_COLUMNS, Sums};

/// How many cells the key of a fact has, where summaries follow it.
pub const FACT_CELLS: usize = 6;

/// The sum of quantities in one unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct QuantitySum {
    pub unit: u8,
    pub amount: i64,
    pub rows: i64,
    /// Of facts that have no net weight.
    pub unweighed_amount: i64,
    pub unweighed_rows: i64,
}

impl QuantitySum {
    fn none(unit: u8) -> Self {
        Self { unit, amount: 0, rows: 0, unweighed_amount: 0, unweighed_rows: 0 }
    }

    fn add(&mut self, other: &Self) -> Result<(), Error> {
        self.amount = self.amount.checked_add(other.amount).ok_or(Error::Overflow)?;
        self.unweighed_amount = self.unweighed_amount.checked_add(other.unweighed_amount).ok_or(Error::Overflow)?;
        self.rows += other.rows;
        self.unweighed_rows += other.unweighed_rows;
        Ok(())
    }
}

/// One group.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its parts are read by the question: see [`Row::key`].
    pub key: Key,
    /// Groups that this row adds up because `top` left them out; then the key is the period alone.
    pub rest_groups: Option<usize>,
    pub sums: Sums,
    pub quantities: Vec<QuantitySum>,
    /// Value of all groups of the same period.
    pub period_value: Option<i64>,
    pub reports: Arc<Reports>,
    /// What coarser rows hold beside the detailed ones: the code of the key is a coarser one.
    pub is_not_detailed: bool,
}

impl Row {
    fn new(key: Key, sums: Sums) -> Self {
        Self {
            key,
            rest_groups: None,
            sums,
            quantities: Vec::new(),
            period_value: None,
            reports: Arc::default(),
            is_not_detailed: false,
        }
    }

    /// The parts of its key, in the order of `group_by`.
    pub fn key<'a>(&self, query: &'a SummaryQuery) -> impl Iterator<Item = KeyPart<'a>> {
        self.key.parts(query).map(|(_, part)| part)
    }
}

/// A summary.
#[derive(Debug)]
pub struct Summary {
    pub rows: Vec<Row>,
    pub total: Row,
    /// The groups overlap, so that `total` counts twice and must not be shown.
    pub has_no_total: bool,
}

impl Summary {
    /// Takes out what would count twice because the groups overlap.
    pub fn leave_out_total(&mut self) {
        self.has_no_total = true;
        for row in &mut self.rows {
            row.period_value = None;
        }
    }
}

/// Why a summary could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("a sum does not fit 64 bits")]
    Overflow,
    #[error("the answer, or the groups that must be ranked for it, have more than {0} rows")]
    TooManyRows(usize),
}

/// Makes the summary from what the store added up.
///
/// A row of `sums` is the group's key and its sums, one of `quantities` the key, unit, amount and count,
/// and amount and count of what has no net weight. Grouped by mode,
/// a fact's own key follows that of the group.
pub fn summarize<'a>(
    query: &SummaryQuery,
    selection: &Selection,
    (level, joins): (&Level, &Joins),
    sums: impl Iterator<Item = &'a [Cell]> + Clone,
    quantities: impl Iterator<Item = &'a [Cell]>,
    not_detailed: &[(Vec<Cell>, Sums)],
) -> Result<Summary, Error> {
    let inner = inner_modes(query, sums.clone());
    let mut rows = fold_sums(query, sums, &inner)?;
    rows.retain(|row| row.sums.rows > 0);
    let quantities = fold_quantities(query, quantities, &inner)?;
    if !quantities.is_empty() {
        for row in &mut rows {
            row.quantities = quantities_of(&quantities, row.key);
        }
    }
    // Groups of countries may put several under one key.
    let mut rest: BTreeMap<Key, Sums> = BTreeMap::new();
    for (cells, sums) in not_detailed {
        rest.entry(Key::of_cells(query, cells)).or_default().add(sums).ok_or(Error::Overflow)?;
    }
    rows.extend(rest.into_iter().map(|(key, sums)| Row { is_not_detailed: true, ..Row::new(key, sums) }));

    let total = add_up(&rows)?;
    order(query, &mut rows);
    let mut rows = if query.top > 0 { keep_top(query, rows)? } else { rows };
    if rows.len() > query.row_limit {
        return Err(Error::TooManyRows(query.row_limit));
    }
    let mut values = PeriodValues::new(query);
    for row in &rows {
        values.add(row)?;
    }
    let mut completeness = Completeness::new(query, selection, level, joins);
    for row in &mut rows {
        row.period_value = Some(values.of(row.key));
        row.reports = completeness.of(row.key);
    }
    let reports = completeness.of(Key::default());
    Ok(Summary { rows, total: Row { reports, ..total }, has_no_total: false })
}

/// Rows with the sums of each group, in the order of the keys. What was read mostly comes in that order, and with each key
/// once.
fn fold_sums<'a>(
    query: &SummaryQuery,
    rows: impl Iterator<Item = &'a [Cell]>,
    inner: &InnerModes,
) -> Result<Vec<Row>, Error> {
    let mut found: Vec<Row> = Vec::with_capacity(rows.size_hint().0);
    for row in rows {
        let (key_cells, sums) = row.split_at(row.len() - SUM_COLUMNS.len());
        if !is_whole_of_inner(query, key_cells, inner) {
            found.push(Row::new(Key::of_cells(query, key_cells), Sums::from_cells(sums)));
        }
    }
    if found.is_sorted_by(|left, right| left.key < right.key) {
        return Ok(found);
    }
    found.sort_by_key(|row| row.key);
    let mut groups: Vec<Row> = Vec::with_capacity(found.len());
    for row in found {
        match groups.last_mut().filter(|last| last.key == row.key) {
            Some(group) => group.sums.add(&row.sums).ok_or(Error::Overflow)?,
            None => groups.push(row),
        }
    }
    Ok(groups)
}

fn fold_quantities<'a>(
    query: &SummaryQuery,
    rows: impl Iterator<Item = &'a [Cell]>,
    inner: &InnerModes,
) -> Result<BTreeMap<Key, BTreeMap<u8, QuantitySum>>, Error> {
    let mut groups: BTreeMap<Key, BTreeMap<u8, QuantitySum>> = BTreeMap::new();
    for row in rows {
        let (key_cells, rest) = row.split_at(row.len() - 5);
        if is_whole_of_inner(query, key_cells, inner) {
            continue;
        }
        let [unit, amount, rows, unweighed_amount, unweighed_rows] =
            [0, 1, 2, 3, 4].map(|index| rest[index].get().unwrap_or(0));
        let found = QuantitySum { unit: unit as u8, amount, rows, unweighed_amount, unweighed_rows };
        let units = groups.entry(Key::of_cells(query, key_cells)).or_default();
        units.entry(found.unit).or_insert(QuantitySum::none(found.unit)).add(&found)?;
    }
    Ok(groups)
}

fn quantities_of(quantities: &BTreeMap<Key, BTreeMap<u8, QuantitySum>>, key: Key) -> Vec<QuantitySum> {
    // Where editions are joined, what was in a unit may have gone to another code.
    let there = |quantity: &&QuantitySum| quantity.rows > 0;
    quantities.get(&key).map(|units| units.values().filter(there).copied().collect()).unwrap_or_default()
}

/// When grouping by mode: the modes above those of each fact. A mode that is above another of the same fact is its total.
type InnerModes = BTreeSet<(Vec<Cell>, u16)>;

fn inner_modes<'a>(query: &SummaryQuery, rows: impl Iterator<Item = &'a [Cell]>) -> InnerModes {
    let Some(place) = query.group_by.iter().position(|dimension| *dimension == Dimension::Mode) else {
        return InnerModes::new();
    };
    let keys = query.group_by.len();
    let mut inner = InnerModes::new();
    for row in rows {
        let fact = row[keys..keys + FACT_CELLS].to_vec();
        let mode = row[place].known() as u16;
        let wholes = std::iter::successors(codes::mode_parent(mode), |whole| codes::mode_parent(*whole));
        inner.extend(wholes.map(|whole| (fact.clone(), whole)));
    }
    inner
}

fn is_whole_of_inner(query: &SummaryQuery, key_cells: &[Cell], inner: &InnerModes) -> bool {
    if inner.is_empty() {
        return false;
    }
    let Some(place) = query.group_by.iter().position(|dimension| *dimension == Dimension::Mode) else {
        return false;
    };
    let keys = query.group_by.len();
    let fact = key_cells[keys..keys + FACT_CELLS].to_vec();
    inner.contains(&(fact, key_cells[place].known() as u16))
}

fn measure(row: &Row, measure: Measure) -> i64 {
    match measure {
        Measure::Value => row.sums.value,
        Measure::NetWeight => row.sums.net_weight,
        Measure::RowCount => row.sums.rows,
    }
}

/// By measure where one is asked for, largest first; ties and the rest by key.
fn order(query: &SummaryQuery, rows: &mut [Row]) {
    let by = match query.order_by {
        Some(by) => by,
        None if query.top > 0 => Measure::Value,
        None => {
            if !rows.is_sorted_by_key(|row| row.key) {
                rows.sort_by_key(|row| row.key);
            }
            return;
        }
    };
    rows.sort_by(|left, right| {
        let by_measure = measure(right, by).cmp(&measure(left, by));
        let by_measure = if query.ascending { by_measure.reverse() } else { by_measure };
        by_measure.then_with(|| left.key.cmp(&right.key))
    });
}

/// What stays of a group's key when its period is left out.
fn apart_from_period(query: &SummaryQuery) -> impl Fn(&Row) -> (Key, bool) + use<> {
    let others = Place::all(query).filter(|place| !matches!(place.dimension(), Dimension::Period(_)));
    let others = Fields::of(others);
    move |row| (row.key.only(others), row.is_not_detailed)
}

/// The first groups by their sums over all periods, each with its rank.
fn ranks(query: &SummaryQuery, rows: &[Row]) -> Result<BTreeMap<(Key, bool), usize>, Error> {
    let group_of = apart_from_period(query);
    let by = query.order_by.unwrap_or(Measure::Value);
    let mut sums: BTreeMap<(Key, bool), i64> = BTreeMap::new();
    for row in rows {
        let sum = sums.entry(group_of(row)).or_default();
        *sum = sum.checked_add(measure(row, by)).ok_or(Error::Overflow)?;
    }
    let mut ranked: Vec<((Key, bool), i64)> = sums.into_iter().collect();
    // Stable: ties stay in the order of their keys.
    ranked.sort_by(|left, right| if query.ascending { left.1.cmp(&right.1) } else { right.1.cmp(&left.1) });
    Ok(ranked.into_iter().take(query.top).enumerate().map(|(rank, (group, _))| (group, rank)).collect())
}

/// Keeps the first groups of each period, and adds the rest up in one row behind them.
fn keep_top(query: &SummaryQuery, rows: Vec<Row>) -> Result<Vec<Row>, Error> {
    let ranks = if query.top_over_all_periods { Some(ranks(query, &rows)?) } else { None };
    let group_of = apart_from_period(query);
    let rank = |row: &Row| ranks.as_ref().and_then(|ranks| ranks.get(&group_of(row)));
    let period = Fields::of(Place::of_period(query).into_iter());
    let mut periods: BTreeMap<Key, (Vec<Row>, Vec<Row>)> = BTreeMap::new();
    for row in rows {
        let (top, rest) = periods.entry(row.key.only(period)).or_default();
        let is_kept = if ranks.is_some() { rank(&row).is_some() } else { top.len() < query.top };
        if is_kept { top.push(row) } else { rest.push(row) }
    }
    let mut kept = Vec::new();
    for (key, (mut top, rest)) in periods {
        if ranks.is_some() {
            top.sort_by_key(|row| rank(row));
        }
        kept.extend(top);
        if rest.is_empty() {
            continue;
        }
        kept.push(Row { key, rest_groups: Some(rest.len()), ..add_up(&rest)? });
    }
    Ok(kept)
}

fn add_up(rows: &[Row]) -> Result<Row, Error> {
    let mut sums = Sums::default();
    let mut units: BTreeMap<u8, QuantitySum> = BTreeMap::new();
    for row in rows {
        sums.add(&row.sums).ok_or(Error::Overflow)?;
        for quantity in &row.quantities {
            units.entry(quantity.unit).or_insert(QuantitySum::none(quantity.unit)).add(quantity)?;
        }
    }
    Ok(Row { quantities: units.into_values().collect(), ..Row::new(Key::default(), sums) })
}

/// Values of all groups, period by period.
struct PeriodValues {
    period: Fields,
    places: BTreeMap<Key, usize>,
    values: Vec<i64>,
    /// Neighbours mostly have the same period.
    newest: Option<(Key, usize)>,
}

impl PeriodValues {
    fn new(query: &SummaryQuery) -> Self {
        let period = Fields::of(Place::of_period(query).into_iter());
        Self { period, places: BTreeMap::new(), values: Vec::new(), newest: None }
    }

    fn of_period(&mut self, key: Key) -> &mut i64 {
        let period = key.only(self.period);
        let place = match self.newest.filter(|(newest, _)| *newest == period) {
            Some((_, place)) => place,
            None => *self.places.entry(period).or_insert_with(|| {
                self.values.push(0);
                self.values.len() - 1
            }),
        };
        self.newest = Some((period, place));
        &mut self.values[place]
    }

    fn add(&mut self, row: &Row) -> Result<(), Error> {
        let value = self.of_period(row.key);
        *value = value.checked_add(row.sums.value).ok_or(Error::Overflow)?;
        Ok(())
    }

    fn of(&mut self, key: Key) -> i64 {
        *self.of_period(key)
    }
}
