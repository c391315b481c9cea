//! From sums by key to the rows of a summary: country groups, order, top and rest, shares. Pure.

use std::collections::{BTreeMap, BTreeSet};

use crate::reference::{Area, CommodityCode, codes};
use crate::value::{Cell, Frequency, Period};

use super::model::Flow;
use super::query::{Dimension, Measure, SummaryQuery};
use super::select::{Report, Selection};
use super::sums::{SUM_COLUMNS, Sums};

/// How many cells the key of a fact has, where summaries follow it.
pub const FACT_CELLS: usize = 6;

/// One part of a group's key, in the order of `group_by`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum KeyPart {
    Period(Period),
    Area(Area),
    /// A group of countries that the request defined.
    Group(String),
    Commodity(CommodityCode),
    Flow(Flow),
    Mode(u16),
    Procedure(u8),
}

type Key = Vec<KeyPart>;

/// The sum of quantities in one unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct QuantitySum {
    pub unit: u8,
    pub amount: i64,
    pub rows: i64,
}

/// One group.
#[derive(Clone, Debug)]
pub struct Row {
    pub key: Key,
    /// Groups that this row adds up because `top` left them out; then the key is the period alone.
    pub rest_groups: Option<usize>,
    pub sums: Sums,
    pub quantities: Vec<QuantitySum>,
    /// Value of all groups of the same period.
    pub period_value: Option<i64>,
    pub periods_expected: usize,
    pub periods_reported: usize,
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
/// A row of `sums` is the group's key and its sums, one of `quantities` the key, unit, amount and count. Grouped by mode,
/// a fact's own key follows that of the group.
pub fn summarize<'a>(
    query: &SummaryQuery,
    selection: &Selection,
    sums: impl Iterator<Item = &'a [Cell]> + Clone,
    quantities: impl Iterator<Item = &'a [Cell]>,
) -> Result<Summary, Error> {
    let inner = inner_modes(query, sums.clone());
    let groups = fold_sums(query, sums, &inner)?;
    let quantities = fold_quantities(query, quantities, &inner)?;
    let mut rows: Vec<Row> = groups
        .into_iter()
        .filter(|(_, sums)| sums.rows > 0)
        .map(|(key, sums)| Row {
            rest_groups: None,
            quantities: quantities_of(&quantities, &key),
            key,
            sums,
            period_value: None,
            periods_expected: 0,
            periods_reported: 0,
        })
        .collect();

    let total = add_up(&rows)?;
    order(query, &mut rows);
    let mut rows = if query.top > 0 { keep_top(query, rows)? } else { rows };
    if rows.len() > query.row_limit {
        return Err(Error::TooManyRows(query.row_limit));
    }
    let period_values = period_values(&rows)?;
    let mut completeness = Completeness::new(query, selection);
    for row in &mut rows {
        row.period_value = period_values.get(&period_of(&row.key)).copied();
        (row.periods_expected, row.periods_reported) = completeness.of(&row.key);
    }
    let (periods_expected, periods_reported) = completeness.of(&[]);
    Ok(Summary { rows, total: Row { periods_expected, periods_reported, ..total }, has_no_total: false })
}

fn fold_sums<'a>(
    query: &SummaryQuery,
    rows: impl Iterator<Item = &'a [Cell]>,
    inner: &InnerModes,
) -> Result<BTreeMap<Key, Sums>, Error> {
    let mut groups: BTreeMap<Key, Sums> = BTreeMap::new();
    for row in rows {
        let (key_cells, sums) = row.split_at(row.len() - SUM_COLUMNS.len());
        if is_whole_of_inner(query, key_cells, inner) {
            continue;
        }
        let group = groups.entry(key_of(query, key_cells)).or_default();
        group.add(&Sums::from_cells(sums)).ok_or(Error::Overflow)?;
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
        let (key_cells, rest) = row.split_at(row.len() - 3);
        if is_whole_of_inner(query, key_cells, inner) {
            continue;
        }
        let unit = rest[0].get().unwrap_or(0) as u8;
        let units = groups.entry(key_of(query, key_cells)).or_default();
        let sum = units.entry(unit).or_insert(QuantitySum { unit, amount: 0, rows: 0 });
        sum.amount = sum.amount.checked_add(rest[1].get().unwrap_or(0)).ok_or(Error::Overflow)?;
        sum.rows += rest[2].get().unwrap_or(0);
    }
    Ok(groups)
}

