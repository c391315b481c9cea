//! Growth of series: from period to period, year to date, over rolling years, against a base, and as rates a year.

use super::figure::{self, Absent, Figure, ONE};
use super::table::{Group, Key, Table};
use crate::value::{Frequency, Period, large};

/// Fewest values through which a line is drawn.
const FEWEST: usize = 3;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub key: Key,
    pub value: Figure,
    pub change: Figure,
    pub on_year: Figure,
    pub on_previous: Figure,
    pub year_to_date: Figure,
    pub year_to_date_growth: Figure,
    pub rolling_year: Figure,
    pub rolling_year_growth: Figure,
    /// Absent altogether where no base was asked for.
    pub index: Option<Figure>,
    pub expected: usize,
    pub reported: usize,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Series {
    pub group: Group,
    /// First and last period with a value.
    pub between: Option<(Period, Period)>,
    pub compound: Figure,
    pub least_squares: Figure,
}

/// Rows of the periods from `first` to `last`; what lies before them is in the table.
pub fn growth(table: &Table, (first, last): (Period, Period), base: Option<Period>) -> (Vec<Row>, Vec<Series>) {
    let periods: Vec<Period> =
        std::iter::successors(Some(first), |period| period.shifted(1)).take_while(|period| *period <= last).collect();
    let (mut rows, mut all) = (Vec::new(), Vec::new());
    for (group, amounts) in table.groups() {
        if !amounts.keys().any(|period| (first..=last).contains(period)) {
            continue;
        }
        let series = OneSeries { table, group };
        rows.extend(periods.iter().map(|period| series.row(*period, base)));
        all.push(series.as_a_whole(&periods));
    }
    (rows, all)
}

struct OneSeries<'a> {
    table: &'a Table,
    group: &'a Group,
}

impl OneSeries<'_> {
    fn whole(&self, period: Option<Period>) -> Figure {
        period.map_or(Err(Absent::NotReported), |period| self.table.whole(self.group, period))
    }

    fn row(&self, period: Period, base: Option<Period>) -> Row {
        let now = self.whole(Some(period));
        let (before, previous) = (period.year_before(), period.shifted(-1));
        let years_alone = |figure: Figure| if is_year(period) { Err(Absent::NotApplicable) } else { figure };
        // Of several reporters, only where the same are behind all periods.
        let alike = |figure: Figure, periods: &[Period]| self.alike(figure, periods.iter().copied());
        let against = |figure: Figure, other: Option<Period>| alike(figure, &[period, other.unwrap_or(period)]);
        let sums = |first: fn(Period) -> Option<Period>| {
            let (own, then) = (run(first(period), period), before.map(|before| run(first(before), before)));
            let (own, then) = (own, then.unwrap_or_default());
            let sum = alike(self.sum(&own), &own);
            let growth = figure::growth(self.sum(&own), self.sum(&then));
            (years_alone(sum), years_alone(alike(growth, &[own, then].concat())))
        };
        let (year_to_date, year_to_date_growth) = sums(january);
        let (rolling_year, rolling_year_growth) = sums(year_ago);
        let (expected, reported) = self.table.counts(self.group, period);
        Row {
            key: Key { group: self.group.clone(), period: Some(period) },
            value: self.table.value(self.group, period),
            change: against(figure::change(now, self.whole(before)), before),
            on_year: against(figure::growth(now, self.whole(before)), before),
            on_previous: against(figure::growth(now, self.whole(previous)), previous),
            year_to_date,
            year_to_date_growth,
            rolling_year,
            rolling_year_growth,
            index: base.map(|base| {
                let at = figure::as_base(self.whole(Some(base)))?;
                let hundred = figure::or_zero(now)?.checked_mul(100).ok_or(Absent::TooLarge)?;
                against(figure::ratio(hundred, at), Some(base))
            }),
            expected,
            reported,
        }
    }

    fn alike(&self, figure: Figure, periods: impl Iterator<Item = Period>) -> Figure {
        self.table.of_same_reporters(figure, periods.map(|period| (self.group, period)))
    }

    fn sum(&self, periods: &[Period]) -> Figure {
        match periods {
            [] => Err(Absent::NotReported),
            _ => figure::sum(periods.iter().map(|period| self.whole(Some(*period)))),
        }
    }

    fn as_a_whole(&self, periods: &[Period]) -> Series {
        let values: Vec<(Period, Figure)> = periods.iter().map(|period| (*period, self.whole(Some(*period)))).collect();
        let is_there = |(_, figure): &&(Period, Figure)| figure.is_ok();
        let first = values.iter().position(|value| is_there(&value));
        let last = values.iter().rposition(|value| is_there(&value));
        let (Some(first), Some(last)) = (first, last) else {
            let absent = values.first().and_then(|(_, figure)| figure.err()).unwrap_or(Absent::NotReported);
            return Series {
                group: self.group.clone(),
                between: None,
                compound: Err(absent),
                least_squares: Err(absent),
            };
        };
        let within = &values[first..=last];
        Series {
            group: self.group.clone(),
            between: Some((values[first].0, values[last].0)),
            compound: self.alike(compound(within), [values[first].0, values[last].0].into_iter()),
            least_squares: self.alike(least_squares(within), within.iter().map(|(period, _)| *period)),
        }
    }
}

/// The first period of a calendar year.
fn january(period: Period) -> Option<Period> {
    Period::of_month(period.calendar_year() * 12, period.frequency())
}

/// The first period of the twelve months that end with a period.
fn year_ago(period: Period) -> Option<Period> {
    period.shifted(1 - period.frequency().per_year() as i32)
}

fn run(first: Option<Period>, last: Period) -> Vec<Period> {
    let periods = std::iter::successors(first, |period| period.shifted(1));
    periods.take_while(|period| *period <= last).collect()
}

fn is_year(period: Period) -> bool {
    period.frequency() == Frequency::Annual
}

/// (last / first) ^ (1 / years) - 1.
fn compound(values: &[(Period, Figure)]) -> Figure {
    let [(first, from), .., (last, to)] = values else { return Err(Absent::NotApplicable) };
    let (from, to) = (positive(*from)?, positive(*to)?);
    let per_year = first.frequency().per_year();
    let steps = (last.months().0 - first.months().0).unsigned_abs() * per_year / 12;
    let power = |value: i128| num_bigint::BigInt::from(value).pow(per_year);
    let root = large::root(&power(to), &power(from), steps);
    Ok(figure::large_ratio(&root, &large::one())? - ONE)
}

/// exp(b) - 1 of the line ln(value) = a + b t, times the periods of a year.
fn least_squares(values: &[(Period, Figure)]) -> Figure {
    let numbers = values.iter().map(|(_, figure)| positive(*figure)).collect::<Result<Vec<i128>, Absent>>()?;
    if numbers.len() < FEWEST {
        return Err(Absent::NotApplicable);
    }
    let per_year = values[0].0.frequency().per_year();
    let slope = large::slope_of_logarithms(&numbers).ok_or(Absent::TooLarge)?;
    let of_year = slope.checked_mul(per_year.into()).ok_or(Absent::TooLarge)?;
    large::exponential_less_one(of_year).ok_or(Absent::TooLarge)
}

fn positive(figure: Figure) -> Figure {
    match figure::or_zero(figure)? {
        ..=0 => Err(Absent::NotPositive),
        above => Ok(above),
    }
}
