//! Growth of series: from period to period, year to date, over rolling years, against a base, and as rates a year.

use super::figure::{self, Absent, Figure, ONE};
use super::table::{Amounts, Group, Key, Table};
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
        let before = period.year_before();
        let year = |period: Option<Period>| self.year_to_date(period);
        let rolling = |period: Option<Period>| self.rolling_year(period);
        let years_alone = |figure: Figure| if is_year(period) { Err(Absent::NotApplicable) } else { figure };
        let amounts = self.table.amounts(self.group, period).copied().unwrap_or_default();
        let Amounts { expected, reported, .. } = amounts;
        Row {
            key: Key { group: self.group.clone(), period: Some(period) },
            value: self.table.value(self.group, period),
            change: figure::change(now, self.whole(before)),
            on_year: figure::growth(now, self.whole(before)),
            on_previous: figure::growth(now, self.whole(period.shifted(-1))),
            year_to_date: years_alone(year(Some(period))),
            year_to_date_growth: years_alone(figure::growth(year(Some(period)), year(before))),
            rolling_year: years_alone(rolling(Some(period))),
            rolling_year_growth: years_alone(figure::growth(rolling(Some(period)), rolling(before))),
            index: base.map(|base| {
                let base = figure::as_base(self.whole(Some(base)))?;
                figure::ratio(figure::or_zero(now)?.checked_mul(100).ok_or(Absent::TooLarge)?, base)
            }),
            expected,
            reported,
        }
    }

    fn year_to_date(&self, period: Option<Period>) -> Figure {
        let last = period.ok_or(Absent::NotReported)?;
        let january = Period::of_month(last.calendar_year() * 12, last.frequency());
        self.sum(january.ok_or(Absent::NotReported)?, last)
    }

    fn rolling_year(&self, period: Option<Period>) -> Figure {
        let last = period.ok_or(Absent::NotReported)?;
        let first = last.shifted(1 - last.frequency().per_year() as i32);
        self.sum(first.ok_or(Absent::NotReported)?, last)
    }

    fn sum(&self, first: Period, last: Period) -> Figure {
        let periods = std::iter::successors(Some(first), |period| period.shifted(1));
        figure::sum(periods.take_while(|period| *period <= last).map(|period| self.whole(Some(period))))
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
            compound: compound(within),
            least_squares: least_squares(within),
        }
    }
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