fn quantities_of(quantities: &BTreeMap<Key, BTreeMap<u8, QuantitySum>>, key: &Key) -> Vec<QuantitySum> {
    quantities.get(key).map(|units| units.values().copied().collect()).unwrap_or_default()
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

fn key_of(query: &SummaryQuery, cells: &[Cell]) -> Key {
    let area = |number: i64| Area::from_comtrade(number as u16).unwrap_or(Area::WORLD);
    let grouped = |groups: &BTreeMap<Area, String>, area: Area| match groups.get(&area) {
        Some(name) => KeyPart::Group(name.clone()),
        None => KeyPart::Area(area),
    };
    query
        .group_by
        .iter()
        .zip(cells)
        .filter_map(|(dimension, cell)| {
            let number = cell.get()?;
            Some(match dimension {
                Dimension::Period(_) => KeyPart::Period(Period::from_number(number as i32)?),
                Dimension::Reporter => grouped(&query.reporter_groups, area(number)),
                Dimension::Partner => grouped(&query.partner_groups, area(number)),
                Dimension::Commodity => KeyPart::Commodity(CommodityCode::from_number(number as i32)?),
                Dimension::Flow => KeyPart::Flow(Flow::from_number(number)?),
                Dimension::Mode => KeyPart::Mode(number as u16),
                Dimension::Procedure => KeyPart::Procedure(number as u8),
            })
        })
        .collect()
}

fn period_of(key: &[KeyPart]) -> Option<Period> {
    key.iter().find_map(|part| match part {
        KeyPart::Period(period) => Some(*period),
        _ => None,
    })
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
            rows.sort_by(|left, right| left.key.cmp(&right.key));
            return;
        }
    };
    rows.sort_by(|left, right| {
        let by_measure = measure(right, by).cmp(&measure(left, by));
        let by_measure = if query.ascending { by_measure.reverse() } else { by_measure };
        by_measure.then_with(|| left.key.cmp(&right.key))
    });
}

/// Keeps the first groups of each period, and adds the rest up in one row behind them.
fn keep_top(query: &SummaryQuery, rows: Vec<Row>) -> Result<Vec<Row>, Error> {
    let mut periods: BTreeMap<Option<Period>, (Vec<Row>, Vec<Row>)> = BTreeMap::new();
    for row in rows {
        let (top, rest) = periods.entry(period_of(&row.key)).or_default();
        if top.len() < query.top { top.push(row) } else { rest.push(row) }
    }
    let mut kept = Vec::new();
    for (period, (top, rest)) in periods {
        kept.extend(top);
        if rest.is_empty() {
            continue;
        }
        let key = period.map(KeyPart::Period).into_iter().collect();
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
            let unit = units.entry(quantity.unit).or_insert(QuantitySum { amount: 0, rows: 0, ..*quantity });
            unit.amount = unit.amount.checked_add(quantity.amount).ok_or(Error::Overflow)?;
            unit.rows += quantity.rows;
        }
    }
    Ok(Row {
        key: Vec::new(),
        rest_groups: None,
        sums,
        quantities: units.into_values().collect(),
        period_value: None,
        periods_expected: 0,
        periods_reported: 0,
    })
}

fn period_values(rows: &[Row]) -> Result<BTreeMap<Option<Period>, i64>, Error> {
    let mut values: BTreeMap<Option<Period>, i64> = BTreeMap::new();
    for row in rows {
        let value = values.entry(period_of(&row.key)).or_default();
        *value = value.checked_add(row.sums.value).ok_or(Error::Overflow)?;
    }
    Ok(values)
}

