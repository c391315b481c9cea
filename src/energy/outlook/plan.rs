//! What a contract plans from day to day: its annual quantity, spread over the days of each contract year.

use jiff::civil::Date;

use crate::energy::quantity::add;
use crate::energy::schedule::quantities::of_days;
use crate::energy::schedule::years::{days_between, first_day, last_day, name_of_year};
use crate::energy::schedule::{Error, ShortYear, Step};
use crate::value::Ratio;
use crate::value::decimal::Overflow;

/// A contract's quantities on the days on which it counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
    pub steps: Vec<Step>,
    /// Annual quantity where no step covers a day.
    pub otherwise: Option<Ratio>,
    /// Month in which contract years begin.
    pub begins: u8,
    pub short_year: Option<ShortYear>,
    /// First and last day of the term, by which contract years are short.
    pub term: (Date, Option<Date>),
    /// First and last day on which it counts, within the term.
    pub counts: (Date, Option<Date>),
}

/// What falls on a range of days.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    pub quantity: Ratio,
    /// Days with a quantity.
    pub days: i64,
    /// The first and the last of them.
    pub flowing: Option<(Date, Date)>,
    /// Days on which it counts, and of which no quantity is known.
    pub open_days: i64,
    /// Short contract years among them of which it is not known what the quantity means there.
    pub unruled: Vec<i16>,
}

/// Days of one contract year with one quantity.
struct Stretch {
    from: Date,
    to: Date,
    acq: Option<Ratio>,
    of_days: i64,
    year: i16,
    is_unruled: bool,
}

impl Plan {
    /// The annual quantity of a day on which it counts.
    pub fn on(&self, day: Date) -> Result<Option<Ratio>, Error> {
        Ok(self.stretches(day, day)?.first().and_then(|stretch| stretch.acq))
    }

    /// What falls on a range of days, less what another plan has on them.
    pub fn between(&self, first: Date, last: Date, replaced: Option<&Plan>) -> Result<Part, Error> {
        let mut part = Part { quantity: Ratio::ZERO, days: 0, flowing: None, open_days: 0, unruled: Vec::new() };
        for Stretch { from, to, acq, of_days, year, is_unruled } in self.stretches(first, last)? {
            let days = days_between(from, to);
            let Some(acq) = acq else {
                part.open_days += days;
                continue;
            };
            part.quantity = add(part.quantity, share(acq, days, of_days)?)?;
            if let Some(replaced) = replaced {
                part.quantity = add(part.quantity, negative(replaced.between(from, to, None)?.quantity)?)?;
            }
            part.days += days;
            part.flowing = Some(part.flowing.map_or((from, to), |(first, _)| (first, to)));
            if is_unruled && !part.unruled.contains(&year) {
                part.unruled.push(year);
            }
        }
        Ok(part)
    }

    fn stretches(&self, first: Date, last: Date) -> Result<Vec<Stretch>, Error> {
        let first = first.max(self.counts.0);
        let last = self.counts.1.map_or(last, |until| until.min(last));
        let mut stretches = Vec::new();
        if first > last {
            return Ok(stretches);
        }
        for year in name_of_year(first, self.begins)..=name_of_year(last, self.begins) {
            let full = (first_day(year, self.begins)?, last_day(year, self.begins)?);
            let own = (full.0.max(self.term.0), self.term.1.map_or(full.1, |end| end.min(full.1)));
            let is_short = own != full;
            let spread = if is_short && self.short_year == Some(ShortYear::AsStated) { own } else { full };
            let of_year = of_days(&self.steps, year, (full.0.max(first), full.1.min(last)))?;
            stretches.extend(of_year.into_iter().map(|stretch| Stretch {
                from: stretch.from,
                to: stretch.to,
                acq: stretch.acq.or(self.otherwise),
                of_days: days_between(spread.0, spread.1),
                year,
                is_unruled: is_short && self.short_year.is_none(),
            }));
        }
        Ok(stretches)
    }
}

fn share(annual: Ratio, days: i64, of_days: i64) -> Result<Ratio, Overflow> {
    annual.times(Ratio::new(i128::from(days), i128::from(of_days))?)
}

fn negative(value: Ratio) -> Result<Ratio, Overflow> {
    Ratio::ZERO.minus(value)
}
