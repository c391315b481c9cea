//! Which annual quantity holds on which days of a contract year.
//!
//! A step holds in a run of contract years, on a run of days, or within both. Of several that hold on a day the one that
//! began to hold last answers, as with states of a contract: `38`, and `44` from 2026, is 38 until then. Those that began
//! on the same day, or that do not say when, must agree.

use jiff::civil::Date;

use super::terms::{Error, Step};
use crate::value::Ratio;

/// A run of days on which one quantity holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stretch {
    pub from: Date,
    pub to: Date,
    /// A year; `None` where no step covers the days.
    pub acq: Option<Ratio>,
}

/// The days of a contract year, or of a part of it, divided where the quantity changes.
pub fn of_days(steps: &[Step], year: i16, (first, last): (Date, Date)) -> Result<Vec<Stretch>, Error> {
    let of_year: Vec<&Step> = steps.iter().filter(|step| step.covers_year(year)).collect();
    let changes = of_year.iter().flat_map(|step| [step.from, step.until.and_then(|until| until.tomorrow().ok())]);
    let mut starts: Vec<Date> = changes.flatten().filter(|day| first < *day && *day <= last).chain([first]).collect();
    starts.sort_unstable();
    starts.dedup();
    let mut stretches: Vec<Stretch> = Vec::with_capacity(starts.len());
    for (index, from) in starts.iter().copied().enumerate() {
        let to = starts.get(index + 1).and_then(|next| next.yesterday().ok()).unwrap_or(last);
        let acq = on_day(&of_year, from).map_err(|values| Error::Contradiction { values, from, to })?;
        match stretches.last_mut().filter(|before| before.acq == acq) {
            Some(before) => before.to = to,
            None => stretches.push(Stretch { from, to, acq }),
        }
    }
    Ok(stretches)
}

/// The quantity of a day; the values in words where they contradict one another.
fn on_day(steps: &[&Step], day: Date) -> Result<Option<Ratio>, String> {
    let holding = || steps.iter().filter(|step| step.covers_day(day));
    let newest = holding().map(|step| step.from).max().flatten();
    let mut values: Vec<Ratio> = Vec::new();
    for step in holding().filter(|step| step.from == newest) {
        if !values.contains(&step.acq) {
            values.push(step.acq);
        }
    }
    match values[..] {
        [] => Ok(None),
        [acq] => Ok(Some(acq)),
        _ => Err(values.iter().map(|acq| format!("`{acq}`")).collect::<Vec<_>>().join(" and ")),
    }
}