/// How many reports a group's period could have, and how many of them there are. Many groups share their period,
/// reporter and flow, so each such combination is counted once.
struct Completeness<'a> {
    query: &'a SummaryQuery,
    selection: &'a Selection,
    known: BTreeMap<Key, (usize, usize)>,
}

impl<'a> Completeness<'a> {
    fn new(query: &'a SummaryQuery, selection: &'a Selection) -> Self {
        Self { query, selection, known: BTreeMap::new() }
    }

    fn of(&mut self, key: &[KeyPart]) -> (usize, usize) {
        // A rest row has the period alone, which may not stand first among the dimensions.
        let is_whole = key.len() == self.query.group_by.len();
        let counts =
            |dimension: Dimension| matches!(dimension, Dimension::Period(_) | Dimension::Reporter | Dimension::Flow);
        let parts: Vec<(Dimension, KeyPart)> = if is_whole {
            let pairs = self.query.group_by.iter().copied().zip(key.iter().cloned());
            pairs.filter(|(dimension, _)| counts(*dimension)).collect()
        } else {
            let period = self.query.period().map(Dimension::Period);
            period.zip(period_of(key).map(KeyPart::Period)).into_iter().collect()
        };
        let memo: Key = parts.iter().map(|(_, part)| part.clone()).collect();
        if let Some(known) = self.known.get(&memo) {
            return *known;
        }
        let found = self.count(&parts);
        self.known.insert(memo, found);
        found
    }

    fn count(&self, parts: &[(Dimension, KeyPart)]) -> (usize, usize) {
        let is_reporter = |part: &KeyPart, area: Area| match part {
            KeyPart::Area(same) => *same == area,
            KeyPart::Group(name) => self.query.reporter_groups.get(&area) == Some(name),
            _ => false,
        };
        let belongs = |report: &Report| {
            parts.iter().all(|(dimension, part)| match (dimension, part) {
                (Dimension::Period(asked), KeyPart::Period(period)) => report.period.within(*asked) == Some(*period),
                (Dimension::Reporter, part) => is_reporter(part, report.reporter),
                (Dimension::Flow, KeyPart::Flow(flow)) => *flow == report.flow,
                _ => true,
            })
        };
        let reports: BTreeSet<(Area, Flow, Period)> = self
            .selection
            .reports
            .keys()
            .filter(|report| belongs(report))
            .map(|report| (report.reporter, report.flow, report.period))
            .collect();
        // A reporter that is silent in this period is missing from it, not from the question.
        let in_any_period = |report: &&Report| {
            parts.iter().all(|(dimension, part)| match (dimension, part) {
                (Dimension::Reporter, part) => is_reporter(part, report.reporter),
                (Dimension::Flow, KeyPart::Flow(flow)) => *flow == report.flow,
                _ => true,
            })
        };
        let series: BTreeSet<(Area, Flow)> =
            self.selection.reports.keys().filter(in_any_period).map(|report| (report.reporter, report.flow)).collect();
        let frequency = self.selection.frequency().unwrap_or(Frequency::Annual);
        let has_period = parts.iter().any(|(dimension, _)| matches!(dimension, Dimension::Period(_)));
        let each = match self.query.period().filter(|_| has_period) {
            Some(asked) => (frequency.per_year() / asked.per_year()).max(1) as usize,
            None => periods_between(reports.iter().map(|(_, _, period)| *period), frequency),
        };
        (series.len() * each, reports.len())
    }
}

/// Periods from the first to the last of these.
fn periods_between(periods: impl Iterator<Item = Period>, frequency: Frequency) -> usize {
    let months: Vec<(i32, i32)> = periods.map(Period::months).collect();
    let (Some(first), Some(last)) =
        (months.iter().map(|month| month.0).min(), months.iter().map(|month| month.1).max())
    else {
        return 0;
    };
    let length = 12 / frequency.per_year() as i32;
    ((last - first + 1) / length) as usize
}
