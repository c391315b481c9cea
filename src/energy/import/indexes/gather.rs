//! Brings the rows of all files together by index, and refuses what contradicts what stands there already.
//!
//! Never decides between two values of a period: the second one is refused and named. Never guesses how often an index
//! is published: the file says it, or whoever imports it. Where the days contradict what is said, nothing is taken.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::rows::Period;
use crate::energy::price::index::{Frequency, Observation, Series};
use crate::import::{Error, Refusal};
use crate::value::decimal;

/// What a row says of its index.
pub struct Stated<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub unit: &'a str,
    pub source: &'a str,
}

/// The columns of a layout, for refusals; empty where it has none.
pub struct Columns {
    pub id: &'static str,
    pub title: &'static str,
    pub unit: &'static str,
    pub source: &'static str,
    pub period: &'static str,
    pub value: &'static str,
}

/// The period of a row.
#[derive(Clone, Copy)]
pub struct When<'a> {
    pub period: Period,
    /// As the file writes it.
    pub text: &'a str,
    /// How often the file says that the index is published; `None`: as often as its periods are long.
    pub said: Option<Frequency>,
}

/// The files' indexes.
pub struct Gather {
    /// `--frequency`: what whoever imports the files says of all their indexes.
    pub asked: Option<Frequency>,
    series: BTreeMap<String, (Series, BTreeMap<Date, Decimal>)>,
}

impl Gather {
    pub fn new(asked: Option<Frequency>) -> Self {
        Self { asked, series: BTreeMap::new() }
    }

    /// Takes the value of a period, or says what it contradicts.
    pub fn take(
        &mut self,
        columns: &Columns,
        stated: &Stated<'_>,
        when: When<'_>,
        value_text: &str,
    ) -> Result<(), Refusal> {
        let value = decimal::read(value_text).map_err(|problem| Refusal::new(columns.value, value_text, problem))?;
        let (frequency, day) = self.dated(columns, when)?;
        let Stated { id, title, unit, source } = *stated;
        let (series, values) = self.series.entry(id.to_owned()).or_insert_with(|| {
            let series = Series {
                id: id.to_owned(),
                title: title.to_owned(),
                unit: unit.to_owned(),
                frequency,
                source: source.to_owned(),
            };
            (series, BTreeMap::new())
        });
        for (column, found, known, what) in [
            (columns.unit, unit, series.unit.as_str(), "unit"),
            (columns.title, title, series.title.as_str(), "title"),
            (columns.source, source, series.source.as_str(), "source"),
        ] {
            if found != known {
                let column = if column.is_empty() { columns.id } else { column };
                let reason = format!("is a second {what} of {id}, which has `{known}`; an index has one");
                return Err(Refusal::new(column, found, reason));
            }
        }
        if frequency != series.frequency {
            let (known, found) = (series.frequency.text(), frequency.text());
            let reason = format!("is {found}, and {id} is {known}; expected an index of its own");
            return Err(Refusal::new(columns.period, when.text, reason));
        }
        if let Some(known) = values.get(&day) {
            let reason = format!("is a period that {id} has already, with the value {known}; one value is right");
            return Err(Refusal::new(columns.period, when.text, reason));
        }
        values.insert(day, value);
        Ok(())
    }

    /// How often the index is published, and the day under which the value is kept.
    fn dated(&self, columns: &Columns, when: When<'_>) -> Result<(Frequency, Date), Refusal> {
        let When { period, text, said } = when;
        if let Some((asked, said)) = self.asked.zip(said).filter(|(asked, said)| asked != said) {
            let reason = format!("is {} by the file, and --frequency says {}", said.text(), asked.text());
            return Err(Refusal::new(columns.period, text, reason));
        }
        let frequency = self.asked.or(said).unwrap_or_else(|| period.frequency());
        let day = period.day(frequency).ok_or_else(|| {
            let (found, frequency) = (period.frequency().text(), frequency.text());
            Refusal::new(columns.period, text, format!("is a {found} period, and the index is said to be {frequency}"))
        })?;
        Ok((frequency, day))
    }

    /// By identifier and day.
    pub fn finish(self) -> Result<Vec<(Series, Vec<Observation>)>, Error> {
        for (series, values) in self.series.values() {
            check_spacing(series, values.keys().copied(), self.asked.is_some())?;
        }
        let observations = |values: BTreeMap<Date, Decimal>| {
            values.into_iter().map(|(day, value)| Observation { day, value }).collect()
        };
        Ok(self.series.into_values().map(|(series, values)| (series, observations(values))).collect())
    }
}

/// So few values may be far apart by chance.
const FEW: usize = 3;

/// Refuses an index whose days cannot be of the frequency that the file gives it. `asked`: a person has said it, who may
/// know of gaps.
fn check_spacing(series: &Series, days: impl Iterator<Item = Date>, asked: bool) -> Result<(), Error> {
    let days: Vec<Date> = days.collect();
    let gaps = days.windows(2).map(|pair| (crate::energy::price::days_between(pair[0], pair[1]), pair[0], pair[1]));
    let Some((least, from, to)) = gaps.min() else { return Ok(()) };
    let (id, count, text) = (&series.id, days.len(), series.frequency.text());
    // Two weekly values move apart or together by a holiday, not by half a week.
    if series.frequency == Frequency::Weekly && least < 4 {
        return Err(Error::Refused(format!(
            "{id}: is said to be weekly, and has values of {from} and {to}, {least} days apart; say how often it is \
             published with --frequency, or correct the days"
        )));
    }
    let most = match series.frequency {
        Frequency::Daily => 5,
        Frequency::Weekly => 14,
        Frequency::Monthly => 80,
        Frequency::Quarterly => 300,
        Frequency::Yearly => return Ok(()),
    };
    if asked || count < FEW || least < most {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "{id}: would be {text}, and no two of its {count} values are nearer than {least} days ({from} and {to}); say how \
         often it is published: in a column `frequency` of our own layout, or with --frequency daily, weekly, monthly, \
         quarterly or yearly"
    )))
}
